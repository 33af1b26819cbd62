//! The generative methods of queries: `.where(…)`, `.order_by(…)`, `.join(…)`, …

use std::rc::Rc;

use super::arguments::{first, flag, items, required};
use super::expression::{Expression, Kind, Node, coerce};
use super::join::join;
use super::operator::Op;
use super::operators::{compare, operand};
use super::select::{Select, Selected};
use super::selectable::source_of;
use super::source::Source;
use super::ty::{Family, Ty};
use crate::python::{Args, Flow, Unknown, Value, Vm};
use crate::source::Span;

/// What a generative method does to a query.
pub(super) type Refinement = fn(&mut Select, &mut Vm<'_>, &Args, Span) -> Flow<()>;

/// The generative method of that name.
pub(super) fn method(name: &str) -> Option<Refinement> {
    Some(match name {
        "where" | "filter" => |select, vm, args, span| {
            let nodes = nodes(vm, args, span)?;
            select.wheres.extend(nodes);
            Ok(())
        },
        "filter_by" => filter_by,
        "having" => |select, vm, args, span| {
            let nodes = nodes(vm, args, span)?;
            select.having.extend(nodes);
            Ok(())
        },
        "order_by" => |select, vm, args, span| {
            if let [Value::None] = args.positional.as_slice() {
                select.order_by.clear();
                return Ok(());
            }
            let nodes = nodes(vm, args, span)?;
            select.order_by.extend(nodes.iter().map(by_name));
            Ok(())
        },
        "group_by" => |select, vm, args, span| {
            let nodes = nodes(vm, args, span)?;
            select.group_by.extend(nodes.iter().map(by_name));
            Ok(())
        },
        "limit" | "fetch" => |select, _, args, _| {
            select.limit = bound(first(args));
            Ok(())
        },
        "offset" => |select, _, args, _| {
            select.offset = bound(first(args));
            Ok(())
        },
        "slice" => |select, _, args, _| {
            let (start, stop) = (args.positional.first(), args.positional.get(1));
            select.offset = bound(start);
            select.limit = match (start, stop) {
                (Some(Value::Int(start)), Some(Value::Int(stop))) => {
                    bound(Some(&Value::Int(stop.saturating_sub(*start))))
                }
                (_, stop) => bound(stop),
            };
            Ok(())
        },
        "distinct" => |select, vm, args, span| {
            select.distinct = true;
            let nodes = nodes(vm, args, span)?;
            select.distinct_on.extend(nodes);
            Ok(())
        },
        "join" => |select, vm, args, span| join(select, vm, args, span, flag(args, "isouter"), flag(args, "full")),
        "outerjoin" => |select, vm, args, span| join(select, vm, args, span, true, flag(args, "full")),
        "join_from" => |select, vm, args, span| {
            let left = required(vm, args, 0, "from_", span)?;
            add_from(select, vm, &left, span);
            let mut rest = args.clone();
            if !rest.positional.is_empty() {
                rest.positional.remove(0);
            }
            join(select, vm, &rest, span, flag(args, "isouter"), flag(args, "full"))
        },
        "select_from" => |select, vm, args, span| {
            for value in items(vm, args, span)? {
                add_from(select, vm, &value, span);
            }
            Ok(())
        },
        "with_only_columns" | "with_entities" => |select, vm, args, span| {
            if select.froms.is_empty() {
                // What the columns came from stays what is selected from.
                select.froms = super::froms::of_columns(select);
            }
            select.columns.clear();
            add_columns(select, vm, args, span)
        },
        "add_columns" | "column" | "add_column" => add_columns,
        "with_for_update" => |select, _, args, _| {
            let mut lock = String::from("UPDATE");
            if flag(args, "skip_locked") {
                lock.push_str(" SKIP LOCKED");
            } else if flag(args, "nowait") {
                lock.push_str(" NOWAIT");
            }
            select.lock = Some(lock.into());
            Ok(())
        },
        "correlate" => |select, vm, args, span| {
            let mut sources = Vec::new();
            for value in items(vm, args, span)? {
                sources.extend(source_of(&value));
            }
            select.correlate = Some(sources);
            Ok(())
        },
        "union" => |select, vm, args, span| combine(select, vm, args, span, "UNION"),
        "union_all" => |select, vm, args, span| combine(select, vm, args, span, "UNION ALL"),
        "except_" => |select, vm, args, span| combine(select, vm, args, span, "EXCEPT"),
        "except_all" => |select, vm, args, span| combine(select, vm, args, span, "EXCEPT ALL"),
        "intersect" => |select, vm, args, span| combine(select, vm, args, span, "INTERSECT"),
        "intersect_all" => |select, vm, args, span| combine(select, vm, args, span, "INTERSECT ALL"),
        "execution_options" | "options" | "params" | "correlate_except" | "enable_eagerloads" | "yield_per"
        | "populate_existing" | "autoflush" | "reduce_columns" | "set_label_style" | "apply_labels" | "with_labels"
        | "with_hint" | "enable_assertions" => |_, _, _, _| Ok(()),
        _ => return None,
    })
}

/// Adds what `select(…)` is given to the columns.
pub(super) fn add_columns(select: &mut Select, vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<()> {
    for value in items(vm, args, span)? {
        add_column(select, vm, &value, span);
    }
    Ok(())
}

/// Adds one column, table, alias or mapped class.
pub(super) fn add_column(select: &mut Select, vm: &mut Vm<'_>, value: &Value, span: Span) {
    if let Some(model) = super::orm::entity(value) {
        if let Some(open) = &model.0.open {
            let doubt = Rc::clone(open);
            select.doubt.get_or_insert(doubt);
        }
        select.columns.push(Selected::Entity(model.0, model.1));
        return;
    }
    // A function or a text is a column here, though it may stand in a FROM as well.
    let source = if value.downcast::<Expression>().is_some() { None } else { source_of(value) };
    if let Some(source) = source {
        if let Source::Table(table) = &*source
            && let Some(open) = &table.open
        {
            let doubt = Rc::clone(open);
            select.doubt.get_or_insert(doubt);
        }
        select.columns.push(Selected::All(source));
        return;
    }
    match value {
        // SQLAlchemy 1.x takes plain text here.
        Value::Str(text) => {
            select.columns.push(Selected::Node(Expression::untyped(Kind::Raw(text.clone()))));
        }
        Value::Int(number) => {
            let text = number.to_string();
            select.columns.push(Selected::Node(Expression::untyped(Kind::Raw(text.into()))));
        }
        Value::Bool(truth) => {
            select.columns.push(Selected::Node(Expression::new(Kind::Truth(*truth), Ty::Of(Family::Boolean))));
        }
        Value::Unknown(unknown) => {
            let unknown = Rc::clone(unknown);
            select.doubt.get_or_insert(unknown);
        }
        _ => match super::expression::as_node(value) {
            Some(node) => select.columns.push(Selected::Node(node)),
            None => doubt(select, vm, format!("{value:?} is selected"), span),
        },
    }
}

/// Adds to the FROM.
pub(super) fn add_from(select: &mut Select, vm: &mut Vm<'_>, value: &Value, span: Span) {
    if let Some(source) = source_of(value) {
        select.froms.push(source);
        return;
    }
    match value {
        Value::Unknown(unknown) => {
            let unknown = Rc::clone(unknown);
            select.doubt.get_or_insert(unknown);
        }
        _ => doubt(select, vm, format!("{value:?} is selected from"), span),
    }
}

/// Marks the query as not known.
pub(super) fn doubt(select: &mut Select, vm: &Vm<'_>, why: String, span: Span) {
    if let Value::Unknown(unknown) = vm.unknown(why, span) {
        select.doubt.get_or_insert(unknown);
    }
}

/// The arguments as nodes.
fn nodes(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Vec<Node>> {
    Ok(items(vm, args, span)?
        .iter()
        .map(|value| match value {
            Value::Bool(truth) => Expression::new(Kind::Truth(*truth), Ty::Of(Family::Boolean)),
            _ => coerce(value, "param", &Ty::Null),
        })
        .collect())
}

/// `order_by("name desc")`, `group_by("name")`: text is a name, or SQL as it stands.
fn by_name(node: &Node) -> Node {
    match &node.kind {
        Kind::Bind(bind) => match &bind.value {
            Some(Value::Str(text)) => Expression::untyped(Kind::Raw(text.clone())),
            _ => node.clone(),
        },
        _ => node.clone(),
    }
}

fn bound(value: Option<&Value>) -> Option<Node> {
    match value {
        None | Some(Value::None) => None,
        Some(value) => Some(coerce(value, "param", &Ty::Of(Family::Integer))),
    }
}

/// `filter_by(name=value)`: columns of what was joined last or is selected first.
fn filter_by(select: &mut Select, vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<()> {
    let last = select.froms.last().map(|source| match &**source {
        Source::Join(join) => join.right.clone(),
        _ => source.clone(),
    });
    let Some(source) = last.or_else(|| super::froms::of_columns(select).first().cloned()) else {
        doubt(select, vm, "the entity of `filter_by` is not known".into(), span);
        return Ok(());
    };
    for (key, value) in &args.keyword {
        match source.column(key) {
            Some(column) => {
                let other = operand(&column, value);
                select.wheres.push(compare(Op::Eq, column, other));
            }
            None => doubt(select, vm, format!("`{key}` of `filter_by` is no column that is known"), span),
        }
    }
    Ok(())
}

fn combine(select: &mut Select, vm: &mut Vm<'_>, args: &Args, span: Span, operator: &'static str) -> Flow<()> {
    let mut parts = vec![Rc::new(select.clone())];
    let mut unknown: Option<Rc<Unknown>> = None;
    for value in items(vm, args, span)? {
        if let Some(part) = super::change::query_of(&value) {
            parts.push(part);
        } else if let Value::Unknown(why) = vm.unknown("a part of a compound query is not known", span) {
            unknown = Some(why);
        }
    }
    *select = Select::compound(operator, parts);
    select.doubt = unknown;
    Ok(())
}
