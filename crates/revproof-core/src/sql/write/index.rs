//! `CREATE INDEX` and `DROP INDEX`.

use std::fmt::Write as _;

use super::{if_exists_words, if_not_exists_words, names};
use crate::op::{IndexPartSpec, IndexSpec};
use crate::schema::{Dialect, QName, quote, quote_qualified};

pub(super) fn create_index(index: &IndexSpec, if_not_exists: bool, concurrently: bool, dialect: Dialect) -> String {
    let pg = dialect == Dialect::PostgreSql;
    let spelled = index.spelling.as_deref();
    let kind = match index.using.as_deref() {
        _ if spelled.is_some() => {
            let prefix = spelled.and_then(|spelled| spelled.prefix.as_ref());
            let unique = if index.unique { "UNIQUE " } else { "" };
            prefix.map_or_else(|| unique.to_owned(), |prefix| format!("{unique}{prefix} "))
        }
        Some(using) if dialect == Dialect::MySql && is_prefix(using) => format!("{} ", using.to_ascii_uppercase()),
        _ if index.unique => "UNIQUE ".to_owned(),
        _ => String::new(),
    };
    // SQLite qualifies the index, the others its table.
    let lite = dialect == Dialect::Sqlite;
    let table = if lite { QName::new(index.table.name.clone()) } else { index.table.clone() };
    let name = index.name.clone().map(|name| if lite { index.table.sibling(name) } else { QName::new(name) });
    let name = name.map_or_else(String::new, |name| format!("{} ", quote_qualified(&name, dialect)));
    let concurrently = if concurrently && pg { "CONCURRENTLY " } else { "" };
    let using = match spelled {
        Some(spelled) => spelled.using.as_ref().map_or_else(String::new, |using| format!(" {using}")),
        None => index.using.as_ref().filter(|_| pg).map_or_else(String::new, |using| format!(" USING {using}")),
    };
    let parts: Vec<String> = match spelled {
        Some(spelled) => spelled.parts.iter().map(ToString::to_string).collect(),
        None => index.parts.iter().map(|spec| part(spec, dialect)).collect(),
    };
    let mut sql = format!(
        "CREATE {kind}INDEX {concurrently}{}{name}ON {}{using} ({})",
        if_not_exists_words(if_not_exists),
        quote_qualified(&table, dialect),
        parts.join(", ")
    );
    if let Some(spelled) = spelled {
        sql.push_str(&spelled.suffix);
        return sql;
    }
    if let Some(using) = index.using.as_ref().filter(|using| dialect == Dialect::MySql && !is_prefix(using)) {
        let _ = write!(sql, " USING {using}");
    }
    if pg && !index.include.is_empty() {
        let _ = write!(sql, " INCLUDE ({})", names(&index.include, dialect));
    }
    if pg && index.nulls_not_distinct {
        sql += " NULLS NOT DISTINCT";
    }
    if let Some(predicate) = index.predicate.as_ref().filter(|_| dialect != Dialect::MySql) {
        let _ = write!(sql, " WHERE {predicate}");
    }
    sql
}

pub(super) fn drop_index(
    index: &QName,
    table: Option<&QName>,
    if_exists: bool,
    cascade: bool,
    concurrently: bool,
    dialect: Dialect,
) -> String {
    let exists = if_exists_words(if_exists);
    if dialect == Dialect::MySql {
        let table = table.map_or_else(String::new, |table| format!(" ON {}", quote_qualified(table, dialect)));
        return format!("DROP INDEX {exists}{}{table}", quote(&index.name, dialect));
    }
    let concurrently = if concurrently && dialect == Dialect::PostgreSql { "CONCURRENTLY " } else { "" };
    let cascade = if cascade { " CASCADE" } else { "" };
    format!("DROP INDEX {concurrently}{exists}{}{cascade}", quote_qualified(index, dialect))
}

fn is_prefix(using: &str) -> bool {
    using.eq_ignore_ascii_case("fulltext") || using.eq_ignore_ascii_case("spatial")
}

fn part(part: &IndexPartSpec, dialect: Dialect) -> String {
    let (text, suffix) = match part {
        IndexPartSpec::Column(column, suffix) => (quote(column, dialect).into_owned(), suffix),
        IndexPartSpec::Expression(expression, suffix) if is_call(expression) => (expression.to_string(), suffix),
        IndexPartSpec::Expression(expression, suffix) => (format!("({expression})"), suffix),
    };
    match suffix {
        Some(suffix) if suffix.starts_with('(') => format!("{text}{suffix}"),
        Some(suffix) => format!("{text} {suffix}"),
        None => text,
    }
}

/// Whether an expression is one function call, which needs no parentheses around it.
fn is_call(expression: &str) -> bool {
    let Some((name, _)) = expression.split_once('(').filter(|_| expression.ends_with(')')) else { return false };
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.') {
        return false;
    }
    let mut depth = 0_u32;
    let end = expression.char_indices().find(|(_, c)| match c {
        '(' => {
            depth += 1;
            false
        }
        ')' => {
            depth = depth.saturating_sub(1);
            depth == 0
        }
        _ => false,
    });
    end.is_some_and(|(at, _)| at + 1 == expression.len())
}
