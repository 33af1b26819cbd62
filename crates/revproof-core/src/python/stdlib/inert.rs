//! What talks to people and changes nothing: `logging`, `warnings`, `traceback`, `pprint`.

use std::any::Any;
use std::rc::Rc;

use super::function;
use crate::python::object::method::any;
use crate::python::value::{Args, Flow, Foreign, Operator, Raised, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// An object that takes everything and does nothing.
#[derive(Debug)]
struct Inert {
    name: Rc<str>,
}

/// An object that takes everything and does nothing.
pub(super) fn inert(name: &str) -> Value {
    Value::object(Inert { name: name.into() })
}

pub(super) fn logging(_: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    Some(match name {
        "DEBUG" => Value::Int(10),
        "INFO" => Value::Int(20),
        "WARNING" | "WARN" => Value::Int(30),
        "ERROR" => Value::Int(40),
        "CRITICAL" | "FATAL" => Value::Int(50),
        "NOTSET" => Value::Int(0),
        _ => inert(name),
    })
}

pub(super) fn talk(_: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    match name {
        "format_exc" | "format_exception" | "pformat" => {
            function("format", |vm, _, span| Ok(vm.unknown("a text for people is made", span)))
        }
        _ => Some(inert(name)),
    }
}

impl Foreign for Inert {
    fn type_name(&self) -> Rc<str> {
        Rc::clone(&self.name)
    }

    any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, name: &str, _: Span) -> Flow<Option<Value>> {
        Ok(Some(inert(name)))
    }

    fn set_attr(&self, _: &mut Vm<'_>, _: &str, _: Value, _: Span) -> Flow<()> {
        Ok(())
    }

    fn call(self: Rc<Self>, _: &mut Vm<'_>, _: Args, _: Span) -> Flow<Value> {
        Ok(Value::Object(self))
    }

    fn index(self: Rc<Self>, _: &mut Vm<'_>, _: &Value, _: Span) -> Flow<Value> {
        Ok(Value::Object(self))
    }

    fn set_index(&self, _: &mut Vm<'_>, _: &Value, _: Value, _: Span) -> Flow<()> {
        Ok(())
    }

    fn iterate(self: Rc<Self>, _: &mut Vm<'_>, _: Span) -> Flow<Option<Vec<Value>>> {
        Ok(None)
    }

    fn binary(
        self: Rc<Self>,
        vm: &mut Vm<'_>,
        operator: Operator,
        _: &Value,
        _: bool,
        span: Span,
    ) -> Flow<Option<Value>> {
        Ok(match operator {
            Operator::BitOr => Some(Value::Object(self)),
            _ => Some(vm.unknown("what a logger says is asked", span)),
        })
    }

    fn truth(&self) -> Option<bool> {
        None
    }

    fn enter(self: Rc<Self>, _: &mut Vm<'_>, _: Span) -> Flow<Value> {
        Ok(Value::Object(self))
    }

    fn exit(self: Rc<Self>, _: &mut Vm<'_>, _: Option<&Raised>, _: Span) -> Flow<bool> {
        Ok(false)
    }

    fn is_instance(&self, _: &Value) -> Option<bool> {
        None
    }
}
