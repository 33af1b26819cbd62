//! The order in which tables can be made: those that are referred to first.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::schema::{Catalog, Dialect, ForeignKey, QName, Table};

/// A table in its turn, and the foreign keys that can't be made with it, as tables refer to each other in a circle.
pub(super) struct Turn {
    pub(super) table: Arc<Table>,
    pub(super) later: Vec<ForeignKey>,
}

/// The tables of a catalog, layer by layer as SQLAlchemy sorts them: first those that refer to none, by name, then those
/// that refer to these, and so on.
pub(super) fn turns(catalog: &Catalog) -> Vec<Turn> {
    let mut waiting: Vec<Arc<Table>> = catalog.own_tables().filter(|table| !table.assumed).cloned().collect();
    let mut turns: Vec<Turn> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let names: BTreeSet<QName> = waiting.iter().map(|table| table.name.clone()).collect();
        let waits = |key: &ForeignKey, table: &Table| key.ref_table != table.name && names.contains(&key.ref_table);
        let is_free = |table: &Table| !table.foreign_keys.iter().any(|key| waits(key, table));
        let (free, held): (Vec<_>, Vec<_>) = waiting.drain(..).partition(|table| is_free(table));
        waiting = held;
        if free.is_empty() {
            // A circle: the first goes without the keys that close it. SQLite takes them as they are.
            let mut table = Table::clone(&waiting.remove(0));
            let mut later = Vec::new();
            if catalog.dialect != Dialect::Sqlite {
                let keys = std::mem::take(&mut table.foreign_keys);
                let (cut, kept) = keys.into_iter().partition(|key| key.name.is_some() && waits(key, &table));
                (later, table.foreign_keys) = (cut, kept);
            }
            turns.push(Turn { table: table.shared(), later });
        }
        turns.extend(free.into_iter().map(|table| Turn { table, later: Vec::new() }));
    }
    turns
}
