//! [`Guard`]: what a statement asks of the schema before it is executed.

use std::sync::Arc;

use crate::schema::{Catalog, Column, Dialect, Name, Object, QName, SqlType, Table};

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
        /// Its type as `information_schema.columns.data_type` names it, where the condition asks for that too.
        data_type: Option<Name>,
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
        /// What it is, as `pg_constraint.contype` says it, where the condition asks for that too.
        kind: Option<char>,
        /// Whether it must exist, or must not.
        exists: bool,
    },
    /// An index, a sequence or any other relation of that name exists, or does not.
    Relation {
        /// The relation.
        name: QName,
        /// Whether it is an index with a predicate, where the condition asks for that.
        partial: Option<bool>,
        /// Whether it must exist, or must not.
        exists: bool,
    },
}

impl Guard {
    /// One condition.
    pub(super) fn on(condition: Condition) -> Self {
        Self { conditions: Arc::new([condition]), otherwise: false }
    }

    /// Whether the statement is executed on this schema; `None` where that can't be known, because what the guard asks
    /// about was touched by something that was not simulated, or is only assumed.
    pub fn holds(&self, catalog: &Catalog) -> Option<bool> {
        let mut all = Some(true);
        for condition in &*self.conditions {
            match condition.holds(catalog) {
                Some(true) => {}
                Some(false) => return Some(self.otherwise),
                None => all = None,
            }
        }
        all.map(|all| all != self.otherwise)
    }

    /// Whether the two are parts of one `IF`, so that one answer serves both.
    pub fn is_asked_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.conditions, &other.conditions)
    }
}

impl Condition {
    /// Whether it holds on this schema; `None` where that can't be known.
    pub fn holds(&self, catalog: &Catalog) -> Option<bool> {
        if catalog.opaque.is_some() {
            return None;
        }
        let open = |name: &QName| catalog.doubt_within(name).is_some();
        // A table that is only assumed may well have a part that no script has named.
        let parts_open = |table: &Table| table.assumed || open(&table.name);
        let (found, is_open, exists) = match self {
            Self::Table { table, exists } => (catalog.tables.contains_key(table), open(table), exists),
            Self::Column { table: name, column, data_type, exists } => {
                let table = catalog.table(name);
                let fits = |column: &Column| data_type.as_ref().is_none_or(|wanted| **wanted == *type_name(&column.ty));
                let found = table.and_then(|table| table.column(column)).is_some_and(fits);
                (found, open(name) || !found && table.is_some_and(|table| table.assumed), exists)
            }
            Self::Type { name, exists } => {
                let is_it = |object: &Arc<Object>| object.name == *name;
                (catalog.enums.contains_key(name) || catalog.objects.values().any(is_it), open(name), exists)
            }
            Self::Constraint { table, name, kind, exists } => {
                let asked = || catalog.tables.values().filter(|t| table.as_ref().is_none_or(|name| t.name == *name));
                let is_it = |found: char| kind.is_none_or(|kind| kind == found);
                let found = asked().any(|table| constraint_kinds(table, name).any(is_it));
                (found, !found && asked().any(|table| parts_open(table)), exists)
            }
            Self::Relation { name, partial: Some(partial), exists } => {
                let tables = || catalog.tables.values().filter(|table| table.name.schema == name.schema);
                let mut indexes = tables().flat_map(|table| &table.indexes).filter(|index| index.name == name.name);
                let has_predicate = indexes.next().map(|index| index.predicate.is_some());
                // The index of a key has no predicate.
                let key = || tables().any(|table| has_key(table, &name.name)).then_some(false);
                let found = has_predicate.or_else(key) == Some(*partial);
                let is_open = open(name) || tables().any(|table| parts_open(table));
                (found, is_open, exists)
            }
            Self::Relation { name, partial: None, exists } => {
                let is_index = |t: &Table| {
                    t.name.schema == name.schema
                        && (t.indexes.iter().any(|index| index.name == name.name) || has_key(t, &name.name))
                };
                let is_it = |object: &Arc<Object>| object.name == *name;
                let found = catalog.tables.contains_key(name)
                    || catalog.sequences.contains_key(name)
                    || catalog.objects.values().any(is_it)
                    || catalog.tables.values().any(|table| is_index(table));
                let is_open = open(name) || !found && catalog.tables.values().any(|table| parts_open(table));
                (found, is_open, exists)
            }
        };
        (!is_open).then_some(found == *exists)
    }
}

