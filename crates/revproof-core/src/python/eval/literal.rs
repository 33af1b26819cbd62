//! String literals.

use crate::python::partial::TextBuilder;
use crate::python::value::Value;
use crate::python::vm::Vm;
use crate::source::Span;

/// What `\N{BULLET}` is where the names of characters are left out (`shims/unicode_names2`). It is no character, so
/// texts hold it nowhere else.
const UNNAMED: char = '\u{10FFFF}';

/// Whether a text holds such a character. Most texts are plain, which is seen at a glance.
fn is_unnamed(text: &str) -> bool {
    !text.is_ascii() && text.contains(UNNAMED)
}

impl Vm<'_> {
    /// The value of a string literal.
    pub(super) fn string_literal(&self, text: &str, span: impl FnOnce() -> Span) -> Value {
        if is_unnamed(text) { self.unnamed(span()) } else { Value::str(text) }
    }

    /// Appends what stands between the braces of an f-string.
    pub(super) fn push_literal(&mut self, literal: &str, text: &mut TextBuilder, span: Span) {
        if is_unnamed(literal) {
            let unknown = self.unnamed(span);
            text.push_value(self, &unknown, span);
        } else {
            text.push_str(literal);
        }
    }

    fn unnamed(&self, span: Span) -> Value {
        self.unknown("a character is given by its name, and the browser does not know the names of characters", span)
    }
}
