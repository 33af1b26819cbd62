//! Values as text: `str`, `repr`, format specifications, `%` and `.format`.

mod percentage;
mod spec;
mod template;

use std::rc::Rc;

pub(crate) use self::percentage::percent;
pub(super) use self::template::format_method;

use super::object::exception;
use super::object::instance::Instance;
use super::value::{Flow, Value};
use super::vm::Vm;
use crate::source::Span;

/// How deep a container is shown.
const MAX_SHOWN_DEPTH: u32 = 40;

/// The widest field.
const MAX_WIDTH: usize = 10_000;

/// `str(value)`; `None` where it can't be known.
pub(super) fn text(vm: &mut Vm<'_>, value: &Value) -> Option<Rc<str>> {
    match value {
        Value::Str(text) => Some(Rc::clone(text)),
        Value::Object(object) => match value.downcast::<Instance>() {
            Some(instance) => instance.text_in(vm, false),
            None => object.text(),
        },
        _ => repr(vm, value),
    }
}

/// `repr(value)`; `None` where it can't be known.
pub(super) fn repr(vm: &mut Vm<'_>, value: &Value) -> Option<Rc<str>> {
    let mut out = String::new();
    write_repr(vm, value, &mut out, 0)?;
    Some(out.into())
}

fn write_repr(vm: &mut Vm<'_>, value: &Value, out: &mut String, depth: u32) -> Option<()> {
    if depth > MAX_SHOWN_DEPTH || out.len() > (1 << 22) {
        return None;
    }
    match value {
        Value::None => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Int(int) => out.push_str(&int.to_string()),
        Value::Float(float) => out.push_str(&float_text(*float)),
        Value::Str(text) => quote(text, out),
        Value::Bytes(bytes) => quote_bytes(bytes, out),
        Value::List(items) => {
            let items = items.borrow().clone();
            write_items(vm, "[", &items, "]", out, depth)?;
        }
        Value::Tuple(items) => {
            let end = if items.len() == 1 { ",)" } else { ")" };
            write_items(vm, "(", items, end, out, depth)?;
        }
        Value::Set(items) => {
            let items = items.borrow().clone();
            if items.is_empty() {
                out.push_str("set()");
            } else {
                write_items(vm, "{", &items, "}", out, depth)?;
            }
        }
        Value::Dict(dict) => {
            let entries = dict.borrow().entries.clone();
            out.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                write_repr(vm, key, out, depth + 1)?;
                out.push_str(": ");
                write_repr(vm, value, out, depth + 1)?;
            }
            out.push('}');
        }
        Value::Object(object) => match value.downcast::<Instance>() {
            Some(instance) => out.push_str(&instance.text_in(vm, true)?),
            None => out.push_str(&object.repr()?),
        },
        Value::Unknown(_) => return None,
    }
    Some(())
}

fn write_items(vm: &mut Vm<'_>, start: &str, items: &[Value], end: &str, out: &mut String, depth: u32) -> Option<()> {
    out.push_str(start);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        write_repr(vm, item, out, depth + 1)?;
    }
    out.push_str(end);
    Some(())
}

/// A float as Python shows it.
pub(super) fn float_text(float: f64) -> String {
    if float.is_nan() {
        return "nan".to_owned();
    }
    if float.is_infinite() {
        return if float > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let magnitude = float.abs();
    if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) {
        let text = format!("{float:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, digits) = match exponent.strip_prefix('-') {
            Some(digits) => ('-', digits),
            None => ('+', exponent),
        };
        return format!("{mantissa}e{sign}{digits:0>2}");
    }
    let text = float.to_string();
    if text.contains('.') { text } else { format!("{text}.0") }
}

fn quote(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if u32::from(c) < 0x20 || u32::from(c) == 0x7f => push(out, format_args!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push(quote);
}

fn quote_bytes(bytes: &[u8], out: &mut String) {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    out.push('b');
    out.push(quote);
    for byte in bytes {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            byte if char::from(*byte) == quote => {
                out.push('\\');
                out.push(quote);
            }
            0x20..=0x7e => out.push(char::from(*byte)),
            byte => push(out, format_args!("\\x{byte:02x}")),
        }
    }
    out.push(quote);
}

/// Appends; writing to a string does not fail.
pub(super) fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = std::fmt::Write::write_fmt(out, text);
}

/// `ascii(value)` of a `repr`.
pub(super) fn ascii(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match u32::from(c) {
            0..=0x7f => out.push(c),
            code @ 0x80..=0xff => push(&mut out, format_args!("\\x{code:02x}")),
            code @ 0x100..=0xffff => push(&mut out, format_args!("\\u{code:04x}")),
            code => push(&mut out, format_args!("\\U{code:08x}")),
        }
    }
    out
}

/// `{value!conversion:spec}`; an `Unknown` where the value is not known.
pub(super) fn convert_and_format(
    vm: &mut Vm<'_>,
    value: &Value,
    conversion: Option<char>,
    spec: &str,
    span: Span,
) -> Flow<Value> {
    if let Value::Unknown(unknown) = value {
        if unknown.partial.is_some() && spec.is_empty() && matches!(conversion, None | Some('s')) {
            return Ok(value.clone());
        }
        return Ok(Value::Unknown(vm.why(value, span)));
    }
    let converted = match conversion {
        None => value.clone(),
        Some('s') => match vm.text(value) {
            Some(text) => Value::Str(text),
            None => return Ok(partial(vm, value, span)),
        },
        Some(other) => match vm.repr(value) {
            Some(text) if other == 'a' => Value::Str(ascii(&text).into()),
            Some(text) => Value::Str(text),
            None => return Ok(Value::Unknown(vm.why(value, span))),
        },
    };
    format_value(vm, &converted, spec, span)
}

/// The text of a value that has none that is known.
pub(super) fn partial(vm: &mut Vm<'_>, value: &Value, span: Span) -> Value {
    let mut text = super::partial::TextBuilder::default();
    text.push_value(vm, value, span);
    text.finish(span)
}

/// `format(value, spec)`.
pub(super) fn format_value(vm: &mut Vm<'_>, value: &Value, spec: &str, span: Span) -> Flow<Value> {
    if spec.is_empty() {
        return Ok(match vm.text(value) {
            Some(text) => Value::Str(text),
            None => partial(vm, value, span),
        });
    }
    if let Value::Object(object) = value {
        if value.downcast::<Instance>().is_some()
            && let Some(method) = Rc::clone(object).attr(vm, "__format__", span)?
        {
            return super::object::items::call_with(vm, &method, vec![Value::str(spec)], span);
        }
        if let Some(method) = Rc::clone(object).attr(vm, "strftime", span)? {
            return super::object::items::call_with(vm, &method, vec![Value::str(spec)], span);
        }
        if let Some(payload) = vm.payload(value) {
            return format_value(vm, &payload, spec, span);
        }
        return Ok(match object.text() {
            Some(text) => match spec::apply(&Value::Str(text), spec) {
                Ok(text) => Value::Str(text.into()),
                Err(message) => return Err(exception::raise(vm, "ValueError", &message, span)),
            },
            None => Value::Unknown(vm.why(value, span)),
        });
    }
    match spec::apply(value, spec) {
        Ok(text) => Ok(Value::Str(text.into())),
        Err(message) => Err(exception::raise(vm, "ValueError", &message, span)),
    }
}
