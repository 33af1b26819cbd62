//! `revproof check --watch`: proves again whenever a file changes, and shows what that changes.

mod eyes;
mod news;

use std::collections::BTreeSet;
use std::panic;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use jiff::Zoned;
use revproof_core::analyse::{Means, Memory, analyse_by};
use revproof_core::config::Config;
use revproof_core::render::{Detail, Options, render};
use revproof_core::report::Report;

use self::eyes::Eyes;
use self::news::News;
use crate::args::{CheckArgs, CheckFormat};
use crate::disk::Disk;
use crate::place::Place;
use crate::progress::Counters;
use crate::prove::STACK;
use crate::{check, output, settings};

/// Proves what is there, then again whenever something of it changes, until Ctrl-C.
pub(crate) fn run(args: &CheckArgs, place: Place) -> Result<ExitCode> {
    refuse_what_makes_no_sense(args)?;
    ctrlc::set_handler(|| {
        _ = output::print("\n");
        std::process::exit(0);
    })
    .context("cannot listen for Ctrl-C")?;
    // What a proof leaves behind stays on the thread that it was made on, which has room for deep scripts.
    thread::scope(|scope| {
        let work = || Watch::new(args, place)?.go_on();
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        match thread.context("cannot start the analysis")?.join() {
            Ok(ended) => ended,
            Err(payload) => panic::resume_unwind(payload),
        }
    })
}

/// A person reads along: what is for a program or for a file is not for here.
fn refuse_what_makes_no_sense(args: &CheckArgs) -> Result<()> {
    let format = match args.output_format {
        CheckFormat::Text | CheckFormat::Concise => None,
        CheckFormat::Json => Some("json"),
        CheckFormat::Markdown => Some("markdown"),
        CheckFormat::Github => Some("github"),
    };
    if let Some(format) = format {
        bail!(
            "--watch shows a person what changes, and `--output-format {format}` is one document for a program: leave one of \
             them out, or take `text` or `concise`"
        );
    }
    if args.output_file.is_some() {
        bail!("--watch shows what changes as it happens, and `--output-file` keeps one report: leave one of them out");
    }
    if args.statistics {
        bail!("--watch shows findings as they come and go, and `--statistics` only counts them: leave one of them out");
    }
    Ok(())
}

struct Watch<'a> {
    args: &'a CheckArgs,
    place: Place,
    eyes: Eyes,
    disk: Disk,
    memory: Memory,
    /// The settings and the report of the last proof.
    last: Option<(Config, Report)>,
    /// Why there was no proof the last time, where there was none.
    trouble: Option<String>,
}

impl<'a> Watch<'a> {
    fn new(args: &'a CheckArgs, place: Place) -> Result<Self> {
        let disk = Disk::new(place.root.clone(), Arc::new(Counters::default()));
        let eyes = Eyes::open()?;
        Ok(Self { args, place, eyes, disk, memory: Memory::default(), last: None, trouble: None })
    }

    fn go_on(mut self) -> Result<ExitCode> {
        let start = Instant::now();
        let (config, report) = self.prove()?;
        self.show_all(&config, &report, start.elapsed())?;
        self.last = Some((config, report));
        loop {
            // What happened to a folder before it was watched nobody tells, so it is looked at once more.
            let touched = if self.watch() { Some(BTreeSet::new()) } else { self.eyes.wait() };
            let Some(touched) = touched else { return Ok(ExitCode::SUCCESS) };
            self.disk = self.disk.again();
            let start = Instant::now();
            let proved = self.prove();
            let mut changed = self.disk.changed();
            changed
                .extend(self.own_files().into_iter().filter(|own| touched.contains(own)).map(|own| self.shown(&own)));
            changed.dedup();
            self.tell(proved, &changed, start.elapsed())?;
        }
    }

