//! Values of SQLite, which have a type of their own whatever the column says.

use std::cmp::Ordering;

use crate::engine::cast::{Affinity, number_prefix, store};
use crate::engine::value::{compare, text};
use crate::op::Datum;
use crate::schema::Dialect;

/// How two values compare, each with the affinity of the expression that it comes from; `None` where one is NULL.
pub(in crate::engine) fn dynamic_order(
    (left, left_affinity): (&Datum, Option<Affinity>),
    (right, right_affinity): (&Datum, Option<Affinity>),
) -> Option<Ordering> {
    if *left == Datum::Null || *right == Datum::Null {
        return None;
    }
    let numeric = |a: Option<Affinity>| matches!(a, Some(Affinity::Integer | Affinity::Real | Affinity::Numeric));
    let bare = |a: Option<Affinity>| matches!(a, None | Some(Affinity::Blob));
    let (left, right) = match (left_affinity, right_affinity) {
        (a, b) if numeric(a) && !numeric(b) => (left.clone(), store(right, Affinity::Numeric)),
        (a, b) if numeric(b) && !numeric(a) => (store(left, Affinity::Numeric), right.clone()),
        (Some(Affinity::Text), b) if bare(b) => (left.clone(), store(right, Affinity::Text)),
        (a, Some(Affinity::Text)) if bare(a) => (store(left, Affinity::Text), right.clone()),
        _ => (left.clone(), right.clone()),
    };
    Some(compare(&left, &right))
}

/// Whether a value is true; `None` for NULL.
pub(in crate::engine) fn dynamic_truth(datum: &Datum) -> Option<bool> {
    match number_prefix(datum) {
        Datum::Null => None,
        Datum::Int(i) => Some(i != 0),
        Datum::Float(f) => Some(f != 0.0),
        _ => Some(false),
    }
}

/// A value as text, as `||` and the functions on text see it.
pub(in crate::engine) fn plain_text(datum: &Datum, dialect: Dialect) -> String {
    match datum {
        Datum::Int(_) | Datum::Float(_) if dialect == Dialect::Sqlite => {
            text(&store(datum, Affinity::Text)).into_owned()
        }
        _ => text(datum).into_owned(),
    }
}
