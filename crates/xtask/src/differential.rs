//! `cargo xtask differential`: random chains through the real Alembic, by the crate that needs the core for it.

use anyhow::Result;
use xtask::shell::{command, run};

use crate::{alembic, postgres};

/// Installs the real Alembic and PostgreSQL where they are missing, and compares.
pub(crate) fn run_chains(arguments: &[String]) -> Result<()> {
    alembic::prepare()?;
    postgres::prepare()?;
    run(command("cargo run --quiet --locked --package xtask-differential --").args(arguments))
}
