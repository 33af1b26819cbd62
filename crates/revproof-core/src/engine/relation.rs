//! [`Relation`]: rows that a query gave, with the types of their columns.

use crate::op::{Datum, RowSet};
use crate::schema::{Dialect, Name, SqlType};

/// Rows that a query gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Relation {
    /// The labels and types of the columns; a column of literals and NULLs only may have no settled type.
    pub(super) columns: Vec<(Name, Option<SqlType>)>,
    /// The rows, each as wide as `columns`.
    pub(super) rows: Vec<Vec<Datum>>,
}

impl Relation {
    /// As scripts see it: PostgreSQL fills `CHAR(n)` up with blanks, which count for nothing anywhere else.
    pub(super) fn into_row_set(mut self, dialect: Dialect) -> RowSet {
        for (at, (_, ty)) in self.columns.iter().enumerate() {
            let (Dialect::PostgreSql, Some(SqlType::Char(length))) = (dialect, ty) else { continue };
            let width = length.unwrap_or(1) as usize;
            for cell in self.rows.iter_mut().filter_map(|row| row.get_mut(at)) {
                if let Datum::Text(text) = cell {
                    *cell = Datum::Text(format!("{text:<width$}").into());
                }
            }
        }
        RowSet { columns: self.columns.into_iter().map(|(name, _)| name).collect(), rows: self.rows }
    }
}
