//! The tables of a state, each with what became of it since another.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use revproof_core::engine::Database;
use revproof_core::render::{TableLine, table_lines};
use revproof_core::schema::{Catalog, Column as CatalogColumn, QName, Table as CatalogTable};
use revproof_messages::{Column, Field, Line, Mark, Table};

use super::renames::Renames;
use super::rows;

/// Two states of one database.
pub(crate) struct Pair<'a> {
    pub(crate) before: &'a Database,
    pub(crate) after: &'a Database,
    pub(crate) renames: &'a Renames,
}

/// A table in both states; at least one of them is there.
pub(crate) struct TablePair<'a> {
    pub(crate) old: Option<&'a Arc<CatalogTable>>,
    pub(crate) new: Option<&'a Arc<CatalogTable>>,
    pub(crate) pair: &'a Pair<'a>,
}

impl<'a> Pair<'a> {
    /// The tables of both, in order of name.
    pub(crate) fn tables(&'a self) -> Vec<Table> {
        let (before, after) = (&self.before.catalog, &self.after.catalog);
        let mut tables: BTreeMap<&QName, TablePair<'a>> = BTreeMap::new();
        for new in after.own_tables() {
            let was = self.renames.before(&new.name);
            let old = before.tables.get(&was);
            tables.insert(&new.name, TablePair { old, new: Some(new), pair: self });
        }
        let lives_on: BTreeSet<&QName> = tables.values().filter_map(|t| t.old.map(|old| &old.name)).collect();
        for old in before.own_tables().filter(|old| !lives_on.contains(&old.name)) {
            tables.entry(&old.name).or_insert(TablePair { old: Some(old), new: None, pair: self });
        }
        tables.values().map(TablePair::show).collect()
    }

    /// Everything that is no table.
    pub(crate) fn others(&self) -> Vec<Line> {
        let (before, after) = (others(&self.before.catalog), others(&self.after.catalog));
        marked(&before, &after)
    }
}

impl TablePair<'_> {
    /// The columns, those that are gone at their old place: each as it was and as it is.
    pub(crate) fn columns(&self) -> Vec<(Option<&CatalogColumn>, Option<&CatalogColumn>)> {
        let news = self.new.map(|table| table.columns.as_slice()).unwrap_or_default();
        let was = |column: &CatalogColumn| match (self.old, self.new) {
            (Some(old), Some(new)) => self.pair.renames.column_before(old, new, column),
            _ => None,
        };
        let mut columns: Vec<_> = news.iter().map(|column| (was(column), Some(&**column))).collect();
        let olds = self.old.map(|table| table.columns.as_slice()).unwrap_or_default();
        for (at, old) in olds.iter().enumerate() {
            if columns.iter().any(|(was, _)| was.is_some_and(|was| was.id == old.id)) {
                continue;
            }
            // Behind the one that stood before it, or first.
            let left = at.checked_sub(1).and_then(|left| olds.get(left));
            let place = left.and_then(|left| {
                columns.iter().position(|(was, _)| was.is_some_and(|was| was.id == left.id)).map(|place| place + 1)
            });
            columns.insert(place.unwrap_or(0), (Some(&**old), None));
        }
        columns
    }

    fn is_same(&self) -> bool {
        matches!((self.old, self.new), (Some(old), Some(new)) if Arc::ptr_eq(old, new))
    }

    fn show(&self) -> Table {
        let name = self.new.or(self.old).map(|table| table.name.to_string()).unwrap_or_default();
        let columns: Vec<Column> = self.columns().into_iter().map(|(old, new)| self.column(old, new)).collect();
        let lines = |table: Option<&Arc<CatalogTable>>| table.map(|table| parts(table)).unwrap_or_default();
        let lines = marked(&lines(self.old), &lines(self.new));
        let was = match (self.old, self.new) {
            (Some(old), Some(new)) if old.name != new.name => Some(old.name.to_string()),
            _ => None,
        };
        let changed = || {
            let comments = |table: Option<&Arc<CatalogTable>>| table.and_then(|table| table.comment.clone());
            was.is_some()
                || columns.iter().any(|column| column.mark != Mark::Same)
                || lines.iter().any(|line| line.mark != Mark::Same)
                || comments(self.old) != comments(self.new)
        };
        let mark = match (self.old, self.new) {
            (None, Some(_)) => Mark::New,
            (_, None) => Mark::Gone,
            _ if self.is_same() => Mark::Same,
            _ if changed() => Mark::Changed,
            _ => Mark::Same,
        };
        let assumed = self.new.or(self.old).is_some_and(|table| table.assumed);
        Table { name, mark, was, assumed, columns, lines, rows: rows::rows(self) }
    }

    fn column(&self, old: Option<&CatalogColumn>, new: Option<&CatalogColumn>) -> Column {
        let (pair, dialect) = (self.pair, self.pair.after.catalog.dialect);
        let Some(shown) = new.or(old) else { return Column::default() };
        let table = if new.is_some() { self.new } else { self.old };
        let was = match (old, new) {
            (Some(old), Some(new)) if old != new => fields(old, new, pair),
            _ => Vec::new(),
        };
        let mark = match (old, new) {
            (None, _) => Mark::New,
            (_, None) => Mark::Gone,
            _ if was.is_empty() => Mark::Same,
            _ => Mark::Changed,
        };
        Column {
            name: shown.name.to_string(),
            type_text: shown.ty.text(dialect),
            nullable: shown.nullable,
            default: default(shown),
            keys: table.map(|table| keys(table, shown)).unwrap_or_default(),
            mark,
            was,
        }
    }
}

