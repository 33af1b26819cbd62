//! [`Simulation`]: the [`Host`] that one run of one script talks to. It applies operations to a [`Database`], decides
//! what a refusal means (a real failure, a counterexample of seeded rows, an assumed table, a doubt), and records all
//! of it.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::open_world::{Assumption, OpenWorld};
use super::trace::{Assumed, Doubt, DoubtScope, SeedFinding, Step};
use super::{partial, uncertain};
use crate::alembic::Environment;
use crate::ddl;
use crate::engine::Database;
use crate::op::{
    Answer, Certainty, Effect, Failure, FailureKind, HOLE, Host, OpKind, Operation, Origin, Outcome, RowSet, SqlText,
};
use crate::schema::{Catalog, Dialect, QName};
use crate::source::Span;
use crate::sql::{self, Guard, Statement};

/// How many times the offending seeded rows of one operation are set aside before it is taken to fail for good. One
/// pass settles one constraint; an operation that adds several needs one each.
const SET_ASIDE_LIMIT: usize = 8;

/// Which rows may be set aside where they stand in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SetAside {
    /// Made-up rows that no script has written.
    Seeded,
    /// Whatever rows there are: it is known that without made-up rows none of them would stand in the way.
    Any,
}

/// The simulated database during one run.
pub(super) struct Simulation<'a> {
    /// The database as it stands. Each step keeps what it was before, so it is changed only after it was copied.
    pub(super) db: Arc<Database>,
    /// What was done.
    pub(super) steps: Vec<Step>,
    /// What could not be evaluated or simulated.
    pub(super) doubts: Vec<Doubt>,
    /// What only seeded rows refused.
    pub(super) seed_findings: Vec<SeedFinding>,
    /// The seeded rows that were set aside so that the run could go on.
    pub(super) set_aside: Vec<(QName, i64)>,
    /// What this run had to assume.
    pub(super) assumed: Vec<Assumed>,
    /// What a rollback of the whole run goes back to: the start, or the last commit of an autocommit block; on SQLite
    /// where the transaction began.
    pub(super) rollback_to: Arc<Database>,
    /// Whether there is a transaction to roll back. Python's driver for SQLite begins one with the first statement that
    /// writes rows; what changes the schema before that is committed as it goes, and takes part in it from then on.
    pub(super) in_transaction: bool,
    /// Whether such a block was entered.
    pub(super) committed: bool,
    open_world: &'a OpenWorld,
    may_set_aside: SetAside,
    conditions: Vec<(Arc<str>, Span)>,
    savepoints: Vec<(Arc<Database>, Option<Failure>)>,
    /// The error that aborted the transaction, where the dialect refuses everything after one.
    aborted: Option<Failure>,
    autocommit: bool,
    /// The operations, by their place, that are taken out of the script where they fail.
    pub(super) left_out: Vec<usize>,
    /// Whether constraints may have other names, by a naming convention that is not known.
    names_unknown: bool,
    /// Whether the environment sets its connection to commit each statement as it goes.
    commits_each: bool,
    /// Whether a `COMMIT` of the script has ended the transaction behind the driver's back, which begins no other.
    ended_by_hand: bool,
    emitted_enums: FxHashSet<QName>,
}

impl<'a> Simulation<'a> {
    /// A simulation of a run on that database.
    pub(super) fn new(
        db: Arc<Database>,
        open_world: &'a OpenWorld,
        may_set_aside: SetAside,
        environment: &Environment,
    ) -> Self {
        let commits_each = environment.commits_each;
        Self {
            may_set_aside,
            rollback_to: db.clone(),
            in_transaction: db.catalog.dialect.transactional_ddl(),
            committed: false,
            db,
            steps: Vec::new(),
            doubts: Vec::new(),
            seed_findings: Vec::new(),
            set_aside: Vec::new(),
            assumed: Vec::new(),
            open_world,
            conditions: Vec::new(),
            savepoints: Vec::new(),
            aborted: None,
            autocommit: commits_each,
            left_out: Vec::new(),
            names_unknown: environment.naming_unread,
            commits_each,
            ended_by_hand: false,
            emitted_enums: FxHashSet::default(),
        }
    }

    fn dialect(&self) -> Dialect {
        self.db.catalog.dialect
    }

    /// The database, to be changed.
    pub(super) fn db_mut(&mut self) -> &mut Database {
        Arc::make_mut(&mut self.db)
    }

