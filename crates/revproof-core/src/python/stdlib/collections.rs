//! `collections`.

use std::rc::Rc;

use ruff_python_ast::name::Name;

use super::{known_class, lenient};
use crate::python::builtins::{construct, required};
use crate::python::object::class::{Class, ClassKind};
use crate::python::object::instance::Instance;
use crate::python::object::method::{Wrapped, Wrapper};
use crate::python::object::native::{Native, Run, Type};
use crate::python::value::{Args, Dict, Flow, Operator, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) fn member(vm: &mut Vm<'_>, name: &str, span: Span) -> Option<Value> {
    let dict = |vm: &mut Vm<'_>| vm.builtin("dict").into_iter().collect::<Vec<_>>();
    Some(match name {
        "abc" => return super::module("collections.abc"),
        // Its items have an order, and so have those of a dict.
        "OrderedDict" | "UserDict" => return vm.builtin("dict"),
        "UserList" => return vm.builtin("list"),
        "UserString" => return vm.builtin("str"),
        "defaultdict" => known_class(vm, "collections.defaultdict", dict, ClassKind::Plain, |class, span| {
            method(class, "__new__", new_default_dict, span);
            method(class, "__missing__", missing_default, span);
        }),
        "Counter" => known_class(vm, "collections.Counter", dict, ClassKind::Plain, |class, span| {
            method(class, "__new__", new_counter, span);
            method(class, "__missing__", |_, _, _| Ok(Value::Int(0)), span);
            method(class, "most_common", most_common, span);
        }),
        "deque" => {
            let list = |vm: &mut Vm<'_>| vm.builtin("list").into_iter().collect::<Vec<_>>();
            known_class(vm, "collections.deque", list, ClassKind::Plain, |class, span| {
                method(class, "popleft", |vm, args, span| deque(vm, args, "pop", vec![Value::Int(0)], span), span);
                method(class, "appendleft", append_left, span);
            })
        }
        "namedtuple" => return lenient("namedtuple", named_tuple),
        _ => {
            let _ = span;
            return None;
        }
    })
}

fn method(class: &Class, name: &'static str, run: Run, span: Span) {
    let function = Native::lenient(name, run);
    let kind = if name == "__new__" { Wrapper::Static } else { Wrapper::Method };
    class.set(name, Wrapped::value(kind, function, None), span);
}

/// A new instance of the class that is the first argument, around a dict.
fn around(args: &Args, dict: Value) -> Flow<(Rc<Instance>, Value)> {
    let class = args.positional.first().and_then(Value::downcast::<Class>);
    let class = class.unwrap_or_else(|| Class::new("dict", Vec::new(), ClassKind::Plain));
    let instance = Rc::new(Instance::bare(&class));
    instance.payload.replace(Some(dict));
    let value = Value::Object(instance.clone());
    Ok((instance, value))
}

fn new_default_dict(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let rest = Args { positional: args.positional.iter().skip(2).cloned().collect(), ..args.clone() };
    let dict = construct(vm, &Type { name: "dict", shown: None }, &rest, span)?;
    let (instance, value) = around(args, dict)?;
    let factory = args.positional.get(1).cloned().unwrap_or(Value::None);
    instance.table.borrow_mut().set(&Name::new_static("default_factory"), factory, span);
    Ok(value)
}

fn missing_default(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let [receiver, key, ..] = args.positional.as_slice() else { return Ok(Value::None) };
    let factory = vm.attr(receiver, "default_factory", span)?;
    if let Value::None = factory {
        return Err(crate::python::object::exception::key_error(vm, key, span));
    }
    let value = vm.call(&factory, Args::default(), span)?;
    if let Some(payload) = vm.payload(receiver) {
        vm.set_item(&payload, key, value.clone(), span)?;
    }
    Ok(value)
}

fn new_counter(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let mut counts = Dict::default();
    match args.positional.get(1) {
        Some(Value::Dict(dict)) => counts = dict.borrow().clone(),
        Some(iterable) => {
            for item in vm.items_with_rest(iterable, span)? {
                if crate::python::join::is_rest(&item) {
                    counts.entries.push((item.clone(), item));
                    continue;
                }
                let so_far = std::rc::Rc::new(std::cell::RefCell::new(std::mem::take(&mut counts)));
                let count = vm.dict_get(&so_far, &item, span)?.unwrap_or(Value::Int(0));
                counts = so_far.take();
                let count = vm.binary(&count, Operator::Add, &Value::Int(1), span)?;
                vm.dict_put(&mut counts, item, count, span)?;
            }
        }
        None => {}
    }
    for (name, value) in &args.keyword {
        vm.dict_put(&mut counts, Value::Str(Rc::clone(name)), value.clone(), span)?;
    }
    around(args, Value::dict(counts)).map(|(_, value)| value)
}

fn most_common(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let receiver = required(vm, args, 0, "most_common", span)?;
    let Some(Value::Dict(dict)) = vm.payload(receiver) else { return Ok(Value::None) };
    let pairs: Vec<Value> =
        dict.borrow().entries.iter().map(|(key, count)| Value::tuple(vec![key.clone(), count.clone()])).collect();
    let key = Native::lenient("count", |vm, args, span| {
        let pair = required(vm, args, 0, "count", span)?;
        vm.item(pair, &Value::Int(1), span)
    });
    let order = Args { keyword: vec![("key".into(), key), ("reverse".into(), Value::Bool(true))], ..Args::default() };
    let mut sorted = crate::python::builtins::sort(vm, pairs, &order, span)?;
    if let Some(Value::Int(count)) = args.positional.get(1) {
        sorted.truncate(usize::try_from(*count).unwrap_or(0));
    }
    Ok(Value::list(sorted))
}

fn deque(vm: &mut Vm<'_>, args: &Args, name: &str, with: Vec<Value>, span: Span) -> Flow<Value> {
    let receiver = required(vm, args, 0, name, span)?;
    let Some(list) = vm.payload(receiver) else { return Ok(Value::None) };
    let args = Args { positional: with, ..Args::default() };
    Ok(crate::python::methods::call(vm, &list, name, &args, span)?.unwrap_or(Value::None))
}

fn append_left(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let item = required(vm, args, 1, "appendleft", span)?.clone();
    deque(vm, args, "insert", vec![Value::Int(0), item], span)
}

/// `namedtuple("P", "x y")`
fn named_tuple(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (name, fields) = (required(vm, args, 0, "namedtuple", span)?, required(vm, args, 1, "namedtuple", span)?);
    let names: Vec<Rc<str>> = match fields {
        Value::Str(text) => text.replace(',', " ").split_whitespace().map(Into::into).collect(),
        other => {
            let items = vm.items_with_rest(other, span)?;
            items.iter().filter_map(Value::as_str).map(Into::into).collect()
        }
    };
    let class = Class::new(name.as_str().unwrap_or("namedtuple"), Vec::new(), ClassKind::NamedTuple);
    *class.fields.borrow_mut() = names.iter().map(|name| Name::new(&**name)).collect();
    if let Some(defaults) = args.keyword("defaults") {
        let defaults = vm.items_with_rest(defaults, span)?;
        for (name, value) in names.iter().rev().zip(defaults.into_iter().rev()) {
            class.set(name, value, span);
        }
    }
    Ok(Value::Object(class))
}
