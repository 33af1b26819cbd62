//! What is known after a condition that could not be decided: what both ways agree on.

use std::mem;
use std::rc::Rc;

use super::journal::{Content, Place};
use super::scope::Table;
use super::value::{Dict, Reach, Unknown, Value};

/// The value that is `first` or `second`.
pub(super) fn join_value(first: &Value, second: &Value, why: &Rc<Unknown>) -> Value {
    if same(first, second) {
        return first.clone();
    }
    if let (Value::Tuple(a), Value::Tuple(b)) = (first, second)
        && a.len() == b.len()
        && !a.iter().chain(b.iter()).any(is_rest)
    {
        return Value::tuple(a.iter().zip(b.iter()).map(|(a, b)| join_value(a, b, why)).collect());
    }
    let reach = reach(first).max(reach(second));
    Value::Unknown(Rc::new(Unknown { why: why.why.clone(), span: why.span, reach, rest: false, partial: None }))
}

/// Lets a container hold what it held, `first`, or holds now.
pub(super) fn join_content(place: &Place, first: &Content, why: &Rc<Unknown>) {
    let joined = match (place, first) {
        (Place::Set(now), Content::Items(a)) => {
            let b = now.borrow();
            let mut items: Vec<_> = a.iter().filter(|x| b.iter().any(|y| same(x, y))).cloned().collect();
            if items.len() != a.len() || items.len() != b.len() {
                items.push(rest(why));
            }
            Content::Items(items)
        }
        (Place::List(now), Content::Items(a)) => Content::Items(join_items(a, &now.borrow(), why)),
        (Place::Dict(now), Content::Dict(a)) => Content::Dict(join_dicts(a, &now.borrow(), why)),
        (Place::Table(now), Content::Table(a)) => Content::Table(join_tables(a, now.take(), why)),
        _ => return,
    };
    place.put(joined);
}

/// Stands, in a container, for any number of items that can't be known.
pub(super) fn rest(why: &Rc<Unknown>) -> Value {
    Value::Unknown(Rc::new(Unknown { rest: true, partial: None, ..(**why).clone() }))
}

/// Whether a value stands for any number of items.
pub(super) fn is_rest(value: &Value) -> bool {
    matches!(value, Value::Unknown(unknown) if unknown.rest)
}

/// What calling the value might do.
pub(super) fn reach(value: &Value) -> Reach {
    match value {
        Value::Unknown(unknown) => unknown.reach,
        Value::Object(object) if object.reaches_database() || super::object::runs_code(value) => Reach::Database,
        Value::Object(_) => Reach::Code,
        _ => Reach::Data,
    }
}

fn join_items(a: &[Value], b: &[Value], why: &Rc<Unknown>) -> Vec<Value> {
    if a.len() == b.len() && !a.iter().chain(b).any(is_rest) {
        return a.iter().zip(b).map(|(a, b)| join_value(a, b, why)).collect();
    }
    let mut items: Vec<_> = a.iter().zip(b).take_while(|(a, b)| same(a, b)).map(|(a, _)| a.clone()).collect();
    if items.len() != a.len() || items.len() != b.len() {
        items.push(rest(why));
    }
    items
}

fn join_dicts(a: &Dict, b: &Dict, why: &Rc<Unknown>) -> Dict {
    let mut entries = Vec::with_capacity(a.entries.len());
    let mut open = false;
    for (place, (key, value)) in a.entries.iter().enumerate() {
        // Most likely it still is where it was.
        let there = b.entries.get(place).filter(|(other, _)| same(key, other));
        match there.or_else(|| b.entries.iter().find(|(other, _)| same(key, other))) {
            Some((_, other)) => entries.push((key.clone(), join_value(value, other, why))),
            None => open = true,
        }
    }
    if open || entries.len() != b.entries.len() {
        entries.push((rest(why), rest(why)));
    }
    Dict { entries }
}

/// The names of `a` where it has them, then those that only `now` has.
fn join_tables(a: &Table, mut now: Table, why: &Rc<Unknown>) -> Table {
    let mut other = None;
    if !now.starts_like(a) {
        let b = mem::replace(&mut now, a.clone());
        b.entries().iter().for_each(|entry| now.set(&entry.name, entry.value.clone(), entry.span));
        other = Some(b);
    }
    for (place, entry) in now.entries_mut().iter_mut().enumerate() {
        let Some(before) = a.entries().get(place) else {
            entry.value = perhaps(&entry.value, why);
            continue;
        };
        let is_gone = other.as_ref().is_some_and(|b| b.get_from(place, &entry.name).is_none());
        entry.value = if is_gone { perhaps(&entry.value, why) } else { join_value(&before.value, &entry.value, why) };
        entry.span = before.span;
    }
    now
}

/// A name that is perhaps not bound at all.
fn perhaps(value: &Value, why: &Rc<Unknown>) -> Value {
    Value::Unknown(Rc::new(Unknown {
        why: why.why.clone(),
        span: why.span,
        reach: reach(value),
        rest: false,
        partial: None,
    }))
}

/// Whether two values are certainly the same: the same object, or equal and unchangeable.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::None, Value::None) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::Bytes(a), Value::Bytes(b)) => a == b,
        (Value::List(a), Value::List(b)) | (Value::Set(a), Value::Set(b)) => Rc::ptr_eq(a, b),
        (Value::Dict(a), Value::Dict(b)) => Rc::ptr_eq(a, b),
        (Value::Tuple(a), Value::Tuple(b)) => {
            Rc::ptr_eq(a, b) || (a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b)))
        }
        (Value::Object(a), Value::Object(b)) => std::ptr::addr_eq(Rc::as_ptr(a), Rc::as_ptr(b)),
        (Value::Unknown(a), Value::Unknown(b)) => Rc::ptr_eq(a, b),
        _ => false,
    }
}
