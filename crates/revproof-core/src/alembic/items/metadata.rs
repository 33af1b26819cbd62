//! [`MetaDataObject`]: `sa.MetaData`.

use std::cell::RefCell;
use std::rc::Rc;

use super::TableObject;
use crate::alembic::arguments::{Extra, Signature};
use crate::alembic::known;
use crate::alembic::object;
use crate::alembic::objects::{Class, Method};
use crate::python::{Args, Dict, Flow, Foreign, Value, Vm};
use crate::schema::{Name, QName};
use crate::source::Span;

/// A `sa.MetaData(…)`.
#[derive(Debug)]
pub(in crate::alembic) struct MetaDataObject {
    /// Its schema.
    pub schema: Option<Rc<str>>,
    /// Its naming convention, as given.
    pub naming: Value,
    /// Its tables.
    pub tables: RefCell<Vec<Rc<TableObject>>>,
}

static SIGNATURE: Signature =
    Signature::new("MetaData.__init__", &["schema", "quote_schema", "naming_convention", "info", "bind"])
        .optional(5)
        .extra(Extra::None)
        .method();

/// `MetaData(schema=None, …, naming_convention=None)`.
pub(super) fn construct(vm: &mut Vm<'_>, mut args: Args, span: Span) -> Flow<Value> {
    // `MetaData(bind)` and `MetaData(bind=…)` of SQLAlchemy 1: a connection is no schema.
    if args.positional.first().is_some_and(|first| !matches!(first, Value::Str(_) | Value::None)) {
        args.positional.clear();
    }
    let call = SIGNATURE.bind(vm, args, span)?;
    Ok(Value::object(MetaDataObject {
        schema: known::optional_text(vm, call.get("schema"), span).unwrap_or_default(),
        naming: call.get("naming_convention").cloned().unwrap_or(Value::None),
        tables: RefCell::default(),
    }))
}

impl MetaDataObject {
    /// A metadata without anything.
    pub(in crate::alembic) fn empty() -> Self {
        Self { schema: None, naming: Value::None, tables: RefCell::default() }
    }

    /// Its naming convention: those of its templates that are strings.
    pub(in crate::alembic) fn convention(&self) -> Vec<(Name, Name)> {
        let Value::Dict(dict) = &self.naming else { return Vec::new() };
        let dict = dict.borrow();
        let pairs = dict.entries.iter();
        pairs.filter_map(|(key, value)| Some((Name::from(key.as_str()?), Name::from(value.as_str()?)))).collect()
    }

    /// The table of that name.
    pub(in crate::alembic) fn table(&self, name: &QName) -> Option<Rc<TableObject>> {
        self.tables.borrow().iter().rev().find(|table| table.name == *name).cloned()
    }
}

impl Foreign for MetaDataObject {
    object!("MetaData");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "tables" => {
                let tables = self.tables.borrow();
                let entries = tables
                    .iter()
                    .map(|table| (Value::Str(table.name.to_string().into()), Value::Object(table.clone())));
                Value::Dict(Rc::new(RefCell::new(Dict { entries: entries.collect() })))
            }
            "sorted_tables" => Value::list(self.tables.borrow().iter().map(|t| Value::Object(t.clone())).collect()),
            "naming_convention" => self.naming.clone(),
            "schema" => self.schema.clone().map_or(Value::None, Value::Str),
            "create_all" | "drop_all" => {
                let create = name == "create_all";
                let run: fn(&Rc<Self>, &mut Vm<'_>, Args, Span) -> Flow<Value> =
                    if create { create_all } else { drop_all };
                Method::value(&self, run)
            }
            "reflect" => Method::value(&self, reflect),
            "clear" | "remove" => Method::value(&self, |_, _, _, _| Ok(Value::None)),
            _ => vm.unknown(format!("MetaData.{name} is not known"), span),
        }))
    }

    fn set_attr(&self, vm: &mut Vm<'_>, name: &str, _: Value, span: Span) -> Flow<()> {
        // `metadata.bind = connection` is of SQLAlchemy 1.x; 2.x takes it as it takes every attribute, and asks for none.
        if matches!(name, "schema" | "naming_convention" | "tables") {
            vm.host.not_evaluated(format!("MetaData.{name} is changed").into(), span);
        }
        Ok(())
    }

    fn is_instance(&self, class: &Value) -> Option<bool> {
        Some(Class::named(class, "MetaData"))
    }
}

/// `metadata.create_all(bind, tables=None, checkfirst=True)`.
fn create_all(metadata: &Rc<MetaDataObject>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let Some(tables) = chosen(metadata, vm, &args, span)? else { return Ok(Value::None) };
    for table in tables {
        let call = Args { keyword: vec![("checkfirst".into(), Value::Bool(true))], ..Args::default() };
        crate::alembic::lower::create_now(&table, vm, &call, span)?;
    }
    Ok(Value::None)
}

/// `metadata.drop_all(bind, tables=None, checkfirst=True)`.
fn drop_all(metadata: &Rc<MetaDataObject>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let Some(tables) = chosen(metadata, vm, &args, span)? else { return Ok(Value::None) };
    for table in tables.iter().rev() {
        let call = Args { keyword: vec![("checkfirst".into(), Value::Bool(true))], ..Args::default() };
        crate::alembic::lower::drop_now(table, vm, &call, span)?;
    }
    Ok(Value::None)
}

fn chosen(
    metadata: &Rc<MetaDataObject>,
    vm: &mut Vm<'_>,
    args: &Args,
    span: Span,
) -> Flow<Option<Vec<Rc<TableObject>>>> {
    let Some(listed) = args.get(1, "tables").filter(|value| !matches!(value, Value::None)) else {
        return Ok(Some(metadata.tables.borrow().clone()));
    };
    let tables = match known::items(vm, listed, span)? {
        Ok(items) => items.iter().map(Value::downcast::<TableObject>).collect::<Option<Vec<_>>>(),
        Err(_) => None,
    };
    if tables.is_none() {
        vm.host.not_evaluated("the tables of create_all() or drop_all() can't be known".into(), span);
    }
    Ok(tables)
}

/// `metadata.reflect(bind)`: every table of the simulated database.
fn reflect(metadata: &Rc<MetaDataObject>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let _ = args;
    let names: Vec<QName> = vm.host.catalog().tables.keys().filter(|name| name.schema.is_none()).cloned().collect();
    for name in names {
        if metadata.table(&name).is_some() {
            continue;
        }
        let table = Args {
            positional: vec![Value::str(&name.name), Value::Object(metadata.clone())],
            keyword: vec![("autoload_with".into(), Value::Bool(true))],
            ..Args::default()
        };
        super::table::construct(vm, table, span)?;
    }
    Ok(Value::None)
}
