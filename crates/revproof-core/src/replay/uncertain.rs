//! What an operation leaves uncertain that may or may not have happened, and what it rests on itself.

use crate::op::OpKind;
use crate::schema::{Catalog, QName};

/// The objects that may or may not be as they now stand. Of an index that refuses no row that is only the index: its
/// table has the same columns and rows either way.
pub(super) fn left_open(kind: &OpKind, before: &Catalog) -> Vec<QName> {
    match kind {
        OpKind::CreateIndex { index, .. } if !index.unique => match &index.name {
            Some(name) => vec![index.table.sibling(name.clone())],
            None => kind.touches(),
        },
        OpKind::DropIndex { index, .. } if !is_unique(before, index) => vec![index.clone()],
        kind => kind.touches(),
    }
}

/// The objects that have to be as they seem for the operation to do what it seems to do.
pub(super) fn ground(kind: &OpKind) -> Vec<QName> {
    let mut ground = kind.touches();
    match kind {
        OpKind::CreateIndex { index, .. } => {
            ground.extend(index.name.iter().map(|name| index.table.sibling(name.clone())));
        }
        OpKind::DropIndex { index, .. } if !ground.contains(index) => ground.push(index.clone()),
        _ => {}
    }
    ground
}

fn is_unique(catalog: &Catalog, index: &QName) -> bool {
    catalog
        .index_owner(index)
        .and_then(|table| catalog.tables.get(table))
        .is_some_and(|table| table.indexes.iter().any(|known| known.unique && known.name == index.name))
}
