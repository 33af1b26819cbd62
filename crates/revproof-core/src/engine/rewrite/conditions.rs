//! Conditions. GlueSQL's `AND` and `OR` are NULL wherever one side is, so they are spelled out as `CASE`.

use gluesql_core::ast::{Expr as Glue, UnaryOperator as GlueUnary};
use gluesql_core::data::Value as GlueValue;
use sqlparser::ast::{BinaryOperator as Op, Expr, Query, UnaryOperator};

use super::typed::{Code, Typed, combine, join};
use super::types::Kind;
use super::{Compiler, MAX_SIZE};
use crate::engine::functions::{dynamic_truth, like, plain_text};
use crate::engine::stop::{Evaluation, Stop};
use crate::op::{Datum, FailureKind};
use crate::schema::{Dialect, SqlType};

/// A truth value as GlueSQL's expression.
pub(super) fn truth(value: bool) -> Glue {
    Glue::Value(GlueValue::Bool(value))
}

/// `CASE WHEN … THEN … ELSE … END`.
pub(super) fn case(arms: Vec<(Glue, Glue)>, otherwise: Glue) -> Glue {
    Glue::Case { operand: None, when_then: arms, else_result: Some(Box::new(otherwise)) }
}

pub(super) fn not(expr: Glue) -> Glue {
    Glue::UnaryOp { op: GlueUnary::Not, expr: Box::new(Glue::Nested(Box::new(expr))) }
}

fn is_null(expr: Glue) -> Glue {
    Glue::IsNull(Box::new(expr))
}

