//! [`Scan`]: rows at hand, their columns loaded as they are asked for.

use std::sync::Arc;

use gluesql_core::data::Value;

use super::types::{kind, to_value};
use super::{Compiler, Kind};
use crate::engine::relation::Relation;
use crate::engine::rows::{Row, TableRows};
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::count;
use crate::op::Datum;
use crate::schema::{Dialect, Name, SqlType, Table};

/// Rows.
#[derive(Debug)]
pub(in crate::engine) struct Scan {
    source: Source,
    /// The names of the loaded columns, as GlueSQL sees them. The first holds the place of the row.
    names: Vec<String>,
    /// The loaded columns: which of the source's it is, where it is one, and its values.
    loaded: Vec<(Option<usize>, Vec<Value>)>,
    len: usize,
}

/// Where rows come from.
#[derive(Debug)]
enum Source {
    /// A table: all or some of its rows.
    Table { table: Arc<Table>, rows: Vec<(i64, Arc<Row>)> },
    /// The result of a query.
    Relation(Arc<Relation>),
    /// Rows of other scans, side by side.
    Picked(Vec<Pick>),
}

/// Rows of another scan, by their places; none where an outer join found none.
#[derive(Debug, Clone)]
pub(super) struct Pick {
    /// The scan.
    pub(super) scan: usize,
    /// How many columns it has.
    pub(super) width: usize,
    /// The places.
    pub(super) rows: Vec<Option<usize>>,
}

static NULL: Datum = Datum::Null;

impl Scan {
    /// Of a table's rows.
    pub(in crate::engine) fn of_table(table: Arc<Table>, rows: Option<&TableRows>) -> Self {
        let rows: Vec<_> = rows.map(|rows| rows.iter().map(|(n, row)| (n, row.clone())).collect()).unwrap_or_default();
        Self::of_rows(table, rows)
    }

    /// Of some rows of a table.
    pub(in crate::engine) fn of_rows(table: Arc<Table>, rows: Vec<(i64, Arc<Row>)>) -> Self {
        let len = rows.len();
        Self::new(Source::Table { table, rows }, len)
    }

    /// Of a query's result.
    pub(in crate::engine) fn of_relation(relation: Arc<Relation>) -> Self {
        let len = relation.rows.len();
        Self::new(Source::Relation(relation), len)
    }

    /// Of rows of other scans, side by side.
    pub(super) fn of_picks(picks: Vec<Pick>) -> Self {
        let len = picks.first().map_or(0, |pick| pick.rows.len());
        Self::new(Source::Picked(picks), len)
    }

    fn new(source: Source, len: usize) -> Self {
        let places = (0..len).map(|n| Value::I64(count(n))).collect();
        Self { source, names: vec![String::from("row")], loaded: vec![(None, places)], len }
    }

    /// The columns, by name and type, of what is no scan of scans.
    pub(super) fn columns(&self) -> Vec<(Name, Option<SqlType>)> {
        match &self.source {
            Source::Table { table, .. } => table.columns.iter().map(|c| (c.name.clone(), Some(c.ty.clone()))).collect(),
            Source::Relation(relation) => relation.columns.clone(),
            Source::Picked(_) => Vec::new(),
        }
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        match &self.source {
            Source::Table { table, .. } => table.columns.len(),
            Source::Relation(relation) => relation.columns.len(),
            Source::Picked(picks) => picks.iter().map(|pick| pick.width).sum(),
        }
    }

    /// The table that it reads, where it is one.
    pub(super) fn table(&self) -> Option<&Arc<Table>> {
        match &self.source {
            Source::Table { table, .. } => Some(table),
            _ => None,
        }
    }

    /// How many rows it has.
    pub(in crate::engine) fn len(&self) -> usize {
        self.len
    }

    /// The names of the loaded columns.
    pub(in crate::engine) fn names(&self) -> &[String] {
        &self.names
    }

