//! The commands of the workflow against the real Alembic and Flask-Migrate: the same command lines on the same scripts
//! must print the same text, end in the same way and leave the same version rows.
//!
//! `cargo xtask alembic` installs the real ones. What differs on purpose stands in `differences.toml`.

mod broken;
mod chain;
mod compare;
mod differences;
mod harness;
mod moving;
mod reading;
mod real;
mod writing;

use std::collections::BTreeMap;
use std::path::Path;

pub(crate) use chain::{Chain, rev};
use compare::{Seen, in_order, normal, ours, theirs};
use differences::Differences;

/// Runs the command lines one after the other on two copies of the chain, in the real thing and in ours, and fails
/// where anything differs that `differences.toml` does not explain. `case` names the whole; a command line is written
/// as for `alembic`, without the name of the program: `upgrade head --sql`. Words with spaces go into single quotes.
#[track_caller]
pub(crate) fn check(case: &str, chain: &Chain, steps: &[&str]) {
    let lines: Vec<Vec<String>> = steps.iter().map(|step| words(step)).collect();
    let (theirs_at, ours_at) = (chain.write(), chain.write());
    let answers = real::run(theirs_at.path(), chain.face, &lines);
    let differences = Differences::of(case);
    let mut report = Vec::new();
    for ((step, line), answer) in steps.iter().zip(&lines).zip(&answers) {
        let mut real = normal(theirs(answer, chain.face), theirs_at.path());
        let mut own = normal(ours(ours_at.path(), line), ours_at.path());
        if line.iter().any(|word| word == "current") {
            (real, own) = (in_order(real), in_order(own));
        }
        if line.iter().any(|word| word == "--sql") {
            // The real ones say on stderr what the comments of the SQL say.
            real.log.clear();
        }
        let differs = real != own;
        match (differs, differences.reason(step)) {
            (true, None) => report.push(told(step, &real, &own)),
            (false, Some(reason)) => report
                .push(format!("`{step}` does not differ any more: its entry in differences.toml can go ({reason})")),
            _ => {}
        }
    }
    report.extend(differences.without(steps));
    // Where one of them goes its own way, their files may differ.
    let alike =
        answers.iter().all(|answer| answer.raised.is_none()) && steps.iter().all(|s| differences.reason(s).is_none());
    if alike && scripts(theirs_at.path()) != scripts(ours_at.path()) {
        let (real, own) = (scripts(theirs_at.path()), scripts(ours_at.path()));
        report.push(format!("the scripts differ\n-- real: {real:#?}\n-- ours: {own:#?}"));
    }
    assert!(report.is_empty(), "{case}:\n\n{}", report.join("\n\n"));
}

/// The scripts of a project, by path, without the dates on which they were made.
fn scripts(folder: &Path) -> BTreeMap<String, String> {
    let text = |file: &Path| {
        let text = std::fs::read_to_string(file).expect("a script is text");
        let lines = text.split_inclusive('\n');
        lines.map(|line| if line.starts_with("Create Date: 20") { "Create Date: then\n" } else { line }).collect()
    };
    let path = |file: &Path| file.strip_prefix(folder).expect("a file of the project").display().to_string();
    crate::command::files(folder, "py").iter().map(|file| (path(file), text(file))).collect()
}

fn told(step: &str, real: &Seen, own: &Seen) -> String {
    format!("`{step}` differs\n-- real: {real}\n-- ours: {own}")
}

/// A command line as words; single quotes keep spaces.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    let mut words = Vec::new();
    for (number, part) in parts {
        if number % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// A file of the conformance tests.
fn own_file(name: &str) -> std::path::PathBuf {
    crate::command::root().join("tests/conformance").join(Path::new(name))
}
