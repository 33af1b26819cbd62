//! Queries: a `SELECT` that depends on nothing around it is run at once and is rows from then on.

use std::cmp::Ordering;
use std::sync::Arc;

use gluesql_core::ast::{
    Expr as Glue, OrderByExpr as GlueOrder, Projection, Query as GlueQuery, Select as GlueSelect,
    SelectItem as GlueItem, SetExpr as GlueSet, TableWithJoins as GlueTables,
};
use gluesql_core::data::Value as GlueValue;
use rustc_hash::FxHashSet;
use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, LimitClause, OrderBy, OrderByKind, OrderBySort, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, Value,
};

use super::Compiler;
use super::aggregate::{has_aggregate, is_grouped};
use super::conditions::constant_truth;
use super::names::{fold, qualified_name, same_name};
use super::typed::{Code, Typed};
use super::types::from_value;
use crate::engine::relation::Relation;
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::storage::run;
use crate::engine::value::{Key, compare, count, key};
use crate::op::{Datum, FailureKind};
use crate::schema::{Dialect, Name, SqlType};

/// A query that has been looked at.
pub(in crate::engine) enum Planned {
    /// It has been run.
    Rows(Relation),
    /// It depends on the queries around it.
    Query {
        /// As GlueSQL runs it, `DISTINCT` left away.
        query: GlueQuery,
        /// Its columns, in terms of the tables in its `FROM`.
        columns: Vec<(Name, Typed)>,
        /// Whether rows that are equal count once.
        distinct: bool,
    },
}

/// How to sort: by what, descending, NULLs first.
pub(super) struct SortKey {
    value: Typed,
    descending: bool,
    nulls_first: bool,
}

/// `LIMIT` and `OFFSET`.
#[derive(Default, Clone, Copy)]
pub(super) struct Window {
    limit: Option<usize>,
    offset: usize,
}

impl Window {
    fn is_whole(self) -> bool {
        self.limit.is_none() && self.offset == 0
    }

    fn apply<T>(self, rows: Vec<T>) -> Vec<T> {
        let rest = rows.into_iter().skip(self.offset);
        match self.limit {
            Some(limit) => rest.take(limit).collect(),
            None => rest.collect(),
        }
    }
}

