//! Reaching into JSON columns: `column["a"]["b"].astext`.

use std::rc::Rc;

use super::expression::{Expression, Kind, Node};
use super::method::Method;
use super::operator::Op;
use super::ty::{Family, Ty};
use crate::python::{Args, Flow, Value, Vm};
use crate::source::Span;

/// `node[key]` of a JSON value: a key, an index, or a path as a tuple.
pub(super) fn item(node: &Node, key: &Value) -> Node {
    let (op, key) = match key {
        Value::Int(_) => (Op::JsonGet, Expression::bind(&name(node), key.clone(), Ty::Of(Family::Integer))),
        Value::Tuple(parts) => {
            let parts: Vec<String> = parts.iter().map(part).collect();
            let path = Value::str(&format!("{{{}}}", parts.join(", ")));
            (Op::JsonPath, Expression::bind(&name(node), path, Ty::Of(Family::Text)))
        }
        _ => (Op::JsonGet, Expression::bind(&name(node), key.clone(), Ty::Of(Family::Text))),
    };
    Expression::new(Kind::Binary { op, left: node.clone(), right: key, escape: None }, node.ty.clone())
}

/// `.astext`, `.as_string()`, `.as_integer()`, …
pub(super) fn attribute(node: &Node, name: &str) -> Option<Value> {
    match name {
        "astext" => Some(Value::Object(as_text(node))),
        "as_string" => Some(Method::value(node, |node, _, _, _| Ok(Value::Object(as_text(node))))),
        "as_integer" => Some(Method::value(node, |node, _, _, _| Ok(Value::Object(typed(node, Family::Integer))))),
        "as_float" => Some(Method::value(node, |node, _, _, _| Ok(Value::Object(typed(node, Family::Float))))),
        "as_boolean" => Some(Method::value(node, |node, _, _, _| Ok(Value::Object(typed(node, Family::Boolean))))),
        "as_numeric" => Some(Method::value(node, |node, _, _, _| Ok(Value::Object(typed(node, Family::Numeric))))),
        "as_json" => Some(Method::value(node, same)),
        _ => None,
    }
}

fn same(node: &Node, _vm: &mut Vm<'_>, _args: Args, _span: Span) -> Flow<Value> {
    Ok(Value::Object(node.clone()))
}

fn as_text(node: &Node) -> Node {
    let Kind::Binary { op, left, right, .. } = &node.kind else { return node.clone() };
    let op = match op {
        Op::JsonGet => Op::JsonGetText,
        Op::JsonPath => Op::JsonPathText,
        other => other.clone(),
    };
    let kind = Kind::Binary { op, left: left.clone(), right: right.clone(), escape: None };
    Expression::new(kind, Ty::Of(Family::Text))
}

fn typed(node: &Node, family: Family) -> Node {
    Expression::new(Kind::Cast(as_text(node)), Ty::Of(family))
}

fn name(node: &Node) -> Rc<str> {
    super::operators::bind_name(node)
}

fn part(value: &Value) -> String {
    match value {
        Value::Int(index) => index.to_string(),
        Value::Str(key) => key.to_string(),
        _ => String::new(),
    }
}
