//! `cargo xtask docs`: the generated pages of the manual, by the crate that has the core they tell of.

use std::process::Command;

use anyhow::Result;
use xtask::shell::{root, run};

use crate::programs::program;

/// Writes the pages, or, with `check`, fails where one is not up to date.
pub(crate) fn write(check: bool) -> Result<()> {
    let mut docs = Command::new(program("xtask-core")?);
    docs.arg("docs").args(check.then_some("--check")).current_dir(root());
    run(docs.env("REVPROOF", program("revproof")?))
}
