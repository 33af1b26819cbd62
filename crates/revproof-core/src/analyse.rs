//! The façade: one call from a folder of scripts to a report.

#[cfg(test)]
mod tests;

use crate::alembic::{self, Environment, Modules, Project, Script};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::history::{Header, History, Problem, RevisionSet};
use crate::lint::{self, Chain};
use crate::replay::{self, Subject};
use crate::report::{self, Report};
use crate::schema::{Catalog, Dialect};
use crate::source::{FileTree, Sources};

/// How many steps of evaluation one direction of one script may take. Real scripts take hundreds, those that carry data
/// tens of thousands; the limit is there for loops that never end.
const STEP_LIMIT: u64 = 1_000_000;

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
    let mut chains = Vec::new();
    let (replayed, sources) = replay_chains(tree, path, config, progress);
    for (chain, dialect_source) in &replayed {
        let findings = lint::run(chain, &sources, config);
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
    let (chains, mut sources) = read_chains(tree, path, config);
    let total = chains.iter().map(|c| c.history.nodes.len()).sum();
    let mut before = 0;
    let mut replayed = Vec::with_capacity(chains.len());
    for read in chains {
        let trace = replay::replay(&read.subject(&sources, config), &mut |done| {
            progress(Progress { done: before + done, total });
        });
        before += read.history.nodes.len();
        read.modules.files().into_iter().for_each(|file| sources.attach(file));
        let chain = Chain {
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

/// A chain before its replay.
struct ReadChain<'t> {
    project: Project,
    environment: Environment,
    dialect_source: String,
    scripts: Vec<Script>,
    unreadable: Vec<Diagnostic>,
    history: History,
    problems: Vec<Problem>,
    modules: Modules<'t>,
}

impl ReadChain<'_> {
    fn subject<'a>(&'a self, sources: &'a Sources, config: &'a Config) -> Subject<'a> {
        Subject {
            sources,
            scripts: &self.scripts,
            history: &self.history,
            environment: &self.environment,
            modules: &self.modules,
            rows: &config.rows,
        }
    }
}

fn read_chains<'t>(tree: &'t dyn FileTree, path: &str, config: &Config) -> (Vec<ReadChain<'t>>, Sources) {
    let mut sources = Sources::default();
    let projects = alembic::discover(tree, path);
    let mut chains = Vec::with_capacity(projects.len());
    for project in projects {
        let (scripts, unreadable) = alembic::load(tree, &project, &mut sources);
        let headers: Vec<Header<'_>> = scripts.iter().map(header).collect();
        let (history, problems) = History::new(&headers);
        let (dialect, dialect_source) = choose_dialect(config, &project, &scripts, &sources);
        let naming =
            if config.naming_convention.is_empty() { project.naming.clone() } else { config.naming_convention.clone() };
        let environment = Environment { dialect, naming, step_limit: STEP_LIMIT };
        let modules = Modules::new(tree, &project, chains.len());
        chains.push(ReadChain {
            project,
            environment,
            dialect_source,
            scripts,
            unreadable,
            history,
            problems,
            modules,
        });
    }
    (chains, sources)
}

fn header(script: &Script) -> Header<'_> {
    Header {
        name: &script.revision,
        down: &script.down_revision,
        depends_on: &script.depends_on,
        labels: &script.branch_labels,
    }
}

/// The dialect that is set, else that of the database URL, else what the scripts import, else PostgreSQL; and why.
fn choose_dialect(config: &Config, project: &Project, scripts: &[Script], sources: &Sources) -> (Dialect, String) {
    if let Some(dialect) = config.dialect {
        return (dialect, "as set".to_owned());
    }
    if let Some((dialect, place)) = &project.url_dialect {
        return (*dialect, format!("from the database URL in {place}"));
    }
    let dialects = [Dialect::PostgreSql, Dialect::MySql, Dialect::Sqlite];
    let counts = dialects.map(|dialect| {
        let module = format!("sqlalchemy.dialects.{}", dialect.name());
        let import = format!("sqlalchemy.dialects import {}", dialect.name());
        let uses = scripts.iter().filter_map(|s| sources.get(s.file));
        uses.filter(|f| f.text.contains(&module) || f.text.contains(&import)).count()
    });
    let most = counts.iter().copied().max().unwrap_or_default();
    let winners: Vec<Dialect> = dialects.into_iter().zip(counts).filter(|(_, n)| *n == most).map(|(d, _)| d).collect();
    match winners.as_slice() {
        [dialect] if most > 0 => {
            let plural = if most == 1 { "one script imports" } else { "scripts import" };
            (*dialect, format!("{plural} sqlalchemy.dialects.{}", dialect.name()))
        }
        _ => (Dialect::default(), "the default; nothing in the project says otherwise".to_owned()),
    }
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
    let (chains, sources) = read_chains(tree, path, config);
    let states_of = |read: &ReadChain<'_>| {
        let order = read.history.application_order();
        let name = |id| read.history.name(id).to_string();
        let wanted = at.map(|symbol| read.history.resolve_one(symbol).ok().flatten());
        let needed = match wanted {
            None => None,
            Some(None) => Some(RevisionSet::default()),
            Some(Some(id)) => Some(read.history.ancestors(&[id])),
        };
        let applied = order.iter().copied().filter(|id| needed.as_ref().is_none_or(|n| n.contains(*id)));
        let states = replay::upgrades(&read.subject(&sources, config), applied)
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
