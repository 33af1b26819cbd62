//! A digraph of Graphviz.

use std::fmt::Write;

use super::{edges, mark, place};
use crate::render::plain::one_line;
use crate::report::{Graph, GraphNode};

pub(super) fn render(graph: &Graph) -> String {
    let mut out =
        String::from("digraph revisions {\n  rankdir=BT\n  node [shape=box, style=rounded, fontname=\"sans-serif\"]\n");
    for (at, node) in graph.revisions.iter().enumerate() {
        let bold = if node.current { ", penwidth=3" } else { "" };
        _ = writeln!(out, "  n{at} [label={}{bold}]", quoted(&label(node)));
    }
    for (at, edges) in edges(graph).iter().enumerate() {
        for parent in &edges.parents {
            let Some(parent) = parent else {
                _ = writeln!(out, "  missing{at} [label=\"?\", shape=none]\n  missing{at} -> n{at} [style=dotted]");
                continue;
            };
            _ = writeln!(out, "  n{parent} -> n{at}");
        }
        for other in &edges.dependencies {
            _ = writeln!(out, "  n{other} -> n{at} [style=dashed]");
        }
    }
    out + "}\n"
}

fn label(node: &GraphNode) -> String {
    let verdict = node.verdict.map(|verdict| mark(verdict).1.to_owned());
    let lines = [Some(node.revision.clone()), Some(node.message.clone()), Some(place(node)), verdict];
    lines
        .into_iter()
        .flatten()
        .filter(|line| !line.is_empty())
        .map(|line| one_line(&line))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A string of DOT's; a backslash would begin an escape of a label's.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('&', "&amp;").replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