    pub(super) fn doubt(&mut self, why: impl Into<Arc<str>>, span: Span, scope: DoubtScope) {
        let doubt = Doubt { why: why.into(), span, scope };
        if !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
    }

    /// One operation that is no SQL text: applied, judged, recorded.
    pub(super) fn apply_one(&mut self, mut operation: Operation) -> Outcome<Effect> {
        if let Some((why, span)) = self.conditions.last() {
            operation.certainty = Certainty::Conditional { why: why.clone(), span: *span };
        }
        if let Some(first) = &self.aborted {
            return Err(in_failed_transaction(first));
        }
        self.note_uncertain_ground(&operation);
        if let OpKind::Opaque { what, why, rows_only, .. } = &operation.kind {
            let scope = if *rows_only { DoubtScope::Rows } else { DoubtScope::Schema };
            let why = format!("{what} is not simulated: {why}");
            self.doubt(why, operation.span, scope);
        }
        if let Some(failure) = self.in_transaction_block(&operation.kind).filter(|_| !self.is_left_out()) {
            let (before, conditional) = (self.db.clone(), !matches!(operation.certainty, Certainty::Certain));
            return self.judge(operation, before, Err(failure), conditional);
        }
        self.begin_where_rows_are_written(&operation.kind);
        let before = self.db.clone();
        let result = self.apply_settling(&operation);
        if result.is_ok() {
            self.note_certain(&operation);
        }
        let conditional = !matches!(operation.certainty, Certainty::Certain);
        self.judge(operation, before, result, conditional)
    }

    /// Whether the operation that is being applied is taken out where it fails.
    fn is_left_out(&self) -> bool {
        self.left_out.contains(&self.steps.len())
    }

    /// Why PostgreSQL refuses inside of a transaction what it does in several of its own.
    fn in_transaction_block(&self, kind: &OpKind) -> Option<Failure> {
        let command = match kind {
            OpKind::CreateIndex { concurrently: true, .. } => "CREATE INDEX CONCURRENTLY",
            OpKind::DropIndex { concurrently: true, .. } => "DROP INDEX CONCURRENTLY",
            _ => return None,
        };
        let outside = self.dialect() != Dialect::PostgreSql || self.autocommit || self.ended_by_hand;
        let message = format!("{command} cannot run inside a transaction block");
        (!outside).then(|| Failure::new(FailureKind::InTransactionBlock, message))
    }

    /// Begins SQLite's transaction before an operation that writes rows. A batch block has made its new table before it
    /// copies the rows, so a rollback leaves that behind.
    fn begin_where_rows_are_written(&mut self, kind: &OpKind) {
        let writes = match kind {
            OpKind::BulkInsert { rows, .. } => !rows.is_empty(),
            OpKind::Rebuild(_) => true,
            _ => false,
        };
        if self.dialect() != Dialect::Sqlite || self.in_transaction || !writes {
            return;
        }
        self.rollback_to = self.db.clone();
        self.in_transaction = true;
        if let OpKind::Rebuild(batch) = kind {
            match ddl::new_table(&self.db.catalog, batch) {
                Some(table) => Arc::make_mut(&mut self.rollback_to).catalog.put_table(Arc::new(table)),
                None => self.in_transaction = false,
            }
        }
    }

    /// Applies an operation; where only seeded rows or an assumed table stand in the way, clears the way and tries
    /// again.
    fn apply_settling(&mut self, operation: &Operation) -> Outcome<Effect> {
        for _ in 0..SET_ASIDE_LIMIT {
            let failure = match self.apply_plainly(operation) {
                Ok(effect) => return Ok(effect),
                Err(failure) => failure,
            };
            if !self.settle(operation, &failure) {
                return Err(self.in_doubt(&operation.kind, failure));
            }
        }
        self.apply_plainly(operation)
    }

    /// A failure, and why it is in doubt where it rests on what can't be known.
    fn in_doubt(&self, kind: &OpKind, failure: Failure) -> Failure {
        let why = if failure.doubt.is_some() {
            return failure;
        } else if self.names_unknown && is_over_names(kind, &failure) {
            "the naming convention of the project's metadata can't be read; say it with `naming-convention`".into()
        } else if let Some(object) = self.open_world.may_have(kind, &failure, &self.db.catalog) {
            format!("no revision makes `{object}`, so it may have been there before the first").into()
        } else {
            return failure;
        };
        Failure { doubt: Some(why), ..failure }
    }

