//! [`Stop`]: why an evaluation came to no result.

use std::sync::Arc;

use crate::op::{Failure, FailureKind};

/// Why an evaluation came to no result.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stop {
    /// The server refuses.
    Fail(Box<Failure>),
    /// It is beyond the simulation: half a sentence says what.
    Unsupported(Arc<str>),
}

/// What an evaluation comes to.
pub(super) type Evaluation<T> = Result<T, Stop>;

impl Stop {
    /// Beyond the simulation.
    pub(super) fn unsupported(what: impl Into<Arc<str>>) -> Self {
        Self::Unsupported(what.into())
    }

    /// Refused by the server.
    pub(super) fn fail(kind: FailureKind, message: impl Into<String>) -> Self {
        Self::Fail(Box::new(Failure::new(kind, message)))
    }

    /// What a query comes to of which the statement may not read all: a value that can't be computed may not be asked for.
    pub(super) fn if_read(self) -> Self {
        match self {
            Self::Fail(failure) if failure.kind == FailureKind::InvalidValue => {
                Self::unsupported(format!("where it is read, it fails: {}", failure.message))
            }
            stop => stop,
        }
    }

    /// Why, as a sentence.
    pub(super) fn why(&self) -> Arc<str> {
        match self {
            Self::Fail(failure) => Arc::from(failure.message.as_str()),
            Self::Unsupported(why) => why.clone(),
        }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Fail(Box::new(failure))
    }
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.why())
    }
}
