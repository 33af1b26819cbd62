//! Writing rows: the one way by which rows come, change and go, with every constraint asked and every foreign key
//! action taken.

use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::cast::Mode;
use super::constraint::{self, Doubts, ForeignRef};
use super::database::Database;
use super::defaults::{default_value, to_column};
use super::expression::evaluate_rows;
use super::rows::{Row, TableRows};
use super::sequence::counts;
use super::stop::{Evaluation, Stop};
use super::value::{Key, count};
use crate::op::{Datum, Failure, FailureKind, Outcome};
use crate::schema::{Column, ColumnId, Dialect, ReferentialAction, SqlType, Table};

/// What a statement gives a column.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Given {
    /// A value, and how it is to be brought to the column's type.
    Value(Datum, Mode),
    /// `DEFAULT`.
    Default,
}

/// A change of one row.
pub(super) type Change = (i64, Vec<(ColumnId, Datum)>);

/// A row of what a statement gives, the rest being filled in.
pub(super) fn complete_row(db: &mut Database, table: &Table, given: Vec<(ColumnId, Given)>) -> Evaluation<Row> {
    let dialect = db.catalog.dialect;
    let mut cells = Vec::with_capacity(table.columns.len());
    let mut given = given;
    for column in &table.columns {
        let at = given.iter().position(|(id, _)| *id == column.id);
        let value = at.map(|at| given.swap_remove(at).1);
        if column.computed.is_some() {
            if matches!(value, Some(Given::Value(..))) {
                return Err(not_insertable(column));
            }
            continue;
        }
        let datum = match value {
            Some(Given::Value(Datum::Null, _)) if dialect != Dialect::PostgreSql && counts(dialect, table, column) => {
                default_value(db, table, column)?
            }
            Some(Given::Value(..)) if column.identity.as_ref().is_some_and(|identity| identity.always) => {
                return Err(not_insertable(column));
            }
            Some(Given::Value(value, mode)) => match known_or_not(to_column(db, column, &value, mode))? {
                value if dialect == Dialect::Sqlite && counts(dialect, table, column) && is_no_number(&value) => {
                    return Err(Stop::fail(FailureKind::InvalidValue, "datatype mismatch"));
                }
                value => value,
            },
            None if dialect == Dialect::MySql && needs_value(column) => {
                let message = format!("Field '{}' doesn't have a default value", column.name);
                return Err(Stop::fail(FailureKind::NotNullViolation, message));
            }
            Some(Given::Default) | None => known_or_not(default_value(db, table, column))?,
        };
        if datum != Datum::Null {
            cells.push((column.id, datum));
        }
    }
    Ok(Row::new(cells))
}

/// How a value of a type gets into a column: the type of a literal is settled by the column, and a value of the very
/// enum type that the column has is one of its labels, as a literal would be.
pub(super) fn mode_of(ty: Option<&SqlType>, column: &Column) -> Mode {
    match ty {
        Some(SqlType::Enum(_)) if ty == Some(&column.ty) => Mode::Literal,
        Some(_) => Mode::Assignment,
        None => Mode::Literal,
    }
}

/// A value that can't be simulated is a value that is not known: the statement goes on.
pub(super) fn known_or_not(value: Evaluation<Datum>) -> Evaluation<Datum> {
    match value {
        Err(Stop::Unsupported(why)) => Ok(Datum::Unknown(why)),
        value => value,
    }
}

fn needs_value(column: &Column) -> bool {
    !column.nullable
        && column.default.is_none()
        && !column.autoincrement
        && !matches!(column.ty, SqlType::InlineEnum(_))
}

fn not_insertable(column: &Column) -> Stop {
    let message = format!("cannot insert a non-DEFAULT value into column \"{}\"", column.name);
    Stop::fail(FailureKind::InvalidStatement, message)
}

/// Adds rows. Returns their numbers.
pub(super) fn insert(db: &mut Database, table: &Table, rows: Vec<Row>, doubts: &mut Doubts) -> Outcome<Vec<i64>> {
    let numbers = insert_unchecked(db, table, rows);
    compute(db, table, &numbers);
    constraint::check_rows(db, table, &numbers, doubts)?;
    Ok(numbers)
}

/// Adds rows that are known to satisfy every constraint.
pub(super) fn insert_unchecked(db: &mut Database, table: &Table, rows: Vec<Row>) -> Vec<i64> {
    if rows.is_empty() {
        return Vec::new();
    }
    let first = db.next_row;
    db.next_row = first.saturating_add(count(rows.len()));
    let stored = db.rows_mut(&table.name);
    let numbers: Vec<i64> = (first..).take(rows.len()).collect();
    for (number, row) in numbers.iter().zip(rows) {
        stored.scripted |= !row.seeded;
        stored.push(*number, row);
    }
    numbers
}

