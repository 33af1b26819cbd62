//! [`ChainReport`]: what was proved of one chain, revision by revision.

use serde::Serialize;

use super::finding::{DiagnosticReport, Place};
use super::summary::Summary;
use crate::op::FailureKind;
use crate::replay::{RunStatus, Verdict};
use crate::schema::{Dialect, Name};

/// What was found in one chain.
#[derive(Debug, Clone, Serialize)]
pub struct ChainReport {
    /// The folder that the user would name.
    pub root: String,
    /// The database that it was replayed on, where the project has several, each of which has a chain here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// The dialect that it was replayed in.
    pub dialect: Dialect,
    /// Why that dialect: half a sentence, `from sqlalchemy.url in alembic.ini`.
    pub dialect_source: String,
    /// What of the dump that the database begins with was not understood: what it makes is missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub baseline_not_understood: Vec<String>,
    /// The revisions that none revises.
    pub heads: Vec<String>,
    /// The revisions that revise none.
    pub bases: Vec<String>,
    /// The revisions, in order of application.
    pub revisions: Vec<RevisionReport>,
    /// The merge points that were tried in both orders.
    pub merges: Vec<MergeReport>,
    /// The findings, in order of application, then by place.
    pub diagnostics: Vec<DiagnosticReport>,
    /// The sums.
    pub summary: Summary,
    /// The naming convention of the project, for a link that holds its scripts only. Not part of the contract.
    #[serde(skip)]
    pub naming: Vec<(Name, Name)>,
}

/// What was proved of one revision.
#[derive(Debug, Clone, Serialize)]
pub struct RevisionReport {
    /// Its identifier.
    pub revision: String,
    /// What it revises.
    pub down_revision: Vec<String>,
    /// What it depends on.
    pub depends_on: Vec<String>,
    /// Its branch labels.
    pub branch_labels: Vec<String>,
    /// The first line of its docstring.
    pub message: String,
    /// The file, relative to the chain's root.
    pub file: String,
    /// The upgrade.
    pub upgrade: RunReport,
    /// The downgrade from there.
    pub downgrade: RunReport,
    /// The upgrade after the downgrade.
    pub again: RunReport,
    /// Whether the downgrade brought back what was before.
    pub restores: RestoresReport,
    /// The verdict.
    pub verdict: Verdict,
    /// Why the verdict is what it is, in one sentence.
    pub because: String,
    /// An earlier revision that failed and on whose outcome this one may rest.
    pub rests_on_failed: Option<String>,
}

/// How one run of one direction ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunReport {
    /// How it ended.
    pub status: RunStatus,
    /// What ended it.
    pub error: Option<ErrorReport>,
    /// How many operations it sent to the database.
    pub operations: usize,
    /// What of it could not be evaluated or simulated.
    pub doubts: Vec<DoubtReport>,
}

/// What ended a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorReport {
    /// What kind of refusal.
    pub kind: FailureKind,
    /// What a real server would say, in substance.
    pub message: String,
    /// The line of the script, from 1.
    pub line: Option<u32>,
}

/// What could not be evaluated or simulated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoubtReport {
    /// Why not, as half a sentence.
    pub why: String,
    /// Where.
    #[serde(flatten)]
    pub place: Option<Place>,
}

/// Whether a downgrade brought back what was before.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct RestoresReport {
    /// The schema; `None` where not known.
    pub schema: Option<bool>,
    /// The rows; `None` where not known.
    pub rows: Option<bool>,
    /// What differs, a sentence each.
    pub differences: Vec<String>,
}

/// A merge point whose branches were applied in both orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MergeReport {
    /// The merge revision.
    pub revision: String,
    /// Whether both orders give one schema; `None` where not known.
    pub commutes: Option<bool>,
    /// What differs, or what failed in the other order.
    pub differences: Vec<String>,
}
