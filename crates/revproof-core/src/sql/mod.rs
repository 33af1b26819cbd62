//! SQL text ↔ operations: [`split()`] reads what `op.execute` is given, [`write()`] writes an operation as the dialect's
//! SQL.
//!
//! DDL is read by readers of our own over a token stream: they keep every expression as it was written, take what
//! sqlparser does not know, and never recurse over the input. INSERT, UPDATE, DELETE and queries are parsed by
//! sqlparser, for the row engine.

mod alter_table;
mod columns;
mod condition;
mod create;
mod data;
mod do_block;
mod guard;
mod index_parts;
mod lenient;
mod lexer;
mod mentions;
mod named;
mod objects;
mod parser;
mod read;
mod reader;
mod split;
mod statement;
mod types;
mod write;

pub use guard::{Condition, Guard};
pub(crate) use parser::parser_dialect;
pub use split::split;
pub use statement::{Part, Statement};
pub use types::{read_type, sql_type};
pub use write::{write, write_type, write_value};

#[cfg(test)]
mod tests;
