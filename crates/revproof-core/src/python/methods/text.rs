//! The methods of `str`.

use std::rc::Rc;

use super::{operator, unknown_argument, wrong_arguments};
use crate::python::format;
use crate::python::join::is_rest;
use crate::python::partial::TextBuilder;
use crate::python::value::{Args, Flow, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) const NAMES: [&str; 47] = [
    "capitalize",
    "casefold",
    "center",
    "count",
    "encode",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "format_map",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "maketrans",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "translate",
    "upper",
    "zfill",
];

/// The longest text that a method makes.
const MAX_LENGTH: usize = 1 << 22;

/// The widest field that `ljust` and the like pad to.
const MAX_WIDTH: i64 = 100_000;

pub(super) fn call(vm: &mut Vm<'_>, text: &Rc<str>, name: &str, args: &Args, span: Span) -> Flow<Option<Value>> {
    vm.charge(text.len() as u64 / 128, || span)?;
    match name {
        "format" => return format::format_method(vm, text, args, span).map(Some),
        "format_map" => {
            let mut inner = Args::default();
            if let Some(Value::Dict(dict)) = args.positional.first() {
                for (key, value) in &dict.borrow().entries {
                    if let Value::Str(key) = key {
                        inner.keyword.push((Rc::clone(key), value.clone()));
                    }
                }
            }
            return format::format_method(vm, text, &inner, span).map(Some);
        }
        _ => {}
    }
    if let Some(unknown) = unknown_argument(vm, args, span) {
        return Ok(Some(unknown));
    }
    let first = args.positional.first();
    let string = |s: String| Some(Value::Str(s.into()));
    let part = first.and_then(Value::as_str);
    Ok(match name {
        "lower" => string(text.to_lowercase()),
        "casefold" => string(text.to_lowercase().replace('ß', "ss")),
        "upper" => string(text.to_uppercase()),
        "capitalize" => string(capitalize(text)),
        "title" => string(title(text)),
        "swapcase" => string(
            text.chars()
                .flat_map(|c| -> Vec<char> {
                    if c.is_uppercase() { c.to_lowercase().collect() } else { c.to_uppercase().collect() }
                })
                .collect(),
        ),
        "strip" | "lstrip" | "rstrip" => {
            let set: Option<Vec<char>> = part.map(|part| part.chars().collect());
            let strips = |c: char| match &set {
                Some(set) => set.contains(&c),
                None => is_space(c),
            };
            let mut shown: &str = text;
            if name != "rstrip" {
                shown = shown.trim_start_matches(strips);
            }
            if name != "lstrip" {
                shown = shown.trim_end_matches(strips);
            }
            Some(Value::str(shown))
        }
        "split" | "rsplit" => return split(vm, text, name == "rsplit", args, span).map(Some),
        "splitlines" => {
            let keep = args.get(0, "keepends").is_some_and(|keep| matches!(keep, Value::Bool(true)));
            Some(Value::list(lines(text, keep).into_iter().map(Value::str).collect()))
        }
        "partition" | "rpartition" => {
            let Some(part) = part.filter(|part| !part.is_empty()) else {
                return Err(vm.raise("ValueError", "empty separator", span));
            };
            let found = if name == "partition" { text.split_once(part) } else { text.rsplit_once(part) };
            let parts = match (found, name) {
                (Some((before, after)), _) => [before, part, after],
                (None, "partition") => [&**text, "", ""],
                (None, _) => ["", "", &**text],
            };
            Some(Value::tuple(parts.into_iter().map(Value::str).collect()))
        }
        "join" => return join(vm, text, first, span).map(Some),
        "replace" => {
            let (Some(Value::Str(old)), Some(Value::Str(new))) = (args.get(0, "old"), args.get(1, "new")) else {
                return Err(wrong_arguments(vm, name, span));
            };
            let count = match args.get(2, "count") {
                Some(Value::Int(count)) => usize::try_from(*count).unwrap_or(usize::MAX),
                _ => usize::MAX,
            };
            let found = text.matches(&**old).count().min(count);
            let length = text.len().saturating_add(found.saturating_mul(new.len()));
            if length > MAX_LENGTH {
                return Ok(Some(vm.unknown("a text too long to be simulated is made by `replace`", span)));
            }
            vm.charge(length as u64 / 64, || span)?;
            string(text.replacen(&**old, new, count))
        }
        "startswith" | "endswith" => {
            let Some(first) = first else { return Err(wrong_arguments(vm, name, span)) };
            let shown = within(text, args);
            let fits = |affix: &Value| match affix.as_str() {
                Some(affix) if name == "startswith" => shown.is_some_and(|text| text.starts_with(affix)),
                Some(affix) => shown.is_some_and(|text| text.ends_with(affix)),
                None => false,
            };
            Some(Value::Bool(match first {
                Value::Tuple(affixes) => affixes.iter().any(fits),
                affix => fits(affix),
            }))
        }
        "removeprefix" => Some(Value::str(part.and_then(|part| text.strip_prefix(part)).unwrap_or(text))),
        "removesuffix" => Some(Value::str(part.and_then(|part| text.strip_suffix(part)).unwrap_or(text))),
        "find" | "rfind" | "index" | "rindex" => return find(vm, text, name, args, span).map(Some),
        "count" => {
            let Some(part) = part else { return Err(wrong_arguments(vm, name, span)) };
            let shown = within(text, args).unwrap_or_default();
            Some(int(if part.is_empty() { shown.chars().count() + 1 } else { shown.matches(part).count() }))
        }
        "zfill" | "ljust" | "rjust" | "center" => return pad(vm, text, name, args, span).map(Some),
        "expandtabs" => string(expand_tabs(
            text,
            match args.get(0, "tabsize") {
                Some(Value::Int(size)) => usize::try_from((*size).clamp(0, 100)).unwrap_or(8),
                _ => 8,
            },
        )),
        "encode" => Some(match part.unwrap_or("utf-8").to_lowercase().replace('_', "-").as_str() {
            "utf-8" | "utf8" => Value::Bytes(text.as_bytes().into()),
            "ascii" | "us-ascii" if text.is_ascii() => Value::Bytes(text.as_bytes().into()),
            _ => vm.unknown("the encoding is not simulated", span),
        }),
        "translate" => return translate(vm, text, first, span).map(Some),
        "maketrans" => return crate::python::builtins::str_maketrans(vm, args, span).map(Some),
        "isidentifier" => {
            let mut chars = text.chars();
            let starts = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_');
            Some(Value::Bool(starts && chars.all(|c| c.is_alphanumeric() || c == '_')))
        }
        "isascii" => Some(Value::Bool(text.is_ascii())),
        "isprintable" => Some(Value::Bool(!text.chars().any(char::is_control))),
        "islower" => Some(Value::Bool(cased(text, char::is_lowercase, char::is_uppercase))),
        "isupper" => Some(Value::Bool(cased(text, char::is_uppercase, char::is_lowercase))),
        "istitle" => Some(Value::Bool(text.chars().any(char::is_alphabetic) && title(text) == **text)),
        "isalpha" => Some(Value::Bool(all(text, char::is_alphabetic))),
        "isalnum" => Some(Value::Bool(all(text, char::is_alphanumeric))),
        "isdigit" | "isdecimal" | "isnumeric" => Some(Value::Bool(all(text, char::is_numeric))),
        "isspace" => Some(Value::Bool(all(text, is_space))),
        _ => return operator(vm, &Value::Str(Rc::clone(text)), name, args, span),
    })
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

fn all(text: &str, is: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(is)
}

fn cased(text: &str, is: impl Fn(char) -> bool, is_not: impl Fn(char) -> bool) -> bool {
    text.chars().any(is) && !text.chars().any(is_not)
}

fn int(size: usize) -> Value {
    Value::Int(i64::try_from(size).unwrap_or(i64::MAX))
}

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars.flat_map(char::to_lowercase)).collect(),
        None => String::new(),
    }
}

fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.extend(c.to_uppercase());
        }
        inside = c.is_alphabetic();
    }
    out
}

/// The part of the text that `start` and `end` leave.
fn within<'t>(text: &'t str, args: &Args) -> Option<&'t str> {
    let bound = |at: usize| match args.positional.get(at) {
        Some(Value::Int(int)) => Some(*int),
        _ => None,
    };
    if bound(1).is_none() && bound(2).is_none() {
        return Some(text);
    }
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let place = |at: i64| if at < 0 { at.saturating_add(length).max(0) } else { at };
    let byte = |at: i64| {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte)
    };
    let start = bound(1).map_or(0, place);
    if start > length {
        return None;
    }
    text.get(byte(start)..bound(2).map_or(text.len(), |end| byte(place(end))))
}

fn find(vm: &mut Vm<'_>, text: &str, name: &str, args: &Args, span: Span) -> Flow<Value> {
    let Some(part) = args.positional.first().and_then(Value::as_str) else {
        return Err(wrong_arguments(vm, name, span));
    };
    let found = within(text, args).and_then(|shown| {
        let offset = shown.as_ptr() as usize - text.as_ptr() as usize;
        let at = if name.starts_with('r') { shown.rfind(part) } else { shown.find(part) };
        at.and_then(|at| text.get(..offset + at)).map(|before| before.chars().count())
    });
    match found {
        Some(at) => Ok(int(at)),
        None if name.ends_with("find") => Ok(Value::Int(-1)),
        None => Err(vm.raise("ValueError", "substring not found", span)),
    }
}

