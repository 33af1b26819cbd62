//! [`Slice`]: what stands between the brackets of `x[a:b:c]`.

use std::any::Any;
use std::rc::Rc;

use super::method::any;
use crate::python::value::{Flow, Foreign, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// `slice(lower, upper, step)`
#[derive(Debug)]
pub(in crate::python) struct Slice {
    pub(in crate::python) lower: Value,
    pub(in crate::python) upper: Value,
    pub(in crate::python) step: Value,
}

impl Foreign for Slice {
    fn type_name(&self) -> Rc<str> {
        "slice".into()
    }

    any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, name: &str, _: Span) -> Flow<Option<Value>> {
        Ok(match name {
            "start" => Some(self.lower.clone()),
            "stop" => Some(self.upper.clone()),
            "step" => Some(self.step.clone()),
            _ => None,
        })
    }
}
