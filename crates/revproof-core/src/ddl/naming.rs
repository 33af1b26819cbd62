//! The names that servers give to what has none.

use crate::schema::{Catalog, ColumnId, Dialect, Name, QName, Table};

/// PostgreSQL's limit, without the closing zero byte.
const LONGEST: usize = 63;

/// PostgreSQL's `makeObjectName`: two names and a label, the longer of the names shortened until all fits.
pub(super) fn object_name(name1: &str, name2: Option<&str>, label: &str) -> String {
    let overhead = label.len() + 1 + usize::from(name2.is_some());
    let available = LONGEST.saturating_sub(overhead);
    let (mut first, mut second) = (name1.len(), name2.map_or(0, str::len));
    while first + second > available {
        if first > second { first -= 1 } else { second -= 1 }
    }
    let mut out = clip(name1, first).to_owned();
    if let Some(name2) = name2 {
        out.push('_');
        out.push_str(clip(name2, second));
    }
    out.push('_');
    out.push_str(label);
    out
}

/// An explicit name as the server stores it.
pub(super) fn stored(name: &str, dialect: Dialect) -> Name {
    Name::from(if dialect == Dialect::PostgreSql { clip(name, LONGEST) } else { name })
}

/// At most `length` bytes, never half a character.
fn clip(name: &str, length: usize) -> &str {
    let mut length = length.min(name.len());
    while !name.is_char_boundary(length) {
        length -= 1;
    }
    name.get(..length).unwrap_or_default()
}

/// Column names joined with underscores, as far as they count (`ChooseIndexNameAddition`).
pub(super) fn joined<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = String::new();
    for name in names {
        if !out.is_empty() {
            out.push('_');
        }
        out.push_str(name);
        if out.len() > LONGEST {
            break;
        }
    }
    clip(&out, LONGEST).to_owned()
}

/// A free name for an index, or a constraint with an index behind it, of a table (`ChooseRelationName`).
pub(super) fn free_relation(catalog: &Catalog, table: &Table, columns: Option<&str>, label: &str) -> Name {
    free(&table.name.name, columns, label, |name| relation_taken(catalog, table, name) || constraint_taken(table, name))
}

/// A free name for a check or a foreign key of a table (`ChooseConstraintName`): free in the whole schema, although
/// a name that the script chose only has to be free in the table.
pub(super) fn free_constraint(catalog: &Catalog, table: &Table, columns: Option<&str>, label: &str) -> Name {
    let others = || catalog.tables.values().filter(|other| other.name.schema == table.name.schema);
    free(&table.name.name, columns, label, |name| {
        constraint_taken(table, name) || others().any(|other| other.name != table.name && constraint_taken(other, name))
    })
}

fn free(first: &str, second: Option<&str>, label: &str, taken: impl Fn(&str) -> bool) -> Name {
    let mut name = object_name(first, second, label);
    let mut pass = 0_u32;
    while taken(&name) {
        pass += 1;
        name = object_name(first, second, &format!("{label}{pass}"));
    }
    Name::from(name)
}

/// Whether a table, index, sequence or view of that name stands in the table's schema; `table` itself may not be in
/// the catalog yet.
pub(super) fn relation_taken(catalog: &Catalog, table: &Table, name: &str) -> bool {
    *table.name.name == *name
        || table.indexes.iter().any(|index| &*index.name == name)
        || key_names(table).any(|key| &**key == name)
        || catalog.relation(&table.name.sibling(name)).is_some()
}

/// Whether a table has a constraint of that name.
pub(super) fn constraint_taken(table: &Table, name: &str) -> bool {
    key_names(table).any(|key| &**key == name)
        || table.foreign_keys.iter().any(|key| key.name.as_deref() == Some(name))
        || table.checks.iter().any(|check| check.name.as_deref() == Some(name))
}

fn key_names(table: &Table) -> impl Iterator<Item = &Name> {
    let primary = table.primary_key.iter().filter_map(|key| key.name.as_ref());
    let uniques = table.uniques.iter().filter_map(|unique| unique.name.as_ref());
    primary.chain(uniques).chain(table.exclusions.iter().map(|exclusion| &exclusion.name))
}

/// The name of the sequence behind a serial or identity column.
pub(super) fn sequence_name(catalog: &Catalog, table: &Table, column: &str) -> QName {
    let name = free(&table.name.name, Some(column), "seq", |name| relation_taken(catalog, table, name));
    table.name.sibling(name)
}

/// The name that an unnamed unique constraint gets.
pub(super) fn unique(catalog: &Catalog, table: &Table, columns: &[ColumnId]) -> Option<Name> {
    let names = table.column_names(columns);
    match catalog.dialect {
        Dialect::PostgreSql => {
            let joined = joined(names.iter().map(|name| &**name));
            Some(free_relation(catalog, table, Some(&joined), "key"))
        }
        Dialect::Sqlite => None,
        Dialect::MySql => Some(mysql_key(table, names.first()?)),
    }
}

/// A MySQL index is named after its first column: `email`, `email_2`, …
pub(super) fn mysql_key(table: &Table, column: &str) -> Name {
    let taken = |name: &str| {
        table.indexes.iter().any(|index| index.name.eq_ignore_ascii_case(name))
            || table.uniques.iter().any(|u| u.name.as_deref().is_some_and(|n| n.eq_ignore_ascii_case(name)))
    };
    if !taken(column) {
        return Name::from(column);
    }
    let mut number = 2_u32;
    while taken(&format!("{column}_{number}")) {
        number += 1;
    }
    Name::from(format!("{column}_{number}"))
}

/// The name that an unnamed foreign key gets.
pub(super) fn foreign_key(catalog: &Catalog, table: &Table, columns: &[ColumnId]) -> Option<Name> {
    match catalog.dialect {
        Dialect::PostgreSql => {
            let names = table.column_names(columns);
            let joined = joined(names.iter().map(|name| &**name));
            Some(free_constraint(catalog, table, Some(&joined), "fkey"))
        }
        Dialect::Sqlite => None,
        Dialect::MySql => {
            let names = table.foreign_keys.iter().filter_map(|key| key.name.as_deref());
            Some(mysql_numbered(&table.name.name, "ibfk", names))
        }
    }
}

/// The name that an unnamed check gets.
pub(super) fn check(catalog: &Catalog, table: &Table, columns: &[ColumnId]) -> Option<Name> {
    match catalog.dialect {
        Dialect::PostgreSql => {
            let column = if let [only] = columns { Some(table.column_name(*only)) } else { None };
            Some(free_constraint(catalog, table, column.as_deref(), "check"))
        }
        Dialect::Sqlite => None,
        Dialect::MySql => {
            let names = table.checks.iter().filter_map(|check| check.name.as_deref());
            Some(mysql_numbered(&table.name.name, "chk", names))
        }
    }
}

/// MySQL numbers on from the highest number in use.
fn mysql_numbered<'a>(table: &str, label: &str, names: impl Iterator<Item = &'a str>) -> Name {
    let prefix = format!("{table}_{label}_");
    let highest = names.filter_map(|name| name.strip_prefix(&prefix)?.parse::<u32>().ok()).max().unwrap_or(0);
    Name::from(format!("{prefix}{}", highest.saturating_add(1)))
}
