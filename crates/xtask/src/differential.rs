//! `cargo xtask differential`: random chains through the real Alembic, by the crate that needs the core for it.

use anyhow::Result;

use crate::programs::run_program;
use crate::{alembic, postgres};

/// Installs the real Alembic and PostgreSQL where they are missing, and compares.
pub(crate) fn run_chains(arguments: &[String]) -> Result<()> {
    alembic::prepare()?;
    postgres::prepare()?;
    run_program("xtask-differential", arguments)
}
