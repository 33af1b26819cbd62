//! [`Work`]: the catalog that an operation is being applied to, with what it has done so far.

use std::sync::Arc;

use super::changed::{Changed, Demand, RowStep};
use super::failures;
use crate::op::Outcome;
use crate::schema::{Catalog, Column, ColumnId, Dialect, Name, QName, Table, same};

/// An operation at work. It is thrown away where the operation fails.
pub(super) struct Work {
    pub(super) catalog: Catalog,
    pub(super) dialect: Dialect,
    pub(super) changed: Changed,
}

impl Work {
    pub(super) fn new(catalog: Catalog) -> Self {
        let dialect = catalog.dialect;
        Self { catalog, dialect, changed: Changed::default() }
    }

    /// The table, or the server's refusal.
    pub(super) fn table(&self, name: &QName) -> Outcome<&Arc<Table>> {
        self.catalog.table(name).ok_or_else(|| failures::no_table(self.dialect, name))
    }

    /// A copy of the table, to be changed and put back.
    pub(super) fn edit(&self, name: &QName) -> Outcome<Table> {
        self.table(name).map(|table| Table::clone(table))
    }

    /// Puts a changed table back.
    pub(super) fn put(&mut self, table: Table) {
        self.touch(&table.name);
        self.catalog.put_table(Arc::new(table));
    }

    pub(super) fn touch(&mut self, name: &QName) {
        if !self.changed.touched.contains(name) {
            self.changed.touched.push(name.clone());
        }
    }

    pub(super) fn step(&mut self, step: RowStep) {
        self.changed.steps.push(step);
    }

    pub(super) fn must_hold(&mut self, table: &QName, what: Demand) {
        self.step(RowStep::MustHold { table: table.clone(), what });
    }

    pub(super) fn doubt(&mut self, why: impl Into<Arc<str>>) {
        self.changed.doubts.push(why.into());
    }

    /// The column of that name, as the dialect compares names.
    pub(super) fn find<'t>(&self, table: &'t Table, column: &str) -> Option<&'t Column> {
        table.column(column).or_else(|| {
            if self.dialect == Dialect::PostgreSql {
                return None;
            }
            table.columns.iter().map(AsRef::as_ref).find(|c: &&Column| same(&c.name, column, self.dialect))
        })
    }

    /// The column of that name. A table that is only assumed gets it; another refuses with `refusal`.
    pub(super) fn need(
        &self,
        table: &mut Table,
        column: &str,
        refusal: impl FnOnce() -> crate::op::Failure,
    ) -> Outcome<ColumnId> {
        if let Some(found) = self.find(table, column) {
            return Ok(found.id);
        }
        if table.assumed {
            return Ok(super::open_world::assume_column(table, column));
        }
        Err(refusal())
    }
}

/// The names of a table's columns.
pub(super) fn column_names(table: &Table) -> Vec<Name> {
    table.columns.iter().map(|column| column.name.clone()).collect()
}

/// The columns that an expression names.
pub(super) fn mentions(table: &Table, expression: &str, dialect: Dialect) -> Vec<ColumnId> {
    let names = column_names(table);
    crate::schema::mentioned(expression, &names, dialect)
        .into_iter()
        .filter_map(|name| table.column(name))
        .map(|column| column.id)
        .collect()
}

/// Changes the column with that identity.
pub(super) fn with_column(table: &mut Table, id: ColumnId, change: impl FnOnce(&mut Column)) {
    if let Some(column) = table.columns.iter_mut().find(|column| column.id == id) {
        change(Arc::make_mut(column));
    }
}
