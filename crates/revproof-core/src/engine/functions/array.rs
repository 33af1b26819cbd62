//! Functions and operators on arrays of one dimension.

use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::{count, same, text};
use crate::op::{Datum, FailureKind};
use crate::schema::Dialect;

/// A function or operator on arrays; `None` where there is no such function for these arguments.
pub(in crate::engine) fn array_call(name: &str, args: &[Datum]) -> Option<Evaluation<Datum>> {
    let nested =
        |datum: &Datum| matches!(datum, Datum::List(items) if items.iter().any(|i| matches!(i, Datum::List(_))));
    if args.iter().any(nested) {
        return Some(Err(Stop::unsupported(format!("{name} of an array of arrays is not supported"))));
    }
    let alike = |a: &Datum, b: &Datum| same(a, b, Dialect::PostgreSql);
    let all_in = |a: &[Datum], b: &[Datum]| {
        a.iter().all(|item| *item != Datum::Null && b.iter().any(|other| alike(item, other)))
    };
    let number = |found: Option<usize>| found.map_or(Datum::Null, |at| Datum::Int(count(at)));
    Some(Ok(match (name, args) {
        ("array_append", [Datum::Null, item]) | ("array_prepend", [item, Datum::Null]) => {
            Datum::List(vec![item.clone()])
        }
        ("array_append", [Datum::List(items), item]) => joined(items, std::slice::from_ref(item)),
        ("array_prepend", [item, Datum::List(items)]) => joined(std::slice::from_ref(item), items),
        ("array_cat", [Datum::Null, array] | [array, Datum::Null]) => array.clone(),
        ("array_cat", [Datum::List(a), Datum::List(b)]) => joined(a, b),
        ("array_remove", [Datum::List(items), gone]) => {
            Datum::List(items.iter().filter(|item| !alike(item, gone)).cloned().collect())
        }
        ("array_replace", [Datum::List(items), old, new]) => {
            Datum::List(items.iter().map(|item| if alike(item, old) { new.clone() } else { item.clone() }).collect())
        }
        ("array_position", [Datum::List(items), wanted]) => {
            number(items.iter().position(|item| alike(item, wanted)).map(|at| at + 1))
        }
        ("array_to_string", [Datum::List(items), Datum::Text(between), rest @ ..]) => {
            let shown = items.iter().filter_map(|item| match (item, rest.first()) {
                (Datum::Null, Some(Datum::Text(null))) => Some(null.as_ref().to_owned()),
                (Datum::Null, _) => None,
                (Datum::Bool(b), _) => Some(String::from(if *b { "t" } else { "f" })),
                (item, _) => Some(text(item).into_owned()),
            });
            Datum::Text(shown.collect::<Vec<_>>().join(between).into())
        }
        ("string_to_array", [Datum::Text(text), between, rest @ ..]) => {
            let parts: Vec<String> = match between {
                _ if text.is_empty() => Vec::new(),
                Datum::Null => text.chars().map(String::from).collect(),
                Datum::Text(between) if between.is_empty() => vec![text.as_ref().to_owned()],
                Datum::Text(between) => text.split(&**between).map(str::to_owned).collect(),
                _ => return None,
            };
            let null = |part: &str| matches!(rest.first(), Some(Datum::Text(null)) if **null == *part);
            let item = |part: String| if null(&part) { Datum::Null } else { Datum::Text(part.into()) };
            Datum::List(parts.into_iter().map(item).collect())
        }
        (_, args) if args.contains(&Datum::Null) => Datum::Null,
        ("array_length" | "array_upper", [Datum::List(items), Datum::Int(dimension)]) => {
            number((*dimension == 1 && !items.is_empty()).then_some(items.len()))
        }
        ("array_lower", [Datum::List(items), Datum::Int(dimension)]) => {
            number((*dimension == 1 && !items.is_empty()).then_some(1))
        }
        ("cardinality", [Datum::List(items)]) => Datum::Int(count(items.len())),
        ("@>", [Datum::List(a), Datum::List(b)]) => Datum::Bool(all_in(b, a)),
        ("<@", [Datum::List(a), Datum::List(b)]) => Datum::Bool(all_in(a, b)),
        ("&&", [Datum::List(a), Datum::List(b)]) => {
            Datum::Bool(a.iter().any(|item| *item != Datum::Null && b.iter().any(|other| alike(item, other))))
        }
        ("[]", [Datum::List(items), Datum::Int(at)]) => {
            let place = at.checked_sub(1).and_then(|at| usize::try_from(at).ok());
            place.and_then(|at| items.get(at)).cloned().unwrap_or(Datum::Null)
        }
        ("array_fill", [_, _]) => return Some(Err(Stop::unsupported("array_fill is not supported"))),
        _ => return None,
    }))
}

fn joined(a: &[Datum], b: &[Datum]) -> Datum {
    Datum::List(a.iter().chain(b).cloned().collect())
}

/// The members of an array literal as PostgreSQL reads it: `{a,"b c",NULL,{…}}`.
pub(in crate::engine) fn read_array(
    literal: &str,
    member: &mut dyn FnMut(&str) -> Result<Datum, crate::engine::cast::CastError>,
) -> Result<Datum, crate::engine::cast::CastError> {
    let malformed = || {
        let message = format!("malformed array literal: \"{literal}\"");
        crate::engine::cast::CastError::Refused(FailureKind::InvalidValue, message)
    };
    let mut open: Vec<Vec<Datum>> = Vec::new();
    let mut rest = literal.trim();
    // Whether a member has just ended, so that a comma or a bracket has to follow.
    let mut ended = false;
    loop {
        let Some(first) = rest.chars().next() else { return Err(malformed()) };
        let after = rest.get(first.len_utf8()..).unwrap_or_default().trim_start();
        match first {
            '{' if !ended && open.len() < 6 => {
                open.push(Vec::new());
                rest = after;
                continue;
            }
            '}' => {
                let list = Datum::List(open.pop().ok_or_else(malformed)?);
                match open.last_mut() {
                    Some(outer) => outer.push(list),
                    None if after.is_empty() => return Ok(list),
                    None => return Err(malformed()),
                }
                rest = after;
                ended = true;
                continue;
            }
            ',' if ended => {
                rest = after;
                ended = false;
                continue;
            }
            ',' => return Err(malformed()),
            _ if ended => return Err(malformed()),
            _ => {}
        }
        let (text, quoted, after) = read_member(rest).ok_or_else(malformed)?;
        let datum = if !quoted && text.eq_ignore_ascii_case("null") { Datum::Null } else { member(&text)? };
        open.last_mut().ok_or_else(malformed)?.push(datum);
        rest = after;
        ended = true;
    }
}

/// A member, whether it is in quotes, and what follows it.
fn read_member(text: &str) -> Option<(String, bool, &str)> {
    let quoted = text.starts_with('"');
    let mut out = String::new();
    let mut chars = text.char_indices().skip(usize::from(quoted));
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => out.push(chars.next()?.1),
            '"' if quoted => return Some((out, true, text.get(at + 1..)?.trim_start())),
            ',' | '}' if !quoted => {
                let bare = out.trim_end().to_owned();
                return (!bare.is_empty()).then_some((bare, false, text.get(at..)?));
            }
            '"' | '{' if !quoted => return None,
            c => out.push(c),
        }
    }
    None
}
