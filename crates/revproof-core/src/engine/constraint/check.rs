//! Check constraints.

use super::{Doubts, FirstRefusal, met_at, refusal};
use crate::engine::database::Database;
use crate::engine::expression;
use crate::engine::rows::TableRows;
use crate::op::{FailureKind, Outcome};
use crate::schema::{Check, Dialect, Table};

/// Asks the checks of a table of rows that a statement wrote.
pub(super) fn check_rows(
    db: &Database,
    table: &Table,
    rows: &TableRows,
    numbers: &[i64],
    doubts: &mut Doubts,
) -> Outcome<()> {
    if table.checks.is_empty() || numbers.is_empty() {
        return Ok(());
    }
    let mut written = TableRows::default();
    for (number, row) in rows.iter().filter(|(n, _)| numbers.contains(n)) {
        written.push(number, row.as_ref().clone());
    }
    let mut first = FirstRefusal::default();
    for check in &table.checks {
        let refused = refused_rows(db, table, &written, check, doubts);
        if refused.is_empty() {
            continue;
        }
        let name = check.name.as_deref().unwrap_or(&check.condition);
        let message = match db.catalog.dialect {
            Dialect::PostgreSql => {
                format!("new row for relation \"{}\" violates check constraint \"{name}\"", table.name.name)
            }
            Dialect::Sqlite => format!("CHECK constraint failed: {name}"),
            Dialect::MySql => format!("Check constraint '{name}' is violated."),
        };
        let kind = FailureKind::CheckViolation;
        let failure = refusal(db, kind, message, table, check.name.as_ref(), &check.columns, &refused);
        first.take(Err(met_at(refused.iter().min().copied(), failure)))?;
    }
    first.told()
}

/// Asks a new check of all rows.
pub(super) fn must_hold(
    db: &Database,
    table: &Table,
    rows: &TableRows,
    check: &Check,
    doubts: &mut Doubts,
) -> Outcome<()> {
    let refused = refused_rows(db, table, rows, check, doubts);
    if refused.is_empty() {
        return Ok(());
    }
    let name = check.name.as_deref().unwrap_or(&check.condition);
    let message = match db.catalog.dialect {
        Dialect::PostgreSql => {
            format!("check constraint \"{name}\" of relation \"{}\" is violated by some row", table.name.name)
        }
        Dialect::Sqlite => format!("CHECK constraint failed: {name}"),
        Dialect::MySql => format!("Check constraint '{name}' is violated."),
    };
    let met = refused.iter().min().copied();
    let kind = FailureKind::CheckViolation;
    Err(met_at(met, refusal(db, kind, message, table, check.name.as_ref(), &check.columns, &refused)))
}

/// The rows of which the condition is false: NULL is as good as true.
fn refused_rows(db: &Database, table: &Table, rows: &TableRows, check: &Check, doubts: &mut Doubts) -> Vec<i64> {
    if rows.is_empty() {
        return Vec::new();
    }
    match expression::refused_rows(db, table, rows, &check.condition) {
        Ok(refused) => rows.iter().zip(refused).filter(|(_, refused)| *refused).map(|((n, _), _)| n).collect(),
        Err(why) => {
            let name = check.name.as_deref().unwrap_or(&check.condition);
            doubts.push(format!("whether rows satisfy the check {name} is not simulated: {why}").into());
            Vec::new()
        }
    }
}
