//! What the page of the playground and its worker say to each other: plain data, with no knowledge of the core, so that
//! the page does not link it.
//!
//! The page sends a [`Request`] and gets one [`Answer`] to it, both as bytes ([`encode`], [`decode`]). Page and worker
//! are built together, so the bytes need no version; what is kept or shared between versions is a [`Workspace`] in
//! a link, which has its own format in the core (`share`).

mod database;
mod proof;
mod tools;
mod workspace;

pub use database::{
    Cell, CellMark, Change, Column, DatabaseView, End, Field, Line, Mark, Operation, Row, RowsView, StepView, Table,
};
pub use proof::{
    Chain, Doubt, Edit, FileKind, FileView, Fix, Label, Lane, LaneLine, Merge, Problem, Proof, Revision, Run, RunState,
    Severity, Spot, Verdict,
};
pub use tools::{DiffLine, DiffView, Export, Exported, Link, QueryAnswer, RuleManual, RuleName, SqlPiece, SqlView};
pub use workspace::{File, Move, Rows, Selection, Tab, Workspace};

use serde::{Deserialize, Serialize};

/// What the page asks of the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Its number, which the answer repeats.
    pub id: u32,
    /// The number of the state of the workspace that it is about; it grows with every change. An answer to an older one
    /// comes too late.
    pub generation: u32,
    /// What is asked.
    pub ask: Ask,
}

/// What the worker answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The number of the request.
    pub id: u32,
    /// Its generation.
    pub generation: u32,
    /// How long it took in the worker, in milliseconds.
    pub took: f64,
    /// What was asked for.
    pub reply: Reply,
}

/// A question to the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Take this workspace instead of the one before, prove it, and do its moves. Answer: [`Reply::Proved`].
    Open(Workspace),
    /// A file was changed (`Some`), added or taken away (`None`): prove again and do the moves again.
    /// Answer: [`Reply::Proved`].
    Change(Vec<(String, Option<String>)>),
    /// Another dialect or other rows. Answer: [`Reply::Proved`].
    Configure {
        /// The dialect by name; `None` for that of the files.
        dialect: Option<String>,
        /// The rows.
        rows: Rows,
    },
    /// Show another chain, by its place in [`Proof::chains`]. Answer: [`Reply::Moved`].
    Chain(usize),
    /// Move the simulated database. Answer: [`Reply::Moved`].
    Move(Move),
    /// Go back to how the database was after so many of its steps ([`DatabaseView::past`]). Answer: [`Reply::Moved`].
    Rewind(usize),
    /// Empty the database and do these moves instead of those before. Answer: [`Reply::Moved`].
    Replay(Vec<Move>),
    /// The schema within a step, after so many of its operations. Answer: [`Reply::Moved`].
    Within(usize),
    /// Run SQL text on the database. Answer: [`Reply::Queried`].
    Query(String),
    /// The difference between the schemas at two revisions; `base` is the empty database. Answer: [`Reply::Compared`].
    Compare {
        /// From here.
        from: String,
        /// To there.
        to: String,
    },
    /// The SQL that a step sends. Answer: [`Reply::Sql`].
    Sql {
        /// The revision.
        revision: String,
        /// Its downgrade instead of its upgrade.
        downgrade: bool,
        /// In this dialect; `None` for that of the chain.
        dialect: Option<String>,
    },
    /// All rules. Answer: [`Reply::Rules`].
    Rules,
    /// The manual of a rule, by name or code. Answer: [`Reply::Rule`].
    Rule(String),
    /// The files after a fix of a problem, by its place in [`Proof::problems`]. Nothing is changed. Answer: [`Reply::Files`].
    Fix(usize),
    /// The files after a comment that suppresses a problem. Nothing is changed. Answer: [`Reply::Files`].
    Ignore(usize),
    /// A merge revision of the heads of the chain. Nothing is changed. Answer: [`Reply::Files`].
    MergeHeads {
        /// Its message.
        message: String,
    },
    /// The scripts of one branch put on top of another, so that there is one head: the other way to settle two heads.
    /// Nothing is changed. Answer: [`Reply::Files`].
    Reparent {
        /// The head whose branch moves.
        head: String,
        /// The head on which it goes.
        onto: String,
    },
    /// A new, empty revision on top of one. Nothing is changed. Answer: [`Reply::Files`].
    NewRevision {
        /// What it revises; `None` for the head.
        head: Option<String>,
        /// Its message.
        message: String,
    },
    /// The files in a text that was pasted, split at the headers of scripts. Answer: [`Reply::Files`].
    Split(String),
    /// The files of a zip archive. Answer: [`Reply::Files`].
    Unzip(Vec<u8>),
    /// A link to the workspace as it is now. Answer: [`Reply::Link`].
    Share(Selection),
    /// What a link holds: the part after `#`. Answer: [`Reply::Opened`].
    OpenLink(String),
    /// The workspace as a file or a text. Answer: [`Reply::Exported`].
    Export {
        /// As what.
        format: Export,
        /// What is selected, for the link in it.
        selection: Selection,
        /// Where the page is, up to the `#`, for the link in it.
        page: String,
    },
    /// The entity-relationship diagram of the schema as it is now, as SVG. Answer: [`Reply::Text`].
    Diagram,
    /// The revision graph as a text of its own. Answer: [`Reply::Text`].
    Graph {
        /// `svg`, `mermaid`, `dot`, `text` or `json`.
        format: String,
    },
    /// Panic. Only there so that tests see what becomes of the page. Answer: none.
    Panic,
}

/// An answer of the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// What was proved, and where the database of the chain is now.
    Proved(Box<Proof>, Box<DatabaseView>),
    /// Where the database is now.
    Moved(Box<DatabaseView>),
    /// What statements gave, and where the database is now.
    Queried(Vec<QueryAnswer>, Box<DatabaseView>),
    /// The difference of two schemas.
    Compared(DiffView),
    /// The SQL of a step.
    Sql(SqlView),
    /// All rules.
    Rules(Vec<RuleName>),
    /// The manual of a rule.
    Rule(RuleManual),
    /// Files: path, and text or `None` for one that goes.
    Files(Vec<(String, Option<String>)>),
    /// A link.
    Link(Link),
    /// A workspace out of a link.
    Opened(Box<Workspace>, Selection),
    /// A file or text.
    Exported(Exported),
    /// A text.
    Text(String),
    /// It can't be done: what is wrong and what to do.
    Refused {
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
}

/// A message as bytes.
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    // Serialising to memory has no way to fail: the messages hold no type of unknown length.
    postcard::to_stdvec(message).unwrap_or_default()
}

/// A message from its bytes; `None` where they are none.
pub fn decode<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_the_way() {
        let workspace = Workspace {
            files: vec![File { path: "versions/a.py".into(), text: "revision = 'ä'".into() }],
            rows: Rows::Own("INSERT INTO t VALUES (1)".into()),
            moves: vec![Move::Upgrade("head".into()), Move::Query("DELETE FROM t".into())],
            ..Workspace::default()
        };
        let request = Request { id: 1, generation: 7, ask: Ask::Open(workspace) };
        assert_eq!(decode::<Request>(&encode(&request)), Some(request));
        let reply = Reply::Proved(Box::default(), Box::default());
        let answer = Answer { id: 1, generation: 7, took: 1.5, reply };
        assert_eq!(decode::<Answer>(&encode(&answer)), Some(answer));
        assert_eq!(decode::<Answer>(b"\xff\xff"), None);
    }
}
