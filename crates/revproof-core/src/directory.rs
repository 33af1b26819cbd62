//! [`ScriptDirectory`]: one folder of revision scripts as Alembic would load it, with everything that running a script
//! takes: the project, the graph, the dialect and the modules that scripts import.

use crate::alembic::{
    self, Configured, Environment, Keep, KnownScripts, Modules, Project, ProjectDatabase, Reading, Script, relative,
};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::history::{Header, History, Problem};
use crate::schema::{Dialect, Name};
use crate::source::{FileTree, Sources};

/// How many steps of evaluation one direction of one script may take. Real scripts take hundreds, those that carry data
/// tens of thousands; the limit is there for loops that never end.
const STEP_LIMIT: u64 = 1_000_000;

/// A folder of scripts, loaded and not yet run.
pub struct ScriptDirectory<'t> {
    /// Where it is and how it is configured.
    pub project: Project,
    /// What `env.py` tells `context.configure()` in offline mode.
    pub configured: Configured,
    /// What its scripts are evaluated in; in a project of several databases, for the first of them.
    pub environment: Environment,
    /// The same for the other databases.
    pub others: Vec<Environment>,
    /// Why the dialect is the one it is, in words.
    pub dialect_source: String,
    /// Its scripts, in order of loading: numbers of the history are indexes of this list.
    pub scripts: Vec<Script>,
    /// Files that could not be read as scripts (RP106), as findings already.
    pub unreadable: Vec<Diagnostic>,
    /// The graph.
    pub history: History,
    /// What is wrong with the graph.
    pub problems: Vec<Problem>,
    /// The project's modules that scripts import.
    pub modules: Modules<'t>,
}

impl ScriptDirectory<'_> {
    /// What its scripts are evaluated in: once, or once for each database of the project.
    pub fn environments(&self) -> impl Iterator<Item = &Environment> {
        std::iter::once(&self.environment).chain(&self.others)
    }
}

/// The script directories at or under `path` of the tree, and all files that were read.
pub fn read<'t>(tree: &'t dyn FileTree, path: &str, config: &Config) -> (Vec<ScriptDirectory<'t>>, Sources) {
    read_keeping(Keep::Code, tree, path, config)
}

/// [`read`], keeping so much of the scripts.
pub fn read_keeping<'t>(
    keep: Keep,
    tree: &'t dyn FileTree,
    path: &str,
    config: &Config,
) -> (Vec<ScriptDirectory<'t>>, Sources) {
    read_projects(Reading::plain(keep), tree, projects(tree, path, config), config, None)
}

/// The projects at or under `path` of the tree.
pub fn projects(tree: &dyn FileTree, path: &str, config: &Config) -> Vec<Project> {
    alembic::discover_section(tree, path, config.ini_section.as_deref())
}

/// What is known of the scripts of several projects from when they were last read, one after the other.
#[derive(Default)]
pub struct Known {
    projects: Vec<KnownScripts>,
}

impl Known {
    /// What is known of the scripts of the project of that number.
    fn of(&mut self, number: usize) -> Option<&mut KnownScripts> {
        while self.projects.len() <= number {
            let next = self.projects.first().map(KnownScripts::beside).unwrap_or_default();
            self.projects.push(next);
        }
        self.projects.get_mut(number)
    }
}

/// [`read()`] of these projects, in this way. What is known of their scripts is used, and then says what is known now.
pub fn read_projects<'t>(
    reading: Reading<'_>,
    tree: &'t dyn FileTree,
    projects: Vec<Project>,
    config: &Config,
    mut known: Option<&mut Known>,
) -> (Vec<ScriptDirectory<'t>>, Sources) {
    let mut sources = Sources::default();
    let mut directories = Vec::new();
    for (number, project) in projects.into_iter().enumerate() {
        let known = known.as_deref_mut().and_then(|known| known.of(number));
        let (scripts, unreadable) = alembic::load(tree, &project, &mut sources, reading, known);
        directories.push(directory(tree, project, config, number, &sources, scripts, unreadable));
    }
    (directories, sources)
}

fn directory<'t>(
    tree: &'t dyn FileTree,
    project: Project,
    config: &Config,
    number: usize,
    sources: &Sources,
    scripts: Vec<Script>,
    unreadable: Vec<Diagnostic>,
) -> ScriptDirectory<'t> {
    let headers: Vec<Header<'_>> = scripts.iter().map(header).collect();
    let (history, problems) = History::new(&headers);
    let (dialect, dialect_source) = choose_dialect(config, &project, &scripts, sources);
    let naming =
        if config.naming_convention.is_empty() { project.naming.clone() } else { config.naming_convention.clone() };
    let x_arguments = config.x_arguments.clone();
    let environ = config.environ.with(&config.environ_arguments);
    let commits_each = alembic::commits_each(tree, &project);
    let mut environment = Environment {
        dialect,
        naming,
        naming_unread: project.naming_unread && config.naming_convention.is_empty(),
        x_arguments,
        environ,
        commits_each,
        database: None,
        step_limit: STEP_LIMIT,
    };
    let mut others = Vec::new();
    for (database, url_dialect) in databases(&project, &scripts) {
        let dialect = config.dialect.or(url_dialect).unwrap_or(dialect);
        let first = database.first;
        let of_database = Environment { dialect, database: Some(database), ..environment.clone() };
        if first {
            environment = of_database;
        } else {
            others.push(of_database);
        }
    }
    let modules = Modules::new(tree, &project, number);
    let configured = alembic::configured(tree, &project);
    ScriptDirectory {
        project,
        configured,
        environment,
        others,
        dialect_source,
        scripts,
        unreadable,
        history,
        problems,
        modules,
    }
}

/// The databases of a project whose scripts take the name of one, with the dialects of their URLs: those that the settings
/// list, else those that the scripts have functions for.
fn databases(project: &Project, scripts: &[Script]) -> Vec<(ProjectDatabase, Option<Dialect>)> {
    let mut known: Vec<(Name, Option<Dialect>)> = Vec::new();
    let mut of_scripts = scripts.iter().filter_map(|script| script.databases.as_ref()).peekable();
    let listed = !project.databases.is_empty();
    if of_scripts.peek().is_some() && listed {
        known.clone_from(&project.databases);
    }
    for name in of_scripts.flatten().filter(|_| !listed) {
        if !known.iter().any(|(other, _)| other == name) {
            known.push((name.clone(), None));
        }
    }
    known.sort_by_key(|(name, _)| !name.is_empty());
    let numbered = known.into_iter().enumerate();
    numbered.map(|(at, (name, dialect))| (ProjectDatabase { name, listed, first: at == 0 }, dialect)).collect()
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
        return (*dialect, format!("from the database URL in {}", relative(place, &project.root)));
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
