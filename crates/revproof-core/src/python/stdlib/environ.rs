//! `os.environ`: the environment variables that are declared, among any number of others that can't be known.
//!
//! It is an instance around a dict, so that what a script sets and deletes is seen like any other change. A variable that
//! is declared as not set stands in the dict with [`Vm::not_set`], a value that is not known for whoever meets it in
//! another way than by its name.

use std::cell::RefCell;
use std::rc::Rc;

use super::known_class;
use crate::python::builtins::required;
use crate::python::join::{is_rest, rest};
use crate::python::object::class::{Class, ClassKind};
use crate::python::object::exception::key_error;
use crate::python::object::instance::Instance;
use crate::python::object::method::{Wrapped, Wrapper};
use crate::python::object::native::{Native, Run};
use crate::python::value::{Args, Dict, Flow, Unknown, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// `os.environ`
pub(super) fn environ(vm: &mut Vm<'_>, span: Span) -> Value {
    let dict = |vm: &mut Vm<'_>| vm.builtin("dict").into_iter().collect::<Vec<_>>();
    let class = known_class(vm, "os._Environ", dict, ClassKind::Plain, |class, span| {
        method(class, "__getitem__", get_item, span);
        method(class, "__contains__", contains, span);
        method(class, "__delitem__", delete, span);
        method(class, "get", get, span);
        method(class, "pop", pop, span);
        method(class, "setdefault", set_default, span);
    });
    let class = class.downcast::<Class>().unwrap_or_else(|| Class::new("dict", Vec::new(), ClassKind::Plain));
    let instance = Instance::bare(&class);
    let why = Unknown::data("which environment variables are set is not declared", span);
    let others = rest(&why);
    // They come first: what follows them in a copy is certain.
    let mut entries = vec![(others.clone(), others)];
    for (name, value) in vm.environ.clone().iter() {
        let value = value.map_or_else(|| Value::Unknown(Rc::clone(&vm.not_set)), Value::str);
        entries.push((Value::str(name), value));
    }
    instance.payload.replace(Some(Value::dict(Dict { entries })));
    Value::object(instance)
}

/// `os.getenv`
pub(super) fn getenv(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let Some(key) = args.get(0, "key") else { return Err(vm.raise("TypeError", "getenv() needs a name", span)) };
    let os = super::module("os").unwrap_or(Value::None);
    let os = vm.modules.get("os").cloned().unwrap_or(os);
    let environ = vm.attr(&os, "environ", span)?;
    let default = args.get(1, "default").cloned().unwrap_or(Value::None);
    read(vm, &environ, &key.clone(), span).map(|found| found.unwrap_or(default))
}

fn method(class: &Class, name: &'static str, run: Run, span: Span) {
    class.set(name, Wrapped::value(Wrapper::Method, Native::lenient(name, run), None), span);
}

/// The value of a variable; `None` where it is not set.
fn read(vm: &mut Vm<'_>, environ: &Value, key: &Value, span: Span) -> Flow<Option<Value>> {
    let Some(Value::Dict(dict)) = vm.payload(environ) else {
        return Ok(Some(Value::Unknown(vm.why(environ, span))));
    };
    if !matches!(key, Value::Str(_) | Value::Unknown(_)) {
        return Err(vm.raise("TypeError", "str expected", span));
    }
    let found = vm.dict_get(&dict, key, span)?;
    let is_declared = is_entry(&dict, key);
    Ok(match found {
        Some(Value::Unknown(why)) if Rc::ptr_eq(&why, &vm.not_set) => None,
        Some(value) if is_declared => Some(value),
        _ => Some(match key.as_str() {
            Some(name) => vm.unknown(format!("the environment variable {name} is not declared"), span),
            None => Value::Unknown(vm.why(key, span)),
        }),
    })
}

/// Whether the key stands in the dict by its name.
fn is_entry(dict: &Rc<RefCell<Dict>>, key: &Value) -> bool {
    let dict = dict.borrow();
    dict.entries.iter().any(|(known, _)| !is_rest(known) && known.as_str().is_some() && known.as_str() == key.as_str())
}

fn get_item(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (environ, key) = (required(vm, args, 0, "__getitem__", span)?, required(vm, args, 1, "__getitem__", span)?);
    match read(vm, environ, key, span)? {
        Some(value) => Ok(value),
        None => Err(key_error(vm, key, span)),
    }
}

fn contains(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (environ, key) = (required(vm, args, 0, "__contains__", span)?, required(vm, args, 1, "__contains__", span)?);
    Ok(match read(vm, environ, key, span)? {
        None => Value::Bool(false),
        Some(value @ Value::Unknown(_)) => value,
        Some(_) => Value::Bool(true),
    })
}

fn get(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (environ, key) = (required(vm, args, 0, "get", span)?, required(vm, args, 1, "get", span)?);
    let default = args.get(2, "default").cloned().unwrap_or(Value::None);
    Ok(read(vm, environ, key, span)?.unwrap_or(default))
}

fn pop(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (environ, key) = (required(vm, args, 0, "pop", span)?, required(vm, args, 1, "pop", span)?);
    let found = read(vm, environ, key, span)?;
    let gone = Value::Unknown(Rc::clone(&vm.not_set));
    vm.set_item(environ, key, gone, span)?;
    match found.or_else(|| args.get(2, "default").cloned()) {
        Some(value) => Ok(value),
        None => Err(key_error(vm, key, span)),
    }
}

fn delete(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    pop(vm, args, span).map(|_| Value::None)
}

fn set_default(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (environ, key) = (required(vm, args, 0, "setdefault", span)?, required(vm, args, 1, "setdefault", span)?);
    match read(vm, environ, key, span)? {
        Some(value) => Ok(value),
        None => {
            let value = args.get(2, "value").cloned().unwrap_or(Value::None);
            vm.set_item(environ, key, value.clone(), span)?;
            Ok(value)
        }
    }
}
