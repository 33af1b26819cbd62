//! Python's text for strings and lists of them, as its `repr` writes them, and SQL within `sa.text()`.

use crate::alembic::python_literal;
use crate::schema::Dialect;

/// A string.
pub(super) fn repr(text: &str) -> String {
    let literal = python_literal(text);
    if text.contains('\'') && !text.contains('"') {
        let inner = literal.strip_prefix('\'').and_then(|inner| inner.strip_suffix('\'')).unwrap_or_default();
        return format!("\"{}\"", inner.replace("\\'", "'"));
    }
    literal
}

/// Strings, with commas between them.
pub(super) fn reprs<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    texts.into_iter().map(|text| repr(text.as_ref())).collect::<Vec<_>>().join(", ")
}

/// SQL for `sa.text()`, which takes `:name` for a parameter.
pub(super) fn sql_text(sql: &str) -> String {
    format!("sa.text({})", repr(&without_parameters(sql)))
}

/// SQL in which nothing is taken for a parameter.
pub(super) fn without_parameters(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut before = ' ';
    let mut rest = sql.chars().peekable();
    while let Some(c) = rest.next() {
        let opens_word = rest.peek().is_some_and(|next| next.is_alphanumeric() || *next == '_');
        if c == ':' && opens_word && before != ':' && !before.is_alphanumeric() {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

/// A default. SQLite wants brackets around all that is no plain constant.
pub(super) fn default(sql: &str, dialect: Dialect) -> String {
    let quoted = sql.len() > 2 && sql.starts_with('\'') && sql.ends_with('\'');
    let bracketed = sql.len() > 2 && sql.starts_with('(') && sql.ends_with(')');
    let digit = sql.len() == 1 && sql.starts_with(|c: char| c.is_ascii_digit());
    match dialect {
        Dialect::Sqlite if !(quoted || bracketed || digit) => sql_text(&format!("({sql})")),
        _ => sql_text(sql),
    }
}
