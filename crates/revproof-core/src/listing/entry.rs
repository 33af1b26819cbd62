//! A revision as a block, as `show` and `-v` print it.

use std::fmt::Write;

use super::line::{down, sorted};
use super::lines;
use super::lists::Listing;
use crate::history::RevisionNode;
use crate::schema::Name;

/// The block, with a line break at its end.
pub(super) fn entry(listing: &Listing<'_>, node: &RevisionNode) -> String {
    let history = &listing.directory.history;
    let mark = |on: bool, mark: &str| if on { format!(" ({mark})") } else { String::new() };
    let mut text = format!(
        "Rev: {}{}{}{}{}\n",
        node.name,
        mark(node.children.is_empty(), "head"),
        mark(node.is_branch_point(), "branchpoint"),
        mark(node.is_merge_point(), "mergepoint"),
        mark(listing.is_current(node.id), "current"),
    );
    let title = if node.is_merge_point() { "Merges" } else { "Parent" };
    _ = writeln!(text, "{title}: {}", down(listing.directory, node));
    let script = listing.script(node);
    if let Some(script) = script.filter(|script| !script.depends_on.is_empty()) {
        _ = writeln!(text, "Also depends on: {}", script.depends_on.join(", "));
    }
    if node.is_branch_point() {
        let children: Vec<Name> = node.children.iter().map(|id| history.name(*id)).collect();
        _ = writeln!(text, "Branches into: {}", sorted(&children).join(", "));
    }
    if !node.branches.is_empty() {
        _ = writeln!(text, "Branch names: {}", sorted(&node.branches).join(", "));
    }
    if let Some(script) = script {
        _ = writeln!(text, "Path: {}", (listing.path)(script));
    }
    let lines: Vec<String> = script.map(lines).unwrap_or_default().iter().map(|line| format!("    {line}")).collect();
    text + &format!("\n{}\n", lines.join("\n"))
}
