//! For people: each chain with its dialect, its findings grouped by revision, its verdicts, and a summary.

use std::collections::HashMap;
use std::fmt::Write;
use std::time::Duration;

use anstyle::Style;

use super::plain::one_line;
use super::{Detail, Options, frame, statistics, table};
use crate::report::{ChainReport, Report, RevisionReport, Summary};

pub(super) fn render(report: &Report, options: Options) -> String {
    let mut out = String::new();
    for chain in &report.chains {
        if options.detail > Detail::Quiet {
            _ = writeln!(out, "{}\n", heading(&title(chain), options));
        }
        if !options.statistics {
            findings(&mut out, chain, report, options);
        }
        if options.detail > Detail::Quiet && !chain.revisions.is_empty() {
            out.push_str(&table::render(chain, options));
            out.push('\n');
        }
        if options.detail > Detail::Quiet && report.chains.len() > 1 {
            _ = writeln!(out, "{}\n", summary_line(&chain.summary, None));
        }
    }
    if options.statistics {
        out.push_str(&statistics::render(report));
    }
    if options.detail > Detail::Quiet {
        if options.statistics && !report.summary.rules.is_empty() {
            out.push('\n');
        }
        let chains = if report.chains.len() > 1 { format!("{} chains, ", report.chains.len()) } else { String::new() };
        let line = format!("{chains}{}", summary_line(&report.summary, options.elapsed));
        _ = writeln!(out, "{}", heading(&line, options));
    }
    out
}

/// What was proved, in one line.
pub fn summary_line(summary: &Summary, elapsed: Option<Duration>) -> String {
    let revisions = count(summary.revisions, "revision");
    let heads = count(summary.heads, "head");
    let mut verdicts = vec![format!("{} reversible", summary.reversible)];
    for (n, word) in [(summary.lossy, "lossy"), (summary.irreversible, "irreversible"), (summary.broken, "broken")] {
        if n > 0 {
            verdicts.push(format!("{n} {word}"));
        }
    }
    verdicts.push(format!("{} unknown", summary.unknown));
    let findings = match (summary.errors, summary.warnings, summary.infos) {
        (0, 0, 0) => "no findings".to_owned(),
        (errors, warnings, infos) => {
            let mut findings = vec![count(errors, "error"), count(warnings, "warning")];
            if infos > 0 {
                findings.push(format!("{infos} for information"));
            }
            findings.join(", ")
        }
    };
    let elapsed = elapsed.map(|e| format!(" in {}", duration(e))).unwrap_or_default();
    format!("{revisions}, {heads}: {}; {findings}{elapsed}", verdicts.join(", "))
}

fn title(chain: &ChainReport) -> String {
    let root = if chain.root.is_empty() { "." } else { &chain.root };
    let database = chain.database.as_deref().map(|name| format!(", database {}", one_line(name))).unwrap_or_default();
    format!("{}{database}: {}, {}", one_line(root), chain.dialect, one_line(&chain.dialect_source))
}

/// The findings, those of a revision under its name.
fn findings(out: &mut String, chain: &ChainReport, report: &Report, options: Options) {
    let named: HashMap<&str, &RevisionReport> = chain.revisions.iter().map(|r| (r.revision.as_str(), r)).collect();
    let mut under: Option<&str> = None;
    for finding in &chain.diagnostics {
        let revision = finding.revision.as_deref();
        if let Some(id) = revision.filter(|_| revision != under) {
            _ = writeln!(out, "{}\n", heading(&revision_title(id, named.get(id).copied()), options));
        }
        under = revision;
        _ = writeln!(out, "{}", frame::render(chain, finding, &report.sources, options));
    }
}

fn revision_title(id: &str, revision: Option<&RevisionReport>) -> String {
    let id = one_line(id);
    match revision {
        Some(r) if !r.message.is_empty() => format!("{id} {} ({})", one_line(&r.message), r.verdict.word()),
        Some(r) => format!("{id} ({})", r.verdict.word()),
        None => id,
    }
}

fn heading(text: &str, options: Options) -> String {
    let bold = Style::new().bold();
    if options.color { format!("{bold}{text}{bold:#}") } else { text.to_owned() }
}

fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

