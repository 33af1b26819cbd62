//! The manual of the rules, for the page.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};
use revproof_core::lint::{self, Expectation, docs, examples, rules};
use revproof_core::schema::Dialect;
use revproof_messages::{File, RuleManual, RuleName};

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

/// Markdown as HTML that is safe to show: what is markup in it stays text, but for what our own manual folds away.
fn html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(markdown, options).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) if !is_fold(&text) => Event::Text(text),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: target(&dest_url), title, id })
        }
        Event::Start(Tag::Image { link_type, title, id, .. }) => {
            Event::Start(Tag::Image { link_type, dest_url: "".into(), title, id })
        }
        event => event,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

fn is_fold(text: &str) -> bool {
    let summary =
        |text: &str| text.strip_prefix("<summary>").is_some_and(|rest| !rest.replace("</summary>", "").contains('<'));
    let text = text.trim();
    text == "</details>" || text == "<details>" || text.strip_prefix("<details>").is_some_and(summary) || summary(text)
}

/// A link to another rule, within the page; any other leads where it says, if that is a place of the web.
fn target(url: &str) -> CowStr<'static> {
    match url.strip_suffix(".md") {
        Some(name) if !name.contains(['/', ':']) => format!("#rule={name}").into(),
        _ if url.starts_with("https://") || url.starts_with('#') => url.to_owned().into(),
        _ => "#".into(),
    }
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

    #[test]
    fn nothing_in_a_manual_runs() {
        let check = |markdown: &str, expected: &str| assert_eq!(html(markdown).trim(), expected);
        check("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;");
        check("a <img src=x onerror=y>", "<p>a &lt;img src=x onerror=y&gt;</p>");
        check("[a](javascript:x)", "<p><a href=\"#\">a</a></p>");
        check("[a](drop-column.md)", "<p><a href=\"#rule=drop-column\">a</a></p>");
        check(
            "<details><summary>x</summary>\n\ny\n\n</details>",
            "<details><summary>x</summary>\n<p>y</p>\n</details>",
        );
        check("<details><summary><script></summary>", "&lt;details&gt;&lt;summary&gt;&lt;script&gt;&lt;/summary&gt;");
    }
}
