//! [`Table`] and what it is made of.

use std::sync::Arc;

use super::dialect::Dialect;
use super::name::{Name, QName};
use super::types::SqlType;

/// A column's identity for life: renames and moves keep it, so rows and constraints need no fixing up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId(pub u32);

/// A table. Columns are in their physical order; constraints and indexes in order of creation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: QName,
    /// Its columns, each shared with the states in which it is the same.
    pub columns: Vec<Arc<Column>>,
    /// Its primary key.
    pub primary_key: Option<PrimaryKey>,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Its unique constraints.
    pub uniques: Vec<Unique>,
    /// Its check constraints.
    pub checks: Vec<Check>,
    /// Its exclusion constraints.
    pub exclusions: Vec<Exclusion>,
    /// Its indexes, without those that stand behind a constraint.
    pub indexes: Vec<Index>,
    /// Its comment.
    pub comment: Option<Name>,
    /// The number that the next new column gets; never reused.
    pub next_column: u32,
    /// The table is not made by any script but assumed to exist (DESIGN.md decision 7), so columns that
    /// no script has named may exist as well.
    pub assumed: bool,
}

impl ColumnId {
    /// Columns of assumed tables that no script has made, but that a script took for granted, have ids from here on.
    const ASSUMED: u32 = 1 << 31;

    /// The id of the `n`th assumed column of a table.
    pub(crate) const fn assumed(n: u32) -> Self {
        Self(Self::ASSUMED | n)
    }

    /// Whether no script has made the column: it is only assumed to exist.
    pub const fn is_assumed(self) -> bool {
        self.0 >= Self::ASSUMED
    }
}

impl Table {
    /// A table with no columns.
    pub fn new(name: QName) -> Self {
        Self {
            name,
            columns: Vec::new(),
            primary_key: None,
            foreign_keys: Vec::new(),
            uniques: Vec::new(),
            checks: Vec::new(),
            exclusions: Vec::new(),
            indexes: Vec::new(),
            comment: None,
            next_column: 0,
            assumed: false,
        }
    }

    /// Its foreign keys as SQLAlchemy reflects them. On SQLite it pairs what it reads in the statement with what a pragma says
    /// by columns and target, so of several that are alike in these one comes back, with the name that stands first.
    pub(crate) fn reflected_keys(&self, dialect: Dialect) -> impl Iterator<Item = &ForeignKey> {
        let alike = |one: &ForeignKey, other: &ForeignKey| {
            (&one.columns, &one.ref_table, &one.ref_columns) == (&other.columns, &other.ref_table, &other.ref_columns)
        };
        firsts(&self.foreign_keys, dialect, alike, |key| key.name.is_none())
    }

    /// Its unique constraints as SQLAlchemy reflects them: on SQLite as it does foreign keys.
    pub(crate) fn reflected_uniques(&self, dialect: Dialect) -> impl Iterator<Item = &Unique> {
        firsts(&self.uniques, dialect, |one, other| one.columns == other.columns, |unique| unique.name.is_none())
    }

    /// Whether both are the same but for the number that the next new column gets.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        let Self {
            name,
            columns,
            primary_key,
            foreign_keys,
            uniques,
            checks,
            exclusions,
            indexes,
            comment,
            next_column: _,
            assumed,
        } = self;
        *name == other.name
            && *columns == other.columns
            && *primary_key == other.primary_key
            && *foreign_keys == other.foreign_keys
            && *uniques == other.uniques
            && *checks == other.checks
            && *exclusions == other.exclusions
            && *indexes == other.indexes
            && *comment == other.comment
            && *assumed == other.assumed
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| &*c.name == name).map(AsRef::as_ref)
    }

    /// The column with that identity.
    pub fn column_by_id(&self, id: ColumnId) -> Option<&Column> {
        self.columns.iter().find(|c| c.id == id).map(AsRef::as_ref)
    }

    /// The name of a column, for messages and printing; `?` where the table has no such column.
    pub fn column_name(&self, id: ColumnId) -> Name {
        self.column_by_id(id).map_or_else(|| Name::from("?"), |c| c.name.clone())
    }

    /// The names of several columns.
    pub fn column_names(&self, ids: &[ColumnId]) -> Vec<Name> {
        ids.iter().map(|id| self.column_name(*id)).collect()
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its identity.
    pub id: ColumnId,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: SqlType,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// Its server default, as the server prints it.
    pub default: Option<Name>,
    /// The sequence behind a serial column: it is dropped with the column.
    pub owned_sequence: Option<QName>,
    /// `GENERATED … AS IDENTITY`.
    pub identity: Option<Identity>,
    /// `GENERATED ALWAYS AS (…)`.
    pub computed: Option<Computed>,
    /// `AUTO_INCREMENT` (MySQL) or `AUTOINCREMENT` (SQLite).
    pub autoincrement: bool,
    /// On SQLite: it is an integer that is not spelled `INTEGER`, or one of a table without row numbers, so that as the
    /// primary key it is not the row number by another name.
    pub never_rowid: bool,
    /// Its collation, where it is not the default one.
    pub collation: Option<Name>,
    /// Its comment.
    pub comment: Option<Name>,
}

