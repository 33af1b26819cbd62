//! What a query selects from, as follows from its columns and conditions.

use std::rc::Rc;

use super::expression::{Kind, Node};
use super::select::{Select, Selected};
use super::source::{Join, Source};

/// What the query selects from: what `select_from` and the joins name, then what the columns and the conditions come
/// from; what stands in a join is not named again.
pub(super) fn of(select: &Select) -> Vec<Rc<Source>> {
    let mut froms: Vec<Rc<Source>> = Vec::new();
    for source in &select.froms {
        add(&mut froms, source);
    }
    for source in of_columns(select) {
        add(&mut froms, &source);
    }
    for node in &select.wheres {
        collect(node, &mut froms);
    }
    let hidden: Vec<bool> = froms
        .iter()
        .map(|source| {
            froms
                .iter()
                .any(|other| !Rc::ptr_eq(source, other) && matches!(**other, Source::Join(_)) && other.holds(source))
        })
        .collect();
    froms.into_iter().zip(hidden).filter(|(_, hidden)| !hidden).map(|(source, _)| source).collect()
}

/// What its columns come from.
pub(super) fn of_columns(select: &Select) -> Vec<Rc<Source>> {
    let mut froms = Vec::new();
    for selected in &select.columns {
        match selected {
            Selected::Node(node) => collect(node, &mut froms),
            Selected::All(source) | Selected::Entity(_, source) => add(&mut froms, source),
        }
    }
    froms
}

/// Adds what a node's columns come from; queries inside it look after themselves.
pub(super) fn collect(node: &Node, froms: &mut Vec<Rc<Source>>) {
    ends(node, &mut |end| {
        if let Kind::Column { of: Some(source), .. } = &end.kind {
            add(froms, source);
        }
    });
}

/// Shows the ends of an expression in their order: columns, texts, values, and queries as a whole.
pub(super) fn ends(node: &Node, see: &mut dyn FnMut(&Node)) {
    match &node.kind {
        Kind::Call { args: nodes, .. } | Kind::Chain(_, nodes) | Kind::List(nodes) | Kind::Array(nodes) => {
            ends_of(nodes, see);
        }
        Kind::Binary { left, right, .. } | Kind::Filter(left, right) | Kind::Item(left, right) => {
            ends_of([left, right], see);
        }
        Kind::Between { operand, low, high, .. } => ends_of([operand, low, high], see),
        Kind::Not(inner)
        | Kind::Sign(_, inner)
        | Kind::Suffix(inner, _)
        | Kind::Prefix(_, inner)
        | Kind::Cast(inner)
        | Kind::Extract(_, inner)
        | Kind::Label(_, inner) => ends(inner, see),
        Kind::Case { value, whens, otherwise } => {
            ends_of(value, see);
            ends_of(whens.iter().flat_map(|(when, then)| [when, then]), see);
            ends_of(otherwise, see);
        }
        Kind::Over { function, partition, order } => {
            ends(function, see);
            ends_of(partition.iter().chain(order), see);
        }
        Kind::Ordered(inner, order) => {
            ends(inner, see);
            ends_of(order, see);
        }
        Kind::Column { .. }
        | Kind::Raw(_)
        | Kind::Text(_)
        | Kind::Bind(_)
        | Kind::Null
        | Kind::Truth(_)
        | Kind::Exists(_)
        | Kind::Query(_) => see(node),
    }
}

fn ends_of<'n>(nodes: impl IntoIterator<Item = &'n Node>, see: &mut dyn FnMut(&Node)) {
    for node in nodes {
        ends(node, see);
    }
}

/// Adds a source that is not there yet.
pub(super) fn add(froms: &mut Vec<Rc<Source>>, source: &Rc<Source>) {
    if !froms.iter().any(|known| known.same(source)) {
        froms.push(Rc::clone(source));
    }
}

/// The sources that a query names, joins taken apart: what queries inside it may refer to.
pub(super) fn leaves(source: &Rc<Source>, found: &mut Vec<Rc<Source>>) {
    match &**source {
        Source::Join(Join { left, right, .. }) => {
            leaves(left, found);
            leaves(right, found);
        }
        _ => found.push(Rc::clone(source)),
    }
}
