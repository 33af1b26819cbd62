//! [`Simulated`]: the simulated database, as its journal made it and as commands move it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::change::StepDone;
use super::digest::digest;
use super::journal::{Entry, Journal, ScriptRun};
use super::plan::{Plan, PlannedStep, current_rows};
use crate::alembic::{Direction, Environment, Project, Script, read_script};
use crate::config::Rows;
use crate::engine::Database;
use crate::history::Step;
use crate::op::Answer;
use crate::replay::{Baseline, Run, Subject, UserRows, Walk};
use crate::schema::{Dialect, Name, VERSION_TABLE};
use crate::source::{FileId, SourceFile};
use crate::sql::{self, Statement};

/// The number of the files that scripts of the journal are read as; nothing is ever said of a place in one.
const KEPT_FILE: FileId = FileId(u32::MAX);

/// A simulated database.
pub struct Simulated<'a> {
    walk: Walk<'a>,
    project: &'a Project,
    rows: Rows,
    user_rows: UserRows,
    checksums: BTreeMap<&'a Name, Arc<str>>,
    db: Arc<Database>,
    missing: Vec<String>,
    journal: Journal,
    commits_each: bool,
}

/// What came of a plan.
#[derive(Debug, Clone, Default)]
pub struct Ran {
    /// The steps, up to the first that failed.
    pub steps: Vec<StepDone>,
    /// Where one failed: what is left of what the command did.
    pub left: Option<Left>,
}

/// What a step that fails leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// Nothing of the whole command: its steps are one transaction.
    Nothing,
    /// What had been committed before it: by steps that are transactions of their own (`transaction_per_migration`), or by
    /// an autocommit block.
    Committed,
    /// Everything up to the failure: the dialect's DDL is in no transaction.
    Everything,
}

/// What a rollback goes back to.
struct Floor {
    db: Arc<Database>,
    user_rows: UserRows,
    /// How many steps of the command stay.
    steps: usize,
    /// How many entries of the journal stay.
    entries: usize,
    /// What of the step that failed had been committed before, in an autocommit block.
    committed_part: Option<Entry>,
}

/// A moment of a simulated database, to come back to.
#[derive(Clone)]
pub struct Moment {
    db: Arc<Database>,
    user_rows: UserRows,
    entries: usize,
}

impl Moment {
    /// Schema and rows as they stood.
    pub fn database(&self) -> &Arc<Database> {
        &self.db
    }
}

/// A run of a step of a plan, for whoever shows more of it than what it came to.
pub struct Seen<'a> {
    /// The run: its operations, each with the database before it.
    pub run: &'a Run,
    /// The database before it.
    pub before: &'a Arc<Database>,
    /// The moment after it, with the rows that were given to it; where it failed, with what is left of the command. That
    /// of a step that a later failure takes back is none to come back to.
    pub after: Moment,
}

/// What came of a statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The statement, as written.
    pub statement: String,
    /// The rows, or how many were written, or why it is not known; or what the server would say.
    pub answer: Result<Answer, String>,
}

impl<'a> Simulated<'a> {
    /// The database that a journal makes.
    pub fn open(subject: &Subject<'a>, project: &'a Project, mut journal: Journal) -> Self {
        let dialect: Dialect = subject.environment.dialect;
        let rows = Rows::from(&journal.start.rows);
        let entries = std::mem::take(&mut journal.entries);
        let baseline = journal.start.baseline.as_ref().map(|dump| Baseline::read(&dump.sql, dialect));
        let checksums = subject.scripts.iter().map(|s| (&s.revision, digest(s.text()).into())).collect();
        let mut simulated = Self {
            walk: Walk::new(*subject),
            project,
            user_rows: UserRows::new(&rows, dialect),
            rows,
            checksums,
            db: Arc::new(Database::new(dialect)),
            missing: Vec::new(),
            journal,
            commits_each: false,
        };
        if let Some(baseline) = baseline {
            simulated.db = Arc::new(baseline.database);
            simulated.missing = baseline.missing;
            simulated.walk.close_world();
            simulated.give_rows(&Database::new(dialect));
        }
        for entry in entries {
            simulated.redo(&entry);
            simulated.journal.entries.push(entry);
        }
        simulated
    }

