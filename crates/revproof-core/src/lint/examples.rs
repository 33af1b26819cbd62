//! [`Example`]: the code blocks of a rule's manual, ready to be proved.
//!
//! The manual's blocks are fenced as `python bad`, `python good` or `python given`, with a dialect behind where it is
//! not PostgreSQL. What is `given` stands before every other block. A block may hold several files, each after a line
//! `# file: name.py`; a file that does not say so is named by its place. A file that sets no `revision` gets a header
//! that chains it to the file before it, so that a manual shows only what it is about.

use super::rule::Rule;
use crate::schema::Dialect;

/// An example of a rule's manual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Whether the rule finds something in it.
    pub expectation: Expectation,
    /// The dialect that it is meant for.
    pub dialect: Dialect,
    /// Its files, path and text, in order.
    pub files: Vec<(String, String)>,
}

/// Whether a rule finds something in an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expectation {
    /// This rule does, and no other.
    Bad,
    /// This rule doesn't.
    Good,
}

/// A fenced block of a manual.
pub(super) struct Block {
    pub(super) kind: Kind,
    pub(super) dialect: Dialect,
    pub(super) code: String,
}

/// What a block shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Given,
    Bad,
    Good,
    Other,
}

/// The examples of a rule's manual, in order.
pub fn examples(rule: &Rule) -> Vec<Example> {
    let mut given = String::new();
    let mut examples = Vec::new();
    for block in blocks(&lines(rule)) {
        let expectation = match block.kind {
            Kind::Given => {
                given.push_str(&block.code);
                continue;
            }
            Kind::Bad => Expectation::Bad,
            Kind::Good => Expectation::Good,
            Kind::Other => continue,
        };
        let mut files = files(&given, 0);
        files.extend(self::files(&block.code, files.len()));
        examples.push(Example { expectation, dialect: block.dialect, files: with_headers(files) });
    }
    examples
}

/// The lines of the manual, without the space that follows `///`.
pub(super) fn lines(rule: &Rule) -> Vec<&'static str> {
    rule.manual.split('\n').map(|line| line.strip_prefix(' ').unwrap_or(line)).collect()
}

fn blocks(lines: &[&str]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in lines {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(info) => {
                open = true;
                let (kind, dialect) = fence(info);
                blocks.push(Block { kind, dialect, code: String::new() });
            }
            None if open => {
                if let Some(block) = blocks.last_mut() {
                    block.code.push_str(line);
                    block.code.push('\n');
                }
            }
            None => {}
        }
    }
    blocks
}

/// What the words behind a fence mean.
pub(super) fn fence(info: &str) -> (Kind, Dialect) {
    let (mut kind, mut dialect) = (Kind::Other, Dialect::default());
    for word in info.split_whitespace() {
        match word {
            "given" => kind = Kind::Given,
            "bad" => kind = Kind::Bad,
            "good" => kind = Kind::Good,
            word => dialect = word.parse().unwrap_or(dialect),
        }
    }
    (kind, dialect)
}

/// The files of a text, each with a header.
#[cfg(test)]
pub(super) fn chained_files(text: &str) -> Vec<(String, String)> {
    with_headers(files(text, 0))
}

/// The files of a block; `from` counts those before it.
fn files(code: &str, from: usize) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in code.lines() {
        if let Some(name) = line.strip_prefix("# file: ") {
            files.push((name.trim().to_owned(), String::new()));
            continue;
        }
        if files.is_empty() && !line.is_empty() {
            files.push((format!("r{}.py", from + 1), String::new()));
        }
        if let Some((_, text)) = files.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    files
}

fn with_headers(mut files: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut parent: Option<String> = None;
    for (path, text) in &mut files {
        let stem = path.strip_suffix(".py").unwrap_or(path).to_owned();
        if text.lines().any(|line| line.starts_with("revision")) {
            parent = Some(stem);
            continue;
        }
        let down = parent.map_or_else(|| "None".to_owned(), |parent| format!("'{parent}'"));
        let imports = if text.lines().any(|line| line.starts_with("import ") || line.starts_with("from ")) {
            ""
        } else {
            "from alembic import op\nimport sqlalchemy as sa\n"
        };
        *text = format!("revision = '{stem}'\ndown_revision = {down}\n\n{imports}\n{text}");
        parent = Some(stem);
    }
    files
}

#[cfg(test)]
mod tests {
    use super::super::rules::rules;
    use super::super::testing::check_files;
    use super::*;
    use crate::diagnostic::Diagnostic;

    #[test]
    fn every_rule_shows_what_is_wrong_and_what_is_right() {
        for rule in rules() {
            for heading in ["## What it does", "## Why it matters", "## What to do instead"] {
                assert!(lines(rule).contains(&heading), "{} has no `{heading}`", rule.id.name);
            }
            let examples = examples(rule);
            for expectation in [Expectation::Bad, Expectation::Good] {
                assert!(
                    examples.iter().any(|example| example.expectation == expectation),
                    "{} has no {expectation:?} example",
                    rule.id.name
                );
            }
            let fences = lines(rule).iter().filter(|line| line.starts_with("```")).count();
            assert!(fences % 2 == 0, "{} leaves a code block open", rule.id.name);
        }
    }

    #[test]
    fn a_bad_example_gives_findings_of_its_rule_only_and_a_good_one_none() {
        let mut wrong = Vec::new();
        for rule in rules() {
            for (at, example) in examples(rule).iter().enumerate() {
                let checked = check_files(&example.files, example.dialect);
                let is_own = |diagnostic: &&Diagnostic| diagnostic.rule == rule.id;
                let own = checked.diagnostics.iter().filter(is_own).count();
                let fits = match example.expectation {
                    Expectation::Bad => own > 0 && own == checked.diagnostics.len(),
                    Expectation::Good => own == 0,
                };
                if !fits {
                    wrong.push(format!("{} {at} {:?}: {:#?}", rule.id.name, example.expectation, checked.lines()));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn a_fix_settles_its_finding() {
        for rule in rules() {
            for example in examples(rule) {
                let checked = check_files(&example.files, example.dialect);
                for fix in checked.diagnostics.iter().filter_map(|diagnostic| diagnostic.fix.as_ref()) {
                    let again = check_files(&checked.fixed(fix), example.dialect);
                    assert!(
                        again.diagnostics.iter().all(|diagnostic| diagnostic.rule != rule.id),
                        "{}: {}\n{:?}",
                        rule.id.name,
                        fix.title,
                        checked.fixed(fix)
                    );
                }
            }
        }
    }

    #[test]
    fn files_without_a_header_are_chained() {
        let files = with_headers(files("def upgrade(): pass\n# file: b.py\nimport os\ndef upgrade(): pass\n", 0));
        assert_eq!(files[0].0, "r1.py");
        assert!(files[0].1.starts_with("revision = 'r1'\ndown_revision = None\n\nfrom alembic import op\n"));
        assert!(files[1].1.starts_with("revision = 'b'\ndown_revision = 'r1'\n\n\nimport os\n"));
    }
}