impl Compiler<'_> {
    /// A condition of which only matters whether it is true: NULL is as good as false. `negated` asks for `NOT` of it.
    pub(in crate::engine) fn filter(&mut self, expr: &Expr, negated: bool) -> Evaluation<Code> {
        self.nested(|this| match expr {
            Expr::Nested(inner) => this.filter(inner, negated),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => this.filter(expr, !negated),
            Expr::BinaryOp { op: op @ (Op::And | Op::Or), .. } => {
                let both = (*op == Op::And) != negated;
                let mut parts = Vec::new();
                let (mut dead, stable) = (false, this.stable);
                for operand in chain(expr, op) {
                    let part = this.unless_dead(dead, |this| this.maybe(|this| this.filter(operand, negated)))?;
                    // NULL is as good as false here, but does not end what is planned.
                    dead = dead
                        || this.planned(&part, stable).is_some() && {
                            let whole = this.condition(operand)?;
                            this.planned(&whole, stable) == Some(GlueValue::Bool(*op == Op::Or))
                        };
                    parts.push(part);
                }
                if dead {
                    return Ok(combine(truth((*op == Op::Or) != negated), &[]));
                }
                let not_true = |e: Glue| case(vec![(e, truth(false))], truth(true));
                let arm = |e: Glue| if both { (not_true(e), truth(false)) } else { (e, truth(true)) };
                let expr = case(parts.iter().map(|p| arm(p.expr.clone())).collect(), truth(both));
                Ok(join(expr, &parts.iter().collect::<Vec<_>>()))
            }
            _ => {
                let code = this.condition(expr)?;
                Ok(if negated { negation(code) } else { code })
            }
        })
    }

    /// A condition with all three outcomes.
    pub(super) fn condition(&mut self, expr: &Expr) -> Evaluation<Code> {
        self.conditions += 1;
        let code = self.condition_here(expr);
        self.conditions -= 1;
        let code = code?;
        if code.size > MAX_SIZE {
            return Err(Stop::unsupported("a condition is too large"));
        }
        Ok(code)
    }

    fn condition_here(&mut self, expr: &Expr) -> Evaluation<Code> {
        self.nested(|this| match expr {
            Expr::Nested(inner) => this.condition(inner),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
                let code = this.condition(expr)?;
                Ok(negation(code))
            }
            Expr::BinaryOp { op: op @ (Op::And | Op::Or), .. } => {
                let mut parts = Vec::new();
                let (mut dead, stable) = (false, this.stable);
                for operand in chain(expr, op) {
                    let part = this.unless_dead(dead, |this| this.maybe(|this| this.condition(operand)))?;
                    dead = dead || this.planned(&part, stable) == Some(GlueValue::Bool(*op == Op::Or));
                    parts.push(part);
                }
                if dead {
                    return Ok(combine(truth(*op == Op::Or), &[]));
                }
                Ok(three_valued(*op == Op::And, &parts))
            }
            Expr::BinaryOp { left, op, right } if is_comparison(op) => {
                match (query_of(left), query_of(right)) {
                    (None, Some(query)) if matches!(**left, Expr::Tuple(_)) => {
                        let value = this.row_of(left)?;
                        return this.row_subquery(&value, op, query);
                    }
                    // PostgreSQL takes a query on the left as one value; elsewhere it may be a row.
                    (Some(_), other)
                        if this.dialect() != Dialect::PostgreSql
                            && (other.is_some() || matches!(**right, Expr::Tuple(_))) =>
                    {
                        return Err(Stop::unsupported("a query compared with a row is not supported"));
                    }
                    _ => {}
                }
                let (left, right) = (this.row_of(left)?, this.row_of(right)?);
                this.compare_rows(&left, op, &right)
            }
            Expr::IsNull(inner) => this.null_test(inner, false),
            Expr::IsNotNull(inner) => this.null_test(inner, true),
            Expr::IsTrue(inner) => this.truth_test(inner, true, false),
            Expr::IsNotTrue(inner) => this.truth_test(inner, true, true),
            Expr::IsFalse(inner) => this.truth_test(inner, false, false),
            Expr::IsNotFalse(inner) => this.truth_test(inner, false, true),
            Expr::IsDistinctFrom(left, right) => this.distinct(left, right, true),
            Expr::IsNotDistinctFrom(left, right) => this.distinct(left, right, false),
            Expr::Between { expr, negated, low, high } => {
                let (value, low, high) = (this.expr(expr)?, this.expr(low)?, this.expr(high)?);
                let above = this.compare(value.clone(), &Op::GtEq, low)?;
                let below = this.compare(value, &Op::LtEq, high)?;
                let within = three_valued(true, &[above, below]);
                Ok(if *negated { negation(within) } else { within })
            }
            Expr::InList { expr, list, negated } => {
                let value = this.row_of(expr)?;
                let mut members = Vec::with_capacity(list.len());
                for member in list {
                    let member = this.row_of(member)?;
                    members.push(this.compare_rows(&value, &Op::Eq, &member)?);
                }
                Ok(any_of(&members, *negated))
            }
            Expr::InSubquery { expr, subquery, negated } => {
                let value = this.row_of(expr)?;
                this.in_subquery(&value, &Op::Eq, subquery, *negated)
            }
            Expr::AnyOp { left, compare_op, right, .. } => this.any_or_all(left, compare_op, right, false),
            Expr::AllOp { left, compare_op, right } => this.any_or_all(left, compare_op, right, true),
            Expr::Exists { subquery, negated } => this.exists(subquery, *negated),
            Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                // SQLite and MySQL compare without regard to case.
                let fold = this.dialect() != Dialect::PostgreSql;
                this.like((expr, pattern), escape_char.as_deref(), fold, *negated)
            }
            Expr::ILike { negated, any: false, expr, pattern, escape_char } => {
                this.like((expr, pattern), escape_char.as_deref(), true, *negated)
            }
            _ => {
                // A whole condition that is not known may be wrong whatever rows there are.
                if let Some(Datum::Unknown(why)) = this.unknown_bound(expr).as_ref().and_then(Typed::as_const) {
                    return Err(Stop::Unsupported(why.clone()));
                }
                let value = this.expr(expr)?;
                this.as_condition(value)
            }
        })
    }

    /// The values of `(a, b)`, else the one value.
    fn row_of(&mut self, expr: &Expr) -> Evaluation<Vec<Typed>> {
        match expr {
            Expr::Tuple(items) => items.iter().map(|item| self.expr(item)).collect(),
            _ => Ok(vec![self.expr(expr)?]),
        }
    }

    /// Two rows compared, value by value.
    pub(super) fn compare_rows(&mut self, left: &[Typed], op: &Op, right: &[Typed]) -> Evaluation<Code> {
        if left.len() != right.len() {
            return Err(Stop::fail(FailureKind::InvalidStatement, "unequal number of entries in row expressions"));
        }
        if left.len() > 1 && !matches!(op, Op::Eq | Op::NotEq) {
            return Err(Stop::unsupported("the order of rows is not supported"));
        }
        let mut parts = Vec::with_capacity(left.len());
        for (a, b) in left.iter().zip(right) {
            parts.push(self.compare(a.clone(), op, b.clone())?);
        }
        match (parts.pop(), parts.is_empty()) {
            (Some(only), true) => Ok(only),
            (last, _) => {
                parts.extend(last);
                Ok(three_valued(*op == Op::Eq, &parts))
            }
        }
    }

    /// `value op ANY (…)` and `value op ALL (…)`, of a query or an array.
    fn any_or_all(&mut self, left: &Expr, op: &Op, right: &Expr, all: bool) -> Evaluation<Code> {
        if self.dialect() == Dialect::Sqlite {
            return Err(Stop::fail(FailureKind::InvalidStatement, "near \"SELECT\": syntax error"));
        }
        let value = self.row_of(left)?;
        // All are so unless any is otherwise.
        let asked = if all { contrary(op)? } else { op.clone() };
        let right = match right {
            Expr::Subquery(query) => return self.in_subquery(&value, &asked, query, all),
            Expr::Nested(inner) => match inner.as_ref() {
                Expr::Subquery(query) => return self.in_subquery(&value, &asked, query, all),
                inner => self.expr(inner)?,
            },
            right => self.expr(right)?,
        };
        let [value] = value.as_slice() else {
            return Err(Stop::unsupported("ANY of a row is not supported"));
        };
        let item = match &right.ty {
            Some(SqlType::Array(item)) => Some(item.as_ref().clone()),
            _ => None,
        };
        let list = match (right.as_const(), &item, &value.ty) {
            (Some(Datum::Text(_)), None, Some(ty)) => {
                self.coerce(right, &SqlType::Array(Box::new(ty.clone())), crate::engine::cast::Mode::Literal)?
            }
            _ => right,
        };
        let Some(Datum::List(items)) = list.as_const().cloned() else {
            if list.is_null() {
                return Ok(combine(Glue::Value(GlueValue::Null), &[]));
            }
            return self.any_member(value.clone(), &asked, list, all);
        };
        let mut members = Vec::with_capacity(items.len());
        for datum in items {
            let member = match &item {
                Some(ty) if datum != Datum::Null => Typed::constant_of(datum, ty.clone()),
                _ => Typed::constant(datum),
            };
            members.push(self.compare(value.clone(), &asked, member)?);
        }
        Ok(any_of(&members, all))
    }

    /// A value where a condition is wanted.
    pub(super) fn as_condition(&mut self, value: Typed) -> Evaluation<Code> {
        let dialect = self.dialect();
        if value.is_null() && value.ty.is_none() {
            return Ok(combine(Glue::Value(GlueValue::Null), &[]));
        }
        if dialect == Dialect::Sqlite {
            let truths = self.rowwise(&[value], SqlType::Boolean, |_, values| {
                Ok(values.first().and_then(dynamic_truth).map_or(Datum::Null, Datum::Bool))
            })?;
            return Ok(match truths.as_const() {
                Some(Datum::Null) => combine(Glue::Value(GlueValue::Null), &[]),
                Some(datum) => combine(truth(*datum == Datum::Bool(true)), &[]),
                None => combine(truths.lower(dialect)?, &[&truths]),
            });
        }
        if let (None, Some(Datum::Text(_))) = (&value.ty, value.as_const()) {
            let value = self.coerce(value, &SqlType::Boolean, crate::engine::cast::Mode::Literal)?;
            return Ok(combine(value.lower(dialect)?, &[&value]));
        }
        match value.kind(dialect) {
            Kind::Bool => Ok(combine(value.lower(dialect)?, &[&value])),
            kind if kind.is_number() && dialect != Dialect::PostgreSql => {
                self.compare(value, &Op::NotEq, Typed::constant(Datum::Int(0)))
            }
            Kind::Opaque => Err(Stop::unsupported("a condition of this type is not supported")),
            _ if dialect == Dialect::PostgreSql => {
                let message = "argument of WHERE must be type boolean";
                Err(Stop::fail(FailureKind::DatatypeMismatch, message))
            }
            _ => Err(Stop::unsupported("a condition of this type is not supported")),
        }
    }

    /// A condition as a value: a truth value, or outside PostgreSQL a number.
    pub(super) fn condition_value(&mut self, code: Code) -> Evaluation<Typed> {
        if self.dialect() == Dialect::PostgreSql {
            return self.folded(code, SqlType::Boolean);
        }
        let number = |i: i64| Glue::Value(GlueValue::I64(i));
        if self.dialect() == Dialect::Sqlite {
            let arms = vec![(code.expr.clone(), number(1)), (not(code.expr.clone()), number(0))];
            let value = self.folded(code.rewritten(case(arms, Glue::Value(GlueValue::Null)), 2), SqlType::None)?;
            return Ok(self.without_affinity(value));
        }
        let arms = vec![(code.expr.clone(), number(1)), (not(code.expr.clone()), number(0))];
        let expr = case(arms, Glue::Value(GlueValue::Null));
        self.folded(code.rewritten(expr, 2), SqlType::Integer)
    }

    fn null_test(&mut self, expr: &Expr, negated: bool) -> Evaluation<Code> {
        let value = self.expr(expr)?;
        let inner = value.lower(self.dialect())?;
        Ok(combine(if negated { Glue::IsNotNull(Box::new(inner)) } else { is_null(inner) }, &[&value]))
    }

    /// `IS [NOT] TRUE`, `IS [NOT] FALSE`.
    fn truth_test(&mut self, expr: &Expr, wanted: bool, negated: bool) -> Evaluation<Code> {
        let code = self.condition(expr)?;
        let tested = if wanted { code.expr.clone() } else { not(code.expr.clone()) };
        Ok(code.rewritten(case(vec![(tested, truth(!negated))], truth(negated)), 1))
    }

    fn distinct(&mut self, left: &Expr, right: &Expr, distinct: bool) -> Evaluation<Code> {
        let dialect = self.dialect();
        let (left, right) = (self.expr(left)?, self.expr(right)?);
        let (a, b) = (left.lower(dialect)?, right.lower(dialect)?);
        let equal = self.compare(left.clone(), &Op::Eq, right.clone())?;
        let one_null = case(vec![(is_null(b.clone()), truth(!distinct))], truth(distinct));
        let arms = vec![(is_null(a), one_null), (is_null(b), truth(distinct)), (equal.expr.clone(), truth(!distinct))];
        let expr = case(arms, truth(distinct));
        Ok(equal.rewritten(expr, 3))
    }

    fn like(
        &mut self,
        (expr, pattern): (&Expr, &Expr),
        escape: Option<&Expr>,
        fold: bool,
        negated: bool,
    ) -> Evaluation<Code> {
        let dialect = self.dialect();
        let escape = match escape {
            None if dialect == Dialect::Sqlite => None,
            None => Some('\\'),
            Some(expr) => match self.expr(expr)?.as_const() {
                Some(Datum::Text(t)) => t.chars().next(),
                _ => return Err(Stop::unsupported("an ESCAPE that is no literal is not supported")),
            },
        };
        let (value, pattern) = (self.expr(expr)?, self.expr(pattern)?);
        for side in [&value, &pattern] {
            if dialect != Dialect::Sqlite && side.kind(dialect) != Kind::Text {
                return Err(match dialect {
                    Dialect::PostgreSql => Stop::fail(FailureKind::UndefinedObject, "operator does not exist: ~~"),
                    _ => Stop::unsupported("LIKE of something other than text is not supported"),
                });
            }
            if matches!(side.ty, Some(SqlType::Char(_) | SqlType::Enum(_))) {
                return Err(Stop::unsupported("LIKE of a value of this type is not supported"));
            }
        }
        let matched = self.rowwise(&[value, pattern], SqlType::Boolean, move |_, values| match values {
            [Datum::Null, _] | [_, Datum::Null] => Ok(Datum::Null),
            [text, pattern] => {
                let (text, pattern) = (plain_text(text, dialect), plain_text(pattern, dialect));
                let sensitive = dialect == Dialect::Sqlite && !(text.is_ascii() && pattern.is_ascii());
                if sensitive && text.to_lowercase() != text.to_ascii_lowercase() {
                    return Err(Stop::unsupported("LIKE of letters beyond ASCII is not supported"));
                }
                Ok(Datum::Bool(like(&text, &pattern, escape, fold) != negated))
            }
            _ => Ok(Datum::Null),
        })?;
        // Outside PostgreSQL the computed column holds numbers.
        self.as_condition(matched)
    }
}

