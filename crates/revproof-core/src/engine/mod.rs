//! Rows: [`Database`] is a catalog with rows, and applies operations to both. Queries and DML run over our own persistent
//! storage, with GlueSQL's evaluator for their expressions; constraints are enforced where rows are written.
//!
//! The only user of gluesql.

mod alter;
mod bulk;
mod cast;
mod change;
mod constraint;
mod database;
mod decimal;
mod defaults;
mod diff;
mod evaluate;
mod expression;
mod functions;
mod insert;
mod merge;
mod query;
mod relation;
mod rewrite;
mod rows;
mod seed;
mod sequence;
mod statement;
mod stop;
mod system_tables;
mod value;
mod write;

pub use database::{Database, LostValue, RowChange, RowDiff, StoredRow};

#[cfg(test)]
mod tests;
