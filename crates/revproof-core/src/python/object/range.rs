//! [`Range`]: `range(…)`.

use std::any::Any;
use std::rc::Rc;

use super::method::any;
use crate::python::eval::slice_indices;
use crate::python::object::slice::Slice;
use crate::python::value::{Flow, Foreign, Operator, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// `range(start, stop, step)`; the step is not zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::python) struct Range {
    pub(in crate::python) start: i64,
    pub(in crate::python) stop: i64,
    pub(in crate::python) step: i64,
}

impl Range {
    pub(in crate::python) fn len(&self) -> u64 {
        let (distance, step) = if self.step > 0 {
            (i128::from(self.stop) - i128::from(self.start), i128::from(self.step))
        } else {
            (i128::from(self.start) - i128::from(self.stop), -i128::from(self.step))
        };
        if distance <= 0 {
            return 0;
        }
        u64::try_from((distance + step - 1) / step.max(1)).unwrap_or(u64::MAX)
    }

    pub(in crate::python) fn at(&self, at: u64) -> i64 {
        let value = i128::from(self.start) + i128::from(at) * i128::from(self.step);
        i64::try_from(value).unwrap_or(self.stop)
    }
}

impl Foreign for Range {
    fn type_name(&self) -> Rc<str> {
        "range".into()
    }

    any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, name: &str, _: Span) -> Flow<Option<Value>> {
        Ok(match name {
            "start" => Some(Value::Int(self.start)),
            "stop" => Some(Value::Int(self.stop)),
            "step" => Some(Value::Int(self.step)),
            _ => None,
        })
    }

    fn index(self: Rc<Self>, vm: &mut Vm<'_>, key: &Value, span: Span) -> Flow<Value> {
        let length = self.len();
        if let Some(slice) = key.downcast::<Slice>() {
            vm.charge(length, || span)?;
            let places = slice_indices(&slice, usize::try_from(length).unwrap_or(0)).unwrap_or_default();
            return Ok(Value::list(places.into_iter().map(|at| Value::Int(self.at(at as u64))).collect()));
        }
        let Value::Int(at) = key else {
            return Ok(vm.unknown("the index into a range is not known", span));
        };
        let at = if *at < 0 { at.checked_add_unsigned(length) } else { Some(*at) };
        match at.and_then(|at| u64::try_from(at).ok()).filter(|at| *at < length) {
            Some(at) => Ok(Value::Int(self.at(at))),
            None => Err(vm.raise("IndexError", "range object index out of range", span)),
        }
    }

    fn iterate(self: Rc<Self>, vm: &mut Vm<'_>, span: Span) -> Flow<Option<Vec<Value>>> {
        let length = self.len();
        vm.charge(length, || span)?;
        Ok(Some((0..length).map(|at| Value::Int(self.at(at))).collect()))
    }

    fn contains(self: Rc<Self>, _: &mut Vm<'_>, item: &Value, _: Span) -> Flow<Option<Value>> {
        let Value::Int(item) = item else { return Ok(None) };
        let (low, high) = if self.step > 0 {
            (self.start, self.stop)
        } else {
            (self.stop.saturating_add(1), self.start.saturating_add(1))
        };
        let distance = i128::from(*item) - i128::from(self.start);
        Ok(Some(Value::Bool(*item >= low && *item < high && distance % i128::from(self.step) == 0)))
    }

    fn binary(
        self: Rc<Self>,
        _: &mut Vm<'_>,
        operator: Operator,
        other: &Value,
        _: bool,
        _: Span,
    ) -> Flow<Option<Value>> {
        Ok(match (operator, other.downcast::<Range>()) {
            (Operator::Eq, Some(other)) => Some(Value::Bool(*self == *other)),
            (Operator::NotEq, Some(other)) => Some(Value::Bool(*self != *other)),
            _ => None,
        })
    }

    fn truth(&self) -> Option<bool> {
        Some(self.len() > 0)
    }

    fn len(&self) -> Option<usize> {
        usize::try_from(Range::len(self)).ok()
    }

    fn text(&self) -> Option<Rc<str>> {
        Some(if self.step == 1 {
            format!("range({}, {})", self.start, self.stop).into()
        } else {
            format!("range({}, {}, {})", self.start, self.stop, self.step).into()
        })
    }
}
