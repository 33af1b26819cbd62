//! [`Memory`]: what an analysis leaves behind for the next one of the same tree.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::directory::Known;
use crate::{lint, replay};

/// What an analysis leaves behind, so that the next one of the same tree does again only what is different by then. The
/// report is the same as without it.
#[derive(Default)]
pub struct Memory {
    /// The scripts, for whoever reads them.
    pub scripts: Known,
    config: Option<Config>,
    /// By the number of the project in its input.
    projects: BTreeMap<usize, OfProject>,
}

/// What is remembered of a project, database by database.
#[derive(Default)]
pub(super) struct OfProject {
    replays: Vec<replay::Memory>,
    findings: Vec<lint::Memory>,
}

impl Memory {
    /// How many revisions the last analysis has taken over from the one before it, over all databases.
    pub fn taken_over(&self) -> usize {
        self.projects.values().flat_map(|of| &of.replays).map(replay::Memory::taken_over).sum()
    }

    /// Begins an analysis: under other settings, nothing is what it was but the scripts.
    pub(super) fn begin(&mut self, config: &Config) {
        if self.config.as_ref() != Some(config) {
            self.projects.clear();
            self.config = Some(config.clone());
        }
    }

    /// What is remembered of the project of that number.
    pub(super) fn of_project(&mut self, number: usize) -> &mut OfProject {
        self.projects.entry(number).or_default()
    }
}

impl OfProject {
    /// The last replay on each of its databases. With another number of these, nothing is what it was.
    pub(super) fn replays(&mut self, databases: usize) -> &mut [replay::Memory] {
        if self.replays.len() != databases {
            self.replays = (0..databases).map(|_| replay::Memory::default()).collect();
            self.findings = (0..databases).map(|_| lint::Memory::default()).collect();
        }
        &mut self.replays
    }

    /// What was found on each of its databases.
    pub(super) fn findings(&mut self) -> &mut [lint::Memory] {
        for (findings, replay) in self.findings.iter_mut().zip(&self.replays) {
            findings.kept = replay.kept();
        }
        &mut self.findings
    }
}
