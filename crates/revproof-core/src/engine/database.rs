//! [`Database`]: schema and rows at one moment.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use imbl::OrdMap;
use imbl::ordmap::DiffItem;

use super::rows::TableRows;
use super::sequence::Counter;
use super::{alter, bulk, diff, seed, sequence, statement};
use crate::ddl;
use crate::op::{Answer, Datum, Effect, Failure, OpKind, Operation, Outcome, RowSet, Violation};
use crate::schema::{Catalog, ColumnId, Dialect, Name, QName, Table};
use crate::sql::Statement;

/// The rows of tables.
type Tables = OrdMap<QName, Arc<TableRows>>;

/// A database at one moment: cheap to clone, so that a snapshot is kept for every step.
#[derive(Debug, Clone)]
pub struct Database {
    /// Its schema.
    pub catalog: Catalog,
    /// The rows of the tables that have had any.
    pub(super) tables: Tables,
    /// The sequences that have been used.
    pub(super) sequences: OrdMap<QName, Counter>,
    /// What the tables held when a materialized view was last filled; `None` of one that is not. There are few.
    pub(super) filled: Arc<Vec<(QName, Option<Tables>)>>,
    /// The number that the next new row gets.
    pub(super) next_row: i64,
    /// How many identifiers have been generated.
    pub(super) drawn: u64,
    /// A `PRAGMA foreign_keys = ON` has been executed.
    pub(super) foreign_keys_on: bool,
    /// How often a statement has asked in which order rows were written: counted for all states of a database together, so
    /// that no rollback takes it back.
    order_questions: Arc<AtomicU64>,
}

/// A row, with what identifies it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRow {
    /// Its number, which it keeps for life; no other row of the database ever gets it.
    pub number: i64,
    /// Whether it was made up.
    pub seeded: bool,
    /// Its values, in order of the table's columns.
    pub cells: Vec<Datum>,
}

/// How the rows of two databases differ, table by table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RowDiff {
    /// The changes, in order of table name.
    pub tables: Vec<RowChange>,
}

/// How the rows of one table differ. Rows are matched by identity first (a row lives through renames and changes of
/// columns), then by value, so that rows that were deleted and inserted again alike are no difference.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RowChange {
    /// The table, by its name in the first database.
    pub table: Option<QName>,
    /// Rows of the first that the second hasn't.
    pub lost_rows: usize,
    /// Rows of the second that the first hasn't.
    pub new_rows: usize,
    /// Values that differ in rows that both have.
    pub values: Vec<LostValue>,
}

/// A value that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct LostValue {
    /// The row.
    pub row: i64,
    /// The column.
    pub column: Name,
    /// What it was.
    pub before: Datum,
    /// What it is; `None` where the column is gone.
    pub after: Option<Datum>,
}

