//! `cargo xtask test`: everything that CI runs. It must work on a bare machine with rustup, so it fetches what it needs.

use std::thread;

use anyhow::{Context, Result, anyhow};
use xtask::shell::{command, run, step, succeeds};

use crate::browser::Wanted;
use crate::programs::{build_all, cargo};
use crate::{alembic, browser, differential, docs, editor, package, page, postgres};

/// Runs all steps; the first that fails ends it.
pub(crate) fn run_all() -> Result<()> {
    step("tools", tools)?;
    step("format", || run(&mut command("cargo fmt --all --check")))?;
    step("the real Alembic", alembic::prepare)?;
    step("the real PostgreSQL", postgres::prepare)?;
    // It has folders, and so locks, of its own.
    let playground = thread::spawn(page::compile_aside);
    step("clippy", || run(&mut cargo("clippy", "--all-targets -- -D warnings")))?;
    step("build", build_all)?;
    step("tests", || run(&mut cargo("test", "--all-targets")))?;
    // 150 chains on each of two databases, on empty tables and with rows.
    step("differential test", || differential::run_chains(&["--seeds".to_owned(), "150".to_owned()]))?;
    step("documentation tests", || run(&mut cargo("test", "--doc")))?;
    step("documentation", || {
        run(cargo("doc", "--no-deps --document-private-items").env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    step("generated pages", || docs::write(true))?;
    step("the editor's bundle", || editor::bundle(true))?;
    step("what the browser loads", || playground.join().map_err(|_| anyhow!("its compilation panicked"))?)?;
    step("npm package", package::run_tests)?;
    step("playground", || browser::run_tests(&Wanted { topics: &[], built: false }))?;
    eprintln!("\nall is well");
    Ok(())
}

/// rustfmt and clippy come with the toolchain that `rust-toolchain.toml` names, unless its profile is minimal.
fn tools() -> Result<()> {
    for (tool, component) in [("cargo fmt --version", "rustfmt"), ("cargo clippy --version", "clippy")] {
        if !succeeds(&mut command(tool)) {
            run(command("rustup component add").arg(component)).with_context(|| format!("{component} is missing"))?;
        }
    }
    Ok(())
}
