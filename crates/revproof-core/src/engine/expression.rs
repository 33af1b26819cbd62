//! Expressions of the schema, evaluated on rows: checks, defaults, generated columns, `USING`, index expressions.

use super::database::Database;
use super::rows::TableRows;
use super::stop::{Evaluation, Stop};
use crate::op::Datum;
use crate::schema::{SqlType, Table};

/// The value of an expression on each row of a table.
pub(super) fn evaluate_rows(
    db: &Database,
    table: &Table,
    rows: &TableRows,
    expression: &str,
) -> Evaluation<Vec<Datum>> {
    let _ = (db, table, rows);
    Err(Stop::unsupported(format!("the expression {expression} is not simulated")))
}

/// The value of an expression that names no column, for a column of that type.
pub(super) fn evaluate_alone(db: &mut Database, expression: &str, ty: &SqlType) -> Evaluation<Datum> {
    let _ = (db, ty);
    Err(Stop::unsupported(format!("the expression {expression} is not simulated")))
}
