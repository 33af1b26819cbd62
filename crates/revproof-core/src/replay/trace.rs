//! [`Trace`]: everything that was seen during a replay.

use std::sync::Arc;

use crate::engine::{Database, RowDiff};
use crate::history::RevisionId;
use crate::op::{Effect, Failure, FailureKind, Operation};
use crate::schema::QName;
use crate::source::Span;

/// What the replay of one chain saw.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// One entry per revision, in order of application.
    pub revisions: Vec<Arc<RevisionTrace>>,
    /// The merge points that were tried in both orders.
    pub merges: Vec<MergeCheck>,
    /// The tables for which no rows could be made up, with the reason.
    pub unseeded: Vec<(QName, String)>,
    /// The user's own rows that were never inserted, each with the reason.
    pub unused_rows: Vec<String>,
    /// What of the dump that it began with was not understood.
    pub baseline_missing: Vec<String>,
}

/// What was seen of one revision.
#[derive(Debug, Clone)]
pub struct RevisionTrace {
    /// The revision.
    pub revision: RevisionId,
    /// The database before it.
    pub before: Arc<Database>,
    /// The upgrade, from `before`.
    pub upgrade: Run,
    /// The downgrade, from where the upgrade came to. `Skipped` where the upgrade failed.
    pub downgrade: Run,
    /// The second upgrade, from where the downgrade came to. It does what the first one did, or fails at it, so its
    /// steps are not kept.
    pub again: Run,
    /// Whether the downgrade brought back what was before.
    pub restores: Restores,
    /// The verdict.
    pub verdict: Verdict,
    /// Why the verdict is what it is, in one sentence.
    pub because: String,
    /// An earlier revision that failed and on whose outcome this one may rest.
    pub rests_on_failed: Option<RevisionId>,
}

/// Something that no revision makes and that was assumed to exist.
#[derive(Debug, Clone)]
pub struct Assumed {
    /// What it is: `table` or `schema`.
    pub what: &'static str,
    /// Its name.
    pub name: QName,
    /// The operation that first needed it.
    pub span: Span,
}

/// One run of one direction.
#[derive(Debug, Clone)]
pub struct Run {
    /// How it ended.
    pub status: RunStatus,
    /// What ended it, where something did; for a refusal, what it said.
    pub failure: Option<Failure>,
    /// Where that was.
    pub failure_span: Option<Span>,
    /// How many operations it sent to the database.
    pub operations: usize,
    /// The operations, in order.
    pub steps: Vec<Step>,
    /// What could not be evaluated or simulated.
    pub doubts: Vec<Doubt>,
    /// Failures that only seeded rows caused; the run went on as if the rows had been put right.
    pub seed_findings: Vec<SeedFinding>,
    /// The seeded rows that were set aside so that it could go on: their tables at that moment, and their numbers.
    pub set_aside: Vec<(QName, i64)>,
    /// What no revision makes and was assumed to exist.
    pub assumed: Vec<Assumed>,
    /// The database after it. After a failure: what the dialect would leave behind.
    pub after: Option<Arc<Database>>,
    /// What the last block outside of the transaction committed, where there was one: a rollback goes no further.
    pub committed: Option<Arc<Database>>,
}

impl Run {
    /// Whether a failure ended it, be it certain or not.
    pub(super) fn ends_in_failure(&self) -> bool {
        self.failure.is_some() && matches!(self.status, RunStatus::Failed | RunStatus::Unknown)
    }

    /// Makes a failure one that is not certain.
    pub(super) fn doubt_failure(&mut self, why: &str) {
        let Some(span) = self.failure_span.filter(|_| self.status == RunStatus::Failed) else { return };
        self.status = RunStatus::Unknown;
        self.doubts.push(Doubt { why: why.into(), span, scope: DoubtScope::Schema });
    }

    /// The place of the operation whose failure ended it, where it was one. In a transaction that is lost everything fails, so
    /// there it is the one that lost it.
    pub(super) fn culprit(&self) -> Option<usize> {
        let failure = self.failure.as_ref()?;
        let place = self.steps.iter().rposition(|step| step.result.is_err())?;
        let last = self.steps.get(place)?.result.as_ref().err()?;
        let is_it = last.message == failure.message || failure.kind == FailureKind::InFailedTransaction;
        is_it.then_some(place)
    }

    /// A run that did not take place.
    pub(super) fn skipped() -> Self {
        Self {
            status: RunStatus::Skipped,
            failure: None,
            failure_span: None,
            operations: 0,
            steps: Vec::new(),
            doubts: Vec::new(),
            seed_findings: Vec::new(),
            set_aside: Vec::new(),
            assumed: Vec::new(),
            after: None,
            committed: None,
        }
    }