    fn apply_plainly(&mut self, operation: &Operation) -> Outcome<Effect> {
        let (after, effect) = self.db.after(operation)?;
        self.db = Arc::new(after);
        Ok(effect)
    }

    /// Clears out of the way what is no fault of the scripts. Whether there was anything to clear.
    fn settle(&mut self, operation: &Operation, failure: &Failure) -> bool {
        let at_fault = failure.violation.as_ref().filter(|v| !v.row_ids.is_empty());
        if let (Some(violation), Some(why)) = (at_fault, &failure.doubt) {
            // Where the rows are as they seem it fails, and nothing comes after. So what comes after stands on other values.
            if !self.db_mut().doubt_values(violation, why) {
                return false;
            }
            self.doubt(format!("it may fail ({}): {why}", failure.message), operation.span, DoubtScope::Rows);
            return true;
        }
        if let Some(violation) = at_fault.filter(|v| v.all_seeded || self.may_set_aside == SetAside::Any) {
            let rows = self.db.made_up_first(violation);
            let taken = self.db_mut().set_aside(&violation.table, &rows);
            if taken.is_empty() {
                return false;
            }
            // They are not to come back with a rollback either.
            let numbers: Vec<i64> = taken.iter().map(|(_, number)| *number).collect();
            Arc::make_mut(&mut self.rollback_to).take_rows(&numbers);
            self.set_aside.extend(taken);
            self.seed_findings.push(SeedFinding { operation: operation.clone(), failure: failure.clone() });
            return true;
        }
        let candidates = self.open_world.assumes(failure, &self.db.catalog);
        candidates.into_iter().any(|missing| self.assume(missing, operation, failure))
    }

    /// Assumes something that is missing, if that is what the operation failed for.
    fn assume(&mut self, missing: Assumption, operation: &Operation, failure: &Failure) -> bool {
        if matches!(operation.kind, OpKind::DropIndex { table: None, .. }) {
            // The index may belong to any table that is assumed: that it goes through then tells nothing.
            return false;
        }
        let mut with = Database::clone(&self.db);
        let (what, name) = match missing {
            Assumption::Table(table) => {
                with.assume(&table);
                ("table", table)
            }
            Assumption::Schema(schema) => {
                with.assume_schema(&schema);
                ("schema", schema)
            }
        };
        // More may be missing, but no longer this.
        let misses_more =
            |again: &Failure| again.kind == FailureKind::UndefinedObject && again.object != failure.object;
        if with.after(operation).is_err_and(|again| !misses_more(&again)) {
            return false;
        }
        self.db = Arc::new(with);
        let why = format!("it rests on {what} `{name}`, which no revision creates");
        self.doubt(why, operation.span, DoubtScope::Schema);
        self.assumed.push(Assumed { what, name, span: operation.span });
        true
    }

    /// What an operation touches may or may not be as it now stands.
    fn leave_open(&mut self, kind: &OpKind, before: &Catalog, why: &Arc<str>) {
        for name in uncertain::left_open(kind, before) {
            match scope_of(kind) {
                DoubtScope::Schema => self.db_mut().mark_uncertain(&name, why),
                DoubtScope::Rows => self.db_mut().taint_rows(&name, why),
            }
        }
    }

    /// Records what came of an operation, and decides whether the script hears of a failure.
    fn judge(
        &mut self,
        operation: Operation,
        before: Arc<Database>,
        result: Outcome<Effect>,
        conditional: bool,
    ) -> Outcome<Effect> {
        let span = operation.span;
        // Of what changes nothing it is all the same whether it is reached.
        let changes_nothing = matches!(operation.kind, OpKind::Sql(_)) && result.as_ref().is_ok_and(changes_nothing);
        if let Certainty::Conditional { why, span: condition } = &operation.certainty
            && !changes_nothing
        {
            let (why, condition) = (why.clone(), *condition);
            self.doubt(
                format!("whether this is reached can't be decided: {why}"),
                condition,
                scope_of(&operation.kind),
            );
            self.leave_open(&operation.kind, &before.catalog, &why);
        }
        let answer = match &result {
            Ok(effect) => {
                for why in &effect.doubts {
                    self.doubt(why.clone(), span, DoubtScope::Rows);
                }
                Ok(effect.clone())
            }
            // Whether it fails at all is open: the run goes on as if it had not, and says so.
            Err(failure) if failure.doubt.is_some() || conditional => {
                let why = failure.doubt.clone().unwrap_or_else(|| Arc::from("it stands under an undecided condition"));
                self.doubt(format!("it may fail ({}): {why}", failure.message), span, scope_of(&operation.kind));
                self.leave_open(&operation.kind, &before.catalog, &why);
                Ok(Effect::default())
            }
            Err(_) if self.is_left_out() => Ok(Effect::default()),
            Err(failure) => {
                if self.dialect() == Dialect::PostgreSql && !self.autocommit {
                    self.aborted = Some(failure.clone());
                }
                Err(failure.clone())
            }
        };
        self.steps.push(Step { operation, before, result });
        answer
    }

