//! Values as SQLAlchemy's literal processors write them, which is not always how a driver would send them.

use std::sync::Arc;

use super::adapt::enum_label;
use super::ty::{Family, Ty};
use crate::alembic::lower::quote_literal;
use crate::python::{Scalar, Value};
use crate::schema::Dialect;

/// Why a value has no literal.
pub(super) enum NoLiteral {
    /// It can't be known.
    Unknown(Arc<str>),
    /// SQLAlchemy raises a `CompileError` that says so.
    Refused(String),
}

/// The literal of a value of that type.
pub(super) fn literal(value: &Value, ty: &Ty, dialect: Dialect) -> Result<String, NoLiteral> {
    let family = ty.family();
    let quoted = |text: &str| quote_literal(text, dialect);
    let refused = |text: &str, name: &str| {
        let message =
            format!("No literal value renderer is available for literal value \"{text}\" with datatype {name}");
        NoLiteral::Refused(message)
    };
    match value {
        Value::None => return Ok("NULL".to_owned()),
        Value::Unknown(unknown) => return Err(NoLiteral::Unknown(unknown.why.clone())),
        _ => {}
    }
    if ty.is_null() {
        return Err(refused(&plain(value), "NULL"));
    }
    if family == Family::Json {
        return Err(refused(&plain(value), "JSON"));
    }
    if let Some(label) = enum_label(value, ty) {
        return Ok(quoted(&label));
    }
    if let Some(scalar) = Scalar::of(value) {
        return moment(&scalar, family, dialect);
    }
    if Scalar::stored(value).is_some() {
        return Err(NoLiteral::Unknown("its value depends on when the script is run".into()));
    }
    let mismatch = || NoLiteral::Refused(format!("Could not render literal value \"{}\"", plain(value)));
    Ok(match value {
        Value::Bool(truth) if family == Family::Boolean => match (dialect, truth) {
            (Dialect::Sqlite, truth) => i32::from(*truth).to_string(),
            (_, truth) => truth.to_string(),
        },
        Value::Int(number @ (0 | 1)) if family == Family::Boolean => {
            return literal(&Value::Bool(*number == 1), ty, dialect);
        }
        Value::Bool(truth) => i32::from(*truth).to_string(),
        Value::Int(number) if family == Family::Text || family == Family::Enum => {
            let _ = number;
            return Err(mismatch());
        }
        Value::Int(number) => number.to_string(),
        Value::Float(number) if family == Family::Integer => format!("{}", number.trunc()),
        Value::Float(number) => format!("{number:?}"),
        Value::Str(_) if matches!(family, Family::Date | Family::Time | Family::DateTime) => return Err(mismatch()),
        Value::Str(text) if matches!(family, Family::Numeric | Family::Float) => text.to_string(),
        Value::Str(text) if family == Family::Integer => match text.trim().parse::<i64>() {
            Ok(number) => number.to_string(),
            Err(_) => return Err(mismatch()),
        },
        Value::Str(text) => quoted(text),
        Value::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => quoted(text),
            Err(_) => return Err(mismatch()),
        },
        Value::List(items) if family == Family::Array => {
            let items = items.borrow();
            let inner = ty.item();
            let items: Result<Vec<String>, NoLiteral> =
                items.iter().map(|item| literal(item, &inner, dialect)).collect();
            format!("ARRAY[{}]", items?.join(", "))
        }
        Value::Object(_) => match super::plain_text(value) {
            Some(text) => quoted(&text),
            None => return Err(NoLiteral::Unknown(format!("{value:?} has no literal form").into())),
        },
        _ => return Err(refused(&plain(value), "NULL")),
    })
}

fn moment(scalar: &Scalar, family: Family, dialect: Dialect) -> Result<String, NoLiteral> {
    let text = match (scalar, dialect) {
        (Scalar::Date(date), Dialect::Sqlite) if family == Family::DateTime => {
            return Err(NoLiteral::Refused(format!("Could not render literal value \"{date}\"")));
        }
        (Scalar::DateTime(at, _), _) if family == Family::Date => at.date().format("%Y-%m-%d").to_string(),
        (Scalar::DateTime(at, _), Dialect::Sqlite) => at.format("%Y-%m-%d %H:%M:%S%.6f").to_string(),
        (Scalar::Time(at, _), Dialect::Sqlite) => at.format("%H:%M:%S%.6f").to_string(),
        (Scalar::Uuid(_), Dialect::Sqlite | Dialect::MySql) => scalar.text().replace('-', ""),
        (Scalar::Decimal(_), _) => return Ok(scalar.text()),
        (Scalar::Delta(delta), Dialect::PostgreSql) => {
            let fraction = format!("{:06}", delta.subsec_nanos().unsigned_abs() / 1000);
            let fraction = fraction.trim_end_matches('0');
            let fraction = if fraction.is_empty() { "0" } else { fraction };
            return Ok(format!("make_interval(secs=>{}.{fraction})", delta.num_seconds()));
        }
        (Scalar::Delta(_) | Scalar::Zone(_), _) => {
            return Err(NoLiteral::Unknown("an interval has no literal form here".into()));
        }
        _ => scalar.text(),
    };
    Ok(quote_literal(&text, dialect))
}

fn plain(value: &Value) -> String {
    match value {
        Value::Str(text) => text.to_string(),
        other => format!("{other:?}"),
    }
}
