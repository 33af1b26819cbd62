//! `revproof sql`.

use std::process::ExitCode;

use anyhow::{Result, anyhow, bail};
use clap::Args;
use revproof_core::history::{History, ResolveError, RevisionId, Step};
use revproof_core::offline::{self, Refused, Settings};
use revproof_core::source::{Sources, Span};

use crate::args::DirectoryArgs;
use crate::migrations::{self, Migrations};
use crate::output;
use crate::place::Place;

/// The arguments of `sql`.
#[derive(Debug, Args)]
pub(crate) struct SqlArgs {
    /// `TARGET` or `START:TARGET`, revisions as `alembic upgrade` takes them [default: `base:heads`]
    range: Option<String>,
    #[command(flatten)]
    directory: DirectoryArgs,
    /// Go down: the range is `START:TARGET` as `alembic downgrade --sql` takes it
    #[arg(long)]
    downgrade: bool,
    /// Say in comments which line each statement comes from, what it locks and whether it rewrites or scans the table
    #[arg(long)]
    annotate: bool,
}

/// Prints the SQL that the revisions send.
pub(crate) fn run(args: &SqlArgs) -> Result<ExitCode> {
    let range = Range::parse(args.range.as_deref(), args.downgrade)?;
    let annotate = args.annotate;
    let text = migrations::with(&args.directory, move |migrations| write(migrations, &range, annotate))?;
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// `START:TARGET`.
struct Range {
    start: Option<String>,
    target: String,
    downgrade: bool,
}

impl Range {
    fn parse(given: Option<&str>, downgrade: bool) -> Result<Self> {
        let (start, target) = match given.map(|range| range.split_once(':').unwrap_or(("", range))) {
            None if downgrade => ("", ""),
            None => ("", "heads"),
            Some(range) => range,
        };
        if downgrade && (start.is_empty() || target.is_empty()) {
            bail!("`--downgrade` needs to know where it starts: give `START:TARGET`, as in `head:base`");
        }
        if target.is_empty() {
            bail!("the range `{}` names no revision to go to", given.unwrap_or_default());
        }
        let start = Some(start.to_owned()).filter(|start| !start.is_empty() && start != "base");
        Ok(Self { start, target: target.to_owned(), downgrade })
    }

    fn plan(&self, history: &History) -> Result<(Vec<RevisionId>, Vec<Step>), ResolveError> {
        let rows = match &self.start {
            Some(start) => history.resolve(start)?,
            None => Vec::new(),
        };
        let plan = if self.downgrade {
            history.plan_downgrade(&self.target, &rows)?
        } else {
            history.plan_upgrade(&self.target, &rows)?
        };
        Ok((rows, plan))
    }
}

fn write(migrations: &Migrations<'_>, range: &Range, annotate: bool) -> Result<String> {
    let directory = migrations.directory;
    if let Some(finding) = directory.unreadable.first() {
        let place = finding.span.map(|span| place_of(span, migrations.sources, migrations.place)).unwrap_or_default();
        bail!("{place}{}", finding.message);
    }
    let (rows, plan) = range.plan(&directory.history).map_err(|error| anyhow!("{error}"))?;
    let settings = Settings { annotate, ..Settings::of(directory) };
    let chunks = offline::script(directory, &plan, &rows, &settings);
    let mut sources = migrations.sources.clone();
    directory.modules.files().into_iter().for_each(|file| sources.attach(file));
    match chunks {
        Ok(chunks) if annotate => Ok(offline::annotated(&chunks, &sources)),
        Ok(chunks) => Ok(offline::text(&chunks)),
        Err(refused) => bail!("{}", refusal(&refused, &sources, migrations.place)),
    }
}

/// Why there is no SQL, and where.
fn refusal(refused: &Refused, sources: &Sources, place: &Place) -> String {
    format!("{}{refused}", refused.span.map(|span| place_of(span, sources, place)).unwrap_or_default())
}

/// `file:line: `.
fn place_of(span: Span, sources: &Sources, place: &Place) -> String {
    match (sources.get(span.file), sources.position(span)) {
        (Some(file), Some(position)) => format!("{}:{}: ", place.shown(&file.path), position.line),
        _ => String::new(),
    }
}
