//! Seeded rows: a few for every table, always the same, that respect its constraints. They hold what breaks careless
//! migrations: a NULL where NULL may be, the same value twice where nothing forbids it, texts as long as they may be,
//! children of parents.

mod checks;
mod values;

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::ordmap::DiffItem;
use rustc_hash::FxHashSet;

use super::cast::{Mode, cast};
use super::constraint::{self, UniqueKey, unique_keys};
use super::database::Database;
use super::rows::{Row, TableRows};
use super::sequence::counts;
use super::value::count;
use super::write::{compute, insert_unchecked};
use crate::op::Datum;
use crate::schema::{Column, ColumnId, ForeignKey, QName, Table};

/// How many rows a table gets.
const ROWS: usize = 3;
/// How far from table to table parents are looked for.
const MAX_DEPTH: u32 = 60;

/// A table that gets no rows, and why.
type Unseeded = Vec<(QName, String)>;

/// Gives tables that differ from `before` their rows, and columns that are new since then some values.
pub(super) fn seed(db: &mut Database, before: Option<&Database>) -> Unseeded {
    let mut seeding = Seeding { waiting: changed(db, before), ..Seeding::default() };
    while let Some(name) = seeding.waiting.iter().next().cloned() {
        seeding.table(db, before, &name, 0);
        for name in std::mem::take(&mut seeding.later) {
            seeding.table(db, before, &name, MAX_DEPTH);
        }
    }
    seeding.unseeded.sort();
    seeding.unseeded
}

/// The tables whose definition or rows are not what they were.
fn changed(db: &Database, before: Option<&Database>) -> BTreeSet<QName> {
    let Some(before) = before else { return db.catalog.tables.keys().cloned().collect() };
    let mut names = BTreeSet::new();
    for item in before.catalog.tables.diff(&db.catalog.tables) {
        if let DiffItem::Add(name, _) | DiffItem::Update { new: (name, _), .. } = item {
            names.insert(name.clone());
        }
    }
    for item in before.tables.diff(&db.tables) {
        if let DiffItem::Update { new: (name, rows), .. } = item
            && rows.is_empty()
            && db.catalog.tables.contains_key(name)
        {
            names.insert(name.clone());
        }
    }
    names
}

#[derive(Default)]
struct Seeding {
    /// The tables that have not been looked at.
    waiting: BTreeSet<QName>,
    /// The tables that are being looked at, each a parent of the one before.
    underway: Vec<QName>,
    /// The tables of a cycle that could not be filled before the others.
    later: Vec<QName>,
    unseeded: Unseeded,
}

impl Seeding {
    /// Seeds a table, its parents first.
    fn table(&mut self, db: &mut Database, before: Option<&Database>, name: &QName, depth: u32) {
        self.waiting.remove(name);
        let Some(table) = db.catalog.tables.get(name).cloned() else { return };
        let bookkeeping = &*name.name == "alembic_version";
        if bookkeeping || table.assumed || db.row_doubt(name).is_some() {
            return;
        }
        self.underway.push(name.clone());
        for foreign_key in &table.foreign_keys {
            if self.waiting.contains(&foreign_key.ref_table) && depth < MAX_DEPTH {
                self.table(db, before, &foreign_key.ref_table.clone(), depth + 1);
            }
        }
        self.underway.pop();
        let known = before.and_then(|b| b.catalog.tables.get(name));
        if db.rows_of(name).is_none_or(TableRows::is_empty) {
            if let Err(why) = fill(db, &table) {
                if table.foreign_keys.iter().any(|key| self.underway.contains(&key.ref_table)) {
                    self.later.push(name.clone());
                } else {
                    self.unseeded.push((name.clone(), why));
                }
            }
        } else if let Some(known) = known {
            fill_new_columns(db, &table, known);
        }
    }
}

/// Makes the rows of an empty table.
fn fill(db: &mut Database, table: &Arc<Table>) -> Result<(), String> {
    let plan = Plan::of(table);
    let mut rows: Vec<Row> = Vec::with_capacity(ROWS);
    let mut why = None;
    for at in 0..plan.count {
        match plan.row(db, table, at) {
            Ok(row) => rows.push(row),
            Err(reason) => why = why.or(Some(reason)),
        }
    }
    if !table.checks.is_empty() {
        rows = checks::satisfying(db, table, rows)?;
    }
    rows = without_duplicates(db, table, rows);
    if rows.is_empty() {
        return Err(why.unwrap_or_else(|| String::from("no row satisfies its constraints")));
    }
    let numbers = insert_unchecked(db, table, rows);
    if table.columns.iter().any(|c| c.computed.is_some()) {
        compute(db, table, &numbers);
    }
    Ok(())
}

