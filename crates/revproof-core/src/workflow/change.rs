//! [`StepDone`]: what a step came to, as plain data.

use serde::Serialize;

use super::plan::PlannedStep;
use super::renames::renamed;
use crate::alembic::Script;
use crate::engine::{Database, RowDiff};
use crate::op::OpKind;
use crate::replay::{Run, RunStatus, Subject, shorten};
use crate::schema::{Catalog, Difference, QName, diff};
use crate::source::Span;

/// What a step came to.
#[derive(Debug, Clone)]
pub struct StepDone {
    /// What was planned.
    pub planned: PlannedStep,
    /// How it ended.
    pub end: StepEnd,
    /// Whether what it did is still there after the command: not where it failed, or was taken back with one that did.
    pub kept: bool,
    /// What changed in the schema: `+ table users`, `- column users.email`, `~ column users.email is TEXT, was …`.
    pub schema: Vec<String>,
    /// What became of rows: what its statements wrote, and what was lost.
    pub rows: Vec<String>,
    /// What it takes for granted or could not be evaluated.
    pub doubts: Vec<Note>,
    /// What the made-up rows refuse: a server with rows like these would have stopped here.
    pub refused_rows: Vec<Note>,
    /// The rows that were made up for new tables afterwards: table and number.
    pub made_up: Vec<(String, usize)>,
    /// The schema before it.
    pub before: Catalog,
    /// The schema after it.
    pub after: Catalog,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum StepEnd {
    /// It was done.
    Done,
    /// It was done as far as is known; the doubts say what is not.
    Unknown,
    /// The server would stop it.
    Failed {
        /// What the server, or the script, says.
        failure: Note,
    },
}

/// Something that is said of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What.
    pub message: String,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file, as a path of the file tree.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// The character within the line, from 1.
    pub column: u32,
}

impl StepDone {
    /// A step that runs nothing.
    pub(super) fn stamp(planned: PlannedStep, catalog: &Catalog) -> Self {
        Self {
            planned,
            end: StepEnd::Done,
            kept: true,
            schema: Vec::new(),
            rows: Vec::new(),
            doubts: Vec::new(),
            refused_rows: Vec::new(),
            made_up: Vec::new(),
            before: catalog.clone(),
            after: catalog.clone(),
        }
    }

    /// What a run came to.
    pub(super) fn of(
        planned: PlannedStep,
        script: &Script,
        run: &Run,
        before: &Database,
        aside: &[(QName, i64)],
        subject: &Subject<'_>,
    ) -> Self {
        let note = |message: String, span| Note { message, place: place(subject, span) };
        let after = run.after.as_deref().unwrap_or(before);
        let doubts = run.doubts.iter().map(|doubt| note(doubt.why.to_string(), doubt.span));
        let refused = run.seed_findings.iter().map(|f| note(f.failure.message.clone(), f.operation.span));
        let end = match run.status {
            RunStatus::Ok | RunStatus::Empty => StepEnd::Done,
            RunStatus::Unknown | RunStatus::Skipped => StepEnd::Unknown,
            RunStatus::Missing => {
                StepEnd::Failed { failure: note(no_function(script, planned.kind()), script.revision_span) }
            }
            RunStatus::Failed | RunStatus::Refused => {
                let message = run.failure.as_ref().map(|f| f.message.clone()).unwrap_or_default();
                StepEnd::Failed { failure: note(message, run.failure_span.unwrap_or(script.revision_span)) }
            }
        };
        let (renamed, schema) = changed(before, after, run);
        let mut rows = written(run);
        rows.extend(lost(&renamed.diff_rows(after, aside), &after.catalog));
        Self {
            planned,
            kept: !matches!(end, StepEnd::Failed { .. }),
            end,
            schema,
            rows,
            doubts: doubts.collect(),
            refused_rows: refused.collect(),
            made_up: Vec::new(),
            before: before.catalog.clone(),
            after: after.catalog.clone(),
        }
    }

    /// Whether the server would stop it.
    pub fn failed(&self) -> bool {
        matches!(self.end, StepEnd::Failed { .. })
    }
}

/// What a run changes in the schema: `+ table users`, `- column users.email`. Nothing where it did not come to its end.
pub fn schema_changes(before: &Database, run: &Run) -> Vec<String> {
    run.after.as_deref().map(|after| changed(before, after, run).1).unwrap_or_default()
}

/// The state before a run under the names after it, and what the run changed.
fn changed(before: &Database, after: &Database, run: &Run) -> (Database, Vec<String>) {
    let (renamed, mut schema) = renamed(before, run);
    schema.extend(diff(&renamed.catalog, &after.catalog).iter().map(Difference::as_change));
    (renamed, schema)
}

/// Python's own words where a script has no such function.
fn no_function(script: &Script, function: &str) -> String {
    let file = script.path.rsplit('/').next().unwrap_or_default();
    let module: String = file.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    format!("AttributeError: module '{module}' has no attribute '{function}'")
}

/// Where a span is, be it in a script or in a module that one imports.
fn place(subject: &Subject<'_>, span: Span) -> Option<Place> {
    let of = |file: &crate::source::SourceFile| {
        let position = file.position(span.start);
        Place { path: file.path.to_string(), line: position.line, column: position.column }
    };
    let in_module = || subject.modules.files().iter().find(|file| file.id == span.file).map(of);
    subject.sources.get(span.file).map(of).or_else(in_module)
}

/// What the statements of a run wrote.
fn written(run: &Run) -> Vec<String> {
    let mut written: Vec<(String, u64)> = Vec::new();
    for step in &run.steps {
        let Ok(effect) = &step.result else { continue };
        let Some(rows) = effect.rows.filter(|rows| *rows > 0) else { continue };
        let what = match &step.operation.kind {
            OpKind::Sql(text) if writes(&text.text) => shorten(&text.text).to_string(),
            OpKind::BulkInsert { table, .. } => format!("`INSERT INTO {table}`"),
            _ => continue,
        };
        match written.iter_mut().find(|(statement, _)| *statement == what) {
            Some((_, sum)) => *sum += rows,
            None => written.push((what, rows)),
        }
    }
    written.into_iter().map(|(what, rows)| format!("{} by {what}", count(rows, "row"))).collect()
}

fn writes(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    !matches!(first.as_str(), "SELECT" | "SHOW" | "EXPLAIN" | "VALUES" | "PRAGMA")
}

/// What went with a table or a column.
fn lost(rows: &RowDiff, after: &Catalog) -> Vec<String> {
    let mut lines = Vec::new();
    for change in &rows.tables {
        let Some(table) = &change.table else { continue };
        if !after.tables.contains_key(table) {
            if change.lost_rows > 0 {
                lines.push(format!("{} of {table} lost", count(change.lost_rows as u64, "row")));
            }
            continue;
        }
        let mut columns: Vec<(&str, u64)> = Vec::new();
        for value in change.values.iter().filter(|value| value.after.is_none()) {
            match columns.iter_mut().find(|(name, _)| *name == &*value.column) {
                Some((_, n)) => *n += 1,
                None => columns.push((&value.column, 1)),
            }
        }
        lines.extend(columns.into_iter().map(|(column, n)| format!("{} of {table}.{column} lost", count(n, "value"))));
    }
    lines
}

fn count(n: u64, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}
