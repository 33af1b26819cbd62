//! [`Journal`]: what was done to a simulated database, as lines of JSON with a checksum at their end.
//!
//! It holds the text of every script as it was applied, so that an edit afterwards changes nothing in the database,
//! and shows.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::digest::digest;
use crate::config::Rows;
use crate::python::Environ;
use crate::schema::{Dialect, Name};

/// The version of the format that is written; no other is read.
const VERSION: u64 = 1;

/// What was done to a simulated database since it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Journal {
    /// How it was made.
    pub start: Start,
    /// The scripts that were applied, by the checksum of their text.
    pub scripts: BTreeMap<Arc<str>, ScriptText>,
    /// What was done, in order.
    pub entries: Vec<Entry>,
}

/// How a simulated database was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// The dialect, by name.
    pub dialect: Name,
    /// The rows that it is given as it grows.
    pub rows: KeptRows,
    /// What it held before the first revision.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub baseline: Option<Dump>,
}

/// The rows that a simulated database is given: [`Rows`], as a journal keeps them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum KeptRows {
    /// A few made-up ones in every table.
    Seeded,
    /// None.
    None,
    /// Those of a file.
    File {
        /// The file, as the user named it.
        path: String,
        /// Its text.
        sql: Arc<str>,
    },
}

/// A dump that a simulated database began with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dump {
    /// The file, as the user named it.
    pub path: String,
    /// Its text.
    pub sql: Arc<str>,
}

/// A script as it was applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptText {
    /// Its path, relative to the project's root.
    pub path: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "lowercase", deny_unknown_fields)]
pub enum Entry {
    /// A revision was applied.
    Upgrade(ScriptRun),
    /// A revision was reverted.
    Downgrade(ScriptRun),
    /// Version rows were set.
    Stamp {
        /// The rows after it.
        rows: Vec<Name>,
    },
    /// SQL text was run.
    Query {
        /// The text.
        sql: Arc<str>,
    },
}

/// A run of one direction of a script.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScriptRun {
    /// The revision.
    pub revision: Name,
    /// The checksum of the script's text.
    pub script: Arc<str>,
    /// Whether it did not come to its end, or was rolled back: what it left is all that counts.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub broken_off: bool,
    /// What the command was given with `-x`, which the script may have asked for.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub x_arguments: Vec<String>,
    /// The environment variables that were declared, which the script may have asked for.
    #[serde(skip_serializing_if = "Environ::is_empty", default)]
    pub environ: Environ,
    /// The project's modules that it imported, by name, with the checksums of their texts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub modules: BTreeMap<Arc<str>, Arc<str>>,
    /// The version rows after it.
    pub rows: Vec<Name>,
}

/// Why a journal can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JournalError {
    /// Another version of the format.
    Version(u64),
    /// It ends too early.
    Cut,
    /// It is not as it was written.
    Edited,
    /// It is no journal.
    Foreign(String),
}

impl Journal {
    /// The journal of a database to which nothing has been done.
    pub fn new(dialect: Dialect, rows: &Rows, baseline: Option<Dump>) -> Self {
        let rows = match rows {
            Rows::Seeded => KeptRows::Seeded,
            Rows::None => KeptRows::None,
            Rows::File { path, sql } => KeptRows::File { path: path.clone(), sql: sql.clone() },
        };
        let start = Start { dialect: dialect.name().into(), rows, baseline };
        Self { start, scripts: BTreeMap::new(), entries: Vec::new() }
    }

    /// The version rows that it ends with.
    pub fn rows(&self) -> Vec<Name> {
        let last = self.entries.iter().rev().find_map(|entry| match entry {
            Entry::Upgrade(run) | Entry::Downgrade(run) => Some(run.rows.clone()),
            Entry::Stamp { rows } => Some(rows.clone()),
            Entry::Query { .. } => None,
        });
        last.unwrap_or_default()
    }

    /// Leaves of the entries from the one numbered `since` on what a rollback of a transaction around all of them leaves.
    pub fn roll_back(&mut self, since: usize, dialect: Dialect) {
        let entries = self.entries.split_off(since.min(self.entries.len()));
        match dialect {
            Dialect::PostgreSql => {}
            // The first change of rows, which is that of the version at the latest, opens the transaction: what was done
            // to the schema before it stays.
            Dialect::Sqlite => {
                let rows = self.rows();
                self.entries.extend(entries.into_iter().next().and_then(|first| broken_off(first, rows)));
            }
            // Every change of the schema commits what was done before it. Only the last version is not committed.
            Dialect::MySql => {
                let mut entries = entries;
                let last = entries.pop();
                self.entries.extend(entries);
                let rows = self.rows();
                self.entries.extend(last.and_then(|last| broken_off(last, rows)));
            }
        }
    }

