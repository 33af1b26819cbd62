//! [`Relation`]: rows that a query gave, with the types of their columns.

use crate::op::{Datum, RowSet};
use crate::schema::{Name, SqlType};

/// Rows that a query gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Relation {
    /// The labels and types of the columns; a column of literals and NULLs only may have no settled type.
    pub(super) columns: Vec<(Name, Option<SqlType>)>,
    /// The rows, each as wide as `columns`.
    pub(super) rows: Vec<Vec<Datum>>,
}

impl Relation {
    /// As scripts see it.
    pub(super) fn into_row_set(self) -> RowSet {
        RowSet { columns: self.columns.into_iter().map(|(name, _)| name).collect(), rows: self.rows }
    }
}
