//! [`Walk`]: what every run of a revision of a chain needs.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use super::again::replay;
use super::baseline::Baseline;
use super::memory::Standing;
use super::merge;
use super::open_world::OpenWorld;
use super::rows::UserRows;
use super::simulation::{SetAside, Simulation};
use super::trace::{Doubt, DoubtScope, Restores, RevisionTrace, Run, RunStatus, Verdict};
use super::verdict;
use crate::alembic::{self, Direction, Environment, Modules, RunEnd, Script, TREES};
use crate::config::{Config, Rows};
use crate::directory::ScriptDirectory;
use crate::engine::Database;
use crate::history::{History, RevisionId};
use crate::op::{Failure, FailureKind};
use crate::python::{InTurn, Parser};
use crate::schema::{Catalog, QName};
use crate::source::{Sources, Span};

/// A chain, ready to be replayed.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// All files.
    pub sources: &'a Sources,
    /// The scripts; history numbers are indexes of this list.
    pub scripts: &'a [Script],
    /// The graph.
    pub history: &'a History,
    /// What the scripts are evaluated in.
    pub environment: &'a Environment,
    /// The project's modules that scripts import.
    pub modules: &'a Modules<'a>,
    /// The rows.
    pub rows: &'a Rows,
    /// The dump of the database that was there before the first revision.
    pub baseline: Option<&'a Arc<str>>,
    /// Who parses those scripts again whose code was let go of.
    pub parser: &'a dyn Parser,
    /// Whether the revisions after one whose upgrade fails are judged as if what fails in it had been left out; else they stand
    /// on what the failure leaves behind.
    pub beyond_failures: bool,
}

impl<'a> Subject<'a> {
    /// A script directory, ready to be replayed with the configured rows.
    pub fn new(directory: &'a ScriptDirectory<'a>, sources: &'a Sources, config: &'a Config) -> Self {
        Self {
            sources,
            scripts: &directory.scripts,
            history: &directory.history,
            environment: &directory.environment,
            modules: &directory.modules,
            rows: &config.rows,
            baseline: config.baseline.as_ref(),
            parser: &InTurn,
            beyond_failures: true,
        }
    }

    /// The same for another database of the project. The configured baseline is that of the first one.
    #[must_use]
    pub fn on(self, environment: &'a Environment) -> Self {
        let is_first = environment.database.as_ref().is_none_or(|database| database.first);
        Self { environment, baseline: self.baseline.filter(|_| is_first), ..self }
    }
}

/// What a merge of these revisions would join: replays the chain, then tries both orders of their branches. The answer is
/// whether they give one schema, where that is known, and what differs; `None` where the orders can't be tried.
pub fn commute(subject: &Subject<'_>, ends: &[RevisionId]) -> Option<(Option<bool>, Vec<String>)> {
    let trace = replay(subject, &mut |_| {});
    let walk = Walk::new(*subject);
    merge::check(&walk, &trace, subject.history, ends)
}

/// Upgrades through some revisions, without made-up rows: each with the schema before it and after it.
pub fn upgrades(
    subject: &Subject<'_>,
    revisions: impl Iterator<Item = RevisionId>,
) -> Vec<(RevisionId, Catalog, Catalog)> {
    let mut walk = Walk::new(*subject);
    let dump = walk.close_over_baseline();
    let mut db = walk.start(dump).0.bare.db;
    let mut states = Vec::new();
    for revision in revisions {
        let before = db.catalog.clone();
        let (run, _) = walk.run(revision, Direction::Upgrade, db.clone());
        walk.let_go_of_code(revision);
        db = run.after.unwrap_or(db);
        states.push((revision, before, db.catalog.clone()));
    }
    states
}

/// How many failing operations of one upgrade are left out for the sake of the revisions after it.
const LEFT_OUT_LIMIT: usize = 16;

/// What every run of a walk needs.
pub(crate) struct Walk<'a> {
    pub(crate) subject: Subject<'a>,
    pub(super) open_world: RefCell<OpenWorld>,
    /// Whether a first revision needed what it does not make, so that all scripts were looked at for it.
    pub(super) asked_to_open: Cell<bool>,
    /// What was there before the first revision is known.
    is_closed: bool,
    pub(super) bare: RefCell<BareWorld>,
    /// What the bare database was after each revision that has been applied to it.
    pub(super) bare_states: RefCell<Vec<Arc<Database>>>,
}

/// One direction of a script, and what it is evaluated in.
#[derive(Clone, Copy)]
struct Errand<'s> {
    environment: &'s Environment,
    script: &'s Script,
    direction: Direction,
}

