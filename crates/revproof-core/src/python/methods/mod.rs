//! The methods of the builtin types.

mod bytes;
mod dict;
mod list;
mod number;
mod set;
mod text;

use super::object::native::first_unknown;
use super::value::{Args, Flow, Value};
use super::vm::Vm;
use crate::source::Span;

/// Calls a method of a builtin value; `None` where the type has no such method.
pub(super) fn call(vm: &mut Vm<'_>, receiver: &Value, name: &str, args: &Args, span: Span) -> Flow<Option<Value>> {
    if !has(receiver, name) {
        return Ok(None);
    }
    match receiver {
        Value::Str(text) => text::call(vm, text, name, args, span),
        Value::Bytes(bytes) => bytes::call(vm, bytes, name, args, span),
        Value::List(items) => list::call(vm, items, name, args, span),
        Value::Tuple(items) => list::call_tuple(vm, items, name, args, span),
        Value::Dict(dict) => dict::call(vm, dict, name, args, span),
        Value::Set(items) => set::call(vm, items, name, args, span),
        Value::Int(_) | Value::Bool(_) | Value::Float(_) => number::call(vm, receiver, name, args, span),
        Value::Object(_) => {
            let callee = vm.attr(receiver, name, span)?;
            vm.call(&callee, args.clone(), span).map(Some)
        }
        Value::None | Value::Unknown(_) => Ok(None),
    }
}

/// Whether a builtin value has a method of that name.
pub(super) fn has(value: &Value, name: &str) -> bool {
    let names: &[&str] = match value {
        Value::Str(_) => &text::NAMES,
        Value::Bytes(_) => &bytes::NAMES,
        Value::List(_) => &list::NAMES,
        Value::Tuple(_) => &list::TUPLE_NAMES,
        Value::Dict(_) => &dict::NAMES,
        Value::Set(_) => &set::NAMES,
        Value::Int(_) | Value::Bool(_) => &number::INT_NAMES,
        Value::Float(_) => &number::FLOAT_NAMES,
        Value::Object(_) => return true,
        Value::None | Value::Unknown(_) => &[],
    };
    names.contains(&name) || OPERATORS.contains(&name)
}

/// What every builtin value can be asked by name.
const OPERATORS: [&str; 12] = [
    "__len__",
    "__eq__",
    "__str__",
    "__repr__",
    "__contains__",
    "__getitem__",
    "__iter__",
    "__hash__",
    "__add__",
    "__lt__",
    "__bool__",
    "__format__",
];

/// The operators by name.
fn operator(vm: &mut Vm<'_>, receiver: &Value, name: &str, args: &Args, span: Span) -> Flow<Option<Value>> {
    use super::value::Operator;
    let first = args.positional.first().cloned().unwrap_or(Value::None);
    Ok(Some(match name {
        "__len__" => super::builtins::length(vm, receiver, span)?,
        "__eq__" => vm.compare_values(receiver, Operator::Eq, &first, span)?,
        "__lt__" => vm.compare_values(receiver, Operator::Lt, &first, span)?,
        "__add__" => vm.binary(receiver, Operator::Add, &first, span)?,
        "__contains__" => vm.contains(receiver, &first, span)?,
        "__getitem__" => vm.item(receiver, &first, span)?,
        "__str__" => match vm.text(receiver) {
            Some(text) => Value::Str(text),
            None => Value::Unknown(vm.why(receiver, span)),
        },
        "__repr__" => match vm.repr(receiver) {
            Some(text) => Value::Str(text),
            None => Value::Unknown(vm.why(receiver, span)),
        },
        "__bool__" => match vm.truth(receiver) {
            Some(truth) => Value::Bool(truth),
            None => Value::Unknown(vm.why(receiver, span)),
        },
        "__iter__" => super::object::items::iterator("iterator", vm.items_with_rest(receiver, span)?),
        "__hash__" => vm.unknown("a hash is read", span),
        "__format__" => {
            let spec = first.as_str().unwrap_or_default().to_owned();
            super::format::format_value(vm, receiver, &spec, span)?
        }
        _ => return Ok(None),
    }))
}

/// The first argument that is not known, as what the method gives.
fn unknown_argument(vm: &mut Vm<'_>, args: &Args, span: Span) -> Option<Value> {
    first_unknown(args).map(|unknown| Value::Unknown(vm.why(&unknown, span)))
}

/// The error of a call with the wrong arguments.
fn wrong_arguments(vm: &mut Vm<'_>, name: &str, span: Span) -> super::Raised {
    vm.raise("TypeError", &format!("{name}() got wrong arguments"), span)
}
