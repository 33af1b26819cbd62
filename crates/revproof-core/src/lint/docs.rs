//! The manual of the rules, made from the rules: [`page`] for one, [`all`] for the folder `docs/rules`.

use std::fmt::Write;

use super::examples::{Kind, fence, lines};
use super::rule::Rule;
use super::rules::rules;
use crate::schema::Dialect;

/// The pages of the manual: path from the root of the project, and text.
pub fn all() -> Vec<(String, String)> {
    let pages = rules().iter().map(|rule| (format!("docs/rules/{}.md", rule.id.name), page(rule)));
    std::iter::once(("docs/rules/README.md".to_owned(), index())).chain(pages).collect()
}

/// The page of one rule, as Markdown.
pub fn page(rule: &Rule) -> String {
    let mut page = format!(
        "# {} ({})\n\nDefault severity: {} · {}\n\n{}.\n\n",
        rule.id.name,
        rule.id.code,
        format!("{:?}", rule.severity).to_lowercase(),
        rule.group.title(),
        sentence(rule.summary),
    );
    page.push_str(&manual(rule));
    let _ = write!(
        page,
        "\n## How to suppress it\n\n\
         Write a comment on the line of the finding, on the line above it, or at the head of the file:\n\n\
         ```python\n# revproof: ignore[{}] why it is right here\n```\n",
        rule.id.name
    );
    page
}

/// The manual of one rule, as Markdown with plain fences.
pub fn manual(rule: &Rule) -> String {
    let mut text = String::new();
    let mut kind = None;
    for line in lines(rule) {
        match line.strip_prefix("```") {
            Some(info) if kind.is_none() => {
                let (this, dialect) = fence(info);
                kind = Some(this);
                text.push_str(&introduction(this, dialect));
                let _ = writeln!(text, "```{}", info.split_whitespace().next().unwrap_or_default());
            }
            Some(_) => {
                text.push_str("```\n");
                if kind.take() == Some(Kind::Given) {
                    text.push_str("\n</details>\n");
                }
            }
            None => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// What stands before a code block.
fn introduction(kind: Kind, dialect: Dialect) -> String {
    let on = if dialect == Dialect::default() { String::new() } else { format!(" (on {})", spelled(dialect)) };
    match kind {
        Kind::Given => "<details><summary>The revision before the examples</summary>\n\n".to_owned(),
        Kind::Bad => format!("Reported{on}:\n\n"),
        Kind::Good => format!("Not reported{on}:\n\n"),
        Kind::Other => String::new(),
    }
}

fn spelled(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::PostgreSql => "PostgreSQL",
        Dialect::Sqlite => "SQLite",
        Dialect::MySql => "MySQL",
    }
}

fn index() -> String {
    let mut text = "# Rules\n\n\
        Every rule has a stable code and a name; both work in `--select`, `--ignore` and in suppression comments, and \
        `--select RP3` takes all codes that start so. `revproof rule NAME` prints a page of this folder.\n"
        .to_owned();
    let mut group = None;
    for rule in rules() {
        if group != Some(rule.group) {
            group = Some(rule.group);
            let _ = write!(
                text,
                "\n## {}\n\n| code | rule | severity | what it reports |\n| --- | --- | --- | --- |\n",
                rule.group.title()
            );
        }
        let _ = writeln!(
            text,
            "| {} | [{}]({}.md) | {} | {} |",
            rule.id.code,
            rule.id.name,
            rule.id.name,
            format!("{:?}", rule.severity).to_lowercase(),
            rule.summary
        );
    }
    text
}

/// With a capital at its start.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the committed pages are files, and this is a test")]
    fn the_committed_manual_is_the_generated_one() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../");
        let pages = all();
        for (path, text) in &pages {
            let committed = std::fs::read_to_string(format!("{root}{path}")).unwrap_or_default();
            assert!(committed.replace("\r\n", "\n") == *text, "{path} is out of date: run `cargo xtask docs`");
        }
        let files = std::fs::read_dir(format!("{root}docs/rules")).expect("the folder of the manual").count();
        assert_eq!(files, pages.len(), "docs/rules holds pages of rules that are no more");
    }
}
