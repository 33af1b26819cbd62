//! What did not come back, in sentences.

use std::collections::BTreeMap;

use crate::engine::{LostValue, RowChange};
use crate::op::Datum;
use crate::replay::Restores;

/// A sentence for each difference: the schema's, then the rows', table by table and column by column.
pub(super) fn sentences(restores: &Restores) -> Vec<String> {
    let schema = restores.schema_differences.iter().map(|d| d.sentence.clone());
    let rows = restores.row_differences.tables.iter().flat_map(of_table);
    schema.chain(rows).collect()
}

fn of_table(change: &RowChange) -> Vec<String> {
    let table = change.table.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string);
    let mut sentences = Vec::new();
    if change.lost_rows > 0 {
        sentences.push(format!("{} of {table} {} lost", count(change.lost_rows, "row"), are(change.lost_rows)));
    }
    if change.new_rows > 0 {
        let were = if change.new_rows == 1 { "was" } else { "were" };
        sentences.push(format!("{} of {table} {were} not there before", count(change.new_rows, "row")));
    }
    let mut columns: BTreeMap<&str, Vec<&LostValue>> = BTreeMap::new();
    for value in &change.values {
        columns.entry(&value.column).or_default().push(value);
    }
    sentences.extend(columns.into_iter().map(|(column, values)| of_column(&table, column, &values)));
    sentences
}

fn of_column(table: &str, column: &str, values: &[&LostValue]) -> String {
    let gone = values.iter().all(|v| matches!(v.after, None | Some(Datum::Null)));
    let word = if gone { "lost" } else { "changed" };
    let n = values.len();
    let example = values.iter().find(|v| v.before != Datum::Null).or(values.first());
    let example = example.map_or_else(String::new, |v| match &v.after {
        Some(after) => format!(": {} came back as {}", shown(&v.before), shown(after)),
        None => format!(": {} is gone", shown(&v.before)),
    });
    format!("{} of {table}.{column} {} {word}{example}", count(n, "value"), are(n))
}

fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

fn are(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

/// A value as a person would write it in SQL, cut where it is long.
fn shown(datum: &Datum) -> String {
    let text = match datum {
        Datum::Null => return "NULL".to_owned(),
        Datum::Bool(b) => return b.to_string(),
        Datum::Int(i) => return i.to_string(),
        Datum::Float(f) => return f.to_string(),
        Datum::Decimal(d) => return d.to_string(),
        Datum::Bytes(bytes) => return format!("{} bytes", bytes.len()),
        Datum::List(items) => return format!("an array of {}", items.len()),
        Datum::Unknown(_) => return "an unknown value".to_owned(),
        Datum::Text(t)
        | Datum::Date(t)
        | Datum::Time(t)
        | Datum::Timestamp(t)
        | Datum::Interval(t)
        | Datum::Uuid(t)
        | Datum::Json(t) => t,
    };
    let mut cut: String = text.chars().take(40).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    format!("'{cut}'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::RowDiff;

    fn lost(column: &str, before: Datum, after: Option<Datum>) -> LostValue {
        LostValue { row: 1, column: column.into(), before, after }
    }

    #[test]
    fn rows_and_values_are_counted_with_an_example() {
        let change = RowChange {
            table: Some("users".into()),
            lost_rows: 1,
            new_rows: 2,
            values: vec![
                lost("phone", Datum::Null, Some(Datum::Int(0))),
                lost("phone", Datum::Text("555-0101".into()), Some(Datum::Null)),
                lost("name", Datum::Text("x".repeat(50).into()), None),
            ],
        };
        let restores = Restores { row_differences: RowDiff { tables: vec![change] }, ..Restores::default() };
        let expected = [
            "1 row of users is lost".to_owned(),
            "2 rows of users were not there before".to_owned(),
            format!("1 value of users.name is lost: '{}…' is gone", "x".repeat(40)),
            "2 values of users.phone are changed: '555-0101' came back as NULL".to_owned(),
        ];
        assert_eq!(sentences(&restores), expected);
    }
}
