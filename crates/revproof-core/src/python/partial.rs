//! [`PartialText`]: a text of which only some pieces are known, and [`TextBuilder`], which makes such texts.

use std::rc::Rc;

use super::stdlib::scalar::Scalar;
use super::value::{Reach, Unknown, Value};
use super::vm::Vm;
use crate::source::Span;

/// A text of which only some pieces are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartialText {
    /// The pieces, in order.
    pub pieces: Vec<TextPiece>,
}

impl PartialText {
    /// One text that stands for all that it may be, where any of them does for a value that is only stored.
    pub fn sample(&self) -> Option<String> {
        let pieces = self.pieces.iter().map(|piece| match piece {
            TextPiece::Known(text) | TextPiece::Any(text) => Some(&**text),
            TextPiece::Hole(_) => None,
        });
        pieces.collect()
    }
}

/// A piece of a [`PartialText`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextPiece {
    /// Text that is known.
    Known(Rc<str>),
    /// Text that is not, and why.
    Hole(Rc<Unknown>),
    /// Text that is not, but any like this one does where it is no more than stored.
    Any(Rc<str>),
}

/// A text that is put together from values, some of which may not be known.
#[derive(Debug, Default)]
pub(super) struct TextBuilder {
    pieces: Vec<TextPiece>,
    tail: String,
    length: usize,
}

impl TextBuilder {
    /// Appends known text.
    pub(super) fn push_str(&mut self, text: &str) {
        self.length = self.length.saturating_add(text.len());
        self.tail.push_str(text);
    }

    /// Appends a character.
    pub(super) fn push(&mut self, c: char) {
        self.length = self.length.saturating_add(c.len_utf8());
        self.tail.push(c);
    }

    /// Appends a string, or a hole for a value that is none.
    pub(super) fn push_value(&mut self, vm: &mut Vm<'_>, value: &Value, span: Span) {
        match value {
            Value::Str(text) => self.push_str(text),
            Value::Unknown(unknown) => match &unknown.partial {
                Some(partial) => self.push_pieces(partial),
                None => self.push_hole(vm.why(value, span)),
            },
            other => match Scalar::stored(other) {
                Some(scalar) => self.push_any(scalar.text().into()),
                None => {
                    let why = vm.why(other, span);
                    self.push_hole(why);
                }
            },
        }
    }

    /// The length of what is known.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// The text: a string where all of it is known.
    pub(super) fn finish(mut self, span: Span) -> Value {
        if self.pieces.is_empty() {
            return Value::Str(self.tail.into());
        }
        self.close();
        let hole = self.pieces.iter().find_map(|piece| match piece {
            TextPiece::Hole(hole) => Some(Rc::clone(hole)),
            TextPiece::Known(_) | TextPiece::Any(_) => None,
        });
        let pieces = self.pieces;
        match hole {
            Some(hole) => Value::Unknown(Rc::new(Unknown {
                why: hole.why.clone(),
                span: hole.span,
                reach: Reach::Data,
                rest: false,
                partial: Some(Rc::new(PartialText { pieces })),
            })),
            None => Value::Unknown(Rc::new(Unknown {
                why: "the clock is read".into(),
                span,
                reach: Reach::Data,
                rest: false,
                partial: Some(Rc::new(PartialText { pieces })),
            })),
        }
    }

    fn push_pieces(&mut self, partial: &PartialText) {
        for piece in &partial.pieces {
            match piece {
                TextPiece::Known(text) => self.push_str(text),
                TextPiece::Hole(hole) => self.push_hole(Rc::clone(hole)),
                TextPiece::Any(sample) => self.push_any(Rc::clone(sample)),
            }
        }
    }

    fn push_any(&mut self, sample: Rc<str>) {
        self.close();
        self.pieces.push(TextPiece::Any(sample));
    }

    fn push_hole(&mut self, hole: Rc<Unknown>) {
        self.close();
        self.pieces.push(TextPiece::Hole(hole));
    }

    fn close(&mut self) {
        if !self.tail.is_empty() {
            let text = std::mem::take(&mut self.tail);
            self.pieces.push(TextPiece::Known(text.into()));
        }
    }
}
