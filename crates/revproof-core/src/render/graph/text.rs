//! Lanes of box-drawing characters.

use anstyle::{AnsiColor, Style};
use renderdag::pipeline::{BoxDrawing, GraphTextRenderer};

use super::layout::ancestors;
use super::{edges, mark, place};
use crate::render::Options;
use crate::render::plain::{cut, one_line};
use crate::render::table::colour;
use crate::report::{Graph, GraphNode};

pub(super) fn render(graph: &Graph, options: Options) -> String {
    let mut lanes = GraphTextRenderer::new::<BoxDrawing>().configure(|options| options.min_row_height = 1);
    let mut out = String::new();
    for (at, (node, edges)) in graph.revisions.iter().zip(edges(graph)).enumerate() {
        let ancestors = ancestors(&edges);
        let glyph = match (node.current, node.applied) {
            (true, _) => "◉",
            (_, Some(true)) => "●",
            _ => "○",
        };
        let text = lanes.next_text(at, ancestors, glyph, &message(node, options));
        for line in text.lines() {
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
    out
}

/// What stands beside a revision.
fn message(node: &GraphNode, options: Options) -> String {
    let paint = |text: &str, style: Style| {
        if options.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    };
    let (id, place) = (one_line(&node.revision), place(node));
    let verdict = node.verdict.map(|verdict| {
        let (mark, word) = mark(verdict);
        (format!("{mark} {word}"), colour(verdict))
    });
    let taken =
        id.chars().count() + place.chars().count() + verdict.as_ref().map_or(0, |(text, _)| text.chars().count());
    // Room for four lanes; wider graphs wrap where the terminal does.
    let room = options.width.map_or(usize::MAX, |width| width.saturating_sub(taken + 16).max(12));
    let words = [
        paint(&id, Style::new().bold()),
        paint(&place, AnsiColor::Cyan.on_default()),
        verdict.map(|(text, style)| paint(&text, style)).unwrap_or_default(),
        cut(&one_line(&node.message), room),
    ];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("  ")
}
