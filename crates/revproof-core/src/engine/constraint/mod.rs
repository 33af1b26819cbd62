//! Constraints on rows: [`check_rows`] is asked of rows that a statement wrote, [`must_hold`] of all rows when a
//! constraint is new.

mod check;
mod foreign;
mod report;
mod unique;

use std::sync::Arc;

use super::database::Database;
use super::rows::TableRows;
use crate::ddl::Demand;
use crate::op::{Datum, Failure, FailureKind, Outcome};
use crate::schema::{Column, ColumnId, Dialect, ForeignKey, Table};

pub(super) use foreign::{ForeignRef, inbound, matching_rows, referenced_columns, row_key, still_referenced};
pub(super) use report::violation;
pub(super) use unique::{UniqueKey, conflicts, met_on_the_way, unique_keys};

/// Doubts that a statement gives rise to.
pub(super) type Doubts = Vec<Arc<str>>;

/// Asks every constraint of a table of the rows with these numbers. A statement writes row by row and ends at the first
/// that something refuses; of what refuses that row, NOT NULL is asked first, keys last. Foreign keys wait for the end.
pub(super) fn check_rows(db: &Database, table: &Table, numbers: &[i64], doubts: &mut Doubts) -> Outcome<()> {
    check_changed(db, table, numbers, |_| true, doubts)
}

/// As [`check_rows`], of rows in which only some columns have been set: a foreign key over none of them is not asked.
pub(super) fn check_changed(
    db: &Database,
    table: &Table,
    numbers: &[i64],
    is_set: impl Fn(ColumnId) -> bool,
    doubts: &mut Doubts,
) -> Outcome<()> {
    let Some(rows) = db.rows_of(&table.name) else { return Ok(()) };
    let mut first = FirstRefusal::default();
    for column in table.columns.iter().filter(|c| !c.nullable) {
        first.take(not_null(db, table, rows, column, Some(numbers), doubts))?;
    }
    first.take(check::check_rows(db, table, rows, numbers, doubts))?;
    for key in unique_keys(table) {
        first.take(unique::written(db, table, rows, &key, numbers, doubts))?;
    }
    first.told()?;
    let is_computed = |id: ColumnId| table.column_by_id(id).is_some_and(|column| column.computed.is_some());
    let is_asked = |key: &&ForeignKey| key.columns.iter().any(|id| is_set(*id) || is_computed(*id));
    for foreign_key in table.foreign_keys.iter().filter(is_asked) {
        foreign::check(db, table, rows, foreign_key, Some(numbers), doubts)?;
    }
    Ok(())
}

/// Of the refusals of several constraints the one that is met first, as rows are written one by one: that of the earliest
/// row, and of one row the one that was taken first.
#[derive(Debug, Default)]
pub(super) struct FirstRefusal {
    first: Option<(i64, Failure)>,
}

impl FirstRefusal {
    /// Takes what came of asking a constraint. What is no matter of rows, or is in doubt, ends the asking.
    pub(super) fn take(&mut self, asked: Outcome<()>) -> Outcome<()> {
        let Err(failure) = asked else { return Ok(()) };
        let met = failure.violation.as_ref().filter(|_| failure.doubt.is_none()).and_then(|v| v.met_at);
        let Some(met) = met else {
            return match self.first.take() {
                Some((_, first)) => Err(first),
                None => Err(failure),
            };
        };
        if self.first.as_ref().is_none_or(|(earliest, _)| met < *earliest) {
            self.first = Some((met, failure));
        }
        Ok(())
    }

    /// The refusal, where there is one.
    pub(super) fn told(&mut self) -> Outcome<()> {
        self.first.take().map_or(Ok(()), |(_, failure)| Err(failure))
    }
}

/// Asks the keys of a table that hold a column of the rows with these numbers.
pub(super) fn check_keys(
    db: &Database,
    table: &Table,
    column: ColumnId,
    numbers: &[i64],
    doubts: &mut Doubts,
) -> Outcome<()> {
    let Some(rows) = db.rows_of(&table.name) else { return Ok(()) };
    for key in unique_keys(table).filter(|key| key.columns.contains(&column)) {
        unique::written(db, table, rows, &key, numbers, doubts)?;
    }
    Ok(())
}

