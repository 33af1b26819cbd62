//! Aggregate functions: what they are given is noted first, their results are read when the groups are there.

use sqlparser::ast::{
    DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArguments,
};

use super::Compiler;
use super::calls::plain_argument;
use super::identity::{hidden, is_identity, is_ordered_identity};
use super::rowwise::is_single;
use super::select::SortKey;
use super::typed::{Code, Typed};
use super::types::Kind;
use crate::engine::cast::Mode;
use crate::engine::functions::JsonGiven;
use crate::engine::stop::{Evaluation, Stop};
use crate::op::{Datum, FailureKind};
use crate::schema::{Dialect, SqlType, TextSize};

/// What becomes of aggregate functions.
pub(super) enum Aggregates {
    /// They may not stand here.
    Forbidden,
    /// They are noted.
    Collected(Vec<Aggregate>),
    /// They have been computed, and so many have been read.
    Taken(usize),
}

/// A call of an aggregate function.
pub(super) struct Aggregate {
    /// Its name.
    pub(super) name: String,
    /// What it is given of each row; nothing for `count(*)`.
    pub(super) args: Vec<Typed>,
    /// The rows that it looks at.
    pub(super) filter: Option<Code>,
    /// Whether equal values count once.
    pub(super) distinct: bool,
    /// The order in which it looks at them.
    pub(super) order: Vec<SortKey>,
    /// What its arguments are to SQLite's JSON functions.
    pub(super) given: Vec<JsonGiven>,
    /// The type of what it gives.
    pub(super) ty: SqlType,
}

/// Aggregate functions that are known but not simulated.
const BEYOND: [&str; 6] = ["stddev", "variance", "xmlagg", "mode", "bit_or", "bit_and"];

/// Whether a function is an aggregate.
pub(in crate::engine) fn is_aggregate(name: &str, dialect: Dialect) -> bool {
    match name {
        "count" | "sum" | "min" | "max" | "avg" => true,
        "string_agg" | "array_agg" | "bool_and" | "bool_or" | "every" | "json_agg" | "jsonb_agg"
        | "json_object_agg" | "jsonb_object_agg" => dialect == Dialect::PostgreSql,
        "group_concat" | "total" | "json_group_array" | "json_group_object" => dialect == Dialect::Sqlite,
        _ => BEYOND.contains(&name),
    }
}

/// Whether an aggregate function is simulated.
pub(super) fn is_simulated(name: &str) -> bool {
    !BEYOND.contains(&name)
}

