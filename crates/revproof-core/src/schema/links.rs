//! [`Links`]: the catalog's registers, so that no question about a name needs a walk over all tables.

use imbl::{OrdMap, OrdSet};

use super::dialect::Dialect;
use super::name::{Name, QName};
use super::table::Table;
use super::text::nextval_sequence;
use super::types::SqlType;

/// What a table refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// A table, by a foreign key.
    Table,
    /// A type, by a column.
    Type,
    /// A sequence, by a default.
    Sequence,
}

/// Registers of names and references, derived from the tables.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Links {
    /// Folded index name to table.
    indexes: OrdMap<QName, QName>,
    /// Folded table name to table, where the dialect folds.
    folded: OrdMap<QName, QName>,
    /// What is referred to, and by which table.
    users: OrdSet<(Target, QName, QName)>,
}

impl Links {
    pub(crate) fn table(&self, name: &QName, dialect: Dialect) -> Option<&QName> {
        if dialect == Dialect::Sqlite { self.folded.get(&fold(name)) } else { None }
    }

    pub(crate) fn index_owner(&self, index: &QName, dialect: Dialect) -> Option<&QName> {
        match dialect {
            Dialect::Sqlite => self.indexes.get(&fold(index)),
            _ => self.indexes.get(index),
        }
    }

    pub(crate) fn users(&self, target: Target, of: &QName) -> Vec<QName> {
        let nothing = QName::new("");
        self.users
            .range((target, of.clone(), nothing)..)
            .take_while(|(kind, name, _)| *kind == target && name == of)
            .map(|(_, _, user)| user.clone())
            .collect()
    }

    /// Brings the registers from one state of a table to another.
    pub(crate) fn replace(&mut self, old: Option<&Table>, new: Option<&Table>, dialect: Dialect) {
        if dialect == Dialect::Sqlite {
            let (was, is) = (old.map(|t| &t.name), new.map(|t| &t.name));
            if was != is {
                was.map(|name| self.folded.remove(&fold(name)));
                is.map(|name| self.folded.insert(fold(name), name.clone()));
            }
        }
        let renamed = old.map(|t| &t.name) != new.map(|t| &t.name);
        if renamed || !index_names(old, dialect).eq(index_names(new, dialect)) {
            let (was, is): (Vec<_>, Vec<_>) =
                (index_names(old, dialect).collect(), index_names(new, dialect).collect());
            if let Some(table) = old {
                for name in was.iter().filter(|name| renamed || !is.contains(name)) {
                    self.indexes.remove(&index_name(table, name, dialect));
                }
            }
            if let Some(table) = new {
                for name in is.iter().filter(|name| renamed || !was.contains(name)) {
                    self.indexes.insert(index_name(table, name, dialect), table.name.clone());
                }
            }
        }
        if renamed || !refer_alike(old, new) {
            let (was, is) = (references(old), references(new));
            if let Some(table) = old {
                for (target, name) in was.iter().filter(|one| renamed || !is.contains(one)) {
                    self.users.remove(&(*target, name.clone(), table.name.clone()));
                }
            }
            if let Some(table) = new {
                for (target, name) in is.into_iter().filter(|one| renamed || !was.contains(one)) {
                    self.users.insert((target, name, table.name.clone()));
                }
            }
        }
    }
}

/// The names of a table's indexes, as far as they are names of the schema too.
fn index_names(table: Option<&Table>, dialect: Dialect) -> impl Iterator<Item = &Name> {
    let indexes = table.filter(|_| dialect != Dialect::MySql).into_iter().flat_map(|table| &table.indexes);
    let constrained = table.filter(|_| dialect == Dialect::PostgreSql).into_iter().flat_map(|table| {
        let keys = table.primary_key.iter().filter_map(|key| key.name.as_ref());
        let uniques = table.uniques.iter().filter_map(|unique| unique.name.as_ref());
        keys.chain(uniques).chain(table.exclusions.iter().map(|exclusion| &exclusion.name))
    });
    indexes.map(|index| &index.name).chain(constrained)
}

/// The name that an index of a table takes in the schema.
fn index_name(table: &Table, index: &Name, dialect: Dialect) -> QName {
    let name = table.name.sibling(index.clone());
    if dialect == Dialect::Sqlite { fold(&name) } else { name }
}

/// Whether what two states of a table refer to is plainly the same.
fn refer_alike(old: Option<&Table>, new: Option<&Table>) -> bool {
    let (Some(old), Some(new)) = (old, new) else { return false };
    let keys = old.foreign_keys.iter().map(|key| &key.ref_table);
    keys.eq(new.foreign_keys.iter().map(|key| &key.ref_table)) && referring(old).eq(referring(new))
}

/// The types and defaults of the columns that may refer to something.
fn referring(table: &Table) -> impl Iterator<Item = (Option<&QName>, Option<&str>)> {
    let columns = table.columns.iter().map(|column| {
        let draws = column.default.as_deref().filter(|default| default.starts_with("nextval("));
        (named_type(&column.ty), draws)
    });
    columns.filter(|refers| *refers != (None, None))
}

fn references(table: Option<&Table>) -> Vec<(Target, QName)> {
    let Some(table) = table else { return Vec::new() };
    let keys = table.foreign_keys.iter().map(|key| (Target::Table, key.ref_table.clone()));
    let columns = table.columns.iter().flat_map(|column| {
        let sequence = column.default.as_deref().and_then(nextval_sequence).map(|name| (Target::Sequence, name));
        named_type(&column.ty).map(|name| (Target::Type, name.clone())).into_iter().chain(sequence)
    });
    keys.chain(columns).collect()
}

/// The type by name that a column type rests on.
pub(crate) fn named_type(ty: &SqlType) -> Option<&QName> {
    match ty {
        SqlType::Enum(name) | SqlType::Named(name, _) => Some(name),
        SqlType::Array(element) => named_type(element),
        _ => None,
    }
}

fn fold(name: &QName) -> QName {
    let plain = |text: &str| !text.bytes().any(|b| b.is_ascii_uppercase());
    if plain(&name.name) {
        return name.clone();
    }
    name.sibling(name.name.to_ascii_lowercase())
}
