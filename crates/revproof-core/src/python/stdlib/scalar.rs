//! [`Scalar`]: dates, times, UUIDs and decimals, as values that a database has a counterpart for.

use std::any::Any;
use std::rc::Rc;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use super::{datetime, decimal, uuid};
use crate::python::object::method::any;
use crate::python::value::{Flow, Foreign, Operator, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// A value of the standard library that databases store.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// `datetime.date`
    Date(NaiveDate),
    /// `datetime.time`, with the seconds of its offset from UTC where it has a zone.
    Time(NaiveTime, Option<i32>),
    /// `datetime.datetime`, likewise.
    DateTime(NaiveDateTime, Option<i32>),
    /// `datetime.timedelta`
    Delta(TimeDelta),
    /// `datetime.timezone`: the seconds of its offset from UTC.
    Zone(i32),
    /// `uuid.UUID`
    Uuid(u128),
    /// `decimal.Decimal`
    Decimal(Decimal),
}

/// A decimal number: `digits * 10 ** -scale`.
#[derive(Debug, Clone, Copy)]
pub struct Decimal {
    /// All digits, with their sign.
    pub digits: i128,
    /// How many of them stand after the point.
    pub scale: u32,
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        decimal::aligned(*self, *other).is_some_and(|(a, b, _)| a == b)
    }
}

impl Scalar {
    /// The Python value.
    pub fn value(self) -> Value {
        Value::object(ScalarObject(self))
    }

    /// The scalar behind a Python value.
    pub fn of(value: &Value) -> Option<Self> {
        value.downcast::<ScalarObject>().map(|object| object.0.clone())
    }

    /// The scalar that a database stores for a Python value. Of a moment that only the clock knows it is one that
    /// stands for any.
    pub fn stored(value: &Value) -> Option<Self> {
        let arbitrary = || value.downcast::<super::arbitrary::ArbitraryMoment>().map(|moment| moment.0.clone());
        Self::of(value).or_else(arbitrary)
    }

    /// `str(self)`: `2024-01-31 23:59:59.500000+00:00`.
    pub fn text(&self) -> String {
        match self {
            Self::Date(date) => date.format("%Y-%m-%d").to_string(),
            Self::Time(time, offset) => time_text(*time, *offset),
            Self::DateTime(at, offset) => {
                format!("{} {}", at.date().format("%Y-%m-%d"), time_text(at.time(), *offset))
            }
            Self::Delta(delta) => datetime::delta_text(*delta),
            Self::Zone(0) => "UTC".to_owned(),
            Self::Zone(offset) => format!("UTC{}", offset_text(*offset)),
            Self::Uuid(uuid) => uuid::text(*uuid),
            Self::Decimal(number) => decimal::text(*number),
        }
    }

    pub(super) fn class(&self) -> &'static str {
        match self {
            Self::Date(_) => "date",
            Self::Time(..) => "time",
            Self::DateTime(..) => "datetime",
            Self::Delta(_) => "timedelta",
            Self::Zone(_) => "timezone",
            Self::Uuid(_) => "UUID",
            Self::Decimal(_) => "Decimal",
        }
    }
}

fn time_text(time: NaiveTime, offset: Option<i32>) -> String {
    let fraction = if time.nanosecond() / 1000 == 0 { "" } else { "%.6f" };
    let text = time.format(&format!("%H:%M:%S{fraction}")).to_string();
    match offset {
        Some(offset) => text + &offset_text(offset),
        None => text,
    }
}

/// `+01:00`
pub(super) fn offset_text(offset: i32) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.unsigned_abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// A [`Scalar`] as an object.
#[derive(Debug)]
pub(super) struct ScalarObject(pub(super) Scalar);

