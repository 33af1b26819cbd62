//! Joins, and the condition that follows from foreign keys.

use std::rc::Rc;

use super::expression::{Node, coerce};
use super::operator::Op;
use super::operators::{chain, compare};
use super::refine::doubt;
use super::select::Select;
use super::selectable::source_of;
use super::source::Source;
use super::ty::Ty;
use crate::python::{Args, Flow, Value, Vm};
use crate::source::Span;

/// `select.join(target, onclause)`.
pub(super) fn join(select: &mut Select, vm: &mut Vm<'_>, args: &Args, span: Span, outer: bool, full: bool) -> Flow<()> {
    let Some(target) = args.get(0, "target") else { return Ok(()) };
    let Some(right) = source_of(target) else {
        doubt(select, vm, "what is joined is not known".into(), span);
        return Ok(());
    };
    if select.froms.is_empty() {
        select.froms = super::froms::of_columns(select);
        select.froms.retain(|source| !source.same(&right));
    }
    let mut on = match args.get(1, "onclause") {
        None | Some(Value::None) => None,
        Some(on) => Some(coerce(on, "param", &Ty::Null)),
    };
    // The left side is what the condition speaks of, or the last one that has a foreign key.
    let at = if let Some(on) = &on {
        let mut mentioned = Vec::new();
        super::froms::collect(on, &mut mentioned);
        select.froms.iter().rposition(|from| mentioned.iter().any(|source| from.holds(source)))
    } else {
        let found = (0..select.froms.len()).rev().find_map(|at| {
            let left = select.froms.get(at)?;
            condition(left, &right, vm).map(|on| (at, on))
        });
        found.map(|(at, condition)| {
            on = Some(condition);
            at
        })
    };
    if on.is_none() {
        doubt(select, vm, "the condition of the join is not known".into(), span);
        return Ok(());
    }
    let at = at.unwrap_or(select.froms.len().saturating_sub(1));
    match select.froms.get_mut(at) {
        Some(left) => *left = Source::join(left.clone(), right, on, outer, full),
        None => doubt(select, vm, "what is joined with is not known".into(), span),
    }
    Ok(())
}

/// The condition that follows from the foreign keys between two sources, where just one follows.
pub(super) fn condition(left: &Rc<Source>, right: &Rc<Source>, vm: &Vm<'_>) -> Option<Node> {
    let mut found = between(left, right, vm);
    found.extend(between(right, left, vm));
    if found.len() == 1 { found.pop() } else { None }
}

/// The conditions of the foreign keys of `from` that lead to `to`.
fn between(from: &Rc<Source>, to: &Rc<Source>, vm: &Vm<'_>) -> Vec<Node> {
    let (mut tables, mut targets) = (Vec::new(), Vec::new());
    from.tables(&mut tables);
    to.tables(&mut targets);
    let catalog = vm.host.catalog();
    let mut conditions = Vec::new();
    for table in &tables {
        let Some(known) = catalog.table(&table.name) else { continue };
        for key in &known.foreign_keys {
            if !targets.iter().any(|target| target.name == key.ref_table) {
                continue;
            }
            let pairs: Option<Vec<Node>> = known
                .column_names(&key.columns)
                .iter()
                .zip(&key.ref_columns)
                .map(|(column, other)| Some(compare(Op::Eq, from.column(column)?, to.column(other)?)))
                .collect();
            conditions.extend(pairs.map(|pairs| chain(true, pairs)));
        }
    }
    conditions
}
