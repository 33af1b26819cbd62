//! A schema as an entity-relationship diagram in Mermaid's language, which GitHub and GitLab draw.

use std::fmt::Write;

use super::plain::one_line;
use crate::report::changed_names;
use crate::schema::{Catalog, Column, QName, Table};

/// The whole schema.
pub fn schema_mermaid(catalog: &Catalog) -> String {
    let tables = || catalog.own_tables();
    diagram(tables().map(|table| entity(table, catalog, &Past::NotAsked)), tables().map(AsRef::as_ref))
}

/// What changed from one schema to the next: the tables that did, each column with what became of it.
pub fn changes_mermaid(before: &Catalog, after: &Catalog) -> String {
    let names = changed_names(before, after);
    let entities = names.iter().filter_map(|name| match (after.table(name), before.table(name)) {
        (Some(table), Some(old)) => Some(entity(table, after, &Past::Was(old))),
        (Some(table), None) => Some(entity(table, after, &Past::New)),
        (None, Some(gone)) => Some(dropped(gone, before)),
        (None, None) => None,
    });
    diagram(entities, names.iter().filter_map(|name| after.table(name).map(AsRef::as_ref)))
}

fn diagram<'t>(entities: impl Iterator<Item = String>, tables: impl Iterator<Item = &'t Table>) -> String {
    let mut out = "erDiagram\n".to_owned();
    entities.for_each(|entity| out.push_str(&entity));
    for table in tables {
        for key in &table.foreign_keys {
            let optional = key.columns.iter().any(|id| table.columns.iter().any(|c| c.id == *id && c.nullable));
            let parent = if optional { "|o" } else { "||" };
            let label = table.column_names(&key.columns).join(", ");
            let (from, to) = (quoted(&key.ref_table), quoted(&table.name));
            _ = writeln!(out, "    {from} {parent}--o{{ {to} : \"{}\"", plain(&label));
        }
    }
    out
}

/// What a table was before.
enum Past<'a> {
    /// That is not shown.
    NotAsked,
    /// It was not there.
    New,
    /// It was this.
    Was(&'a Table),
}

/// A table, whose columns say what became of them where its past is known.
fn entity(table: &Table, catalog: &Catalog, past: &Past<'_>) -> String {
    let mut out = format!("    {} {{\n", quoted(&table.name));
    for column in &table.columns {
        let note = match past {
            Past::NotAsked => None,
            Past::New => Some("new"),
            Past::Was(old) => match old.column(&column.name) {
                None => Some("new"),
                Some(was) => is_changed(was, column).then_some("changed"),
            },
        };
        attribute(&mut out, table, column, catalog, note);
    }
    if let Past::Was(old) = past {
        for column in old.columns.iter().filter(|column| table.column(&column.name).is_none()) {
            attribute(&mut out, old, column, catalog, Some("dropped"));
        }
    }
    out + "    }\n"
}

fn dropped(table: &Table, catalog: &Catalog) -> String {
    let mut out = format!("    {} {{\n", quoted(&table.name));
    for column in &table.columns {
        attribute(&mut out, table, column, catalog, Some("dropped"));
    }
    out + "    }\n"
}

fn is_changed(was: &Column, is: &Column) -> bool {
    (&was.ty, was.nullable, &was.default) != (&is.ty, is.nullable, &is.default)
}

fn attribute(out: &mut String, table: &Table, column: &Column, catalog: &Catalog, note: Option<&str>) {
    let primary = table.primary_key.iter().any(|key| key.columns.contains(&column.id));
    let foreign = table.foreign_keys.iter().any(|key| key.columns.contains(&column.id));
    let unique = table.uniques.iter().any(|unique| unique.columns == [column.id]);
    let keys: Vec<&str> =
        [(primary, "PK"), (foreign, "FK"), (unique, "UK")].iter().filter(|(is, _)| *is).map(|(_, key)| *key).collect();
    let null = if column.nullable || primary { None } else { Some("not null") };
    let notes: Vec<&str> = note.into_iter().chain(null).collect();
    let mut line = format!("        {} {}", word(&column.ty.text(catalog.dialect)), word(&column.name));
    if !keys.is_empty() {
        _ = write!(line, " {}", keys.join(", "));
    }
    if !notes.is_empty() {
        _ = write!(line, " \"{}\"", notes.join(", "));
    }
    _ = writeln!(out, "{line}");
}

/// The name of an entity.
fn quoted(name: &QName) -> String {
    format!("\"{}\"", plain(&name.to_string()))
}

/// Text between quotes.
fn plain(text: &str) -> String {
    one_line(text).replace('"', "'")
}

/// A type or a name, which Mermaid takes only as one word of these characters.
fn word(text: &str) -> String {
    let ok = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '(' | ')' | '[' | ']');
    let text: String = text.replace(", ", ",").chars().map(|c| if ok(c) { c } else { '_' }).collect();
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) { text } else { format!("x{text}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::Baseline;
    use crate::schema::Dialect;

    fn catalog(sql: &str) -> Catalog {
        Baseline::read(sql, Dialect::PostgreSql).database.catalog
    }

    const BEFORE: &str = "CREATE TABLE a (id int PRIMARY KEY, \"full name\" varchar(20), price numeric(10, 2));
        CREATE TABLE gone (x int);";
    const AFTER: &str =
        "CREATE SCHEMA s; CREATE TABLE a (id int PRIMARY KEY, price numeric(10, 2) NOT NULL, code text UNIQUE);
        CREATE TABLE s.b (a_id int NOT NULL REFERENCES a (id));";

    #[test]
    fn tables_columns_keys_and_references_are_drawn() {
        let expected = "erDiagram\n    \"a\" {\n        INTEGER id PK\n        NUMERIC(10_2) price \"not null\"\n        \
             TEXT code UK\n    }\n    \"s.b\" {\n        INTEGER a_id FK \"not null\"\n    }\n    \
             \"a\" ||--o{ \"s.b\" : \"a_id\"\n";
        assert_eq!(schema_mermaid(&catalog(AFTER)), expected);
    }

    #[test]
    fn changes_say_what_became_of_each_column() {
        let expected = "erDiagram\n    \"a\" {\n        INTEGER id PK\n        NUMERIC(10_2) price \"changed, not null\"\n        \
             TEXT code UK \"new\"\n        VARCHAR(20) full_name \"dropped\"\n    }\n    \"gone\" {\n        \
             INTEGER x \"dropped\"\n    }\n    \"s.b\" {\n        INTEGER a_id FK \"new, not null\"\n    }\n    \
             \"a\" ||--o{ \"s.b\" : \"a_id\"\n";
        assert_eq!(changes_mermaid(&catalog(BEFORE), &catalog(AFTER)), expected);
    }
}
