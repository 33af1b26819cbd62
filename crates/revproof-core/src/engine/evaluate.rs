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

/// The values of expressions on each row of a scan for which a condition is true. `alias` is the name by which the
/// expressions know the scan.
pub(super) fn on_rows(
    scan: &Scan,
    alias: &str,
    exprs: &[Expr],
    condition: Option<&Expr>,
) -> Evaluation<Vec<Vec<Value>>> {
    let exprs: Vec<Wanted> = exprs.iter().map(|expr| Wanted::new(expr, scan, alias)).collect();
    let condition = condition.map(|expr| Wanted::new(expr, scan, alias));
    let columns: Rc<[String]> = Rc::from(scan.names());
    let mut found = Vec::with_capacity(scan.len());
    for at in 0..scan.len() {
        // What takes no more than a look at the columns needs no row.
        let row = OnceCell::new();
        let compute = |wanted: &Wanted| match wanted {
            Wanted::Column(column) => Ok(scan.value(at, *column)),
            Wanted::Computed(expr) => {
                let row = row.get_or_init(|| Row { columns: columns.clone(), values: scan.row(at) });
                let context = RowContext::new(alias, Cow::Borrowed(row), None);
                evaluated(evaluate_stateless(Some(context), expr).and_then(Value::try_from))
            }
        };
        match condition.as_ref().map(compute).transpose()? {
            None | Some(Value::Bool(true)) => {}
            Some(Value::Bool(false) | Value::Null) => continue,
            Some(_) => return Err(Stop::unsupported("a condition that is neither true nor false")),
        }
        found.push(exprs.iter().map(compute).collect::<Evaluation<Vec<Value>>>()?);
    }
    Ok(found)
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