/// A type as `information_schema` names it.
fn type_name(ty: &SqlType) -> String {
    match ty {
        SqlType::VarChar(_) => "character varying".to_owned(),
        SqlType::Char(_) => "character".to_owned(),
        SqlType::Numeric(..) => "numeric".to_owned(),
        SqlType::Bit { varying, .. } => if *varying { "bit varying" } else { "bit" }.to_owned(),
        SqlType::Interval { .. } => "interval".to_owned(),
        SqlType::Time { tz, .. } => SqlType::Time { precision: None, tz: *tz }.text(Dialect::PostgreSql).to_lowercase(),
        SqlType::Timestamp { tz, .. } => {
            SqlType::Timestamp { precision: None, tz: *tz }.text(Dialect::PostgreSql).to_lowercase()
        }
        SqlType::Array(_) => "ARRAY".to_owned(),
        SqlType::Enum(_) | SqlType::Named(..) => "USER-DEFINED".to_owned(),
        other => other.text(Dialect::PostgreSql).to_lowercase(),
    }
}

fn has_key(table: &Table, name: &Name) -> bool {
    table.primary_key.as_ref().is_some_and(|key| key.name.as_ref() == Some(name))
        || table.uniques.iter().any(|unique| unique.name.as_ref() == Some(name))
        || table.exclusions.iter().any(|exclusion| exclusion.name == *name)
}

/// What the constraints of that name are, as `pg_constraint.contype` says it.
fn constraint_kinds(table: &Table, name: &Name) -> impl Iterator<Item = char> {
    let is_it = |other: &Option<Name>| other.as_ref() == Some(name);
    let kinds = [
        ('p', table.primary_key.as_ref().is_some_and(|key| is_it(&key.name))),
        ('u', table.uniques.iter().any(|unique| is_it(&unique.name))),
        ('x', table.exclusions.iter().any(|exclusion| exclusion.name == *name)),
        ('f', table.foreign_keys.iter().any(|key| is_it(&key.name))),
        ('c', table.checks.iter().any(|check| is_it(&check.name))),
    ];
    kinds.into_iter().filter(|(_, found)| *found).map(|(kind, _)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::EnumType;

    #[test]
    fn a_guard_knows_what_it_does_not_know() {
        let mood = QName::new("mood");
        let guard = |otherwise| {
            let condition = Condition::Type { name: mood.clone(), exists: true };
            Guard { otherwise, ..Guard::on(condition) }
        };
        let mut catalog = Catalog::new(Dialect::PostgreSql);
        assert_eq!((guard(false).holds(&catalog), guard(true).holds(&catalog)), (Some(false), Some(true)));
        catalog.enums.insert(mood.clone(), Arc::new(EnumType { name: mood.clone(), values: Vec::new() }));
        assert_eq!((guard(false).holds(&catalog), guard(true).holds(&catalog)), (Some(true), Some(false)));
        catalog.uncertain.insert(mood.clone(), Arc::from("something touched it"));
        assert_eq!((guard(false).holds(&catalog), guard(true).holds(&catalog)), (None, None));
    }

    #[test]
    fn types_are_named_as_the_information_schema_names_them() {
        let tz = SqlType::Timestamp { precision: Some(3), tz: true };
        assert_eq!(type_name(&tz), "timestamp with time zone");
        assert_eq!(type_name(&SqlType::VarChar(Some(3))), "character varying");
        assert_eq!(type_name(&SqlType::Double), "double precision");
        assert_eq!(type_name(&SqlType::Enum(QName::new("mood"))), "USER-DEFINED");
    }
}
