//! A report that shows what a format must cope with, for the tests of this folder.

use crate::diagnostic::{Diagnostic, Edit, Fix, Label, RuleId, Severity};
use crate::op::FailureKind;
use crate::replay::{RunStatus, Verdict};
use crate::report::{
    ChainReport, DiagnosticReport, DoubtReport, ErrorReport, Report, RestoresReport, RevisionReport, RunReport, Summary,
};
use crate::schema::Dialect;
use crate::source::{Sources, Span};

const CREATE: &str = "\"\"\"create contacts\"\"\"\nfrom alembic import op\n\n\ndef upgrade():\n    op.create_table(\n        \"contacts\",\n        sa.Column(\"id\", sa.Integer()),\n        sa.Column(\"tel\", sa.String(32)),\n    )\n";
const RENAME: &str = "\"\"\"better names, 100%\"\"\"\nfrom alembic import op\n\n\ndef upgrade():\n    op.add_column(\"contacts\", sa.Column(\"phone\", sa.String(32)))\n    op.drop_column(\"contacts\", \"tel\")\n\n\ndef downgrade():\n    pass\n";

/// Two revisions: a table with a doubt, and a rename that loses values, with a label in the other revision and a fix.
pub(super) fn report() -> Report {
    let mut sources = Sources::default();
    let create = sources.add("migrations/phonebook/versions/1a_create.py", CREATE);
    let rename = sources.add("migrations/phonebook/versions/2b_rename.py", RENAME);
    let find = |file, text: &str, what: &str| {
        let start = text.find(what).unwrap() as u32;
        Span::new(file, start, start + what.len() as u32)
    };
    let rule = |code, name| RuleId { code, name };
    let drop = find(rename, RENAME, "op.drop_column(\"contacts\", \"tel\")");
    let table = Span::new(create, CREATE.find("op.create").unwrap() as u32, CREATE.len() as u32 - 1);
    let findings = [
        Diagnostic::new(rule("RP302", "drop-column"), Severity::Warning, "dropping `contacts.tel` loses its values")
            .at(drop)
            .in_revision("2b")
            .label(table, "created here")
            .note(
                "3 rows have a value, such as \u{1b}[31m'+1 555 0100', and a long reason why that should matter to you",
            )
            .help("rename it: values stay where they are")
            .fix(Fix {
                title: "rename the column".to_owned(),
                edits: vec![Edit { span: drop, text: "pass".to_owned() }],
            }),
        Diagnostic::new(rule("RP202", "empty-downgrade"), Severity::Error, "the downgrade does nothing: 1,\n2")
            .at(find(rename, RENAME, "downgrade"))
            .in_revision("2b"),
        Diagnostic::new(rule("RP105", "missing-dependency"), Severity::Info, "no file at all"),
    ];
    let mut diagnostics: Vec<_> =
        findings.iter().map(|d| DiagnosticReport::of(d, "migrations/phonebook", &sources)).collect();
    diagnostics.rotate_right(1);
    let revisions = vec![
        revision("1a", "create contacts", Verdict::Reversible, RunStatus::Ok),
        revision("2b", "better names, 100%", Verdict::Irreversible, RunStatus::Empty),
    ];
    let chain = ChainReport {
        baseline_not_understood: Vec::new(),
        root: "migrations/phonebook".to_owned(),
        database: None,
        dialect: Dialect::PostgreSql,
        dialect_source: "as nothing says otherwise".to_owned(),
        heads: vec!["2b".to_owned()],
        bases: vec!["1a".to_owned()],
        summary: Summary::of(1, &revisions, &diagnostics),
        revisions,
        merges: Vec::new(),
        naming: Vec::new(),
        diagnostics,
    };
    Report::new(vec![chain], sources)
}

/// A report of one finding in a file of that text: its place, then labels and a fix at the others.
pub(super) fn report_of(text: &str, places: &[(u32, u32)]) -> Report {
    let mut sources = Sources::default();
    let file = sources.add("versions/a.py", text);
    let spans: Vec<Span> = places.iter().map(|(start, end)| Span::new(file, *start, *end)).collect();
    let rule = RuleId { code: "RP302", name: "drop-column" };
    let mut finding = Diagnostic::new(rule, Severity::Error, text).note(text).help(text);
    finding.span = spans.first().copied();
    let labels = spans.iter().skip(1).map(|span| Label { span: *span, message: text.to_owned() });
    finding.labels = labels.collect();
    let edits = spans.iter().take(1).map(|span| Edit { span: *span, text: text.to_owned() }).collect();
    finding.fix = Some(Fix { title: text.to_owned(), edits });
    let diagnostics = vec![DiagnosticReport::of(&finding, "", &sources)];
    let chain = ChainReport {
        baseline_not_understood: Vec::new(),
        root: String::new(),
        database: None,
        dialect: Dialect::Sqlite,
        dialect_source: text.to_owned(),
        heads: Vec::new(),
        bases: Vec::new(),
        summary: Summary::of(0, &[], &diagnostics),
        revisions: Vec::new(),
        merges: Vec::new(),
        naming: Vec::new(),
        diagnostics,
    };
    Report::new(vec![chain], sources)
}

fn revision(id: &str, message: &str, verdict: Verdict, down: RunStatus) -> RevisionReport {
    let run = |status| RunReport { status, error: None, operations: 1, doubts: Vec::new() };
    let reversible = verdict == Verdict::Reversible;
    let doubt = DoubtReport { why: "`os.environ` is not known".to_owned(), place: None };
    let error = ErrorReport {
        kind: FailureKind::DuplicateObject,
        message: "column \"phone\" of relation \"contacts\" already exists".to_owned(),
        line: Some(6),
    };
    RevisionReport {
        revision: id.to_owned(),
        down_revision: if reversible { Vec::new() } else { vec!["1a".to_owned()] },
        depends_on: Vec::new(),
        branch_labels: Vec::new(),
        message: message.to_owned(),
        file: format!("versions/{id}.py"),
        upgrade: RunReport { doubts: if reversible { Vec::new() } else { vec![doubt] }, ..run(RunStatus::Ok) },
        downgrade: run(down),
        again: if reversible { run(RunStatus::Ok) } else { RunReport { error: Some(error), ..run(RunStatus::Failed) } },
        restores: RestoresReport {
            schema: Some(reversible),
            rows: if reversible { Some(true) } else { None },
            differences: if reversible { Vec::new() } else { vec!["column contacts.tel is missing".to_owned()] },
        },
        verdict,
        because: if reversible {
            String::new()
        } else {
            "the downgrade is empty, though the upgrade changes `contacts`".to_owned()
        },
        rests_on_failed: None,
    }
}
