//! The typed rewrite: [`Compiler`] turns what sqlparser read into GlueSQL's own AST. Names are resolved, every
//! expression has a type, casts stand where types differ, and what is off the whitelist stops it with
//! [`Stop::Unsupported`]: never a wrong row.
//!
//! Every `FROM` becomes one [`Scan`], whose rows lie ready: joins are made, rows filtered and groups formed before the
//! next clause is looked at. So what GlueSQL lacks can be computed here, row by row, into a further column of the scan.
//! A query that depends on the rows of the query around it is executed for each of them, with that row pinned.

mod aggregate;
mod analysis;
mod arrays;
mod bits;
mod calls;
mod conditions;
mod expand;
mod expr;
mod from;
mod grouping;
mod identity;
mod join;
mod literals;
mod moments;
mod names;
mod operators;
mod resolve;
mod rowwise;
mod scan;
mod select;
mod sets;
mod sqlite_json;
mod subquery;
mod typed;
mod types;
mod views;
mod windows;

use std::sync::Arc;

pub(super) use analysis::is_literal;
pub(super) use identity::{hidden, is_identity};
pub(super) use names::{find_column, find_table, fold, qualified_name};
pub(super) use rowwise::is_single;
pub(super) use scan::Scan;
pub(super) use typed::{Node, Typed};
pub(super) use types::{Kind, kind};

use gluesql_core::data::Value;

use aggregate::Aggregates;
use grouping::Grouped;
use typed::Code;

use super::database::Database;
use super::evaluate::constant;
use super::relation::Relation;
use super::stop::{Evaluation, Stop};
use crate::op::{Datum, Failure};
use crate::schema::{ColumnId, Dialect, Name, QName, SqlType, Table};

/// How deep expressions and queries may nest.
const MAX_DEPTH: u32 = 96;

/// How large an expression may get.
const MAX_SIZE: u32 = 100_000;

/// Turns one statement into what GlueSQL executes.
pub(super) struct Compiler<'d> {
    /// The database.
    pub(super) db: &'d mut Database,
    /// The bound values.
    pub(super) params: &'d [(Name, Datum)],
    /// The rows that queries of the statement read.
    pub(super) scans: Vec<Scan>,
    /// The names that are visible, the innermost query last.
    scopes: Vec<Scope>,
    /// The rows of outer queries for which a query is being executed: scan and place.
    pinned: Vec<(usize, usize)>,
    /// The scan of an outer query that a query has been found to depend on.
    captured: Option<usize>,
    /// The common table expressions.
    pub(super) ctes: Vec<(String, Arc<Relation>)>,
    /// Errors of single rows, of which it is not known yet whether the statement looks at the row.
    faults: Vec<Fault>,
    /// How many `CASE` branches, `OR`s and such lie around: what stands in them may not be evaluated for every row.
    conditional: u32,
    /// The columns that a view knows, while it is read by another name of one of them.
    bound: Option<Vec<(QName, ColumnId, Name)>>,
    /// How many conditions lie around.
    conditions: u32,
    /// How many branches lie around that PostgreSQL's planning removes: no constant in them is computed.
    dead: u32,
    /// How many constants of ours PostgreSQL computes only when the statement is executed.
    stable: u32,
    /// What becomes of aggregate functions.
    aggregates: Aggregates,
    /// Whether window functions may stand here.
    windows: bool,
    /// How many values have been drawn from sequences and such.
    draws: u32,
    depth: u32,
}

/// An error of a single row.
struct Fault {
    /// The place of the row in its scan.
    row: usize,
    /// The error.
    failure: Failure,
    /// Whether the row's value may not be asked for.
    conditional: bool,
}

/// The names of one query.
#[derive(Default)]
struct Scope {
    bindings: Vec<Binding>,
    /// The rows that the query reads at this point.
    scan: Option<usize>,
    /// The types of the aggregates that were noted.
    aggregate_types: Vec<SqlType>,
    /// What they are grouped by, once they are.
    grouped: Option<Grouped>,
    /// The calls in the list that give rows, once they have been made.
    expanded: Vec<expand::ExpandedCall>,
    /// The condition of the query, where a function is called for its rows: for those that it leaves.
    selection: Option<sqlparser::ast::Expr>,
    /// The windows that have a name.
    windows: Vec<sqlparser::ast::NamedWindowDefinition>,
}

