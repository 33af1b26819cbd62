//! Alembic, Flask-Migrate and SQLAlchemy as scripts see them.
//!
//! [`Project`] is where the scripts are, [`Script`] is one of them, [`run`] evaluates one direction of it: its
//! `op.*`, `sa.*` and connection calls become [`crate::op::Operation`]s at the [`crate::op::Host`].

mod core;
mod items;
mod project;
mod script;
mod types;

pub use project::Project;
pub use script::{Direction, Environment, RunEnd, Script};

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
