//! [`Simulation`]: the simulated database of one chain, with all steps that were made on it and the way back to each.

use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use revproof_core::engine::Database;
use revproof_core::history::{History, ResolveError, RevisionId, RevisionNode, RevisionSet, Step};
use revproof_core::offline::Settings;
use revproof_core::op::{Answer, OpKind};
use revproof_core::replay::Run;
use revproof_core::workflow::{Asked, Journal, Left, Moment, Plan, Simulated, StepDone, current_rows};
use revproof_messages::Move;
use self_cell::self_cell;

use super::input::{Loaded, Site};
use super::refusal::unresolved;

/// A chain of what was loaded.
struct Owner {
    loaded: Rc<Loaded>,
    chain: usize,
}

type MaybeSimulated<'a> = Option<Simulated<'a>>;

self_cell!(
    struct Opened {
        owner: Owner,
        #[covariant]
        dependent: MaybeSimulated,
    }
);

/// The simulated database of one chain.
pub(crate) struct Simulation {
    opened: Opened,
    start: Moment,
    /// Everything that was done, one command after the other.
    pub(crate) past: Vec<Past>,
    /// The commands that were done.
    done: Vec<Done>,
    /// What could not be done, in Alembic's words, and what to do.
    pub(crate) refused: Option<(String, String)>,
    /// How many operations of the last step are shown; `None` for all.
    pub(crate) within: Option<usize>,
}

/// A command that was done.
struct Done {
    /// What was asked for.
    asked: Move,
    /// Where its steps begin in the past.
    from: usize,
    /// Whether one of its steps failed.
    failed: bool,
}

/// A step that was done.
pub(crate) struct Past {
    /// What it came to.
    pub(crate) what: What,
    /// The database before the marks of this step: that before it, or, where the whole command was taken back, that
    /// before the command.
    pub(crate) before: Arc<Database>,
    /// The moment after it.
    pub(crate) after: Moment,
    /// Whether one can come back to that moment: not where a failure took the step back.
    kept: bool,
    /// Its operations: what each was, and the database before it.
    pub(crate) operations: Vec<Seen>,
    /// What a failing step leaves.
    pub(crate) left: Option<Left>,
    /// The kind of its failure.
    pub(crate) failure: Option<revproof_core::op::FailureKind>,
}

/// What a step was.
pub(crate) enum What {
    /// A step of a plan.
    Step(Box<StepDone>, Option<RevisionId>),
    /// SQL text of the console, and how many rows it wrote.
    Query(String, Option<u64>),
}

/// An operation of a step.
pub(crate) struct Seen {
    pub(crate) kind: OpKind,
    pub(crate) span: revproof_core::source::Span,
    pub(crate) before: Arc<Database>,
    pub(crate) rows: Option<u64>,
    pub(crate) failure: Option<String>,
}

impl Simulation {
    /// The empty database of a chain; `None` where there is no such chain.
    pub(crate) fn new(loaded: &Rc<Loaded>, chain: usize) -> Option<Self> {
        let owner = Owner { loaded: loaded.clone(), chain };
        let opened = Opened::new(owner, |owner| {
            let chains = owner.loaded.borrow_dependent();
            let site = chains.site(owner.chain)?;
            let dialect = site.environment.dialect;
            let journal = Journal::new(dialect, &owner.loaded.borrow_owner().config.rows, None);
            let mut simulated = Simulated::open(&site.subject(&owner.loaded), &site.directory.project, journal);
            if Settings::of(site.directory, dialect).transaction_per_migration {
                simulated.commit_each();
            }
            Some(simulated)
        });
        let start = opened.borrow_dependent().as_ref()?.moment();
        Some(Self { opened, start, past: Vec::new(), done: Vec::new(), refused: None, within: None })
    }

    /// The database as it stands after all steps.
    pub(crate) fn database(&self) -> &Arc<Database> {
        self.past.last().map_or(&self.start, |past| &past.after).database()
    }

    /// The database that is shown: as it stands, or within the last step.
    pub(crate) fn shown(&self) -> &Arc<Database> {
        let operations = self.past.last().map(|past| past.operations.as_slice()).unwrap_or_default();
        let within = self.within.and_then(|n| operations.get(n));
        within.map_or_else(|| self.database(), |seen| &seen.before)
    }

