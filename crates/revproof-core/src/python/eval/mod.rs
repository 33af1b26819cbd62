//! The walk over the tree: expressions to values, statements to what they do.
//!
//! [`Frame`] is the function, class body or module that is being walked, [`Completion`] how a statement ended. Every
//! step is counted, and the depth is bounded.

mod arguments;
mod assign;
mod compare;
mod comprehension;
mod expression;
mod fstring;
mod handlers;
mod literal;
mod loops;
mod operator;
mod pattern;
mod statement;
mod subscript;
mod with;

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use ruff_python_ast::AtomicNodeIndex;
use ruff_text_size::Ranged;

use super::object::class::Class;
use super::parse::{FunctionCode, span};
use super::scope::Scope;
use super::value::{Flow, Value};
use super::vm::Vm;
use crate::source::{FileId, Span};

pub(super) use self::operator::{Number, floor_div, number};
pub(super) use self::subscript::slice_indices;

/// How deep evaluation may go. A level of expression counts one, a call four.
const MAX_DEPTH: u32 = 320;

/// How a statement ended.
#[derive(Debug)]
pub(super) enum Completion {
    Normal,
    Return(Value),
    Break,
    Continue,
}

/// What is done with what a function yields.
#[derive(Clone, Copy)]
pub(super) enum Yields<'c> {
    /// It is no generator.
    Nothing,
    /// It is collected.
    Collect(&'c RefCell<Vec<Value>>),
    /// Something is run there: the body of a `with`.
    Run(&'c OnYield<'c>),
}

/// What is run where a generator yields.
pub(super) type OnYield<'c> = dyn Fn(&mut Vm<'_>, Value) -> Flow<()> + 'c;

/// What is being walked.
pub(super) struct Frame<'c> {
    pub(super) scope: Rc<Scope>,
    /// The functions that stand directly in this code.
    pub(super) children: &'c [Arc<FunctionCode>],
    pub(super) file: FileId,
    /// What is done with what the function yields.
    pub(super) yields: Yields<'c>,
    /// The class in whose body the function stands, and its first argument: what `super()` needs.
    pub(super) owner: Option<(Weak<Class>, Value)>,
}

impl Frame<'_> {
    pub(super) fn span(&self, node: &impl Ranged) -> Span {
        span(self.file, node.range())
    }

    /// The code of a function or lambda of which `node` is left in the tree.
    pub(super) fn child(&self, node: &AtomicNodeIndex) -> Option<&Arc<FunctionCode>> {
        self.children.get(node.load().as_u32()? as usize)
    }

    /// The same code in another scope: a class body or a comprehension.
    pub(super) fn inside(&self, scope: Rc<Scope>) -> Frame<'_> {
        Frame { scope, children: self.children, file: self.file, yields: self.yields, owner: self.owner.clone() }
    }
}

impl Vm<'_> {
    /// Goes `levels` deeper for the time of `walk`.
    pub(super) fn deeper<T>(
        &mut self,
        levels: u32,
        span: impl FnOnce() -> Span,
        walk: impl FnOnce(&mut Self) -> Flow<T>,
    ) -> Flow<T> {
        if self.depth + levels > MAX_DEPTH {
            return Err(self.raise("RecursionError", "maximum recursion depth exceeded", span()));
        }
        self.depth += levels;
        let result = walk(self);
        self.depth -= levels;
        result
    }
}
