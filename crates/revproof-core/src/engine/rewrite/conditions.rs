//! Conditions. GlueSQL's `AND` and `OR` are NULL wherever one side is, so they are spelled out as `CASE`.

use gluesql_core::ast::{
    Expr as Glue, Query as GlueQuery, Select as GlueSelect, SetExpr as GlueSet, UnaryOperator as GlueUnary,
};
use gluesql_core::data::Value as GlueValue;
use sqlparser::ast::{BinaryOperator as Op, Expr, Query, UnaryOperator};

use super::typed::{Code, Node, Typed, combine, join};
use super::types::Kind;
use super::{Compiler, MAX_SIZE, Planned};
use crate::engine::functions::like;
use crate::engine::stop::{Evaluation, Stop};
use crate::op::{Datum, FailureKind};
use crate::schema::{Dialect, Name, SqlType};

/// A truth value as GlueSQL's expression.
pub(super) fn truth(value: bool) -> Glue {
    Glue::Value(GlueValue::Bool(value))
}

/// `CASE WHEN … THEN … ELSE … END`.
pub(super) fn case(arms: Vec<(Glue, Glue)>, otherwise: Glue) -> Glue {
    Glue::Case { operand: None, when_then: arms, else_result: Some(Box::new(otherwise)) }
}

fn not(expr: Glue) -> Glue {
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
                for operand in chain(expr, op) {
                    parts.push(this.maybe(|this| this.filter(operand, negated))?);
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
                for operand in chain(expr, op) {
                    parts.push(this.maybe(|this| this.condition(operand))?);
                }
                Ok(three_valued(*op == Op::And, &parts))
            }
            Expr::BinaryOp { left, op, right } if is_comparison(op) => {
                let (left, right) = (this.expr(left)?, this.expr(right)?);
                this.compare(left, op, right)
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
                let value = this.expr(expr)?;
                let mut members = Vec::with_capacity(list.len());
                for member in list {
                    let member = this.expr(member)?;
                    members.push(this.compare(value.clone(), &Op::Eq, member)?);
                }
                Ok(any_of(&members, *negated))
            }
            Expr::InSubquery { expr, subquery, negated } => this.in_subquery(expr, subquery, *negated),
            Expr::AnyOp { left, compare_op: op, right, .. } => {
                let value = this.expr(left)?;
                let list = match right.as_ref() {
                    Expr::Subquery(query) if *op == Op::Eq => return this.in_subquery(left, query, false),
                    right => this.expr(right)?,
                };
                let Some(Datum::List(items)) = list.as_const().cloned() else {
                    return Err(Stop::unsupported("ANY of something other than a literal array is not supported"));
                };
                let mut members = Vec::with_capacity(items.len());
                for item in items {
                    members.push(this.compare(value.clone(), op, Typed::constant(item))?);
                }
                Ok(any_of(&members, false))
            }
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
                let value = this.expr(expr)?;
                this.as_condition(value)
            }
        })
    }

    /// A value where a condition is wanted.
    pub(super) fn as_condition(&mut self, value: Typed) -> Evaluation<Code> {
        let dialect = self.dialect();
        if value.is_null() {
            return Ok(combine(Glue::Value(GlueValue::Null), &[]));
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

    fn in_subquery(&mut self, expr: &Expr, subquery: &Query, negated: bool) -> Evaluation<Code> {
        let value = self.expr(expr)?;
        match self.subquery(subquery)? {
            Planned::Rows(relation) => {
                let ty = relation.columns.first().and_then(|(_, ty)| ty.clone());
                if relation.columns.len() != 1 {
                    return Err(Stop::unsupported("IN of a query with several columns is not supported"));
                }
                let mut members = Vec::with_capacity(relation.rows.len());
                for row in &relation.rows {
                    let datum = row.first().cloned().unwrap_or(Datum::Null);
                    let member = Typed { node: Node::Const(datum), ty: ty.clone() };
                    members.push(self.compare(value.clone(), &Op::Eq, member)?);
                }
                Ok(any_of(&members, negated))
            }
            Planned::Query { query, columns, .. } => self.in_dependent(&value, &query, &columns, negated),
        }
    }

    /// `IN` of a query that depends on the row, as three questions that GlueSQL can answer: is the value among the rows,
    /// is there a NULL among them, are there any.
    fn in_dependent(
        &mut self,
        value: &Typed,
        query: &GlueQuery,
        columns: &[(Name, Typed)],
        negated: bool,
    ) -> Evaluation<Code> {
        let [(_, column)] = columns else {
            return Err(Stop::unsupported("IN of a query with several columns is not supported"));
        };
        let GlueSet::Select(select) = &query.body else {
            return Err(Stop::unsupported("IN of a query of this form that depends on the row is not supported"));
        };
        let plain = select.group_by.is_empty() && select.having.is_none() && column.is_plain();
        if !plain || query.limit.is_some() || query.offset.is_some() {
            return Err(Stop::unsupported("IN of a grouped or limited query that depends on the row is not supported"));
        }
        let dialect = self.dialect();
        let equal = self.compare(value.clone(), &Op::Eq, column.clone())?;
        let exists = |wanted: Glue| {
            let selection = match &select.selection {
                Some(given) => case(vec![(given.clone(), wanted)], truth(false)),
                None => wanted,
            };
            let select = GlueSelect { selection: Some(selection), ..(**select).clone() };
            let query = GlueQuery { body: GlueSet::Select(Box::new(select)), ..query.clone() };
            Glue::Exists { subquery: Box::new(query), negated: false }
        };
        let unknown = Glue::Value(GlueValue::Null);
        let arms = vec![
            (exists(equal.expr), truth(!negated)),
            (exists(is_null(column.lower(dialect)?)), unknown.clone()),
            (is_null(value.lower(dialect)?), case(vec![(exists(truth(true)), unknown)], truth(negated))),
        ];
        Ok(Code { expr: case(arms, truth(negated)), scans: self.all_scans(), plain: false, size: 300 })
    }

    fn exists(&mut self, subquery: &Query, negated: bool) -> Evaluation<Code> {
        match self.subquery(subquery)? {
            Planned::Rows(relation) => Ok(combine(truth(relation.rows.is_empty() == negated), &[])),
            Planned::Query { query, .. } => {
                let expr = Glue::Exists { subquery: Box::new(query), negated };
                Ok(Code { expr, scans: self.all_scans(), plain: false, size: 100 })
            }
        }
    }

    /// Something that depends on rows in a way that is not traced depends on all.
    pub(super) fn all_scans(&self) -> Vec<usize> {
        (0..self.scans.len()).collect()
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
            if side.kind(dialect) != Kind::Text {
                return Err(Stop::unsupported("LIKE of something other than text is not supported"));
            }
        }
        let matched = self.rowwise(&[value, pattern], SqlType::Boolean, move |_, values| match values {
            [Datum::Text(text), Datum::Text(pattern)] => Ok(Datum::Bool(like(text, pattern, escape, fold) != negated)),
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
    let plan = gluesql_core::plan::plan_scalar_expr(code.expr.clone());
    let value = gluesql_core::executor::evaluate_stateless(None, &plan)
        .and_then(GlueValue::try_from)
        .map_err(|error| crate::engine::storage::refusal(&error))?;
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

/// Whether any of the conditions is true: NULL where none is and one is NULL.
fn any_of(members: &[Code], negated: bool) -> Code {
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
