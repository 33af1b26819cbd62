//! [`Proof`]: what was proved of the files.

use serde::{Deserialize, Serialize};

/// What was proved of the files.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Proof {
    /// One sentence that names what was proved: `8 revisions, 1 head. 8 of 8 are reversible, with 24 rows. No problems.`
    pub summary: String,
    /// The chains; most workspaces have one.
    pub chains: Vec<Chain>,
    /// The files, in the order of their tabs.
    pub files: Vec<FileView>,
    /// All findings, in order of application, then by place.
    pub problems: Vec<Problem>,
    /// What is wrong with the settings, or with the files as a whole; nothing was proved where there is such.
    pub error: Option<String>,
    /// The version of revproof.
    pub version: String,
}

/// A chain.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Chain {
    /// The folder; empty for that of the workspace.
    pub root: String,
    /// The database, where the scripts are run on several, each of which has a chain.
    pub database: Option<String>,
    /// The dialect, by name.
    pub dialect: String,
    /// Why that dialect.
    pub dialect_source: String,
    /// The revisions that none revises.
    pub heads: Vec<String>,
    /// The revisions, newest first, each before those that it revises.
    pub revisions: Vec<Revision>,
    /// The merge points that were tried in both orders.
    pub merges: Vec<Merge>,
    /// How many lanes the graph is wide.
    pub lanes: u32,
}

/// A revision, with its row of the graph.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Revision {
    /// Its identifier.
    pub id: String,
    /// The first line of its docstring.
    pub message: String,
    /// The file, by its path in the workspace.
    pub file: String,
    /// What it revises.
    pub down: Vec<String>,
    /// What revises it.
    pub next: Vec<String>,
    /// What it depends on.
    pub depends_on: Vec<String>,
    /// The labels of its branches.
    pub labels: Vec<String>,
    /// Whether none revises it.
    pub head: bool,
    /// Whether several revise it.
    pub branch_point: bool,
    /// Its row of the graph.
    pub lane: Lane,
    /// What was proved.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub because: String,
    /// The upgrade.
    pub upgrade: Run,
    /// The downgrade from there.
    pub downgrade: Run,
    /// The upgrade after the downgrade.
    pub again: Run,
    /// Whether the downgrade brought the schema back; `None` where that is not known or was not tried.
    pub schema_restored: Option<bool>,
    /// Whether it brought the rows back.
    pub rows_restored: Option<bool>,
    /// What did not come back, a sentence each.
    pub differences: Vec<String>,
    /// How many errors belong to it.
    pub errors: u32,
    /// How many warnings.
    pub warnings: u32,
}

/// A row of the graph: the node's lane, and the lines from it and past it down to the next row.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lane {
    /// The lane of the node, from 0.
    pub at: u32,
    /// The lines to the next row.
    pub lines: Vec<LaneLine>,
}

/// A line from a row of the graph to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LaneLine {
    /// The lane where it begins.
    pub from: u32,
    /// The lane where it ends.
    pub to: u32,
    /// Whether it is a dependency rather than a parent.
    pub dashed: bool,
    /// Whether it leads nowhere: the parent is missing.
    pub loose: bool,
}

/// What was proved of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub enum Verdict {
    /// Schema and every value come back.
    Reversible,
    /// The schema comes back, values don't.
    Lossy,
    /// There is no way back.
    Irreversible,
    /// A run fails, or the schema differs.
    Broken,
    /// Rests on something that was not evaluated.
    #[default]
    Unknown,
}

/// One run of one direction.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Run {
    /// How it ended.
    pub state: RunState,
    /// What a server, or the script, would say, where it failed or refused.
    pub error: Option<String>,
    /// The line of the script, from 1.
    pub line: Option<u32>,
    /// What it changed in the schema, for the line above the function: `+ column users.phone`. A handful at most.
    pub changes: Vec<String>,
    /// What could not be evaluated or simulated.
    pub doubts: Vec<Doubt>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub enum RunState {
    /// It came to its end.
    Ok,
    /// It fails for certain.
    Failed,
    /// There is no such function.
    Missing,
    /// The function does nothing.
    Empty,
    /// It refuses on purpose.
    Refused,
    /// Something in it is not known.
    #[default]
    Unknown,
    /// It was not run.
    Skipped,
}

/// What could not be evaluated or simulated.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Doubt {
    /// Why not.
    pub why: String,
    /// Where.
    pub spot: Option<Spot>,
}

/// A merge point whose branches were applied in both orders.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Merge {
    /// The merge revision.
    pub revision: String,
    /// Whether both orders give one schema; `None` where not known.
    pub commutes: Option<bool>,
    /// What differs.
    pub differences: Vec<String>,
}

/// A file of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FileView {
    /// Its path.
    pub path: String,
    /// What it is.
    pub kind: FileKind,
    /// The revision that it holds, where it holds one.
    pub revision: Option<String>,
    /// How many errors are in it.
    pub errors: u32,
    /// How many warnings.
    pub warnings: u32,
}

/// What a file is to revproof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub enum FileKind {
    /// A revision script.
    Script,
    /// Settings of revproof.
    Settings,
    /// `alembic.ini`, `env.py`, or a module that scripts import.
    Project,
    /// Nothing of these.
    #[default]
    Other,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Problem {
    /// The rule's name.
    pub rule: String,
    /// The rule's code.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// The chain, by its place.
    pub chain: usize,
    /// The revision that it belongs to.
    pub revision: Option<String>,
    /// Where it is.
    pub spot: Option<Spot>,
    /// Other places that explain it.
    pub labels: Vec<Label>,
    /// Why it matters.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// A change that settles it.
    pub fix: Option<Fix>,
    /// The moves, from an empty database, that show it with rows: up to the revision, or up and down again.
    pub shown_by: Vec<super::Move>,
    /// Whether rows are what it is about, so that the tab of the rows shows it.
    pub about_rows: bool,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// An error.
    Error,
    /// A warning.
    #[default]
    Warning,
    /// For information.
    Info,
}

/// A place in a file, as an editor counts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Spot {
    /// The file, by its path in the workspace.
    pub file: String,
    /// The first line, from 1, for people.
    pub line: u32,
    /// Where it begins, in UTF-16 code units from the start of the file.
    pub from: u32,
    /// Where it ends, likewise.
    pub to: u32,
}

/// A place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Label {
    /// Where.
    pub spot: Spot,
    /// What is to be seen there; may be empty.
    pub message: String,
}

/// A change that settles a finding.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Fix {
    /// What it does.
    pub title: String,
    /// The edits.
    pub edits: Vec<Edit>,
}

/// One replacement of text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Edit {
    /// What goes.
    pub spot: Spot,
    /// What comes.
    pub text: String,
}
