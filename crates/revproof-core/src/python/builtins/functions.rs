//! Builtin functions that look at one value.

use std::rc::Rc;

use super::required;
use crate::python::eval::{Number, floor_div, number};
use crate::python::format as text_of;
use crate::python::join::is_rest;
use crate::python::object::class::{self, Class};
use crate::python::object::instance::Instance;
use crate::python::object::method::{Wrapped, Wrapper};
use crate::python::object::type_name;
use crate::python::value::{Args, Dict, Flow, Operator, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) fn len(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let value = required(vm, args, 0, "len", span)?;
    length(vm, value, span)
}

/// `len(value)`
pub(in crate::python) fn length(vm: &mut Vm<'_>, value: &Value, span: Span) -> Flow<Value> {
    let length = match value {
        Value::Str(text) => text.chars().count(),
        Value::Bytes(bytes) => bytes.len(),
        Value::List(items) | Value::Set(items) => {
            let items = items.borrow().clone();
            return Ok(count(vm, &items, span));
        }
        Value::Tuple(items) => return Ok(count(vm, items, span)),
        Value::Dict(dict) => {
            let keys: Vec<_> = dict.borrow().entries.iter().map(|(key, _)| key.clone()).collect();
            return Ok(count(vm, &keys, span));
        }
        Value::Unknown(_) => return Ok(Value::Unknown(vm.why(value, span))),
        Value::Object(object) => match value.downcast::<Instance>() {
            Some(instance) => match instance.len_in(vm, span)? {
                Some(length) => return Ok(length),
                None => return Err(no_len(vm, value, span)),
            },
            None => match object.len() {
                Some(length) => match value.downcast::<crate::python::object::items::Items>() {
                    Some(view) => {
                        let items = view.left.borrow().clone();
                        return Ok(count(vm, &items, span));
                    }
                    None => length,
                },
                None => return Err(no_len(vm, value, span)),
            },
        },
        _ => return Err(no_len(vm, value, span)),
    };
    Ok(int(length))
}

fn no_len(vm: &mut Vm<'_>, value: &Value, span: Span) -> crate::python::Raised {
    vm.raise("TypeError", &format!("object of type '{}' has no len()", type_name(value)), span)
}

fn count(vm: &mut Vm<'_>, items: &[Value], span: Span) -> Value {
    match items.iter().find(|item| is_rest(item)) {
        Some(rest) => Value::Unknown(vm.why(rest, span)),
        None => int(items.len()),
    }
}

fn int(size: usize) -> Value {
    Value::Int(i64::try_from(size).unwrap_or(i64::MAX))
}

pub(super) fn print(vm: &mut Vm<'_>, args: &Args, _: Span) -> Flow<Value> {
    if cfg!(test) && !matches!(args.keyword("file"), Some(Value::Object(_))) {
        let separator = args.keyword("sep").and_then(Value::as_str).unwrap_or(" ").to_owned();
        let end = args.keyword("end").and_then(Value::as_str).unwrap_or("\n").to_owned();
        let parts: Vec<_> = args
            .positional
            .iter()
            .map(|value| match vm.text(value) {
                Some(text) => text.to_string(),
                None => format!("{value:?}"),
            })
            .collect();
        vm.printed.push_str(&parts.join(&separator));
        vm.printed.push_str(&end);
    }
    Ok(Value::None)
}

pub(super) fn repr(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let value = required(vm, args, 0, "repr", span)?;
    Ok(match vm.repr(value) {
        Some(text) => Value::Str(text),
        None => Value::Unknown(vm.why(value, span)),
    })
}

pub(super) fn ascii(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let value = required(vm, args, 0, "ascii", span)?;
    Ok(match vm.repr(value) {
        Some(text) => Value::Str(text_of::ascii(&text).into()),
        None => Value::Unknown(vm.why(value, span)),
    })
}