    /// SQL text: split, and each statement applied. The rows of the last one that gives any are the answer.
    fn run_text(&mut self, text: &SqlText, span: Span, origin: Origin) -> Outcome<Answer> {
        let parts = sql::split(&text.text, self.dialect());
        if self.dialect() != Dialect::PostgreSql && parts.len() > 1 {
            let failure = one_statement_only(self.dialect(), parts.len());
            let operation = sql_operation(text.clone(), span, origin);
            let before = self.db.clone();
            let conditional = !self.conditions.is_empty();
            return self.judge(operation, before, Err(failure), conditional).map(Answer::Done);
        }
        let mut answer = Answer::Done(Effect::default());
        let mut asked: Option<(Guard, Option<bool>)> = None;
        for part in parts {
            let source = text.text.get(part.range.clone()).unwrap_or_default();
            let place = text.literal.map_or(span, |literal| {
                let start = literal.start.saturating_add(part.range.start as u32);
                Span::new(literal.file, start, start.saturating_add(part.range.len() as u32))
            });
            // The statements of one `IF` share one answer: the first of them may change what it asks about.
            let holds = match (&part.guard, &asked) {
                (None, _) => Some(true),
                (Some(guard), Some((before, answer))) if guard.is_asked_with(before) => *answer,
                (Some(guard), _) => {
                    let answer = guard.holds(&self.db.catalog);
                    asked = Some((guard.clone(), answer));
                    answer
                }
            };
            if holds == Some(false) {
                continue;
            }
            if holds.is_none() {
                self.conditions.push((Arc::from("whether its IF holds is not known"), place));
            }
            let result = self.run_statement(&part.statement, source, text, place, origin);
            if holds.is_none() {
                self.conditions.pop();
            }
            match result? {
                Answer::Done(_) if matches!(answer, Answer::Rows(_)) => {}
                next => answer = next,
            }
        }
        Ok(answer)
    }

    fn run_statement(
        &mut self,
        statement: &Statement,
        source: &str,
        text: &SqlText,
        span: Span,
        origin: Origin,
    ) -> Outcome<Answer> {
        if let Some(answer) = self.run_partial(statement, source, text, span, origin)? {
            return Ok(answer);
        }
        match statement {
            Statement::Ddl(kinds) => {
                let mut effect = Effect::default();
                for kind in kinds {
                    let operation = Operation { kind: kind.clone(), span, certainty: Certainty::Certain, origin };
                    effect = self.apply_one(operation)?;
                }
                Ok(Answer::Done(effect))
            }
            Statement::Data(_) => {
                let params = text.params.iter().filter(|(name, _)| !name.starts_with(HOLE) || source.contains(&**name));
                let one = SqlText { text: source.into(), params: params.cloned().collect(), literal: None };
                self.run_data(statement, sql_operation(one, span, origin))
            }
            Statement::Transaction(_) => {
                let first = source.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
                match first.trim_end_matches(';') {
                    "COMMIT" | "END" | "ROLLBACK" | "ABORT" if !source.to_ascii_uppercase().contains("SAVEPOINT") => {
                        self.ended_by_hand = true;
                    }
                    "BEGIN" | "START" => self.ended_by_hand = false,
                    _ => {}
                }
                let kind = OpKind::NoEffect { what: source.into() };
                self.apply_one(Operation { kind, span, certainty: Certainty::Certain, origin }).map(Answer::Done)
            }
            Statement::Unreadable { why, certain: true } => {
                let failure = Failure::new(FailureKind::InvalidStatement, why.to_string());
                let operation = sql_operation(text.clone(), span, origin);
                let conditional = !self.conditions.is_empty();
                let before = self.db.clone();
                self.judge(operation, before, Err(failure), conditional).map(Answer::Done)
            }
            Statement::Unreadable { why, certain: false } if only_reads(source) => {
                self.doubt(format!("{} is not understood: {why}", shorten(source)), span, DoubtScope::Rows);
                Ok(Answer::Unknown(why.clone()))
            }
            Statement::Unreadable { why, certain: false } if partial::is_about_rows(source) => {
                self.doubt(format!("{} is not understood: {why}", shorten(source)), span, DoubtScope::Rows);
                self.taint_written(statement, why);
                Ok(Answer::Unknown(why.clone()))
            }
            Statement::Unreadable { why, certain: false } => {
                let kind =
                    OpKind::Opaque { what: shorten(source), why: why.clone(), touches: Vec::new(), rows_only: false };
                self.apply_one(Operation { kind, span, certainty: Certainty::Certain, origin })?;
                Ok(Answer::Unknown(why.clone()))
            }
        }
    }