    /// Whether it came to its end with nothing set aside, assumed or in doubt.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.status, RunStatus::Ok | RunStatus::Empty)
            && self.failure.is_none()
            && self.doubts.is_empty()
            && self.seed_findings.is_empty()
            && self.set_aside.is_empty()
            && self.assumed.is_empty()
    }

    /// A plain run once more, from where it began; its steps are the same.
    pub(super) fn repeated(&self) -> Self {
        Self {
            status: self.status,
            operations: self.operations,
            after: self.after.clone(),
            committed: self.committed.clone(),
            ..Self::skipped()
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RunStatus {
    /// It came to its end, and everything in it is known.
    Ok,
    /// It fails for certain.
    Failed,
    /// There is no such function.
    Missing,
    /// The function does nothing at all.
    Empty,
    /// It refuses on purpose.
    Refused,
    /// Something in it could not be evaluated or simulated.
    Unknown,
    /// It was not run.
    Skipped,
}

/// One operation of a run.
#[derive(Debug, Clone)]
pub struct Step {
    /// The operation. A SQL text has been split into its statements; each is a step.
    pub operation: Operation,
    /// The database before it.
    pub before: Arc<Database>,
    /// What it did, or why not. A failure that the script caught stands here too.
    pub result: Result<Effect, Failure>,
}

/// Something that could not be evaluated or simulated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Why, as half a sentence.
    pub why: Arc<str>,
    /// Where.
    pub span: Span,
    /// What it leaves open.
    pub scope: DoubtScope,
}

/// What a doubt leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DoubtScope {
    /// The schema, and with it everything.
    Schema,
    /// Rows only: whatever happens, the schema is the same.
    Rows,
}

/// A failure that only seeded rows caused.
#[derive(Debug, Clone)]
pub struct SeedFinding {
    /// The operation that failed.
    pub operation: Operation,
    /// The refusal, with the rows.
    pub failure: Failure,
}

/// Whether a downgrade brought back what was before.
#[derive(Debug, Clone, Default)]
pub struct Restores {
    /// The schema, `None` where not known.
    pub schema: Option<bool>,
    /// Whether all that differs are expressions that came back in other words, which may mean the same.
    pub reworded: bool,
    /// The rows, `None` where not known.
    pub rows: Option<bool>,
    /// The schema's differences.
    pub schema_differences: Vec<crate::schema::Difference>,
    /// The rows' differences.
    pub row_differences: RowDiff,
}

impl Restores {
    /// Schema and rows are what they were.
    pub(super) fn all() -> Self {
        Self { schema: Some(true), rows: Some(true), ..Self::default() }
    }
}

/// What was proved of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Schema and every value come back.
    Reversible,
    /// The schema comes back, values don't.
    Lossy,
    /// There is no way back: no downgrade, an empty one, or a refusal.
    Irreversible,
    /// An upgrade, downgrade or second upgrade fails, or the schema differs.
    Broken,
    /// Rests on something not evaluated.
    Unknown,
}

impl Verdict {
    /// The word for it, as reports have it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reversible => "reversible",
            Self::Lossy => "lossy",
            Self::Irreversible => "irreversible",
            Self::Broken => "broken",
            Self::Unknown => "unknown",
        }
    }
}

/// What was seen of the databases of one project, as one: of each revision what is worst. Nothing is known to be good of
/// one that is not known to be good everywhere.
pub fn worst(traces: impl Iterator<Item = Trace>) -> Trace {
    let badness = |verdict| match verdict {
        Verdict::Broken => 4,
        Verdict::Unknown => 3,
        Verdict::Irreversible => 2,
        Verdict::Lossy => 1,
        Verdict::Reversible => 0,
    };
    traces
        .reduce(|mut worst, other| {
            for (seen, other) in worst.revisions.iter_mut().zip(other.revisions) {
                if badness(other.verdict) > badness(seen.verdict) {
                    *seen = other;
                }
            }
            for (seen, other) in worst.merges.iter_mut().zip(other.merges) {
                // Not commuting is worse than not known, and that is worse than commuting.
                let is_worse = match seen.commutes {
                    Some(true) => other.commutes != Some(true),
                    None => other.commutes == Some(false),
                    Some(false) => false,
                };
                if is_worse {
                    *seen = other;
                }
            }
            worst.unseeded.extend(other.unseeded);
            worst.unused_rows.extend(other.unused_rows);
            worst.baseline_missing.extend(other.baseline_missing);
            worst
        })
        .unwrap_or_default()
}

/// A merge point whose branches were applied in both orders.
#[derive(Debug, Clone)]
pub struct MergeCheck {
    /// The merge revision.
    pub revision: RevisionId,
    /// Whether both orders give one schema; `None` where not known.
    pub commutes: Option<bool>,
    /// What differs, or what failed in the other order.
    pub differences: Vec<String>,
}
