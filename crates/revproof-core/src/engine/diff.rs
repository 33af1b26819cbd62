//! How rows differ: [`diff_rows`], and rows that are taken out of the comparison: [`set_aside`].

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::ordmap::DiffItem;
use rustc_hash::{FxHashMap, FxHashSet};

use super::constraint::{inbound, matching_rows, row_key};
use super::database::{Database, LostValue, RowChange, RowDiff};
use super::rows::{Row, TableRows};
use super::value::{Key, key, same};
use crate::op::Datum;
use crate::schema::{ColumnId, Name, QName, Table};

/// How the rows of `after` differ from those of `before`.
pub(super) fn diff_rows(before: &Database, after: &Database, ignore: &[(QName, i64)]) -> RowDiff {
    let mut tables = Vec::new();
    let empty = Arc::new(TableRows::default());
    for name in &touched(before, after) {
        let old = before.tables.get(name).unwrap_or(&empty);
        let new = after.tables.get(name).unwrap_or(&empty);
        let (old_table, new_table) = (before.catalog.tables.get(name), after.catalog.tables.get(name));
        let ignored: FxHashSet<i64> = ignore.iter().filter(|(t, _)| t == name).map(|(_, n)| *n).collect();
        let change = TablePair { before, after, name, old_table, new_table }.diff(old, new, &ignored);
        if change.lost_rows > 0 || change.new_rows > 0 || !change.values.is_empty() {
            tables.push(change);
        }
    }
    RowDiff { tables }
}

/// The tables whose rows or definition differ. Both maps share what neither database changed, so the cost is that of
/// the changes.
fn touched(before: &Database, after: &Database) -> BTreeSet<QName> {
    fn name<'a, V>(item: &DiffItem<'a, 'a, QName, V>) -> &'a QName {
        match item {
            DiffItem::Add(name, _) | DiffItem::Remove(name, _) | DiffItem::Update { new: (name, _), .. } => name,
        }
    }
    let rows = before.tables.diff(&after.tables).map(|item| name(&item).clone());
    let definitions = before.catalog.tables.diff(&after.catalog.tables).map(|item| name(&item).clone());
    let filled = |name: &QName| before.tables.contains_key(name) || after.tables.contains_key(name);
    rows.chain(definitions.filter(|n| filled(n))).collect()
}

/// One table in two databases.
struct TablePair<'a> {
    before: &'a Database,
    after: &'a Database,
    name: &'a QName,
    old_table: Option<&'a Arc<Table>>,
    new_table: Option<&'a Arc<Table>>,
}

impl TablePair<'_> {
    fn diff(&self, old: &TableRows, new: &TableRows, ignored: &FxHashSet<i64>) -> RowChange {
        let mut change = RowChange { table: Some(self.name.clone()), ..RowChange::default() };
        let columns = self.columns();
        let mut lost: Vec<(i64, &Arc<Row>)> = Vec::new();
        for (number, row) in old.iter().filter(|(n, _)| !ignored.contains(n)) {
            match new.get(number) {
                Some(now) => self.compare(number, row, now, &columns, &mut change.values),
                None => lost.push((number, row)),
            }
        }
        let mut extra: Vec<&Arc<Row>> =
            new.iter().filter(|(n, _)| old.get(*n).is_none() && !ignored.contains(n)).map(|(_, row)| row).collect();
        self.match_by_value(&mut lost, &mut extra, &columns);
        self.match_by_key(&mut lost, &mut extra, &columns, &mut change.values);
        change.lost_rows = lost.len();
        change.new_rows = extra.len();
        change
    }

    /// The columns of the first, each with the column of the same name, or else of the same identity, of the second.
    fn columns(&self) -> Vec<(Name, ColumnId, Option<ColumnId>)> {
        let Some(old) = self.old_table else { return Vec::new() };
        let counterpart = |name: &Name| self.new_table.and_then(|t| t.column(name)).map(|c| c.id);
        old.columns.iter().map(|c| (c.name.clone(), c.id, counterpart(&c.name))).collect()
    }

    /// Compares two states of one row.
    fn compare(
        &self,
        number: i64,
        old: &Arc<Row>,
        new: &Arc<Row>,
        columns: &[(Name, ColumnId, Option<ColumnId>)],
        values: &mut Vec<LostValue>,
    ) {
        if Arc::ptr_eq(old, new) && columns.iter().all(|(_, a, b)| Some(*a) == *b) {
            return;
        }
        for (name, id, counterpart) in columns {
            let before = old.get(*id);
            let after = counterpart.map(|id| new.get(id));
            let alike = match after {
                Some(after) => self.alike(before, after),
                None => *before == Datum::Null,
            };
            if !alike {
                values.push(LostValue {
                    row: number,
                    column: name.clone(),
                    before: before.clone(),
                    after: after.cloned(),
                });
            }
        }
    }

    /// Whether two values are as good as the same. A value that is not known is like itself only.
    fn alike(&self, before: &Datum, after: &Datum) -> bool {
        before == after || same(before, after, self.before.catalog.dialect)
    }

    /// Rows that were deleted and inserted again alike are no difference.
    fn match_by_value<'r>(
        &self,
        lost: &mut Vec<(i64, &'r Arc<Row>)>,
        extra: &mut Vec<&'r Arc<Row>>,
        columns: &[(Name, ColumnId, Option<ColumnId>)],
    ) {
        if lost.is_empty() || extra.is_empty() || columns.iter().any(|(_, _, new)| new.is_none()) {
            return;
        }
        let old_ids: Vec<ColumnId> = columns.iter().map(|(_, old, _)| *old).collect();
        let new_ids: Vec<ColumnId> = columns.iter().filter_map(|(_, _, new)| *new).collect();
        self.pair_up(lost, extra, &old_ids, &new_ids, |_, _, _| {});
    }

    /// Rows that came again with the same primary key are one row, whose values may differ.
    fn match_by_key<'r>(
        &self,
        lost: &mut Vec<(i64, &'r Arc<Row>)>,
        extra: &mut Vec<&'r Arc<Row>>,
        columns: &[(Name, ColumnId, Option<ColumnId>)],
        values: &mut Vec<LostValue>,
    ) {
        let Some(primary) = self.old_table.and_then(|t| t.primary_key.as_ref()) else { return };
        let counterpart = |id: &ColumnId| columns.iter().find(|(_, old, _)| old == id).and_then(|(_, _, new)| *new);
        let Some(new_ids) = primary.columns.iter().map(counterpart).collect::<Option<Vec<_>>>() else { return };
        self.pair_up(lost, extra, &primary.columns, &new_ids, |number, old, new| {
            self.compare(number, old, new, columns, values);
        });
    }

    /// Takes pairs of rows with the same values in the columns out of the two lists.
    fn pair_up<'r>(
        &self,
        lost: &mut Vec<(i64, &'r Arc<Row>)>,
        extra: &mut Vec<&'r Arc<Row>>,
        old_ids: &[ColumnId],
        new_ids: &[ColumnId],
        mut paired: impl FnMut(i64, &Arc<Row>, &Arc<Row>),
    ) {
        if lost.is_empty() || extra.is_empty() {
            return;
        }
        let dialect = self.after.catalog.dialect;
        let keys = |row: &Row, ids: &[ColumnId]| -> Option<Vec<Key>> {
            ids.iter().map(|id| key(row.get(*id), dialect)).collect()
        };
        let mut places: FxHashMap<Vec<Key>, Vec<usize>> = FxHashMap::default();
        for (at, row) in extra.iter().enumerate().rev() {
            if let Some(key) = keys(row, new_ids) {
                places.entry(key).or_default().push(at);
            }
        }
        let mut taken = FxHashSet::default();
        lost.retain(|(number, row)| {
            let place = keys(row, old_ids).and_then(|key| places.get_mut(&key)).and_then(Vec::pop);
            let Some(at) = place else { return true };
            if let Some(new) = extra.get(at) {
                paired(*number, row, new);
            }
            taken.insert(at);
            false
        });
        let mut at = 0;
        extra.retain(|_| {
            at += 1;
            !taken.contains(&(at - 1))
        });
    }
}

