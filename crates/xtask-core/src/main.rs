//! The developer commands that need the core. `cargo xtask` calls them, so that its other commands, which build the
//! playground, don't have to wait until the core is compiled for this machine.

mod bench;
mod docs;
mod peers;
mod synth;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Task {
    /// Write the generated pages of the manual
    Docs {
        /// Write nothing; fail where a page is not up to date
        #[arg(long)]
        check: bool,
    },
    /// Write a chain of N revisions, as autogenerate would have written them
    Synth {
        /// How many revisions
        revisions: usize,
        /// The folder to write to
        folder: PathBuf,
    },
    /// Time `revproof check` on chains of 100, 1,000 and 10,000 revisions against a bare parse of the same files
    Bench {
        /// Chains of these lengths, or the migrations in these folders, instead
        subjects: Vec<bench::Subject>,
        /// Compare with Alembic, pytest-alembic and pytest-mrt on SQLite instead, on one chain of 1,000 revisions or so many
        #[arg(long)]
        peers: bool,
    },
}

fn main() -> Result<()> {
    match Task::parse() {
        Task::Docs { check } => docs::run_all(check),
        Task::Synth { revisions, folder } => synth::write(revisions, &folder, synth::Style::Plain),
        Task::Bench { subjects, peers } => bench::run_all(subjects, peers),
    }
}
