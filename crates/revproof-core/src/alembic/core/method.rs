//! Methods and functions as values.

use std::rc::Rc;

pub(super) use crate::alembic::objects::{Function, Method};
use crate::python::{Args, Flow, Value, Vm};
use crate::source::Span;

/// The body of a method of a `T`.
pub(super) type Body<T> = fn(&Rc<T>, &mut Vm<'_>, Args, Span) -> Flow<Value>;
