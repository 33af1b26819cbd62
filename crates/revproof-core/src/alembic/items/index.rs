//! [`IndexObject`]: `sa.Index`.

use std::rc::Rc;

use super::{ColumnObject, TableObject};
use crate::alembic::arguments::{Call, Extra, Signature};
use crate::alembic::known::{self, NameArg};
use crate::alembic::object;
use crate::alembic::objects::{Class, Method};
use crate::python::{Args, Flow, Foreign, Unknown, Value, Vm};
use crate::source::Span;

/// An index, as `sa.Index(…)` or `op.create_index(…)` gives it.
#[derive(Debug, Clone)]
pub(in crate::alembic) struct IndexObject {
    /// Its name.
    pub name: NameArg,
    /// Column names, columns or expressions.
    pub parts: Vec<Value>,
    /// `unique`.
    pub unique: bool,
    /// The keywords of dialects.
    pub options: Vec<(Rc<str>, Value)>,
    /// Why something about it can't be known, if so.
    pub taint: Option<Rc<Unknown>>,
    /// Its place in the script.
    pub span: Span,
}

static SIGNATURE: Signature = Signature::new("Index.__init__", &["name"])
    .rest()
    .keywords(&["unique", "quote", "info", "_table", "_column_flag"])
    .extra(Extra::Dialect)
    .method();

/// `Index(name, *expressions, unique=False, …)`.
pub(super) fn construct(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = SIGNATURE.bind(vm, args, span)?;
    let name = NameArg::read(vm, call.get("name"), span);
    let parts = call.rest.clone();
    let index = IndexObject::read(vm, name, parts, call, span);
    let table = index.parts.iter().find_map(|part| part.downcast::<ColumnObject>()?.table.borrow().upgrade());
    let index = Rc::new(index);
    if let Some(table) = table {
        table.indexes.borrow_mut().push(index.clone());
    }
    Ok(Value::Object(index))
}

impl IndexObject {
    /// An index of these parts, with the options of a call.
    pub(in crate::alembic) fn read(vm: &mut Vm<'_>, name: NameArg, parts: Vec<Value>, call: Call, span: Span) -> Self {
        let mut taint = call.open.clone();
        let unique = known::flag(vm, call.get("unique"), false, span).unwrap_or_else(|why| {
            taint = Some(why);
            false
        });
        Self { name, parts, unique, options: call.extra, taint, span }
    }

    /// An option of a dialect, where it is given and is not `None`.
    pub(in crate::alembic) fn option(&self, name: &str) -> Option<&Value> {
        self.options.iter().find(|(key, _)| &**key == name).map(|(_, v)| v).filter(|v| !matches!(v, Value::None))
    }

    /// The table that one of its columns belongs to.
    pub(in crate::alembic) fn table(&self) -> Option<Rc<TableObject>> {
        self.parts.iter().find_map(|part| part.downcast::<ColumnObject>()?.table.borrow().upgrade())
    }
}

impl Foreign for IndexObject {
    object!("Index");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "name" => self.name.text().map_or(Value::None, |name| Value::Str(name.clone())),
            "unique" => Value::Bool(self.unique),
            "create" => Method::value(&self, |index, vm, args, span| {
                crate::alembic::lower::create_index_now(index, vm, &args, span)
            }),
            "drop" => Method::value(&self, |index, vm, args, span| {
                crate::alembic::lower::drop_index_now(index, vm, &args, span)
            }),
            _ => vm.unknown(format!("an index's {name} is not known"), span),
        }))
    }

    fn is_instance(&self, class: &Value) -> Option<bool> {
        Some(Class::named(class, "Index"))
    }
}
