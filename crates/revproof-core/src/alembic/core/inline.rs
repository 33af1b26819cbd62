//! Values as literals in SQL.

use std::fmt::Write;

use crate::op::Datum;
use crate::schema::Dialect;

/// The literal; `None` of what is not known.
pub(super) fn literal(datum: &Datum, dialect: Dialect) -> Option<String> {
    Some(match datum {
        Datum::Null => "NULL".into(),
        Datum::Bool(truth) => match (dialect, truth) {
            (Dialect::Sqlite, true) => "1".into(),
            (Dialect::Sqlite, false) => "0".into(),
            (_, truth) => truth.to_string(),
        },
        Datum::Int(number) => number.to_string(),
        Datum::Float(number) => float(*number),
        Datum::Decimal(digits) => digits.to_string(),
        Datum::Text(text)
        | Datum::Date(text)
        | Datum::Time(text)
        | Datum::Timestamp(text)
        | Datum::Interval(text)
        | Datum::Uuid(text)
        | Datum::Json(text) => quoted(text, dialect),
        Datum::Bytes(bytes) => {
            let mut hex = String::with_capacity(bytes.len().saturating_mul(2));
            for byte in bytes.iter() {
                let _ = write!(hex, "{byte:02x}");
            }
            match dialect {
                Dialect::PostgreSql => format!("'\\x{hex}'"),
                _ => format!("X'{hex}'"),
            }
        }
        Datum::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(|item| literal(item, dialect)).collect();
            format!("ARRAY[{}]", items?.join(", "))
        }
        Datum::Unknown(_) => return None,
    })
}

/// The number as Python prints it.
fn float(number: f64) -> String {
    format!("{number:?}")
}

fn quoted(text: &str, dialect: Dialect) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for c in text.chars() {
        if c == '\'' || (c == '\\' && dialect == Dialect::MySql) {
            quoted.push(c);
        }
        quoted.push(c);
    }
    quoted.push('\'');
    quoted
}
