//! The rules: what each looks for, how it says so, and the framework that keeps a rule to one file.
//!
//! A [`Rule`] is declared by `declare_rule!` in a file of its own under `rules/` and registered by one word in
//! `rules/mod.rs`. [`run()`] asks every rule of the [`Selection`] about a [`Chain`], takes away what a comment
//! suppresses and what another finding already says, and sorts the rest. [`docs`] makes the manual from the rules.

mod code;
mod context;
pub mod docs;
mod examples;
mod likeness;
mod losses;
mod made;
mod memory;
mod origins;
mod rename;
mod repair;
mod rule;
mod rules;
mod run;
mod sample;
mod select;
mod subject;
mod suppress;
#[cfg(test)]
mod testing;
mod undo;
mod words;

pub use context::{Chain, Context};
pub use examples::{Example, Expectation, examples};
pub use likeness::nearest;
pub use memory::Memory;
pub use rule::{Group, Rule};
pub use rules::{find, rules};
pub use run::{run, run_again, run_on_databases};
pub use select::{Selection, UnknownRule};

pub(crate) use context::{Done, Revision, title};
pub(crate) use rule::{Findings, declare_rule};