pub(super) fn isinstance(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (value, class) = (required(vm, args, 0, "isinstance", span)?, required(vm, args, 1, "isinstance", span)?);
    Ok(match vm.is_instance(value, class) {
        Some(truth) => Value::Bool(truth),
        None => {
            let unknown = if matches!(value, Value::Unknown(_)) { value } else { class };
            Value::Unknown(vm.why(unknown, span))
        }
    })
}

pub(super) fn issubclass(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (value, class) = (required(vm, args, 0, "issubclass", span)?, required(vm, args, 1, "issubclass", span)?);
    Ok(match class::is_subclass(value, class) {
        Some(truth) => Value::Bool(truth),
        None => vm.unknown("the bases of a class are not known", span),
    })
}

pub(super) fn getattr(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (value, name) = (required(vm, args, 0, "getattr", span)?, required(vm, args, 1, "getattr", span)?);
    let Some(name) = name.as_str() else { return Ok(Value::Unknown(vm.why(name, span))) };
    match (vm.attr(value, name, span), args.positional.get(2)) {
        (Err(raised), Some(default)) if &*raised.class == "AttributeError" => Ok(default.clone()),
        (result, _) => result,
    }
}

pub(super) fn setattr(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (object, name) = (required(vm, args, 0, "setattr", span)?, required(vm, args, 1, "setattr", span)?);
    let value = required(vm, args, 2, "setattr", span)?;
    if let Some(name) = name.as_str() {
        vm.set_attr(object, name, value.clone(), span)?;
    }
    Ok(Value::None)
}

pub(super) fn delattr(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (object, name) = (required(vm, args, 0, "delattr", span)?, required(vm, args, 1, "delattr", span)?);
    if let Some(name) = name.as_str() {
        vm.delete_attr(object, name, span)?;
    }
    Ok(Value::None)
}

pub(super) fn hasattr(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (value, name) = (required(vm, args, 0, "hasattr", span)?, required(vm, args, 1, "hasattr", span)?);
    match vm.attr(value, name.as_str().unwrap_or_default(), span) {
        Ok(unknown @ Value::Unknown(_)) if !matches!(value, Value::Object(_)) => Ok(unknown),
        Ok(_) => Ok(Value::Bool(true)),
        Err(raised) if &*raised.class == "AttributeError" => Ok(Value::Bool(false)),
        Err(raised) => Err(raised),
    }
}

pub(super) fn callable(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let value = required(vm, args, 0, "callable", span)?;
    Ok(match value {
        Value::Object(_) => match value.downcast::<Instance>() {
            Some(instance) => Value::Bool(instance.class.find("__call__").is_some()),
            None => {
                let named = ["function", "builtin_function_or_method", "type", "method", "method_descriptor"];
                let class = type_name(value);
                if named.contains(&&*class) {
                    Value::Bool(true)
                } else if ["module", "range", "generator", "property"].contains(&&*class) {
                    Value::Bool(false)
                } else {
                    vm.unknown(format!("whether a {class} can be called is not known"), span)
                }
            }
        },
        _ => Value::Bool(false),
    })
}

pub(super) fn abs(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let value = required(vm, args, 0, "abs", span)?;
    match number(value) {
        Some(Number::Int(int)) => {
            Ok(int.checked_abs().map_or_else(|| vm.unknown("the number has over 64 bits", span), Value::Int))
        }
        Some(Number::Float(float)) => Ok(Value::Float(float.abs())),
        None => match value {
            Value::Object(_) => Ok(vm.unknown("`abs` of an object is not simulated", span)),
            _ => Err(vm.raise("TypeError", &format!("bad operand type for abs(): '{}'", type_name(value)), span)),
        },
    }
}

