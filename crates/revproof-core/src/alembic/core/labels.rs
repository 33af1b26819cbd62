//! The names under which a query's columns come back.

use std::rc::Rc;

use super::expression::{Expression, Kind, Node};
use super::select::Select;

/// The selected nodes and their names, made unique as SQLAlchemy makes them: a second `id` is `id_1`, a function is
/// `count_1`, anything else `anon_1`.
pub(super) fn labelled(select: &Select) -> Vec<(Rc<str>, Node)> {
    let mut taken: Vec<(Rc<str>, u32)> = Vec::new();
    let mut columns: Vec<(Rc<str>, Node)> = Vec::new();
    for node in select.nodes() {
        let name = match own(&node) {
            Some(name) => {
                if columns.iter().any(|(known, _)| *known == name) {
                    numbered(&mut taken, &name)
                } else {
                    name
                }
            }
            None => numbered(&mut taken, &stem(&node)),
        };
        columns.push((name, node));
    }
    columns
}

/// Whether the node comes back under its own name, with no `AS` behind it.
pub(super) fn is_own(node: &Expression, name: &str) -> bool {
    match &node.kind {
        Kind::Column { name: own, .. } | Kind::Raw(own) => &**own == name,
        Kind::Text(_) => true,
        _ => false,
    }
}

fn own(node: &Node) -> Option<Rc<str>> {
    match &node.kind {
        Kind::Text(text) => Some(text.sql.clone()),
        _ => node.own_name().cloned(),
    }
}

fn stem(node: &Node) -> Rc<str> {
    match &node.kind {
        Kind::Call { name, .. } => name.rsplit('.').next().unwrap_or_default().into(),
        _ => "anon".into(),
    }
}

fn numbered(taken: &mut Vec<(Rc<str>, u32)>, name: &Rc<str>) -> Rc<str> {
    if let Some((_, number)) = taken.iter_mut().find(|(known, _)| known == name) {
        *number = number.saturating_add(1);
        return format!("{name}_{number}").into();
    }
    taken.push((name.clone(), 1));
    format!("{name}_1").into()
}
