//! [`Tally`]: how often the two agree, field by field.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use revproof_core::schema::Dialect;

use crate::compare::{Answer, Field, Point};
use crate::known::Known;

/// The counts of all chains of one run.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) counts: BTreeMap<(Dialect, Field), Counts>,
    /// Reasons for not knowing, and how often.
    pub(crate) unknowns: BTreeMap<String, usize>,
    /// How many revisions were run, and how many of their upgrades went through in the real thing.
    pub(crate) revisions: BTreeMap<Dialect, usize>,
}

/// How often they agree, how often revproof does not know, and how often they differ.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) agree: usize,
    pub(crate) unknown: usize,
    pub(crate) differ: usize,
    /// How many of those that differ do so for a known reason.
    pub(crate) known: usize,
}

impl Tally {
    pub(crate) fn add(&mut self, dialect: Dialect, points: &[Point], known: &Known) {
        for point in points {
            let counts = self.counts.entry((dialect, point.field)).or_default();
            match &point.answer {
                Answer::Agree => counts.agree += 1,
                Answer::Differ { .. } => {
                    counts.differ += 1;
                    counts.known += usize::from(known.reason(dialect, point).is_some());
                }
                Answer::Unknown(why) => {
                    counts.unknown += 1;
                    let why = if point.field == Field::Success { why.clone() } else { format!("{:?}", point.field) };
                    *self.unknowns.entry(without_names(&why)).or_default() += 1;
                }
            }
        }
        let mut revisions: Vec<&str> = points.iter().map(|point| point.revision.as_str()).collect();
        revisions.dedup();
        *self.revisions.entry(dialect).or_default() += revisions.len();
    }

    /// The table of `docs/fidelity.md`.
    pub(crate) fn table(&self) -> String {
        let mut text = String::from(
            "| dialect | compared | agree | unknown | differ | of these known |\n| --- | --- | ---: | ---: | ---: | ---: |\n",
        );
        for ((dialect, field), counts) in &self.counts {
            let all = counts.agree + counts.unknown + counts.differ;
            #[expect(clippy::cast_precision_loss, reason = "a percentage of counts")]
            let share = 100.0 * counts.agree as f64 / all.max(1) as f64;
            let Counts { agree, unknown, differ, known } = counts;
            _ = writeln!(
                text,
                "| {dialect} | {} | {agree} ({share:.2} %) | {unknown} | {differ} | {known} |",
                field.title()
            );
        }
        text
    }

    /// The commonest reasons for not knowing.
    pub(crate) fn reasons(&self, count: usize) -> Vec<(usize, &str)> {
        let mut reasons: Vec<(usize, &str)> = self.unknowns.iter().map(|(why, n)| (*n, why.as_str())).collect();
        reasons.sort_by(|a, b| b.cmp(a));
        reasons.truncate(count);
        reasons
    }
}

/// A sentence without what stands in quotes, so that those that differ in names only count as one.
fn without_names(why: &str) -> String {
    let parts = why.split(['`', '"', '\'']).enumerate();
    parts.map(|(at, part)| if at % 2 == 0 { part } else { "…" }).collect()
}
