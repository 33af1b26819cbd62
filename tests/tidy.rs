//! The rules of the house, as far as a machine can hold them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{files, root};

/// The modules of the core; each imports only what stands before it.
const ORDER: &[&str] = &[
    "source",
    "diagnostic",
    "schema",
    "op",
    "python",
    "alembic",
    "sql",
    "history",
    "ddl",
    "autogenerate",
    "engine",
    "config",
    "directory",
    "draft",
    "listing",
    "offline",
    "replay",
    "workflow",
    "lint",
    "report",
    "share",
    "render",
    "analyse",
    "lib",
];

/// Crates that only some modules of the core may name.
const WALLS: [(&str, &[&str]); 6] = [
    ("ruff_", &["python"]),
    ("gluesql", &["engine"]),
    ("sqlparser", &["sql", "engine"]),
    ("annotate_snippets", &["render"]),
    ("configparser", &["alembic"]),
    ("toml::", &["config", "alembic"]),
];

fn core() -> PathBuf {
    root().join("crates/revproof-core/src")
}

/// The module of the core that a file belongs to.
fn module(file: &Path) -> String {
    let inside = file.strip_prefix(core()).expect("a file of the core");
    let first = inside.components().next().expect("a file has a name");
    Path::new(&first).file_stem().expect("a name").to_string_lossy().into_owned()
}

/// Whether a file holds nothing but tests.
fn is_test(file: &Path) -> bool {
    let inside = file.strip_prefix(core()).unwrap_or(file);
    let tests = ["tests", "testing", "sample"];
    inside
        .components()
        .any(|part| tests.iter().any(|t| part.as_os_str() == *t || *part.as_os_str() == *format!("{t}.rs")))
}

/// The lines of a file that are code, without comments and without the tests at its end.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    let lines = lines.take_while(|(_, line)| line.trim() != "mod tests {" && line.trim() != "mod tests;");
    lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

fn name(file: &Path) -> String {
    file.strip_prefix(root()).unwrap_or(file).display().to_string()
}

#[track_caller]
fn none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n  {}", found.join("\n  "));
}

#[test]
fn every_module_of_the_core_has_its_place_in_the_order() {
    let modules: BTreeSet<String> = files(&core(), "rs").iter().map(|file| module(file)).collect();
    assert_eq!(modules, ORDER.iter().map(ToString::to_string).collect());
}

#[test]
fn a_module_of_the_core_imports_only_what_stands_before_it() {
    let mut found = Vec::new();
    for file in files(&core(), "rs") {
        let own = module(&file);
        let Some(at) = ORDER.iter().position(|m| *m == own) else { continue };
        let text = read(&file);
        for (line, code) in code(&text) {
            for rest in code.split("crate::").skip(1) {
                let named: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if ORDER.iter().skip(at + 1).any(|later| *later == named) {
                    found.push(format!("{}:{line}: `{own}` imports `{named}`", name(&file)));
                }
            }
        }
    }
    none("imports against the order of the pipeline", &found);
}

#[test]
fn third_party_crates_stay_behind_their_walls() {
    let mut found = Vec::new();
    for file in files(&core(), "rs") {
        let own = module(&file);
        let text = read(&file);
        for (line, code) in code(&text) {
            for (wall, inside) in WALLS {
                let names = code.contains(wall) && (code.contains("::") || code.contains("use "));
                if names && !inside.contains(&own.as_str()) && !code.contains('"') {
                    found.push(format!("{}:{line}: {wall} outside of {}", name(&file), inside.join(", ")));
                }
            }
        }
    }
    none("crates outside of their walls", &found);
}

#[test]
fn the_core_needs_nothing_of_the_machine() {
    let mut found = Vec::new();
    for file in files(&core(), "rs").into_iter().filter(|file| !is_test(file)) {
        let text = read(&file);
        for (line, code) in code(&text) {
            for door in ["std::fs", "std::net", "std::process", "std::thread", "Instant::now", "SystemTime::now"] {
                if code.contains(door) {
                    found.push(format!("{}:{line}: {door}", name(&file)));
                }
            }
        }
    }
    none("doors out of the core", &found);
    let manifest = read(&root().join("crates/revproof-core/Cargo.toml"));
    for outer in ["anyhow", "clap", "indicatif", "anstream"] {
        assert!(!manifest.contains(outer), "{outer} belongs to the command");
    }
}

