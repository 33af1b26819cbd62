//! What the dialects' own modules add: `postgresql.insert`, `postgresql.array`, `aggregate_order_by`.

use super::arguments::required;
use super::change::{self, Verb};
use super::element::nodes_of;
use super::expression::{Expression, Kind, Node, coerce};
use super::method::Function;
use super::ty::{Family, Ty};
use crate::python::{Args, Flow, Value, Vm};
use crate::source::Span;

/// The function of that name.
pub(super) fn named(name: &str) -> Option<Value> {
    Some(match name {
        "insert" => Function::value(|vm, args, span| change::construct(Verb::Insert, vm, args, span)),
        "array" => Function::value(array),
        "aggregate_order_by" => Function::value(|vm, args, span| {
            let target = required(vm, &args, 0, "target", span)?;
            let order: Vec<Node> =
                args.positional.iter().skip(1).map(|value| coerce(value, "param", &Ty::Null)).collect();
            let target = coerce(&target, "param", &Ty::Null);
            let ty = target.ty.clone();
            Ok(Value::Object(Expression::new(Kind::Ordered(target, order), ty)))
        }),
        _ => return None,
    })
}

fn array(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let items = required(vm, &args, 0, "clauses", span)?;
    if matches!(items, Value::Unknown(_)) {
        return Ok(Value::Object(Expression::bind("param", items, Ty::Null)));
    }
    let nodes = nodes_of(vm, Some(&items), span)?;
    Ok(Value::Object(Expression::new(Kind::Array(nodes), Ty::Of(Family::Array))))
}