/// Whether a condition that reads no row is true.
pub(super) fn constant_truth(code: &Code) -> Evaluation<bool> {
    if !code.plain || !code.scans.is_empty() {
        return Err(Stop::unsupported("this WHERE without FROM is not supported"));
    }
    let value = crate::engine::evaluate::constant(&code.expr)?;
    Ok(matches!(value, GlueValue::Bool(true)))
}

fn negation(code: Code) -> Code {
    let expr = not(code.expr.clone());
    code.rewritten(expr, 1)
}

/// `AND` and `OR` with all three outcomes: one operand decides, or else one that is NULL makes it NULL.
fn three_valued(and: bool, parts: &[Code]) -> Code {
    let decides = |expr: Glue| if and { not(expr) } else { expr };
    let null = Glue::Value(GlueValue::Null);
    let mut arms: Vec<(Glue, Glue)> = parts.iter().map(|p| (decides(p.expr.clone()), truth(!and))).collect();
    arms.extend(parts.iter().map(|p| (is_null(p.expr.clone()), null.clone())));
    let code = join(null.clone(), &parts.iter().collect::<Vec<_>>());
    code.rewritten(case(arms, truth(and)), 2)
}

/// The operands of `a AND b AND c`: the tree is as deep as the chain is long.
fn chain<'e>(expr: &'e Expr, wanted: &Op) -> Vec<&'e Expr> {
    let mut operands = Vec::new();
    let mut rest = expr;
    while let Expr::BinaryOp { left, op, right } = rest
        && op == wanted
    {
        operands.push(right.as_ref());
        rest = left;
    }
    operands.push(rest);
    operands.reverse();
    operands
}

