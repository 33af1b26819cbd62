use std::fmt::Write;

use proptest::prelude::*;

use super::*;
use crate::replay::Verdict;

/// Revisions written as `name < parent,parent ^ dependency,… message`, newest first, separated by `;`.
fn graph(text: &str) -> Graph {
    let revisions: Vec<GraphNode> = text.split(';').map(|line| node(line.trim())).collect();
    let mut graph = Graph { root: "migrations".to_owned(), current: Vec::new(), revisions };
    let all = graph.revisions.clone();
    for node in &mut graph.revisions {
        let children = all.iter().filter(|other| other.down_revision.contains(&node.revision)).count();
        (node.head, node.branch_point) = (children == 0, children > 1);
        node.merge_point = node.down_revision.len() > 1;
    }
    graph
}

fn node(line: &str) -> GraphNode {
    let part = |mark: char| -> Vec<String> {
        let rest = line.split_once(mark).map_or("", |(_, rest)| rest);
        rest.split_whitespace()
            .next()
            .unwrap_or_default()
            .split(',')
            .filter(|n| !n.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let words: Vec<&str> = line.split_whitespace().collect();
    GraphNode {
        revision: words[0].to_owned(),
        down_revision: part('<'),
        depends_on: part('^'),
        message: "words".to_owned(),
        ..GraphNode::default()
    }
}

const DIAMOND: &str = "e1 <d1; d1 <b2,c1; b2 <b1; b1 <a1; c1 <a1; a1";
const TREES: &str = "f3 <f2 ^u2; f2 <f1 ^u1; f1; u3 <u2; u2 <u1; u1";
const WIDE: &str = "z <x,y,w; w <a; y <a; x <a; v <a; a <lost; l; k";

/// A graph with everything that a format must cope with.
fn sample() -> Graph {
    let mut graph = graph(DIAMOND);
    let verdicts = [
        Verdict::Broken,
        Verdict::Reversible,
        Verdict::Lossy,
        Verdict::Irreversible,
        Verdict::Unknown,
        Verdict::Reversible,
    ];
    for (node, verdict) in graph.revisions.iter_mut().zip(verdicts) {
        node.verdict = Some(verdict);
        node.because = Some("a \"reason\" <why>".to_owned());
        node.applied = Some(node.revision != "e1");
    }
    graph.revisions[0].message = "50% of <b>&amp; \"quotes\" | `ticks` [x](y) \\ \u{1b}[31m\nnext".to_owned();
    graph.revisions[1].current = true;
    graph.revisions[1].branches = vec!["core".to_owned(), "feat".to_owned()];
    graph
}

#[test]
fn lanes_are_drawn_as_text() {
    let drawn = [DIAMOND, TREES, WIDE].map(|text| render_graph(&graph(text), GraphFormat::Text, Options::default()));
    insta::assert_snapshot!(drawn.join("\n"));
}

#[test]
fn every_format_shows_the_same_graph() {
    for (name, format) in [
        ("text", GraphFormat::Text),
        ("svg", GraphFormat::Svg),
        ("mermaid", GraphFormat::Mermaid),
        ("dot", GraphFormat::Dot),
        ("json", GraphFormat::Json),
    ] {
        insta::assert_snapshot!(name, render_graph(&sample(), format, Options::default()));
    }
}

#[test]
fn a_narrow_terminal_cuts_the_message_and_colours_are_asked_for() {
    let options = Options { color: true, width: Some(60), ..Options::default() };
    let text = render_graph(&sample(), GraphFormat::Text, options);
    assert!(text.contains("\u{1b}[1m") && text.contains('…'), "{text}");
    let plain = render_graph(&sample(), GraphFormat::Text, Options::default());
    assert!(!plain.contains('\u{1b}') && !plain.contains('…'), "{plain}");
}

#[test]
fn an_empty_graph_is_drawn_too() {
    let empty = Graph::default();
    assert_eq!(render_graph(&empty, GraphFormat::Text, Options::default()), "");
    assert!(render_graph(&empty, GraphFormat::Svg, Options::default()).contains("0 revisions"));
}

/// Follows a line down from a row; the rows at which it begins to lead to a revision's own column.
fn ends_at(rows: &[layout::Row], from: usize, line: layout::Line) -> Option<usize> {
    let mut column = line.to;
    for (at, row) in rows.iter().enumerate().skip(from + 1) {
        if row.column == column {
            return Some(at);
        }
        column = row.lines.iter().find(|line| line.from == column)?.to;
    }
    None
}

proptest! {
    /// Every line of the picture leads from a revision to one that it revises or depends on, and all of them are drawn.
    #[test]
    fn every_edge_is_a_line_that_arrives(parents in prop::collection::vec(prop::collection::vec(1..6_usize, 0..4), 1..30)) {
        let count = parents.len();
        let mut text = String::new();
        for (at, steps) in parents.iter().enumerate() {
            let mut names: Vec<String> = steps.iter().map(|step| at + step).filter(|to| *to < count).map(|to| format!("r{to}")).collect();
            names.dedup();
            _ = write!(text, "{}r{at} <{}", if at > 0 { "; " } else { "" }, names.join(","));
        }
        let graph = graph(&text);
        let edges = edges(&graph);
        let rows = layout::rows(&edges);
        prop_assert_eq!(rows.len(), count);
        for (at, (row, edges)) in rows.iter().zip(&edges).enumerate() {
            let own = row.lines.iter().filter(|line| line.from == row.column);
            let mut reached: Vec<Option<usize>> = own.map(|line| ends_at(&rows, at, *line)).collect();
            let mut wanted = edges.parents.clone();
            for list in [&mut reached, &mut wanted] {
                list.sort_unstable();
                list.dedup();
            }
            prop_assert_eq!(reached, wanted, "row {} of {}", at, &text);
        }
    }
}
