//! PostgreSQL's regular expressions, as far as they mean the same to `regex-lite`.
//!
//! PostgreSQL takes the longest match, where others take the first alternative. Where a pattern could tell the two
//! apart, only whether it matches is asked, or both orders of its alternatives are tried.

use regex_lite::{Captures, Regex, RegexBuilder};

use crate::engine::stop::{Evaluation, Stop};
use crate::op::Datum;

fn beyond() -> Stop {
    Stop::unsupported("this regular expression is not supported")
}

/// Whether a text matches.
pub(in crate::engine) fn regex_matches(text: &str, pattern: &str, fold: bool) -> Evaluation<bool> {
    Ok(compiled(pattern, text, fold)?.is_match(text))
}

/// Refuses to say anything of a pattern that may be none, whether or not we can match with it.
pub(in crate::engine) fn check_pattern(pattern: &str) -> Evaluation<()> {
    let twice =
        pattern.as_bytes().windows(2).any(|pair| matches!(pair, [b'*' | b'+' | b'?' | b'}', b'*' | b'+' | b'{']));
    let named = pattern.contains("(?P") || pattern.contains("(?<");
    let read = !twice && (compiled(pattern, "", false).is_ok() || !named && Regex::new(pattern).is_ok());
    if read { Ok(()) } else { Err(beyond()) }
}

/// Functions with a regular expression; `None` where there is no such function. No argument is NULL.
pub(in crate::engine) fn regex_call(name: &str, args: &[Datum]) -> Option<Evaluation<Datum>> {
    let text = |at: usize| match args.get(at) {
        Some(Datum::Text(text)) => Some(&**text),
        _ => None,
    };
    let (subject, pattern) = (text(0)?, text(1)?);
    let (replacement, flags) = match name {
        "regexp_replace" => (text(2)?, text(3).unwrap_or_default()),
        _ => ("", text(2).unwrap_or_default()),
    };
    if flags.chars().any(|flag| !matches!(flag, 'g' | 'i')) {
        return Some(Err(beyond()));
    }
    let (all, fold) = (flags.contains('g'), flags.contains('i'));
    let mut results = Vec::new();
    let Some(patterns) = orders(pattern) else { return Some(Err(beyond())) };
    for pattern in patterns {
        let result = compiled(&pattern, subject, fold).and_then(|regex| match name {
            "regexp_replace" => replaced(&regex, subject, replacement, all),
            "regexp_match" | "substring" => {
                let found = regex.captures(subject).map(|found| groups(&found));
                Ok(match (name, found) {
                    (_, None) => Datum::Null,
                    ("substring", Some(mut groups)) => groups.drain(..1).next().unwrap_or(Datum::Null),
                    (_, Some(groups)) => Datum::List(groups),
                })
            }
            "regexp_matches" => {
                let found = regex.captures_iter(subject).take(if all { usize::MAX } else { 1 });
                Ok(Datum::List(found.map(|found| Datum::List(groups(&found))).collect()))
            }
            _ => {
                if regex.find_iter(subject).any(|found| found.range().is_empty()) {
                    return Err(beyond());
                }
                Ok(Datum::List(regex.split(subject).map(|part| Datum::Text(part.into())).collect()))
            }
        });
        match result {
            Ok(result) => results.push(result),
            Err(stop) => return Some(Err(stop)),
        }
    }
    let first = results.first().cloned()?;
    Some(if results.iter().all(|result| *result == first) { Ok(first) } else { Err(beyond()) })
}

/// What the groups have caught, or the whole match where there are none.
fn groups(found: &Captures<'_>) -> Vec<Datum> {
    let from = usize::from(found.len() > 1);
    let caught = |at: usize| found.get(at).map_or(Datum::Null, |part| Datum::Text(part.as_str().into()));
    (from..found.len()).map(caught).collect()
}

