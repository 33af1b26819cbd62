//! [`Chain`]: revision scripts as they are generated and shrunk, and their text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// A chain of revisions, in the order in which they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chain {
    pub(crate) revisions: Vec<Revision>,
}

/// One revision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Revision {
    pub(crate) id: String,
    /// The revisions that it stands on.
    pub(crate) down: Vec<String>,
    pub(crate) upgrade: Vec<Piece>,
    pub(crate) downgrade: Vec<Piece>,
}

/// A part of a function that can be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A statement.
    Line(String),
    /// A call with arguments that can be left out one by one.
    Call { open: String, items: Vec<String>, close: String },
    /// A statement with others inside.
    Block { head: String, body: Vec<Piece> },
}

/// A script, as it is kept and as it is sent to the driver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Script {
    pub(crate) id: String,
    pub(crate) text: String,
}

/// What every script begins with.
const HEAD: &str = "import datetime, decimal, uuid\nfrom alembic import op\nimport sqlalchemy as sa\n\
    from sqlalchemy.dialects import postgresql\n";

impl Chain {
    /// Its scripts.
    pub(crate) fn scripts(&self) -> Vec<Script> {
        self.revisions.iter().map(|revision| Script { id: revision.id.clone(), text: revision.text() }).collect()
    }

    /// How many parts it has.
    pub(crate) fn size(&self) -> usize {
        let of =
            |revision: &Revision| revision.upgrade.iter().chain(&revision.downgrade).map(Piece::size).sum::<usize>();
        self.revisions.iter().map(|revision| 1 + of(revision)).sum()
    }

    /// Chains with one part less, the largest cuts first.
    pub(crate) fn smaller(&self) -> Vec<Self> {
        let mut found = Vec::new();
        for at in (0..self.revisions.len()).rev() {
            found.push(self.without(at));
        }
        for at in 0..self.revisions.len() {
            for part in [upgrade as fn(&mut Revision) -> &mut Vec<Piece>, downgrade] {
                let pieces = part(&mut self.revisions[at].clone()).clone();
                for fewer in fewer(&pieces) {
                    let mut chain = self.clone();
                    *part(&mut chain.revisions[at]) = fewer;
                    found.push(chain);
                }
            }
        }
        found
    }

    /// Without a revision: what stood on it stands on what it stood on.
    fn without(&self, at: usize) -> Self {
        let mut revisions = self.revisions.clone();
        let gone = revisions.remove(at);
        for revision in &mut revisions {
            if let Some(place) = revision.down.iter().position(|id| *id == gone.id) {
                revision.down.remove(place);
                for id in &gone.down {
                    if !revision.down.contains(id) {
                        revision.down.push(id.clone());
                    }
                }
            }
        }
        Self { revisions }
    }
}

fn upgrade(revision: &mut Revision) -> &mut Vec<Piece> {
    &mut revision.upgrade
}

fn downgrade(revision: &mut Revision) -> &mut Vec<Piece> {
    &mut revision.downgrade
}

/// These scripts as the files of a project.
pub(crate) fn files(scripts: &[Script]) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    files.insert("alembic.ini".to_owned(), "[alembic]\nscript_location = m\n".to_owned());
    files.insert("m/env.py".to_owned(), String::new());
    for script in scripts {
        files.insert(format!("m/versions/{}.py", script.id), script.text.clone());
    }
    files
}

impl Revision {
    fn text(&self) -> String {
        let down = match self.down.as_slice() {
            [] => "None".to_owned(),
            [one] => format!("'{one}'"),
            many => format!("('{}')", many.join("', '")),
        };
        let mut text = format!("{HEAD}\nrevision = '{}'\ndown_revision = {down}\n", self.id);
        for (name, pieces) in [("upgrade", &self.upgrade), ("downgrade", &self.downgrade)] {
            _ = write!(text, "\n\ndef {name}():\n");
            write_body(&mut text, pieces, 1);
        }
        text
    }
}

impl Piece {
    /// A statement.
    pub(crate) fn line(text: impl Into<String>) -> Self {
        Self::Line(text.into())
    }

    fn size(&self) -> usize {
        match self {
            Self::Line(_) => 1,
            Self::Call { items, .. } => 1 + items.len(),
            Self::Block { body, .. } => 1 + body.iter().map(Self::size).sum::<usize>(),
        }
    }

    fn write(&self, text: &mut String, depth: usize) {
        let indent = "    ".repeat(depth);
        match self {
            Self::Line(line) => _ = writeln!(text, "{indent}{line}"),
            Self::Call { open, items, close } => {
                _ = writeln!(text, "{indent}{open}");
                for item in items {
                    _ = writeln!(text, "{indent}    {item},");
                }
                _ = writeln!(text, "{indent}{close}");
            }
            Self::Block { head, body } => {
                _ = writeln!(text, "{indent}{head}");
                write_body(text, body, depth + 1);
            }
        }
    }
}

fn write_body(text: &mut String, pieces: &[Piece], depth: usize) {
    if pieces.is_empty() {
        _ = writeln!(text, "{}pass", "    ".repeat(depth));
    }
    for piece in pieces {
        piece.write(text, depth);
    }
}

/// These pieces with one part less.
fn fewer(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let mut found = Vec::new();
    if pieces.len() > 3 {
        let (first, second) = pieces.split_at(pieces.len() / 2);
        found.extend([first.to_vec(), second.to_vec()]);
    }
    for at in (0..pieces.len()).rev() {
        let mut without = pieces.to_vec();
        without.remove(at);
        found.push(without);
    }
    for (at, piece) in pieces.iter().enumerate() {
        let with = |piece: Piece| {
            let mut changed = pieces.to_vec();
            changed[at] = piece;
            changed
        };
        match piece {
            Piece::Line(_) => {}
            Piece::Call { open, items, close } => {
                for gone in 0..items.len() {
                    let mut items = items.clone();
                    items.remove(gone);
                    found.push(with(Piece::Call { open: open.clone(), items, close: close.clone() }));
                }
            }
            Piece::Block { head, body } => {
                found.extend(fewer(body).into_iter().map(|body| with(Piece::Block { head: head.clone(), body })));
            }
        }
    }
    found
}