/// The same history on a database without made-up rows, as far as it has been needed.
#[derive(Clone)]
pub(super) struct BareWorld {
    /// How many revisions have been applied, in order of application.
    pub(super) applied: usize,
    pub(super) db: Arc<Database>,
}

impl<'a> Walk<'a> {
    /// Where there is a dump of the database before the first revision, what it holds is all there was.
    pub(super) fn close_over_baseline(&mut self) -> Option<&'a Arc<str>> {
        let dump = self.subject.baseline?;
        self.close_world();
        Some(dump)
    }

    /// What there is before the first revision: nothing, or what the dump makes, with what of that was not understood.
    pub(super) fn start(&self, dump: Option<&Arc<str>>) -> (Standing, Vec<String>) {
        let dialect = self.subject.environment.dialect;
        let (database, missing) = match dump {
            None => (Database::new(dialect), Vec::new()),
            Some(dump) => {
                let Baseline { database, missing, .. } = Baseline::read(dump, dialect);
                (database, missing)
            }
        };
        let bare = BareWorld { applied: 0, db: Arc::new(database.clone()) };
        self.bare.replace(bare.clone());
        let mut db = Arc::new(database);
        if matches!(self.subject.rows, Rows::Seeded) {
            Arc::make_mut(&mut db).seed(None);
        }
        let user_rows = Arc::new(UserRows::new(self.subject.rows, dialect));
        (Standing { db, bare, failed: None, user_rows, mark: self.subject.modules.mark() }, missing)
    }

    /// From now on no table is assumed that no revision makes: what was there before the first is known.
    pub(crate) fn close_world(&mut self) {
        self.open_world.take();
        self.is_closed = true;
    }

    /// Opens the world where a first revision fails for want of what no revision makes. Whether it did.
    fn opens_for(&self, errand: Errand<'_>, run: &Run) -> bool {
        let is_base = errand.direction == Direction::Upgrade && errand.script.down_revision.is_empty();
        let wants = |failure: &&Failure| failure.kind == FailureKind::UndefinedObject && is_base;
        let failure = run.failure.as_ref().filter(|_| run.status == RunStatus::Failed).filter(wants);
        let (Some(failure), Some(after)) = (failure, &run.after) else { return false };
        if self.is_closed || self.open_world.borrow().is_open() {
            return false;
        }
        self.asked_to_open.set(true);
        let Subject { sources, scripts, history, .. } = self.subject;
        let open = OpenWorld::opened(sources, scripts, history);
        let assumes = !open.assumes(failure, &after.catalog).is_empty();
        if assumes {
            self.open_world.replace(open);
        }
        assumes
    }

    /// A walk over a chain.
    pub(crate) fn new(subject: Subject<'a>) -> Self {
        let bare = BareWorld { applied: 0, db: Arc::new(Database::new(subject.environment.dialect)) };
        let open_world = OpenWorld::new(subject.sources, subject.scripts, subject.history);
        let open_world = RefCell::new(open_world);
        Self {
            subject,
            open_world,
            asked_to_open: Cell::default(),
            is_closed: false,
            bare: RefCell::new(bare),
            bare_states: RefCell::default(),
        }
    }

    /// The database without made-up rows before a revision.
    fn bare_before(&self, revision: RevisionId) -> Arc<Database> {
        let order = self.subject.history.application_order();
        let BareWorld { mut applied, mut db } = self.bare.borrow().clone();
        let mut states = self.bare_states.borrow_mut();
        states.truncate(applied);
        while let Some(next) = order.get(applied).filter(|next| **next != revision) {
            db = self.bare_upgraded(*next, db);
            states.push(db.clone());
            applied += 1;
        }
        self.bare.replace(BareWorld { applied, db: db.clone() });
        db
    }

    /// Goes on with the bare database of an earlier walk, as it was then after each revision.
    pub(super) fn resume_bare(&self, bare: &BareWorld, states: &[Arc<Database>]) {
        let mut own = self.bare_states.borrow_mut();
        let known = own.len().min(bare.applied);
        own.truncate(known);
        own.extend(states.iter().take(bare.applied).skip(known).cloned());
        self.bare.replace(bare.clone());
    }

    /// What the revision at a place in the order of application makes of a database without made-up rows.
    pub(super) fn bare_after(&self, place: usize, before: Arc<Database>) -> Option<Arc<Database>> {
        let order = self.subject.history.application_order();
        order.get(place).map(|revision| self.bare_upgraded(*revision, before))
    }

    fn bare_upgraded(&self, revision: RevisionId, before: Arc<Database>) -> Arc<Database> {
        let (run, _) = self.attempt_revision(revision, Direction::Upgrade, before.clone());
        let after = self.beyond(revision, &before, &run).or(run.after);
        self.let_go_of_code(revision);
        after.unwrap_or(before)
    }

    /// What the revisions after a failed upgrade stand on: what it does with the operations left out that fail. `None` where
    /// nothing failed. A deployment ends at the failure, so this is for judging the others on their own.
    pub(super) fn beyond(&self, revision: RevisionId, before: &Arc<Database>, failed: &Run) -> Option<Arc<Database>> {
        let errand = self.errand(revision, Direction::Upgrade)?;
        if !self.subject.beyond_failures || !failed.ends_in_failure() {
            return None;
        }
        let mut left_out: Vec<usize> = failed.culprit().into_iter().collect();
        loop {
            let (run, _, reached) = self.attempt_without(&left_out, errand, before.clone(), SetAside::Seeded);
            let next = run.culprit().filter(|place| run.ends_in_failure() && !left_out.contains(place));
            match next {
                Some(place) if left_out.len() < LEFT_OUT_LIMIT => left_out.push(place),
                _ => return Some(reached),
            }
        }
    }

    /// Whether these runs of a revision, one after the other, are known to go through where no row was ever made up.
    fn goes_through_bare(&self, revision: RevisionId, stages: &[Direction]) -> bool {
        let mut db = self.bare_before(revision);
        for direction in stages {
            let (run, _) = self.attempt_revision(revision, *direction, db.clone());
            if !matches!(run.status, RunStatus::Ok | RunStatus::Empty) {
                return false;
            }
            db = run.after.unwrap_or(db);
        }
        true
    }

    pub(super) fn revision(&self, revision: RevisionId, before: Arc<Database>) -> RevisionTrace {
        let stage = |stages: &[Direction], db| {
            let (run, set_aside) = self.run_stage(revision, stages, db);
            Run { set_aside, ..run }
        };
        let (mark, order_questions) = (self.subject.modules.mark(), before.order_questions());
        let upgrade = stage(&[Direction::Upgrade], before.clone());
        let start = upgrade.after.clone().filter(|_| upgrade.status != RunStatus::Failed);
        let mut downgrade = match start {
            Some(db) => stage(&[Direction::Upgrade, Direction::Downgrade], db),
            None => Run::skipped(),
        };
        if upgrade.ends_in_failure() {
            // What it does not find, the upgrade would have made, had it come to its end.
            downgrade.doubt_failure("the upgrade may not have come to its end");
        }
        let gone_back = !matches!(
            downgrade.status,
            RunStatus::Skipped | RunStatus::Failed | RunStatus::Missing | RunStatus::Refused
        );
        let back = downgrade.after.clone().filter(|_| gone_back);
        let is_where_it_was = |back: &Arc<Database>| {
            let asks_for_order = back.order_questions() != order_questions;
            upgrade.is_plain()
                && downgrade.is_plain()
                && self.subject.modules.mark() == mark
                && before.is_alike(back, asks_for_order)
        };
        let (mut again, restores) = match back {
            // What is done once more to the same comes out the same, and need not be done.
            Some(back) if is_where_it_was(&back) => (upgrade.repeated(), Restores::all()),
            Some(back) => {
                let aside: Vec<(QName, i64)> = upgrade.set_aside.iter().chain(&downgrade.set_aside).cloned().collect();
                let restores = verdict::restores(&before, &upgrade, &downgrade, &aside);
                (stage(&[Direction::Upgrade, Direction::Downgrade, Direction::Upgrade], back), restores)
            }
            None => (Run::skipped(), Restores::default()),
        };
        let half_known = downgrade.doubts.iter().any(|doubt| doubt.scope == DoubtScope::Schema);
        if upgrade.ends_in_failure() || half_known {
            again.doubt_failure("what the downgrade leaves behind is not fully known");
        }
        RevisionTrace {
            revision,
            before,
            upgrade,
            downgrade,
            again,
            restores,
            verdict: Verdict::Unknown,
            because: String::new(),
            rests_on_failed: None,
        }
    }

    /// Lets go of a script's code once its revision has been replayed, where a history is so long that this matters.
    pub(super) fn let_go_of_code(&self, revision: RevisionId) {
        if self.subject.scripts.len() > TREES
            && let Some(script) = self.subject.scripts.get(revision.0 as usize)
        {
            script.let_go_of_code();
        }
    }

    /// Runs one direction of one revision; also returns the seeded rows that were set aside on the way.
    pub(super) fn run(
        &self,
        revision: RevisionId,
        direction: Direction,
        db: Arc<Database>,
    ) -> (Run, Vec<(QName, i64)>) {
        let Some(script) = self.subject.scripts.get(revision.0 as usize) else { return (Run::skipped(), Vec::new()) };
        self.run_script(script, direction, db)
    }

    /// Runs one direction of a script, which need not be one of the chain's: one that was edited or taken away since it
    /// was applied.
    pub(crate) fn run_script(
        &self,
        script: &Script,
        direction: Direction,
        db: Arc<Database>,
    ) -> (Run, Vec<(QName, i64)>) {
        self.run_script_in(self.subject.environment, script, direction, db)
    }

    /// [`Walk::run_script`] in another environment than the chain's.
    pub(crate) fn run_script_in(
        &self,
        environment: &Environment,
        script: &Script,
        direction: Direction,
        db: Arc<Database>,
    ) -> (Run, Vec<(QName, i64)>) {
        let errand = Errand { environment, script, direction };
        let first = self.attempt(errand, db.clone(), SetAside::Seeded);
        self.or_without_rows(errand, db, first)
    }

    /// Runs the last of these directions of one revision on the database that the others have left; also returns the
    /// rows that were set aside on the way.
    fn run_stage(&self, revision: RevisionId, stages: &[Direction], db: Arc<Database>) -> (Run, Vec<(QName, i64)>) {
        let errand = stages.last().and_then(|direction| self.errand(revision, *direction));
        let Some(errand) = errand else { return (Run::skipped(), Vec::new()) };
        let first = self.attempt(errand, db.clone(), SetAside::Seeded);
        let is_seeded = matches!(self.subject.rows, Rows::Seeded);
        if is_seeded && refused_rows(&first.0) && self.goes_through_bare(revision, stages) {
            // Rows that scripts made of made-up ones are at fault.
            let settled = self.attempt(errand, db.clone(), SetAside::Any);
            if settled.0.status != RunStatus::Failed {
                return settled;
            }
        }
        self.or_without_rows(errand, db, first)
    }

    /// Where made-up values are what made a script fail, the same run without them, in doubt.
    fn or_without_rows(
        &self,
        errand: Errand<'_>,
        db: Arc<Database>,
        (run, aside): (Run, Vec<(QName, i64)>),
    ) -> (Run, Vec<(QName, i64)>) {
        let Some((failure, span)) = made_up_failure(&run) else { return (run, aside) };
        let mut bare = db;
        let taken = Arc::make_mut(&mut bare).set_aside_seeded();
        if taken.is_empty() {
            return (run, aside);
        }
        let (mut without, mut more) = self.attempt(errand, bare, SetAside::Seeded);
        if without.status == RunStatus::Failed {
            return (run, aside);
        }
        // What a script makes of values that were made up says little, but neither is it proved to work on rows.
        let why = format!("it goes through without rows, but not on made-up ones: {failure}").into();
        without.doubts.push(Doubt { why, span, scope: DoubtScope::Rows });
        without.status = RunStatus::Unknown;
        more.extend(taken);
        (without, more)
    }

    fn errand(&self, revision: RevisionId, direction: Direction) -> Option<Errand<'a>> {
        let script = self.subject.scripts.get(revision.0 as usize)?;
        Some(Errand { environment: self.subject.environment, script, direction })
    }

    fn attempt_revision(
        &self,
        revision: RevisionId,
        direction: Direction,
        db: Arc<Database>,
    ) -> (Run, Vec<(QName, i64)>) {
        match self.errand(revision, direction) {
            Some(errand) => self.attempt(errand, db, SetAside::Seeded),
            None => (Run::skipped(), Vec::new()),
        }
    }

    fn attempt(&self, errand: Errand<'_>, db: Arc<Database>, set_aside: SetAside) -> (Run, Vec<(QName, i64)>) {
        let (run, aside, _) = self.attempt_without(&[], errand, db.clone(), set_aside);
        if !self.opens_for(errand, &run) {
            return (run, aside);
        }
        let (opened, more, _) = self.attempt_without(&[], errand, db, set_aside);
        if opened.assumed.is_empty() {
            // What is missing is no table and no schema.
            self.open_world.take();
            return (run, aside);
        }
        (opened, more)
    }

    /// An attempt with operations, by their place, left out where they fail; also returns how far the database came, with
    /// nothing rolled back.
    fn attempt_without(
        &self,
        left_out: &[usize],
        errand: Errand<'_>,
        db: Arc<Database>,
        set_aside: SetAside,
    ) -> (Run, Vec<(QName, i64)>, Arc<Database>) {
        let Errand { environment, script, direction } = errand;
        let world = self.open_world.borrow();
        let mut simulation = Simulation::new(db, &world, set_aside, environment);
        simulation.left_out = left_out.to_vec();
        let end = alembic::run(script, direction, environment, &mut simulation, self.subject.modules);
        let reached = simulation.db.clone();
        let (run, aside) = conclude(simulation, end);
        (run, aside, reached)
    }
}

