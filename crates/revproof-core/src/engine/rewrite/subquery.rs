//! Queries inside of expressions: executed once, or, where they depend on the rows around them, for each of those.

use sqlparser::ast::{BinaryOperator as Op, Expr, Query, SelectItem, SetExpr};

use super::aggregate::Aggregates;
use super::conditions::any_of;
use super::typed::{Code, Node, Typed, combine};
use super::{Compiler, Fault};
use crate::engine::relation::Relation;
use crate::engine::stop::{Evaluation, Stop};
use crate::op::{Datum, Failure, FailureKind};
use crate::schema::{Dialect, SqlType, TextSize};

/// What a query inside of an expression gives.
pub(super) enum Subquery {
    /// The same rows whatever row of the query around it is looked at.
    Rows(Relation),
    /// Other rows for each row of that scan, in its order. Where that has none, the rows for a row of NULLs.
    PerRow(usize, Vec<Result<Relation, Failure>>),
}

impl Compiler<'_> {
    /// The rows of a query that depends on nothing around it but pinned rows.
    pub(in crate::engine) fn independent(&mut self, query: &Query) -> Evaluation<Relation> {
        self.nested(|this| {
            let known = this.ctes.len();
            let aggregates = std::mem::replace(&mut this.aggregates, Aggregates::Forbidden);
            let windows = std::mem::replace(&mut this.windows, false);
            let result = this.with(query).and_then(|()| this.body(query));
            this.aggregates = aggregates;
            this.windows = windows;
            this.ctes.truncate(known);
            result
        })
    }

    /// A query inside of an expression.
    pub(super) fn subquery(&mut self, query: &Query) -> Evaluation<Subquery> {
        let (scans, scopes) = (self.scans.len(), self.scopes.len());
        self.captured = None;
        let stop = match self.independent(query) {
            Ok(relation) => return Ok(Subquery::Rows(relation)),
            Err(stop) => stop,
        };
        let own = self.current_scan();
        if own.is_none() || self.captured != own {
            return Err(stop);
        }
        self.captured = None;
        self.scans.truncate(scans);
        self.scopes.truncate(scopes);
        let own = own.unwrap_or_default();
        self.row_by_row(query, own).map(|results| Subquery::PerRow(own, results))
    }

    /// The scan that names of the innermost query stand for.
    fn current_scan(&self) -> Option<usize> {
        let scope = self.scopes.last()?;
        scope.grouped.as_ref().map(|grouped| grouped.scan).or(scope.scan)
    }

    /// What a query gives for each row of a scan; for one of NULLs where there is none.
    pub(super) fn row_by_row(&mut self, query: &Query, scan: usize) -> Evaluation<Vec<Result<Relation, Failure>>> {
        let len = self.length(scan);
        let rows = if len == 0 { usize::MAX..usize::MAX } else { 0..len };
        let mut results = Vec::with_capacity(len);
        for row in rows.chain((len == 0).then_some(usize::MAX)) {
            let scans = self.scans.len();
            self.pinned.push((scan, row));
            let result = self.independent(query);
            self.pinned.pop();
            self.scans.truncate(scans);
            results.push(match result {
                Ok(relation) => Ok(relation),
                Err(Stop::Fail(failure)) if failure.kind.is_data() => {
                    if len == 0 {
                        return Err(Stop::unsupported("a query of this form over no rows is not supported"));
                    }
                    Err(*failure)
                }
                Err(stop) => return Err(stop),
            });
        }
        Ok(results)
    }

    /// A query as a value.
    pub(super) fn scalar_subquery(&mut self, query: &Query) -> Evaluation<Typed> {
        match self.bare_value(query) {
            Some(value) => Ok(value),
            None => self.query_column(query, 0, 1),
        }
    }

    /// `(SELECT expression)` of no more than the row around it: that is the expression, and no query has to be executed for
    /// each row.
    fn bare_value(&mut self, query: &Query) -> Option<Typed> {
        let expr = only_expression(query).filter(|expr| is_of_one_row(expr))?;
        if self.scopes.last()?.grouped.is_some() {
            return None;
        }
        let own = self.current_scan()?;
        let (faults, captured) = (self.faults.len(), self.captured);
        let value = self.expr(expr).ok().filter(|value| value.is_plain() && value.scans() == [own]);
        // Whether the row is looked at that fails is more than the expression says.
        if value.is_some() && self.faults.len() == faults && self.captured == captured {
            return value;
        }
        self.faults.truncate(faults);
        self.captured = captured;
        None
    }

    /// A column of a query that has so many, as a value.
    pub(in crate::engine) fn query_column(&mut self, query: &Query, at: usize, width: usize) -> Evaluation<Typed> {
        let first = |relation: &Relation| relation.columns.get(at).and_then(|(_, ty)| ty.clone());
        match self.subquery(query)? {
            Subquery::Rows(relation) => {
                let datum = match only(&relation, (at, width), self.dialect()) {
                    Err(_) if self.dead > 0 => Datum::Null,
                    datum => datum?,
                };
                Ok(Typed { node: Node::Const(datum), ty: first(&relation) })
            }
            Subquery::PerRow(scan, results) => {
                if let (Some(Ok(relation)), 0) = (results.first(), self.length(scan)) {
                    only(&Relation { rows: Vec::new(), ..relation.clone() }, (at, width), self.dialect())?;
                }
                // Where it fails for every row, its type is not known either.
                let ty = results.iter().flatten().find_map(first);
                let shown = ty.clone().unwrap_or(SqlType::Text(TextSize::Plain));
                let found = self.computed(scan, shown, self.length(scan), |this, row| match results.get(row) {
                    Some(Ok(relation)) => only(relation, (at, width), this.dialect()),
                    Some(Err(failure)) => Err(Stop::from(failure.clone())),
                    None => Ok(Datum::Null),
                })?;
                Ok(Typed { ty, ..found })
            }
        }
    }

    /// `EXISTS`.
    pub(super) fn exists(&mut self, query: &Query, negated: bool) -> Evaluation<Code> {
        match self.subquery(query).map_err(Stop::if_read)? {
            Subquery::Rows(relation) => Ok(combine(super::conditions::truth(relation.rows.is_empty() == negated), &[])),
            Subquery::PerRow(scan, results) => {
                self.decided(scan, &results, |_, _, relation| Ok(Datum::Bool(relation.rows.is_empty() == negated)))
            }
        }
    }

    /// `value op ANY (query)`, of which `IN` is one, and `ALL`, which is its contrary.
    pub(super) fn in_subquery(&mut self, value: &[Typed], op: &Op, query: &Query, negated: bool) -> Evaluation<Code> {
        self.by_subquery(value, query, |this, value, relation| this.among(value, op, relation, negated))
    }

    /// `(a, b) op (query)`: NULL where the query gives no row.
    pub(super) fn row_subquery(&mut self, value: &[Typed], op: &Op, query: &Query) -> Evaluation<Code> {
        self.by_subquery(value, query, |this, value, relation| {
            has_columns(relation, value.len())?;
            match the_row(relation, this.dialect())? {
                Some(row) => this.compare_rows(value, op, &constants(relation, row)),
                None => this.as_condition(Typed { node: Node::Const(Datum::Null), ty: Some(SqlType::Boolean) }),
            }
        })
    }

    /// A condition on values and the rows of a query.
    fn by_subquery(
        &mut self,
        value: &[Typed],
        query: &Query,
        judge: impl Fn(&mut Self, &[Typed], &Relation) -> Evaluation<Code>,
    ) -> Evaluation<Code> {
        match self.subquery(query)? {
            Subquery::Rows(relation) => judge(self, value, &relation),
            Subquery::PerRow(scan, results) => {
                if let (Some(Ok(relation)), 0) = (results.first(), self.length(scan)) {
                    has_columns(relation, value.len())?;
                }
                let values = self.values(value, scan)?;
                let types: Vec<Option<SqlType>> = value.iter().map(|v| v.ty.clone()).collect();
                self.decided(scan, &results, |this, row, relation| {
                    let datums = values.get(row).into_iter().flatten().cloned();
                    let value: Vec<Typed> = datums
                        .zip(&types)
                        .map(|(datum, ty)| Typed { node: Node::Const(datum), ty: ty.clone() })
                        .collect();
                    let code = judge(this, &value, relation)?;
                    Ok(this.folded(code, SqlType::Boolean)?.as_const().cloned().unwrap_or(Datum::Null))
                })
            }
        }
    }

    fn among(&mut self, value: &[Typed], op: &Op, relation: &Relation, negated: bool) -> Evaluation<Code> {
        has_columns(relation, value.len())?;
        let mut members = Vec::with_capacity(relation.rows.len());
        for row in &relation.rows {
            members.push(self.compare_rows(value, op, &constants(relation, row))?);
        }
        Ok(any_of(&members, negated))
    }

    /// A condition that is decided row by row.
    fn decided(
        &mut self,
        scan: usize,
        results: &[Result<Relation, Failure>],
        decide: impl Fn(&mut Self, usize, &Relation) -> Evaluation<Datum>,
    ) -> Evaluation<Code> {
        let value = self.computed(scan, SqlType::Boolean, self.length(scan), |this, row| match results.get(row) {
            Some(Ok(relation)) => decide(this, row, relation),
            Some(Err(failure)) => Err(Stop::from(failure.clone())),
            None => Ok(Datum::Null),
        })?;
        self.as_condition(value)
    }

    /// Notes an error of a single row.
    pub(super) fn fault(&mut self, row: usize, failure: Failure) {
        let conditional = self.conditional > 0;
        self.faults.push(Fault { row, failure, conditional });
    }
}

