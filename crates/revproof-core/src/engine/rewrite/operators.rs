//! Operators: comparison, arithmetic, concatenation, JSON access.

use std::cmp::Ordering;

use gluesql_core::ast::{BinaryOperator, DataType, Expr as Glue, Function};
use gluesql_core::data::Value as GlueValue;
use sqlparser::ast::{BinaryOperator as Op, Expr};

use super::Compiler;
use super::conditions::case;
use super::identity::{hidden, is_identity, is_ordered_identity};
use super::rowwise::is_single;
use super::typed::{Code, Node, Typed, combine};
use super::types::Kind;
use crate::ddl::unsized_type_name;
use crate::engine::cast::{Mode, affinity};
use crate::engine::defaults::sequence_name;
use crate::engine::functions::{
    add_days, add_interval, arithmetic, days_between, dynamic_order, interval_order, json_call, json_equal, json_get,
    plain_text,
};
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::system_tables::oid_of;
use crate::engine::value::{key, number};
use crate::op::{Datum, FailureKind};
use crate::schema::{Dialect, SqlType, TextSize};

const TEXT: SqlType = SqlType::Text(TextSize::Plain);

impl Compiler<'_> {
    /// `left op right`, both sides brought to one type.
    pub(super) fn compare(&mut self, left: Typed, op: &Op, right: Typed) -> Evaluation<Code> {
        let dialect = self.dialect();
        if left.is_null() || right.is_null() {
            if *op == Op::Spaceship {
                return Err(Stop::unsupported("<=> with NULL is not supported"));
            }
            return Ok(combine(Glue::Value(GlueValue::Null), &[&left, &right]));
        }
        if dialect == Dialect::Sqlite {
            return self.compare_dynamic(left, op, right);
        }
        if *op == Op::Eq && [&left, &right].iter().any(|side| side.ty == Some(SqlType::Json)) {
            return Err(self.no_operator(&left, "=", &right));
        }
        let (left, right) = self.unify(left, right, &op.to_string())?;
        if dialect == Dialect::PostgreSql && left.kind(dialect) == Kind::Opaque {
            return self.compare_opaque(left, op, right);
        }
        let glue = match op {
            Op::Eq => BinaryOperator::Eq,
            Op::NotEq => BinaryOperator::NotEq,
            Op::Lt => BinaryOperator::Lt,
            Op::LtEq => BinaryOperator::LtEq,
            Op::Gt => BinaryOperator::Gt,
            Op::GtEq => BinaryOperator::GtEq,
            other => return Err(Stop::unsupported(format!("the operator {other} is not supported"))),
        };
        let ordered = !matches!(op, Op::Eq | Op::NotEq);
        let enumerated = |side: &Typed| matches!(side.ty, Some(SqlType::Enum(_) | SqlType::InlineEnum(_)));
        let (left, right) = match ordered && (enumerated(&left) || enumerated(&right)) {
            true if dialect == Dialect::PostgreSql => (self.label_place(left)?, self.label_place(right)?),
            true => return Err(Stop::unsupported("the order of enum values is not supported")),
            false => (left, right),
        };
        let mut sides = [left.lower(dialect)?, right.lower(dialect)?];
        if dialect == Dialect::MySql && left.kind(dialect) == Kind::Text {
            // The default collations compare without regard to case.
            sides = sides.map(|side| Glue::Function(Box::new(Function::Lower(side))));
        }
        let [a, b] = sides;
        Ok(combine(Glue::BinaryOp { left: Box::new(a), op: glue, right: Box::new(b) }, &[&left, &right]))
    }

    /// A comparison on SQLite, where values and the affinities of columns decide.
    fn compare_dynamic(&mut self, left: Typed, op: &Op, right: Typed) -> Evaluation<Code> {
        if is_identity(left.ty.as_ref()) != is_identity(right.ty.as_ref()) {
            return Err(hidden());
        }
        let of = |side: &Typed| side.ty.as_ref().filter(|ty| **ty != SqlType::None).map(affinity);
        let affinities = (of(&left), of(&right));
        let op = op.clone();
        let value = self.rowwise(&[left, right], SqlType::Boolean, move |_, values| {
            let [a, b] = values else { return Ok(Datum::Null) };
            let Some(order) = dynamic_order((a, affinities.0), (b, affinities.1)) else { return Ok(Datum::Null) };
            holds(&op, order).map(Datum::Bool)
        })?;
        Ok(match value.as_const() {
            Some(Datum::Bool(b)) => combine(super::conditions::truth(*b), &[]),
            Some(_) => combine(Glue::Value(GlueValue::Null), &[]),
            None => combine(value.lower(self.dialect())?, &[&value]),
        })
    }

    /// A comparison of values that GlueSQL only carries along.
    fn compare_opaque(&mut self, left: Typed, op: &Op, right: Typed) -> Evaluation<Code> {
        let ty = left.ty.clone().or_else(|| right.ty.clone());
        let known = match &ty {
            Some(SqlType::Interval { .. }) => true,
            ty if is_ordered_identity(ty.as_ref()) => true,
            ty if is_identity(ty.as_ref()) => matches!(op, Op::Eq | Op::NotEq),
            Some(SqlType::Jsonb | SqlType::Bit { .. } | SqlType::Array(_)) => matches!(op, Op::Eq | Op::NotEq),
            _ => false,
        };
        if !known {
            return Err(Stop::unsupported("comparing values of this type is not supported"));
        }
        let op = op.clone();
        let value = self.rowwise(&[left, right], SqlType::Boolean, move |_, values| {
            let [a, b] = values else { return Ok(Datum::Null) };
            let order = match (a, b) {
                (Datum::Null, _) | (_, Datum::Null) => return Ok(Datum::Null),
                (Datum::Interval(a), Datum::Interval(b)) => interval_order(a, b)?,
                (Datum::Json(a), Datum::Json(b)) if json_equal(a, b)? => Ordering::Equal,
                (Datum::Json(_), Datum::Json(_)) => Ordering::Less,
                (Datum::Int(a), Datum::Int(b)) => a.cmp(b),
                _ if key(a, Dialect::PostgreSql) == key(b, Dialect::PostgreSql) => Ordering::Equal,
                _ => Ordering::Less,
            };
            holds(&op, order).map(Datum::Bool)
        })?;
        self.as_condition(value)
    }

    /// Two expressions brought to one type, as the operator wants it.
    pub(super) fn unify(&mut self, left: Typed, right: Typed, op: &str) -> Evaluation<(Typed, Typed)> {
        let dialect = self.dialect();
        let (left, right) = (self.object_number(left)?, self.object_number(right)?);
        match (left.ty.clone(), right.ty.clone()) {
            (None, None) => return Ok((left, right)),
            (None, Some(ty)) => return Ok((self.settle_literal(left, &ty)?, right)),
            (Some(ty), None) => {
                let right = self.settle_literal(right, &ty)?;
                return Ok((left, right));
            }
            (Some(_), Some(_)) => {}
        }
        let (a, b) = (left.kind(dialect), right.kind(dialect));
        if a == Kind::Opaque || b == Kind::Opaque {
            let exists = if dialect == Dialect::PostgreSql { Self::comparison_exists(&left, &right) } else { None };
            if exists == Some(false) {
                return Err(self.no_operator(&left, op, &right));
            }
            if left.ty != right.ty {
                return Err(Stop::unsupported("comparing values of this type is not supported"));
            }
        }
        if let (Some(SqlType::Enum(x)), Some(ty)) | (Some(ty), Some(SqlType::Enum(x))) = (&left.ty, &right.ty)
            && !matches!(ty, SqlType::Enum(y) if x == y)
        {
            return Err(self.no_operator(&left, op, &right));
        }
        let (single_left, single_right) = (is_single(left.ty.as_ref()), is_single(right.ty.as_ref()));
        if single_left != single_right && a.is_number() && b.is_number() {
            // A single-precision number meets others as the double-precision number that it is.
            let (left, right) = (
                self.coerce(left, &SqlType::Double, Mode::Explicit)?,
                self.coerce(right, &SqlType::Double, Mode::Explicit)?,
            );
            return Ok((left, right));
        }
        if a == b {
            return Ok((left, right));
        }
        if a.is_number() && b.is_number() {
            let to = if a == Kind::Float || b == Kind::Float { Kind::Float } else { Kind::Decimal };
            return Ok((number_as(left, to, dialect)?, number_as(right, to, dialect)?));
        }
        let moment = |k: Kind| matches!(k, Kind::Date | Kind::Timestamp);
        if moment(a) && moment(b) {
            let to = SqlType::Timestamp { precision: None, tz: false };
            return Ok((self.coerce(left, &to, Mode::Explicit)?, self.coerce(right, &to, Mode::Explicit)?));
        }
        if dialect == Dialect::PostgreSql {
            return Err(self.no_operator(&left, op, &right));
        }
        Err(Stop::unsupported("comparing values of different types is not supported"))
    }

    /// `'users'::regclass` where a number is wanted: the object identifier.
    fn object_number(&self, typed: Typed) -> Evaluation<Typed> {
        let named = matches!(&typed.ty, Some(SqlType::Builtin(name)) if &**name == "REGCLASS");
        let (true, Some(Datum::Text(name))) = (named, typed.as_const()) else { return Ok(typed) };
        let name = sequence_name(name);
        match oid_of(self.db, &name) {
            Some(oid) => Ok(Typed::constant(Datum::Int(oid))),
            None => match self.db.doubt(&name) {
                Some(why) => Err(Stop::Unsupported(why)),
                None => Err(Stop::fail(FailureKind::UndefinedObject, format!("relation \"{name}\" does not exist"))),
            },
        }
    }

    /// A literal without a type gets the other side's.
    fn settle_literal(&mut self, literal: Typed, ty: &SqlType) -> Evaluation<Typed> {
        if is_identity(Some(ty)) {
            return Err(hidden());
        }
        let wide = match ty {
            // A literal is not cut to a column's length, nor rounded to its scale, by a comparison.
            SqlType::VarChar(_)
            | SqlType::Char(_)
            | SqlType::NVarChar(_)
            | SqlType::NChar(_)
            | SqlType::InlineEnum(_) => TEXT,
            SqlType::Numeric(..) | SqlType::Decimal(..) if self.dialect() == Dialect::PostgreSql => {
                SqlType::Numeric(None, None)
            }
            ty => ty.clone(),
        };
        self.coerce(literal, &wide, Mode::Literal)
    }

    fn no_operator(&self, left: &Typed, op: &str, right: &Typed) -> Stop {
        let name = |side: &Typed| side.ty.as_ref().map_or_else(|| String::from("unknown"), unsized_type_name);
        if self.dialect() != Dialect::PostgreSql {
            return Stop::unsupported("comparing values of different types is not supported");
        }
        let message = format!("operator does not exist: {} {op} {}", name(left), name(right));
        Stop::fail(FailureKind::UndefinedObject, message)
    }

    /// An operator that gives a value.
    pub(super) fn operator(&mut self, left: &Expr, op: &Op, right: &Expr) -> Evaluation<Typed> {
        let (a, b) = (self.expr(left)?, self.expr(right)?);
        let array = |side: &Typed| matches!(side.ty, Some(SqlType::Array(_)));
        match op {
            Op::StringConcat if array(&a) || array(&b) => self.array_joined(&[a, b]),
            Op::StringConcat if self.dialect() != Dialect::MySql => self.concat(a, b),
            Op::Plus | Op::Minus | Op::Multiply | Op::Divide | Op::Modulo | Op::BitwiseAnd | Op::BitwiseOr => {
                self.arithmetic(a, op, b)
            }
            Op::PGBitwiseShiftLeft | Op::PGBitwiseShiftRight | Op::PGBitwiseXor | Op::PGExp => self.bits(a, op, b),
            Op::Arrow | Op::LongArrow if self.dialect() == Dialect::Sqlite => {
                self.sqlite_json_part(if *op == Op::Arrow { "->" } else { "->>" }, a, b)
            }
            Op::Arrow | Op::LongArrow => self.json_access(a, b, *op == Op::LongArrow),
            Op::HashArrow | Op::HashLongArrow => {
                let path = self.coerce(b, &SqlType::Array(Box::new(TEXT)), Mode::Literal)?;
                self.json_access(a, path, *op == Op::HashLongArrow)
            }
            Op::HashMinus | Op::QuestionPipe | Op::QuestionAnd => {
                let keys = self.coerce(b, &SqlType::Array(Box::new(TEXT)), Mode::Literal)?;
                match op {
                    Op::HashMinus => self.json_operator("#-", a, keys, SqlType::Jsonb),
                    Op::QuestionPipe => self.json_operator("?|", a, keys, SqlType::Boolean),
                    _ => self.json_operator("?&", a, keys, SqlType::Boolean),
                }
            }
            Op::Question => self.json_operator("?", a, b, SqlType::Boolean),
            Op::AtArrow | Op::ArrowAt | Op::PGOverlap if array(&a) || array(&b) => {
                let name = match op {
                    Op::AtArrow => "@>",
                    Op::ArrowAt => "<@",
                    _ => "&&",
                };
                self.array_operator(name, a, b)
            }
            Op::AtArrow => self.json_operator("@>", a, b, SqlType::Boolean),
            Op::ArrowAt => self.json_operator("@>", b, a, SqlType::Boolean),
            Op::PGRegexMatch | Op::PGRegexNotMatch | Op::PGRegexIMatch | Op::PGRegexNotIMatch => self.regex(&a, op, &b),
            other => Err(Stop::unsupported(format!("the operator {other} is not supported"))),
        }
    }

    fn concat(&mut self, a: Typed, b: Typed) -> Evaluation<Typed> {
        let dialect = self.dialect();
        if [&a, &b].iter().any(|side| side.ty == Some(SqlType::Jsonb)) {
            return self.json_operator("||", a, b, SqlType::Jsonb);
        }
        if a.is_null() || b.is_null() {
            return Ok(Typed::constant_of(Datum::Null, TEXT));
        }
        let textual = |side: &Typed| side.kind(dialect) == Kind::Text;
        if dialect == Dialect::PostgreSql && Self::joins(&a, &b) == Some(false) {
            return Err(self.no_operator(&a, "||", &b));
        }
        if dialect == Dialect::PostgreSql {
            let opaque = [&a, &b].iter().any(|side| side.kind(dialect) == Kind::Opaque);
            if a.ty == b.ty && a.ty == Some(SqlType::Builtin("TSVECTOR".into())) {
                return self.beyond(&a, SqlType::Builtin("TSVECTOR".into()), "|| of search vectors is not supported");
            }
            if opaque || !textual(&a) && !textual(&b) {
                return Err(Stop::unsupported("|| of something other than text is not supported"));
            }
        }
        let (a, b) = match dialect {
            Dialect::Sqlite => (a, b),
            _ => (self.coerce(a, &TEXT, Mode::Explicit)?, self.coerce(b, &TEXT, Mode::Explicit)?),
        };
        let joined = self.rowwise(&[a, b], TEXT, move |_, values| match values {
            [Datum::Null, _] | [_, Datum::Null] => Ok(Datum::Null),
            [a, b] if dialect == Dialect::Sqlite && [a, b].iter().any(|d| matches!(d, Datum::Bytes(_))) => {
                Err(Stop::unsupported("|| of bytes is not supported"))
            }
            [a, b] => Ok(Datum::Text((plain_text(a, dialect) + &plain_text(b, dialect)).into())),
            _ => Ok(Datum::Null),
        })?;
        Ok(self.without_affinity(joined))
    }

    pub(super) fn arithmetic(&mut self, a: Typed, op: &Op, b: Typed) -> Evaluation<Typed> {
        let dialect = self.dialect();
        if dialect == Dialect::Sqlite {
            return self.computed_by(a, op, b, SqlType::None);
        }
        if a.is_null() && b.is_null() {
            return match dialect {
                Dialect::PostgreSql => Err(Stop::unsupported(format!("NULL {op} NULL has no type"))),
                _ => Ok(Typed::null()),
            };
        }
        if a.ty == Some(SqlType::Jsonb) && *op == Op::Minus {
            return self.json_operator("-", a, b, SqlType::Jsonb);
        }
        if self.operator_exists(&a, &op.to_string(), &b) == Some(false) {
            return Err(self.no_operator(&a, &op.to_string(), &b));
        }
        if dialect == Dialect::PostgreSql
            && let Some(span) = self.span(&a, op, &b)?
        {
            return Ok(span);
        }
        let interval = |side: &Typed| matches!(side.ty, Some(SqlType::Interval { .. }));
        if dialect == Dialect::PostgreSql && interval(&b) && matches!(op, Op::Plus | Op::Minus) {
            return self.moment_plus(a, b, *op == Op::Minus);
        }
        if dialect == Dialect::PostgreSql && interval(&a) && *op == Op::Plus {
            return self.moment_plus(b, a, false);
        }
        if dialect == Dialect::PostgreSql && [&a, &b].iter().any(|side| side.kind(dialect) == Kind::Date) {
            return self.days(a, op, b);
        }
        let number = |side: &Typed| side.kind(dialect).is_number();
        let open = |side: &Typed| side.ty.is_none() || number(side);
        if dialect == Dialect::PostgreSql && !(open(&a) && open(&b) && (number(&a) || number(&b))) {
            return Err(Stop::unsupported(format!("the operator {op} on this type is not supported")));
        }
        let (a, b) = self.unify(a, b, &op.to_string())?;
        let kind = a.kind(dialect);
        if !kind.is_number() {
            return Err(Stop::unsupported(format!("the operator {op} on this type is not supported")));
        }
        if dialect == Dialect::PostgreSql && *op == Op::Modulo && kind == Kind::Float {
            return Err(self.no_operator(&a, "%", &b));
        }
        if dialect == Dialect::PostgreSql {
            let ty = match kind {
                Kind::Float if is_single(a.ty.as_ref()) && is_single(b.ty.as_ref()) => SqlType::Real,
                Kind::Float => SqlType::Double,
                Kind::Decimal => SqlType::Numeric(None, None),
                _ => wider(a.ty.as_ref(), b.ty.as_ref()),
            };
            return self.computed_by(a, op, b, ty);
        }
        let (a, b, kind) = if dialect == Dialect::MySql && *op == Op::Divide && kind == Kind::Int {
            (number_as(a, Kind::Decimal, dialect)?, number_as(b, Kind::Decimal, dialect)?, Kind::Decimal)
        } else {
            (a, b, kind)
        };
        let glue = match op {
            Op::Plus => BinaryOperator::Plus,
            Op::Minus => BinaryOperator::Minus,
            Op::Multiply => BinaryOperator::Multiply,
            Op::Divide => BinaryOperator::Divide,
            _ => BinaryOperator::Modulo,
        };
        let (left, right) = (a.lower(dialect)?, b.lower(dialect)?);
        let mut expr = Glue::BinaryOp { left: Box::new(left), op: glue, right: Box::new(right.clone()) };
        if matches!(op, Op::Divide | Op::Modulo) && dialect != Dialect::PostgreSql {
            let zero = Typed { node: Node::Const(Datum::Int(0)), ty: b.ty.clone() }.lower(dialect)?;
            let is_zero = Glue::BinaryOp { left: Box::new(right), op: BinaryOperator::Eq, right: Box::new(zero) };
            expr = case(vec![(is_zero, Glue::Value(GlueValue::Null))], expr);
        }
        let ty = match kind {
            Kind::Float => SqlType::Double,
            Kind::Decimal => SqlType::Numeric(None, None),
            _ => wider(a.ty.as_ref(), b.ty.as_ref()),
        };
        let code = combine(expr.clone(), &[&a, &b]);
        self.folded(code.rewritten(expr, 2), ty)
    }

    /// An operator of two numbers, row by row.
    fn computed_by(&mut self, a: Typed, op: &Op, b: Typed, ty: SqlType) -> Evaluation<Typed> {
        let dialect = self.dialect();
        let sign = match op {
            Op::Plus => '+',
            Op::Minus => '-',
            Op::Multiply => '*',
            Op::Divide => '/',
            Op::Modulo => '%',
            Op::BitwiseAnd => '&',
            Op::BitwiseOr => '|',
            other => return Err(Stop::unsupported(format!("the operator {other} is not supported"))),
        };
        let of = ty.clone();
        let value = self.rowwise(&[a, b], ty, move |_, values| match values {
            [Datum::Null, _] | [_, Datum::Null] => Ok(Datum::Null),
            [a, b] => arithmetic(dialect, sign, a, b, &of),
            _ => Ok(Datum::Null),
        })?;
        Ok(self.without_affinity(value))
    }

    /// PostgreSQL counts days: a date and a number give a date, two dates a number.
    fn days(&mut self, a: Typed, op: &Op, b: Typed) -> Evaluation<Typed> {
        let dialect = self.dialect();
        let (first, second) = (a.kind(dialect), b.kind(dialect));
        let ty = match (first, op, second) {
            (Kind::Date, Op::Plus | Op::Minus, Kind::Int) | (Kind::Int, Op::Plus, Kind::Date) => SqlType::Date,
            (Kind::Date, Op::Minus, Kind::Date) => SqlType::Integer,
            _ => return Err(Stop::unsupported(format!("the operator {op} on this type is not supported"))),
        };
        let minus = *op == Op::Minus;
        self.rowwise(&[a, b], ty, move |_, values| match values {
            [Datum::Date(a), Datum::Date(b)] => days_between(b, a),
            [Datum::Date(at), Datum::Int(days)] | [Datum::Int(days), Datum::Date(at)] => {
                add_days(at, if minus { days.saturating_neg() } else { *days })
            }
            _ => Ok(Datum::Null),
        })
    }

    /// A moment moved by an interval.
    fn moment_plus(&mut self, moment: Typed, interval: Typed, minus: bool) -> Evaluation<Typed> {
        let ty = match &moment.ty {
            Some(SqlType::Timestamp { tz, .. }) => SqlType::Timestamp { precision: None, tz: *tz },
            Some(SqlType::Date) => SqlType::Timestamp { precision: None, tz: false },
            _ => return Err(Stop::unsupported("an interval added to this type is not supported")),
        };
        let moment = self.coerce(moment, &ty, Mode::Explicit)?;
        self.rowwise(&[moment, interval], ty, move |_, values| match values {
            [Datum::Timestamp(at), Datum::Interval(interval)] => add_interval(at, interval, minus),
            _ => Ok(Datum::Null),
        })
    }

    /// `->` and `->>`.
    pub(super) fn json_access(&mut self, value: Typed, path: Typed, as_text: bool) -> Evaluation<Typed> {
        let binary = value.ty == Some(SqlType::Jsonb);
        if !binary && value.ty != Some(SqlType::Json) || self.dialect() != Dialect::PostgreSql {
            return Err(Stop::unsupported("-> of something other than JSON is not supported"));
        }
        let ty = match &value.ty {
            Some(ty) if !as_text => ty.clone(),
            _ => TEXT,
        };
        self.rowwise(&[value, path], ty, move |_, values| match values {
            [Datum::Null, _] | [_, Datum::Null] => Ok(Datum::Null),
            [Datum::Json(json) | Datum::Text(json), Datum::List(path)] => json_get(json, path, as_text, binary),
            [Datum::Json(json) | Datum::Text(json), step] => {
                json_get(json, std::slice::from_ref(step), as_text, binary)
            }
            _ => Ok(Datum::Null),
        })
    }

    /// An operator on `jsonb`.
    fn json_operator(&mut self, op: &'static str, a: Typed, b: Typed, ty: SqlType) -> Evaluation<Typed> {
        let wanted = if matches!(op, "@>" | "||") { SqlType::Jsonb } else { TEXT };
        let binary = |side: &Typed| side.ty.is_none() || side.ty == Some(SqlType::Jsonb);
        if self.dialect() != Dialect::PostgreSql || !binary(&a) {
            return Err(Stop::unsupported(format!("{op} of something other than jsonb is not supported")));
        }
        let a = if a.ty.is_none() { self.coerce(a, &SqlType::Jsonb, Mode::Literal)? } else { a };
        let b = if b.ty.is_none() { self.coerce(b, &wanted, Mode::Literal)? } else { b };
        if matches!(op, "@>" | "||") && !binary(&b) {
            return Err(Stop::unsupported(format!("{op} of something other than jsonb is not supported")));
        }
        self.rowwise(&[a, b], ty, move |_, values| {
            if values.contains(&Datum::Null) {
                return Ok(Datum::Null);
            }
            let unsupported = || Err(Stop::unsupported(format!("{op} of this is not supported")));
            json_call(op, values).unwrap_or_else(unsupported)
        })
    }
}