    /// The loaded values of a row.
    pub(in crate::engine) fn row(&self, at: usize) -> Vec<Value> {
        (0..self.loaded.len()).map(|column| self.value(at, column)).collect()
    }

    /// The value of a loaded column in a row.
    pub(in crate::engine) fn value(&self, at: usize, column: usize) -> Value {
        let loaded = self.loaded.get(column).and_then(|(_, values)| values.get(at));
        loaded.cloned().unwrap_or(Value::Null)
    }

    /// Adds a computed column. Returns its name.
    pub(super) fn compute(&mut self, values: Vec<Value>) -> String {
        self.push(None, values)
    }

    fn push(&mut self, source: Option<usize>, values: Vec<Value>) -> String {
        let name = format!("c{}", self.names.len());
        self.names.push(name.clone());
        self.loaded.push((source, values));
        name
    }
}

impl Compiler<'_> {
    /// The value of a source's column in a row.
    pub(super) fn cell(&self, scan: usize, row: usize, column: usize) -> &Datum {
        match self.scans.get(scan).map(|scan| &scan.source) {
            Some(Source::Table { table, rows }) => match (table.columns.get(column), rows.get(row)) {
                (Some(column), Some((_, row))) => row.get(column.id),
                _ => &NULL,
            },
            Some(Source::Relation(relation)) => relation.rows.get(row).and_then(|r| r.get(column)).unwrap_or(&NULL),
            Some(Source::Picked(picks)) => {
                let mut column = column;
                for pick in picks {
                    if column < pick.width {
                        let row = pick.rows.get(row).copied().flatten();
                        return row.map_or(&NULL, |row| self.cell(pick.scan, row, column));
                    }
                    column -= pick.width;
                }
                &NULL
            }
            None => &NULL,
        }
    }

    /// The number of a row of the table that was bound first.
    pub(in crate::engine) fn row_number(&self, scan: usize, row: usize) -> Option<i64> {
        match &self.scans.get(scan)?.source {
            Source::Table { rows, .. } => rows.get(row).map(|(number, _)| *number),
            Source::Relation(_) => None,
            Source::Picked(picks) => {
                let pick = picks.first()?;
                self.row_number(pick.scan, pick.rows.get(row).copied().flatten()?)
            }
        }
    }

    /// The number of the table's row that a column of a scan comes from.
    pub(super) fn number_behind(&self, scan: usize, row: usize, column: usize) -> Option<i64> {
        match &self.scans.get(scan)?.source {
            Source::Table { rows, .. } => rows.get(row).map(|(number, _)| *number),
            Source::Relation(_) => None,
            Source::Picked(picks) => {
                let mut column = column;
                for pick in picks {
                    if column < pick.width {
                        return self.number_behind(pick.scan, pick.rows.get(row).copied().flatten()?, column);
                    }
                    column -= pick.width;
                }
                None
            }
        }
    }

    /// Loads a column of the source. Returns its name.
    pub(super) fn load(&mut self, scan: usize, column: usize, ty: Option<&SqlType>) -> Evaluation<String> {
        let dialect = self.dialect();
        // A column that was computed has no type on SQLite: each of its values has its own.
        let untyped = if dialect == Dialect::Sqlite { Kind::Opaque } else { Kind::Text };
        let kind = ty.map_or(untyped, |ty| kind(ty, dialect));
        let Some(source) = self.scans.get(scan) else { return Err(Stop::unsupported("a table is out of reach")) };
        if let Some(at) = source.loaded.iter().position(|(source, _)| *source == Some(column)) {
            return Ok(source.names.get(at).cloned().unwrap_or_default());
        }
        let values: Result<Vec<Value>, Arc<str>> =
            (0..source.len).map(|row| to_value(self.cell(scan, row, column), kind)).collect();
        let values = values.map_err(Stop::Unsupported)?;
        let source = self.scans.get_mut(scan);
        source
            .map(|source| source.push(Some(column), values))
            .ok_or_else(|| Stop::unsupported("a table is out of reach"))
    }
}
