//! f-strings.

use ruff_python_ast::{ConversionFlag, ExprFString, FStringPart, InterpolatedElement, InterpolatedStringElement};

use super::{Frame, Vm};
use crate::python::format;
use crate::python::partial::TextBuilder;
use crate::python::value::{Flow, Value};
use crate::source::Span;

impl Vm<'_> {
    pub(super) fn fstring(&mut self, frame: &Frame<'_>, string: &ExprFString, span: Span) -> Flow<Value> {
        let mut text = TextBuilder::default();
        for part in string.value.as_slice() {
            match part {
                FStringPart::Literal(literal) => self.push_literal(&literal.value, &mut text, span),
                FStringPart::FString(part) => {
                    self.elements(frame, &part.elements, &mut text, span)?;
                }
            }
        }
        self.charge(text.len() as u64 / 64, || span)?;
        Ok(text.finish(span))
    }

    /// Appends the elements.
    fn elements(
        &mut self,
        frame: &Frame<'_>,
        elements: &[InterpolatedStringElement],
        text: &mut TextBuilder,
        span: Span,
    ) -> Flow<()> {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => self.push_literal(&literal.value, text, span),
                InterpolatedStringElement::Interpolation(element) => {
                    if let Some(debug) = &element.debug_text {
                        text.push_str(debug.as_str());
                    }
                    let span = frame.span(&*element.expression);
                    let value = self.interpolation(frame, element)?;
                    text.push_value(self, &value, span);
                }
            }
        }
        Ok(())
    }

    fn interpolation(&mut self, frame: &Frame<'_>, element: &InterpolatedElement) -> Flow<Value> {
        let span = frame.span(&*element.expression);
        let value = self.expression(frame, &element.expression)?;
        let mut spec = TextBuilder::default();
        if let Some(format_spec) = &element.format_spec {
            self.deeper(1, || span, |vm| vm.elements(frame, &format_spec.elements, &mut spec, span))?;
        }
        let spec = match spec.finish(span) {
            Value::Str(spec) => spec,
            unknown => return Ok(Value::Unknown(self.why(&unknown, span))),
        };
        let conversion = match element.conversion {
            ConversionFlag::None if element.debug_text.is_some() && spec.is_empty() => Some('r'),
            ConversionFlag::None => None,
            ConversionFlag::Str => Some('s'),
            ConversionFlag::Ascii => Some('a'),
            ConversionFlag::Repr => Some('r'),
        };
        format::convert_and_format(self, &value, conversion, &spec, span)
    }
}
