//! [`Row`]: one row of a result, as scripts hold it.

use std::cell::RefCell;
use std::rc::Rc;

use super::method::Method;
use crate::alembic::object;
use crate::python::{Dict, Flow, Foreign, Operator, Value, Vm};
use crate::source::Span;

/// One row of a result.
#[derive(Debug)]
pub(super) struct Row {
    /// The names of its columns.
    pub labels: Rc<[Rc<str>]>,
    /// Its values.
    pub values: Rc<[Value]>,
}

impl Row {
    /// The value under a name.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let at = self.labels.iter().position(|label| &**label == name)?;
        self.values.get(at)
    }

    /// The row as a dict.
    pub(super) fn dict(&self) -> Value {
        let entries = self.labels.iter().cloned().map(Value::Str).zip(self.values.iter().cloned()).collect();
        Value::Dict(Rc::new(RefCell::new(Dict { entries })))
    }

    fn tuple(&self) -> Value {
        Value::Tuple(Rc::clone(&self.values))
    }
}

/// The columns and values of a row.
pub(super) fn mapping_of(value: &Value) -> Option<Vec<(Rc<str>, Value)>> {
    let row = value.downcast::<Row>()?;
    Some(row.labels.iter().cloned().zip(row.values.iter().cloned()).collect())
}

impl Foreign for Row {
    object!("Row");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if let Some(value) = self.get(name) {
            return Ok(Some(value.clone()));
        }
        Ok(Some(match name {
            "_mapping" => self.dict(),
            "_fields" => Value::tuple(self.labels.iter().cloned().map(Value::Str).collect()),
            "t" | "tuple" | "_t" => match name {
                "tuple" => Method::value(&self, |row, _, _, _| Ok(row.tuple())),
                _ => self.tuple(),
            },
            "_tuple" => Method::value(&self, |row, _, _, _| Ok(row.tuple())),
            "_asdict" => Method::value(&self, |row, _, _, _| Ok(row.dict())),
            "keys" => Method::value(&self, |row, _, _, _| {
                Ok(Value::list(row.labels.iter().cloned().map(Value::Str).collect()))
            }),
            "values" => Method::value(&self, |row, _, _, _| Ok(Value::list(row.values.to_vec()))),
            "items" | "get" => {
                let dict = self.dict();
                vm.attr(&dict, name, span)?
            }
            "index" | "count" => {
                let tuple = self.tuple();
                vm.attr(&tuple, name, span)?
            }
            _ if name.starts_with("__") => return Ok(None),
            _ => {
                return Err(vm.raise(
                    "AttributeError",
                    &format!("Could not locate column in row for column '{name}'"),
                    span,
                ));
            }
        }))
    }

    fn index(self: Rc<Self>, vm: &mut Vm<'_>, key: &Value, span: Span) -> Flow<Value> {
        match key {
            Value::Int(at) => {
                let length = i64::try_from(self.values.len()).unwrap_or(i64::MAX);
                let at = if *at < 0 { at.saturating_add(length) } else { *at };
                let value = usize::try_from(at).ok().and_then(|at| self.values.get(at).cloned());
                value.ok_or_else(|| vm.raise("IndexError", "tuple index out of range", span))
            }
            Value::Unknown(unknown) => Ok(Value::Unknown(unknown.clone())),
            other => {
                let name = super::change::key_of(other);
                if let Some(value) = name.as_ref().and_then(|name| self.get(name)) {
                    return Ok(value.clone());
                }
                let message = format!("Could not locate column in row for column '{}'", name.unwrap_or_default());
                Err(vm.raise("sqlalchemy.exc.NoSuchColumnError", &message, span))
            }
        }
    }

    fn iterate(self: Rc<Self>, _vm: &mut Vm<'_>, _span: Span) -> Flow<Option<Vec<Value>>> {
        Ok(Some(self.values.to_vec()))
    }

    fn binary(
        self: Rc<Self>,
        vm: &mut Vm<'_>,
        operator: Operator,
        other: &Value,
        _reflected: bool,
        span: Span,
    ) -> Flow<Option<Value>> {
        let other = match other.downcast::<Self>() {
            Some(row) => row.tuple(),
            None => other.clone(),
        };
        let tuple = self.tuple();
        let negated = match operator {
            Operator::Eq => false,
            Operator::NotEq => true,
            _ => return Ok(None),
        };
        Ok(Some(match vm.equal(&tuple, &other, span) {
            Some(equal) => Value::Bool(equal != negated),
            None => vm.unknown("a value of the row is not known", span),
        }))
    }

    fn len(&self) -> Option<usize> {
        Some(self.values.len())
    }

    fn truth(&self) -> Option<bool> {
        Some(!self.values.is_empty())
    }
}
