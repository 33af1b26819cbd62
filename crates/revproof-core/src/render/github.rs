//! Workflow commands of GitHub Actions, which put each finding beside its line in a pull request.

use std::fmt::Write;

use super::plain::visible;
use crate::diagnostic::Severity;
use crate::report::path::join;
use crate::report::{ChainReport, DiagnosticReport, Report};

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    for chain in &report.chains {
        for finding in &chain.diagnostics {
            _ = writeln!(out, "{}", command(chain, finding));
        }
    }
    out
}

fn command(chain: &ChainReport, finding: &DiagnosticReport) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut properties = vec![format!("title={}", property(&format!("{} {}", finding.code, finding.rule)))];
    if let Some(file) = &finding.file {
        properties.push(format!("file={}", property(&join(&chain.root, file))));
    }
    if let Some(range) = finding.range {
        properties.push(format!("line={},endLine={}", range.start.line, range.end.line));
        // GitHub shows columns only within one line, and refuses them on several.
        if range.start.line == range.end.line {
            properties.push(format!("col={},endColumn={}", range.start.column, range.end.column));
        }
    }
    format!("::{level} {}::{}", properties.join(","), data(&visible(&message(finding))))
}

fn message(finding: &DiagnosticReport) -> String {
    let notes = finding.notes.iter().map(|note| format!("\nnote: {note}"));
    let help = finding.help.iter().map(|help| format!("\nhelp: {help}"));
    notes.chain(help).fold(finding.message.clone(), |message, line| message + &line)
}

/// Escapes the message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a command, which a colon or a comma would end.
fn property(text: &str) -> String {
    data(&visible(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::sample::report;
    use super::render;

    #[test]
    fn every_finding_is_one_command_with_its_special_characters_escaped() {
        insta::assert_snapshot!(render(&report()), @r#"
        ::notice title=RP105 missing-dependency::no file at all
        ::warning title=RP302 drop-column,file=migrations/phonebook/versions/2b_rename.py,line=7,endLine=7,col=5,endColumn=38::dropping `contacts.tel` loses its values%0Anote: 3 rows have a value, such as �[31m'+1 555 0100', and a long reason why that should matter to you%0Ahelp: rename it: values stay where they are
        ::error title=RP202 empty-downgrade,file=migrations/phonebook/versions/2b_rename.py,line=10,endLine=10,col=5,endColumn=14::the downgrade does nothing: 1,%0A2
        "#);
    }
}
