//! JSON as SQLite has it: text whose members keep their order, and whose numbers and strings stay as they are written.

use super::dynamic::plain_text;
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::count;
use crate::op::{Datum, FailureKind};
use crate::schema::Dialect;

/// How deep values may nest.
const MAX_DEPTH: u32 = 64;

/// What a text is to a function that makes JSON of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Given {
    /// A string.
    Text,
    /// JSON, as another of these functions has made it.
    Json,
    /// One of both: SQLite knows which, we may not.
    Either,
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
enum Json {
    /// A word, a number or a string, as it is written.
    Atom(String),
    List(Vec<Json>),
    /// The members, their names as they are written.
    Object(Vec<(String, Json)>),
}

/// A step of a path.
enum Step<'p> {
    Member(&'p str),
    Item(usize),
    /// So many from the end; nought is behind it.
    FromEnd(usize),
}

/// What a change does where there is something, or nothing yet.
#[derive(Clone, Copy)]
struct Change {
    replaces: bool,
    adds: bool,
}

/// A function of values; `None` where there is none of that name.
pub(in crate::engine) fn sqlite_json(name: &str, values: &[Datum], given: &[Given]) -> Option<Evaluation<Datum>> {
    let kind = |at: usize| given.get(at).copied().unwrap_or(Given::Either);
    let made = |json: Json| Datum::Text(json.to_string().into());
    let atom = |at: usize| values.get(at).map_or(Ok(Json::word("null")), |value| Json::of(value, kind(at)));
    Some(match (name, values) {
        ("json_quote", [_]) => atom(0).map(made),
        ("json_array", _) => (0..values.len()).map(atom).collect::<Evaluation<_>>().map(|list| made(Json::List(list))),
        ("json_object", _) if values.len() % 2 == 1 => {
            Err(refused("json_object() requires an even number of arguments"))
        }
        ("json_object", _) => members(values, kind).map(|members| made(Json::Object(members))),
        (
            "json" | "json_type" | "json_array_length" | "json_extract" | "json_remove" | "json_set" | "json_insert"
            | "json_replace",
            [Datum::Null, ..],
        ) => Ok(Datum::Null),
        // Later releases give NULL.
        ("json_valid", [Datum::Null]) => return None,
        ("json_valid", [value]) => {
            Ok(Datum::Int(i64::from(Json::parse(&plain_text(value, Dialect::Sqlite)).is_some())))
        }
        ("json", [value]) => parsed(value).map(made),
        ("json_type", [value, rest @ ..]) if rest.len() < 2 => at_path(value, rest.first())
            .map(|found| found.map_or(Datum::Null, |found| Datum::Text(found.kind().into()))),
        ("json_array_length", [value, rest @ ..]) if rest.len() < 2 => at_path(value, rest.first()).map(|found| {
            found.map_or(Datum::Null, |found| match found {
                Json::List(items) => Datum::Int(count(items.len())),
                _ => Datum::Int(0),
            })
        }),
        ("json_extract", [value, path]) => at_path(value, Some(path)).and_then(|found| shown(found, false)),
        ("json_extract", [value, paths @ ..]) => {
            let part = |path| at_path(value, Some(path)).map(|found| found.unwrap_or_else(|| Json::word("null")));
            paths.iter().map(part).collect::<Evaluation<_>>().map(|parts| made(Json::List(parts)))
        }
        ("->" | "->>", [value, path]) if [value, path].contains(&&Datum::Null) => Ok(Datum::Null),
        ("->" | "->>", [value, path]) => {
            let path = match path {
                Datum::Int(at) if *at >= 0 => format!("$[{at}]"),
                Datum::Int(at) => format!("$[#{at}]"),
                Datum::Text(path) if path.starts_with('$') => path.as_ref().to_owned(),
                Datum::Text(key) if !key.contains('"') => format!("$.\"{key}\""),
                _ => return Some(Err(beyond())),
            };
            at_path(value, Some(&Datum::Text(path.into()))).and_then(|found| shown(found, name == "->"))
        }
        ("json_remove", [value, paths @ ..]) => changed(value, paths, |json, path, _| remove(json, &path), 1, kind),
        ("json_set" | "json_insert" | "json_replace", [value, rest @ ..]) if rest.len() % 2 == 0 => {
            let change = Change { replaces: name != "json_insert", adds: name != "json_replace" };
            changed(value, rest, |json, path, value| put(json, &path, value, change), 2, kind)
        }
        _ => return None,
    })
}

