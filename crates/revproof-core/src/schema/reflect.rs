//! [`reflect`]: a table as SQLAlchemy's `Inspector` would describe it.

use serde_json::{Value, json};

use super::catalog::Catalog;
use super::name::QName;

/// A table under the keys of SQLAlchemy's `Inspector`; null where there is no such table.
pub fn reflect(catalog: &Catalog, table: &QName) -> Value {
    match catalog.table(table) {
        Some(table) => {
            json!({ "columns": table.columns.iter().map(|c| json!({ "name": &*c.name })).collect::<Vec<_>>() })
        }
        None => Value::Null,
    }
}
