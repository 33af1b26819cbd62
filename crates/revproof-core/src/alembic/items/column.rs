//! [`ColumnObject`]: a `sa.Column` or a `sa.column`.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use super::{ConstraintObject, IdentityObject, ReferenceObject, SequenceObject, TableObject};
use crate::alembic::arguments::{Call, Extra, Signature};
use crate::alembic::known::{self, Known};
use crate::alembic::objects::Class;
use crate::alembic::types::{self, Kind, SaType};
use crate::alembic::{core, object};
use crate::python::{Args, Flow, Foreign, Operator, Unknown, Value, Vm};
use crate::source::Span;

/// `autoincrement=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::alembic) enum Autoincrement {
    /// `"auto"`.
    #[default]
    Auto,
    /// `"ignore_fk"`.
    IgnoreForeignKey,
    /// `True`.
    On,
    /// `False`.
    Off,
}

/// A `sa.Column(…)` or a `sa.column(…)`.
#[derive(Debug, Clone, Default)]
pub(in crate::alembic) struct ColumnObject {
    /// Its name; `None` as long as it has none (`id = Column(Integer)` of a class).
    pub name: RefCell<Option<Rc<str>>>,
    /// Its key in `table.c`, where that differs from its name.
    pub key: Option<Rc<str>>,
    /// Its type, where it is given and known.
    pub ty: Option<Rc<SaType>>,
    /// The table that it belongs to.
    pub table: RefCell<Weak<TableObject>>,
    /// `primary_key`.
    pub primary_key: bool,
    /// `nullable`, where it is given.
    pub nullable: Option<bool>,
    /// `unique`.
    pub unique: bool,
    /// `index`.
    pub index: bool,
    /// `server_default`, where it is given.
    pub server_default: Option<Value>,
    /// Whether there is a Python-side `default`.
    pub has_default: bool,
    /// The Python-side `default`, where it is given.
    pub default: Option<Value>,
    /// The Python-side `onupdate`, where it is given.
    pub on_update: Option<Value>,
    /// `autoincrement`.
    pub autoincrement: Autoincrement,
    /// `comment`.
    pub comment: Option<Rc<str>>,
    /// `ForeignKey(…)` items.
    pub references: Vec<Rc<ReferenceObject>>,
    /// `CheckConstraint(…)` items.
    pub checks: Vec<Rc<ConstraintObject>>,
    /// `Identity(…)`, given as an item or as `server_default`.
    pub identity: Option<Rc<IdentityObject>>,
    /// `Computed(…)`.
    pub computed: Option<Rc<super::ComputedObject>>,
    /// `Sequence(…)`.
    pub sequence: Option<Rc<SequenceObject>>,
    /// Why something about it can't be known, if so.
    pub taint: Option<Rc<Unknown>>,
    /// Its place in the script.
    pub span: Option<Span>,
}

static SIGNATURE: Signature = Signature {
    keyword: &[
        "name",
        "type_",
        "autoincrement",
        "default",
        "insert_default",
        "doc",
        "key",
        "index",
        "unique",
        "info",
        "nullable",
        "onupdate",
        "primary_key",
        "server_default",
        "server_onupdate",
        "quote",
        "system",
        "comment",
        "inherit_cache",
        "_proxies",
        "_constraints",
    ],
    ..Signature::new("Column.__init__", &[]).rest().extra(Extra::Dialect).method()
};

