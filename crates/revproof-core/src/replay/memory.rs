//! [`Memory`]: what a replay leaves behind, so that a later one of the same chain replays only what is different by then.
//!
//! The replay of a revision depends on its script, on the [`Ground`], which is the same for the whole chain, and on what
//! earlier revisions left behind, its [`Standing`]. Where all three are what they were, so is what is seen of it.

use std::rc::Rc;
use std::sync::Arc;

use super::merge::TriedMerge;
use super::open_world::OpenWorld;
use super::rows::UserRows;
use super::trace::RevisionTrace;
use super::walk::{BareWorld, Subject, Walk};
use crate::alembic::{Answers, Environment, Mark, ReadOnce};
use crate::config::Rows;
use crate::engine::Database;
use crate::history::RevisionId;
use crate::schema::QName;

/// What the last replay of a chain left behind; nothing yet, as long as there was none.
#[derive(Default)]
pub struct Memory {
    pub(super) last: Option<Remembered>,
    /// How many revisions, from the first on, the last replay has taken over from the one before it.
    pub(super) kept: usize,
    pub(super) taken_over: usize,
}

impl Memory {
    /// How many revisions the last replay has taken over from the one before it.
    pub fn taken_over(&self) -> usize {
        self.taken_over
    }

    /// How many revisions, from the first on, the last replay has taken over from the one before it: what was seen of them
    /// is what it was.
    pub fn kept(&self) -> usize {
        self.kept
    }
}

/// A replay, as it is remembered.
pub(super) struct Remembered {
    pub(super) ground: Ground,
    /// What the scripts were told of the project's modules.
    pub(super) answers: Answers,
    pub(super) start: Standing,
    pub(super) baseline_missing: Vec<String>,
    /// The revisions, in order of application.
    pub(super) passed: Vec<Passed>,
    /// The database without made-up rows after each revision, as far as it was needed.
    pub(super) bare: Vec<Arc<Database>>,
    pub(super) merges: Vec<TriedMerge>,
    /// The modules that had been read when the merges were tried.
    pub(super) modules_at_merges: Vec<Rc<str>>,
}

/// What a whole replay stands on.
#[derive(PartialEq)]
pub(super) struct Ground {
    environment: Environment,
    rows: Rows,
    baseline: Option<Arc<str>>,
    open_world: OpenWorld,
    /// The modules that had been read before it began, for other databases of the project.
    modules: Vec<Rc<str>>,
    mark: Mark,
}

impl Ground {
    pub(super) fn of(subject: &Subject<'_>, open_world: &OpenWorld) -> Self {
        Self {
            environment: subject.environment.clone(),
            rows: subject.rows.clone(),
            baseline: subject.baseline.cloned(),
            open_world: open_world.clone(),
            modules: subject.modules.names(),
            mark: subject.modules.mark(),
        }
    }
}

/// What the revisions so far have left behind.
#[derive(Clone)]
pub(super) struct Standing {
    /// The database, with the rows that have been made up since.
    pub(super) db: Arc<Database>,
    pub(super) bare: BareWorld,
    /// The place of the first revision that failed.
    pub(super) failed: Option<usize>,
    /// The user's rows that are still to be inserted.
    pub(super) user_rows: Arc<UserRows>,
    pub(super) mark: Mark,
}

impl Standing {
    /// Whether a replay goes on from both alike.
    fn is_same(&self, other: &Self) -> bool {
        (self.failed, self.mark, self.bare.applied) == (other.failed, other.mark, other.bare.applied)
            && self.user_rows.is_same(&other.user_rows)
            && is_same(&self.db, &other.db)
            && is_same(&self.bare.db, &other.bare.db)
    }
}

fn is_same(one: &Arc<Database>, other: &Arc<Database>) -> bool {
    Arc::ptr_eq(one, other) || one.is_same(other)
}

/// A revision that has been replayed.
#[derive(Clone)]
pub(super) struct Passed {
    pub(super) script: ReadOnce,
    pub(super) seen: Arc<RevisionTrace>,
    /// The tables for which no rows could be made up behind it, with the reason.
    pub(super) unseeded: Vec<(QName, String)>,
    /// What it left behind.
    pub(super) after: Standing,
}

impl Passed {
    /// The same with today's numbers of revisions.
    pub(super) fn numbered(&self, revision: RevisionId, rests_on_failed: Option<RevisionId>) -> Self {
        let mut passed = self.clone();
        if (passed.seen.revision, passed.seen.rests_on_failed) != (revision, rests_on_failed) {
            let seen = Arc::make_mut(&mut passed.seen);
            (seen.revision, seen.rests_on_failed) = (revision, rests_on_failed);
        }
        passed
    }
}

impl Remembered {
    /// Whether what came after the revision at this place would come again, although that revision is another one now and
    /// has been replayed: it left behind what it left behind then.
    pub(super) fn goes_on_from(&self, walk: &Walk<'_>, place: usize, before: &Standing, after: &Standing) -> bool {
        let Some(then) = self.passed.get(place) else { return false };
        // What modules it read is not compared, so it must have read none.
        let reads_nothing = before.mark.reads_nothing_until(after.mark);
        reads_nothing && then.after.is_same(after) && self.is_same_without_rows(walk, place)
    }

    /// Whether the revision at this place would do the same to the database without made-up rows, where a later one asked
    /// for that.
    fn is_same_without_rows(&self, walk: &Walk<'_>, place: usize) -> bool {
        let Some(then) = self.bare.get(place) else { return true };
        let before = place.checked_sub(1).map_or(Some(&self.start.bare.db), |before| self.bare.get(before));
        let modules = walk.subject.modules;
        let (answers, mark) = (modules.answers(), modules.mark());
        let after = before.and_then(|before| walk.bare_after(place, before.clone()));
        let leaves_no_trace = modules.mark() == mark;
        if !leaves_no_trace {
            modules.resume(&answers, mark);
        }
        leaves_no_trace && after.is_some_and(|after| is_same(&after, then))
    }
}
