//! `revproof history`.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use revproof_core::history::{RangeEnd, RevisionId};
use revproof_core::listing::Shape;

use crate::args::DirectoryArgs;
use crate::listing::{self, ListFormat, Listed, unresolved};
use crate::migrations::Migrations;
use crate::moves::position;
use crate::output;
use crate::refusal::Refusal;

/// The version rows, as an end of a range.
const CURRENT: &str = "current";

/// The arguments of `history`.
#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    #[command(flatten)]
    directory: DirectoryArgs,
    /// The revisions from START to END only; either may be left out, or be `current`
    #[arg(long, short, value_name = "START:END", allow_hyphen_values = true)]
    rev_range: Option<String>,
    /// Show each in full
    #[arg(long, short)]
    verbose: bool,
    /// Mark the revisions that the simulated database is at
    #[arg(long, short)]
    indicate_current: bool,
    /// The format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    output_format: ListFormat,
}

/// Prints the revisions, newest first.
pub(crate) fn run(args: &HistoryArgs) -> Result<ExitCode> {
    let (range, indicate_current) = (args.rev_range.clone(), args.indicate_current);
    let choose = move |migrations: &Migrations<'_>| {
        let (start, end) = ends(range.as_deref())?;
        let rows = match (position_if(indicate_current || start == CURRENT || end == CURRENT, migrations), start, end) {
            (Ok(rows), ..) => rows,
            (Err(error), CURRENT, _) | (Err(error), _, CURRENT) => return Err(error),
            // That nothing can be marked is no reason not to list.
            (Err(error), ..) => {
                output::warn(&format!("{error:#}"));
                Vec::new()
            }
        };
        let (start, end) = with_rows(start, end, &rows);
        let found = migrations.directory.history.range(start, end);
        let revisions = found.map_err(|error| unresolved(&error, migrations))?;
        Ok(Listed { revisions, current: if indicate_current { rows } else { Vec::new() } })
    };
    listing::run(&args.directory, args.output_format, args.verbose, choose, Shape::History)
}

/// The version rows, where they are asked for.
fn position_if(asked: bool, migrations: &Migrations<'_>) -> Result<Vec<RevisionId>> {
    if asked { Ok(position(migrations)?.unwrap_or_default()) } else { Ok(Vec::new()) }
}

/// The ends, with the version rows in the place of `current`, of which Alembic understands one only. An empty database
/// is at no end at all.
fn with_rows<'a>(start: &'a str, end: &'a str, rows: &'a [RevisionId]) -> (RangeEnd<'a>, RangeEnd<'a>) {
    match (start, end) {
        (start, CURRENT) if rows.is_empty() => (RangeEnd::Symbol(start), RangeEnd::Symbol("heads")),
        (start, CURRENT) => (RangeEnd::Symbol(start), RangeEnd::Rows(rows)),
        (CURRENT, end) if rows.is_empty() => (RangeEnd::Symbol("base"), RangeEnd::Symbol(end)),
        (CURRENT, end) => (RangeEnd::Rows(rows), RangeEnd::Symbol(end)),
        (start, end) => (RangeEnd::Symbol(start), RangeEnd::Symbol(end)),
    }
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
