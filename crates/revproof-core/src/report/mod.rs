//! [`Report`]: what an analysis found, as plain serialisable data. The one contract of CLI, browser and package.
//!
//! [`build()`] makes the [`ChainReport`] of one replayed chain, [`Report::new`] puts chains together and counts. The
//! fields are those of `revproof check --output-format json`, version [`VERSION`]; adding one is no break, renaming or
//! removing one is. Everything that a face shows comes from here, so that two faces can't disagree.

mod build;
mod chain;
mod differences;
mod finding;
mod graph;
pub(crate) mod path;
mod states;
mod summary;

pub use build::build;
pub use chain::{ChainReport, DoubtReport, ErrorReport, MergeReport, RestoresReport, RevisionReport, RunReport};
pub use finding::{DiagnosticReport, EditReport, FixReport, LabelReport, Place, Range};
pub use graph::{Graph, GraphNode};
pub(crate) use states::changed_names;
pub use states::{changed_tables, whole_schema};
pub use summary::{RuleCount, Summary};

use serde::Serialize;

use crate::source::Sources;

/// The version of the report's shape.
pub const VERSION: u32 = 1;

/// What an analysis found.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The version of this shape: [`VERSION`].
    pub version: u32,
    /// Who says so.
    pub tool: Tool,
    /// The chains, in order of their paths.
    pub chains: Vec<ChainReport>,
    /// The sums over all chains.
    pub summary: Summary,
    /// The texts that places of this report point into, for faces that show code. Not part of the contract.
    #[serde(skip)]
    pub sources: Sources,
}

/// The program that made a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tool {
    /// `revproof`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

impl Report {
    /// The report of these chains.
    pub fn new(chains: Vec<ChainReport>, sources: Sources) -> Self {
        let tool = Tool { name: "revproof", version: env!("CARGO_PKG_VERSION") };
        let summary = Summary::total(&chains);
        Self { version: VERSION, tool, chains, summary, sources }
    }

    /// All findings, chain by chain.
    pub fn diagnostics(&self) -> impl Iterator<Item = &DiagnosticReport> {
        self.chains.iter().flat_map(|chain| &chain.diagnostics)
    }
}
