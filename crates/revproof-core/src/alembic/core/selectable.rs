//! [`SourceObject`]: aliases, subqueries, joins as scripts hold them; and [`Columns`], the `.c` of everything.

use std::rc::Rc;

use super::arguments::{flag, required, text};
use super::change::{Change, Verb};
use super::expression::{Expression, Kind, coerce};
use super::method::Method;
use super::select::{Select, Selected};
use super::source::{Alias, Aliased, Source};
use super::ty::Ty;
use crate::alembic::items::TableObject;
use crate::alembic::object;
use crate::python::{Args, Flow, Foreign, Value, Vm};
use crate::source::Span;

/// An alias, a subquery, a CTE or a join.
#[derive(Debug)]
pub(super) struct SourceObject {
    /// What it is.
    pub source: Rc<Source>,
}

impl SourceObject {
    /// As a value.
    pub(super) fn value(source: &Rc<Source>) -> Value {
        match &**source {
            Source::Table(table) => Value::Object(table.clone()),
            _ => Value::object(Self { source: Rc::clone(source) }),
        }
    }

    /// The `.c` of a source.
    pub(super) fn columns(source: &Rc<Source>) -> Value {
        Value::object(Columns { source: Rc::clone(source) })
    }
}

/// The source that a value is.
pub(super) fn source_of(value: &Value) -> Option<Rc<Source>> {
    if let Some(table) = value.downcast::<TableObject>() {
        return Some(Rc::new(Source::Table(table)));
    }
    if let Some(object) = value.downcast::<SourceObject>() {
        return Some(object.source.clone());
    }
    if let Some((_, source)) = super::orm::entity(value) {
        return Some(source);
    }
    match &value.downcast::<Expression>()?.kind {
        Kind::Text(text) => Some(Rc::new(Source::Text(text.clone()))),
        Kind::Call { .. } => Some(Rc::new(Source::Function(value.downcast::<Expression>()?))),
        _ => None,
    }
}

impl Foreign for SourceObject {
    object!("FromClause");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if let Some(value) = attribute(&self.source, name) {
            return Ok(Some(value));
        }
        if name == "name"
            && let Source::Alias(alias) = &*self.source
        {
            return Ok(alias.name.clone().map(Value::Str));
        }
        // A mapped class under another name has its columns as attributes.
        Ok(match self.source.column(name) {
            Some(column) => Some(Value::Object(column)),
            None if name.starts_with("__") => None,
            None => Some(vm.unknown(format!("`.{name}` of a FROM is not modelled"), span)),
        })
    }
}

/// What tables, aliases and joins have in common.
pub(super) fn attribute(source: &Rc<Source>, name: &str) -> Option<Value> {
    match name {
        "c" | "columns" | "exported_columns" => return Some(SourceObject::columns(source)),
        _ => {}
    }
    let object = Rc::new(SourceObject { source: Rc::clone(source) });
    Some(match name {
        "select" => Method::value(&object, |object, vm, args, span| {
            let mut select = Select { columns: vec![Selected::All(object.source.clone())], ..Select::default() };
            if let Source::Table(table) = &*object.source {
                select.doubt.clone_from(&table.open);
            }
            if let Some(condition) = args.get(0, "whereclause")
                && !matches!(condition, Value::None)
            {
                select.wheres.push(coerce(condition, "param", &Ty::Null));
            }
            let _ = (vm, span);
            Ok(Value::object(select.settled()))
        }),
        "insert" => Method::value(&object, |object, vm, args, span| change(object, vm, Verb::Insert, &args, span)),
        "update" => Method::value(&object, |object, vm, args, span| change(object, vm, Verb::Update, &args, span)),
        "delete" => Method::value(&object, |object, vm, args, span| change(object, vm, Verb::Delete, &args, span)),
        "alias" | "tablesample" | "lateral" => Method::value(&object, |object, _, args, _| {
            Ok(SourceObject::value(&alias(&object.source, text(&args, 0, "name"))))
        }),
        "join" => {
            Method::value(&object, |object, vm, args, span| joined(object, vm, &args, flag(&args, "isouter"), span))
        }
        "outerjoin" => Method::value(&object, |object, vm, args, span| joined(object, vm, &args, true, span)),
        _ => return None,
    })
}

/// A source under another name.
pub(super) fn alias(source: &Rc<Source>, name: Option<Rc<str>>) -> Rc<Source> {
    let of = match &**source {
        Source::Alias(Alias { of: Aliased::Query(select), .. }) => Aliased::Query(select.clone()),
        _ => Aliased::Source(Rc::clone(source)),
    };
    Source::alias(name, of)
}

fn joined(object: &Rc<SourceObject>, vm: &mut Vm<'_>, args: &Args, outer: bool, span: Span) -> Flow<Value> {
    let right = required(vm, args, 0, "right", span)?;
    let Some(right) = source_of(&right) else { return Ok(vm.unknown("what is joined is not known", span)) };
    let on = match args.get(1, "onclause") {
        None | Some(Value::None) => super::join::condition(&object.source, &right, vm),
        Some(on) => Some(coerce(on, "param", &Ty::Null)),
    };
    if on.is_none() {
        return Ok(vm.unknown("the condition of the join is not known", span));
    }
    let left = object.source.clone();
    Ok(SourceObject::value(&Source::join(left, right, on, outer, flag(args, "full"))))
}

