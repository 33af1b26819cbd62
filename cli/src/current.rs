//! `revproof current`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use revproof_core::alembic::{Environment, Script};
use revproof_core::history::RevisionId;
use revproof_core::listing::{Listing, Shape};

use crate::args::DirectoryArgs;
use crate::listing::{ListFormat, object, usable};
use crate::migrations::{self, Migrations};
use crate::moves::{heading, kept_rows, of_database, warn_of_edits};
use crate::output;
use crate::refusal::Refusal;
use crate::state::State;

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
    let mut shown = String::new();
    for environment in &migrations.databases {
        shown.push_str(&show_database(migrations, environment, args)?);
    }
    Ok(shown)
}

fn show_database(migrations: &Migrations<'_>, environment: &Environment, args: &CurrentArgs) -> Result<String> {
    let directory = migrations.directory;
    let history = &directory.history;
    let journal = State::of(migrations, environment).read(environment.dialect)?;
    if let Some(journal) = &journal {
        warn_of_edits(journal, migrations);
    }
    let rows = journal.map(|journal| kept_rows(directory, &journal)).transpose()?.unwrap_or_default();
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
        let object = |id: &RevisionId| object(migrations, *id, &rows);
        let lines = tips.iter().filter_map(object).map(|found| format!("{}\n", of_database(found, environment)));
        return Ok(lines.collect());
    }
    let path = |script: &Script| migrations.absolute(script);
    let listing = Listing { directory, current: &[], path: &path, verbose: args.verbose };
    let text = listing.text(Shape::Current, &tips);
    let heading = heading(migrations, environment);
    let verbose = if args.verbose { "Current revision(s) for the simulated database:\n" } else { "" };
    Ok(format!("{heading}{verbose}{text}"))
}
