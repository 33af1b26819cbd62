//! The evaluator's own objects (dates, UUIDs, decimals, enum members) as values of the database, and back.

use std::cell::RefCell;
use std::rc::Rc;

use super::moment;
use super::ty::{Family, Ty};
use crate::alembic::types::Kind;
use crate::op::Datum;
use crate::python::{Dict, Scalar, Value, Vm, enum_member, enum_members};
use crate::schema::Dialect;
use crate::source::Span;

/// The label of an enum member that a column of that type gets: its name, unless the type was told to take values.
pub(super) fn enum_label(value: &Value, ty: &Ty) -> Option<Rc<str>> {
    let (name, value) = enum_member(value)?;
    let Kind::Enum(spec) = &ty.given()?.kind else { return None };
    let labels = spec.values.as_ref().ok()?;
    match value {
        Value::Str(value) if !labels.contains(&name) && labels.contains(&value) => Some(value),
        _ => Some(name),
    }
}

/// The member of the enum that a label stands for, where the type is made of one.
fn member(vm: &mut Vm<'_>, label: &str, ty: &Ty, span: Span) -> Option<Value> {
    let Kind::Enum(spec) = &ty.given()?.kind else { return None };
    let class = spec.class.clone()?;
    let by_name = spec.values.as_ref().is_ok_and(|labels| {
        enum_members(vm, &class).is_some_and(|members| members.iter().all(|(name, _)| labels.contains(name)))
    });
    let members = vm.iterate(&class, span).ok().flatten();
    let found = members.and_then(|members| {
        members.into_iter().find(|member| {
            enum_member(member).is_some_and(
                |(name, value)| {
                    if by_name { &*name == label } else { value.as_str() == Some(label) }
                },
            )
        })
    });
    Some(found.unwrap_or_else(|| vm.unknown(format!("`{label}` is no member of the enum"), span)))
}

/// The value of an object as the database gets it.
pub(super) fn object(value: &Value, family: Family, dialect: Dialect) -> Datum {
    if let Some(scalar) = Scalar::stored(value) {
        return moment::datum(&scalar, family, dialect);
    }
    if let Some((_, value)) = enum_member(value) {
        // A member of `class Status(str, Enum)` is text to the driver; any other is refused by it.
        return match value {
            Value::Str(text) => Datum::Text((*text).into()),
            Value::Int(number) => Datum::Int(number),
            other => Datum::Unknown(format!("{other:?} has no counterpart in SQL").into()),
        };
    }
    if let Some(text) = super::plain_text(value) {
        return Datum::Text((*text).into());
    }
    Datum::Unknown(format!("{value:?} has no counterpart in SQL").into())
}

/// The text of an object that is text in JSON, too; SQLAlchemy's own serializer refuses dates and UUIDs.
pub(super) fn json_text(value: &Value) -> Option<Rc<str>> {
    match enum_member(value) {
        Some((_, Value::Str(text))) => Some(text),
        _ => super::plain_text(value),
    }
}

/// Whether the object is a value, not something to be called.
pub(super) fn is_value(value: &Value) -> bool {
    super::plain_text(value).is_some() || enum_member(value).is_some() || Scalar::stored(value).is_some()
}

/// A value of the database as Python gets it from the dialect's driver, where a column of that type gives it.
pub(super) fn value(vm: &mut Vm<'_>, datum: &Datum, ty: &Ty, dialect: Dialect, span: Span) -> Value {
    let family = ty.family();
    let server = dialect == Dialect::PostgreSql;
    if family == Family::Decorated && !matches!(datum, Datum::Null | Datum::Unknown(_)) {
        return vm.unknown("a type of the script's own may change values on their way", span);
    }
    match datum {
        Datum::Null => Value::None,
        Datum::Bool(truth) if server || family == Family::Boolean => Value::Bool(*truth),
        Datum::Bool(truth) => Value::Int(i64::from(*truth)),
        Datum::Int(number) if family == Family::Boolean => Value::Bool(*number != 0),
        Datum::Int(number) => Value::Int(*number),
        Datum::Float(number) => Value::Float(*number),
        Datum::Text(text) if family == Family::Json && !server => parse(vm, text, span),
        // SQLite keeps these as text; a column that says so gives the object.
        Datum::Text(text) if !server && matches!(family, Family::Uuid | Family::DateTime | Family::Date) => {
            let scalar = match family {
                Family::Uuid => moment::uuid(text),
                Family::Date => moment::date(text).map(Scalar::Date),
                _ => moment::timestamp(text),
            };
            scalar.map_or_else(|| vm.unknown("a value of the database can't be read", span), Scalar::value)
        }
        Datum::Text(text) if family == Family::Enum => member(vm, text, ty, span).unwrap_or_else(|| Value::str(text)),
        Datum::Bytes(bytes) => Value::Bytes((**bytes).into()),
        Datum::Json(text) if server || family == Family::Json => parse(vm, text, span),
        Datum::Text(text) | Datum::Json(text) => Value::str(text),
        Datum::List(items) => Value::list(items.iter().map(|item| value(vm, item, &Ty::Null, dialect, span)).collect()),
        Datum::Unknown(why) => vm.unknown(why.clone(), span),
        Datum::Decimal(_)
        | Datum::Date(_)
        | Datum::Time(_)
        | Datum::Timestamp(_)
        | Datum::Interval(_)
        | Datum::Uuid(_) => moment::value(vm, datum, family, dialect, span),
    }
}

/// JSON text as `json.loads` reads it.
pub(super) fn parse(vm: &Vm<'_>, text: &str, span: Span) -> Value {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(json) => loaded(vm, &json, span),
        Err(_) => vm.unknown("the JSON text can't be read", span),
    }
}

fn loaded(vm: &Vm<'_>, json: &serde_json::Value, span: Span) -> Value {
    match json {
        serde_json::Value::Null => Value::None,
        serde_json::Value::Bool(truth) => Value::Bool(*truth),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Value::Int(number),
            (None, Some(number)) if number.fract() != 0.0 || number.abs() < 1e15 => Value::Float(number),
            _ => vm.unknown("the number is too large", span),
        },
        serde_json::Value::String(text) => Value::str(text),
        serde_json::Value::Array(items) => Value::list(items.iter().map(|item| loaded(vm, item, span)).collect()),
        serde_json::Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| (Value::str(key), loaded(vm, value, span))).collect();
            Value::Dict(Rc::new(RefCell::new(Dict { entries })))
        }
    }
}
