//! `revproof history`.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use revproof_core::history::RangeEnd;
use revproof_core::listing::Shape;

use crate::args::DirectoryArgs;
use crate::listing::{self, ListFormat, unresolved};
use crate::migrations::Migrations;
use crate::refusal::Refusal;

/// The arguments of `history`.
#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    #[command(flatten)]
    directory: DirectoryArgs,
    /// The revisions from START to END only; either may be left out
    #[arg(long, short, value_name = "START:END", allow_hyphen_values = true)]
    rev_range: Option<String>,
    /// Show each in full
    #[arg(long, short)]
    verbose: bool,
    /// The format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    output_format: ListFormat,
}

/// Prints the revisions, newest first.
pub(crate) fn run(args: &HistoryArgs) -> Result<ExitCode> {
    let range = args.rev_range.clone();
    let choose = move |migrations: &Migrations<'_>| {
        let (start, end) = ends(range.as_deref())?;
        let found = migrations.directory.history.range(RangeEnd::Symbol(start), RangeEnd::Symbol(end));
        Ok(found.map_err(|error| unresolved(&error, migrations))?.into())
    };
    listing::run(&args.directory, args.output_format, args.verbose, choose, Shape::History)
}

/// The two ends of a range; what is left out is the whole history.
fn ends(range: Option<&str>) -> Result<(&str, &str)> {
    let parts: Vec<&str> = range.unwrap_or(":").trim().split(':').collect();
    let [start, end] = parts.as_slice() else {
        let sentence = "History range requires [start]:[end], [start]:, or :[end]";
        bail!(Refusal::error(sentence, "`-r base:heads` is everything, `-r-3:` the last three revisions"));
    };
    Ok((if start.is_empty() { "base" } else { start }, if end.is_empty() { "heads" } else { end }))
}
