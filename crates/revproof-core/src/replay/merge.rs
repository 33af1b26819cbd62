//! Merge points: whichever branch is applied first, the schema must be the same.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::trace::{MergeCheck, RunStatus, Trace};
use super::walk::Walk;
use crate::alembic::{Direction, Mark};
use crate::engine::Database;
use crate::history::{History, RevisionId, RevisionSet};
use crate::schema;

/// The most revisions that the branches of one merge may have for both orders to be tried. Long-lived branches are
/// rare; without a bound a history of merges would be replayed again and again.
const LONGEST: usize = 100;

/// A merge point that was tried, or that can't be.
#[derive(Debug, Clone)]
pub(super) struct TriedMerge {
    branches: Branches,
    /// How far the modules of the project had been used before and after.
    before: Mark,
    after: Mark,
    outcome: Outcome,
}

/// Whether both orders give one schema, where that is known, and what differs or fails.
type Outcome = (Option<bool>, Vec<String>);

/// The branches that a merge point joins, as places in the order of application.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Branches {
    /// The first revision that is on one of them.
    first: usize,
    revisions: Vec<Vec<usize>>,
}

/// A merge point that is to be tried.
#[derive(Debug, Clone, Copy)]
pub(super) struct ToTry<'a> {
    branches: &'a Branches,
    mark: Mark,
}

impl TriedMerge {
    /// Whether trying it again would come to the same: all its revisions were taken over, and so was what they stand on.
    pub(super) fn is_known(&self, to_try: ToTry<'_>, is_kept: impl Fn(usize) -> bool) -> bool {
        let places = || self.branches.revisions.iter().flatten().chain([&self.branches.first]);
        self.branches == *to_try.branches
            && self.before == to_try.mark
            && self.before.reads_nothing_until(self.after)
            && places().all(|place| is_kept(*place))
    }
}

/// Tries every merge point whose branches are short enough in both orders, unless `known` has it tried already.
pub(super) fn check_all<'k>(
    walk: &Walk<'_>,
    trace: &Trace,
    known: impl Fn(ToTry<'_>) -> Option<&'k TriedMerge>,
) -> (Vec<MergeCheck>, Vec<TriedMerge>) {
    let (history, modules) = (walk.subject.history, walk.subject.modules);
    let order: Vec<RevisionId> = trace.revisions.iter().map(|r| r.revision).collect();
    let (mut checks, mut all) = (Vec::new(), Vec::new());
    for node in history.nodes.iter().filter(|node| node.down.len() > 1) {
        let Some(branches) = branches(history, &order, &node.down) else { continue };
        let before = modules.mark();
        let tried = if let Some(known) = known(ToTry { branches: &branches, mark: before }) {
            modules.skip_to(known.after);
            known.clone()
        } else {
            let Some(outcome) = outcome(walk, trace, &order, &branches) else { continue };
            TriedMerge { branches, before, after: modules.mark(), outcome }
        };
        let (commutes, differences) = tried.outcome.clone();
        checks.push(MergeCheck { revision: node.id, commutes, differences });
        all.push(tried);
    }
    (checks, all)
}

/// Tries both orders of the branches that end at these revisions: whether they give one schema, where that is known, and
/// what differs, or what failed in the other order. `None` where the orders can't be tried.
pub(super) fn check(
    walk: &Walk<'_>,
    trace: &Trace,
    history: &History,
    ends: &[RevisionId],
) -> Option<(Option<bool>, Vec<String>)> {
    let order: Vec<RevisionId> = trace.revisions.iter().map(|r| r.revision).collect();
    outcome(walk, trace, &order, &branches(history, &order, ends)?)
}

/// The branches that end at these revisions; `None` where both orders can't be tried.
fn branches(history: &History, order: &[RevisionId], ends: &[RevisionId]) -> Option<Branches> {
    let above: Vec<_> = ends.iter().map(|parent| history.ancestors(&[*parent])).collect();
    let common: FxHashSet<RevisionId> =
        above.first()?.iter().filter(|r| above.iter().all(|set| set.contains(*r))).collect();
    let of_branch = |set: &RevisionSet| {
        let places = order.iter().enumerate().filter(|(_, r)| set.contains(**r) && !common.contains(*r));
        places.map(|(place, _)| place).collect()
    };
    let revisions: Vec<Vec<usize>> = above.iter().map(of_branch).collect();
    if revisions.iter().map(Vec::len).sum::<usize>() > LONGEST {
        return None;
    }
    let first = revisions.iter().flatten().min().copied()?;
    // The branches start from one database only if all that they share has been applied before either.
    let shared_first = order.iter().skip(first).all(|r| !common.contains(r));
    shared_first.then_some(Branches { first, revisions })
}

fn outcome(walk: &Walk<'_>, trace: &Trace, order: &[RevisionId], branches: &Branches) -> Option<Outcome> {
    let start = &trace.revisions.get(branches.first)?.before;
    let revision = |place: &usize| order.get(*place);
    let branches = &branches.revisions;
    let forward = apply(walk, start, branches.iter().flatten().filter_map(revision));
    let backward =
        forward.as_ref().and_then(|_| apply(walk, start, branches.iter().rev().flatten().filter_map(revision)));
    branches.iter().flatten().filter_map(revision).for_each(|revision| walk.let_go_of_code(*revision));
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
