//! The façade: one call from a folder of scripts to a report.

use crate::config::Config;
use crate::report::Report;
use crate::schema::{Catalog, Dialect};
use crate::source::{FileTree, Sources};

/// Proves every chain at or under `path` of the tree. Where there is none, the report has no chains.
pub fn analyse(tree: &dyn FileTree, path: &str, config: &Config) -> Report {
    let _ = (tree, path, config);
    Report::new(Vec::new(), Sources::default())
}

/// The schemas that one chain goes through.
#[derive(Debug, Clone)]
pub struct ChainStates {
    /// The folder that the user would name.
    pub root: String,
    /// The dialect.
    pub dialect: Dialect,
    /// The identifiers of all revisions of the chain, applied or not, in order of application.
    pub revisions: Vec<String>,
    /// The states, in order of application.
    pub states: Vec<State>,
}

/// The schema after one revision.
#[derive(Debug, Clone)]
pub struct State {
    /// The revision.
    pub revision: String,
    /// The schema before it.
    pub before: Catalog,
    /// The schema after it.
    pub after: Catalog,
}

/// The schema after each revision of every chain at or under `path`, upgrades only and without rows. With `at`, a
/// revision's identifier (or enough of its start), only that revision and what it stands on are applied, so that the
/// last state is the schema there; a chain that has no such revision has no states.
pub fn schema_states(tree: &dyn FileTree, path: &str, config: &Config, at: Option<&str>) -> Vec<ChainStates> {
    let _ = (tree, path, config, at);
    Vec::new()
}
