//! The table of verdicts: one line per revision, with the reason under each that is not reversible.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::plain::{cut, one_line, wrap};
use super::{Detail, Options};
use crate::replay::{RunStatus, Verdict};
use crate::report::{ChainReport, RevisionReport};

/// Chains with more revisions than this leave out long stretches of reversible ones.
const LONG_CHAIN: usize = 40;

/// The columns of `up`, `down`, `again` and the verdict, with their gaps.
const FIXED: usize = 9 + 9 + 9 + 14;

pub(super) fn render(chain: &ChainReport, options: Options) -> String {
    let longest = chain.revisions.iter().map(|r| r.revision.chars().count()).max().unwrap_or_default();
    let widest = if options.width.is_some_and(|w| w < 90) { 14 } else { 32 };
    let layout = Layout { id: longest.clamp(8, widest), options };
    let mut out = layout.head();
    let folds = chain.revisions.len() > LONG_CHAIN && options.detail < Detail::Verbose;
    let mut left_out = 0;
    for revision in &chain.revisions {
        if folds && revision.verdict == Verdict::Reversible {
            left_out += 1;
            continue;
        }
        fold(&mut out, &mut left_out);
        out.push_str(&layout.line(revision));
        out.push_str(&layout.reasons(revision));
    }
    fold(&mut out, &mut left_out);
    out
}

fn fold(out: &mut String, left_out: &mut usize) {
    if *left_out > 0 {
        _ = writeln!(out, "  … {left_out} reversible");
        *left_out = 0;
    }
}

struct Layout {
    /// The width of the column of identifiers.
    id: usize,
    options: Options,
}

impl Layout {
    fn head(&self) -> String {
        let line = format!("  {:id$}  {:<9}{:<9}{:<9}verdict", "revision", "up", "down", "again", id = self.id);
        format!("{}\n", self.paint(&line, Style::new().bold()))
    }

    fn line(&self, revision: &RevisionReport) -> String {
        let id = format!("{:id$}", cut(&one_line(&revision.revision), self.id), id = self.id);
        let runs = [&revision.upgrade, &revision.downgrade, &revision.again];
        let runs: String = runs.iter().map(|run| self.status(run.status)).collect();
        let verdict = self.paint(&format!("{:<12}", revision.verdict.word()), colour(revision.verdict));
        let message = one_line(&revision.message);
        let room = self.options.width.map_or(usize::MAX, |w| w.saturating_sub(2 + self.id + 2 + FIXED));
        let message = if room < 10 { String::new() } else { cut(&message, room) };
        let line = format!("  {id}  {runs}{verdict}  {message}");
        format!("{}\n", line.trim_end())
    }

    fn status(&self, status: RunStatus) -> String {
        let (word, style) = match status {
            RunStatus::Ok => ("ok", Style::new()),
            RunStatus::Failed => ("failed", AnsiColor::Red.on_default()),
            RunStatus::Missing => ("missing", AnsiColor::Yellow.on_default()),
            RunStatus::Empty => ("empty", AnsiColor::Yellow.on_default()),
            RunStatus::Refused => ("refused", AnsiColor::Yellow.on_default()),
            RunStatus::Unknown => ("unknown", AnsiColor::Magenta.on_default()),
            RunStatus::Skipped => ("-", Style::new().dimmed()),
        };
        self.paint(&format!("{word:<9}"), style)
    }

    /// Why the verdict is what it is; with `--verbose`, every difference and doubt too.
    fn reasons(&self, revision: &RevisionReport) -> String {
        let verbose = self.options.detail >= Detail::Verbose;
        let mut reasons = Vec::new();
        if revision.verdict != Verdict::Reversible && !revision.because.is_empty() {
            reasons.push(revision.because.clone());
        }
        if let Some(failed) = &revision.rests_on_failed {
            reasons.push(format!("rests on what is left after {failed} failed"));
        }
        if verbose {
            reasons.extend(revision.restores.differences.iter().cloned());
            let runs = [&revision.upgrade, &revision.downgrade, &revision.again];
            let doubts = runs.iter().flat_map(|run| &run.doubts);
            reasons.extend(doubts.map(|doubt| match &doubt.place {
                Some(place) => format!("not known: {} ({}:{})", doubt.why, place.file, place.range.start.line),
                None => format!("not known: {}", doubt.why),
            }));
            let mut seen = std::collections::HashSet::new();
            reasons.retain(|reason| seen.insert(reason.clone()));
        }
        let width = self.options.width.map(|w| w.saturating_sub(4));
        reasons.iter().flat_map(|reason| wrap(&one_line(reason), width)).fold(String::new(), |mut out, line| {
            _ = writeln!(out, "    {}", self.paint(&line, Style::new().dimmed()));
            out
        })
    }

    fn paint(&self, text: &str, style: Style) -> String {
        if self.options.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// The colour of a verdict.
pub(super) fn colour(verdict: Verdict) -> Style {
    let colour = match verdict {
        Verdict::Reversible => AnsiColor::Green,
        Verdict::Lossy | Verdict::Irreversible => AnsiColor::Yellow,
        Verdict::Broken => AnsiColor::Red,
        Verdict::Unknown => AnsiColor::Magenta,
    };
    colour.on_default()
}
