//! A picture that stands alone: no script, no font, no file beside it, and colours for light and dark.

use std::fmt::Write;

use super::layout::{Row, rows};
use super::{edges, mark, place};
use crate::render::plain::one_line;
use crate::report::{Graph, GraphNode};

/// The distance of lanes and of rows, and what is left free around everything, in pixels.
const LANE: usize = 18;
const ROW: usize = 30;
const EDGE: usize = 16;

/// About as wide as a character of the text gets.
const CHARACTER: usize = 8;

/// Every rule begins with the class of the picture, so that none reaches a page that holds it.
const STYLE: &str = "\
.revisions{color-scheme:light dark;--text:#1f2328;--dim:#59636e;--line:#818b98;--ground:#fff;--reversible:#1a7f37;\
--lossy:#9a6700;--irreversible:#9a6700;--broken:#cf222e;--unknown:#8250df}\
@media(prefers-color-scheme:dark){.revisions{--text:#f0f6fc;--dim:#9198a1;--line:#656c76;--ground:#0d1117;\
--reversible:#3fb950;--lossy:#d29922;--irreversible:#d29922;--broken:#f85149;--unknown:#ab7df8}}\
.revisions .ground{fill:var(--ground)}.revisions text{fill:var(--text);font:13px system-ui,sans-serif}\
.revisions .id{font-family:ui-monospace,monospace;font-weight:600}.revisions .place{fill:var(--dim)}\
.revisions path{fill:none;stroke:var(--line);stroke-width:2}.revisions .dependency{stroke-dasharray:3 3}\
.revisions circle{fill:var(--ground);stroke:var(--line);stroke-width:2}.revisions .applied{fill:var(--line)}\
.revisions .current{fill:var(--text);stroke:var(--text)}.revisions .reversible{fill:var(--reversible)}\
.revisions .lossy{fill:var(--lossy)}.revisions .irreversible{fill:var(--irreversible)}\
.revisions .broken{fill:var(--broken)}.revisions .unknown{fill:var(--unknown)}";

pub(super) fn render(graph: &Graph) -> String {
    let rows = rows(&edges(graph));
    let columns = rows.iter().flat_map(|row| row.lines.iter().map(|line| line.to).chain([row.column])).max();
    let text_at = 2 * EDGE + columns.unwrap_or_default() * LANE;
    let longest = graph.revisions.iter().map(|node| words(node).chars().count()).max().unwrap_or_default();
    let (width, height) = (text_at + longest * CHARACTER + EDGE, graph.revisions.len() * ROW + EDGE);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         class=\"revisions\" role=\"img\" aria-labelledby=\"revisions-title revisions-desc\">\n<title id=\"revisions-title\">Revision graph{}</title>\n\
         <desc id=\"revisions-desc\">{}</desc>\n<style>{STYLE}</style>\n<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n",
        if graph.root.is_empty() { String::new() } else { format!(" of {}", escaped(&graph.root)) },
        escaped(&described(graph)),
    );
    for (at, row) in rows.iter().enumerate() {
        lines(&mut out, at, row);
    }
    for (at, (node, row)) in graph.revisions.iter().zip(&rows).enumerate() {
        revision(&mut out, at, node, row, text_at);
    }
    out + "</svg>\n"
}

fn lines(out: &mut String, at: usize, row: &Row) {
    let (top, bottom) = (y(at), y(at + 1));
    for line in &row.lines {
        let class = if line.dashed { " class=\"dependency\"" } else { "" };
        let (from, to) = (x(line.from), x(line.to));
        let middle = usize::midpoint(top, bottom);
        if line.loose {
            _ = writeln!(out, "<path class=\"dependency\" d=\"M{from} {top}L{to} {middle}\"/>");
        } else if from == to {
            _ = writeln!(out, "<path{class} d=\"M{from} {top}V{bottom}\"/>");
        } else {
            _ = writeln!(out, "<path{class} d=\"M{from} {top}C{from} {middle} {to} {middle} {to} {bottom}\"/>");
        }
    }
}

fn revision(out: &mut String, at: usize, node: &GraphNode, row: &Row, text_at: usize) {
    let class = match (node.current, node.applied) {
        (true, _) => " class=\"current\"",
        (_, Some(true)) => " class=\"applied\"",
        _ => "",
    };
    let (x, y) = (x(row.column), y(at));
    let said = |text: &str| escaped(&one_line(text));
    let mut text = format!("<tspan class=\"id\">{}</tspan>", said(&node.revision));
    let place = place(node);
    if !place.is_empty() {
        _ = write!(text, " <tspan class=\"place\">{}</tspan>", said(&place));
    }
    if let Some(verdict) = node.verdict {
        let (mark, word) = mark(verdict);
        _ = write!(text, " <tspan class=\"{word}\">{mark} {word}</tspan>");
    }
    _ = writeln!(
        out,
        "<g><title>{}</title><circle{class} cx=\"{x}\" cy=\"{y}\" r=\"5\"/><text x=\"{text_at}\" y=\"{}\">{text} {}</text></g>",
        said(node.because.as_deref().filter(|because| !because.is_empty()).unwrap_or(&node.message)),
        y + 4,
        said(&node.message),
    );
}

/// What is drawn, for those who do not see it.
fn described(graph: &Graph) -> String {
    let revisions = graph.revisions.iter().map(|node| {
        let parents =
            if node.down_revision.is_empty() { "no other".to_owned() } else { node.down_revision.join(" and ") };
        let verdict = node.verdict.map(|verdict| format!(", {}", verdict.word())).unwrap_or_default();
        let current = if node.current { ", current" } else { "" };
        one_line(&format!("{} revises {parents}{verdict}{current}.", node.revision))
    });
    let count = graph.revisions.len();
    let noun = if count == 1 { "revision" } else { "revisions" };
    format!("{count} {noun}, newest first. {}", revisions.collect::<Vec<_>>().join(" "))
}

/// The text beside a revision, to measure it.
fn words(node: &GraphNode) -> String {
    let verdict = node.verdict.map_or("", |verdict| verdict.word());
    format!("{} {} ? {verdict} {}", node.revision, place(node), node.message)
}

fn x(column: usize) -> usize {
    EDGE + column * LANE
}

fn y(row: usize) -> usize {
    EDGE + row * ROW + 4
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
