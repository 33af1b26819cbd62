//! Python without Python: text → ruff's AST → abstract evaluation to [`Value`]s.
//!
//! [`Module`] is a parsed file, [`Vm`] walks it, [`Value`] is what comes out. Libraries that scripts use (Alembic,
//! SQLAlchemy) are not known here: they come in as a [`Library`] whose objects are [`Foreign`] values. What can't be
//! known is [`Value::Unknown`] and flows on; it is never an error, and never silence.
//!
//! The only user of the ruff crates.

#![expect(
    clippy::single_match_else,
    clippy::unnecessary_wraps,
    reason = "what is called by a pointer has one shape, and a `match` shows both outcomes of a look-up side by side"
)]

mod builtins;
mod compare;
mod conditional;
mod dict;
mod environ;
mod eval;
mod format;
mod import;
mod inspect;
mod join;
mod journal;
mod methods;
mod nesting;
mod object;
mod parse;
mod partial;
mod protocol;
mod scope;
mod stdlib;
#[cfg(test)]
mod tests;
mod value;
mod vm;

pub(crate) use builtins::hybrid_property;
pub use compare::same_code;
pub use environ::Environ;
pub(crate) use format::percent;
pub use inspect::{Assignment, CallView, FunctionView, Import, Plain, Refusal, unbound_names};
pub use object::enumeration::{enum_member, enum_members};
pub(crate) use object::method::{bound_to_class, property_of};
pub use parse::{InTurn, Module, ParseProblem, Parsed, Parser, parse, parse_again};
pub use partial::{PartialText, TextPiece};
pub use scope::Scope;
pub use stdlib::scalar::{Decimal, Scalar};
pub use value::{Args, Dict, Flow, Foreign, Operator, Raised, Reach, Unknown, Value};
pub use vm::{Library, ModuleLoader, NoModules, Vm};
