//! [`Method`] and [`Function`]: what an attribute or a module name gives when it is there to be called.

use std::fmt;
use std::rc::Rc;

use crate::alembic::object;
use crate::python::{Args, Flow, Foreign, Value, Vm};
use crate::source::Span;

/// The body of a method of a `T`.
pub(super) type Body<T> = fn(&Rc<T>, &mut Vm<'_>, Args, Span) -> Flow<Value>;

/// The body of a function.
pub(super) type FunctionBody = fn(&mut Vm<'_>, Args, Span) -> Flow<Value>;

/// A method, bound to its object.
pub(super) struct Method<T> {
    of: Rc<T>,
    body: Body<T>,
}

impl<T: 'static> Method<T> {
    /// The method as a value.
    pub(super) fn value(of: &Rc<T>, body: Body<T>) -> Value {
        Value::object(Self { of: Rc::clone(of), body })
    }
}

impl<T> fmt::Debug for Method<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Method")
    }
}

impl<T: 'static> Foreign for Method<T> {
    object!("method");

    fn attr(self: Rc<Self>, _vm: &mut Vm<'_>, _name: &str, _span: Span) -> Flow<Option<Value>> {
        Ok(None)
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        (self.body)(&self.of, vm, args, span)
    }
}

/// A function of a module.
#[derive(Clone, Copy)]
pub(super) struct Function {
    body: FunctionBody,
}

impl Function {
    /// The function as a value.
    pub(super) fn value(body: FunctionBody) -> Value {
        Value::object(Self { body })
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Function")
    }
}

impl Foreign for Function {
    object!("function");

    fn attr(self: Rc<Self>, _vm: &mut Vm<'_>, _name: &str, _span: Span) -> Flow<Option<Value>> {
        Ok(None)
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        (self.body)(vm, args, span)
    }
}
