//! Merge points: whichever branch is applied first, the schema must be the same.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::trace::{MergeCheck, RunStatus, Trace};
use super::walk::Walk;
use crate::alembic::Direction;
use crate::engine::Database;
use crate::history::{History, RevisionId, RevisionNode};
use crate::schema;

/// The most revisions that the branches of one merge may have for both orders to be tried. Long-lived branches are
/// rare; without a bound a history of merges would be replayed again and again.
const LONGEST: usize = 100;

/// Tries every merge point whose branches are short enough in both orders.
pub(super) fn check_all(walk: &Walk<'_>, trace: &Trace) -> Vec<MergeCheck> {
    let history = walk.subject.history;
    let merges = history.nodes.iter().filter(|node| node.down.len() > 1);
    let check = |node: &RevisionNode| {
        let (commutes, differences) = check(walk, trace, history, &node.down)?;
        Some(MergeCheck { revision: node.id, commutes, differences })
    };
    merges.filter_map(check).collect()
}

/// Tries both orders of the branches that end at these revisions: whether they give one schema, where that is known, and
/// what differs, or what failed in the other order. `None` where the orders can't be tried.
pub(super) fn check(
    walk: &Walk<'_>,
    trace: &Trace,
    history: &History,
    ends: &[RevisionId],
) -> Option<(Option<bool>, Vec<String>)> {
    let above: Vec<_> = ends.iter().map(|parent| history.ancestors(&[*parent])).collect();
    let common: FxHashSet<RevisionId> =
        above.first()?.iter().filter(|r| above.iter().all(|set| set.contains(*r))).collect();
    let order: Vec<RevisionId> = trace.revisions.iter().map(|r| r.revision).collect();
    let branches: Vec<Vec<RevisionId>> = above
        .iter()
        .map(|set| order.iter().copied().filter(|r| set.contains(*r) && !common.contains(r)).collect())
        .collect();
    if branches.iter().map(Vec::len).sum::<usize>() > LONGEST {
        return None;
    }
    let first = order.iter().position(|r| branches.iter().any(|b| b.contains(r)))?;
    // The branches start from one database only if all that they share has been applied before either.
    let shared_first = order.iter().skip(first).all(|r| !common.contains(r));
    if !shared_first {
        return None;
    }
    let start = &trace.revisions.get(first)?.before;
    let forward = apply(walk, start, branches.iter().flatten());
    let backward = forward.as_ref().and_then(|_| apply(walk, start, branches.iter().rev().flatten()));
    branches.iter().flatten().for_each(|revision| walk.let_go_of_code(*revision));
    Some(match (forward, backward) {
        (Some(Ok(one)), Some(Ok(other))) => {
            let differences: Vec<String> =
                schema::diff(&one.catalog, &other.catalog).into_iter().map(|d| d.sentence).collect();
            (Some(differences.is_empty()), differences)
        }
        // One order fails and the other does not: they do not commute. Both fail: that is no matter of order.
        (Some(Ok(_)), Some(Err(why))) | (Some(Err(why)), Some(Ok(_))) => (Some(false), vec![why]),
        _ => (None, Vec::new()),
    })
}

/// Upgrades through some revisions; the sentence of the first failure, or `None` where the outcome is not known.
fn apply<'r>(
    walk: &Walk<'_>,
    start: &Arc<Database>,
    revisions: impl Iterator<Item = &'r RevisionId>,
) -> Option<Result<Arc<Database>, String>> {
    let mut db = start.clone();
    let mut done = FxHashSet::default();
    for revision in revisions {
        if !done.insert(*revision) {
            continue;
        }
        let (run, _) = walk.run(*revision, Direction::Upgrade, db);
        match run.status {
            RunStatus::Failed => {
                let name = walk.subject.scripts.get(revision.0 as usize).map_or("?", |s| &*s.revision);
                let message = run.failure.map(|f| f.message).unwrap_or_default();
                return Some(Err(format!("upgrade of {name} fails in the other order: {message}")));
            }
            RunStatus::Unknown => return None,
            _ => db = run.after?,
        }
    }
    Some(Ok(db))
}