    /// Keeps a script, and says under which checksum.
    pub fn keep(&mut self, path: &Arc<str>, text: &Arc<str>) -> Arc<str> {
        let checksum: Arc<str> = digest(text).into();
        let script = || ScriptText { path: path.clone(), text: text.clone() };
        self.scripts.entry(checksum.clone()).or_insert_with(script);
        checksum
    }

    /// The lines of the journal, with the checksum at their end.
    pub fn write(&self) -> String {
        let mut out = String::new();
        line(&mut out, &Head { journal: VERSION, start: self.start.clone() });
        for (checksum, script) in &self.scripts {
            line(&mut out, &Kept { script: checksum.clone(), kept: script.clone() });
        }
        for entry in &self.entries {
            line(&mut out, entry);
        }
        let checksum = digest(&out);
        line(&mut out, &serde_json::json!({ "checksum": checksum }));
        out
    }

    /// Reads what [`Journal::write`] wrote.
    pub fn read(text: &str) -> Result<Self, JournalError> {
        let first = text.lines().next().unwrap_or_default();
        if text.is_empty() {
            return Err(JournalError::Cut);
        }
        let head: Value = serde_json::from_str(first).map_err(|error| foreign(&error))?;
        let version = head.get("journal").and_then(Value::as_u64);
        match version {
            Some(VERSION) => {}
            Some(other) => return Err(JournalError::Version(other)),
            None => return Err(JournalError::Foreign("its first line names no version".to_owned())),
        }
        let body = checked(text)?;
        let head: Head = serde_json::from_value(head).map_err(|error| foreign(&error))?;
        let mut journal = Self { start: head.start, scripts: BTreeMap::new(), entries: Vec::new() };
        for line in body.lines().skip(1) {
            if line.starts_with("{\"script\"") {
                let kept: Kept = serde_json::from_str(line).map_err(|error| foreign(&error))?;
                journal.scripts.insert(kept.script, kept.kept);
            } else {
                journal.entries.push(serde_json::from_str(line).map_err(|error| foreign(&error))?);
            }
        }
        Ok(journal)
    }
}

/// What is left of an entry where its version rows are not: those are still `rows`.
fn broken_off(entry: Entry, rows: Vec<Name>) -> Option<Entry> {
    let left = |run| ScriptRun { broken_off: true, rows, ..run };
    match entry {
        Entry::Upgrade(run) => Some(Entry::Upgrade(left(run))),
        Entry::Downgrade(run) => Some(Entry::Downgrade(left(run))),
        Entry::Stamp { .. } | Entry::Query { .. } => None,
    }
}

#[derive(Serialize, Deserialize)]
struct Head {
    journal: u64,
    start: Start,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    script: Arc<str>,
    kept: ScriptText,
}

/// The lines before the checksum, which must be theirs.
fn checked(text: &str) -> Result<&str, JournalError> {
    let whole = text.strip_suffix('\n').ok_or(JournalError::Cut)?;
    let at = whole.rfind('\n').map_or(0, |at| at + 1);
    let last: Value = serde_json::from_str(whole.get(at..).unwrap_or_default()).map_err(|_| JournalError::Cut)?;
    let checksum = last.get("checksum").and_then(Value::as_str).ok_or(JournalError::Cut)?;
    let body = text.get(..at).unwrap_or_default();
    if digest(body) == checksum { Ok(body) } else { Err(JournalError::Edited) }
}

fn foreign(error: &serde_json::Error) -> JournalError {
    JournalError::Foreign(error.to_string())
}

/// Maps with text for keys and plain values always become JSON.
fn line(out: &mut String, value: &impl Serialize) {
    out.push_str(&serde_json::to_string(value).unwrap_or_default());
    out.push('\n');
}

impl From<&KeptRows> for Rows {
    fn from(kept: &KeptRows) -> Self {
        match kept {
            KeptRows::Seeded => Self::Seeded,
            KeptRows::None => Self::None,
            KeptRows::File { path, sql } => Self::File { path: path.clone(), sql: sql.clone() },
        }
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(version) if *version > VERSION => {
                write!(f, "it was written by a newer revproof (format {version}, and this one reads {VERSION})")
            }
            Self::Version(version) => {
                write!(f, "it was written in format {version}, and this revproof reads {VERSION}")
            }
            Self::Cut => f.write_str("its end is missing"),
            Self::Edited => f.write_str("it was changed by hand, or damaged: its checksum does not fit"),
            Self::Foreign(why) => write!(f, "it is not what revproof writes ({why})"),
        }
    }
}