/// The comparison that holds where another does not.
fn contrary(op: &Op) -> Evaluation<Op> {
    Ok(match op {
        Op::Eq => Op::NotEq,
        Op::NotEq => Op::Eq,
        Op::Lt => Op::GtEq,
        Op::GtEq => Op::Lt,
        Op::Gt => Op::LtEq,
        Op::LtEq => Op::Gt,
        other => return Err(Stop::unsupported(format!("{other} ALL is not supported"))),
    })
}

/// Whether all of the conditions are true, NULL being as good as false.
pub(super) fn all_of(parts: &[Code]) -> Code {
    let not_true = |e: Glue| case(vec![(e, truth(false))], truth(true));
    let arms = parts.iter().map(|p| (not_true(p.expr.clone()), truth(false))).collect();
    join(case(arms, truth(true)), &parts.iter().collect::<Vec<_>>())
}

/// Whether any of the conditions is true: NULL where none is and one is NULL.
pub(super) fn any_of(members: &[Code], negated: bool) -> Code {
    let mut arms: Vec<(Glue, Glue)> = members.iter().map(|m| (m.expr.clone(), truth(!negated))).collect();
    let null = Glue::Value(GlueValue::Null);
    arms.extend(members.iter().map(|m| (is_null(m.expr.clone()), null.clone())));
    let all: Vec<&Code> = members.iter().collect();
    let code = join(Glue::Value(GlueValue::Null), &all);
    code.rewritten(case(arms, truth(negated)), 2)
}

/// Whether an operator compares.
pub(super) fn is_comparison(op: &Op) -> bool {
    matches!(op, Op::Eq | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq | Op::Spaceship)
}

/// The query that an expression in parentheses is.
fn query_of(expr: &Expr) -> Option<&Query> {
    match expr {
        Expr::Subquery(query) => Some(query),
        Expr::Nested(inner) => query_of(inner),
        _ => None,
    }
}
