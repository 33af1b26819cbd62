//! The revision graph ([`History`]), and the revision-identifier grammar of Alembic.
//!
//! Built from script headers, it never refuses: what is wrong with a graph is a [`Problem`], and the rest is usable.

mod graph;

pub use graph::{History, Problem, RevisionId, RevisionNode};
