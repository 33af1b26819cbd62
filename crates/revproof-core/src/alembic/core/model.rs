//! [`Model`]: a mapped class.

use std::rc::Rc;

use super::source::Source;
use crate::alembic::items::TableObject;
use crate::python::Value;

/// A mapped class.
#[derive(Debug)]
pub(super) struct Model {
    /// Its table.
    pub table: Rc<TableObject>,
}

/// The mapped class that a value is, and what it is selected from.
pub(super) fn entity(value: &Value) -> Option<(Rc<Model>, Rc<Source>)> {
    let model = value.downcast::<Model>()?;
    let source = Rc::new(Source::Table(model.table.clone()));
    Some((model, source))
}
