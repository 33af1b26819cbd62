//! How SQLAlchemy writes an index: its parts, and the options that no catalog holds.

use std::fmt::Write as _;

use super::table_options::storage;
use crate::alembic::core;
use crate::alembic::items::{ColumnObject, IndexObject};
use crate::alembic::known;
use crate::op::{IndexSpec, IndexSpelling};
use crate::python::{Flow, Value, Vm};
use crate::schema::{Dialect, Name, quote};

/// The words of an index.
pub(super) fn spelling(
    vm: &mut Vm<'_>,
    spec: &IndexSpec,
    index: &IndexObject,
    dialect: Dialect,
) -> Flow<Box<IndexSpelling>> {
    let mut parts = Vec::with_capacity(index.parts.len());
    for value in &index.parts {
        parts.push(part(vm, value, index, dialect)?);
    }
    let text = |vm: &mut Vm<'_>, name: &str| {
        let value = index.option(&format!("{}_{name}", dialect.name()))?;
        known::text(vm, value)
    };
    let mut spelling = IndexSpelling { parts, ..IndexSpelling::default() };
    match dialect {
        Dialect::PostgreSql => {
            spelling.using = text(vm, "using").map(|using| Name::from(format!("USING {}", using.to_lowercase())));
            spelling.suffix = postgresql(vm, spec, index);
        }
        Dialect::Sqlite => {}
        Dialect::MySql => {
            spelling.prefix = text(vm, "prefix").map(|prefix| Name::from(&*prefix));
            if let Some(parser) = text(vm, "with_parser") {
                let _ = write!(spelling.suffix, " WITH PARSER {parser}");
            }
            if let Some(using) = text(vm, "using") {
                let _ = write!(spelling.suffix, " USING {}", quote(&using, dialect));
            }
            return Ok(Box::new(spelling));
        }
    }
    if let Some(predicate) = &spec.predicate {
        let _ = write!(spelling.suffix, " WHERE {predicate}");
    }
    Ok(Box::new(spelling))
}

fn postgresql(vm: &mut Vm<'_>, spec: &IndexSpec, index: &IndexObject) -> String {
    let dialect = Dialect::PostgreSql;
    let mut suffix = String::new();
    if !spec.include.is_empty() {
        let columns: Vec<_> = spec.include.iter().map(|column| quote(column, dialect)).collect();
        let _ = write!(suffix, " INCLUDE ({})", columns.join(", "));
    }
    suffix += match index.option("postgresql_nulls_not_distinct") {
        Some(Value::Bool(true)) => " NULLS NOT DISTINCT",
        Some(Value::Bool(false)) => " NULLS DISTINCT",
        _ => "",
    };
    if let Some(with) = index.option("postgresql_with").and_then(storage) {
        let _ = write!(suffix, " WITH ({with})");
    }
    if let Some(tablespace) = index.option("postgresql_tablespace").and_then(|value| known::text(vm, value)) {
        let _ = write!(suffix, " TABLESPACE {}", quote(&tablespace, dialect));
    }
    suffix
}

/// One part with its operator class or its length.
fn part(vm: &mut Vm<'_>, value: &Value, index: &IndexObject, dialect: Dialect) -> Flow<Name> {
    let name = known::text(vm, value).or_else(|| value.downcast::<ColumnObject>().map(|column| column.name()));
    let text = match &name {
        Some(name) => quote(name, dialect).into_owned(),
        None => core::index_part(value, dialect).unwrap_or_default(),
    };
    let keyed = |option: &Value| match option {
        Value::Dict(dict) => {
            let dict = dict.borrow();
            let name = name.as_deref()?;
            dict.entries.iter().find(|(key, _)| key.as_str() == Some(name)).map(|(_, value)| value.clone())
        }
        _ => None,
    };
    Ok(match (dialect, index.option("postgresql_ops"), index.option("mysql_length")) {
        (Dialect::PostgreSql, Some(classes), _) => match keyed(classes) {
            Some(Value::Str(class)) => format!("{text} {class}").into(),
            _ => text.into(),
        },
        (Dialect::MySql, _, Some(Value::Int(length))) => format!("{text}({length})").into(),
        (Dialect::MySql, _, Some(lengths)) if matches!(lengths, Value::Dict(_)) => {
            if name.is_none() && core::is_text(value) {
                let message = "Neither '_textual_index_element' object nor 'Comparator' object has an attribute 'name'";
                return Err(vm.raise("AttributeError", message, index.span));
            }
            match keyed(lengths) {
                Some(Value::Int(length)) => format!("{text}({length})").into(),
                _ => text.into(),
            }
        }
        _ => text.into(),
    })
}
