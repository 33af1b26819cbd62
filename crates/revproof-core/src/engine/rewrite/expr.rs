//! Expressions.

use gluesql_core::ast::Expr as Glue;
use gluesql_core::data::Value as GlueValue;
use sqlparser::ast::{
    BinaryOperator, CaseWhen, CastKind, CeilFloorKind, DateTimeField, Expr, TrimWhereField, UnaryOperator,
};

use super::conditions::{case, constant_truth, is_comparison};
use super::operators::number_as;
use super::typed::{Code, Node, Typed, combine, join};
use super::types::Kind;
use super::{Compiler, MAX_SIZE};
use crate::engine::cast::Mode;
use crate::engine::stop::{Evaluation, Stop};
use crate::op::{Datum, FailureKind};
use crate::schema::{Dialect, SqlType};
use crate::sql::sql_type;

impl Compiler<'_> {
    /// An expression.
    pub(in crate::engine) fn expr(&mut self, expr: &Expr) -> Evaluation<Typed> {
        if let Some(key) = self.written_key(expr)? {
            return Ok(key);
        }
        if let Some(column) = self.expanded_call(expr)? {
            return Ok(column);
        }
        let typed = self.nested(|this| this.expr_here(expr))?;
        if matches!(&typed.node, Node::Code(code) if code.size > MAX_SIZE) {
            return Err(Stop::unsupported("an expression is too large"));
        }
        Ok(typed)
    }

    fn expr_here(&mut self, expr: &Expr) -> Evaluation<Typed> {
        match expr {
            Expr::Identifier(ident) => {
                // SQLite reads a quoted name that is no column as text.
                if self.dialect() == Dialect::Sqlite && ident.quote_style == Some('"') && !self.is_column(ident) {
                    return Ok(Typed { node: Node::Const(Datum::Text(ident.value.as_str().into())), ty: None });
                }
                self.column(std::slice::from_ref(ident))
            }
            Expr::CompoundIdentifier(parts) => self.column(parts),
            Expr::Nested(inner) => self.expr(inner),
            Expr::Value(value) => self.literal(&value.value),
            Expr::UnaryOp { op: op @ (UnaryOperator::Minus | UnaryOperator::Plus), expr } => self.sign(*op, expr),
            Expr::BinaryOp { op, .. }
                if is_comparison(op) || matches!(op, BinaryOperator::And | BinaryOperator::Or) =>
            {
                self.truth_value(expr)
            }
            Expr::UnaryOp { op: UnaryOperator::Not, .. }
            | Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::IsTrue(_)
            | Expr::IsNotTrue(_)
            | Expr::IsFalse(_)
            | Expr::IsNotFalse(_)
            | Expr::IsDistinctFrom(..)
            | Expr::IsNotDistinctFrom(..)
            | Expr::Between { .. }
            | Expr::InList { .. }
            | Expr::InSubquery { .. }
            | Expr::AnyOp { .. }
            | Expr::AllOp { .. }
            | Expr::Exists { .. }
            | Expr::Like { .. }
            | Expr::ILike { .. } => self.truth_value(expr),
            Expr::UnaryOp { op: UnaryOperator::BitwiseNot, expr } => {
                let value = self.expr(expr)?;
                self.bits_turned(value)
            }
            Expr::BinaryOp { left, op, right } => self.operator(left, op, right),
            Expr::Cast { kind: CastKind::Cast | CastKind::DoubleColon, expr, data_type, format: None, .. } => {
                self.cast_to(expr, data_type)
            }
            Expr::TypedString(typed) => {
                let literal = self.literal(&typed.value.value)?;
                let ty = sql_type(&typed.data_type, self.dialect());
                self.coerce(literal, &ty, Mode::Literal)
            }
            Expr::Interval(interval) => self.interval(interval),
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref())
            }
            Expr::Subquery(query) => self.scalar_subquery(query),
            Expr::Function(function) => self.function(function),
            Expr::Substring { expr, substring_from, substring_for, .. } => {
                let mut args = vec![self.expr(expr)?];
                match substring_from {
                    Some(from) => args.push(self.expr(from)?),
                    None if substring_for.is_some() => args.push(Typed::constant(Datum::Int(1))),
                    None => {}
                }
                if let Some(count) = substring_for {
                    args.push(self.expr(count)?);
                }
                let pattern = args.get(1).is_some_and(|arg| arg.kind(self.dialect()) == Kind::Text) && args.len() == 2;
                self.call(if pattern { "substring" } else { "substr" }, args)
            }
            Expr::Trim { trim_where, trim_what, expr, trim_characters } => {
                let name = match trim_where {
                    None | Some(TrimWhereField::Both) => "btrim",
                    Some(TrimWhereField::Leading) => "ltrim",
                    Some(TrimWhereField::Trailing) => "rtrim",
                };
                let mut args = vec![self.expr(expr)?];
                if let Some(what) = trim_what.as_deref().or_else(|| trim_characters.as_ref().and_then(|c| c.first())) {
                    args.push(self.expr(what)?);
                }
                self.call(name, args)
            }
            Expr::Position { expr, r#in } => {
                let args = vec![self.expr(r#in)?, self.expr(expr)?];
                self.call("position", args)
            }
            Expr::Ceil { expr, field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) } => {
                let args = vec![self.expr(expr)?];
                self.call("ceil", args)
            }
            Expr::Floor { expr, field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) } => {
                let args = vec![self.expr(expr)?];
                self.call("floor", args)
            }
            Expr::Extract { field, expr, .. } => {
                let field = Typed::constant(Datum::Text(field.to_string().to_lowercase().into()));
                let args = vec![field, self.expr(expr)?];
                self.call("extract", args)
            }
            Expr::AtTimeZone { timestamp, time_zone } => self.at_time_zone(timestamp, time_zone),
            Expr::Array(array) => self.array(&array.elem),
            Expr::Collate { expr: inner, collation } => {
                let value = self.expr(inner)?;
                let ty = value.ty.clone().unwrap_or(SqlType::Text(crate::schema::TextSize::Plain));
                let why = format!("the expression {expr} is not supported");
                let known = is_collation(&collation.to_string(), self.dialect());
                if known { self.beyond(&value, ty, &why) } else { Err(Stop::unsupported(why)) }
            }
            Expr::CompoundFieldAccess { root, access_chain } => self.subscript(root, access_chain),
            other => {
                let shown: String = other.to_string().chars().take(60).collect();
                Err(Stop::unsupported(format!("the expression {shown} is not supported")))
            }
        }
    }

    /// A condition as a value.
    fn truth_value(&mut self, expr: &Expr) -> Evaluation<Typed> {
        let code = self.condition(expr)?;
        self.condition_value(code)
    }

    fn sign(&mut self, op: UnaryOperator, expr: &Expr) -> Evaluation<Typed> {
        if let Some(literal) = self.signed(op, expr)? {
            return Ok(literal);
        }
        let value = self.expr(expr)?;
        if op == UnaryOperator::Plus || value.is_null() {
            return Ok(value);
        }
        if self.dialect() == Dialect::PostgreSql && value.ty.is_some() && !value.kind(self.dialect()).is_number() {
            return match value.ty {
                Some(SqlType::Interval { .. }) => {
                    self.arithmetic(value, &BinaryOperator::Multiply, Typed::constant(Datum::Int(-1)))
                }
                _ => Err(Stop::unsupported("the sign of a value of this type is not supported")),
            };
        }
        let zero = Typed { node: Node::Const(Datum::Int(0)), ty: value.ty.clone() };
        self.arithmetic(zero, &BinaryOperator::Minus, value)
    }

    fn cast_to(&mut self, expr: &Expr, data_type: &sqlparser::ast::DataType) -> Evaluation<Typed> {
        let dialect = self.dialect();
        let name = data_type.to_string().to_lowercase();
        if name == "regclass" {
            // Only names of sequences are handed on as text, to the functions that take them.
            let value = self.expr(expr)?;
            return match value.as_const() {
                Some(Datum::Text(_)) => Ok(Typed { ty: Some(SqlType::Builtin("REGCLASS".into())), ..value }),
                _ => Err(Stop::unsupported("a cast to regclass is not supported")),
            };
        }
        if name == "bpchar" {
            let value = self.expr(expr)?;
            return self.beyond(&value, SqlType::Char(None), "a cast to bpchar is not supported");
        }
        let ty = self.known_type(sql_type(data_type, dialect));
        let ty = match ty {
            // What the input function of a type takes: `uuid_in(md5(random()::text)::cstring)`.
            _ if name == "cstring" => SqlType::Text(crate::schema::TextSize::Plain),
            SqlType::Builtin(name) if dialect == Dialect::Sqlite => SqlType::Builtin(name),
            SqlType::Builtin(_) | SqlType::Bit { .. } if dialect == Dialect::PostgreSql => {
                let value = self.expr(expr)?;
                let text = value.kind(dialect) == Kind::Text;
                let why = format!("a cast to {name} is not supported");
                return if text { self.beyond(&value, ty, &why) } else { Err(Stop::unsupported(why)) };
            }
            SqlType::Builtin(_) | SqlType::Named(..) | SqlType::Unknown | SqlType::Bit { .. } => {
                return Err(Stop::unsupported(format!("a cast to {name} is not supported")));
            }
            // MySQL's CAST knows other names of types.
            SqlType::Char(None) if dialect == Dialect::MySql => SqlType::Text(crate::schema::TextSize::Long),
            ty => ty,
        };
        if dialect == Dialect::MySql && !matches!(ty, SqlType::Text(_) | SqlType::Char(_) | SqlType::VarChar(_)) {
            return Err(Stop::unsupported(format!("a cast to {name} is not supported")));
        }
        let value = self.expr(expr)?;
        self.coerce(value, &ty, Mode::Explicit)
    }

    /// A type that the catalog knows as an enum is one.
    fn known_type(&self, ty: SqlType) -> SqlType {
        let enumerated = |name: &crate::schema::QName| self.db.catalog.enums.contains_key(name);
        match ty {
            SqlType::Named(name, args) if args.is_empty() && enumerated(&name) => SqlType::Enum(name),
            SqlType::Array(item) => SqlType::Array(Box::new(self.known_type(*item))),
            ty => ty,
        }
    }

    fn interval(&mut self, interval: &sqlparser::ast::Interval) -> Evaluation<Typed> {
        let value = self.expr(&interval.value)?;
        let Some(text) = value.as_const().map(|d| crate::engine::value::text(d).into_owned()) else {
            return Err(Stop::unsupported("an interval that is no literal is not supported"));
        };
        if interval.last_field.is_some() || self.dialect() != Dialect::PostgreSql {
            return Err(Stop::unsupported("an interval of this form is not supported"));
        }
        let unit = interval.leading_field.as_ref().map(|field| format!(" {}", field.to_string().to_lowercase()));
        let text = format!("{text}{}", unit.unwrap_or_default());
        let shown = crate::engine::functions::interval_text(&text);
        let shown = shown.ok_or_else(|| Stop::unsupported(format!("the interval {text} is not supported")))?;
        Ok(Typed::constant(Datum::Interval(shown.into())))
    }

    pub(super) fn case(
        &mut self,
        operand: Option<&Expr>,
        arms: &[CaseWhen],
        otherwise: Option<&Expr>,
    ) -> Evaluation<Typed> {
        let operand = operand.map(|o| self.expr(o)).transpose()?;
        let mut conditions = Vec::with_capacity(arms.len());
        let mut values = Vec::with_capacity(arms.len() + 1);
        let mut open = self.all_places();
        let (mut dead, stable) = (false, self.stable);
        for arm in arms {
            let (condition, chosen) = self.unless_dead(dead, |this| {
                this.on_places(&open, |this| {
                    let condition = match &operand {
                        Some(operand) => {
                            let value = this.expr(&arm.condition)?;
                            this.compare(operand.clone(), &BinaryOperator::Eq, value)?
                        }
                        None => this.filter(&arm.condition, false)?,
                    };
                    let chosen = this.true_places(&condition)?;
                    Ok((condition, chosen))
                })
            })?;
            let planned = self.planned(&condition, stable);
            let taken: Vec<usize> = open.iter().copied().filter(|at| chosen.binary_search(at).is_ok()).collect();
            let untaken = dead || planned.as_ref().is_some_and(|value| *value != GlueValue::Bool(true));
            values.push(self.unless_dead(untaken, |this| this.on_places(&taken, |this| this.expr(&arm.result)))?);
            dead = dead || planned == Some(GlueValue::Bool(true));
            open.retain(|at| chosen.binary_search(at).is_err());
            conditions.push(condition);
        }
        values.push(match otherwise {
            Some(expr) => self.unless_dead(dead, |this| this.on_places(&open, |this| this.expr(expr)))?,
            None => Typed::null(),
        });
        self.choose(&conditions, values)
    }

    /// The places of all rows that the query reads.
    pub(in crate::engine) fn all_places(&self) -> Vec<usize> {
        (0..self.scan().map_or(1, |scan| self.length(scan))).collect()
    }

    /// The places of the rows for which a condition holds.
    pub(in crate::engine) fn true_places(&mut self, code: &Code) -> Evaluation<Vec<usize>> {
        match self.scan() {
            Ok(scan) => self.places(code, scan),
            Err(_) => Ok(if constant_truth(code)? { vec![0] } else { Vec::new() }),
        }
    }

    /// Reads something that is only evaluated for the rows at these places: errors of others do not count. Where that
    /// is no row at all, an error of a constant does not count either.
    pub(in crate::engine) fn on_places<T>(
        &mut self,
        places: &[usize],
        work: impl FnOnce(&mut Self) -> Evaluation<T>,
    ) -> Evaluation<T> {
        let known = self.faults.len();
        let result = work(self);
        let new = self.faults.split_off(known.min(self.faults.len()));
        self.faults.extend(new.into_iter().filter(|fault| places.binary_search(&fault.row).is_ok()));
        match result {
            Err(Stop::Fail(failure)) if places.is_empty() && failure.kind == FailureKind::InvalidValue => {
                Err(Stop::unsupported("an expression that fails, but is not evaluated"))
            }
            result => result,
        }
    }

    /// A value by conditions: the first that holds picks its value, the last value is for none.
    pub(super) fn choose(&mut self, conditions: &[Code], values: Vec<Typed>) -> Evaluation<Typed> {
        let dialect = self.dialect();
        let (values, ty) = match dialect {
            // There, each branch keeps its own type.
            Dialect::Sqlite => (values, Some(SqlType::None)),
            _ => self.alike(values)?,
        };
        let mut lowered = Vec::with_capacity(values.len());
        for value in &values {
            lowered.push(value.lower(dialect)?);
        }
        let otherwise = lowered.pop().unwrap_or(Glue::Value(GlueValue::Null));
        let parts: Vec<&Typed> = values.iter().collect();
        let of_values = combine(Glue::Value(GlueValue::Null), &parts);
        let arms = conditions.iter().map(|c| c.expr.clone()).zip(lowered).collect();
        let mut all: Vec<&Code> = conditions.iter().collect();
        all.push(&of_values);
        let code = join(case(arms, otherwise), &all);
        let is_open = ty.is_none() && dialect != Dialect::PostgreSql;
        let value = self.folded(code, ty.unwrap_or(SqlType::Text(crate::schema::TextSize::Plain)))?;
        // Nothing but literals without a type: PostgreSQL takes them for text, elsewhere they may be anything still.
        Ok(if is_open && value.as_const().is_some() {
            Typed { ty: None, ..value }
        } else {
            self.without_affinity(value)
        })
    }

    /// Values brought to one type, as the branches of a `CASE` are.
    pub(super) fn alike(&mut self, values: Vec<Typed>) -> Evaluation<(Vec<Typed>, Option<SqlType>)> {
        let dialect = self.dialect();
        let mut widest: Option<Typed> = None;
        for value in values.iter().filter(|v| v.ty.is_some()) {
            let wider = match &widest {
                None => true,
                Some(so_far) => rank(value.kind(dialect)) > rank(so_far.kind(dialect)),
            };
            if wider {
                widest = Some(value.clone());
            }
        }
        let Some(widest) = widest else { return Ok((values, None)) };
        let (kind, Some(ty)) = (widest.kind(dialect), widest.ty.clone()) else { return Ok((values, None)) };
        // For PostgreSQL a literal is of the type without its length or scale.
        let literal = |value: &Typed| value.ty.is_none() && dialect != Dialect::PostgreSql;
        let ty =
            if values.iter().all(|v| literal(v) || v.ty.as_ref() == Some(&ty)) { ty } else { unsized_type(ty, kind) };
        let mut out = Vec::with_capacity(values.len());
        for value in values {
            out.push(match value.kind(dialect) {
                _ if value.is_null() => Typed::constant_of(Datum::Null, ty.clone()),
                _ if value.ty.is_none() => self.coerce(value, &ty, Mode::Literal)?,
                k if k == kind => Typed { ty: Some(ty.clone()), ..value },
                k if k.is_number() && kind.is_number() => number_as(value, kind, dialect)?,
                Kind::Date if kind == Kind::Timestamp => self.coerce(value, &ty, Mode::Explicit)?,
                _ if dialect == Dialect::PostgreSql => {
                    return Err(Stop::fail(FailureKind::DatatypeMismatch, "CASE types cannot be matched"));
                }
                _ => return Err(Stop::unsupported("values of different types in one expression are not supported")),
            });
        }
        Ok((out, Some(ty)))
    }

    /// `AT TIME ZONE 'utc'`: the only zone that is simulated.
    fn at_time_zone(&mut self, timestamp: &Expr, zone: &Expr) -> Evaluation<Typed> {
        let zone = self.expr(zone)?;
        let utc = matches!(zone.as_const(), Some(Datum::Text(t)) if t.eq_ignore_ascii_case("utc") || t.eq_ignore_ascii_case("gmt"));
        let value = self.expr(timestamp)?;
        let Some(SqlType::Timestamp { precision, tz }) = value.ty.clone() else {
            return Err(Stop::unsupported("this AT TIME ZONE is not supported"));
        };
        let ty = SqlType::Timestamp { precision, tz: !tz };
        if !utc {
            let named = zone.as_const().filter(|_| zone.kind(self.dialect()) == Kind::Text);
            return match named {
                Some(Datum::Text(zone)) => self.beyond(&value, ty, &format!("the time zone {zone} is not simulated")),
                _ => Err(Stop::unsupported("this AT TIME ZONE is not supported")),
            };
        }
        if value.as_const().is_some() {
            return self.coerce(value, &ty, Mode::Explicit);
        }
        Ok(Typed { ty: Some(ty), ..value })
    }
}

/// Whether a collation is one that every server has.
fn is_collation(name: &str, dialect: Dialect) -> bool {
    match dialect {
        Dialect::PostgreSql => matches!(name, "\"C\"" | "\"POSIX\"" | "\"default\"" | "\"ucs_basic\""),
        Dialect::Sqlite => {
            ["binary", "nocase", "rtrim"].iter().any(|known| name.trim_matches('"').eq_ignore_ascii_case(known))
        }
        Dialect::MySql => false,
    }
}

/// Which kind of number takes the others in.
fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Decimal | Kind::Timestamp => 1,
        Kind::Float => 2,
        _ => 0,
    }
}

/// A type without its length or scale.
pub(super) fn unsized_type(ty: SqlType, kind: Kind) -> SqlType {
    match (kind, ty) {
        (Kind::Int, SqlType::BigInt) => SqlType::BigInt,
        (Kind::Decimal, _) => SqlType::Numeric(None, None),
        (Kind::Text, SqlType::Enum(name)) => SqlType::Enum(name),
        (Kind::Text, _) => SqlType::Text(crate::schema::TextSize::Plain),
        (_, ty) => ty,
    }
}
