//! The methods of `dict`.

use std::cell::RefCell;
use std::rc::Rc;

use super::{operator, wrong_arguments};
use crate::python::join::is_rest;
use crate::python::object::items;
use crate::python::value::{Args, Dict, Flow, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) const NAMES: [&str; 11] =
    ["get", "keys", "values", "items", "update", "pop", "popitem", "setdefault", "clear", "copy", "fromkeys"];

pub(super) fn call(
    vm: &mut Vm<'_>,
    dict: &Rc<RefCell<Dict>>,
    name: &str,
    args: &Args,
    span: Span,
) -> Flow<Option<Value>> {
    let first = args.positional.first();
    let default = || args.positional.get(1).cloned();
    Ok(Some(match (name, first) {
        ("get", Some(key)) => vm
            .dict_get(dict, key, span)?
            .or_else(default)
            .or_else(|| args.keyword("default").cloned())
            .unwrap_or(Value::None),
        ("keys", None) => items::view("dict_keys", dict.borrow().entries.iter().map(|(key, _)| key.clone()).collect()),
        ("values", None) => {
            items::view("dict_values", dict.borrow().entries.iter().map(|(_, value)| value.clone()).collect())
        }
        ("items", None) => items::view(
            "dict_items",
            dict.borrow()
                .entries
                .iter()
                .map(
                    |(key, value)| {
                        if is_rest(key) { key.clone() } else { Value::tuple(vec![key.clone(), value.clone()]) }
                    },
                )
                .collect(),
        ),
        ("update", other) => {
            let mut new = dict.borrow().clone();
            if let Some(other) = other {
                vm.dict_update(&mut new, other, span)?;
            }
            for (key, value) in &args.keyword {
                vm.dict_put(&mut new, Value::Str(Rc::clone(key)), value.clone(), span)?;
            }
            if let Some(open) = &args.open {
                vm.dict_update(&mut new, &Value::Unknown(Rc::clone(open)), span)?;
            }
            vm.touch_dict(dict);
            *dict.borrow_mut() = new;
            Value::None
        }
        ("pop", Some(key)) => match vm.dict_remove(dict, key, span)?.or_else(default) {
            Some(value) => value,
            None => {
                return Err(crate::python::object::exception::key_error(vm, key, span));
            }
        },
        ("popitem", None) => {
            let last = dict.borrow().entries.last().cloned();
            match last {
                Some((key, value)) if !is_rest(&key) => {
                    vm.touch_dict(dict);
                    dict.borrow_mut().entries.pop();
                    Value::tuple(vec![key, value])
                }
                Some((key, _)) => Value::Unknown(vm.why(&key, span)),
                None => return Err(vm.raise("KeyError", "popitem(): dictionary is empty", span)),
            }
        }
        ("setdefault", Some(key)) => match vm.dict_get(dict, key, span)? {
            Some(value) => value,
            None => {
                let value = default().unwrap_or(Value::None);
                vm.touch_dict(dict);
                dict.borrow_mut().entries.push((key.clone(), value.clone()));
                value
            }
        },
        ("clear", None) => {
            vm.touch_dict(dict);
            dict.borrow_mut().entries.clear();
            Value::None
        }
        ("copy", None) => Value::dict(dict.borrow().clone()),
        ("fromkeys", _) => crate::python::builtins::dict_fromkeys(vm, args, span)?,
        ("get" | "pop" | "setdefault", None) => return Err(wrong_arguments(vm, name, span)),
        _ => return operator(vm, &Value::Dict(Rc::clone(dict)), name, args, span),
    }))
}
