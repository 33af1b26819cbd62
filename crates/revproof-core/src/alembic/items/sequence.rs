//! [`SequenceObject`]: `sa.Sequence`.

use std::rc::Rc;

use crate::alembic::arguments::{Extra, Signature};
use crate::alembic::known;
use crate::alembic::objects::{Class, Method};
use crate::alembic::{apply, object};
use crate::op::{OpKind, Origin};
use crate::python::{Args, Flow, Foreign, Value, Vm};
use crate::schema::{Dialect, QName};
use crate::source::Span;

/// A `sa.Sequence(…)`.
#[derive(Debug, Clone)]
pub(in crate::alembic) struct SequenceObject {
    /// Its name.
    pub name: QName,
    /// `start`.
    pub start: Option<i64>,
    /// `increment`.
    pub increment: Option<i64>,
    /// `optional`: only for dialects that need one.
    pub optional: bool,
}

static SIGNATURE: Signature = Signature::new(
    "Sequence.__init__",
    &[
        "name",
        "start",
        "increment",
        "minvalue",
        "maxvalue",
        "nominvalue",
        "nomaxvalue",
        "cycle",
        "schema",
        "cache",
        "order",
        "data_type",
        "optional",
        "quote",
        "metadata",
        "quote_schema",
        "for_update",
    ],
)
.optional(16)
.extra(Extra::Dialect)
.method();

/// `Sequence(name, start=None, increment=None, …)`.
pub(super) fn construct(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = SIGNATURE.bind(vm, args, span)?;
    let dialect = vm.host.catalog().dialect;
    let name = known::name(vm, call.get("name"), span);
    let schema = known::optional_text(vm, call.get("schema"), span);
    let start = known::number(call.get("start"), span);
    let increment = known::number(call.get("increment"), span);
    match (name, schema, start, increment) {
        (Ok(name), Ok(schema), Ok(start), Ok(increment)) => Ok(Value::object(SequenceObject {
            name: known::qname(dialect, &name, schema.as_deref()),
            start,
            increment,
            optional: matches!(call.get("optional"), Some(Value::Bool(true))),
        })),
        (Err(why), ..) | (_, Err(why), ..) | (_, _, Err(why), _) | (_, _, _, Err(why)) => Ok(Value::Unknown(why)),
    }
}

impl SequenceObject {
    /// `CREATE SEQUENCE`.
    pub(in crate::alembic) fn creation(&self, if_not_exists: bool) -> OpKind {
        OpKind::CreateSequence {
            name: self.name.clone(),
            start: self.start,
            increment: self.increment,
            if_not_exists,
            owned_by: None,
        }
    }
}

fn create(sequence: &Rc<SequenceObject>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    if vm.host.catalog().dialect == Dialect::PostgreSql {
        let checked = known::flag(vm, args.get(1, "checkfirst"), true, span).unwrap_or(true);
        apply(vm, sequence.creation(checked), Origin::Object, span)?;
    }
    Ok(Value::None)
}

fn drop(sequence: &Rc<SequenceObject>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    if vm.host.catalog().dialect == Dialect::PostgreSql {
        let if_exists = known::flag(vm, args.get(1, "checkfirst"), true, span).unwrap_or(true);
        let kind = OpKind::DropSequence { name: sequence.name.clone(), if_exists, cascade: false };
        apply(vm, kind, Origin::Object, span)?;
    }
    Ok(Value::None)
}

impl Foreign for SequenceObject {
    object!("Sequence");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "name" => Value::str(&self.name.name),
            "create" => Method::value(&self, create),
            "drop" => Method::value(&self, drop),
            _ => vm.unknown(format!("a sequence's {name} is not known"), span),
        }))
    }

    fn is_instance(&self, class: &Value) -> Option<bool> {
        Some(Class::named(class, "Sequence"))
    }
}
