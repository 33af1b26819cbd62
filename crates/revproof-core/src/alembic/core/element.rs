//! What expressions have beside operators: names, labels, casts, windows, and the methods of functions and `EXISTS`.

use std::rc::Rc;

use super::arguments::{first, items, text};
use super::expression::{Expression, Kind, Node, coerce};
use super::method::{Body, Method};
use super::operator::Op;
use super::operators::{bind_name, chain, compare, operand};
use super::select::Select;
use super::selectable::SourceObject;
use super::source::{Aliased, Source};
use super::ty::{Family, Ty};
use crate::alembic::object;
use crate::python::{Args, Flow, Foreign, Value, Vm};
use crate::source::Span;

/// `node.name` for what is no operator.
pub(super) fn attribute(node: &Node, name: &str) -> Option<Value> {
    match name {
        "name" | "key" => {
            let name = match &node.kind {
                Kind::Call { name, .. } => name,
                _ => node.own_name()?,
            };
            return Some(Value::Str(name.clone()));
        }
        "type" => return node.ty.given().map(|ty| Value::Object(ty.clone())),
        "table" => {
            let Kind::Column { of, .. } = &node.kind else { return None };
            return Some(match of.as_deref() {
                None => Value::None,
                Some(Source::Table(table)) => Value::Object(table.clone()),
                Some(_) => SourceObject::value(of.as_ref()?),
            });
        }
        "element" => {
            let (Kind::Label(_, inner) | Kind::Suffix(inner, _)) = &node.kind else { return None };
            return Some(Value::Object(inner.clone()));
        }
        "property" | "comparator" | "expression" | "columns" | "clause_element" => {
            return Some(Value::Object(node.clone()));
        }
        _ => {}
    }
    method(node, name).map(|body| Method::value(node, body))
}

fn method(node: &Node, name: &str) -> Option<Body<Expression>> {
    Some(match name {
        "label" => |node, vm, args, span| {
            let Some(name) = text(&args, 0, "name") else {
                return match first(&args) {
                    None | Some(Value::None) => Ok(Value::Object(node.clone())),
                    Some(_) => Ok(vm.unknown("the label is not known", span)),
                };
            };
            Ok(Value::Object(Expression::new(Kind::Label(name, node.clone()), node.ty.clone())))
        },
        "cast" => |node, _, args, _| {
            let ty = first(&args).map(Ty::of_value).unwrap_or_default();
            Ok(Value::Object(Expression::new(Kind::Cast(node.clone()), ty)))
        },
        "over" => |node, vm, args, span| {
            let partition = nodes_of(vm, args.keyword("partition_by"), span)?;
            let order = nodes_of(vm, args.keyword("order_by"), span)?;
            Ok(Value::Object(Expression::new(Kind::Over { function: node.clone(), partition, order }, node.ty.clone())))
        },
        "filter" if is_call(node) => |node, vm, args, span| {
            let clauses = items(vm, &args, span)?.iter().map(|value| coerce(value, "param", &Ty::Null)).collect();
            Ok(Value::Object(Expression::new(Kind::Filter(node.clone(), chain(true, clauses)), node.ty.clone())))
        },
        "self_group" | "scalar_subquery" | "as_scalar" | "unique_params" => {
            |node, _, _, _| Ok(Value::Object(node.clone()))
        }
        "alias" | "table_valued" | "column_valued" if is_call(node) => |node, _, args, _| {
            let source = Rc::new(Source::Function(node.clone()));
            let name = text(&args, usize::MAX, "name").or_else(|| text(&args, 0, "name"));
            Ok(SourceObject::value(&Source::alias(name, Aliased::Source(source))))
        },
        "select" => |node, _, _, _| {
            let select = match &node.kind {
                Kind::Query(select) => (**select).clone(),
                _ => Select::of(vec![node.clone()]),
            };
            Ok(Value::object(select.settled()))
        },
        "where" | "filter" | "select_from" | "correlate" | "correlate_except" | "join" | "filter_by"
            if matches!(node.kind, Kind::Exists(_)) =>
        {
            exists_method(name)?
        }
        "params" => |node, _, _, _| Ok(Value::Object(node.clone())),
        "compile" => |_, vm, _, span| Ok(vm.unknown("`.compile()` is not modelled", span)),
        _ => return None,
    })
}

