//! How queries and what they select from are written.

use std::rc::Rc;

use super::compiler::{Compiler, Style};
use super::expression::{Expression, Kind, Node};
use super::froms;
use super::labels::{is_own, labelled};
use super::precedence::LOOSEST;
use super::select::Select;
use super::source::{Alias, Aliased, Join, Source};
use crate::python::Value;
use crate::schema::{Dialect, quote_qualified};

impl Compiler<'_> {
    /// Writes a query, without parentheses.
    pub(super) fn select(&mut self, select: &Select) {
        if let Some(doubt) = &select.doubt {
            self.doubt.get_or_insert(super::compiler::Doubt::Unknown(Rc::clone(doubt)));
        }
        if let Some(text) = &select.text {
            self.fragment(text);
            return;
        }
        if let Some((operator, parts)) = &select.compound {
            self.list(parts, &format!(" {operator} "), |c, part| {
                // A part with an order or a limit of its own needs parentheses, which SQLite does not know.
                let own = !part.order_by.is_empty() || part.limit.is_some() || part.compound.is_some();
                let parenthesised = own && c.dialect != Dialect::Sqlite;
                if parenthesised {
                    c.push("(");
                }
                c.descend(|c| c.select(part));
                if parenthesised {
                    c.push(")");
                }
            });
            self.tail(select);
            return;
        }
        let sources = self.sources(select);
        let mut visible = Vec::new();
        for source in &sources {
            froms::leaves(source, &mut visible);
        }
        self.around.push(visible);
        self.push("SELECT ");
        if !select.distinct_on.is_empty() && self.dialect == Dialect::PostgreSql {
            self.push("DISTINCT ON (");
            self.nodes(&select.distinct_on);
            self.push(") ");
        } else if select.distinct {
            self.push("DISTINCT ");
        }
        let columns = labelled(select);
        let derived = std::mem::take(&mut self.derived);
        if columns.is_empty() {
            self.push("*");
        }
        self.list(&columns, ", ", |c, (name, node)| c.labelled(name, node, derived));
        if !sources.is_empty() {
            self.clause("FROM ");
            self.list(&sources, ", ", Self::source);
        }
        if !select.wheres.is_empty() {
            self.clause("WHERE ");
            self.conjunction(&select.wheres);
        }
        if !select.group_by.is_empty() {
            self.push(" GROUP BY ");
            self.by(&select.group_by, &columns);
        }
        if !select.having.is_empty() {
            self.clause("HAVING ");
            self.conjunction(&select.having);
        }
        if select.order_by.is_empty() {
            self.limits(select);
        } else {
            self.push(" ORDER BY ");
            self.by(&select.order_by, &columns);
            self.limits(select);
        }
        self.lock(select);
        self.around.pop();
    }

    /// What stands in the FROM: not what the queries around select from already.
    fn sources(&mut self, select: &Select) -> Vec<Rc<Source>> {
        let all = froms::of(select);
        let correlated = |source: &Rc<Source>| match &select.correlate {
            Some(named) => named.iter().any(|other| other.same(source)),
            None => self.around.iter().flatten().any(|other| other.same(source)),
        };
        let own: Vec<Rc<Source>> = all.iter().filter(|source| !correlated(source)).cloned().collect();
        // Nothing left: SQLAlchemy refuses; the query as it stands alone is the better guess at what is meant.
        if own.is_empty() { all } else { own }
    }

    fn labelled(&mut self, name: &str, node: &Node, derived: bool) {
        let inner: &Expression = match &node.kind {
            Kind::Label(_, inner) => inner,
            _ => node,
        };
        self.operand(inner, LOOSEST, false);
        if !is_own(node, name) || (derived && matches!(node.kind, Kind::Column { .. })) {
            self.push(" AS ");
            self.identifier(name);
        }
    }

    /// `ORDER BY` and `GROUP BY`: a label that is selected is named.
    fn by(&mut self, nodes: &[Node], columns: &[(Rc<str>, Node)]) {
        self.list(nodes, ", ", |c, node| c.by_label(node, columns));
    }

    fn by_label(&mut self, node: &Node, columns: &[(Rc<str>, Node)]) {
        match &node.kind {
            Kind::Label(name, _) if columns.iter().any(|(label, _)| label == name) => self.identifier(name),
            Kind::Suffix(inner, text) if matches!(inner.kind, Kind::Label(..)) => {
                self.by_label(inner, columns);
                self.push(" ");
                self.raw(text);
            }
            _ => self.operand(node, LOOSEST, false),
        }
    }

    /// ` WHERE …`, where there are conditions.
    pub(super) fn conditions(&mut self, nodes: &[Node]) {
        if !nodes.is_empty() {
            self.push(" WHERE ");
            self.conjunction(nodes);
        }
    }

    fn conjunction(&mut self, nodes: &[Node]) {
        let whole = super::operators::chain(true, nodes.to_vec());
        self.criterion(&whole, LOOSEST);
    }

    fn tail(&mut self, select: &Select) {
        if !select.order_by.is_empty() {
            self.push(" ORDER BY ");
            let columns: Vec<(Rc<str>, Node)> = Vec::new();
            self.list(&select.order_by, ", ", |c, node| {
                // The columns of a compound query have no table any more.
                match &node.kind {
                    Kind::Column { name, .. } => c.identifier(name),
                    _ => c.by_label(node, &columns),
                }
            });
        }
        self.limits(select);
    }

    fn limits(&mut self, select: &Select) {
        if matches!(self.style, Style::Printed(_)) {
            self.printed_limits(select);
            return;
        }
        match (&select.limit, &select.offset, self.dialect) {
            (None, None, _) => {}
            (Some(limit), None, _) => {
                self.push(" LIMIT ");
                self.bound(limit);
            }
            (Some(limit), Some(offset), Dialect::MySql) => {
                self.push(" LIMIT ");
                self.bound(offset);
                self.push(", ");
                self.bound(limit);
            }
            (Some(limit), Some(offset), _) => {
                self.push(" LIMIT ");
                self.bound(limit);
                self.push(" OFFSET ");
                self.bound(offset);
            }
            (None, Some(offset), dialect) => {
                self.push(match dialect {
                    Dialect::Sqlite => " LIMIT -1 OFFSET ",
                    Dialect::MySql => " LIMIT 18446744073709551615 OFFSET ",
                    Dialect::PostgreSql => " OFFSET ",
                });
                self.bound(offset);
            }
        }
    }

    /// `LIMIT` and `OFFSET` as SQLAlchemy lays them out, on a line of their own.
    fn printed_limits(&mut self, select: &Select) {
        let lite = self.dialect == Dialect::Sqlite;
        let start = if lite { "\n LIMIT " } else { " \n LIMIT " };
        match (&select.limit, &select.offset) {
            (None, None) => {}
            (Some(limit), Some(offset)) if self.dialect == Dialect::MySql => {
                self.push(start);
                self.bound(offset);
                self.push(", ");
                self.bound(limit);
            }
            (None, Some(offset)) if self.dialect == Dialect::MySql => {
                self.push(start);
                self.bound(offset);
                self.push(", 18446744073709551615");
            }
            (limit, offset) => {
                self.push(start);
                match limit {
                    Some(limit) => self.bound(limit),
                    None => self.push(if lite { "-1" } else { "ALL" }),
                }
                match offset {
                    Some(offset) => {
                        self.push(" OFFSET ");
                        self.bound(offset);
                    }
                    None if lite => self.push(" OFFSET 0"),
                    None => {}
                }
            }
        }
    }

    fn bound(&mut self, node: &Node) {
        match &node.kind {
            Kind::Bind(bind) if matches!(bind.value, Some(Value::Int(_))) => {
                if let Some(Value::Int(number)) = &bind.value {
                    self.push(&number.to_string());
                }
            }
            _ => self.operand(node, LOOSEST, false),
        }
    }

    fn lock(&mut self, select: &Select) {
        if let Some(lock) = &select.lock
            && self.dialect != Dialect::Sqlite
        {
            self.push(" FOR ");
            self.push(lock);
        }
    }

    /// Writes what stands in a FROM.
    pub(super) fn source(&mut self, source: &Rc<Source>) {
        match &**source {
            Source::Table(table) => {
                let text = quote_qualified(&table.name, self.dialect);
                self.push(&text);
            }
            Source::Alias(alias) => self.alias(source, alias),
            Source::Join(join) => self.descend(|c| c.join(join)),
            Source::Text(text) => self.fragment(text),
            Source::Function(node) => self.operand(node, LOOSEST, false),
        }
    }

    fn join(&mut self, join: &Join) {
        self.source(&join.left);
        let inner = if self.dialect == Dialect::MySql { " INNER JOIN " } else { " JOIN " };
        self.push(match (join.full, join.outer) {
            (true, _) => " FULL OUTER JOIN ",
            (false, true) => " LEFT OUTER JOIN ",
            (false, false) => inner,
        });
        let nested = matches!(*join.right, Source::Join(_));
        if nested {
            self.push("(");
        }
        self.source(&join.right);
        if nested {
            self.push(")");
        }
        if let Some(on) = &join.on {
            self.push(" ON ");
            self.criterion(on, LOOSEST);
        }
    }

    fn alias(&mut self, source: &Rc<Source>, alias: &Alias) {
        let name = self.name_of(source, alias);
        match &alias.of {
            Aliased::Source(of) => self.source(of),
            Aliased::Query(select) => {
                // A derived table does not see what stands beside it.
                let around = std::mem::take(&mut self.around);
                self.push("(");
                self.derived = true;
                self.descend(|c| c.select(select));
                self.derived = false;
                self.push(")");
                self.around = around;
            }
            Aliased::Cte(select, recursive) => {
                if !self.ctes.iter().any(|(known, ..)| *known == name) {
                    let around = std::mem::take(&mut self.around);
                    self.derived = true;
                    let text = self.aside(|c| c.descend(|c| c.select(select)));
                    self.derived = false;
                    self.around = around;
                    self.ctes.push((name.clone(), text, *recursive));
                }
                self.identifier(&name);
                return;
            }
        }
        self.push(" AS ");
        self.identifier(&name);
    }

    /// Puts the common table expressions that were met in front.
    pub(super) fn with_ctes(&mut self) {
        if self.ctes.is_empty() {
            return;
        }
        let ctes = std::mem::take(&mut self.ctes);
        let body = std::mem::take(&mut self.text);
        self.push(if ctes.iter().any(|(_, _, recursive)| *recursive) { "WITH RECURSIVE " } else { "WITH " });
        let printed = matches!(self.style, Style::Printed(_));
        self.list(&ctes, if printed { ", \n" } else { ", " }, |c, (name, text, _)| {
            c.identifier(name);
            c.push(if printed { " AS \n(" } else { " AS (" });
            c.push(text);
            c.push(")");
        });
        self.push(if printed { "\n " } else { " " });
        self.push(&body);
    }
}
