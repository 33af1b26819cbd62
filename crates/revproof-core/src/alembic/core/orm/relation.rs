//! [`Relation`]: `relationship(…)`, and what it holds of an object; rows behind it are never loaded.

use std::cell::RefCell;
use std::rc::Rc;

use crate::alembic::object;
use crate::python::{Args, Flow, Foreign, Value, Vm};
use crate::source::Span;

/// A relationship: declared, or of an object.
#[derive(Debug)]
pub(super) struct Relation {
    /// The name of the attribute, where it is one of an object.
    pub owner: RefCell<Option<Rc<str>>>,
}

impl Relation {
    fn why(&self) -> String {
        match &*self.owner.borrow() {
            Some(name) => format!("the relationship `{name}` is not loaded"),
            None => "relationships are not modelled".to_owned(),
        }
    }
}

impl Foreign for Relation {
    object!("Relationship");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if matches!(name, "append" | "extend" | "remove" | "clear" | "add" | "insert" | "pop" | "update") {
            return Ok(Some(Value::object(Changing { why: self.why() })));
        }
        if name.starts_with("__") {
            return Ok(None);
        }
        Ok(Some(vm.unknown(self.why(), span)))
    }

    fn index(self: Rc<Self>, vm: &mut Vm<'_>, _key: &Value, span: Span) -> Flow<Value> {
        Ok(vm.unknown(self.why(), span))
    }

    fn iterate(self: Rc<Self>, _vm: &mut Vm<'_>, _span: Span) -> Flow<Option<Vec<Value>>> {
        Ok(None)
    }

    fn truth(&self) -> Option<bool> {
        None
    }
}

/// A method that changes what a relationship holds, and rows with it.
#[derive(Debug)]
struct Changing {
    why: String,
}

impl Foreign for Changing {
    object!("method");

    fn attr(self: Rc<Self>, _vm: &mut Vm<'_>, _name: &str, _span: Span) -> Flow<Option<Value>> {
        Ok(None)
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, _args: Args, span: Span) -> Flow<Value> {
        vm.host.not_evaluated(self.why.as_str().into(), span);
        Ok(vm.unknown(self.why.as_str(), span))
    }
}