    /// INSERT, UPDATE, DELETE or a query.
    fn run_data(&mut self, statement: &Statement, mut operation: Operation) -> Outcome<Answer> {
        if let Some((why, span)) = self.conditions.last() {
            operation.certainty = Certainty::Conditional { why: why.clone(), span: *span };
        }
        if let Some(first) = &self.aborted {
            return Err(in_failed_transaction(first));
        }
        let conditional = !self.conditions.is_empty();
        let params = match &operation.kind {
            OpKind::Sql(text) => text.params.clone(),
            _ => Vec::new(),
        };
        if self.dialect() == Dialect::Sqlite && !self.in_transaction && begins_transaction(statement, &operation.kind) {
            self.rollback_to = self.db.clone();
            self.in_transaction = true;
        }
        let before = self.db.clone();
        self.note_uncertain_checks(&Database::written_tables(statement, self.dialect()), operation.span);
        let hole = partial::hole_in(&params);
        let mut result = self.db_mut().execute(statement, &params);
        for _ in 0..SET_ASIDE_LIMIT {
            let Err(failure) = &result else { break };
            let failure = failure.clone();
            if !self.settle(&operation, &failure) {
                break;
            }
            result = self.db_mut().execute(statement, &params);
        }
        let effect = match &result {
            Ok(Answer::Rows(rows)) => Ok(Effect { rows: Some(rows.rows.len() as u64), doubts: Vec::new() }),
            Ok(Answer::Done(effect)) => Ok(effect.clone()),
            Ok(Answer::Unknown(why)) => Ok(Effect { rows: None, doubts: vec![why.clone()] }),
            Err(failure) => {
                let doubt = failure.doubt.clone().or_else(|| hole.clone());
                Err(Failure { doubt, ..failure.clone() })
            }
        };
        if conditional && !effect.as_ref().is_ok_and(changes_nothing) {
            for table in Database::written_tables(statement, self.dialect()) {
                if let Some((why, _)) = self.conditions.last().cloned() {
                    self.db_mut().taint_rows(&table, &why);
                }
            }
        }
        let doubtful = effect.is_err();
        self.judge(operation, before, effect, conditional)?;
        match result {
            Ok(answer) if !conditional => Ok(answer),
            Ok(Answer::Rows(_)) => Ok(Answer::Unknown(Arc::from("it stands under an undecided condition"))),
            Ok(answer) => Ok(answer),
            Err(_) if doubtful => Ok(Answer::Unknown(Arc::from("the statement may fail"))),
            Err(failure) => Err(failure),
        }
    }
}

