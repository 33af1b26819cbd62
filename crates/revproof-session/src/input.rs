//! [`Input`]: the files of the workspace with the settings that they hold, and [`Loaded`]: the chains in them, read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use revproof_core::alembic::{Environment, Keep, Project, Reading, discover};
use revproof_core::config::Config;
use revproof_core::directory::{Known, ScriptDirectory, read_projects};
use revproof_core::replay::Subject;
use revproof_core::source::{Entry, FileTree, Read, Sources};
use self_cell::self_cell;

/// The files of the workspace, by path.
#[derive(Debug, Clone, Default)]
pub(crate) struct Files(pub(crate) BTreeMap<String, Arc<str>>);

impl FileTree for Files {
    fn read(&self, path: &str) -> Read {
        self.0.get(path).map_or(Read::Missing, |text| Read::Text(text.clone()))
    }

    fn list(&self, folder: &str) -> Vec<Entry> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let below = self.0.range(prefix.clone()..).map_while(|(path, _)| path.strip_prefix(&prefix));
        let entry = |rest: &str| match rest.split_once('/') {
            Some((folder, _)) => Entry { name: folder.to_owned(), is_dir: true },
            None => Entry { name: rest.to_owned(), is_dir: false },
        };
        let mut entries: Vec<Entry> = below.map(entry).collect();
        entries.sort();
        entries.dedup();
        entries
    }
}

/// What everything is made of.
pub(crate) struct Input {
    pub(crate) files: Files,
    pub(crate) config: Config,
}

/// The chains of the input.
pub(crate) struct Chains<'a> {
    pub(crate) directories: Vec<ScriptDirectory<'a>>,
    pub(crate) sources: Sources,
}

/// A chain: the scripts of a folder on one of its databases.
#[derive(Clone, Copy)]
pub(crate) struct Site<'c, 'a> {
    pub(crate) directory: &'c ScriptDirectory<'a>,
    pub(crate) environment: &'c Environment,
}

impl<'a> Chains<'a> {
    /// The chains, as a report of the directories numbers them.
    pub(crate) fn sites(&self) -> impl Iterator<Item = Site<'_, 'a>> {
        let on = |directory| {
            ScriptDirectory::environments(directory).map(move |environment| Site { directory, environment })
        };
        self.directories.iter().flat_map(on)
    }

    /// The chain of a number.
    pub(crate) fn site(&self, chain: usize) -> Option<Site<'_, 'a>> {
        self.sites().nth(chain)
    }
}

impl<'c> Site<'c, '_> {
    /// What is replayed.
    pub(crate) fn subject(&self, loaded: &'c Loaded) -> Subject<'c> {
        let (input, chains) = (loaded.borrow_owner(), loaded.borrow_dependent());
        Subject::new(self.directory, &chains.sources, &input.config).on(self.environment)
    }
}

self_cell!(
    /// The chains with what they borrow from.
    pub(crate) struct Loaded {
        owner: Input,
        #[covariant]
        dependent: Chains,
    }
);

/// Reads the chains of an input. What is known of its scripts from the last time need not be read again.
pub(crate) fn load(input: Input, known: Option<&mut Known>) -> Loaded {
    Loaded::new(input, |input| {
        let (reading, projects) = (Reading::plain(Keep::Code), projects(&input.files));
        let (directories, sources) = read_projects(reading, &input.files, projects, &input.config, known);
        Chains { directories, sources }
    })
}

/// The projects in the files. Whoever opens files here means them, so that scripts count wherever they are, unless there
/// is a project that says which ones it has.
fn projects(files: &Files) -> Vec<Project> {
    let mut found = discover(files, "");
    let is_loose =
        |project: &Project| project.config_file.is_none() && project.version_locations.contains(&project.root);
    if !found.iter().all(is_loose) {
        return found;
    }
    let folders: BTreeSet<&str> = files.0.keys().filter(|path| is_python(path)).map(|path| parent(path)).collect();
    for folder in folders {
        let known = |project: &Project| project.version_locations.iter().any(|known| known == folder);
        if !found.iter().any(known) {
            let here = discover(files, folder).into_iter().filter(|project| known(project));
            found.extend(here.collect::<Vec<_>>());
        }
    }
    found.sort_by(|a, b| a.root.cmp(&b.root));
    found
}

/// Whether a file is one of Python's. Alembic minds the case.
pub(crate) fn is_python(path: &str) -> bool {
    matches!(path.rsplit_once('.'), Some((_, "py")))
}

/// The folder of a path; empty for that of the workspace.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
