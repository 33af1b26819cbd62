//! The methods of `list` and `tuple`.

use std::cell::RefCell;
use std::rc::Rc;

use super::{operator, wrong_arguments};
use crate::python::join::{is_rest, rest};
use crate::python::value::{Args, Flow, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) const NAMES: [&str; 11] =
    ["append", "extend", "insert", "remove", "pop", "clear", "index", "count", "sort", "reverse", "copy"];
pub(super) const TUPLE_NAMES: [&str; 2] = ["index", "count"];

/// How many items are looked through in one step.
const ITEMS_PER_STEP: u64 = 32;

pub(super) fn call(
    vm: &mut Vm<'_>,
    list: &Rc<RefCell<Vec<Value>>>,
    name: &str,
    args: &Args,
    span: Span,
) -> Flow<Option<Value>> {
    let first = args.positional.first();
    // Adding asks nothing of what is there; everything else looks through the list, and pays for it.
    let open = if matches!(name, "append" | "extend" | "clear" | "copy") {
        None
    } else {
        let items = list.borrow();
        vm.charge(items.len() as u64 / ITEMS_PER_STEP, || span)?;
        items.iter().find(|item| is_rest(item)).cloned()
    };
    Ok(Some(match (name, first) {
        ("append", Some(item)) => {
            vm.touch_list(list);
            list.borrow_mut().push(item.clone());
            Value::None
        }
        ("extend", Some(items)) => {
            let items = vm.items_with_rest(items, span)?;
            vm.charge(items.len() as u64, || span)?;
            vm.touch_list(list);
            list.borrow_mut().extend(items);
            Value::None
        }
        ("clear", None) => {
            vm.touch_list(list);
            list.borrow_mut().clear();
            Value::None
        }
        ("copy", None) => Value::list(list.borrow().clone()),
        ("index" | "count", Some(_)) => {
            let items = list.borrow().clone();
            return search(vm, &items, name, args, span).map(Some);
        }
        // What changes places can't be followed where some items are not known.
        ("insert" | "remove" | "pop" | "sort" | "reverse", _) if open.is_some() => {
            let why = vm.why(&open.unwrap_or(Value::None), span);
            vm.touch_list(list);
            *list.borrow_mut() = vec![rest(&why)];
            if name == "pop" { Value::Unknown(why) } else { Value::None }
        }
        ("insert", Some(Value::Int(at))) => {
            let Some(item) = args.positional.get(1) else { return Err(wrong_arguments(vm, name, span)) };
            vm.touch_list(list);
            let mut items = list.borrow_mut();
            let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
            let at = if *at < 0 { at.saturating_add(length).max(0) } else { (*at).min(length) };
            items.insert(usize::try_from(at).unwrap_or(0), item.clone());
            Value::None
        }
        ("remove", Some(item)) => {
            let items = list.borrow().clone();
            for (at, other) in items.iter().enumerate() {
                match vm.equal(other, item, span) {
                    Some(true) => {
                        vm.touch_list(list);
                        list.borrow_mut().remove(at);
                        return Ok(Some(Value::None));
                    }
                    Some(false) => {}
                    None => {
                        let unknown = if matches!(other, Value::Unknown(_)) { other } else { item };
                        let why = vm.why(unknown, span);
                        vm.touch_list(list);
                        *list.borrow_mut() = vec![rest(&why)];
                        return Ok(Some(Value::None));
                    }
                }
            }
            return Err(vm.raise("ValueError", "list.remove(x): x not in list", span));
        }
        ("pop", at) => {
            let length = list.borrow().len();
            let at = match at {
                None => -1,
                Some(Value::Int(at)) => *at,
                Some(unknown @ Value::Unknown(_)) => {
                    let why = vm.why(unknown, span);
                    vm.touch_list(list);
                    *list.borrow_mut() = vec![rest(&why)];
                    return Ok(Some(Value::Unknown(why)));
                }
                Some(_) => return Err(wrong_arguments(vm, name, span)),
            };
            if length == 0 {
                return Err(vm.raise("IndexError", "pop from empty list", span));
            }
            let at = if at < 0 { at.checked_add_unsigned(length as u64) } else { Some(at) };
            match at.and_then(|at| usize::try_from(at).ok()).filter(|at| *at < length) {
                Some(at) => {
                    vm.touch_list(list);
                    list.borrow_mut().remove(at)
                }
                None => return Err(vm.raise("IndexError", "pop index out of range", span)),
            }
        }
        ("sort", None) => {
            let items = list.borrow().clone();
            let sorted = crate::python::builtins::sort(vm, items, args, span)?;
            vm.touch_list(list);
            *list.borrow_mut() = sorted;
            Value::None
        }
        ("reverse", None) => {
            vm.touch_list(list);
            list.borrow_mut().reverse();
            Value::None
        }
        ("append" | "extend" | "insert" | "remove" | "index" | "count", _) => {
            return Err(wrong_arguments(vm, name, span));
        }
        _ => return operator(vm, &Value::List(Rc::clone(list)), name, args, span),
    }))
}

pub(super) fn call_tuple(
    vm: &mut Vm<'_>,
    items: &Rc<[Value]>,
    name: &str,
    args: &Args,
    span: Span,
) -> Flow<Option<Value>> {
    match name {
        "index" | "count" => search(vm, items, name, args, span).map(Some),
        _ => operator(vm, &Value::Tuple(Rc::clone(items)), name, args, span),
    }
}

/// `index` and `count`.
fn search(vm: &mut Vm<'_>, items: &[Value], name: &str, args: &Args, span: Span) -> Flow<Value> {
    let Some(wanted) = args.positional.first() else { return Err(wrong_arguments(vm, name, span)) };
    let mut count = 0;
    for (at, item) in items.iter().enumerate() {
        match vm.equal(item, wanted, span) {
            Some(true) if name == "index" => return Ok(Value::Int(i64::try_from(at).unwrap_or(i64::MAX))),
            Some(true) => count += 1,
            Some(false) => {}
            None => {
                let unknown = if matches!(item, Value::Unknown(_)) { item } else { wanted };
                return Ok(Value::Unknown(vm.why(unknown, span)));
            }
        }
    }
    if name == "count" {
        return Ok(Value::Int(count));
    }
    let shown = vm.repr(wanted).unwrap_or_default();
    Err(vm.raise("ValueError", &format!("{shown} is not in list"), span))
}