fn split(vm: &mut Vm<'_>, text: &str, from_right: bool, args: &Args, span: Span) -> Flow<Value> {
    let limit = match args.get(1, "maxsplit") {
        Some(Value::Int(limit)) => usize::try_from(*limit).unwrap_or(usize::MAX),
        _ => usize::MAX,
    };
    let parts: Vec<&str> = match args.get(0, "sep") {
        Some(Value::Str(separator)) => {
            if separator.is_empty() {
                return Err(vm.raise("ValueError", "empty separator", span));
            }
            let limit = limit.saturating_add(1);
            if from_right {
                let mut parts: Vec<&str> = text.rsplitn(limit, &**separator).collect();
                parts.reverse();
                parts
            } else {
                text.splitn(limit, &**separator).collect()
            }
        }
        _ => split_space(text, limit, from_right),
    };
    vm.charge(parts.len() as u64 / 8, || span)?;
    Ok(Value::list(parts.into_iter().map(Value::str).collect()))
}

fn split_space(text: &str, limit: usize, from_right: bool) -> Vec<&str> {
    let mut parts = Vec::new();
    if from_right {
        let mut rest = text.trim_end_matches(is_space);
        while parts.len() < limit {
            match rest.rfind(is_space) {
                Some(at) => {
                    let width = rest.get(at..).and_then(|r| r.chars().next()).map_or(1, char::len_utf8);
                    parts.push(rest.get(at + width..).unwrap_or_default());
                    rest = rest.get(..at).unwrap_or_default().trim_end_matches(is_space);
                }
                None => break,
            }
        }
        if !rest.is_empty() {
            parts.push(if parts.len() < limit { rest.trim_start_matches(is_space) } else { rest });
        }
        parts.reverse();
        return parts;
    }
    let mut rest = text.trim_start_matches(is_space);
    while parts.len() < limit {
        match rest.find(is_space) {
            Some(at) => {
                parts.push(rest.get(..at).unwrap_or_default());
                rest = rest.get(at..).unwrap_or_default().trim_start_matches(is_space);
            }
            None => break,
        }
    }
    if !rest.is_empty() {
        parts.push(rest);
    }
    parts
}

fn lines(text: &str, keep: bool) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (line, width) = match rest.find(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']) {
            Some(at) => {
                let after = rest.get(at..).unwrap_or_default();
                let width = if after.starts_with("\r\n") { 2 } else { after.chars().next().map_or(1, char::len_utf8) };
                (at, width)
            }
            None => (rest.len(), 0),
        };
        lines.push(rest.get(..if keep { line + width } else { line }).unwrap_or_default());
        rest = rest.get(line + width..).unwrap_or_default();
    }
    lines
}

