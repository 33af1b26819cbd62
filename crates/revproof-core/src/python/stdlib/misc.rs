//! The modules of which little is known: the clock, chance, files, the machine.

use super::{function, lenient};
use crate::python::builtins;
use crate::python::object::class::{Class, ClassKind};
use crate::python::value::{Args, Flow, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) fn encodings(vm: &mut Vm<'_>, name: &str, span: Span) -> Option<Value> {
    Some(vm.unknown(format!("`{name}` is not simulated"), span))
}

pub(super) fn files(vm: &mut Vm<'_>, _: &str, span: Span) -> Option<Value> {
    Some(vm.unknown("a file is read", span))
}

pub(super) fn hashes(vm: &mut Vm<'_>, _: &str, span: Span) -> Option<Value> {
    Some(vm.unknown("a hash is computed", span))
}

pub(super) fn environment(vm: &mut Vm<'_>, _: &str, span: Span) -> Option<Value> {
    Some(vm.unknown("the machine is asked", span))
}

pub(super) fn chance(vm: &mut Vm<'_>, name: &str, span: Span) -> Option<Value> {
    match name {
        "seed" | "shuffle" => lenient("seed", shuffle),
        _ => Some(vm.unknown("a random number is drawn", span)),
    }
}

/// `random.shuffle(items)`: the items are there, in an order that is not known.
fn shuffle(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    if let Some(Value::List(items)) = args.positional.first() {
        vm.touch_list(items);
        let unknown = vm.unknown("a list is shuffled", span);
        for item in items.borrow_mut().iter_mut() {
            *item = unknown.clone();
        }
    }
    Ok(Value::None)
}

pub(super) fn time(vm: &mut Vm<'_>, name: &str, span: Span) -> Option<Value> {
    match name {
        "sleep" => lenient("sleep", |_, _, _| Ok(Value::None)),
        _ => Some(vm.unknown("the clock is read", span)),
    }
}

pub(super) fn copy(_: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    match name {
        "copy" => function("copy", |_, args, _| {
            let value = args.positional.first().cloned().unwrap_or(Value::None);
            Ok(builtins::copy(&value, false, 0))
        }),
        "deepcopy" => function("deepcopy", |_, args, _| {
            let value = args.positional.first().cloned().unwrap_or(Value::None);
            Ok(builtins::copy(&value, true, 0))
        }),
        _ => None,
    }
}

pub(super) fn sys(vm: &mut Vm<'_>, name: &str, span: Span) -> Option<Value> {
    Some(match name {
        "version_info" => {
            Value::tuple(vec![Value::Int(3), Value::Int(11), Value::Int(0), Value::str("final"), Value::Int(0)])
        }
        "maxsize" => Value::Int(i64::MAX),
        "argv" => vm.unknown("the command line is read", span),
        "path" | "stdout" | "stderr" | "stdin" => super::inert::inert(name),
        "exit" => return vm.builtin("exit"),
        "platform" | "version" | "executable" | "byteorder" | "prefix" | "getsizeof" | "getrecursionlimit" => {
            vm.unknown("the machine is asked", span)
        }
        "exc_info" => {
            return lenient("exc_info", |vm, _, span| Ok(vm.unknown("the exception that is handled is read", span)));
        }
        "modules" => vm.unknown("the modules that are loaded are read", span),
        "setrecursionlimit" => return lenient("setrecursionlimit", |_, _, _| Ok(Value::None)),
        _ => return None,
    })
}

pub(super) fn types(vm: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    match name {
        "SimpleNamespace" => lenient("SimpleNamespace", |vm, args, span| {
            let class = Class::new("SimpleNamespace", Vec::new(), ClassKind::Plain);
            let instance = crate::python::object::instance::Instance::bare(&class);
            for (name, value) in &args.keyword {
                instance.set(vm, name, value.clone(), span);
            }
            Ok(Value::object(instance))
        }),
        "FunctionType" | "LambdaType" => vm.builtin("function"),
        "ModuleType" => vm.builtin("module"),
        "GeneratorType" => vm.builtin("generator"),
        "MethodType" => vm.builtin("method"),
        "NoneType" => vm.builtin("NoneType"),
        "MappingProxyType" => vm.builtin("dict"),
        _ => None,
    }
}