    /// The user's own rows that were refused.
    pub(crate) fn refused_rows(&self) -> &[String] {
        self.opened.borrow_dependent().as_ref().map(Simulated::refused_rows).unwrap_or_default()
    }

    /// The graph of the chain.
    pub(crate) fn history(&self) -> &History {
        static NONE: OnceLock<History> = OnceLock::new();
        let owner = self.opened.borrow_owner();
        let site = owner.loaded.borrow_dependent().site(owner.chain);
        site.map_or_else(|| NONE.get_or_init(History::default), |site| &site.directory.history)
    }

    /// The version rows.
    pub(crate) fn rows(&self) -> Vec<RevisionId> {
        let simulated = self.opened.borrow_dependent().as_ref();
        simulated.and_then(|s| current_rows(self.history(), &s.journal().rows()).ok()).unwrap_or_default()
    }

    /// The revisions that are applied.
    pub(crate) fn applied(&self) -> RevisionSet {
        self.history().ancestors(&self.rows())
    }

    /// What was done, as moves.
    pub(crate) fn moves(&self) -> Vec<Move> {
        self.done.iter().map(|done| done.asked.clone()).collect()
    }

    /// Does these moves on an empty database. What they share with those that were made is not done again.
    pub(crate) fn replay(&mut self, moves: &[Move]) {
        let shared = self.done.iter().zip(moves).take_while(|(done, asked)| done.asked == **asked).count();
        let from = self.done.get(shared).map_or(self.past.len(), |done| done.from);
        self.within = None;
        self.refused = None;
        self.back_to(from);
        let rest = moves.iter().skip(shared).map(|asked| (asked.clone(), true));
        self.make_again(&rest.collect::<Vec<_>>());
    }

    /// Does a move. Where it can't be made, that is what the view says, and nothing is changed.
    pub(crate) fn make(&mut self, asked: &Move) {
        self.within = None;
        self.refused = None;
        self.refused = match self.try_make(asked) {
            Ok(true) => None,
            Ok(false) => {
                let why = "There is nothing to do: the database is there already";
                Some((why.to_owned(), "Choose another revision to go to.".to_owned()))
            }
            Err(refused) => Some(refused),
        };
    }

    /// Does moves again, up to the first that can't be made or that fails and did not fail before.
    pub(crate) fn make_again(&mut self, moves: &[(Move, bool)]) {
        for (asked, failed_before) in moves {
            match self.try_make(asked) {
                Err(refused) => {
                    self.refused = Some(refused);
                    return;
                }
                Ok(true) if self.done.last().is_some_and(|done| done.failed) && !failed_before => return,
                Ok(_) => {}
            }
        }
    }

    /// The moves that were made, each with whether it failed.
    pub(crate) fn made(&self) -> Vec<(Move, bool)> {
        self.done.iter().map(|done| (done.asked.clone(), done.failed)).collect()
    }

    /// Runs SQL text on the database.
    pub(crate) fn query(&mut self, sql: &str) -> Vec<Asked> {
        self.within = None;
        self.refused = None;
        let before = self.database().clone();
        let (answers, moment) = self.opened.with_dependent_mut(|_, simulated| match simulated {
            Some(simulated) => {
                let entries = simulated.journal().entries.len();
                let answers = simulated.query(sql);
                let written = simulated.journal().entries.len() > entries;
                (answers, written.then(|| simulated.moment()))
            }
            None => (Vec::new(), None),
        });
        if let Some(after) = moment {
            let written = answers.iter().filter_map(|asked| match &asked.answer {
                Ok(Answer::Done(effect)) => effect.rows,
                _ => None,
            });
            let what = What::Query(sql.to_owned(), Some(written.sum()));
            self.done.push(Done { asked: Move::Query(sql.to_owned()), from: self.past.len(), failed: false });
            self.past.push(Past { what, before, after, kept: true, operations: Vec::new(), left: None, failure: None });
        }
        answers
    }

