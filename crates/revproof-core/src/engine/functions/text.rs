//! Functions on text.

use md5::{Digest, Md5};

use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::count;
use crate::op::{Datum, FailureKind};

/// The longest text that a function may make.
const LONGEST: i64 = 1_000_000;

/// A function that gives text or a number out of text; `None` where there is no such function. No argument is NULL.
pub(in crate::engine) fn textual(name: &str, args: &[Datum]) -> Option<Evaluation<Datum>> {
    let text = |at: usize| match args.get(at) {
        Some(Datum::Text(t)) => Some(&**t),
        _ => None,
    };
    let number = |at: usize| match args.get(at) {
        Some(Datum::Int(i)) => Some(*i),
        _ => None,
    };
    let first = text(0)?;
    Some(Ok(match (name, args.len()) {
        ("lower", 1) => made(first.to_lowercase()),
        ("upper", 1) => made(first.to_uppercase()),
        ("initcap", 1) => made(initcap(first)),
        ("btrim" | "trim", 1) => made(first.trim_matches(' ')),
        ("ltrim", 1) => made(first.trim_start_matches(' ')),
        ("rtrim", 1) => made(first.trim_end_matches(' ')),
        ("btrim" | "trim", 2) => made(first.trim_matches(|c| text(1).is_some_and(|set| set.contains(c)))),
        ("ltrim", 2) => made(first.trim_start_matches(|c| text(1).is_some_and(|set| set.contains(c)))),
        ("rtrim", 2) => made(first.trim_end_matches(|c| text(1).is_some_and(|set| set.contains(c)))),
        ("length" | "char_length" | "character_length", 1) => Datum::Int(count(first.chars().count())),
        ("octet_length", 1) => Datum::Int(count(first.len())),
        ("substr" | "substring" | "mid", 2 | 3) => match substring(first, number(1)?, number(2)) {
            Some(part) => made(part),
            None => return Some(Err(Stop::fail(FailureKind::InvalidValue, "negative substring length not allowed"))),
        },
        ("left", 2) => made(ends(first, number(1)?, true)),
        ("right", 2) => made(ends(first, number(1)?, false)),
        ("lpad", 2 | 3) => made(pad(first, number(1)?, text(2).unwrap_or(" "), true)?),
        ("rpad", 2 | 3) => made(pad(first, number(1)?, text(2).unwrap_or(" "), false)?),
        ("replace", 3) if text(1)?.is_empty() => made(first),
        ("replace", 3) => made(first.replace(text(1)?, text(2)?)),
        ("repeat", 2) => {
            let times = number(1)?.max(0);
            if times.saturating_mul(count(first.len())) > LONGEST {
                return None;
            }
            made(first.repeat(usize::try_from(times).ok()?))
        }
        ("reverse", 1) => made(first.chars().rev().collect::<String>()),
        ("split_part", 3) => match split_part(first, text(1)?, number(2)?) {
            Some(part) => made(part),
            None => return Some(Err(Stop::fail(FailureKind::InvalidValue, "field position must not be zero"))),
        },
        ("strpos" | "position" | "instr", 2) => Datum::Int(position(first, text(1)?)),
        ("starts_with", 2) => Datum::Bool(first.starts_with(text(1)?)),
        ("translate", 3) => made(translate(first, text(1)?, text(2)?)),
        ("ascii", 1) => Datum::Int(first.chars().next().map_or(0, |c| i64::from(u32::from(c)))),
        ("md5", 1) => {
            let digest = Md5::digest(first.as_bytes());
            made(digest.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}")))
        }
        _ => return None,
    }))
}

fn made(text: impl AsRef<str>) -> Datum {
    Datum::Text(text.as_ref().into())
}

fn initcap(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.extend(c.to_uppercase());
        }
        inside = c.is_alphanumeric();
    }
    out
}

/// The characters from a position, which may lie before the first; `None` for a negative length.
fn substring(text: &str, from: i64, count: Option<i64>) -> Option<String> {
    let end = match count {
        Some(count) if count < 0 => return None,
        Some(count) => from.saturating_add(count),
        None => i64::MAX,
    };
    let places = (1_i64..).zip(text.chars());
    Some(places.filter(|(at, _)| *at >= from && *at < end).map(|(_, c)| c).collect())
}

/// The first or last characters; a negative number leaves so many out.
fn ends(text: &str, count: i64, first: bool) -> String {
    let len = text.chars().count();
    let wanted = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
    let kept = if count < 0 { len.saturating_sub(wanted) } else { wanted.min(len) };
    if first { text.chars().take(kept).collect() } else { text.chars().skip(len - kept).collect() }
}

