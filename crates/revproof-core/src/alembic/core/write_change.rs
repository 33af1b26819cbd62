//! How INSERT, UPDATE and DELETE are written.

use std::rc::Rc;

use super::change::{Assignment, Change, Conflict, Target, Verb};
use super::compiler::{Compiler, Doubt, Style};
use super::expression::{Bind, Expression, Kind, Node};
use super::froms;
use super::precedence::{LOOSEST, TIGHTEST};
use super::select::Select;
use super::source::Source;
use super::ty::Ty;
use crate::op::Offline;
use crate::schema::{Dialect, quote_qualified};

impl Compiler<'_> {
    /// Writes a change. Values that come with the execution are the assignments whose keys no bind has.
    pub(super) fn change(&mut self, change: &Change) {
        if let Some(doubt) = &change.doubt {
            self.doubt.get_or_insert(Doubt::Unknown(Rc::clone(doubt)));
        }
        match change.verb {
            Verb::Insert => self.insert(change),
            Verb::Update => self.update(change),
            Verb::Delete => self.delete(change),
        }
    }

    fn target(&mut self, change: &Change) {
        match &*change.table {
            Source::Table(table) => {
                let text = quote_qualified(&table.name, self.dialect);
                self.push(&text);
            }
            Source::Alias(_) => self.source(&change.table),
            _ => self.doubt("the table of the statement is not known"),
        }
    }

    /// The name of the column with that key.
    fn assigned(&mut self, change: &Change, key: &str) {
        let column = change.table.column(key);
        let name = column.as_ref().and_then(|column| column.own_name().cloned());
        self.identifier(name.as_deref().unwrap_or(key));
    }

    fn insert(&mut self, change: &Change) {
        self.push("INSERT ");
        if let Some(prefix) = &change.prefix {
            self.push(prefix);
            self.push(" ");
        }
        self.push("INTO ");
        self.target(change);
        if let Some((names, query)) = &change.query {
            self.push(" (");
            self.list(names, ", ", |c, name| c.assigned(change, name));
            self.push(") ");
            self.descend(|c| c.select(query));
        } else {
            let mut columns: Vec<Rc<str>> =
                change.rows.first().map(|row| row.iter().map(|(key, _)| key.clone()).collect()).unwrap_or_default();
            in_table_order(change, &mut columns, |key| key);
            if let (true, Style::Printed(offline)) = (columns.is_empty(), self.style) {
                self.blank(change, offline);
            } else if columns.is_empty() {
                self.push(if self.dialect == Dialect::MySql { " () VALUES ()" } else { " DEFAULT VALUES" });
            } else {
                self.push(" (");
                self.list(&columns, ", ", |c, name| c.assigned(change, name));
                self.push(") VALUES ");
                self.list(&change.rows, ", ", |c, row| c.row(change, &columns, row));
            }
        }
        if let Some(conflict) = &change.conflict {
            self.conflict(change, conflict);
        }
        self.returning(change);
        self.with_ctes();
    }

    /// An INSERT whose values are still to come: every column of the table with a placeholder.
    fn blank(&mut self, change: &Change, offline: Offline) {
        let columns: Vec<Rc<str>> = change.table.columns().into_iter().map(|(key, _)| key).collect();
        self.push(" (");
        self.list(&columns, ", ", |c, name| c.assigned(change, name));
        self.push(") VALUES (");
        self.list(&columns, ", ", |c, name| c.placeholder(offline, name, true));
        self.push(")");
    }

    fn row(&mut self, change: &Change, columns: &[Rc<str>], row: &[Assignment]) {
        let several = change.rows.len() > 1;
        self.push("(");
        self.list(columns, ", ", |c, column| match row.iter().find(|(key, _)| key == column) {
            Some((_, node)) => c.assigned_value(change, column, node, several),
            None => c.doubt("the rows of an INSERT have different columns"),
        });
        self.push(")");
    }

    /// A plain value is bound under the name of its column, as SQLAlchemy names it.
    fn assigned_value(&mut self, change: &Change, column: &str, node: &Node, several: bool) {
        let untyped = |bind: &Bind| {
            let is_plain = bind.unique && *bind.name == *column;
            is_plain && change.table.column(column).is_some_and(|column| column.ty.is_null())
        };
        match &node.kind {
            // A column without a type gives its values none, and so the offline mode has no literal for them.
            Kind::Bind(bind @ Bind { value: Some(value), .. }) if self.writes_literals() && untyped(bind) => {
                self.literal(value, &Ty::Null);
            }
            Kind::Bind(bind) if bind.unique && !several => match &bind.value {
                Some(value) => {
                    let word = column.chars().all(|c| c.is_alphanumeric() || c == '_');
                    let taken = self.params.iter().any(|(name, _)| **name == *column);
                    self.value(column, !word || taken, value, &node.ty);
                }
                None => self.operand(node, LOOSEST, false),
            },
            _ => self.operand(node, TIGHTEST, false),
        }
    }

    fn update(&mut self, change: &Change) {
        let target: Vec<Rc<Source>> = vec![change.table.clone()];
        let others = Self::others(change);
        self.push("UPDATE ");
        self.target(change);
        if self.dialect == Dialect::MySql && !others.is_empty() {
            self.push(", ");
            self.list(&others, ", ", Self::source);
        }
        self.around.push(target.into_iter().chain(others.iter().cloned()).collect());
        self.push(" SET ");
        let row = change.rows.first().map(Vec::as_slice).unwrap_or_default();
        if row.is_empty() {
            self.doubt("an UPDATE sets nothing");
        }
        let mut row = row.to_vec();
        in_table_order(change, &mut row, |(key, _)| key);
        self.list(&row, ", ", |c, (key, node)| {
            if c.dialect == Dialect::MySql && !others.is_empty() {
                c.target(change);
                c.push(".");
            }
            c.assigned(change, key);
            c.push("=");
            c.assigned_value(change, key, node, false);
        });
        if self.dialect != Dialect::MySql && !others.is_empty() {
            self.push(" FROM ");
            self.list(&others, ", ", Self::source);
        }
        self.conditions(&change.wheres);
        self.around.pop();
        self.returning(change);
        self.with_ctes();
    }

    fn delete(&mut self, change: &Change) {
        let others = Self::others(change);
        self.push("DELETE FROM ");
        self.target(change);
        if !others.is_empty() {
            self.push(" USING ");
            if self.dialect == Dialect::MySql {
                self.target(change);
                self.push(", ");
            }
            self.list(&others, ", ", Self::source);
        }
        self.around.push(std::iter::once(change.table.clone()).chain(others.iter().cloned()).collect());
        self.conditions(&change.wheres);
        self.around.pop();
        self.returning(change);
        self.with_ctes();
    }

    /// The other tables that the conditions and the values of a change name.
    fn others(change: &Change) -> Vec<Rc<Source>> {
        let mut sources = Vec::new();
        for node in &change.wheres {
            froms::collect(node, &mut sources);
        }
        for (_, node) in change.rows.iter().flatten() {
            froms::collect(node, &mut sources);
        }
        sources.retain(|source| !source.same(&change.table));
        sources
    }

    fn conflict(&mut self, change: &Change, conflict: &Conflict) {
        if self.dialect == Dialect::MySql {
            self.push(" ON DUPLICATE KEY UPDATE ");
        } else {
            self.push(" ON CONFLICT");
            match &conflict.target {
                Some(Target::Columns(columns)) => {
                    self.push(" (");
                    self.list(columns, ", ", |c, column| c.assigned(change, column));
                    self.push(")");
                    if let Some(condition) = &conflict.index_where {
                        self.push(" WHERE ");
                        self.bare(condition);
                    }
                }
                Some(Target::Constraint(name)) => {
                    self.push(" ON CONSTRAINT ");
                    self.identifier(name);
                }
                None => {}
            }
            self.push(if conflict.set.is_some() { " DO UPDATE SET " } else { " DO NOTHING" });
        }
        let set = conflict.set.as_deref().unwrap_or_default();
        self.list(set, ", ", |c, (key, node)| {
            c.assigned(change, key);
            c.push(" = ");
            c.operand(node, LOOSEST, false);
        });
        if let Some(condition) = &conflict.condition {
            self.push(" WHERE ");
            self.criterion(condition, LOOSEST);
        }
    }

    /// A condition whose columns are written without their table.
    fn bare(&mut self, condition: &Expression) {
        let style = std::mem::replace(&mut self.style, super::compiler::Style::Ddl);
        self.criterion(condition, LOOSEST);
        self.style = style;
    }

    fn returning(&mut self, change: &Change) {
        if change.returning.is_empty() {
            return;
        }
        let select = Select { columns: change.returning.clone(), ..Select::default() };
        self.push(" RETURNING ");
        let columns = super::labels::labelled(&select);
        self.list(&columns, ", ", |c, (name, node)| {
            c.operand(node, LOOSEST, false);
            if !super::labels::is_own(node, name) {
                c.push(" AS ");
                c.identifier(name);
            }
        });
    }
}

/// Sorts assignments as the columns stand in their table, as SQLAlchemy does; others stay behind.
fn in_table_order<T>(change: &Change, items: &mut [T], key: impl Fn(&T) -> &Rc<str>) {
    let keys: Vec<Rc<str>> = change.table.columns().into_iter().map(|(key, _)| key).collect();
    items.sort_by_key(|item| keys.iter().position(|known| known == key(item)).unwrap_or(usize::MAX));
}

/// The names and types of what a change returns.
pub(super) fn returned(change: &Change) -> Vec<(Rc<str>, super::ty::Ty)> {
    let select = Select { columns: change.returning.clone(), ..Select::default() };
    super::labels::labelled(&select).into_iter().map(|(name, node)| (name, node.ty.clone())).collect()
}
