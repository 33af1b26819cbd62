//! MySQL in strict mode, which is its default.

use std::sync::Arc;

use super::moment::{self, Reading};
use super::{CastError, Mode};
use crate::engine::decimal::Decimal;
use crate::engine::value::{number, text};
use crate::op::Datum;
use crate::schema::{SqlType, TextSize};

/// The value, which is neither NULL nor unknown, as one of that type. `{column}` in a message stands for the column.
pub(super) fn cast(datum: &Datum, ty: &SqlType, mode: Mode) -> Result<Datum, CastError> {
    match ty {
        SqlType::Boolean | SqlType::TinyInt => integer(datum, -128, 127),
        SqlType::SmallInt => integer(datum, i64::from(i16::MIN), i64::from(i16::MAX)),
        SqlType::MediumInt => integer(datum, -8_388_608, 8_388_607),
        SqlType::Integer => integer(datum, i64::from(i32::MIN), i64::from(i32::MAX)),
        SqlType::BigInt => integer(datum, i64::MIN, i64::MAX),
        SqlType::Unsigned(inner) => match **inner {
            SqlType::TinyInt => integer(datum, 0, 255),
            SqlType::SmallInt => integer(datum, 0, 65_535),
            SqlType::MediumInt => integer(datum, 0, 16_777_215),
            SqlType::Integer => integer(datum, 0, i64::from(u32::MAX)),
            _ => integer(datum, 0, i64::MAX),
        },
        SqlType::Year => integer(datum, 0, 2155),
        SqlType::Numeric(precision, scale) | SqlType::Decimal(precision, scale) => {
            decimal(datum, precision.unwrap_or(10), scale.unwrap_or(0))
        }
        SqlType::Float(_) | SqlType::Real | SqlType::Double => match datum {
            Datum::Bool(b) => Ok(Datum::Float(f64::from(u8::from(*b)))),
            Datum::Text(t) => t.trim().parse().map(Datum::Float).map_err(|_| incorrect("DOUBLE", t)),
            _ => number(datum).map(Datum::Float).ok_or_else(|| incorrect("DOUBLE", &text(datum))),
        },
        SqlType::Char(n) | SqlType::NChar(n) => {
            let value = sized(datum, Some(n.unwrap_or(1) as usize), mode)?;
            Ok(Datum::Text(Arc::from(value.trim_end_matches(' '))))
        }
        SqlType::VarChar(n) | SqlType::NVarChar(n) => sized(datum, n.map(|n| n as usize), mode).map(Datum::Text),
        SqlType::Text(size) => {
            let limit = match size {
                TextSize::Tiny => Some(255),
                TextSize::Plain => Some(65_535),
                _ => None,
            };
            sized(datum, limit, mode).map(Datum::Text)
        }
        SqlType::Date | SqlType::DateTime(_) | SqlType::Timestamp { .. } => moment(datum, ty),
        SqlType::InlineEnum(values) => {
            let wanted = text(datum);
            let known = values.iter().find(|v| v.eq_ignore_ascii_case(&wanted));
            known
                .map(|v| Datum::Text(v.clone()))
                .ok_or_else(|| CastError::invalid("Data truncated for column '{column}' at row 1"))
        }
        SqlType::Json => match datum {
            Datum::Text(t) | Datum::Json(t) => match serde_json::from_str::<serde::de::IgnoredAny>(t) {
                Ok(_) => Ok(Datum::Json(t.clone())),
                Err(_) => Err(CastError::invalid("Invalid JSON text for column '{column}'")),
            },
            _ => Ok(datum.clone()),
        },
        _ => Ok(datum.clone()),
    }
}

fn incorrect(what: &str, value: &str) -> CastError {
    CastError::invalid(format!("Incorrect {what} value: '{value}' for column '{{column}}' at row 1"))
}

fn integer(datum: &Datum, min: i64, max: i64) -> Result<Datum, CastError> {
    let digits = match datum {
        Datum::Bool(b) => i64::from(*b).to_string(),
        Datum::Int(i) => i.to_string(),
        Datum::Float(f) => f.to_string(),
        Datum::Decimal(t) | Datum::Text(t) => t.trim().to_owned(),
        _ => return Err(CastError::unsupported("a number out of a value of this kind is not simulated")),
    };
    let Some(mut number) = Decimal::parse(&digits) else { return Err(incorrect("integer", &digits)) };
    number.round(0);
    let whole = number.to_string().parse::<i64>().ok().filter(|i| (min..=max).contains(i));
    whole.map(Datum::Int).ok_or_else(|| CastError::invalid("Out of range value for column '{column}' at row 1"))
}

fn decimal(datum: &Datum, precision: u32, scale: i32) -> Result<Datum, CastError> {
    let digits = match datum {
        Datum::Bool(b) => i64::from(*b).to_string(),
        Datum::Float(f) => f.to_string(),
        _ => text(datum).trim().to_owned(),
    };
    let Some(mut number) = Decimal::parse(&digits) else { return Err(incorrect("decimal", &digits)) };
    number.round(scale);
    if i64::try_from(number.whole_digits()).unwrap_or(i64::MAX) > i64::from(precision) - i64::from(scale) {
        return Err(CastError::invalid("Out of range value for column '{column}' at row 1"));
    }
    Ok(Datum::Decimal(number.to_string().into()))
}

fn sized(datum: &Datum, limit: Option<usize>, mode: Mode) -> Result<Arc<str>, CastError> {
    let value: Arc<str> = match datum {
        Datum::Text(t) => t.clone(),
        Datum::Bool(b) => Arc::from(if *b { "1" } else { "0" }),
        _ => Arc::from(text(datum)),
    };
    let Some(limit) = limit else { return Ok(value) };
    if value.chars().count() <= limit {
        return Ok(value);
    }
    let kept: String = value.chars().take(limit).collect();
    if mode == Mode::Explicit || value.get(kept.len()..).is_some_and(|rest| rest.bytes().all(|b| b == b' ')) {
        return Ok(kept.into());
    }
    Err(CastError::invalid("Data too long for column '{column}' at row 1"))
}

fn moment(datum: &Datum, ty: &SqlType) -> Result<Datum, CastError> {
    let (Datum::Text(source) | Datum::Timestamp(source) | Datum::Date(source)) = datum else {
        return Err(CastError::unsupported("a moment out of a value of this kind is not simulated"));
    };
    let (at, precision) = match (moment::timestamp(source), ty) {
        (Reading::Value((at, offset)), SqlType::DateTime(p)) => (moment::to_utc(at, offset), p.unwrap_or(0)),
        (Reading::Value((at, offset)), SqlType::Timestamp { precision: p, .. }) => {
            (moment::to_utc(at, offset), p.unwrap_or(0))
        }
        (Reading::Value((at, _)), _) => return Ok(Datum::Date(at.date().to_string().into())),
        (Reading::Nonsense | Reading::OutOfRange, SqlType::Date) => return Err(incorrect("date", source)),
        (Reading::Nonsense | Reading::OutOfRange, _) => return Err(incorrect("datetime", source)),
        (Reading::Beyond, _) => {
            return Err(CastError::unsupported(format!("the moment '{source}' is not written in ISO form")));
        }
    };
    Ok(Datum::Timestamp(moment::print(moment::round(at, Some(precision))).into()))
}