    /// Goes back to how the database was after so many steps.
    pub(crate) fn rewind(&mut self, steps: usize) {
        self.within = None;
        self.refused = None;
        if steps >= self.past.len() {
            return;
        }
        let Some(at) = self.done.iter().rposition(|done| done.from <= steps) else { return self.back_to(0) };
        let from = self.done.get(at).map_or(0, |done| done.from);
        if from == steps {
            return self.back_to(steps);
        }
        // In the middle of a command: it becomes the commands that would have led there.
        let partial: Vec<Step> = self.past.get(from..steps).unwrap_or_default().iter().filter_map(planned).collect();
        let all_kept = self.past.get(from..steps).unwrap_or_default().iter().all(|past| past.kept);
        if all_kept {
            let moves = self.spelled(from, &partial);
            self.back_to(steps);
            self.done.truncate(at);
            let count = moves.len();
            self.done.extend(moves.into_iter().enumerate().map(|(n, asked)| {
                let from = if count == 1 { from } else { from + n };
                Done { asked, from, failed: false }
            }));
            return;
        }
        let moves = self.spelled(from, &partial);
        self.back_to(from);
        for asked in &moves {
            self.make(asked);
        }
    }

    fn back_to(&mut self, steps: usize) {
        self.past.truncate(steps);
        self.done.retain(|done| done.from < steps);
        let moment = self.past.last().map_or(&self.start, |past| &past.after).clone();
        self.opened.with_dependent_mut(|_, simulated| {
            if let Some(simulated) = simulated {
                simulated.back_to(&moment);
            }
        });
    }

    /// The moves that make exactly these steps: one where one does, else one for each.
    fn spelled(&self, from: usize, steps: &[Step]) -> Vec<Move> {
        let history = self.history();
        let rows = self.rows_after(from);
        let name = |id: RevisionId| history.name(id).to_string();
        let whole = match (steps.first(), steps.last()) {
            (Some(Step::Upgrade(_)), Some(Step::Upgrade(last))) => {
                let plan = history.plan_upgrade(&name(*last), &rows);
                (plan.is_ok_and(|plan| plan == steps)).then(|| Move::Upgrade(name(*last)))
            }
            (Some(Step::Downgrade(_)), Some(Step::Downgrade(last))) => {
                let below = history.get(*last).map(|node| node.down.clone()).unwrap_or_default();
                let target = match below.as_slice() {
                    [] => Some("base".to_owned()),
                    [one] => Some(name(*one)),
                    _ => None,
                };
                target
                    .filter(|target| history.plan_downgrade(target, &rows).is_ok_and(|plan| plan == steps))
                    .map(Move::Downgrade)
            }
            _ => None,
        };
        if let Some(whole) = whole {
            return vec![whole];
        }
        let one = |step: &Step| match step {
            Step::Upgrade(id) => Move::Upgrade(name(*id)),
            Step::Downgrade(id) => Move::Revert(name(*id)),
            Step::Stamp(step) => Move::Stamp(step.to.map_or_else(|| "base".to_owned(), name)),
        };
        steps.iter().map(one).collect()
    }

    /// The version rows after so many steps.
    fn rows_after(&self, steps: usize) -> Vec<RevisionId> {
        let planned = self.past.get(..steps).unwrap_or_default().iter().rev().find_map(|past| match &past.what {
            What::Step(done, _) => Some(done.planned.rows.clone()),
            What::Query(..) => None,
        });
        planned.unwrap_or_default()
    }

    /// Does a move. Whether there was anything to do.
    fn try_make(&mut self, asked: &Move) -> Result<bool, (String, String)> {
        if let Move::Query(sql) = asked {
            let before = self.past.len();
            let answers = self.query(sql);
            let failure = answers.into_iter().find_map(|asked| match asked.answer {
                Err(why) => Some(why),
                Ok(Answer::Unknown(why)) => Some(format!("this can't be simulated: {why}")),
                Ok(_) => None,
            });
            return match failure {
                Some(why) if self.past.len() == before => Err((why, "Nothing was changed.".to_owned())),
                _ => Ok(self.past.len() > before),
            };
        }
        let rows = self.rows();
        let history = self.history();
        let steps = self.steps(asked, &rows).map_err(|error| unresolved(&error, history))?;
        if steps.is_empty() {
            return Ok(false);
        }
        self.run(asked, &steps, &rows);
        Ok(true)
    }

