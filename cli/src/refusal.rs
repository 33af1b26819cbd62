//! [`Refusal`]: what Alembic would refuse, in Alembic's words, and what to type instead.

use std::fmt::{self, Display};

/// A command that is well formed and can't be done. It ends with exit code 1, where a command that could not run ends
/// with 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Alembic's sentence.
    pub(crate) sentence: String,
    /// What to type; said after `help:`.
    pub(crate) help: String,
}

impl Refusal {
    /// A refusal, as an error that commands return.
    pub(crate) fn error(sentence: impl Into<String>, help: impl Into<String>) -> anyhow::Error {
        Self { sentence: sentence.into(), help: help.into() }.into()
    }
}

impl Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Refusal {}
