//! `dataclasses`.

use super::{function, lenient};
use crate::python::object::class::{Class, ClassKind};
use crate::python::object::dataclass::{self, Field};
use crate::python::object::native::Native;
use crate::python::value::{Args, Flow, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) fn member(_: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    match name {
        "dataclass" => lenient("dataclass", decorator),
        "field" => lenient("field", |_, args, _| {
            let given = |name: &str| args.keyword(name).cloned();
            Ok(Value::object(Field { default: given("default"), factory: given("default_factory") }))
        }),
        "asdict" => function("asdict", dataclass::as_dict),
        "astuple" => function("astuple", |vm, args, span| {
            let dict = dataclass::as_dict(vm, args, span)?;
            match dict {
                Value::Dict(dict) => {
                    Ok(Value::tuple(dict.borrow().entries.iter().map(|(_, value)| value.clone()).collect()))
                }
                other => Ok(other),
            }
        }),
        "replace" => lenient("replace", dataclass::replace),
        "is_dataclass" => function("is_dataclass", |_, args, _| {
            let class = args.positional.first().and_then(Value::downcast::<Class>);
            Ok(Value::Bool(class.is_some_and(|class| class.kind.get() == ClassKind::Dataclass)))
        }),
        _ => None,
    }
}

fn decorator(_: &mut Vm<'_>, args: &Args, _: Span) -> Flow<Value> {
    match args.positional.first() {
        Some(class) => {
            if let Some(class) = class.downcast::<Class>() {
                class.kind.set(ClassKind::Dataclass);
            }
            Ok(class.clone())
        }
        // `@dataclass(frozen=True)`
        None => Ok(Native::lenient("dataclass", decorator)),
    }
}
