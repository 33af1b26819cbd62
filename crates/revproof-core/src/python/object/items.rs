//! [`Items`]: iterators, generators and the views of a dict. All are evaluated when they are made.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::method::any;
use super::native::Native;
use crate::python::join::is_rest;
use crate::python::value::{Args, Flow, Foreign, Operator, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// Items that are handed out one by one, or looked at.
#[derive(Debug)]
pub(in crate::python) struct Items {
    pub(in crate::python) kind: &'static str,
    pub(in crate::python) left: Rc<RefCell<Vec<Value>>>,
    /// Whether handing an item out takes it away.
    pub(in crate::python) once: bool,
}

/// Hands each item out once.
pub(in crate::python) fn iterator(kind: &'static str, items: Vec<Value>) -> Value {
    Value::object(Items { kind, left: Rc::new(RefCell::new(items)), once: true })
}

/// Can be looked at any number of times.
pub(in crate::python) fn view(kind: &'static str, items: Vec<Value>) -> Value {
    Value::object(Items { kind, left: Rc::new(RefCell::new(items)), once: false })
}

impl Items {
    /// The next item; `None` at the end.
    pub(in crate::python) fn next(&self, vm: &mut Vm<'_>, span: Span) -> Option<Value> {
        let first = self.left.borrow().first().cloned()?;
        if is_rest(&first) {
            return Some(Value::Unknown(vm.why(&first, span)));
        }
        vm.touch_list(&self.left);
        self.left.borrow_mut().remove(0);
        Some(first)
    }
}

impl Foreign for Items {
    fn type_name(&self) -> Rc<str> {
        self.kind.into()
    }

    any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, name: &str, _: Span) -> Flow<Option<Value>> {
        Ok(match name {
            "__next__" => Some(Value::object(super::method::BoundMethod {
                function: Native::lenient("__next__", crate::python::builtins::next),
                receiver: Value::Object(self),
            })),
            "__iter__" => Some(Native::lenient("__iter__", crate::python::builtins::iter)),
            "send" | "close" | "throw" => Some(Native::lenient("send", |_, _, _| Ok(Value::None))),
            _ => None,
        })
    }

    fn iterate(self: Rc<Self>, vm: &mut Vm<'_>, _: Span) -> Flow<Option<Vec<Value>>> {
        if !self.once {
            return Ok(Some(self.left.borrow().clone()));
        }
        vm.touch_list(&self.left);
        Ok(Some(std::mem::take(&mut *self.left.borrow_mut())))
    }

    fn binary(
        self: Rc<Self>,
        vm: &mut Vm<'_>,
        operator: Operator,
        other: &Value,
        reflected: bool,
        span: Span,
    ) -> Flow<Option<Value>> {
        if self.once || self.kind == "dict_values" {
            return Ok(None);
        }
        let mine = Value::set(self.left.borrow().clone());
        let others = match other {
            Value::Set(_) => other.clone(),
            Value::Object(_) if matches!(operator, Operator::Eq | Operator::NotEq) => match other.downcast::<Items>() {
                Some(items) => Value::set(items.left.borrow().clone()),
                None => return Ok(None),
            },
            Value::Unknown(_) | Value::None => return Ok(None),
            _ => {
                let items = vm.items_with_rest(other, span)?;
                vm.set_of(items, span)?
            }
        };
        let (left, right) = if reflected { (others, mine) } else { (mine, others) };
        match operator {
            Operator::BitAnd | Operator::BitOr | Operator::BitXor | Operator::Sub => {
                vm.binary(&left, operator, &right, span).map(Some)
            }
            Operator::Eq | Operator::NotEq | Operator::Lt | Operator::LtE | Operator::Gt | Operator::GtE => {
                vm.compare_values(&left, operator, &right, span).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn truth(&self) -> Option<bool> {
        if self.once {
            return Some(true);
        }
        let items = self.left.borrow();
        if items.iter().any(is_rest) { None } else { Some(!items.is_empty()) }
    }

    fn len(&self) -> Option<usize> {
        if self.once { None } else { Some(self.left.borrow().len()) }
    }
}

/// Calls a function with these arguments.
pub(in crate::python) fn call_with(
    vm: &mut Vm<'_>,
    function: &Value,
    positional: Vec<Value>,
    span: Span,
) -> Flow<Value> {
    vm.call(function, Args { positional, ..Args::default() }, span)
}
