//! `revproof downgrade`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::moves::{self, MoveArgs};

/// The arguments of `downgrade`.
#[derive(Debug, Args)]
pub(crate) struct DowngradeArgs {
    /// Where to go: a revision or the start of one, `base`, `-2`, `label@base`, `rev-1`
    #[arg(default_value = "-1", allow_negative_numbers = true)]
    revision: String,
    #[command(flatten)]
    moves: MoveArgs,
}

/// Downgrades the simulated database.
pub(crate) fn run(args: DowngradeArgs) -> Result<ExitCode> {
    moves::check_target(&args.revision)?;
    let target = args.revision;
    moves::run(args.moves, false, Box::new(move |history, rows| history.plan_downgrade(&target, rows)))
}
