//! Queries.

use super::constraint::Doubts;
use super::database::Database;
use crate::op::{Outcome, SqlText};
use crate::schema::Table;

/// Fills a new table with the rows of its query (`CREATE TABLE … AS`).
pub(super) fn fill_from(db: &mut Database, table: &Table, query: &SqlText, doubts: &mut Doubts) -> Outcome<()> {
    let why: std::sync::Arc<str> = format!("the query {} is not simulated", query.text).into();
    db.taint_rows(&table.name, &why);
    doubts.push(why);
    Ok(())
}
