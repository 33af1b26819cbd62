//! The replay of a chain: up, down and up again for each revision, on rows; its [`Trace`] is what rules read.
//!
//! [`replay`] walks, a `Simulation` is the host that one run of a script talks to, and the verdict of each revision is
//! settled from what its three runs left behind. The walk never stops at a failure.

mod again;
mod baseline;
mod memory;
mod merge;
mod open_world;
mod partial;
mod rows;
mod simulation;
mod trace;
mod uncertain;
mod verdict;
mod walk;

pub use again::{replay, replay_again};
pub use baseline::Baseline;
pub use memory::Memory;
pub(crate) use rows::UserRows;
pub(crate) use simulation::shorten;
pub use trace::{
    Assumed, Doubt, DoubtScope, MergeCheck, Restores, RevisionTrace, Run, RunStatus, SeedFinding, Step, Trace, Verdict,
    worst,
};
pub(crate) use walk::Walk;
pub use walk::{Subject, commute, upgrades};
