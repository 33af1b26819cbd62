//! How deep trees are: every expression, query and source knows, and none is made deeper than [`LIMIT`], so that
//! whatever walks a tree (or drops it) needs no guard of its own.

use std::rc::Rc;

use super::expression::{Bind, Kind, Node};
use super::select::{Select, Selected};
use super::source::{Aliased, Source};
use crate::alembic::known;
use crate::python::{Unknown, Value};
use crate::source::{FileId, Span};

/// The deepest tree.
pub(super) const LIMIT: u16 = 200;

/// Why a deeper one is not known.
pub(super) fn too_deep() -> Rc<Unknown> {
    known::because("a SQL expression is nested too deeply", Span::new(FileId(0), 0, 0))
}

/// What stands in the place of an expression that would be too deep.
pub(super) fn stand_in() -> Kind {
    let value = Some(Value::Unknown(too_deep()));
    Kind::Bind(Bind { name: "param".into(), unique: true, value, expanding: false })
}

/// The depth of an expression of that kind.
pub(super) fn of_kind(kind: &Kind) -> u16 {
    let below = match kind {
        Kind::Raw(_) | Kind::Text(_) | Kind::Bind(_) | Kind::Null | Kind::Truth(_) => 0,
        Kind::Column { of, .. } => of.as_deref().map_or(0, of_source),
        Kind::Call { args: nodes, .. } | Kind::Chain(_, nodes) | Kind::List(nodes) | Kind::Array(nodes) => {
            of_nodes(nodes)
        }
        Kind::Binary { left, right, .. } | Kind::Filter(left, right) | Kind::Item(left, right) => {
            left.depth.max(right.depth)
        }
        Kind::Between { operand, low, high, .. } => operand.depth.max(low.depth).max(high.depth),
        Kind::Not(inner)
        | Kind::Sign(_, inner)
        | Kind::Suffix(inner, _)
        | Kind::Prefix(_, inner)
        | Kind::Cast(inner)
        | Kind::Extract(_, inner)
        | Kind::Label(_, inner) => inner.depth,
        Kind::Case { value, whens, otherwise } => {
            let pairs = whens.iter().flat_map(|(when, then)| [when, then]);
            value.iter().chain(pairs).chain(otherwise).map(|node| node.depth).max().unwrap_or_default()
        }
        Kind::Exists(select) | Kind::Query(select) => select.depth,
        Kind::Over { function, partition, order } => function.depth.max(of_nodes(partition)).max(of_nodes(order)),
        Kind::Ordered(inner, order) => inner.depth.max(of_nodes(order)),
    };
    below.saturating_add(1)
}

fn of_nodes(nodes: &[Node]) -> u16 {
    nodes.iter().map(|node| node.depth).max().unwrap_or_default()
}

/// The depth of a source.
pub(super) fn of_source(source: &Source) -> u16 {
    match source {
        Source::Table(_) | Source::Text(_) => 0,
        Source::Alias(alias) => alias.depth,
        Source::Join(join) => join.depth,
        Source::Function(node) => node.depth,
    }
}

/// The depth of what has another name.
pub(super) fn of_aliased(aliased: &Aliased) -> u16 {
    let below = match aliased {
        Aliased::Source(source) => of_source(source),
        Aliased::Query(select) | Aliased::Cte(select, _) => select.depth,
    };
    below.saturating_add(1)
}

/// The depth of a query.
pub(super) fn of_select(select: &Select) -> u16 {
    let columns = select.columns.iter().map(|selected| match selected {
        Selected::Node(node) => node.depth,
        Selected::All(source) | Selected::Entity(_, source) => of_source(source),
    });
    let froms = select.froms.iter().map(|source| of_source(source));
    let nodes = [&select.wheres, &select.group_by, &select.having, &select.order_by, &select.distinct_on];
    let nodes = nodes.into_iter().map(|nodes| of_nodes(nodes));
    let bounds = select.limit.iter().chain(&select.offset).map(|node| node.depth);
    let parts = select.compound.iter().flat_map(|(_, parts)| parts).map(|part| part.depth);
    columns.chain(froms).chain(nodes).chain(bounds).chain(parts).max().unwrap_or_default().saturating_add(1)
}
