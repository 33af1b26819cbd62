//! The methods of `bytes`.

use std::rc::Rc;

use super::{operator, unknown_argument};
use crate::python::value::{Args, Flow, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) const NAMES: [&str; 13] = [
    "decode",
    "hex",
    "startswith",
    "endswith",
    "find",
    "count",
    "lower",
    "upper",
    "strip",
    "replace",
    "split",
    "join",
    "index",
];

pub(super) fn call(vm: &mut Vm<'_>, bytes: &Rc<[u8]>, name: &str, args: &Args, span: Span) -> Flow<Option<Value>> {
    if let Some(unknown) = unknown_argument(vm, args, span) {
        return Ok(Some(unknown));
    }
    Ok(Some(match name {
        "decode" => match std::str::from_utf8(bytes) {
            Ok(text) => Value::str(text),
            Err(_) => match args.get(1, "errors").and_then(Value::as_str) {
                Some("ignore" | "replace") => vm.unknown("bytes that are no text are decoded", span),
                _ => return Err(vm.raise("UnicodeDecodeError", "'utf-8' codec can't decode the bytes", span)),
            },
        },
        "hex" => {
            use std::fmt::Write;
            let mut out = String::new();
            for byte in bytes.iter() {
                // Writing to a string does not fail.
                let _ = write!(out, "{byte:02x}");
            }
            Value::Str(out.into())
        }
        "lower" => Value::Bytes(bytes.to_ascii_lowercase().into()),
        "upper" => Value::Bytes(bytes.to_ascii_uppercase().into()),
        "strip" if args.positional.is_empty() => Value::Bytes(bytes.trim_ascii().into()),
        "startswith" | "endswith" => match args.positional.first() {
            Some(Value::Bytes(affix)) if name == "startswith" => Value::Bool(bytes.starts_with(affix)),
            Some(Value::Bytes(affix)) => Value::Bool(bytes.ends_with(affix)),
            _ => vm.unknown("the argument is not simulated", span),
        },
        "find" | "count" | "strip" | "replace" | "split" | "join" | "index" => {
            vm.unknown(format!("`bytes.{name}` is not simulated"), span)
        }
        _ => return operator(vm, &Value::Bytes(Rc::clone(bytes)), name, args, span),
    }))
}
