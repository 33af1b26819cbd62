//! The open world: tables that no script makes, but that must be there for the scripts to run.

use std::sync::Arc;

use crate::schema::{Catalog, Column, ColumnId, Name, Object, ObjectKind, QName, SqlType, Table};

/// Adds a table that no script creates but that must exist, with at least these columns, or columns that an assumed
/// table must have. A table that is known in full is left as it is.
pub fn assume(catalog: &mut Catalog, table: &QName, columns: &[Name]) {
    let mut assumed = match catalog.table(table) {
        Some(known) if !known.assumed => return,
        Some(known) => Table::clone(known),
        None => Table { assumed: true, ..Table::new(table.clone()) },
    };
    for column in columns {
        if assumed.column(column).is_none() {
            assume_column(&mut assumed, column);
        }
    }
    catalog.put_table(Arc::new(assumed));
}

/// Adds a schema that no script creates but that must exist.
pub fn assume_schema(catalog: &mut Catalog, schema: &QName) {
    let key = (ObjectKind::Schema, schema.clone());
    let object = Object {
        kind: ObjectKind::Schema,
        name: schema.clone(),
        definition: Name::default(),
        depends_on: Vec::new(),
        columns: Vec::new(),
        labels: Vec::new(),
        indexes: Vec::new(),
    };
    catalog.objects.insert(key, Arc::new(object));
}

/// Adds a column of which nothing but its name is known.
pub(super) fn assume_column(table: &mut Table, name: &str) -> ColumnId {
    let count = table.columns.iter().filter(|column| column.id.is_assumed()).count();
    let mut id = ColumnId::assumed(u32::try_from(count).unwrap_or(0));
    while table.column_by_id(id).is_some() {
        id = ColumnId(id.0.saturating_add(1));
    }
    table.columns.push(Column::new(id, name, SqlType::Unknown).into());
    id
}
