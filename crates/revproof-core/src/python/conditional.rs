//! Conditions that can't be decided: both branches are evaluated, each from the same state, and what differs after
//! them is unknown.
//!
//! A branch that leaves its function, its loop or its `try` makes all that follows conditional too: such a condition
//! stays open, as an [`Opened`], until what it leaves has ended.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::eval::Completion;
use super::join::{join_content, join_value};
use super::journal::{Content, Place, Saved, Touched};
use super::value::{Flow, Raised, Unknown, Value};
use super::vm::Vm;
use crate::source::Span;

/// How many parts of containers are joined in one step.
const JOINED_PER_STEP: u64 = 8;

/// A condition that stays open.
pub(super) struct Opened {
    pub(super) why: Rc<Unknown>,
    pub(super) span: Span,
    pub(super) leaves: Leaves,
}

/// What the branch that was perhaps taken leaves.
pub(super) enum Leaves {
    /// The rest of this round of the loop.
    Round,
    /// The loop.
    Loop,
    /// The function, with this value.
    Function(Value),
    /// The innermost `try` that catches it, or the run.
    Try(Raised),
}

/// How the two branches ended.
pub(super) struct Branches<T> {
    pub(super) first: Flow<T>,
    pub(super) second: Flow<T>,
}

impl Vm<'_> {
    /// Evaluates two branches of which one is taken, and joins what they leave behind.
    pub(super) fn branches<T>(
        &mut self,
        why: &Rc<Unknown>,
        span: Span,
        first: impl FnOnce(&mut Self) -> Flow<T>,
        second: impl FnOnce(&mut Self) -> Flow<T>,
    ) -> Branches<T> {
        let (first, first_left, touched) = self.branch(why, span, first);
        let after_first: Vec<(Saved, Content)> = touched
            .into_saved()
            .into_iter()
            .map(|saved| {
                let after = saved.place.put(Content::clone(&saved.before));
                (saved, after)
            })
            .collect();
        let (second, second_left, touched) = self.branch(why, span, second);
        let joined: FxHashSet<usize> = after_first.iter().map(|(saved, _)| saved.place.address()).collect();
        for (saved, after) in after_first {
            self.journal.inherit(&saved);
            self.join_with(&saved.place, &after, why);
        }
        for saved in touched.into_saved() {
            if !joined.contains(&saved.place.address()) {
                self.join_with_saved(&saved, why);
            }
        }
        for left in first_left.into_iter().chain(second_left) {
            self.open(left);
        }
        Branches { first, second }
    }

    /// Evaluates something that may or may not happen.
    pub(super) fn perhaps<T>(
        &mut self,
        why: &Rc<Unknown>,
        span: Span,
        happens: impl FnOnce(&mut Self) -> Flow<T>,
    ) -> Flow<T> {
        let (result, left, touched) = self.branch(why, span, happens);
        self.join_with_before(touched, why);
        for left in left {
            self.open(left);
        }
        result
    }

    /// Evaluates one branch. The conditions that stay open after it are closed, to be opened again after the join.
    fn branch<T>(
        &mut self,
        why: &Rc<Unknown>,
        span: Span,
        branch: impl FnOnce(&mut Self) -> Flow<T>,
    ) -> (Flow<T>, Vec<Opened>, Touched) {
        let base = self.opened.len();
        self.host.enter_conditional(Arc::clone(&why.why), span);
        self.journal.begin();
        let result = branch(self);
        let left = self.close(base);
        let touched = self.journal.end();
        self.host.leave_conditional();
        (result, left, touched)
    }

    fn join_with_before(&mut self, touched: Touched, why: &Rc<Unknown>) {
        for saved in touched.into_saved() {
            self.join_with_saved(&saved, why);
        }
    }

    fn join_with_saved(&mut self, saved: &Saved, why: &Rc<Unknown>) {
        self.journal.inherit(saved);
        self.join_with(&saved.place, &saved.before, why);
    }

    /// Lets a container hold what it held at the end of one way or holds now, at the end of the other. That takes steps,
    /// so that conditions within conditions come to an end.
    fn join_with(&mut self, place: &Place, other: &Content, why: &Rc<Unknown>) {
        self.steps = self.steps.saturating_sub((place.len() + other.len()) as u64 / JOINED_PER_STEP);
        // The names of a function that is ending will not be looked at any more.
        if place.address() != self.ending || !place.goes_on_from(other) {
            join_content(place, other, why);
        }
    }

    /// Opens a condition: all that follows may or may not happen.
    pub(super) fn open(&mut self, opened: Opened) {
        self.host.enter_conditional(Arc::clone(&opened.why.why), opened.span);
        self.journal.begin();
        self.opened.push(opened);
    }

    /// Closes the conditions opened since there were `base`, innermost first; gives them, outermost first.
    pub(super) fn close(&mut self, base: usize) -> Vec<Opened> {
        self.close_each(base, Self::join_with_before)
    }

    /// Closes the conditions opened since there were `base` by the top level of a module. Had it raised, nothing of it would
    /// be loaded: who sees the module sees it as it is where it did not.
    pub(super) fn close_module(&mut self, base: usize) -> Vec<Opened> {
        self.close_each(base, |vm, touched, _| touched.into_saved().iter().for_each(|saved| vm.journal.inherit(saved)))
    }

    fn close_each(&mut self, base: usize, settle: impl Fn(&mut Self, Touched, &Rc<Unknown>)) -> Vec<Opened> {
        let mut closed = Vec::new();
        while self.opened.len() > base {
            let Some(opened) = self.opened.pop() else { break };
            let touched = self.journal.end();
            settle(self, touched, &opened.why);
            self.host.leave_conditional();
            closed.push(opened);
        }
        closed.reverse();
        closed
    }

    /// Closes the conditions opened since there were `base`; those that `ends` does not take are opened again.
    pub(super) fn close_where(&mut self, base: usize, ends: impl Fn(&Leaves) -> bool) -> Vec<Opened> {
        // One that goes on may stay open where none that ends stands under it.
        let first = self.opened.iter().skip(base).position(|opened| ends(&opened.leaves));
        let Some(first) = first else { return Vec::new() };
        let (ended, rest): (Vec<_>, Vec<_>) = self.close(base + first).into_iter().partition(|o| ends(&o.leaves));
        for opened in rest {
            self.open(opened);
        }
        ended
    }

    /// Tells the host of each exception that may have ended a run.
    pub(super) fn tell_how_it_may_end(&mut self, closed: Vec<Opened>) {
        for opened in closed {
            if let Leaves::Try(raised) = opened.leaves {
                let why = if raised.message.is_empty() {
                    format!("it may end with {}", raised.class)
                } else {
                    format!("it may end with {}: {}", raised.class, raised.message)
                };
                self.host.not_evaluated(why.into(), raised.span);
            }
        }
    }

    /// What the two branches of an expression give.
    pub(super) fn join_values(&mut self, branches: Branches<Value>, why: &Rc<Unknown>, span: Span) -> Flow<Value> {
        match (branches.first, branches.second) {
            (Ok(first), Ok(second)) => Ok(join_value(&first, &second, why)),
            (Err(raised), _) | (_, Err(raised)) if raised.is_limit() => Err(raised),
            (Err(first), Err(_)) => Err(first),
            (Ok(value), Err(raised)) | (Err(raised), Ok(value)) => {
                self.open(Opened { why: Rc::clone(why), span, leaves: Leaves::Try(raised) });
                Ok(value)
            }
        }
    }

    /// How the two branches of a statement go on: the way that stays nearest goes on, the other stays open.
    pub(super) fn join_completions(
        &mut self,
        branches: Branches<Completion>,
        why: &Rc<Unknown>,
        span: Span,
    ) -> Flow<Completion> {
        match (branches.first, branches.second) {
            (Err(raised), _) | (_, Err(raised)) if raised.is_limit() => Err(raised),
            (Err(first), Err(_)) => Err(first),
            (Ok(Completion::Return(first)), Ok(Completion::Return(second))) => {
                Ok(Completion::Return(join_value(&first, &second, why)))
            }
            (first, second) => {
                let (stays, leaves) =
                    if distance(&first) <= distance(&second) { (first, second) } else { (second, first) };
                if distance(&stays) != distance(&leaves) {
                    let leaves = match leaves {
                        Ok(Completion::Normal) => return stays,
                        Ok(Completion::Continue) => Leaves::Round,
                        Ok(Completion::Break) => Leaves::Loop,
                        Ok(Completion::Return(value)) => Leaves::Function(value),
                        Err(raised) => Leaves::Try(raised),
                    };
                    self.open(Opened { why: Rc::clone(why), span, leaves });
                }
                stays
            }
        }
    }
}

/// How far away a branch goes.
fn distance(end: &Flow<Completion>) -> u8 {
    match end {
        Ok(Completion::Normal) => 0,
        Ok(Completion::Continue) => 1,
        Ok(Completion::Break) => 2,
        Ok(Completion::Return(_)) => 3,
        Err(_) => 4,
    }
}
