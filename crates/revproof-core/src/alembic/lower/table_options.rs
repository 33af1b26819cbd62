//! The options of a table that only the text of its `CREATE TABLE` shows.

use std::fmt::Write as _;
use std::rc::Rc;

use super::default::quote_literal;
use crate::alembic::items::TableObject;
use crate::op::TableSpelling;
use crate::python::Value;
use crate::schema::{Dialect, Name, quote};

/// What stands before and behind a table's definition.
pub(super) fn spelling(table: &TableObject, dialect: Dialect) -> TableSpelling {
    TableSpelling {
        prefixes: table.prefixes.iter().map(|prefix| Name::from(&**prefix)).collect(),
        suffix: match dialect {
            Dialect::PostgreSql => postgresql(table),
            Dialect::Sqlite => sqlite(table),
            Dialect::MySql => mysql(table),
        },
    }
}

fn option<'t>(table: &'t TableObject, name: &str) -> Option<&'t Value> {
    table.options.iter().find(|(key, _)| &**key == name).map(|(_, value)| value)
}

fn words(value: &Value) -> Option<Rc<str>> {
    match value {
        Value::Str(text) => Some(text.clone()),
        _ => None,
    }
}

fn postgresql(table: &TableObject) -> String {
    let text =
        |name: &str| option(table, &format!("postgresql_{name}")).and_then(words).filter(|text| !text.is_empty());
    let ident = |name: &str| quote(name, Dialect::PostgreSql).into_owned();
    let mut suffix = String::new();
    let inherits: Vec<String> = match option(table, "postgresql_inherits") {
        Some(Value::Str(parent)) => vec![ident(parent)],
        Some(Value::Tuple(parents)) => parents.iter().filter_map(words).map(|parent| ident(&parent)).collect(),
        Some(Value::List(parents)) => parents.borrow().iter().filter_map(words).map(|parent| ident(&parent)).collect(),
        _ => Vec::new(),
    };
    if !inherits.is_empty() {
        let _ = write!(suffix, "\n INHERITS ({})", inherits.join(", "));
    }
    if let Some(by) = text("partition_by") {
        let _ = write!(suffix, "\n PARTITION BY {by}");
    }
    if let Some(method) = text("using") {
        let _ = write!(suffix, "\n USING {method}");
    }
    if let Some(with) = option(table, "postgresql_with").and_then(storage) {
        let _ = write!(suffix, "\n WITH ({with})");
    }
    suffix += match option(table, "postgresql_with_oids") {
        Some(Value::Bool(true)) => "\n WITH OIDS",
        Some(Value::Bool(false)) => "\n WITHOUT OIDS",
        _ => "",
    };
    if let Some(action) = text("on_commit") {
        let _ = write!(suffix, "\n ON COMMIT {}", action.replace('_', " ").to_uppercase());
    }
    if let Some(tablespace) = text("tablespace") {
        let _ = write!(suffix, "\n TABLESPACE {}", ident(&tablespace));
    }
    suffix
}

/// Storage parameters: `fillfactor = 50, autovacuum_enabled = false`.
pub(super) fn storage(value: &Value) -> Option<String> {
    let Value::Dict(dict) = value else { return None };
    let dict = dict.borrow();
    let parameters: Vec<String> = dict
        .entries
        .iter()
        .filter_map(|(key, value)| {
            let key = key.as_str()?;
            Some(match value {
                Value::None => key.to_owned(),
                Value::Bool(flag) => format!("{key} = {flag}"),
                Value::Int(number) => format!("{key} = {number}"),
                Value::Float(number) => format!("{key} = {number:?}"),
                other => format!("{key} = {}", other.as_str()?),
            })
        })
        .collect();
    (!parameters.is_empty()).then(|| parameters.join(", "))
}

/// Whether a table of SQLite is to do without row numbers.
pub(super) fn without_rowid(table: &TableObject) -> bool {
    matches!(option(table, "sqlite_with_rowid"), Some(Value::Bool(false)))
}

fn sqlite(table: &TableObject) -> String {
    let mut options = Vec::new();
    if without_rowid(table) {
        options.push("WITHOUT ROWID");
    }
    if matches!(option(table, "sqlite_strict"), Some(Value::Bool(true))) {
        options.push("STRICT");
    }
    if options.is_empty() { String::new() } else { format!("\n {}", options.join(",\n ")) }
}

fn mysql(table: &TableObject) -> String {
    let mut options: Vec<(String, Rc<str>)> = table
        .options
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix("mysql_")?.to_uppercase(), words(value)?)))
        .collect();
    if let Some(comment) = &table.comment {
        options.retain(|(key, _)| key != "COMMENT");
        options.push(("COMMENT".to_owned(), comment.clone()));
    }
    let is_partition = |key: &str| key.contains("PARTITION");
    let charset = |key: &str| matches!(key, "DEFAULT_CHARSET" | "DEFAULT_CHARACTER_SET" | "CHARSET" | "CHARACTER_SET");
    // The collation stands behind what follows from a character set; of partitions, how stands before how many.
    let last = options.iter().any(|(key, _)| charset(key));
    let rank = |key: &str| match key {
        "COLLATE" if last => 1,
        "PARTITION_BY" => 2,
        "PARTITIONS" => 3,
        "SUBPARTITION_BY" => 4,
        "SUBPARTITIONS" => 5,
        _ => 0,
    };
    options.sort_by_key(|(key, _)| rank(key));
    let written: Vec<String> = options
        .iter()
        .map(|(key, value)| {
            let literal =
                matches!(key.as_str(), "COMMENT" | "DATA_DIRECTORY" | "INDEX_DIRECTORY" | "PASSWORD" | "CONNECTION");
            let value = if literal { quote_literal(value, Dialect::MySql) } else { value.to_string() };
            let spaced = is_partition(key)
                || matches!(
                    key.as_str(),
                    "DATA_DIRECTORY"
                        | "INDEX_DIRECTORY"
                        | "DEFAULT_CHARACTER_SET"
                        | "CHARACTER_SET"
                        | "DEFAULT_CHARSET"
                        | "DEFAULT_COLLATE"
                );
            let name = if spaced { key.replace('_', " ") } else { key.clone() };
            let blank = is_partition(key)
                || matches!(name.as_str(), "TABLESPACE" | "DEFAULT CHARACTER SET" | "CHARACTER SET" | "COLLATE");
            format!("{name}{}{value}", if blank { ' ' } else { '=' })
        })
        .collect();
    written.join(" ")
}
