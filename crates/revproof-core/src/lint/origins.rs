//! Where an object came from or went: the earlier lines of a chain that explain a finding.

use super::context::{Context, Done, Revision, operations};
use crate::op::{ColumnChange, ConstraintSpec, OpKind};
use crate::schema::{Name, QName};
use crate::source::Span;

/// A line that made, renamed or dropped an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub(crate) revision: Revision<'a>,
    pub(crate) span: Span,
}

/// The last line before `revision`, or in its own upgrade before `before`, that made an object of this name.
pub(crate) fn made<'a>(
    cx: &Context<'a>,
    revision: Revision<'a>,
    name: &str,
    before: Option<Span>,
) -> Option<Origin<'a>> {
    last(cx, revision, before, |kind| makes(kind, name))
}

/// The last line before `revision`, or in its own upgrade before `before`, that dropped or renamed an object of this
/// name.
pub(crate) fn gone<'a>(
    cx: &Context<'a>,
    revision: Revision<'a>,
    name: &str,
    before: Option<Span>,
) -> Option<Origin<'a>> {
    last(cx, revision, before, |kind| takes(kind, name))
}

fn last<'a>(
    cx: &Context<'a>,
    revision: Revision<'a>,
    before: Option<Span>,
    is_it: impl Fn(&OpKind) -> bool,
) -> Option<Origin<'a>> {
    let with_own: Vec<Revision<'a>> = cx.before(revision).chain(std::iter::once(revision)).collect();
    with_own.into_iter().rev().find_map(|other| {
        let is_own = other.trace.revision == revision.trace.revision;
        let steps = operations(&other.trace.upgrade);
        let steps = steps.take_while(|done| !is_own || before.is_none_or(|before| done.operation.span != before));
        let found = steps.filter(|done| done.is_ok() && is_it(&done.operation.kind)).last()?;
        Some(Origin { revision: other, span: found.operation.span })
    })
}

/// The upgrade's operation that made or changed an object, or a part of it (`column email`).
pub(crate) fn changer<'a>(revision: Revision<'a>, object: &QName, part: Option<&str>) -> Option<Done<'a>> {
    // "column email", "index ix_users_email": the name is the last word.
    let part = part.and_then(|part| part.rsplit(' ').next());
    let names = |done: &Done<'_>| match part {
        Some(part) => {
            makes(&done.operation.kind, part) || takes(&done.operation.kind, part) || alters(done, object, part)
        }
        None => makes(&done.operation.kind, &object.name) || takes(&done.operation.kind, &object.name),
    };
    let exact = revision.upgraded().filter(|done| done.is_ok()).filter(names).last();
    exact.or_else(|| revision.upgraded().filter(|done| done.is_ok() && touches(&done.operation.kind, object)).last())
}

fn alters(done: &Done<'_>, object: &QName, part: &str) -> bool {
    matches!(&done.operation.kind, OpKind::AlterColumn { table, column, .. } if table == object && &**column == part)
}

/// Whether an operation makes an object, a column or a constraint of this name.
fn makes(kind: &OpKind, name: &str) -> bool {
    let is = |other: &Name| &**other == name;
    let constraint = |spec: &ConstraintSpec| spec.name.as_ref().is_some_and(is);
    match kind {
        OpKind::CreateTable { table, .. } => is(&table.name.name) || table.constraints.iter().any(constraint),
        OpKind::AddColumn { column, .. } => is(&column.name) || column.constraints.iter().any(constraint),
        OpKind::AlterColumn { changes, .. } => {
            changes.iter().any(|change| matches!(change, ColumnChange::Rename(to) if is(to)))
        }
        OpKind::CreateIndex { index, .. } => index.name.as_ref().is_some_and(is),
        OpKind::AddConstraint { constraint: spec, .. } => constraint(spec),
        OpKind::RenameTable { to, .. }
        | OpKind::RenameIndex { to, .. }
        | OpKind::RenameConstraint { to, .. }
        | OpKind::RenameType { to, .. }
        | OpKind::RenameObject { to, .. } => is(to),
        OpKind::AddEnumValue { value, .. } => is(value),
        OpKind::CreateEnum { name, .. } | OpKind::CreateSequence { name, .. } | OpKind::CreateObject { name, .. } => {
            is(&name.name)
        }
        _ => false,
    }
}

/// Whether an operation drops or renames an object, a column or a constraint of this name.
fn takes(kind: &OpKind, name: &str) -> bool {
    let is = |other: &Name| &**other == name;
    match kind {
        OpKind::DropTable { table, .. } | OpKind::RenameTable { table, .. } | OpKind::MoveTable { table, .. } => {
            is(&table.name)
        }
        OpKind::DropColumn { column, .. } => is(column),
        OpKind::AlterColumn { column, changes, .. } => {
            is(column) && changes.iter().any(|change| matches!(change, ColumnChange::Rename(_)))
        }
        OpKind::DropIndex { index, .. } | OpKind::RenameIndex { index, .. } => is(&index.name),
        OpKind::DropConstraint { name: dropped, .. } => dropped.as_ref().is_some_and(is),
        OpKind::RenameConstraint { name: old, .. } => is(old),
        OpKind::DropType { name: old, .. }
        | OpKind::RenameType { name: old, .. }
        | OpKind::DropSequence { name: old, .. }
        | OpKind::DropObject { name: old, .. } => is(&old.name),
        _ => false,
    }
}

/// Whether an operation is about this table.
fn touches(kind: &OpKind, object: &QName) -> bool {
    table_of(kind) == Some(object)
}

/// The table that an operation changes.
pub(crate) fn table_of(kind: &OpKind) -> Option<&QName> {
    match kind {
        OpKind::CreateTable { table, .. } => Some(&table.name),
        OpKind::DropTable { table, .. }
        | OpKind::RenameTable { table, .. }
        | OpKind::MoveTable { table, .. }
        | OpKind::CommentTable { table, .. }
        | OpKind::AddColumn { table, .. }
        | OpKind::DropColumn { table, .. }
        | OpKind::AlterColumn { table, .. }
        | OpKind::AddConstraint { table, .. }
        | OpKind::DropConstraint { table, .. }
        | OpKind::RenameConstraint { table, .. }
        | OpKind::ValidateConstraint { table, .. }
        | OpKind::BulkInsert { table, .. } => Some(table),
        OpKind::CreateIndex { index, .. } => Some(&index.table),
        OpKind::DropIndex { table, .. } => table.as_ref(),
        OpKind::Rebuild(batch) => Some(&batch.table),
        _ => None,
    }
}
