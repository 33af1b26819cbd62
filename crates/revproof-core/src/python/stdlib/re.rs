//! `re`: patterns that are plain text, and splitting at patterns that mean the same everywhere; all others give results
//! that are not known.

use std::any::Any;
use std::rc::Rc;

use super::function;
use crate::python::object::exception;
use crate::python::object::method::{BoundMethod, any};
use crate::python::object::native::{Native, Run};
use crate::python::value::{Args, Flow, Foreign, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// A compiled pattern, or its text where it is plain.
#[derive(Debug)]
struct Pattern {
    text: Rc<str>,
}

/// Where a plain pattern was found.
#[derive(Debug)]
struct Match {
    text: Rc<str>,
    start: usize,
}

pub(super) fn member(vm: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    match name {
        "compile" => function("compile", |vm, args, span| match args.positional.as_slice() {
            [pattern] if pattern.downcast::<Pattern>().is_some() => Ok(pattern.clone()),
            [Value::Str(text)] => Ok(Value::object(Pattern { text: Rc::clone(text) })),
            _ => Ok(vm.unknown("a regular expression is used", span)),
        }),
        "escape" => function("escape", |_, args, _| {
            let text = args.positional.first().and_then(Value::as_str).unwrap_or_default();
            let mut out = String::new();
            for c in text.chars() {
                if "()[]{}?*+-|^$\\.&~# \t\n\r\u{b}\u{c}".contains(c) {
                    out.push('\\');
                }
                out.push(c);
            }
            Ok(Value::Str(out.into()))
        }),
        "IGNORECASE" | "I" | "MULTILINE" | "M" | "DOTALL" | "S" | "VERBOSE" | "X" | "ASCII" | "A" | "UNICODE" | "U" => {
            Some(Value::Int(match name {
                "IGNORECASE" | "I" => 2,
                "MULTILINE" | "M" => 8,
                "DOTALL" | "S" => 16,
                "VERBOSE" | "X" => 64,
                "ASCII" | "A" => 256,
                _ => 32,
            }))
        }
        "error" => Some(Value::Object(exception::class(vm, "re.error", None))),
        "Pattern" | "Match" => Some(super::inert::inert(name)),
        _ => method(name).map(|run| Native::strict("re function", run)),
    }
}

fn method(name: &str) -> Option<Run> {
    Some(match name {
        "search" => |vm, args, span| find(vm, args, |at, _, _| at, span),
        "match" => |vm, args, span| find(vm, args, |at, _, _| at.filter(|at| *at == 0), span),
        "fullmatch" => |vm, args, span| find(vm, args, |at, text, part| at.filter(|_| text == part), span),
        "sub" => sub,
        "split" => |vm, args, span| match plain(args, 0, 1) {
            Some((pattern, text)) if args.positional.len() == 2 && args.keyword.is_empty() && !pattern.is_empty() => {
                Ok(Value::list(text.split(&*pattern).map(Value::str).collect()))
            }
            _ => Ok(split(args).unwrap_or_else(|| vm.unknown("a regular expression is used", span))),
        },
        "findall" => |vm, args, span| match plain(args, 0, 1) {
            Some((pattern, text)) if !pattern.is_empty() => {
                Ok(Value::list(text.matches(&*pattern).map(Value::str).collect()))
            }
            _ => Ok(vm.unknown("a regular expression is used", span)),
        },
        "finditer" | "subn" => |vm, _, span| Ok(vm.unknown("a regular expression is used", span)),
        _ => return None,
    })
}

/// The pattern and the text, where the pattern is plain text.
fn plain(args: &Args, pattern: usize, text: usize) -> Option<(Rc<str>, Rc<str>)> {
    let pattern = match args.positional.get(pattern)? {
        Value::Str(pattern) => Rc::clone(pattern),
        other => Rc::clone(&other.downcast::<Pattern>()?.text),
    };
    let Some(Value::Str(text)) = args.positional.get(text) else { return None };
    let is_plain = !pattern.contains(['(', ')', '[', ']', '{', '}', '?', '*', '+', '|', '^', '$', '\\', '.']);
    is_plain.then(|| (pattern, Rc::clone(text)))
}

/// The text split at a pattern of characters, classes and repetitions, which Python and Rust read alike. `None` where it
/// is any other, or where the text has characters about which they may think differently.
fn split(args: &Args) -> Option<Value> {
    let pattern = match args.positional.as_slice() {
        [Value::Str(pattern), Value::Str(_)] if args.keyword.is_empty() => Rc::clone(pattern),
        [pattern, Value::Str(_)] if args.keyword.is_empty() => Rc::clone(&pattern.downcast::<Pattern>()?.text),
        _ => return None,
    };
    let text = args.positional.get(1)?.as_str()?;
    let is_common = |c: char| c.is_ascii_graphic() || matches!(c, ' ' | '\t' | '\n');
    if !text.chars().all(is_common) || !pattern.chars().all(is_common) {
        return None;
    }
    let escaped =
        pattern.split('\\').skip(1).all(|rest| rest.starts_with(['s', 'S', 'd', 'D', 'w', 'W', '.', '|', '-']));
    if !escaped || pattern.contains(['(', ')', '[', ']', '{', '}', '^', '$', '#', '&', '~']) {
        return None;
    }
    let pattern = regex_lite::Regex::new(&pattern).ok()?;
    // What matches nothing splits between any two characters in Python.
    let matches_nothing = pattern.is_match("") || pattern.find_iter(text).any(|found| found.is_empty());
    (!matches_nothing).then(|| Value::list(pattern.split(text).map(Value::str).collect()))
}

fn find(
    vm: &mut Vm<'_>,
    args: &Args,
    accept: fn(Option<usize>, &str, &str) -> Option<usize>,
    span: Span,
) -> Flow<Value> {
    match plain(args, 0, 1) {
        Some((pattern, text)) if args.positional.len() == 2 && args.keyword.is_empty() => {
            Ok(match accept(text.find(&*pattern), &text, &pattern) {
                Some(start) => Value::object(Match { text: pattern, start }),
                None => Value::None,
            })
        }
        _ => Ok(vm.unknown("a regular expression is used", span)),
    }
}

fn sub(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    match (plain(args, 0, 2), args.positional.get(1)) {
        (Some((pattern, text)), Some(Value::Str(new)))
            if args.positional.len() == 3 && args.keyword.is_empty() && !new.contains('\\') && !pattern.is_empty() =>
        {
            let args = Args { positional: vec![Value::Str(pattern), Value::Str(Rc::clone(new))], ..Args::default() };
            let result = crate::python::methods::call(vm, &Value::Str(text), "replace", &args, span)?;
            Ok(result.unwrap_or(Value::None))
        }
        _ => Ok(vm.unknown("a regular expression is used", span)),
    }
}

impl Foreign for Pattern {
    fn type_name(&self) -> Rc<str> {
        "Pattern".into()
    }

    any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, name: &str, _: Span) -> Flow<Option<Value>> {
        Ok(match name {
            "pattern" => Some(Value::Str(Rc::clone(&self.text))),
            _ => method(name).map(|run| BoundMethod::value(Native::strict("re method", run), Value::Object(self))),
        })
    }
}

impl Foreign for Match {
    fn type_name(&self) -> Rc<str> {
        "Match".into()
    }

    any!();

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "group" => Native::lenient("group", |vm, args, span| {
                Ok(match args.positional.first().and_then(Value::downcast::<Match>) {
                    Some(found) if args.positional.len() == 1 => Value::Str(Rc::clone(&found.text)),
                    _ => vm.unknown("a group of a regular expression is read", span),
                })
            }),
            "groups" => Native::lenient("groups", |_, _, _| Ok(Value::tuple(Vec::new()))),
            "start" => Native::lenient("start", |_, args, _| {
                let start = args.positional.first().and_then(Value::downcast::<Match>).map_or(0, |found| found.start);
                Ok(Value::Int(i64::try_from(start).unwrap_or(0)))
            }),
            _ => return Ok(Some(vm.unknown("a regular expression is used", span))),
        })
        .map(|method| BoundMethod::value(method, Value::Object(self))))
    }
}