/// Leaves out rows whose key another one has.
fn without_duplicates(db: &Database, table: &Table, rows: Vec<Row>) -> Vec<Row> {
    let mut kept: Vec<Row> = Vec::with_capacity(rows.len());
    for row in rows {
        let mut tried = TableRows::default();
        for (number, row) in (0_i64..).zip(kept.iter().chain([&row])) {
            tried.push(number, row.clone());
        }
        let last = count(kept.len());
        let mut doubts = Vec::new();
        let clashes = |key: UniqueKey<'_>| {
            let plain = key.is_plain();
            let found = !constraint::conflicts(db, table, &tried, &key, &[last], &mut doubts).is_empty();
            // Where it can't be told, one row is as many as are sure to be right.
            found || (!plain && last > 0 && !doubts.is_empty())
        };
        let clashing = unique_keys(table).any(clashes) || (last > 0 && !table.exclusions.is_empty());
        if !clashing {
            kept.push(row);
        }
    }
    kept
}

/// What is known of a table before its rows are made.
struct Plan {
    /// The columns that some key holds: their values all differ.
    distinct: FxHashSet<ColumnId>,
    /// How many rows to make.
    count: usize,
}

impl Plan {
    fn of(table: &Table) -> Self {
        let mut distinct = FxHashSet::default();
        let mut count = ROWS;
        for key in unique_keys(table) {
            distinct.extend(key.columns.iter().copied());
            if key.columns.is_empty() {
                count = 1;
            }
        }
        Self { distinct, count }
    }

    /// The row at a place.
    fn row(&self, db: &Database, table: &Table, at: usize) -> Result<Row, String> {
        let mut cells: Vec<(ColumnId, Datum)> = Vec::with_capacity(table.columns.len());
        for foreign_key in &table.foreign_keys {
            self.reference(db, table, foreign_key, at, &mut cells)?;
        }
        for column in &table.columns {
            if column.computed.is_some() || cells.iter().any(|(id, _)| *id == column.id) {
                continue;
            }
            if let Some(value) = self.value(db, table, column, at)? {
                cells.push((column.id, value));
            }
        }
        let mut row = Row::new(cells);
        row.seeded = true;
        Ok(row)
    }

    /// The value of a column; `None` is NULL.
    fn value(&self, db: &Database, table: &Table, column: &Column, at: usize) -> Result<Option<Datum>, String> {
        let distinct = self.distinct.contains(&column.id);
        let counting = counts(db.catalog.dialect, table, column) || column.owned_sequence.is_some();
        let last = at + 1 == ROWS;
        if column.nullable && last && !counting {
            return Ok(None);
        }
        let variant = if distinct || counting { at } else { usize::from(last) };
        match values::value(&db.catalog, &column.ty, variant, distinct || counting) {
            Some(value) => Ok(Some(value)),
            None if column.nullable => Ok(None),
            None => Err(format!("no value of the type of column {} is known", column.name)),
        }
    }

    /// The values of a foreign key: those of a row of the parent, else NULL.
    fn reference(
        &self,
        db: &Database,
        table: &Table,
        foreign_key: &ForeignKey,
        at: usize,
        cells: &mut Vec<(ColumnId, Datum)>,
    ) -> Result<(), String> {
        let own: Vec<&Column> = foreign_key.columns.iter().filter_map(|id| table.column_by_id(*id)).collect();
        if own.iter().any(|c| cells.iter().any(|(id, _)| *id == c.id) || c.computed.is_some()) {
            return Ok(());
        }
        let nullable = own.iter().any(|c| c.nullable);
        if nullable && at + 1 == ROWS {
            cells.extend(own.iter().filter(|c| c.nullable).map(|c| (c.id, Datum::Null)));
            return Ok(());
        }
        if foreign_key.ref_table == table.name {
            // A row of a table that references itself is its own parent only where it must have one.
            if nullable {
                cells.extend(own.iter().filter(|c| c.nullable).map(|c| (c.id, Datum::Null)));
                return Ok(());
            }
            let parents = foreign_key.ref_columns.iter().filter_map(|name| table.column(name));
            let mut values = Vec::with_capacity(own.len());
            for (column, parent) in own.iter().zip(parents) {
                values.push((column.id, self.value(db, table, parent, at)?.unwrap_or(Datum::Null)));
            }
            cells.extend(
                values
                    .into_iter()
                    .zip(&own)
                    .filter_map(|((id, value), column)| Some((id, stored(db, column, &value)?))),
            );
            return Ok(());
        }
        let distinct = own.iter().any(|c| self.distinct.contains(&c.id));
        let variant = if distinct { at } else { usize::from(at + 1 == ROWS) };
        let stored = |values: Vec<Datum>| -> Option<Vec<Datum>> {
            own.iter().zip(&values).map(|(column, value)| stored(db, column, value)).collect()
        };
        match parent_values(db, foreign_key, variant).and_then(stored) {
            Some(values) => cells.extend(own.iter().map(|c| c.id).zip(values)),
            None if nullable => cells.extend(own.iter().filter(|c| c.nullable).map(|c| (c.id, Datum::Null))),
            None => return Err(format!("table {} has no rows to reference", foreign_key.ref_table)),
        }
        Ok(())
    }
}

