//! Aggregate functions.

use gluesql_core::ast::{Aggregate, AggregateFunction, CountArgExpr, Expr as Glue};
use gluesql_core::data::Value as GlueValue;
use sqlparser::ast::{DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments};

use super::Compiler;
use super::calls::plain_argument;
use super::conditions::case;
use super::operators::number_as;
use super::typed::{Code, Typed, join};
use super::types::Kind;
use crate::engine::stop::{Evaluation, Stop};
use crate::schema::{Dialect, SqlType};

/// Aggregate functions that are known but not simulated.
const BEYOND: [&str; 16] = [
    "string_agg",
    "array_agg",
    "json_agg",
    "jsonb_agg",
    "bool_and",
    "bool_or",
    "every",
    "group_concat",
    "stddev",
    "variance",
    "json_object_agg",
    "jsonb_object_agg",
    "xmlagg",
    "mode",
    "total",
    "bit_or",
];

/// Whether a function is an aggregate.
pub(in crate::engine) fn is_aggregate(name: &str) -> bool {
    matches!(name, "count" | "sum" | "min" | "max" | "avg") || BEYOND.contains(&name)
}

impl Compiler<'_> {
    /// A call of an aggregate function; `None` where it is none.
    pub(super) fn aggregate(&mut self, name: &str, call: &Function) -> Evaluation<Option<Typed>> {
        if !is_aggregate(name) {
            return Ok(None);
        }
        let unsupported = || Stop::unsupported(format!("the aggregate {name} is not supported here"));
        let FunctionArguments::List(list) = &call.args else { return Err(unsupported()) };
        let [argument] = list.args.as_slice() else {
            // SQLite's min and max of several values are no aggregates.
            return Err(unsupported());
        };
        if BEYOND.contains(&name) || !self.aggregates || !list.clauses.is_empty() {
            return Err(unsupported());
        }
        let distinct = list.duplicate_treatment == Some(DuplicateTreatment::Distinct);
        self.aggregates = false;
        let result = self.aggregate_of(name, argument, call.filter.as_deref(), distinct);
        self.aggregates = true;
        result.map(Some)
    }

    fn aggregate_of(
        &mut self,
        name: &str,
        argument: &FunctionArg,
        filter: Option<&Expr>,
        distinct: bool,
    ) -> Evaluation<Typed> {
        let dialect = self.dialect();
        let filter = filter.map(|f| self.filter(f, false)).transpose()?;
        let null = || Glue::Value(GlueValue::Null);
        // FILTER is the same as NULL for the rows that it leaves out.
        let guarded = |expr: Glue| match &filter {
            Some(filter) => case(vec![(filter.expr.clone(), expr)], null()),
            None => expr,
        };
        if let FunctionArg::Unnamed(FunctionArgExpr::Wildcard) = argument {
            if name != "count" || distinct {
                return Err(Stop::unsupported(format!("{name}(*) is not supported")));
            }
            let counted = match &filter {
                Some(_) => CountArgExpr::Expr(guarded(Glue::Value(GlueValue::I64(1)))),
                None => CountArgExpr::Wildcard,
            };
            return Ok(aggregated(AggregateFunction::Count(counted), false, filter.as_ref(), None, SqlType::BigInt));
        }
        let Some(expr) = plain_argument(argument) else {
            return Err(Stop::unsupported(format!("this argument of {name} is not supported")));
        };
        let value = self.expr(expr)?;
        let kind = value.kind(dialect);
        let Some(ty) = value.ty.clone().or_else(|| (name == "count").then_some(SqlType::Integer)) else {
            return Err(Stop::unsupported(format!("{name} of a literal is not supported")));
        };
        let numeric = || {
            kind.is_number()
                .then_some(())
                .ok_or_else(|| Stop::unsupported(format!("{name} of this type is not supported")))
        };
        let (value, ty) = match name {
            "count" => (value, SqlType::BigInt),
            "sum" => {
                numeric()?;
                (value, if kind == Kind::Int { SqlType::BigInt } else { ty })
            }
            "avg" => {
                numeric()?;
                let float = kind == Kind::Float || dialect == Dialect::Sqlite;
                let to = if float { Kind::Float } else { Kind::Decimal };
                let ty = if float { SqlType::Double } else { SqlType::Numeric(None, None) };
                (number_as(value, to, dialect)?, ty)
            }
            _ if matches!(ty, SqlType::Enum(_)) || matches!(kind, Kind::Opaque | Kind::Bool | Kind::Uuid) => {
                return Err(Stop::unsupported(format!("{name} of this type is not supported")));
            }
            _ => (value, ty),
        };
        let expr = guarded(value.lower(dialect)?);
        let function = match name {
            "count" => AggregateFunction::Count(CountArgExpr::Expr(expr)),
            "sum" => AggregateFunction::Sum(expr),
            "avg" => AggregateFunction::Avg(expr),
            "min" => AggregateFunction::Min(expr),
            _ => AggregateFunction::Max(expr),
        };
        Ok(aggregated(function, distinct, filter.as_ref(), Some(&value), ty))
    }
}

fn aggregated(
    func: AggregateFunction,
    distinct: bool,
    filter: Option<&Code>,
    value: Option<&Typed>,
    ty: SqlType,
) -> Typed {
    let expr = Glue::Aggregate(Box::new(Aggregate { func, distinct }));
    let parts: Vec<&Code> = filter.into_iter().collect();
    let mut code = join(expr, &parts);
    code.scans.extend(value.iter().flat_map(|v| v.scans().iter().copied()));
    code.scans.sort_unstable();
    code.scans.dedup();
    code.plain = false;
    code.typed(ty)
}

/// Whether an expression holds an aggregate.
pub(super) fn has_aggregate(expr: &Glue) -> bool {
    match expr {
        Glue::Aggregate(_) => true,
        _ => children(expr).into_iter().any(has_aggregate),
    }
}

/// Whether every column that an expression reads stands in an aggregate or is grouped by.
pub(super) fn is_grouped(expr: &Glue, groups: &[Glue]) -> bool {
    if groups.contains(expr) {
        return true;
    }
    match expr {
        Glue::Aggregate(_) | Glue::Value(_) => true,
        Glue::Identifier(_) | Glue::CompoundIdentifier { .. } | Glue::Subquery(_) | Glue::Exists { .. } => false,
        _ => children(expr).into_iter().all(|child| is_grouped(child, groups)),
    }
}

/// The expressions right inside an expression, of the kinds that the rewrite makes.
fn children(expr: &Glue) -> Vec<&Glue> {
    use gluesql_core::ast::Function as F;
    match expr {
        Glue::IsNull(e) | Glue::IsNotNull(e) | Glue::Nested(e) | Glue::UnaryOp { expr: e, .. } => vec![e],
        Glue::BinaryOp { left, right, .. } => vec![left, right],
        Glue::Regex { expr, pattern, .. } => vec![expr, pattern],
        Glue::Case { operand, when_then, else_result } => {
            let arms = when_then.iter().flat_map(|(when, then)| [when, then]);
            operand.iter().chain(else_result).map(AsRef::as_ref).chain(arms).collect()
        }
        Glue::Function(function) => match function.as_ref() {
            F::Lower(e) | F::Upper(e) | F::Cast { expr: e, .. } => vec![e],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
