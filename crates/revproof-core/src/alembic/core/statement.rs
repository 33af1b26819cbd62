//! [`Statement`]: what can be executed, and what its execution sends.

use std::rc::Rc;
use std::sync::Arc;

use super::change::{Change, Verb};
use super::compiler::{Compiler, Doubt, Style};
use super::expression::{Expression, Kind, Node};
use super::select::{Select, Selected};
use super::text::Text;
use super::ty::Ty;
use super::{labels, write_change};
use crate::op::{Offline, SqlText};
use crate::python::{Flow, Value, Vm};
use crate::schema::Dialect;
use crate::source::Span;

/// What can be executed.
#[derive(Debug, Clone)]
pub(super) enum Statement {
    /// A query.
    Select(Rc<Select>),
    /// INSERT, UPDATE, DELETE.
    Change(Rc<Change>),
    /// SQL text.
    Text(Rc<Text>),
    /// An expression: `conn.scalar(func.now())`.
    Node(Node),
}

/// What an execution sends, and what comes back.
#[derive(Debug)]
pub(super) struct Compiled {
    /// The SQL text and its values; or why there is none.
    pub sql: Result<SqlText, Doubt>,
    /// The columns of the rows that come back, where they are known beforehand.
    pub columns: Vec<(Rc<str>, Ty)>,
    /// What is selected, for the rows to be made into objects.
    pub selected: Vec<Selected>,
    /// The binds that have got no value.
    pub missing: Vec<Rc<str>>,
    /// What SQLAlchemy refuses to compile, if so.
    pub refused: Option<String>,
}

impl Statement {
    /// The statement that a value is.
    pub(super) fn of(value: &Value) -> Option<Self> {
        if let Some(select) = value.downcast::<Select>() {
            return Some(Self::Select(select));
        }
        if let Some(change) = value.downcast::<Change>() {
            return Some(Self::Change(change));
        }
        if let Some(query) = value.downcast::<super::orm::Query>() {
            return Some(Self::Select(Rc::new(query.select.clone())));
        }
        let node = super::expression::as_node(value)?;
        Some(match &node.kind {
            Kind::Text(text) => Self::Text(text.clone()),
            Kind::Query(select) => Self::Select(select.clone()),
            _ => Self::Node(node),
        })
    }

    /// What its execution with these values sends.
    pub(super) fn compile(&self, dialect: Dialect, given: &[(Rc<str>, Value)]) -> Compiled {
        self.compile_as(dialect, Style::Bound, given)
    }

    /// What the offline mode prints of it.
    pub(super) fn print(&self, dialect: Dialect, offline: Offline) -> Compiled {
        self.compile_as(dialect, Style::Printed(offline), &[])
    }

    fn compile_as(&self, dialect: Dialect, style: Style, given: &[(Rc<str>, Value)]) -> Compiled {
        let mut compiler = Compiler::new(dialect, style, given);
        let (mut selected, mut literal) = (Vec::new(), None);
        let columns = match self {
            Self::Select(select) => {
                compiler.select(select);
                compiler.with_ctes();
                selected = selection(select);
                select.column_types()
            }
            Self::Change(change) => {
                let filled = fill(change, given);
                compiler.change(&filled);
                selected.clone_from(&filled.returning);
                write_change::returned(&filled)
            }
            Self::Text(text) => {
                compiler.fragment(text);
                literal = text.literal.filter(|_| compiler.text == *text.sql);
                text.columns.clone()
            }
            Self::Node(node) => {
                let select = Select::of(vec![node.clone()]);
                compiler.select(&select);
                labels::labelled(&select).into_iter().map(|(name, node)| (name, node.ty.clone())).collect()
            }
        };
        let Compiler { text, params, doubt, missing, refused, .. } = compiler;
        let sql = match doubt {
            Some(doubt) => Err(doubt),
            None => Ok(SqlText { text: text.into(), params, literal }),
        };
        Compiled { sql, columns, selected, missing, refused }
    }

    /// The tables that it changes.
    pub(super) fn changes(&self) -> Vec<crate::schema::QName> {
        let Self::Change(change) = self else { return Vec::new() };
        let mut tables = Vec::new();
        change.table.tables(&mut tables);
        tables.iter().map(|table| table.name.clone()).collect()
    }

    /// Whether it can change nothing.
    pub(super) const fn is_query(&self) -> bool {
        matches!(self, Self::Select(_) | Self::Node(_))
    }

    /// What it is, for messages.
    pub(super) fn what(&self) -> Arc<str> {
        match self {
            Self::Select(_) | Self::Node(_) => "a query".into(),
            Self::Text(_) => "SQL text".into(),
            Self::Change(change) => match change.verb {
                Verb::Insert => "an INSERT".into(),
                Verb::Update => "an UPDATE".into(),
                Verb::Delete => "a DELETE".into(),
            },
        }
    }
}

impl Compiled {
    /// Raises what SQLAlchemy raises where a bind has got no value.
    pub(super) fn check(&self, vm: &mut Vm<'_>, span: Span) -> Flow<()> {
        let Some(name) = self.missing.first() else { return Ok(()) };
        let message = format!("A value is required for bind parameter '{name}'");
        Err(vm.raise("sqlalchemy.exc.StatementError", &message, span))
    }
}

fn selection(select: &Select) -> Vec<Selected> {
    match &select.compound {
        Some((_, parts)) => parts.first().map(|part| part.columns.clone()).unwrap_or_default(),
        None => select.columns.clone(),
    }
}

/// The change with the values that come with the execution: those that are no binds of its own.
pub(super) fn fill(change: &Rc<Change>, given: &[(Rc<str>, Value)]) -> Change {
    let mut filled = (**change).clone();
    if given.is_empty() || change.verb == Verb::Delete || change.query.is_some() {
        return filled;
    }
    let binds = bind_names(change);
    let row: Vec<_> = given
        .iter()
        .filter(|(key, _)| !binds.contains(key))
        .map(|(key, value)| change.assignment(key.clone(), value))
        .collect();
    filled.merge(row);
    filled
}

/// The names of the binds that a change holds under names of the script's own.
fn bind_names(change: &Change) -> Vec<Rc<str>> {
    let mut names = Vec::new();
    let nodes = change.wheres.iter().chain(change.rows.iter().flatten().map(|(_, node)| node));
    for node in nodes {
        own_binds(node, &mut names);
    }
    names
}

fn own_binds(node: &Expression, names: &mut Vec<Rc<str>>) {
    match &node.kind {
        Kind::Bind(bind) if !bind.unique => names.push(bind.name.clone()),
        Kind::Text(text) => names.extend(text.bind_names().into_iter().map(Rc::from)),
        Kind::Binary { left, right, .. } => {
            own_binds(left, names);
            own_binds(right, names);
        }
        Kind::Chain(_, nodes) | Kind::List(nodes) | Kind::Call { args: nodes, .. } => {
            for node in nodes {
                own_binds(node, names);
            }
        }
        Kind::Not(inner) | Kind::Cast(inner) | Kind::Label(_, inner) => own_binds(inner, names),
        Kind::Case { value, whens, otherwise } => {
            let pairs = whens.iter().flat_map(|(when, then)| [when, then]);
            for node in value.iter().chain(pairs).chain(otherwise) {
                own_binds(node, names);
            }
        }
        _ => {}
    }
}
