//! Links to the playground: `revproof share`, and the line at the end of a report.

use revproof_core::analyse::analyse;
use revproof_core::config::Config;
use revproof_core::share::{PAGE, Shared};

use crate::command::{chains, revproof, revproof_in};
use crate::project::Project;

/// The findings that whoever opens a link sees: rule and message.
fn opened(url: &str) -> Vec<(String, String)> {
    let shared = Shared::decode(url).unwrap_or_else(|e| panic!("{e}: {url}"));
    let dialect = shared.dialect.map(|name| name.parse().expect("a dialect"));
    let files = shared.files.into_iter().collect();
    let settings: &std::collections::BTreeMap<String, String> = &files;
    let mut config = settings.get("revproof.toml").map(|text| revproof_core::config::parse(text).expect("settings"));
    let config = Config { dialect, ..config.take().unwrap_or_default() };
    let report = analyse(&files, "", &config);
    report.diagnostics().map(|finding| (finding.rule.clone(), finding.message.clone())).collect()
}

#[test]
fn a_link_opens_to_the_findings_that_the_command_has() {
    for chain in chains() {
        let url = revproof(&format!("share migrations/{chain}")).code(0).stdout;
        assert!(url.starts_with(&format!("{PAGE}#r1.")) && url.lines().count() == 1, "{url}");
        let report = revproof(&format!("check migrations/{chain} --output-format json --exit-zero")).code(0).json();
        let found = report["chains"][0]["diagnostics"].as_array().expect("a list").iter();
        let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
        let found: Vec<(String, String)> = found.map(|f| (text(&f["rule"]), text(&f["message"]))).collect();
        assert_eq!(opened(&url), found, "{chain}");
    }
}

#[test]
fn reports_for_people_carry_the_link() {
    let link = revproof("share migrations/phonebook").code(0).stdout;
    let link = link.trim();
    let text = revproof("check migrations/phonebook").stdout;
    assert_eq!(text.lines().last(), Some(format!("playground: {link}").as_str()));
    let markdown = revproof("check migrations/phonebook --output-format markdown").code(1).stdout;
    assert!(
        markdown.ends_with(&format!("({link})\n")) && markdown.starts_with("### revproof: 3 revisions"),
        "{markdown}"
    );
    for without in ["--no-link", "--quiet", "--output-format concise", "--output-format json", "--output-format github"]
    {
        let text = revproof(&format!("check migrations/phonebook {without}")).stdout;
        assert!(!text.contains("#r1."), "{without}: {text}");
    }
    assert!(!revproof("check migrations").stdout.contains("#r1."), "too long for a line of a log");
}

#[test]
fn the_page_is_a_setting() {
    let script = "revision = 'a'\ndown_revision = None\n\ndef upgrade():\n    pass\n";
    let files = [("migrations/versions/a.py", script), ("revproof.toml", "page = 'http://proofs.internal/'\n")];
    let project = Project::new(&files);
    revproof_in(project.path(), "share").code(0).prints(&["http://proofs.internal/#r1."]);
    revproof_in(project.path(), "share --page https://example.org/x").code(0).prints(&["https://example.org/x#r1."]);
    revproof_in(project.path(), "share --page example.org").refused(&["--page", "example.org"]);
}

#[test]
fn a_chain_that_is_too_large_for_a_link_is_told_what_to_do() {
    let mut seed = 7_u32;
    let mut noise = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + (seed >> 24) as u8 % 26)
    };
    let noise: String = (0..60_000).map(|_| noise()).collect();
    let script = format!("revision = 'a'\ndown_revision = None\nNOISE = '{noise}'\n\ndef upgrade():\n    pass\n");
    let project = Project::new(&[("migrations/versions/a.py", &script)]);
    let ran = revproof_in(project.path(), "share").code(1);
    assert!(
        ran.stdout.is_empty() && ran.stderr.contains("too large for a link") && ran.stderr.contains("drop the folder"),
        "{}",
        ran.stderr
    );
    assert!(!revproof_in(project.path(), "check").stdout.contains("#r1."));
}