/// Asks a new constraint of all rows.
pub(super) fn must_hold(db: &Database, table: &Table, what: &Demand, doubts: &mut Doubts) -> Outcome<()> {
    let Some(rows) = db.rows_of(&table.name) else { return Ok(()) };
    if let Some(why) = &rows.taint {
        doubts.push(why.clone());
    }
    match what {
        Demand::NotNull(id) => {
            let Some(column) = table.column_by_id(*id) else { return Ok(()) };
            not_null(db, table, rows, column, None, doubts)
        }
        Demand::PrimaryKey(key) => {
            let mut first = FirstRefusal::default();
            for id in &key.columns {
                // SQLite lets NULL into a primary key unless the column says NOT NULL itself.
                let may_be_null = |column: &Column| column.nullable && db.catalog.dialect == Dialect::Sqlite;
                if let Some(column) = table.column_by_id(*id).filter(|column| !may_be_null(column)) {
                    let asked = not_null(db, table, rows, column, None, doubts);
                    // Elsewhere NULLs are looked for before the index is made.
                    if db.catalog.dialect == Dialect::Sqlite { first.take(asked)? } else { asked? }
                }
            }
            first.take(unique::all(db, table, rows, &UniqueKey::of_primary_key(key), doubts))?;
            first.told()
        }
        Demand::Unique(unique) => unique::all(db, table, rows, &UniqueKey::of_unique(unique), doubts),
        Demand::UniqueIndex(index) => unique::all(db, table, rows, &UniqueKey::of_index(index), doubts),
        Demand::ForeignKey(foreign_key) => foreign::check(db, table, rows, foreign_key, None, doubts),
        Demand::Check(check) => check::must_hold(db, table, rows, check, doubts),
        Demand::NoRows(message) => {
            let numbers: Vec<i64> = rows.iter().map(|(number, _)| number).collect();
            if numbers.is_empty() {
                return Ok(());
            }
            Err(refusal(db, FailureKind::InvalidValue, message.to_string(), table, None, &[], &numbers))
        }
        Demand::Exclusion(exclusion) => {
            if rows.len() > 1 {
                doubts.push(
                    format!("whether rows satisfy the exclusion constraint {} is not simulated", exclusion.name).into(),
                );
            }
            Ok(())
        }
    }
}

/// Asks NOT NULL of rows: of those with the numbers, which a statement wrote, or of all.
fn not_null(
    db: &Database,
    table: &Table,
    rows: &TableRows,
    column: &Column,
    written: Option<&[i64]>,
    doubts: &mut Doubts,
) -> Outcome<()> {
    let mut nulls = Vec::new();
    let mut look = |number: i64, datum: &Datum| match datum {
        Datum::Null => nulls.push(number),
        Datum::Unknown(why) => doubts.push(why.clone()),
        _ => {}
    };
    match written {
        Some(numbers) => numbers.iter().for_each(|n| {
            if let Some(row) = rows.get(*n) {
                look(*n, row.get(column.id));
            }
        }),
        None => rows.iter().for_each(|(n, row)| look(n, row.get(column.id))),
    }
    if nulls.is_empty() {
        return Ok(());
    }
    let (relation, name) = (&table.name.name, &column.name);
    let message = match (db.catalog.dialect, written) {
        (Dialect::PostgreSql, Some(_)) => {
            format!("null value in column \"{name}\" of relation \"{relation}\" violates not-null constraint")
        }
        (Dialect::PostgreSql, None) => format!("column \"{name}\" of relation \"{relation}\" contains null values"),
        (Dialect::Sqlite, _) => format!("NOT NULL constraint failed: {relation}.{name}"),
        (Dialect::MySql, Some(_)) => format!("Column '{name}' cannot be null"),
        (Dialect::MySql, None) => String::from("Invalid use of NULL value"),
    };
    let met = nulls.iter().min().copied();
    Err(met_at(met, refusal(db, FailureKind::NotNullViolation, message, table, None, &[column.id], &nulls)))
}

/// A refusal with the place at which it is met.
fn met_at(place: Option<i64>, mut failure: Failure) -> Failure {
    if let Some(violation) = &mut failure.violation {
        violation.met_at = place;
    }
    failure
}

/// A refusal because of rows.
fn refusal(
    db: &Database,
    kind: FailureKind,
    message: String,
    table: &Table,
    constraint: Option<&crate::schema::Name>,
    columns: &[ColumnId],
    numbers: &[i64],
) -> Failure {
    let mut failure = Failure::new(kind, message)
        .about(table.name.clone())
        .with_violation(violation(db, table, constraint, columns, numbers));
    failure.doubt = db.rows_of(&table.name).and_then(|rows| rows.taint.clone());
    failure
}
