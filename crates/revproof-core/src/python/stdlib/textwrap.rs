//! `textwrap` and `string`.

use super::function;
use crate::python::value::{Args, Flow, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) fn member(_: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    match name {
        "dedent" => function("dedent", |_, args, _| {
            let text = args.positional.first().and_then(Value::as_str).unwrap_or_default();
            Ok(Value::Str(dedent(text).into()))
        }),
        "indent" => function("indent", indent),
        "fill" | "wrap" | "shorten" => {
            function("fill", |vm, _, span| Ok(vm.unknown("the wrapping of text is not simulated", span)))
        }
        _ => None,
    }
}

pub(super) fn string(vm: &mut Vm<'_>, name: &str, span: Span) -> Option<Value> {
    const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
    const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const DIGITS: &str = "0123456789";
    const PUNCTUATION: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    const SPACE: &str = " \t\n\r\u{b}\u{c}";
    Some(Value::Str(match name {
        "ascii_lowercase" => LOWER.into(),
        "ascii_uppercase" => UPPER.into(),
        "ascii_letters" => format!("{LOWER}{UPPER}").into(),
        "digits" => DIGITS.into(),
        "hexdigits" => "0123456789abcdefABCDEF".into(),
        "octdigits" => "01234567".into(),
        "punctuation" => PUNCTUATION.into(),
        "whitespace" => SPACE.into(),
        "printable" => format!("{DIGITS}{LOWER}{UPPER}{PUNCTUATION}{SPACE}").into(),
        "Template" => return Some(vm.unknown("`string.Template` is not simulated", span)),
        _ => return None,
    }))
}

/// The text without the white space that all its lines begin with; lines of nothing but white space become empty.
fn dedent(text: &str) -> String {
    let blank = |line: &str| line.chars().all(|c| matches!(c, ' ' | '\t'));
    let mut margin: Option<&str> = None;
    for line in text.split('\n').filter(|line| !blank(line)) {
        let indent_end = line.find(|c| !matches!(c, ' ' | '\t')).unwrap_or(line.len());
        let indent = line.get(..indent_end).unwrap_or_default();
        margin = Some(match margin {
            None => indent,
            Some(margin) => {
                let shared = margin.bytes().zip(indent.bytes()).take_while(|(a, b)| a == b).count();
                margin.get(..shared).unwrap_or_default()
            }
        });
    }
    let margin = margin.unwrap_or_default();
    let lines = text.split('\n').map(|line| if blank(line) { "" } else { line.strip_prefix(margin).unwrap_or(line) });
    lines.collect::<Vec<_>>().join("\n")
}

fn indent(_: &mut Vm<'_>, args: &Args, _: Span) -> Flow<Value> {
    let text = args.positional.first().and_then(Value::as_str).unwrap_or_default();
    let prefix = args.get(1, "prefix").and_then(Value::as_str).unwrap_or_default();
    let indented: String = text
        .split_inclusive('\n')
        .map(|line| if line.trim().is_empty() { line.to_owned() } else { format!("{prefix}{line}") })
        .collect();
    Ok(Value::Str(indented.into()))
}
