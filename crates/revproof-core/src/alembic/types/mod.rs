//! SQLAlchemy's types: [`SaType`] as a script builds it, [`compile`] to what a dialect makes of it.

use std::rc::Rc;

use crate::python::{Flow, Foreign, Value, Vm};
use crate::schema::{Dialect, SqlType};
use crate::source::Span;

/// An instance of a SQLAlchemy type.
#[derive(Debug)]
pub(in crate::alembic) struct SaType {
    /// The name of its class: `String`, `JSONB`.
    pub class: Rc<str>,
}

impl SaType {
    /// Whether values of this type travel as JSON, so that a dict or a list bound to it is JSON text.
    pub(in crate::alembic) fn is_json(&self) -> bool {
        matches!(&*self.class, "JSON" | "JSONB")
    }
}

impl Foreign for SaType {
    super::object!("TypeEngine");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        let _ = (vm, name, span);
        Ok(None)
    }
}

/// The type that a value stands for: an instance, or a class that is not called (`sa.Integer`).
pub(in crate::alembic) fn coerce(value: &Value) -> Option<Rc<SaType>> {
    value.downcast::<SaType>()
}

/// What the dialect's type compiler makes of a type; an error is the message of the `CompileError`.
pub(in crate::alembic) fn compile(ty: &SaType, dialect: Dialect) -> Result<SqlType, String> {
    let _ = (ty, dialect);
    Ok(SqlType::Unknown)
}
