//! `revproof sql`.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use revproof_core::alembic::Environment;
use revproof_core::history::{History, ResolveError, RevisionId, Step};
use revproof_core::offline::{self, Refused, Settings};
use revproof_core::source::{Sources, Span};

use crate::args::DirectoryArgs;
use crate::listing::{unresolved, usable};
use crate::migrations::{self, Migrations};
use crate::output;
use crate::place::Place;
use crate::refusal::Refusal;

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
    let verb = if args.downgrade { Verb::Downgrade } else { Verb::Upgrade };
    let range = match args.range.as_deref() {
        None if args.downgrade => "",
        None => "heads",
        Some(range) => range,
    };
    print(&args.directory, verb, &[range.to_owned()], args.annotate)
}

/// What a command would do to a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Upgrade,
    Downgrade,
    Stamp,
}

/// Prints the SQL of a command in Alembic's offline mode: `TARGET`, from an empty database, or `START:TARGET`. Only a stamp
/// takes several.
pub(crate) fn print(directory: &DirectoryArgs, verb: Verb, ranges: &[String], annotate: bool) -> Result<ExitCode> {
    let range = Range::parse(verb, ranges)?;
    let text = migrations::with(directory, move |migrations| write(migrations, &range, annotate))?;
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// `START:TARGET`.
struct Range {
    verb: Verb,
    start: Option<String>,
    targets: Vec<String>,
}

impl Range {
    fn parse(verb: Verb, given: &[String]) -> Result<Self> {
        let mut start: Option<String> = None;
        let mut targets = Vec::with_capacity(given.len());
        for range in given {
            let (from, target) = match range.split_once(':') {
                Some((from, target)) => (Some(from), target),
                None => (None, range.as_str()),
            };
            if verb == Verb::Downgrade && from.is_none_or(str::is_empty) {
                return Err(Refusal::error(
                    "downgrade with --sql requires <fromrev>:<torev>",
                    "say where it starts, as in `head:base` or `head:-1`",
                ));
            }
            if target.is_empty() {
                bail!("the range `{range}` names no revision to go to");
            }
            start = from.map(str::to_owned).or(start);
            targets.push(target.to_owned());
        }
        let start = start.filter(|start| !start.is_empty() && start != "base");
        Ok(Self { verb, start, targets })
    }

    fn plan(&self, history: &History) -> Result<(Vec<RevisionId>, Vec<Step>), ResolveError> {
        let rows = match &self.start {
            Some(start) => history.resolve(start)?,
            None => Vec::new(),
        };
        let target = self.targets.first().map_or("", String::as_str);
        let plan = match self.verb {
            Verb::Upgrade => history.plan_upgrade(target, &rows)?,
            Verb::Downgrade => history.plan_downgrade(target, &rows)?,
            Verb::Stamp => {
                let targets: Vec<&str> = self.targets.iter().map(String::as_str).collect();
                history.plan_stamp(&targets, &rows)?
            }
        };
        Ok((rows, plan))
    }
}

fn write(migrations: &Migrations<'_>, range: &Range, annotate: bool) -> Result<String> {
    usable(migrations)?;
    let directory = migrations.directory;
    let (rows, plan) = range.plan(&directory.history).map_err(|error| unresolved(&error, migrations))?;
    let mut text = String::new();
    for environment in &migrations.databases {
        let settings = Settings { annotate, ..Settings::of(directory, environment.dialect) };
        let chunks = offline::script(directory, environment, &plan, &rows, &settings);
        let mut sources = migrations.sources.clone();
        directory.modules.files().into_iter().for_each(|file| sources.attach(file));
        let chunks =
            chunks.map_err(|refused| Refusal::error(refusal(&refused, &sources, migrations.place), help(&refused)))?;
        text.push_str(&sql_heading(migrations, environment));
        text.push_str(&if annotate { offline::annotated(&chunks, &sources) } else { offline::text(&chunks) });
    }
    Ok(text)
}

/// The comment over the SQL of one database of several, for which Alembic would write a file each.
pub(crate) fn sql_heading(migrations: &Migrations<'_>, environment: &Environment) -> String {
    migrations.heading(environment).map(|name| format!("-- Migrating database {name}\n\n")).unwrap_or_default()
}

/// Why there is no SQL, and where.
fn refusal(refused: &Refused, sources: &Sources, place: &Place) -> String {
    format!("{}{refused}", refused.span.map(|span| place_of(span, sources, place)).unwrap_or_default())
}

fn help(refused: &Refused) -> &'static str {
    if refused.class.as_deref().is_some_and(|class| class.contains("Compil")) {
        "the script asks for what this database has no SQL for: look before with \
         `if op.get_context().dialect.name == …:`, or choose the database with `--dialect`"
    } else {
        "SQL can be written only of what needs no answer from a database: look before with \
         `if not context.is_offline_mode():`, or give a range that leaves the revision out"
    }
}

/// `file:line: `.
fn place_of(span: Span, sources: &Sources, place: &Place) -> String {
    match (sources.get(span.file), sources.position(span)) {
        (Some(file), Some(position)) => format!("{}:{}: ", place.shown(&file.path), position.line),
        _ => String::new(),
    }
}
