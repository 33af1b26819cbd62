//! Rows: [`Database`] is a catalog with rows, and applies operations to both. Queries, DML and expressions run in
//! GlueSQL over our own persistent storage; constraints are enforced in its write hooks.
//!
//! The only user of gluesql.

mod database;

pub use database::{Database, LostValue, RowChange, RowDiff};
