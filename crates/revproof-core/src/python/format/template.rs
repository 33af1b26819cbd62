//! `template.format(…)`.

use std::rc::Rc;

use super::convert_and_format;
use crate::python::partial::TextBuilder;
use crate::python::value::{Args, Flow, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// `template.format(*args, **kwargs)`; an `Unknown` where a value that is put in is not known.
pub(in crate::python) fn format_method(vm: &mut Vm<'_>, template: &Rc<str>, args: &Args, span: Span) -> Flow<Value> {
    let mut automatic = 0;
    let result = fill(vm, template, args, span, &mut automatic, 0)?;
    vm.charge(template.len() as u64 / 64, || span)?;
    Ok(result)
}

fn fill(vm: &mut Vm<'_>, template: &str, args: &Args, span: Span, automatic: &mut usize, depth: u32) -> Flow<Value> {
    if depth > 2 {
        return Err(vm.raise("ValueError", "Max string recursion exceeded", span));
    }
    let mut out = TextBuilder::default();
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' if chars.peek() == Some(&'{') => {
                chars.next();
                out.push('{');
            }
            '}' if chars.peek() == Some(&'}') => {
                chars.next();
                out.push('}');
            }
            '}' => return Err(vm.raise("ValueError", "Single '}' encountered in format string", span)),
            '{' => {
                let mut field = String::new();
                let mut open = 1;
                for c in chars.by_ref() {
                    match c {
                        '{' => open += 1,
                        '}' => open -= 1,
                        _ => {}
                    }
                    if open == 0 {
                        break;
                    }
                    field.push(c);
                }
                if open > 0 {
                    return Err(vm.raise("ValueError", "expected '}' before end of string", span));
                }
                let value = replacement(vm, &field, args, span, automatic, depth)?;
                out.push_value(vm, &value, span);
            }
            c => out.push(c),
        }
    }
    Ok(out.finish(span))
}

/// The text of one `{name!r:spec}`.
fn replacement(
    vm: &mut Vm<'_>,
    field: &str,
    args: &Args,
    span: Span,
    automatic: &mut usize,
    depth: u32,
) -> Flow<Value> {
    let brackets = field.find(']').map_or(0, |at| at);
    let colon = field.char_indices().find(|(at, c)| *c == ':' && *at >= brackets).map(|(at, _)| at);
    let (name, spec) = match colon.and_then(|at| field.split_at_checked(at)) {
        Some((name, spec)) => (name, spec.strip_prefix(':').unwrap_or(spec)),
        None => (field, ""),
    };
    let (name, conversion) = match name.split_once('!') {
        Some((name, conversion)) => (name, conversion.chars().next()),
        None => (name, None),
    };
    let end = name.find(['.', '[']).unwrap_or(name.len());
    let (first, mut path) = name.split_at_checked(end).unwrap_or((name, ""));
    let mut value = if first.is_empty() {
        *automatic += 1;
        positional(vm, args, *automatic - 1, span)?
    } else if let Ok(at) = first.parse::<usize>() {
        positional(vm, args, at, span)?
    } else {
        match (args.keyword(first), &args.open) {
            (Some(value), _) => value.clone(),
            (None, Some(open)) => Value::Unknown(Rc::clone(open)),
            (None, None) => return Err(vm.raise("KeyError", &format!("'{first}'"), span)),
        }
    };
    while !path.is_empty() {
        if let Some(rest) = path.strip_prefix('.') {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (attribute, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            value = vm.attr(&value, attribute, span)?;
            path = after;
        } else {
            let Some((key, after)) = path.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
                return Err(vm.raise("ValueError", "Missing ']' in format string", span));
            };
            let key = key.parse::<i64>().map_or_else(|_| Value::str(key), Value::Int);
            value = vm.item(&value, &key, span)?;
            path = after;
        }
    }
    let spec = match fill(vm, spec, args, span, automatic, depth + 1)? {
        Value::Str(spec) => spec,
        unknown => return Ok(Value::Unknown(vm.why(&unknown, span))),
    };
    convert_and_format(vm, &value, conversion, &spec, span)
}

fn positional(vm: &mut Vm<'_>, args: &Args, at: usize, span: Span) -> Flow<Value> {
    match (args.positional.get(at), &args.open) {
        (Some(value), _) => Ok(value.clone()),
        (None, Some(open)) => Ok(Value::Unknown(Rc::clone(open))),
        (None, None) => {
            let message = format!("Replacement index {at} out of range for positional args tuple");
            Err(vm.raise("IndexError", &message, span))
        }
    }
}
