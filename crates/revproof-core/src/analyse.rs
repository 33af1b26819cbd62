//! The façade: one call from a folder of scripts to a report.

#[cfg(test)]
mod tests;

use crate::config::Config;
use crate::directory::{self, ScriptDirectory};
use crate::history::RevisionSet;
use crate::lint::{self, Chain};
use crate::replay::{self, Subject, Trace};
use crate::report::{self, Report};
use crate::schema::{Catalog, Dialect};
use crate::source::{FileTree, Sources};
use crate::workflow::applied;

/// Proves every chain at or under `path` of the tree. Where there is none, the report has no chains.
pub fn analyse(tree: &dyn FileTree, path: &str, config: &Config) -> Report {
    analyse_with_progress(tree, path, config, &mut |_| {})
}

/// [`analyse`], calling `progress` after each revision with what has been done so far.
pub fn analyse_with_progress(
    tree: &dyn FileTree,
    path: &str,
    config: &Config,
    progress: &mut dyn FnMut(Progress),
) -> Report {
    let (replayed, sources) = replay_chains(tree, path, config, progress);
    report_of(replayed, sources, config)
}

/// The report of directories that stay loaded, for a face that goes on working on them. `sources` are those that were
/// read with them; modules that the scripts import are added. `see` is shown the replay of each, which is then let go of.
pub fn analyse_loaded(
    directories: &[ScriptDirectory<'_>],
    sources: &mut Sources,
    tree: &dyn FileTree,
    config: &Config,
    see: &mut dyn FnMut(&Trace),
) -> Report {
    let mut replayed = Vec::with_capacity(directories.len());
    for read in directories {
        let trace = replay::replay(&Subject::new(read, sources, config), &mut |_| {});
        see(&trace);
        read.modules.files().into_iter().for_each(|file| sources.attach(file));
        let chain = Chain {
            applied: applied(tree, &read.project, &read.history),
            project: read.project.clone(),
            dialect: read.environment.dialect,
            scripts: read.scripts.clone(),
            unreadable: read.unreadable.clone(),
            history: read.history.clone(),
            problems: read.problems.clone(),
            trace,
        };
        replayed.push((chain, read.dialect_source.clone()));
    }
    report_of(replayed, sources.clone(), config)
}

fn report_of(replayed: Vec<(Chain, String)>, sources: Sources, config: &Config) -> Report {
    let mut chains = Vec::with_capacity(replayed.len());
    for (chain, dialect_source) in replayed {
        let findings = lint::run(&chain, &sources, config);
        chains.push(report::build(chain, dialect_source, &findings, &sources));
    }
    Report::new(chains, sources)
}

/// How far an analysis has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The revisions replayed so far, over all chains.
    pub done: usize,
    /// The revisions of all chains.
    pub total: usize,
}

/// The chains at or under `path`, read and replayed, each with the reason for its dialect.
pub(crate) fn replay_chains(
    tree: &dyn FileTree,
    path: &str,
    config: &Config,
    progress: &mut dyn FnMut(Progress),
) -> (Vec<(Chain, String)>, Sources) {
    let (chains, mut sources) = directory::read(tree, path, config);
    let total = chains.iter().map(|c| c.history.nodes.len()).sum();
    let mut before = 0;
    let mut replayed = Vec::with_capacity(chains.len());
    for read in chains {
        let trace = replay::replay(&Subject::new(&read, &sources, config), &mut |done| {
            progress(Progress { done: before + done, total });
        });
        before += read.history.nodes.len();
        read.modules.files().into_iter().for_each(|file| sources.attach(file));
        let chain = Chain {
            applied: applied(tree, &read.project, &read.history),
            project: read.project,
            dialect: read.environment.dialect,
            scripts: read.scripts,
            unreadable: read.unreadable,
            history: read.history,
            problems: read.problems,
            trace,
        };
        replayed.push((chain, read.dialect_source));
    }
    (replayed, sources)
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
    let (chains, sources) = directory::read(tree, path, config);
    let states_of = |read: &ScriptDirectory<'_>| {
        let order = read.history.application_order();
        let name = |id| read.history.name(id).to_string();
        let wanted = at.map(|symbol| read.history.resolve_one(symbol).ok().flatten());
        let needed = match wanted {
            None => None,
            Some(None) => Some(RevisionSet::default()),
            Some(Some(id)) => Some(read.history.ancestors(&[id])),
        };
        let applied = order.iter().copied().filter(|id| needed.as_ref().is_none_or(|n| n.contains(*id)));
        let states = replay::upgrades(&Subject::new(read, &sources, config), applied)
            .into_iter()
            .map(|(id, before, after)| State { revision: name(id), before, after });
        ChainStates {
            root: read.project.root.clone(),
            dialect: read.environment.dialect,
            revisions: order.iter().copied().map(name).collect(),
            states: states.collect(),
        }
    };
    chains.iter().map(states_of).collect()
}
