//! `stamp`: rows set without running anything.

use super::error::ResolveError;
use super::graph::{Edges, History, RevisionId};
use super::rows::VersionChange;

/// One step of a stamp, as the log shows it: `Running stamp_revision from -> to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StampStep {
    /// The rows that go.
    pub from: Vec<RevisionId>,
    /// The row that comes.
    pub to: Option<RevisionId>,
    /// What is done to `alembic_version`.
    pub changes: Vec<VersionChange>,
}

impl History {
    /// The steps of `alembic stamp TARGET…` where `rows` are current.
    pub fn stamp(&self, targets: &[&str], rows: &[RevisionId]) -> Result<Vec<StampStep>, ResolveError> {
        self.stamp_steps(targets, rows).map_err(|error| match error {
            ResolveError::MultipleHeads { heads, .. } => ResolveError::MultipleStampHeads { heads },
            other => other,
        })
    }

    fn stamp_steps(&self, targets: &[&str], rows: &[RevisionId]) -> Result<Vec<StampStep>, ResolveError> {
        let targets = if targets.is_empty() { &["base"] } else { targets };
        let mut on_line: Vec<RevisionId> = Vec::new();
        for target in targets {
            for row in self.filter_for_lineage(rows, target, Edges::All)? {
                if !on_line.contains(&row) {
                    on_line.push(row);
                }
            }
        }
        let mut destinations = Vec::new();
        for target in targets {
            destinations.extend(self.resolve(target)?);
        }
        let mut now = rows.to_vec();
        let mut steps = Vec::new();
        if destinations.is_empty() {
            let delete =
                |row: &RevisionId| StampStep { from: vec![*row], to: None, changes: vec![VersionChange::Delete(*row)] };
            return Ok(on_line.iter().map(delete).collect());
        }
        for destination in destinations {
            if on_line.contains(&destination) {
                continue;
            }
            let above = self.descendants(&[destination]);
            let below = self.ancestors(&[destination]);
            let related = on_line.iter().any(|row| above.contains(*row) || below.contains(*row));
            let from = if related { on_line.clone() } else { Vec::new() };
            let changes = moves(&from, destination, &now);
            for change in &changes {
                change.apply(&mut now);
            }
            steps.push(StampStep { from, to: Some(destination), changes });
        }
        Ok(steps)
    }
}

/// All of the rows that are still there become one.
fn moves(from: &[RevisionId], to: RevisionId, rows: &[RevisionId]) -> Vec<VersionChange> {
    let from: Vec<RevisionId> = from.iter().copied().filter(|row| rows.contains(row)).collect();
    match from.split_last() {
        None if rows.contains(&to) => Vec::new(),
        None => vec![VersionChange::Insert(to)],
        Some((last, rest)) => {
            let deletes = rest.iter().map(|id| VersionChange::Delete(*id));
            deletes.chain([VersionChange::Update { from: *last, to }]).collect()
        }
    }
}
