//! Alembic, Flask-Migrate and SQLAlchemy as scripts see them.
//!
//! [`Project`] is where the scripts are, [`Script`] is one of them, [`run`] evaluates one direction of it: its
//! `op.*`, `sa.*` and connection calls become [`crate::op::Operation`]s at the [`crate::op::Host`]. [`render_template`]
//! is the way back: from a project's `script.py.mako` to a new script.

mod arguments;
mod core;
#[expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "native functions share one signature, whatever each of them needs of it"
)]
mod directives;
#[expect(clippy::unnecessary_wraps, reason = "native functions share one signature, whatever each of them needs of it")]
mod entities;
mod enum_values;
#[expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "native functions share one signature, whatever each of them needs of it"
)]
mod environment_context;
#[expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "native functions share one signature, whatever each of them needs of it"
)]
mod flask;
#[expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "native functions share one signature, whatever each of them needs of it"
)]
mod items;
mod known;
#[expect(clippy::unnecessary_wraps, reason = "native functions share one signature, whatever each of them gives")]
mod library;
mod lower;
mod mako;
mod objects;
mod passwords;
mod project;
mod script;
#[expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "native functions share one signature, whatever each of them needs of it"
)]
mod types;

#[cfg(test)]
mod tests;

pub use mako::{TemplateError, python_literal, render_template};
pub use project::{
    Answers, Configured, Mark, Modules, NoSection, Project, ScriptOptions, commits_each, configured, discover,
    discover_section, explain_section, script_options,
};
pub(crate) use project::{child, parent, relative};
pub use script::{
    Direction, Environment, Keep, KnownScripts, ProjectDatabase, ReadOnce, Reading, RunEnd, Script, lacks_revision,
    load, run,
};
pub(crate) use script::{TREES, read_script};

use crate::op::{Certainty, Effect, OpKind, Operation, Origin};
use crate::python::{Flow, Vm};
use crate::source::Span;

/// Applies an operation at the host; a refusal becomes the exception that SQLAlchemy would raise.
fn apply(vm: &mut Vm<'_>, kind: OpKind, origin: Origin, span: Span) -> Flow<Effect> {
    let operation = Operation { kind, span, certainty: Certainty::Certain, origin };
    match vm.host.apply(operation) {
        Ok(effect) => Ok(effect),
        Err(failure) => Err(vm.raise_failure(failure, span)),
    }
}

/// The three methods of [`crate::python::Foreign`] that are the same for every object of this library.
macro_rules! object {
    ($name:expr) => {
        fn type_name(&self) -> std::rc::Rc<str> {
            $name.into()
        }

        fn as_any(&self) -> &dyn std::any::Any {
            self
        }

        fn into_any(self: std::rc::Rc<Self>) -> std::rc::Rc<dyn std::any::Any> {
            self
        }
    };
}
use object;
