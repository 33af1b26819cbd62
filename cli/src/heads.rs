//! `revproof heads`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use revproof_core::listing::Shape;

use crate::args::DirectoryArgs;
use crate::listing::{self, ListFormat, Listed};

/// The arguments of `heads`.
#[derive(Debug, Args)]
pub(crate) struct HeadsArgs {
    #[command(flatten)]
    directory: DirectoryArgs,
    /// Show each in full
    #[arg(long, short)]
    verbose: bool,
    /// Leave out heads that another revision depends on
    #[arg(long)]
    resolve_dependencies: bool,
    /// The format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    output_format: ListFormat,
}

/// Prints the heads.
pub(crate) fn run(args: &HeadsArgs) -> Result<ExitCode> {
    let resolve_dependencies = args.resolve_dependencies;
    let choose = move |migrations: &crate::migrations::Migrations<'_>| {
        let history = &migrations.directory.history;
        Ok(Listed::from(if resolve_dependencies { history.real_heads() } else { history.heads() }))
    };
    listing::run(&args.directory, args.output_format, args.verbose, choose, Shape::Heads)
}
