//! Builtin functions over iterables.

use std::cmp::Ordering;
use std::rc::Rc;

use super::required;
use crate::python::join::{is_rest, rest};
use crate::python::object::items::{Items, call_with, iterator};
use crate::python::object::type_name;
use crate::python::value::{Args, Flow, Operator, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(in crate::python) fn iter(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let value = required(vm, args, 0, "iter", span)?;
    if value.downcast::<Items>().is_some_and(|items| items.once) {
        return Ok(value.clone());
    }
    if let Some(instance) = value.downcast::<crate::python::object::instance::Instance>()
        && instance.class.find("__next__").is_some()
    {
        return Ok(value.clone());
    }
    Ok(iterator("iterator", vm.items_with_rest(value, span)?))
}

pub(in crate::python) fn next(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let value = required(vm, args, 0, "next", span)?;
    let item = match value.downcast::<Items>() {
        Some(items) if items.once => items.next(vm, span),
        _ => match value {
            Value::Unknown(_) => return Ok(Value::Unknown(vm.why(value, span))),
            Value::Object(object) => match Rc::clone(object).attr(vm, "__next__", span)? {
                Some(next) => match call_with(vm, &next, Vec::new(), span) {
                    Err(raised) if &*raised.class == "StopIteration" => None,
                    result => return result,
                },
                None => return Err(not_an_iterator(vm, value, span)),
            },
            _ => return Err(not_an_iterator(vm, value, span)),
        },
    };
    match item.or_else(|| args.positional.get(1).cloned()) {
        Some(item) => Ok(item),
        None => Err(vm.raise("StopIteration", "", span)),
    }
}

fn not_an_iterator(vm: &mut Vm<'_>, value: &Value, span: Span) -> crate::python::Raised {
    vm.raise("TypeError", &format!("'{}' object is not an iterator", type_name(value)), span)
}

pub(super) fn enumerate(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let iterable = required(vm, args, 0, "enumerate", span)?;
    let start = match args.get(1, "start") {
        Some(Value::Int(start)) => *start,
        Some(unknown @ Value::Unknown(_)) => return Ok(Value::Unknown(vm.why(unknown, span))),
        _ => 0,
    };
    let mut unsure = None;
    let mut items = Vec::new();
    for (at, item) in vm.items_with_rest(iterable, span)?.into_iter().enumerate() {
        if is_rest(&item) {
            unsure = Some(vm.why(&item, span));
            items.push(item);
            continue;
        }
        let number = match &unsure {
            Some(why) => Value::Unknown(Rc::clone(why)),
            None => Value::Int(start.saturating_add(i64::try_from(at).unwrap_or(i64::MAX))),
        };
        items.push(Value::tuple(vec![number, item]));
    }
    Ok(iterator("enumerate", items))
}

pub(super) fn zip(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let mut lists = Vec::new();
    for iterable in &args.positional {
        lists.push(vm.items_with_rest(iterable, span)?);
    }
    let shortest = lists.iter().map(Vec::len).min().unwrap_or(0);
    let strict = matches!(args.keyword("strict"), Some(Value::Bool(true)));
    if strict && lists.iter().any(|list| list.len() != shortest) && !lists.iter().flatten().any(is_rest) {
        return Err(vm.raise("ValueError", "zip() argument 2 is shorter than argument 1", span));
    }
    let mut zipped = Vec::with_capacity(shortest);
    for at in 0..shortest {
        let items: Vec<Value> = lists.iter().filter_map(|list| list.get(at).cloned()).collect();
        if let Some(unknown) = items.iter().find(|item| is_rest(item)) {
            zipped.push(unknown.clone());
            break;
        }
        zipped.push(Value::tuple(items));
    }
    Ok(iterator("zip", zipped))
}

pub(super) fn map(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let function = required(vm, args, 0, "map", span)?;
    let mut lists = Vec::new();
    for iterable in args.positional.iter().skip(1) {
        lists.push(vm.items_with_rest(iterable, span)?);
    }
    let shortest = lists.iter().map(Vec::len).min().unwrap_or(0);
    let mut mapped = Vec::with_capacity(shortest);
    for at in 0..shortest {
        vm.charge(1, || span)?;
        let items: Vec<Value> = lists.iter().filter_map(|list| list.get(at).cloned()).collect();
        if let Some(unknown) = items.iter().find(|item| is_rest(item)) {
            let why = vm.why(unknown, span);
            let unknowns = items.iter().map(|_| Value::Unknown(Rc::clone(&why))).collect();
            vm.perhaps(&why, span, |vm| call_with(vm, function, unknowns, span))?;
            mapped.push(rest(&why));
            break;
        }
        mapped.push(call_with(vm, function, items, span)?);
    }
    Ok(iterator("map", mapped))
}

pub(super) fn filter(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (function, iterable) = (required(vm, args, 0, "filter", span)?, required(vm, args, 1, "filter", span)?);
    let mut kept = Vec::new();
    for item in vm.items_with_rest(iterable, span)? {
        vm.charge(1, || span)?;
        if is_rest(&item) {
            kept.push(item);
            continue;
        }
        let test = match function {
            Value::None => item.clone(),
            function => call_with(vm, function, vec![item.clone()], span)?,
        };
        match vm.truth(&test) {
            Some(true) => kept.push(item),
            Some(false) => {}
            None => {
                let why = vm.why(&test, span);
                kept.push(rest(&why));
            }
        }
    }
    Ok(iterator("filter", kept))
}

pub(super) fn sorted(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let iterable = required(vm, args, 0, "sorted", span)?;
    let items = vm.items_with_rest(iterable, span)?;
    sort(vm, items, args, span).map(Value::list)
}

/// The items in order of `key`, `reverse` if asked; one that stands for any number where the order can't be known.
pub(in crate::python) fn sort(vm: &mut Vm<'_>, items: Vec<Value>, args: &Args, span: Span) -> Flow<Vec<Value>> {
    let reverse = match args.keyword("reverse") {
        Some(value) => match vm.truth(value) {
            Some(reverse) => reverse,
            None => {
                let why = vm.why(value, span);
                return Ok(vec![rest(&why)]);
            }
        },
        None => false,
    };
    let key = args.keyword("key").filter(|key| !matches!(key, Value::None));
    let mut keyed = Vec::with_capacity(items.len());
    for item in items {
        vm.charge(2, || span)?;
        if is_rest(&item) {
            return Ok(vec![item]);
        }
        let key = match key {
            Some(key) => call_with(vm, key, vec![item.clone()], span)?,
            None => item.clone(),
        };
        keyed.push((key, item));
    }
    if keyed.len() > 1
        && let Some((unknown, _)) = keyed.iter().find(|(key, _)| matches!(key, Value::Unknown(_)))
    {
        // All items are there, in an order that is not known.
        let why = vm.why(&unknown.clone(), span);
        return Ok(keyed.iter().map(|_| Value::Unknown(Rc::clone(&why))).collect());
    }
    // Merge sort by hand: comparing may run code and may fail.
    let sorted = merge_sort(vm, keyed, reverse, span)?;
    Ok(sorted.into_iter().map(|(_, item)| item).collect())
}

type Keyed = (Value, Value);

fn merge_sort(vm: &mut Vm<'_>, items: Vec<Keyed>, reverse: bool, span: Span) -> Flow<Vec<Keyed>> {
    if items.len() < 2 {
        return Ok(items);
    }
    let mut left = items;
    let right = left.split_off(left.len() / 2);
    let left = merge_sort(vm, left, reverse, span)?;
    let right = merge_sort(vm, right, reverse, span)?;
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some((a, _)), Some((b, _))) = (left.peek(), right.peek()) {
        vm.charge(1, || span)?;
        // A stable sort takes the right one only where it is certainly before the left one.
        let first = match vm.order(a, b, span)? {
            Some(Some(Ordering::Greater)) => reverse,
            Some(Some(Ordering::Less)) => !reverse,
            _ => true,
        };
        merged.extend(if first { left.next() } else { right.next() });
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}

pub(super) fn reversed(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let iterable = required(vm, args, 0, "reversed", span)?;
    let mut items = vm.items_with_rest(iterable, span)?;
    items.reverse();
    Ok(iterator("reversed", items))
}

pub(super) fn sum(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let iterable = required(vm, args, 0, "sum", span)?;
    let mut total = args.get(1, "start").cloned().unwrap_or(Value::Int(0));
    for item in vm.items_with_rest(iterable, span)? {
        vm.charge(1, || span)?;
        total = vm.binary(&total, Operator::Add, &item, span)?;
    }
    Ok(total)
}

pub(super) fn min(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    extreme(vm, args, "min", Ordering::Less, span)
}

pub(super) fn max(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    extreme(vm, args, "max", Ordering::Greater, span)
}

fn extreme(vm: &mut Vm<'_>, args: &Args, name: &str, wanted: Ordering, span: Span) -> Flow<Value> {
    let items = match args.positional.as_slice() {
        [iterable] => vm.items_with_rest(iterable, span)?,
        several => several.to_vec(),
    };
    let key = args.keyword("key").filter(|key| !matches!(key, Value::None));
    let mut best: Option<Keyed> = None;
    for item in items {
        vm.charge(1, || span)?;
        if matches!(item, Value::Unknown(_)) {
            return Ok(Value::Unknown(vm.why(&item, span)));
        }
        let value = match key {
            Some(key) => call_with(vm, key, vec![item.clone()], span)?,
            None => item.clone(),
        };
        best = match best {
            None => Some((value, item)),
            Some((so_far, best)) => match vm.order(&value, &so_far, span)? {
                Some(Some(ordering)) if ordering == wanted => Some((value, item)),
                Some(_) => Some((so_far, best)),
                None => return Ok(Value::Unknown(vm.why(&value, span))),
            },
        };
    }
    match best.map(|(_, item)| item).or_else(|| args.keyword("default").cloned()) {
        Some(item) => Ok(item),
        None => Err(vm.raise("ValueError", &format!("{name}() arg is an empty sequence"), span)),
    }
}

pub(super) fn any(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    decide(vm, args, "any", true, span)
}

pub(super) fn all(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    decide(vm, args, "all", false, span)
}

/// The first item whose truth is `decisive` decides.
fn decide(vm: &mut Vm<'_>, args: &Args, name: &str, decisive: bool, span: Span) -> Flow<Value> {
    let iterable = required(vm, args, 0, name, span)?;
    let mut unknown = None;
    for item in vm.items_with_rest(iterable, span)? {
        match vm.truth(&item) {
            Some(truth) if truth == decisive => return Ok(Value::Bool(decisive)),
            Some(_) => {}
            None => {
                unknown.get_or_insert(item);
            }
        }
    }
    Ok(match unknown {
        Some(item) => Value::Unknown(vm.why(&item, span)),
        None => Value::Bool(!decisive),
    })
}
