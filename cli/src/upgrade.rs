//! `revproof upgrade`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::moves::{self, MoveArgs};
use crate::sql::{self, Verb};

/// The arguments of `upgrade`.
#[derive(Debug, Args)]
pub(crate) struct UpgradeArgs {
    /// Where to go: a revision or the start of one, `head`, `heads`, `+2`, `label@head`, `rev+1`
    #[arg(default_value = "head", allow_negative_numbers = true)]
    revision: String,
    #[command(flatten)]
    moves: MoveArgs,
}

/// Upgrades the simulated database.
pub(crate) fn run(args: UpgradeArgs) -> Result<ExitCode> {
    if args.moves.sql {
        return sql::print(&args.moves.directory, Verb::Upgrade, &[args.revision], args.moves.annotate);
    }
    moves::check_target(&args.revision)?;
    let target = args.revision;
    moves::run(args.moves, false, Box::new(move |history, rows| history.plan_upgrade(&target, rows)))
}
