//! Types as GlueSQL stores them: [`Kind`], and values on their way there and back.

use std::sync::Arc;

use gluesql_core::ast::DataType;
use gluesql_core::data::Value;

use crate::engine::value::{date, date_text, moment, moment_text, time, time_text};
use crate::op::Datum;
use crate::schema::{Dialect, SqlType};

/// What a type's values are to GlueSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) enum Kind {
    /// A truth value.
    Bool,
    /// A 64-bit integer.
    Int,
    /// A decimal number.
    Decimal,
    /// A double-precision number.
    Float,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A moment.
    Timestamp,
    /// A UUID.
    Uuid,
    /// Something that is only carried along and asked whether it is NULL.
    Opaque,
}

impl Kind {
    /// Whether it is a number.
    pub(super) const fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Decimal | Self::Float)
    }
}

/// The kind of a type.
pub(in crate::engine) fn kind(ty: &SqlType, dialect: Dialect) -> Kind {
    // Values of SQLite carry their type with them.
    if dialect == Dialect::Sqlite {
        return Kind::Opaque;
    }
    match ty {
        SqlType::Boolean if dialect == Dialect::PostgreSql => Kind::Bool,
        SqlType::Boolean
        | SqlType::TinyInt
        | SqlType::SmallInt
        | SqlType::MediumInt
        | SqlType::Integer
        | SqlType::BigInt
        | SqlType::Unsigned(_)
        | SqlType::Year => Kind::Int,
        SqlType::Numeric(..) | SqlType::Decimal(..) => Kind::Decimal,
        SqlType::Float(_) | SqlType::Real | SqlType::Double => Kind::Float,
        SqlType::Char(_)
        | SqlType::VarChar(_)
        | SqlType::NChar(_)
        | SqlType::NVarChar(_)
        | SqlType::Text(_)
        | SqlType::Enum(_)
        | SqlType::InlineEnum(_) => Kind::Text,
        SqlType::Binary(_) | SqlType::VarBinary(_) | SqlType::Blob(_) | SqlType::Bytea => Kind::Bytes,
        SqlType::Date => Kind::Date,
        SqlType::Time { tz: false, .. } => Kind::Time,
        SqlType::Timestamp { .. } | SqlType::DateTime(_) => Kind::Timestamp,
        SqlType::Uuid => Kind::Uuid,
        _ => Kind::Opaque,
    }
}

/// The type that a value shows by itself.
pub(super) fn type_of(datum: &Datum) -> Option<SqlType> {
    Some(match datum {
        Datum::Null | Datum::Unknown(_) | Datum::Text(_) | Datum::List(_) => return None,
        Datum::Bool(_) => SqlType::Boolean,
        Datum::Int(i) if i32::try_from(*i).is_ok() => SqlType::Integer,
        Datum::Int(_) => SqlType::BigInt,
        Datum::Float(_) => SqlType::Double,
        Datum::Decimal(_) => SqlType::Numeric(None, None),
        Datum::Bytes(_) => SqlType::Bytea,
        Datum::Date(_) => SqlType::Date,
        Datum::Time(_) => SqlType::Time { precision: None, tz: false },
        Datum::Timestamp(t) => SqlType::Timestamp { precision: None, tz: t.ends_with("+00:00") },
        Datum::Interval(_) => SqlType::Interval { fields: None, precision: None },
        Datum::Uuid(_) => SqlType::Uuid,
        Datum::Json(_) => SqlType::Jsonb,
    })
}

