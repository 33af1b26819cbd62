//! `revproof share`, and the link at the end of a report.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use revproof_core::analyse::analyse;
use revproof_core::config::Config;
use revproof_core::report::Report;
use revproof_core::share::{COMFORTABLE, LONGEST, PAGE, Shared};

use crate::args::InputArgs;
use crate::check::nothing_found;
use crate::place::Place;
use crate::refusal::Refusal;
use crate::{output, prove, settings};

/// So many characters of scripts never become less than one of a link: scripts that differ in nothing but a name and a
/// number become one for every twenty.
const TIGHTEST: usize = 100;

/// So many characters of scripts hardly ever become less than one of a link. Of scripts that have more than fit, so many
/// are packed first: where they alone make the link too long, the rest makes it no shorter.
const TIGHT: usize = 12;

/// The arguments of `share`.
#[derive(Debug, Args)]
pub(crate) struct ShareArgs {
    #[command(flatten)]
    input: InputArgs,
    /// Open the link in the browser as well
    #[arg(long)]
    open: bool,
    /// The page that opens it: a playground of your own [default: `page` of the settings, or the public one]
    #[arg(long, value_name = "URL")]
    page: Option<String>,
}

/// Prints a link to the files and what is found in them. They are in the link itself: nothing is uploaded.
pub(crate) fn run(args: &ShareArgs) -> Result<ExitCode> {
    let place = Place::find(args.input.path.as_deref(), args.input.environment.ini_section.as_deref())?;
    let mut config = settings::for_share(&args.input, &place)?;
    if let Some(page) = &args.page {
        revproof_core::config::check_page(page).map_err(|why| anyhow::anyhow!("--page: {why}"))?;
        config.page = Some(page.clone());
    }
    let settings = config.clone();
    let report = prove::on_disk(&place, move |files, path, _| analyse(files, path, &settings))?;
    if report.chains.is_empty() {
        bail!("{}", nothing_found(&place, args.input.environment.ini_section.as_deref()));
    }
    let Some(url) = url(&report, &config) else {
        return Err(Refusal::error(
            "A link holds scripts and settings only, and these findings rest on more: on arguments (`-x`) or on several databases",
            format!("open {} and drop the folder on it: nothing is uploaded", page(&config)),
        ));
    };
    if url.len() > LONGEST {
        return Err(Refusal::error(
            format!(
                "The scripts are too large for a link: it would have {} characters, and {LONGEST} is all that every browser takes",
                url.len()
            ),
            format!("name a smaller folder, or open {} and drop the folder on it: nothing is uploaded", page(&config)),
        ));
    }
    output::print(&format!("{url}\n"))?;
    if url.len() > COMFORTABLE {
        output::warn(&format!("the link has {} characters, and some chats cut it after {COMFORTABLE}", url.len()));
    }
    if args.open
        && let Err(error) = open::that_detached(&url)
    {
        let why = output::reason(&error);
        return Err(Refusal::error(format!("No browser could be started: {why}"), "open the link by hand"));
    }
    Ok(ExitCode::SUCCESS)
}

/// The link to the findings of a report; `None` where it can't hold what they rest on.
fn url(report: &Report, config: &Config) -> Option<String> {
    Shared::of_report(report, config).map(|shared| link_to(&shared, config))
}

fn link_to(shared: &Shared, config: &Config) -> String {
    format!("{}#{}", page(config), shared.encode())
}

/// The link, where it is short enough. Packing a long history takes a tenth of the time that proving it does, so what no
/// packing makes short is not packed.
fn url_within(report: &Report, config: &Config, longest: usize) -> Option<String> {
    let size: usize = report.sources.iter().map(|file| file.text.len()).sum();
    if size / TIGHTEST > longest {
        return None;
    }
    let is_short = |shared: &Shared| Some(link_to(shared, config)).filter(|url| url.len() <= longest);
    let shared = Shared::of_report(report, config)?;
    let begun = beginning(&shared, longest.saturating_mul(TIGHT));
    if begun.files.len() < shared.files.len() {
        is_short(&begun)?;
    }
    is_short(&shared)
}

/// The first files, with so many characters.
fn beginning(shared: &Shared, characters: usize) -> Shared {
    let mut left = characters;
    let fits = |(_, text): &&(String, String)| {
        let fits = left > 0;
        left = left.saturating_sub(text.len());
        fits
    };
    Shared { files: shared.files.iter().take_while(fits).cloned().collect(), ..Shared::default() }
}

fn page(config: &Config) -> &str {
    config.page.as_deref().unwrap_or(PAGE).trim_end_matches('#')
}

/// The line with the link at the end of a text report. A terminal shows a few dim words that lead there; elsewhere the
/// link stands for itself, where it is short enough to be a line of a log.
pub(crate) fn line(report: &Report, config: &Config, terminal: bool) -> Option<String> {
    let url = url_within(report, config, if terminal { LONGEST } else { COMFORTABLE })?;
    Some(if terminal {
        let (link, end, dim, plain) = ("\u{1b}]8;;", "\u{1b}\\", "\u{1b}[2m", "\u{1b}[0m");
        format!("{dim}{link}{url}{end}Step through it in the playground{link}{end} (revproof share --open){plain}\n")
    } else {
        format!("playground: {url}\n")
    })
}

/// The link at the end of a Markdown report.
pub(crate) fn markdown(report: &Report, config: &Config) -> Option<String> {
    let url = url_within(report, config, LONGEST)?;
    Some(format!("\n[Step through it in the playground]({url})\n"))
}
