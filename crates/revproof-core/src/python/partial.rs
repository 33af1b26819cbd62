//! [`PartialText`]: a text of which only some pieces are known, and [`TextBuilder`], which makes such texts.

use std::rc::Rc;

use super::value::{Reach, Unknown, Value};
use super::vm::Vm;
use crate::source::Span;

/// A text of which only some pieces are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartialText {
    /// The pieces, in order.
    pub pieces: Vec<TextPiece>,
}

/// A piece of a [`PartialText`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextPiece {
    /// Text that is known.
    Known(Rc<str>),
    /// Text that is not, and why.
    Hole(Rc<Unknown>),
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
            other => {
                let why = vm.why(other, span);
                self.push_hole(why);
            }
        }
    }

    /// The length of what is known.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// The text: a string where all of it is known.
    pub(super) fn finish(mut self) -> Value {
        if self.pieces.is_empty() {
            return Value::Str(self.tail.into());
        }
        self.close();
        let hole = self.pieces.iter().find_map(|piece| match piece {
            TextPiece::Hole(hole) => Some(Rc::clone(hole)),
            TextPiece::Known(_) => None,
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
            None => Value::str(""),
        }
    }

    fn push_pieces(&mut self, partial: &PartialText) {
        for piece in &partial.pieces {
            match piece {
                TextPiece::Known(text) => self.push_str(text),
                TextPiece::Hole(hole) => self.push_hole(Rc::clone(hole)),
            }
        }
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
