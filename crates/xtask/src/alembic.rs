//! `cargo xtask alembic`: a virtual environment with the real Alembic and Flask-Migrate, for the conformance tests.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use xtask::shell::{command, install, root, run, succeeds};

/// Where the tests look for it.
const FOLDER: &str = "target/alembic";
const REQUIREMENTS: &str = "tests/conformance/requirements.txt";

/// Makes the environment, unless it is there and holds what the requirements say.
pub(crate) fn prepare() -> Result<()> {
    let wanted =
        fs::read_to_string(root().join(REQUIREMENTS)).with_context(|| format!("cannot read {REQUIREMENTS}"))?;
    let folder = root().join(FOLDER);
    let installed = folder.join("installed.txt");
    let python = folder.join("bin/python");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) && python.exists() {
        return Ok(());
    }
    make(&folder)?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS]).current_dir(root());
    run(&mut pip).context("the real Alembic, which the tests compare with, can't be installed")?;
    // Written last, so that an installation that was broken off is done again.
    fs::write(installed, wanted)?;
    eprintln!("{FOLDER} holds what {REQUIREMENTS} asks for");
    Ok(())
}

fn make(folder: &Path) -> Result<()> {
    let make = || command("python3 -m venv --clear");
    if succeeds(make().arg(folder)) {
        return Ok(());
    }
    // Debian and its children ship the module apart from Python.
    install(&["python3", "python3-venv"])?;
    run(make().arg(folder)).context("Python 3.10 or newer, with its module `venv`, is needed")
}
