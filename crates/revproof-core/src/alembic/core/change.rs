//! [`Change`]: INSERT, UPDATE and DELETE, and what their generative methods do to them.

use std::rc::Rc;

use super::arguments::{entries, first, items, keyword_text, text};
use super::expression::{Expression, Kind, Node, coerce};
use super::method::{Body, Method};
use super::operators::chain;
use super::select::{Select, Selected};
use super::selectable::SourceObject;
use super::source::{Alias, Aliased, Source};
use super::ty::Ty;
use crate::alembic::items::ColumnObject;
use crate::alembic::object;
use crate::python::{Args, Flow, Foreign, Unknown, Value, Vm};
use crate::source::Span;

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
}

/// A column's key and the value that it gets.
pub(super) type Assignment = (Rc<str>, Node);

/// INSERT, UPDATE or DELETE.
#[derive(Debug, Clone)]
pub(super) struct Change {
    /// What it does.
    pub verb: Verb,
    /// The table.
    pub table: Rc<Source>,
    /// The values: several rows of an INSERT, one of an UPDATE.
    pub rows: Vec<Vec<Assignment>>,
    /// `INSERT … SELECT`.
    pub query: Option<(Vec<Rc<str>>, Rc<Select>)>,
    /// The conditions.
    pub wheres: Vec<Node>,
    /// `RETURNING`.
    pub returning: Vec<Selected>,
    /// It asks for the primary key only because SQLAlchemy wants to know it.
    pub implicit_returning: bool,
    /// `ON CONFLICT`.
    pub conflict: Option<Conflict>,
    /// `OR IGNORE`, `IGNORE`: what stands behind the verb.
    pub prefix: Option<Rc<str>>,
    /// Why it can't be known as a whole, if so.
    pub doubt: Option<Rc<Unknown>>,
}

/// `ON CONFLICT …`.
#[derive(Debug, Clone)]
pub(super) struct Conflict {
    /// The columns, or the constraint's name.
    pub target: Option<Target>,
    /// The predicate of a partial index.
    pub index_where: Option<Node>,
    /// `DO UPDATE SET`; `None` is `DO NOTHING`.
    pub set: Option<Vec<Assignment>>,
    /// The condition of `DO UPDATE`.
    pub condition: Option<Node>,
}

/// What a conflict is with.
#[derive(Debug, Clone)]
pub(super) enum Target {
    /// These columns.
    Columns(Vec<Rc<str>>),
    /// This constraint.
    Constraint(Rc<str>),
}

impl Change {
    /// A change without values or conditions.
    pub(super) fn new(verb: Verb, table: Rc<Source>) -> Self {
        Self {
            verb,
            table,
            rows: Vec::new(),
            query: None,
            wheres: Vec::new(),
            returning: Vec::new(),
            implicit_returning: false,
            conflict: None,
            prefix: None,
            doubt: None,
        }
    }

