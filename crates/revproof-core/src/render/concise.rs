//! One finding per line: `file:line:column: code severity message`.

use std::fmt::Write;

use super::plain::{one_line, severity};
use crate::report::path::join;
use crate::report::{ChainReport, DiagnosticReport, Report};

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    for chain in &report.chains {
        for finding in &chain.diagnostics {
            let (code, severity) = (&finding.code, severity(finding.severity));
            let message = one_line(&finding.message);
            _ = writeln!(out, "{}: {code} {severity} {message}", place(chain, finding));
        }
    }
    out
}

fn place(chain: &ChainReport, finding: &DiagnosticReport) -> String {
    let file = one_line(&join(&chain.root, finding.file.as_deref().unwrap_or_default()));
    let file = if file.is_empty() { ".".to_owned() } else { file };
    match finding.range {
        Some(range) => format!("{file}:{}:{}", range.start.line, range.start.column),
        None => file,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::report;
    use super::render;

    #[test]
    fn every_finding_is_one_line() {
        insta::assert_snapshot!(render(&report()), @r#"
        migrations/phonebook: RP105 info no file at all
        migrations/phonebook/versions/2b_rename.py:7:5: RP302 warning dropping `contacts.tel` loses its values
        migrations/phonebook/versions/2b_rename.py:10:5: RP202 error the downgrade does nothing: 1, 2
        "#);
    }
}
