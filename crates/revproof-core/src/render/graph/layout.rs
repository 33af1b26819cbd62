//! The lanes: which column each revision and each line between them has.

use renderdag::LinkLine;
use renderdag::pipeline::GraphRowShaper;
use renderdag::pipeline::types::{Ancestor, GraphRowShape, NodeLine, PadLine};

use super::Edges;

/// One revision of the drawing, and the lines that leave its row downwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The column of the revision.
    pub column: usize,
    /// The lines.
    pub lines: Vec<Line>,
}

/// A line from a row to the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Its column in this row.
    pub from: usize,
    /// Its column in the next.
    pub to: usize,
    /// Whether it is a dependency's only.
    pub dashed: bool,
    /// Whether it ends in nothing: what it leads to does not exist.
    pub loose: bool,
}

/// What a revision's lines lead to, as the library takes it: parents directly, dependencies as distant ancestors.
pub(super) fn ancestors(edges: &Edges) -> Vec<Ancestor<usize>> {
    let parents = edges.parents.iter().map(|parent| parent.map_or(Ancestor::Anonymous, Ancestor::Parent));
    parents.chain(edges.dependencies.iter().map(|other| Ancestor::Ancestor(*other))).collect()
}

/// The rows of the drawing, in order of the revisions.
pub(super) fn rows(edges: &[Edges]) -> Vec<Row> {
    let mut shaper = GraphRowShaper::new();
    // Two lines of text per row: neighbours that have nothing to do with each other need no gap between them.
    edges.iter().enumerate().map(|(at, edges)| row(&shaper.next_row_shape(at, ancestors(edges)))).collect()
}

fn row(shape: &GraphRowShape<usize>) -> Row {
    let column = shape.node_column;
    let pad = |column: usize| shape.ancestry_line.get(column).copied().unwrap_or(PadLine::Blank);
    let link = |column: usize| shape.link_line_from_node.as_ref().and_then(|links| links.get(column)).copied();
    let by_dependency = LinkLine::LEFT_FORK_ANCESTOR | LinkLine::RIGHT_FORK_ANCESTOR | LinkLine::VERT_ANCESTOR;
    let mut lines = Vec::new();
    for (from, line) in shape.node_line.iter().enumerate() {
        if !matches!(line, NodeLine::Parent | NodeLine::Ancestor) {
            continue;
        }
        // A line that goes on nowhere joins the revision's own, to the parent that they share.
        let to = if pad(from) == PadLine::Blank { column } else { from };
        lines.push(Line { from, to, dashed: *line == NodeLine::Ancestor, loose: false });
    }
    for &to in &shape.parent_columns {
        let dashed = link(to).map_or(pad(to) == PadLine::Ancestor, |link| link.intersects(by_dependency));
        let loose = shape.term_line.as_ref().is_some_and(|ends| ends.get(to) == Some(&true));
        lines.push(Line { from: column, to, dashed, loose });
    }
    Row { column, lines }
}
