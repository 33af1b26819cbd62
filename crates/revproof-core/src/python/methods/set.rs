//! The methods of `set` and `frozenset`.

use std::cell::RefCell;
use std::rc::Rc;

use super::{operator, wrong_arguments};
use crate::python::join::{is_rest, rest};
use crate::python::value::{Args, Flow, Operator, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) const NAMES: [&str; 17] = [
    "add",
    "remove",
    "discard",
    "pop",
    "clear",
    "copy",
    "update",
    "union",
    "intersection",
    "difference",
    "symmetric_difference",
    "issubset",
    "issuperset",
    "isdisjoint",
    "difference_update",
    "intersection_update",
    "symmetric_difference_update",
];

pub(super) fn call(
    vm: &mut Vm<'_>,
    set: &Rc<RefCell<Vec<Value>>>,
    name: &str,
    args: &Args,
    span: Span,
) -> Flow<Option<Value>> {
    let itself = Value::Set(Rc::clone(set));
    let first = args.positional.first();
    Ok(Some(match (name, first) {
        ("add", Some(item)) => {
            let mut items = set.borrow().clone();
            vm.set_add(&mut items, item.clone(), span)?;
            put(vm, set, items);
            Value::None
        }
        ("remove" | "discard", Some(item)) => {
            let items = set.borrow().clone();
            let mut kept = Vec::with_capacity(items.len());
            let mut found = false;
            let mut unknown = None;
            for other in &items {
                match vm.equal(other, item, span) {
                    Some(true) => found = true,
                    Some(false) => kept.push(other.clone()),
                    None => unknown = Some(if matches!(other, Value::Unknown(_)) { other } else { item }),
                }
            }
            if let Some(unknown) = unknown {
                let why = vm.why(unknown, span);
                kept.push(rest(&why));
            } else if !found && name == "remove" {
                return Err(crate::python::object::exception::key_error(vm, item, span));
            }
            put(vm, set, kept);
            Value::None
        }
        ("pop", None) => {
            let mut items = set.borrow().clone();
            match items.pop() {
                None => return Err(vm.raise("KeyError", "'pop from an empty set'", span)),
                // Which item a set hands out is not said.
                Some(only) if items.is_empty() && !is_rest(&only) => {
                    put(vm, set, items);
                    only
                }
                Some(_) => {
                    let why = crate::python::value::Unknown::data("which item `set.pop` takes is not said", span);
                    put(vm, set, vec![rest(&why)]);
                    Value::Unknown(why)
                }
            }
        }
        ("clear", None) => {
            put(vm, set, Vec::new());
            Value::None
        }
        ("copy", None) => Value::set(set.borrow().clone()),
        ("union" | "update", _) => fold(vm, set, Operator::BitOr, args, name == "update", span)?,
        ("intersection" | "intersection_update", _) => {
            fold(vm, set, Operator::BitAnd, args, name.ends_with("update"), span)?
        }
        ("difference" | "difference_update", _) => fold(vm, set, Operator::Sub, args, name.ends_with("update"), span)?,
        ("symmetric_difference" | "symmetric_difference_update", _) => {
            fold(vm, set, Operator::BitXor, args, name.ends_with("update"), span)?
        }
        ("issubset", Some(other)) => {
            let other = as_set(vm, other, span)?;
            vm.compare_values(&itself, Operator::LtE, &other, span)?
        }
        ("issuperset", Some(other)) => {
            let other = as_set(vm, other, span)?;
            vm.compare_values(&itself, Operator::GtE, &other, span)?
        }
        ("isdisjoint", Some(other)) => {
            let other = as_set(vm, other, span)?;
            let shared = vm.binary(&itself, Operator::BitAnd, &other, span)?;
            match vm.truth(&shared) {
                Some(truth) => Value::Bool(!truth),
                None => Value::Unknown(vm.why(&shared, span)),
            }
        }
        ("add" | "remove" | "discard" | "issubset" | "issuperset" | "isdisjoint", None) => {
            return Err(wrong_arguments(vm, name, span));
        }
        _ => return operator(vm, &itself, name, args, span),
    }))
}

fn put(vm: &mut Vm<'_>, set: &Rc<RefCell<Vec<Value>>>, items: Vec<Value>) {
    vm.touch_set(set);
    *set.borrow_mut() = items;
}

fn as_set(vm: &mut Vm<'_>, value: &Value, span: Span) -> Flow<Value> {
    if let Value::Set(_) = value {
        return Ok(value.clone());
    }
    let items = vm.items_with_rest(value, span)?;
    vm.set_of(items, span)
}

/// Applies the operator with each argument; `in_place` changes the set.
fn fold(
    vm: &mut Vm<'_>,
    set: &Rc<RefCell<Vec<Value>>>,
    operator: Operator,
    args: &Args,
    in_place: bool,
    span: Span,
) -> Flow<Value> {
    let mut result = Value::set(set.borrow().clone());
    for other in &args.positional {
        let other = as_set(vm, other, span)?;
        result = vm.binary(&result, operator, &other, span)?;
    }
    if !in_place {
        return Ok(result);
    }
    if let Value::Set(items) = result {
        let items = items.borrow().clone();
        put(vm, set, items);
    }
    Ok(Value::None)
}
