//! [`Context`]: what a rule is given to look at.

use crate::alembic::{Project, Script};
use crate::diagnostic::Diagnostic;
use crate::history::{History, Problem};
use crate::replay::Trace;
use crate::schema::Dialect;
use crate::source::Sources;

/// One chain, read and replayed.
#[derive(Debug)]
pub struct Chain {
    /// Where it is.
    pub project: Project,
    /// The dialect it was replayed in.
    pub dialect: Dialect,
    /// Its scripts, in order of loading: `History` numbers are indexes of this list.
    pub scripts: Vec<Script>,
    /// Files that could not be read as scripts (RP106), as findings already.
    pub unreadable: Vec<Diagnostic>,
    /// Its graph.
    pub history: History,
    /// What is wrong with the graph.
    pub problems: Vec<Problem>,
    /// Its replay.
    pub trace: Trace,
}

/// What a rule is given to look at, and where it puts what it found.
pub struct Context<'a> {
    /// All files.
    pub sources: &'a Sources,
    /// The chain.
    pub chain: &'a Chain,
}