fn replaced(regex: &Regex, text: &str, replacement: &str, all: bool) -> Evaluation<Datum> {
    let mut out = String::new();
    let mut done = 0;
    for found in regex.captures_iter(text).take(if all { usize::MAX } else { 1 }) {
        let Some(whole) = found.get(0) else { continue };
        if whole.range().is_empty() && all {
            return Err(beyond());
        }
        out.push_str(text.get(done..whole.start()).unwrap_or_default());
        let mut chars = replacement.chars();
        while let Some(c) = chars.next() {
            match (c, if c == '\\' { chars.next() } else { None }) {
                ('\\', Some('&')) => out.push_str(whole.as_str()),
                ('\\', Some(digit)) if digit.is_ascii_digit() => {
                    let group = digit.to_digit(10).and_then(|at| found.get(at as usize));
                    out.push_str(group.map(|group| group.as_str()).unwrap_or_default());
                }
                ('\\', Some(other)) => out.push(other),
                (c, _) => out.push(c),
            }
        }
        done = whole.end();
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Ok(Datum::Text(out.into()))
}

/// The pattern, with its two alternatives in both orders; `None` where more than that may tell the longest match from
/// the first one.
fn orders(pattern: &str) -> Option<Vec<String>> {
    let bytes = pattern.as_bytes();
    let repeated = |at: usize| bytes.get(at + 1).is_some_and(|next| b"*+?{".contains(next));
    if bytes.iter().enumerate().any(|(at, byte)| *byte == b')' && repeated(at)) {
        return None;
    }
    if !pattern.contains('|') {
        return Some(vec![pattern.to_owned()]);
    }
    let inner = pattern.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let (open, body, close) = inner.map_or(("", pattern, ""), |inner| ("(", inner, ")"));
    let (first, second) = body.split_once('|')?;
    if second.contains('|') || body.contains(['(', ')', '[']) && body.matches('[').count() != body.matches(']').count()
    {
        return None;
    }
    if body.contains(['(', ')']) {
        return None;
    }
    Some(vec![pattern.to_owned(), format!("{open}{second}|{first}{close}")])
}

fn compiled(pattern: &str, text: &str, fold: bool) -> Evaluation<Regex> {
    let (converted, classes) = converted(pattern).ok_or_else(beyond)?;
    if !text.is_ascii() && (classes || fold) {
        // Which letters there are beside those of ASCII depends on the server's locale.
        return Err(beyond());
    }
    let mut builder = RegexBuilder::new(&converted);
    builder.dot_matches_new_line(true).case_insensitive(fold).size_limit(1 << 20);
    builder.build().map_err(|_| beyond())
}

/// The pattern as `regex-lite` reads it, and whether it has classes of characters.
fn converted(pattern: &str) -> Option<(String, bool)> {
    let mut out = String::new();
    let mut classes = false;
    let mut bracket = false;
    let mut chars = pattern.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let escaped = chars.next()?;
                match escaped {
                    'd' | 'D' | 'w' | 'W' | 's' | 'S' => {
                        classes = true;
                        out.push('\\');
                        out.push(escaped);
                    }
                    'n' | 't' | 'r' => {
                        out.push('\\');
                        out.push(escaped);
                    }
                    'y' if !bracket => out.push_str("\\b"),
                    'm' if !bracket => out.push_str("\\b{start}"),
                    'M' if !bracket => out.push_str("\\b{end}"),
                    'A' if !bracket => out.push_str("\\A"),
                    'Z' if !bracket => out.push_str("\\z"),
                    c if c.is_ascii_alphanumeric() => return None,
                    c => out.push_str(&regex_lite::escape(&c.to_string())),
                }
            }
            '[' if bracket => match chars.peek() {
                Some(':') => {
                    classes = true;
                    out.push('[');
                    for c in chars.by_ref() {
                        out.push(c);
                        if c == ']' {
                            break;
                        }
                    }
                }
                Some('.' | '=') => return None,
                _ => out.push_str("\\["),
            },
            '[' => {
                bracket = true;
                out.push('[');
                if chars.peek() == Some(&'^') {
                    chars.next();
                    out.push('^');
                }
                if chars.peek() == Some(&']') {
                    chars.next();
                    out.push_str("\\]");
                }
            }
            ']' if bracket => {
                bracket = false;
                out.push(']');
            }
            '&' | '~' if bracket => {
                out.push('\\');
                out.push(c);
            }
            '(' if !bracket && chars.peek() == Some(&'?') => return None,
            // What takes as little as it can has rules of its own there.
            '?' if !bracket && "*+?}".contains(before) => return None,
            c => out.push(c),
        }
        before = if bracket { ' ' } else { c };
    }
    (!bracket).then_some((out, classes))
}
