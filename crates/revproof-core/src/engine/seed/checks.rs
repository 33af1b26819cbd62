//! Rows that satisfy check constraints: the constants that a condition names are tried as values.

use std::sync::Arc;

use crate::engine::constraint;
use crate::engine::database::Database;
use crate::engine::expression::refused_rows;
use crate::engine::rows::{Row, TableRows};
use crate::op::Datum;
use crate::schema::{Check, Column, ColumnId, Dialect, SqlType, Table};

/// How many values are tried for a column.
const TRIES: usize = 16;

/// The rows, changed as far as checks want it; rows for which no value is found are left out.
pub(super) fn satisfying(db: &Database, table: &Table, rows: Vec<Row>) -> Result<Vec<Row>, String> {
    let mut kept = Vec::with_capacity(rows.len());
    let mut why = None;
    for (at, mut row) in rows.into_iter().enumerate() {
        match settle(db, table, &mut row, at) {
            Ok(()) => kept.push(row),
            Err(reason) => why = why.or(Some(reason)),
        }
    }
    match why {
        Some(why) if kept.is_empty() => Err(why),
        _ => Ok(kept),
    }
}

/// Changes a row until it satisfies all checks.
fn settle(db: &Database, table: &Table, row: &mut Row, at: usize) -> Result<(), String> {
    for check in &table.checks {
        suit(db, table, check, &check.columns, row, at)?;
    }
    // A value found for one check may not suit another.
    match first_refusing(db, table, row)? {
        Some(check) => Err(no_values(check)),
        None => Ok(()),
    }
}

fn first_refusing<'t>(db: &Database, table: &'t Table, row: &Row) -> Result<Option<&'t Check>, String> {
    for check in &table.checks {
        if !holds(db, table, check, row)? {
            return Ok(Some(check));
        }
    }
    Ok(None)
}

fn no_values(check: &Check) -> String {
    let name = check.name.as_deref().unwrap_or(&check.condition);
    format!("no values were found that satisfy the check {name}")
}

/// Gives one of these columns of a row a value with which a check holds, if it does not: best one with which all of them do.
fn suit(
    db: &Database,
    table: &Table,
    check: &Check,
    columns: &[ColumnId],
    row: &mut Row,
    at: usize,
) -> Result<(), String> {
    if holds(db, table, check, row)? {
        return Ok(());
    }
    let mut good = None;
    for column in columns.iter().filter_map(|id| table.column_by_id(*id)) {
        if column.computed.is_some() || table.foreign_keys.iter().any(|key| key.columns.contains(&column.id)) {
            continue;
        }
        let mut tried = row.clone();
        let candidates = candidates(table, column, db.catalog.dialect);
        let shift = at.checked_rem(candidates.len()).unwrap_or(0);
        for candidate in candidates.iter().cycle().skip(shift).take(candidates.len()) {
            tried.set(column.id, candidate.clone());
            if !holds(db, table, check, &tried)? {
                continue;
            }
            if first_refusing(db, table, &tried)?.is_none() {
                *row = tried;
                return Ok(());
            }
            good.get_or_insert_with(|| tried.clone());
        }
    }
    *row = good.ok_or_else(|| no_values(check))?;
    Ok(())
}

fn holds(db: &Database, table: &Table, check: &Check, row: &Row) -> Result<bool, String> {
    let mut rows = TableRows::default();
    rows.push(0, row.clone());
    match refused_rows(db, table, &rows, &check.condition) {
        Ok(refused) => Ok(refused.first() == Some(&false)),
        Err(stop) => {
            let name = check.name.as_deref().unwrap_or(&check.condition);
            Err(format!("its check {name} is not simulated: {stop}"))
        }
    }
}

