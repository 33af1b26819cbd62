//! Values and rows, as notes show them.

use crate::op::{Datum, Violation};

/// A value as a person would write it in SQL; long texts are cut.
pub(crate) fn value(datum: &Datum) -> String {
    match datum {
        Datum::Null => "NULL".to_owned(),
        Datum::Bool(value) => value.to_string(),
        Datum::Int(value) => value.to_string(),
        Datum::Float(value) => value.to_string(),
        Datum::Decimal(text) => text.to_string(),
        Datum::Text(text) | Datum::Json(text) => format!("'{}'", cut(text, 40)),
        Datum::Date(text) | Datum::Time(text) | Datum::Timestamp(text) | Datum::Interval(text) | Datum::Uuid(text) => {
            format!("'{text}'")
        }
        Datum::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Datum::List(items) => format!("[{}]", items.iter().take(3).map(value).collect::<Vec<_>>().join(", ")),
        Datum::Unknown(_) => "a value that is not known".to_owned(),
    }
}

/// A text of at most that many characters.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    let count = text.chars().count();
    if count <= limit {
        return text.to_owned();
    }
    format!("{}… ({count} characters)", text.chars().take(limit).collect::<String>())
}

/// Two of the rows at fault, a note each: two show a duplicate, and one is enough for anything else.
pub(crate) fn rows(violation: &Violation) -> impl Iterator<Item = String> {
    violation.sample.iter().take(2).enumerate().map(|(at, row)| {
        let values: Vec<String> = row.iter().map(|(column, datum)| format!("{column} = {}", value(datum))).collect();
        let values = values.join(", ");
        if at == 0 {
            format!("for example this row of `{}`: {values}", violation.table)
        } else {
            format!("and this: {values}")
        }
    })
}
