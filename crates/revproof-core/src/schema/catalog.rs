//! [`Catalog`]: all that a database's system tables would say.

use std::sync::Arc;

use imbl::OrdMap;

use super::dialect::Dialect;
use super::name::{Name, QName};
use super::table::Table;

/// A schema, at one moment. Cheap to clone: a snapshot is kept for every step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalog {
    /// The database whose rules hold.
    pub dialect: Dialect,
    /// The tables.
    pub tables: OrdMap<QName, Arc<Table>>,
    /// The enum types (PostgreSQL).
    pub enums: OrdMap<QName, Arc<EnumType>>,
    /// The sequences.
    pub sequences: OrdMap<QName, Arc<Sequence>>,
    /// Everything else that has a name.
    pub objects: OrdMap<(ObjectKind, QName), Arc<Object>>,
    /// Why a table, type or other object of that name may not be as it stands here: a statement that could not be
    /// evaluated touched it. What rests on it is `unknown`.
    pub uncertain: OrdMap<QName, Arc<str>>,
    /// Why anything at all may not be as it stands here (`DO $$ … $$`), if so.
    pub opaque: Option<Arc<str>>,
}

impl Catalog {
    /// An empty database.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            tables: OrdMap::new(),
            enums: OrdMap::new(),
            sequences: OrdMap::new(),
            objects: OrdMap::new(),
            uncertain: OrdMap::new(),
            opaque: None,
        }
    }

    /// The table of that name.
    pub fn table(&self, name: &QName) -> Option<&Arc<Table>> {
        self.tables.get(name)
    }
}

/// An enum type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumType {
    /// Its name.
    pub name: QName,
    /// Its values, in order.
    pub values: Vec<Name>,
}

/// A sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    /// Its name.
    pub name: QName,
    /// `START WITH`.
    pub start: i64,
    /// `INCREMENT BY`.
    pub increment: i64,
    /// The table that owns it, where a serial column or `OWNED BY` made one.
    pub owner: Option<QName>,
}

/// The kinds of objects that are known by name and text only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// A schema.
    Schema,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A function.
    Function,
    /// A procedure.
    Procedure,
    /// A trigger; its name is qualified by its table: `table.trigger`.
    Trigger,
    /// An extension.
    Extension,
    /// A domain.
    Domain,
    /// A composite or other type that is no enum.
    Type,
    /// A row-level security policy, a rule, a publication, a role: anything else.
    Other,
}

/// An object known by name and text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its kind.
    pub kind: ObjectKind,
    /// Its name.
    pub name: QName,
    /// Its definition as written, white space folded.
    pub definition: Name,
    /// The tables, views and types that the definition names, as far as it could be read.
    pub depends_on: Vec<QName>,
}