#[test]
fn files_are_small() {
    let mut lengths: Vec<(usize, PathBuf)> =
        files(root(), "rs").into_iter().map(|file| (read(&file).lines().count(), file)).collect();
    lengths.sort();
    let too_long: Vec<String> =
        lengths.iter().filter(|(n, _)| *n > 800).map(|(n, file)| format!("{} has {n} lines", name(file))).collect();
    none("files of over 800 lines", &too_long);
    let long = lengths.iter().filter(|(n, _)| *n > 500).count();
    assert!(long * 20 <= lengths.len(), "{long} of {} files have over 500 lines", lengths.len());
    let median = lengths.get(lengths.len() / 2).map_or(0, |(n, _)| *n);
    assert!(median <= 150, "the median file has {median} lines");
}

#[test]
fn the_code_of_a_rule_is_short() {
    let mut found = Vec::new();
    for file in files(&core().join("lint/rules"), "rs").iter().filter(|file| !file.ends_with("mod.rs")) {
        let text = read(file);
        let is_code = |line: &str| !line.is_empty() && !line.starts_with("use ") && line != "}";
        let lines = code(&text).filter(|(_, line)| is_code(line.trim())).count();
        if lines > 100 {
            found.push(format!("{} has {lines} lines of code", name(file)));
        }
    }
    none("rules of over 100 lines", &found);
}

#[test]
fn nothing_is_left_to_do_and_no_place_of_a_machine_is_named() {
    let words = [["TO", "DO"], ["FIX", "ME"], ["dbg", "!("], ["todo", "!("], ["unimplemented", "!("]];
    let places = [["/wo", "rk/"], ["/ro", "ot/"], ["/ho", "me/"]];
    let mut found = Vec::new();
    let all = ["rs", "toml", "md", "py", "yml"].iter().flat_map(|extension| files(root(), extension));
    for file in all.filter(|file| !file.starts_with(root().join("fuzz/target"))) {
        let text = read(&file);
        for (at, line) in text.lines().enumerate() {
            let unwanted = words.iter().chain(&places).map(|parts| parts.concat());
            found.extend(
                unwanted.filter(|word| line.contains(word)).map(|word| format!("{}:{}: {word}", name(&file), at + 1)),
            );
        }
    }
    none("what should not be in a commit", &found);
}

/// A rule's manual says what its file is.
#[test]
fn a_file_of_the_core_says_what_it_is() {
    let silent: Vec<String> = files(&core(), "rs")
        .into_iter()
        .filter(|file| !file.starts_with(core().join("lint/rules")) && !is_test(file))
        .filter(|file| !read(file).starts_with("//!"))
        .map(|file| name(&file))
        .collect();
    none("files that do not begin with what they are", &silent);
}

#[test]
fn a_lint_is_switched_off_only_with_a_reason() {
    let mut found = Vec::new();
    for file in files(root(), "rs").iter().filter(|file| !file.ends_with("tidy.rs")) {
        let text = read(file);
        for (line, code) in code(&text) {
            if code.contains("#[allow(") || code.contains("#![allow(") {
                found.push(format!("{}:{line}: expect, with a reason, instead of allow", name(file)));
            }
        }
    }
    none("lints switched off in silence", &found);
}

#[test]
fn the_map_is_short_and_names_every_module() {
    let map = read(&root().join("ARCHITECTURE.md"));
    assert!(map.lines().count() <= 150, "ARCHITECTURE.md has {} lines", map.lines().count());
    for module in ORDER.iter().filter(|module| **module != "lib") {
        assert!(map.contains(&format!("`{module}`")), "ARCHITECTURE.md does not name `{module}`");
    }
}