impl Column {
    /// A column that may be NULL and has nothing but its type.
    pub fn new(id: ColumnId, name: impl Into<Name>, ty: SqlType) -> Self {
        Self {
            id,
            name: name.into(),
            ty,
            nullable: true,
            default: None,
            owned_sequence: None,
            identity: None,
            computed: None,
            autoincrement: false,
            never_rowid: false,
            collation: None,
            comment: None,
        }
    }
}

/// An identity column's options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// `GENERATED ALWAYS`, else `BY DEFAULT`.
    pub always: bool,
    /// `START WITH`.
    pub start: Option<i64>,
    /// `INCREMENT BY`.
    pub increment: Option<i64>,
    /// `MINVALUE`.
    pub min_value: Option<i64>,
    /// `MAXVALUE`.
    pub max_value: Option<i64>,
    /// `CYCLE`.
    pub cycle: bool,
    /// `CACHE`.
    pub cache: Option<i64>,
}

/// A generated column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Computed {
    /// Its expression, as the server prints it.
    pub expression: Name,
    /// `STORED`, else `VIRTUAL`.
    pub persisted: bool,
}

/// A primary key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrimaryKey {
    /// Its name; SQLite may have none.
    pub name: Option<Name>,
    /// Its columns, in order.
    pub columns: Vec<ColumnId>,
}

/// What happens to a referencing row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ReferentialAction {
    /// `NO ACTION`: refused at the end of the statement.
    #[default]
    NoAction,
    /// `RESTRICT`: refused at once.
    Restrict,
    /// `CASCADE`.
    Cascade,
    /// `SET NULL`.
    SetNull,
    /// `SET DEFAULT`.
    SetDefault,
}

impl ReferentialAction {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::NoAction, Self::Restrict, Self::Cascade, Self::SetNull, Self::SetDefault];

    /// SQL's words for it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoAction => "NO ACTION",
            Self::Restrict => "RESTRICT",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
        }
    }

    /// SQL's words, where it is not what goes without saying.
    pub fn said(self) -> Option<&'static str> {
        (self != Self::NoAction).then(|| self.words())
    }
}

/// A foreign key. The other table is named, not pointed to: names are mended when it is renamed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// Its name; SQLite may have none.
    pub name: Option<Name>,
    /// The referencing columns.
    pub columns: Vec<ColumnId>,
    /// The referenced table.
    pub ref_table: QName,
    /// The referenced columns, by name: the other table may be assumed, or not exist yet (SQLite).
    pub ref_columns: Vec<Name>,
    /// `ON DELETE`.
    pub on_delete: ReferentialAction,
    /// `ON UPDATE`.
    pub on_update: ReferentialAction,
    /// `DEFERRABLE`.
    pub deferrable: Option<bool>,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: Option<bool>,
    /// `MATCH FULL`, `SIMPLE`, …
    pub match_type: Option<Name>,
    /// `NOT VALID`: existing rows were not checked.
    pub not_valid: bool,
}

/// A unique constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unique {
    /// Its name; SQLite may have none.
    pub name: Option<Name>,
    /// Its columns, in order.
    pub columns: Vec<ColumnId>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// `DEFERRABLE`.
    pub deferrable: Option<bool>,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: Option<bool>,
}

/// A check constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its name; SQLite may have none.
    pub name: Option<Name>,
    /// Its condition, as the server prints it.
    pub condition: Name,
    /// The columns that the condition names, as far as it could be read: dropping one drops the check (PostgreSQL).
    pub columns: Vec<ColumnId>,
    /// `NOT VALID`: existing rows were not checked.
    pub not_valid: bool,
}

/// An exclusion constraint (PostgreSQL), opaque but for its name and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// Its name.
    pub name: Name,
    /// What follows `EXCLUDE`, as written.
    pub definition: Name,
    /// The columns that it names.
    pub columns: Vec<ColumnId>,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: Name,
    /// What it is made of.
    pub parts: Vec<IndexPart>,
    /// Whether it is unique.
    pub unique: bool,
    /// `USING gin` and such; `None` is btree.
    pub using: Option<Name>,
    /// The predicate of a partial index.
    pub predicate: Option<Name>,
    /// `INCLUDE` columns.
    pub include: Vec<ColumnId>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
}

/// One part of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexPart {
    /// The column, where the part is one.
    pub column: Option<ColumnId>,
    /// The expression, as the server prints it, where the part is none.
    pub expression: Option<Name>,
    /// The columns that the expression names.
    pub mentions: Vec<ColumnId>,
    /// `DESC`, `NULLS FIRST`, an operator class, a length: what follows the part, as written.
    pub suffix: Option<Name>,
}

impl Table {
    /// A shared table, as catalogs hold it.
    pub fn shared(self) -> Arc<Self> {
        Arc::new(self)
    }
}

/// On SQLite the first of those that are alike. What Alembic writes has those with a name before those without.
fn firsts<T>(
    all: &[T],
    dialect: Dialect,
    alike: impl Fn(&T, &T) -> bool,
    unnamed: impl Fn(&T) -> bool,
) -> impl Iterator<Item = &T> {
    let first = move |at: usize, one: &T| {
        let twins = all.iter().enumerate().filter(|(_, other)| alike(one, other));
        twins.min_by_key(|(at, twin)| (unnamed(twin), *at)).is_none_or(|(first, _)| first == at)
    };
    all.iter().enumerate().filter(move |(at, one)| dialect != Dialect::Sqlite || first(*at, one)).map(|(_, one)| one)
}
