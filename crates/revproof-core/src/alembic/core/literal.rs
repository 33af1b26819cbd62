//! Where the text of a string literal stands in the script.

use crate::source::Span;

/// The bytes inside the quotes of a literal, where its source is that text between one or three quotes on each side:
/// then no escape can be in it. Told from the lengths alone, so a text that needs an escape is given up on.
pub(super) fn inner(text: &str, literal: Span) -> Option<Span> {
    let length = u32::try_from(text.len()).ok()?;
    let whole = literal.end.checked_sub(literal.start)?;
    let quotes = match whole.checked_sub(length)? {
        2 => 1,
        // Four escapes in a plain literal are as long: only a text that shows why it is in three quotes is sure.
        6 if !text.contains(['\n', '\t', '\\', '"', '\'']) => 3,
        _ => return None,
    };
    let start = literal.start.checked_add(quotes)?;
    Some(Span { start, end: start.checked_add(length)?, ..literal })
}
