//! [`History`]: revisions and their edges.

use rustc_hash::FxHashMap;

use super::set::RevisionSet;
use crate::schema::Name;

/// The number of a revision within a [`History`]: the index of its script in the list that the history was built from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionId(pub u32);

/// What a script says about its place in the graph.
#[derive(Debug, Clone, Copy)]
pub struct Header<'a> {
    /// `revision`.
    pub name: &'a Name,
    /// `down_revision`.
    pub down: &'a [Name],
    /// `depends_on`.
    pub depends_on: &'a [Name],
    /// `branch_labels`.
    pub labels: &'a [Name],
}

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
    /// Its parents, then what it depends on without what an ancestor depends on already: what must be applied right
    /// before it.
    pub needs: Vec<RevisionId>,
    /// Its own branch labels.
    pub labels: Vec<Name>,
    /// The labels of the branches that it is on: its own and the inherited ones.
    pub branches: Vec<Name>,
    /// Its children by `down_revision`, in order of loading.
    pub children: Vec<RevisionId>,
    /// Its children by either edge.
    pub all_children: Vec<RevisionId>,
}

impl RevisionNode {
    /// Whether it has several parents.
    pub fn is_merge_point(&self) -> bool {
        self.down.len() > 1
    }

    /// Whether it has several children by `down_revision`.
    pub fn is_branch_point(&self) -> bool {
        self.children.len() > 1
    }
}

/// The revision graph.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The usable revisions, in order of loading. A duplicate is left out: the last one of a name wins, as in Alembic,
    /// and takes the place of the first.
    pub nodes: Vec<RevisionNode>,
    /// Where in `nodes` the revision of a script stands.
    pub(super) slots: Vec<Option<u32>>,
    /// Identifiers and branch labels.
    pub(super) keys: FxHashMap<Name, RevisionId>,
    /// The branch labels, in order of loading.
    pub(super) labels: Vec<(Name, RevisionId)>,
}

/// Which edges count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Edges {
    /// `down_revision`.
    Down,
    /// `down_revision` and `depends_on`.
    All,
}

impl History {
    /// A revision by its number.
    pub fn get(&self, id: RevisionId) -> Option<&RevisionNode> {
        self.nodes.get(self.rank(id)?)
    }

    /// A revision by its exact identifier.
    pub fn find(&self, name: &str) -> Option<&RevisionNode> {
        self.get(*self.keys.get(name)?).filter(|node| &*node.name == name)
    }

    /// The revision of an exact identifier or branch label.
    pub fn named(&self, name: &str) -> Option<&RevisionNode> {
        self.get(*self.keys.get(name)?)
    }

    /// The identifier of a revision; `?` where there is no such revision.
    pub fn name(&self, id: RevisionId) -> Name {
        self.get(id).map_or_else(|| Name::from("?"), |node| node.name.clone())
    }

    /// The revisions that no other names as its parent, in order of loading.
    pub fn heads(&self) -> Vec<RevisionId> {
        self.ids_where(|node| node.children.is_empty())
    }

    /// The revisions that no other names as its parent or depends on: what `upgrade heads` aims at.
    pub fn real_heads(&self) -> Vec<RevisionId> {
        self.ids_where(|node| node.all_children.is_empty())
    }

    /// The revisions without a parent, in order of loading.
    pub fn bases(&self) -> Vec<RevisionId> {
        self.ids_where(|node| node.down.is_empty())
    }

    /// The revisions with several parents, in order of loading.
    pub fn merge_points(&self) -> Vec<RevisionId> {
        self.ids_where(RevisionNode::is_merge_point)
    }

    /// The revisions with several children, in order of loading.
    pub fn branch_points(&self) -> Vec<RevisionId> {
        self.ids_where(RevisionNode::is_branch_point)
    }

    /// The revisions and all that must be applied before them.
    pub fn ancestors(&self, of: &[RevisionId]) -> RevisionSet {
        self.reach_down(of, Edges::All)
    }

    /// The revisions and all that can only be applied after them.
    pub fn descendants(&self, of: &[RevisionId]) -> RevisionSet {
        self.reach_up(of, Edges::All)
    }

    pub(super) fn reach_down(&self, from: &[RevisionId], edges: Edges) -> RevisionSet {
        self.reach(from, |node| match edges {
            Edges::Down => &node.down,
            Edges::All => &node.needs,
        })
    }

    pub(super) fn reach_up(&self, from: &[RevisionId], edges: Edges) -> RevisionSet {
        self.reach(from, |node| match edges {
            Edges::Down => &node.children,
            Edges::All => &node.all_children,
        })
    }

    fn reach(&self, from: &[RevisionId], next: impl Fn(&RevisionNode) -> &[RevisionId]) -> RevisionSet {
        let mut seen = RevisionSet::default();
        let mut todo = from.to_vec();
        while let Some(id) = todo.pop() {
            let Some(node) = self.get(id) else { continue };
            if seen.insert(id) {
                todo.extend(next(node).iter().filter(|id| !seen.contains(**id)));
            }
        }
        seen
    }

    /// The place of a revision in the order of loading.
    pub(super) fn rank(&self, id: RevisionId) -> Option<usize> {
        self.slots.get(id.0 as usize).copied().flatten().map(|slot| slot as usize)
    }

    /// The identifiers of some revisions.
    pub fn names(&self, ids: &[RevisionId]) -> Vec<Name> {
        ids.iter().map(|id| self.name(*id)).collect()
    }

    fn ids_where(&self, wanted: impl Fn(&RevisionNode) -> bool) -> Vec<RevisionId> {
        self.nodes.iter().filter(|node| wanted(node)).map(|node| node.id).collect()
    }
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
    /// An identifier that Alembic refuses (`@`, `-`, `+` or `:` in it), or that no command could name: a whole word
    /// of the grammar (`head`, `heads`, `base`), or nothing at all.
    IllegalIdentifier {
        /// The script.
        script: usize,
        /// Why.
        why: Name,
    },
    /// Revisions that go round in a circle; the edge that closes it is left out of the graph.
    Cycle {
        /// The scripts, each before the one that it names as its parent or depends on, and the last before the first.
        scripts: Vec<usize>,
        /// Whether a `depends_on` edge closes it.
        by_dependency: bool,
    },
}
