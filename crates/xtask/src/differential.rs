//! `cargo xtask differential`: random chains through the real Alembic, by the crate that needs the core for it.

use anyhow::Result;
use xtask::shell::{command, run};

use crate::alembic;

/// Installs the real Alembic where it is missing, and compares.
pub(crate) fn run_chains(arguments: &[String]) -> Result<()> {
    alembic::prepare()?;
    run(command("cargo run --quiet --locked --package xtask-differential --").args(arguments))
}
