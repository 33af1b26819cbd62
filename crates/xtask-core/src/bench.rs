//! `cargo xtask bench`: how long the whole process takes, beside a bare parse of the same files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::synth;
use xtask::shell::{command, root, run};

const LENGTHS: [usize; 3] = [100, 1_000, 10_000];

/// Prints a row per length; of several runs the fastest counts, as everything that disturbs a run makes it slower.
pub(crate) fn run_all(lengths: &[usize]) -> Result<()> {
    if cfg!(debug_assertions) {
        // The bare parse is held against what is shipped, so it has to be as optimized.
        let mut optimized = command("cargo run --release --quiet --package xtask-core --locked -- bench");
        return run(optimized.args(lengths.iter().map(ToString::to_string)));
    }
    run(&mut command("cargo build --release --package revproof --locked"))?;
    let binary = root().join("target/release/revproof");
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
    Ok(())
}

fn chain(length: usize) -> Result<PathBuf> {
    let folder = root().join(format!("target/bench/{length}"));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    synth::write(length, &folder)?;
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

fn fastest(runs: usize, mut run: impl FnMut() -> Result<Duration>) -> Result<Duration> {
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
