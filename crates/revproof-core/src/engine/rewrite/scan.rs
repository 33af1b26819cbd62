//! [`Scan`]: a `FROM` item, its rows at hand, its columns loaded as they are asked for.

use std::rc::Rc;
use std::sync::Arc;

use gluesql_core::data::{Row as GlueRow, Value};

use super::types::{kind, to_value};
use crate::engine::relation::Relation;
use crate::engine::rows::{Row, TableRows};
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::count;
use crate::op::Datum;
use crate::schema::{Dialect, Name, SqlType, Table};

/// A `FROM` item.
#[derive(Debug)]
pub(in crate::engine) struct Scan {
    source: Source,
    /// The names of the loaded columns, as GlueSQL sees them.
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
}

impl Scan {
    /// Of a table's rows.
    pub(in crate::engine) fn of_table(table: Arc<Table>, rows: Option<&TableRows>) -> Self {
        let rows: Vec<_> = rows.map(|rows| rows.iter().map(|(n, row)| (n, row.clone())).collect()).unwrap_or_default();
        Self::of_rows(table, rows)
    }

    /// Of some rows of a table.
    pub(in crate::engine) fn of_rows(table: Arc<Table>, rows: Vec<(i64, Arc<Row>)>) -> Self {
        let len = rows.len();
        let numbers = rows.iter().map(|(n, _)| Value::I64(*n)).collect();
        let source = Source::Table { table, rows };
        Self { source, names: vec![String::from("row")], loaded: vec![(None, numbers)], len }
    }

    /// Of a query's result.
    pub(in crate::engine) fn of_relation(relation: Arc<Relation>) -> Self {
        let len = relation.rows.len();
        let numbers = (0..len).map(|n| Value::I64(count(n))).collect();
        let source = Source::Relation(relation);
        Self { source, names: vec![String::from("row")], loaded: vec![(None, numbers)], len }
    }

    /// The columns, by name and type.
    pub(super) fn columns(&self) -> Vec<(Name, Option<SqlType>)> {
        match &self.source {
            Source::Table { table, .. } => table.columns.iter().map(|c| (c.name.clone(), Some(c.ty.clone()))).collect(),
            Source::Relation(relation) => relation.columns.clone(),
        }
    }

    /// The table that it reads, where it is one that scripts have not made in full.
    pub(super) fn assumed_table(&self) -> Option<&Arc<Table>> {
        match &self.source {
            Source::Table { table, .. } if table.assumed => Some(table),
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
        self.loaded.iter().map(|(_, values)| values.get(at).cloned().unwrap_or(Value::Null)).collect()
    }

    /// A row as GlueSQL's evaluator takes it.
    pub(super) fn glue_row(&self, at: usize) -> GlueRow {
        GlueRow { columns: Rc::from(self.names.as_slice()), values: self.row(at) }
    }

    /// The number of a row.
    pub(super) fn number(&self, at: usize) -> Option<i64> {
        match &self.source {
            Source::Table { rows, .. } => rows.get(at).map(|(n, _)| *n),
            Source::Relation(_) => None,
        }
    }

    /// Loads a column of the source. Returns its name.
    pub(super) fn load(&mut self, column: usize, dialect: Dialect) -> Evaluation<String> {
        if let Some(at) = self.loaded.iter().position(|(source, _)| *source == Some(column)) {
            return Ok(self.names.get(at).cloned().unwrap_or_default());
        }
        let values: Result<Vec<Value>, Arc<str>> = match &self.source {
            Source::Table { table, rows, .. } => {
                let Some(definition) = table.columns.get(column) else {
                    return Err(Stop::unsupported("a column is out of reach"));
                };
                let kind = kind(&definition.ty, dialect);
                rows.iter().map(|(_, row)| to_value(row.get(definition.id), kind)).collect()
            }
            Source::Relation(relation) => {
                let ty = relation.columns.get(column).and_then(|(_, ty)| ty.clone());
                let kind = ty.map_or(super::Kind::Text, |ty| kind(&ty, dialect));
                let cell = |row: &Vec<Datum>| to_value(row.get(column).unwrap_or(&Datum::Null), kind);
                relation.rows.iter().map(cell).collect()
            }
        };
        Ok(self.push(Some(column), values.map_err(Stop::Unsupported)?))
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
