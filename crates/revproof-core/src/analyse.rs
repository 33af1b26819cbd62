//! The façade: one call from a folder of scripts to a report.

mod memory;
#[cfg(test)]
mod tests;

pub use memory::Memory;
use memory::OfProject;

use std::collections::BTreeMap;

use crate::alembic::{Environment, Keep, Project, Reading, Script};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::directory::{self, ScriptDirectory};
use crate::history::{History, Problem, RevisionSet};
use crate::lint::{self, Chain};
use crate::python::{InTurn, Parser};
use crate::replay::{self, Subject, Trace};
use crate::report::{self, Report};
use crate::schema::{Catalog, Dialect, Name};
use crate::source::{FileTree, Sources};
use crate::workflow::{AppliedScript, applied};

/// Proves every chain at or under `path` of the tree. Where there is none, the report has no chains.
pub fn analyse(tree: &dyn FileTree, path: &str, config: &Config) -> Report {
    analyse_by(tree, path, config, Means::plain(&mut |_| {}))
}

/// [`analyse`], done by these means.
pub fn analyse_by(tree: &dyn FileTree, path: &str, config: &Config, mut means: Means<'_>) -> Report {
    let (replayed, sources) = replay_chains(tree, path, config, &mut means);
    report_of(replayed, sources, config, means.memory, means.let_go)
}

/// By what means an analysis is done. What it finds is the same, whatever they are.
pub struct Means<'a> {
    /// Who parses the scripts.
    pub parser: &'a dyn Parser,
    /// Called after each revision with what has been done so far.
    pub progress: &'a mut dyn FnMut(Progress),
    /// What the last analysis of the tree left behind, to be used and renewed.
    pub memory: Option<&'a mut Memory>,
    /// Who lets go of what is done with: all that was read and replayed, which takes its time.
    pub let_go: fn(Box<dyn Send>),
}

impl<'a> Means<'a> {
    /// One thing after the other, and nothing remembered.
    pub fn plain(progress: &'a mut dyn FnMut(Progress)) -> Self {
        Self { parser: &InTurn, progress, memory: None, let_go: drop }
    }
}

