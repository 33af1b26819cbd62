//! Circles in the graph, found and cut.

use super::graph::{History, Problem, RevisionId, RevisionNode};

/// Cuts every circle at one edge: first those of `down_revision` alone, at the edge that closes it on a walk down
/// from the heads; then those that need a `depends_on`, at such an edge.
pub(super) fn break_cycles(history: &mut History, problems: &mut Vec<Problem>) {
    cut(history, problems, false);
    if history.nodes.iter().any(|node| !node.depends_on.is_empty()) {
        cut(history, problems, true);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    OnPath,
    Done,
}

/// A revision on the path that is being walked, with the edge by which the walk left it.
struct Step {
    rank: usize,
    edge: usize,
}

fn cut(history: &mut History, problems: &mut Vec<Problem>, with_dependencies: bool) {
    let mut marks = vec![Mark::New; history.nodes.len()];
    for start in starts(history) {
        if marks.get(start) != Some(&Mark::New) {
            continue;
        }
        let mut path = Vec::new();
        enter(&mut path, &mut marks, start);
        while let Some(step) = path.last_mut() {
            let Some(node) = history.nodes.get(step.rank) else { break };
            let Some(next) = edge(node, step.edge, with_dependencies).and_then(|id| history.rank(id)) else {
                set(&mut marks, step.rank, Mark::Done);
                path.pop();
                if let Some(step) = path.last_mut() {
                    step.edge += 1;
                }
                continue;
            };
            match marks.get(next) {
                Some(Mark::New) => enter(&mut path, &mut marks, next),
                Some(Mark::OnPath) => {
                    let first = path.iter().position(|step| step.rank == next).unwrap_or(0);
                    let cycle = path.get(first..).unwrap_or_default();
                    let scripts =
                        cycle.iter().filter_map(|s| history.nodes.get(s.rank)).map(|n| n.id.0 as usize).collect();
                    problems.push(Problem::Cycle { scripts, by_dependency: with_dependencies });
                    // Without dependencies the closing edge goes; with them, the last `depends_on` of the circle:
                    // the walk goes back to there and forgets what it has seen beyond.
                    let keep = if with_dependencies {
                        let by_dependency =
                            |s: &Step| history.nodes.get(s.rank).is_some_and(|n| s.edge >= n.down.len());
                        cycle.iter().rposition(by_dependency).map_or(path.len(), |at| first + at + 1)
                    } else {
                        path.len()
                    };
                    for step in path.drain(keep..) {
                        set(&mut marks, step.rank, Mark::New);
                    }
                    if let Some(step) = path.last() {
                        remove_edge(history, step);
                    }
                }
                _ => step.edge += 1,
            }
        }
    }
}

/// Where walks begin: heads first, so that a circle below a head is cut behind its lowest revision.
fn starts(history: &History) -> Vec<usize> {
    let mut has_child = vec![false; history.nodes.len()];
    for parent in history.nodes.iter().flat_map(|node| &node.down).filter_map(|id| history.rank(*id)) {
        if let Some(has_child) = has_child.get_mut(parent) {
            *has_child = true;
        }
    }
    let (inner, heads): (Vec<usize>, Vec<usize>) =
        (0..history.nodes.len()).partition(|rank| has_child.get(*rank) == Some(&true));
    heads.into_iter().chain(inner).collect()
}

fn edge(node: &RevisionNode, index: usize, with_dependencies: bool) -> Option<RevisionId> {
    match index.checked_sub(node.down.len()) {
        None => node.down.get(index).copied(),
        Some(index) if with_dependencies => node.depends_on.get(index).copied(),
        Some(_) => None,
    }
}

fn remove_edge(history: &mut History, step: &Step) {
    let Some(node) = history.nodes.get_mut(step.rank) else { return };
    match step.edge.checked_sub(node.down.len()) {
        None => {
            node.down.remove(step.edge);
        }
        Some(index) if index < node.depends_on.len() => {
            node.depends_on.remove(index);
        }
        Some(_) => {}
    }
}

fn enter(path: &mut Vec<Step>, marks: &mut [Mark], rank: usize) {
    set(marks, rank, Mark::OnPath);
    path.push(Step { rank, edge: 0 });
}

fn set(marks: &mut [Mark], rank: usize, mark: Mark) {
    if let Some(place) = marks.get_mut(rank) {
        *place = mark;
    }
}