impl Host for Simulation<'_> {
    fn catalog(&self) -> &Catalog {
        &self.db.catalog
    }

    fn apply(&mut self, operation: Operation) -> Outcome<Effect> {
        let OpKind::Sql(text) = &operation.kind else { return self.apply_one(operation) };
        let text = text.clone();
        match self.run_text(&text, operation.span, operation.origin)? {
            Answer::Done(effect) => Ok(effect),
            Answer::Rows(RowSet { rows, .. }) => Ok(Effect { rows: Some(rows.len() as u64), doubts: Vec::new() }),
            Answer::Unknown(why) => Ok(Effect { rows: None, doubts: vec![why] }),
        }
    }

    fn execute(&mut self, sql: SqlText, span: Span) -> Outcome<Answer> {
        self.run_text(&sql, span, Origin::Sql)
    }

    fn not_evaluated(&mut self, why: Arc<str>, span: Span) {
        self.doubt(why, span, DoubtScope::Schema);
    }

    fn enter_conditional(&mut self, why: Arc<str>, span: Span) {
        self.conditions.push((why, span));
    }

    fn leave_conditional(&mut self) {
        self.conditions.pop();
    }

    fn savepoint(&mut self) {
        self.savepoints.push((self.db.clone(), self.aborted.clone()));
    }

    fn end_savepoint(&mut self, keep: bool) {
        let Some((db, aborted)) = self.savepoints.pop() else { return };
        if !keep {
            self.db = db;
            self.aborted = aborted;
        }
    }

    fn autocommit(&mut self, on: bool) {
        self.autocommit = on || self.commits_each;
        self.ended_by_hand = false;
        // What was done before the block is committed as it begins, what is done inside as it goes.
        self.rollback_to = self.db.clone();
        self.in_transaction = self.dialect().transactional_ddl();
        self.committed = true;
    }

    fn enum_already_emitted(&mut self, name: &QName) -> bool {
        !self.emitted_enums.insert(name.clone())
    }
}

/// Whether a statement on rows succeeded without a doubt, and without one row that it would have changed.
fn changes_nothing(effect: &Effect) -> bool {
    effect.rows == Some(0) && effect.doubts.is_empty()
}

/// What is left open where it is not known whether an operation happens.
fn scope_of(kind: &OpKind) -> DoubtScope {
    match kind {
        OpKind::Sql(_)
        | OpKind::BulkInsert { .. }
        | OpKind::Truncate { .. }
        | OpKind::Opaque { rows_only: true, .. } => DoubtScope::Rows,
        _ => DoubtScope::Schema,
    }
}

/// Whether Python's driver for SQLite begins a transaction before a statement: it goes by the first word.
fn begins_transaction(statement: &Statement, kind: &OpKind) -> bool {
    let OpKind::Sql(text) = kind else { return false };
    let first = text.text.split_whitespace().next().unwrap_or_default();
    let by_word = ["INSERT", "UPDATE", "DELETE", "REPLACE"].iter().any(|word| first.eq_ignore_ascii_case(word));
    by_word && !Database::written_tables(statement, Dialect::Sqlite).is_empty()
}

fn sql_operation(text: SqlText, span: Span, origin: Origin) -> Operation {
    Operation { kind: OpKind::Sql(text), span, certainty: Certainty::Certain, origin }
}

fn in_failed_transaction(first: &Failure) -> Failure {
    Failure::new(
        FailureKind::InFailedTransaction,
        format!(
            "current transaction is aborted, commands ignored until end of transaction block (after: {})",
            first.message
        ),
    )
}

fn one_statement_only(dialect: Dialect, statements: usize) -> Failure {
    let message = match dialect {
        Dialect::Sqlite => "You can only execute one statement at a time".to_owned(),
        _ => format!("You have an error in your SQL syntax: {statements} statements in one call"),
    };
    Failure::new(FailureKind::InvalidStatement, message)
}

/// Whether a statement that can't be read is a query by its first word: it changes nothing, though it may fail.
fn only_reads(source: &str) -> bool {
    let first = source.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    matches!(first.as_str(), "SELECT" | "SHOW" | "EXPLAIN" | "VALUES" | "DESC" | "DESCRIBE" | "PRAGMA")
}

/// The start of a statement, for messages.
pub(crate) fn shorten(text: &str) -> Arc<str> {
    const SHOWN: usize = 60;
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().count() <= SHOWN {
        return format!("`{folded}`").into();
    }
    let start: String = folded.chars().take(SHOWN).collect();
    format!("`{start}…`").into()
}

/// Whether a name that comes of a naming convention may be what an operation fails over.
fn is_over_names(kind: &OpKind, failure: &Failure) -> bool {
    match failure.kind {
        FailureKind::DuplicateObject if matches!(kind, OpKind::CreateIndex { .. }) => true,
        FailureKind::UndefinedObject | FailureKind::DuplicateObject => {
            ["constraint ", "index "].iter().any(|what| failure.message.starts_with(what))
        }
        _ => false,
    }
}