    /// `.values(…)`: keywords, a dict, a list of dicts, a tuple or a list of tuples in the order of the columns.
    pub(super) fn add_values(&mut self, vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<()> {
        for value in &args.positional {
            let rows = match value {
                Value::List(rows) => rows.borrow().clone(),
                Value::None => continue,
                other => vec![other.clone()],
            };
            for row in rows {
                match self.row(vm, &row, span) {
                    Some(row) if self.verb == Verb::Update || matches!(value, Value::Dict(_)) => self.merge(row),
                    Some(row) => self.rows.push(row),
                    None => self.doubt_because(vm, "the values are not known", span),
                }
            }
        }
        if !args.keyword.is_empty() {
            let row = args.keyword.iter().map(|(key, value)| self.assignment(key.clone(), value)).collect();
            self.merge(row);
        }
        if let Some(open) = &args.open {
            self.doubt.get_or_insert_with(|| Rc::clone(open));
        }
        Ok(())
    }

    /// Values that come with the execution.
    pub(super) fn assignment(&self, key: Rc<str>, value: &Value) -> Assignment {
        let ty = self.table.column(&key).map(|column| column.ty.clone()).unwrap_or_default();
        let node = match value {
            // SQLAlchemy's JSON types store `None` as JSON's null.
            Value::Bool(_) | Value::None => Expression::bind(&key, value.clone(), ty),
            _ => coerce(value, &key, &ty),
        };
        (key, node)
    }

    fn row(&self, vm: &mut Vm<'_>, value: &Value, span: Span) -> Option<Vec<Assignment>> {
        match value {
            Value::Dict(dict) => {
                let dict = dict.borrow();
                dict.entries.iter().map(|(key, value)| Some(self.assignment(key_of(key)?, value))).collect()
            }
            Value::Tuple(items) => {
                let columns = self.table.columns();
                if items.len() > columns.len() {
                    return None;
                }
                Some(columns.into_iter().zip(items.iter()).map(|((key, _), item)| self.assignment(key, item)).collect())
            }
            Value::Unknown(_) => None,
            other => {
                // `**row._mapping` and rows themselves are read as dicts.
                let pairs = super::row::mapping_of(other)?;
                let _ = (vm, span);
                Some(pairs.into_iter().map(|(key, value)| self.assignment(key, &value)).collect())
            }
        }
    }

    /// Sets values of the first row.
    pub(super) fn merge(&mut self, row: Vec<Assignment>) {
        match self.rows.first_mut() {
            Some(known) => {
                for (key, node) in row {
                    match known.iter_mut().find(|(name, _)| *name == key) {
                        Some(slot) => slot.1 = node,
                        None => known.push((key, node)),
                    }
                }
            }
            None => self.rows.push(row),
        }
    }

    /// Marks it as not known.
    pub(super) fn doubt_because(&mut self, vm: &Vm<'_>, why: &str, span: Span) {
        if let Value::Unknown(unknown) = vm.unknown(why, span) {
            self.doubt.get_or_insert(unknown);
        }
    }
}

/// The key that a value names a column by: text, or a column.
pub(super) fn key_of(value: &Value) -> Option<Rc<str>> {
    if let Value::Str(key) = value {
        return Some(key.clone());
    }
    if let Some(column) = value.downcast::<ColumnObject>() {
        return Some(column.key());
    }
    value.downcast::<Expression>()?.own_name().cloned()
}

/// What a generative method does to a change.
type Alteration = fn(&mut Change, &mut Vm<'_>, &Args, Span) -> Flow<()>;

fn alteration(name: &str) -> Option<Alteration> {
    Some(match name {
        "values" | "ordered_values" => |change, vm, args, span| change.add_values(vm, args, span),
        "where" | "filter" => |change, vm, args, span| {
            let nodes: Vec<Node> =
                items(vm, args, span)?.iter().map(|value| coerce(value, "param", &Ty::Null)).collect();
            change.wheres.push(chain(true, nodes));
            Ok(())
        },
        "filter_by" => |change, vm, args, span| {
            for (key, value) in &args.keyword {
                match change.table.column(key) {
                    Some(column) => {
                        let other = super::operators::operand(&column, value);
                        change.wheres.push(super::operators::compare(super::operator::Op::Eq, column, other));
                    }
                    None => change.doubt_because(vm, "a column of `filter_by` is not known", span),
                }
            }
            Ok(())
        },
        "returning" => |change, vm, args, span| {
            let mut select = Select::default();
            for value in items(vm, args, span)? {
                super::refine::add_column(&mut select, vm, &value, span);
            }
            if let Some(doubt) = select.doubt {
                change.doubt.get_or_insert(doubt);
            }
            change.returning.extend(select.columns);
            Ok(())
        },
        "from_select" => |change, vm, args, span| {
            let names = match args.get(0, "names") {
                Some(names) => vm.iterate(names, span)?,
                None => None,
            };
            let names: Option<Vec<Rc<str>>> = names.and_then(|names| names.iter().map(key_of).collect());
            let query = args.get(1, "select").and_then(query_of);
            match (names, query) {
                (Some(names), Some(query)) => change.query = Some((names, query)),
                _ => change.doubt_because(vm, "what `from_select` selects is not known", span),
            }
            Ok(())
        },
        "on_conflict_do_nothing" => |change, vm, args, span| {
            change.conflict = Some(Conflict { set: None, ..conflict(vm, args, span)? });
            Ok(())
        },
        "on_conflict_do_update" => |change, vm, args, span| {
            let mut conflict = conflict(vm, args, span)?;
            match args.keyword("set_") {
                Some(Value::Dict(dict)) => {
                    let set: Option<Vec<Assignment>> = dict
                        .borrow()
                        .entries
                        .iter()
                        .map(|(key, value)| Some(change.assignment(key_of(key)?, value)))
                        .collect();
                    conflict.set = set;
                }
                _ => change.doubt_because(vm, "what `on_conflict_do_update` sets is not known", span),
            }
            if conflict.set.is_none() {
                change.doubt_because(vm, "what `on_conflict_do_update` sets is not known", span);
            }
            change.conflict = Some(conflict);
            Ok(())
        },
        "on_duplicate_key_update" => |change, vm, args, span| {
            let mut set: Vec<Assignment> = Vec::new();
            for value in args.positional.iter().filter_map(entries).flatten().chain(args.keyword.iter().cloned()) {
                set.push(change.assignment(value.0, &value.1));
            }
            let _ = (vm, span);
            change.conflict = Some(Conflict { target: None, index_where: None, set: Some(set), condition: None });
            Ok(())
        },
        "prefix_with" => |change, _, args, _| {
            change.prefix = first(args).and_then(Value::as_str).map(Rc::from);
            Ok(())
        },
        "execution_options"
        | "return_defaults"
        | "inline"
        | "options"
        | "params"
        | "with_hint"
        | "with_dialect_options" => |_, _, _, _| Ok(()),
        _ => return None,
    })
}

fn conflict(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Conflict> {
    let constraint = keyword_text(args, "constraint").or_else(|| text(args, 0, "constraint"));
    let columns = match args.keyword("index_elements") {
        Some(list) => vm.iterate(list, span)?.and_then(|list| list.iter().map(key_of).collect()),
        None => None,
    };
    let target = match (constraint, columns) {
        (Some(constraint), _) => Some(Target::Constraint(constraint)),
        (None, Some(columns)) => Some(Target::Columns(columns)),
        (None, None) => None,
    };
    let node = |name: &str| {
        args.keyword(name).filter(|value| !matches!(value, Value::None)).map(|value| coerce(value, "param", &Ty::Null))
    };
    Ok(Conflict { target, index_where: node("index_where"), set: Some(Vec::new()), condition: node("where") })
}

/// The query that a value is, bare or as a scalar.
pub(super) fn query_of(value: &Value) -> Option<Rc<Select>> {
    if let Some(select) = value.downcast::<Select>() {
        return Some(select);
    }
    if let Some(object) = value.downcast::<SourceObject>()
        && let Source::Alias(Alias { of: Aliased::Query(select), .. }) = &*object.source
    {
        return Some(select.clone());
    }
    if let Some(query) = value.downcast::<super::orm::Query>() {
        return Some(Rc::new(query.select.clone()));
    }
    match &value.downcast::<Expression>()?.kind {
        Kind::Query(select) => Some(select.clone()),
        Kind::Text(text) => Some(Rc::new(Select::of_text(text.clone()))),
        _ => None,
    }
}

impl Foreign for Change {
    object!("UpdateBase");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if let Some(body) = alteration(name) {
            return Ok(Some(Value::object(Altering { of: self, body })));
        }
        let method: Option<Body<Self>> = match name {
            "excluded" | "inserted" => return Ok(Some(excluded(&self))),
            "table" => return Ok(Some(SourceObject::value(&self.table))),
            "cte" => Some(|_, vm, _, span| Ok(vm.unknown("a data-changing CTE is not modelled", span))),
            _ => None,
        };
        Ok(match method {
            Some(body) => Some(Method::value(&self, body)),
            None if name.starts_with("__") => None,
            None => Some(vm.unknown(format!("`.{name}` of a statement is not modelled"), span)),
        })
    }
}

/// `insert.excluded`: the row that was to be inserted.
fn excluded(change: &Rc<Change>) -> Value {
    SourceObject::columns(&Source::alias(Some("excluded".into()), Aliased::Source(change.table.clone())))
}

/// A generative method, bound to its statement.
struct Altering {
    of: Rc<Change>,
    body: Alteration,
}

impl std::fmt::Debug for Altering {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Altering")
    }
}

impl Foreign for Altering {
    object!("method");

