//! `enum`.

use super::{identity, known_class, lenient};
use crate::python::object::class::ClassKind;
use crate::python::object::enumeration::Auto;
use crate::python::value::Value;
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) fn member(vm: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    let builtin = match name {
        "Enum" => return Some(base(vm)),
        "Flag" => None,
        "IntEnum" | "IntFlag" => Some("int"),
        "StrEnum" => Some("str"),
        "EnumMeta" | "EnumType" => return Some(super::inert::inert("EnumType")),
        "auto" => return lenient("auto", |_, _, _| Ok(Value::object(Auto))),
        "unique" | "verify" | "nonmember" | "member" => return identity("unique"),
        _ => return None,
    };
    let full_name = format!("enum.{name}");
    Some(known_class(
        vm,
        &full_name,
        |vm| {
            let mut bases = Vec::new();
            bases.extend(builtin.and_then(|builtin| vm.builtin(builtin)));
            bases.push(base(vm));
            bases
        },
        ClassKind::Enum,
        |_, _| {},
    ))
}

fn base(vm: &mut Vm<'_>) -> Value {
    known_class(vm, "enum.Enum", |_| Vec::new(), ClassKind::Enum, |_, _| {})
}
