//! `revproof show`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use revproof_core::listing::Shape;

use crate::args::DirectoryArgs;
use crate::listing::{self, ListFormat, unresolved};
use crate::migrations::Migrations;
use crate::moves::position;

/// The arguments of `show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// What names revisions: an identifier or the beginning of one, a label, `head`, `heads`, `LABEL@head`, `current`, `-1`
    #[arg(default_value = "head", allow_negative_numbers = true)]
    revision: String,
    #[command(flatten)]
    directory: DirectoryArgs,
    /// The format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    output_format: ListFormat,
}

/// Prints the revisions in full.
pub(crate) fn run(args: &ShowArgs) -> Result<ExitCode> {
    let symbol = args.revision.clone();
    let choose = move |migrations: &Migrations<'_>| {
        if symbol == "current" {
            return Ok(position(migrations)?.unwrap_or_default().into());
        }
        let found = migrations.directory.history.shown(&symbol);
        Ok(found.map_err(|error| unresolved(&error, migrations))?.into())
    };
    listing::run(&args.directory, args.output_format, true, choose, Shape::History)
}
