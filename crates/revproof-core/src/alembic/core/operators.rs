//! What Python's operators and the methods of columns make: comparisons, arithmetic, `.in_(…)`, `.like(…)`, ….

use std::rc::Rc;

use super::arguments::{first, flag, keyword_text};
use super::expression::{Expression, Kind, Node, as_node, coerce, is_boolean};
use super::method::{Body, Method};
use super::operator::Op;
use super::ty::{Family, Ty};
use super::{element, json};
use crate::python::{Args, Flow, Operator, Value, Vm};
use crate::source::Span;

/// `node.name`.
pub(super) fn attribute(node: &Node, vm: &mut Vm<'_>, name: &str, span: Span) -> Option<Value> {
    if let Some(value) = element::attribute(node, name) {
        return Some(value);
    }
    if let Some(value) = json::attribute(node, name) {
        return Some(value);
    }
    if let Some(body) = method(name) {
        return Some(Method::value(node, body));
    }
    if name.starts_with("__") || matches!(node.kind, Kind::Text(_)) && is_of_texts(name) {
        return None;
    }
    Some(vm.unknown(format!("`.{name}` of a SQL expression is not modelled"), span))
}

/// Whether Python's texts have a method of that name that `text("…")` has not.
fn is_of_texts(name: &str) -> bool {
    matches!(
        name,
        "format" | "strip" | "lstrip" | "rstrip" | "split" | "splitlines" | "join" | "lower" | "upper" | "replace"
    )
}

/// `left <operator> right` in SQL; `right` is a Python value.
pub(super) fn binary(node: &Node, operator: Operator, other: &Value, reflected: bool) -> Option<Value> {
    // A reflected comparison comes mirrored: `5 < column` is asked as `column > 5`.
    let op = match operator {
        Operator::Add => Op::Add,
        Operator::Sub => Op::Sub,
        Operator::Mul => Op::Mul,
        Operator::Div => Op::Div,
        Operator::FloorDiv => Op::FloorDiv,
        Operator::Mod => Op::Mod,
        Operator::Eq => Op::Eq,
        Operator::NotEq => Op::Ne,
        Operator::Lt => Op::Lt,
        Operator::LtE => Op::Le,
        Operator::Gt => Op::Gt,
        Operator::GtE => Op::Ge,
        Operator::LShift => Op::LeftShift,
        Operator::RShift => Op::RightShift,
        Operator::BitXor => Op::BitXor,
        Operator::BitAnd | Operator::BitOr => {
            let other = coerce(other, &bind_name(node), &Ty::Null);
            let pair = if reflected { vec![other, node.clone()] } else { vec![node.clone(), other] };
            return Some(Value::Object(chain(operator == Operator::BitAnd, pair)));
        }
        Operator::Pow | Operator::MatMul => return None,
    };
    let other = operand(node, other);
    let comparison = op.is_comparison();
    let made = match (reflected && !comparison, comparison) {
        (true, _) => arithmetic(op, other, node.clone()),
        (false, true) => compare(op, node.clone(), other),
        (false, false) => arithmetic(op, node.clone(), other),
    };
    Some(Value::Object(made))
}

/// `-node`, `~node`.
pub(super) fn unary(node: &Node, sign: char) -> Node {
    match sign {
        '~' => negate(node),
        '-' => Expression::new(Kind::Sign('-', node.clone()), node.ty.clone()),
        _ => node.clone(),
    }
}

/// `node[key]`.
pub(super) fn item(node: &Node, key: &Value) -> Node {
    if node.ty.family() == Family::Array {
        let index = coerce(key, &bind_name(node), &Ty::Of(Family::Integer));
        return Expression::untyped(Kind::Item(node.clone(), index));
    }
    json::item(node, key)
}

/// `a AND b`, `a OR b`: chains of the same kind become one, constants fold away as SQLAlchemy folds them.
pub(super) fn chain(and: bool, clauses: Vec<Node>) -> Node {
    let mut flat: Vec<Node> = Vec::with_capacity(clauses.len());
    for clause in clauses {
        match &clause.kind {
            Kind::Chain(same, inner) if *same == and => flat.extend(inner.iter().cloned()),
            Kind::Truth(truth) if *truth != and => return clause,
            Kind::Truth(_) => {}
            _ => flat.push(clause),
        }
    }
    match (flat.len(), flat.first()) {
        (0, _) => Expression::new(Kind::Truth(and), Ty::Of(Family::Boolean)),
        (1, Some(only)) => only.clone(),
        _ => Expression::new(Kind::Chain(and, flat), Ty::Of(Family::Boolean)),
    }
}

