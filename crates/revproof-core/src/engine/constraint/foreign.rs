//! Foreign keys, seen from both ends.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{Doubts, refusal};
use crate::engine::database::Database;
use crate::engine::rows::{Row, TableRows};
use crate::engine::value::{Key, key};
use crate::op::{Datum, FailureKind, Outcome};
use crate::schema::{ColumnId, Dialect, ForeignKey, QName, Table};

/// A foreign key that references a table.
pub(in crate::engine) struct ForeignRef {
    /// The table that it belongs to.
    pub(in crate::engine) child: Arc<Table>,
    /// Its place among the foreign keys of that table.
    pub(in crate::engine) at: usize,
    /// The referenced columns.
    pub(in crate::engine) columns: Vec<ColumnId>,
}

impl ForeignRef {
    /// The foreign key.
    pub(in crate::engine) fn key(&self) -> Option<&ForeignKey> {
        self.child.foreign_keys.get(self.at)
    }
}

/// The foreign keys of tables with rows that reference a table.
pub(in crate::engine) fn inbound(db: &Database, parent: &Table) -> Vec<ForeignRef> {
    let mut found = Vec::new();
    if db.catalog.dialect == Dialect::Sqlite {
        return found;
    }
    for name in db.catalog.referencing(&parent.name) {
        let Some(child) = db.filled_table(&name) else { continue };
        for (at, foreign_key) in child.foreign_keys.iter().enumerate() {
            if foreign_key.ref_table != parent.name {
                continue;
            }
            if let Some(columns) = referenced_columns(parent, foreign_key) {
                found.push(ForeignRef { child: child.clone(), at, columns });
            }
        }
    }
    found
}

/// The columns of the parent that a foreign key references; `None` where it has no such columns.
pub(in crate::engine) fn referenced_columns(parent: &Table, foreign_key: &ForeignKey) -> Option<Vec<ColumnId>> {
    if foreign_key.ref_columns.is_empty() {
        return parent.primary_key.as_ref().map(|key| key.columns.clone());
    }
    foreign_key.ref_columns.iter().map(|name| parent.column(name).map(|c| c.id)).collect()
}

/// The rows whose values in `columns` are among `keys`.
pub(in crate::engine) fn matching_rows(
    rows: &TableRows,
    columns: &[ColumnId],
    keys: &FxHashSet<Vec<Key>>,
    dialect: Dialect,
) -> Vec<i64> {
    let is_in = |row: &Row| row_key(row, columns, dialect).is_some_and(|key| keys.contains(&key));
    rows.iter().filter(|(_, row)| is_in(row)).map(|(n, _)| n).collect()
}

/// Asks a foreign key of its own table's rows: of those with the numbers, which a statement wrote, or of all.
pub(super) fn check(
    db: &Database,
    table: &Table,
    rows: &TableRows,
    foreign_key: &ForeignKey,
    written: Option<&[i64]>,
    doubts: &mut Doubts,
) -> Outcome<()> {
    let dialect = db.catalog.dialect;
    if dialect == Dialect::Sqlite || rows.is_empty() {
        return Ok(());
    }
    let Some(parent) = db.catalog.tables.get(&foreign_key.ref_table) else { return Ok(()) };
    let Some(parent_columns) = referenced_columns(parent, foreign_key) else { return Ok(()) };
    let candidates: Vec<(i64, &Arc<Row>)> = match written {
        Some(numbers) => numbers.iter().filter_map(|n| rows.get(*n).map(|row| (*n, row))).collect(),
        None => rows.iter().collect(),
    };
    let known: FxHashSet<Vec<Key>> = db
        .rows_of(&parent.name)
        .map(|rows| rows.iter().filter_map(|(_, row)| row_key(row, &parent_columns, dialect)).collect())
        .unwrap_or_default();
    let mut orphans = Vec::new();
    for (number, row) in candidates {
        let values = || foreign_key.columns.iter().map(|id| row.get(*id));
        if let Some(Datum::Unknown(why)) = values().find(|d| matches!(d, Datum::Unknown(_))) {
            doubts.push(why.clone());
        } else if row_key(row, &foreign_key.columns, dialect).is_some_and(|key| !known.contains(&key)) {
            orphans.push(number);
        }
    }
    if orphans.is_empty() {
        return Ok(());
    }
    if let Some(why) = db.row_doubt(&parent.name) {
        doubts.push(why);
        return Ok(());
    }
    let message = match (dialect, foreign_key.name.as_deref()) {
        (Dialect::PostgreSql, name) => format!(
            "insert or update on table \"{}\" violates foreign key constraint \"{}\"",
            table.name.name,
            name.unwrap_or_default()
        ),
        (_, name) => format!(
            "Cannot add or update a child row: a foreign key constraint fails ({}.{})",
            table.name.name,
            name.unwrap_or_default()
        ),
    };
    let kind = FailureKind::ForeignKeyViolation;
    let mut failure = refusal(db, kind, message, table, foreign_key.name.as_ref(), &foreign_key.columns, &orphans);
    if written.is_some() && foreign_key.initially_deferred == Some(true) {
        failure.doubt = Some(Arc::from("the constraint is deferred, and deferred checks are not simulated"));
    }
    Err(failure)
}

/// The key of a row in columns; `None` where a value is NULL or not known.
pub(in crate::engine) fn row_key(row: &Row, columns: &[ColumnId], dialect: Dialect) -> Option<Vec<Key>> {
    let keys = columns.iter().map(|id| key(row.get(*id), dialect)).collect::<Option<Vec<_>>>()?;
    (!keys.contains(&Key::Null)).then_some(keys)
}

/// What a server says when rows that others reference go.
pub(in crate::engine) fn still_referenced(dialect: Dialect, parent: &QName, child: &Table, key: &ForeignKey) -> String {
    let name = key.name.as_deref().unwrap_or_default();
    match dialect {
        Dialect::PostgreSql => format!(
            "update or delete on table \"{}\" violates foreign key constraint \"{name}\" on table \"{}\"",
            parent.name, child.name.name
        ),
        _ => {
            format!("Cannot delete or update a parent row: a foreign key constraint fails ({}.{name})", child.name.name)
        }
    }
}
