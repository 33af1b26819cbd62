//! [`Changed`]: what a DDL operation did, as far as rows and bookkeeping are concerned.

use std::sync::Arc;

use crate::op::SqlText;
use crate::schema::{Check, ColumnId, Exclusion, ForeignKey, Index, Name, PrimaryKey, QName, SqlType, Unique};

/// What a DDL operation did. The catalog has it all already; this says what is left to be done with rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changed {
    /// What rows need, in order. Table names are those that hold at that step.
    pub steps: Vec<RowStep>,
    /// The tables whose definition differs afterwards, by their name afterwards, and those that are gone.
    pub touched: Vec<QName>,
    /// What of it could not be told for certain; the state that it leaves is uncertain.
    pub doubts: Vec<Arc<str>>,
}

/// One thing that rows need after a DDL operation.
#[derive(Debug, Clone, PartialEq)]
pub enum RowStep {
    /// A new table, with no rows but those of the query.
    TableCreated {
        /// The table.
        table: QName,
        /// `AS SELECT`.
        query: Option<SqlText>,
    },
    /// A table is gone with its rows.
    TableDropped(QName),
    /// A table has another name.
    TableRenamed {
        /// The old name.
        from: QName,
        /// The new one.
        to: QName,
    },
    /// A new column: rows get its default (from the catalog), else NULL, which a column that is not nullable refuses.
    ColumnAdded {
        /// The table.
        table: QName,
        /// The column.
        column: ColumnId,
    },
    /// A column is gone with its values.
    ColumnDropped {
        /// The table.
        table: QName,
        /// The column.
        column: ColumnId,
        /// Its name, which the catalog no longer knows.
        name: Name,
    },
    /// A column has another type: its values are cast.
    ColumnRetyped {
        /// The table.
        table: QName,
        /// The column.
        column: ColumnId,
        /// The old type.
        from: SqlType,
        /// The new type.
        to: SqlType,
        /// The `USING` expression, where there is one. Without it the assignment cast is meant.
        using: Option<Arc<str>>,
        /// Whether SQLite is asked for a `CAST` when a batch block copies the values.
        cast: bool,
    },
    /// Existing rows must satisfy this.
    MustHold {
        /// The table.
        table: QName,
        /// What.
        what: Demand,
    },
    /// What a materialized view holds is another, or must satisfy more.
    ViewFilled {
        /// The view.
        view: QName,
        /// What is done.
        how: Filling,
    },
    /// A value of an enum type has another name: columns of that type hold the new one.
    EnumValueRenamed {
        /// The type.
        name: QName,
        /// The old value.
        from: Name,
        /// The new value.
        to: Name,
    },
    /// All rows go (`TRUNCATE`). With `CASCADE`, the tables that reference these are among them already.
    Truncated {
        /// The table.
        table: QName,
        /// What counts in it starts anew.
        restart: bool,
    },
}

/// What is done to the rows of a materialized view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filling {
    /// Its query fills it.
    Anew,
    /// So it does, which it must have done before.
    Concurrently,
    /// It is empty, and can't be read.
    Not,
    /// It has one more index.
    Indexed,
}

/// What existing rows must satisfy.
#[derive(Debug, Clone, PartialEq)]
pub enum Demand {
    /// No NULL in this column.
    NotNull(ColumnId),
    /// A primary key: unique, and no NULL.
    PrimaryKey(PrimaryKey),
    /// A unique constraint.
    Unique(Unique),
    /// A unique index.
    UniqueIndex(Index),
    /// A foreign key.
    ForeignKey(ForeignKey),
    /// A check.
    Check(Check),
    /// An exclusion constraint.
    Exclusion(Exclusion),
    /// There are no rows at all; else the server says this.
    NoRows(Arc<str>),
}
