//! Schemas as JSON, for `revproof schema`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::schema::{Catalog, QName, reflect};

/// The tables that differ between two schemas, each as SQLAlchemy's `Inspector` describes it in `after`, or null where
/// it is gone.
pub fn changed_tables(before: &Catalog, after: &Catalog) -> Value {
    let mut changed = Map::new();
    for name in changed_names(before, after) {
        changed.insert(name.to_string(), reflect(after, &name));
    }
    Value::Object(changed)
}

/// A whole schema: its tables as SQLAlchemy's `Inspector` describes them, and the objects beside them.
pub fn whole_schema(catalog: &Catalog) -> Value {
    let tables: Map<String, Value> =
        catalog.own_tables().map(|table| (table.name.to_string(), reflect(catalog, &table.name))).collect();
    let enums: Vec<Value> = catalog
        .enums
        .values()
        .map(|e| json!({ "name": e.name.to_string(), "labels": e.values.iter().map(|v| &**v).collect::<Vec<_>>() }))
        .collect();
    let sequences: Vec<String> = catalog.sequences.keys().map(ToString::to_string).collect();
    let objects: Vec<Value> = catalog
        .objects
        .values()
        .map(|o| json!({ "kind": format!("{:?}", o.kind), "name": o.name.to_string(), "definition": &*o.definition }))
        .collect();
    json!({
        "dialect": catalog.dialect.name(),
        "tables": tables,
        "enums": enums,
        "sequences": sequences,
        "objects": objects,
        "uncertain": catalog.uncertain.iter().map(|(name, why)| json!({ "name": name.to_string(), "why": &**why })).collect::<Vec<_>>(),
        "opaque": catalog.opaque.as_deref(),
    })
}

/// The names of tables that differ, in order.
pub(crate) fn changed_names(before: &Catalog, after: &Catalog) -> Vec<QName> {
    let same = |name: &QName| match (before.tables.get(name), after.tables.get(name)) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b) || a == b,
        (a, b) => a.is_none() && b.is_none(),
    };
    let gone = before.tables.keys().filter(|name| !after.tables.contains_key(*name));
    let mut names: Vec<QName> = after.tables.keys().chain(gone).filter(|name| !same(name)).cloned().collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Dialect, Table};

    fn catalog(tables: &[(&str, Option<&str>)]) -> Catalog {
        let mut catalog = Catalog::new(Dialect::Sqlite);
        for (name, comment) in tables {
            let table = Table {
                name: QName::new(*name),
                columns: Vec::new(),
                primary_key: None,
                foreign_keys: Vec::new(),
                uniques: Vec::new(),
                checks: Vec::new(),
                exclusions: Vec::new(),
                indexes: Vec::new(),
                comment: comment.map(Into::into),
                next_column: 0,
                assumed: false,
            };
            catalog.tables.insert(QName::new(*name), table.shared());
        }
        catalog
    }

    #[test]
    fn a_table_that_comes_goes_or_changes_is_named_and_no_other() {
        let before = catalog(&[("gone", None), ("kept", None), ("other", Some("was"))]);
        let after = catalog(&[("came", None), ("kept", None), ("other", Some("is"))]);
        let changed = changed_tables(&before, &after);
        let names: Vec<&String> = changed.as_object().unwrap().keys().collect();
        assert_eq!(names, ["came", "gone", "other"]);
        assert!(changed["gone"].is_null() && changed["came"].is_object());
    }
}
