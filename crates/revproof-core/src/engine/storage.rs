//! [`View`]: what GlueSQL sees of a database during one statement. It reads; it never writes.

use gluesql_core::ast::{ColumnDef, DataType, Query, Statement};
use gluesql_core::data::{Key, Schema, Value};
use gluesql_core::error::Result;
use gluesql_core::executor::{Payload, execute};
use gluesql_core::plan::StatementPlan;
use gluesql_core::planner::plan_aggregate;
use gluesql_core::store::{
    AlterTable, CustomFunction, CustomFunctionMut, Index, IndexMut, Metadata, RowIter, Store, StoreMut, Transaction,
};

use super::rewrite::Scan;
use super::stop::{Evaluation, Stop};
use crate::op::FailureKind;

/// The tables of one statement, as GlueSQL sees them: each `FROM` item is a table of its own, named by its place.
pub(super) struct View<'a> {
    /// The items.
    pub(super) scans: &'a [Scan],
}

/// Runs a query over scans.
pub(super) fn run(scans: &[Scan], query: Query) -> Evaluation<Vec<Vec<Value>>> {
    let plan = plan_aggregate(StatementPlan::from(Statement::Query(query)));
    match execute(&mut View { scans }, &plan) {
        Ok(Payload::Select { rows, .. }) => Ok(rows),
        Ok(_) => Err(Stop::unsupported("the query gives something other than rows")),
        Err(error) => Err(refusal(&error)),
    }
}

/// What an error of GlueSQL means.
pub(super) fn refusal(error: &gluesql_core::error::Error) -> Stop {
    let sentence = error.to_string();
    if sentence.contains("divisor should not be zero") {
        return Stop::fail(FailureKind::InvalidValue, "division by zero");
    }
    if sentence.contains("more than one row") {
        let message = "more than one row returned by a subquery used as an expression";
        return Stop::fail(FailureKind::InvalidStatement, message);
    }
    Stop::unsupported(sentence)
}

impl View<'_> {
    fn scan(&self, name: &str) -> Option<&Scan> {
        self.scans.get(name.strip_prefix('t')?.parse::<usize>().ok()?)
    }
}

impl Store for View<'_> {
    fn fetch_schema(&self, table_name: &str) -> Result<Option<Schema>> {
        let column = |name: &String| ColumnDef {
            name: name.clone(),
            data_type: DataType::Text,
            nullable: true,
            default: None,
            unique: None,
            comment: None,
        };
        Ok(self.scan(table_name).map(|scan| Schema {
            table_name: table_name.to_owned(),
            column_defs: Some(scan.names().iter().map(column).collect()),
            indexes: Vec::new(),
            engine: None,
            foreign_keys: Vec::new(),
            comment: None,
        }))
    }

    fn fetch_all_schemas(&self) -> Result<Vec<Schema>> {
        Ok(Vec::new())
    }

    fn fetch_data(&self, _: &str, _: &Key) -> Result<Option<Vec<Value>>> {
        Ok(None)
    }

    fn scan_data<'a>(&'a self, table_name: &str) -> Result<RowIter<'a>> {
        let Some(scan) = self.scan(table_name) else { return Ok(Box::new(std::iter::empty())) };
        Ok(Box::new((0..scan.len()).map(|at| Ok((Key::U64(at as u64), scan.row(at))))))
    }
}

impl StoreMut for View<'_> {}
impl AlterTable for View<'_> {}
impl Transaction for View<'_> {}
impl Index for View<'_> {}
impl IndexMut for View<'_> {}
impl Metadata for View<'_> {}
impl CustomFunction for View<'_> {}
impl CustomFunctionMut for View<'_> {}
