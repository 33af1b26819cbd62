//! Reading the arguments of calls.

use std::rc::Rc;

use crate::python::{Args, Flow, Value, Vm};
use crate::source::Span;

/// The first argument, whatever its keyword.
pub(super) fn first(args: &Args) -> Option<&Value> {
    args.positional.first().or_else(|| args.keyword.first().map(|(_, value)| value))
}

/// An argument without which the call is a `TypeError`.
pub(super) fn required(vm: &mut Vm<'_>, args: &Args, position: usize, name: &str, span: Span) -> Flow<Value> {
    if let Some(value) = args.get(position, name) {
        return Ok(value.clone());
    }
    if let Some(unknown) = &args.open {
        return Ok(Value::Unknown(unknown.clone()));
    }
    Err(vm.raise("TypeError", &format!("missing a required argument: '{name}'"), span))
}

/// Whether the keyword is given and true.
pub(super) fn flag(args: &Args, name: &str) -> bool {
    matches!(args.keyword(name), Some(Value::Bool(true)))
}

/// The text of a keyword.
pub(super) fn keyword_text(args: &Args, name: &str) -> Option<Rc<str>> {
    args.keyword(name).and_then(Value::as_str).map(Rc::from)
}

/// The text of an argument.
pub(super) fn text(args: &Args, position: usize, name: &str) -> Option<Rc<str>> {
    args.get(position, name).and_then(Value::as_str).map(Rc::from)
}

/// The positional arguments, or the items of the first one where it is the only one and a list (`select([a, b])`,
/// `order_by([a])`).
pub(super) fn items(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Vec<Value>> {
    if let [only @ (Value::List(_) | Value::Tuple(_) | Value::Set(_))] = args.positional.as_slice() {
        return Ok(vm.iterate(only, span)?.unwrap_or_default());
    }
    Ok(args.positional.clone())
}

/// The entries of a dict whose keys are text.
pub(super) fn entries(value: &Value) -> Option<Vec<(Rc<str>, Value)>> {
    let Value::Dict(dict) = value else { return None };
    dict.borrow().entries.iter().map(|(key, value)| Some((Rc::from(key.as_str()?), value.clone()))).collect()
}
