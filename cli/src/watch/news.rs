//! [`News`]: how one report differs from the one before it.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use revproof_core::replay::Verdict;
use revproof_core::report::{ChainReport, DiagnosticReport, Report};

/// How a report differs from the one before it.
#[derive(Debug, Default)]
pub(super) struct News {
    /// The findings that were not there before, by chain and number.
    new: Vec<(usize, usize)>,
    /// The findings that are there no more, as lines.
    gone: Vec<String>,
    /// The verdicts that differ, as lines.
    verdicts: Vec<String>,
}

/// What tells a finding from another, wherever it has moved to.
type Key<'a> = (&'a str, Option<&'a str>, &'a str, Option<&'a str>, &'a str);

impl News {
    /// What is new.
    pub(super) fn since(last: Option<&Report>, report: &Report) -> Self {
        let mut news = Self::default();
        let mut before: BTreeMap<Key<'_>, Vec<&DiagnosticReport>> = BTreeMap::new();
        for chain in last.iter().flat_map(|last| &last.chains) {
            for finding in &chain.diagnostics {
                before.entry(key(chain, finding)).or_default().push(finding);
            }
        }
        for (at, chain) in report.chains.iter().enumerate() {
            for (number, finding) in chain.diagnostics.iter().enumerate() {
                let known = before.get_mut(&key(chain, finding)).and_then(Vec::pop);
                if known.is_none() {
                    news.new.push((at, number));
                }
            }
        }
        news.gone = before.into_values().flatten().map(gone).collect();
        news.verdicts = verdicts(last, report);
        news
    }

    /// Whether there is none.
    pub(super) fn is_nothing(&self) -> bool {
        self.new.is_empty() && self.gone.is_empty() && self.verdicts.is_empty()
    }

    /// The report with the new findings alone.
    pub(super) fn found(&self, report: &Report) -> Report {
        let mut found = report.clone();
        for (at, chain) in found.chains.iter_mut().enumerate() {
            let findings = std::mem::take(&mut chain.diagnostics).into_iter().enumerate();
            let new = findings.filter(|(number, _)| self.new.contains(&(at, *number)));
            chain.diagnostics = new.map(|(_, finding)| finding).collect();
        }
        found
    }

    /// The rest of the news, and how things stand.
    pub(super) fn text(&self, report: &Report) -> String {
        let mut text = String::new();
        for line in self.gone.iter().chain(&self.verdicts) {
            _ = writeln!(text, "{line}");
        }
        let sums = &report.summary;
        let nothing = if self.is_nothing() { "nothing changes: " } else { "" };
        let plural = |n: usize, noun: &str| if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") };
        _ = writeln!(
            text,
            "{nothing}{} of {} reversible, {} unknown; {}, {}",
            sums.reversible,
            plural(sums.revisions, "revision"),
            sums.unknown,
            plural(sums.errors, "error"),
            plural(sums.warnings, "warning"),
        );
        text
    }
}

fn key<'a>(chain: &'a ChainReport, finding: &'a DiagnosticReport) -> Key<'a> {
    let database = chain.database.as_deref();
    (&chain.root, database, &finding.rule, finding.revision.as_deref(), &finding.message)
}

fn gone(finding: &DiagnosticReport) -> String {
    let place = match (&finding.file, &finding.range) {
        (Some(file), Some(range)) => format!(" at {file}:{}", range.start.line),
        _ => String::new(),
    };
    format!("settled: {} {}{place}: {}", finding.code, finding.rule, finding.message)
}

/// The verdicts that differ, and the revisions that came and went.
fn verdicts(last: Option<&Report>, report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    let of = |report: &Report| -> HashMap<(String, Option<String>, String), Verdict> {
        let chains = report.chains.iter();
        let all = chains.flat_map(|chain| {
            let (root, database) = (chain.root.clone(), chain.database.clone());
            chain.revisions.iter().map(move |r| ((root.clone(), database.clone(), r.revision.clone()), r.verdict))
        });
        all.collect()
    };
    let mut before = last.map(of).unwrap_or_default();
    for chain in &report.chains {
        for revision in &chain.revisions {
            let known = before.remove(&(chain.root.clone(), chain.database.clone(), revision.revision.clone()));
            let (name, now, because) = (&revision.revision, revision.verdict.word(), &revision.because);
            match known {
                None => lines.push(format!("{name} is new, {now}: {because}")),
                Some(then) if then != revision.verdict => {
                    lines.push(format!("{name} is {now} now, not {}: {because}", then.word()));
                }
                Some(_) => {}
            }
        }
    }
    let mut left: Vec<String> = before.into_keys().map(|(_, _, name)| format!("{name} is gone")).collect();
    left.sort();
    lines.extend(left);
    lines
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use revproof_core::analyse::analyse;
    use revproof_core::config::Config;

    use super::*;

    fn report(downgrade: &str, more: &str) -> Report {
        let script = |id: &str, down: &str, up: &str, back: &str| {
            format!(
                "from alembic import op\nimport sqlalchemy as sa\nrevision = '{id}'\ndown_revision = {down}\n{more}\n\ndef \
                 upgrade():\n    {up}\n\ndef downgrade():\n    {back}\n"
            )
        };
        let make = "op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True))";
        let files: BTreeMap<String, String> =
            [("versions/a.py".to_owned(), script("a", "None", make, downgrade))].into_iter().collect();
        analyse(&files, "", &Config::default())
    }

    #[track_caller]
    fn check(last: &Report, now: &Report, found: usize, expected: &[&str]) {
        let news = News::since(Some(last), now);
        let text = news.text(now);
        assert_eq!(news.new.len(), found, "{text}");
        for line in expected {
            assert!(text.contains(line), "{line:?} is not in {text}");
        }
    }

    #[test]
    fn what_comes_and_goes_is_told_wherever_it_stands() {
        let (good, bad) = (report("op.drop_table('t')", ""), report("pass", ""));
        check(&good, &good, 0, &["nothing changes: 1 of 1 revision reversible, 0 unknown; 0 errors, 0 warnings"]);
        check(&good, &bad, 1, &["a is irreversible now, not reversible: the downgrade is empty"]);
        check(&bad, &good, 0, &["settled: RP202 empty-downgrade at versions/a.py", "a is reversible now"]);
        check(&bad, &report("pass", "\n# further down\n\n"), 0, &["nothing changes"]);
    }
}
