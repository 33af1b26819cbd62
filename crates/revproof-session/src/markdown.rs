//! Markdown as HTML, as far as the manuals of the rules need it: headings, paragraphs, fenced code, inline code, emphasis,
//! links, and what folds away. A whole parser of Markdown would be 65 KB more for a visitor to load; the tests hold this one to it.

use std::fmt::Write as _;

/// HTML that is safe to show: all text is escaped, and what is markup in it stays text but for what our own manual folds away.
pub(super) fn html(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len() * 5 / 4);
    let mut paragraph: Vec<&str> = Vec::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        let special = line.starts_with("```") || is_fold(line) || heading(line).is_some() || line.trim().is_empty();
        if !special {
            paragraph.push(line.trim());
            continue;
        }
        end(&mut paragraph, &mut out);
        if let Some(info) = line.strip_prefix("```") {
            let language = info.split_whitespace().next().map(|word| format!(" class=\"language-{}\"", escaped(word)));
            let code: String =
                lines.by_ref().take_while(|line| !line.starts_with("```")).fold(String::new(), |mut code, line| {
                    code.push_str(line);
                    code.push('\n');
                    code
                });
            _ = writeln!(out, "<pre><code{}>{}</code></pre>", language.unwrap_or_default(), escaped(&code));
        } else if let Some((level, text)) = heading(line) {
            _ = writeln!(out, "<h{level}>{}</h{level}>", inline(text));
        } else if is_fold(line) {
            _ = writeln!(out, "{line}");
        }
    }
    end(&mut paragraph, &mut out);
    out
}

fn end(paragraph: &mut Vec<&str>, out: &mut String) {
    if !paragraph.is_empty() {
        _ = writeln!(out, "<p>{}</p>", inline(&paragraph.join("\n")));
        paragraph.clear();
    }
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let (marks, text) = line.split_once(' ')?;
    let is_heading = (1..=6).contains(&marks.len()) && marks.bytes().all(|mark| mark == b'#');
    is_heading.then(|| (marks.len(), text.trim()))
}

/// Inline code, links and emphasis.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['`', '[', '*']) {
        let (before, after) = rest.split_at(at);
        out.push_str(&escaped(before));
        let marked = match after.strip_prefix('`') {
            Some(code) => code.split_once('`').map(|(code, after)| (format!("<code>{}</code>", escaped(code)), after)),
            None => link(after).or_else(|| emphasis(after)),
        };
        let (written, after) = marked.unwrap_or_else(|| {
            let (mark, after) = after.split_at(1);
            (mark.to_owned(), after)
        });
        out.push_str(&written);
        rest = after;
    }
    out + &escaped(rest)
}

/// `[text](url)` at the start of a text, and what follows it.
fn link(text: &str) -> Option<(String, &str)> {
    let (shown, after) = text.strip_prefix('[')?.split_once("](")?;
    let (url, after) = after.split_once(')')?;
    Some((format!("<a href=\"{}\">{}</a>", escaped(&target(url)), inline(shown)), after))
}

/// `*text*` at the start of a text, and what follows it.
fn emphasis(text: &str) -> Option<(String, &str)> {
    let (stressed, after) = text.strip_prefix('*')?.split_once('*')?;
    let is_tight = !stressed.is_empty() && stressed.trim().len() == stressed.len();
    is_tight.then(|| (format!("<em>{}</em>", inline(stressed)), after))
}

/// A link to another rule, within the page; any other leads where it says, if that is a place of the web.
fn target(url: &str) -> String {
    match url.strip_suffix(".md") {
        Some(name) if !name.contains(['/', ':']) => format!("#rule={name}"),
        _ if url.starts_with("https://") || url.starts_with('#') => url.to_owned(),
        _ => "#".to_owned(),
    }
}

fn is_fold(text: &str) -> bool {
    let summary =
        |text: &str| text.strip_prefix("<summary>").is_some_and(|rest| !rest.replace("</summary>", "").contains('<'));
    let text = text.trim();
    text == "</details>" || text == "<details>" || text.strip_prefix("<details>").is_some_and(summary) || summary(text)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use revproof_core::lint::{docs, rules};

    use super::{html, target};

    /// What a parser of the whole language makes of it, with the links as ours are.
    fn by_the_book(markdown: &str) -> String {
        use pulldown_cmark::{Event, Options, Parser, Tag, html};
        let events = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
        let events = events.map(|event| match event {
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                Event::Start(Tag::Link { link_type, dest_url: target(&dest_url).into(), title, id })
            }
            event => event,
        });
        let mut out = String::new();
        html::push_html(&mut out, events);
        out
    }

    #[test]
    fn manuals_read_as_by_a_parser_of_the_whole_language() {
        for rule in rules() {
            let page = docs::page(rule);
            let ours = html(&page).replace("&quot;", "\"");
            assert_eq!(ours, by_the_book(&page).replace("&quot;", "\""), "the manual of {}", rule.id.name);
        }
    }

    #[test]
    fn nothing_in_a_manual_runs() {
        let check = |markdown: &str, expected: &str| assert_eq!(html(markdown).trim(), expected);
        check("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>");
        check("a <img src=x onerror=y>", "<p>a &lt;img src=x onerror=y&gt;</p>");
        check("[a](javascript:x)", "<p><a href=\"#\">a</a></p>");
        check("[a](https://x\"onclick=\"y)", "<p><a href=\"https://x&quot;onclick=&quot;y\">a</a></p>");
        check("[a](drop-column.md)", "<p><a href=\"#rule=drop-column\">a</a></p>");
        check("`<b>` [`c`", "<p><code>&lt;b&gt;</code> [<code>c</code></p>");
        check("```x\"><b>\n<i>\n```", "<pre><code class=\"language-x&quot;&gt;&lt;b&gt;\">&lt;i&gt;\n</code></pre>");
        check(
            "<details><summary>x</summary>\n\ny\n\n</details>",
            "<details><summary>x</summary>\n<p>y</p>\n</details>",
        );
        check(
            "<details><summary><script></summary>",
            "<p>&lt;details&gt;&lt;summary&gt;&lt;script&gt;&lt;/summary&gt;</p>",
        );
    }
}