/// `NOT node`, the way SQLAlchemy says it.
pub(super) fn negate(node: &Node) -> Node {
    let boolean = || Ty::Of(Family::Boolean);
    match &node.kind {
        Kind::Binary { op, left, right, escape } => {
            if let Some(op) = op.negated() {
                let kind = Kind::Binary { op, left: left.clone(), right: right.clone(), escape: escape.clone() };
                return Expression::new(kind, boolean());
            }
        }
        Kind::Between { operand, low, high, negated } => {
            let kind =
                Kind::Between { operand: operand.clone(), low: low.clone(), high: high.clone(), negated: !negated };
            return Expression::new(kind, boolean());
        }
        Kind::Not(inner) if is_boolean(inner) => return inner.clone(),
        Kind::Truth(truth) => return Expression::new(Kind::Truth(!truth), boolean()),
        Kind::Column { .. } if matches!(node.ty.family(), Family::Integer) => {
            return Expression::new(Kind::Sign('~', node.clone()), node.ty.clone());
        }
        _ => {}
    }
    Expression::new(Kind::Not(node.clone()), boolean())
}

/// A comparison; NULL and truth values are compared as SQLAlchemy compares them.
pub(super) fn compare(op: Op, left: Node, right: Node) -> Node {
    let quantified = matches!(left.kind, Kind::Prefix("ANY" | "ALL", _));
    let (left, right) = if quantified && matches!(op, Op::Eq | Op::Ne) { (right, left) } else { (left, right) };
    let op = match (&op, &right.kind) {
        (Op::Eq, Kind::Null) => Op::Is,
        (Op::Ne, Kind::Null) => Op::IsNot,
        _ => op,
    };
    Expression::new(Kind::Binary { op, left, right, escape: None }, Ty::Of(Family::Boolean))
}

/// Arithmetic, or `||` of texts.
pub(super) fn arithmetic(op: Op, left: Node, right: Node) -> Node {
    let textual = |node: &Node| matches!(node.ty.family(), Family::Text | Family::Array);
    let op = if op == Op::Add && (textual(&left) || textual(&right)) { Op::Concat } else { op };
    let ty = match (&op, left.ty.family(), right.ty.family()) {
        (Op::Div, Family::Integer, Family::Integer) => Ty::Of(Family::Numeric),
        (Op::Sub, Family::Date, Family::Date) => Ty::Of(Family::Integer),
        (Op::Sub, Family::DateTime, Family::DateTime) => Ty::Of(Family::Interval),
        (_, Family::Other, _) | (Op::Add, Family::Interval, _) => right.ty.clone(),
        _ => left.ty.clone(),
    };
    Expression::new(Kind::Binary { op, left, right, escape: None }, ty)
}

/// The name of the bind that a value compared with this node gets.
pub(super) fn bind_name(node: &Expression) -> Rc<str> {
    match &node.kind {
        Kind::Column { name, .. } => name.clone(),
        Kind::Call { name, .. } => name.rsplit('.').next().unwrap_or_default().into(),
        _ => "param".into(),
    }
}

/// The other operand: a plain value takes on the node's type. A truth value is a constant.
pub(super) fn operand(node: &Node, other: &Value) -> Node {
    match other {
        Value::Bool(truth) if is_boolean(node) || node.ty.is_null() => {
            Expression::new(Kind::Truth(*truth), Ty::Of(Family::Boolean))
        }
        _ => {
            let same_kind = match other {
                // A duration or number beside a date is of its own kind, not a date.
                Value::Int(_) | Value::Float(_) => !matches!(node.ty.family(), Family::Date | Family::DateTime),
                _ => true,
            };
            coerce(other, &bind_name(node), if same_kind { &node.ty } else { &Ty::Null })
        }
    }
}

