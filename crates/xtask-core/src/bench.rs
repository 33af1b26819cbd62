//! `cargo xtask bench`: how long the whole process takes, beside a bare parse of the same files.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use revproof_core::analyse::{Means, Memory, analyse_by};
use revproof_core::config::Config;
use revproof_core::render::{Format, Options, render};

use crate::synth::Style;
use crate::{peers, synth};
use xtask::shell::root;

const LENGTHS: [usize; 3] = [100, 1_000, 10_000];

/// What is timed.
#[derive(Debug, Clone)]
pub(crate) enum Subject {
    /// A synthetic chain of so many revisions.
    Length(usize),
    /// The migrations in a folder.
    Folder(PathBuf),
}

impl FromStr for Subject {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.parse().map_or_else(|_| Self::Folder(text.into()), Self::Length))
    }
}

/// Prints a row per subject; of several runs the fastest counts, as everything that disturbs a run makes it slower.
pub(crate) fn run_all(mut subjects: Vec<Subject>, peers: bool) -> Result<()> {
    ensure!(!cfg!(debug_assertions), "what is timed has to be optimized: run `cargo xtask bench`, which sees to that");
    let binary = root().join("target/release/revproof");
    let length = |subject: &Subject| match subject {
        Subject::Length(length) => Some(*length),
        Subject::Folder(_) => None,
    };
    if peers {
        return peers::run_all(&binary, subjects.iter().find_map(length).unwrap_or(1_000));
    }
    if subjects.is_empty() {
        subjects.extend(LENGTHS.map(Subject::Length));
    }
    println!("| migrations | bare parse | check, seeded rows | × parse | check, no rows | × parse | memory |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    subjects.iter().try_for_each(|subject| row(&binary, subject))?;
    println!();
    println!("| revisions | first proof | nothing edited | last script edited | its text | watch, from the disk |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: |");
    subjects.iter().filter_map(length).try_for_each(|length| again(&binary, length))
}

/// Prints how long a bare parse and the command take. They take turns, so that what slows one down slows down the other.
fn row(binary: &Path, subject: &Subject) -> Result<()> {
    let folder = match subject {
        Subject::Length(length) => chain(*length)?,
        Subject::Folder(folder) => folder.clone(),
    };
    let scripts = scripts(&folder)?;
    let (mut parse_time, mut seeded, mut empty) = (Duration::MAX, Duration::MAX, Duration::MAX);
    for _ in 0..if scripts.len() > 2_000 { 7 } else { 21 } {
        parse_time = parse_time.min(parse(&scripts)?);
        seeded = seeded.min(check(binary, &folder, "seeded")?);
        empty = empty.min(check(binary, &folder, "none")?);
    }
    let memory =
        memory(binary, &folder).map_or_else(|| "?".to_owned(), |kib| format!("{} MB", kib * 1_024 / 1_000_000));
    println!(
        "| {} | {} | {} | {} | {} | {} | {memory} |",
        scripts.len(),
        ms(parse_time),
        ms(seeded),
        times(seeded, parse_time),
        ms(empty),
        times(empty, parse_time)
    );
    Ok(())
}

/// Prints what it takes to prove a chain again whose last script was edited: in memory, and by a command that watches.
fn again(binary: &Path, length: usize) -> Result<()> {
    let mut files: BTreeMap<String, String> = synth::files(length, Style::Plain).into_iter().collect();
    let last = synth::path(length.saturating_sub(1));
    let config = Config::default();
    let mut memory = Memory::default();
    let mut prove = |files: &BTreeMap<String, String>| {
        let start = Instant::now();
        let mut silent = |_| {};
        let means = Means { memory: Some(&mut memory), ..Means::plain(&mut silent) };
        let report = analyse_by(files, "", &config, means);
        (start.elapsed(), report)
    };
    let (first, report) = prove(&files);
    let nothing = fastest(7, || Ok(prove(&files).0))?;
    let mut edit = 0_u32;
    let edited = fastest(15, || {
        edit += 1;
        let script = files.get_mut(&last).context("the chain has no last script")?;
        *script = script.replace("    # ### end", &format!("    op.execute(\"SELECT {edit}\")\n    # ### end"));
        Ok(prove(&files).0)
    })?;
    let text = fastest(7, || {
        let start = Instant::now();
        ensure!(!render(&report, Format::Text, Options::default()).is_empty(), "the report is empty");
        Ok(start.elapsed())
    })?;
    let watched = watched(binary, length)?;
    println!("| {length} | {} | {} | {} | {} | {watched} |", ms(first), ms(nothing), ms(edited), ms(text));
    Ok(())
}

/// What a command that watches says of how long it took, after an edit of the last script.
fn watched(binary: &Path, length: usize) -> Result<String> {
    let folder = chain(length)?;
    let mut command = revproof(binary, &folder, "seeded");
    let mut child = command.args(["--watch", "--output-format", "concise"]).stdout(Stdio::piped()).spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("it has no output")?).lines();
    let mut wait = |said: &str| -> Result<String> {
        let line = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains(said)));
        Ok(line.context("the command ended")??)
    };
    wait("watching")?;
    // What was written just now is read again each time, so that no edit within a tick of the clock is missed.
    thread::sleep(Duration::from_secs(3));
    let last = folder.join(synth::path(length.saturating_sub(1)));
    let text = fs::read_to_string(&last)?;
    let mut told = Vec::new();
    for edit in 0..5 {
        let added = format!("    op.execute(\"SELECT {edit}\")\n    # ### end");
        fs::write(&last, text.replace("    # ### end", &added))?;
        told.push(wait("proved again in")?);
    }
    child.kill()?;
    child.wait()?;
    let took = |line: &String| line.rsplit(" in ").next()?.trim_end_matches(" ms").parse::<u32>().ok();
    Ok(format!("{} ms", told.iter().filter_map(took).min().context("it told no time")?))
}

