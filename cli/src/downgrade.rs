//! `revproof downgrade`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::moves::{self, MoveArgs};
use crate::sql::{self, Verb};

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
    if args.moves.sql {
        // As Flask-Migrate does where nothing is said.
        let range = if args.revision == "-1" { "head:-1".to_owned() } else { args.revision };
        return sql::print(&args.moves.directory, Verb::Downgrade, &[range], args.moves.annotate);
    }
    moves::check_target(&args.revision)?;
    let target = args.revision;
    moves::run(args.moves, false, Box::new(move |history, rows| history.plan_downgrade(&target, rows)))
}