fn method(name: &str) -> Option<Body<Expression>> {
    Some(match name {
        "is_" => |node, _, args, _| comparison(node, &args, Op::Is),
        "is_not" | "isnot" => |node, _, args, _| comparison(node, &args, Op::IsNot),
        "is_distinct_from" => |node, _, args, _| comparison(node, &args, Op::IsDistinct),
        "is_not_distinct_from" | "isnot_distinct_from" => |node, _, args, _| comparison(node, &args, Op::IsNotDistinct),
        "__eq__" => |node, _, args, _| comparison(node, &args, Op::Eq),
        "__ne__" => |node, _, args, _| comparison(node, &args, Op::Ne),
        "in_" => |node, vm, args, span| membership(node, vm, &args, Op::In, span),
        "not_in" | "notin_" => |node, vm, args, span| membership(node, vm, &args, Op::NotIn, span),
        "like" => |node, _, args, _| like(node, &args, Op::Like, "", ""),
        "not_like" | "notlike" => |node, _, args, _| like(node, &args, Op::NotLike, "", ""),
        "ilike" => |node, _, args, _| like(node, &args, Op::ILike, "", ""),
        "not_ilike" | "notilike" => |node, _, args, _| like(node, &args, Op::NotILike, "", ""),
        "startswith" => |node, _, args, _| like(node, &args, Op::Like, "", "%"),
        "endswith" => |node, _, args, _| like(node, &args, Op::Like, "%", ""),
        "istartswith" => |node, _, args, _| like(node, &args, Op::ILike, "", "%"),
        "iendswith" => |node, _, args, _| like(node, &args, Op::ILike, "%", ""),
        "icontains" => |node, _, args, _| like(node, &args, Op::ILike, "%", "%"),
        "contains" => |node, _, args, _| match node.ty.family() {
            Family::Json | Family::Array => custom(node, &args, "@>"),
            _ => like(node, &args, Op::Like, "%", "%"),
        },
        "contained_by" => |node, _, args, _| custom(node, &args, "<@"),
        "overlap" => |node, _, args, _| custom(node, &args, "&&"),
        "has_key" => |node, _, args, _| custom(node, &args, "?"),
        "has_any" => |node, _, args, _| custom(node, &args, "?|"),
        "has_all" => |node, _, args, _| custom(node, &args, "?&"),
        "match" => |node, _, args, _| comparison(node, &args, Op::Match),
        "regexp_match" => |node, _, args, _| comparison(node, &args, Op::Regexp),
        "regexp_replace" => |node, vm, args, span| {
            let pattern = required(vm, &args, 0, "pattern", span)?;
            let replacement = required(vm, &args, 1, "replacement", span)?;
            let args = vec![node.clone(), operand(node, &pattern), operand(node, &replacement)];
            Ok(Value::Object(Expression::new(Kind::Call { name: "regexp_replace".into(), args }, node.ty.clone())))
        },
        "between" => between,
        "concat" => |node, vm, args, span| {
            let other = required(vm, &args, 0, "other", span)?;
            Ok(Value::Object(arithmetic(Op::Concat, node.clone(), operand(node, &other))))
        },
        "op" | "bool_op" => |node, vm, args, span| {
            let Some(text) = first(&args).and_then(Value::as_str).map(Rc::<str>::from) else {
                return Ok(vm.unknown("the operator of `.op(…)` is not known", span));
            };
            let precedence = match args.get(1, "precedence") {
                Some(Value::Int(precedence)) => i32::try_from(*precedence).unwrap_or_default(),
                _ => 0,
            };
            let comparison = flag(&args, "is_comparison");
            Ok(Value::object(element::CustomOperator { node: node.clone(), text, precedence, comparison }))
        },
        "desc" => |node, _, _, _| Ok(suffix(node, "DESC")),
        "asc" => |node, _, _, _| Ok(suffix(node, "ASC")),
        "nulls_first" | "nullsfirst" => |node, _, _, _| Ok(suffix(node, "NULLS FIRST")),
        "nulls_last" | "nullslast" => |node, _, _, _| Ok(suffix(node, "NULLS LAST")),
        "collate" => |node, vm, args, span| {
            let collation = required(vm, &args, 0, "collation", span)?;
            let Some(name) = collation.as_str() else { return Ok(vm.unknown("the collation is not known", span)) };
            Ok(suffix(node, &format!("COLLATE {name}")))
        },
        "distinct" => |node, _, _, _| Ok(Value::Object(prefix("DISTINCT", node))),
        "any_" => |node, _, _, _| Ok(Value::Object(prefix("ANY", node))),
        "all_" => |node, _, _, _| Ok(Value::Object(prefix("ALL", node))),
        "any" => |node, vm, args, span| {
            let other = required(vm, &args, 0, "other", span)?;
            Ok(Value::Object(compare(Op::Eq, coerce(&other, "param", &Ty::Null), prefix("ANY", node))))
        },
        "bitwise_and" => |node, _, args, _| bitwise(node, &args, Op::BitAnd),
        "bitwise_or" => |node, _, args, _| bitwise(node, &args, Op::BitOr),
        "bitwise_xor" => |node, _, args, _| bitwise(node, &args, Op::BitXor),
        "bitwise_not" => {
            |node, _, _, _| Ok(Value::Object(Expression::new(Kind::Sign('~', node.clone()), node.ty.clone())))
        }
        _ => return None,
    })
}

