//! `cargo xtask postgres`: the programs of PostgreSQL, which the tests start on a private socket to compare with.

use anyhow::{Context, Result, ensure};

use xtask::shell::{command, install, succeeds};

/// Installs the programs, unless they are there.
pub(crate) fn prepare() -> Result<()> {
    if is_there() {
        return Ok(());
    }
    install(&["postgresql"]).context("PostgreSQL, which the tests compare with, can't be installed")?;
    ensure!(is_there(), "PostgreSQL was installed, but tests/postgres.py does not find its `initdb`");
    Ok(())
}

/// Whether the tests find them.
fn is_there() -> bool {
    succeeds(&mut command("python3 tests/postgres.py"))
}
