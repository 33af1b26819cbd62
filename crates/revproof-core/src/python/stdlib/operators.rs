//! `operator`.

use super::lenient;
use crate::python::object::method::BoundMethod;
use crate::python::object::native::{Native, Run};
use crate::python::value::{Args, Flow, Operator, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) fn member(_: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    let run: Run = match name {
        "itemgetter" => |_, args, _| Ok(getter(args, item)),
        "attrgetter" => |_, args, _| Ok(getter(args, attribute)),
        "methodcaller" => |_, args, _| Ok(getter(args, method)),
        "add" => |vm, args, span| arithmetic(vm, args, Operator::Add, span),
        "sub" => |vm, args, span| arithmetic(vm, args, Operator::Sub, span),
        "mul" => |vm, args, span| arithmetic(vm, args, Operator::Mul, span),
        "or_" => |vm, args, span| arithmetic(vm, args, Operator::BitOr, span),
        "and_" => |vm, args, span| arithmetic(vm, args, Operator::BitAnd, span),
        "eq" => |vm, args, span| comparison(vm, args, Operator::Eq, span),
        "ne" => |vm, args, span| comparison(vm, args, Operator::NotEq, span),
        "lt" => |vm, args, span| comparison(vm, args, Operator::Lt, span),
        "gt" => |vm, args, span| comparison(vm, args, Operator::Gt, span),
        _ => return None,
    };
    lenient("operator", run)
}

/// A function that remembers its arguments as a tuple, and is called with it and what it is applied to.
fn getter(args: &Args, run: Run) -> Value {
    BoundMethod::value(Native::lenient("getter", run), Value::tuple(args.positional.clone()))
}

fn split(args: &Args) -> (Vec<Value>, Value) {
    let names = match args.positional.first() {
        Some(Value::Tuple(names)) => names.to_vec(),
        _ => Vec::new(),
    };
    (names, args.positional.get(1).cloned().unwrap_or(Value::None))
}

fn one_or_all(mut values: Vec<Value>) -> Value {
    match values.pop() {
        Some(only) if values.is_empty() => only,
        Some(last) => {
            values.push(last);
            Value::tuple(values)
        }
        None => Value::tuple(values),
    }
}

fn item(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (keys, value) = split(args);
    let items: Flow<Vec<Value>> = keys.iter().map(|key| vm.item(&value, key, span)).collect();
    Ok(one_or_all(items?))
}

fn attribute(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (names, value) = split(args);
    let mut values = Vec::new();
    for name in &names {
        let mut at = value.clone();
        for part in name.as_str().unwrap_or_default().split('.') {
            at = vm.attr(&at, part, span)?;
        }
        values.push(at);
    }
    Ok(one_or_all(values))
}

fn method(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (given, value) = split(args);
    let Some((name, rest)) = given.split_first() else { return Ok(Value::None) };
    let method = vm.attr(&value, name.as_str().unwrap_or_default(), span)?;
    vm.call(&method, Args { positional: rest.to_vec(), ..Args::default() }, span)
}

fn arithmetic(vm: &mut Vm<'_>, args: &Args, operator: Operator, span: Span) -> Flow<Value> {
    match args.positional.as_slice() {
        [a, b] => vm.binary(a, operator, b, span),
        _ => Err(vm.raise("TypeError", "operator expected 2 arguments", span)),
    }
}

fn comparison(vm: &mut Vm<'_>, args: &Args, operator: Operator, span: Span) -> Flow<Value> {
    match args.positional.as_slice() {
        [a, b] => vm.compare_values(a, operator, b, span),
        _ => Err(vm.raise("TypeError", "operator expected 2 arguments", span)),
    }
}
