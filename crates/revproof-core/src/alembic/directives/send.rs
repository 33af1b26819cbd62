//! How operations leave a directive: at once, or into the queue of a batch block.

use std::rc::Rc;

use super::Site;
use super::batch::Queued;
use crate::alembic::apply;
use crate::op::{Failure, FailureKind, OpKind, Origin};
use crate::python::{Flow, Raised, Unknown, Vm};
use crate::schema::{Dialect, QName};
use crate::source::Span;

/// What Alembic says of constraint changes on SQLite.
pub(super) const NO_ALTER: &str = "No support for ALTER of constraints in SQLite dialect. Please refer to the batch mode feature which allows for SQLite migrations using a copy-and-move strategy.";

impl Site {
    /// Sends an operation, or queues it in a batch block.
    pub(super) fn send(&self, vm: &mut Vm<'_>, kind: OpKind, origin: Origin, span: Span) -> Flow<()> {
        self.send_queued(vm, Queued::new(kind, origin, span))
    }

    /// Sends or queues an operation that Alembic treats in a way of its own.
    pub(super) fn send_queued(&self, vm: &mut Vm<'_>, queued: Queued) -> Flow<()> {
        match &self.batch {
            Some(batch) => {
                if vm.is_undecided() {
                    // It is sent when the block ends, where the condition around it is no longer open.
                    let why = "whether an operation of a batch block is reached can't be decided";
                    vm.host.not_evaluated(why.into(), queued.span);
                }
                let rebuilds = batch.recreate.rebuilds(vm.host.catalog().dialect, &batch.queue.borrow());
                if !queued.placement.is_empty() && !rebuilds {
                    let message = "Can't specify insert_before or insert_after when using ALTER; please specify recreate='always'";
                    return Err(command_error(vm, message, queued.span));
                }
                batch.queue.borrow_mut().push(queued);
                Ok(())
            }
            None => send_now(vm, queued),
        }
    }

    /// How a directive called here is told to have been said.
    pub(super) fn origin(&self) -> Origin {
        if self.batch.is_some() { Origin::Batch } else { Origin::Directive }
    }

    /// A directive on these objects that can't be known: they are uncertain from here.
    pub(super) fn opaque(
        &self,
        vm: &mut Vm<'_>,
        what: &str,
        touches: Vec<QName>,
        why: &Rc<Unknown>,
        span: Span,
    ) -> Flow<()> {
        let kind = OpKind::Opaque { what: what.into(), why: why.why.clone(), touches, rows_only: false };
        self.send(vm, kind, self.origin(), span)
    }
}

/// Sends an operation as an ordinary statement.
pub(super) fn send_now(vm: &mut Vm<'_>, queued: Queued) -> Flow<()> {
    let Queued { kind, origin, span, type_of, .. } = queued;
    if vm.host.catalog().dialect == Dialect::Sqlite
        && matches!(kind, OpKind::AddConstraint { .. } | OpKind::DropConstraint { .. })
    {
        // The check of a type is left out with a warning; every other constraint is refused.
        return if type_of.is_some() { Ok(()) } else { Err(unsupported(vm, NO_ALTER, span)) };
    }
    if vm.host.catalog().dialect == Dialect::MySql && matches!(kind, OpKind::DropConstraint { kind: None, .. }) {
        return Err(unsupported(vm, "No generic 'DROP CONSTRAINT' in MySQL - please specify constraint type", span));
    }
    apply(vm, kind, origin, span).map(|_| ())
}

/// A `NotImplementedError` of Alembic's: the dialect can't do it.
pub(super) fn unsupported(vm: &mut Vm<'_>, message: &str, span: Span) -> Raised {
    let failure = Failure::new(FailureKind::Unsupported, message);
    Raised { failure: Some(Box::new(failure)), ..vm.raise("NotImplementedError", message, span) }
}

/// An `alembic.util.CommandError`.
pub(super) fn command_error(vm: &mut Vm<'_>, message: &str, span: Span) -> Raised {
    vm.raise("alembic.util.CommandError", message, span)
}
