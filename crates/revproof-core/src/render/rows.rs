//! What a query gave: rows as a table, or how many were written.

use std::fmt::Write;

use serde_json::{Value, json};

use super::plain::one_line;
use crate::op::{Answer, Datum, RowSet};

/// What a statement gave, for reading.
pub fn answer_text(answer: &Answer) -> String {
    match answer {
        Answer::Rows(rows) => table(rows),
        Answer::Done(effect) => match effect.rows {
            Some(1) => "1 row\n".to_owned(),
            Some(n) => format!("{n} rows\n"),
            None => "done\n".to_owned(),
        },
        Answer::Unknown(why) => format!("not known: {}\n", one_line(why)),
    }
}

/// What a statement gave, as the fields of a JSON object.
pub fn answer_json(statement: &str, answer: &Answer) -> Value {
    match answer {
        Answer::Rows(rows) => {
            let values: Vec<Vec<Value>> = rows.rows.iter().map(|row| row.iter().map(value).collect()).collect();
            json!({ "statement": statement, "columns": rows.columns, "rows": values })
        }
        Answer::Done(effect) => json!({ "statement": statement, "written": effect.rows, "unknown": effect.doubts }),
        Answer::Unknown(why) => json!({ "statement": statement, "unknown": [why] }),
    }
}

fn table(rows: &RowSet) -> String {
    let cells: Vec<Vec<String>> =
        rows.rows.iter().map(|row| row.iter().map(|datum| one_line(&text(datum))).collect()).collect();
    let heads: Vec<String> = rows.columns.iter().map(|label| one_line(label)).collect();
    let width = |at: usize| {
        let all = cells.iter().filter_map(|row| row.get(at)).chain(heads.get(at));
        all.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let mut out = String::new();
    let mut line = |cells: &[String]| {
        let padded: Vec<String> = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        _ = writeln!(out, "{}", padded.join("  ").trim_end());
    };
    line(&heads);
    line(&widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>());
    for row in &cells {
        line(row);
    }
    let n = cells.len();
    _ = writeln!(out, "({n} {})", if n == 1 { "row" } else { "rows" });
    out
}

/// A value for reading: `NULL` for none, `?` where it is not known.
pub fn datum_text(datum: &Datum) -> String {
    text(datum)
}

fn text(datum: &Datum) -> String {
    match datum {
        Datum::Null => "NULL".to_owned(),
        Datum::Bool(b) => b.to_string(),
        Datum::Int(i) => i.to_string(),
        Datum::Float(f) => f.to_string(),
        Datum::Bytes(bytes) => bytes.iter().fold("\\x".to_owned(), |mut hex, byte| {
            _ = write!(hex, "{byte:02x}");
            hex
        }),
        Datum::List(items) => format!("{{{}}}", items.iter().map(text).collect::<Vec<_>>().join(",")),
        Datum::Unknown(_) => "?".to_owned(),
        Datum::Decimal(t)
        | Datum::Text(t)
        | Datum::Date(t)
        | Datum::Time(t)
        | Datum::Timestamp(t)
        | Datum::Interval(t)
        | Datum::Uuid(t)
        | Datum::Json(t) => t.to_string(),
    }
}

fn value(datum: &Datum) -> Value {
    match datum {
        Datum::Null => Value::Null,
        Datum::Bool(b) => json!(b),
        Datum::Int(i) => json!(i),
        Datum::Float(f) => json!(f),
        Datum::List(items) => items.iter().map(value).collect(),
        Datum::Json(t) => serde_json::from_str(t).unwrap_or_else(|_| json!(t)),
        Datum::Unknown(why) => json!({ "unknown": why }),
        other => json!(text(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_under_their_labels() {
        let rows = RowSet {
            columns: vec!["id".into(), "name".into()],
            rows: vec![
                vec![Datum::Int(1), Datum::Text("a\tlong one".into())],
                vec![Datum::Int(10), Datum::Null],
                vec![Datum::Null, Datum::Unknown("it is random".into())],
            ],
        };
        let expected = "id    name\n----  ----------\n1     a long one\n10    NULL\nNULL  ?\n(3 rows)\n";
        assert_eq!(answer_text(&Answer::Rows(rows.clone())), expected);
        let json = answer_json("SELECT", &Answer::Rows(rows));
        let expected = json!([[1, "a\tlong one"], [10, null], [null, {"unknown": "it is random"}]]);
        assert_eq!(json["rows"], expected);
    }
}
