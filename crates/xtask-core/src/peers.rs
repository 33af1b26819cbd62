//! `cargo xtask bench --peers`: the same chain, proved here and run by those who need a database for it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::bench::fastest;
use crate::synth::{self, Style};
use xtask::shell::{command, root, run};

/// What is compared with. `pytest-alembic` does not collect its tests under pytest 9.
const REQUIREMENTS: [&str; 5] =
    ["alembic==1.20.1", "SQLAlchemy==2.1.9", "pytest==8.4.2", "pytest-alembic==0.13.1", "pytest-mrt==1.9.1"];

const ENVIRONMENT: &str = "\
from alembic import context
from sqlalchemy import MetaData, create_engine, pool

target_metadata = MetaData()
url = context.config.get_main_option('sqlalchemy.url')
engine = context.config.attributes.get('connection') or create_engine(url, poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
";

const UP_DOWN_UP: &str = "\
from alembic import command, config

settings = config.Config('alembic.ini')
command.upgrade(settings, 'head')
command.downgrade(settings, 'base')
command.upgrade(settings, 'head')
";

const PYTEST_ALEMBIC: &str = "\
import pytest
from sqlalchemy import create_engine

@pytest.fixture
def alembic_config():
    return {'file': 'alembic.ini', 'script_location': '.'}

@pytest.fixture
def alembic_engine():
    return create_engine('sqlite:///peer.db')
";

const PYTEST_MRT: &str = "\
from pytest_mrt.config import MRTConfig

def pytest_configure(config):
    config._mrt_config = MRTConfig(alembic_ini='alembic.ini', db_url='sqlite:///peer.db')
";

/// What each peer is called, what Python is told to run, and the `conftest.py` for it. Each pytest plugin is kept from
/// interfering with the other.
const PEERS: [(&str, &str, &str); 3] = [
    ("Alembic: up, down, up", "up_down_up.py", ""),
    (
        "pytest-alembic: its four tests",
        "-m pytest -q --tb=no --rootdir=. -p no:cacheprovider -p no:mrt --test-alembic --alembic-tests-path conftest.py \
         conftest.py",
        PYTEST_ALEMBIC,
    ),
    ("pytest-mrt: its tests", "-m pytest -q --tb=no --rootdir=. -p no:cacheprovider -p no:pytest_alembic", PYTEST_MRT),
];

/// A peer that takes longer is stopped.
const LIMIT: Duration = Duration::from_mins(30);

/// Prints a row for each. Of ours the fastest of seven runs counts; the others run once, as they take so long that what
/// disturbs them is little beside it.
pub(crate) fn run_all(binary: &Path, length: usize) -> Result<()> {
    let python = environment()?;
    let ours = fastest(7, || check(binary, &chain(length)?))?;
    println!("| {length} revisions, SQLite | time | × revproof | it says |");
    println!("| --- | ---: | ---: | --- |");
    row("revproof check, seeded rows", ours, ours, "every verdict");
    for (name, arguments, conftest) in PEERS {
        let (time, said) = time(&python, &chain(length)?, arguments, conftest)?;
        row(name, time, ours, &said);
    }
    Ok(())
}

fn row(name: &str, time: Duration, ours: Duration, said: &str) {
    println!("| {name} | {:.2} s | {:.0} | {said} |", time.as_secs_f64(), time.as_secs_f64() / ours.as_secs_f64());
}

/// The chain on a SQLite database that is not there yet.
fn chain(length: usize) -> Result<PathBuf> {
    let folder = root().join(format!("target/bench/peers-{length}"));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    synth::write(length, &folder, Style::Portable)?;
    let ini = "[alembic]\nscript_location = %(here)s\nsqlalchemy.url = sqlite:///peer.db\n";
    fs::write(folder.join("alembic.ini"), ini)?;
    fs::write(folder.join("env.py"), ENVIRONMENT)?;
    fs::write(folder.join("up_down_up.py"), UP_DOWN_UP)?;
    Ok(folder)
}

fn check(binary: &Path, folder: &Path) -> Result<Duration> {
    let start = Instant::now();
    let status = Command::new(binary).arg("check").arg(folder).stdout(Stdio::null()).status()?;
    let elapsed = start.elapsed();
    ensure!(status.code().is_some_and(|code| code < 2), "revproof could not run: {status}");
    Ok(elapsed)
}

/// How long a peer takes, and the last line that it says: failures count too, a chain that they can't handle is an answer.
fn time(python: &Path, folder: &Path, arguments: &str, conftest: &str) -> Result<(Duration, String)> {
    if !conftest.is_empty() {
        fs::write(folder.join("conftest.py"), conftest)?;
    }
    let said = folder.join("said.txt");
    let start = Instant::now();
    let mut command = Command::new(python);
    command.args(arguments.split_whitespace()).current_dir(folder).stdout(File::create(&said)?).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let status = loop {
        match child.try_wait()? {
            Some(status) => break status,
            None if start.elapsed() > LIMIT => {
                child.kill()?;
                child.wait()?;
                return Ok((start.elapsed(), "stopped, not done".to_owned()));
            }
            None => thread::sleep(Duration::from_millis(5)),
        }
    };
    let elapsed = start.elapsed();
    let said = fs::read_to_string(said)?;
    let last = said.lines().rev().find(|line| !line.trim().is_empty());
    let status = if status.success() { "done" } else { "failed" };
    Ok((elapsed, last.map_or_else(|| status.to_owned(), |last| last.trim_matches('=').trim().to_owned())))
}

/// The Python of an environment that holds the peers.
fn environment() -> Result<PathBuf> {
    let folder = root().join("target/peers");
    let (python, installed) = (folder.join("bin/python"), folder.join("installed.txt"));
    let wanted = REQUIREMENTS.join("\n");
    if !fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        run(command("python3 -m venv --clear").arg(&folder)).context("Python with its module `venv` is needed")?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(REQUIREMENTS))?;
        fs::write(installed, wanted)?;
    }
    Ok(python)
}
