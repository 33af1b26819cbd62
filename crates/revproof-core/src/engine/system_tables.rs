//! System tables.

use super::database::Database;
use super::relation::Relation;
use super::stop::Evaluation;
use crate::schema::QName;

/// The system table of that name, built from the catalog.
pub(super) fn relation(db: &Database, name: &QName) -> Evaluation<Option<Relation>> {
    let _ = (db, name);
    Ok(None)
}

/// `PRAGMA`, as far as it asks for something.
pub(super) fn pragma(
    db: &Database,
    name: &sqlparser::ast::ObjectName,
    value: Option<&sqlparser::ast::ValueWithSpan>,
) -> Evaluation<crate::op::Answer> {
    let _ = (db, name, value);
    Ok(crate::op::Answer::Done(crate::op::Effect::default()))
}
