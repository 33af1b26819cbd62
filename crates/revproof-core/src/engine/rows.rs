//! [`TableRows`] and [`Row`]: the persistent storage. A row knows its cells by the identity of their columns, so that
//! renaming or moving a column costs nothing, and a column that a row has no cell for is NULL there.

use std::sync::Arc;

use crate::op::Datum;
use crate::schema::ColumnId;

/// What a row holds in a column that it has no cell for.
static NULL: Datum = Datum::Null;

/// One row.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Row {
    /// Its cells, in order of column identity; none of them holds NULL, so that equal rows have the same cells.
    cells: Vec<(ColumnId, Datum)>,
    /// Made up by us, not written by a script or brought by the user.
    pub(crate) seeded: bool,
    /// The columns of a seeded row that a script has written since.
    written: Vec<ColumnId>,
}

impl Row {
    /// A row with these cells.
    pub(crate) fn new(mut cells: Vec<(ColumnId, Datum)>) -> Self {
        cells.retain(|(_, datum)| !matches!(datum, Datum::Null));
        cells.sort_by_key(|(id, _)| *id);
        Self { cells, seeded: false, written: Vec::new() }
    }

    /// The value in a column.
    pub(crate) fn get(&self, column: ColumnId) -> &Datum {
        self.cells.iter().find(|(id, _)| *id == column).map_or(&NULL, |(_, datum)| datum)
    }

    /// Sets the value in a column.
    pub(crate) fn set(&mut self, column: ColumnId, datum: Datum) {
        match self.cells.binary_search_by_key(&column, |(id, _)| *id) {
            Ok(at) if matches!(datum, Datum::Null) => drop(self.cells.remove(at)),
            Err(_) if matches!(datum, Datum::Null) => {}
            Ok(at) => {
                if let Some(cell) = self.cells.get_mut(at) {
                    cell.1 = datum;
                }
            }
            Err(at) => self.cells.insert(at, (column, datum)),
        }
    }

    /// Sets the value in a column as a script does: what a script wrote is no longer ours.
    pub(crate) fn write(&mut self, column: ColumnId, datum: Datum) {
        self.set(column, datum);
        if self.seeded && !self.written.contains(&column) {
            self.written.push(column);
        }
    }

    /// Whether the values in these columns are all ours.
    pub(crate) fn is_seeded_in(&self, columns: &[ColumnId]) -> bool {
        self.seeded && !columns.iter().any(|c| self.written.contains(c))
    }
}

/// The rows of one table.
#[derive(Debug, Clone, Default)]
pub(crate) struct TableRows {
    /// The rows by number, ascending. Numbers are never used twice in one database.
    rows: Vec<(i64, Arc<Row>)>,
    /// The next values of identity and auto-increment columns.
    counters: Vec<(ColumnId, i64)>,
    /// Why the rows may not be as they stand here, if so.
    pub(crate) taint: Option<Arc<str>>,
    /// A script or the user has inserted or deleted rows: what rows there are is no longer up to us.
    pub(crate) scripted: bool,
    /// An UPDATE has written some of them again: PostgreSQL keeps those elsewhere from then on.
    pub(crate) updated: bool,
}

impl Row {
    /// Whether both are the same in the columns that are there.
    fn is_alike(&self, other: &Self, is_there: &dyn Fn(ColumnId) -> bool) -> bool {
        let same = |((a, one), (b, other)): (&(ColumnId, Datum), &(ColumnId, Datum))| a == b && one.is_same(other);
        if self.seeded == other.seeded && self.written == other.written && self.cells.len() == other.cells.len() {
            // Most rows that are alike have no cell in a column that is gone.
            if self.cells.iter().zip(&other.cells).all(same) {
                return true;
            }
        }
        let there = |cell: &&(ColumnId, Datum)| is_there(cell.0);
        let own: Vec<_> = self.cells.iter().filter(there).collect();
        let others: Vec<_> = other.cells.iter().filter(there).collect();
        let written = |row: &Self| row.written.iter().copied().filter(|id| is_there(*id)).collect::<Vec<_>>();
        self.seeded == other.seeded
            && written(self) == written(other)
            && own.len() == others.len()
            && own.into_iter().zip(others).all(same)
    }
}

impl TableRows {
    /// Whether both hold the same rows under the same numbers, and count on alike.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.updated == other.updated && self.is_alike(other, &|_| true)
    }

    /// The same as far as the columns go that are there (rows keep their cells in columns that are gone), whatever the order
    /// in which the server has written the rows.
    pub(crate) fn is_alike(&self, other: &Self, is_there: &dyn Fn(ColumnId) -> bool) -> bool {
        (&self.counters, &self.taint, self.scripted) == (&other.counters, &other.taint, other.scripted)
            && self.rows.len() == other.rows.len()
            && self
                .rows
                .iter()
                .zip(&other.rows)
                .all(|((a, one), (b, other))| a == b && (Arc::ptr_eq(one, other) || one.is_alike(other, is_there)))
    }

    /// The rows with their numbers, ascending.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (i64, &Arc<Row>)> + Clone {
        self.rows.iter().map(|(number, row)| (*number, row))
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row with that number.
    pub(crate) fn get(&self, number: i64) -> Option<&Arc<Row>> {
        let at = self.rows.binary_search_by_key(&number, |(n, _)| *n).ok()?;
        self.rows.get(at).map(|(_, row)| row)
    }

    /// The row with that number, to be changed.
    pub(crate) fn get_mut(&mut self, number: i64) -> Option<&mut Row> {
        let at = self.rows.binary_search_by_key(&number, |(n, _)| *n).ok()?;
        self.rows.get_mut(at).map(|(_, row)| Arc::make_mut(row))
    }

    /// Adds a row whose number is higher than all others'.
    pub(crate) fn push(&mut self, number: i64, row: Row) {
        self.rows.push((number, Arc::new(row)));
    }

    /// Takes rows away, `numbers` being ascending.
    pub(crate) fn remove(&mut self, numbers: &[i64]) {
        self.rows.retain(|(n, _)| numbers.binary_search(n).is_err());
    }

    /// Takes all rows away.
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
    }

    /// Changes every row.
    pub(crate) fn for_each_mut(&mut self, mut change: impl FnMut(i64, &mut Row)) {
        for (number, row) in &mut self.rows {
            change(*number, Arc::make_mut(row));
        }
    }

    /// The next value of a counting column, where one has been drawn before.
    pub(crate) fn counter(&self, column: ColumnId) -> Option<i64> {
        self.counters.iter().find(|(id, _)| *id == column).map(|(_, next)| *next)
    }

    /// Sets the next value of a counting column.
    pub(crate) fn set_counter(&mut self, column: ColumnId, next: i64) {
        match self.counters.iter_mut().find(|(id, _)| *id == column) {
            Some((_, value)) => *value = next,
            None => self.counters.push((column, next)),
        }
    }

    /// Forgets what has been counted.
    pub(crate) fn reset_counters(&mut self) {
        self.counters.clear();
    }

    /// Whether some row's value in one of the columns is not known.
    pub(crate) fn has_unknown(&self, columns: &[ColumnId]) -> bool {
        self.rows.iter().any(|(_, row)| columns.iter().any(|c| matches!(row.get(*c), Datum::Unknown(_))))
    }
}

/// Whether they are one and the same: what comparing snapshots asks.
impl PartialEq for TableRows {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}