impl Compiler<'_> {
    /// A query inside a statement.
    pub(in crate::engine) fn subquery(&mut self, query: &Query) -> Evaluation<Planned> {
        self.nested(|this| {
            let known = this.ctes.len();
            let saved = (this.aggregates, this.filtered);
            this.aggregates = false;
            let planned = this.with(query).and_then(|()| this.body(query));
            (this.aggregates, this.filtered) = saved;
            this.ctes.truncate(known);
            planned
        })
    }

    /// Common table expressions.
    pub(in crate::engine) fn with(&mut self, query: &Query) -> Evaluation<()> {
        let Some(with) = &query.with else { return Ok(()) };
        if with.recursive {
            return Err(Stop::unsupported("WITH RECURSIVE is not supported"));
        }
        let dialect = self.dialect();
        for cte in &with.cte_tables {
            let mut relation = self.relation_of(&cte.query)?;
            for (column, renamed) in relation.columns.iter_mut().zip(&cte.alias.columns) {
                column.0 = fold(&renamed.name, dialect).into();
            }
            self.ctes.push((fold(&cte.alias.name, dialect), Arc::new(relation)));
        }
        Ok(())
    }

    fn body(&mut self, query: &Query) -> Evaluation<Planned> {
        let odd = query.fetch.is_some()
            || query.for_clause.is_some()
            || query.settings.is_some()
            || query.format_clause.is_some()
            || !query.pipe_operators.is_empty();
        if odd {
            return Err(Stop::unsupported("a query of this form is not supported"));
        }
        let window = self.window(query.limit_clause.as_ref())?;
        match query.body.as_ref() {
            SetExpr::Select(select) => self.select(select, query.order_by.as_ref(), window),
            body => {
                let mut relation = self.set(body)?;
                if let Some(order_by) = &query.order_by {
                    relation = self.sorted(relation, order_by)?;
                }
                relation.rows = window.apply(relation.rows);
                Ok(Planned::Rows(relation))
            }
        }
    }

    fn window(&mut self, clause: Option<&LimitClause>) -> Evaluation<Window> {
        let (limit, offset) = match clause {
            None => return Ok(Window::default()),
            Some(LimitClause::LimitOffset { limit, offset, limit_by }) if limit_by.is_empty() => {
                (limit.as_ref(), offset.as_ref().map(|o| &o.value))
            }
            Some(LimitClause::OffsetCommaLimit { offset, limit }) => (Some(limit), Some(offset)),
            Some(_) => return Err(Stop::unsupported("this LIMIT is not supported")),
        };
        let mut number = |expr: Option<&Expr>| -> Evaluation<Option<usize>> {
            let Some(expr) = expr else { return Ok(None) };
            match self.expr(expr)?.as_const() {
                Some(Datum::Int(i)) => {
                    usize::try_from(*i).map(Some).map_err(|_| Stop::unsupported("a negative LIMIT is not supported"))
                }
                Some(Datum::Null) => Ok(None),
                _ => Err(Stop::unsupported("this LIMIT is not supported")),
            }
        };
        Ok(Window { limit: number(limit)?, offset: number(offset)?.unwrap_or(0) })
    }

    /// A `SELECT`.
    pub(super) fn select(
        &mut self,
        select: &Select,
        order_by: Option<&OrderBy>,
        window: Window,
    ) -> Evaluation<Planned> {
        let odd = select.top.is_some()
            || select.into.is_some()
            || select.exclude.is_some()
            || !select.lateral_views.is_empty()
            || select.prewhere.is_some()
            || !select.connect_by.is_empty()
            || !select.named_window.is_empty()
            || select.qualify.is_some()
            || select.value_table_mode.is_some();
        if odd {
            return Err(Stop::unsupported("a SELECT of this form is not supported"));
        }
        self.open();
        let faults = self.faults.len();
        let parts = self.parts(select, order_by);
        let captured = self.close();
        let parts = parts?;
        if captured {
            return self.dependent(&parts, window);
        }
        let relation = self.run_parts(&parts, faults)?;
        Ok(Planned::Rows(Relation { rows: window.apply(relation.rows), ..relation }))
    }

    fn parts(&mut self, select: &Select, order_by: Option<&OrderBy>) -> Evaluation<Parts> {
        let from = self.from(&select.from.iter().collect::<Vec<_>>())?;
        self.filtered = select.selection.is_some() || select.from.len() > 1;
        let selection = select.selection.as_ref().map(|s| self.filter(s, false)).transpose()?;
        self.aggregates = true;
        let items = self.projection(&select.projection)?;
        let mut written = written(&select.projection, &items);
        let mut groups = Vec::new();
        match &select.group_by {
            GroupByExpr::Expressions(exprs, modifiers) if modifiers.is_empty() => {
                for expr in exprs {
                    let value = self.by_position_or_label(expr, &items, &written)?;
                    groups.push(value.lower(self.dialect())?);
                    written.push((expr, value));
                }
            }
            _ => return Err(Stop::unsupported("this GROUP BY is not supported")),
        }
        let having = select.having.as_ref().map(|h| self.filter(h, false)).transpose()?;
        let sort = match order_by {
            Some(order_by) => self.sort_keys(order_by, &items, &written)?,
            None => Vec::new(),
        };
        let mut distinct_on = Vec::new();
        let distinct = match &select.distinct {
            None | Some(Distinct::All) => false,
            Some(Distinct::Distinct) => true,
            Some(Distinct::On(exprs)) => {
                for expr in exprs {
                    distinct_on.push(self.by_position_or_label(expr, &items, &written)?);
                }
                false
            }
        };
        self.aggregates = false;
        Ok(Parts { from, selection, items, groups, having, sort, distinct, distinct_on })
    }

    /// The columns of a query.
    pub(in crate::engine) fn projection(&mut self, items: &[SelectItem]) -> Evaluation<Vec<(Name, Typed)>> {
        let dialect = self.dialect();
        let mut columns = Vec::with_capacity(items.len());
        for item in items {
            match item {
                SelectItem::UnnamedExpr(expr) => {
                    let label = label(expr, dialect);
                    columns.push((label.into(), self.expr(expr)?));
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    columns.push((fold(alias, dialect).into(), self.expr(expr)?));
                }
                SelectItem::Wildcard(options) if options.to_string().is_empty() => {
                    columns.extend(self.all_columns(None)?);
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), options)
                    if options.to_string().is_empty() =>
                {
                    let name = qualified_name(name, dialect).map(|name| name.name.clone());
                    columns.extend(self.all_columns(name.as_deref())?);
                }
                _ => return Err(Stop::unsupported("a column list of this form is not supported")),
            }
        }
        Ok(columns)
    }

    /// `GROUP BY 1`, `ORDER BY total`: a column of the result by its place or label, else an expression.
    fn by_position_or_label(
        &mut self,
        expr: &Expr,
        items: &[(Name, Typed)],
        written: &[(&Expr, Typed)],
    ) -> Evaluation<Typed> {
        if let Expr::Value(value) = expr
            && let Value::Number(digits, _) = &value.value
        {
            let place = digits.parse::<usize>().ok().and_then(|at| at.checked_sub(1));
            return place.and_then(|at| items.get(at)).map(|(_, value)| value.clone()).ok_or_else(|| {
                let message = format!("ORDER BY position {digits} is not in select list");
                Stop::fail(FailureKind::InvalidStatement, message)
            });
        }
        if let Expr::Identifier(ident) = expr {
            let name = fold(ident, self.dialect());
            let mut labelled = items.iter().filter(|(label, _)| same_name(label, &name, self.dialect()));
            if let (Some((_, value)), None) = (labelled.next(), labelled.next()) {
                return Ok(value.clone());
            }
        }
        // What is computed here gets a column of its own each time; the same expression has to be the same column.
        let is_name = matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_));
        let text = expr.to_string();
        if let Some((_, value)) = written.iter().find(|(known, _)| !is_name && known.to_string() == text) {
            return Ok(value.clone());
        }
        self.expr(expr)
    }

    fn sort_keys(
        &mut self,
        order_by: &OrderBy,
        items: &[(Name, Typed)],
        written: &[(&Expr, Typed)],
    ) -> Evaluation<Vec<SortKey>> {
        let OrderByKind::Expressions(exprs) = &order_by.kind else {
            return Err(Stop::unsupported("ORDER BY ALL is not supported"));
        };
        let mut keys = Vec::with_capacity(exprs.len());
        for order in exprs {
            let value = self.by_position_or_label(&order.expr, items, written)?;
            if matches!(value.ty, Some(SqlType::Enum(_))) {
                return Err(Stop::unsupported("the order of enum values is not supported"));
            }
            keys.push(self.sort_key(value, &order.options)?);
        }
        Ok(keys)
    }

    pub(super) fn sort_key(&self, value: Typed, options: &sqlparser::ast::OrderByOptions) -> Evaluation<SortKey> {
        let descending = match &options.sort {
            None | Some(OrderBySort::Asc) => false,
            Some(OrderBySort::Desc) => true,
            Some(_) => return Err(Stop::unsupported("ORDER BY USING is not supported")),
        };
        // PostgreSQL holds NULL for the highest value, the others for the lowest.
        let by_default = if self.dialect() == Dialect::PostgreSql { descending } else { !descending };
        Ok(SortKey { value, descending, nulls_first: options.nulls_first.unwrap_or(by_default) })
    }

    /// Runs a query that depends on nothing around it.
    fn run_parts(&mut self, parts: &Parts, faults: usize) -> Evaluation<Relation> {
        let dialect = self.dialect();
        let columns: Vec<(Name, Option<SqlType>)> =
            parts.items.iter().map(|(name, value)| (name.clone(), value.ty.clone())).collect();
        let Some(from) = parts.from.clone() else { return without_from(parts, columns) };
        parts.check_groups()?;
        let visible = parts.items.len();
        let mut wanted: Vec<&Typed> = parts.items.iter().map(|(_, value)| value).collect();
        wanted.extend(parts.sort.iter().map(|key| &key.value));
        wanted.extend(&parts.distinct_on);
        let mut exprs = Vec::with_capacity(wanted.len() + 1);
        for value in &wanted {
            exprs.push(value.lower(dialect)?);
        }
        let types: Vec<Option<SqlType>> = wanted.iter().map(|v| v.ty.clone()).collect();
        // Where single rows have faults, it must be known which rows the query looks at.
        let alone = match (&from.relation, from.joins.is_empty(), parts.is_aggregate()) {
            (gluesql_core::ast::TableFactor::Table { name, .. }, true, false) if self.faults.len() > faults => {
                name.strip_prefix('t').and_then(|n| n.parse::<usize>().ok())
            }
            _ => None,
        };
        if let Some(scan) = alone {
            exprs.push(Glue::CompoundIdentifier { alias: format!("t{scan}"), ident: String::from("row") });
        }
        let query = glue_query(parts, from, exprs);
        let mut numbers = Vec::new();
        let mut rows: Vec<Vec<Datum>> = Vec::new();
        for mut values in run(&self.scans, query)? {
            if alone.is_some() {
                numbers.extend(values.pop().and_then(|v| match v {
                    GlueValue::I64(i) => Some(i),
                    _ => None,
                }));
            }
            let datums = values.into_iter().zip(&types).map(|(value, ty)| from_value(value, ty.as_ref(), dialect));
            rows.push(datums.collect());
        }
        if self.faults.len() > faults {
            self.settle(alone.map(|scan| (scan, numbers.as_slice())))?;
        }
        let keys = parts.sort.len();
        rows.sort_by(|a, b| {
            let orders =
                parts.sort.iter().enumerate().map(|(at, key)| match (a.get(visible + at), b.get(visible + at)) {
                    (Some(a), Some(b)) => key.order(a, b),
                    _ => Ordering::Equal,
                });
            orders.fold(Ordering::Equal, Ordering::then)
        });
        let keyed = |row: &[Datum]| -> Option<Vec<Key>> { row.iter().map(|d| key(d, dialect)).collect() };
        if !parts.distinct_on.is_empty() {
            let mut seen = FxHashSet::default();
            rows.retain(|row| seen.insert(keyed(row.get(visible + keys..).unwrap_or_default())));
        }
        for row in &mut rows {
            row.truncate(visible);
        }
        if parts.distinct {
            let mut seen = FxHashSet::default();
            rows.retain(|row| seen.insert(keyed(row)));
        }
        Ok(Relation { columns, rows })
    }

    /// A query that depends on the queries around it, for GlueSQL to run row by row.
    fn dependent(&mut self, parts: &Parts, window: Window) -> Evaluation<Planned> {
        let dialect = self.dialect();
        parts.check_groups()?;
        let Some(from) = parts.from.clone() else {
            return Err(Stop::unsupported("a subquery without FROM that depends on the row is not supported"));
        };
        if !parts.distinct_on.is_empty() || (parts.distinct && !window.is_whole()) {
            return Err(Stop::unsupported("DISTINCT in a subquery that depends on the row is not supported"));
        }
        let mut exprs = Vec::with_capacity(parts.items.len());
        for (_, value) in &parts.items {
            exprs.push(value.lower(dialect)?);
        }
        let mut query = glue_query(parts, from, exprs);
        for key in &parts.sort {
            let value = key.value.lower(dialect)?;
            let null_rank = super::conditions::case(
                vec![(Glue::IsNull(Box::new(value.clone())), Glue::Value(GlueValue::I64(i64::from(!key.nulls_first))))],
                Glue::Value(GlueValue::I64(i64::from(key.nulls_first))),
            );
            query.order_by.push(GlueOrder { expr: null_rank, asc: Some(true) });
            query.order_by.push(GlueOrder { expr: value, asc: Some(!key.descending) });
        }
        let number = |n: usize| Glue::Value(GlueValue::I64(count(n)));
        query.limit = window.limit.map(number);
        query.offset = (window.offset > 0).then(|| number(window.offset));
        Ok(Planned::Query { query, columns: parts.items.clone(), distinct: parts.distinct })
    }
}