/// A value of a parent as the column stores it; `None` where it does not fit.
fn stored(db: &Database, column: &Column, value: &Datum) -> Option<Datum> {
    cast(&db.catalog, value, &column.ty, Mode::Assignment).ok()
}

/// The referenced values of a row of the parent.
fn parent_values(db: &Database, foreign_key: &ForeignKey, variant: usize) -> Option<Vec<Datum>> {
    let parent = db.catalog.tables.get(&foreign_key.ref_table)?;
    let rows = db.rows_of(&parent.name)?;
    let columns = constraint::referenced_columns(parent, foreign_key)?;
    let usable = |row: &Row| columns.iter().all(|id| !matches!(row.get(*id), Datum::Null | Datum::Unknown(_)));
    let usable: Vec<&Arc<Row>> = rows.iter().map(|(_, row)| row).filter(|row| usable(row)).take(ROWS).collect();
    let row = usable.get(variant.checked_rem(usable.len())?)?;
    Some(columns.iter().map(|id| row.get(*id).clone()).collect())
}

/// Columns that are new get values in the seeded rows but the last, where no script has written there.
fn fill_new_columns(db: &mut Database, table: &Arc<Table>, known: &Table) {
    let new: Vec<&Arc<Column>> =
        table.columns.iter().filter(|c| known.column_by_id(c.id).is_none() && c.computed.is_none()).collect();
    if new.is_empty() {
        return;
    }
    let plan = Plan::of(table);
    let Some(rows) = db.rows_of(&table.name) else { return };
    let seeded: Vec<i64> = rows.iter().filter(|(_, row)| row.seeded).map(|(n, _)| n).collect();
    for column in new {
        let before = db.tables.get(&table.name).cloned();
        let mut touched = Vec::new();
        for (at, number) in seeded.iter().enumerate().take(ROWS) {
            let open = |row: &Arc<Row>| *row.get(column.id) == Datum::Null && row.is_seeded_in(&[column.id]);
            if !db.rows_of(&table.name).and_then(|rows| rows.get(*number)).is_some_and(open) {
                continue;
            }
            let Some(value) = new_value(db, table, &plan, column, at) else { continue };
            if let Some(row) = db.rows_mut(&table.name).get_mut(*number) {
                row.set(column.id, value);
                touched.push(*number);
            }
        }
        let constrained = plan.distinct.contains(&column.id)
            || table.checks.iter().any(|check| check.columns.is_empty() || check.columns.contains(&column.id))
            || table.foreign_keys.iter().any(|key| key.columns.len() > 1 && key.columns.contains(&column.id));
        let holds = |db: &Database| constraint::check_rows(db, table, &touched, &mut Vec::new()).is_ok();
        if constrained
            && !touched.is_empty()
            && !holds(db)
            && !checks::repair(db, table, column, &touched)
            && let Some(before) = before
        {
            db.tables.insert(table.name.clone(), before);
        }
    }
}

fn new_value(db: &Database, table: &Table, plan: &Plan, column: &Column, at: usize) -> Option<Datum> {
    let mut cells = Vec::new();
    if let Some(foreign_key) = table.foreign_keys.iter().find(|key| key.columns.contains(&column.id)) {
        plan.reference(db, table, foreign_key, at, &mut cells).ok()?;
        return cells.into_iter().find(|(id, value)| *id == column.id && *value != Datum::Null).map(|(_, value)| value);
    }
    plan.value(db, table, column, at).ok().flatten()
}