fn duration(elapsed: Duration) -> String {
    match elapsed.as_millis() {
        0 => "under 1 ms".to_owned(),
        ms @ 1..10_000 => format!("{ms} ms"),
        ms => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::report;
    use super::*;

    fn shown(options: Options) -> String {
        render(&report(), options)
    }

    #[test]
    fn findings_stand_under_their_revision_before_the_verdicts() {
        insta::assert_snapshot!(shown(Options { elapsed: Some(Duration::from_millis(12)), ..Options::default() }), @r#"
        migrations/phonebook: postgresql, as nothing says otherwise

        info[RP105 missing-dependency]: no file at all

        2b better names, 100% (irreversible)

        warning[RP302 drop-column]: dropping `contacts.tel` loses its values
         --> migrations/phonebook/versions/2b_rename.py:7:5
          |
        7 |     op.drop_column("contacts", "tel")
          |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
         ::: migrations/phonebook/versions/1a_create.py:6:5
          |
        6 |     op.create_table(
          |     ---------------- created here
          |
          = note: 3 rows have a value, such as �[31m'+1 555 0100', and a long reason why that should matter to you
          = help: rename it: values stay where they are
        help: rename the column
          |
        7 -     op.drop_column("contacts", "tel")
        7 +     pass
          |

        error[RP202 empty-downgrade]: the downgrade does nothing: 1,
                                      2
          --> migrations/phonebook/versions/2b_rename.py:10:5
           |
        10 | def downgrade():
           |     ^^^^^^^^^

          revision  up       down     again    verdict
          1a        ok       ok       ok       reversible    create contacts
          2b        ok       empty    failed   irreversible  better names, 100%
            the downgrade is empty, though the upgrade changes `contacts`

        2 revisions, 1 head: 1 reversible, 1 irreversible, 0 unknown; 1 error, 1 warning, 1 for information in 12 ms
        "#);
    }

    #[test]
    fn sixty_columns_are_enough() {
        let text = shown(Options { width: Some(60), detail: Detail::Verbose, ..Options::default() });
        insta::assert_snapshot!(text, @r#"
        migrations/phonebook: postgresql, as nothing says otherwise

        info[RP105 missing-dependency]: no file at all

        2b better names, 100% (irreversible)

        warning[RP302 drop-column]: dropping `contacts.tel` loses its values
         --> migrations/phonebook/versions/2b_rename.py:7:5
          |
        7 |     op.drop_column("contacts", "tel")
          |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
         ::: migrations/phonebook/versions/1a_create.py:6:5
          |
        6 |     op.create_table(
          |     ---------------- created here
          |
          = note: 3 rows have a value, such as �[31m'+1 555
                  0100', and a long reason why that should
                  matter to you
          = help: rename it: values stay where they are
        help: rename the column
          |
        7 -     op.drop_column("contacts", "tel")
        7 +     pass
          |

        error[RP202 empty-downgrade]: the downgrade does nothing: 1,
                                      2
          --> migrations/phonebook/versions/2b_rename.py:10:5
           |
        10 | def downgrade():
           |     ^^^^^^^^^

          revision  up       down     again    verdict
          1a        ok       ok       ok       reversible
          2b        ok       empty    failed   irreversible
            the downgrade is empty, though the upgrade changes
            `contacts`
            column contacts.tel is missing
            not known: `os.environ` is not known

        2 revisions, 1 head: 1 reversible, 1 irreversible, 0 unknown; 1 error, 1 warning, 1 for information
        "#);
    }

    #[test]
    fn quiet_shows_findings_only_and_statistics_count_them() {
        let quiet = shown(Options { detail: Detail::Quiet, ..Options::default() });
        assert!(quiet.starts_with("info[RP105 missing-dependency]") && quiet.contains("RP302"), "{quiet}");
        assert!(!quiet.contains("again"), "{quiet}");
        insta::assert_snapshot!(shown(Options { statistics: true, detail: Detail::Quiet, ..Options::default() }), @r#"
        1  RP105  missing-dependency
        1  RP202  empty-downgrade
        1  RP302  drop-column
        "#);
    }

    #[test]
    fn colours_come_only_when_asked_for() {
        assert!(!shown(Options::default()).contains('\u{1b}'));
        assert!(shown(Options { color: true, ..Options::default() }).contains("\u{1b}[32mreversible"));
    }

    #[test]
    fn unknown_is_counted_even_where_there_is_none() {
        let summary = Summary { revisions: 1, heads: 1, reversible: 1, ..Summary::default() };
        assert_eq!(summary_line(&summary, None), "1 revision, 1 head: 1 reversible, 0 unknown; no findings");
    }
}