/// Changes rows, and what foreign keys make of it. Columns in `computed` are set to what a script makes of values that
/// are there already: made-up ones stay made up.
pub(super) fn update(
    db: &mut Database,
    table: &Table,
    changes: Vec<Change>,
    computed: &[ColumnId],
    doubts: &mut Doubts,
) -> Outcome<u64> {
    let written = changes.len() as u64;
    let mut work: VecDeque<(std::sync::Arc<Table>, Vec<Change>)> = VecDeque::new();
    let Some(shared) = db.catalog.tables.get(&table.name).cloned() else { return Ok(0) };
    work.push_back((shared, changes));
    let mut computed = computed;
    let mut budget = 10_000_u32;
    while let Some((table, changes)) = work.pop_front() {
        budget = budget.saturating_sub(1);
        if changes.is_empty() || budget == 0 {
            continue;
        }
        let before = db.rows_of(&table.name).cloned().unwrap_or_default();
        let numbers: Vec<i64> = changes.iter().map(|(n, _)| *n).collect();
        let touched: FxHashSet<ColumnId> =
            changes.iter().flat_map(|(_, cells)| cells.iter().map(|(id, _)| *id)).collect();
        is_numbered(db, &table, &changes)?;
        passes_through(db, &table, &changes, &touched)?;
        let rows = db.rows_mut(&table.name);
        rows.updated = true;
        for (number, cells) in changes {
            let Some(row) = rows.get_mut(number) else { continue };
            for (id, datum) in cells {
                if computed.contains(&id) {
                    row.set(id, datum);
                } else {
                    row.write(id, datum);
                }
            }
        }
        // What follows in other tables follows from made-up values or from written ones; the latter is the safe guess.
        computed = &[];
        compute(db, &table, &numbers);
        constraint::check_changed(db, &table, &numbers, |id| touched.contains(&id), doubts)?;
        for reference in constraint::inbound(db, &table) {
            if !reference.columns.iter().any(|id| touched.contains(id)) {
                continue;
            }
            let left = keys_left(db, &table, &before, &numbers, &reference);
            let Some(follow) = follow(db, &table, &reference, &left, false, doubts)? else { continue };
            match follow {
                Follow::Update(changes) => work.push_back((reference.child.clone(), changes)),
                Follow::Cascade(rows) => {
                    let changes = cascade_update(db, &table, &before, &numbers, &reference, &rows);
                    work.push_back((reference.child.clone(), changes));
                }
            }
        }
    }
    Ok(written)
}

/// SQLite takes no row's number away, and asks that before any constraint.
fn is_numbered(db: &Database, table: &Table, changes: &[Change]) -> Outcome<()> {
    let dialect = db.catalog.dialect;
    let number = table.columns.iter().find(|column| dialect == Dialect::Sqlite && counts(dialect, table, column));
    let Some(number) = number else { return Ok(()) };
    let mut cells = changes.iter().flat_map(|(_, cells)| cells);
    if cells.any(|(id, value)| *id == number.id && (*value == Datum::Null || is_no_number(value))) {
        return Err(Failure::new(FailureKind::InvalidValue, "datatype mismatch").about(table.name.clone()));
    }
    Ok(())
}

/// Whether SQLite can't number a row by a value.
fn is_no_number(value: &Datum) -> bool {
    matches!(value, Datum::Text(_) | Datum::Float(_) | Datum::Bytes(_))
}

