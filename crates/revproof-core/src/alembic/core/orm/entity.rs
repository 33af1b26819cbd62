//! Mapped classes among what is selected, and rows folded into their objects.

use std::rc::Rc;

use super::load::{self, Reading};
use super::model::Model;
use super::session::Session;
use crate::alembic::core::select::Selected;
use crate::alembic::core::source::Source;
use crate::python::{Flow, Value, Vm};
use crate::source::Span;

/// Rows with their labels.
pub(in crate::alembic::core) type Rows = (Rc<[Rc<str>]>, Vec<Vec<Value>>);

/// The mapped class that a value is, and what it is selected from.
pub(in crate::alembic::core) fn entity(value: &Value) -> Option<(Rc<Model>, Rc<Source>)> {
    let model = value.downcast::<Model>()?;
    let source = Rc::new(Source::Table(model.table.clone()));
    Some((model, source))
}

/// Folds the columns of mapped classes into objects, where any are selected.
pub(in crate::alembic::core) fn fold(
    vm: &mut Vm<'_>,
    session: Option<&Rc<Session>>,
    selected: &[Selected],
    labels: Rc<[Rc<str>]>,
    rows: Vec<Vec<Value>>,
    span: Span,
) -> Flow<Rows> {
    let Some(session) = session else { return Ok((labels, rows)) };
    if !selected.iter().any(|selected| matches!(selected, Selected::Entity(..))) {
        return Ok((labels, rows));
    }
    let readings: Vec<Option<Reading>> = selected
        .iter()
        .map(|selected| match selected {
            Selected::Entity(model, _) => Some(Reading::of(model)),
            _ => None,
        })
        .collect();
    let mut folded_labels: Vec<Rc<str>> = Vec::new();
    let mut at = 0;
    for selected in selected {
        match selected {
            Selected::Entity(model, source) => {
                folded_labels.push(model.name.clone());
                at += source.columns().len();
            }
            Selected::All(source) => {
                let width = source.columns().len();
                folded_labels.extend(labels.iter().skip(at).take(width).cloned());
                at += width;
            }
            Selected::Node(_) => {
                folded_labels.extend(labels.get(at).cloned());
                at += 1;
            }
        }
    }
    let mut folded = Vec::with_capacity(rows.len());
    for row in rows {
        let mut values = row.into_iter();
        let mut items = Vec::with_capacity(selected.len());
        for (selected, reading) in selected.iter().zip(&readings) {
            match (selected, reading) {
                (_, Some(reading)) => {
                    let own: Vec<Value> = values.by_ref().take(reading.attributes.len()).collect();
                    items.push(load::object(vm, session, reading, own, span));
                }
                (Selected::All(source), _) => items.extend(values.by_ref().take(source.columns().len())),
                _ => items.extend(values.next()),
            }
        }
        folded.push(items);
    }
    Ok((folded_labels.into(), folded))
}
