//! The small objects that every part of the library is made of: modules, functions, classes, `op.f` names.

use std::rc::Rc;

use super::object;
use crate::python::{Args, Flow, Foreign, Operator, Value, Vm};
use crate::source::Span;

/// What a native function does.
pub(in crate::alembic) type Native = fn(&mut Vm<'_>, Args, Span) -> Flow<Value>;

/// A function of the library.
#[derive(Debug, Clone, Copy)]
pub(in crate::alembic) struct Function {
    /// What it does.
    pub run: Native,
}

impl Function {
    /// As a value.
    pub(in crate::alembic) fn value(run: Native) -> Value {
        Value::object(Self { run })
    }
}

impl Foreign for Function {
    object!("function");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        let _ = (vm, name, span);
        Ok(None)
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        (self.run)(vm, args, span)
    }
}

/// A method: a function bound to an object.
pub(in crate::alembic) struct Method<T> {
    /// The object.
    pub object: Rc<T>,
    /// What it does.
    pub run: fn(&Rc<T>, &mut Vm<'_>, Args, Span) -> Flow<Value>,
}

impl<T> std::fmt::Debug for Method<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("method")
    }
}

impl<T: 'static> Method<T> {
    /// As a value.
    pub(in crate::alembic) fn value(object: &Rc<T>, run: fn(&Rc<T>, &mut Vm<'_>, Args, Span) -> Flow<Value>) -> Value {
        Value::object(Self { object: object.clone(), run })
    }
}

impl<T: 'static> Foreign for Method<T> {
    object!("method");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        let _ = (vm, name, span);
        Ok(None)
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        (self.run)(&self.object, vm, args, span)
    }
}

/// A class of the library whose instances are made by a function: `Column`, `Index`.
#[derive(Debug, Clone, Copy)]
pub(in crate::alembic) struct Class {
    /// Its name, which `isinstance` goes by.
    pub name: &'static str,
    /// What calling it does.
    pub construct: Native,
}

impl Class {
    /// As a value.
    pub(in crate::alembic) fn value(name: &'static str, construct: Native) -> Value {
        Value::object(Self { name, construct })
    }

    /// Whether a value is the class of that name.
    pub(in crate::alembic) fn named(value: &Value, name: &str) -> bool {
        value.downcast::<Self>().is_some_and(|class| class.name == name)
    }
}

impl Foreign for Class {
    object!("type");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(match name {
            "__name__" | "__qualname__" => Some(Value::str(self.name)),
            "__module__" => Some(Value::str("sqlalchemy")),
            _ => Some(vm.unknown(format!("{}.{name} is not known", self.name), span)),
        })
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        (self.construct)(vm, args, span)
    }
}

/// A string with a meaning for names: `op.f("x")`, `quoted_name("x", True)`. It is a `str` in every other way.
#[derive(Debug)]
pub(in crate::alembic) struct Conventional {
    /// The text.
    pub text: Rc<str>,
    /// A `quoted_name`, to which naming conventions still apply.
    pub quoted_only: bool,
    /// `quote=False`: the server folds it.
    pub folded: bool,
}

impl Conventional {
    /// `op.f(text)`.
    pub(in crate::alembic) fn value(text: Rc<str>) -> Value {
        Value::object(Self { text, quoted_only: false, folded: false })
    }
}

impl Foreign for Conventional {
    object!("conv");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        vm.attr(&Value::Str(self.text.clone()), name, span).map(Some)
    }

    fn binary(
        self: Rc<Self>,
        vm: &mut Vm<'_>,
        operator: Operator,
        other: &Value,
        reflected: bool,
        span: Span,
    ) -> Flow<Option<Value>> {
        let Some(other) = super::known::text(vm, other) else { return Ok(None) };
        let (left, right) = if reflected { (&other, &self.text) } else { (&self.text, &other) };
        let _ = span;
        Ok(match operator {
            Operator::Add => Some(Value::Str(format!("{left}{right}").into())),
            Operator::Eq => Some(Value::Bool(left == right)),
            Operator::NotEq => Some(Value::Bool(left != right)),
            Operator::Lt => Some(Value::Bool(left < right)),
            Operator::LtE => Some(Value::Bool(left <= right)),
            Operator::Gt => Some(Value::Bool(left > right)),
            Operator::GtE => Some(Value::Bool(left >= right)),
            _ => None,
        })
    }

    fn truth(&self) -> Option<bool> {
        Some(!self.text.is_empty())
    }

    fn len(&self) -> Option<usize> {
        Some(self.text.chars().count())
    }

    fn text(&self) -> Option<Rc<str>> {
        Some(self.text.clone())
    }
}

/// An object that stands for something that has no bearing on the schema: any attribute and any call gives another
/// such object, and nothing that it does is told to the host.
#[derive(Debug)]
pub(in crate::alembic) struct Inert {
    /// What it is, for messages.
    pub what: Rc<str>,
}

impl Inert {
    /// As a value.
    pub(in crate::alembic) fn value(what: &str) -> Value {
        Value::object(Self { what: what.into() })
    }
}

impl Foreign for Inert {
    object!("object");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        let _ = (vm, span);
        Ok(Some(Self::value(&format!("{}.{name}", self.what))))
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        let _ = args;
        Ok(vm.unknown(format!("{} is not evaluated", self.what), span))
    }

    fn truth(&self) -> Option<bool> {
        None
    }

    fn is_instance(&self, class: &Value) -> Option<bool> {
        let _ = class;
        None
    }
}