fn chain(length: usize) -> Result<PathBuf> {
    let folder = root().join(format!("target/bench/{length}"));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    synth::write(length, &folder, Style::Plain)?;
    Ok(folder)
}

/// The revision scripts of a migrations folder.
fn scripts(folder: &Path) -> Result<Vec<PathBuf>> {
    let versions = folder.join("versions");
    let entries = fs::read_dir(&versions).with_context(|| format!("cannot list {}", versions.display()))?;
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    Ok(paths.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "py")).collect())
}

/// Reads and parses every script, and does nothing else.
fn parse(scripts: &[PathBuf]) -> Result<Duration> {
    let start = Instant::now();
    for path in scripts {
        let text = fs::read_to_string(path)?;
        let parsed = ruff_python_parser::parse_module(&text);
        ensure!(
            parsed.is_ok_and(|parsed| parsed.syntax().range.end().to_usize() == text.len()),
            "a script does not parse"
        );
    }
    Ok(start.elapsed())
}

fn check(binary: &Path, folder: &Path, rows: &str) -> Result<Duration> {
    let start = Instant::now();
    let status = revproof(binary, folder, rows).status()?;
    let elapsed = start.elapsed();
    ensure!(status.code().is_some_and(|code| code < 2), "revproof could not run: {status}");
    Ok(elapsed)
}

fn revproof(binary: &Path, folder: &Path, rows: &str) -> Command {
    let mut command = Command::new(binary);
    command.arg("check").arg(folder).args(["--dialect", "postgresql", "--rows", rows]).stdout(Stdio::null());
    command
}

/// The most memory that a run with rows held, in KiB, as GNU time tells it.
fn memory(binary: &Path, folder: &Path) -> Option<u64> {
    let mut timed = Command::new("/usr/bin/time");
    timed.arg("-f%M").arg(binary).arg("check").arg(folder).stdout(Stdio::null());
    let output = timed.output().ok()?;
    String::from_utf8(output.stderr).ok()?.lines().last()?.trim().parse().ok()
}

pub(crate) fn fastest(runs: usize, mut run: impl FnMut() -> Result<Duration>) -> Result<Duration> {
    let mut fastest = run()?;
    for _ in 1..runs {
        fastest = fastest.min(run()?);
    }
    Ok(fastest)
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn times(time: Duration, parse: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() / parse.as_secs_f64().max(f64::EPSILON))
}