/// A number as one of another kind, within GlueSQL.
pub(super) fn number_as(typed: Typed, to: Kind, dialect: Dialect) -> Evaluation<Typed> {
    if typed.kind(dialect) == to {
        return Ok(typed);
    }
    let (ty, data_type) = match to {
        Kind::Float => (SqlType::Double, DataType::Float),
        _ => (SqlType::Numeric(None, None), DataType::Decimal),
    };
    match &typed.node {
        Node::Const(datum) => {
            // What is computed row by row looks at the value, not at its type.
            let datum = match (to, number(datum)) {
                (Kind::Float, Some(f)) => Datum::Float(f),
                _ => datum.clone(),
            };
            Ok(Typed::constant_of(datum, ty))
        }
        Node::Code(_) => {
            let expr = Glue::Function(Box::new(Function::Cast { expr: typed.lower(dialect)?, data_type }));
            Ok(combine(expr, &[&typed]).typed(ty))
        }
    }
}

/// Whether a comparison holds of two values in this order.
pub(super) fn holds(op: &Op, order: Ordering) -> Evaluation<bool> {
    Ok(match op {
        Op::Eq => order.is_eq(),
        Op::NotEq => order.is_ne(),
        Op::Lt => order.is_lt(),
        Op::LtEq => order.is_le(),
        Op::Gt => order.is_gt(),
        Op::GtEq => order.is_ge(),
        _ => return Err(Stop::unsupported(format!("the operator {op} is not supported"))),
    })
}

/// The wider of two integer types.
fn wider(a: Option<&SqlType>, b: Option<&SqlType>) -> SqlType {
    let big = |ty: Option<&SqlType>| matches!(ty, Some(SqlType::BigInt | SqlType::Unsigned(_)));
    let small = |ty: Option<&SqlType>| matches!(ty, Some(SqlType::SmallInt | SqlType::TinyInt));
    match (a, b) {
        _ if big(a) || big(b) => SqlType::BigInt,
        _ if small(a) && small(b) => SqlType::SmallInt,
        _ => SqlType::Integer,
    }
}
