//! [`Database`]: schema and rows at one moment.

use std::sync::Arc;

use crate::op::{Answer, Datum, Effect, Operation, Outcome, RowSet};
use crate::schema::{Catalog, Dialect, Name, QName};
use crate::sql::Statement;

/// A database at one moment: cheap to clone, so that a snapshot is kept for every step.
#[derive(Debug, Clone)]
pub struct Database {
    /// Its schema.
    pub catalog: Catalog,
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
        Self { catalog: Catalog::new(dialect) }
    }

    /// Applies an operation: all of it, or, with an error, nothing of it. SQL text has been split before
    /// ([`Database::execute`]).
    pub fn apply(&mut self, operation: &Operation) -> Outcome<Effect> {
        let _ = operation;
        Ok(Effect::default())
    }

    /// Executes a data statement ([`Statement::Data`]).
    pub fn execute(&mut self, statement: &Statement, params: &[(Name, Datum)]) -> Outcome<Answer> {
        let _ = (statement, params);
        Ok(Answer::Unknown(Arc::from("not written yet")))
    }

    /// Gives every table that differs from `before` (or has no rows) its seeded rows, and columns that are new since
    /// `before` values in some of the seeded rows. Deterministic; respects every constraint. Returns the tables for
    /// which no rows could be made, with the reason.
    pub fn seed(&mut self, before: Option<&Database>) -> Vec<(QName, String)> {
        let _ = before;
        Vec::new()
    }

    /// The rows of a table.
    pub fn rows(&self, table: &QName) -> RowSet {
        let _ = table;
        RowSet::default()
    }

    /// Takes rows away as if they had never been (no constraint is asked, rows that reference them go too).
    /// Returns every row taken: table and row number.
    pub fn set_aside(&mut self, table: &QName, rows: &[i64]) -> Vec<(QName, i64)> {
        let _ = (table, rows);
        Vec::new()
    }

    /// How `after` differs from `self`, leaving out rows in `ignore` (set aside meanwhile).
    pub fn diff_rows(&self, after: &Database, ignore: &[(QName, i64)]) -> RowDiff {
        let _ = (after, ignore);
        RowDiff::default()
    }

    /// Assumes a table that no script makes (DESIGN.md decision 7): the catalog's part is [`crate::ddl::assume`].
    pub fn assume(&mut self, table: &QName) {
        crate::ddl::assume(&mut self.catalog, table, &[]);
    }

    /// From now on a table, type or other object of this name may not be as it stands here, rows included: a query
    /// that reads it answers [`Answer::Unknown`], a refusal about it carries a doubt.
    pub fn mark_uncertain(&mut self, object: &QName, why: &Arc<str>) {
        self.catalog.uncertain.insert(object.clone(), why.clone());
    }

    /// From now on the rows of a table, not its schema, may not be as they stand here.
    pub fn taint_rows(&mut self, table: &QName, why: &Arc<str>) {
        let _ = (table, why);
    }

    /// The tables that a data statement writes, names folded as the dialect folds them; none for a query.
    pub fn written_tables(statement: &Statement, dialect: Dialect) -> Vec<QName> {
        let _ = (statement, dialect);
        Vec::new()
    }
}
