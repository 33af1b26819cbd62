//! Python values as JSON text, as `json.dumps` writes it: what JSON columns get.

use std::fmt::Write;
use std::sync::Arc;

use crate::python::Value;

/// How deep containers are looked into.
const DEPTH: u32 = 64;

/// The JSON text; the error says why there is none.
pub(super) fn json(value: &Value) -> Result<String, Arc<str>> {
    let mut text = String::new();
    write(value, &mut text, 0)?;
    Ok(text)
}

fn write(value: &Value, text: &mut String, depth: u32) -> Result<(), Arc<str>> {
    if depth >= DEPTH {
        return Err("a value is nested too deeply".into());
    }
    match value {
        Value::None => text.push_str("null"),
        Value::Bool(truth) => text.push_str(if *truth { "true" } else { "false" }),
        Value::Int(number) => {
            let _ = write!(text, "{number}");
        }
        Value::Float(number) => {
            let _ = write!(text, "{number:?}");
        }
        Value::Str(string) => quote(string, text),
        Value::List(items) => list(&items.borrow(), text, depth)?,
        Value::Tuple(items) => list(items, text, depth)?,
        Value::Dict(dict) => {
            text.push('{');
            for (at, (key, value)) in dict.borrow().entries.iter().enumerate() {
                if at > 0 {
                    text.push_str(", ");
                }
                match key {
                    Value::Str(key) => quote(key, text),
                    Value::Int(key) => quote(&key.to_string(), text),
                    Value::Bool(key) => quote(if *key { "true" } else { "false" }, text),
                    Value::None => quote("null", text),
                    Value::Unknown(unknown) => return Err(Arc::clone(&unknown.why)),
                    _ => return Err("a key of the dict is no text".into()),
                }
                text.push_str(": ");
                write(value, text, depth + 1)?;
            }
            text.push('}');
        }
        Value::Unknown(unknown) => return Err(Arc::clone(&unknown.why)),
        Value::Object(_) => match super::adapt::json_text(value) {
            Some(string) => quote(&string, text),
            None => return Err(format!("{value:?} has no JSON form").into()),
        },
        Value::Bytes(_) | Value::Set(_) => return Err(format!("{value:?} has no JSON form").into()),
    }
    Ok(())
}

fn list(items: &[Value], text: &mut String, depth: u32) -> Result<(), Arc<str>> {
    text.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            text.push_str(", ");
        }
        write(item, text, depth + 1)?;
    }
    text.push(']');
    Ok(())
}

/// A JSON string in ASCII, as Python writes it.
fn quote(string: &str, text: &mut String) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            ' '..='~' => text.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
        }
    }
    text.push('"');
}
