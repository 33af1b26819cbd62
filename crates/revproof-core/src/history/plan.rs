//! [`Step`]: one step of a plan, as Alembic logs and carries it out.

use super::error::ResolveError;
use super::graph::{History, RevisionId};
use super::rows::VersionChange;
use super::stamp::StampStep;
use crate::schema::Name;

/// One step of an upgrade, a downgrade or a stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A revision is applied.
    Upgrade(RevisionId),
    /// A revision is reverted.
    Downgrade(RevisionId),
    /// Rows are set and no script is run.
    Stamp(StampStep),
}

impl Step {
    /// The revision whose script is run, where one is.
    pub const fn revision(&self) -> Option<RevisionId> {
        match self {
            Self::Upgrade(id) | Self::Downgrade(id) => Some(*id),
            Self::Stamp(_) => None,
        }
    }

    /// What becomes of the rows of `alembic_version`.
    pub fn changes(&self, history: &History, rows: &[RevisionId]) -> Vec<VersionChange> {
        match self {
            Self::Upgrade(id) => history.after_upgrade(*id, rows),
            Self::Downgrade(id) => history.after_downgrade(*id, rows),
            Self::Stamp(step) => step.changes.clone(),
        }
    }

    /// What Alembic logs behind `Running `: `upgrade a -> b`, with nothing where the base is.
    pub fn log(&self, history: &History) -> String {
        let parents = |id: &RevisionId| history.get(*id).map(|node| node.down.clone()).unwrap_or_default();
        let (word, from, to) = match self {
            Self::Upgrade(id) => ("upgrade", parents(id), vec![*id]),
            Self::Downgrade(id) => ("downgrade", vec![*id], parents(id)),
            Self::Stamp(step) => ("stamp_revision", step.from.clone(), step.to.into_iter().collect()),
        };
        format!("{word} {} -> {}", names(history, &from), names(history, &to))
    }
}

fn names(history: &History, ids: &[RevisionId]) -> String {
    ids.iter().map(|id| history.name(*id)).collect::<Vec<Name>>().join(", ")
}

impl History {
    /// The steps of `alembic upgrade TARGET` from `rows`.
    pub fn plan_upgrade(&self, target: &str, rows: &[RevisionId]) -> Result<Vec<Step>, ResolveError> {
        Ok(self.upgrade_order(target, rows)?.into_iter().map(Step::Upgrade).collect())
    }

    /// The steps of `alembic downgrade TARGET` from `rows`.
    pub fn plan_downgrade(&self, target: &str, rows: &[RevisionId]) -> Result<Vec<Step>, ResolveError> {
        Ok(self.downgrade_order(target, rows)?.into_iter().map(Step::Downgrade).collect())
    }

    /// The steps of `alembic stamp TARGET…` from `rows`.
    pub fn plan_stamp(&self, targets: &[&str], rows: &[RevisionId]) -> Result<Vec<Step>, ResolveError> {
        Ok(self.stamp(targets, rows)?.into_iter().map(Step::Stamp).collect())
    }
}
