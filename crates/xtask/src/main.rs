//! Developer commands: `cargo xtask --help`. Never shipped.

mod alembic;
mod bench;
mod docs;
mod shell;
mod synth;
mod test;
mod wasm;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

/// Developer commands of revproof.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Task {
    /// Write the generated pages of the manual
    Docs {
        /// Write nothing; fail where a page is not up to date
        #[arg(long)]
        check: bool,
    },
    /// Install the real Alembic and Flask-Migrate, which the conformance tests compare with
    Alembic,
    /// Check that the core compiles for the browser, fetching what that needs
    Wasm,
    /// Run everything that CI runs, fetching what it needs
    Test,
    /// Write a chain of N revisions, as autogenerate would have written them
    Synth {
        /// How many revisions
        revisions: usize,
        /// The folder to write to
        folder: PathBuf,
    },
    /// Time `revproof check` on chains of 100, 1,000 and 10,000 revisions against a bare parse of the same files
    Bench {
        /// Chains of these lengths instead
        lengths: Vec<usize>,
    },
}

fn main() -> Result<()> {
    match Task::parse() {
        Task::Docs { check } => docs::run_all(check),
        Task::Alembic => alembic::prepare(),
        Task::Wasm => wasm::run_check(),
        Task::Test => test::run_all(),
        Task::Synth { revisions, folder } => synth::write(revisions, &folder),
        Task::Bench { lengths } => bench::run_all(&lengths),
    }
}
