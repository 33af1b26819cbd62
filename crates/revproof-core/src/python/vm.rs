//! [`Vm`]: the abstract evaluator.

use std::rc::Rc;
use std::sync::Arc;

use super::value::{Args, Flow, Raised, Unknown, Value};
use crate::op::{Failure, Host};
use crate::source::Span;

/// A library that scripts import and that is known by heart instead of being read: Alembic, SQLAlchemy.
pub trait Library {
    /// The module of that dotted name; `None` where the library has none, so that the project's files and then the
    /// third-party packages are thought of.
    fn module(&self, vm: &mut Vm<'_>, name: &str) -> Option<Value>;
}

/// The abstract evaluator: walks parsed modules, asks the host where the script asks the database.
pub struct Vm<'h> {
    /// The simulated database.
    pub host: &'h mut dyn Host,
}

impl Vm<'_> {
    /// A value that can't be known.
    pub fn unknown(&self, why: impl Into<Arc<str>>, span: Span) -> Value {
        Value::Unknown(Rc::new(Unknown { why: why.into(), span }))
    }

    /// A built-in exception on its way up. `class` is a built-in's name or `sqlalchemy.exc.X`, `alembic.util.X`.
    pub fn raise(&mut self, class: &str, message: &str, span: Span) -> Raised {
        let message: Rc<str> = message.into();
        Raised { exception: Value::Str(message.clone()), class: class.into(), message, span, failure: None }
    }

    /// The exception that SQLAlchemy raises for a refusal of the database.
    pub fn raise_failure(&mut self, failure: Failure, span: Span) -> Raised {
        let message = failure.message.clone();
        Raised { failure: Some(Box::new(failure)), ..self.raise("sqlalchemy.exc.ProgrammingError", &message, span) }
    }

    /// `callee(…)`.
    pub fn call(&mut self, callee: &Value, args: Args, span: Span) -> Flow<Value> {
        let _ = args;
        Ok(self.unknown(format!("{callee:?} is not known"), span))
    }

    /// `value.name`.
    pub fn attr(&mut self, value: &Value, name: &str, span: Span) -> Flow<Value> {
        Ok(self.unknown(format!("{value:?}.{name} is not known"), span))
    }

    /// The items of an iterable; `Ok(None)` where they can't be known.
    pub fn iterate(&mut self, value: &Value, span: Span) -> Flow<Option<Vec<Value>>> {
        let _ = (value, span);
        Ok(None)
    }

    /// `bool(value)`; `None` where it can't be known.
    pub fn truth(&mut self, value: &Value) -> Option<bool> {
        let _ = value;
        None
    }

    /// `str(value)`; `None` where it can't be known.
    pub fn text(&mut self, value: &Value) -> Option<Rc<str>> {
        value.as_str().map(Into::into)
    }

    /// `left == right`; `None` where it can't be known.
    pub fn equal(&mut self, left: &Value, right: &Value, span: Span) -> Option<bool> {
        let _ = (left, right, span);
        None
    }
}