/// `Column(name?, type?, *items, **options)`.
pub(super) fn construct(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = SIGNATURE.bind(vm, args, span)?;
    let mut column = ColumnObject { span: Some(span), ..ColumnObject::default() };
    column.taint.clone_from(&call.open);
    read_options(&mut column, vm, &call, span);

    let mut rest = call.rest.iter().peekable();
    let mut name = call.get("name").cloned();
    let mut ty = call.get("type_").cloned();
    if name.is_none() && rest.peek().is_some_and(|first| is_name(first)) {
        name = rest.next().cloned();
    }
    match name {
        None | Some(Value::None) => {}
        Some(Value::Unknown(unknown)) => return Ok(Value::Unknown(unknown)),
        Some(value) => match known::text(vm, &value) {
            Some(text) => column.name = RefCell::new(Some(text)),
            None => return Ok(Value::Unknown(known::unknown(&value, span))),
        },
    }
    if ty.is_none() && rest.peek().is_some_and(|first| types::coerce(first).is_some() || is_unread(first)) {
        ty = rest.next().cloned();
    }
    if let Some(value) = ty.filter(|value| !matches!(value, Value::None)) {
        column.ty = Some(types::coerce(&value).unwrap_or_else(|| {
            let why = known::unknown(&value, span);
            Rc::new(SaType { unknown: Some(why), ..SaType::plain("TypeEngine", Kind::Unknown) })
        }));
    }
    for item in rest {
        take_item(&mut column, vm, item, span)?;
    }
    if let Some(default) = column.server_default.clone() {
        take_default(&mut column, &default);
    }
    Ok(Value::object(column))
}

/// Whether the first argument of a column is its name: a string, or something that may be one.
fn is_name(value: &Value) -> bool {
    match value {
        Value::Str(_) | Value::None => true,
        Value::Unknown(_) => false,
        other => other.downcast::<crate::alembic::objects::Conventional>().is_some(),
    }
}

/// Whether an argument in the place of a type is one that could not be read: an unknown, or a class of the script's.
fn is_unread(value: &Value) -> bool {
    match value {
        Value::Unknown(_) | Value::None => true,
        Value::Object(_) => !is_item(value),
        _ => false,
    }
}

fn is_item(value: &Value) -> bool {
    value.downcast::<ReferenceObject>().is_some()
        || value.downcast::<ConstraintObject>().is_some()
        || value.downcast::<IdentityObject>().is_some()
        || value.downcast::<super::ComputedObject>().is_some()
        || value.downcast::<SequenceObject>().is_some()
        || value.downcast::<super::FetchedValueObject>().is_some()
}

fn read_options(column: &mut ColumnObject, vm: &mut Vm<'_>, call: &Call, span: Span) {
    let mut taint = column.taint.take();
    let mut keep = |known: Known<bool>| {
        known.unwrap_or_else(|why| {
            taint = Some(why);
            false
        })
    };
    column.primary_key = keep(known::flag(vm, call.get("primary_key"), false, span));
    column.unique = keep(known::flag(vm, call.get("unique"), false, span));
    column.index = keep(known::flag(vm, call.get("index"), false, span));
    match known::optional_flag(vm, call.get("nullable"), span) {
        Ok(nullable) => column.nullable = nullable,
        Err(why) => taint = Some(why),
    }
    match known::optional_text(vm, call.get("comment"), span) {
        Ok(comment) => column.comment = comment,
        Err(why) => taint = Some(why),
    }
    match known::optional_text(vm, call.get("key"), span) {
        Ok(key) => column.key = key,
        Err(why) => taint = Some(why),
    }
    column.autoincrement = match call.get("autoincrement") {
        Some(Value::Bool(true)) => Autoincrement::On,
        Some(Value::Bool(false)) => Autoincrement::Off,
        Some(Value::Str(text)) if &**text == "ignore_fk" => Autoincrement::IgnoreForeignKey,
        Some(Value::Unknown(why)) => {
            taint = Some(why.clone());
            Autoincrement::Auto
        }
        _ => Autoincrement::Auto,
    };
    column.default = call.some("default").or_else(|| call.some("insert_default")).cloned();
    column.has_default = column.default.is_some();
    column.on_update = call.some("onupdate").cloned();
    column.server_default = call.some("server_default").cloned();
    column.taint = taint;
}