fn change(object: &Rc<SourceObject>, vm: &mut Vm<'_>, verb: Verb, args: &Args, span: Span) -> Flow<Value> {
    let mut change = Change::new(verb, object.source.clone());
    // SQLAlchemy 1.x: `table.update(whereclause, values)`, `table.delete(whereclause)`, `table.insert(values)`.
    let (condition, values) = match verb {
        Verb::Insert => (None, args.get(0, "values")),
        Verb::Update => (args.get(0, "whereclause"), args.get(1, "values")),
        Verb::Delete => (args.get(0, "whereclause"), None),
    };
    if let Some(condition) = condition.filter(|condition| !matches!(condition, Value::None)) {
        change.wheres.push(coerce(condition, "param", &Ty::Null));
    }
    if let Some(values) = values.filter(|values| !matches!(values, Value::None)) {
        change.add_values(vm, &Args { positional: vec![values.clone()], ..Args::default() }, span)?;
    }
    Ok(Value::object(change))
}

/// The `.c` of a source.
#[derive(Debug)]
pub(super) struct Columns {
    source: Rc<Source>,
}

impl Columns {
    fn column(&self, key: &str) -> Option<Value> {
        // A column of a `sa.Table` is the object that the table was made of: constraints and indexes take it too. That
        // of a `sa.table` would not keep its table alive.
        if let Source::Table(table) = &*self.source
            && !matches!(table.metadata, Value::None)
        {
            return table.column(key).map(|column| Value::Object(column));
        }
        self.source.column(key).map(|column| Value::Object(column))
    }

    /// The column, or why it can't be had.
    fn get(&self, vm: &mut Vm<'_>, key: &str, class: &str, span: Span) -> Flow<Value> {
        if let Some(column) = self.column(key) {
            return Ok(column);
        }
        match &*self.source {
            Source::Table(table) => match &table.open {
                Some(open) => Ok(Value::Unknown(Rc::clone(open))),
                None => Err(vm.raise(class, key, span)),
            },
            _ => Ok(vm.unknown(format!("the column `{key}` is not known"), span)),
        }
    }

    fn keys(&self) -> Vec<Rc<str>> {
        self.source.columns().into_iter().map(|(key, _)| key).collect()
    }

    fn values(&self) -> Vec<Value> {
        self.keys().iter().filter_map(|key| self.column(key)).collect()
    }

    fn is_open(&self) -> bool {
        matches!(&*self.source, Source::Table(table) if table.open.is_some())
    }
}

impl Foreign for Columns {
    object!("ColumnCollection");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if self.column(name).is_none() {
            let method = match name {
                "keys" => Some(Method::value(&self, |columns, _, _, _| {
                    Ok(Value::list(columns.keys().into_iter().map(Value::Str).collect()))
                })),
                "values" => Some(Method::value(&self, |columns, _, _, _| Ok(Value::list(columns.values())))),
                "items" => Some(Method::value(&self, |columns, _, _, _| {
                    let pairs = columns.keys().into_iter().map(Value::Str).zip(columns.values());
                    Ok(Value::list(pairs.map(|(key, column)| Value::tuple(vec![key, column])).collect()))
                })),
                "get" => Some(Method::value(&self, |columns, _, args, _| {
                    let column = text(&args, 0, "key").and_then(|key| columns.column(&key));
                    Ok(column.or_else(|| args.get(1, "default").cloned()).unwrap_or(Value::None))
                })),
                "contains_column" => Some(Method::value(&self, |columns, vm, args, span| {
                    let wanted = args.positional.first().and_then(super::expression::as_node);
                    let name = wanted.and_then(|node| node.own_name().cloned());
                    let _ = (vm, span);
                    Ok(Value::Bool(name.is_some_and(|name| columns.column(&name).is_some())))
                })),
                _ if name.starts_with("__") => return Ok(None),
                _ => None,
            };
            if method.is_some() {
                return Ok(method);
            }
        }
        self.get(vm, name, "AttributeError", span).map(Some)
    }

    fn index(self: Rc<Self>, vm: &mut Vm<'_>, key: &Value, span: Span) -> Flow<Value> {
        match key {
            Value::Str(key) => self.get(vm, key, "KeyError", span),
            Value::Int(at) => {
                let column = usize::try_from(*at).ok().and_then(|at| self.values().get(at).cloned());
                column.ok_or_else(|| vm.raise("IndexError", "list index out of range", span))
            }
            _ => Ok(vm.unknown("which column is not known", span)),
        }
    }

    fn iterate(self: Rc<Self>, _vm: &mut Vm<'_>, _span: Span) -> Flow<Option<Vec<Value>>> {
        Ok((!self.is_open()).then(|| self.values()))
    }

    fn contains(self: Rc<Self>, vm: &mut Vm<'_>, item: &Value, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match item {
            Value::Str(key) if self.column(key).is_some() => Value::Bool(true),
            Value::Str(_) if !self.is_open() => Value::Bool(false),
            _ => vm.unknown("whether the table has that column is not known", span),
        }))
    }

    fn len(&self) -> Option<usize> {
        (!self.is_open()).then(|| self.source.columns().len())
    }
}
