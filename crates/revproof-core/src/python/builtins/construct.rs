//! Calls of the builtin types.

use std::rc::Rc;

use crate::python::eval::{Number, number};
use crate::python::object::instance::Instance;
use crate::python::object::native::Type;
use crate::python::object::range::Range;
use crate::python::object::slice::Slice;
use crate::python::object::{class_of, type_name};
use crate::python::value::{Args, Dict, Flow, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// `class(…)` of a builtin type.
pub(in crate::python) fn construct(vm: &mut Vm<'_>, class: &Type, args: &Args, span: Span) -> Flow<Value> {
    let first = args.positional.first();
    if let Some(open) = &args.open {
        return Ok(Value::Unknown(Rc::clone(open)));
    }
    if let (Some(text @ Value::Unknown(unknown)), "str", 1) = (first, class.name, args.positional.len())
        && unknown.partial.is_some()
    {
        return Ok(text.clone());
    }
    if let Some(unknown @ Value::Unknown(_)) = first
        && !matches!(class.name, "list" | "tuple" | "dict" | "set" | "frozenset" | "object" | "type")
    {
        return Ok(Value::Unknown(vm.why(unknown, span)));
    }
    match class.name {
        "str" => Ok(match (first, args.positional.get(1)) {
            (None, _) => Value::str(""),
            (Some(Value::Bytes(bytes)), Some(_)) => match std::str::from_utf8(bytes) {
                Ok(text) => Value::str(text),
                Err(_) => vm.unknown("bytes that are no text are decoded", span),
            },
            (Some(value), _) => match vm.text(value) {
                Some(text) => Value::Str(text),
                None => crate::python::format::partial(vm, value, span),
            },
        }),
        "int" => integer(vm, args, span),
        "float" => float(vm, first, span),
        "bool" => Ok(match first {
            None => Value::Bool(false),
            Some(value) => match vm.truth(value) {
                Some(truth) => Value::Bool(truth),
                None => Value::Unknown(vm.why(value, span)),
            },
        }),
        "list" => Ok(Value::list(items(vm, first, span)?)),
        "tuple" => Ok(Value::tuple(items(vm, first, span)?)),
        "set" | "frozenset" => {
            let items = items(vm, first, span)?;
            vm.set_of(items, span)
        }
        "dict" => {
            let mut dict = Dict::default();
            if let Some(first) = first {
                vm.dict_update(&mut dict, first, span)?;
            }
            for (key, value) in &args.keyword {
                vm.dict_put(&mut dict, Value::Str(Rc::clone(key)), value.clone(), span)?;
            }
            Ok(Value::dict(dict))
        }
        "bytes" | "bytearray" => bytes(vm, first, span),
        "range" => range(vm, args, span),
        "slice" => {
            let part = |at: usize| args.positional.get(at).cloned().unwrap_or(Value::None);
            Ok(match args.positional.len() {
                1 => Value::object(Slice { lower: Value::None, upper: part(0), step: Value::None }),
                _ => Value::object(Slice { lower: part(0), upper: part(1), step: part(2) }),
            })
        }
        "type" => match args.positional.as_slice() {
            [value] => Ok(class_of(vm, value)),
            [Value::Str(name), Value::Tuple(bases), Value::Dict(namespace)] => {
                let class = crate::python::object::class::Class::new(
                    name,
                    bases.to_vec(),
                    crate::python::object::class::ClassKind::Plain,
                );
                for (key, value) in &namespace.borrow().entries {
                    if let Some(key) = key.as_str() {
                        class.set(key, value.clone(), span);
                    }
                }
                Ok(Value::Object(class))
            }
            _ => Ok(vm.unknown("a class is made by `type(…)`", span)),
        },
        "object" => {
            let class = crate::python::object::class::Class::new(
                "object",
                Vec::new(),
                crate::python::object::class::ClassKind::Plain,
            );
            Ok(Value::object(Instance::bare(&class)))
        }
        _ => Ok(vm.unknown(format!("`{}` is not simulated", class.name), span)),
    }
}

fn items(vm: &mut Vm<'_>, value: Option<&Value>, span: Span) -> Flow<Vec<Value>> {
    match value {
        Some(value) => vm.items_with_rest(value, span),
        None => Ok(Vec::new()),
    }
}

fn integer(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let Some(value) = args.positional.first() else { return Ok(Value::Int(0)) };
    match value {
        Value::Str(text) => {
            let base = match args.get(1, "base") {
                Some(Value::Int(base)) => u32::try_from(*base).unwrap_or(10),
                _ => 10,
            };
            parse_int(vm, text, base, span)
        }
        Value::Float(float) if !float.is_finite() => {
            Err(vm.raise("ValueError", "cannot convert float NaN or infinity to integer", span))
        }
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
        Value::Float(float) if float.abs() < 9e18 => Ok(Value::Int(float.trunc() as i64)),
        Value::Float(_) => Ok(vm.unknown("the number has over 64 bits", span)),
        _ => match (number(value), vm.payload(value)) {
            (Some(Number::Int(int)), _) => Ok(Value::Int(int)),
            (_, Some(payload)) => {
                let args = Args { positional: vec![payload], ..Args::default() };
                integer(vm, &args, span)
            }
            _ => conversion(vm, value, "__int__", "int", span),
        },
    }
}

fn parse_int(vm: &mut Vm<'_>, text: &str, base: u32, span: Span) -> Flow<Value> {
    let trimmed = text.trim();
    let (negative, digits) = match trimmed.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let lower = digits.to_ascii_lowercase();
    let prefix = match base {
        16 => "0x",
        8 => "0o",
        2 => "0b",
        _ => "",
    };
    let plain = if prefix.is_empty() { &*lower } else { lower.strip_prefix(prefix).unwrap_or(&lower) };
    let well_grouped = !plain.starts_with('_') && !plain.ends_with('_') && !plain.contains("__");
    let plain = plain.replace('_', "");
    let valid = well_grouped
        && (2..=36).contains(&base)
        && !plain.is_empty()
        && plain.chars().all(|c| c.is_digit(base.clamp(2, 36)));
    if !valid {
        let shown = vm.repr(&Value::str(text)).unwrap_or_default();
        return Err(vm.raise("ValueError", &format!("invalid literal for int() with base {base}: {shown}"), span));
    }
    let signed = if negative { format!("-{plain}") } else { plain };
    Ok(match i64::from_str_radix(&signed, base) {
        Ok(int) => Value::Int(int),
        Err(_) => vm.unknown("the number has over 64 bits", span),
    })
}

fn float(vm: &mut Vm<'_>, value: Option<&Value>, span: Span) -> Flow<Value> {
    let Some(value) = value else { return Ok(Value::Float(0.0)) };
    match value {
        Value::Str(text) => {
            let plain = text.trim().replace('_', "");
            match plain.parse::<f64>() {
                Ok(float) => Ok(Value::Float(float)),
                Err(_) => {
                    let shown = vm.repr(value).unwrap_or_default();
                    Err(vm.raise("ValueError", &format!("could not convert string to float: {shown}"), span))
                }
            }
        }
        _ => match (number(value), vm.payload(value)) {
            (Some(number), _) => Ok(Value::Float(number.float())),
            (_, Some(payload)) => float(vm, Some(&payload), span),
            _ => conversion(vm, value, "__float__", "float", span),
        },
    }
}

/// A conversion that an object does itself.
fn conversion(vm: &mut Vm<'_>, value: &Value, method: &str, class: &str, span: Span) -> Flow<Value> {
    if let Value::Object(object) = value {
        if let Some(method) = Rc::clone(object).attr(vm, method, span)? {
            return vm.call(&method, Args::default(), span);
        }
        if value.downcast::<Instance>().is_none() {
            return Ok(vm.unknown(format!("the {class} of a {} is not known", object.type_name()), span));
        }
    }
    let message = format!("{class}() argument must be a string or a real number, not '{}'", type_name(value));
    Err(vm.raise("TypeError", &message, span))
}

fn bytes(vm: &mut Vm<'_>, value: Option<&Value>, span: Span) -> Flow<Value> {
    Ok(match value {
        None => Value::Bytes(Rc::from([])),
        Some(Value::Str(text)) => Value::Bytes(text.as_bytes().into()),
        Some(Value::Bytes(bytes)) => Value::Bytes(Rc::clone(bytes)),
        Some(Value::Int(length)) if (0..=1 << 16).contains(length) => {
            Value::Bytes(vec![0; usize::try_from(*length).unwrap_or(0)].into())
        }
        Some(Value::List(_) | Value::Tuple(_)) => {
            let items = items(vm, value, span)?;
            let bytes: Option<Vec<u8>> = items
                .iter()
                .map(|item| match item {
                    Value::Int(byte) => u8::try_from(*byte).ok(),
                    _ => None,
                })
                .collect();
            match bytes {
                Some(bytes) => Value::Bytes(bytes.into()),
                None => vm.unknown("the bytes are not known", span),
            }
        }
        Some(_) => vm.unknown("the bytes are not simulated", span),
    })
}

fn range(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let mut numbers = Vec::new();
    for value in &args.positional {
        match vm.payload(value).as_ref().unwrap_or(value) {
            Value::Int(int) => numbers.push(*int),
            Value::Bool(truth) => numbers.push(i64::from(*truth)),
            Value::Unknown(_) => return Ok(Value::Unknown(vm.why(value, span))),
            other => {
                let message = format!("'{}' object cannot be interpreted as an integer", type_name(other));
                return Err(vm.raise("TypeError", &message, span));
            }
        }
    }
    let range = match numbers.as_slice() {
        [end] => Range { start: 0, stop: *end, step: 1 },
        [start, end] => Range { start: *start, stop: *end, step: 1 },
        [_, _, 0] => return Err(vm.raise("ValueError", "range() arg 3 must not be zero", span)),
        [start, end, step] => Range { start: *start, stop: *end, step: *step },
        _ => return Err(vm.raise("TypeError", "range expected at most 3 arguments", span)),
    };
    Ok(Value::object(range))
}

/// `dict.fromkeys(keys, value)`
pub(in crate::python) fn dict_fromkeys(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let value = args.positional.get(1).cloned().unwrap_or(Value::None);
    let mut dict = Dict::default();
    for key in items(vm, args.positional.first(), span)? {
        if crate::python::join::is_rest(&key) {
            dict.entries.push((key.clone(), key));
            continue;
        }
        vm.dict_put(&mut dict, key, value.clone(), span)?;
    }
    Ok(Value::dict(dict))
}

/// `str.maketrans(…)`
pub(in crate::python) fn str_maketrans(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let code = |c: char| Value::Int(i64::from(u32::from(c)));
    let mut dict = Dict::default();
    match args.positional.as_slice() {
        [Value::Dict(table)] => {
            for (key, value) in &table.borrow().entries {
                let key = match key.as_str().and_then(|key| key.chars().next()) {
                    Some(c) => code(c),
                    None => key.clone(),
                };
                dict.entries.push((key, value.clone()));
            }
        }
        [Value::Str(from), Value::Str(to), rest @ ..] => {
            for (from, to) in from.chars().zip(to.chars()) {
                vm.dict_put(&mut dict, code(from), code(to), span)?;
            }
            if let Some(Value::Str(dropped)) = rest.first() {
                for c in dropped.chars() {
                    vm.dict_put(&mut dict, code(c), Value::None, span)?;
                }
            }
        }
        _ => return Ok(vm.unknown("the table of `maketrans` is not simulated", span)),
    }
    Ok(Value::dict(dict))
}

/// `bytes.fromhex(text)`
pub(in crate::python) fn bytes_fromhex(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let text = args.positional.first().and_then(Value::as_str).unwrap_or_default();
    let digits: Vec<u32> = text.chars().filter(|c| !c.is_whitespace()).filter_map(|c| c.to_digit(16)).collect();
    if !digits.len().is_multiple_of(2) || digits.len() != text.chars().filter(|c| !c.is_whitespace()).count() {
        return Err(vm.raise("ValueError", "non-hexadecimal number found in fromhex() arg", span));
    }
    let bytes = digits.chunks_exact(2).map(|pair| {
        let byte = pair.iter().fold(0, |sum, digit| sum * 16 + digit);
        u8::try_from(byte).unwrap_or(0)
    });
    Ok(Value::Bytes(bytes.collect()))
}
