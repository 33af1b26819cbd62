//! The replay of a chain: up, down and up again for each revision, on rows; its [`Trace`] is what rules read.

mod trace;

pub use trace::{
    Doubt, DoubtScope, MergeCheck, Restores, RevisionTrace, Run, RunStatus, SeedFinding, Step, Trace, Verdict,
};
