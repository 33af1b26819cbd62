//! Developer commands: `cargo xtask --help`. Never shipped.

mod alembic;
mod browser;
mod differential;
mod docs;
mod editor;
mod npm;
mod package;
mod page;
mod postgres;
mod programs;
mod serve;
mod test;
mod wasm;

use std::path::PathBuf;

use anyhow::Result;
use browser::Wanted;
use clap::Parser;
use programs::run_program;
use xtask::shell::{command, root, run};

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
    /// Install PostgreSQL, which the tests compare with
    Postgres,
    /// Build the playground into `dist/`, fetching what that needs
    Web {
        /// Quick to build instead of small, and without the service worker
        #[arg(long)]
        dev: bool,
    },
    /// Bundle the editor of the playground
    Editor {
        /// Write nothing; fail where the bundle is not up to date
        #[arg(long)]
        check: bool,
    },
    /// Serve `dist/` on this machine
    Serve {
        /// The port on 127.0.0.1; 0 for any that is free
        #[arg(long, default_value_t = 8000)]
        port: u16,
    },
    /// Run the tests of the playground in a real browser, fetching what they need
    Browser {
        /// These topics only: the files of `tests/browser`, without `.test.js`
        topics: Vec<String>,
        /// Take `dist/` as it is
        #[arg(long)]
        built: bool,
    },
    /// Write the pictures of the playground that the manual shows
    Screenshots {
        /// Take `dist/` as it is
        #[arg(long)]
        built: bool,
    },
    /// Compare random chains with the real Alembic on real databases
    Differential {
        /// How many chains, from which seed on, on which database: `--help` of the command lists them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Build the npm package into `target/npm/revproof`
    Package {
        /// Run its tests in Node instead, on a build that is quick instead of small
        #[arg(long)]
        test: bool,
    },
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
        /// Chains of these lengths, or the migrations in these folders, instead
        subjects: Vec<String>,
        /// Compare with Alembic, pytest-alembic and pytest-mrt on SQLite instead, on one chain of 1,000 revisions or so many
        #[arg(long)]
        peers: bool,
    },
}

fn main() -> Result<()> {
    match Task::parse() {
        Task::Alembic => alembic::prepare(),
        Task::Postgres => postgres::prepare(),
        Task::Web { dev } => page::build(dev),
        Task::Editor { check } => editor::bundle(check),
        Task::Serve { port } => serve::serve(&root().join(page::DIST), port),
        Task::Browser { topics, built } => browser::run_tests(&Wanted { topics: &topics, built }),
        Task::Screenshots { built } => browser::write_screenshots(built),
        Task::Differential { arguments } => differential::run_chains(&arguments),
        Task::Package { test: true } => package::run_tests(),
        Task::Package { test: false } => package::build(false).map(|folder| println!("{}", folder.display())),
        Task::Test => test::run_all(),
        // They need the core, for which the other commands should not have to wait.
        Task::Bench { .. } => {
            // The bare parse is held against what is shipped, so it has to be as optimized. One build serves both, or the
            // core would be compiled once for each.
            run(&mut command("cargo build --release --locked --package revproof --package xtask-core"))?;
            run(command("target/release/xtask-core").args(std::env::args_os().skip(1)))
        }
        Task::Docs { check } => docs::write(check),
        Task::Synth { .. } => run_program("xtask-core", std::env::args_os().skip(1)),
    }
}
