//! [`KnownScripts`]: the scripts of a project as they were last read, so that those that are as they were need not be read
//! again.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Script;
use crate::alembic::{Answers, Modules, Project};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, SourceFile};

/// The identity of one reading of a script: its copies share it, and nothing else has it.
#[derive(Debug, Clone, Default)]
pub struct ReadOnce(Arc<()>);

impl ReadOnce {
    /// Whether both are of one reading: of one text, with the same answers to what its top level asks.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The scripts of a project as they were last read. A path keeps its number for good, so that places in it stay true.
#[derive(Default)]
pub struct KnownScripts {
    project: Project,
    /// What the top levels of the scripts were told of the project's modules.
    answers: Answers,
    files: FxHashMap<Arc<str>, KnownFile>,
    /// The number that the next new file gets, among those of all projects.
    next: Rc<Cell<u32>>,
}

struct KnownFile {
    id: FileId,
    /// The file and what it was read as; `None` where it could not be used.
    read: Option<(SourceFile, Result<Script, Box<Diagnostic>>)>,
    /// Whether it has been met in the reading that is going on.
    met: bool,
}

impl KnownScripts {
    /// None yet, of another project of the same input.
    #[must_use]
    pub fn beside(&self) -> Self {
        Self { next: Rc::clone(&self.next), ..Self::default() }
    }

    /// Begins a reading: forgets everything, except for the numbers, that hangs on what is different by now.
    pub(super) fn begin(&mut self, project: &Project, modules: &Modules<'_>) {
        if self.project == *project && modules.still_answers(&self.answers) {
            modules.resume(&self.answers, self.answers.end());
        } else {
            self.project = project.clone();
            self.files.values_mut().for_each(|file| file.read = None);
        }
        self.files.values_mut().for_each(|file| file.met = false);
    }

    /// Ends a reading: forgets what is no longer there, except for its number.
    pub(super) fn end(&mut self, modules: &Modules<'_>) {
        self.files.values_mut().filter(|file| !file.met).for_each(|file| file.read = None);
        self.answers = modules.answers();
    }

    /// A file that says what it said, and the script that it is.
    pub(super) fn find(
        &mut self,
        path: &str,
        text: &Arc<str>,
    ) -> Option<(SourceFile, Result<Script, Box<Diagnostic>>)> {
        let known = self.files.get_mut(path)?;
        let read = known.read.as_ref().filter(|(source, _)| source.text == *text)?;
        known.met = true;
        Some(read.clone())
    }

    /// The number of a file.
    pub(super) fn number(&mut self, path: &str) -> FileId {
        let next = &self.next;
        let new = || {
            let id = FileId(next.get());
            next.set(id.0.saturating_add(1));
            KnownFile { id, read: None, met: false }
        };
        self.files.entry(path.into()).or_insert_with(new).id
    }

    /// Remembers what a file was read as.
    pub(super) fn keep(&mut self, source: SourceFile, script: &Result<Script, Box<Diagnostic>>) {
        let script = script.clone();
        if let Ok(script) = &script {
            script.let_go_of_code();
        }
        if let Some(file) = self.files.get_mut(&*source.path) {
            (file.read, file.met) = (Some((source, script)), true);
        }
    }
}
