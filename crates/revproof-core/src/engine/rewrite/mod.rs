//! The typed rewrite: [`Compiler`] turns what sqlparser read into GlueSQL's own AST. Names are resolved, every
//! expression has a type, casts stand where types differ, and what is off the whitelist stops it with
//! [`Stop::Unsupported`]: never a wrong row.
//!
//! Every `FROM` item becomes a [`Scan`], whose rows lie ready. So what GlueSQL lacks can be computed here, row by row,
//! into a further column of the scan that its arguments come from.

mod aggregate;
mod calls;
mod conditions;
mod expr;
mod from;
mod literals;
mod names;
mod operators;
mod rowwise;
mod scan;
mod select;
mod sets;
mod typed;
mod types;

use std::sync::Arc;

pub(super) use names::{find_column, find_table, fold, qualified_name};
pub(super) use scan::Scan;
pub(super) use select::Planned;
pub(super) use typed::{Node, Typed};
pub(super) use types::{Kind, from_value, kind};

use super::database::Database;
use super::relation::Relation;
use super::stop::{Evaluation, Stop};
use crate::op::{Datum, Failure};
use crate::schema::{Dialect, Name, SqlType};

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
    /// The `FROM` items of all queries of the statement.
    pub(super) scans: Vec<Scan>,
    /// The names that are visible, the innermost query last.
    scopes: Vec<Scope>,
    /// The common table expressions.
    pub(super) ctes: Vec<(String, Arc<Relation>)>,
    /// Errors of single rows, of which it is not known yet whether the statement looks at the row.
    faults: Vec<Fault>,
    /// How many `CASE` branches, `OR`s and such lie around: what stands in them may not be evaluated for every row.
    conditional: u32,
    /// How many conditions lie around.
    conditions: u32,
    /// Whether aggregate functions may stand here.
    aggregates: bool,
    /// Whether the query filters rows, so that a volatile function must not be called for each of them.
    filtered: bool,
    depth: u32,
}

/// An error of a single row.
struct Fault {
    /// The scan.
    scan: usize,
    /// The place of the row.
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
    /// Whether a query further in has used a name of a query further out than this one.
    captured: bool,
}

/// A `FROM` item by name.
#[derive(Clone)]
struct Binding {
    /// The alias, or the table's name.
    name: String,
    /// Its scan.
    scan: usize,
    /// Its columns.
    columns: Vec<(Name, Option<SqlType>)>,
    /// The columns that `USING` has merged into another item's.
    merged: Vec<Name>,
}

impl<'d> Compiler<'d> {
    /// For one statement.
    pub(super) fn new(db: &'d mut Database, params: &'d [(Name, Datum)]) -> Self {
        Self {
            db,
            params,
            scans: Vec::new(),
            scopes: Vec::new(),
            ctes: Vec::new(),
            faults: Vec::new(),
            conditional: 0,
            conditions: 0,
            aggregates: false,
            filtered: false,
            depth: 0,
        }
    }

    /// The first `FROM` item of the innermost query.
    pub(super) fn first_binding(&self) -> Option<usize> {
        self.scopes.last().and_then(|scope| scope.bindings.first()).map(|binding| binding.scan)
    }

    /// Says whether the statement looks at some rows only.
    pub(super) fn filter_rows(&mut self, filtered: bool) {
        self.filtered = filtered;
    }

    /// Whether some row has an error so far.
    pub(super) fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// An expression as GlueSQL's.
    pub(super) fn lowered(&self, value: &Typed) -> Evaluation<gluesql_core::ast::Expr> {
        value.lower(self.dialect())
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

    /// Adds a scan to the innermost query.
    pub(super) fn bind(&mut self, name: String, scan: Scan) -> usize {
        let at = self.scans.len();
        let binding = Binding { name, scan: at, columns: scan.columns(), merged: Vec::new() };
        self.scans.push(scan);
        match self.scopes.last_mut() {
            Some(scope) => scope.bindings.push(binding),
            None => self.scopes.push(Scope { bindings: vec![binding], captured: false }),
        }
        at
    }

    /// Opens a query's scope.
    pub(super) fn open(&mut self) {
        self.scopes.push(Scope::default());
    }

    /// Closes it; whether something in it used a name from further out.
    pub(super) fn close(&mut self) -> bool {
        self.scopes.pop().is_some_and(|scope| scope.captured)
    }

    /// The errors of single rows come true where the statement looks at those rows: `seen` are the places in the
    /// scan that it looks at, `None` meaning that this is not known.
    pub(super) fn settle(&mut self, seen: Option<(usize, &[i64])>) -> Evaluation<()> {
        for fault in std::mem::take(&mut self.faults) {
            let looked_at = seen.map(|(scan, numbers)| {
                let number = self.scans.get(fault.scan).and_then(|s| s.number(fault.row));
                (scan == fault.scan).then(|| number.is_some_and(|n| numbers.contains(&n)))
            });
            match looked_at {
                Some(Some(false)) => {}
                Some(Some(true)) if !fault.conditional => return Err(Stop::from(fault.failure)),
                _ => return Err(Stop::unsupported(format!("on some row it may fail: {}", fault.failure.message))),
            }
        }
        Ok(())
    }
}
