//! [`History`]: revisions and their edges.

use crate::schema::Name;

/// The number of a revision within a [`History`], in order of loading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionId(pub u32);

/// A revision of the graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionNode {
    /// Its number: also the index of its script in the list that the history was built from.
    pub id: RevisionId,
    /// Its identifier.
    pub name: Name,
    /// Its parents, as written, without those that don't exist.
    pub down: Vec<RevisionId>,
    /// What it depends on, labels resolved, without what doesn't exist.
    pub depends_on: Vec<RevisionId>,
    /// Its own branch labels.
    pub labels: Vec<Name>,
    /// Its children by `down_revision`, in order of loading.
    pub children: Vec<RevisionId>,
    /// Its children by either edge.
    pub all_children: Vec<RevisionId>,
}

/// The revision graph.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The usable revisions, in order of loading. A duplicate is left out: the last one of a name wins, as in Alembic.
    pub nodes: Vec<RevisionNode>,
}

/// Something wrong with a graph. Indexes are those of the scripts given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// `down_revision` names a revision that does not exist.
    MissingParent {
        /// The script.
        script: usize,
        /// The name.
        parent: Name,
    },
    /// `depends_on` names a revision or label that does not exist.
    MissingDependency {
        /// The script.
        script: usize,
        /// The name.
        dependency: Name,
    },
    /// Two scripts have one identifier.
    Duplicate {
        /// The script that is left out.
        script: usize,
        /// The script that stays.
        kept: usize,
    },
    /// Two revisions have one branch label, or a label is a revision's identifier.
    DuplicateLabel {
        /// The script.
        script: usize,
        /// The script that has it already.
        other: usize,
        /// The label.
        label: Name,
    },
    /// An identifier that Alembic refuses: `@`, `-`, `+`, or a whole word of the grammar (`head`, `base`).
    IllegalIdentifier {
        /// The script.
        script: usize,
        /// Why.
        why: Name,
    },
    /// Revisions that go round in a circle; the edge that closes it is left out of the graph.
    Cycle {
        /// The scripts, in the order of the circle.
        scripts: Vec<usize>,
        /// Whether a `depends_on` edge closes it.
        by_dependency: bool,
    },
}