fn take_item(column: &mut ColumnObject, vm: &mut Vm<'_>, item: &Value, span: Span) -> Flow<()> {
    if let Some(reference) = item.downcast::<ReferenceObject>() {
        column.references.push(reference);
    } else if let Some(constraint) = item.downcast::<ConstraintObject>() {
        column.checks.push(constraint);
    } else if let Some(sequence) = item.downcast::<SequenceObject>() {
        column.sequence = Some(sequence);
    } else if item.downcast::<IdentityObject>().is_some() || item.downcast::<super::ComputedObject>().is_some() {
        take_default(column, item);
    } else if item.downcast::<super::FetchedValueObject>().is_some() || matches!(item, Value::None) {
        // The server fills the value in by means that the column does not name; a NULL item is passed over.
    } else if let Value::Str(_) | Value::Int(_) | Value::Bool(_) = item {
        let message = format!("'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got {item:?}");
        return Err(vm.raise("sqlalchemy.exc.ArgumentError", &message, span));
    } else {
        column.taint = Some(known::unknown(item, span));
    }
    Ok(())
}

/// `Identity` and `Computed` may be given as a server default as well as an item.
fn take_default(column: &mut ColumnObject, value: &Value) {
    if let Some(identity) = value.downcast::<IdentityObject>() {
        column.identity = Some(identity);
        column.server_default = None;
    } else if let Some(computed) = value.downcast::<super::ComputedObject>() {
        column.computed = Some(computed);
        column.server_default = None;
    }
}

impl ColumnObject {
    /// A bare column, as `sa.column(name, ty)` makes it.
    pub(in crate::alembic) fn light(name: &str, ty: Option<Rc<SaType>>) -> Self {
        Self { name: RefCell::new(Some(name.into())), ty, ..Self::default() }
    }

    /// Its name; empty as long as it has none.
    pub(in crate::alembic) fn name(&self) -> Rc<str> {
        self.name.borrow().clone().unwrap_or_default()
    }

    /// Its key in `table.c`.
    pub(in crate::alembic) fn key(&self) -> Rc<str> {
        self.key.clone().unwrap_or_else(|| self.name())
    }

    /// Whether it may be NULL, `in_primary_key` telling whether a constraint makes it part of the key.
    pub(in crate::alembic) fn is_nullable(&self, in_primary_key: bool) -> bool {
        match (self.nullable, &self.identity) {
            (Some(nullable), _) => nullable,
            // `on_null` is a matter of Oracle's.
            (None, Some(_)) => false,
            (None, None) => !in_primary_key,
        }
    }
}

impl Foreign for ColumnObject {
    object!("Column");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "name" => self.name.borrow().clone().map_or(Value::None, Value::Str),
            "key" => Value::Str(self.key()),
            "table" => self.table.borrow().upgrade().map_or(Value::None, |table| Value::Object(table)),
            "type" => match &self.ty {
                Some(ty) => Value::Object(ty.clone()),
                None => Value::object(SaType::plain("NullType", Kind::Null)),
            },
            "nullable" => Value::Bool(self.is_nullable(self.primary_key)),
            "primary_key" => Value::Bool(self.primary_key),
            "unique" => Value::Bool(self.unique),
            "index" => Value::Bool(self.index),
            "comment" => self.comment.clone().map_or(Value::None, Value::Str),
            "server_default" => self.server_default.clone().unwrap_or(Value::None),
            "copy" | "_copy" => crate::alembic::objects::Method::value(&self, |column, _, _, _| {
                let copy = ColumnObject { table: RefCell::default(), ..ColumnObject::clone(column) };
                Ok(Value::object(copy))
            }),
            _ => return core::column_attr(&self, vm, name, span),
        }))
    }

    fn set_attr(&self, vm: &mut Vm<'_>, name: &str, value: Value, span: Span) -> Flow<()> {
        let _ = span;
        if name == "name" {
            *self.name.borrow_mut() = known::text(vm, &value);
        }
        Ok(())
    }

    fn binary(
        self: Rc<Self>,
        vm: &mut Vm<'_>,
        operator: Operator,
        other: &Value,
        reflected: bool,
        span: Span,
    ) -> Flow<Option<Value>> {
        core::column_binary(&self, vm, operator, other, reflected, span)
    }

    fn unary(self: Rc<Self>, vm: &mut Vm<'_>, sign: char, span: Span) -> Flow<Option<Value>> {
        core::column_unary(&self, vm, sign, span)
    }

    fn truth(&self) -> Option<bool> {
        None
    }

    fn is_instance(&self, class: &Value) -> Option<bool> {
        Some(Class::named(class, "Column"))
    }
}
