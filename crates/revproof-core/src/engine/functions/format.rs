//! PostgreSQL's `format`, and how it quotes names and text.

use crate::engine::stop::{Evaluation, Stop};
use crate::op::{Datum, FailureKind};

/// The keywords that are quoted where they are names: all but the unreserved ones.
const KEYWORDS: &str = "\
    all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both \
    case cast char character check coalesce collate collation column concurrently constraint create cross \
    current_catalog current_date current_role current_schema current_time current_timestamp current_user dec \
    decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign \
    freeze from full grant greatest group grouping having ilike in initially inner inout int integer intersect \
    interval into is isnull join lateral leading least left like limit localtime localtimestamp national natural \
    nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay \
    placing position precision primary real references returning right row select session_user setof similar \
    smallint some substring symmetric table tablesample then time timestamp to trailing treat trim true union \
    unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement \
    xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable";

/// What a function of this family gives for texts.
pub(in crate::engine) fn quoting_call(name: &str, values: &[Datum]) -> Evaluation<Datum> {
    let text = |datum: &Datum| match datum {
        Datum::Text(text) => Some(text.clone()),
        _ => None,
    };
    let texts: Vec<_> = values.iter().map(text).collect();
    let shown: Vec<Option<&str>> = texts.iter().map(|text| text.as_deref()).collect();
    let made = match (name, shown.as_slice()) {
        ("quote_nullable", [None]) => Some(String::from("NULL")),
        ("format", [Some(pattern), args @ ..]) => Some(formatted(pattern, args)?),
        ("quote_ident", [Some(name)]) => Some(quoted_ident(name)),
        (_, [Some(text), ..]) => Some(quoted_literal(text)),
        _ => None,
    };
    Ok(made.map_or(Datum::Null, |made| Datum::Text(made.into())))
}

/// `format`: the pattern, and the texts that go into it; `None` is NULL.
fn formatted(pattern: &str, args: &[Option<&str>]) -> Evaluation<String> {
    let mut out = String::with_capacity(pattern.len());
    let mut next = 0;
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = after.split_at(digits);
        let (at, tail) = match (number.parse::<usize>(), tail.strip_prefix('$')) {
            (Ok(0), Some(_)) => {
                return Err(refused("format specifies argument 0, but arguments are numbered from 1"));
            }
            (Ok(number), Some(tail)) => (number - 1, tail),
            _ if number.is_empty() => (next, tail),
            _ => return Err(Stop::unsupported("the width of a part of format is not supported")),
        };
        let mut chars = tail.chars();
        let kind = chars.next().ok_or_else(|| refused("unterminated format() type specifier"))?;
        if kind == '-' || kind == '*' {
            return Err(Stop::unsupported("the width of a part of format is not supported"));
        }
        if !matches!(kind, 's' | 'I' | 'L') {
            return Err(refused(&format!("unrecognized format() type specifier \"{kind}\"")));
        }
        let Some(arg) = args.get(at) else { return Err(refused("too few arguments for format()")) };
        match (kind, arg) {
            ('s', arg) => out.push_str(arg.unwrap_or_default()),
            ('I', Some(name)) => out.push_str(&quoted_ident(name)),
            ('I', None) => return Err(refused("null values cannot be formatted as an SQL identifier")),
            (_, Some(text)) => out.push_str(&quoted_literal(text)),
            (_, None) => out.push_str("NULL"),
        }
        next = at + 1;
        rest = chars.as_str();
    }
    out.push_str(rest);
    Ok(out)
}

/// `quote_ident`.
fn quoted_ident(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !KEYWORDS.split_whitespace().any(|word| word == name);
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// `quote_literal`.
fn quoted_literal(text: &str) -> String {
    let doubled = text.replace('\'', "''").replace('\\', "\\\\");
    let escaped = if text.contains('\\') { "E" } else { "" };
    format!("{escaped}'{doubled}'")
}

fn refused(message: &str) -> Stop {
    Stop::fail(FailureKind::InvalidValue, message)
}
