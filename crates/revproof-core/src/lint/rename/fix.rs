//! [`rename_column_fix`]: the edits that make a rename of a drop and an add.

use super::columns::ColumnRename;
use crate::diagnostic::{Edit, Fix};
use crate::lint::code::{call, indentation, quote, schema, statement_lines};
use crate::lint::{Context, Done, Revision};
use crate::op::{Certainty, OpKind};
use crate::source::Span;

/// The edits that turn the drop and the add into one `alter_column`, in the upgrade and, where it mirrors them, in the
/// downgrade. `None` where the statements are not plain directives on lines of their own, side by side in one block.
pub(crate) fn rename_column_fix(cx: &Context<'_>, rename: &ColumnRename<'_>) -> Option<Fix> {
    let same_revision = rename.adding.trace.revision == rename.revision.trace.revision;
    if !same_revision
        || rename.old.ty != rename.new.ty.canonical(cx.chain.dialect)
        || rename.old.nullable != rename.new.nullable
    {
        return None;
    }
    let (old, new) = (&*rename.old.name, &*rename.new.name);
    let mut edits = replace(cx, rename, rename.add, rename.drop, (old, new))?;
    let mirrored = mirror(rename.revision, rename);
    if let Some((add, drop)) = mirrored {
        edits.extend(replace(cx, rename, add, drop, (new, old))?);
    }
    let title = format!("rename the column `{old}` to `{new}`");
    Some(Fix { title, edits })
}

/// The downgrade's add of the old column and drop of the new one.
fn mirror<'a>(revision: Revision<'a>, rename: &ColumnRename<'a>) -> Option<(Done<'a>, Done<'a>)> {
    let add = revision.downgraded().find(|done| match &done.operation.kind {
        OpKind::AddColumn { table, column, .. } => table == rename.table && column.name == rename.old.name,
        _ => false,
    })?;
    let drop = revision.downgraded().find(|done| match &done.operation.kind {
        OpKind::DropColumn { table, column, .. } => table == rename.table && *column == rename.new.name,
        _ => false,
    })?;
    Some((add, drop))
}

/// Writes the rename where the first of the two stands, and takes the other one away.
fn replace(
    cx: &Context<'_>,
    rename: &ColumnRename<'_>,
    add: Done<'_>,
    drop: Done<'_>,
    (from, to): (&str, &str),
) -> Option<Vec<Edit>> {
    let certain = |done: Done<'_>| done.operation.certainty == Certainty::Certain;
    let added = call(cx.sources, add.operation.span, "add_column")?;
    let dropped = call(cx.sources, drop.operation.span, "drop_column")?;
    if !certain(add) || !certain(drop) || added.receiver != dropped.receiver {
        return None;
    }
    let (first, second) = if add.operation.span.start < drop.operation.span.start { (add, drop) } else { (drop, add) };
    let (first_lines, second_lines) = (statement_lines(cx.sources, first)?, statement_lines(cx.sources, second)?);
    let between = Span::new(first_lines.file, first_lines.end, second_lines.start);
    if first_lines.file != second_lines.file || !same_block(cx, first.operation.span, between) {
        return None;
    }
    // A batch block names its table once, at its head.
    let in_batch = dropped.arguments.len() == 1;
    let table = if in_batch { String::new() } else { format!("{}, ", quote(&rename.table.name)) };
    let schema = if in_batch { String::new() } else { schema(rename.table) };
    let text =
        format!("{}.alter_column({table}{}, new_column_name={}{schema})", added.receiver, quote(from), quote(to));
    Some(vec![Edit { span: first.operation.span, text }, Edit { span: second_lines, text: String::new() }])
}

/// Whether no line between two statements is less indented than the first, so that both stand in one block.
fn same_block(cx: &Context<'_>, first: Span, between: Span) -> bool {
    let indentation = indentation(cx.sources, first);
    let mut lines = cx.sources.text(between).lines().filter(|line| !line.trim().is_empty());
    lines.all(|line| line.starts_with(&indentation))
}
