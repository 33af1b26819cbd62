//! A schema, for reading: a block per table.

use std::fmt::Write;

use super::plain::one_line;
use crate::report::changed_names;
use crate::schema::{Catalog, Column, ColumnId, ForeignKey, Index, Name, QName, Table};

/// The whole schema.
pub fn schema_text(catalog: &Catalog) -> String {
    let mut blocks: Vec<String> = catalog.own_tables().map(|t| table(t, catalog)).collect();
    blocks.extend(catalog.enums.values().map(|e| {
        let values: Vec<String> = e.values.iter().map(|v| format!("'{}'", one_line(v))).collect();
        format!("enum {}\n  {}\n", one_line(&e.name.to_string()), values.join(", "))
    }));
    let free = catalog.sequences.values().filter(|s| s.owner.is_none());
    blocks.extend(free.map(|s| format!("sequence {}\n", one_line(&s.name.to_string()))));
    blocks.extend(catalog.objects.values().map(|o| format!("{}\n", one_line(&o.definition))));
    blocks.extend(doubts(catalog));
    blocks.join("\n")
}

/// What changed from one schema to the next: each table as it is now, or that it is gone.
pub fn changes_text(before: &Catalog, after: &Catalog) -> String {
    let blocks: Vec<String> = changed_names(before, after).iter().map(|name| change(name, after)).collect();
    blocks.join("\n")
}

fn change(name: &QName, after: &Catalog) -> String {
    match after.table(name) {
        Some(t) => table(t, after),
        None => format!("{} is dropped\n", one_line(&name.to_string())),
    }
}

fn doubts(catalog: &Catalog) -> Option<String> {
    let tables = catalog.uncertain.iter().map(|(name, why)| format!("{name}: {why}"));
    let all = catalog.opaque.iter().map(|why| format!("anything: {why}"));
    let lines: Vec<String> = tables.chain(all).map(|line| format!("  {}\n", one_line(&line))).collect();
    (!lines.is_empty()).then(|| format!("not certain\n{}", lines.concat()))
}

fn table(table: &Table, catalog: &Catalog) -> String {
    let mut out = format!("{}\n", one_line(&table.name.to_string()));
    let types: Vec<String> = table.columns.iter().map(|c| c.ty.text(catalog.dialect)).collect();
    let widest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or_default().min(40);
    let names = widest(&mut table.columns.iter().map(|c| c.name.chars().count()));
    let width = widest(&mut types.iter().map(|t| t.chars().count()));
    for (column, ty) in table.columns.iter().zip(&types) {
        let line = format!("  {:names$}  {ty:width$}  {}", one_line(&column.name), facts(column).join(", "));
        _ = writeln!(out, "{}", line.trim_end());
    }
    for line in table.comment.iter().map(|text| format!("comment '{text}'")).chain(constraints(table)) {
        _ = writeln!(out, "  {}", one_line(&line));
    }
    out
}

fn facts(column: &Column) -> Vec<String> {
    let mut facts = Vec::new();
    if !column.nullable {
        facts.push("not null".to_owned());
    }
    facts.extend(column.default.iter().map(|default| format!("default {}", one_line(default))));
    facts.extend(column.identity.iter().map(|_| "identity".to_owned()));
    facts.extend(column.computed.iter().map(|c| format!("computed {}", one_line(&c.expression))));
    facts.extend(column.comment.iter().map(|c| format!("comment '{}'", one_line(c))));
    facts
}

/// A constraint or an index of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableLine {
    /// What kind it is: `primary key`, `unique`, `foreign key`, `check`, `exclude` or `index`.
    pub kind: &'static str,
    /// Its name; SQLite's constraints may have none.
    pub name: Option<Name>,
    /// All about it, kind and name included.
    pub text: String,
}

/// The constraints and indexes of a table, a line each.
pub fn table_lines(table: &Table) -> Vec<TableLine> {
    let columns = |ids: &[ColumnId]| table.column_names(ids).join(", ");
    let named = |kind: &str, name: Option<&str>| name.map_or_else(|| kind.to_owned(), |name| format!("{kind} {name}"));
    let line = |kind: &'static str, name: Option<&Name>, rest: String| TableLine {
        kind,
        name: name.cloned(),
        text: format!("{} {rest}", named(kind, name.map(|name| &**name))),
    };
    let mut lines = Vec::new();
    let primary = table.primary_key.iter();
    lines.extend(primary.map(|k| line("primary key", k.name.as_ref(), format!("({})", columns(&k.columns)))));
    let uniques = table.uniques.iter();
    lines.extend(uniques.map(|u| line("unique", u.name.as_ref(), format!("({})", columns(&u.columns)))));
    lines.extend(table.foreign_keys.iter().map(|k| line("foreign key", k.name.as_ref(), foreign_key(table, k))));
    lines.extend(table.checks.iter().map(|c| line("check", c.name.as_ref(), c.condition.to_string())));
    lines.extend(table.exclusions.iter().map(|e| line("exclude", Some(&e.name), e.definition.to_string())));
    lines.extend(table.indexes.iter().map(|i| TableLine {
        kind: "index",
        name: Some(i.name.clone()),
        text: index(table, i),
    }));
    lines
}

fn constraints(table: &Table) -> Vec<String> {
    table_lines(table).into_iter().map(|line| line.text).collect()
}

fn foreign_key(table: &Table, key: &ForeignKey) -> String {
    let columns = table.column_names(&key.columns).join(", ");
    format!("({columns}) references {} ({})", key.ref_table, key.ref_columns.join(", "))
}

fn index(table: &Table, index: &Index) -> String {
    let unique = if index.unique { "unique " } else { "" };
    let using = index.using.as_deref().map(|u| format!(" using {u}")).unwrap_or_default();
    let predicate = index.predicate.as_deref().map(|p| format!(" where {p}")).unwrap_or_default();
    let parts: Vec<String> = index
        .parts
        .iter()
        .map(|part| {
            let what = part.column.map_or_else(
                || part.expression.as_deref().unwrap_or("?").to_owned(),
                |id| table.column_name(id).to_string(),
            );
            part.suffix.as_deref().map_or_else(|| what.clone(), |suffix| format!("{what} {suffix}"))
        })
        .collect();
    format!("{unique}index {}{using} ({}){predicate}", index.name, parts.join(", "))
}
