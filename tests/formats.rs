//! The formats, as a reader of each would take them.

use serde_json::Value;

use crate::command::revproof;

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().map(|o| o.keys().map(String::as_str).collect()).unwrap_or_default()
}

#[track_caller]
fn has(value: &Value, wanted: &[&str]) {
    for key in wanted {
        assert!(keys(value).contains(key), "`{key}` is missing in {:?}", keys(value));
    }
}

#[test]
fn json_has_the_promised_shape() {
    let report = revproof("check --output-format json").code(1).json();
    has(&report, &["version", "tool", "chains", "summary"]);
    assert_eq!(report["version"], 1);
    assert_eq!(report["tool"]["name"], "revproof");
    for chain in report["chains"].as_array().expect("a list") {
        has(chain, &["root", "dialect", "heads", "bases", "revisions", "diagnostics", "summary"]);
        for revision in chain["revisions"].as_array().expect("a list") {
            revision_has_the_promised_shape(revision);
        }
        for finding in chain["diagnostics"].as_array().expect("a list") {
            finding_has_the_promised_shape(finding);
        }
    }
}

fn revision_has_the_promised_shape(revision: &Value) {
    has(revision, &["revision", "down_revision", "depends_on", "branch_labels", "message", "file", "verdict"]);
    assert!(revision["down_revision"].is_array() && revision["message"].is_string());
    let file = revision["file"].as_str().expect("a path");
    assert!(file.starts_with("versions/"), "{file}");
    for run in ["upgrade", "downgrade", "again"] {
        has(&revision[run], &["status", "error"]);
        let status = revision[run]["status"].as_str().expect("a word");
        assert!(["ok", "failed", "missing", "empty", "refused", "unknown", "skipped"].contains(&status), "{status}");
        if status == "failed" {
            has(&revision[run]["error"], &["kind", "message", "line"]);
        }
    }
    has(&revision["restores"], &["schema", "rows", "differences"]);
    let verdict = revision["verdict"].as_str().expect("a word");
    assert!(["reversible", "lossy", "irreversible", "broken", "unknown"].contains(&verdict), "{verdict}");
}

fn finding_has_the_promised_shape(finding: &Value) {
    has(
        finding,
        &["rule", "code", "severity", "message", "revision", "file", "range", "labels", "notes", "help", "fix"],
    );
    assert!(["error", "warning", "info"].contains(&finding["severity"].as_str().expect("a word")));
    if !finding["range"].is_null() {
        for end in ["start", "end"] {
            assert!(finding["range"][end]["line"].as_u64() >= Some(1), "{finding:#}");
            assert!(finding["range"][end]["column"].as_u64() >= Some(1), "{finding:#}");
        }
    }
}

#[test]
fn places_point_at_the_code_that_they_are_about() {
    let report = revproof("check migrations/phonebook --output-format json").code(1).json();
    let findings = report["chains"][0]["diagnostics"].as_array().expect("a list");
    let rename = findings.iter().find(|d| d["rule"] == "column-rename").expect("the rename is found");
    let file = crate::command::root().join("migrations/phonebook").join(rename["file"].as_str().expect("a path"));
    let text = std::fs::read_to_string(file).expect("the file is there");
    let line = rename["range"]["start"]["line"].as_u64().expect("a number") as usize;
    let code = text.lines().nth(line - 1).expect("the line is there");
    assert!(code.contains("phone"), "{code}");
}

#[test]
fn every_finding_is_one_line_in_concise_and_github() {
    let findings = revproof("check --output-format json").json();
    let count: usize = findings["chains"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|chain| chain["diagnostics"].as_array().map_or(0, Vec::len))
        .sum();
    let concise = revproof("check --output-format concise").stdout;
    assert_eq!(concise.lines().count(), count);
    assert!(concise.lines().all(|line| line.starts_with("migrations/")), "{concise}");
    let github = revproof("check --output-format github").stdout;
    assert_eq!(github.lines().count(), count);
    assert!(github.lines().all(|line| ["::error ", "::warning ", "::notice "].iter().any(|c| line.starts_with(c))));
    assert!(github.contains("file=migrations/phonebook/versions/"), "{github}");
}
