//! `revproof branches`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use revproof_core::history::{RangeEnd, RevisionNode};
use revproof_core::listing::Shape;

use crate::args::DirectoryArgs;
use crate::listing::{self, ListFormat, unresolved};
use crate::migrations::Migrations;

/// The arguments of `branches`.
#[derive(Debug, Args)]
pub(crate) struct BranchesArgs {
    #[command(flatten)]
    directory: DirectoryArgs,
    /// Show each in full
    #[arg(long, short)]
    verbose: bool,
    /// The format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    output_format: ListFormat,
}

/// Prints the branch points and what branches off there.
pub(crate) fn run(args: &BranchesArgs) -> Result<ExitCode> {
    let choose = |migrations: &Migrations<'_>| {
        let history = &migrations.directory.history;
        let all = history.range(RangeEnd::Symbol("base"), RangeEnd::Symbol("heads"));
        let mut points = all.map_err(|error| unresolved(&error, migrations))?;
        points.retain(|id| history.get(*id).is_some_and(RevisionNode::is_branch_point));
        Ok(points.into())
    };
    listing::run(&args.directory, args.output_format, args.verbose, choose, Shape::Branches)
}
