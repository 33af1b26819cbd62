//! `with`.

use std::cell::RefCell;

use ruff_python_ast::{Stmt, WithItem};

use super::{Completion, Frame, Vm, Yields};
use crate::python::conditional::Leaves;
use crate::python::stdlib::GeneratorManager;
use crate::python::value::{Flow, Raised, Reach, Value};

impl Vm<'_> {
    pub(super) fn with_statement(&mut self, frame: &Frame<'_>, items: &[WithItem], body: &[Stmt]) -> Flow<Completion> {
        let Some((item, rest)) = items.split_first() else { return self.block(frame, body) };
        let span = frame.span(&item.context_expr);
        let manager = self.expression(frame, &item.context_expr)?;
        if let Some(generator) = manager.downcast::<GeneratorManager>() {
            return self.with_generator(frame, item, rest, body, &generator);
        }
        let entered = match &manager {
            Value::Object(object) => object.clone().enter(self, span)?,
            Value::Unknown(unknown) => {
                if unknown.reach == Reach::Database {
                    self.host.not_evaluated(unknown.why.clone(), span);
                }
                Value::Unknown(self.why(&manager, span))
            }
            other => {
                let message = format!(
                    "'{}' object does not support the context manager protocol",
                    crate::python::object::type_name(other)
                );
                return Err(self.raise("TypeError", &message, span));
            }
        };
        if let Some(target) = &item.optional_vars {
            self.assign(frame, target, entered, span)?;
        }
        let base = self.opened.len();
        let result = self.deeper(1, || span, |vm| vm.with_statement(frame, rest, body));
        if result.as_ref().is_err_and(Raised::is_limit) {
            return result;
        }
        let Value::Object(object) = manager else { return result };
        // A block that may end by an exception ends, for the manager, as its other way does: what it did so far is
        // conditional already.
        let perhaps_raised = self.opened.iter().skip(base).any(|o| matches!(o.leaves, Leaves::Try(_)));
        match result {
            Ok(completion) => {
                object.exit(self, None, span)?;
                Ok(completion)
            }
            Err(raised) => {
                let swallowed = object.exit(self, Some(&raised), span)?;
                if swallowed && !perhaps_raised { Ok(Completion::Normal) } else { Err(raised) }
            }
        }
    }

    /// `with` over a generator function: the block is run where the function yields, so that its own `try` and its
    /// end see what comes of it.
    fn with_generator(
        &mut self,
        frame: &Frame<'_>,
        item: &WithItem,
        rest: &[WithItem],
        body: &[Stmt],
        generator: &GeneratorManager,
    ) -> Flow<Completion> {
        let span = frame.span(&item.context_expr);
        let completion = RefCell::new(None);
        let run = |vm: &mut Vm<'_>, value: Value| {
            if completion.borrow().is_some() {
                return Err(vm.raise("RuntimeError", "generator didn't stop", span));
            }
            if let Some(target) = &item.optional_vars {
                vm.assign(frame, target, value, span)?;
            }
            completion.replace(Some(Completion::Normal));
            let ended = vm.with_statement(frame, rest, body)?;
            completion.replace(Some(ended));
            Ok(())
        };
        self.deeper(4, || span, |vm| generator.function.run(vm, generator.args.clone(), Yields::Run(&run), span))?;
        Ok(completion.into_inner().unwrap_or(Completion::Normal))
    }
}
