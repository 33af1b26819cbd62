//! `revproof stamp`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use revproof_core::history::{History, RevisionId};

use crate::moves::{self, MoveArgs};
use crate::refusal::Refusal;
use crate::sql::{self, Verb};

/// The arguments of `stamp`.
#[derive(Debug, Args)]
pub(crate) struct StampArgs {
    /// The revisions to be at: identifiers or starts of them, `head`, `heads`, `base`, `label@head`
    #[arg(default_value = "head", allow_negative_numbers = true)]
    revisions: Vec<String>,
    /// Forget the version that is there first, whatever it is
    #[arg(long)]
    purge: bool,
    #[command(flatten)]
    moves: MoveArgs,
}

/// Sets the version of the simulated database.
pub(crate) fn run(args: StampArgs) -> Result<ExitCode> {
    if args.moves.sql && args.purge {
        let help = "nothing is there to be forgotten: without a range it starts from an empty database";
        return Err(Refusal::error("Can't use --purge with --sql mode", help));
    }
    if args.moves.sql {
        return sql::print(&args.moves.directory, Verb::Stamp, &args.revisions, args.moves.annotate);
    }
    let targets = args.revisions;
    let planner = move |history: &History, rows: &[RevisionId]| {
        let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
        history.plan_stamp(&targets, rows)
    };
    moves::run(args.moves, args.purge, Box::new(planner))
}