/// A value as GlueSQL's; `Err` says why it can't be one.
pub(super) fn to_value(datum: &Datum, kind: Kind) -> Result<Value, Arc<str>> {
    #[expect(clippy::cast_precision_loss, reason = "integers that meet floating-point numbers become such")]
    Ok(match (kind, datum) {
        (_, Datum::Null) => Value::Null,
        (_, Datum::Unknown(why)) => return Err(why.clone()),
        (Kind::Bool, Datum::Bool(b)) => Value::Bool(*b),
        (Kind::Bool, Datum::Int(i)) => Value::Bool(*i != 0),
        (Kind::Int, Datum::Int(i)) => Value::I64(*i),
        (Kind::Int, Datum::Bool(b)) => Value::I64(i64::from(*b)),
        (Kind::Float, Datum::Float(f)) => Value::F64(*f),
        (Kind::Float, Datum::Int(i)) => Value::F64(*i as f64),
        (Kind::Float, Datum::Decimal(d)) => Value::F64(d.parse().map_err(|_| mixed())?),
        (Kind::Decimal, Datum::Int(i)) => Value::I64(*i).cast(&DataType::Decimal).map_err(|_| mixed())?,
        (Kind::Decimal, Datum::Decimal(d)) => {
            if d.len() > 28 {
                return Err(Arc::from("numbers of more than 28 digits are not simulated"));
            }
            Value::Str(d.as_ref().to_owned()).cast(&DataType::Decimal).map_err(|_| mixed())?
        }
        (Kind::Text, Datum::Text(t)) => Value::Str(t.as_ref().to_owned()),
        (Kind::Bytes, Datum::Bytes(b)) => Value::Bytea(b.to_vec()),
        (Kind::Date, Datum::Date(t)) => Value::Date(date(t).ok_or_else(mixed)?),
        (Kind::Time, Datum::Time(t)) => Value::Time(time(t).ok_or_else(mixed)?),
        (Kind::Timestamp, Datum::Timestamp(t)) => {
            let bare = t.strip_suffix("+00:00").unwrap_or(t);
            Value::Timestamp(moment(bare).ok_or_else(mixed)?)
        }
        (Kind::Uuid, Datum::Uuid(t)) => {
            Value::Uuid(u128::from_str_radix(&t.replace('-', ""), 16).map_err(|_| mixed())?)
        }
        (Kind::Opaque, datum) => opaque(datum),
        _ => return Err(mixed()),
    })
}

fn mixed() -> Arc<str> {
    Arc::from("it reads a column that holds a value of another type")
}

/// A value that is only carried along.
fn opaque(datum: &Datum) -> Value {
    match datum {
        Datum::Int(i) => Value::I64(*i),
        Datum::Float(f) => Value::F64(*f),
        Datum::Bool(b) => Value::Bool(*b),
        Datum::Bytes(b) => Value::Bytea(b.to_vec()),
        Datum::List(items) => Value::List(items.iter().map(opaque).collect()),
        Datum::Null | Datum::Unknown(_) => Value::Null,
        _ => Value::Str(crate::engine::value::text(datum).into_owned()),
    }
}

/// A value of GlueSQL's as one of ours.
pub(in crate::engine) fn from_value(value: Value, ty: Option<&SqlType>, dialect: Dialect) -> Datum {
    match value {
        Value::Null => Datum::Null,
        Value::Bool(b) if dialect == Dialect::PostgreSql => Datum::Bool(b),
        Value::Bool(b) => Datum::Int(i64::from(b)),
        Value::I64(i) => Datum::Int(i),
        Value::F64(f) => Datum::Float(f),
        Value::Decimal(d) => Datum::Decimal(d.to_string().into()),
        Value::Str(t) => match ty {
            Some(SqlType::Json | SqlType::Jsonb) if dialect != Dialect::Sqlite => Datum::Json(t.into()),
            Some(SqlType::Interval { .. }) if dialect != Dialect::Sqlite => Datum::Interval(t.into()),
            // Members of arrays are carried along as text.
            Some(SqlType::Uuid) if dialect == Dialect::PostgreSql => Datum::Uuid(t.into()),
            Some(SqlType::Date) if dialect == Dialect::PostgreSql => Datum::Date(t.into()),
            Some(SqlType::Numeric(..)) if dialect == Dialect::PostgreSql => Datum::Decimal(t.into()),
            Some(SqlType::Timestamp { tz, .. }) if dialect == Dialect::PostgreSql => {
                Datum::Timestamp(if *tz { format!("{t}:00").into() } else { t.into() })
            }
            _ => Datum::Text(t.into()),
        },
        Value::Bytea(b) => Datum::Bytes(b.into()),
        Value::Date(d) => Datum::Date(date_text(d).into()),
        Value::Time(t) => Datum::Time(time_text(t).into()),
        Value::Timestamp(t) => {
            let zone = if matches!(ty, Some(SqlType::Timestamp { tz: true, .. })) { "+00:00" } else { "" };
            Datum::Timestamp((moment_text(t) + zone).into())
        }
        Value::Uuid(u) => {
            let hex = format!("{u:032x}");
            let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
            let parts = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)];
            Datum::Uuid(parts.join("-").into())
        }
        Value::List(items) => {
            let item = match ty {
                Some(SqlType::Array(item)) => Some(item.as_ref()),
                _ => None,
            };
            Datum::List(items.into_iter().map(|v| from_value(v, item, dialect)).collect())
        }
        other => Datum::Text(String::from(&other).into()),
    }
}
