//! The rows of `alembic_version` after each step.

use super::graph::{Edges, History, RevisionId, RevisionNode};

/// One statement on `alembic_version`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionChange {
    /// `INSERT`.
    Insert(RevisionId),
    /// `DELETE`.
    Delete(RevisionId),
    /// `UPDATE`.
    Update {
        /// The row that was.
        from: RevisionId,
        /// The row that is.
        to: RevisionId,
    },
}

impl VersionChange {
    /// Does it to the rows.
    pub fn apply(self, rows: &mut Vec<RevisionId>) {
        match self {
            Self::Insert(id) => rows.push(id),
            Self::Delete(id) => rows.retain(|row| *row != id),
            Self::Update { from, to } => {
                if let Some(row) = rows.iter_mut().find(|row| **row == from) {
                    *row = to;
                }
            }
        }
    }
}

impl History {
    /// The revisions that `alembic current` lists where these rows are set: the tips of all that is applied, be it by
    /// way of another that depends on it; in order of loading.
    pub fn all_current(&self, rows: &[RevisionId]) -> Vec<RevisionId> {
        let applied = self.ancestors(rows);
        let is_tip = |node: &&RevisionNode| {
            applied.contains(node.id) && !self.reach_up(&node.children, Edges::Down).meets(&applied)
        };
        self.nodes.iter().filter(is_tip).map(|node| node.id).collect()
    }

    /// What becomes of the rows when a revision has been applied.
    pub fn after_upgrade(&self, revision: RevisionId, rows: &[RevisionId]) -> Vec<VersionChange> {
        let Some(node) = self.get(revision) else { return Vec::new() };
        let current: Vec<RevisionId> = node.needs.iter().copied().filter(|id| rows.contains(id)).collect();
        match current.as_slice() {
            [] => vec![VersionChange::Insert(revision)],
            [from] => vec![VersionChange::Update { from: *from, to: revision }],
            _ => self.merge(node, rows),
        }
    }

    /// What becomes of the rows when a revision has been reverted.
    pub fn after_downgrade(&self, revision: RevisionId, rows: &[RevisionId]) -> Vec<VersionChange> {
        let Some(node) = self.get(revision).filter(|_| rows.contains(&revision)) else { return Vec::new() };
        let back = self.unmerged(node, rows);
        let Some((to, inserted)) = back.split_last() else { return vec![VersionChange::Delete(revision)] };
        let inserts = inserted.iter().map(|id| VersionChange::Insert(*id));
        inserts.chain([VersionChange::Update { from: revision, to: *to }]).collect()
    }

    fn merge(&self, node: &RevisionNode, rows: &[RevisionId]) -> Vec<VersionChange> {
        let others: Vec<RevisionId> = rows.iter().copied().filter(|row| !node.needs.contains(row)).collect();
        let implied = self.ancestors(&others);
        let from = node.needs.iter().copied().filter(|id| !implied.contains(*id) && rows.contains(id));
        let from: Vec<RevisionId> = from.collect();
        let Some((last, rest)) = from.split_last() else { return vec![VersionChange::Insert(node.id)] };
        let deletes = rest.iter().map(|id| VersionChange::Delete(*id));
        deletes.chain([VersionChange::Update { from: *last, to: node.id }]).collect()
    }

    /// The rows that come back for a reverted revision: what it needs, without what other rows imply.
    fn unmerged(&self, node: &RevisionNode, rows: &[RevisionId]) -> Vec<RevisionId> {
        let others: Vec<RevisionId> = rows.iter().copied().filter(|row| *row != node.id).collect();
        if node.needs.len() == 1 && others.is_empty() {
            return node.needs.clone();
        }
        let mut implied = self.ancestors(&others);
        if others.is_empty() {
            for need in &node.needs {
                let mut below = self.ancestors(&[*need]);
                below.remove(*need);
                implied.union(&below);
            }
        }
        node.needs.iter().copied().filter(|id| !implied.contains(*id)).collect()
    }
}