/// `json_group_array` and `json_group_object`.
pub(in crate::engine) fn sqlite_json_group(name: &str, rows: &[&[Datum]], given: &[Given]) -> Evaluation<Datum> {
    let kind = |at: usize| given.get(at).copied().unwrap_or(Given::Either);
    let mut json = if name == "json_group_array" { Json::List(Vec::new()) } else { Json::Object(Vec::new()) };
    for row in rows {
        match (&mut json, row) {
            (Json::List(items), [value]) => items.push(Json::of(value, kind(0))?),
            (Json::Object(found), [_, _]) => found.extend(members(row, kind)?),
            _ => return Err(Stop::unsupported(format!("{name} of this is not supported"))),
        }
    }
    Ok(Datum::Text(json.to_string().into()))
}

/// The rows of `json_each`: key, value, type, atom, id, parent, fullkey, path.
pub(in crate::engine) fn sqlite_json_each(args: &[Datum]) -> Evaluation<Vec<Vec<Datum>>> {
    let root = match args {
        [Datum::Null, ..] | [_, Datum::Null] => return Ok(Vec::new()),
        [_] => "$",
        [_, Datum::Text(path)] => path,
        _ => return Err(beyond()),
    };
    let Some(value) = args.first() else { return Err(beyond()) };
    let Some(found) = at_path(value, Some(&Datum::Text(root.into())))? else { return Ok(Vec::new()) };
    let row = |key: Datum, own: String, path: &str, json: Json| -> Evaluation<Vec<Datum>> {
        let nested = matches!(json, Json::List(_) | Json::Object(_));
        let kind = Datum::Text(json.kind().into());
        let value = shown(Some(json), false)?;
        let atom = if nested { Datum::Null } else { value.clone() };
        let inner = || Datum::Unknown("SQLite's own numbers for parts of a JSON value are not simulated".into());
        Ok(vec![key, value, kind, atom, inner(), Datum::Null, Datum::Text(own.into()), Datum::Text(path.into())])
    };
    match found {
        Json::List(items) => (0..)
            .zip(items)
            .map(|(at, item): (i64, Json)| row(Datum::Int(at), format!("{root}[{at}]"), root, item))
            .collect(),
        Json::Object(members) => members
            .into_iter()
            .map(|(key, value)| {
                let name = unquoted(&key)?;
                let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
                    && name.chars().all(|c| c.is_ascii_alphanumeric());
                let own = if plain { format!("{root}.{name}") } else { format!("{root}.{key}") };
                row(Datum::Text(name.into()), own, root, value)
            })
            .collect(),
        atom @ Json::Atom(_) => row(Datum::Null, root.to_owned(), root, atom).map(|row| vec![row]),
    }
}

/// A part of a value as SQL has it, or as JSON.
fn shown(found: Option<Json>, as_json: bool) -> Evaluation<Datum> {
    Ok(match found {
        None => Datum::Null,
        Some(Json::Atom(text)) if !as_json => match text.as_str() {
            "null" => Datum::Null,
            "true" => Datum::Int(1),
            "false" => Datum::Int(0),
            text if text.starts_with('"') => Datum::Text(unquoted(text)?.into()),
            text => match text.parse::<i64>() {
                Ok(whole) => Datum::Int(whole),
                Err(_) => Datum::Float(text.parse().map_err(|_| beyond())?),
            },
        },
        Some(json) => Datum::Text(json.to_string().into()),
    })
}

/// Names and values in turn.
fn members(values: &[Datum], kind: impl Fn(usize) -> Given) -> Evaluation<Vec<(String, Json)>> {
    let mut members = Vec::with_capacity(values.len() / 2);
    for (at, pair) in values.chunks(2).enumerate() {
        let [Datum::Text(name), value] = pair else { return Err(refused("json_object() labels must be TEXT")) };
        members.push((quoted(name), Json::of(value, kind(2 * at + 1))?));
    }
    Ok(members)
}