/// Lets go of rows what scripts have written and references them, where the reference may be NULL. Gives the rows that
/// did.
pub(super) fn release(db: &mut Database, table: &QName, rows: &[i64]) -> Vec<(QName, i64)> {
    let mut released = Vec::new();
    let (Some(parent), Some(stored)) = (db.catalog.tables.get(table).cloned(), db.rows_of(table)) else {
        return released;
    };
    let going: Vec<Arc<Row>> = rows.iter().filter_map(|number| stored.get(*number).cloned()).collect();
    let dialect = db.catalog.dialect;
    for reference in inbound(db, &parent) {
        let keys: FxHashSet<Vec<Key>> =
            going.iter().filter_map(|row| row_key(row, &reference.columns, dialect)).collect();
        let (Some(foreign_key), Some(children)) = (reference.key(), db.rows_of(&reference.child.name)) else {
            continue;
        };
        let may_be_null = |id: &&ColumnId| reference.child.column_by_id(**id).is_some_and(|column| column.nullable);
        let open: Vec<ColumnId> = foreign_key.columns.iter().filter(may_be_null).copied().collect();
        let written = |number: &i64| children.get(*number).is_some_and(|row| !row.seeded);
        let numbers = matching_rows(children, &foreign_key.columns, &keys, dialect);
        let numbers: Vec<i64> = numbers.into_iter().filter(written).collect();
        let child = reference.child.name.clone();
        for number in numbers.into_iter().filter(|_| !open.is_empty()) {
            let Some(row) = db.rows_mut(&child).get_mut(number) else { continue };
            for column in &open {
                row.set(*column, Datum::Null);
            }
            released.push((child.clone(), number));
        }
    }
    released
}

/// Takes rows away as if they had never been, and all rows that reference them.
pub(super) fn set_aside(db: &mut Database, table: &QName, rows: &[i64]) -> Vec<(QName, i64)> {
    let mut taken = Vec::new();
    let mut work = vec![(table.clone(), rows.to_vec())];
    while let Some((name, mut numbers)) = work.pop() {
        numbers.sort_unstable();
        let Some(stored) = db.rows_of(&name) else { continue };
        let gone: Vec<Arc<Row>> = numbers.iter().filter_map(|n| stored.get(*n).cloned()).collect();
        numbers.retain(|n| stored.get(*n).is_some());
        if numbers.is_empty() {
            continue;
        }
        db.rows_mut(&name).remove(&numbers);
        taken.extend(numbers.iter().map(|n| (name.clone(), *n)));
        let Some(parent) = db.catalog.tables.get(&name).cloned() else { continue };
        for reference in inbound(db, &parent) {
            let dialect = db.catalog.dialect;
            let keys: FxHashSet<Vec<Key>> =
                gone.iter().filter_map(|row| row_key(row, &reference.columns, dialect)).collect();
            let (Some(foreign_key), Some(children)) = (reference.key(), db.rows_of(&reference.child.name)) else {
                continue;
            };
            work.push((reference.child.name.clone(), matching_rows(children, &foreign_key.columns, &keys, dialect)));
        }
    }
    taken
}
