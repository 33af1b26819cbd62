//! `batch_alter_table` that moves and copies.

use super::work::Work;
use crate::op::{Batch, Outcome};

/// Rebuilds a table as Alembic's batch mode does.
pub(super) fn rebuild(work: &mut Work, batch: &Batch) -> Outcome<()> {
    work.table(&batch.table)?;
    work.doubt("batch mode is not simulated");
    Ok(())
}
