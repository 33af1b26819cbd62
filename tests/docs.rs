//! What is written must be true.

use std::fs;

use revproof_core::config::KEYS;
use revproof_core::lint::{self, rules};

use crate::command::{files, revproof, root};

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

#[test]
fn every_rule_has_its_page_and_no_page_is_out_of_date() {
    for (path, text) in lint::docs::all() {
        assert!(read(&path) == text, "{path} is not up to date: run `cargo xtask docs`");
    }
    let pages = files(&root().join("docs/rules"), "md").len();
    assert_eq!(pages, rules().len() + 1, "a page for each rule and the index");
}

#[test]
fn every_rule_says_what_why_and_what_instead() {
    for rule in rules() {
        let manual = lint::docs::manual(rule);
        for part in ["## What it does", "## Why it matters", "## What to do instead"] {
            assert!(manual.contains(part), "{}: no {part:?}", rule.id.name);
        }
    }
}

#[test]
fn every_setting_and_every_argument_is_in_the_manual() {
    let configuration = read("docs/configuration.md");
    for key in KEYS {
        assert!(configuration.contains(&format!("## `{}`", key.name)), "{}", key.name);
    }
    let cli = read("docs/cli.md");
    for command in ["check", "schema", "rule"] {
        let help = revproof(&format!("{command} --help")).code(0).stdout;
        for word in help.split_whitespace().filter(|word| word.starts_with("--") && word.len() > 2) {
            assert!(cli.contains(word), "{word} of {command} is not in docs/cli.md: run `cargo xtask docs`");
        }
    }
}

#[test]
fn the_two_commands_of_the_readme_are_the_ones_that_ci_runs_and_that_prove_the_samples() {
    let readme = read("README.md");
    let commands: Vec<&str> = readme.lines().filter_map(|line| line.strip_prefix("    cargo ")).collect();
    assert_eq!(commands, ["run --release -- check", "xtask test"]);
    assert!(read(".ci/run").contains("cargo xtask test"));
    assert!(read(".cargo/config.toml").contains("xtask = \"run --quiet --package xtask --\""));
    assert!(read("Cargo.toml").contains("default-members = [\"cli\"]"), "a bare `cargo run` must find the command");
}

#[test]
fn links_between_pages_lead_somewhere() {
    for page in files(root(), "md") {
        let text = fs::read_to_string(&page).expect("the page is there");
        let folder = page.parent().expect("a page is in a folder");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            let outside = link.contains("://") || link.contains(' ') || file.is_empty() || link.starts_with("mailto:");
            assert!(outside || folder.join(file).exists(), "{}: {link}", page.display());
        }
    }
}
