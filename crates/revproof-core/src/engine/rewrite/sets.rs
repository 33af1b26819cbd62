//! Set operations and `VALUES`: rows that come from several queries, or from none.

use std::cmp::Ordering;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use sqlparser::ast::{Expr, OrderBy, OrderByKind, Query, SetExpr, SetOperator, SetQuantifier, Value, Values};

use super::expr::unsized_type;
use super::names::{fold, same_name};
use super::rowwise::stop;
use super::select::labelled;
use super::typed::Typed;
use super::{Compiler, Kind};
use crate::engine::cast::{Mode, cast};
use crate::engine::relation::Relation;
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::{Key, key};
use crate::op::{Datum, FailureKind};
use crate::schema::{Dialect, Name, SqlType};

/// How many rows a recursive query may give.
const MAX_RECURSIVE: usize = 10_000;

impl Compiler<'_> {
    /// The rows of a query's body that is no plain `SELECT`.
    pub(super) fn set(&mut self, body: &SetExpr) -> Evaluation<Relation> {
        self.nested(|this| match body {
            SetExpr::Select(select) => this.select(select, None),
            SetExpr::Query(query) => this.relation_of(query),
            SetExpr::Values(values) => this.value_rows(values),
            SetExpr::SetOperation { left, op, set_quantifier, right } => {
                let all = match set_quantifier {
                    SetQuantifier::All => true,
                    SetQuantifier::None | SetQuantifier::Distinct => false,
                    _ => return Err(Stop::unsupported("this set operation is not supported")),
                };
                if all && *op != SetOperator::Union && this.dialect() == Dialect::Sqlite {
                    return Err(Stop::fail(FailureKind::InvalidStatement, "near \"ALL\": syntax error"));
                }
                let (left, right) = (this.set(left)?, this.set(right)?);
                this.merged(left, right, *op, all)
            }
            _ => Err(Stop::unsupported("a statement that writes inside a query is not supported")),
        })
    }

    fn merged(&mut self, mut left: Relation, mut right: Relation, op: SetOperator, all: bool) -> Evaluation<Relation> {
        let dialect = self.dialect();
        if left.columns.len() != right.columns.len() {
            let message = format!("each {op} query must have the same number of columns");
            return Err(Stop::fail(FailureKind::InvalidStatement, message));
        }
        let mut columns = Vec::with_capacity(left.columns.len());
        for at in 0..left.columns.len() {
            let (Some((name, a)), Some((_, b))) = (left.columns.get(at).cloned(), right.columns.get(at).cloned())
            else {
                continue;
            };
            let ty = if dialect == Dialect::Sqlite {
                a.clone().or(b.clone())
            } else {
                self.common_type(a.as_ref(), b.as_ref())?
            };
            for (side, from) in [(&mut left, &a), (&mut right, &b)] {
                if let Some(ty) = ty.as_ref().filter(|ty| Some(*ty) != from.as_ref() && dialect != Dialect::Sqlite) {
                    let mode = if from.is_none() { Mode::Literal } else { Mode::Explicit };
                    for cell in side.rows.iter_mut().filter_map(|row| row.get_mut(at)) {
                        *cell = cast(&self.db.catalog, cell, ty, mode).map_err(|error| stop(error, ty))?;
                    }
                }
            }
            columns.push((name, ty));
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
                    } else if !rows.contains(&row) {
                        return Err(Stop::unsupported(
                            "which of equal values that are not alike is kept is not simulated",
                        ));
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
            (SetOperator::Except | SetOperator::Intersect, true) => {
                // Each row on the right stands for one on the left.
                let mut other: FxHashMap<Vec<Key>, usize> = FxHashMap::default();
                for row in &right.rows {
                    *other.entry(keyed(row)?).or_default() += 1;
                }
                let mut rows = Vec::new();
                for row in left.rows {
                    let count = other.entry(keyed(&row)?).or_default();
                    let matched = *count > 0;
                    *count = count.saturating_sub(1);
                    if matched == (op == SetOperator::Intersect) {
                        rows.push(row);
                    }
                }
                rows
            }
            _ => return Err(Stop::unsupported("this set operation is not supported")),
        };
        Ok(Relation { columns, rows })
    }

    /// The type of a column that comes from two queries.
    fn common_type(&self, a: Option<&SqlType>, b: Option<&SqlType>) -> Evaluation<Option<SqlType>> {
        let dialect = self.dialect();
        let (Some(a), Some(b)) = (a, b) else { return Ok(a.or(b).cloned()) };
        let rank = |kind: Kind| [Kind::Int, Kind::Decimal, Kind::Float].iter().position(|k| *k == kind);
        let (first, second) = (super::kind(a, dialect), super::kind(b, dialect));
        Ok(Some(match (rank(first), rank(second)) {
            _ if a == b => a.clone(),
            (Some(x), Some(y)) if x != y => unsized_type(if x > y { a } else { b }.clone(), first.max(second)),
            (Some(_), Some(_)) if *a == SqlType::BigInt => a.clone(),
            _ if first == second && first != Kind::Opaque => unsized_type(b.clone(), first),
            _ => return Err(Stop::unsupported("a set operation of different types is not supported")),
        }))
    }

    /// `WITH RECURSIVE`: the second part is executed on what it gave last, until it gives nothing new.
    pub(super) fn recursive(&mut self, name: &str, labels: &[Name], query: &Query) -> Evaluation<Relation> {
        let SetExpr::SetOperation { left, op: SetOperator::Union, set_quantifier, right } = query.body.as_ref() else {
            return Err(Stop::unsupported("this recursive query is not supported"));
        };
        if query.order_by.is_some() || query.limit_clause.is_some() {
            return Err(Stop::unsupported("ORDER BY or LIMIT in a recursive query is not supported"));
        }
        let all = matches!(set_quantifier, SetQuantifier::All);
        let empty = |columns: &[(Name, Option<SqlType>)]| Relation { columns: columns.to_vec(), rows: Vec::new() };
        let first = labelled(self.set(left)?, labels);
        let mut found = self.merged(empty(&first.columns), first, SetOperator::Union, all)?;
        let mut new = found.clone();
        while !new.rows.is_empty() {
            if found.rows.len() > MAX_RECURSIVE {
                return Err(Stop::unsupported("a recursive query that gives so many rows is not simulated"));
            }
            self.ctes.push((name.to_owned(), Arc::new(new)));
            let next = self.set(right);
            self.ctes.pop();
            let known = found.rows.len();
            found = self.merged(found, next?, SetOperator::Union, all)?;
            new =
                Relation { columns: found.columns.clone(), rows: found.rows.get(known..).unwrap_or_default().to_vec() };
        }
        Ok(found)
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
