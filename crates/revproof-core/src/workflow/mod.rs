//! The workflow on a simulated database that keeps its state: what a command would do ([`Plan`]), the database as the
//! fold of a [`Journal`] ([`Simulated`]), what each step changed ([`StepDone`]), and queries.
//!
//! A journal is data: whoever calls this reads it from where it is kept and puts back what comes out.

mod applied;
mod change;
mod database;
mod digest;
mod journal;
mod plan;
mod renames;
mod trial;

pub use applied::{AppliedScript, applied, edited, edited_modules, journal_file, state_folder};
pub use change::{Note, Place, StepDone, StepEnd, schema_changes};
pub use database::{Asked, Left, Moment, Ran, Seen, Simulated};
pub use digest::digest;
pub use journal::{Dump, Entry, Journal, JournalError, KeptRows, ScriptRun, ScriptText, Start};
pub use plan::{Plan, PlannedStep, current_rows};
pub use trial::{Trial, Tried};
