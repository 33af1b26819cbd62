//! Python without Python: text → ruff's AST → abstract evaluation to [`Value`]s.
//!
//! [`Module`] is a parsed file, [`Vm`] walks it, [`Value`] is what comes out. Libraries that scripts use (Alembic,
//! SQLAlchemy) are not known here: they come in as a [`Library`] whose objects are [`Foreign`] values. What can't be
//! known is [`Value::Unknown`] and flows on; it is never an error, and never silence.
//!
//! The only user of the ruff crates.

mod value;
mod vm;

pub use value::{Args, Dict, Flow, Foreign, Operator, Raised, Unknown, Value};
pub use vm::{Library, Vm};
