//! JSON, as PostgreSQL's `jsonb` keeps it: numbers with their digits, keys in its order, the last of equal keys.

use crate::engine::decimal::Decimal;
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::{count, text};
use crate::op::{Datum, FailureKind};

/// How deep values may nest.
const MAX_DEPTH: u32 = 64;

/// A JSON value.
#[derive(Clone, PartialEq)]
enum Json {
    /// `null`, `true`, `false`.
    Word(&'static str),
    /// The digits.
    Number(String),
    Text(String),
    List(Vec<Json>),
    /// In order of keys.
    Object(Vec<(String, Json)>),
}

/// The text by which `jsonb` is known; `None` where it is none, or beyond us.
pub(in crate::engine) fn canonical(json: &str) -> Option<String> {
    Json::parse(json).map(|json| json.to_string())
}

/// `json -> path`, `json ->> path`, and along several steps `#>` and `#>>`. Of `json`, which keeps its text as it was
/// given, only what has one form can be told.
pub(in crate::engine) fn json_get(json: &str, path: &[Datum], as_text: bool, binary: bool) -> Evaluation<Datum> {
    let mut value = parsed(json)?;
    for step in path {
        let found = match (step, value) {
            (Datum::Text(key), Json::Object(members)) => {
                members.into_iter().find(|(name, _)| **name == **key).map(|(_, value)| value)
            }
            (step, Json::List(items)) => place(step, items.len()).and_then(|at| items.into_iter().nth(at)),
            _ => None,
        };
        match found {
            Some(found) => value = found,
            None => return Ok(Datum::Null),
        }
    }
    shown(value, as_text, binary)
}

/// A part of a value, as `->` or `->>` gives it.
fn shown(value: Json, as_text: bool, binary: bool) -> Evaluation<Datum> {
    Ok(match value {
        Json::Word("null") if as_text => Datum::Null,
        Json::Text(text) if as_text => Datum::Text(text.into()),
        Json::List(_) | Json::Object(_) | Json::Number(_) if !binary => {
            return Err(Stop::unsupported("a part of a json value is as it was written, which is not simulated"));
        }
        value if as_text => Datum::Text(value.to_string().into()),
        value => Datum::Json(value.to_string().into()),
    })
}

/// The rows that a function makes of a value: its members, or its keys.
pub(in crate::engine) fn json_rows(name: &str, json: &str) -> Evaluation<Vec<Vec<Datum>>> {
    let (binary, as_text) = (name.starts_with("jsonb"), name.ends_with("_text"));
    let refused = |what: &str| Err(Stop::fail(FailureKind::InvalidValue, format!("cannot {what}")));
    let keys = name.ends_with("_object_keys");
    match (parsed(json)?, name.contains("_elements")) {
        (Json::List(items), true) => {
            items.into_iter().map(|item| shown(item, as_text, binary).map(|item| vec![item])).collect()
        }
        (_, true) => refused("extract elements from something other than an array"),
        // Of json, which keeps its members in the order in which they are written, one may stand alone.
        (Json::Object(members), false) if !binary && members.len() > 1 => {
            Err(Stop::unsupported("the order of the members of a json value is not simulated"))
        }
        (Json::Object(members), false) => members
            .into_iter()
            .map(|(key, value)| {
                let key = Datum::Text(key.into());
                if keys { Ok(vec![key]) } else { Ok(vec![key, shown(value, as_text, binary)?]) }
            })
            .collect(),
        (_, false) => refused("deconstruct something other than an object"),
    }
}

/// Whether two values of `jsonb` are the same.
pub(in crate::engine) fn json_equal(a: &str, b: &str) -> Evaluation<bool> {
    Ok(alike(&parsed(a)?, &parsed(b)?))
}

/// Functions and operators on `jsonb`; `None` where there is no such function. No argument of an operator is NULL.
pub(in crate::engine) fn json_call(name: &str, args: &[Datum]) -> Option<Evaluation<Datum>> {
    let json = |at: usize| match args.get(at) {
        Some(Datum::Json(json)) => parsed(json),
        _ => Err(Stop::unsupported(format!("{name} of this is not supported"))),
    };
    let made = |json: Json| Datum::Json(json.to_string().into());
    let result = match (name, args) {
        ("to_jsonb", [value]) => from_datum(value).map(made),
        ("jsonb_build_array", values) => {
            values.iter().map(from_datum).collect::<Evaluation<_>>().map(|items| made(Json::List(items)))
        }
        ("jsonb_build_object", values) if values.len() % 2 == 0 => object(values).map(made),
        ("to_json", [value]) => plain_json(value).map(|json| Datum::Json(json.into())),
        ("json_build_array", values) => {
            let items: Evaluation<Vec<String>> = values.iter().map(plain_json).collect();
            items.map(|items| Datum::Json(format!("[{}]", items.join(", ")).into()))
        }
        ("json_build_object", values) if values.len() % 2 == 0 => {
            members_text(values).map(|members| Datum::Json(format!("{{{members}}}").into()))
        }
        ("json_object_agg", values) if values.len() % 2 == 0 => {
            members_text(values).map(|members| Datum::Json(format!("{{ {members} }}").into()))
        }
        (_, values) if values.contains(&Datum::Null) => Ok(Datum::Null),
        ("jsonb_typeof", [_]) => json(0).map(|json| Datum::Text(json.kind().into())),
        ("jsonb_array_length", [_]) => json(0).and_then(|json| match json {
            Json::List(items) => Ok(Datum::Int(count(items.len()))),
            _ => Err(Stop::fail(FailureKind::InvalidValue, "cannot get array length of a non-array")),
        }),
        ("-", [_, key]) => json(0).and_then(|json| without(json, key)).map(made),
        ("||", [_, _]) => json(0).and_then(|a| Ok(made(joined(a, json(1)?)))),
        ("?", [_, Datum::Text(key)]) => json(0).map(|json| {
            Datum::Bool(match &json {
                Json::Object(members) => members.iter().any(|(name, _)| **name == **key),
                Json::List(items) => items.iter().any(|item| matches!(item, Json::Text(text) if **text == **key)),
                Json::Text(text) => **text == **key,
                _ => false,
            })
        }),
        ("?|" | "?&", [_, Datum::List(keys)]) => json(0).map(|json| {
            let has = |key: &Datum| match (&json, key) {
                (Json::Object(members), Datum::Text(key)) => members.iter().any(|(name, _)| **name == **key),
                (Json::List(items), Datum::Text(key)) => {
                    items.iter().any(|item| matches!(item, Json::Text(text) if **text == **key))
                }
                _ => false,
            };
            Datum::Bool(if name == "?|" { keys.iter().any(has) } else { keys.iter().all(has) })
        }),
        ("#-", [_, Datum::List(path)]) => json(0).and_then(|json| removed(json, path)).map(made),
        ("jsonb_strip_nulls", [_]) => json(0).map(|json| made(stripped(json))),
        ("@>", [_, _]) => json(0).and_then(|a| Ok(Datum::Bool(contains(&a, &json(1)?)))),
        ("jsonb_set", [_, Datum::List(path), _, rest @ ..]) => {
            let create = !matches!(rest, [Datum::Bool(false)]);
            json(0).and_then(|whole| Ok(made(set(whole, path, json(2)?, create)?)))
        }
        _ => return None,
    };
    Some(result)
}

fn parsed(json: &str) -> Evaluation<Json> {
    Json::parse(json).ok_or_else(|| Stop::unsupported("this JSON is not simulated"))
}

/// The place that an index names, counted from the end where it is negative.
fn place(step: &Datum, len: usize) -> Option<usize> {
    let at: i64 = match step {
        Datum::Int(at) => *at,
        Datum::Text(text) => text.parse().ok()?,
        _ => return None,
    };
    usize::try_from(if at < 0 { count(len).saturating_add(at) } else { at }).ok()
}

fn from_datum(value: &Datum) -> Evaluation<Json> {
    Ok(match value {
        Datum::Null => Json::Word("null"),
        Datum::Bool(b) => Json::Word(if *b { "true" } else { "false" }),
        Datum::Int(_) | Datum::Decimal(_) => Json::Number(text(value).into_owned()),
        Datum::Text(text) | Datum::Uuid(text) | Datum::Date(text) => Json::Text(text.as_ref().to_owned()),
        Datum::Float(f) if f.is_finite() => Json::Number(text(value).into_owned()),
        Datum::Timestamp(at) => Json::Text(at.replacen(' ', "T", 1)),
        Datum::Json(json) => parsed(json)?,
        Datum::List(items) => Json::List(items.iter().map(from_datum).collect::<Evaluation<_>>()?),
        _ => return Err(Stop::unsupported("a value of this type in JSON is not supported")),
    })
}

fn object(values: &[Datum]) -> Evaluation<Json> {
    let mut members = Vec::with_capacity(values.len() / 2);
    for pair in values.chunks(2) {
        let [key, value] = pair else { continue };
        if *key == Datum::Null {
            return Err(Stop::fail(FailureKind::InvalidValue, "argument: key must not be null"));
        }
        if !matches!(key, Datum::Text(_) | Datum::Int(_)) {
            return Err(Stop::unsupported("a key of JSON that is neither text nor a number is not supported"));
        }
        members.push((text(key).into_owned(), from_datum(value)?));
    }
    Ok(Json::object(members))
}

/// A value as `json` writes it, which keeps the text of what is JSON already.
fn plain_json(value: &Datum) -> Evaluation<String> {
    match value {
        Datum::Json(json) => Ok(json.as_ref().to_owned()),
        Datum::List(items) => {
            let items: Evaluation<Vec<String>> = items.iter().map(plain_json).collect();
            items.map(|items| format!("[{}]", items.join(",")))
        }
        value => from_datum(value).map(|json| json.to_string()),
    }
}

/// Keys and values as `json` writes them.
fn members_text(values: &[Datum]) -> Evaluation<String> {
    let mut members = Vec::with_capacity(values.len() / 2);
    for pair in values.chunks(2) {
        let [key, value] = pair else { continue };
        let key = match key {
            Datum::Null => return Err(Stop::fail(FailureKind::InvalidValue, "null value not allowed for object key")),
            Datum::Text(_) | Datum::Int(_) => Json::Text(text(key).into_owned()),
            _ => return Err(Stop::unsupported("a key of JSON that is neither text nor a number is not supported")),
        };
        members.push(format!("{key} : {}", plain_json(value)?));
    }
    Ok(members.join(", "))
}

/// `#-`.
fn removed(json: Json, path: &[Datum]) -> Evaluation<Json> {
    let Some((step, rest)) = path.split_first() else { return Ok(json) };
    Ok(match json {
        Json::Object(mut members) => {
            let known = members.iter().position(|(name, _)| matches!(step, Datum::Text(key) if **name == **key));
            if let Some(at) = known {
                let (name, value) = members.remove(at);
                if !rest.is_empty() {
                    members.push((name, removed(value, rest)?));
                }
            }
            Json::object(members)
        }
        Json::List(mut items) => {
            let Some(at) = place(step, items.len()) else {
                return Err(Stop::unsupported("this path of #- is not supported"));
            };
            if at < items.len() {
                let value = items.remove(at);
                if !rest.is_empty() {
                    items.insert(at, removed(value, rest)?);
                }
            }
            Json::List(items)
        }
        _ => return Err(Stop::unsupported("#- of a value that is neither object nor array is not supported")),
    })
}

fn stripped(json: Json) -> Json {
    match json {
        Json::Object(members) => {
            let kept = members.into_iter().filter(|(_, value)| *value != Json::Word("null"));
            Json::object(kept.map(|(key, value)| (key, stripped(value))).collect())
        }
        Json::List(items) => Json::List(items.into_iter().map(stripped).collect()),
        other => other,
    }
}

fn without(json: Json, key: &Datum) -> Evaluation<Json> {
    Ok(match (json, key) {
        (Json::Object(mut members), Datum::Text(key)) => {
            members.retain(|(name, _)| **name != **key);
            Json::Object(members)
        }
        (Json::List(mut items), Datum::Text(key)) => {
            items.retain(|item| !matches!(item, Json::Text(text) if **text == **key));
            Json::List(items)
        }
        (Json::List(mut items), Datum::Int(_)) => {
            if let Some(at) = place(key, items.len()).filter(|at| *at < items.len()) {
                items.remove(at);
            }
            Json::List(items)
        }
        _ => return Err(Stop::unsupported("- of this JSON value is not supported")),
    })
}

fn joined(a: Json, b: Json) -> Json {
    let list = |json: Json| match json {
        Json::List(items) => items,
        other => vec![other],
    };
    match (a, b) {
        (Json::Object(a), Json::Object(b)) => Json::object(a.into_iter().chain(b).collect()),
        (a, b) => Json::List(list(a).into_iter().chain(list(b)).collect()),
    }
}

fn contains(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Object(a), Json::Object(b)) => {
            b.iter().all(|(key, value)| a.iter().any(|(name, own)| name == key && contains(own, value)))
        }
        (Json::List(a), Json::List(b)) => b.iter().all(|value| a.iter().any(|own| contains(own, value))),
        (Json::List(a), Json::Word(_) | Json::Number(_) | Json::Text(_)) => a.iter().any(|own| alike(own, b)),
        _ => alike(a, b),
    }
}

