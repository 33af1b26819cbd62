//! [`Workspace`]: everything that a visitor has made: files, settings, and what was done to the database.

use serde::{Deserialize, Serialize};

/// What is open in the page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Workspace {
    /// The files, in the order of their tabs.
    pub files: Vec<File>,
    /// The dialect by name, where one is chosen; else that of the files.
    pub dialect: Option<String>,
    /// The rows of the simulated database.
    pub rows: Rows,
    /// Which chain of the files is shown, by its place.
    pub chain: usize,
    /// What was done to its database, in order. Done again after each change of the files, as far as it goes.
    pub moves: Vec<Move>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct File {
    /// Its path, with `/` between the parts and none at the start.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The rows of the simulated database.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Rows {
    /// Those that the settings among the files name; where they name none, a few made-up ones in every table.
    #[default]
    Seeded,
    /// None.
    None,
    /// Those of INSERT statements, beside which none are made up.
    Own(String),
}

/// Something that is done to the simulated database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Move {
    /// `upgrade`, to a target in Alembic's grammar: `head`, `heads`, `+1`, an identifier.
    Upgrade(String),
    /// `downgrade`, to a target: `base`, `-1`, an identifier.
    Downgrade(String),
    /// Up or down to exactly this revision (and what it stands on), or to `base`.
    To(String),
    /// `stamp`.
    Stamp(String),
    /// SQL text in the console.
    Query(String),
    /// Revert exactly this revision, on which nothing that is applied stands: one of
    /// [`DatabaseView::down`](super::DatabaseView::down). At a merge point `downgrade -1` goes on down one branch.
    Revert(String),
}

impl Move {
    /// The name of the kind and the target, as links and kept work spell them: a name is never given to another kind.
    pub fn spelled(&self) -> (&'static str, &str) {
        match self {
            Self::Upgrade(target) => ("upgrade", target),
            Self::Downgrade(target) => ("downgrade", target),
            Self::To(target) => ("to", target),
            Self::Stamp(target) => ("stamp", target),
            Self::Query(text) => ("query", text),
            Self::Revert(target) => ("revert", target),
        }
    }

    /// The move that is spelled so; `None` where there is no such kind.
    pub fn of(kind: &str, target: String) -> Option<Self> {
        let make = match kind {
            "upgrade" => Self::Upgrade,
            "downgrade" => Self::Downgrade,
            "to" => Self::To,
            "stamp" => Self::Stamp,
            "query" => Self::Query,
            "revert" => Self::Revert,
            _ => return None,
        };
        Some(make(target))
    }
}

/// What the visitor looks at; part of a link.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Selection {
    /// The open file.
    pub file: Option<String>,
    /// The selected revision.
    pub revision: Option<String>,
    /// The tab of the database pane.
    pub tab: Tab,
}

/// The tabs of the database pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub enum Tab {
    /// Tables and columns, with marks of what the last step changed.
    #[default]
    Schema,
    /// The rows of the tables.
    Rows,
    /// What differs between two revisions.
    Diff,
    /// The SQL of the step.
    Sql,
    /// Up, down and up again of every revision.
    RoundTrip,
    /// The entity-relationship diagram.
    Diagram,
    /// SQL on the current state.
    Console,
}

impl Tab {
    /// All of them, in their order on the page.
    pub const ALL: [Self; 7] =
        [Self::Schema, Self::Rows, Self::Diff, Self::Sql, Self::RoundTrip, Self::Diagram, Self::Console];

    /// Its name in links and kept work. A name is never given to another tab.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Rows => "rows",
            Self::Diff => "diff",
            Self::Sql => "sql",
            Self::RoundTrip => "round-trip",
            Self::Diagram => "diagram",
            Self::Console => "console",
        }
    }

    /// The tab of a name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.name() == name)
    }
}
