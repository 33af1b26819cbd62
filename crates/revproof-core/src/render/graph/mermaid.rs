//! A flowchart of Mermaid.

use std::fmt::Write;

use super::{edges, mark, place};
use crate::render::plain::one_line;
use crate::replay::Verdict;
use crate::report::{Graph, GraphNode};

const CLASSES: [(Verdict, &str); 5] = [
    (Verdict::Reversible, "stroke:#1a7f37"),
    (Verdict::Lossy, "stroke:#9a6700"),
    (Verdict::Irreversible, "stroke:#9a6700"),
    (Verdict::Broken, "stroke:#cf222e"),
    (Verdict::Unknown, "stroke:#8250df,stroke-dasharray:4"),
];

pub(super) fn render(graph: &Graph) -> String {
    let mut out = String::from("flowchart BT\n");
    for (at, node) in graph.revisions.iter().enumerate() {
        let class = node.verdict.map(|verdict| format!(":::{}", verdict.word())).unwrap_or_default();
        _ = writeln!(out, "  n{at}[\"{}\"]{class}", label(node));
    }
    for (at, edges) in edges(graph).iter().enumerate() {
        for parent in &edges.parents {
            let Some(parent) = parent else {
                _ = writeln!(out, "  missing{at}[\"?\"] -.-> n{at}");
                continue;
            };
            _ = writeln!(out, "  n{parent} --> n{at}");
        }
        for other in &edges.dependencies {
            _ = writeln!(out, "  n{other} -.-> n{at}");
        }
    }
    for (verdict, style) in CLASSES {
        if graph.revisions.iter().any(|node| node.verdict == Some(verdict)) {
            _ = writeln!(out, "  classDef {} {style}", verdict.word());
        }
    }
    out
}

fn label(node: &GraphNode) -> String {
    let verdict = node.verdict.map(|verdict| mark(verdict).1.to_owned());
    let lines = [Some(node.revision.clone()), Some(node.message.clone()), Some(place(node)), verdict];
    let lines = lines.into_iter().flatten().filter(|line| !line.is_empty());
    lines.map(|line| escaped(&one_line(&line))).collect::<Vec<_>>().join("<br/>")
}

/// Mermaid reads HTML and Markdown in labels: whatever could be of either is written as a number.
fn escaped(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || " -_.,:()/'".contains(c) || c == '✓';
    text.chars().map(|c| if plain(c) { c.to_string() } else { format!("#{};", u32::from(c)) }).collect()
}
