//! [`Renames`]: what a step renamed, so that it is not shown as one thing gone and another come.

use std::collections::BTreeSet;

use revproof_core::op::OpKind;
use revproof_core::schema::{Column, ColumnId, QName, Table};
use rustc_hash::FxHashMap;

use super::simulation::Seen;

/// What some operations renamed.
#[derive(Debug, Default)]
pub(crate) struct Renames {
    /// The name that a table had before, by the one that it has.
    tables: FxHashMap<QName, QName>,
    /// The tables that were dropped: one of the name that is there now is another.
    dropped: BTreeSet<QName>,
    /// Whether names are all that is gone by.
    names_only: bool,
}

impl Renames {
    /// For states between which nobody looked: what has another name is another thing.
    pub(crate) fn by_name() -> Self {
        Self { names_only: true, ..Self::default() }
    }

    /// Those of the operations that went through.
    pub(crate) fn of(operations: &[Seen]) -> Self {
        let mut renames = Self::default();
        for seen in operations.iter().filter(|seen| seen.failure.is_none()) {
            match &seen.kind {
                OpKind::RenameTable { table, to, .. } => renames.rename(table, table.sibling(to.clone())),
                OpKind::MoveTable { table, schema } => {
                    renames.rename(table, QName::in_schema(schema.clone(), table.name.clone()));
                }
                OpKind::DropTable { table, .. } => {
                    let was = renames.tables.remove(table).unwrap_or_else(|| table.clone());
                    renames.dropped.insert(was);
                }
                _ => {}
            }
        }
        renames
    }

    fn rename(&mut self, from: &QName, to: QName) {
        let was = self.tables.remove(from).unwrap_or_else(|| from.clone());
        self.tables.insert(to, was);
    }

    /// What a table was called before.
    pub(crate) fn before(&self, now: &QName) -> QName {
        self.tables.get(now).cloned().unwrap_or_else(|| now.clone())
    }

    /// What a column was, in the table as it was: the one of its name, or else the one that it was made of.
    pub(crate) fn column_before<'t>(&self, old: &'t Table, new: &Table, column: &Column) -> Option<&'t Column> {
        let by_name = old.column(&column.name);
        if by_name.is_some() || self.names_only || self.dropped.contains(&old.name) {
            return by_name;
        }
        let lives_on = |id: ColumnId| old.column_by_id(id).filter(|was| new.column(&was.name).is_none());
        lives_on(column.id)
    }
}
