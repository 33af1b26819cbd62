//! One page that stands alone: no script, no font, nothing beside it, in light or dark as its reader likes.

use std::fmt::Write;

use super::Options;
use super::graph::{GraphFormat, render_graph};
use super::plain::one_line;
use super::text::summary_line;
use crate::diagnostic::Severity;
use crate::replay::RunStatus;
use crate::report::path::join;
use crate::report::{ChainReport, DiagnosticReport, Graph, Report, RunReport};

const STYLE: &str = "\
:root{color-scheme:light dark;--text:#1f2328;--dim:#59636e;--line:#d1d9e0;--ground:#fff;--code:#f6f8fa;--error:#cf222e;\
--warning:#9a6700;--info:#0969da;--good:#1a7f37;--unknown:#8250df}\
@media(prefers-color-scheme:dark){:root{--text:#f0f6fc;--dim:#9198a1;--line:#3d444d;--ground:#0d1117;--code:#151b23;\
--error:#f85149;--warning:#d29922;--info:#4493f8;--good:#3fb950;--unknown:#ab7df8}}\
body{margin:2rem auto;max-width:70rem;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;color:var(--text);\
background:var(--ground)}\
a{color:var(--info)}table{border-collapse:collapse;display:block;overflow-x:auto}\
th,td{border:1px solid var(--line);padding:.25rem .6rem;text-align:left;vertical-align:top}\
code,pre{font:14px/1.5 ui-monospace,monospace}pre{background:var(--code);padding:.6rem;overflow-x:auto}\
mark{background:none;color:inherit;text-decoration:underline wavy var(--error)}\
article{border-left:4px solid var(--line);padding-left:1rem;margin:1.5rem 0}\
article.error{border-color:var(--error)}article.warning{border-color:var(--warning)}article.info{border-color:var(--info)}\
.reversible{color:var(--good)}.lossy,.irreversible{color:var(--warning)}.broken{color:var(--error)}\
.unknown{color:var(--unknown)}.dim{color:var(--dim)}.graph{overflow-x:auto}";

/// The report as a page. `link` leads to the playground with the same files.
pub fn report_html(report: &Report, link: Option<&str>) -> String {
    let summary = escaped(&summary_line(&report.summary, None));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'\">\n<title>revproof: {summary}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <h1>Proof of the migrations</h1>\n<p><strong>{summary}</strong></p>\n"
    );
    if let Some(link) = link {
        _ = writeln!(out, "<p><a href=\"{}\">Step through it in the playground</a></p>", escaped(link));
    }
    for chain in &report.chains {
        self::chain(&mut out, chain, report);
    }
    _ = writeln!(out, "<p class=\"dim\">revproof {}</p>\n</body>\n</html>", escaped(report.tool.version));
    out
}

fn chain(out: &mut String, chain: &ChainReport, report: &Report) {
    let root = if chain.root.is_empty() { "Revisions" } else { &chain.root };
    _ = writeln!(
        out,
        "<h2>{}</h2>\n<p class=\"dim\">{}, {}</p>",
        escaped(root),
        escaped(chain.dialect.name()),
        escaped(&chain.dialect_source)
    );
    let svg = render_graph(&Graph::of_chain(chain), GraphFormat::Svg, Options::default());
    _ = writeln!(out, "<div class=\"graph\">{svg}</div>");
    out.push_str(
        "<table>\n<thead><tr><th scope=\"col\">revision</th><th scope=\"col\">message</th><th scope=\"col\">upgrade</th>\
         <th scope=\"col\">downgrade</th><th scope=\"col\">upgrade again</th><th scope=\"col\">verdict</th></tr></thead>\n<tbody>\n",
    );
    for revision in &chain.revisions {
        let verdict = revision.verdict.word();
        _ = writeln!(
            out,
            "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td><td>{}</td><td>{}</td>\
             <td><strong class=\"{verdict}\">{verdict}</strong><br><span class=\"dim\">{}</span></td></tr>",
            escaped(&revision.revision),
            escaped(&revision.message),
            run(&revision.upgrade),
            run(&revision.downgrade),
            run(&revision.again),
            escaped(&revision.because),
        );
    }
    out.push_str("</tbody>\n</table>\n");
    if chain.diagnostics.is_empty() {
        out.push_str("<p>No findings.</p>\n");
    }
    for finding in &chain.diagnostics {
        self::finding(out, chain, finding, report);
    }
}

fn run(run: &RunReport) -> String {
    let status = match run.status {
        RunStatus::Ok => "✓ ok",
        RunStatus::Failed => "✗ fails",
        RunStatus::Missing => "✗ missing",
        RunStatus::Empty => "empty",
        RunStatus::Refused => "⊘ refuses",
        RunStatus::Unknown => "? unknown",
        RunStatus::Skipped => "–",
    };
    match &run.error {
        Some(error) => format!("{status}<br><span class=\"dim\">{}</span>", escaped(&error.message)),
        None => status.to_owned(),
    }
}

fn finding(out: &mut String, chain: &ChainReport, finding: &DiagnosticReport, report: &Report) {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    _ = writeln!(
        out,
        "<article class=\"{severity}\">\n<h3>{severity}: {}</h3>\n<p class=\"dim\"><code>{} {}</code></p>",
        escaped(&finding.message),
        escaped(&finding.code),
        escaped(&finding.rule)
    );
    if let (Some(file), Some(range)) = (&finding.file, finding.range) {
        _ = writeln!(out, "<p><code>{}:{}</code></p>", escaped(&join(&chain.root, file)), range.start.line);
        if let Some(code) = finding.span.and_then(|span| code(report, span)) {
            _ = writeln!(out, "<pre>{code}</pre>");
        }
    }
    for note in &finding.notes {
        _ = writeln!(out, "<p>{}</p>", escaped(note));
    }
    if let Some(help) = &finding.help {
        _ = writeln!(out, "<p><strong>What to do:</strong> {}</p>", escaped(help));
    }
    out.push_str("</article>\n");
}

/// The lines of a span, the span marked.
fn code(report: &Report, span: crate::source::Span) -> Option<String> {
    let source = report.sources.get(span.file)?;
    let last = source.position(span.end.max(span.start)).line;
    let start = source.line_range(source.position(span.start).line).start;
    let end = source.line_range(last).end;
    let (from, to) =
        (span.start as usize, (span.end as usize).clamp(span.start as usize, end.max(span.start as usize)));
    let part = |range: std::ops::Range<usize>| source.text.get(range).map(escaped);
    Some(format!("{}<mark>{}</mark>{}", part(start..from)?, part(from..to)?, part(to..end.max(to))?))
}

/// Text in which nothing is markup; line breaks stay, other control characters become visible.
fn escaped(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(one_line).collect();
    let text = lines.join("\n");
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::sample::report;
    use super::*;

    #[test]
    fn a_page_stands_alone_and_nothing_in_it_is_markup_of_the_scripts() {
        let mut report = report();
        if let Some(chain) = report.chains.first_mut() {
            chain.root = "<script>alert(1)</script>".to_owned();
        }
        let html = report_html(&report, Some("https://example.org/#r1.\"><b>"));
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        assert!(html.contains("href=\"https://example.org/#r1.&quot;&gt;&lt;b&gt;\""));
        assert!(html.contains("<mark>op.drop_column(&quot;contacts&quot;, &quot;tel&quot;)</mark>"), "{html}");
        let outside = ["src=", "@import", "url("];
        assert!(outside.iter().all(|word| !html.contains(word)), "{html}");
        assert_eq!(html.matches("<article").count(), 3);
    }
}
