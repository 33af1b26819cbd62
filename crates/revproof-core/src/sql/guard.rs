//! [`Guard`]: what a statement asks of the schema before it is executed.

use std::sync::Arc;

use crate::schema::{Catalog, Name, Object, QName, Table};

/// What a statement asks of the schema: `ALTER TABLE IF EXISTS`, or the `IF` of a `DO` block. Several statements may
/// stand under one guard, which they then share: it is asked once, before the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// What must hold, all of it.
    pub conditions: Arc<[Condition]>,
    /// Whether the statement stands in the `ELSE`: it is executed where the conditions don't hold.
    pub otherwise: bool,
}

/// One condition on the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// A table exists, or does not.
    Table {
        /// The table.
        table: QName,
        /// Whether it must exist, or must not.
        exists: bool,
    },
    /// A column exists, or does not.
    Column {
        /// The table.
        table: QName,
        /// The column.
        column: Name,
        /// Whether it must exist, or must not.
        exists: bool,
    },
    /// A type exists, or does not.
    Type {
        /// The type.
        name: QName,
        /// Whether it must exist, or must not.
        exists: bool,
    },
    /// A constraint of that name exists somewhere, or does not.
    Constraint {
        /// The table, where the condition names it.
        table: Option<QName>,
        /// The constraint.
        name: Name,
        /// Whether it must exist, or must not.
        exists: bool,
    },
    /// An index, a sequence or any other relation of that name exists, or does not.
    Relation {
        /// The relation.
        name: QName,
        /// Whether it must exist, or must not.
        exists: bool,
    },
}

impl Guard {
    /// One condition.
    pub(super) fn on(condition: Condition) -> Self {
        Self { conditions: Arc::new([condition]), otherwise: false }
    }

    /// Whether the statement is executed on this schema.
    pub fn holds(&self, catalog: &Catalog) -> bool {
        self.conditions.iter().all(|condition| condition.holds(catalog)) != self.otherwise
    }

    /// Whether the two are parts of one `IF`, so that one answer serves both.
    pub fn is_asked_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.conditions, &other.conditions)
    }
}

impl Condition {
    /// Whether it holds on this schema.
    pub fn holds(&self, catalog: &Catalog) -> bool {
        match self {
            Self::Table { table, exists } => catalog.tables.contains_key(table) == *exists,
            Self::Column { table, column, exists } => {
                catalog.table(table).is_some_and(|table| table.column(column).is_some()) == *exists
            }
            Self::Type { name, exists } => {
                let other = |(_, object): (&_, &Arc<Object>)| object.name == *name;
                (catalog.enums.contains_key(name) || catalog.objects.iter().any(other)) == *exists
            }
            Self::Constraint { table, name, exists } => {
                let mut tables = catalog.tables.values().filter(|t| table.as_ref().is_none_or(|name| t.name == *name));
                tables.any(|table| has_constraint(table, name)) == *exists
            }
            Self::Relation { name, exists } => {
                let is_index = |t: &Table| {
                    t.name.schema == name.schema
                        && (t.indexes.iter().any(|index| index.name == name.name) || has_key(t, &name.name))
                };
                let other = |(_, object): (&_, &Arc<Object>)| object.name == *name;
                let found = catalog.tables.contains_key(name)
                    || catalog.sequences.contains_key(name)
                    || catalog.objects.iter().any(other)
                    || catalog.tables.values().any(|table| is_index(table));
                found == *exists
            }
        }
    }
}

fn has_key(table: &Table, name: &Name) -> bool {
    table.primary_key.as_ref().is_some_and(|key| key.name.as_ref() == Some(name))
        || table.uniques.iter().any(|unique| unique.name.as_ref() == Some(name))
        || table.exclusions.iter().any(|exclusion| exclusion.name == *name)
}

fn has_constraint(table: &Table, name: &Name) -> bool {
    has_key(table, name)
        || table.foreign_keys.iter().any(|key| key.name.as_ref() == Some(name))
        || table.checks.iter().any(|check| check.name.as_ref() == Some(name))
}
