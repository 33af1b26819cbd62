//! [`Host`]: the door between a script that is being evaluated and the simulated database.

use std::sync::Arc;

use super::datum::RowSet;
use super::failure::Failure;
use super::kind::{Operation, SqlText};
use super::offline::Offline;
use crate::schema::Catalog;
use crate::source::Span;

/// What an operation did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Effect {
    /// Rows inserted, updated or deleted, where the statement is one that does.
    pub rows: Option<u64>,
    /// What of it could not be simulated, where not all could: the state that it leaves is uncertain.
    pub doubts: Vec<Arc<str>>,
}

/// What a SQL text that a script executes on a connection gave.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Rows, from a query or a `RETURNING`.
    Rows(RowSet),
    /// No rows, but an effect.
    Done(Effect),
    /// It could not be simulated; the sentence says why. What the script makes of the result is unknown.
    Unknown(Arc<str>),
}

/// What came of a call.
pub type Outcome<T> = Result<T, Failure>;

/// The simulated database, as a script sees it.
pub trait Host {
    /// The schema, as it stands at this line of the script.
    fn catalog(&self) -> &Catalog;

    /// Applies an operation at once. An error is what the server would raise; the script may catch it.
    fn apply(&mut self, operation: Operation) -> Outcome<Effect>;

    /// Executes SQL text and hands its rows to the script. Text that changes something is an operation like any other
    /// ([`super::OpKind::Sql`]) and is recorded as one.
    fn execute(&mut self, sql: SqlText, span: Span) -> Outcome<Answer>;

    /// Something the script does that could not be evaluated, and that may have changed the database or decided what
    /// comes after: the run is at best `unknown` from here. Not for what has no bearing on the database.
    fn not_evaluated(&mut self, why: Arc<str>, span: Span);

    /// From now on, until `leave_conditional`, operations may or may not happen: the condition at `span` can't be
    /// decided. Nests.
    fn enter_conditional(&mut self, why: Arc<str>, span: Span);

    /// The end of what `enter_conditional` began.
    fn leave_conditional(&mut self);

    /// The start of a savepoint (`begin_nested`): an error inside does not spoil the transaction around it.
    fn savepoint(&mut self);

    /// The end of a savepoint, kept or thrown away.
    fn end_savepoint(&mut self, keep: bool);

    /// The start or the end of a block outside any transaction (`autocommit_block`).
    fn autocommit(&mut self, on: bool);

    /// The start or the end of the evaluation of a module that a script imports. What is not evaluated in there
    /// concerns the application that it belongs to, which has no hold on the migration's connection. Nests.
    fn importing(&mut self, on: bool) {
        let _ = on;
    }

    /// Whether a generated name has been used for an enum type that Alembic has already created in this run: Alembic
    /// emits `CREATE TYPE` once per run and name. Answers, and remembers that it now has.
    fn enum_already_emitted(&mut self, name: &crate::schema::QName) -> bool;

    /// Whether nothing is sent and all is printed instead (`alembic upgrade --sql`), and how. There is no database
    /// then: the catalog is empty, and what a script asks of it fails as it would in Alembic. SQL text that arrives at
    /// such a host is final: its values are written into it.
    fn offline(&self) -> Option<&Offline> {
        None
    }
}