/// Whether a run failed over rows that scripts may have made of made-up ones.
fn refused_rows(run: &Run) -> bool {
    let failure = run.failure.as_ref().filter(|_| run.status == RunStatus::Failed);
    let violation = failure.and_then(|failure| failure.violation.as_ref());
    violation.is_some_and(|v| !v.row_ids.is_empty() && !v.overwritten)
}

/// The failure of a run that may be owed to made-up values: the script's own exception, or a value that was refused.
fn made_up_failure(run: &Run) -> Option<(String, Span)> {
    let failure = run.failure.as_ref().filter(|_| run.status == RunStatus::Failed)?;
    let written = failure.violation.as_ref().is_some_and(|violation| violation.overwritten);
    let by_value = failure.kind == FailureKind::Script || (failure.kind.is_data() && !written);
    Some((failure.message.clone(), run.failure_span?)).filter(|_| by_value)
}

fn conclude(mut simulation: Simulation<'_>, end: RunEnd) -> (Run, Vec<(QName, i64)>) {
    let (status, failure, failure_span) = match end {
        RunEnd::Completed => (RunStatus::Ok, None, None),
        RunEnd::Missing => (RunStatus::Missing, None, None),
        RunEnd::Empty => (RunStatus::Empty, None, None),
        RunEnd::Refused { message, span, .. } => {
            (RunStatus::Refused, Some(Failure::new(FailureKind::Script, message.to_string())), Some(span))
        }
        RunEnd::Raised { failure, span, .. } => {
            let status = if failure.doubt.is_some() { RunStatus::Unknown } else { RunStatus::Failed };
            if let Some(why) = &failure.doubt {
                let why = format!("it may fail ({}): {why}", failure.message).into();
                simulation.doubts.push(Doubt { why, span, scope: DoubtScope::Schema });
            }
            (status, Some(failure), Some(span))
        }
        RunEnd::LimitReached { span } => {
            let why = Arc::from("it takes more steps to evaluate than the limit allows; it may never end");
            simulation.doubts.push(Doubt { why, span, scope: DoubtScope::Schema });
            (RunStatus::Unknown, None, Some(span))
        }
    };
    // A failure is certain only if nothing before it was in doubt: what was not evaluated may have prevented it.
    let in_doubt = simulation.doubts.iter().any(|d| d.scope == DoubtScope::Schema)
        || failure.as_ref().is_some_and(|f| f.kind.is_data()) && !simulation.doubts.is_empty();
    let status = match status {
        RunStatus::Ok if !simulation.doubts.is_empty() => RunStatus::Unknown,
        RunStatus::Failed if in_doubt => RunStatus::Unknown,
        status => status,
    };
    let rolled_back =
        failure.is_some() && matches!(status, RunStatus::Failed | RunStatus::Refused) && simulation.in_transaction;
    let committed = simulation.committed.then(|| simulation.rollback_to.clone());
    let mut after = if rolled_back { simulation.rollback_to } else { simulation.db };
    if after.catalog.renames_alone {
        // That is said of a connection, and the next command has one of its own.
        Arc::make_mut(&mut after).catalog.renames_alone = false;
    }
    let run = Run {
        status,
        failure,
        failure_span,
        operations: simulation.steps.len(),
        steps: shrunk(simulation.steps),
        doubts: shrunk(simulation.doubts),
        seed_findings: simulation.seed_findings,
        set_aside: Vec::new(),
        assumed: simulation.assumed,
        after: Some(after),
        committed,
    };
    (run, simulation.set_aside)
}

/// A list that is not added to any more.
fn shrunk<T>(mut list: Vec<T>) -> Vec<T> {
    list.shrink_to_fit();
    list
}
