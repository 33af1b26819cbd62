//! What a statement locks, and what it does to its table meanwhile.

use crate::op::OpKind;
use crate::schema::Dialect;

/// What is known for sure of the locks of an operation; nothing where it is not.
pub(super) fn note(op: &OpKind, dialect: Dialect) -> Option<String> {
    let _ = (op, dialect);
    None
}
