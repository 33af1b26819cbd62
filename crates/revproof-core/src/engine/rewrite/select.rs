//! Queries, clause by clause: each works on the rows that the one before has left.

use std::cmp::Ordering;
use std::sync::Arc;

use gluesql_core::ast::Expr as Glue;
use gluesql_core::data::Value as GlueValue;
use rustc_hash::FxHashSet;
use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, LimitClause, OrderBy, OrderByKind, OrderBySort, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, Statement, TableWithJoins, Value,
};

use super::Compiler;
use super::aggregate::Aggregates;
use super::conditions::constant_truth;
use super::expand::rows_call;
use super::identity::{hidden, is_identity, is_ordered_identity};
use super::names::{fold, qualified_name, same_name};
use super::typed::{Code, Typed};
use super::types::from_value;
use crate::engine::evaluate::Prepared;
use crate::engine::relation::Relation;
use crate::engine::statement::{With, collect_written, write};
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::{Key, compare, key};
use crate::op::{Datum, FailureKind};
use crate::schema::{Dialect, Name};

/// How to sort: by what, descending, NULLs first.
pub(super) struct SortKey {
    pub(super) value: Typed,
    pub(super) descending: bool,
    pub(super) nulls_first: bool,
}

/// `LIMIT` and `OFFSET`.
#[derive(Default, Clone, Copy)]
pub(super) struct Window {
    limit: Option<usize>,
    offset: usize,
}

impl Window {
    fn apply<T>(self, rows: Vec<T>) -> Vec<T> {
        let rest = rows.into_iter().skip(self.offset);
        match self.limit {
            Some(limit) => rest.take(limit).collect(),
            None => rest.collect(),
        }
    }
}

