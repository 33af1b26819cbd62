//! `revproof sql`.

use std::process::ExitCode;

use anyhow::{Result, bail};
use revproof_core::config::Config;
use revproof_core::directory::{self, ScriptDirectory};
use revproof_core::history::{ResolveError, RevisionId, Step};
use revproof_core::offline::{self, Refused, Settings};
use revproof_core::source::{FileTree, Sources};

use crate::args::SqlArgs;
use crate::check::nothing_found;
use crate::place::Place;
use crate::{output, prove, settings};

/// Prints the SQL that the revisions send.
pub(crate) fn run(args: &SqlArgs) -> Result<ExitCode> {
    let place = Place::find(args.directory.as_deref())?;
    let config = settings::for_sql(args, &place)?;
    let (range, downgrade, annotate) = (Range::parse(args)?, args.downgrade, args.annotate);
    let empty = nothing_found(&place);
    let shown = place.clone();
    let show = move |path: &str| shown.shown(path);
    let work = move |files: &dyn FileTree, path: &str| write(files, path, &config, &range, downgrade, annotate, &show);
    match prove::on_disk(&place, move |files, path, _| work(files, path))? {
        Ok(None) => bail!("{empty}"),
        Ok(Some(text)) => output::print(&text)?,
        Err(why) => bail!("{why}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// `START:TARGET`.
struct Range {
    start: Option<String>,
    target: String,
}

impl Range {
    fn parse(args: &SqlArgs) -> Result<Self> {
        let given = args.range.as_deref();
        let range = match given.map(|range| range.split_once(':').unwrap_or(("", range))) {
            None if args.downgrade => ("", ""),
            None => ("", "heads"),
            Some(range) => range,
        };
        if args.downgrade && (range.0.is_empty() || range.1.is_empty()) {
            bail!("downgrade with --sql requires <fromrev>:<torev>");
        }
        if range.1.is_empty() {
            bail!("the range `{}` names no revision to go to", given.unwrap_or_default());
        }
        let start = Some(range.0.to_owned()).filter(|start| !start.is_empty() && start != "base");
        Ok(Self { start, target: range.1.to_owned() })
    }
}

/// The SQL of the one folder of scripts at the path; `None` where there is none, `Err` why there is no SQL.
fn write(
    files: &dyn FileTree,
    path: &str,
    config: &Config,
    range: &Range,
    downgrade: bool,
    annotate: bool,
    show: &dyn Fn(&str) -> String,
) -> Result<Option<String>, String> {
    let (directories, mut sources) = directory::read(files, path, config);
    let directory = match directories.as_slice() {
        [] => return Ok(None),
        [only] => only,
        several => {
            let roots: Vec<String> = several.iter().map(|directory| show(&directory.project.root)).collect();
            return Err(format!("there are several folders of scripts, {}: name one with -d", roots.join(", ")));
        }
    };
    if let Some(finding) = directory.unreadable.first() {
        let place = finding.span.map(|span| place_of(directory, span, &sources, show)).unwrap_or_default();
        return Err(format!("{place}{}", finding.message));
    }
    let (rows, plan) = plan(directory, range, downgrade).map_err(|error| error.to_string())?;
    let settings = Settings { annotate, ..Settings::of(directory) };
    let chunks = offline::script(directory, &plan, &rows, &settings);
    directory.modules.files().into_iter().for_each(|file| sources.attach(file));
    match chunks {
        Ok(chunks) if annotate => Ok(Some(offline::annotated(&chunks, &sources))),
        Ok(chunks) => Ok(Some(offline::text(&chunks))),
        Err(refused) => Err(refusal(directory, &refused, &sources, show)),
    }
}

fn plan(
    directory: &ScriptDirectory<'_>,
    range: &Range,
    downgrade: bool,
) -> Result<(Vec<RevisionId>, Vec<Step>), ResolveError> {
    let history = &directory.history;
    let rows = match &range.start {
        Some(start) => history.resolve(start)?,
        None => Vec::new(),
    };
    let plan = if downgrade {
        history.plan_downgrade(&range.target, &rows)?
    } else {
        history.plan_upgrade(&range.target, &rows)?
    };
    Ok((rows, plan))
}

fn refusal(
    directory: &ScriptDirectory<'_>,
    refused: &Refused,
    sources: &Sources,
    show: &dyn Fn(&str) -> String,
) -> String {
    let place = refused.span.map(|span| place_of(directory, span, sources, show)).unwrap_or_default();
    format!("{place}{refused}")
}

/// `file:line: `.
fn place_of(
    directory: &ScriptDirectory<'_>,
    span: revproof_core::source::Span,
    sources: &Sources,
    show: &dyn Fn(&str) -> String,
) -> String {
    let _ = directory;
    match (sources.get(span.file), sources.position(span)) {
        (Some(file), Some(position)) => format!("{}:{}: ", show(&file.path), position.line),
        _ => String::new(),
    }
}