/// A value changed along paths; after each of them stand the values that it needs.
fn changed(
    value: &Datum,
    rest: &[Datum],
    change: impl Fn(&mut Json, Vec<Step<'_>>, Json) -> Evaluation<()>,
    width: usize,
    kind: impl Fn(usize) -> Given,
) -> Evaluation<Datum> {
    let mut json = parsed(value)?;
    for (at, part) in rest.chunks(width).enumerate() {
        let Some(Datum::Text(path)) = part.first() else { return Err(beyond()) };
        let value = part.get(1).map_or(Ok(Json::word("null")), |value| Json::of(value, kind(2 * at + 2)))?;
        change(&mut json, steps(path)?, value)?;
    }
    // A bare value is given back as what it is to SQL, or as text: that differs from case to case.
    if matches!(json, Json::Atom(_)) {
        return Err(beyond());
    }
    Ok(Datum::Text(json.to_string().into()))
}

fn put(json: &mut Json, path: &[Step<'_>], value: Json, change: Change) -> Evaluation<()> {
    let Some((step, rest)) = path.split_first() else {
        if change.replaces {
            *json = value;
        }
        return Ok(());
    };
    // What is not there yet is an object or an array, as the next step wants it.
    let fresh = || match rest.first() {
        Some(Step::Member(_)) => Json::Object(Vec::new()),
        Some(_) => Json::List(Vec::new()),
        None => Json::word("null"),
    };
    let added = Change { replaces: true, ..change };
    match (json, step) {
        (Json::Object(members), Step::Member(name)) => match position(members, name)? {
            Some(at) => members.get_mut(at).map_or(Ok(()), |(_, old)| put(old, rest, value, change)),
            None if change.adds => {
                let mut made = fresh();
                put(&mut made, rest, value, added)?;
                members.push((quoted(name), made));
                Ok(())
            }
            None => Ok(()),
        },
        (Json::List(items), Step::Item(_) | Step::FromEnd(_)) => {
            let (at, len) = (place(step, items.len()), items.len());
            match at.and_then(|at| items.get_mut(at)) {
                Some(old) => put(old, rest, value, change),
                None if change.adds && at == Some(len) => {
                    let mut made = fresh();
                    put(&mut made, rest, value, added)?;
                    items.push(made);
                    Ok(())
                }
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

fn remove(json: &mut Json, path: &[Step<'_>]) -> Evaluation<()> {
    let Some((step, rest)) = path.split_first() else { return Err(beyond()) };
    match (json, step) {
        (Json::Object(members), Step::Member(name)) => {
            let Some(at) = position(members, name)? else { return Ok(()) };
            if rest.is_empty() {
                members.remove(at);
                return Ok(());
            }
            members.get_mut(at).map_or(Ok(()), |(_, inner)| remove(inner, rest))
        }
        (Json::List(items), Step::Item(_) | Step::FromEnd(_)) => {
            let Some(at) = place(step, items.len()).filter(|at| *at < items.len()) else { return Ok(()) };
            if rest.is_empty() {
                items.remove(at);
                return Ok(());
            }
            items.get_mut(at).map_or(Ok(()), |inner| remove(inner, rest))
        }
        _ => Ok(()),
    }
}

/// The part of a value that a path leads to; the whole of it without one.
fn at_path(value: &Datum, path: Option<&Datum>) -> Evaluation<Option<Json>> {
    let mut json = parsed(value)?;
    let path = match path {
        None => return Ok(Some(json)),
        Some(Datum::Null) => return Ok(None),
        Some(Datum::Text(path)) => path,
        Some(_) => return Err(beyond()),
    };
    for step in steps(path)? {
        let found = match (json, &step) {
            (Json::Object(mut members), Step::Member(name)) => {
                position(&members, name)?.map(|at| members.swap_remove(at).1)
            }
            (Json::List(items), Step::Item(_) | Step::FromEnd(_)) => {
                place(&step, items.len()).and_then(|at| items.into_iter().nth(at))
            }
            _ => None,
        };
        match found {
            Some(found) => json = found,
            None => return Ok(None),
        }
    }
    Ok(Some(json))
}

fn position(members: &[(String, Json)], name: &str) -> Evaluation<Option<usize>> {
    // Names that are written with escapes are compared as they are written.
    if members.iter().any(|(known, _)| known.contains('\\')) {
        return Err(beyond());
    }
    let wanted = quoted(name);
    Ok(members.iter().position(|(known, _)| *known == wanted))
}

fn place(step: &Step<'_>, len: usize) -> Option<usize> {
    match step {
        Step::Item(at) => Some(*at),
        Step::FromEnd(back) => len.checked_sub(*back),
        Step::Member(_) => None,
    }
}

fn steps(path: &str) -> Evaluation<Vec<Step<'_>>> {
    let mut rest = path.strip_prefix('$').ok_or_else(beyond)?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(tail) = rest.strip_prefix('[') {
            let (at, behind) = tail.split_once(']').ok_or_else(beyond)?;
            rest = behind;
            steps.push(match at.strip_prefix('#') {
                Some("") => Step::FromEnd(0),
                Some(back) => {
                    let back = back.strip_prefix('-').ok_or_else(beyond)?;
                    Step::FromEnd(back.parse().map_err(|_| beyond())?)
                }
                None => Step::Item(at.parse().map_err(|_| beyond())?),
            });
            continue;
        }
        let tail = rest.strip_prefix('.').ok_or_else(beyond)?;
        let (key, behind) = match tail.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or_else(beyond)?,
            None => tail.split_at(tail.find(['.', '[']).unwrap_or(tail.len())),
        };
        if key.is_empty() || key.contains('\\') {
            return Err(beyond());
        }
        rest = behind;
        steps.push(Step::Member(key));
    }
    Ok(steps)
}

fn parsed(value: &Datum) -> Evaluation<Json> {
    if matches!(value, Datum::Bytes(_)) {
        return Err(beyond());
    }
    Json::parse(&plain_text(value, Dialect::Sqlite)).ok_or_else(|| refused("malformed JSON"))
}

fn refused(message: &str) -> Stop {
    Stop::fail(FailureKind::InvalidValue, message)
}

fn beyond() -> Stop {
    Stop::unsupported("this JSON path or value is not supported")
}

fn unquoted(text: &str) -> Evaluation<String> {
    serde_json::from_str(text).map_err(|_| beyond())
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

impl Json {
    fn word(word: &str) -> Self {
        Self::Atom(word.to_owned())
    }

    /// A value of SQL's.
    fn of(value: &Datum, given: Given) -> Evaluation<Self> {
        Ok(match value {
            Datum::Null => Self::word("null"),
            Datum::Int(_) | Datum::Float(_) => Self::Atom(plain_text(value, Dialect::Sqlite)),
            Datum::Bool(truth) => Self::Atom(i64::from(*truth).to_string()),
            Datum::Bytes(_) => return Err(refused("JSON cannot hold BLOB values")),
            Datum::Text(text) => match given {
                Given::Json => Self::parse(text).ok_or_else(beyond)?,
                Given::Either if text.trim_start().starts_with(['[', '{', '"']) => return Err(beyond()),
                Given::Text | Given::Either => Self::Atom(quoted(text)),
            },
            _ => return Err(beyond()),
        })
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::List(_) => "array",
            Self::Object(_) => "object",
            Self::Atom(text) => match text.as_str() {
                "null" => "null",
                "true" => "true",
                "false" => "false",
                text if text.starts_with('"') => "text",
                text if text.contains(['.', 'e', 'E']) => "real",
                _ => "integer",
            },
        }
    }

    fn parse(text: &str) -> Option<Self> {
        // What is JSON at all, another reader decides; this one keeps how it is written.
        serde_json::from_str::<serde::de::IgnoredAny>(text).ok()?;
        let (json, rest) = read(text, 0)?;
        rest.trim_start().is_empty().then_some(json)
    }
}

impl std::fmt::Display for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Atom(text) => f.write_str(text),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", items.join(","))
            }
            Self::Object(members) => {
                let members: Vec<String> = members.iter().map(|(name, value)| format!("{name}:{value}")).collect();
                write!(f, "{{{}}}", members.join(","))
            }
        }
    }
}