impl Compiler<'_> {
    /// A call of an aggregate function; `None` where it is none.
    pub(super) fn aggregate(&mut self, name: &str, call: &Function) -> Evaluation<Option<Typed>> {
        let dialect = self.dialect();
        let FunctionArguments::List(list) = &call.args else { return Ok(None) };
        // SQLite's min and max of several values are no aggregates.
        let scalar = dialect == Dialect::Sqlite && matches!(name, "min" | "max") && list.args.len() > 1;
        if !is_aggregate(name, dialect) || scalar {
            return Ok(None);
        }
        let unsupported = || Stop::unsupported(format!("the aggregate {name} is not supported here"));
        if !is_simulated(name) {
            return Err(unsupported());
        }
        let mut order_by = Vec::new();
        for clause in &list.clauses {
            let FunctionArgumentClause::OrderBy(exprs) = clause else { return Err(unsupported()) };
            order_by.extend(exprs);
        }
        let aggregates = std::mem::replace(&mut self.aggregates, Aggregates::Forbidden);
        match aggregates {
            Aggregates::Forbidden => {
                let message = "aggregate functions are not allowed here";
                Err(Stop::fail(FailureKind::InvalidStatement, message))
            }
            Aggregates::Taken(number) => {
                self.aggregates = Aggregates::Taken(number + 1);
                let ty = self.taken_type(number)?;
                self.aggregate_cell(number, ty).map(Some)
            }
            Aggregates::Collected(mut found) => {
                let distinct = list.duplicate_treatment == Some(DuplicateTreatment::Distinct);
                let noted = self.noted(name, &list.args, call.filter.as_deref(), &order_by, distinct)?;
                let ty = noted.ty.clone();
                if let Some(types) = self.scopes.last_mut() {
                    types.aggregate_types.push(ty.clone());
                }
                found.push(noted);
                self.aggregates = Aggregates::Collected(found);
                Ok(Some(Typed::constant_of(Datum::Null, ty)))
            }
        }
    }

    fn taken_type(&self, number: usize) -> Evaluation<SqlType> {
        let types = self.scopes.last().and_then(|scope| scope.aggregate_types.get(number));
        types.cloned().ok_or_else(|| Stop::unsupported("an aggregate that was not there before"))
    }

    fn noted(
        &mut self,
        name: &str,
        arguments: &[FunctionArg],
        filter: Option<&Expr>,
        order_by: &[&sqlparser::ast::OrderByExpr],
        distinct: bool,
    ) -> Evaluation<Aggregate> {
        let dialect = self.dialect();
        let filter = filter.map(|f| self.filter(f, false)).transpose()?;
        let mut args = Vec::with_capacity(arguments.len());
        let star = matches!(arguments, [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)]);
        if star && (name != "count" || distinct) {
            return Err(Stop::unsupported(format!("{name}(*) is not supported")));
        }
        let mut given = Vec::with_capacity(arguments.len());
        for argument in arguments.iter().filter(|_| !star) {
            let Some(expr) = plain_argument(argument) else {
                return Err(Stop::unsupported(format!("this argument of {name} is not supported")));
            };
            given.push(self.json_given(expr));
            let value = self.expr(expr)?;
            let single = name == "avg" && is_single(value.ty.as_ref()) && dialect == Dialect::PostgreSql;
            args.push(if single { self.coerce(value, &SqlType::Double, Mode::Explicit)? } else { value });
        }
        let mut order = Vec::with_capacity(order_by.len());
        for by in order_by {
            let value = self.expr(&by.expr)?;
            order.push(self.sort_key(value, &by.options)?);
        }
        // Only rows of a group are looked at, and all of them are.
        self.settle()?;
        self.called_type(name, &mut args)?;
        let ty = self.aggregate_type(name, &args)?;
        Ok(Aggregate { name: name.to_owned(), args, filter, distinct, order, given, ty })
    }

    /// The type of what an aggregate gives.
    pub(super) fn aggregate_type(&mut self, name: &str, args: &[Typed]) -> Evaluation<SqlType> {
        let dialect = self.dialect();
        let unsupported = || Stop::unsupported(format!("{name} of this type is not supported"));
        let wrong = || Stop::fail(FailureKind::UndefinedObject, format!("function {name} of this type does not exist"));
        let Some(first) = args.first() else {
            return if name == "count" { Ok(SqlType::BigInt) } else { Err(unsupported()) };
        };
        let two = matches!(name, "string_agg" | "json_object_agg" | "jsonb_object_agg" | "json_group_object");
        if args.len() > 1 && !two && name != "group_concat" || two && args.len() != 2 {
            return Err(wrong());
        }
        let kind = first.kind(dialect);
        let ty = first.ty.clone();
        if name != "count" && is_identity(ty.as_ref()) {
            let found = matches!(name, "min" | "max") && is_ordered_identity(ty.as_ref());
            return ty.filter(|_| found).ok_or_else(hidden);
        }
        Ok(match (name, dialect) {
            ("count", _) => SqlType::BigInt,
            ("string_agg" | "group_concat" | "json_group_array" | "json_group_object", _) => {
                SqlType::Text(TextSize::Plain)
            }
            ("total", _) => SqlType::Double,
            ("bool_and" | "bool_or" | "every", _) if kind == Kind::Bool => SqlType::Boolean,
            ("jsonb_agg" | "jsonb_object_agg", _) => SqlType::Jsonb,
            ("json_agg" | "json_object_agg", _) => SqlType::Json,
            ("array_agg", _) => SqlType::Array(Box::new(ty.ok_or_else(unsupported)?)),
            ("sum" | "avg" | "min" | "max", Dialect::Sqlite) => SqlType::None,
            ("sum", _) if kind == Kind::Int => match ty {
                Some(SqlType::BigInt | SqlType::Unsigned(_)) => SqlType::Numeric(None, None),
                _ => SqlType::BigInt,
            },
            ("sum", _) if kind == Kind::Decimal => SqlType::Numeric(None, None),
            ("sum", _) if kind == Kind::Float && is_single(ty.as_ref()) => return Err(unsupported()),
            ("sum" | "avg", _) if kind == Kind::Float => SqlType::Double,
            ("avg", _) if kind.is_number() => SqlType::Numeric(None, None),
            ("min" | "max", _) => match ty.ok_or_else(unsupported)? {
                SqlType::Enum(_) => return Err(unsupported()),
                SqlType::VarChar(_) | SqlType::NVarChar(_) => SqlType::Text(TextSize::Plain),
                SqlType::Boolean | SqlType::Uuid | SqlType::Json | SqlType::Jsonb => return Err(wrong()),
                _ if kind == Kind::Opaque => return Err(unsupported()),
                SqlType::Numeric(..) | SqlType::Decimal(..) => SqlType::Numeric(None, None),
                ty => ty,
            },
            _ => return Err(wrong()),
        })
    }
}
