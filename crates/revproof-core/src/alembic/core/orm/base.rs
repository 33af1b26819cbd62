//! [`Base`]: what declarative classes derive from: `declarative_base()`, `DeclarativeBase`, `db.Model`.

use std::cell::RefCell;
use std::rc::Rc;

use super::model::Model;
use super::relation::Relation;
use crate::alembic::core::session_value;
use crate::alembic::items::{ColumnObject, ConstraintObject, IndexObject, MetaDataObject, TableObject};
use crate::alembic::known::qname;
use crate::alembic::object;
use crate::python::{Args, Flow, Foreign, Unknown, Value, Vm};
use crate::source::Span;

/// The attributes of a class.
pub(super) type Namespace = Vec<(Rc<str>, Value)>;

/// A declarative base, or an abstract class under one.
#[derive(Debug)]
pub(in crate::alembic::core) struct Base {
    metadata: Value,
    /// What classes under it inherit: columns, methods.
    inherited: Namespace,
    /// Tables get a name of the class where it gives none (Flask-SQLAlchemy).
    names_tables: bool,
}

impl Base {
    /// A base of its own.
    pub(in crate::alembic::core) fn value(metadata: Option<Value>, names_tables: bool) -> Value {
        let metadata = metadata
            .filter(|value| value.downcast::<MetaDataObject>().is_some())
            .unwrap_or_else(|| Value::object(MetaDataObject::empty()));
        Value::object(Self { metadata, inherited: Vec::new(), names_tables })
    }

    /// The class `name(self): namespace`.
    fn derive(&self, vm: &mut Vm<'_>, name: &Rc<str>, own: &[(Rc<str>, Value)], span: Span) -> Value {
        let namespace = merged(&self.inherited, own);
        let get = |key: &str| own.iter().find(|(known, _)| &**known == key).map(|(_, value)| value.clone());
        let metadata = get("metadata")
            .filter(|value| value.downcast::<MetaDataObject>().is_some())
            .unwrap_or_else(|| self.metadata.clone());
        if let Some(table) = get("__table__").and_then(|value| value.downcast::<TableObject>()) {
            return Model::value(name, table, namespace, None);
        }
        let tablename = namespace.iter().find(|(key, _)| &**key == "__tablename__").map(|(_, value)| value.clone());
        let has_columns = own.iter().any(|(_, value)| value.downcast::<ColumnObject>().is_some_and(|c| c.primary_key));
        let tablename = match tablename {
            Some(Value::Str(tablename)) => tablename,
            Some(Value::Unknown(unknown)) => return Value::Unknown(unknown),
            _ if self.names_tables && has_columns && !is_abstract(own) => snake_case(name).into(),
            _ => {
                return Value::object(Self { metadata, inherited: namespace, names_tables: self.names_tables });
            }
        };
        if is_abstract(own) {
            return Value::object(Self { metadata, inherited: namespace, names_tables: self.names_tables });
        }
        let dialect = vm.host.catalog().dialect;
        let args = namespace.iter().find(|(key, _)| &**key == "__table_args__").map(|(_, value)| value.clone());
        let schema = args
            .as_ref()
            .and_then(schema_of)
            .or_else(|| metadata.downcast::<MetaDataObject>().and_then(|metadata| metadata.schema.clone()));
        let qname = qname(dialect, &tablename, schema.as_deref());
        let table = Rc::new(TableObject { metadata: metadata.clone(), ..TableObject::empty(qname) });
        let mut open: Option<Rc<Unknown>> = None;
        for (key, value) in &namespace {
            if let Some(column) = value.downcast::<ColumnObject>() {
                table.adopt(named(&column, key));
            } else if let Value::Unknown(unknown) = value
                && !key.starts_with("__")
            {
                open = Some(Rc::clone(unknown));
            }
        }
        if let Some(Value::Tuple(items)) = &args {
            for item in items.iter() {
                if item.downcast::<ConstraintObject>().is_some() || item.downcast::<IndexObject>().is_some() {
                    table.take(item, span);
                }
            }
        }
        if let Some(metadata) = metadata.downcast::<MetaDataObject>() {
            metadata.tables.borrow_mut().push(table.clone());
        }
        Model::value(name, table, namespace, open)
    }
}

/// The column under the name of its attribute, where it has none of its own.
fn named(column: &Rc<ColumnObject>, key: &Rc<str>) -> Rc<ColumnObject> {
    if column.name.borrow().is_some() && column.key.as_ref().is_none_or(|known| known == key) {
        return Rc::clone(column);
    }
    let name = column.name.borrow().clone().unwrap_or_else(|| key.clone());
    *column.name.borrow_mut() = Some(name);
    Rc::clone(column)
}

/// What a class has, with what it inherits.
pub(super) fn merged(inherited: &[(Rc<str>, Value)], own: &[(Rc<str>, Value)]) -> Namespace {
    let mut namespace: Namespace =
        inherited.iter().filter(|(key, _)| !own.iter().any(|(known, _)| known == key)).cloned().collect();
    namespace.extend(own.iter().cloned());
    namespace
}

fn is_abstract(own: &[(Rc<str>, Value)]) -> bool {
    own.iter().any(|(key, value)| &**key == "__abstract__" && matches!(value, Value::Bool(true)))
}

fn schema_of(args: &Value) -> Option<Rc<str>> {
    let options = match args {
        Value::Tuple(items) => items.last()?.clone(),
        other => other.clone(),
    };
    let Value::Dict(dict) = options else { return None };
    let dict = dict.borrow();
    let found = dict.entries.iter().find(|(key, _)| key.as_str() == Some("schema"));
    found.and_then(|(_, value)| value.as_str()).map(Rc::from)
}

/// Flask-SQLAlchemy's name for the table of a class: `UserRole` is `user_role`.
fn snake_case(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let after = chars.get(at + 1);
        let starts = c.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase() || before.is_ascii_digit() || after.is_some_and(|after| after.is_lowercase())
            });
        if starts && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

impl Foreign for Base {
    object!("DeclarativeMeta");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "metadata" => self.metadata.clone(),
            "__name__" => Value::str("Base"),
            "registry" => vm.unknown("the registry of a declarative base is not modelled", span),
            "query" => vm.unknown("a declarative base is queried", span),
            "prepare" => vm.unknown("what `prepare` reflects is not known", span),
            _ => match self.inherited.iter().find(|(key, _)| &**key == name) {
                Some((_, value)) => value.clone(),
                None => return Ok(None),
            },
        }))
    }

    fn subclass(
        self: Rc<Self>,
        vm: &mut Vm<'_>,
        name: &Rc<str>,
        namespace: &[(Rc<str>, Value)],
        _keywords: &[(Rc<str>, Value)],
        span: Span,
    ) -> Flow<Option<Value>> {
        Ok(Some(self.derive(vm, name, namespace, span)))
    }
}

/// `relationship(…)`, `backref(…)`: nothing that loads a row is asked of them.
pub(super) fn relationship(_vm: &mut Vm<'_>, _args: Args, _span: Span) -> Flow<Value> {
    Ok(Value::object(Relation { owner: RefCell::new(None) }))
}

/// The session of Flask-SQLAlchemy.
pub(super) fn shared_session() -> Value {
    session_value()
}
