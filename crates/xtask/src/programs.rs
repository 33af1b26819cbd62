//! The other programs of the workspace.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use xtask::shell::{command, root, run};

/// The packages whose programs this process has built.
static BUILT: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());

/// The packages that have a program for other commands to run.
const PACKAGES: [&str; 4] = ["revproof", "xtask-bindgen", "xtask-core", "xtask-differential"];

/// A cargo command over the whole workspace. Whoever asks for some packages only gets other features of what they have in
/// common, and waits until that is built again.
pub(crate) fn cargo(what: &str, targets: &str) -> Command {
    command(&format!("cargo {what} --workspace --locked {targets}"))
}

/// Builds all programs, and all tests.
pub(crate) fn build_all() -> Result<()> {
    run(&mut cargo("build", "--all-targets"))?;
    BUILT.lock().unwrap_or_else(PoisonError::into_inner).extend(PACKAGES);
    Ok(())
}

/// The program of a package, which is built first where this process has not done so.
pub(crate) fn program(package: &'static str) -> Result<PathBuf> {
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if !built.contains(package) {
        run(command("cargo build --quiet --locked --package").arg(package))?;
        built.insert(package);
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    Ok(target.join("debug").join(package))
}

/// Runs the program of a package.
pub(crate) fn run_program(package: &'static str, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<()> {
    run(Command::new(program(package)?).args(arguments).current_dir(root()))
}
