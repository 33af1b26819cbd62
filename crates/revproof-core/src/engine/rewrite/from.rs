//! `FROM`: tables, derived tables, functions that give rows.

use std::sync::Arc;

use sqlparser::ast::{Query, TableAlias, TableFactor, TableWithJoins};

use super::expand::rows_call;
use super::names::{find_table, fold, qualified_name, same_name};
use super::{Compiler, Scan};
use crate::engine::bulk::undefined_table;
use crate::engine::database::Database;
use crate::engine::relation::Relation;
use crate::engine::rows::Row;
use crate::engine::sequence::counts;
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::system_tables;
use crate::op::Datum;
use crate::schema::{Dialect, QName, Table};

impl Compiler<'_> {
    /// `FROM`: binds its names and makes its joins. Without one there is one row.
    pub(in crate::engine) fn from(&mut self, from: &[&TableWithJoins]) -> Evaluation<()> {
        let mut all = None;
        for item in from {
            let called = match (all, rows_call(&item.relation)) {
                (Some(left), Some(call)) => Some(self.lateral_rows(left, &call, false)?),
                _ => None,
            };
            let mut scan = match called {
                Some(scan) => scan,
                None => self.factor(&item.relation)?,
            };
            for join in &item.joins {
                scan = self.join(scan, join)?;
            }
            all = Some(match all {
                Some(left) if called.is_none() => self.cross(left, scan)?,
                _ => scan,
            });
        }
        let scan = all.unwrap_or_else(|| {
            let one = Relation { columns: Vec::new(), rows: vec![Vec::new()] };
            self.scans.push(Scan::of_relation(Arc::new(one)));
            self.scans.len() - 1
        });
        self.read_from(scan);
        Ok(())
    }

    /// From here on the innermost query reads this scan.
    pub(super) fn read_from(&mut self, scan: usize) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.scan = Some(scan);
        }
    }

    /// One item.
    pub(super) fn factor(&mut self, factor: &TableFactor) -> Evaluation<usize> {
        let dialect = self.dialect();
        if let Some(call) = rows_call(factor) {
            return self.rows_factor(&call);
        }
        match factor {
            TableFactor::Table {
                name, alias, args: None, sample: None, version: None, with_ordinality: false, ..
            } => {
                let Some(wanted) = qualified_name(name, dialect) else {
                    return Err(Stop::unsupported("a table named by an expression is not supported"));
                };
                let scan = self.table_scan(&wanted)?;
                self.bind_as(scan, alias.as_ref(), &wanted.name)
            }
            TableFactor::Derived { lateral: false, subquery, alias, sample: None } => {
                let relation = self.relation_of(subquery).map_err(Stop::if_read)?;
                self.bind_as(Scan::of_relation(Arc::new(relation)), alias.as_ref(), "?derived?")
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                let mut scan = self.factor(&table_with_joins.relation)?;
                for join in &table_with_joins.joins {
                    scan = self.join(scan, join)?;
                }
                Ok(scan)
            }
            other => {
                let shown: String = other.to_string().chars().take(60).collect();
                Err(Stop::unsupported(format!("{shown} in FROM is not supported")))
            }
        }
    }

    /// A table, a common table expression or a system table of that name.
    fn table_scan(&mut self, wanted: &QName) -> Evaluation<Scan> {
        let dialect = self.dialect();
        if wanted.schema.is_none()
            && let Some((_, relation)) = self.ctes.iter().rev().find(|(name, _)| same_name(name, &wanted.name, dialect))
        {
            return Ok(Scan::of_relation(relation.clone()));
        }
        if let Some(table) = find_table(self.db, wanted).cloned() {
            if let Some(why) = self.db.row_doubt(&table.name) {
                return Err(Stop::Unsupported(why));
            }
            let rows = in_order(self.db, &table);
            return Ok(Scan::of_rows(self.as_bound(&table), rows));
        }
        if let Some(relation) = system_tables::relation(self.db, wanted)? {
            return Ok(Scan::of_relation(Arc::new(relation)));
        }
        if let Some(view) = self.db.catalog.view(wanted).cloned() {
            return self.view(&view).map(|relation| Scan::of_relation(Arc::new(relation)));
        }
        if let Some(why) = self.db.doubt(wanted) {
            return Err(Stop::Unsupported(why));
        }
        Err(Stop::from(undefined_table(self.db, wanted)))
    }

    pub(super) fn bind_as(&mut self, scan: Scan, alias: Option<&TableAlias>, name: &str) -> Evaluation<usize> {
        let dialect = self.dialect();
        if dialect == Dialect::Sqlite && alias.is_some_and(|alias| !alias.columns.is_empty()) {
            return Err(Stop::fail(crate::op::FailureKind::InvalidStatement, "near \"(\": syntax error"));
        }
        let name = alias.map_or_else(|| name.to_owned(), |alias| fold(&alias.name, dialect));
        let clash = self.scopes.last().is_some_and(|s| s.bindings.iter().any(|b| same_name(&b.name, &name, dialect)));
        if clash && name != "?derived?" {
            let message = format!("table name \"{name}\" specified more than once");
            return Err(Stop::fail(crate::op::FailureKind::InvalidStatement, message));
        }
        let renamed: Vec<_> = alias.iter().flat_map(|a| a.columns.iter().map(|c| fold(&c.name, dialect))).collect();
        let at = self.bind(name, scan);
        if let Some(binding) = self.scopes.last_mut().and_then(|s| s.bindings.last_mut()) {
            for (column, name) in binding.columns.iter_mut().zip(renamed) {
                column.0 = name.into();
            }
        }
        Ok(at)
    }

    /// The rows of a query that depends on nothing around it.
    pub(in crate::engine) fn relation_of(&mut self, query: &Query) -> Evaluation<Relation> {
        self.independent(query)
    }
}

/// The rows of a table as the server reads them: as they were written, but SQLite keeps them by a key that is their number.
/// Numbers that were counted up beside made-up rows are none of the server's, so they put nothing in order.
fn in_order(db: &Database, table: &Table) -> Vec<(i64, Arc<Row>)> {
    let Some(rows) = db.rows_of(&table.name) else { return Vec::new() };
    let mut read: Vec<_> = rows.iter().map(|(number, row)| (number, row.clone())).collect();
    let key = table.columns.iter().find(|column| counts(db.catalog.dialect, table, column));
    let counted = |id| rows.counter(id).is_some() && read.iter().any(|(_, row)| row.seeded);
    if db.catalog.dialect == Dialect::Sqlite
        && let Some(key) = key.filter(|key| !counted(key.id))
    {
        read.sort_by_key(|(_, row)| match row.get(key.id) {
            Datum::Int(number) => *number,
            _ => i64::MAX,
        });
    }
    read
}
