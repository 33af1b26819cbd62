//! `revproof reset`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::args::DirectoryArgs;
use crate::state::State;
use crate::{migrations, output};

/// The arguments of `reset`.
#[derive(Debug, Args)]
pub(crate) struct ResetArgs {
    #[command(flatten)]
    directory: DirectoryArgs,
}

/// Throws the simulated database away.
pub(crate) fn run(args: &ResetArgs) -> Result<ExitCode> {
    let there_was = migrations::with(&args.directory, |migrations| {
        let state = State::of(migrations);
        let lock = state.lock()?;
        state.remove(&lock)
    })?;
    output::print(if there_was { "The simulated database is gone.\n" } else { "There was no simulated database.\n" })?;
    Ok(ExitCode::SUCCESS)
}