impl Compiler<'_> {
    /// Common table expressions.
    pub(in crate::engine) fn with(&mut self, query: &Query) -> Evaluation<()> {
        let Some(with) = &query.with else { return Ok(()) };
        let dialect = self.dialect();
        for cte in &with.cte_tables {
            let name = fold(&cte.alias.name, dialect);
            let labels: Vec<Name> = cte.alias.columns.iter().map(|c| fold(&c.name, dialect).into()).collect();
            let relation = match cte.query.body.as_ref() {
                SetExpr::Insert(inner) | SetExpr::Update(inner) | SetExpr::Delete(inner) => {
                    self.written(inner, query, &cte.query)?
                }
                SetExpr::SetOperation { .. } if with.recursive => self.recursive(&name, &labels, &cte.query)?,
                _ => labelled(self.relation_of(&cte.query).map_err(Stop::if_read)?, &labels),
            };
            self.ctes.push((name, Arc::new(relation)));
        }
        Ok(())
    }

    /// A common table expression that writes: the rest of the statement sees the rows as they were before, and gets those
    /// that it returns.
    fn written(&mut self, statement: &Statement, whole: &Query, own: &Query) -> Evaluation<Relation> {
        let dialect = self.dialect();
        if dialect != Dialect::PostgreSql || !self.scopes.is_empty() {
            return Err(Stop::unsupported("a statement that writes inside a query is not supported"));
        }
        let mut tables = Vec::new();
        collect_written(statement, dialect, &mut tables, 0);
        let others =
            whole.with.iter().flat_map(|with| &with.cte_tables).filter(|cte| !std::ptr::eq(cte.query.as_ref(), own));
        let mut rest: Vec<String> = others.map(|cte| cte.query.to_string().to_lowercase()).collect();
        rest.push(whole.body.to_string().to_lowercase());
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let seen = |name: &str| rest.iter().any(|text| text.split(|c| !is_name(c)).any(|word| word == name));
        if tables.iter().any(|table| seen(&table.name.to_lowercase())) {
            return Err(Stop::unsupported("a statement that reads a table and writes it in WITH is not supported"));
        }
        let done = write(self.db, statement, &With::Rows(self.ctes.clone()), self.params)?;
        match done.doubts.into_iter().next() {
            Some(why) => Err(Stop::Unsupported(why)),
            None => Ok(done.returned.unwrap_or_default()),
        }
    }

    pub(super) fn body(&mut self, query: &Query) -> Evaluation<Relation> {
        let odd = query.for_clause.is_some()
            || query.settings.is_some()
            || query.format_clause.is_some()
            || !query.pipe_operators.is_empty();
        if odd {
            return Err(Stop::unsupported("a query of this form is not supported"));
        }
        let mut window = self.window(query.limit_clause.as_ref())?;
        if let Some(fetch) = &query.fetch {
            let limit = fetch.quantity.as_ref().map_or(Ok(Some(1)), |expr| self.row_count(Some(expr)))?;
            if fetch.with_ties || fetch.percent || window.limit.is_some() {
                return Err(Stop::unsupported("this FETCH is not supported"));
            }
            window.limit = limit;
        }
        let mut relation = match query.body.as_ref() {
            SetExpr::Select(select) => self.select(select, query.order_by.as_ref())?,
            body => {
                let relation = self.set(body)?;
                match &query.order_by {
                    Some(order_by) => self.sorted(relation, order_by)?,
                    None => relation,
                }
            }
        };
        relation.rows = window.apply(relation.rows);
        Ok(relation)
    }

    fn window(&mut self, clause: Option<&LimitClause>) -> Evaluation<Window> {
        let sqlite = self.dialect() == Dialect::Sqlite;
        let (limit, offset) = match clause {
            None => return Ok(Window::default()),
            Some(LimitClause::LimitOffset { limit: None, offset: Some(_), .. }) if sqlite => {
                return Err(Stop::fail(FailureKind::InvalidStatement, "near \"OFFSET\": syntax error"));
            }
            Some(LimitClause::LimitOffset { limit, offset, limit_by }) if limit_by.is_empty() => {
                (limit.as_ref(), offset.as_ref().map(|o| &o.value))
            }
            Some(LimitClause::OffsetCommaLimit { offset, limit }) => (Some(limit), Some(offset)),
            Some(_) => return Err(Stop::unsupported("this LIMIT is not supported")),
        };
        Ok(Window { limit: self.row_count(limit)?, offset: self.row_count(offset)?.unwrap_or(0) })
    }

    fn row_count(&mut self, expr: Option<&Expr>) -> Evaluation<Option<usize>> {
        let Some(expr) = expr else { return Ok(None) };
        match self.expr(expr)?.as_const() {
            Some(Datum::Int(i)) => match usize::try_from(*i) {
                Ok(count) => Ok(Some(count)),
                // Any negative LIMIT is none on SQLite.
                Err(_) if self.dialect() == Dialect::Sqlite => Ok(None),
                Err(_) => Err(Stop::fail(FailureKind::InvalidStatement, "LIMIT must not be negative")),
            },
            Some(Datum::Null) => Ok(None),
            _ => Err(Stop::unsupported("this LIMIT is not supported")),
        }
    }

    /// A `SELECT`.
    pub(super) fn select(&mut self, select: &Select, order_by: Option<&OrderBy>) -> Evaluation<Relation> {
        let odd = select.top.is_some()
            || select.into.is_some()
            || select.exclude.is_some()
            || !select.lateral_views.is_empty()
            || select.prewhere.is_some()
            || !select.connect_by.is_empty()
            || select.qualify.is_some()
            || select.value_table_mode.is_some();
        if odd {
            return Err(Stop::unsupported("a SELECT of this form is not supported"));
        }
        self.open();
        if let Some(scope) = self.scopes.last_mut() {
            scope.windows.clone_from(&select.named_window);
        }
        let faults = self.faults.len();
        let relation = self.parts(select, order_by).and_then(|parts| self.run_parts(&parts, faults));
        self.close();
        relation
    }

    fn parts(&mut self, select: &Select, order_by: Option<&OrderBy>) -> Evaluation<Parts> {
        let calls = |item: &TableWithJoins| {
            rows_call(&item.relation).is_some() || item.joins.iter().any(|join| rows_call(&join.relation).is_some())
        };
        if let Some(scope) = self.scopes.last_mut().filter(|_| select.from.iter().any(calls)) {
            scope.selection.clone_from(&select.selection);
        }
        self.from(&select.from.iter().collect::<Vec<_>>())?;
        if let Some(selection) = &select.selection {
            let code = self.filter(selection, false)?;
            self.restrict(&code)?;
        }
        let GroupByExpr::Expressions(groups, modifiers) = &select.group_by else {
            return Err(Stop::unsupported("this GROUP BY is not supported"));
        };
        if !modifiers.is_empty() {
            return Err(Stop::unsupported("this GROUP BY is not supported"));
        }
        self.expand_list(select, groups.is_empty() && select.having.is_none())?;
        let (faults, draws) = (self.faults.len(), self.draws);
        self.aggregates = Aggregates::Collected(Vec::new());
        let parts = self.output(select, order_by)?;
        let Aggregates::Collected(found) = std::mem::replace(&mut self.aggregates, Aggregates::Forbidden) else {
            return Err(Stop::unsupported("aggregates within aggregates are not supported"));
        };
        if found.is_empty() && groups.is_empty() && select.having.is_none() {
            return Ok(parts);
        }
        if self.scopes.last().is_some_and(|scope| !scope.expanded.is_empty()) {
            return Err(Stop::unsupported("a function that gives rows beside an aggregate is not supported"));
        }
        if select.having.is_some() && groups.is_empty() && self.dialect() == Dialect::Sqlite {
            return Err(Stop::unsupported("HAVING without GROUP BY is not supported"));
        }
        if self.draws > draws {
            return Err(Stop::unsupported("a function that counts beside an aggregate is not supported"));
        }
        self.faults.truncate(faults);
        // Now that it is known what to aggregate, the rows are grouped, and the clauses read again over the groups.
        self.group(groups, &select.projection, &found)?;
        self.aggregates = Aggregates::Taken(0);
        let parts = self.output(select, order_by)?;
        self.aggregates = Aggregates::Forbidden;
        Ok(parts)
    }

    /// What comes after the rows are there: the columns, their order, and which rows are left out.
    fn output(&mut self, select: &Select, order_by: Option<&OrderBy>) -> Evaluation<Parts> {
        if let Some(having) = &select.having {
            let code = self.filter(having, false)?;
            if matches!(self.aggregates, Aggregates::Taken(_)) {
                self.restrict(&code)?;
            }
        }
        let outer = std::mem::replace(&mut self.windows, true);
        let shown = self.shown(select, order_by);
        self.windows = outer;
        shown
    }

    /// The columns, their order, and which rows are left out as double.
    fn shown(&mut self, select: &Select, order_by: Option<&OrderBy>) -> Evaluation<Parts> {
        let items = self.projection(&select.projection)?;
        let written = written(&select.projection, &items);
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
        Ok(Parts { items, sort, distinct, distinct_on })
    }

    /// The columns of a query.
    pub(in crate::engine) fn projection(&mut self, items: &[SelectItem]) -> Evaluation<Vec<(Name, Typed)>> {
        let dialect = self.dialect();
        let mut columns = Vec::with_capacity(items.len());
        for item in items {
            match item {
                SelectItem::UnnamedExpr(expr) => {
                    let label = label(expr, dialect);
                    columns.push((label.into(), self.item(expr)?));
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    columns.push((fold(alias, dialect).into(), self.item(expr)?));
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

    /// A column of a query. A bound value that is not known may stand there as it is.
    fn item(&mut self, expr: &Expr) -> Evaluation<Typed> {
        match self.unknown_bound(expr) {
            Some(unknown) => Ok(unknown),
            None => self.expr(expr),
        }
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
            let value = self.label_place(value)?;
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
        if is_identity(value.ty.as_ref()) && !is_ordered_identity(value.ty.as_ref()) {
            return Err(hidden());
        }
        // PostgreSQL holds NULL for the highest value, the others for the lowest.
        let by_default = if self.dialect() == Dialect::PostgreSql { descending } else { !descending };
        Ok(SortKey { value, descending, nulls_first: options.nulls_first.unwrap_or(by_default) })
    }

    /// Runs a query whose clauses have been read.
    fn run_parts(&mut self, parts: &Parts, faults: usize) -> Evaluation<Relation> {
        let dialect = self.dialect();
        let columns = parts.items.iter().map(|(name, value)| (name.clone(), value.ty.clone())).collect();
        let visible = parts.items.len();
        let mut wanted: Vec<&Typed> = parts.items.iter().map(|(_, value)| value).collect();
        wanted.extend(parts.sort.iter().map(|key| &key.value));
        wanted.extend(&parts.distinct_on);
        // A value that is not known is what it is, as long as nothing is decided by it.
        let decided = parts.distinct || !parts.distinct_on.is_empty();
        let mut exprs = Vec::with_capacity(wanted.len());
        for (at, value) in wanted.iter().enumerate() {
            exprs.push(match value.as_const() {
                Some(Datum::Unknown(_)) if at < visible && !decided => Glue::Value(GlueValue::Null),
                _ => value.shown(dialect)?,
            });
        }
        let scan = self.scan()?;
        self.settle_from(faults)?;
        let mut rows: Vec<Vec<Datum>> = Vec::new();
        self.execute(scan, &exprs, None, |values| {
            let typed = values.into_iter().zip(&wanted);
            let datum = |(value, typed): (GlueValue, &&Typed)| match typed.as_const() {
                Some(unknown @ Datum::Unknown(_)) => unknown.clone(),
                _ => from_value(value, typed.ty.as_ref(), dialect),
            };
            rows.push(typed.map(datum).collect());
        })?;
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

    /// The places of the rows of a scan for which a condition holds.
    pub(super) fn places(&mut self, code: &Code, scan: usize) -> Evaluation<Vec<usize>> {
        if code.scans.is_empty() {
            let all = if constant_truth(code)? { self.length(scan) } else { 0 };
            return Ok((0..all).collect());
        }
        let place = Glue::CompoundIdentifier { alias: format!("t{scan}"), ident: String::from("row") };
        let mut places = Vec::new();
        self.execute(scan, &[place], Some(code), |row| {
            if let Some(GlueValue::I64(at)) = row.first() {
                places.extend(usize::try_from(*at));
            }
        })?;
        Ok(places)
    }

    /// GlueSQL computes expressions on the rows for which a condition holds.
    fn execute(
        &self,
        scan: usize,
        exprs: &[Glue],
        selection: Option<&Code>,
        mut take: impl FnMut(Vec<GlueValue>),
    ) -> Evaluation<()> {
        let alias = format!("t{scan}");
        let Some(scan) = self.scans.get(scan) else { return Err(Stop::unsupported("a table is out of reach")) };
        let prepared = Prepared::new(scan, alias, exprs, selection.map(|selection| &selection.expr));
        for at in 0..scan.len() {
            if let Some(values) = prepared.row(scan, at)? {
                take(values);
            }
        }
        Ok(())
    }
}

/// A relation whose columns are given names.
pub(super) fn labelled(mut relation: Relation, labels: &[Name]) -> Relation {
    for (column, label) in relation.columns.iter_mut().zip(labels) {
        column.0 = label.clone();
    }
    relation
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

/// A `SELECT` whose clauses have been read.
struct Parts {
    items: Vec<(Name, Typed)>,
    sort: Vec<SortKey>,
    distinct: bool,
    distinct_on: Vec<Typed>,
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
