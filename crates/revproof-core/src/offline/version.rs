//! The statements on `alembic_version`.

use super::Settings;
use crate::history::{History, VersionChange};
use crate::schema::{Dialect, QName, quote, quote_qualified};

/// `CREATE TABLE alembic_version`.
pub(super) fn create(dialect: Dialect, settings: &Settings) -> String {
    let key = if settings.version_table_pk {
        let name = format!("{}_pkc", settings.version_table);
        format!(", \n    CONSTRAINT {} PRIMARY KEY (version_num)", quote(&name, dialect))
    } else {
        String::new()
    };
    format!("CREATE TABLE {} (\n    version_num VARCHAR(32) NOT NULL{key}\n)", table(dialect, settings))
}

/// The statement that changes a row.
pub(super) fn change(change: VersionChange, history: &History, dialect: Dialect, settings: &Settings) -> String {
    let table = table(dialect, settings);
    let literal = |id| format!("'{}'", history.name(id).replace('\'', "''"));
    match change {
        VersionChange::Insert(id) => {
            let returning = match dialect {
                _ if !settings.version_table_pk => String::new(),
                Dialect::PostgreSql => format!(" RETURNING {table}.version_num"),
                Dialect::Sqlite => " RETURNING version_num".to_owned(),
                Dialect::MySql => String::new(),
            };
            format!("INSERT INTO {table} (version_num) VALUES ({}){returning}", literal(id))
        }
        VersionChange::Update { from, to } => {
            format!("UPDATE {table} SET version_num={} WHERE {table}.version_num = {}", literal(to), literal(from))
        }
        VersionChange::Delete(id) => format!("DELETE FROM {table} WHERE {table}.version_num = {}", literal(id)),
    }
}

fn table(dialect: Dialect, settings: &Settings) -> String {
    let name = QName::in_schema(settings.version_table_schema.clone(), settings.version_table.clone());
    quote_qualified(&name, dialect)
}
