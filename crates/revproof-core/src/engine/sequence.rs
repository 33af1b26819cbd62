//! Sequences, identity columns and generated identifiers: everything that counts, deterministically.

use std::sync::Arc;

use super::database::Database;
use super::stop::{Evaluation, Stop};
use crate::op::{Datum, FailureKind};
use crate::schema::{Column, Dialect, QName, SqlType, Table};

/// The state of a sequence that has been used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counter {
    /// What it gives next.
    pub(super) next: i64,
    /// What it gave last, where it has given anything.
    pub(super) last: Option<i64>,
}

/// Refuses the name of a sequence that is not there, as the server does before it looks at a row.
pub(super) fn is_there(db: &Database, name: &QName) -> Evaluation<()> {
    if db.catalog.sequences.contains_key(name) { Ok(()) } else { Err(undefined(name)) }
}

/// `nextval`.
pub(super) fn next_value(db: &mut Database, name: &QName) -> Evaluation<i64> {
    let Some(sequence) = db.catalog.sequences.get(name) else { return Err(undefined(name)) };
    let next = db.sequences.get(name).map_or(sequence.start, |counter| counter.next);
    let counter = Counter { next: next.saturating_add(sequence.increment), last: Some(next) };
    db.sequences.insert(name.clone(), counter);
    Ok(next)
}

/// `currval`.
pub(super) fn current_value(db: &Database, name: &QName) -> Evaluation<i64> {
    if !db.catalog.sequences.contains_key(name) {
        return Err(undefined(name));
    }
    db.sequences.get(name).and_then(|counter| counter.last).ok_or_else(|| {
        let message = format!("currval of sequence \"{name}\" is not yet defined in this session");
        Stop::fail(FailureKind::InvalidStatement, message)
    })
}

/// `setval`.
pub(super) fn set_value(db: &mut Database, name: &QName, value: i64, called: bool) -> Evaluation<()> {
    let Some(sequence) = db.catalog.sequences.get(name) else { return Err(undefined(name)) };
    let next = if called { value.saturating_add(sequence.increment) } else { value };
    db.sequences.insert(name.clone(), Counter { next, last: called.then_some(value) });
    Ok(())
}

/// `ALTER SEQUENCE … RESTART`.
pub(super) fn restart(db: &mut Database, name: &QName, with: Option<i64>) {
    let Some(start) = db.catalog.sequences.get(name).map(|sequence| sequence.start) else { return };
    let last = db.sequences.get(name).and_then(|counter| counter.last);
    db.sequences.insert(name.clone(), Counter { next: with.unwrap_or(start), last });
}

fn undefined(name: &QName) -> Stop {
    Stop::fail(FailureKind::UndefinedObject, format!("relation \"{name}\" does not exist"))
}

/// The next value of a column that counts by itself: an identity column, `AUTO_INCREMENT`, SQLite's row number.
pub(super) fn count_up(db: &mut Database, table: &Table, column: &Column) -> i64 {
    let dialect = db.catalog.dialect;
    let rows = db.rows_mut(&table.name);
    let (start, step) = match &column.identity {
        Some(identity) => (identity.start.unwrap_or(1), identity.increment.unwrap_or(1)),
        None => (1, 1),
    };
    let next = if dialect == Dialect::PostgreSql {
        rows.counter(column.id).unwrap_or(start)
    } else {
        let highest = rows.iter().filter(|(_, row)| !row.seeded).filter_map(|(_, row)| match row.get(column.id) {
            Datum::Int(i) => Some(*i),
            _ => None,
        });
        rows.counter(column.id).unwrap_or(start).max(highest.max().map_or(start, |i| i.saturating_add(1)))
    };
    rows.set_counter(column.id, next.saturating_add(step));
    next
}

/// Whether a column counts by itself where no value, or NULL, is given.
pub(super) fn counts(dialect: Dialect, table: &Table, column: &Column) -> bool {
    match dialect {
        Dialect::PostgreSql => column.identity.is_some(),
        Dialect::MySql => column.autoincrement,
        Dialect::Sqlite => {
            let alone = table.primary_key.as_ref().is_some_and(|key| key.columns.as_slice() == [column.id]);
            alone && column.ty == SqlType::Integer && !column.never_rowid
        }
    }
}

/// The next number between 0 and 1 that `random()` gives.
pub(super) fn next_fraction(db: &mut Database) -> f64 {
    db.drawn = db.drawn.wrapping_add(1);
    // Steps of the golden ratio: no two alike, and none near another.
    (f64::from(u32::try_from(db.drawn % 1_000_000).unwrap_or_default()) * 0.618_033_988_749_895).fract()
}

/// The next of the identifiers that `gen_random_uuid()` and its like give.
pub(super) fn next_uuid(db: &mut Database) -> Arc<str> {
    db.drawn = db.drawn.wrapping_add(1);
    Arc::from(format!("5eed0000-0000-4000-8000-{:012x}", db.drawn))
}