fn alike(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.parse::<f64>().ok() == b.parse::<f64>().ok(),
        (Json::List(a), Json::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((x, a), (y, b))| x == y && alike(a, b))
        }
        _ => a == b,
    }
}

/// `jsonb_set`: only the last step may name something that is not there.
fn set(json: Json, path: &[Datum], value: Json, create: bool) -> Evaluation<Json> {
    let Some((step, rest)) = path.split_first() else { return Ok(json) };
    Ok(match json {
        Json::Object(mut members) => {
            let Datum::Text(key) = step else {
                return Err(Stop::unsupported("this path of jsonb_set is not supported"));
            };
            let known = members.iter().position(|(name, _)| **name == **key);
            match known {
                Some(at) => {
                    let (name, old) = members.swap_remove(at);
                    members.push((name, if rest.is_empty() { value } else { set(old, rest, value, create)? }));
                }
                None if create && rest.is_empty() => members.push((key.as_ref().to_owned(), value)),
                None => {}
            }
            Json::object(members)
        }
        Json::List(mut items) => {
            let Some(at) = place(step, items.len()) else {
                return Err(Stop::unsupported("this path of jsonb_set is not supported"));
            };
            if at < items.len() {
                let old = items.remove(at);
                items.insert(at, if rest.is_empty() { value } else { set(old, rest, value, create)? });
            } else if create && rest.is_empty() {
                items.push(value);
            }
            Json::List(items)
        }
        _ => return Err(Stop::unsupported("jsonb_set of a value that is neither object nor array is not supported")),
    })
}

