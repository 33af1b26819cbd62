//! Data statements: who executes which.

use std::sync::Arc;

use super::database::Database;
use crate::op::{Answer, Datum, Outcome};
use crate::schema::{Dialect, Name, QName};
use crate::sql::Statement;

/// Executes a data statement.
pub(super) fn execute(db: &mut Database, statement: &Statement, params: &[(Name, Datum)]) -> Outcome<Answer> {
    let _ = (db, statement, params);
    Ok(Answer::Unknown(Arc::from("not written yet")))
}

/// The tables that a data statement writes.
pub(super) fn written_tables(statement: &Statement, dialect: Dialect) -> Vec<QName> {
    let _ = (statement, dialect);
    Vec::new()
}
