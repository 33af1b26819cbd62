//! `cargo xtask browser`: the tests of the playground in a real Chromium.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::thread;

use anyhow::{Context, Result, ensure};
use xtask::shell::{install, root, run};

use crate::page::DIST;
use crate::{npm, page, serve};

const FOLDER: &str = "tests/browser";
const CHROMIUM: &str = "/usr/bin/chromium";

/// What is run.
pub(crate) struct Wanted<'a> {
    /// Topics; all where there is none.
    pub(crate) topics: &'a [String],
    /// Take the playground as it is, instead of building it first.
    pub(crate) built: bool,
}

/// Runs the tests of some topics, or all.
pub(crate) fn run_tests(wanted: &Wanted) -> Result<()> {
    let files = files(wanted.topics)?;
    let mut arguments = vec!["--test", "--test-concurrency=1", "--test-reporter=spec"];
    arguments.extend(files.iter().map(String::as_str));
    with_page(wanted.built, &arguments)
}

/// Writes the pictures of the manual.
pub(crate) fn write_screenshots(built: bool) -> Result<()> {
    with_page(built, &["screenshots.js"])
}

/// Runs Node in the folder of the tests, while the playground is served.
fn with_page(built: bool, arguments: &[&str]) -> Result<()> {
    if !Path::new(CHROMIUM).exists() {
        install(&["chromium"]).context("Chromium is needed")?;
    }
    npm::prepare(FOLDER)?;
    if !built {
        page::build(false)?;
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let origin = format!("http://127.0.0.1:{}", listener.local_addr()?.port());
    // It ends with this process.
    thread::spawn(move || serve::run(&root().join(DIST), &listener));
    let folder = root().join(FOLDER);
    run(npm::node(&folder, arguments).env("PLAYGROUND", origin).env("CHROMIUM", CHROMIUM))
}

fn files(topics: &[String]) -> Result<Vec<String>> {
    let folder = root().join(FOLDER);
    if topics.is_empty() {
        let names = std::fs::read_dir(folder)?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| name.ends_with(".test.js")).collect();
        names.sort();
        return Ok(names);
    }
    let names: Vec<String> = topics.iter().map(|topic| format!("{topic}.test.js")).collect();
    for name in &names {
        ensure!(folder.join(name).exists(), "there is no {FOLDER}/{name}");
    }
    Ok(names)
}
