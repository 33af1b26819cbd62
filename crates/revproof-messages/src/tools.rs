//! Answers to questions beside the proof: differences, SQL, manuals, links, files.

use serde::{Deserialize, Serialize};

use super::Mark;

/// The difference of two schemas.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DiffView {
    /// From here.
    pub from: String,
    /// To there.
    pub to: String,
    /// The objects of both, in order, each with what became of it.
    pub lines: Vec<DiffLine>,
    /// What the scripts between them send, as SQL; a comment where it can't be told.
    pub sql: String,
    /// What is not known of either: the comparison is uncertain about it.
    pub doubts: Vec<String>,
}

/// An object, or a part of one, in a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DiffLine {
    /// How deep it stands: 0 for a table, 1 for its parts.
    pub depth: u8,
    /// What became of it.
    pub mark: Mark,
    /// What it was; empty where it was not there.
    pub before: String,
    /// What it is; empty where it is gone.
    pub after: String,
}

/// The SQL of a step.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SqlView {
    /// The dialect, by name.
    pub dialect: String,
    /// The statements; those before the refusal where there is one.
    pub pieces: Vec<SqlPiece>,
    /// Why there is no more.
    pub refused: Option<String>,
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SqlPiece {
    /// Its text.
    pub text: String,
    /// What it locks and whether it rewrites or scans the table.
    pub note: Option<String>,
    /// The line that it comes from.
    pub spot: Option<super::Spot>,
}

/// What a statement in the console gave.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QueryAnswer {
    /// The statement.
    pub statement: String,
    /// The columns of the rows that it gave.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<super::Cell>>,
    /// How many rows were written, where it wrote.
    pub written: Option<u64>,
    /// What the server would say.
    pub error: Option<String>,
    /// Why the answer is not known.
    pub unknown: Option<String>,
}

/// A rule, for a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RuleName {
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// What it finds, in half a sentence.
    pub summary: String,
}

/// The manual of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RuleManual {
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// The manual as HTML that is safe to show.
    pub html: String,
    /// The files of its first example that is reported, to be tried.
    pub example: Vec<super::File>,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Link {
    /// What follows the `#`; empty where the workspace is too large for one.
    pub fragment: String,
    /// What to mind: that it is too long for some chats, or for a link at all.
    pub warning: Option<String>,
}

/// As what a workspace goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Export {
    /// A link with a title, in Markdown.
    MarkdownLink,
    /// The report, in Markdown.
    Markdown,
    /// Files, settings, findings and link, in Markdown: to be pasted into an issue.
    Issue,
    /// The files.
    Zip,
    /// A page that stands alone.
    Html,
}

/// A file or text that goes out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Exported {
    /// A name for the file.
    pub name: String,
    /// Its media type.
    pub mime: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}