/// The expression of a query that is nothing but `SELECT expression`.
fn only_expression(query: &Query) -> Option<&Expr> {
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    let [SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }] = select.projection.as_slice() else {
        return None;
    };
    let plain = query.to_string() == format!("SELECT {}", select.projection.first()?);
    plain.then_some(expr)
}

/// Whether an expression is made of nothing but the values of a row: it calls no function, of which some count or look at
/// other rows, and asks no query.
fn is_of_one_row(expr: &Expr) -> bool {
    match expr {
        Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::Value(_) => true,
        Expr::Nested(inner)
        | Expr::UnaryOp { expr: inner, .. }
        | Expr::IsNull(inner)
        | Expr::IsNotNull(inner)
        | Expr::Extract { expr: inner, .. }
        | Expr::Cast { expr: inner, .. } => is_of_one_row(inner),
        Expr::BinaryOp { left, right, .. } => is_of_one_row(left) && is_of_one_row(right),
        Expr::Case { operand, conditions, else_result, .. } => {
            operand.as_deref().is_none_or(is_of_one_row)
                && conditions.iter().all(|when| is_of_one_row(&when.condition) && is_of_one_row(&when.result))
                && else_result.as_deref().is_none_or(is_of_one_row)
        }
        _ => false,
    }
}

/// The one value of a query: NULL where it gives no row.
fn only(relation: &Relation, (at, width): (usize, usize), dialect: Dialect) -> Evaluation<Datum> {
    if relation.columns.len() != width {
        let message = match width {
            1 => String::from("subquery must return only one column"),
            _ => format!("number of columns does not match number of values: {width} are wanted"),
        };
        return Err(Stop::fail(FailureKind::InvalidStatement, message));
    }
    Ok(the_row(relation, dialect)?.and_then(|row| row.get(at)).cloned().unwrap_or(Datum::Null))
}

/// The one row of a query. SQLite takes the first of several.
fn the_row(relation: &Relation, dialect: Dialect) -> Evaluation<Option<&[Datum]>> {
    if relation.rows.len() > 1 && dialect != Dialect::Sqlite {
        let message = "more than one row returned by a subquery used as an expression";
        return Err(Stop::fail(FailureKind::InvalidStatement, message));
    }
    Ok(relation.rows.first().map(|row| &**row))
}

fn has_columns(relation: &Relation, count: usize) -> Evaluation<()> {
    if relation.columns.len() == count {
        return Ok(());
    }
    Err(Stop::fail(FailureKind::InvalidStatement, "subquery has too many or too few columns"))
}

/// A row of a query as values.
fn constants(relation: &Relation, row: &[Datum]) -> Vec<Typed> {
    let types = relation.columns.iter().map(|(_, ty)| ty.clone());
    row.iter().zip(types).map(|(datum, ty)| Typed { node: Node::Const(datum.clone()), ty }).collect()
}
