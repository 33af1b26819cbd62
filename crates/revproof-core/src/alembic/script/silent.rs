//! The hosts that a script's evaluation is given: [`Silent`], which has no database, while its header is read, and
//! [`Watch`], which counts what a run does.

use std::cell::OnceCell;
use std::sync::Arc;

use crate::op::{Answer, Effect, Failure, FailureKind, Host, Offline, Operation, Outcome, SqlText};
use crate::schema::{Catalog, Dialect, QName};
use crate::source::Span;

/// A host without a database: nothing can be done, nothing is known.
pub(in crate::alembic) struct Silent {
    dialect: Dialect,
    /// Made when it is asked for, which hardly any top level does.
    catalog: OnceCell<Catalog>,
}

impl Silent {
    /// For the top level of a module.
    pub(in crate::alembic) fn new(dialect: Dialect) -> Self {
        Self { dialect, catalog: OnceCell::new() }
    }
}

impl Host for Silent {
    fn catalog(&self) -> &Catalog {
        self.catalog.get_or_init(|| Catalog::new(self.dialect))
    }

    fn apply(&mut self, _: Operation) -> Outcome<Effect> {
        Err(Failure::new(FailureKind::Script, "no migration runs while a script is loaded"))
    }

    fn execute(&mut self, _: SqlText, _: Span) -> Outcome<Answer> {
        Ok(Answer::Unknown("no migration runs while a script is loaded".into()))
    }

    fn not_evaluated(&mut self, _: Arc<str>, _: Span) {}

    fn enter_conditional(&mut self, _: Arc<str>, _: Span) {}

    fn leave_conditional(&mut self) {}

    fn savepoint(&mut self) {}

    fn end_savepoint(&mut self, _: bool) {}

    fn autocommit(&mut self, _: bool) {}

    fn enum_already_emitted(&mut self, _: &QName) -> bool {
        false
    }
}

/// A host that passes everything on and remembers whether anything was done.
pub(in crate::alembic) struct Watch<'h> {
    host: &'h mut dyn Host,
    /// Whether an operation was applied, a statement executed or something was not evaluated.
    pub(in crate::alembic) acted: bool,
    /// How many modules are being imported.
    importing: u32,
}

impl<'h> Watch<'h> {
    /// Watches over a host.
    pub(in crate::alembic) fn new(host: &'h mut dyn Host) -> Self {
        Self { host, acted: false, importing: 0 }
    }
}

impl Host for Watch<'_> {
    fn catalog(&self) -> &Catalog {
        self.host.catalog()
    }

    fn apply(&mut self, operation: Operation) -> Outcome<Effect> {
        self.acted = true;
        self.host.apply(operation)
    }

    fn execute(&mut self, sql: SqlText, span: Span) -> Outcome<Answer> {
        self.acted = true;
        self.host.execute(sql, span)
    }

    fn not_evaluated(&mut self, why: Arc<str>, span: Span) {
        if self.importing > 0 {
            return;
        }
        self.acted = true;
        self.host.not_evaluated(why, span);
    }

    fn enter_conditional(&mut self, why: Arc<str>, span: Span) {
        // What is raised under a condition is no refusal: the other branch may well go on.
        self.acted = true;
        self.host.enter_conditional(why, span);
    }

    fn leave_conditional(&mut self) {
        self.host.leave_conditional();
    }

    fn savepoint(&mut self) {
        self.host.savepoint();
    }

    fn end_savepoint(&mut self, keep: bool) {
        self.host.end_savepoint(keep);
    }

    fn autocommit(&mut self, on: bool) {
        self.host.autocommit(on);
    }

    fn importing(&mut self, on: bool) {
        self.importing = if on { self.importing.saturating_add(1) } else { self.importing.saturating_sub(1) };
    }

    fn enum_already_emitted(&mut self, name: &QName) -> bool {
        self.host.enum_already_emitted(name)
    }

    fn offline(&self) -> Option<&Offline> {
        self.host.offline()
    }
}