fn join(vm: &mut Vm<'_>, separator: &str, items: Option<&Value>, span: Span) -> Flow<Value> {
    let Some(items) = items else { return Err(wrong_arguments(vm, "join", span)) };
    let items = vm.items_with_rest(items, span)?;
    let mut out = TextBuilder::default();
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(separator);
        }
        match vm.payload(item).as_ref().unwrap_or(item) {
            Value::Str(text) => out.push_str(text),
            Value::Unknown(_) if is_rest(item) => return Ok(Value::Unknown(vm.why(item, span))),
            Value::Unknown(_) => out.push_value(vm, item, span),
            other => {
                if let Value::Object(object) = other
                    && let Some(text) = object.text().filter(|_| &*object.type_name() == "str")
                {
                    out.push_str(&text);
                    continue;
                }
                let class = crate::python::object::type_name(other);
                let message = format!("sequence item {at}: expected str instance, {class} found");
                return Err(vm.raise("TypeError", &message, span));
            }
        }
        if out.len() > MAX_LENGTH {
            return Ok(vm.unknown("a text too long to be simulated is made by `join`", span));
        }
    }
    vm.charge(out.len() as u64 / 64, || span)?;
    Ok(out.finish(span))
}

fn pad(vm: &mut Vm<'_>, text: &str, name: &str, args: &Args, span: Span) -> Flow<Value> {
    let Some(Value::Int(width)) = args.positional.first() else { return Err(wrong_arguments(vm, name, span)) };
    if *width > MAX_WIDTH {
        return Ok(vm.unknown("a text too long to be simulated is made by padding", span));
    }
    let width = usize::try_from(*width).unwrap_or(0);
    let length = text.chars().count();
    let missing = width.saturating_sub(length);
    let fill = match args.positional.get(1).and_then(Value::as_str) {
        Some(fill) => fill.chars().next().unwrap_or(' '),
        None => ' ',
    };
    let repeat = |c: char, count: usize| -> String { std::iter::repeat_n(c, count).collect() };
    let padded = match name {
        "zfill" => match text.strip_prefix(['-', '+']) {
            Some(rest) => {
                let sign = text.get(..1).unwrap_or_default();
                format!("{sign}{}{rest}", repeat('0', missing))
            }
            None => format!("{}{text}", repeat('0', missing)),
        },
        "ljust" => format!("{text}{}", repeat(fill, missing)),
        "rjust" => format!("{}{text}", repeat(fill, missing)),
        _ => {
            // CPython puts the odd one left where the width is odd.
            let left = missing / 2 + (missing & width & 1);
            format!("{}{text}{}", repeat(fill, left), repeat(fill, missing - left))
        }
    };
    Ok(Value::Str(padded.into()))
}

fn expand_tabs(text: &str, size: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' => {
                let count = if size == 0 { 0 } else { size - column % size };
                out.extend(std::iter::repeat_n(' ', count));
                column += count;
            }
            '\n' | '\r' => {
                out.push(c);
                column = 0;
            }
            c => {
                out.push(c);
                column += 1;
            }
        }
    }
    out
}

fn translate(vm: &mut Vm<'_>, text: &str, table: Option<&Value>, span: Span) -> Flow<Value> {
    let Some(Value::Dict(table)) = table else {
        return Ok(vm.unknown("the table of `translate` is not known", span));
    };
    let mut out = String::new();
    for c in text.chars() {
        match vm.dict_get(table, &Value::Int(i64::from(u32::from(c))), span)? {
            Some(Value::None) => {}
            Some(Value::Str(new)) => out.push_str(&new),
            Some(Value::Int(code)) => out.extend(u32::try_from(code).ok().and_then(char::from_u32)),
            Some(unknown) => return Ok(Value::Unknown(vm.why(&unknown, span))),
            None => out.push(c),
        }
    }
    Ok(Value::Str(out.into()))
}