/// The expressions of a select list with what has become of them; none where a `*` stands for several.
fn written<'e>(projection: &'e [SelectItem], items: &[(Name, Typed)]) -> Vec<(&'e Expr, Typed)> {
    if projection.len() != items.len() {
        return Vec::new();
    }
    let pairs = projection.iter().zip(items).filter_map(|(item, (_, value))| match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => Some((expr, value.clone())),
        _ => None,
    });
    pairs.collect()
}

/// A `SELECT` taken apart.
struct Parts {
    from: Option<GlueTables>,
    selection: Option<Code>,
    items: Vec<(Name, Typed)>,
    groups: Vec<Glue>,
    having: Option<Code>,
    sort: Vec<SortKey>,
    distinct: bool,
    distinct_on: Vec<Typed>,
}

impl Parts {
    fn codes(&self) -> impl Iterator<Item = &Glue> {
        let typed =
            self.items.iter().map(|(_, v)| v).chain(self.sort.iter().map(|k| &k.value)).chain(&self.distinct_on);
        let of_typed = typed.filter_map(|v| match &v.node {
            super::Node::Code(code) => Some(&code.expr),
            super::Node::Const(_) => None,
        });
        of_typed.chain(self.having.iter().map(|h| &h.expr))
    }

    fn is_aggregate(&self) -> bool {
        !self.groups.is_empty() || self.having.is_some() || self.codes().any(has_aggregate)
    }

