//! `cargo xtask bench`: how long the whole process takes, beside a bare parse of the same files.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use revproof_core::analyse::{Means, Memory, analyse_by};
use revproof_core::config::Config;
use revproof_core::render::{Format, Options, render};

use crate::synth::Style;

use crate::{peers, synth};
use xtask::shell::{command, root, run};

const LENGTHS: [usize; 3] = [100, 1_000, 10_000];

/// Prints a row per length; of several runs the fastest counts, as everything that disturbs a run makes it slower.
pub(crate) fn run_all(lengths: &[usize], peers: bool) -> Result<()> {
    if cfg!(debug_assertions) {
        // The bare parse is held against what is shipped, so it has to be as optimized.
        let mut optimized = command("cargo run --release --quiet --package xtask-core --locked -- bench");
        return run(optimized.args(lengths.iter().map(ToString::to_string)).args(peers.then_some("--peers")));
    }
    run(&mut command("cargo build --release --package revproof --locked"))?;
    let binary = root().join("target/release/revproof");
    if peers {
        return peers::run_all(&binary, lengths.first().copied().unwrap_or(1_000));
    }
    let lengths = if lengths.is_empty() { &LENGTHS } else { lengths };
    println!("| revisions | bare parse | check, seeded rows | × parse | check, no rows | × parse | memory |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for &length in lengths {
        let folder = chain(length)?;
        let runs = if length > 2_000 { 3 } else { 7 };
        let parse = fastest(runs, || parse(&folder))?;
        let seeded = fastest(runs, || check(&binary, &folder, "seeded"))?;
        let empty = fastest(runs, || check(&binary, &folder, "none"))?;
        let memory = memory(&binary, &folder).map_or_else(|| "?".to_owned(), |kb| format!("{} MB", kb / 1024));
        println!(
            "| {length} | {} | {} | {} | {} | {} | {memory} |",
            ms(parse),
            ms(seeded),
            times(seeded, parse),
            ms(empty),
            times(empty, parse)
        );
    }
    println!();
    println!("| revisions | first proof | nothing edited | last script edited | its text | watch, from the disk |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: |");
    lengths.iter().try_for_each(|length| again(&binary, *length))
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

/// Reads and parses every script, and does nothing else.
fn parse(folder: &Path) -> Result<Duration> {
    let start = Instant::now();
    for entry in fs::read_dir(folder.join("versions"))? {
        let text = fs::read_to_string(entry?.path())?;
        let parsed = ruff_python_parser::parse_module(&text).context("the synthetic script does not parse")?;
        ensure!(!parsed.syntax().body.is_empty(), "the synthetic script is empty");
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

/// The most memory that a run with rows held, in KB, as GNU time tells it.
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

pub(crate) fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn times(time: Duration, parse: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() / parse.as_secs_f64().max(f64::EPSILON))
}