pub(super) fn round(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let value = required(vm, args, 0, "round", span)?;
    let digits = match args.get(1, "ndigits") {
        Some(Value::Int(digits)) => Some(*digits),
        _ => None,
    };
    match (number(value), digits) {
        (Some(Number::Int(int)), Some(digits)) if digits >= 0 => Ok(Value::Int(int)),
        (Some(Number::Int(int)), None) => Ok(Value::Int(int)),
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
        (Some(Number::Float(float)), None) if float.abs() < 9e18 => Ok(Value::Int(float.round_ties_even() as i64)),
        (Some(Number::Float(float)), Some(digits)) if (0..16).contains(&digits) => {
            // Through its decimal text, as Python rounds: 2.675 is a little less than that.
            let digits = usize::try_from(digits).unwrap_or(0);
            Ok(Value::Float(format!("{float:.digits$}").parse().unwrap_or(float)))
        }
        (Some(_), _) => Ok(vm.unknown("the rounding is not simulated", span)),
        (None, _) => match value {
            Value::Object(_) => Ok(vm.unknown("`round` of an object is not simulated", span)),
            _ => {
                Err(vm.raise("TypeError", &format!("type {} doesn't define __round__ method", type_name(value)), span))
            }
        },
    }
}

pub(super) fn ord(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let value = required(vm, args, 0, "ord", span)?;
    let mut chars = value.as_str().unwrap_or_default().chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => Ok(Value::Int(i64::from(u32::from(c)))),
        _ => Err(vm.raise("TypeError", "ord() expected a character", span)),
    }
}

pub(super) fn chr(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let value = required(vm, args, 0, "chr", span)?;
    let Value::Int(code) = value else { return Err(vm.raise("TypeError", "an integer is required", span)) };
    match u32::try_from(*code).ok().and_then(char::from_u32) {
        Some(c) => Ok(Value::Str(c.to_string().into())),
        None => Err(vm.raise("ValueError", "chr() arg not in range(0x110000)", span)),
    }
}

pub(super) fn divmod(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (a, b) = (required(vm, args, 0, "divmod", span)?, required(vm, args, 1, "divmod", span)?);
    let quotient = vm.binary(a, Operator::FloorDiv, b, span)?;
    let remainder = vm.binary(a, Operator::Mod, b, span)?;
    Ok(Value::tuple(vec![quotient, remainder]))
}

pub(super) fn pow(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (a, b) = (required(vm, args, 0, "pow", span)?, required(vm, args, 1, "pow", span)?);
    let power = vm.binary(a, Operator::Pow, b, span)?;
    match (&power, args.positional.get(2)) {
        (Value::Int(power), Some(Value::Int(modulus))) if *modulus != 0 => {
            let quotient = floor_div(*power, *modulus).unwrap_or(0);
            Ok(Value::Int(power.wrapping_sub(quotient.wrapping_mul(*modulus))))
        }
        _ => Ok(power),
    }
}

pub(super) fn hex(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    radix(vm, args, "#x", span)
}

pub(super) fn oct(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    radix(vm, args, "#o", span)
}

pub(super) fn bin(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    radix(vm, args, "#b", span)
}

fn radix(vm: &mut Vm<'_>, args: &Args, spec: &str, span: Span) -> Flow<Value> {
    let value = required(vm, args, 0, "hex", span)?;
    match value {
        Value::Int(_) => text_of::format_value(vm, value, spec, span),
        _ => Err(vm.raise("TypeError", "an integer is required", span)),
    }
}

pub(super) fn format(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let value = required(vm, args, 0, "format", span)?;
    let spec = args.positional.get(1).and_then(Value::as_str).unwrap_or_default();
    text_of::format_value(vm, value, spec, span)
}

pub(super) fn id(vm: &mut Vm<'_>, _: &Args, span: Span) -> Flow<Value> {
    Ok(vm.unknown("the address of an object is read", span))
}

pub(super) fn vars(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let value = required(vm, args, 0, "vars", span)?;
    vm.attr(value, "__dict__", span)
}

