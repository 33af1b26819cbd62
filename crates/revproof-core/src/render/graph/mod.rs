//! A [`Graph`] as lanes of text, as a picture, or as a text that other programs draw. One file per format.

mod dot;
mod layout;
mod mermaid;
mod svg;
mod text;

#[cfg(test)]
mod tests;

pub use layout::{Line as LaneLine, Row as Lane};

use super::Options;
use super::plain::one_line;
use crate::replay::Verdict;
use crate::report::{Graph, GraphNode};

/// A format of the revision graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GraphFormat {
    /// Lanes of box-drawing characters, for a terminal.
    #[default]
    Text,
    /// A picture that stands alone, light or dark as its reader likes.
    Svg,
    /// A flowchart of Mermaid, which GitHub draws in Markdown.
    Mermaid,
    /// A digraph of Graphviz.
    Dot,
    /// The graph itself, as one JSON object.
    Json,
}

/// The graph in that format, with a line break at its end. Colour and width count for text only.
pub fn render_graph(graph: &Graph, format: GraphFormat, options: Options) -> String {
    match format {
        GraphFormat::Text => text::render(graph, options),
        GraphFormat::Svg => svg::render(graph),
        GraphFormat::Mermaid => mermaid::render(graph),
        GraphFormat::Dot => dot::render(graph),
        GraphFormat::Json => super::json::pretty(graph),
    }
}

/// The lanes of the graph: where each revision stands, in order, and which lines lead from its row to the next.
pub fn lanes(graph: &Graph) -> Vec<Lane> {
    layout::rows(&edges(graph))
}

/// The edges of a revision: indexes of the revisions that it revises, then of those that it depends on; `None` is one
/// that does not exist.
struct Edges {
    parents: Vec<Option<usize>>,
    dependencies: Vec<usize>,
}

/// The edges of every revision of the graph.
fn edges(graph: &Graph) -> Vec<Edges> {
    let names = graph.revisions.iter().enumerate().map(|(index, node)| (node.revision.as_str(), index));
    let index: rustc_hash::FxHashMap<&str, usize> = names.collect();
    let of = |(at, node): (usize, &GraphNode)| {
        // Only what stands below can be drawn to; a circle was cut where the graph was made.
        let below = |name: &String| index.get(name.as_str()).copied().filter(|other| *other > at);
        let is_known = |name: &&String| below(name).is_some() || !index.contains_key(name.as_str());
        let parents: Vec<Option<usize>> = node.down_revision.iter().filter(is_known).map(below).collect();
        let mut dependencies: Vec<usize> = node.depends_on.iter().filter_map(below).collect();
        dependencies.retain(|other| !parents.contains(&Some(*other)));
        Edges { parents, dependencies }
    };
    graph.revisions.iter().enumerate().map(of).collect()
}

/// The mark and the word of a verdict.
fn mark(verdict: Verdict) -> (&'static str, &'static str) {
    let mark = match verdict {
        Verdict::Reversible => "✓",
        Verdict::Lossy => "~",
        Verdict::Irreversible => "⊘",
        Verdict::Broken => "✗",
        Verdict::Unknown => "?",
    };
    (mark, verdict.word())
}

/// What a revision is in the graph: `(feat) (head) (current)`.
fn place(node: &GraphNode) -> String {
    let labels = Some(one_line(&node.branches.join(", "))).filter(|labels| !labels.is_empty());
    let marks = [
        (node.head, "head"),
        (node.current, "current"),
        (node.branch_point, "branchpoint"),
        (node.merge_point, "mergepoint"),
    ];
    let marks = marks.into_iter().filter(|(is, _)| *is).map(|(_, mark)| mark.to_owned());
    labels.into_iter().chain(marks).map(|mark| format!("({mark})")).collect::<Vec<_>>().join(" ")
}
