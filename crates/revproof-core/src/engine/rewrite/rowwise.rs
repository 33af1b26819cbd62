//! What GlueSQL lacks is computed here: a function of one row's values becomes a further column of its scan.

use gluesql_core::ast::Expr;
use gluesql_core::data::Value;

use super::Compiler;
use super::identity::{hidden, is_identity};
use super::typed::{Code, Node, Typed};
use super::types::{Kind, from_value, kind, to_value};
use crate::engine::cast::{CastError, Mode, convert, type_name};
use crate::engine::evaluate::{Prepared, constant};
use crate::engine::stop::{Evaluation, Stop};
use crate::op::{Datum, Failure, FailureKind};
use crate::schema::{Dialect, SqlType};

impl Compiler<'_> {
    /// A function of values that is computed here.
    pub(super) fn rowwise(
        &mut self,
        args: &[Typed],
        ty: SqlType,
        function: impl Fn(&mut Self, &[Datum]) -> Evaluation<Datum>,
    ) -> Evaluation<Typed> {
        if ty != SqlType::Boolean && args.iter().any(|arg| is_identity(arg.ty.as_ref())) {
            return Err(hidden());
        }
        if let Some(values) = args.iter().map(Typed::as_const).collect::<Option<Vec<_>>>() {
            let values: Vec<Datum> = values.into_iter().cloned().collect();
            return match function(self, &values) {
                Err(Stop::Fail(failure)) if self.dead > 0 && failure.kind == FailureKind::InvalidValue => {
                    Ok(Typed::constant_of(Datum::Null, ty))
                }
                value => value.map(|datum| Typed::constant_of(datum, ty)),
            };
        }
        let mut scans: Vec<usize> = args.iter().flat_map(|arg| arg.scans().iter().copied()).collect();
        scans.dedup();
        let &[scan] = scans.as_slice() else {
            return Err(Stop::unsupported("a function of values of several tables"));
        };
        let (to, len, faults) = (kind(&ty, self.dialect()), self.length(scan), self.faults.len());
        let prepared = self.prepared(args, scan)?;
        let mut values = Vec::with_capacity(len);
        for at in 0..len {
            let given = self.values_at(&prepared, args, scan, at);
            if given.is_err() {
                self.faults.truncate(faults);
            }
            let value = function(self, &given?);
            values.push(self.value_or_fault(at, value, to)?);
        }
        self.new_column(scan, ty, values)
    }

    /// A column of a scan whose values are computed one by one.
    pub(super) fn computed(
        &mut self,
        scan: usize,
        ty: SqlType,
        len: usize,
        function: impl Fn(&mut Self, usize) -> Evaluation<Datum>,
    ) -> Evaluation<Typed> {
        let to = kind(&ty, self.dialect());
        let mut values = Vec::with_capacity(len);
        for row in 0..len {
            let value = function(self, row);
            values.push(self.value_or_fault(row, value, to)?);
        }
        self.new_column(scan, ty, values)
    }

    /// A computed value of a row. One that fails is a fault of the row.
    fn value_or_fault(&mut self, row: usize, value: Evaluation<Datum>, to: Kind) -> Evaluation<Value> {
        match value {
            Ok(datum) => to_value(&datum, to).map_err(Stop::Unsupported),
            Err(Stop::Fail(failure)) => {
                self.fault(row, *failure);
                Ok(Value::Null)
            }
            Err(stop) => Err(stop),
        }
    }

    fn new_column(&mut self, scan: usize, ty: SqlType, values: Vec<Value>) -> Evaluation<Typed> {
        let Some(source) = self.scans.get_mut(scan) else { return Err(Stop::unsupported("a table is out of reach")) };
        let expr = Expr::CompoundIdentifier { alias: format!("t{scan}"), ident: source.compute(values) };
        Ok(Code { expr, scans: vec![scan], plain: true, size: 1 }.typed(ty))
    }

    /// The values of expressions on each row of a scan.
    pub(in crate::engine) fn values(&mut self, args: &[Typed], scan: usize) -> Evaluation<Vec<Vec<Datum>>> {
        let prepared = self.prepared(args, scan)?;
        (0..self.length(scan)).map(|at| self.values_at(&prepared, args, scan, at)).collect()
    }

    /// Expressions, ready to be evaluated on the rows of a scan.
    fn prepared(&self, args: &[Typed], scan: usize) -> Evaluation<Prepared> {
        let code = |arg: &Typed| match &arg.node {
            Node::Const(_) => None,
            Node::Code(code) => Some(code.expr.clone()),
        };
        let exprs: Vec<Expr> = args.iter().filter_map(code).collect();
        let source = self.scans.get(scan).ok_or_else(|| Stop::unsupported("a table is out of reach"))?;
        Ok(Prepared::new(source, format!("t{scan}"), &exprs, None))
    }

    /// The values of prepared expressions on one row.
    fn values_at(&self, prepared: &Prepared, args: &[Typed], scan: usize, at: usize) -> Evaluation<Vec<Datum>> {
        let dialect = self.dialect();
        let source = self.scans.get(scan).ok_or_else(|| Stop::unsupported("a table is out of reach"))?;
        let mut computed = prepared.row(source, at)?.unwrap_or_default().into_iter();
        let value = |arg: &Typed| match &arg.node {
            Node::Const(datum) => datum.clone(),
            Node::Code(_) => computed.next().map_or(Datum::Null, |value| from_value(value, arg.ty.as_ref(), dialect)),
        };
        Ok(args.iter().map(value).collect())
    }

    /// The values of an expression on each row that the query reads.
    pub(in crate::engine) fn values_of(&mut self, value: &Typed) -> Evaluation<Vec<Datum>> {
        let scan = self.scan()?;
        let rows = self.values(std::slice::from_ref(value), scan)?;
        Ok(rows.into_iter().map(|mut row| row.pop().unwrap_or(Datum::Null)).collect())
    }

    /// The value of an expression on the one row that the query reads.
    pub(in crate::engine) fn only_value(&mut self, value: &Typed) -> Evaluation<Datum> {
        let mut values = self.values_of(value)?;
        self.settle()?;
        Ok(values.pop().unwrap_or(Datum::Null))
    }

    /// On which rows of the only scan a condition is true.
    pub(in crate::engine) fn truths_of(&mut self, code: Code) -> Evaluation<Vec<bool>> {
        let values = self.values_of(&code.typed(SqlType::Boolean))?;
        Ok(values.iter().map(|v| matches!(v, Datum::Bool(true) | Datum::Int(1))).collect())
    }

    /// Code that reads no row is a constant.
    pub(super) fn folded(&self, code: Code, ty: SqlType) -> Evaluation<Typed> {
        if !code.plain || !code.scans.is_empty() {
            return Ok(code.typed(ty));
        }
        let value = constant(&code.expr)?;
        let datum = from_value(value, Some(&ty), self.dialect());
        Ok(Typed::constant_of(datum, ty))
    }

    /// An expression brought to a type.
    pub(in crate::engine) fn coerce(&mut self, typed: Typed, to: &SqlType, mode: Mode) -> Evaluation<Typed> {
        let dialect = self.dialect();
        if typed.is_null() {
            return Ok(Typed::constant_of(Datum::Null, to.clone()));
        }
        let from = typed.ty.clone();
        let mode = if from.is_none() && mode == Mode::Assignment { Mode::Literal } else { mode };
        let unchanged = from.as_ref().is_some_and(|from| is_subtype(from, to));
        if unchanged && dialect != Dialect::Sqlite {
            return Ok(Typed { ty: Some(to.clone()), ..typed });
        }
        if dialect == Dialect::PostgreSql
            && let (Some(from), Some(to_name)) = (&from, unfit(from.as_ref(), to, mode))
        {
            let message = format!("cannot cast type {} to {to_name}", type_name(from));
            return Err(Stop::fail(FailureKind::DatatypeMismatch, message));
        }
        let target = to.clone();
        // The text of a single-precision number has fewer digits than its value, and that of CHAR(n) has blanks.
        let single = is_single(from.as_ref()) && !is_single(Some(to));
        // PostgreSQL reads literals before it plans, and moments and such only when it executes the statement.
        let is_literal = from.is_none();
        let executed = dialect == Dialect::PostgreSql && !is_literal && typed.as_const().is_some() && is_stable(to);
        self.stable += u32::from(executed);
        let dead = self.dead;
        self.dead = if is_literal { 0 } else { dead };
        let result = self.rowwise(&[typed], to.clone(), move |compiler, values| {
            let Some(value) = values.first() else { return Ok(Datum::Null) };
            let widened = match value {
                Datum::Float(f) if single && dialect == Dialect::PostgreSql => Some(widened(*f, &target)),
                _ => None,
            };
            let value = widened.as_ref().unwrap_or(value);
            convert(&compiler.db.catalog, value, from.as_ref(), &target, mode).map_err(|error| stop(error, &target))
        });
        self.dead = dead;
        match (result, self.scan()) {
            (Err(stop @ Stop::Fail(_)), Ok(scan)) if executed => self.failing(scan, to, &stop),
            (result, _) => result,
        }
    }

    /// A constant that fails where there is a row for which it is computed.
    pub(super) fn failing(&mut self, scan: usize, ty: &SqlType, stop: &Stop) -> Evaluation<Typed> {
        let len = self.length(scan);
        if len == 0 && self.conditions > 0 {
            // The planner may compute it to guess how many rows there will be.
            return Err(Stop::unsupported(format!("without rows it may fail: {stop}")));
        }
        self.computed(scan, ty.clone(), len, |_, _| Err(stop.clone()))
    }
}

