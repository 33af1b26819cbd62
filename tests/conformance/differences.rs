//! What differs on purpose: `differences.toml`.

use std::fs;

use toml::{Table, Value};

use super::own_file;
use crate::command::files;

/// The entries of one case: command lines, each with its reason.
pub(super) struct Differences(Vec<(String, String)>);

impl Differences {
    pub(super) fn of(case: &str) -> Self {
        let entries = all().into_iter().filter(|entry| entry.case == case);
        Self(entries.map(|entry| (entry.command, entry.reason)).collect())
    }

    /// Why this command line of the case differs, where it is known to.
    pub(super) fn reason(&self, command: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == command).map(|(_, reason)| reason.as_str())
    }

    /// The entries for command lines that the case does not run.
    pub(super) fn without(&self, steps: &[&str]) -> Vec<String> {
        let unknown = self.0.iter().filter(|(command, _)| !steps.contains(&command.as_str()));
        unknown.map(|(command, _)| format!("differences.toml explains `{command}`, which is not run")).collect()
    }
}

struct Entry {
    case: String,
    command: String,
    reason: String,
}

fn all() -> Vec<Entry> {
    let text = fs::read_to_string(own_file("differences.toml")).expect("differences.toml is there");
    let table: Table = text.parse().expect("differences.toml is TOML");
    let entries = table.get("difference").and_then(Value::as_array).cloned().unwrap_or_default();
    let field = |entry: &Value, key: &str| entry[key].as_str().expect("text").to_owned();
    let read = |entry: &Value| Entry {
        case: field(entry, "case"),
        command: field(entry, "command"),
        reason: field(entry, "reason"),
    };
    entries.iter().map(read).collect()
}

#[test]
fn every_difference_belongs_to_a_case_and_has_a_reason() {
    let tests = files(&own_file(""), "rs");
    let code: String = tests.iter().map(|file| fs::read_to_string(file).expect("a file of the tests")).collect();
    for entry in all() {
        assert!(code.contains(&format!("\"{}\"", entry.case)), "no case is called {:?}", entry.case);
        assert!(entry.reason.split_whitespace().count() > 4, "{}: {}: why?", entry.case, entry.command);
    }
}
