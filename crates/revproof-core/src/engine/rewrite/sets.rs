//! Set operations and `VALUES`: rows that come from several queries, or from none.

use std::cmp::Ordering;

use rustc_hash::FxHashSet;
use sqlparser::ast::{Expr, OrderBy, OrderByKind, SetExpr, SetOperator, SetQuantifier, Value, Values};

use super::Compiler;
use super::names::{fold, same_name};
use super::select::{Planned, Window};
use super::typed::Typed;
use crate::engine::relation::Relation;
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::{Key, key};
use crate::op::{Datum, FailureKind};
use crate::schema::{Name, SqlType};

impl Compiler<'_> {
    /// The rows of a query's body that is no plain `SELECT`.
    pub(super) fn set(&mut self, body: &SetExpr) -> Evaluation<Relation> {
        self.nested(|this| match body {
            SetExpr::Select(select) => match this.select(select, None, Window::default())? {
                Planned::Rows(relation) => Ok(relation),
                Planned::Query { .. } => Err(Stop::unsupported("a set operation that depends on the row")),
            },
            SetExpr::Query(query) => this.relation_of(query),
            SetExpr::Values(values) => this.value_rows(values),
            SetExpr::SetOperation { left, op, set_quantifier, right } => {
                let all = match set_quantifier {
                    SetQuantifier::All => true,
                    SetQuantifier::None | SetQuantifier::Distinct => false,
                    _ => return Err(Stop::unsupported("this set operation is not supported")),
                };
                let (left, right) = (this.set(left)?, this.set(right)?);
                this.merged(left, right, *op, all)
            }
            _ => Err(Stop::unsupported("a statement that writes inside a query is not supported")),
        })
    }

    fn merged(&mut self, left: Relation, right: Relation, op: SetOperator, all: bool) -> Evaluation<Relation> {
        let dialect = self.dialect();
        if left.columns.len() != right.columns.len() {
            let message = format!("each {op} query must have the same number of columns");
            return Err(Stop::fail(FailureKind::InvalidStatement, message));
        }
        let kind = |ty: &Option<SqlType>| ty.as_ref().map(|ty| super::kind(ty, dialect));
        let mut columns = Vec::with_capacity(left.columns.len());
        for ((name, a), (_, b)) in left.columns.iter().zip(&right.columns) {
            if let (Some(a), Some(b)) = (kind(a), kind(b))
                && a != b
            {
                return Err(Stop::unsupported("a set operation of different types is not supported"));
            }
            columns.push((name.clone(), a.clone().or_else(|| b.clone())));
        }
        let keyed = |row: &Vec<Datum>| -> Evaluation<Vec<Key>> {
            let keys: Option<Vec<Key>> = row.iter().map(|d| key(d, dialect)).collect();
            keys.ok_or_else(|| Stop::unsupported("a set operation on values that are not known"))
        };
        let rows = match (op, all) {
            (SetOperator::Union, true) => left.rows.into_iter().chain(right.rows).collect(),
            (SetOperator::Union, false) => {
                let mut seen = FxHashSet::default();
                let mut rows = Vec::new();
                for row in left.rows.into_iter().chain(right.rows) {
                    if seen.insert(keyed(&row)?) {
                        rows.push(row);
                    }
                }
                rows
            }
            (SetOperator::Except | SetOperator::Intersect, false) => {
                let other: FxHashSet<Vec<Key>> = right.rows.iter().map(keyed).collect::<Evaluation<_>>()?;
                let mut seen = FxHashSet::default();
                let mut rows = Vec::new();
                for row in left.rows {
                    let key = keyed(&row)?;
                    if other.contains(&key) == (op == SetOperator::Intersect) && seen.insert(key) {
                        rows.push(row);
                    }
                }
                rows
            }
            _ => return Err(Stop::unsupported("this set operation is not supported")),
        };
        Ok(Relation { columns, rows })
    }

    /// `VALUES` as a query.
    fn value_rows(&mut self, values: &Values) -> Evaluation<Relation> {
        let mut columns: Vec<(Name, Option<SqlType>)> = Vec::new();
        let mut rows = Vec::with_capacity(values.rows.len());
        for value_row in &values.rows {
            let mut row = Vec::new();
            for (at, expr) in value_row.content.iter().enumerate() {
                let value = self.expr(expr)?;
                let Some(datum) = value.as_const() else {
                    return Err(Stop::unsupported("VALUES that depend on a row are not supported"));
                };
                row.push(datum.clone());
                match columns.get_mut(at) {
                    Some((_, ty)) if ty.is_none() => *ty = value.ty,
                    Some(_) => {}
                    None => columns.push((format!("column{}", at + 1).into(), value.ty)),
                }
            }
            rows.push(row);
        }
        Ok(Relation { columns, rows })
    }

    /// Sorts rows that are there already.
    pub(super) fn sorted(&self, relation: Relation, order_by: &OrderBy) -> Evaluation<Relation> {
        let OrderByKind::Expressions(exprs) = &order_by.kind else {
            return Err(Stop::unsupported("ORDER BY ALL is not supported"));
        };
        let mut places = Vec::with_capacity(exprs.len());
        for order in exprs {
            let place = match &order.expr {
                Expr::Value(value) => match &value.value {
                    Value::Number(digits, _) => digits.parse::<usize>().ok().and_then(|at| at.checked_sub(1)),
                    _ => None,
                },
                Expr::Identifier(ident) => {
                    let name = fold(ident, self.dialect());
                    relation.columns.iter().position(|(label, _)| same_name(label, &name, self.dialect()))
                }
                _ => None,
            };
            let Some(place) = place.filter(|at| *at < relation.columns.len()) else {
                return Err(Stop::unsupported("this ORDER BY is not supported"));
            };
            places.push((place, self.sort_key(Typed::null(), &order.options)?));
        }
        let mut rows = relation.rows;
        rows.sort_by(|a, b| {
            let orders = places.iter().map(|(at, key)| match (a.get(*at), b.get(*at)) {
                (Some(a), Some(b)) => key.order(a, b),
                _ => Ordering::Equal,
            });
            orders.fold(Ordering::Equal, Ordering::then)
        });
        Ok(Relation { rows, ..relation })
    }
}