/// Keys are asked row by row, unless they are deferrable: `SET n = n + 1` may run into the next row, though no key is
/// double in the end. Whether it does depends on the order of the rows.
fn passes_through(db: &Database, table: &Table, changes: &[Change], touched: &FxHashSet<ColumnId>) -> Outcome<()> {
    let dialect = db.catalog.dialect;
    let Some(rows) = db.rows_of(&table.name).filter(|_| changes.len() > 1) else { return Ok(()) };
    for key in constraint::unique_keys(table) {
        let deferrable = table.uniques.iter().any(|u| u.name.as_ref() == key.name && u.deferrable == Some(true));
        if deferrable || !key.is_plain() || !key.columns.iter().any(|id| touched.contains(id)) {
            continue;
        }
        let mut taken: FxHashMap<Vec<Key>, usize> = FxHashMap::default();
        for (_, row) in rows.iter() {
            if let Some(key) = constraint::row_key(row, &key.columns, dialect) {
                *taken.entry(key).or_default() += 1;
            }
        }
        for (number, cells) in changes {
            let Some(row) = rows.get(*number) else { continue };
            let mut after = row.as_ref().clone();
            for (id, datum) in cells {
                after.set(*id, datum.clone());
            }
            if let Some(old) = constraint::row_key(row, &key.columns, dialect)
                && let Some(count) = taken.get_mut(&old)
            {
                *count = count.saturating_sub(1);
            }
            let Some(new) = constraint::row_key(&after, &key.columns, dialect) else { continue };
            let count = taken.entry(new).or_default();
            *count += 1;
            if *count > 1 {
                return Err(constraint::met_on_the_way(db, table, &key, row));
            }
        }
    }
    Ok(())
}

/// What is left to do while rows are being taken away.
enum Deletion {
    /// These rows of a table go.
    Rows(Arc<Table>, Vec<i64>),
    /// A foreign key to the table follows the rows that are gone, which had these values before.
    Key { parent: Arc<Table>, before: TableRows, gone: Vec<i64>, reference: ForeignRef },
}

/// Takes rows away, and what foreign keys make of it: one key after the other in the order in which they were made, each to
/// its end, as PostgreSQL fires their triggers.
pub(super) fn delete(db: &mut Database, table: &Table, numbers: Vec<i64>, doubts: &mut Doubts) -> Outcome<u64> {
    let deleted = numbers.len() as u64;
    // Without AUTOINCREMENT, SQLite counts from the highest number that is left.
    let anew = db.catalog.dialect == Dialect::Sqlite;
    let Some(shared) = db.catalog.tables.get(&table.name).cloned() else { return Ok(0) };
    let mut work = vec![Deletion::Rows(shared, numbers)];
    while let Some(next) = work.pop() {
        let (parent, before, gone, reference) = match next {
            Deletion::Rows(table, mut numbers) => {
                numbers.sort_unstable();
                let before = db.rows_of(&table.name).cloned().unwrap_or_default();
                numbers.retain(|n| before.get(*n).is_some());
                if numbers.is_empty() {
                    continue;
                }
                let rows = db.rows_mut(&table.name);
                rows.remove(&numbers);
                rows.scripted = true;
                if anew && !table.columns.iter().any(|column| column.autoincrement) {
                    rows.reset_counters();
                }
                let keys = constraint::inbound(db, &table).into_iter().rev();
                work.extend(keys.map(|reference| {
                    let (parent, before, gone) = (table.clone(), before.clone(), numbers.clone());
                    Deletion::Key { parent, before, gone, reference }
                }));
                continue;
            }
            Deletion::Key { parent, before, gone, reference } => (parent, before, gone, reference),
        };
        let left = keys_left(db, &parent, &before, &gone, &reference);
        match follow(db, &parent, &reference, &left, true, doubts)? {
            Some(Follow::Cascade(rows)) => work.push(Deletion::Rows(reference.child.clone(), rows)),
            Some(Follow::Update(changes)) => {
                update(db, &reference.child, changes, &[], doubts)?;
            }
            None => {}
        }
    }
    Ok(deleted)
}

/// What a foreign key makes of keys that are gone.
enum Follow {
    /// These rows of the child get these values.
    Update(Vec<Change>),
    /// The action is `CASCADE`, and these rows of the child are meant.
    Cascade(Vec<i64>),
}

/// The keys that rows had and that no row has now.
fn keys_left(
    db: &Database,
    table: &Table,
    before: &TableRows,
    numbers: &[i64],
    reference: &ForeignRef,
) -> FxHashSet<Vec<Key>> {
    let dialect = db.catalog.dialect;
    let key = |row: &Row| constraint::row_key(row, &reference.columns, dialect);
    let mut gone: FxHashSet<Vec<Key>> =
        numbers.iter().filter_map(|n| before.get(*n)).filter_map(|row| key(row)).collect();
    if let Some(rows) = db.rows_of(&table.name) {
        for (_, row) in rows.iter() {
            if let Some(key) = key(row) {
                gone.remove(&key);
            }
        }
    }
    gone
}

