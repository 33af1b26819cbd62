//! Schema items: [`ColumnObject`], [`TableObject`], constraints and indexes, as `sa.Column(…)` and its like make them.
//!
//! Core expressions are built from the same objects; what a column or a table does in an expression or a statement
//! is asked of [`super::core`].

mod column;
mod table;

pub(super) use column::ColumnObject;
pub(super) use table::TableObject;
