//! System tables, made of the catalog with the columns that scripts ask for: `information_schema`, `pg_catalog`,
//! `sqlite_master`, and `PRAGMA`.

mod information_schema;
mod pg_catalog;
mod pragma;
mod sqlite;

use std::sync::Arc;

use super::database::Database;
use super::relation::Relation;
use super::stop::{Evaluation, Stop};
use crate::op::Datum;
use crate::schema::{Dialect, Index, Name, QName, SqlType, Table, TextSize};

pub(super) use pg_catalog::oid_of;
pub(super) use pragma::pragma;

/// The system table of that name; `None` where there is none.
pub(super) fn relation(db: &Database, name: &QName) -> Evaluation<Option<Relation>> {
    let found = match (db.catalog.dialect, name.schema.as_deref()) {
        (Dialect::Sqlite, None) if matches!(&*name.name.to_lowercase(), "sqlite_master" | "sqlite_schema") => {
            Some(sqlite::master(db))
        }
        (Dialect::Sqlite, _) => None,
        (_, Some(schema)) if schema.eq_ignore_ascii_case("information_schema") => {
            information_schema::table(db, &name.name.to_lowercase())
        }
        (Dialect::PostgreSql, None | Some("pg_catalog")) => pg_catalog::table(db, &name.name),
        _ => None,
    };
    let system = matches!(name.schema.as_deref(), Some("information_schema" | "pg_catalog"));
    let reserved = db.catalog.dialect == Dialect::PostgreSql && name.name.starts_with("pg_");
    match found {
        None if system || reserved => Err(Stop::unsupported(format!("the system table {name} is not simulated"))),
        None => Ok(None),
        Some(relation) => certain(db).map(|()| Some(relation)),
    }
}

/// Only a catalog that is known in full can be asked what is in it.
pub(super) fn certain(db: &Database) -> Evaluation<()> {
    if let Some(why) = &db.catalog.opaque {
        return Err(Stop::Unsupported(why.clone()));
    }
    if let Some(why) = db.catalog.uncertain.values().next() {
        return Err(Stop::Unsupported(why.clone()));
    }
    if let Some(table) = db.catalog.tables.values().find(|t| t.assumed) {
        return Err(Stop::unsupported(format!("table {} is assumed, so others may exist as well", table.name)));
    }
    Ok(())
}

/// Columns by name: `+` in front of numbers, `?` in front of truth values, text else.
fn columns(names: &[&str]) -> Vec<(Name, Option<SqlType>)> {
    let typed = |name: &&str| match name.split_at_checked(1) {
        Some(("+", name)) => (Name::from(name), Some(SqlType::BigInt)),
        Some(("?", name)) => (Name::from(name), Some(SqlType::Boolean)),
        _ => (Name::from(*name), Some(SqlType::Text(TextSize::Plain))),
    };
    names.iter().map(typed).collect()
}

fn text(value: impl AsRef<str>) -> Datum {
    Datum::Text(value.as_ref().into())
}

fn optional(value: Option<&Name>) -> Datum {
    value.map_or(Datum::Null, |v| Datum::Text(v.clone()))
}

fn schema_of(db: &Database, name: &QName) -> Datum {
    let default = db.catalog.dialect.default_schema().unwrap_or("def");
    text(name.schema.as_deref().unwrap_or(default))
}

/// A value that is there but not simulated: whoever reads it gets no answer.
fn not_simulated(what: &str) -> Datum {
    Datum::Unknown(Arc::from(format!("{what} of a system table is not simulated")))
}

/// The columns of an index, by name; an expression has none.
fn index_columns(table: &Table, index: &Index) -> Vec<Option<Name>> {
    index.parts.iter().map(|part| part.column.map(|id| table.column_name(id))).collect()
}