/// Reads a value, and gives what follows it.
fn read(text: &str, depth: u32) -> Option<(Json, &str)> {
    if depth > MAX_DEPTH {
        return None;
    }
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('[') {
        let mut items = Vec::new();
        loop {
            rest = rest.trim_start().trim_start_matches(',');
            if let Some(rest) = rest.trim_start().strip_prefix(']') {
                return Some((Json::List(items), rest));
            }
            let (item, after) = read(rest, depth + 1)?;
            items.push(item);
            rest = after;
        }
    }
    if let Some(mut rest) = text.strip_prefix('{') {
        let mut members = Vec::new();
        loop {
            rest = rest.trim_start().trim_start_matches(',');
            if let Some(rest) = rest.trim_start().strip_prefix('}') {
                return Some((Json::Object(members), rest));
            }
            let (Json::Atom(name), after) = read(rest, depth + 1)? else { return None };
            let (value, after) = read(after.trim_start().strip_prefix(':')?, depth + 1)?;
            members.push((name, value));
            rest = after;
        }
    }
    let end = match text.strip_prefix('"') {
        Some(inner) => 1 + closing(inner)? + 1,
        None => text.find([',', ']', '}', ':', ' ', '\t', '\n', '\r']).unwrap_or(text.len()),
    };
    let (atom, rest) = text.split_at_checked(end)?;
    Some((Json::Atom(atom.to_owned()), rest))
}

/// Where a string ends whose opening quote is gone.
fn closing(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends.then_some(at)
    })
}
