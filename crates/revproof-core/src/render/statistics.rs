//! Counts by rule.

use std::fmt::Write;

use crate::report::Report;

/// A line per rule that found something, the most frequent first.
pub(super) fn render(report: &Report) -> String {
    let rules = &report.summary.rules;
    let width = rules.iter().map(|r| r.count.to_string().len()).max().unwrap_or_default();
    rules.iter().fold(String::new(), |mut out, rule| {
        _ = writeln!(out, "{:>width$}  {}  {}", rule.count, rule.code, rule.rule);
        out
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::report;
    use super::render;

    #[test]
    fn the_most_frequent_rule_comes_first() {
        insta::assert_snapshot!(render(&report()), @r#"
        1  RP105  missing-dependency
        1  RP202  empty-downgrade
        1  RP302  drop-column
        "#);
    }
}
