//! The waist of the house: [`Operation`], one statement as a server would see it, and [`Host`], the only door through
//! which a script reaches the simulated database.
//!
//! The front ends (Alembic directives, SQL text) lower everything to operations; the catalog and the row engine know
//! nothing else. An operation is what Alembic would *send*, not what the script wrote: a `create_table` with an
//! indexed column is a [`OpKind::CreateTable`] followed by a [`OpKind::CreateIndex`].

mod datum;
mod failure;
mod host;
mod kind;
mod offline;
mod spelling;
mod touches;

pub use datum::{Datum, RowSet};
pub use failure::{Failure, FailureKind, Violation};
pub use host::{Answer, Effect, Host, Outcome};
pub use kind::{
    Batch, Certainty, ColumnChange, ColumnSpec, ConstraintKind, ConstraintKindName, ConstraintSpec, DefaultSpec, HOLE,
    IndexPartSpec, IndexSpec, OpKind, Operation, Origin, SqlText, TableSpec,
};
pub use offline::{Offline, Paramstyle, SINGLE_PERCENT};
pub use spelling::{ColumnSpelling, IndexSpelling, TableSpelling};
