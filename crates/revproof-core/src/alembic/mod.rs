//! Alembic, Flask-Migrate and SQLAlchemy as scripts see them.
//!
//! [`Project`] is where the scripts are, [`Script`] is one of them, [`run`] evaluates one direction of it: its
//! `op.*`, `sa.*` and connection calls become [`crate::op::Operation`]s at the [`crate::op::Host`].

mod project;
mod script;

pub use project::Project;
pub use script::{Direction, Environment, RunEnd, Script};
