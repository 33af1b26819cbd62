//! What the simulated database has been through, for whoever looks at the scripts: [`applied`], [`edited`].

use std::collections::BTreeMap;
use std::sync::Arc;

use super::journal::{Entry, Journal};
use super::plan::current_rows;
use crate::alembic::{Environment, Modules, Project, Script};
use crate::history::History;
use crate::python::same_code;
use crate::schema::Name;
use crate::source::{FileTree, Read};

/// The folder that holds simulated databases.
const FOLDER: &str = ".revproof";

/// The folder of the file tree in which the simulated database of a project is kept: `.revproof/NAME` beside the folder
/// NAME of `env.py`, so that no two chains share one. A section of the ini file that was named has a database of its own,
/// in `.revproof/NAME@SECTION`.
pub fn state_folder(project: &Project) -> String {
    let scripts = project.script_location.as_deref().unwrap_or(&project.root);
    let folder = match scripts.rsplit_once('/') {
        Some((above, name)) => format!("{above}/{FOLDER}/{name}"),
        None if scripts.is_empty() => FOLDER.to_owned(),
        None => format!("{FOLDER}/{scripts}"),
    };
    match project.ini_section.as_deref().filter(|section| *section != "alembic") {
        Some(section) => format!("{folder}@{}", file_name(section)),
        None => folder,
    }
}

/// The file of that folder in which the simulated database of an environment is kept: `journal`, or `journal.NAME` for a
/// further database of the project.
pub fn journal_file(environment: &Environment) -> String {
    match &environment.database {
        Some(database) if !database.name.is_empty() => format!("journal.{}", file_name(&database.name)),
        _ => "journal".to_owned(),
    }
}

/// A name as part of that of a file: whatever could mean something else there is written as its number.
fn file_name(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    name.chars().map(|c| if is_plain(c) { c.to_string() } else { format!("%{:x}", u32::from(c)) }).collect()
}

/// A script as it was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedScript {
    /// Its text.
    pub text: Arc<str>,
    /// The project's modules that it imported and that say something else by now, by name.
    pub edited_modules: Vec<Arc<str>>,
}

/// The script of every revision that is applied to the project's simulated database, as it was applied.
/// None where there is no such database, or where its journal can't be read, which the commands that use it tell.
pub fn applied(
    tree: &dyn FileTree,
    project: &Project,
    environment: &Environment,
    history: &History,
    modules: &Modules<'_>,
) -> BTreeMap<Name, AppliedScript> {
    let file = format!("{}/{}", state_folder(project), journal_file(environment));
    let Read::Text(text) = tree.read(&file) else { return BTreeMap::new() };
    Journal::read(&text).map(|journal| journal.applied(history, modules)).unwrap_or_default()
}

/// The scripts that say something else than when they were applied, `downgrade()` aside, which is still to be run.
pub fn edited<'s>(applied: &BTreeMap<Name, AppliedScript>, scripts: &'s [Script]) -> Vec<&'s Script> {
    let is_edited = |script: &&Script| {
        let then = applied.get(&script.revision);
        then.is_some_and(|then| !same_code(&then.text, script.text(), &["downgrade"]))
    };
    scripts.iter().filter(is_edited).collect()
}

/// The modules that say something else than when they were imported, each with the revisions that were applied with
/// them.
pub fn edited_modules(applied: &BTreeMap<Name, AppliedScript>) -> BTreeMap<Arc<str>, Vec<Name>> {
    let mut edited: BTreeMap<Arc<str>, Vec<Name>> = BTreeMap::new();
    for (revision, script) in applied {
        for module in &script.edited_modules {
            edited.entry(module.clone()).or_default().push(revision.clone());
        }
    }
    edited
}

impl Journal {
    /// The script of every revision that is applied now, as it was applied.
    pub fn applied(&self, history: &History, modules: &Modules<'_>) -> BTreeMap<Name, AppliedScript> {
        let mut applied = BTreeMap::new();
        for entry in &self.entries {
            match entry {
                Entry::Upgrade(run) if !run.broken_off => {
                    if let Some(script) = self.scripts.get(&run.script) {
                        applied.insert(run.revision.clone(), (script.text.clone(), &run.modules));
                    }
                }
                Entry::Downgrade(run) if !run.broken_off => _ = applied.remove(&run.revision),
                _ => {}
            }
        }
        let rows = current_rows(history, &self.rows()).unwrap_or_default();
        let under = history.ancestors(&rows);
        applied.retain(|name, _| history.find(name).is_some_and(|node| under.contains(node.id)));
        let is_edited = |name: &str, checksum: &Arc<str>| {
            let (then, now) = (self.scripts.get(checksum), modules.text_of(name));
            then.zip(now).is_some_and(|(then, now)| !same_code(&then.text, &now, &[]))
        };
        let script = |(text, modules): (Arc<str>, &BTreeMap<Arc<str>, Arc<str>>)| {
            let edited = modules.iter().filter(|(name, checksum)| is_edited(name, checksum));
            AppliedScript { text, edited_modules: edited.map(|(name, _)| name.clone()).collect() }
        };
        applied.into_iter().map(|(name, applied)| (name, script(applied))).collect()
    }
}
