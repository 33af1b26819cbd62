//! The manual of the rules, for the page.

use revproof_core::lint::{self, Expectation, docs, examples, rules};
use revproof_core::schema::Dialect;
use revproof_messages::{File, RuleManual, RuleName};

use super::markdown::html;

/// All rules, by code.
pub(crate) fn names() -> Vec<RuleName> {
    let name = |rule: &&lint::Rule| RuleName {
        name: rule.id.name.to_owned(),
        code: rule.id.code.to_owned(),
        summary: rule.summary.to_owned(),
    };
    let mut names: Vec<RuleName> = rules().iter().map(name).collect();
    names.sort_by(|a, b| a.code.cmp(&b.code));
    names
}

/// The manual of a rule, by name or code.
pub(crate) fn manual(name_or_code: &str) -> Option<RuleManual> {
    let rule = lint::find(name_or_code)?;
    Some(RuleManual {
        name: rule.id.name.to_owned(),
        code: rule.id.code.to_owned(),
        html: html(&docs::page(rule)),
        example: example(rule),
    })
}

/// The files of the first example in which the rule finds something.
fn example(rule: &lint::Rule) -> Vec<File> {
    let Some(bad) = examples(rule).into_iter().find(|example| example.expectation == Expectation::Bad) else {
        return Vec::new();
    };
    let in_folder = |path: String| if path.contains('/') { path } else { format!("versions/{path}") };
    let mut files: Vec<File> = bad.files.into_iter().map(|(path, text)| File { path: in_folder(path), text }).collect();
    if bad.dialect != Dialect::default() {
        let text = format!("dialect = \"{}\"\n", bad.dialect.name());
        files.push(File { path: "revproof.toml".to_owned(), text });
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_manual_and_an_example() {
        let names = names();
        assert!(names.len() > 30);
        for name in names {
            let manual = manual(&name.code).unwrap();
            assert_eq!(manual.name, name.name);
            assert!(
                manual.html.contains("<h1>") && manual.html.contains("<code class=\"language-python\">"),
                "{}",
                name.name
            );
            assert!(!manual.example.is_empty(), "{}", name.name);
        }
        assert!(super::manual("no-such-rule").is_none());
    }
}
