//! `try`, `raise`, `assert`.

use std::rc::Rc;

use ruff_python_ast::{ExceptHandler, ExceptHandlerExceptHandler, StmtAssert, StmtRaise, StmtTry};

use super::{Completion, Frame, Vm};
use crate::python::conditional::{Branches, Leaves, Opened};
use crate::python::journal::Place;
use crate::python::object::exception;
use crate::python::value::{Args, Flow, Raised, Unknown, Value};
use crate::source::Span;

impl Vm<'_> {
    pub(super) fn try_statement(&mut self, frame: &Frame<'_>, attempt: &StmtTry) -> Flow<Completion> {
        let base = self.opened.len();
        let body = self.block(frame, &attempt.body);
        let result = match body {
            Err(raised) if raised.is_limit() => return Err(raised),
            Err(raised) => self.handle(frame, attempt, raised),
            Ok(Completion::Normal) => self.block(frame, &attempt.orelse),
            other => other,
        };
        let result = self.handle_perhaps(frame, attempt, base, result);
        if result.as_ref().is_err_and(Raised::is_limit) || attempt.finalbody.is_empty() {
            return result;
        }
        match self.block(frame, &attempt.finalbody)? {
            Completion::Normal => result,
            other => Ok(other),
        }
    }

    /// Finds the handler of an exception that was raised for certain.
    fn handle(&mut self, frame: &Frame<'_>, attempt: &StmtTry, raised: Raised) -> Flow<Completion> {
        for handler in &attempt.handlers {
            let ExceptHandler::ExceptHandler(handler) = handler;
            match self.catches(frame, handler, &raised)? {
                Ok(true) => return self.handler(frame, handler, raised),
                Ok(false) => {}
                Err(why) => {
                    let span = frame.span(handler);
                    let again = raised.clone();
                    let branches = self.branches(&why, span, |vm| vm.handler(frame, handler, raised), |_| Err(again));
                    return self.join_completions(branches, &why, span);
                }
            }
        }
        Err(raised)
    }

    /// The exceptions that the body has perhaps raised: their handlers perhaps run, and then all goes on.
    fn handle_perhaps(
        &mut self,
        frame: &Frame<'_>,
        attempt: &StmtTry,
        base: usize,
        result: Flow<Completion>,
    ) -> Flow<Completion> {
        if attempt.handlers.is_empty() || self.opened.len() == base {
            return result;
        }
        let mut result = result;
        for left in self.close(base) {
            let Leaves::Try(raised) = &left.leaves else {
                self.open(left);
                continue;
            };
            let mut caught = None;
            for handler in &attempt.handlers {
                let ExceptHandler::ExceptHandler(handler) = handler;
                if !matches!(self.catches(frame, handler, raised)?, Ok(false)) {
                    caught = Some(handler);
                    break;
                }
            }
            let Some(handler) = caught else {
                self.open(left);
                continue;
            };
            let raised = raised.clone();
            let happened = self.perhaps(&left.why, left.span, |vm| vm.handler(frame, handler, raised));
            let branches = Branches { first: result, second: happened };
            result = self.join_completions(branches, &left.why, left.span);
        }
        result
    }

    fn handler(&mut self, frame: &Frame<'_>, handler: &ExceptHandlerExceptHandler, raised: Raised) -> Flow<Completion> {
        if let Some(name) = &handler.name {
            let span = frame.span(name);
            self.bind(&frame.scope, &name.id, raised.exception.clone(), span);
        }
        self.handling.push(raised);
        let result = self.block(frame, &handler.body);
        self.handling.pop();
        if let Some(name) = &handler.name {
            let table = frame.scope.target(&name.id);
            self.journal.touch(&Place::Table(Rc::clone(&table)));
            table.borrow_mut().remove(&name.id);
        }
        result
    }

    /// Whether the handler catches the exception; the inner error is why that can't be known.
    fn catches(
        &mut self,
        frame: &Frame<'_>,
        handler: &ExceptHandlerExceptHandler,
        raised: &Raised,
    ) -> Flow<Result<bool, Rc<Unknown>>> {
        let Some(class) = &handler.type_ else { return Ok(Ok(true)) };
        let span = frame.span(&**class);
        let class = self.expression(frame, class)?;
        Ok(match self.is_instance(&raised.exception, &class) {
            Some(caught) => Ok(caught),
            None => Err(self.why(&class, span)),
        })
    }

    pub(super) fn raise_statement(&mut self, frame: &Frame<'_>, raise: &StmtRaise) -> Flow<Completion> {
        let span = frame.span(raise);
        let Some(expr) = &raise.exc else {
            return Err(match self.handling.last() {
                Some(raised) => raised.clone(),
                None => self.raise("RuntimeError", "No active exception to reraise", span),
            });
        };
        let value = self.expression(frame, expr)?;
        let cause = match &raise.cause {
            Some(cause) => Some(self.expression(frame, cause)?),
            None => None,
        };
        let raised = self.raise_value(value, span)?;
        if let (Some(cause), Value::Object(object)) = (cause, &raised.exception) {
            let object = Rc::clone(object);
            object.set_attr(self, "__cause__", cause, span)?;
        }
        Err(raised)
    }

    /// `raise value`: a class is called first.
    pub(in crate::python) fn raise_value(&mut self, value: Value, span: Span) -> Flow<Raised> {
        let value = match value.downcast::<crate::python::object::class::Class>() {
            Some(_) => self.call(&value, Args::default(), span)?,
            None => value,
        };
        if let Value::Unknown(unknown) = &value {
            let message: Rc<str> = format!("an exception that is not known: {}", unknown.why).into();
            return Ok(Raised { exception: value, class: "Exception".into(), message, span, failure: None });
        }
        Ok(exception::raised(self, value, span))
    }

    pub(super) fn assert_statement(&mut self, frame: &Frame<'_>, assert: &StmtAssert) -> Flow<Completion> {
        let span = frame.span(assert);
        let test = self.expression(frame, &assert.test)?;
        let truth = self.truth(&test);
        if truth == Some(true) {
            return Ok(Completion::Normal);
        }
        let message = match &assert.msg {
            Some(message) => {
                let message = self.expression(frame, message)?;
                self.text(&message).unwrap_or_default()
            }
            None => Rc::default(),
        };
        let raised = self.raise("AssertionError", &message, span);
        if truth == Some(false) {
            return Err(raised);
        }
        let why = self.why(&test, span);
        self.open(Opened { why, span, leaves: Leaves::Try(raised) });
        Ok(Completion::Normal)
    }
}
