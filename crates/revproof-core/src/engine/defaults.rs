//! What a column gets where a statement gives it no value.

use super::cast::{Mode, cast};
use super::database::Database;
use super::expression::evaluate_alone;
use super::sequence::{count_up, counts, next_uuid, next_value};
use super::stop::{Evaluation, Stop};
use crate::op::Datum;
use crate::schema::{Column, Dialect, QName, Table};

/// The moment that `now()` gives, in UTC: the simulation has no clock, and what scripts date lies before it.
pub(super) const NOW: &str = "2030-01-01 00:00:00";

/// The value that a column gets by itself: its default, the next number, or NULL.
pub(super) fn default_value(db: &mut Database, table: &Table, column: &Column) -> Evaluation<Datum> {
    if counts(db.catalog.dialect, table, column) {
        return Ok(Datum::Int(count_up(db, table, column)));
    }
    let Some(text) = &column.default else { return Ok(Datum::Null) };
    let (value, mode) = match constant(text, db.catalog.dialect) {
        Some(Default::Value(value)) => (value, Mode::Literal),
        Some(Default::Sequence(name)) => (Datum::Int(next_value(db, &name)?), Mode::Assignment),
        Some(Default::Now) => (now(db.catalog.dialect), Mode::Assignment),
        Some(Default::Uuid) => (Datum::Uuid(next_uuid(db)), Mode::Assignment),
        None => (evaluate_alone(db, text, &column.ty)?, Mode::Literal),
    };
    to_column(db, column, &value, mode)
}

/// Whether the default is a constant, and which: what `ADD COLUMN` may write into every row at once.
pub(super) fn constant_default(db: &Database, column: &Column) -> Option<Datum> {
    let text = column.default.as_ref()?;
    let (value, mode) = match constant(text, db.catalog.dialect)? {
        Default::Value(value) => (value, Mode::Literal),
        Default::Now => (now(db.catalog.dialect), Mode::Assignment),
        Default::Sequence(_) | Default::Uuid => return None,
    };
    cast(&db.catalog, &value, &column.ty, mode).ok()
}

/// The value as one of the column's type.
pub(super) fn to_column(db: &Database, column: &Column, value: &Datum, mode: Mode) -> Evaluation<Datum> {
    cast(&db.catalog, value, &column.ty, mode).map_err(|error| {
        match error.failure(&db.catalog, &column.name, &column.ty) {
            Ok(failure) => Stop::from(failure),
            Err(why) => Stop::Unsupported(why),
        }
    })
}

/// The moment that `now()` gives.
pub(super) fn now(dialect: Dialect) -> Datum {
    match dialect {
        Dialect::PostgreSql => Datum::Timestamp(format!("{NOW}+00:00").into()),
        Dialect::Sqlite => Datum::Text(NOW.into()),
        Dialect::MySql => Datum::Timestamp(NOW.into()),
    }
}

/// A default that needs no evaluation.
enum Default {
    Value(Datum),
    Sequence(QName),
    Now,
    Uuid,
}

/// Reads the defaults that nearly all columns have without an SQL parser.
fn constant(text: &str, dialect: Dialect) -> Option<Default> {
    let text = unwrapped(text.trim());
    if let Some(value) = literal(text, dialect) {
        return Some(Default::Value(value));
    }
    let bare = text.split("::").next().unwrap_or(text).trim();
    let call = bare.to_ascii_lowercase();
    match call.as_str() {
        "now()" | "current_timestamp" | "current_timestamp()" | "localtimestamp" | "transaction_timestamp()"
            if bare.len() == text.len() =>
        {
            return Some(Default::Now);
        }
        "gen_random_uuid()" | "uuid_generate_v4()" if bare.len() == text.len() => return Some(Default::Uuid),
        _ => {}
    }
    let argument = text.strip_prefix("nextval('")?;
    let (name, rest) = argument.split_once('\'')?;
    matches!(rest, "::regclass)" | ")" | "::text)" | "::text::regclass)")
        .then(|| Default::Sequence(sequence_name(name)))
}

/// The name in `nextval('schema."Name"')`.
pub(super) fn sequence_name(text: &str) -> QName {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(std::mem::take(&mut part)),
            c if quoted => part.push(c),
            c => part.extend(c.to_lowercase()),
        }
    }
    let schema = parts.pop().filter(|s| s != "public");
    QName::in_schema(schema, part)
}

/// Takes away parentheses around the whole.
fn unwrapped(mut text: &str) -> &str {
    while let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        if inner.contains(['(', ')']) {
            break;
        }
        text = inner.trim();
    }
    text
}

/// A literal, with or without a cast behind it.
fn literal(text: &str, dialect: Dialect) -> Option<Datum> {
    if let Some(rest) = text.strip_prefix('\'') {
        return quoted(rest);
    }
    let (bare, cast) = text.split_once("::").unwrap_or((text, ""));
    if !is_type_name(cast) {
        return None;
    }
    match bare.to_ascii_lowercase().as_str() {
        "null" => return Some(Datum::Null),
        "true" => return Some(Datum::Bool(true)),
        "false" => return Some(Datum::Bool(false)),
        _ => {}
    }
    if let Ok(i) = bare.parse::<i64>() {
        return Some(Datum::Int(i));
    }
    let digits = bare.strip_prefix('-').unwrap_or(bare);
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Some(if dialect == Dialect::PostgreSql {
            Datum::Decimal(bare.into())
        } else {
            Datum::Float(bare.parse().ok()?)
        });
    }
    None
}

/// The rest of a literal behind its first quote.
fn quoted(rest: &str) -> Option<Datum> {
    let mut value = String::with_capacity(rest.len());
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '\'' {
            value.push(c);
            continue;
        }
        if chars.next_if(|(_, c)| *c == '\'').is_some() {
            value.push('\'');
            continue;
        }
        let behind = rest.get(at + 1..)?.trim();
        let cast = if behind.is_empty() { "" } else { behind.strip_prefix("::")? };
        return is_type_name(cast).then(|| Datum::Text(value.into()));
    }
    None
}

/// A type's name, or nothing.
fn is_type_name(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '(' | ')' | ',' | '[' | ']' | '"' | '.'))
}
