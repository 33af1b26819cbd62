//! `revproof current`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use revproof_core::alembic::Script;
use revproof_core::history::RevisionId;
use revproof_core::listing::{Listing, Shape};

use crate::args::DirectoryArgs;
use crate::listing::{ListFormat, objects, usable};
use crate::migrations::{self, Migrations};
use crate::moves::position;
use crate::output;
use crate::refusal::Refusal;

/// The arguments of `current`.
#[derive(Debug, Clone, Args)]
pub(crate) struct CurrentArgs {
    #[command(flatten)]
    directory: DirectoryArgs,
    /// Fail unless the database is at all heads
    #[arg(long, short)]
    check_heads: bool,
    /// Show each in full
    #[arg(long, short)]
    verbose: bool,
    /// The format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    output_format: ListFormat,
}

/// Shows the revisions that the simulated database is at.
pub(crate) fn run(args: CurrentArgs) -> Result<ExitCode> {
    let directory = args.directory.clone();
    let text = migrations::with(&directory, move |migrations| show(migrations, &args))?;
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn show(migrations: &Migrations<'_>, args: &CurrentArgs) -> Result<String> {
    usable(migrations)?;
    let directory = migrations.directory;
    let history = &directory.history;
    let rows = position(migrations)?.unwrap_or_default();
    if args.check_heads {
        let sorted = |mut ids: Vec<RevisionId>| {
            ids.sort_unstable();
            ids
        };
        if sorted(rows.clone()) != sorted(history.heads()) {
            return Err(Refusal::error("Database is not on all head revisions", "`revproof upgrade heads`"));
        }
    }
    let tips = history.all_current(&rows);
    if args.output_format == ListFormat::Json {
        return Ok(objects(migrations, &tips, &rows));
    }
    let path = |script: &Script| migrations.absolute(script);
    let listing = Listing { directory, current: &[], path: &path, verbose: args.verbose };
    let text = listing.text(Shape::Current, &tips);
    Ok(if args.verbose { format!("Current revision(s) for the simulated database:\n{text}") } else { text })
}
