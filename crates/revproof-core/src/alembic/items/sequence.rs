//! [`SequenceObject`]: `sa.Sequence`.

use std::rc::Rc;

use crate::alembic::arguments::{Call, Extra, Signature};
use crate::alembic::known;
use crate::alembic::objects::{Class, Method};
use crate::alembic::{apply, object};
use crate::op::{OpKind, Origin};
use crate::python::{Args, Flow, Foreign, Value, Vm};
use crate::schema::{Dialect, Name, QName};
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
    /// The options as SQLAlchemy writes them.
    pub options: Rc<str>,
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
    let name = known::name(vm, call.get("name"), span);
    let schema = known::optional_text(vm, call.get("schema"), span);
    let start = known::number(call.get("start"), span);
    let increment = known::number(call.get("increment"), span);
    match (name, schema, start, increment) {
        (Ok(name), Ok(schema), Ok(start), Ok(increment)) => Ok(Value::object(SequenceObject {
            name: known::spelled(vm, &name, schema.as_deref()),
            start,
            increment,
            options: options(&call, span).into(),
            optional: matches!(call.get("optional"), Some(Value::Bool(true))),
        })),
        (Err(why), ..) | (_, Err(why), ..) | (_, _, Err(why), _) | (_, _, _, Err(why)) => Ok(Value::Unknown(why)),
    }
}

/// The options in the order in which SQLAlchemy writes them.
fn options(call: &Call, span: Span) -> String {
    let mut words = Vec::new();
    let number = |name: &str| known::number(call.get(name), span).ok().flatten();
    let flag = |name: &str| matches!(call.get(name), Some(Value::Bool(true)));
    words.extend(number("increment").map(|n| format!("INCREMENT BY {n}")));
    words.extend(number("start").map(|n| format!("START WITH {n}")));
    words.extend(number("minvalue").map(|n| format!("MINVALUE {n}")));
    words.extend(number("maxvalue").map(|n| format!("MAXVALUE {n}")));
    words.extend(flag("nominvalue").then(|| "NO MINVALUE".to_owned()));
    words.extend(flag("nomaxvalue").then(|| "NO MAXVALUE".to_owned()));
    words.extend(number("cache").map(|n| format!("CACHE {n}")));
    words.extend(match call.get("cycle") {
        Some(Value::Bool(true)) => Some("CYCLE".to_owned()),
        Some(Value::Bool(false)) => Some("NO CYCLE".to_owned()),
        _ => None,
    });
    words.join(" ")
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
            spelled: Some(Name::from(&*self.options)),
        }
    }
}

fn create(sequence: &Rc<SequenceObject>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    if vm.host.catalog().dialect == Dialect::PostgreSql {
        let checked =
            known::flag(vm, args.get(1, "checkfirst"), true, span).unwrap_or(true) && vm.host.offline().is_none();
        apply(vm, sequence.creation(checked), Origin::Object, span)?;
    }
    Ok(Value::None)
}

fn drop(sequence: &Rc<SequenceObject>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    if vm.host.catalog().dialect == Dialect::PostgreSql {
        let if_exists =
            known::flag(vm, args.get(1, "checkfirst"), true, span).unwrap_or(true) && vm.host.offline().is_none();
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
