//! [`Failure`]: a statement that the server refuses, as data.

use std::sync::Arc;

use super::datum::Datum;
use crate::schema::{Name, QName};

/// What kind of refusal it is. Each names the class of error that PostgreSQL and SQLAlchemy would raise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// A table, column, type, constraint, index, … that does not exist.
    UndefinedObject,
    /// One that exists already.
    DuplicateObject,
    /// Other objects depend on it.
    DependentObjects,
    /// The statement is wrong in itself: syntax, a bad type, a missing column list.
    InvalidStatement,
    /// The types don't fit, and no cast was given.
    DatatypeMismatch,
    /// The dialect can't do this (`ALTER` of constraints on SQLite).
    Unsupported,
    /// NULL in a NOT NULL column.
    NotNullViolation,
    /// A duplicate key.
    UniqueViolation,
    /// A row without its parent, or a parent with children.
    ForeignKeyViolation,
    /// A row that a check refuses.
    CheckViolation,
    /// A value that does not fit its column or its cast.
    InvalidValue,
    /// The transaction was aborted by an earlier error.
    InFailedTransaction,
    /// It can't be done inside of a transaction.
    InTransactionBlock,
    /// The script's own doing: an exception that it raised or ran into.
    Script,
}

impl FailureKind {
    /// Whether rows, not the schema, are at fault.
    pub const fn is_data(self) -> bool {
        matches!(
            self,
            Self::NotNullViolation
                | Self::UniqueViolation
                | Self::ForeignKeyViolation
                | Self::CheckViolation
                | Self::InvalidValue
        )
    }
}

/// A statement that the server refuses.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// What kind of refusal.
    pub kind: FailureKind,
    /// What a real server would say, in substance.
    pub message: String,
    /// The object at fault, where there is one.
    pub object: Option<QName>,
    /// The rows at fault, where rows are.
    pub violation: Option<Box<Violation>>,
    /// Why the refusal itself is not certain, where it isn't: it rests on something that could not be evaluated. Such
    /// a failure makes the run `unknown`, never `failed`.
    pub doubt: Option<Arc<str>>,
}

impl Failure {
    /// A refusal with a message.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), object: None, violation: None, doubt: None }
    }

    /// About this object.
    #[must_use]
    pub fn about(mut self, object: impl Into<QName>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// Because of these rows.
    #[must_use]
    pub fn with_violation(mut self, violation: Violation) -> Self {
        self.violation = Some(Box::new(violation));
        self
    }
}

/// Rows that a constraint, a cast or a NOT NULL refuses.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    /// The table.
    pub table: QName,
    /// The constraint, where it has a name.
    pub constraint: Option<Name>,
    /// The columns at fault.
    pub columns: Vec<Name>,
    /// The rows at fault: the engine's row numbers.
    pub row_ids: Vec<i64>,
    /// Whether every one of them is a seeded row that no script has written.
    pub all_seeded: bool,
    /// Whether one of them is a seeded row in which a script has written one of the values at fault: on such it fails
    /// whatever rows there are.
    pub overwritten: bool,
    /// A few of them, to show: column and value.
    pub sample: Vec<Vec<(Name, Datum)>>,
    /// The row at which a statement that goes from row to row meets it; `None` where that is not known.
    pub met_at: Option<i64>,
}