/// A `FROM` item by name.
#[derive(Clone)]
struct Binding {
    /// The alias, or the table's name.
    name: String,
    /// The scan that holds its columns.
    scan: usize,
    /// The place of its first column there.
    offset: usize,
    /// Its columns.
    columns: Vec<(Name, Option<SqlType>)>,
    /// The columns that `USING` has merged into another item's.
    merged: Vec<Name>,
    /// The table.
    table: Option<Arc<Table>>,
    /// Whether its name stands for its first column as well: it is a function that gives single values.
    scalar: bool,
}

impl<'d> Compiler<'d> {
    /// For one statement.
    pub(super) fn new(db: &'d mut Database, params: &'d [(Name, Datum)]) -> Self {
        Self {
            db,
            params,
            scans: Vec::new(),
            scopes: Vec::new(),
            pinned: Vec::new(),
            captured: None,
            ctes: Vec::new(),
            faults: Vec::new(),
            conditional: 0,
            bound: None,
            conditions: 0,
            dead: 0,
            stable: 0,
            aggregates: Aggregates::Forbidden,
            windows: false,
            draws: 0,
            depth: 0,
        }
    }

    fn dialect(&self) -> Dialect {
        self.db.catalog.dialect
    }

    /// Does something one level further in.
    fn nested<T>(&mut self, work: impl FnOnce(&mut Self) -> Evaluation<T>) -> Evaluation<T> {
        if self.depth >= MAX_DEPTH {
            return Err(Stop::unsupported("it is nested too deeply"));
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        result
    }

    /// Does something that may not be evaluated for every row.
    fn maybe<T>(&mut self, work: impl FnOnce(&mut Self) -> Evaluation<T>) -> Evaluation<T> {
        self.conditional += 1;
        let result = work(self);
        self.conditional -= 1;
        result
    }

    /// Does something that may stand where PostgreSQL's planning does not look at it.
    fn unless_dead<T>(&mut self, dead: bool, work: impl FnOnce(&mut Self) -> Evaluation<T>) -> Evaluation<T> {
        let known = self.faults.len();
        self.dead += u32::from(dead);
        let result = work(self);
        self.dead -= u32::from(dead);
        if dead {
            self.faults.truncate(known);
        }
        result
    }

    /// The value of a condition that PostgreSQL knows when it plans the statement, given how many constants it did not
    /// compute then before.
    fn planned(&self, code: &Code, stable: u32) -> Option<Value> {
        let known =
            self.dialect() == Dialect::PostgreSql && code.plain && code.scans.is_empty() && self.stable == stable;
        known.then(|| constant(&code.expr).ok()).flatten()
    }

    /// Adds a scan to the innermost query.
    pub(super) fn bind(&mut self, name: String, scan: Scan) -> usize {
        let at = self.scans.len();
        let binding = Binding {
            name,
            scan: at,
            offset: 0,
            columns: scan.columns(),
            merged: Vec::new(),
            table: scan.table().cloned(),
            scalar: false,
        };
        self.scans.push(scan);
        if self.scopes.is_empty() {
            self.open();
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.bindings.push(binding);
            scope.scan = Some(at);
        }
        at
    }

    /// Opens a query's scope.
    pub(super) fn open(&mut self) {
        self.scopes.push(Scope::default());
    }

    /// Closes it.
    fn close(&mut self) {
        self.scopes.pop();
    }

    /// The rows that the innermost query reads at this point.
    pub(super) fn scan(&self) -> Evaluation<usize> {
        let scan = self.scopes.last().and_then(|scope| scope.scan);
        scan.ok_or_else(|| Stop::unsupported("a table is out of reach"))
    }

    /// Takes a row of a scan for the one that is looked at.
    pub(super) fn pin(&mut self, scan: usize, row: usize) {
        self.pinned.push((scan, row));
    }

    /// The errors of single rows come true: all rows are looked at.
    pub(super) fn settle(&mut self) -> Evaluation<()> {
        self.settle_from(0)
    }

    /// The errors that have come since there were so many.
    fn settle_from(&mut self, first: usize) -> Evaluation<()> {
        let mut faults = self.faults.split_off(first.min(self.faults.len()));
        faults.retain(|_| self.dead == 0);
        faults.sort_by_key(|fault| fault.conditional);
        match faults.into_iter().next() {
            None => Ok(()),
            Some(fault) if fault.conditional => {
                Err(Stop::unsupported(format!("on some row it may fail: {}", fault.failure.message)))
            }
            Some(fault) => Err(Stop::from(fault.failure)),
        }
    }
}