impl std::error::Error for JournalError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal() -> Journal {
        let baseline = Dump { path: "dump.sql".to_owned(), sql: "CREATE TABLE t (id int);".into() };
        let mut journal = Journal::new(Dialect::PostgreSql, &Rows::Seeded, Some(baseline));
        let script = journal.keep(&"versions/a.py".into(), &"revision = 'a'\n".into());
        let x_arguments = vec!["tenant=a b".to_owned()];
        let modules = [("helper".into(), journal.keep(&"helper.py".into(), &"X = 1\n".into()))].into();
        let mut environ = Environ::default();
        environ.declare("APP_ENV", Some("production".to_owned()));
        environ.declare("DEBUG", None);
        let (revision, rows) = ("a".into(), vec!["a".into()]);
        let run = ScriptRun { revision, script, broken_off: false, x_arguments, environ, modules, rows };
        journal.entries.push(Entry::Upgrade(run.clone()));
        journal.entries.push(Entry::Query { sql: "INSERT INTO t VALUES (1)".into() });
        journal.entries.push(Entry::Downgrade(ScriptRun { broken_off: true, ..run }));
        journal.entries.push(Entry::Stamp { rows: vec!["b".into(), "c".into()] });
        journal
    }

    #[test]
    fn what_was_written_is_read() {
        let journal = journal();
        assert_eq!(Journal::read(&journal.write()), Ok(journal.clone()));
        assert_eq!(journal.rows(), [Name::from("b"), Name::from("c")]);
        let rows = Rows::File { path: "rows.sql".to_owned(), sql: "SELECT 1".into() };
        let other = Journal::new(Dialect::Sqlite, &rows, None);
        assert_eq!(Journal::read(&other.write()), Ok(other.clone()));
        assert_eq!(Rows::from(&other.start.rows), rows);
    }

    #[test]
    fn a_rollback_leaves_what_the_dialect_has_committed() {
        let check = |dialect, expected: &[(&str, bool, &str)]| {
            let mut journal = Journal::new(dialect, &Rows::None, None);
            for revision in ["a", "b", "c"] {
                let (revision, script) = (Name::from(revision), Arc::from(""));
                let rows = vec![revision.clone()];
                let (x_arguments, modules) = (Vec::new(), BTreeMap::new());
                let environ = Environ::default();
                let run = ScriptRun { revision, script, broken_off: false, x_arguments, environ, modules, rows };
                journal.entries.push(Entry::Upgrade(run));
            }
            journal.roll_back(1, dialect);
            let seen = journal.entries.iter().map(|entry| match entry {
                Entry::Upgrade(run) => (&*run.revision, run.broken_off, &*run.rows[0]),
                other => panic!("{other:?}"),
            });
            assert_eq!(seen.collect::<Vec<_>>(), expected, "{dialect}");
        };
        check(Dialect::PostgreSql, &[("a", false, "a")]);
        check(Dialect::Sqlite, &[("a", false, "a"), ("b", true, "a")]);
        check(Dialect::MySql, &[("a", false, "a"), ("b", false, "b"), ("c", true, "b")]);
    }

    #[test]
    fn a_cut_or_an_edit_anywhere_is_noticed() {
        let text = journal().write();
        for end in 0..text.len() {
            assert!(Journal::read(&text[..end]).is_err(), "cut after {end} bytes");
        }
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'7' { b'8' } else { b'7' };
            assert!(Journal::read(&String::from_utf8(bytes).unwrap()).is_err(), "byte {at} changed");
        }
    }

    #[test]
    fn why_a_journal_is_refused_is_said() {
        let text = journal().write();
        let check = |text: &str, said: &str| {
            let error = Journal::read(text).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        };
        check("", "its end is missing");
        check(&text.replace("\"journal\":1", "\"journal\":2"), "newer revproof (format 2, and this one reads 1)");
        check(&text.replace("versions/a.py", "versions/b.py"), "changed by hand");
        check(&text[..text.len() / 2], "its end is missing");
        check("{}\n", "names no version");
        check("hello\n", "not what revproof writes");
    }
}
