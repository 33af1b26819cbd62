//! [`renamed`]: what a run renamed, so that it is not told as one thing gone and another come.

use crate::engine::Database;
use crate::op::{ColumnChange, OpKind, Operation};
use crate::replay::Run;

/// The state before a run with everything under the name that the run gave it, and a line for each: `~ column
/// customers.display_name was full_name`. What the run itself had made is not renamed for whoever looks from outside.
pub(super) fn renamed(before: &Database, run: &Run) -> (Database, Vec<String>) {
    let mut state = before.clone();
    let mut lines = Vec::new();
    let done = run.steps.iter().filter(|step| step.result.is_ok()).map(|step| &step.operation);
    for operation in done {
        let parts = match &operation.kind {
            OpKind::Rebuild(batch) => batch.changes.as_slice(),
            _ => std::slice::from_ref(operation),
        };
        for part in parts {
            let Some((kind, line)) = rename(&part.kind) else { continue };
            let mut next = state.clone();
            if next.apply(&Operation { kind, ..part.clone() }).is_ok() {
                state = next;
                lines.push(line);
            }
        }
    }
    (state, lines)
}

/// The part of an operation that renames, and how to say it.
fn rename(kind: &OpKind) -> Option<(OpKind, String)> {
    let line = match kind {
        OpKind::RenameTable { table, to, .. } => format!("~ table {} was {}", table.sibling(to.clone()), table.name),
        OpKind::RenameIndex { index, to, .. } => format!("~ index {to} was {}", index.name),
        OpKind::RenameConstraint { table, name, to } => format!("~ constraint {to} of {table} was {name}"),
        OpKind::RenameType { name, to } => format!("~ type {} was {}", name.sibling(to.clone()), name.name),
        OpKind::AlterColumn { table, column, changes } => {
            let to = changes.iter().rev().find_map(|change| match change {
                ColumnChange::Rename(to) if to != column => Some(to.clone()),
                _ => None,
            })?;
            let line = format!("~ column {table}.{to} was {column}");
            let changes = vec![ColumnChange::Rename(to)];
            let kind = OpKind::AlterColumn { table: table.clone(), column: column.clone(), changes };
            return Some((kind, line));
        }
        _ => return None,
    };
    Some((kind.clone(), line))
}
