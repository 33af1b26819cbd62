//! [`Modules`]: the project files that scripts import.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Project, path};
use crate::python::{Module, ModuleLoader, parse};
use crate::source::{FileId, FileTree, Read, SourceFile};

/// Files of the project that are read while scripts run have numbers from here on, far from those of the scripts.
const FIRST_FILE: u32 = 1 << 30;

/// The modules of a project, read when a script first imports them.
pub struct Modules<'t> {
    tree: &'t dyn FileTree,
    roots: Vec<String>,
    read: RefCell<Loaded>,
}

#[derive(Default)]
struct Loaded {
    modules: FxHashMap<Rc<str>, Option<Module>>,
    names: FxHashMap<FileId, Rc<str>>,
    files: Vec<SourceFile>,
}

impl fmt::Debug for Modules<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Modules").field("roots", &self.roots).finish_non_exhaustive()
    }
}

impl<'t> Modules<'t> {
    /// The modules under a project's roots.
    pub fn new(tree: &'t dyn FileTree, project: &Project) -> Self {
        Self { tree, roots: project.module_roots.clone(), read: RefCell::default() }
    }

    /// The files that have been read so far, for whoever shows a place in one.
    pub fn files(&self) -> Vec<SourceFile> {
        self.read.borrow().files.clone()
    }

    fn find(&self, name: &str) -> Option<(String, std::sync::Arc<str>)> {
        let inner = name.replace('.', "/");
        self.roots.iter().find_map(|root| {
            let base = path::child(root, &inner);
            [format!("{base}.py"), format!("{base}/__init__.py")].into_iter().find_map(|file| {
                match self.tree.read(&file) {
                    Read::Text(text) => Some((file, text)),
                    Read::Missing | Read::Unusable(_) => None,
                }
            })
        })
    }
}

impl ModuleLoader for Modules<'_> {
    fn load(&self, name: &str) -> Option<Module> {
        if let Some(known) = self.read.borrow().modules.get(name) {
            return known.clone();
        }
        let name: Rc<str> = name.into();
        let module = self.find(&name).and_then(|(path, text)| {
            let mut read = self.read.borrow_mut();
            let id = FileId(FIRST_FILE + read.files.len() as u32);
            let file = SourceFile::new(id, path.into(), text);
            let (module, problems) = parse(&file);
            read.files.push(file);
            read.names.insert(id, name.clone());
            problems.is_empty().then_some(module)
        });
        self.read.borrow_mut().modules.insert(name, module.clone());
        module
    }

    fn is_package(&self, name: &str) -> bool {
        let inner = name.replace('.', "/");
        self.roots.iter().any(|root| !self.tree.list(&path::child(root, &inner)).is_empty())
    }

    fn name_of(&self, file: FileId) -> Option<Rc<str>> {
        self.read.borrow().names.get(&file).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::FIRST_FILE;
    use crate::source::Sources;

    #[test]
    fn scripts_are_numbered_from_nought() {
        let mut sources = Sources::default();
        assert!(sources.add("a.py", "").0 < FIRST_FILE);
    }
}
