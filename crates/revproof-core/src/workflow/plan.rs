//! [`Plan`]: what a command would do, step by step, and the version rows after each.

use crate::alembic::Script;
use crate::history::{History, ResolveError, RevisionId, Step};
use crate::listing::message;
use crate::schema::Name;

/// The steps of a command, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<PlannedStep>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedStep {
    /// What is done.
    pub step: Step,
    /// What Alembic logs of it: `upgrade a -> b`.
    pub log: String,
    /// The script's message; empty for a stamp.
    pub message: String,
    /// The rows of `alembic_version` after it.
    pub rows: Vec<RevisionId>,
}

impl Plan {
    /// The plan of these steps, where `rows` are current.
    pub fn new(history: &History, scripts: &[Script], steps: Vec<Step>, rows: &[RevisionId]) -> Self {
        let mut rows = rows.to_vec();
        let planned = |step: Step| {
            for change in step.changes(history, &rows) {
                change.apply(&mut rows);
            }
            let script = step.revision().and_then(|id| scripts.get(id.0 as usize));
            let message = script.map(message).unwrap_or_default();
            PlannedStep { log: step.log(history), step, message, rows: rows.clone() }
        };
        Self { steps: steps.into_iter().map(planned).collect() }
    }
}

impl PlannedStep {
    /// `upgrade`, `downgrade` or `stamp`.
    pub fn kind(&self) -> &'static str {
        match self.step {
            Step::Upgrade(_) => "upgrade",
            Step::Downgrade(_) => "downgrade",
            Step::Stamp(_) => "stamp",
        }
    }

    /// The revision that is applied, reverted or stamped; `None` for a stamp that takes rows away.
    pub fn revision(&self) -> Option<RevisionId> {
        match &self.step {
            Step::Upgrade(id) | Step::Downgrade(id) => Some(*id),
            Step::Stamp(step) => step.to,
        }
    }

    /// `a -> b`, with nothing on the side of the base.
    pub fn arrow(&self) -> &str {
        self.log.split_once(' ').map_or("", |(_, arrow)| arrow)
    }

    /// The line that Alembic logs: `Running upgrade a -> b, message`.
    pub fn line(&self) -> String {
        let comma = if self.message.is_empty() { "" } else { ", " };
        format!("Running {}{comma}{}", self.log, self.message)
    }
}

/// The version rows of these names. An unknown one is refused as Alembic refuses it.
pub fn current_rows(history: &History, names: &[Name]) -> Result<Vec<RevisionId>, ResolveError> {
    let find = |name: &Name| {
        let missing = || ResolveError::NotFound { argument: name.to_string(), candidates: Vec::new() };
        history.find(name).map(|node| node.id).ok_or_else(missing)
    };
    names.iter().map(find).collect()
}
