//! Values as the driver reads them back from a database, and as SQL that loads them.

use std::fmt::Write as _;

use revproof_core::op::Datum;
use revproof_core::schema::Dialect;
use serde_json::{Value, json};

/// A value of revproof's as the driver reads it; `None` where revproof does not know it.
pub(crate) fn read_back(datum: &Datum, dialect: Dialect) -> Option<Value> {
    if *datum == Datum::Null {
        return Some(Value::Null);
    }
    if dialect == Dialect::PostgreSql {
        return text(datum).map(Value::from);
    }
    Some(match datum {
        Datum::Bool(truth) => json!(i64::from(*truth)),
        Datum::Int(number) => json!(number),
        Datum::Float(number) => json!(number),
        Datum::Bytes(bytes) => json!({ "bytes": hex(bytes) }),
        other => Value::from(text(other)?),
    })
}

/// A value as a literal; `None` where it is not known.
pub(crate) fn literal(datum: &Datum, dialect: Dialect) -> Option<String> {
    if *datum == Datum::Null {
        return Some("NULL".to_owned());
    }
    if dialect == Dialect::PostgreSql {
        // A literal in quotes takes the type of its column, whatever that is.
        return text(datum).map(|text| quoted(&text));
    }
    Some(match datum {
        Datum::Bool(truth) => i64::from(*truth).to_string(),
        Datum::Int(number) => number.to_string(),
        Datum::Float(number) => format!("{number:?}"),
        Datum::Bytes(bytes) => format!("X'{}'", hex(bytes)),
        other => quoted(&text(other)?),
    })
}

/// A name in quotes.
pub(crate) fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The text that PostgreSQL makes of a value.
fn text(datum: &Datum) -> Option<String> {
    Some(match datum {
        Datum::Null | Datum::Unknown(_) => return None,
        Datum::Bool(truth) => truth.to_string(),
        Datum::Int(number) => number.to_string(),
        Datum::Float(number) => number.to_string(),
        Datum::Bytes(bytes) => format!("\\x{}", hex(bytes)),
        Datum::Timestamp(moment) => match moment.strip_suffix("+00:00") {
            Some(moment) => format!("{moment}+00"),
            None => moment.to_string(),
        },
        Datum::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(item).collect();
            format!("{{{}}}", items?.join(","))
        }
        Datum::Decimal(text)
        | Datum::Text(text)
        | Datum::Date(text)
        | Datum::Time(text)
        | Datum::Interval(text)
        | Datum::Uuid(text)
        | Datum::Json(text) => text.to_string(),
    })
}

/// An item of an array.
fn item(datum: &Datum) -> Option<String> {
    if *datum == Datum::Null {
        return Some("NULL".to_owned());
    }
    let text = text(datum)?;
    let special = |c: char| c.is_whitespace() || matches!(c, '"' | '\\' | '{' | '}' | ',');
    let plain = !text.is_empty() && !text.contains(special) && !text.eq_ignore_ascii_case("null");
    let is_list = matches!(datum, Datum::List(_));
    Some(if plain || is_list { text } else { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(datum: &Datum, postgresql: Value, sqlite: &Value) {
        assert_eq!(read_back(datum, Dialect::PostgreSql), Some(postgresql));
        assert_eq!(read_back(datum, Dialect::Sqlite).as_ref(), Some(sqlite));
    }

    #[test]
    fn values_are_read_back_as_each_database_gives_them() {
        check(&Datum::Bool(true), json!("true"), &json!(1));
        check(&Datum::Float(2.0), json!("2"), &json!(2.0));
        check(&Datum::Bytes([1, 255].into()), json!("\\x01ff"), &json!({ "bytes": "01ff" }));
        let list = Datum::List(vec![Datum::Text("a b".into()), Datum::Null, Datum::Int(3)]);
        check(&list, json!("{\"a b\",NULL,3}"), &json!("{\"a b\",NULL,3}"));
        assert_eq!(read_back(&Datum::Unknown("why".into()), Dialect::Sqlite), None);
    }

    #[test]
    fn literals_are_quoted() {
        assert_eq!(literal(&Datum::Text("it's".into()), Dialect::PostgreSql).as_deref(), Some("'it''s'"));
        assert_eq!(literal(&Datum::Float(2.0), Dialect::Sqlite).as_deref(), Some("2.0"));
        assert_eq!(name("a\"b"), "\"a\"\"b\"");
    }
}
