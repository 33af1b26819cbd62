//! DDL is tested as SQL text: a script runs statement by statement, and what stands at its end is held against a
//! compact print of the catalog. A refused statement prints as `! ` and its message.

mod batch;
mod differences;
mod mysql;
mod postgresql;
mod postgresql_types;
mod reflected;
mod sqlite;
mod uncertain;

use std::fmt::Write as _;

use super::{Changed, apply};
use crate::op::{OpKind, Outcome};
use crate::schema::{Catalog, Dialect, ReferentialAction, Table};
use crate::sql::{Statement, split};

/// Runs a script on an empty database and compares what it leaves, and what it was refused, with `expected`.
#[track_caller]
fn check(dialect: Dialect, script: &str, expected: &str) {
    let mut catalog = Catalog::empty(dialect);
    let refusals = run(&mut catalog, script);
    let seen = format!("{refusals}{}", printed(&catalog));
    assert_eq!(dedented(expected), seen.trim_end(), "\n--- seen ---\n{seen}");
}

/// Runs a script; returns the refusals.
fn run(catalog: &mut Catalog, script: &str) -> String {
    let mut out = String::new();
    for kind in operations(script, catalog.dialect) {
        if let Err(failure) = apply(catalog, &kind) {
            let doubt = if failure.doubt.is_some() { "? " } else { "" };
            let _ = writeln!(out, "! {doubt}{}", failure.message);
        }
    }
    out
}

/// The operations of a script.
fn operations(script: &str, dialect: Dialect) -> Vec<OpKind> {
    let mut out = Vec::new();
    for part in split(script, dialect) {
        match part.statement {
            Statement::Ddl(operations) => out.extend(operations),
            other => panic!("no DDL: {other:?}"),
        }
    }
    out
}

/// Applies the last statement of a script and returns what rows need of it.
fn last(dialect: Dialect, script: &str) -> Outcome<Changed> {
    let mut catalog = Catalog::empty(dialect);
    let mut all = operations(script, dialect);
    let last = all.pop().expect("a script has a last statement");
    for kind in all {
        apply(&mut catalog, &kind)?;
    }
    apply(&mut catalog, &last)
}

fn dedented(text: &str) -> String {
    let lines: Vec<&str> = text.lines().skip_while(|line| line.trim().is_empty()).collect();
    let indent = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let lines: Vec<&str> = lines.iter().map(|line| line.get(indent..).unwrap_or_default()).collect();
    lines.join("\n").trim_end().to_owned()
}

fn printed(catalog: &Catalog) -> String {
    let mut out = String::new();
    for table in catalog.tables.values() {
        print_table(&mut out, table, catalog.dialect);
    }
    for ty in catalog.enums.values() {
        let _ = writeln!(out, "type {}: {}", ty.name, ty.values.join(", "));
    }
    for sequence in catalog.sequences.values() {
        let owner = sequence.owner.as_ref().map_or_else(String::new, |owner| format!(" of {owner}"));
        let _ = writeln!(out, "sequence {}{owner}", sequence.name);
    }
    for (kind, name) in catalog.objects.keys() {
        let _ = writeln!(out, "{kind:?} {name}");
    }
    out
}

fn print_table(out: &mut String, table: &Table, dialect: Dialect) {
    let assumed = if table.assumed { " (assumed)" } else { "" };
    let _ = writeln!(out, "table {}{assumed}", table.name);
    for column in &table.columns {
        let null = if column.nullable { "" } else { " not null" };
        let default = column.default.as_ref().map_or_else(String::new, |default| format!(" = {default}"));
        let identity = if column.identity.is_some() { " identity" } else { "" };
        let _ = writeln!(out, "  {} {}{null}{default}{identity}", column.name, column.ty.text(dialect));
    }
    let columns = |ids: &[crate::schema::ColumnId]| table.column_names(ids).join(", ");
    let name = |name: &Option<crate::schema::Name>| name.as_deref().unwrap_or("-").to_owned();
    if let Some(key) = &table.primary_key {
        let _ = writeln!(out, "  primary key {} ({})", name(&key.name), columns(&key.columns));
    }
    for unique in &table.uniques {
        let _ = writeln!(out, "  unique {} ({})", name(&unique.name), columns(&unique.columns));
    }
    for key in &table.foreign_keys {
        let delete = if key.on_delete == ReferentialAction::Cascade { " on delete cascade" } else { "" };
        let (own, other) = (columns(&key.columns), key.ref_columns.join(", "));
        let _ = writeln!(out, "  foreign key {} ({own}) to {} ({other}){delete}", name(&key.name), key.ref_table);
    }
    for check in &table.checks {
        let _ = writeln!(out, "  check {}: {}", name(&check.name), check.condition);
    }
    for index in &table.indexes {
        let unique = if index.unique { "unique " } else { "" };
        let parts: Vec<String> = index
            .parts
            .iter()
            .map(|part| part.column.map_or_else(|| name(&part.expression), |id| table.column_name(id).to_string()))
            .collect();
        let predicate = index.predicate.as_ref().map_or_else(String::new, |predicate| format!(" where {predicate}"));
        let _ = writeln!(out, "  {unique}index {} ({}){predicate}", index.name, parts.join(", "));
    }
}
