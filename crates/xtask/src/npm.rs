//! Node and the packages of a folder with a `package.json`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use xtask::shell::{command, install, root, run, succeeds};

/// Installs what the lock file of the folder says, unless it is there.
pub(crate) fn prepare(folder: &str) -> Result<()> {
    let place = root().join(folder);
    let lock = place.join("package-lock.json");
    let wanted = fs::read_to_string(&lock).with_context(|| format!("cannot read {folder}/package-lock.json"))?;
    let installed = place.join("node_modules/.installed");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if !succeeds(&mut command("npm --version")) {
        install(&["nodejs", "npm"]).context("Node 18 or newer, with npm, is needed")?;
    }
    let mut npm = command("npm ci --ignore-scripts --no-audit --no-fund --loglevel=error");
    run(npm.current_dir(&place)).with_context(|| format!("the npm packages of {folder} can't be installed"))?;
    // Written last, so that an installation that was broken off is done again.
    fs::write(installed, wanted)?;
    Ok(())
}

/// A script of the folder, run in it.
pub(crate) fn node(folder: &Path, arguments: &[&str]) -> Command {
    let mut node = command("node");
    node.args(arguments).current_dir(folder);
    node
}
