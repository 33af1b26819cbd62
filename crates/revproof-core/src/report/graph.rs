//! [`Graph`]: the revision graph with what is known of each revision, for faces that draw it.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::chain::ChainReport;
use crate::directory::ScriptDirectory;
use crate::history::{RevisionId, RevisionNode, RevisionSet};
use crate::replay::{RevisionTrace, Trace, Verdict};

/// The revision graph, newest revision first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Graph {
    /// The folder that the user would name.
    pub root: String,
    /// The version rows, where they were asked for.
    pub current: Vec<String>,
    /// The revisions, each before those that it revises or depends on.
    pub revisions: Vec<GraphNode>,
}

/// A revision of the graph.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct GraphNode {
    /// Its identifier.
    pub revision: String,
    /// What it revises, as written, whether it exists or not.
    pub down_revision: Vec<String>,
    /// What it depends on, branch labels resolved.
    pub depends_on: Vec<String>,
    /// The branches that it is on: its own labels and the inherited ones.
    pub branches: Vec<String>,
    /// The first line of its docstring.
    pub message: String,
    /// The file, relative to the root.
    pub file: String,
    /// Whether no other revises it.
    pub head: bool,
    /// Whether several others revise it.
    pub branch_point: bool,
    /// Whether it revises several.
    pub merge_point: bool,
    /// Whether it is one of the version rows.
    pub current: bool,
    /// Whether it is applied; `None` where the position is not known.
    pub applied: Option<bool>,
    /// What was proved of it; `None` where nothing was tried.
    pub verdict: Option<Verdict>,
    /// Why the verdict is what it is.
    pub because: Option<String>,
}

impl Graph {
    /// The graph of a folder of scripts. `current` are the version rows, where there is a database to ask; `trace` is
    /// what the replay saw, where it was run.
    pub fn new(directory: &ScriptDirectory<'_>, current: Option<&[RevisionId]>, trace: Option<&Trace>) -> Self {
        let history = &directory.history;
        let applied = current.map(|rows| history.ancestors(rows));
        let mut order = history.application_order();
        order.reverse();
        let judged = trace.map(|trace| trace.revisions.as_slice()).unwrap_or_default();
        let judged: FxHashMap<RevisionId, &RevisionTrace> =
            judged.iter().map(|seen| (seen.revision, &**seen)).collect();
        let revisions = order.iter().filter_map(|id| {
            let seen = judged.get(id);
            let (verdict, because) = (seen.map(|seen| seen.verdict), seen.map(|seen| seen.because.clone()));
            let node = node(directory, history.get(*id)?, current, applied.as_ref());
            Some(GraphNode { verdict, because, ..node })
        });
        let revisions = revisions.collect();
        let names = |ids: &[RevisionId]| ids.iter().map(|id| history.name(*id).to_string()).collect();
        Self { root: directory.project.root.clone(), current: names(current.unwrap_or_default()), revisions }
    }

    /// The graph of a chain that was proved. No database stands behind it.
    pub fn of_chain(chain: &ChainReport) -> Self {
        let parents = |name: &str| chain.revisions.iter().filter(|r| r.down_revision.iter().any(|d| d == name)).count();
        let node = |revision: &super::RevisionReport| {
            let children = parents(&revision.revision);
            GraphNode {
                revision: revision.revision.clone(),
                down_revision: revision.down_revision.clone(),
                depends_on: revision.depends_on.clone(),
                branches: revision.branch_labels.clone(),
                message: revision.message.clone(),
                file: revision.file.clone(),
                head: children == 0,
                branch_point: children > 1,
                merge_point: revision.down_revision.len() > 1,
                current: false,
                applied: None,
                verdict: Some(revision.verdict),
                because: Some(revision.because.clone()),
            }
        };
        Self {
            root: chain.root.clone(),
            current: Vec::new(),
            revisions: chain.revisions.iter().rev().map(node).collect(),
        }
    }
}

fn node(
    directory: &ScriptDirectory<'_>,
    node: &RevisionNode,
    current: Option<&[RevisionId]>,
    applied: Option<&RevisionSet>,
) -> GraphNode {
    let history = &directory.history;
    let script = directory.scripts.get(node.id.0 as usize);
    GraphNode {
        revision: node.name.to_string(),
        down_revision: script.into_iter().flat_map(|s| s.down_revision.iter().map(ToString::to_string)).collect(),
        depends_on: node.depends_on.iter().map(|id| history.name(*id).to_string()).collect(),
        branches: node.branches.iter().map(ToString::to_string).collect(),
        message: script.map(|s| s.message.to_string()).unwrap_or_default(),
        file: script.map(|s| s.path.to_string()).unwrap_or_default(),
        head: node.children.is_empty(),
        branch_point: node.is_branch_point(),
        merge_point: node.is_merge_point(),
        current: current.is_some_and(|rows| rows.contains(&node.id)),
        applied: applied.map(|applied| applied.contains(node.id)),
        verdict: None,
        because: None,
    }
}