fn comparison(node: &Node, args: &Args, op: Op) -> Flow<Value> {
    let other = first(args).map_or_else(|| Expression::untyped(Kind::Null), |other| operand(node, other));
    Ok(Value::Object(compare(op, node.clone(), other)))
}

fn bitwise(node: &Node, args: &Args, op: Op) -> Flow<Value> {
    let other = first(args).map_or_else(|| Expression::untyped(Kind::Null), |other| operand(node, other));
    Ok(Value::Object(arithmetic(op, node.clone(), other)))
}

fn custom(node: &Node, args: &Args, op: &str) -> Flow<Value> {
    let like = match op {
        "?" | "?|" | "?&" => Ty::Of(Family::Text),
        _ => node.ty.clone(),
    };
    let other =
        first(args).map_or_else(|| Expression::untyped(Kind::Null), |other| coerce(other, &bind_name(node), &like));
    let kind = Kind::Binary { op: Op::Custom(op.into(), 5), left: node.clone(), right: other, escape: None };
    Ok(Value::Object(Expression::new(kind, Ty::Of(Family::Boolean))))
}

/// `IN (…)`: of a list, of a query or of something unknown.
fn membership(node: &Node, vm: &mut Vm<'_>, args: &Args, op: Op, span: Span) -> Flow<Value> {
    let other = required(vm, args, 0, "other", span)?;
    let right = match as_node(&other) {
        Some(query) => query,
        None => match vm.iterate(&other, span)? {
            Some(items) => {
                let name = bind_name(node);
                Expression::untyped(Kind::List(items.iter().map(|item| coerce(item, &name, &node.ty)).collect()))
            }
            // What it is compared with is not known, so neither is the outcome: one unknown value says as much.
            None => Expression::untyped(Kind::List(vec![coerce(
                &vm.unknown("the list of `in_(…)` is not known", span),
                "param",
                &Ty::Null,
            )])),
        },
    };
    Ok(Value::Object(compare(op, node.clone(), right)))
}

fn like(node: &Node, args: &Args, op: Op, before: &str, after: &str) -> Flow<Value> {
    let pattern = first(args).cloned().unwrap_or(Value::None);
    let mut escape = keyword_text(args, "escape");
    let pattern = match (&pattern, flag(args, "autoescape")) {
        (Value::Str(text), true) => {
            let mark = escape.clone().unwrap_or_else(|| "/".into());
            let mut escaped = text.replace(&*mark, &format!("{mark}{mark}"));
            for wildcard in ["%", "_"] {
                escaped = escaped.replace(wildcard, &format!("{mark}{wildcard}"));
            }
            escape = Some(mark);
            Value::str(&escaped)
        }
        _ => pattern,
    };
    let mut right = coerce(&pattern, &bind_name(node), &text_like(node));
    let wild = || Expression::new(Kind::Raw("'%'".into()), Ty::Of(Family::Text));
    if !before.is_empty() {
        right = arithmetic(Op::Concat, wild(), right);
    }
    if !after.is_empty() {
        right = arithmetic(Op::Concat, right, wild());
    }
    let kind = Kind::Binary { op, left: node.clone(), right, escape };
    Ok(Value::Object(Expression::new(kind, Ty::Of(Family::Boolean))))
}

/// The type of a pattern that the node is matched with: text, whatever the node is.
fn text_like(node: &Node) -> Ty {
    if node.ty.family() == Family::Text { node.ty.clone() } else { Ty::Of(Family::Text) }
}

fn between(node: &Node, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let low = required(vm, &args, 0, "cleft", span)?;
    let high = required(vm, &args, 1, "cright", span)?;
    let kind =
        Kind::Between { operand: node.clone(), low: operand(node, &low), high: operand(node, &high), negated: false };
    Ok(Value::Object(Expression::new(kind, Ty::Of(Family::Boolean))))
}

/// The node with something behind it.
pub(super) fn suffix(node: &Node, text: &str) -> Value {
    Value::Object(Expression::new(Kind::Suffix(node.clone(), text.into()), node.ty.clone()))
}

/// The node with something in front of it.
pub(super) fn prefix(text: &'static str, node: &Node) -> Node {
    Expression::new(Kind::Prefix(text, node.clone()), node.ty.clone())
}

fn required(vm: &mut Vm<'_>, args: &Args, position: usize, name: &str, span: Span) -> Flow<Value> {
    super::arguments::required(vm, args, position, name, span)
}
