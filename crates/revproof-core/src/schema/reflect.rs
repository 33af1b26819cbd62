//! [`reflect`]: a table as SQLAlchemy's `Inspector` would describe it.

use serde_json::{Map, Value, json};

use super::catalog::Catalog;
use super::dialect::Dialect;
use super::name::{Name, QName};
use super::table::{Column, ForeignKey, Identity, Index, Table};
use super::types::SqlType;

/// A table under the keys of SQLAlchemy's `Inspector`; null where there is no such table.
///
/// Indexes that stand behind a unique constraint are left out, on PostgreSQL too.
pub fn reflect(catalog: &Catalog, table: &QName) -> Value {
    let dialect = catalog.dialect;
    let Some(table) = catalog.table(table) else { return Value::Null };
    let primary = table.primary_key.as_ref();
    let key_columns = primary.map(|key| table.column_names(&key.columns)).unwrap_or_default();
    json!({
        "columns": table.columns.iter().map(|c| column(table, c, dialect)).collect::<Vec<_>>(),
        "primary_key": {
            "name": primary.and_then(|key| key.name.as_deref()).filter(|_| dialect != Dialect::MySql),
            "constrained_columns": names(&key_columns),
        },
        "foreign_keys": table.reflected_keys(dialect).map(|key| foreign_key(table, key)).collect::<Vec<_>>(),
        "unique_constraints": table.reflected_uniques(dialect).map(|unique| json!({
            "name": unique.name.as_deref(),
            "column_names": names(&table.column_names(&unique.columns)),
        })).collect::<Vec<_>>(),
        "check_constraints": table.checks.iter().map(|check| json!({
            "name": check.name.as_deref(),
            "sqltext": &*check.condition,
        })).collect::<Vec<_>>(),
        "indexes": table.indexes.iter().filter(|i| is_reflected(i, dialect)).map(|i| index(table, i)).collect::<Vec<_>>(),
        "comment": table.comment.as_deref(),
    })
}

fn column(table: &Table, column: &Column, dialect: Dialect) -> Value {
    let computed = column
        .computed
        .as_ref()
        .map(|computed| json!({ "sqltext": &*computed.expression, "persisted": computed.persisted }));
    let identity = column.identity.as_ref().map(|identity| reflected_identity(identity, &column.ty));
    json!({
        "name": &*column.name,
        "type": column.ty.text(dialect),
        "nullable": column.nullable,
        "default": column.default.as_deref().map(|default| match &table.name.schema {
            Some(schema) if dialect == Dialect::PostgreSql => with_schema(default, schema),
            _ => default.to_owned(),
        }),
        "comment": column.comment.as_deref(),
        "computed": computed,
        "identity": identity,
    })
}

/// SQLAlchemy takes a sequence that is named without a schema for one in the schema of the table.
fn with_schema(default: &str, schema: &str) -> String {
    match default.strip_prefix("nextval('").and_then(|rest| rest.split_once('\'')) {
        Some((sequence, rest)) if !sequence.contains('.') => format!("nextval('\"{schema}\".{sequence}'{rest}"),
        _ => default.to_owned(),
    }
}

/// What the server fills in where the script leaves an option out hangs on the type and on the direction of counting.
fn reflected_identity(identity: &Identity, ty: &SqlType) -> Value {
    let highest = match ty {
        SqlType::SmallInt => i64::from(i16::MAX),
        SqlType::BigInt => i64::MAX,
        _ => i64::from(i32::MAX),
    };
    let increment = identity.increment.unwrap_or(1);
    let (low, high) = if increment < 0 { (-highest - 1, -1) } else { (1, highest) };
    let (low, high) = (identity.min_value.unwrap_or(low), identity.max_value.unwrap_or(high));
    json!({
        "always": identity.always,
        "start": identity.start.unwrap_or(if increment < 0 { high } else { low }),
        "increment": increment,
        "minvalue": low,
        "maxvalue": high,
        "cycle": identity.cycle,
        "cache": identity.cache.unwrap_or(1),
    })
}

fn foreign_key(table: &Table, key: &ForeignKey) -> Value {
    let mut options = Map::new();
    let mut set = |name: &str, value: Value| options.insert(name.to_owned(), value);
    for (option, action) in [("ondelete", key.on_delete), ("onupdate", key.on_update)] {
        if let Some(words) = action.said() {
            set(option, Value::from(words));
        }
    }
    if let Some(deferrable) = key.deferrable {
        set("deferrable", Value::from(deferrable));
    }
    if key.initially_deferred == Some(true) {
        set("initially", Value::from("DEFERRED"));
    }
    if let Some(kind) = &key.match_type {
        set("match", Value::from(kind.to_uppercase()));
    }
    json!({
        "name": key.name.as_deref(),
        "constrained_columns": names(&table.column_names(&key.columns)),
        "referred_schema": key.ref_table.schema.as_deref(),
        "referred_table": &*key.ref_table.name,
        "referred_columns": names(&key.ref_columns),
        "options": options,
    })
}

/// SQLAlchemy passes over indexes on expressions in SQLite.
fn is_reflected(index: &Index, dialect: Dialect) -> bool {
    dialect != Dialect::Sqlite || index.parts.iter().all(|part| part.column.is_some())
}

fn index(table: &Table, index: &Index) -> Value {
    let columns: Vec<Option<Name>> =
        index.parts.iter().map(|part| part.column.map(|id| table.column_name(id))).collect();
    let expressions = index.parts.iter().any(|part| part.expression.is_some()).then(|| {
        let texts = index.parts.iter().zip(&columns);
        texts
            .map(|(part, column)| column.as_deref().or(part.expression.as_deref()).unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    });
    json!({
        "name": &*index.name,
        "column_names": columns.iter().map(Option::as_deref).collect::<Vec<_>>(),
        "unique": index.unique,
        "expressions": expressions,
    })
}

fn names(names: &[Name]) -> Vec<&str> {
    names.iter().map(|name| &**name).collect()
}
