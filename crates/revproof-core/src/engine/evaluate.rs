//! Expressions on the rows of a scan, computed by GlueSQL's evaluator. Which rows meet, and how they are grouped and sorted,
//! is our own affair, so nothing of GlueSQL reads or writes tables.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::rc::Rc;

use gluesql_core::ast::Expr;
use gluesql_core::data::{Row, Value};
use gluesql_core::error::Error;
use gluesql_core::executor::{RowContext, evaluate_stateless};
use gluesql_core::plan::{ExprPlan, plan_scalar_expr};

use super::rewrite::Scan;
use super::stop::{Evaluation, Stop};
use crate::op::FailureKind;

/// Expressions and a condition, ready to be evaluated on the rows of a scan.
pub(super) struct Prepared {
    alias: String,
    exprs: Vec<Wanted>,
    condition: Option<Wanted>,
    columns: Rc<[String]>,
}

impl Prepared {
    /// Prepares what is wanted of a scan. `alias` is the name by which the expressions know it.
    pub(super) fn new(scan: &Scan, alias: String, exprs: &[Expr], condition: Option<&Expr>) -> Self {
        let wanted = |expr: &Expr| Wanted::new(expr, scan, &alias);
        let (exprs, condition) = (exprs.iter().map(wanted).collect(), condition.map(wanted));
        Self { exprs, condition, columns: Rc::from(scan.names()), alias }
    }

    /// The values on the row at a place; `None` where the condition is not true there.
    pub(super) fn row(&self, scan: &Scan, at: usize) -> Evaluation<Option<Vec<Value>>> {
        // What takes no more than a look at the columns needs no row.
        let row = OnceCell::new();
        let compute = |wanted: &Wanted| match wanted {
            Wanted::Column(column) => Ok(scan.value(at, *column)),
            Wanted::Computed(expr) => {
                let row = row.get_or_init(|| Row { columns: self.columns.clone(), values: scan.row(at) });
                let context = RowContext::new(&self.alias, Cow::Borrowed(row), None);
                evaluated(evaluate_stateless(Some(context), expr).and_then(Value::try_from))
            }
        };
        match self.condition.as_ref().map(compute).transpose()? {
            None | Some(Value::Bool(true)) => {}
            Some(Value::Bool(false) | Value::Null) => return Ok(None),
            Some(_) => return Err(Stop::unsupported("a condition that is neither true nor false")),
        }
        self.exprs.iter().map(compute).collect::<Evaluation<_>>().map(Some)
    }
}

/// What is wanted of each row.
enum Wanted {
    /// The value in a loaded column, by its place.
    Column(usize),
    /// A value that the evaluator computes.
    Computed(ExprPlan),
}

impl Wanted {
    fn new(expr: &Expr, scan: &Scan, scan_alias: &str) -> Self {
        let column = match expr {
            Expr::CompoundIdentifier { alias, ident } if alias == scan_alias => {
                scan.names().iter().position(|name| name == ident)
            }
            _ => None,
        };
        column.map_or_else(|| Self::Computed(plan_scalar_expr(expr.clone())), Self::Column)
    }
}

/// The value of an expression that reads no row.
pub(super) fn constant(expr: &Expr) -> Evaluation<Value> {
    let plan = plan_scalar_expr(expr.clone());
    evaluated(evaluate_stateless(None, &plan).and_then(Value::try_from))
}

/// What an error of GlueSQL means.
fn evaluated(result: Result<Value, Error>) -> Evaluation<Value> {
    result.map_err(|error| {
        let sentence = error.to_string();
        if sentence.contains("divisor should not be zero") {
            return Stop::fail(FailureKind::InvalidValue, "division by zero");
        }
        Stop::unsupported(sentence)
    })
}