/// The report of directories that stay loaded, for a face that goes on working on them: one chain for each database of
/// each, as [`ScriptDirectory::environments`] has them. `sources` are those that were read with them; modules that the
/// scripts import are added. `see` is shown the replay of each chain, which is then let go of.
pub fn analyse_loaded(
    directories: &[ScriptDirectory<'_>],
    sources: &mut Sources,
    tree: &dyn FileTree,
    config: &Config,
    mut memory: Option<&mut Memory>,
    see: &mut dyn FnMut(&Trace),
) -> Report {
    let mut replayed = Vec::with_capacity(directories.len());
    begin(memory.as_deref_mut(), config);
    for (number, read) in directories.iter().enumerate() {
        let of_project = memory.as_deref_mut().map(|memory| memory.of_project(number));
        let traces = replay_databases(read, sources, config, (&InTurn, of_project), &mut |_| {});
        traces.iter().for_each(&mut *see);
        read.modules.files().into_iter().for_each(|file| sources.attach(file));
        let seen = seen_on_databases(tree, read, traces);
        let chains = seen.into_iter().map(|seen| chain(Parts::copy_of(read), seen)).collect();
        replayed.push((chains, read.dialect_source.clone()));
    }
    report_of(replayed, sources.clone(), config, memory, drop)
}

fn begin(memory: Option<&mut Memory>, config: &Config) {
    if let Some(memory) = memory {
        memory.begin(config);
    }
}

fn report_of(
    replayed: Vec<(Vec<Chain>, String)>,
    sources: Sources,
    config: &Config,
    mut memory: Option<&mut Memory>,
    let_go: fn(Box<dyn Send>),
) -> Report {
    let mut chains = Vec::with_capacity(replayed.len());
    for (number, (project, dialect_source)) in replayed.into_iter().enumerate() {
        let all: Vec<&Chain> = project.iter().collect();
        let known = memory.as_deref_mut().map(|memory| memory.of_project(number).findings()).unwrap_or_default();
        let findings = lint::run_again(&all, &sources, config, known);
        let built = project.iter().zip(findings);
        chains.extend(built.map(|(chain, found)| report::build(chain, dialect_source.clone(), &found, &sources)));
        let_go(Box::new(project));
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

/// The projects at or under `path`, read and replayed, each with the reason for its dialect: one chain, or one for each
/// of its databases.
pub(crate) fn replay_chains(
    tree: &dyn FileTree,
    path: &str,
    config: &Config,
    means: &mut Means<'_>,
) -> (Vec<(Vec<Chain>, String)>, Sources) {
    let Means { parser, progress, memory, let_go: _ } = means;
    begin(memory.as_deref_mut(), config);
    let reading = Reading { keep: Keep::Code, parser: *parser };
    let known = memory.as_deref_mut().map(|memory| &mut memory.scripts);
    let projects = directory::projects(tree, path, config);
    let (directories, mut sources) = directory::read_projects(reading, tree, projects, config, known);
    let length = |read: &ScriptDirectory<'_>| read.history.nodes.len() * read.environments().count();
    let total = directories.iter().map(length).sum();
    let mut before = 0;
    let mut replayed = Vec::with_capacity(directories.len());
    for (number, read) in directories.into_iter().enumerate() {
        let databases = read.environments().count();
        let of_project = memory.as_deref_mut().map(|memory| memory.of_project(number));
        let traces = replay_databases(&read, &sources, config, (*parser, of_project), &mut |done| {
            progress(Progress { done: before + done, total });
        });
        before += read.history.nodes.len() * databases;
        read.modules.files().into_iter().for_each(|file| sources.attach(file));
        let dialect_source = read.dialect_source.clone();
        let seen = seen_on_databases(tree, &read, traces);
        // A history is large: where there is one database, as there is nearly always, it is not copied.
        let mut parts: Vec<Parts> = (1..databases).map(|_| Parts::copy_of(&read)).collect();
        parts.push(Parts::of(read));
        let chains = parts.into_iter().zip(seen).map(|(parts, seen)| chain(parts, seen)).collect();
        replayed.push((chains, dialect_source));
    }
    (replayed, sources)
}

/// Replays a folder of scripts on each of its databases, one after the other. Calls `progress` with the number of
/// revisions done on all of them.
fn replay_databases(
    read: &ScriptDirectory<'_>,
    sources: &Sources,
    config: &Config,
    (parser, memory): (&dyn Parser, Option<&mut OfProject>),
    progress: &mut dyn FnMut(usize),
) -> Vec<Trace> {
    let length = read.history.nodes.len();
    let subject = Subject { parser, ..Subject::new(read, sources, config) };
    let mut memories = memory.map(|memory| memory.replays(read.environments().count())).unwrap_or_default().iter_mut();
    let on = |(at, environment)| {
        replay::replay_again(&subject.on(environment), memories.next(), &mut |done| progress(at * length + done))
    };
    let mut traces: Vec<Trace> = read.environments().enumerate().map(on).collect();
    only_rows_of_no_database(&mut traces);
    traces
}

/// What was seen on one database of a folder of scripts, with what is applied to it.
struct Seen {
    environment: Environment,
    applied: BTreeMap<Name, AppliedScript>,
    trace: Trace,
}

fn seen_on_databases(tree: &dyn FileTree, read: &ScriptDirectory<'_>, traces: Vec<Trace>) -> Vec<Seen> {
    let of = |(environment, trace): (&Environment, Trace)| Seen {
        environment: environment.clone(),
        applied: applied(tree, &read.project, environment, &read.history, &read.modules),
        trace,
    };
    read.environments().zip(traces).map(of).collect()
}

fn chain(parts: Parts, seen: Seen) -> Chain {
    let Parts { project, scripts, unreadable, history, problems } = parts;
    let Seen { environment, applied, trace } = seen;
    Chain {
        applied,
        project,
        dialect: environment.dialect,
        database: environment.database,
        scripts,
        unreadable,
        history,
        problems,
        trace,
    }
}

/// What a chain takes over from its folder of scripts.
struct Parts {
    project: Project,
    scripts: Vec<Script>,
    unreadable: Vec<Diagnostic>,
    history: History,
    problems: Vec<Problem>,
}

impl Parts {
    fn of(read: ScriptDirectory<'_>) -> Self {
        let ScriptDirectory { project, scripts, unreadable, history, problems, .. } = read;
        Self { project, scripts, unreadable, history, problems }
    }

    fn copy_of(read: &ScriptDirectory<'_>) -> Self {
        Self {
            project: read.project.clone(),
            scripts: read.scripts.clone(),
            unreadable: read.unreadable.clone(),
            history: read.history.clone(),
            problems: read.problems.clone(),
        }
    }
}

/// The user's rows are meant for one database each: those that went into any of them were not in vain.
fn only_rows_of_no_database(traces: &mut [Trace]) {
    let Some((first, others)) = traces.split_first_mut() else { return };
    first.unused_rows.retain(|row| others.iter().all(|other| other.unused_rows.contains(row)));
    for other in others {
        other.unused_rows.clear();
    }
}

/// The schemas that one chain goes through.
#[derive(Debug, Clone)]
pub struct ChainStates {
    /// The folder that the user would name.
    pub root: String,
    /// The database, where the project has several.
    pub database: Option<String>,
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
    let states_of = |read: &ScriptDirectory<'_>, environment: &Environment| {
        let order = read.history.application_order();
        let name = |id| read.history.name(id).to_string();
        let wanted = at.map(|symbol| read.history.resolve_one(symbol).ok().flatten());
        let needed = match wanted {
            None => None,
            Some(None) => Some(RevisionSet::default()),
            Some(Some(id)) => Some(read.history.ancestors(&[id])),
        };
        let applied = order.iter().copied().filter(|id| needed.as_ref().is_none_or(|n| n.contains(*id)));
        let states = replay::upgrades(&Subject::new(read, &sources, config).on(environment), applied)
            .into_iter()
            .map(|(id, before, after)| State { revision: name(id), before, after });
        ChainStates {
            root: read.project.root.clone(),
            database: environment.database.as_ref().map(|database| database.shown().to_owned()),
            dialect: environment.dialect,
            revisions: order.iter().copied().map(name).collect(),
            states: states.collect(),
        }
    };
    let of_databases = |read| ScriptDirectory::environments(read).map(|environment| states_of(read, environment));
    chains.iter().flat_map(of_databases).collect()
}
