//! `sqlite_master`.

use super::{columns, not_simulated, text};
use crate::engine::database::Database;
use crate::engine::relation::Relation;
use crate::op::Datum;
use crate::schema::ObjectKind;

/// All objects of the database.
pub(super) fn master(db: &Database) -> Relation {
    let row = |kind: &str, name: &str, table: &str| {
        vec![text(kind), text(name), text(table), not_simulated("rootpage"), not_simulated("sql")]
    };
    let mut rows: Vec<Vec<Datum>> = Vec::new();
    for (name, table) in &db.catalog.tables {
        rows.push(row("table", &name.name, &name.name));
        rows.extend(table.indexes.iter().map(|index| row("index", &index.name, &name.name)));
    }
    for (kind, name) in db.catalog.objects.keys() {
        match kind {
            ObjectKind::View => rows.push(row("view", &name.name, &name.name)),
            ObjectKind::Trigger => {
                let (table, trigger) = name.name.split_once('.').unwrap_or(("", &name.name));
                rows.push(row("trigger", trigger, table));
            }
            _ => {}
        }
    }
    Relation { columns: columns(&["type", "name", "tbl_name", "+rootpage", "sql"]), rows }
}