pub(super) fn dir(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let value = required(vm, args, 0, "dir", span)?;
    let names: Vec<Rc<str>> = if let Some(class) = value.downcast::<Class>() {
        class.table.borrow().entries().iter().map(|entry| entry.name.as_str().into()).collect()
    } else if let Some(instance) = value.downcast::<Instance>() {
        let own = instance.table.borrow();
        let class = instance.class.table.borrow();
        own.entries().iter().chain(class.entries()).map(|entry| entry.name.as_str().into()).collect()
    } else {
        return Ok(vm.unknown("the names of an object are read", span));
    };
    let mut names = names;
    names.sort();
    Ok(Value::list(names.into_iter().map(Value::Str).collect()))
}

pub(super) fn open(vm: &mut Vm<'_>, _: &Args, span: Span) -> Flow<Value> {
    Ok(vm.unknown("a file is read", span))
}

pub(super) fn input(vm: &mut Vm<'_>, _: &Args, span: Span) -> Flow<Value> {
    Ok(vm.unknown("a person is asked", span))
}

/// `eval`, `exec` and what else runs text.
pub(super) fn eval(vm: &mut Vm<'_>, _: &Args, span: Span) -> Flow<Value> {
    vm.host.not_evaluated("text is run as Python".into(), span);
    Ok(vm.unknown_code("text is run as Python", span))
}

pub(super) fn exit(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let message = match args.positional.first() {
        Some(value) => vm.text(value).unwrap_or_default(),
        None => "".into(),
    };
    Err(vm.raise("SystemExit", &message, span))
}

pub(super) fn property(_: &mut Vm<'_>, args: &Args, _: Span) -> Flow<Value> {
    let function = args.get(0, "fget").cloned().unwrap_or(Value::None);
    Ok(Wrapped::value(Wrapper::Property, function, args.get(1, "fset").cloned()))
}

/// `hybrid_property` of SQLAlchemy.
pub(crate) fn hybrid_property(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let function = required(vm, args, 0, "hybrid_property", span)?.clone();
    Ok(Wrapped::value(Wrapper::Hybrid, function, args.get(1, "fset").cloned()))
}

pub(super) fn staticmethod(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let function = required(vm, args, 0, "staticmethod", span)?.clone();
    Ok(Wrapped::value(Wrapper::Static, function, None))
}

pub(super) fn classmethod(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let function = required(vm, args, 0, "classmethod", span)?.clone();
    Ok(Wrapped::value(Wrapper::Class, function, None))
}

/// `super(Class, self)`
pub(super) fn superclass(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    match args.positional.as_slice() {
        [class, receiver] => match class.downcast::<Class>() {
            Some(class) => Ok(class::superclass(&class, receiver)),
            None => Ok(vm.unknown("the class of `super()` is not known", span)),
        },
        _ => Err(vm.raise("RuntimeError", "super(): no arguments", span)),
    }
}

/// A copy, one level deep or all the way: `copy.copy`, `copy.deepcopy`.
pub(in crate::python) fn copy(value: &Value, deep: bool, depth: u32) -> Value {
    if depth > 60 {
        return value.clone();
    }
    let inner = |value: &Value| if deep { copy(value, true, depth + 1) } else { value.clone() };
    match value {
        Value::List(items) => Value::list(items.borrow().iter().map(inner).collect()),
        Value::Set(items) => Value::set(items.borrow().iter().map(inner).collect()),
        Value::Tuple(items) if deep => Value::tuple(items.iter().map(inner).collect()),
        Value::Dict(dict) => {
            let entries = dict.borrow().entries.iter().map(|(key, value)| (key.clone(), inner(value))).collect();
            Value::dict(Dict { entries })
        }
        Value::Object(_) => match value.downcast::<Instance>() {
            Some(instance) => {
                let new = Instance::bare(&instance.class);
                let mut table = instance.table.borrow().clone();
                if deep {
                    for entry in instance.table.borrow().entries() {
                        table.set(&entry.name, inner(&entry.value), entry.span);
                    }
                }
                *new.table.borrow_mut() = table;
                new.payload.replace(instance.payload.borrow().as_ref().map(inner));
                Value::object(new)
            }
            None => value.clone(),
        },
        other => other.clone(),
    }
}
