//! What `history`, `heads`, `branches` and `show` print.

use std::fmt::Write;

use super::entry::entry;
use super::line::{Parts, line};
use crate::alembic::Script;
use crate::directory::ScriptDirectory;
use crate::history::{RevisionId, RevisionNode};

/// How the revisions of a folder are shown.
pub struct Listing<'a> {
    /// The folder.
    pub directory: &'a ScriptDirectory<'a>,
    /// The revisions to be marked as current: the version rows, where they are asked for.
    pub current: &'a [RevisionId],
    /// What to call the file of a script.
    pub path: &'a dyn Fn(&Script) -> String,
    /// A block each instead of a line.
    pub verbose: bool,
}

/// The commands that list revisions, each in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `history`, and `show`, which is always verbose.
    History,
    /// `heads`.
    Heads,
    /// `branches`.
    Branches,
    /// `current`.
    Current,
}

impl Shape {
    fn parts(self) -> Parts {
        Parts {
            parents: self == Self::History,
            branch_labels: self != Self::Current,
            tree_marks: self != Self::Heads,
            message: self == Self::History,
        }
    }
}

impl Listing<'_> {
    /// The revisions as that command prints them.
    pub fn text(&self, shape: Shape, revisions: &[RevisionId]) -> String {
        let parts = shape.parts();
        if shape == Shape::Branches {
            return self.branches(revisions, parts);
        }
        self.nodes(revisions).fold(String::new(), |mut text, node| {
            _ = writeln!(text, "{}", self.one(node, parts));
            text
        })
    }

    /// The branch points among the revisions, each with its children.
    fn branches(&self, revisions: &[RevisionId], parts: Parts) -> String {
        let history = &self.directory.history;
        let mut text = String::new();
        for node in self.nodes(revisions).filter(|node| node.is_branch_point()) {
            _ = writeln!(text, "{}", self.one(node, parts));
            let indent = " ".repeat(node.name.chars().count());
            let mut children: Vec<&RevisionNode> = node.children.iter().filter_map(|id| history.get(*id)).collect();
            children.sort_by(|a, b| a.name.cmp(&b.name));
            for child in children {
                _ = writeln!(text, "{indent} -> {}", line(self, child, Parts { message: self.verbose, ..parts }));
            }
            text.push('\n');
        }
        text
    }

    /// Whether the revision is to be marked as current.
    pub(super) fn is_current(&self, id: RevisionId) -> bool {
        self.current.contains(&id)
    }

    pub(super) fn script(&self, node: &RevisionNode) -> Option<&Script> {
        self.directory.scripts.get(node.id.0 as usize)
    }

    fn one(&self, node: &RevisionNode, parts: Parts) -> String {
        if self.verbose { entry(self, node) } else { line(self, node, parts) }
    }

    fn nodes(&self, revisions: &[RevisionId]) -> impl Iterator<Item = &RevisionNode> {
        revisions.iter().filter_map(|id| self.directory.history.get(*id))
    }
}
