//! SQL text ↔ operations: `split` reads what `op.execute` is given, `write` writes an operation as the dialect's
//! SQL.

mod statement;

pub use statement::{Part, Statement};