    /// A column that is neither grouped by nor aggregated has no one value.
    fn check_groups(&self) -> Evaluation<()> {
        if !self.is_aggregate() || self.codes().all(|expr| is_grouped(expr, &self.groups)) {
            return Ok(());
        }
        Err(Stop::unsupported("a column beside an aggregate that is not grouped by is not supported"))
    }
}

impl SortKey {
    pub(super) fn order(&self, a: &Datum, b: &Datum) -> Ordering {
        match (a == &Datum::Null, b == &Datum::Null) {
            (true, true) => Ordering::Equal,
            (true, false) if self.nulls_first => Ordering::Less,
            (true, false) => Ordering::Greater,
            (false, true) if self.nulls_first => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) if self.descending => compare(b, a),
            (false, false) => compare(a, b),
        }
    }
}

fn glue_query(parts: &Parts, from: GlueTables, exprs: Vec<Glue>) -> GlueQuery {
    let item = |(at, expr): (usize, Glue)| GlueItem::Expr { expr, label: format!("c{at}") };
    let select = GlueSelect {
        distinct: false,
        projection: Projection::SelectItems(exprs.into_iter().enumerate().map(item).collect()),
        from,
        selection: parts.selection.as_ref().map(|s| s.expr.clone()),
        group_by: parts.groups.clone(),
        having: parts.having.as_ref().map(|h| h.expr.clone()),
    };
    GlueQuery { body: GlueSet::Select(Box::new(select)), order_by: Vec::new(), limit: None, offset: None }
}