    /// Proves what is there now.
    fn prove(&mut self) -> Result<(Config, Report)> {
        let config = settings::for_check(self.args, &self.place)?;
        let mut silent = |_| {};
        let means = Means { memory: Some(&mut self.memory), ..check::means(&mut silent) };
        let mut report = analyse_by(&self.disk, &self.place.path, &config, means);
        if report.chains.is_empty() {
            let section = self.args.input.environment.ini_section.as_deref();
            bail!("{}", check::nothing_found(&self.place, section));
        }
        if self.last.as_ref().is_none_or(|(last, _)| last.baseline != config.baseline) {
            check::as_named(&mut report, &self.place, &config);
        } else {
            check::as_named(&mut report, &self.place, &Config { baseline: None, ..config.clone() });
        }
        Ok((config, report))
    }

    /// The files that are no part of the tree but of the command: settings, rows, a baseline.
    fn own_files(&self) -> Vec<PathBuf> {
        let mut files = settings::places(self.args.input.config.as_deref(), &self.place);
        files.extend(self.args.baseline.iter().cloned());
        let rows = self.args.rows.as_deref().filter(|rows| !matches!(*rows, "seeded" | "none"));
        files.extend(rows.map(PathBuf::from));
        files.into_iter().filter_map(|file| std::path::absolute(file).ok()).collect()
    }

    /// Watches what the last proof looked at, and says whether any of it was not watched before.
    fn watch(&mut self) -> bool {
        let mut folders = self.disk.watched();
        folders.insert(self.place.root.clone());
        let own = self.own_files();
        folders.extend(own.iter().filter_map(|file| file.parent()).filter(|folder| folder.is_dir()).map(Into::into));
        self.eyes.look_at(&self.place.root, folders, own)
    }

    fn show_all(&self, config: &Config, report: &Report, elapsed: Duration) -> Result<()> {
        let options = Options { elapsed: Some(elapsed), ..check::options(self.args) };
        let mut text = render(report, check::format(self.args.output_format), options);
        text.extend(check::link(self.args, report, config));
        text += "watching; Ctrl-C ends it\n";
        output::print(&text)
    }

    /// Says what has changed since the last proof.
    fn tell(&mut self, proved: Result<(Config, Report)>, changed: &[String], elapsed: Duration) -> Result<()> {
        let (config, report) = match proved {
            Ok(proved) => proved,
            Err(error) => {
                let why = format!("{error:#}");
                if self.trouble.as_ref() != Some(&why) {
                    output::print(&format!("\n{}\nrevproof: {why}\n", self.title(changed)))?;
                    self.trouble = Some(why);
                }
                return Ok(());
            }
        };
        let back = self.trouble.take().is_some();
        let news = News::since(self.last.as_ref().map(|(_, report)| report), &report);
        let is_same = self.last.as_ref().is_some_and(|(last, _)| *last == config);
        if back || !changed.is_empty() || !is_same || !news.is_nothing() {
            let revisions = report.chains.iter().map(|chain| chain.revisions.len()).sum::<usize>();
            let anew = revisions.saturating_sub(self.memory.taken_over());
            let took = format!("{anew} of {revisions} proved again in {:.0} ms", elapsed.as_secs_f64() * 1000.0);
            let options = Options { detail: Detail::Quiet, ..check::options(self.args) };
            let found = render(&news.found(&report), check::format(self.args.output_format), options);
            output::print(&format!("\n{}; {took}\n{found}{}", self.title(changed), news.text(&report)))?;
        }
        self.last = Some((config, report));
        Ok(())
    }

    /// When, and what was changed.
    fn title(&self, changed: &[String]) -> String {
        let now = Zoned::now().strftime("%H:%M:%S");
        match changed {
            [] => format!("{now} files have changed"),
            [one] => format!("{now} {}", self.place_of(one)),
            [first, rest @ ..] => {
                let more = if rest.len() == 1 { "1 more file" } else { &format!("{} more files", rest.len()) };
                format!("{now} {} and {more}", self.place_of(first))
            }
        }
    }

    fn place_of(&self, path: &str) -> String {
        if path.starts_with('/') { path.to_owned() } else { self.place.shown(path) }
    }

    fn shown(&self, file: &std::path::Path) -> String {
        self.place.inside(file).unwrap_or_else(|| file.display().to_string())
    }
}
