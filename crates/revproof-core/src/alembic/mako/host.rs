//! [`Strict`]: the host of a template, for which one thing that can't be known is enough.

use std::sync::Arc;

use crate::alembic::script::Silent;
use crate::op::{Answer, Effect, Host, Operation, Outcome, SqlText};
use crate::schema::{Catalog, Dialect, QName};
use crate::source::Span;

/// A host without a database that remembers the first doubt.
pub(super) struct Strict {
    silent: Silent,
    /// Why the output can't be known, and where that arose.
    pub(super) doubt: Option<(Arc<str>, Span)>,
    /// How many modules are being imported: what they leave open is no matter of the template's, unless it uses it.
    importing: u32,
}

impl Default for Strict {
    fn default() -> Self {
        Self { silent: Silent::new(Dialect::default()), doubt: None, importing: 0 }
    }
}

impl Strict {
    fn doubt(&mut self, why: Arc<str>, span: Span) {
        if self.importing == 0 && self.doubt.is_none() {
            self.doubt = Some((why, span));
        }
    }
}

impl Host for Strict {
    fn catalog(&self) -> &Catalog {
        self.silent.catalog()
    }

    fn apply(&mut self, operation: Operation) -> Outcome<Effect> {
        self.silent.apply(operation)
    }

    fn execute(&mut self, sql: SqlText, span: Span) -> Outcome<Answer> {
        self.doubt("the template asks a database".into(), span);
        self.silent.execute(sql, span)
    }

    fn not_evaluated(&mut self, why: Arc<str>, span: Span) {
        self.doubt(why, span);
    }

    fn enter_conditional(&mut self, why: Arc<str>, span: Span) {
        self.doubt(why, span);
    }

    fn leave_conditional(&mut self) {}

    fn savepoint(&mut self) {}

    fn end_savepoint(&mut self, _: bool) {}

    fn autocommit(&mut self, _: bool) {}

    fn importing(&mut self, on: bool) {
        self.importing = if on { self.importing.saturating_add(1) } else { self.importing.saturating_sub(1) };
    }

    fn enum_already_emitted(&mut self, name: &QName) -> bool {
        self.silent.enum_already_emitted(name)
    }
}
