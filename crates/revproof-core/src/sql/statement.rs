//! [`Statement`]: one SQL statement, sorted by who has to do with it.

use std::ops::Range;
use std::sync::Arc;

use super::guard::Guard;
use crate::op::OpKind;
use crate::schema::QName;

/// One statement of a SQL text.
#[derive(Debug, Clone)]
pub struct Part {
    /// The bytes of the text that it takes, without the semicolon.
    pub range: Range<usize>,
    /// What it is.
    pub statement: Statement,
    /// The condition on the schema under which it is executed, where it has one; else it does nothing.
    pub guard: Option<Guard>,
}

/// A statement.
#[derive(Debug, Clone)]
pub enum Statement {
    /// DDL, as the operations that it comes to, in order. Names are folded as the dialect folds them.
    Ddl(Vec<OpKind>),
    /// INSERT, UPDATE, DELETE, MERGE or a query, for the row engine. A bound parameter `:name` is
    /// `Value::Placeholder(":name")` in it, whatever the dialect.
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

/// What a DDL statement comes to.
pub(super) struct Lowered {
    pub(super) ops: Vec<OpKind>,
    pub(super) guard: Option<Guard>,
}

pub(super) fn no_effect(what: &str) -> OpKind {
    OpKind::NoEffect { what: Arc::from(what) }
}

pub(super) fn opaque(what: &str, why: &str, touches: Vec<QName>) -> OpKind {
    OpKind::Opaque { what: Arc::from(what), why: Arc::from(why), touches, rows_only: false }
}
