//! [`Datum`]: one value of a row, in terms of no particular engine.

use std::sync::Arc;

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    /// NULL.
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A binary floating-point number.
    Float(f64),
    /// A decimal number, in plain digits.
    Decimal(Arc<str>),
    /// Text.
    Text(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A date, `2024-01-31`.
    Date(Arc<str>),
    /// A time, `23:59:59.5`.
    Time(Arc<str>),
    /// A moment: `2024-01-31 23:59:59.5`, with `+00:00` behind it where it knows its zone.
    Timestamp(Arc<str>),
    /// An interval, as PostgreSQL prints it.
    Interval(Arc<str>),
    /// A UUID, in lower case with dashes.
    Uuid(Arc<str>),
    /// JSON text.
    Json(Arc<str>),
    /// An array.
    List(Vec<Datum>),
    /// There is a value, but which one is not known.
    Unknown(Arc<str>),
}

impl Datum {
    /// Whether both are one value and look alike too, which is more than being equal: `0.0` and `-0.0` are not the same.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Float(one), Self::Float(other)) => one.to_bits() == other.to_bits(),
            (Self::List(one), Self::List(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.is_same(other))
            }
            (one, other) => one == other,
        }
    }
}

/// The rows that a query gave.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RowSet {
    /// The labels of the columns.
    pub columns: Vec<Arc<str>>,
    /// The rows, each as wide as `columns`.
    pub rows: Vec<Vec<Datum>>,
}
