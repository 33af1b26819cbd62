//! [`Model`]: a mapped class.

use std::rc::Rc;

use super::base::{Namespace, merged};
use super::instance::Instance;
use super::query::Query;
use super::relation::Relation;
use crate::alembic::core::expression::{Expression, Node};
use crate::alembic::items::{ColumnObject, TableObject};
use crate::alembic::object;
use crate::python::{Args, Flow, Foreign, Unknown, Value, Vm, bound_to_class, property_of};
use crate::source::Span;

/// A mapped class.
#[derive(Debug)]
pub(in crate::alembic::core) struct Model {
    /// Its name.
    pub name: Rc<str>,
    /// Its table.
    pub table: Rc<TableObject>,
    /// The attributes of the class, columns among them.
    pub namespace: Namespace,
    /// Why it may have more columns, if so.
    pub open: Option<Rc<Unknown>>,
}

impl Model {
    /// A mapped class as a value.
    pub(super) fn value(
        name: &Rc<str>,
        table: Rc<TableObject>,
        namespace: Namespace,
        open: Option<Rc<Unknown>>,
    ) -> Value {
        Value::object(Self { name: name.clone(), table, namespace, open })
    }

    /// The column behind an attribute.
    pub(super) fn column(&self, attribute: &str) -> Option<Rc<ColumnObject>> {
        let declared = self.own(attribute).and_then(Value::downcast::<ColumnObject>);
        match declared {
            Some(declared) => self.table.column(&declared.key()),
            // What the class says of the name itself hides a column of that name, and a column that an attribute of
            // another name stands for has no attribute of its own.
            None if self.own(attribute).is_some() => None,
            None => self.table.column(attribute).filter(|column| !self.is_declared(column)),
        }
    }

    /// Whether an attribute of the class stands for the column.
    fn is_declared(&self, column: &ColumnObject) -> bool {
        let mut declared = self.namespace.iter().filter_map(|(_, value)| value.downcast::<ColumnObject>());
        declared.any(|known| known.key() == column.key())
    }

    /// The attributes that are columns, with their columns.
    pub(super) fn attributes(&self) -> Vec<(Rc<str>, Rc<ColumnObject>)> {
        let columns = self.table.columns.borrow();
        columns
            .iter()
            .map(|column| {
                let declared = self.namespace.iter().find(|(_, value)| {
                    value.downcast::<ColumnObject>().is_some_and(|known| known.key() == column.key())
                });
                (declared.map_or_else(|| column.key(), |(name, _)| name.clone()), column.clone())
            })
            .collect()
    }

    /// The columns of the primary key.
    pub(super) fn key_columns(&self) -> Vec<(Rc<str>, Rc<ColumnObject>)> {
        let listed = self.table.constraints.borrow();
        let listed: Vec<Rc<str>> = listed
            .iter()
            .filter_map(|constraint| match &constraint.form {
                crate::alembic::items::ConstraintForm::PrimaryKey { columns } => Some(columns.clone()),
                _ => None,
            })
            .flatten()
            .collect();
        self.attributes()
            .into_iter()
            .filter(|(_, column)| column.primary_key || listed.contains(&column.name()))
            .collect()
    }

    /// What the class has under that name.
    pub(super) fn own(&self, name: &str) -> Option<&Value> {
        self.namespace.iter().find(|(key, _)| &**key == name).map(|(_, value)| value)
    }

    fn node(&self, attribute: &str) -> Option<Node> {
        self.column(attribute).map(|column| Expression::column(&column))
    }
}

impl Foreign for Model {
    object!("DeclarativeMeta");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if let Some(node) = self.node(name) {
            return Ok(Some(Value::Object(node)));
        }
        Ok(Some(match name {
            "__table__" => Value::Object(self.table.clone()),
            "__tablename__" => Value::str(&self.table.name.name),
            "__name__" => Value::Str(self.name.clone()),
            "metadata" => self.table.metadata.clone(),
            "query" => Query::of(&self),
            _ => match self.own(name) {
                Some(value) if value.downcast::<Relation>().is_some() => {
                    vm.unknown(format!("the relationship `{name}` is not modelled"), span)
                }
                Some(value) => match property_of(value).and_then(|property| property.on_class) {
                    Some(getter) => {
                        let receiver = Value::Object(self.clone());
                        vm.call(&getter, Args { positional: vec![receiver], ..Args::default() }, span)?
                    }
                    None => bound_to_class(value, Value::Object(self.clone())).unwrap_or_else(|| value.clone()),
                },
                None => match &self.open {
                    Some(open) if !name.starts_with("__") => Value::Unknown(Rc::clone(open)),
                    _ => return Ok(None),
                },
            },
        }))
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        let instance = Rc::new(Instance::new(&self));
        if let Some(init) = self.own("__init__").cloned() {
            let positional = std::iter::once(Value::Object(instance.clone())).chain(args.positional).collect();
            vm.call(&init, Args { positional, ..args }, span)?;
            return Ok(Value::Object(instance));
        }
        for (name, value) in args.keyword {
            if self.column(&name).is_none() && self.own(&name).is_none() && self.open.is_none() {
                let message = format!("'{name}' is an invalid keyword argument for {}", self.name);
                return Err(vm.raise("TypeError", &message, span));
            }
            instance.set_attr(vm, &name, value, span)?;
        }
        if let Some(open) = args.open {
            instance.doubt(&open);
        }
        Ok(Value::Object(instance))
    }

    fn subclass(
        self: Rc<Self>,
        vm: &mut Vm<'_>,
        name: &Rc<str>,
        namespace: &[(Rc<str>, Value)],
        _keywords: &[(Rc<str>, Value)],
        span: Span,
    ) -> Flow<Option<Value>> {
        if namespace.iter().any(|(key, _)| &**key == "__tablename__") {
            return Ok(Some(vm.unknown("a class mapped to a table beside that of its parent is not modelled", span)));
        }
        for (key, value) in namespace {
            if let Some(column) = value.downcast::<ColumnObject>() {
                if column.name.borrow().is_none() {
                    *column.name.borrow_mut() = Some(key.clone());
                }
                self.table.adopt(column);
            }
        }
        Ok(Some(Self::value(name, self.table.clone(), merged(&self.namespace, namespace), self.open.clone())))
    }
}