/// The class of scalars: `datetime.date`, `uuid.UUID`, …
#[derive(Debug)]
pub(super) struct ScalarClass(pub(super) &'static str);

impl ScalarClass {
    /// Whether `other` is this class or derives from it.
    pub(super) fn takes(&self, class: &str) -> bool {
        self.0 == class || (self.0, class) == ("date", "datetime")
    }
}

impl Foreign for ScalarObject {
    fn type_name(&self) -> Rc<str> {
        self.0.class().into()
    }

    any!();

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if name == "__class__" {
            return Ok(Some(Value::object(ScalarClass(self.0.class()))));
        }
        Ok(match &self.0 {
            Scalar::Uuid(uuid) => uuid::attribute(*uuid, name),
            Scalar::Decimal(number) => decimal::attribute(*number, name),
            _ => datetime::attribute(vm, &self.0, name, span),
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
        match &self.0 {
            Scalar::Decimal(number) => decimal::binary(vm, *number, operator, other, reflected, span),
            Scalar::Uuid(uuid) => Ok(match Scalar::of(other) {
                Some(Scalar::Uuid(other)) => super::scalar::ordered(operator, &uuid, &&other),
                _ => None,
            }),
            _ => datetime::binary(vm, &self.0, operator, other, reflected, span),
        }
    }

    fn unary(self: Rc<Self>, _: &mut Vm<'_>, sign: char, _: Span) -> Flow<Option<Value>> {
        Ok(match (&self.0, sign) {
            (Scalar::Decimal(number), '-') => {
                number.digits.checked_neg().map(|digits| Scalar::Decimal(Decimal { digits, ..*number }).value())
            }
            (Scalar::Delta(delta), '-') => Some(Scalar::Delta(-*delta).value()),
            (Scalar::Decimal(_) | Scalar::Delta(_), '+') => Some(Value::Object(self)),
            _ => None,
        })
    }

    fn truth(&self) -> Option<bool> {
        Some(match &self.0 {
            Scalar::Decimal(number) => number.digits != 0,
            Scalar::Delta(delta) => !delta.is_zero(),
            _ => true,
        })
    }

    fn is_instance(&self, class: &Value) -> Option<bool> {
        Some(class.downcast::<ScalarClass>().is_some_and(|class| class.takes(self.0.class())))
    }

    fn text(&self) -> Option<Rc<str>> {
        Some(self.0.text().into())
    }

    fn repr(&self) -> Option<Rc<str>> {
        Some(match &self.0 {
            Scalar::Uuid(uuid) => format!("UUID('{}')", uuid::text(*uuid)).into(),
            Scalar::Decimal(number) => format!("Decimal('{}')", decimal::text(*number)).into(),
            other => datetime::repr(other).into(),
        })
    }
}

impl Foreign for ScalarClass {
    fn type_name(&self) -> Rc<str> {
        "type".into()
    }

    any!();

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(match (self.0, name) {
            (class, "__name__" | "__qualname__") => Some(Value::str(class)),
            ("UUID" | "Decimal", _) => None,
            (class, name) => datetime::class_attribute(vm, class, name, span),
        })
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: crate::python::Args, span: Span) -> Flow<Value> {
        if let Some(unknown) = crate::python::object::native::first_unknown(&args) {
            return Ok(Value::Unknown(vm.why(&unknown, span)));
        }
        match self.0 {
            "UUID" => uuid::construct(vm, &args, span),
            "Decimal" => decimal::construct(vm, &args, span),
            class => datetime::construct(vm, class, &args, span),
        }
    }

    fn binary(
        self: Rc<Self>,
        _: &mut Vm<'_>,
        operator: Operator,
        other: &Value,
        _: bool,
        _: Span,
    ) -> Flow<Option<Value>> {
        let same = other.downcast::<Self>().is_some_and(|other| other.0 == self.0);
        Ok(match operator {
            Operator::Eq => Some(Value::Bool(same)),
            Operator::NotEq => Some(Value::Bool(!same)),
            Operator::BitOr => Some(Value::Object(self)),
            _ => None,
        })
    }

    fn text(&self) -> Option<Rc<str>> {
        let module = match self.0 {
            "UUID" => "uuid",
            "Decimal" => "decimal",
            _ => "datetime",
        };
        Some(format!("<class '{module}.{}'>", self.0).into())
    }
}

/// The comparison of two values that have an order.
pub(super) fn ordered<T: PartialOrd>(operator: Operator, a: &T, b: &T) -> Option<Value> {
    Some(Value::Bool(match operator {
        Operator::Eq => a == b,
        Operator::NotEq => a != b,
        Operator::Lt => a < b,
        Operator::LtE => a <= b,
        Operator::Gt => a > b,
        Operator::GtE => a >= b,
        _ => return None,
    }))
}
