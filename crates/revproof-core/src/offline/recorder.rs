//! [`Recorder`]: the [`Host`] that writes what it is asked to do.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{Chunk, Refused, Settings, note};
use crate::history::RevisionId;
use crate::op::{Answer, Effect, Host, Offline, OpKind, Operation, Outcome, SINGLE_PERCENT, SqlText};
use crate::schema::{Catalog, Dialect, QName};
use crate::source::Span;
use crate::sql;

/// A host that has no database and writes down every operation.
pub(super) struct Recorder<'s> {
    catalog: Catalog,
    settings: &'s Settings,
    transactional: bool,
    /// What is written so far.
    pub(super) chunks: Vec<Chunk>,
    /// The revision that is being run.
    pub(super) revision: Option<RevisionId>,
    /// The first thing that could not be known, and where.
    pub(super) doubt: Option<(Arc<str>, Span)>,
    conditions: Vec<(Arc<str>, Span)>,
    emitted_enums: FxHashSet<QName>,
}

impl<'s> Recorder<'s> {
    pub(super) fn new(dialect: Dialect, settings: &'s Settings) -> Self {
        Self {
            catalog: Catalog::new(dialect),
            settings,
            transactional: settings.transactional_ddl.unwrap_or(dialect.transactional_ddl()),
            chunks: Vec::new(),
            revision: None,
            doubt: None,
            conditions: Vec::new(),
            emitted_enums: FxHashSet::default(),
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.catalog.dialect
    }

    /// `BEGIN`, where DDL takes part in transactions.
    pub(super) fn begin(&mut self) {
        if self.transactional {
            self.push("BEGIN;".to_owned(), None, None);
        }
    }

    /// `COMMIT`, where DDL takes part in transactions.
    pub(super) fn commit(&mut self) {
        if self.transactional {
            self.push("COMMIT;".to_owned(), None, None);
        }
    }

    /// A line that is no statement.
    pub(super) fn comment(&mut self, text: &str) {
        self.push(text.to_owned(), None, None);
    }

    /// A statement, as `_exec` prints it.
    pub(super) fn statement(&mut self, sql: &str, span: Option<Span>) {
        self.annotated(sql, span, None);
    }

    /// The statements of an operation; what is known of locks is said of the first.
    fn write(&mut self, kind: &OpKind, span: Span) {
        let mut note = if self.settings.annotate { note::note(kind, self.dialect()) } else { None };
        for sql in sql::write(kind, self.dialect()) {
            self.annotated(&sql, Some(span), note.take());
        }
    }

    fn annotated(&mut self, sql: &str, span: Option<Span>, note: Option<String>) {
        let sql =
            if self.settings.offline.paramstyle.doubles_percent() { sql.replace('%', "%%") } else { sql.to_owned() };
        let sql = sql.replace(SINGLE_PERCENT, "%").replace('\t', "    ");
        self.push(format!("{};", sql.trim()), span, note);
    }

    fn push(&mut self, text: String, span: Option<Span>, note: Option<String>) {
        self.chunks.push(Chunk { text, revision: self.revision, span, note });
    }

    /// Ends with what is written so far.
    pub(super) fn refuse(&mut self, class: Option<&str>, message: String, span: Span) -> Refused {
        let class = class.map(|class| class.rsplit('.').next().unwrap_or(class).into());
        let before = std::mem::take(&mut self.chunks);
        Refused { class, message, revision: self.revision, span: Some(span), before }
    }

    fn not_known(&mut self, why: Arc<str>, span: Span) {
        self.doubt.get_or_insert((why, span));
    }
}

impl Host for Recorder<'_> {
    fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    fn apply(&mut self, operation: Operation) -> Outcome<Effect> {
        let span = operation.span;
        if let Some((why, span)) = self.conditions.last().cloned() {
            self.not_known(format!("whether this is reached can't be decided: {why}").into(), span);
        }
        if let OpKind::Opaque { what, why, .. } = &operation.kind {
            self.not_known(format!("{what} can't be written: {why}").into(), span);
            return Ok(Effect::default());
        }
        match operation.kind {
            // Each change is a statement of its own, and has a lock of its own.
            OpKind::AlterColumn { table, column, changes } if self.dialect() != Dialect::MySql => {
                for change in changes {
                    let (table, column) = (table.clone(), column.clone());
                    self.write(&OpKind::AlterColumn { table, column, changes: vec![change] }, span);
                }
            }
            kind => self.write(&kind, span),
        }
        Ok(Effect::default())
    }

    fn execute(&mut self, _: SqlText, span: Span) -> Outcome<Answer> {
        let why: Arc<str> = "there is no database to ask in offline mode".into();
        self.not_known(why.clone(), span);
        Ok(Answer::Unknown(why))
    }

    fn not_evaluated(&mut self, why: Arc<str>, span: Span) {
        self.not_known(why, span);
    }

    fn enter_conditional(&mut self, why: Arc<str>, span: Span) {
        self.conditions.push((why, span));
    }

    fn leave_conditional(&mut self) {
        self.conditions.pop();
    }

    fn savepoint(&mut self) {}

    fn end_savepoint(&mut self, _: bool) {}

    fn autocommit(&mut self, on: bool) {
        if on { self.commit() } else { self.begin() }
    }

    fn enum_already_emitted(&mut self, name: &QName) -> bool {
        !self.emitted_enums.insert(name.clone())
    }

    fn offline(&self) -> Option<&Offline> {
        Some(&self.settings.offline)
    }
}