/// Whether the text of a type is read with settings of the session, so that no plan is made with it.
fn is_stable(ty: &SqlType) -> bool {
    let is_moment = matches!(kind(ty, Dialect::PostgreSql), Kind::Date | Kind::Time | Kind::Timestamp);
    is_moment || matches!(ty, SqlType::Interval { .. } | SqlType::Enum(_) | SqlType::Array(_))
}

/// Whether a type is that of single-precision numbers.
pub(in crate::engine) fn is_single(ty: Option<&SqlType>) -> bool {
    matches!(ty, Some(SqlType::Real)) || matches!(ty, Some(SqlType::Float(Some(p))) if *p < 25)
}

/// A single-precision number, which we keep with the digits that it prints, where another type is wanted.
#[expect(clippy::cast_possible_truncation, reason = "it is a single-precision number")]
fn widened(f: f64, to: &SqlType) -> Datum {
    match to {
        SqlType::Text(_) | SqlType::VarChar(_) | SqlType::Char(_) if f.abs() >= 1e6 && f.is_finite() => {
            let shown = format!("{:e}", f as f32);
            let (mantissa, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
            Datum::Text(format!("{mantissa}e+{exponent:0>2}").into())
        }
        SqlType::Text(_) | SqlType::VarChar(_) | SqlType::Char(_) => Datum::Float(f),
        SqlType::Numeric(..) | SqlType::Decimal(..) => {
            // Six digits that say something are kept.
            Datum::Float(format!("{f:.5e}").parse().unwrap_or(f))
        }
        _ => Datum::Float(f64::from(f as f32)),
    }
}

/// Whether values of one type are values of the other as they are.
fn is_subtype(from: &SqlType, to: &SqlType) -> bool {
    from == to
        || matches!(
            (from, to),
            (SqlType::SmallInt | SqlType::TinyInt, SqlType::Integer | SqlType::BigInt)
                | (SqlType::Integer, SqlType::BigInt)
                | (
                    SqlType::VarChar(_) | SqlType::Char(_) | SqlType::Text(_),
                    SqlType::Text(_) | SqlType::VarChar(None)
                )
                | (SqlType::Numeric(..) | SqlType::Decimal(..), SqlType::Numeric(None, None))
                | (SqlType::Float(None), SqlType::Double)
        )
}

/// Types between which PostgreSQL has no cast at all.
fn unfit(from: Option<&SqlType>, to: &SqlType, mode: Mode) -> Option<String> {
    let number = |ty: &SqlType| {
        matches!(
            ty,
            SqlType::SmallInt
                | SqlType::Integer
                | SqlType::BigInt
                | SqlType::Numeric(..)
                | SqlType::Real
                | SqlType::Double
                | SqlType::Float(_)
        )
    };
    let moment = |ty: &SqlType| matches!(ty, SqlType::Date | SqlType::Timestamp { .. } | SqlType::Time { .. });
    let from = from?;
    let never = (number(from) && (moment(to) || matches!(to, SqlType::Uuid)))
        || (moment(from) && (number(to) || matches!(to, SqlType::Uuid | SqlType::Boolean)))
        || (matches!(from, SqlType::Boolean) && (moment(to) || matches!(to, SqlType::Uuid)))
        || (matches!(to, SqlType::Boolean) && number(from) && !matches!(from, SqlType::Integer))
        || (matches!(from, SqlType::Boolean) && number(to) && !matches!(to, SqlType::Integer))
        || (matches!(from, SqlType::Bit { varying: true, .. }) && number(to))
        || matches!((from, to), (SqlType::Enum(a), SqlType::Enum(b)) if a != b);
    (never && mode != Mode::Literal).then(|| type_name(to))
}

/// A refused cast.
pub(super) fn stop(error: CastError, to: &SqlType) -> Stop {
    match error {
        CastError::Refused(kind, message) => Stop::from(Failure::new(kind, message)),
        CastError::Mismatch(from) => {
            let message = format!("cannot cast type {from} to {}", type_name(to));
            Stop::from(Failure::new(FailureKind::DatatypeMismatch, message))
        }
        CastError::Unsupported(why) => Stop::Unsupported(why),
    }
}