    fn steps(&self, asked: &Move, rows: &[RevisionId]) -> Result<Vec<Step>, ResolveError> {
        let history = self.history();
        match asked {
            Move::Upgrade(target) => history.plan_upgrade(target, rows),
            Move::Downgrade(target) => history.plan_downgrade(target, rows),
            Move::Stamp(target) => history.plan_stamp(&[target], rows),
            Move::To(target) => {
                let wanted = history.ancestors(&history.resolve(target)?);
                let applied = history.ancestors(rows);
                let order = history.application_order();
                let down = order.iter().rev().filter(|id| applied.contains(**id) && !wanted.contains(**id));
                let up = order.iter().filter(|id| wanted.contains(**id) && !applied.contains(**id));
                Ok(down.map(|id| Step::Downgrade(*id)).chain(up.map(|id| Step::Upgrade(*id))).collect())
            }
            Move::Revert(target) => {
                let id = history.resolve_one(target)?;
                let node = id.and_then(|id| history.get(id));
                let applied = history.ancestors(rows);
                let stands_alone = |node: &&RevisionNode| {
                    applied.contains(node.id) && !node.all_children.iter().any(|above| applied.contains(*above))
                };
                match node.filter(stands_alone) {
                    Some(node) => Ok(vec![Step::Downgrade(node.id)]),
                    None => Err(ResolveError::NotApplied { destination: target.clone() }),
                }
            }
            Move::Query(_) => Ok(Vec::new()),
        }
    }

    fn run(&mut self, asked: &Move, steps: &[Step], rows: &[RevisionId]) {
        let from = self.past.len();
        let start = self.database().clone();
        // Down and up are two commands, of which the second is not begun where the first fails.
        let turn = steps.iter().position(|step| matches!(step, Step::Upgrade(_))).unwrap_or(steps.len());
        let (down, up) = steps.split_at_checked(turn).unwrap_or((steps, &[]));
        let mut rows = rows.to_vec();
        let mut failed = false;
        for part in [down, up].into_iter().filter(|part| !part.is_empty()) {
            if failed {
                break;
            }
            let begin = if self.past.len() > from { self.database().clone() } else { start.clone() };
            failed = self.run_part(part, &rows, &begin);
            rows = self.rows();
        }
        self.done.push(Done { asked: asked.clone(), from, failed });
    }

    /// Runs one command. Whether a step failed.
    fn run_part(&mut self, steps: &[Step], rows: &[RevisionId], begin: &Arc<Database>) -> bool {
        let (done, moment) = self.opened.with_dependent_mut(|owner, simulated| {
            let chains = owner.loaded.borrow_dependent();
            let (Some(simulated), Some(Site { directory, .. })) = (simulated, chains.site(owner.chain)) else {
                return (Vec::new(), None);
            };
            let plan = Plan::new(&directory.history, &directory.scripts, steps.to_vec(), rows);
            let mut seen = Vec::new();
            let ran = simulated.run_seeing(&plan, &mut |step| {
                let failure = step.run.failure.as_ref().map(|failure| failure.kind);
                seen.push((step.before.clone(), step.after, operations(step.run), failure));
            });
            let end = simulated.moment();
            let mut seen = seen.into_iter();
            let past = ran.steps.into_iter().map(|done| {
                let stamp = || (end.database().clone(), end.clone(), Vec::new(), None);
                let is_stamp = matches!(done.planned.step, Step::Stamp(_));
                let (before, after, operations, failure) =
                    if is_stamp { stamp() } else { seen.next().unwrap_or_else(stamp) };
                let left = ran.left.filter(|_| done.failed());
                let (kept, revision) = (done.kept, done.planned.revision());
                let before = if done.failed() && left == Some(Left::Nothing) { begin.clone() } else { before };
                Past { what: What::Step(Box::new(done), revision), before, after, kept, operations, left, failure }
            });
            (past.collect::<Vec<_>>(), Some(end))
        });
        let failed = done.last().is_some_and(|past| matches!(&past.what, What::Step(step, _) if step.failed()));
        self.past.extend(done);
        if let (Some(past), Some(end)) = (self.past.last_mut(), moment) {
            past.after = end;
        }
        failed
    }
}

fn planned(past: &Past) -> Option<Step> {
    match &past.what {
        What::Step(done, _) => Some(done.planned.step.clone()),
        What::Query(..) => None,
    }
}

fn operations(run: &Run) -> Vec<Seen> {
    let seen = |step: &revproof_core::replay::Step| Seen {
        kind: step.operation.kind.clone(),
        span: step.operation.span,
        before: step.before.clone(),
        rows: step.result.as_ref().ok().and_then(|effect| effect.rows),
        failure: step.result.as_ref().err().map(|failure| failure.message.clone()),
    };
    run.steps.iter().map(seen).collect()
}
