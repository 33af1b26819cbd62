//! [`Summary`]: the sums that a chain or a whole report ends with.

use std::collections::BTreeMap;

use serde::Serialize;

use super::chain::{ChainReport, RevisionReport};
use super::finding::DiagnosticReport;
use crate::diagnostic::Severity;
use crate::replay::Verdict;

/// How many there are of each.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Summary {
    /// Revisions.
    pub revisions: usize,
    /// Heads.
    pub heads: usize,
    /// Revisions whose schema and values all come back.
    pub reversible: usize,
    /// Revisions whose schema comes back, but not every value.
    pub lossy: usize,
    /// Revisions with no way back.
    pub irreversible: usize,
    /// Revisions that fail, or whose schema does not come back.
    pub broken: usize,
    /// Revisions of which nothing is proved.
    pub unknown: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are only worth knowing.
    pub infos: usize,
    /// Findings by rule, the most frequent first.
    pub rules: Vec<RuleCount>,
}

/// How often a rule found something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    /// The rule's code.
    pub code: String,
    /// The rule's name.
    pub rule: String,
    /// How often.
    pub count: usize,
}

impl Summary {
    /// The sums of one chain.
    pub fn of(heads: usize, revisions: &[RevisionReport], diagnostics: &[DiagnosticReport]) -> Self {
        let verdicts = |v: Verdict| revisions.iter().filter(|r| r.verdict == v).count();
        let findings = |s: Severity| diagnostics.iter().filter(|d| d.severity == s).count();
        Self {
            revisions: revisions.len(),
            heads,
            reversible: verdicts(Verdict::Reversible),
            lossy: verdicts(Verdict::Lossy),
            irreversible: verdicts(Verdict::Irreversible),
            broken: verdicts(Verdict::Broken),
            unknown: verdicts(Verdict::Unknown),
            errors: findings(Severity::Error),
            warnings: findings(Severity::Warning),
            infos: findings(Severity::Info),
            rules: count_rules(diagnostics.iter().map(|d| (d.code.as_str(), d.rule.as_str(), 1))),
        }
    }

    /// The sums over several chains.
    pub fn total(chains: &[ChainReport]) -> Self {
        let sum = |count: fn(&Summary) -> usize| chains.iter().map(|c| count(&c.summary)).sum();
        let rules = chains.iter().flat_map(|c| &c.summary.rules);
        Self {
            revisions: sum(|s| s.revisions),
            heads: sum(|s| s.heads),
            reversible: sum(|s| s.reversible),
            lossy: sum(|s| s.lossy),
            irreversible: sum(|s| s.irreversible),
            broken: sum(|s| s.broken),
            unknown: sum(|s| s.unknown),
            errors: sum(|s| s.errors),
            warnings: sum(|s| s.warnings),
            infos: sum(|s| s.infos),
            rules: count_rules(rules.map(|r| (r.code.as_str(), r.rule.as_str(), r.count))),
        }
    }
}

fn count_rules<'a>(found: impl Iterator<Item = (&'a str, &'a str, usize)>) -> Vec<RuleCount> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (code, rule, count) in found {
        *counts.entry((code, rule)).or_default() += count;
    }
    let counted = counts.into_iter();
    let mut counts: Vec<RuleCount> = counted
        .map(|((code, rule), count)| RuleCount { code: code.to_owned(), rule: rule.to_owned(), count })
        .collect();
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.code.cmp(&b.code)));
    counts
}
