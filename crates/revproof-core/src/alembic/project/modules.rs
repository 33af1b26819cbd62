//! [`Modules`]: the project files that scripts import.

use std::fmt;

use super::Project;
use crate::source::FileTree;

/// The modules of a project, read when a script first imports them.
pub struct Modules<'t> {
    tree: &'t dyn FileTree,
    roots: Vec<String>,
}

impl fmt::Debug for Modules<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Modules").field("roots", &self.roots).finish_non_exhaustive()
    }
}

impl<'t> Modules<'t> {
    /// The modules under a project's roots.
    pub fn new(tree: &'t dyn FileTree, project: &Project) -> Self {
        Self { tree, roots: project.module_roots.clone() }
    }

    /// Whether a file of the project has that path.
    pub fn has(&self, path: &str) -> bool {
        matches!(self.tree.read(path), crate::source::Read::Text(_))
    }
}