    /// From now on each step is a transaction of its own (`transaction_per_migration=True` in env.py), not the command.
    pub fn commit_each(&mut self) {
        self.commits_each = true;
    }

    /// Schema and rows as they stand.
    pub fn database(&self) -> &Database {
        &self.db
    }

    /// Schema and rows as they stand, to be run on.
    pub(super) fn shared(&self) -> Arc<Database> {
        self.db.clone()
    }

    /// What runs scripts.
    pub(super) fn walk(&self) -> &Walk<'a> {
        &self.walk
    }

    /// A script that is no file yet.
    pub(super) fn read_script(&self, path: &str, text: &str) -> Result<Script, String> {
        let file = SourceFile::new(KEPT_FILE, path.into(), text.into());
        read_script(&file, self.project, self.walk.subject.modules).map_err(|finding| finding.message)
    }

    /// What of its dump was not understood.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// What made it.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The user's own rows that were refused so far, each with the reason.
    pub fn refused_rows(&self) -> &[String] {
        self.user_rows.refused()
    }

    /// This moment, to come back to.
    pub fn moment(&self) -> Moment {
        Moment { db: self.db.clone(), user_rows: self.user_rows.clone(), entries: self.journal.entries.len() }
    }

    /// Goes back to a moment of this database: whatever was done since was not.
    pub fn back_to(&mut self, moment: &Moment) {
        (self.db, self.user_rows) = (moment.db.clone(), moment.user_rows.clone());
        self.journal.entries.truncate(moment.entries);
    }

    /// Does what a plan says, up to the first step that fails.
    pub fn run(&mut self, plan: &Plan) -> Ran {
        self.run_seeing(plan, &mut |_| {})
    }

    /// [`Simulated::run`], showing every run of a script (a stamp runs none) to `see`.
    pub fn run_seeing(&mut self, plan: &Plan, see: &mut dyn FnMut(Seen<'_>)) -> Ran {
        let mut ran = Ran::default();
        let mut floor = self.floor(0);
        for step in &plan.steps {
            let Some((script, direction)) = self.script_of(step) else {
                let rows = self.walk.subject.history.names(&step.rows);
                self.journal.entries.push(Entry::Stamp { rows });
                ran.steps.push(StepDone::stamp(step.clone(), &self.db.catalog));
                continue;
            };
            if self.commits_each {
                floor = self.floor(ran.steps.len());
            }
            let before = self.db.clone();
            self.walk.subject.modules.take_used();
            let (mut run, aside) = self.walk.run_script(script, direction, before.clone());
            let modules = self.keep_modules();
            let mut done = StepDone::of(step.clone(), script, &run, &before, &aside, &self.walk.subject);
            let kept = self.journal.keep(&script.path, script.text());
            let left = ScriptRun {
                revision: script.revision.clone(),
                script: kept,
                broken_off: true,
                x_arguments: self.walk.subject.environment.x_arguments.clone(),
                environ: self.walk.subject.environment.environ.clone(),
                modules,
                rows: self.journal.rows(),
            };
            let transactional = before.catalog.dialect.transactional_ddl();
            if let Some(committed) = run.committed.as_ref().filter(|_| transactional) {
                let committed_part = Some(entry(direction, left.clone()));
                floor = Floor { db: committed.clone(), committed_part, ..self.floor(ran.steps.len()) };
            }
            if done.failed() {
                if transactional {
                    ran.steps.iter_mut().skip(floor.steps).for_each(|step| step.kept = false);
                    let committed = floor.steps > 0 || floor.committed_part.is_some();
                    ran.left = Some(if committed { Left::Committed } else { Left::Nothing });
                    self.fall_back(floor);
                } else {
                    self.db = left_by(&run, before.clone());
                    self.journal.entries.push(entry(direction, left));
                    ran.left = Some(Left::Everything);
                }
                see(Seen { run: &run, before: &before, after: self.moment() });
                done.planned.rows = current_rows(self.walk.subject.history, &self.journal.rows()).unwrap_or_default();
                ran.steps.push(done);
                return ran;
            }
            self.db = run.after.take().unwrap_or_else(|| before.clone());
            if direction == Direction::Upgrade {
                done.made_up = self.give_rows(&before);
            }
            let rows = self.walk.subject.history.names(&step.rows);
            self.journal.entries.push(entry(direction, ScriptRun { broken_off: false, rows, ..left }));
            see(Seen { run: &run, before: &before, after: self.moment() });
            ran.steps.push(done);
        }
        ran
    }

    /// What a rollback would go back to from here on, `steps` into the command.
    fn floor(&self, steps: usize) -> Floor {
        let (db, user_rows) = (self.db.clone(), self.user_rows.clone());
        Floor { db, user_rows, steps, entries: self.journal.entries.len(), committed_part: None }
    }

    fn fall_back(&mut self, floor: Floor) {
        (self.db, self.user_rows) = (floor.db, floor.user_rows);
        self.journal.entries.truncate(floor.entries);
        self.journal.entries.extend(floor.committed_part);
    }

    /// Sets the version rows, whatever they were.
    pub fn set_rows(&mut self, rows: Vec<Name>) {
        self.journal.entries.push(Entry::Stamp { rows });
    }

    /// Runs SQL text, statement by statement up to the first that fails. What it changes is kept if all of it went
    /// through.
    pub fn query(&mut self, text: &str) -> Vec<Asked> {
        let before = self.db.clone();
        if text.to_ascii_lowercase().contains(VERSION_TABLE) {
            self.fill_version_table();
            let answers = self.ask(text);
            self.db = before;
            return answers.into_iter().map(only_rows).collect();
        }
        let answers = self.ask(text);
        if answers.iter().any(|asked| matches!(asked.answer, Err(_) | Ok(Answer::Unknown(_)))) {
            self.db = before;
        } else if answers.iter().any(|asked| !matches!(asked.answer, Ok(Answer::Rows(_)))) {
            self.journal.entries.push(Entry::Query { sql: text.into() });
        }
        answers
    }

    /// Fills the version table, whose rows are kept apart, for a query to see.
    fn fill_version_table(&mut self) {
        let rows: Vec<String> =
            self.journal.rows().iter().map(|row| format!("('{}')", row.replace('\'', "''"))).collect();
        let insert = format!("INSERT INTO {VERSION_TABLE} VALUES {}", rows.join(", "));
        if !rows.is_empty() {
            self.ask(&insert);
        }
    }

    fn ask(&mut self, text: &str) -> Vec<Asked> {
        let mut answers = Vec::new();
        for part in sql::split(text, self.db.catalog.dialect) {
            let statement = text.get(part.range.clone()).unwrap_or_default().to_owned();
            let answer = match &part.statement {
                Statement::Data(_) => {
                    Arc::make_mut(&mut self.db).execute(&part.statement, &[]).map_err(|failure| failure.message)
                }
                Statement::Unreadable { why, .. } => Err(format!("it can't be read: {why}")),
                Statement::Ddl(_) => Err("A query changes no schema: that is what revisions do".to_owned()),
                Statement::Transaction(_) => Err("every query is a transaction of its own".to_owned()),
            };
            let failed = answer.is_err();
            answers.push(Asked { statement, answer });
            if failed {
                break;
            }
        }
        answers
    }

    /// Does again what a journal says was done.
    fn redo(&mut self, entry: &Entry) {
        let (direction, run) = match entry {
            Entry::Upgrade(run) => (Direction::Upgrade, run),
            Entry::Downgrade(run) => (Direction::Downgrade, run),
            Entry::Stamp { .. } => return,
            Entry::Query { sql } => {
                _ = self.ask(sql);
                return;
            }
        };
        let before = self.db.clone();
        let current = self.walk.subject.history.find(&run.revision).map(|node| node.id.0 as usize);
        let current = current.and_then(|at| self.walk.subject.scripts.get(at));
        let unchanged = self.checksums.get(&run.revision).is_some_and(|checksum| *checksum == run.script);
        let kept = if unchanged { None } else { self.kept_script(run) };
        let Some(script) = kept.as_ref().or(current.filter(|_| unchanged)) else {
            let why = format!("the script of {} can't be read any more", run.revision);
            Arc::make_mut(&mut self.db).catalog.opaque.get_or_insert_with(|| why.into());
            return;
        };
        let (x_arguments, environ) = (run.x_arguments.clone(), run.environ.clone());
        let environment = Environment { x_arguments, environ, ..self.walk.subject.environment.clone() };
        let texts = |(name, checksum): (&Arc<str>, &Arc<str>)| {
            let kept = self.journal.scripts.get(checksum)?;
            Some((name.clone(), kept.text.clone()))
        };
        let texts = run.modules.iter().filter_map(texts).collect();
        let again = || self.walk.run_script_in(&environment, script, direction, before.clone());
        let (seen, _) = self.walk.subject.modules.as_they_were(texts, again);
        if run.broken_off {
            self.db = left_by(&seen, before);
            return;
        }
        self.db = seen.after.unwrap_or_else(|| before.clone());
        if direction == Direction::Upgrade {
            self.give_rows(&before);
        }
    }

    /// Keeps the modules that the last run imported.
    fn keep_modules(&mut self) -> BTreeMap<Arc<str>, Arc<str>> {
        let used = self.walk.subject.modules.take_used().into_iter();
        used.map(|(name, file)| (Arc::from(&*name), self.journal.keep(&file.path, &file.text))).collect()
    }

    /// A script as it was applied.
    fn kept_script(&self, run: &ScriptRun) -> Option<Script> {
        let kept = self.journal.scripts.get(&run.script)?;
        let file = SourceFile::new(KEPT_FILE, kept.path.clone(), kept.text.clone());
        read_script(&file, self.project, self.walk.subject.modules).ok()
    }

    /// Gives the database the rows that a team's would have by now. Returns those that were made up.
    fn give_rows(&mut self, before: &Database) -> Vec<(String, usize)> {
        self.user_rows.insert(Arc::make_mut(&mut self.db));
        if !matches!(self.rows, Rows::Seeded) {
            return Vec::new();
        }
        let bare = self.db.clone();
        Arc::make_mut(&mut self.db).seed(Some(before));
        let new = bare.diff_rows(&self.db, &[]).tables.into_iter();
        new.filter(|t| t.new_rows > 0).filter_map(|t| Some((t.table?.to_string(), t.new_rows))).collect()
    }

    fn script_of(&self, step: &PlannedStep) -> Option<(&'a Script, Direction)> {
        let (id, direction) = match step.step {
            Step::Upgrade(id) => (id, Direction::Upgrade),
            Step::Downgrade(id) => (id, Direction::Downgrade),
            Step::Stamp(_) => return None,
        };
        Some((self.walk.subject.scripts.get(id.0 as usize)?, direction))
    }
}

/// What a query of the version table may give.
fn only_rows(asked: Asked) -> Asked {
    let answer = match asked.answer {
        Ok(Answer::Done(_)) => Err(format!("{VERSION_TABLE} is written by `revproof stamp`, not by queries")),
        answer => answer,
    };
    Asked { answer, ..asked }
}

fn entry(direction: Direction, run: ScriptRun) -> Entry {
    match direction {
        Direction::Upgrade => Entry::Upgrade(run),
        Direction::Downgrade => Entry::Downgrade(run),
    }
}

/// What is left of a run that was broken off or rolled back.
fn left_by(run: &Run, before: Arc<Database>) -> Arc<Database> {
    if before.catalog.dialect.transactional_ddl() {
        return run.committed.clone().unwrap_or(before);
    }
    run.after.clone().unwrap_or(before)
}
