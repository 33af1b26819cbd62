//! [`Memory`]: what the rules found in each revision of a chain, before anything of it was suppressed.

use super::context::Chain;
use super::rule::Finding;
use crate::alembic::{Project, ProjectDatabase};
use crate::config::Config;
use crate::schema::Dialect;

/// What the rules found in each revision of a chain. A rule that is not about the graph looks at a revision and at those
/// before it, so that as long as these are what they were, so is what it finds.
#[derive(Default)]
pub struct Memory {
    /// How many revisions, from the first on, are what they were; whoever has replayed the chain knows.
    pub kept: usize,
    basis: Option<Basis>,
    /// The findings of each revision, in order of application.
    found: Vec<Vec<Finding>>,
}

/// What findings hang on besides the revisions.
#[derive(PartialEq)]
struct Basis {
    config: Config,
    project: Project,
    dialect: Dialect,
    database: Option<ProjectDatabase>,
}

impl Memory {
    /// Forgets what no longer holds.
    pub(super) fn begin(&mut self, chain: &Chain, config: &Config) -> &mut Self {
        let basis = Basis {
            config: config.clone(),
            project: chain.project.clone(),
            dialect: chain.dialect,
            database: chain.database.clone(),
        };
        let basis = Some(basis);
        let kept = if self.basis == basis { self.kept } else { 0 };
        self.found.truncate(kept);
        self.basis = basis;
        self
    }

    /// What was found in the revision at this place, where that still holds.
    pub(super) fn found(&self, place: usize) -> Option<&[Finding]> {
        self.found.get(place).map(Vec::as_slice)
    }

    /// Remembers what was found in the next revision.
    pub(super) fn keep(&mut self, found: &[Finding]) {
        self.found.push(found.to_vec());
    }
}
