//! `for` and `while`.

use ruff_python_ast::{Expr, Stmt, StmtFor, StmtWhile};

use super::{Completion, Frame, Vm};
use crate::python::conditional::Leaves;
use crate::python::join::is_rest;
use crate::python::object::range::Range;
use crate::python::value::{Flow, Value};
use crate::source::Span;

/// How many rounds of a `while` are looked at after it has perhaps been left.
const ROUNDS_PERHAPS: u32 = 2;

/// How one round of a loop ended.
enum Round {
    Next,
    Break,
    Return(Value),
}

impl Vm<'_> {
    pub(super) fn for_statement(&mut self, frame: &Frame<'_>, each: &StmtFor) -> Flow<Completion> {
        let iterable = self.expression(frame, &each.iter)?;
        let span = frame.span(&*each.iter);
        let base = self.opened.len();
        let result = if let Some(range) = iterable.downcast::<Range>() {
            // Not all at once: the steps may end first.
            let items = (0..range.len()).map(|at| Value::Int(range.at(at)));
            self.rounds(frame, each, items, span)
        } else if let Value::List(list) = &iterable {
            // What the body adds to the list is looped over too, for ever if it must be.
            let mut at = 0..;
            let items = std::iter::from_fn(|| list.borrow().get(at.next()?).cloned());
            self.rounds(frame, each, items, span)
        } else {
            match self.items_with_rest(&iterable, span) {
                Ok(items) => self.rounds(frame, each, items.into_iter(), span),
                Err(raised) => Err(raised),
            }
        };
        self.end_loop(frame, base, result, &each.orelse)
    }

    fn rounds(
        &mut self,
        frame: &Frame<'_>,
        each: &StmtFor,
        items: impl Iterator<Item = Value>,
        span: Span,
    ) -> Flow<Completion> {
        for item in items {
            self.tick(|| span)?;
            if is_rest(&item) {
                // Any number of rounds: one stands for all.
                let why = self.why(&item, span);
                let happens = |vm: &mut Self| {
                    vm.assign(frame, &each.target, Value::Unknown(why.clone()), span)?;
                    vm.round(frame, &each.body)
                };
                let branches = self.branches(&why, span, |_| Ok(Completion::Normal), |vm| completion(happens(vm)?));
                match self.join_completions(branches, &why, span)? {
                    Completion::Normal | Completion::Continue => {}
                    other => return Ok(other),
                }
                continue;
            }
            self.assign(frame, &each.target, item, span)?;
            match self.round(frame, &each.body)? {
                Round::Next => {}
                Round::Break => return Ok(Completion::Break),
                Round::Return(value) => return Ok(Completion::Return(value)),
            }
        }
        Ok(Completion::Normal)
    }

    pub(super) fn while_statement(&mut self, frame: &Frame<'_>, repeat: &StmtWhile) -> Flow<Completion> {
        let base = self.opened.len();
        let result = self.while_rounds(frame, &repeat.test, &repeat.body);
        self.end_loop(frame, base, result, &repeat.orelse)
    }

    fn while_rounds(&mut self, frame: &Frame<'_>, test: &Expr, body: &[Stmt]) -> Flow<Completion> {
        let base = self.opened.len();
        let mut perhaps_left = 0;
        loop {
            self.tick(|| frame.span(test))?;
            // `while True` with a `break` that can't be decided would go on until the steps end: a few rounds stand
            // for all of them.
            if self.opened.len() > base {
                perhaps_left += 1;
                if perhaps_left > ROUNDS_PERHAPS {
                    return Ok(Completion::Normal);
                }
            }
            let value = self.expression(frame, test)?;
            match self.truth(&value) {
                Some(false) => return Ok(Completion::Normal),
                Some(true) => match self.round(frame, body)? {
                    Round::Next => {}
                    Round::Break => return Ok(Completion::Break),
                    Round::Return(value) => return Ok(Completion::Return(value)),
                },
                None => {
                    // Any number of rounds: one stands for all.
                    let span = frame.span(test);
                    let why = self.why(&value, span);
                    let branches =
                        self.branches(&why, span, |_| Ok(Completion::Normal), |vm| completion(vm.round(frame, body)?));
                    return self.join_completions(branches, &why, span);
                }
            }
        }
    }

    fn round(&mut self, frame: &Frame<'_>, body: &[Stmt]) -> Flow<Round> {
        let base = self.opened.len();
        let result = self.block(frame, body);
        self.close_where(base, |leaves| matches!(leaves, Leaves::Round));
        Ok(match result? {
            Completion::Normal | Completion::Continue => Round::Next,
            Completion::Break => Round::Break,
            Completion::Return(value) => Round::Return(value),
        })
    }

    /// What comes after the rounds: a perhaps taken `break` ends here, and the `else` is run unless one was taken.
    fn end_loop(
        &mut self,
        frame: &Frame<'_>,
        base: usize,
        result: Flow<Completion>,
        orelse: &[Stmt],
    ) -> Flow<Completion> {
        // Until here the `else` is as conditional as the rounds after a perhaps taken `break`.
        let result = match result {
            Ok(Completion::Normal) if !orelse.is_empty() => self.block(frame, orelse),
            Ok(Completion::Break | Completion::Continue) => Ok(Completion::Normal),
            other => other,
        };
        let broke = self.close_where(base, |leaves| matches!(leaves, Leaves::Loop));
        match (broke.into_iter().next(), result) {
            (None, result) => result,
            // Perhaps the loop was left before it came to this.
            (Some(_), Ok(Completion::Normal)) => Ok(Completion::Normal),
            (Some(left), Ok(Completion::Return(value))) => {
                let (why, span) = (left.why, left.span);
                self.open(crate::python::conditional::Opened { why, span, leaves: Leaves::Function(value) });
                Ok(Completion::Normal)
            }
            (Some(_), Err(raised)) if raised.is_limit() => Err(raised),
            (Some(left), Err(raised)) => {
                let (why, span) = (left.why, left.span);
                self.open(crate::python::conditional::Opened { why, span, leaves: Leaves::Try(raised) });
                Ok(Completion::Normal)
            }
            (Some(_), other) => other,
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it is the end of a fallible branch")]
fn completion(round: Round) -> Flow<Completion> {
    Ok(match round {
        Round::Next | Round::Break => Completion::Normal,
        Round::Return(value) => Completion::Return(value),
    })
}
