//! Markdown, for a comment of a pull request, an issue or a summary of a job.

use std::fmt::Write;

use super::plain::one_line;
use super::text::summary_line;
use crate::diagnostic::Severity;
use crate::replay::{RunStatus, Verdict};
use crate::report::path::join;
use crate::report::{ChainReport, DiagnosticReport, Report, RevisionReport};

pub(super) fn render(report: &Report) -> String {
    let mut out = format!("### revproof: {}\n", escaped(&summary_line(&report.summary, None)));
    for chain in &report.chains {
        if report.chains.len() > 1 {
            _ = writeln!(out, "\n#### {}", code(&chain.root));
        }
        verdicts(&mut out, chain);
        for finding in &chain.diagnostics {
            self::finding(&mut out, chain, finding, report);
        }
    }
    out
}

fn verdicts(out: &mut String, chain: &ChainReport) {
    if chain.revisions.is_empty() {
        return;
    }
    out.push_str("\n| revision | | upgrade | downgrade | again | verdict |\n| --- | --- | --- | --- | --- | --- |\n");
    for revision in &chain.revisions {
        let run = |status: RunStatus| match status {
            RunStatus::Ok => "✓",
            RunStatus::Failed => "✗ fails",
            RunStatus::Missing => "missing",
            RunStatus::Empty => "empty",
            RunStatus::Refused => "refuses",
            RunStatus::Unknown => "? unknown",
            RunStatus::Skipped => "–",
        };
        _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            code(&revision.revision),
            cell(&revision.message),
            run(revision.upgrade.status),
            run(revision.downgrade.status),
            run(revision.again.status),
            verdict(revision),
        );
    }
}

fn verdict(revision: &RevisionReport) -> String {
    let mark = match revision.verdict {
        Verdict::Reversible => "✓",
        Verdict::Lossy => "~",
        Verdict::Irreversible => "⊘",
        Verdict::Broken => "✗",
        Verdict::Unknown => "?",
    };
    let because = if revision.verdict == Verdict::Reversible { "" } else { &revision.because };
    let because = if because.is_empty() { String::new() } else { format!(": {}", cell(because)) };
    format!("{mark} **{}**{because}", revision.verdict.word())
}

fn finding(out: &mut String, chain: &ChainReport, finding: &DiagnosticReport, report: &Report) {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    _ = writeln!(out, "\n**{severity}** {} `{} {}`", escaped(&finding.message), finding.code, finding.rule);
    if let (Some(file), Some(range)) = (&finding.file, finding.range) {
        _ = writeln!(out, "\n{}", code(&format!("{}:{}", join(&chain.root, file), range.start.line)));
        let source = finding.span.and_then(|span| report.sources.get(span.file));
        if let Some(source) = source {
            let last = range.end.line.min(range.start.line + 9);
            let lines: Vec<&str> = (range.start.line..=last).map(|line| source.line(line)).collect();
            let fence = fence(&lines);
            _ = writeln!(out, "\n{fence}python\n{}\n{fence}", lines.join("\n"));
        }
    }
    for note in &finding.notes {
        _ = writeln!(out, "\n- {}", escaped(note));
    }
    if let Some(help) = &finding.help {
        _ = writeln!(out, "\n> {}", escaped(help));
    }
}

/// A fence longer than any in the lines.
fn fence(lines: &[&str]) -> String {
    let runs = lines.iter().map(|line| line.trim_start().chars().take_while(|c| *c == '`').count());
    "`".repeat(runs.max().unwrap_or_default().max(2) + 1)
}

/// Text on one line in which nothing is markup.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut in_code = false;
    for c in one_line(text).chars() {
        if c == '`' {
            in_code = !in_code;
        }
        // Between backticks everything stands as it is, as long as there is a second one.
        if !in_code && matches!(c, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '@') {
            out.push('\\');
        }
        out.push(c);
    }
    if in_code { out.replace('`', "\\`") } else { out }
}

/// [`escaped`] for a cell of a table, where a bar ends it even between backticks.
fn cell(text: &str) -> String {
    escaped(text).replace("\\|", "|").replace('|', "\\|")
}

/// A word of code on one line, without what would end it.
fn code(text: &str) -> String {
    format!("`{}`", one_line(text).replace('`', "'").replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::super::sample::report;
    use super::*;

    #[test]
    fn a_report_reads_as_a_comment() {
        insta::assert_snapshot!(render(&report()));
    }

    #[test]
    fn nothing_of_the_scripts_is_markup() {
        assert_eq!(escaped("drop `a_b` and *c* <b>"), "drop `a_b` and \\*c\\* \\<b\\>");
        assert_eq!(escaped("one ` only_here"), "one \\` only_here");
        assert_eq!(cell("a|b `c|d`"), "a\\|b `c\\|d`");
        assert_eq!(fence(&["x", "  ````"]), "`````");
    }
}
