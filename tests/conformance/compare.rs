//! What is compared of a run.

use std::fmt::{self, Display};
use std::path::Path;
use std::process::Stdio;

use super::real::{Answer, Face};
use crate::command::{Ran, command_in};

/// What was seen of a run, real or ours.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// How it ended.
    pub(super) end: End,
    /// What it printed, without a refusal.
    pub(super) stdout: String,
    /// What it said that it does: `Running upgrade a -> b, message`.
    pub(super) log: Vec<String>,
    /// The version rows afterwards, sorted, where it has any to show.
    pub(super) rows: Option<Vec<String>>,
}

impl PartialEq for Seen {
    fn eq(&self, other: &Self) -> bool {
        let rows = self.rows.is_none() || other.rows.is_none() || self.rows == other.rows;
        // What the real one printed and did before it died is nothing to live up to.
        let died = matches!(self.end, End::Crashed(_));
        self.end == other.end && (died || self.stdout == other.stdout && self.log == other.log && rows)
    }
}

/// How a run ended.
#[derive(Debug, Clone)]
#[expect(dead_code, reason = "why the real one died is told where a test fails")]
pub(super) enum End {
    /// Well.
    Done,
    /// It refused, with this sentence.
    Refused(String),
    /// The real one died with a traceback. We refuse instead, in words of our own.
    Crashed(String),
    /// The command line is not understood.
    Usage,
}

impl PartialEq for End {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Refused(a), Self::Refused(b)) => a == b,
            (Self::Crashed(_), Self::Refused(_)) | (Self::Done, Self::Done) | (Self::Usage, Self::Usage) => true,
            _ => false,
        }
    }
}

/// A run of the real one.
pub(super) fn theirs(answer: &Answer, face: Face) -> Seen {
    let (mut stdout, mut log) = (answer.stdout.clone(), answer.log.clone());
    let end = match (&answer.raised, answer.exit, face) {
        (Some(raised), ..) => End::Crashed(raised.clone()),
        (None, 0, _) => End::Done,
        (None, 255, Face::Alembic) => {
            let at = stdout.rfind("FAILED: ").expect("a refusal is printed");
            let sentence = stdout.split_off(at);
            let sentence = sentence.trim_start_matches("FAILED: ").trim_end().to_owned();
            log.retain(|line| *line != sentence);
            End::Refused(sentence)
        }
        (None, 1, Face::Flask) => {
            let said = log.pop().expect("a refusal is logged");
            End::Refused(said.trim_start_matches("Error: ").to_owned())
        }
        (None, 2, _) => End::Usage,
        (None, code, _) => panic!("exit code {code}: {answer:?}"),
    };
    let mut rows = answer.rows.clone();
    if let Some(rows) = &mut rows {
        rows.sort();
    }
    Seen { end, stdout, log, rows }
}

/// A run of ours.
pub(super) fn ours(folder: &Path, words: &[String]) -> Seen {
    let output = command_in(folder, "").args(words).stdin(Stdio::null()).output().expect("revproof starts");
    let ran = Ran::from(&words.join(" "), &output);
    let (mut log, mut other) = (Vec::new(), Vec::new());
    for line in ran.stderr.lines() {
        if line.starts_with("Running ") { log.push(line.to_owned()) } else { other.push(line) }
    }
    let end = match (ran.code, other.as_slice()) {
        (Some(0), _) => End::Done,
        (Some(1), [.., error, help]) if error.starts_with("error: ") && help.starts_with("help: ") => {
            End::Refused(error.trim_start_matches("error: ").to_owned())
        }
        (Some(2), [_]) => End::Usage,
        (code, _) => panic!("revproof {} ended with {code:?}:\n{}{}", words.join(" "), ran.stdout, ran.stderr),
    };
    let moves = words.iter().any(|word| ["upgrade", "downgrade", "stamp"].contains(&word.as_str()));
    if !moves || words.iter().any(|word| word == "--sql") {
        return Seen { end, stdout: ran.stdout, log, rows: None };
    }
    // What each step changed stands under its line; the real ones say nothing of it.
    log.extend(ran.stdout.lines().filter(|line| line.starts_with("Running ")).map(str::to_owned));
    let other = |line: &&str| !line.starts_with("Running ") && !line.starts_with("  ") && *line != "Nothing to do.";
    let stdout = ran.stdout.lines().filter(other).collect();
    Seen { end, stdout, log, rows: rows(folder) }
}

/// The version rows of the simulated database, sorted.
fn rows(folder: &Path) -> Option<Vec<String>> {
    let journal = std::fs::read_to_string(folder.join(".revproof/migrations/journal")).ok()?;
    let lines = journal.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let last = lines.filter_map(|line| line.get("rows").cloned()).next_back().unwrap_or_default();
    let mut rows: Vec<String> = serde_json::from_value(last).unwrap_or_default();
    rows.sort();
    Some(rows)
}

/// Without what is different in every run: the folder, and the order of what Python holds in sets.
pub(super) fn normal(seen: Seen, folder: &Path) -> Seen {
    let folder = folder.canonicalize().expect("the folder is there").display().to_string();
    let place = |text: &str| text.replace(&folder, "<PROJ>");
    let end = match seen.end {
        End::Refused(sentence) => End::Refused(place(&sentence)),
        end => end,
    };
    let stdout = place(&seen.stdout);
    let mut lines: Vec<String> = stdout.split_inclusive('\n').map(sorted).collect();
    // The children of a branch point, under it.
    let is_child = |line: &String| line.starts_with(' ') && line.trim_start().starts_with("-> ");
    lines.chunk_by_mut(|a, b| is_child(a) && is_child(b)).for_each(<[String]>::sort);
    let stdout = lines.concat();
    Seen { end, stdout, log: seen.log.iter().map(|line| place(line).replace('\n', " ")).collect(), rows: seen.rows }
}

/// What `current` prints, without the name of the database and in order: Python holds the revisions in a set.
pub(super) fn in_order(seen: Seen) -> Seen {
    let mut blocks: Vec<String> = Vec::new();
    let verbose = seen.stdout.starts_with("Current revision(s) for ");
    for line in seen.stdout.split_inclusive('\n').skip(usize::from(verbose)) {
        match blocks.last_mut() {
            Some(block) if verbose && !line.starts_with("Rev: ") => block.push_str(line),
            _ => blocks.push(line.to_owned()),
        }
    }
    blocks.sort();
    Seen { stdout: blocks.concat(), ..seen }
}

/// A line with its branch labels, or the children that it lists, in order.
fn sorted(line: &str) -> String {
    let sort = |list: &str| {
        let mut names: Vec<&str> = list.split(", ").collect();
        names.sort_unstable();
        names.join(", ")
    };
    for title in ["Branches into: ", "Branch names: "] {
        if let Some(list) = line.strip_prefix(title) {
            return format!("{title}{}\n", sort(list.trim_end()));
        }
    }
    // The labels are the first thing in parentheses after the identifier.
    let at = line.rfind(" -> ").map_or(0, |at| at + 4);
    let Some(open) = line[at..].find(" (").map(|open| at + open + 2) else { return line.to_owned() };
    let Some(close) = line[open..].find(')').map(|close| open + close) else { return line.to_owned() };
    format!("{}{}{}", &line[..open], sort(&line[open..close]), &line[close..])
}

impl Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}", self.end)?;
        self.log.iter().try_for_each(|line| writeln!(f, "{line}"))?;
        if let Some(rows) = &self.rows {
            writeln!(f, "rows: {}", rows.join(", "))?;
        }
        f.write_str(&self.stdout)
    }
}
