//! `revproof check`.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};
use revproof_core::analyse::{Means, Progress, analyse_by};
use revproof_core::config::Config;
use revproof_core::render::{Detail, Format, Options, render};
use revproof_core::replay::Baseline;
use revproof_core::report::Report;

use crate::args::{CheckArgs, CheckFormat, Color};
use crate::moves::not_understood;
use crate::parallel::{self, SideBySide};
use crate::place::Place;
use crate::{output, prove, settings, share, watch};

/// Findings at or over the level that fails.
const FOUND: u8 = 1;

/// Proves what is there and prints the report.
pub(crate) fn run(args: &CheckArgs) -> Result<ExitCode> {
    let place = Place::find(args.input.path.as_deref(), args.input.environment.ini_section.as_deref())?;
    if args.watch {
        return watch::run(args, place);
    }
    let config = settings::for_check(args, &place)?;
    let fail_on = config.fail_on;
    let checked = config.clone();
    let linked = config.clone();
    let start = Instant::now();
    let mut report = prove::on_disk(&place, move |files, path, tell| analyse_by(files, path, &config, means(tell)))?;
    let elapsed = start.elapsed();
    if report.chains.is_empty() {
        bail!("{}", nothing_found(&place, args.input.environment.ini_section.as_deref()));
    }
    as_named(&mut report, &place, &checked);
    let options = Options { elapsed: Some(elapsed), ..options(args) };
    let mut text = render(&report, format(args.output_format), options);
    text.extend(link(args, &report, &linked));
    match &args.output_file {
        Some(file) => output::write(file, &text)?,
        None => output::print(&text)?,
    }
    let found = report.diagnostics().any(|finding| fail_on.fails(finding.severity));
    Ok(if found { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}

/// By what means the command proves.
pub(crate) fn means(tell: &mut dyn FnMut(Progress)) -> Means<'_> {
    Means { parser: &SideBySide, let_go: parallel::let_go, ..Means::plain(tell) }
}

/// Names the chains as the user would, and says what of the baseline was not understood.
pub(crate) fn as_named(report: &mut Report, place: &Place, config: &Config) {
    for chain in &mut report.chains {
        if let Some(dump) = &config.baseline {
            not_understood("the baseline", &Baseline::read(dump, chain.dialect));
        }
        chain.root = place.shown(&chain.root);
    }
}

/// The line that leads to the playground, in the formats that people read.
pub(crate) fn link(args: &CheckArgs, report: &Report, config: &Config) -> Option<String> {
    if args.no_link || args.quiet {
        return None;
    }
    match args.output_format {
        CheckFormat::Text => share::line(report, config, args.output_file.is_none() && output::is_linking()),
        CheckFormat::Markdown => share::markdown(report, config),
        CheckFormat::Concise | CheckFormat::Json | CheckFormat::Github => None,
    }
}

/// Why there is nothing to prove, and what to do.
pub(crate) fn nothing_found(place: &Place, section: Option<&str>) -> String {
    let shown = place.shown(&place.path);
    let shown = if shown.is_empty() { "." } else { &shown };
    if let Some(section) = section {
        return format!(
            "no migrations found in `{shown}` by `-n {section}`: no alembic.ini there has a section [{section}] whose \
             `script_location` is a migrations folder"
        );
    }
    format!(
        "no migrations found in `{shown}`: it holds no alembic.ini, no [tool.alembic] and no folder of revision scripts; \
         name the migrations folder itself"
    )
}

pub(crate) fn options(args: &CheckArgs) -> Options {
    let to_file = args.output_file.is_some();
    Options {
        color: if to_file { args.color == Color::Always } else { output::colors(args.color) },
        width: if to_file { None } else { output::width() },
        detail: match (args.quiet, args.verbose) {
            (true, _) => Detail::Quiet,
            (_, true) => Detail::Verbose,
            _ => Detail::Normal,
        },
        statistics: args.statistics,
        elapsed: None,
    }
}

pub(crate) fn format(format: CheckFormat) -> Format {
    match format {
        CheckFormat::Text => Format::Text,
        CheckFormat::Concise => Format::Concise,
        CheckFormat::Json => Format::Json,
        CheckFormat::Markdown => Format::Markdown,
        CheckFormat::Github => Format::Github,
    }
}
