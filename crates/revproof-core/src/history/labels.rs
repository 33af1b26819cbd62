//! Branch labels and who inherits them.

use super::graph::History;
use super::set::RevisionSet;
use crate::schema::Name;

/// Hands each label on: to every descendant by `down_revision`, and from the last of them back up the line to the
/// nearest branch or merge point, so that a branch is known by its label along its whole length.
pub(super) fn inherit_labels(history: &mut History) {
    let labelled: Vec<usize> =
        history.nodes.iter().enumerate().filter(|(_, node)| !node.labels.is_empty()).map(|(rank, _)| rank).collect();
    for rank in labelled {
        let Some(node) = history.nodes.get(rank) else { continue };
        let labels = node.branches.clone();
        let mut last = rank;
        let mut seen = RevisionSet::default();
        let mut todo = vec![node.id];
        while let Some(id) = todo.pop() {
            let Some(rank) = history.rank(id).filter(|_| seen.insert(id)) else { continue };
            last = rank;
            add(history, rank, &labels);
            todo.extend(history.nodes.get(rank).into_iter().flat_map(|node| node.children.iter().copied()));
        }
        while let Some(node) = history.nodes.get(last) {
            if node.all_children.len() > 1 || node.is_merge_point() {
                break;
            }
            let parent = node.down.first().copied();
            add(history, last, &labels);
            let Some(parent) = parent.and_then(|id| history.rank(id)) else { break };
            last = parent;
        }
    }
}

fn add(history: &mut History, rank: usize, labels: &[Name]) {
    let Some(node) = history.nodes.get_mut(rank) else { return };
    for label in labels {
        if !node.branches.contains(label) {
            node.branches.push(label.clone());
        }
    }
}
