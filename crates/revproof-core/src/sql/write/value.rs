//! Values as literals.

use std::fmt::Write as _;

use super::literal;
use crate::op::Datum;
use crate::schema::Dialect;

/// A value as the dialect's literal.
pub fn write_value(value: &Datum, dialect: Dialect) -> String {
    match value {
        Datum::Null => "NULL".to_owned(),
        Datum::Bool(value) if dialect == Dialect::Sqlite => i32::from(*value).to_string(),
        Datum::Bool(value) => value.to_string(),
        Datum::Int(value) => value.to_string(),
        Datum::Float(value) => value.to_string(),
        Datum::Decimal(value) => value.to_string(),
        Datum::Text(value)
        | Datum::Date(value)
        | Datum::Time(value)
        | Datum::Timestamp(value)
        | Datum::Interval(value)
        | Datum::Uuid(value)
        | Datum::Json(value) => literal(value, dialect),
        Datum::Bytes(bytes) => {
            let mut literal = String::from(if dialect == Dialect::PostgreSql { "'\\x" } else { "X'" });
            for byte in bytes.iter() {
                let _ = write!(literal, "{byte:02x}");
            }
            literal.push('\'');
            literal
        }
        Datum::List(values) => {
            let values: Vec<String> = values.iter().map(|value| write_value(value, dialect)).collect();
            format!("ARRAY[{}]", values.join(", "))
        }
        Datum::Unknown(why) => format!("NULL /* {} */", why.replace("*/", "* /")),
    }
}
