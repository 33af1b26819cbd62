//! The revision graph ([`History`]), and the revision-identifier grammar of Alembic ([`History::resolve`]).
//!
//! Built from script headers, it never refuses: what is wrong with a graph is a [`Problem`], and the rest is usable.
//! Orders of upgrade and downgrade, the rows of `alembic_version` after each step and the sentences of
//! [`ResolveError`] are Alembic's own, so that what is replayed here is what a server would have seen.

mod build;
mod cycles;
mod error;
mod graph;
mod labels;
mod order;
mod plan;
mod range;
mod resolve;
mod rows;
mod set;
mod stamp;
mod target;

pub(crate) use build::illegal;
pub use error::ResolveError;
pub use graph::{Header, History, Problem, RevisionId, RevisionNode};
pub use plan::Step;
pub use range::RangeEnd;
pub use rows::VersionChange;
pub use set::RevisionSet;
pub use stamp::StampStep;

#[cfg(test)]
mod tests;
