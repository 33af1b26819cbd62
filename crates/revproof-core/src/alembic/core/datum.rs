//! Python values as values of the database: [`datum`].

use std::sync::Arc;

use super::ty::{Family, Ty};
use crate::op::Datum;
use crate::python::Value;
use crate::schema::Dialect;

/// How deep containers are looked into.
const DEPTH: u32 = 32;

/// The value as the database gets it where a column of that type takes it.
pub(super) fn datum(value: &Value, ty: &Ty, dialect: Dialect) -> Datum {
    let family = ty.family();
    if family == Family::Json {
        return match super::dump::json(value) {
            Ok(text) => Datum::Json(text.into()),
            Err(why) => Datum::Unknown(why),
        };
    }
    if family == Family::Decorated && !matches!(value, Value::None | Value::Unknown(_)) {
        return Datum::Unknown("a type of the script's own may change values on their way".into());
    }
    if let Some(label) = super::adapt::enum_label(value, ty) {
        return Datum::Text((*label).into());
    }
    plain(value, family, dialect, 0)
}

fn plain(value: &Value, family: Family, dialect: Dialect, depth: u32) -> Datum {
    match value {
        Value::None => Datum::Null,
        Value::Bool(truth) => match family {
            Family::Integer | Family::Float | Family::Numeric => Datum::Int(i64::from(*truth)),
            _ => Datum::Bool(*truth),
        },
        Value::Int(number) => match family {
            Family::Boolean if matches!(number, 0 | 1) => Datum::Bool(*number == 1),
            _ => Datum::Int(*number),
        },
        Value::Float(number) => Datum::Float(*number),
        Value::Str(text) => Datum::Text((**text).into()),
        Value::Bytes(bytes) => Datum::Bytes((**bytes).into()),
        Value::List(items) => list(&items.borrow(), family, dialect, depth),
        Value::Tuple(items) => list(items, family, dialect, depth),
        Value::Set(_) => Datum::Unknown("a set has no counterpart in SQL".into()),
        Value::Dict(_) => match super::dump::json(value) {
            // psycopg2 can't adapt a dict to a column that is no JSON.
            Ok(text) => Datum::Json(text.into()),
            Err(why) => Datum::Unknown(why),
        },
        Value::Unknown(unknown) => match unknown.partial.as_ref().and_then(|partial| partial.sample()) {
            Some(text) => Datum::Text(text.into()),
            None => Datum::Unknown(Arc::clone(&unknown.why)),
        },
        Value::Object(_) => super::adapt::object(value, family, dialect),
    }
}

fn list(items: &[Value], family: Family, dialect: Dialect, depth: u32) -> Datum {
    if depth >= DEPTH {
        return Datum::Unknown("a list is nested too deeply".into());
    }
    let inner = if family == Family::Array { Family::Other } else { family };
    Datum::List(items.iter().map(|item| plain(item, inner, dialect, depth + 1)).collect())
}
