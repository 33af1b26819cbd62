//! [`violation`]: the rows at fault, made ready to be shown.

use crate::engine::database::Database;
use crate::op::Violation;
use crate::schema::{ColumnId, Name, Table};

/// How many rows are shown.
const SAMPLE: usize = 3;

/// The rows at fault: each is shown by its primary key and the columns at fault.
pub(in crate::engine) fn violation(
    db: &Database,
    table: &Table,
    constraint: Option<&Name>,
    columns: &[ColumnId],
    numbers: &[i64],
) -> Violation {
    let rows = db.rows_of(&table.name);
    let row = |number: &i64| rows.and_then(|rows| rows.get(*number));
    let key = table.primary_key.iter().flat_map(|key| key.columns.iter().copied());
    let mut shown: Vec<ColumnId> = key.filter(|id| !columns.contains(id)).collect();
    shown.extend_from_slice(columns);
    let sample = numbers
        .iter()
        .filter_map(row)
        .take(SAMPLE)
        .map(|row| shown.iter().map(|id| (table.column_name(*id), row.get(*id).clone())).collect())
        .collect();
    Violation {
        table: table.name.clone(),
        constraint: constraint.cloned(),
        columns: table.column_names(columns),
        row_ids: numbers.to_vec(),
        overwritten: numbers.iter().any(|n| row(n).is_some_and(|r| r.seeded && !r.is_seeded_in(columns))),
        all_seeded: !numbers.is_empty() && numbers.iter().all(|n| row(n).is_some_and(|r| r.is_seeded_in(columns))),
        sample,
        met_at: None,
    }
}
