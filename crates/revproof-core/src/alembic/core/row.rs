//! Rows as scripts hold them.

use std::rc::Rc;

use crate::python::Value;

/// The columns and values of a row.
pub(super) fn mapping_of(value: &Value) -> Option<Vec<(Rc<str>, Value)>> {
    let _ = value;
    None
}
