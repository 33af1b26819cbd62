//! `revproof reset`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::args::DirectoryArgs;
use crate::moves::fresh;
use crate::state::State;
use crate::{migrations, output};

/// The arguments of `reset`.
#[derive(Debug, Args)]
pub(crate) struct ResetArgs {
    #[command(flatten)]
    directory: DirectoryArgs,
    /// Begin again with the database of this dump (`pg_dump --schema-only`, `sqlite3 .schema`, `mysqldump --no-data`)
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
}

/// Throws the simulated database away.
pub(crate) fn run(args: &ResetArgs) -> Result<ExitCode> {
    let baseline = args.baseline.clone();
    let told = migrations::with(&args.directory, move |migrations| {
        if let Some(file) = baseline {
            let environment = migrations.one_database()?;
            let state = State::of(migrations, environment);
            let lock = state.lock()?;
            state.write(&lock, &fresh(migrations, environment, Some(&file))?)?;
            return Ok(format!("The simulated database is that of {}.\n", file.display()));
        }
        let mut there_was = false;
        for environment in &migrations.databases {
            let state = State::of(migrations, environment);
            there_was |= state.remove(&state.lock()?)?;
        }
        Ok(if there_was { "The simulated database is gone.\n" } else { "There was no simulated database.\n" }
            .to_owned())
    })?;
    output::print(&told)?;
    Ok(ExitCode::SUCCESS)
}
