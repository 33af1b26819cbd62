//! `GROUP BY`: the groups become a scan of their own, with a column for each key and each aggregate.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use sqlparser::ast::{Expr, SelectItem, Value};

use super::aggregate::Aggregate;
use super::names::fold;
use super::typed::Typed;
use super::{Compiler, Scan};
use crate::engine::functions::{aggregate, sqlite_json_group};
use crate::engine::relation::Relation;
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::{Key, key};
use crate::op::{Datum, FailureKind};
use crate::schema::{Dialect, Name, SqlType};

/// What a query's rows are grouped by.
pub(super) struct Grouped {
    /// The groups: first the keys, then the aggregates, then what the keys decide.
    pub(super) scan: usize,
    /// The keys: a column of the rows, or an expression as it is written.
    keys: Vec<GroupKey>,
    /// How many aggregates there are.
    aggregates: usize,
    /// The columns of the rows that the keys decide, in the order in which they stand in the groups.
    decided: Vec<usize>,
}

enum GroupKey {
    Column(usize),
    Written(String, Option<SqlType>),
}

impl Compiler<'_> {
    /// Groups the rows.
    pub(super) fn group(
        &mut self,
        groups: &[Expr],
        projection: &[SelectItem],
        aggregates: &[Aggregate],
    ) -> Evaluation<()> {
        let dialect = self.dialect();
        let base = self.scan()?;
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for expr in groups {
            let expr = self.group_expr(expr, projection)?;
            values.push(self.expr(expr)?);
            keys.push(match self.plain_column(expr) {
                Some(column) => GroupKey::Column(column),
                None => GroupKey::Written(expr.to_string(), values.last().and_then(|v| v.ty.clone())),
            });
        }
        self.settle()?;
        let decided = self.decided_columns(&keys);
        let mut places: FxHashMap<Vec<Key>, usize> = FxHashMap::default();
        let mut members: Vec<(Vec<Datum>, Vec<usize>)> = Vec::new();
        for (row, cells) in self.values(&values, base)?.into_iter().enumerate() {
            let key: Option<Vec<Key>> = cells.iter().map(|datum| key(datum, dialect)).collect();
            let key = key.ok_or_else(|| Stop::unsupported("grouping by values that are not known"))?;
            let at = *places.entry(key).or_insert(members.len());
            if at == members.len() {
                members.push((cells, Vec::new()));
            }
            members.get_mut(at).into_iter().for_each(|(_, rows)| rows.push(row));
        }
        if groups.is_empty() && members.is_empty() {
            members.push((Vec::new(), Vec::new()));
        }
        let mut results = Vec::with_capacity(aggregates.len());
        for aggregate in aggregates {
            results.push(self.aggregated(aggregate, base, &members)?);
        }
        let mut rows = Vec::with_capacity(members.len());
        for (at, (mut cells, group)) in members.into_iter().enumerate() {
            cells.extend(results.iter().map(|r| r.get(at).cloned().unwrap_or(Datum::Null)));
            let first = group.first().copied().unwrap_or(usize::MAX);
            cells.extend(decided.iter().map(|column| self.cell(base, first, *column).clone()));
            rows.push(cells);
        }
        let width = keys.len() + aggregates.len() + decided.len();
        let columns = vec![(Name::from(""), None); width];
        let scan = self.scans.len();
        self.scans.push(Scan::of_relation(Arc::new(Relation { columns, rows })));
        let grouped = Grouped { scan, keys, aggregates: aggregates.len(), decided };
        if let Some(scope) = self.scopes.last_mut() {
            scope.grouped = Some(grouped);
            scope.scan = Some(scan);
        }
        Ok(())
    }

    /// `GROUP BY 1` and `GROUP BY label` stand for a column of the result.
    fn group_expr<'e>(&self, expr: &'e Expr, projection: &'e [SelectItem]) -> Evaluation<&'e Expr> {
        let plain = |item: &'e SelectItem| match item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => Some(expr),
            _ => None,
        };
        match expr {
            Expr::Nested(inner) => self.group_expr(inner, projection),
            Expr::Value(value) => {
                let Value::Number(digits, _) = &value.value else { return Ok(expr) };
                let place = digits.parse::<usize>().ok().and_then(|at| at.checked_sub(1));
                let found = place.and_then(|at| projection.get(at)).and_then(plain);
                found.ok_or_else(|| {
                    let message = format!("GROUP BY position {digits} is not in select list");
                    Stop::fail(FailureKind::InvalidStatement, message)
                })
            }
            Expr::Identifier(ident) if !self.is_column(ident) => {
                let name = fold(ident, self.dialect());
                let labelled = |item: &&SelectItem| matches!(item, SelectItem::ExprWithAlias { alias, .. } if fold(alias, self.dialect()) == name);
                Ok(projection.iter().find(labelled).and_then(plain).unwrap_or(expr))
            }
            _ => Ok(expr),
        }
    }

    /// The column of the rows that an expression is.
    fn plain_column(&self, expr: &Expr) -> Option<usize> {
        let dialect = self.dialect();
        let (qualifier, ident) = match expr {
            Expr::Identifier(ident) => (None, ident),
            Expr::CompoundIdentifier(parts) => {
                let (last, before) = parts.split_last()?;
                (before.last().map(|table| fold(table, dialect)), last)
            }
            _ => return None,
        };
        let found = self.find(qualifier.as_deref(), &fold(ident, dialect)).ok()??;
        (found.0 + 1 == self.scopes.len()).then_some(found.2)
    }

    /// On PostgreSQL the primary key of a table decides its other columns.
    fn decided_columns(&self, keys: &[GroupKey]) -> Vec<usize> {
        let grouped = |column: usize| keys.iter().any(|key| matches!(key, GroupKey::Column(at) if *at == column));
        let mut decided = Vec::new();
        for binding in self.scopes.last().into_iter().flat_map(|scope| &scope.bindings) {
            let Some(table) = binding.table.as_ref().filter(|_| self.dialect() == Dialect::PostgreSql) else {
                continue;
            };
            let Some(key) = &table.primary_key else { continue };
            let place = |id| table.columns.iter().position(|c| c.id == id).map(|at| binding.offset + at);
            if key.columns.iter().all(|id| place(*id).is_some_and(grouped)) {
                decided.extend(binding.offset..binding.offset + table.columns.len());
            }
        }
        decided
    }

    /// Where a column of the rows stands among the groups.
    pub(super) fn grouped_column(&self, depth: usize, column: usize) -> Evaluation<(usize, usize)> {
        let grouped = self.scopes.get(depth).and_then(|scope| scope.grouped.as_ref());
        let Some(grouped) = grouped else { return Err(Stop::unsupported("a column of groups that are not formed")) };
        let by_key = grouped.keys.iter().position(|key| matches!(key, GroupKey::Column(at) if *at == column));
        let decided = || grouped.decided.iter().position(|at| *at == column);
        let behind = grouped.keys.len() + grouped.aggregates;
        if let Some(at) = by_key.or_else(|| decided().map(|at| behind + at)) {
            return Ok((grouped.scan, at));
        }
        let message = "a column must appear in the GROUP BY clause or be used in an aggregate function";
        match self.dialect() {
            Dialect::PostgreSql => Err(Stop::fail(FailureKind::InvalidStatement, message)),
            _ => Err(Stop::unsupported("a column beside an aggregate that is not grouped by is not supported")),
        }
    }

    /// The key that an expression is as it is written.
    pub(super) fn written_key(&mut self, expr: &Expr) -> Evaluation<Option<Typed>> {
        let Some(grouped) = self.scopes.last().and_then(|scope| scope.grouped.as_ref()) else { return Ok(None) };
        if !grouped.keys.iter().any(|key| matches!(key, GroupKey::Written(..))) {
            return Ok(None);
        }
        let text = expr.to_string();
        let found = grouped.keys.iter().enumerate().find_map(|(at, key)| match key {
            GroupKey::Written(written, ty) if *written == text => Some((at, ty.clone())),
            _ => None,
        });
        match found {
            Some((at, ty)) => self.scan_column(at, ty).map(Some),
            None => Ok(None),
        }
    }

    /// The aggregate with that number.
    pub(super) fn aggregate_cell(&mut self, number: usize, ty: SqlType) -> Evaluation<Typed> {
        let keys = self.scopes.last().and_then(|scope| scope.grouped.as_ref()).map_or(0, |g| g.keys.len());
        self.scan_column(keys + number, Some(ty))
    }

    /// A column of the rows that the query reads.
    pub(super) fn scan_column(&mut self, at: usize, ty: Option<SqlType>) -> Evaluation<Typed> {
        let scan = self.scan()?;
        let ident = self.load(scan, at, ty.as_ref())?;
        let expr = gluesql_core::ast::Expr::CompoundIdentifier { alias: format!("t{scan}"), ident };
        let code = super::typed::Code { expr, scans: vec![scan], plain: true, size: 1 };
        Ok(Typed { node: super::typed::Node::Code(code), ty })
    }

    /// What an aggregate gives for each group.
    fn aggregated(
        &mut self,
        call: &Aggregate,
        base: usize,
        groups: &[(Vec<Datum>, Vec<usize>)],
    ) -> Evaluation<Vec<Datum>> {
        let dialect = self.dialect();
        let mut wanted = call.args.clone();
        wanted.extend(call.order.iter().map(|key| key.value.clone()));
        let rows = self.values(&wanted, base)?;
        let kept = match &call.filter {
            Some(filter) => {
                let places = self.places(filter, base)?;
                let mut kept = vec![false; rows.len()];
                for at in places {
                    kept.get_mut(at).into_iter().for_each(|kept| *kept = true);
                }
                kept
            }
            None => vec![true; rows.len()],
        };
        let mut results = Vec::with_capacity(groups.len());
        for (_, members) in groups {
            let mut cells: Vec<&Vec<Datum>> =
                members.iter().filter(|at| kept.get(**at) == Some(&true)).filter_map(|at| rows.get(*at)).collect();
            cells.sort_by(|a, b| {
                let keys = call.order.iter().enumerate();
                let order = |(at, by): (usize, &super::select::SortKey)| {
                    let at = call.args.len() + at;
                    a.get(at).zip(b.get(at)).map_or(std::cmp::Ordering::Equal, |(a, b)| by.order(a, b))
                };
                keys.map(order).fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
            });
            let args = call.args.len();
            let cells: Vec<&[Datum]> = cells.into_iter().map(|row| row.get(..args).unwrap_or_default()).collect();
            results.push(match call.name.as_str() {
                "json_group_array" | "json_group_object" if !call.distinct => {
                    sqlite_json_group(&call.name, &cells, &call.given)?
                }
                name => aggregate(name, &cells, call.distinct, &call.ty, dialect)?,
            });
        }
        Ok(results)
    }
}
