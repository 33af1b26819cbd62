//! [`Made`]: what a run has made so far, so that rules about existing data leave alone what is new.

use super::context::{Done, operations};
use crate::op::{ColumnChange, OpKind};
use crate::replay::Run;
use crate::schema::{Name, QName};

/// The tables and columns that a run has made so far, by the names that they have now.
#[derive(Debug, Default)]
pub(crate) struct Made {
    tables: Vec<QName>,
    columns: Vec<(QName, Name)>,
}

/// The operations of a run that went through, each with what the run had made before it.
pub(crate) fn walk<'a>(run: &'a Run, mut visit: impl FnMut(Done<'a>, &Made)) {
    let mut made = Made::default();
    for done in operations(run).filter(|done| done.is_ok()) {
        visit(done, &made);
        made.note(done);
    }
}

impl Made {
    /// Whether the run has made this table.
    pub(crate) fn table(&self, table: &QName) -> bool {
        self.tables.contains(table)
    }

    /// Whether the run has made this column, alone or with its table.
    pub(crate) fn column(&self, table: &QName, column: &str) -> bool {
        self.table(table) || self.columns.iter().any(|(t, c)| t == table && &**c == column)
    }

    fn note(&mut self, done: Done<'_>) {
        match &done.operation.kind {
            // `IF NOT EXISTS` of a table that exists makes nothing.
            OpKind::CreateTable { table, .. } if done.step.before.catalog.table(&table.name).is_none() => {
                self.tables.push(table.name.clone());
            }
            OpKind::DropTable { table, .. } => {
                self.tables.retain(|t| t != table);
                self.columns.retain(|(t, _)| t != table);
            }
            OpKind::RenameTable { table, to, .. } => self.rename(table, &table.sibling(to.clone())),
            OpKind::MoveTable { table, schema } => {
                self.rename(table, &QName::in_schema(schema.clone(), table.name.clone()));
            }
            OpKind::AddColumn { table, column, .. } => self.columns.push((table.clone(), column.name.clone())),
            OpKind::DropColumn { table, column, .. } => self.columns.retain(|(t, c)| (t, c) != (table, column)),
            OpKind::AlterColumn { table, column, changes } => {
                let renamed = changes.iter().find_map(|change| match change {
                    ColumnChange::Rename(to) => Some(to),
                    _ => None,
                });
                let Some(to) = renamed else { return };
                for (t, c) in &mut self.columns {
                    if t == table && c == column {
                        *c = to.clone();
                    }
                }
            }
            _ => {}
        }
    }

    fn rename(&mut self, from: &QName, to: &QName) {
        for table in self.tables.iter_mut().chain(self.columns.iter_mut().map(|(t, _)| t)) {
            if table == from {
                *table = to.clone();
            }
        }
    }
}
