//! [`writable`]: a schema as far as a script can say it.

use std::sync::Arc;

use super::likeness::needs;
use super::types;
use crate::schema::{Catalog, SqlType, Table};

/// The catalog without the columns whose type SQLAlchemy has no name for, and without what rests on them. Both sides are
/// looked at in this way, so such a column is neither made nor dropped.
pub(super) fn writable(catalog: &Catalog) -> Catalog {
    let whole = catalog;
    let mut catalog = catalog.clone();
    let tables: Vec<Arc<Table>> = catalog.own_tables().cloned().collect();
    for table in tables {
        let can_be_said = |ty: &SqlType| types::python(ty, whole.dialect, whole).is_some();
        if table.columns.iter().all(|column| can_be_said(&column.ty)) {
            continue;
        }
        let mut table = Table::clone(&table);
        table.columns.retain(|column| can_be_said(&column.ty));
        let columns = Table { columns: table.columns.clone(), ..Table::new(table.name.clone()) };
        table.primary_key = table.primary_key.filter(|key| needs(&columns, &key.columns));
        table.uniques.retain(|unique| needs(&columns, &unique.columns));
        table.foreign_keys.retain(|key| needs(&columns, &key.columns));
        table.checks.retain(|check| needs(&columns, &check.columns));
        table.indexes.retain(|index| {
            let parts = index.parts.iter().all(|part| {
                let column: Vec<_> = part.column.into_iter().collect();
                needs(&columns, &column) && needs(&columns, &part.mentions)
            });
            parts && needs(&columns, &index.include)
        });
        catalog.put_table(table.shared());
    }
    catalog
}
