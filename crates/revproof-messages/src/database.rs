//! [`DatabaseView`]: the simulated database as it stands, and what the last step did to it.

use serde::{Deserialize, Serialize};

/// The simulated database of a chain.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DatabaseView {
    /// The chain, by its place.
    pub chain: usize,
    /// The version rows.
    pub current: Vec<String>,
    /// The revisions that are applied.
    pub applied: Vec<String>,
    /// The revisions that can be applied next; several at a branch point.
    pub up: Vec<String>,
    /// The revisions that can be reverted next.
    pub down: Vec<String>,
    /// What happened, in a sentence or two, for the live region: `Downgraded to 51bd. users.phone dropped, 3 values lost.`
    pub said: String,
    /// What was done since the database was empty, oldest first.
    pub past: Vec<StepView>,
    /// The moves that led here, as the worker keeps them: a refused one is not among them, and one that was taken back
    /// is gone. A page that opens its workspace again (another worker, another day) opens it with these.
    pub moves: Vec<super::Move>,
    /// The schema is that within the last step, after so many of its operations; `None` for after all of it.
    pub within: Option<usize>,
    /// Why a move could not be made, in Alembic's words, and what to do: the database is as it was.
    pub refused: Option<(String, String)>,
    /// The tables, in order of name: those that are there, and those that the last step dropped.
    pub tables: Vec<Table>,
    /// Enum types, sequences and views: those that are there, and those that the last step dropped.
    pub others: Vec<Line>,
    /// What is not known of this state: every statement about it is uncertain.
    pub doubts: Vec<String>,
}

/// A step that was made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StepView {
    /// `upgrade`, `downgrade`, `stamp` or `query`.
    pub kind: String,
    /// The revision, where it is about one.
    pub revision: Option<String>,
    /// The line that Alembic logs, or the SQL text.
    pub line: String,
    /// How it ended.
    pub end: End,
    /// Whether what it did is still there: not where it failed, or where a later step of the same command failed and the
    /// server took the whole command back.
    pub kept: bool,
    /// What the server, or the script, says of a failure.
    pub failure: Option<String>,
    /// The SQLSTATE of the failure, where PostgreSQL has one.
    pub sqlstate: Option<String>,
    /// What is left after a failure: `PostgreSQL takes the whole run back`.
    pub left: Option<String>,
    /// The line of the script where it failed.
    pub spot: Option<super::Spot>,
    /// What it changed in the schema: `+ table users`, `- column users.email`.
    pub schema: Vec<String>,
    /// What became of rows.
    pub rows: Vec<String>,
    /// What could not be evaluated or simulated.
    pub doubts: Vec<super::Doubt>,
    /// What made-up rows refuse: a server with rows like these would have stopped here.
    pub refused_rows: Vec<super::Doubt>,
    /// The operations, in order, up to the one that failed.
    pub operations: Vec<Operation>,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub enum End {
    /// It was done.
    #[default]
    Done,
    /// It was done as far as is known.
    Unknown,
    /// A server would stop it.
    Failed,
}

/// One operation of a step.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Operation {
    /// What it does, in a few words: `add column users.phone`.
    pub text: String,
    /// Where it is written.
    pub spot: Option<super::Spot>,
    /// How many rows it wrote, where it wrote any.
    pub rows: Option<u64>,
    /// Why it failed, where it did.
    pub failure: Option<String>,
}

/// What became of something in the last step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub enum Mark {
    /// Nothing.
    #[default]
    Same,
    /// It is new.
    New,
    /// It is different.
    Changed,
    /// It is gone.
    Gone,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Table {
    /// Its name, with the schema where it is in one.
    pub name: String,
    /// What became of it.
    pub mark: Mark,
    /// What it was called before, where it was renamed.
    pub was: Option<String>,
    /// Whether no revision makes it: it is taken for granted.
    pub assumed: bool,
    /// Its columns, those that the last step dropped at their old place.
    pub columns: Vec<Column>,
    /// Constraints and indexes.
    pub lines: Vec<Line>,
    /// Its rows.
    pub rows: RowsView,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, as the dialect writes it.
    pub type_text: String,
    /// Whether it takes NULL.
    pub nullable: bool,
    /// Its default, where it has one.
    pub default: Option<String>,
    /// `PK`, `FK accounts.id`, `UNIQUE`: what it is part of.
    pub keys: Vec<String>,
    /// What became of it.
    pub mark: Mark,
    /// What it was before, in words, where it changed.
    pub was: Vec<Field>,
}

/// A property that changed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Field {
    /// `name`, `type`, `nullable` or `default`.
    pub name: String,
    /// What it was.
    pub was: String,
}

/// Something of a schema that a line says all about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Line {
    /// The text: `UNIQUE (email) uq_users_email`.
    pub text: String,
    /// What became of it.
    pub mark: Mark,
    /// What it was, where it changed.
    pub was: Option<String>,
}

/// The rows of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RowsView {
    /// The columns: those that are there, and those that the last step dropped.
    pub columns: Vec<Change>,
    /// The rows: those that are there, and those that were lost. At most as many as a page can show.
    pub rows: Vec<Row>,
    /// How many more there are.
    pub more: u32,
    /// Why the rows may not be as they stand here, or why there are none, where that is not known for certain.
    pub why_none: Option<String>,
}

/// A name with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Change {
    /// The name.
    pub name: String,
    /// What became of it.
    pub mark: Mark,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Row {
    /// What became of it.
    pub mark: Mark,
    /// Whether it was made up.
    pub seeded: bool,
    /// Its cells, one for each column.
    pub cells: Vec<Cell>,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cell {
    /// The value as text; `NULL` for none, `?` where it is not known.
    pub text: String,
    /// What became of it.
    pub mark: CellMark,
    /// What it was, where it was changed or lost.
    pub was: Option<String>,
}

/// What became of a value, and what kind it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub enum CellMark {
    /// It is as it was.
    #[default]
    Same,
    /// It is NULL, as it was.
    Null,
    /// It is not known.
    Unknown,
    /// It is new.
    New,
    /// It was written over by the step.
    Changed,
    /// It was there and is not any more.
    Lost,
}