impl Json {
    fn parse(text: &str) -> Option<Self> {
        let (value, rest) = read(text, 0)?;
        rest.trim_start().is_empty().then_some(value)
    }

    /// An object of these members, in any order: of equal keys the last one counts.
    fn object(members: Vec<(String, Self)>) -> Self {
        let mut kept: Vec<(String, Self)> = Vec::with_capacity(members.len());
        for (key, value) in members {
            kept.retain(|(name, _)| *name != key);
            kept.push((key, value));
        }
        kept.sort_by(|(a, _), (b, _)| (a.len(), a).cmp(&(b.len(), b)));
        Self::Object(kept)
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Word("null") => "null",
            Self::Word(_) => "boolean",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::List(_) => "array",
            Self::Object(_) => "object",
        }
    }
}

impl std::fmt::Display for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Number(digits) => f.write_str(digits),
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", items.join(", "))
            }
            Self::Object(members) => {
                let member = |(key, value): &(String, Self)| format!("{}: {value}", quoted(key));
                write!(f, "{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// Reads a value, and gives what follows it.
fn read(text: &str, depth: u32) -> Option<(Json, &str)> {
    let text = text.trim_start();
    if depth > MAX_DEPTH {
        return None;
    }
    for word in ["null", "true", "false"] {
        if let Some(rest) = text.strip_prefix(word) {
            return Some((Json::Word(word), rest));
        }
    }
    match text.chars().next()? {
        '"' => read_text(text).map(|(text, rest)| (Json::Text(text), rest)),
        '[' => {
            let (items, rest) = read_list(text.get(1..)?, ']', |text| read(text, depth + 1))?;
            Some((Json::List(items), rest))
        }
        '{' => {
            let (members, rest) = read_list(text.get(1..)?, '}', |text| {
                let (key, rest) = read_text(text.trim_start())?;
                let (value, rest) = read(rest.trim_start().strip_prefix(':')?, depth + 1)?;
                Some(((key, value), rest))
            })?;
            Some((Json::object(members), rest))
        }
        _ => {
            let end = text.find(|c: char| !c.is_ascii_digit() && !"+-.eE".contains(c)).unwrap_or(text.len());
            let (digits, rest) = text.split_at(end);
            Decimal::parse(digits).map(|number| (Json::Number(number.to_string()), rest))
        }
    }
}

fn read_list<'t, T>(
    text: &'t str,
    end: char,
    mut item: impl FnMut(&'t str) -> Option<(T, &'t str)>,
) -> Option<(Vec<T>, &'t str)> {
    let mut items = Vec::new();
    let mut rest = text.trim_start();
    if let Some(after) = rest.strip_prefix(end) {
        return Some((items, after));
    }
    loop {
        let (next, after) = item(rest)?;
        items.push(next);
        let after = after.trim_start();
        if let Some(after) = after.strip_prefix(end) {
            return Some((items, after));
        }
        rest = after.strip_prefix(',')?;
    }
}

fn read_text(text: &str) -> Option<(String, &str)> {
    let mut escaped = false;
    let mut chars = text.char_indices().skip(1);
    let end = chars.find_map(|(at, c)| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends.then_some(at + 1)
    })?;
    let (quoted, rest) = text.split_at(end);
    serde_json::from_str(quoted).ok().map(|text| (text, rest))
}