fn follow(
    db: &mut Database,
    parent: &Table,
    reference: &ForeignRef,
    gone: &FxHashSet<Vec<Key>>,
    deleted: bool,
    doubts: &mut Doubts,
) -> Outcome<Option<Follow>> {
    let dialect = db.catalog.dialect;
    let (Some(foreign_key), Some(rows)) = (reference.key(), db.rows_of(&reference.child.name)) else { return Ok(None) };
    if gone.is_empty() {
        return Ok(None);
    }
    let hit = constraint::matching_rows(rows, &foreign_key.columns, gone, dialect);
    if hit.is_empty() {
        return Ok(None);
    }
    let action = if deleted { foreign_key.on_delete } else { foreign_key.on_update };
    match action {
        ReferentialAction::Cascade => Ok(Some(Follow::Cascade(hit))),
        ReferentialAction::SetNull => {
            let cells: Vec<_> = foreign_key.columns.iter().map(|id| (*id, Datum::Null)).collect();
            Ok(Some(Follow::Update(hit.into_iter().map(|n| (n, cells.clone())).collect())))
        }
        ReferentialAction::SetDefault => {
            let child = reference.child.clone();
            let mut cells = Vec::new();
            for column in foreign_key.columns.iter().filter_map(|id| child.column_by_id(*id)) {
                match default_value(db, &child, column) {
                    Ok(value) => cells.push((column.id, value)),
                    Err(Stop::Fail(failure)) => return Err(*failure),
                    Err(Stop::Unsupported(why)) => {
                        cells.push((column.id, Datum::Unknown(why.clone())));
                        doubts.push(why);
                    }
                }
            }
            Ok(Some(Follow::Update(hit.into_iter().map(|n| (n, cells.clone())).collect())))
        }
        ReferentialAction::NoAction | ReferentialAction::Restrict => {
            let message = constraint::still_referenced(dialect, &parent.name, &reference.child, foreign_key);
            let name = foreign_key.name.as_ref();
            let violation = constraint::violation(db, &reference.child, name, &foreign_key.columns, &hit);
            let mut failure = Failure::new(FailureKind::ForeignKeyViolation, message)
                .about(reference.child.name.clone())
                .with_violation(violation);
            failure.doubt = db.row_doubt(&reference.child.name);
            if foreign_key.initially_deferred == Some(true) {
                failure.doubt = Some("the constraint is deferred, and deferred checks are not simulated".into());
            }
            Err(failure)
        }
    }
}

/// The new keys for the children of rows whose key has changed.
fn cascade_update(
    db: &Database,
    parent: &Table,
    before: &TableRows,
    numbers: &[i64],
    reference: &ForeignRef,
    hit: &[i64],
) -> Vec<Change> {
    let dialect = db.catalog.dialect;
    let (Some(foreign_key), Some(children), Some(parents)) =
        (reference.key(), db.rows_of(&reference.child.name), db.rows_of(&parent.name))
    else {
        return Vec::new();
    };
    let new_key = |number: &i64| {
        let child = constraint::row_key(children.get(*number)?, &foreign_key.columns, dialect)?;
        let is_old = |n: &&i64| {
            before.get(**n).and_then(|row| constraint::row_key(row, &reference.columns, dialect)).as_ref()
                == Some(&child)
        };
        let row = parents.get(*numbers.iter().find(is_old)?)?;
        let pairs = foreign_key.columns.iter().zip(&reference.columns);
        Some((*number, pairs.map(|(own, theirs)| (*own, row.get(*theirs).clone())).collect()))
    };
    hit.iter().filter_map(new_key).collect()
}

/// Gives generated columns of rows their values.
pub(super) fn compute(db: &mut Database, table: &Table, numbers: &[i64]) {
    for column in &table.columns {
        let Some(computed) = &column.computed else { continue };
        let mut subset = TableRows::default();
        if let Some(rows) = db.rows_of(&table.name) {
            for (number, row) in rows.iter().filter(|(n, _)| numbers.contains(n)) {
                subset.push(number, row.as_ref().clone());
            }
        }
        let values = evaluate_rows(db, table, &subset, &computed.expression);
        let values = match values {
            Ok(values) => values
                .iter()
                .map(|v| match to_column(db, column, v, Mode::Explicit) {
                    Ok(value) => value,
                    Err(stop) => Datum::Unknown(stop.why()),
                })
                .collect(),
            Err(stop) => vec![Datum::Unknown(stop.why()); subset.len()],
        };
        let targets: Vec<i64> = subset.iter().map(|(n, _)| n).collect();
        let rows = db.rows_mut(&table.name);
        for (number, value) in targets.into_iter().zip(values) {
            if let Some(row) = rows.get_mut(number) {
                row.set(column.id, value);
            }
        }
    }
}
