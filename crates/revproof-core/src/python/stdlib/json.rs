//! `json`.

use std::rc::Rc;

use super::{function, lenient};
use crate::python::format::{float_text, push};
use crate::python::object::exception;
use crate::python::object::items::call_with;
use crate::python::value::{Args, Dict, Flow, Foreign, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// How deep a value is written.
const MAX_DEPTH: u32 = 60;

pub(super) fn member(vm: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    match name {
        "dumps" => lenient("dumps", dumps),
        "loads" => function("loads", loads),
        "load" => lenient("load", |vm, _, span| Ok(vm.unknown("a file is read", span))),
        "dump" => lenient("dump", |_, _, _| Ok(Value::None)),
        "JSONDecodeError" => Some(Value::Object(exception::class(vm, "json.JSONDecodeError", None) as Rc<dyn Foreign>)),
        _ => None,
    }
}

/// How `dumps` writes.
struct Style<'a> {
    indent: Option<usize>,
    item: &'a str,
    key: &'a str,
    sort: bool,
    ascii: bool,
    default: Option<&'a Value>,
}

fn dumps(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let Some(value) = args.positional.first() else { return Ok(Value::None) };
    let indent = match args.keyword("indent") {
        Some(Value::Int(indent)) => Some(usize::try_from((*indent).clamp(0, 32)).unwrap_or(0)),
        _ => None,
    };
    let separators = match args.keyword("separators") {
        Some(Value::Tuple(parts)) => match &**parts {
            [Value::Str(item), Value::Str(key)] => Some((item.clone(), key.clone())),
            _ => None,
        },
        _ => None,
    };
    let is = |name: &str, value: bool| matches!(args.keyword(name), Some(Value::Bool(truth)) if *truth == value);
    let style = Style {
        indent,
        item: separators.as_ref().map_or(if indent.is_some() { "," } else { ", " }, |(item, _)| item),
        key: separators.as_ref().map_or(": ", |(_, key)| key),
        sort: is("sort_keys", true),
        ascii: !is("ensure_ascii", false),
        default: args.keyword("default").filter(|default| !matches!(default, Value::None)),
    };
    let mut out = String::new();
    match write(vm, value, &style, &mut out, 0, span)? {
        None => {
            vm.charge(out.len() as u64 / 64, || span)?;
            Ok(Value::Str(out.into()))
        }
        Some(unknown) => Ok(Value::Unknown(vm.why(&unknown, span))),
    }
}

/// Writes a value; gives back the part of it that is not known, if any.
fn write(
    vm: &mut Vm<'_>,
    value: &Value,
    style: &Style<'_>,
    out: &mut String,
    depth: u32,
    span: Span,
) -> Flow<Option<Value>> {
    if depth > MAX_DEPTH {
        return Err(vm.raise("ValueError", "Circular reference detected", span));
    }
    match value {
        Value::None => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Int(int) => out.push_str(&int.to_string()),
        Value::Float(float) => out.push_str(&float_text(*float)),
        Value::Str(text) => quote(text, style.ascii, out),
        Value::List(items) => {
            let items = items.borrow().clone();
            return write_items(vm, &items, style, out, depth, span);
        }
        Value::Tuple(items) => return write_items(vm, items, style, out, depth, span),
        Value::Dict(dict) => {
            let mut entries = dict.borrow().entries.clone();
            if style.sort {
                entries.sort_by(|(a, _), (b, _)| a.as_str().cmp(&b.as_str()));
            }
            if entries.is_empty() {
                out.push_str("{}");
                return Ok(None);
            }
            out.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                separate(style, out, at, depth + 1);
                match key {
                    Value::Str(key) => quote(key, style.ascii, out),
                    Value::Int(int) => quote(&int.to_string(), true, out),
                    Value::Bool(truth) => quote(if *truth { "true" } else { "false" }, true, out),
                    Value::None => quote("null", true, out),
                    Value::Unknown(_) => return Ok(Some(key.clone())),
                    _ => {
                        let message = "keys must be str, int, float, bool or None";
                        return Err(vm.raise("TypeError", message, span));
                    }
                }
                out.push_str(style.key);
                if let Some(unknown) = write(vm, value, style, out, depth + 1, span)? {
                    return Ok(Some(unknown));
                }
            }
            line(style, out, depth);
            out.push('}');
        }
        Value::Unknown(_) => return Ok(Some(value.clone())),
        Value::Bytes(_) | Value::Set(_) | Value::Object(_) => {
            if let Some(payload) = vm.payload(value) {
                return write(vm, &payload, style, out, depth + 1, span);
            }
            let Some(default) = style.default else {
                let class = crate::python::object::type_name(value);
                let message = format!("Object of type {class} is not JSON serializable");
                return Err(vm.raise("TypeError", &message, span));
            };
            let replaced = call_with(vm, default, vec![value.clone()], span)?;
            return write(vm, &replaced, style, out, depth + 1, span);
        }
    }
    Ok(None)
}

fn write_items(
    vm: &mut Vm<'_>,
    items: &[Value],
    style: &Style<'_>,
    out: &mut String,
    depth: u32,
    span: Span,
) -> Flow<Option<Value>> {
    if items.is_empty() {
        out.push_str("[]");
        return Ok(None);
    }
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        separate(style, out, at, depth + 1);
        if let Some(unknown) = write(vm, item, style, out, depth + 1, span)? {
            return Ok(Some(unknown));
        }
    }
    line(style, out, depth);
    out.push(']');
    Ok(None)
}

fn separate(style: &Style<'_>, out: &mut String, at: usize, depth: u32) {
    if at > 0 {
        out.push_str(style.item);
    }
    line(style, out, depth);
}

fn line(style: &Style<'_>, out: &mut String, depth: u32) {
    if let Some(indent) = style.indent {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', indent * depth as usize));
    }
}

fn quote(text: &str, ascii: bool, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if u32::from(c) < 0x20 || (ascii && !c.is_ascii()) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    push(out, format_args!("\\u{unit:04x}"));
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

fn loads(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let text: Rc<str> = match args.positional.first() {
        Some(Value::Str(text)) => Rc::clone(text),
        Some(Value::Bytes(bytes)) => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => return Ok(vm.unknown("bytes that are no text are decoded", span)),
        },
        Some(Value::Object(_)) => return Ok(vm.unknown("the JSON text is not known", span)),
        _ => {
            let message = "the JSON object must be str, bytes or bytearray";
            return Err(vm.raise("TypeError", message, span));
        }
    };
    vm.charge(text.len() as u64 / 16, || span)?;
    // The parser's own limit is this deep.
    vm.nest(128, span)?;
    match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(json) => Ok(value(vm, &json, span)),
        Err(error) => {
            let message = format!("{error}");
            Err(vm.raise("json.JSONDecodeError", &message, span))
        }
    }
}

fn value(vm: &mut Vm<'_>, json: &serde_json::Value, span: Span) -> Value {
    match json {
        serde_json::Value::Null => Value::None,
        serde_json::Value::Bool(truth) => Value::Bool(*truth),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(int), _) => Value::Int(int),
            (None, Some(float)) if !number.is_u64() => Value::Float(float),
            _ => vm.unknown("the number has over 64 bits", span),
        },
        serde_json::Value::String(text) => Value::str(text),
        serde_json::Value::Array(items) => Value::list(items.iter().map(|item| value(vm, item, span)).collect()),
        serde_json::Value::Object(entries) => {
            let entries = entries.iter().map(|(key, item)| (Value::str(key), value(vm, item, span))).collect();
            Value::dict(Dict { entries })
        }
    }
}
