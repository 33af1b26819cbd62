//! [`Statement`]: one SQL statement, sorted by who has to do with it.

use std::ops::Range;
use std::sync::Arc;

use crate::op::OpKind;

/// One statement of a SQL text.
#[derive(Debug, Clone)]
pub struct Part {
    /// The bytes of the text that it takes, without the semicolon.
    pub range: Range<usize>,
    /// What it is.
    pub statement: Statement,
}

/// A statement.
#[derive(Debug, Clone)]
pub enum Statement {
    /// DDL, as the operations that it comes to, in order. Names are folded as the dialect folds them.
    Ddl(Vec<OpKind>),
    /// INSERT, UPDATE, DELETE, MERGE or a query, for the row engine.
    Data(Arc<sqlparser::ast::Statement>),
    /// `BEGIN`, `COMMIT`, `ROLLBACK`, `SAVEPOINT`, …
    Transaction(Arc<str>),
    /// It does not parse: the parser's sentence, and whether the dialect's real parser would refuse it too for certain
    /// (else it is merely beyond us).
    Unreadable {
        /// The parser's sentence.
        why: Arc<str>,
        /// A plain syntax error.
        certain: bool,
    },
}
