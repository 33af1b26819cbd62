//! The parts and options of an index.

use super::text::{repr, reprs, sql_text, without_parameters};
use crate::schema::{Dialect, Index, IndexPart, Table, bare, quote};

/// The list of what is indexed, without its brackets.
pub(super) fn parts(index: &Index, table: &Table, dialect: Dialect) -> String {
    index.parts.iter().map(|part| python(part, table, dialect)).collect::<Vec<_>>().join(", ")
}

/// What follows: method, operator classes, lengths, further columns, the predicate.
pub(super) fn options(index: &Index, table: &Table, dialect: Dialect) -> impl Iterator<Item = String> + use<> {
    let prefix = dialect.name();
    let mut options = Vec::new();
    options.extend(index.using.as_ref().map(|using| format!("{prefix}_using={}", repr(using))));
    let apart = |option: &str| {
        let pair = |part: &IndexPart| {
            let (name, value) = option_of(part, dialect).filter(|(name, _)| *name == option)?;
            let column = table.column_name(part.column?);
            Some(format!("{}: {}", repr(&column), if name == "length" { value } else { repr(&value) }))
        };
        let pairs: Vec<String> = index.parts.iter().filter_map(pair).collect();
        (!pairs.is_empty()).then(|| format!("{prefix}_{option}={{{}}}", pairs.join(", ")))
    };
    options.extend(apart("ops"));
    options.extend(apart("length"));
    if !index.include.is_empty() {
        options.push(format!("{prefix}_include=[{}]", reprs(table.column_names(&index.include))));
    }
    if index.nulls_not_distinct {
        options.push(format!("{prefix}_nulls_not_distinct=True"));
    }
    options.extend(index.predicate.as_deref().map(|predicate| format!("{prefix}_where={}", sql_text(bare(predicate)))));
    options.into_iter()
}

/// Whether an index is on columns as they are, which is all that a batch block can make and SQLAlchemy finds in SQLite.
pub(super) fn is_plain(index: &Index) -> bool {
    index.parts.iter().all(|part| part.column.is_some() && part.suffix.is_none())
}

fn python(part: &IndexPart, table: &Table, dialect: Dialect) -> String {
    let plain = part.suffix.is_none() || option_of(part, dialect).is_some();
    let what = match part.column {
        Some(id) if plain => return repr(&table.column_name(id)),
        Some(id) => quote(&table.column_name(id), dialect).into_owned(),
        None => expression(part.expression.as_deref().unwrap_or_default()),
    };
    let whole = part.suffix.as_ref().map_or_else(|| what.clone(), |suffix| format!("{what} {suffix}"));
    format!("sa.literal_column({})", repr(&without_parameters(&whole)))
}

/// An expression as it stands in an index: in brackets, unless it is a call.
fn expression(text: &str) -> String {
    let text = bare(text);
    let name_ends = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(0);
    let is_call =
        text.get(name_ends..).is_some_and(|rest| name_ends > 0 && rest.starts_with('(') && bare(rest) != rest);
    if is_call { text.to_owned() } else { format!("({text})") }
}

/// What of a part is said in an option: an operator class, a length.
fn option_of(part: &IndexPart, dialect: Dialect) -> Option<(&'static str, String)> {
    let suffix = part.suffix.as_deref().filter(|_| part.column.is_some())?;
    match dialect {
        Dialect::PostgreSql => {
            let word = suffix.chars().all(|c| c.is_alphanumeric() || c == '_');
            let direction = suffix.eq_ignore_ascii_case("desc") || suffix.eq_ignore_ascii_case("asc");
            (word && !direction).then(|| ("ops", suffix.to_owned()))
        }
        Dialect::MySql => {
            let length = suffix.strip_prefix('(')?.strip_suffix(')')?;
            length.chars().all(|c| c.is_ascii_digit()).then(|| ("length", length.to_owned()))
        }
        Dialect::Sqlite => None,
    }
}