fn pad(text: &str, length: i64, fill: &str, left: bool) -> Option<String> {
    if length > LONGEST {
        return None;
    }
    let length = usize::try_from(length.max(0)).ok()?;
    let len = text.chars().count();
    if len >= length || fill.is_empty() {
        return Some(text.chars().take(length).collect());
    }
    let padding: String = fill.chars().cycle().take(length - len).collect();
    Some(if left { format!("{padding}{text}") } else { format!("{text}{padding}") })
}

fn split_part<'t>(text: &'t str, separator: &str, field: i64) -> Option<&'t str> {
    if field == 0 {
        return None;
    }
    let parts: Vec<&str> = if separator.is_empty() { vec![text] } else { text.split(separator).collect() };
    let place = usize::try_from(field.unsigned_abs()).unwrap_or(usize::MAX);
    let at = if field > 0 { Some(place - 1) } else { parts.len().checked_sub(place) };
    Some(at.and_then(|at| parts.get(at).copied()).unwrap_or_default())
}

fn position(text: &str, part: &str) -> i64 {
    let Some(at) = text.find(part) else { return 0 };
    text.get(..at).map_or(0, |before| count(before.chars().count())) + 1
}

fn translate(text: &str, from: &str, to: &str) -> String {
    let map = |c: char| match from.chars().position(|f| f == c) {
        Some(at) => to.chars().nth(at),
        None => Some(c),
    };
    text.chars().filter_map(map).collect()
}

/// `LIKE`: `%` is any text, `_` any character.
pub(in crate::engine) fn like(text: &str, pattern: &str, escape: Option<char>, fold: bool) -> bool {
    let prepare =
        |s: &str| -> Vec<char> { if fold { s.to_lowercase().chars().collect() } else { s.chars().collect() } };
    let (text, pattern) = (prepare(text), prepare(pattern));
    let tokens = tokens(&pattern, escape);
    // The classic walk with one place to come back to: the last `%`.
    let (mut at, mut token) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while at < text.len() {
        match tokens.get(token) {
            Some(Token::Any) => {
                back = Some((token, at));
                token += 1;
                continue;
            }
            Some(Token::One) => {
                at += 1;
                token += 1;
                continue;
            }
            Some(Token::Char(c)) if text.get(at) == Some(c) => {
                at += 1;
                token += 1;
                continue;
            }
            _ => {}
        }
        let Some((any, from)) = back else { return false };
        back = Some((any, from + 1));
        at = from + 1;
        token = any + 1;
    }
    tokens.iter().skip(token).all(|t| matches!(t, Token::Any))
}

enum Token {
    Any,
    One,
    Char(char),
}

fn tokens(pattern: &[char], escape: Option<char>) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(pattern.len());
    let mut chars = pattern.iter();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            c if Some(*c) == escape => Token::Char(chars.next().copied().unwrap_or(*c)),
            '%' => Token::Any,
            '_' => Token::One,
            c => Token::Char(*c),
        });
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, args: &[Datum], expected: &str) {
        let result = textual(name, args).expect("a known function").expect("a value");
        assert_eq!(crate::engine::value::text(&result), expected, "{name}");
    }

    #[test]
    fn functions_give_what_postgresql_gives() {
        let t = |s: &str| Datum::Text(s.into());
        check("substr", &[t("alphabet"), Datum::Int(3), Datum::Int(2)], "ph");
        check("substr", &[t("alphabet"), Datum::Int(-1), Datum::Int(4)], "al");
        check("split_part", &[t("abc~@~def~@~ghi"), t("~@~"), Datum::Int(2)], "def");
        check("split_part", &[t("a,b"), t(","), Datum::Int(5)], "");
        check("initcap", &[t("hi THOMAS")], "Hi Thomas");
        check("left", &[t("abcde"), Datum::Int(-2)], "abc");
        check("right", &[t("abcde"), Datum::Int(2)], "de");
        check("lpad", &[t("hi"), Datum::Int(5), t("xy")], "xyxhi");
        check("md5", &[t("abc")], "900150983cd24fb0d6963f7d28e17f72");
        check("translate", &[t("12345"), t("143"), t("ax")], "a2x5");
        check("strpos", &[t("high"), t("ig")], "2");
        check("btrim", &[t("xyxtrimyyx"), t("xyz")], "trim");
    }

    #[test]
    fn like_knows_its_two_signs_and_the_escape() {
        let check = |text: &str, pattern: &str, expected: bool| {
            assert_eq!(like(text, pattern, Some('\\'), false), expected, "{text} LIKE {pattern}");
        };
        check("abc", "a%", true);
        check("abc", "%c", true);
        check("abc", "a_c", true);
        check("abc", "A%", false);
        check("a%c", "a\\%c", true);
        check("abc", "a\\%c", false);
        check("aXbXc", "a%b%c", true);
        check("", "%", true);
        check("", "_", false);
    }
}
