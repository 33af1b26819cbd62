//! What an operation leaves uncertain that may or may not have happened, and what it rests on itself.

use super::simulation::Simulation;
use super::trace::DoubtScope;
use crate::op::{Certainty, ConstraintKind, OpKind, Operation};
use crate::schema::{Catalog, QName};
use crate::source::Span;

impl Simulation<'_> {
    /// What stands on ground that an earlier statement left uncertain is uncertain itself.
    pub(super) fn note_uncertain_ground(&mut self, operation: &Operation) {
        let catalog = &self.db.catalog;
        if catalog.uncertain.is_empty() {
            return;
        }
        let whole = operation.kind.rests_on_checks(catalog.dialect);
        let open = |name: &QName| if whole { catalog.doubt_within(name) } else { catalog.uncertain.get(name) };
        let ground = ground(&operation.kind).into_iter();
        let doubts: Vec<String> = ground
            .filter_map(|name| open(&name).map(|why| format!("`{name}` may not be as it seems: {why}")))
            .collect();
        for why in doubts {
            self.doubt(why, operation.span, DoubtScope::Schema);
        }
    }

    /// Whether a row may be written depends on a check that is perhaps there and perhaps not.
    pub(super) fn note_uncertain_checks(&mut self, written: &[QName], span: Span) {
        let catalog = &self.db.catalog;
        let open = |table: &QName| {
            let why = catalog.doubt_within(table).filter(|_| !catalog.uncertain.contains_key(table))?;
            Some(format!("`{table}` may not be as it seems: {why}"))
        };
        let doubts: Vec<String> = written.iter().filter_map(open).collect();
        for why in doubts {
            self.doubt(why, span, DoubtScope::Rows);
        }
    }

    /// What is gone for certain is in doubt no more; what is there for certain may still be another than it seems.
    pub(super) fn note_certain(&mut self, operation: &Operation) {
        if operation.certainty != Certainty::Certain {
            return;
        }
        let uncertain = &self.db.catalog.uncertain;
        match &operation.kind {
            OpKind::DropIndex { index, if_exists: true, .. } if uncertain.contains_key(index) => {
                self.db_mut().catalog.uncertain.remove(index);
            }
            OpKind::CreateIndex { index, if_not_exists: true, .. } => {
                let name = index.name.as_ref().map(|name| index.table.sibling(name.clone()));
                let known = name.and_then(|name| uncertain.get(&name).map(|why| (name, why.clone())));
                if let Some((name, why)) = known.filter(|(_, why)| !why.starts_with(MADE_ANEW)) {
                    self.db_mut().mark_uncertain(&name, &format!("{MADE_ANEW}: {why}").into());
                }
            }
            _ => {}
        }
    }
}

/// How the reason begins for which an index that is there may not be the one that it seems to be.
const MADE_ANEW: &str = "it was made where it was not there";

/// The objects that may or may not be as they now stand. Of an index that refuses no row that is only the index, and of
/// a check only the check: the table has the same columns and rows either way.
pub(super) fn left_open(kind: &OpKind, before: &Catalog) -> Vec<QName> {
    match kind {
        OpKind::CreateIndex { index, .. } if !index.unique => match &index.name {
            Some(name) => vec![index.table.sibling(name.clone())],
            None => kind.touches(),
        },
        OpKind::DropIndex { index, .. } if !is_unique(before, index) => vec![index.clone()],
        OpKind::AddConstraint { table, constraint } => match (&constraint.kind, &constraint.name) {
            (ConstraintKind::Check { .. }, Some(name)) => vec![table.part(name)],
            _ => kind.touches(),
        },
        OpKind::DropConstraint { table, name: Some(name), .. } if is_check(before, table, name) => {
            vec![table.part(name)]
        }
        kind => kind.touches(),
    }
}

/// The objects that have to be as they seem for the operation to do what it seems to do.
fn ground(kind: &OpKind) -> Vec<QName> {
    let mut ground = kind.touches();
    match kind {
        // It is there afterwards, or gone, whatever was before.
        OpKind::CreateIndex { index, if_not_exists: true, .. } if !index.unique => {}
        OpKind::DropIndex { if_exists: true, .. } => ground.clear(),
        OpKind::CreateIndex { index, .. } => {
            ground.extend(index.name.iter().map(|name| index.table.sibling(name.clone())));
        }
        OpKind::DropIndex { index, .. } if !ground.contains(index) => ground.push(index.clone()),
        OpKind::AddConstraint { table, .. }
        | OpKind::DropConstraint { table, .. }
        | OpKind::RenameConstraint { table, .. }
        | OpKind::ValidateConstraint { table, .. } => {
            ground.extend(kind.constraint_names().into_iter().map(|name| table.part(name)));
        }
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

fn is_check(catalog: &Catalog, table: &QName, name: &str) -> bool {
    let table = catalog.table(table);
    table.is_some_and(|table| table.checks.iter().any(|check| check.name.as_deref() == Some(name)))
}