/// The label of a column that is given none.
fn label(expr: &Expr, dialect: Dialect) -> String {
    match expr {
        Expr::Identifier(ident) => fold(ident, dialect),
        Expr::CompoundIdentifier(parts) => parts.last().map(|p| fold(p, dialect)).unwrap_or_default(),
        Expr::Function(function) if dialect == Dialect::PostgreSql => function.name.to_string().to_lowercase(),
        Expr::Cast { expr, .. } if dialect == Dialect::PostgreSql => label(expr, dialect),
        Expr::Nested(inner) if dialect == Dialect::PostgreSql => label(inner, dialect),
        Expr::Case { .. } if dialect == Dialect::PostgreSql => String::from("case"),
        _ if dialect == Dialect::PostgreSql => String::from("?column?"),
        other => other.to_string(),
    }
}

/// A `SELECT` without `FROM`: one row of constants.
fn without_from(parts: &Parts, columns: Vec<(Name, Option<SqlType>)>) -> Evaluation<Relation> {
    if parts.is_aggregate() {
        return Err(Stop::unsupported("an aggregate without FROM is not supported"));
    }
    let kept = match &parts.selection {
        None => true,
        Some(code) => constant_truth(code)?,
    };
    let row: Option<Vec<Datum>> = parts.items.iter().map(|(_, value)| value.as_const().cloned()).collect();
    let row = row.ok_or_else(|| Stop::unsupported("this SELECT without FROM is not supported"))?;
    Ok(Relation { columns, rows: if kept { vec![row] } else { Vec::new() } })
}