/// Values worth trying in a column: the constants of its checks, numbers on either side of its numbers, a short
/// text, NULL.
fn candidates(table: &Table, column: &Column, dialect: Dialect) -> Vec<Datum> {
    let (mut texts, mut numbers) = (Vec::new(), Vec::new());
    for check in table.checks.iter().filter(|check| check.columns.contains(&column.id)) {
        constants(&check.condition, &mut texts, &mut numbers);
    }
    let mut out: Vec<Datum> = Vec::new();
    match &column.ty {
        SqlType::Boolean if dialect == Dialect::PostgreSql => out.extend([Datum::Bool(true), Datum::Bool(false)]),
        SqlType::TinyInt
        | SqlType::SmallInt
        | SqlType::MediumInt
        | SqlType::Integer
        | SqlType::BigInt
        | SqlType::Unsigned(_)
        | SqlType::Boolean => {
            out.extend(numbers.iter().map(|n| Datum::Int(*n)));
            out.extend(numbers.iter().flat_map(|n| [n.saturating_add(1), n.saturating_sub(1)]).map(Datum::Int));
        }
        SqlType::Numeric(..) | SqlType::Decimal(..) if dialect != Dialect::Sqlite => {
            let tried = numbers.iter().flat_map(|n| [*n, n.saturating_add(1), n.saturating_sub(1)]);
            out.extend(tried.map(|n| Datum::Decimal(n.to_string().into())));
        }
        #[expect(clippy::cast_precision_loss, reason = "constants of a condition are small")]
        SqlType::Float(_) | SqlType::Real | SqlType::Double | SqlType::Numeric(..) | SqlType::Decimal(..) => {
            let tried = numbers.iter().flat_map(|n| [*n, n.saturating_add(1), n.saturating_sub(1)]);
            out.extend(tried.map(|n| Datum::Float(n as f64)));
        }
        SqlType::Char(_) | SqlType::VarChar(_) | SqlType::Text(_) | SqlType::Enum(_) | SqlType::InlineEnum(_) => {
            out.extend(texts.iter().map(|t| Datum::Text(t.as_str().into())));
            out.push(Datum::Text("a".into()));
            out.push(Datum::Text("".into()));
        }
        _ => {}
    }
    if column.nullable {
        out.push(Datum::Null);
    }
    out.truncate(TRIES);
    out
}

/// Adds the quoted texts and the numbers of a condition.
fn constants(condition: &str, texts: &mut Vec<String>, numbers: &mut Vec<i64>) {
    let mut chars = condition.chars().peekable();
    let mut in_word = false;
    while let Some(c) = chars.next() {
        if c == '\'' {
            let mut text = String::new();
            while let Some(c) = chars.next() {
                if c != '\'' {
                    text.push(c);
                } else if chars.next_if_eq(&'\'').is_some() {
                    text.push('\'');
                } else {
                    break;
                }
            }
            texts.push(text);
        } else if c.is_ascii_digit() && !in_word {
            let mut digits = String::from(c);
            while let Some(c) = chars.next_if(char::is_ascii_digit) {
                digits.push(c);
            }
            numbers.extend(digits.parse::<i64>());
        }
        in_word = c.is_alphanumeric() || c == '_';
    }
}

/// Gives a new column of seeded rows values that its checks take. Whether they do then.
pub(super) fn repair(db: &mut Database, table: &Arc<Table>, column: &Column, numbers: &[i64]) -> bool {
    let checks: Vec<&Check> = table.checks.iter().filter(|check| check.columns.contains(&column.id)).collect();
    for (at, number) in numbers.iter().enumerate() {
        let Some(mut row) = db.rows_of(&table.name).and_then(|rows| rows.get(*number)).map(|row| row.as_ref().clone())
        else {
            return false;
        };
        if checks.iter().any(|check| suit(db, table, check, &[column.id], &mut row, at).is_err()) {
            return false;
        }
        let value = row.get(column.id).clone();
        if let Some(row) = db.rows_mut(&table.name).get_mut(*number) {
            row.set(column.id, value);
        }
    }
    constraint::check_rows(db, table, numbers, &mut Vec::new()).is_ok()
}
