//! How SQLAlchemy writes what the simulation keeps in a plainer form: types with their aliases, options that no
//! catalog holds. Only the offline mode fills these in, and only the writer of SQL reads them.

use crate::schema::Name;

/// Of a `CREATE TABLE`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableSpelling {
    /// The words between `CREATE` and `TABLE`.
    pub prefixes: Vec<Name>,
    /// What follows the closing parenthesis.
    pub suffix: String,
}

/// Of a column's definition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnSpelling {
    /// The type, collation and all.
    pub ty: Name,
    /// What follows the expression of a generated column: `STORED`, `VIRTUAL` or nothing.
    pub computed: Option<&'static str>,
    /// The options of an identity column.
    pub identity: Name,
    /// `NULL` is written where the column may be NULL.
    pub null: bool,
}

/// Of a `CREATE INDEX`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IndexSpelling {
    /// The word before `INDEX`, besides `UNIQUE`: `FULLTEXT`.
    pub prefix: Option<Name>,
    /// What stands between the table and the parts: `USING gin`.
    pub using: Option<Name>,
    /// The parts.
    pub parts: Vec<Name>,
    /// What follows the parts, with a blank before it.
    pub suffix: String,
}
