//! [`ArbitraryMoment`]: what the clock says. As a value for the database any moment is as good as another, so there is
//! one; what a script would decide by it, it can't.

use std::any::Any;
use std::rc::Rc;

use chrono::NaiveDate;

use super::scalar::{Scalar, ScalarClass};
use crate::python::object::method::any;
use crate::python::value::{Args, Flow, Foreign, Operator, Reach, Unknown, Value};
use crate::python::vm::Vm;
use crate::python::{PartialText, TextPiece};
use crate::source::Span;

const WHY: &str = "the clock is read";

/// `datetime.now()`, `date.today()`, and what is made of them.
#[derive(Debug)]
pub(super) struct ArbitraryMoment(pub(super) Scalar);

/// A method of an [`ArbitraryMoment`].
#[derive(Debug)]
struct ArbitraryMethod(Value);

/// `datetime.now()`, or with `zoned` one in UTC; `date.today()` where the class is `date`.
pub(super) fn now(class: &str, zoned: bool) -> Value {
    let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
    Value::object(ArbitraryMoment(match class {
        "date" => Scalar::Date(day),
        _ => Scalar::DateTime(day.and_time(chrono::NaiveTime::default()), zoned.then_some(0)),
    }))
}

/// What is made of an arbitrary moment is arbitrary, too.
fn made(value: Value, span: Span) -> Value {
    if let Some(scalar) = Scalar::of(&value) {
        return match scalar {
            Scalar::Date(_) | Scalar::Time(..) | Scalar::DateTime(..) => Value::object(ArbitraryMoment(scalar)),
            _ => unknown(None, span),
        };
    }
    match value {
        Value::Str(text) => unknown(Some(text), span),
        value @ Value::Unknown(_) => value,
        _ => unknown(None, span),
    }
}

/// Not known; as a text, one like `sample`.
pub(in crate::python) fn unknown(sample: Option<Rc<str>>, span: Span) -> Value {
    let partial = sample.map(|sample| Rc::new(PartialText { pieces: vec![TextPiece::Any(sample)] }));
    Value::Unknown(Rc::new(Unknown { why: WHY.into(), span, reach: Reach::Data, rest: false, partial }))
}

impl Foreign for ArbitraryMoment {
    fn type_name(&self) -> Rc<str> {
        self.0.class().into()
    }

    any!();

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        let Value::Object(inner) = self.0.clone().value() else { return Ok(None) };
        Ok(match inner.attr(vm, name, span)? {
            None => None,
            Some(class) if name == "__class__" => Some(class),
            Some(method @ Value::Object(_)) if Scalar::of(&method).is_none() => {
                Some(Value::object(ArbitraryMethod(method)))
            }
            Some(_) => Some(unknown(None, span)),
        })
    }

    fn binary(
        self: Rc<Self>,
        vm: &mut Vm<'_>,
        operator: Operator,
        other: &Value,
        reflected: bool,
        span: Span,
    ) -> Flow<Option<Value>> {
        if !matches!(operator, Operator::Add | Operator::Sub) {
            return Ok(Some(unknown(None, span)));
        }
        if other.downcast::<Self>().is_some() {
            return Ok(Some(unknown(None, span)));
        }
        let Value::Object(inner) = self.0.clone().value() else { return Ok(None) };
        let value = inner.binary(vm, operator, other, reflected, span)?;
        Ok(value.map(|value| made(value, span)))
    }

    fn is_instance(&self, class: &Value) -> Option<bool> {
        Some(class.downcast::<ScalarClass>().is_some_and(|class| class.takes(self.0.class())))
    }

    fn text(&self) -> Option<Rc<str>> {
        None
    }
}

impl Foreign for ArbitraryMethod {
    fn type_name(&self) -> Rc<str> {
        "builtin_function_or_method".into()
    }

    any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, _: &str, _: Span) -> Flow<Option<Value>> {
        Ok(None)
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        let value = vm.call(&self.0, args, span)?;
        Ok(made(value, span))
    }
}