impl Database {
    /// An empty database.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            catalog: Catalog::new(dialect),
            tables: OrdMap::new(),
            sequences: OrdMap::new(),
            filled: Arc::default(),
            next_row: 1,
            drawn: 0,
            foreign_keys_on: false,
            order_questions: Arc::default(),
        }
    }

    /// A database with this schema and no rows.
    pub fn without_rows(catalog: Catalog) -> Self {
        let dialect = catalog.dialect;
        Self { catalog, ..Self::new(dialect) }
    }

    /// Whether both are the same in everything but the catalog, the rows and the numbers of new rows.
    fn counts_alike(&self, other: &Self) -> bool {
        let Self { catalog: _, tables: _, order_questions: _, next_row: _, sequences, filled, drawn, foreign_keys_on } =
            self;
        (*drawn, *foreign_keys_on) == (other.drawn, other.foreign_keys_on)
            && *sequences == other.sequences
            && *filled == other.filled
    }

    /// Whether both are the same in every respect, so that whatever is done to one comes out as if done to the other.
    pub fn is_same(&self, other: &Self) -> bool {
        let rows = |one: &Arc<TableRows>, other: &Arc<TableRows>| Arc::ptr_eq(one, other) || one.is_same(other);
        self.counts_alike(other)
            && self.next_row == other.next_row
            && self.catalog == other.catalog
            && self.tables.len() == other.tables.len()
            && self.tables.iter().zip(&other.tables).all(|((a, one), (b, other))| a == b && rows(one, other))
    }

    /// Whether whatever is done to one comes out as if done to the other, up to the numbers of columns and rows that are new
    /// then: those of what is gone are not given again. Rows that an UPDATE has written again count as the same where
    /// what is done does not ask for the order in which they were written ([`Database::order_questions`]).
    pub fn is_alike(&self, other: &Self, asks_for_order: bool) -> bool {
        let rows = |name: &QName, one: &TableRows, other: &TableRows| match self.catalog.tables.get(name) {
            Some(_) if asks_for_order && one.updated != other.updated => false,
            Some(table) => one.is_alike(other, &|id| table.column_by_id(id).is_some()),
            None => one.is_same(other),
        };
        self.counts_alike(other)
            && self.catalog.is_alike(&other.catalog)
            && self.tables.diff(&other.tables).all(|change| match change {
                DiffItem::Update { old: (name, one), new: (_, other) } => rows(name, one, other),
                DiffItem::Add(..) | DiffItem::Remove(..) => false,
            })
    }

    /// How often a statement has asked in which order rows were written, on any state of this database.
    pub fn order_questions(&self) -> u64 {
        self.order_questions.load(Ordering::Relaxed)
    }

    /// Notes that a statement asks in which order rows were written.
    pub(super) fn note_order_question(&self) {
        self.order_questions.fetch_add(1, Ordering::Relaxed);
    }

    /// Applies an operation: all of it, or, with an error, nothing of it. SQL text has been split before
    /// ([`Database::execute`]).
    pub fn apply(&mut self, operation: &Operation) -> Outcome<Effect> {
        let (after, effect) = self.after(operation)?;
        *self = after;
        Ok(effect)
    }

    /// The database after an operation, and what it did.
    pub fn after(&self, operation: &Operation) -> Outcome<(Self, Effect)> {
        let mut after = self.clone();
        let mut effect = Effect::default();
        let result = match &operation.kind {
            OpKind::BulkInsert { table, rows } => bulk::insert_rows(&mut after, table, rows, &mut effect),
            OpKind::Sql(_) | OpKind::NoEffect { .. } => Ok(()),
            OpKind::Opaque { touches, why, rows_only: true, .. } => {
                after.taint(touches, why);
                after.apply_ddl(&operation.kind, &mut effect)
            }
            kind => after.apply_ddl(kind, &mut effect),
        };
        match result {
            Ok(()) => {
                without_repeats(&mut effect.doubts);
                Ok((after, effect))
            }
            Err(mut failure) => {
                if failure.doubt.is_none() {
                    let touched = operation.kind.touches();
                    failure.doubt = failure.object.iter().chain(&touched).find_map(|o| self.doubt(o));
                }
                Err(failure)
            }
        }
    }

    /// The rows of these tables, or of all where none is named, are not known from now on.
    fn taint(&mut self, tables: &[QName], why: &Arc<str>) {
        let all: Vec<QName> = match tables {
            [] => self.catalog.tables.keys().cloned().collect(),
            tables => tables.iter().filter(|name| self.catalog.tables.contains_key(*name)).cloned().collect(),
        };
        for table in all {
            self.taint_rows(&table, why);
        }
    }

    fn apply_ddl(&mut self, kind: &OpKind, effect: &mut Effect) -> Outcome<()> {
        let changed = match ddl::apply(&mut self.catalog, kind) {
            Ok(changed) => changed,
            Err(failure) => return Err(self.copy_refused(kind).unwrap_or(failure)),
        };
        effect.doubts.extend(changed.doubts);
        if let OpKind::AlterSequence { name, to: Some(to), .. } = kind
            && let Some(counter) = self.sequences.remove(name)
        {
            self.sequences.insert(name.sibling(to.clone()), counter);
        }
        if let OpKind::AlterSequence { name, restart: Some(restart), .. } = kind {
            sequence::restart(self, name, *restart);
        }
        if matches!(
            kind,
            OpKind::DropSequence { .. } | OpKind::DropTable { .. } | OpKind::DropColumn { .. } | OpKind::Rebuild(_)
        ) {
            // A sequence that is made again under the name starts anew.
            let known = &self.catalog.sequences;
            let gone: Vec<QName> = self.sequences.keys().filter(|name| !known.contains_key(*name)).cloned().collect();
            for name in gone {
                self.sequences.remove(&name);
            }
        }
        alter::apply_steps(self, &changed.steps, &mut effect.doubts)
    }

    /// What refuses the rows that a batch block copies: it copies them before it comes to anything that may be wrong with
    /// the names of tables and indexes.
    fn copy_refused(&self, kind: &OpKind) -> Option<Failure> {
        let OpKind::Rebuild(batch) = kind else { return None };
        let (table, steps) = ddl::copied_rows(&self.catalog, batch)?;
        let mut copied = self.clone();
        copied.catalog.put_table(Arc::new(table));
        alter::apply_steps(&mut copied, &steps, &mut Vec::new()).err()
    }

    /// Executes a data statement ([`Statement::Data`]): all of it, or, with an error, nothing of it. Of a statement
    /// that can't be simulated, what it writes is uncertain afterwards.
    pub fn execute(&mut self, statement: &Statement, params: &[(Name, Datum)]) -> Outcome<Answer> {
        let before = self.clone();
        let mut result = statement::execute(self, statement, params);
        match &mut result {
            Err(_) => *self = before,
            Ok(Answer::Done(effect)) => without_repeats(&mut effect.doubts),
            Ok(_) => {}
        }
        result
    }

    /// Gives every table that differs from `before` (or has no rows) its seeded rows, and columns that are new since
    /// `before` values in some of the seeded rows. Deterministic; respects every constraint. Returns the tables for
    /// which no rows could be made, with the reason.
    pub fn seed(&mut self, before: Option<&Database>) -> Vec<(QName, String)> {
        seed::seed(self, before)
    }

    /// The rows of a table.
    pub fn rows(&self, table: &QName) -> RowSet {
        let Some(definition) = self.catalog.tables.get(table) else { return RowSet::default() };
        let columns = definition.columns.iter().map(|c| c.name.clone()).collect();
        let cells = |row: &super::rows::Row| definition.columns.iter().map(|c| row.get(c.id).clone()).collect();
        let rows = self.rows_of(table).map(|rows| rows.iter().map(|(_, row)| cells(row)).collect());
        RowSet { columns, rows: rows.unwrap_or_default() }
    }

    /// The rows of a table with what identifies them, in order of columns.
    pub fn stored_rows(&self, table: &QName) -> Vec<StoredRow> {
        let Some(definition) = self.catalog.tables.get(table) else { return Vec::new() };
        let stored = |(number, row): (i64, &Arc<super::rows::Row>)| StoredRow {
            number,
            seeded: row.seeded,
            cells: definition.columns.iter().map(|c| row.get(c.id).clone()).collect(),
        };
        self.rows_of(table).map(|rows| rows.iter().map(stored).collect()).unwrap_or_default()
    }

    /// Whether a table has the very same rows in both databases: no more than a comparison of pointers.
    pub fn shares_rows(&self, other: &Self, table: &QName) -> bool {
        match (self.tables.get(table), other.tables.get(table)) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        }
    }

    /// Whether a table is known to have no rows.
    pub fn is_empty(&self, table: &QName) -> bool {
        self.row_doubt(table).is_none() && self.tables.get(table).is_none_or(|rows| rows.is_empty())
    }

    /// Takes rows away as if they had never been (no constraint is asked, rows that reference them go too).
    /// Returns every row taken: table and row number.
    pub fn set_aside(&mut self, table: &QName, rows: &[i64]) -> Vec<(QName, i64)> {
        diff::set_aside(self, table, rows)
    }

    /// The rows at fault, and of these the made-up ones alone where there are any: what a script has written stays as long
    /// as it can.
    pub fn made_up_first(&self, violation: &Violation) -> Vec<i64> {
        let rows = self.rows_of(&violation.table);
        let is_made_up = |number: &i64| rows.and_then(|rows| rows.get(*number)).is_some_and(|row| row.seeded);
        let made_up: Vec<i64> = violation.row_ids.iter().copied().filter(is_made_up).collect();
        if made_up.is_empty() { violation.row_ids.clone() } else { made_up }
    }

    /// Takes the rows with these numbers away, in whatever tables they are, as [`Database::set_aside`] does.
    pub fn take_rows(&mut self, numbers: &[i64]) {
        let holds = |rows: &TableRows| numbers.iter().any(|number| rows.get(*number).is_some());
        let tables: Vec<QName> =
            self.filled_tables().filter(|(_, rows)| holds(rows)).map(|(name, _)| name.clone()).collect();
        for table in tables {
            self.set_aside(&table, numbers);
        }
    }

    /// Takes every made-up row away, as [`Database::set_aside`] does. A row that a script has written stays where it can:
    /// what it has from a made-up one, it would not have.
    pub fn set_aside_seeded(&mut self) -> Vec<(QName, i64)> {
        let made_up = |rows: &TableRows| rows.iter().filter(|(_, row)| row.seeded).map(|(n, _)| n).collect::<Vec<_>>();
        let all: Vec<_> = self.filled_tables().map(|(name, rows)| (name.clone(), made_up(rows))).collect();
        let mut taken = Vec::new();
        for (table, rows) in all {
            taken.extend(diff::release(self, &table, &rows));
            taken.extend(self.set_aside(&table, &rows));
        }
        taken
    }

    /// How `after` differs from `self`, leaving out rows in `ignore` (set aside meanwhile).
    pub fn diff_rows(&self, after: &Database, ignore: &[(QName, i64)]) -> RowDiff {
        diff::diff_rows(self, after, ignore)
    }

    /// Assumes a table that no script makes (DESIGN.md decision 7): the catalog's part is [`crate::ddl::assume`].
    pub fn assume(&mut self, table: &QName) {
        ddl::assume(&mut self.catalog, table, &[]);
    }

    /// Assumes a schema that no script makes.
    pub fn assume_schema(&mut self, schema: &QName) {
        ddl::assume_schema(&mut self.catalog, schema);
    }

    /// From now on a table, type or other object of this name may not be as it stands here, rows included: a query
    /// that reads it answers [`Answer::Unknown`], a refusal about it carries a doubt.
    pub fn mark_uncertain(&mut self, object: &QName, why: &Arc<str>) {
        self.catalog.uncertain.insert(object.clone(), why.clone());
    }

    /// From now on the values at fault in a violation are not known. Whether any of them was known before.
    pub fn doubt_values(&mut self, violation: &Violation, why: &Arc<str>) -> bool {
        let Some(table) = self.catalog.tables.get(&violation.table).cloned() else { return false };
        let columns: Vec<ColumnId> =
            table.columns.iter().filter(|c| violation.columns.contains(&c.name)).map(|c| c.id).collect();
        let rows = self.rows_mut(&table.name);
        let mut any = false;
        for number in &violation.row_ids {
            let Some(row) = rows.get_mut(*number) else { continue };
            for column in &columns {
                if !matches!(row.get(*column), Datum::Unknown(_)) {
                    row.set(*column, Datum::Unknown(why.clone()));
                    any = true;
                }
            }
        }
        any
    }

    /// From now on the rows of a table, not its schema, may not be as they stand here.
    pub fn taint_rows(&mut self, table: &QName, why: &Arc<str>) {
        let rows = self.rows_mut(table);
        rows.scripted = true;
        rows.taint.get_or_insert_with(|| why.clone());
    }

    /// The tables that a data statement writes, names folded as the dialect folds them; none for a query.
    pub fn written_tables(statement: &Statement, dialect: Dialect) -> Vec<QName> {
        statement::written_tables(statement, dialect)
    }

    /// Why an object may not be as it stands here, if so.
    pub(super) fn doubt(&self, object: &QName) -> Option<Arc<str>> {
        self.catalog.opaque.clone().or_else(|| self.catalog.uncertain.get(object).cloned())
    }

    /// Why a table's rows may not be as they stand here, if so.
    pub fn row_doubt(&self, table: &QName) -> Option<Arc<str>> {
        let tainted = || self.tables.get(table).and_then(|rows| rows.taint.clone());
        let assumed = || {
            let assumed = self.catalog.tables.get(table).is_some_and(|t| t.assumed);
            assumed.then(|| Arc::from(format!("table {table} is assumed, and what rows it has is not known")))
        };
        self.doubt(table).or_else(tainted).or_else(assumed)
    }

    /// The stored rows of a table; `None` where it has never had any.
    pub(super) fn rows_of(&self, table: &QName) -> Option<&TableRows> {
        self.tables.get(table).map(AsRef::as_ref)
    }

    /// The stored rows of a table, to be changed.
    pub(super) fn rows_mut(&mut self, table: &QName) -> &mut TableRows {
        Arc::make_mut(self.tables.entry(table.clone()).or_default())
    }

    /// The tables that have had rows.
    pub(super) fn filled_tables(&self) -> impl Iterator<Item = (&QName, &TableRows)> {
        self.tables.iter().map(|(name, rows)| (name, rows.as_ref()))
    }

    /// The definition of a table, where it has rows.
    pub(super) fn filled_table(&self, name: &QName) -> Option<Arc<Table>> {
        self.tables.get(name).filter(|rows| !rows.is_empty())?;
        self.catalog.tables.get(name).cloned()
    }
}

/// Says everything once.
fn without_repeats(doubts: &mut Vec<Arc<str>>) {
    let mut seen: Vec<Arc<str>> = Vec::new();
    doubts.retain(|doubt| {
        let new = !seen.contains(doubt);
        if new {
            seen.push(doubt.clone());
        }
        new
    });
}