    fn attr(self: Rc<Self>, _vm: &mut Vm<'_>, _name: &str, _span: Span) -> Flow<Option<Value>> {
        Ok(None)
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        let mut change = (*self.of).clone();
        (self.body)(&mut change, vm, &args, span)?;
        if let Some(open) = &args.open {
            change.doubt.get_or_insert_with(|| Rc::clone(open));
        }
        Ok(Value::object(change))
    }
}

/// `insert(table)`, `update(table)`, `delete(table)`, also in SQLAlchemy 1.x's forms with a condition or values.
pub(super) fn construct(verb: Verb, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let Some(table) = args.get(0, "table") else {
        return Err(vm.raise("TypeError", "missing a required argument: 'table'", span));
    };
    let Some(source) = super::selectable::source_of(table) else {
        return Ok(vm.unknown("the table of the statement is not known", span));
    };
    let object = SourceObject::value(&source);
    let name = match verb {
        Verb::Insert => "insert",
        Verb::Update => "update",
        Verb::Delete => "delete",
    };
    let method = vm.attr(&object, name, span)?;
    let rest = Args { positional: args.positional.into_iter().skip(1).collect(), ..args };
    let keyword = rest.keyword.into_iter().filter(|(key, _)| &**key != "table").collect();
    vm.call(&method, Args { keyword, ..rest }, span)
}
