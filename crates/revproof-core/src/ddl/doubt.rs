//! What is not certain, and which refusals rest on it.

use std::sync::Arc;

use super::work::Work;
use crate::op::{Failure, FailureKind, OpKind};
use crate::schema::{Catalog, QName};

/// A statement that was understood too little: what it touches is uncertain from now on.
pub(super) fn opaque(work: &mut Work, what: &Arc<str>, why: &Arc<str>, touches: &[QName]) {
    let reason: Arc<str> = Arc::from(format!("`{what}` was not simulated: {why}"));
    if touches.is_empty() {
        work.catalog.opaque.get_or_insert_with(|| reason.clone());
    }
    for name in touches {
        work.catalog.uncertain.insert(name.clone(), reason.clone());
    }
    work.doubt(reason);
}

/// The same of a statement about rows: the schema stays as it is.
pub(super) fn opaque_rows(work: &mut Work, what: &Arc<str>, why: &Arc<str>) {
    work.doubt(Arc::from(format!("`{what}` was not simulated: {why}")));
}

/// Puts a refusal in doubt where it rests on something uncertain.
pub(super) fn weigh(catalog: &Catalog, kind: &OpKind, mut failure: Failure) -> Failure {
    if failure.doubt.is_some() || !rests_on_catalog(&failure) {
        return failure;
    }
    let why = if let Some(why) = &catalog.opaque {
        Some(why.clone())
    } else if catalog.uncertain.is_empty() {
        None
    } else {
        let object = failure.object.iter().cloned();
        let whole = kind.rests_on_checks(catalog.dialect);
        let open = |name: QName| {
            let why = if whole { catalog.doubt_within(&name) } else { catalog.uncertain.get(&name) };
            why.cloned()
        };
        object.chain(names(kind)).find_map(open)
    };
    failure.doubt = why;
    failure
}

/// Whether another catalog might have let the statement through.
fn rests_on_catalog(failure: &Failure) -> bool {
    match failure.kind {
        FailureKind::UndefinedObject
        | FailureKind::DuplicateObject
        | FailureKind::DependentObjects
        | FailureKind::DatatypeMismatch => true,
        FailureKind::InvalidStatement | FailureKind::InvalidValue => failure.object.is_some(),
        _ => false,
    }
}

/// The names that an operation is about.
fn names(kind: &OpKind) -> Vec<QName> {
    match kind {
        OpKind::CreateTable { table, .. } => vec![table.name.clone()],
        OpKind::DropTable { table, .. }
        | OpKind::RenameTable { table, .. }
        | OpKind::MoveTable { table, .. }
        | OpKind::CommentTable { table, .. }
        | OpKind::AddColumn { table, .. }
        | OpKind::DropColumn { table, .. }
        | OpKind::AlterColumn { table, .. } => vec![table.clone()],
        OpKind::AddConstraint { table, .. }
        | OpKind::DropConstraint { table, .. }
        | OpKind::RenameConstraint { table, .. }
        | OpKind::ValidateConstraint { table, .. } => {
            let own = kind.constraint_names().into_iter().map(|name| table.part(name));
            std::iter::once(table.clone()).chain(own).collect()
        }
        OpKind::CreateIndex { index, .. } => {
            let own = index.name.iter().map(|name| index.table.sibling(name.clone()));
            std::iter::once(index.table.clone()).chain(own).collect()
        }
        OpKind::DropIndex { index, table, .. } => std::iter::once(index.clone()).chain(table.clone()).collect(),
        OpKind::RenameIndex { index, .. } => vec![index.clone()],
        OpKind::Rebuild(batch) => vec![batch.table.clone()],
        OpKind::CreateEnum { name, .. }
        | OpKind::DropType { name, .. }
        | OpKind::AddEnumValue { name, .. }
        | OpKind::RenameEnumValue { name, .. }
        | OpKind::RenameType { name, .. }
        | OpKind::CreateSequence { name, .. }
        | OpKind::DropSequence { name, .. }
        | OpKind::AlterSequence { name, .. }
        | OpKind::CreateObject { name, .. }
        | OpKind::DropObject { name, .. }
        | OpKind::RenameObject { name, .. }
        | OpKind::Refresh { view: name, .. } => vec![name.clone()],
        OpKind::Truncate { tables, .. } => tables.clone(),
        OpKind::BulkInsert { .. } | OpKind::Sql(_) | OpKind::NoEffect { .. } | OpKind::Opaque { .. } => Vec::new(),
    }
}
