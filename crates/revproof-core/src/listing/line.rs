//! A revision on one line.

use std::fmt::Write;

use super::lists::Listing;
use super::message;
use crate::directory::ScriptDirectory;
use crate::history::{RevisionId, RevisionNode};
use crate::schema::Name;

/// What a line shows beside the identifier.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts {
    pub(super) parents: bool,
    pub(super) branch_labels: bool,
    pub(super) tree_marks: bool,
    pub(super) message: bool,
}

/// A revision on one line: `a -> b (label) (head), message`.
pub(super) fn line(listing: &Listing<'_>, node: &RevisionNode, parts: Parts) -> String {
    let script = listing.script(node);
    let mut text = String::new();
    if parts.parents {
        text += &down(listing.directory, node);
        if let Some(script) = script.filter(|script| !script.depends_on.is_empty()) {
            _ = write!(text, " ({})", script.depends_on.join(", "));
        }
        text += " -> ";
    }
    text += &node.name;
    if parts.branch_labels && !node.branches.is_empty() {
        _ = write!(text, " ({})", sorted(&node.branches).join(", "));
    }
    if node.all_children.is_empty() {
        text += " (head)";
    } else if node.children.is_empty() {
        text += " (effective head)";
    }
    if listing.is_current(node.id) {
        text += " (current)";
    }
    if parts.tree_marks && node.is_branch_point() {
        text += " (branchpoint)";
    }
    if parts.tree_marks && node.is_merge_point() {
        text += " (mergepoint)";
    }
    if parts.message {
        _ = write!(text, ", {}", script.map(message).unwrap_or_default());
    }
    text
}

/// What Alembic logs of a step: `Running upgrade a -> b, message`. `action` is its first word; a side without
/// revisions stays empty, and so does what follows it where there is no message.
pub fn log_line(
    action: &str,
    from: &[RevisionId],
    to: &[RevisionId],
    directory: &ScriptDirectory<'_>,
    of: RevisionId,
) -> String {
    let names = |ids: &[RevisionId]| ids.iter().map(|id| directory.history.name(*id)).collect::<Vec<Name>>().join(", ");
    let message = directory.scripts.get(of.0 as usize).map(message).unwrap_or_default();
    let comma = if message.is_empty() { "" } else { ", " };
    format!("Running {action} {} -> {}{comma}{message}", names(from), names(to))
}

/// What a revision revises, or `<base>`.
pub(super) fn down(directory: &ScriptDirectory<'_>, node: &RevisionNode) -> String {
    if node.down.is_empty() {
        return "<base>".to_owned();
    }
    node.down.iter().map(|id| directory.history.name(*id)).collect::<Vec<Name>>().join(", ")
}

/// Alembic keeps labels and children in sets; ours are sorted, so that the text is always the same.
pub(super) fn sorted(names: &[Name]) -> Vec<Name> {
    let mut names = names.to_vec();
    names.sort();
    names
}