/// What of a column changed.
fn fields(old: &CatalogColumn, new: &CatalogColumn, pair: &Pair<'_>) -> Vec<Field> {
    let (from, to) = (pair.before.catalog.dialect, pair.after.catalog.dialect);
    let nullable = |column: &CatalogColumn| if column.nullable { "nullable" } else { "not null" }.to_owned();
    let none = || "none".to_owned();
    let each = [
        ("name", old.name.to_string(), new.name.to_string()),
        ("type", old.ty.text(from), new.ty.text(to)),
        ("nullable", nullable(old), nullable(new)),
        ("default", default(old).unwrap_or_else(none), default(new).unwrap_or_else(none)),
        (
            "comment",
            old.comment.as_deref().unwrap_or("none").to_owned(),
            new.comment.as_deref().unwrap_or("none").to_owned(),
        ),
        (
            "collation",
            old.collation.as_deref().unwrap_or("default").to_owned(),
            new.collation.as_deref().unwrap_or("default").to_owned(),
        ),
    ];
    let changed = each.into_iter().filter(|(_, was, is)| was != is);
    changed.map(|(name, was, _)| Field { name: name.to_owned(), was }).collect()
}

fn default(column: &CatalogColumn) -> Option<String> {
    if let Some(computed) = &column.computed {
        return Some(format!("generated as ({})", computed.expression));
    }
    if column.identity.is_some() {
        return Some("generated as identity".to_owned());
    }
    if column.autoincrement {
        return Some("auto-increment".to_owned());
    }
    column.default.as_deref().map(str::to_owned)
}

/// What a column is part of.
fn keys(table: &CatalogTable, column: &CatalogColumn) -> Vec<String> {
    let mut keys = Vec::new();
    if table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.id)) {
        keys.push("PK".to_owned());
    }
    for key in &table.foreign_keys {
        let own = key.columns.iter().zip(&key.ref_columns).filter(|(id, _)| **id == column.id);
        keys.extend(own.map(|(_, referenced)| format!("FK {}.{referenced}", key.ref_table)));
    }
    let unique = table.uniques.iter().any(|unique| unique.columns == [column.id]);
    let by_index = table.indexes.iter().any(|index| {
        index.unique
            && index.predicate.is_none()
            && matches!(index.parts.as_slice(), [only] if only.column == Some(column.id))
    });
    if unique || by_index {
        keys.push("UNIQUE".to_owned());
    }
    keys
}

/// Something that one line says all about: what it is known by, and the line.
type Known = (String, String);

fn parts(table: &CatalogTable) -> Vec<Known> {
    let key = |line: &TableLine| format!("{} {}", line.kind, line.name.as_deref().unwrap_or(&line.text));
    table_lines(table).into_iter().map(|line| (key(&line), line.text)).collect()
}

fn others(catalog: &Catalog) -> Vec<Known> {
    let enums = catalog.enums.values().map(|ty| {
        let values: Vec<String> = ty.values.iter().map(|value| format!("'{value}'")).collect();
        (format!("type {}", ty.name), format!("type {} as enum ({})", ty.name, values.join(", ")))
    });
    let free = catalog.sequences.values().filter(|sequence| sequence.owner.is_none());
    let sequences = free.map(|sequence| (format!("sequence {}", sequence.name), format!("sequence {}", sequence.name)));
    let objects = catalog.objects.values().map(|object| {
        let key = format!("{} {}", object.kind.noun(), object.name);
        let text = if object.definition.is_empty() { key.clone() } else { format!("{key}: {}", object.definition) };
        (key, text)
    });
    enums.chain(sequences).chain(objects).collect()
}

/// The lines of both, those that are gone behind the one that stood before them.
fn marked(before: &[Known], after: &[Known]) -> Vec<Line> {
    let mut lines: Vec<(&str, Line)> = Vec::new();
    for (key, text) in after {
        let was = before.iter().find(|(other, _)| other == key);
        let (mark, was) = match was {
            None => (Mark::New, None),
            Some((_, was)) if was == text => (Mark::Same, None),
            Some((_, was)) => (Mark::Changed, Some(was.clone())),
        };
        lines.push((key, Line { text: text.clone(), mark, was }));
    }
    for (at, (key, text)) in before.iter().enumerate() {
        if after.iter().any(|(other, _)| other == key) {
            continue;
        }
        let left = at.checked_sub(1).and_then(|left| before.get(left));
        let place = left.and_then(|(left, _)| lines.iter().position(|(key, _)| key == left)).map(|place| place + 1);
        lines.insert(place.unwrap_or(0), (key, Line { text: text.clone(), mark: Mark::Gone, was: None }));
    }
    lines.into_iter().map(|(_, line)| line).collect()
}