fn exists_method(name: &str) -> Option<Body<Expression>> {
    Some(match name {
        "where" | "filter" => |node, vm, args, span| on_exists(node, vm, args, "where", span),
        "select_from" => |node, vm, args, span| on_exists(node, vm, args, "select_from", span),
        "correlate" => |node, vm, args, span| on_exists(node, vm, args, "correlate", span),
        "correlate_except" => |node, _, _, _| Ok(Value::Object(node.clone())),
        "join" => |node, vm, args, span| on_exists(node, vm, args, "join", span),
        "filter_by" => |node, vm, args, span| on_exists(node, vm, args, "filter_by", span),
        _ => return None,
    })
}

/// A method of the query inside `EXISTS (…)`.
fn on_exists(node: &Node, vm: &mut Vm<'_>, args: Args, name: &str, span: Span) -> Flow<Value> {
    let Kind::Exists(select) = &node.kind else { return Ok(Value::Object(node.clone())) };
    let method = Rc::clone(select).attr(vm, name, span)?.unwrap_or(Value::None);
    let changed = vm.call(&method, args, span)?;
    Ok(match changed.downcast::<Select>() {
        Some(select) => Value::Object(Expression::new(Kind::Exists(select), Ty::Of(Family::Boolean))),
        None => changed,
    })
}

fn is_call(node: &Node) -> bool {
    matches!(node.kind, Kind::Call { .. } | Kind::Ordered(..) | Kind::Filter(..))
}

/// The nodes of an argument that may be one expression or a list.
pub(super) fn nodes_of(vm: &mut Vm<'_>, value: Option<&Value>, span: Span) -> Flow<Vec<Node>> {
    Ok(match value {
        None | Some(Value::None) => Vec::new(),
        Some(list @ (Value::List(_) | Value::Tuple(_))) => {
            vm.iterate(list, span)?.unwrap_or_default().iter().map(|value| coerce(value, "param", &Ty::Null)).collect()
        }
        Some(value) => vec![coerce(value, "param", &Ty::Null)],
    })
}

/// `column.op("…")`, ready to be called with the other operand.
#[derive(Debug)]
pub(super) struct CustomOperator {
    /// The left operand.
    pub node: Node,
    /// The operator.
    pub text: Rc<str>,
    /// Its precedence.
    pub precedence: i32,
    /// It gives a truth value.
    pub comparison: bool,
}

impl Foreign for CustomOperator {
    object!("custom_op");

    fn attr(self: Rc<Self>, _vm: &mut Vm<'_>, _name: &str, _span: Span) -> Flow<Option<Value>> {
        Ok(None)
    }

    fn call(self: Rc<Self>, _vm: &mut Vm<'_>, args: Args, _span: Span) -> Flow<Value> {
        let other = first(&args).cloned().unwrap_or(Value::None);
        let right = match &other {
            Value::Str(_) => coerce(&other, &bind_name(&self.node), &Ty::Of(Family::Text)),
            _ => operand(&self.node, &other),
        };
        let made = compare(Op::Custom(self.text.clone(), self.precedence), self.node.clone(), right);
        let ty = if self.comparison { Ty::Of(Family::Boolean) } else { self.node.ty.clone() };
        let Kind::Binary { op, left, right, .. } = &made.kind else { return Ok(Value::Object(made)) };
        let kind = Kind::Binary { op: op.clone(), left: left.clone(), right: right.clone(), escape: None };
        Ok(Value::Object(Expression::new(kind, ty)))
    }
}
