//! SQL that brings the rows of revproof's to a real database: what it made up between two revisions, and what it set
//! aside in a run.

use std::sync::Arc;

use revproof_core::engine::{Database, StoredRow};
use revproof_core::op::Datum;
use revproof_core::schema::{Column, Dialect, QName, SqlType, Table};

use crate::cell;

/// Statements that lead from the rows of one database to those of another, which has rows and values more.
pub(crate) fn seeding(from: Option<&Database>, to: &Database) -> Vec<String> {
    let mut statements = Vec::new();
    for table in to.catalog.own_tables() {
        let before = from.map(|db| db.stored_rows(&table.name)).unwrap_or_default();
        // PostgreSQL puts a row that is updated behind the others: all are, or they would change places.
        let updates =
            |row: &StoredRow| before.iter().any(|known| known.number == row.number && known.cells != row.cells);
        let all = to.catalog.dialect == Dialect::PostgreSql && to.stored_rows(&table.name).iter().any(updates);
        for row in to.stored_rows(&table.name) {
            match before.iter().find(|known| known.number == row.number) {
                None => statements.push(insert(table, &row, to.catalog.dialect)),
                Some(known) if known.cells == row.cells && !all => {}
                Some(known) => statements.push(update(table, known, &row, to.catalog.dialect)),
            }
        }
    }
    statements
}

/// Statements that take rows away, named by their numbers.
pub(crate) fn taking_away(db: &Database, rows: &[(QName, i64)]) -> Vec<String> {
    let mut statements = Vec::new();
    for table in db.catalog.own_tables() {
        // Its table may have had another name when the row was set aside; its number it keeps.
        let stored = db.stored_rows(&table.name);
        for row in stored.iter().filter(|row| rows.iter().any(|(_, number)| *number == row.number)) {
            let place = place(table, row, db.catalog.dialect);
            statements.push(format!("DELETE FROM {} WHERE {place}", table_name(&table.name)));
        }
    }
    statements
}

fn insert(table: &Table, row: &StoredRow, dialect: Dialect) -> String {
    let given = table.columns.iter().zip(&row.cells).filter(|(column, _)| column.computed.is_none());
    let (columns, values): (Vec<String>, Vec<String>) =
        given.filter_map(|(column, datum)| Some((cell::name(&column.name), cell::literal(datum, dialect)?))).unzip();
    let overriding = if dialect == Dialect::PostgreSql { " OVERRIDING SYSTEM VALUE" } else { "" };
    if columns.is_empty() {
        return format!("INSERT INTO {} DEFAULT VALUES", table_name(&table.name));
    }
    let (columns, values) = (columns.join(", "), values.join(", "));
    format!("INSERT INTO {} ({columns}){overriding} VALUES ({values})", table_name(&table.name))
}

fn update(table: &Table, known: &StoredRow, row: &StoredRow, dialect: Dialect) -> String {
    let changed = table.columns.iter().zip(known.cells.iter().zip(&row.cells));
    let changed = changed.filter(|(column, (old, new))| column.computed.is_none() && old != new);
    let mut set: Vec<String> = changed
        .filter_map(|(column, (_, new))| {
            Some(format!("{} = {}", cell::name(&column.name), cell::literal(new, dialect)?))
        })
        .collect();
    let plain = table.columns.iter().find(|column| column.computed.is_none() && column.identity.is_none());
    if let (true, Some(column)) = (set.is_empty(), plain) {
        set.push(format!("{0} = {0}", cell::name(&column.name)));
    }
    format!("UPDATE {} SET {} WHERE {}", table_name(&table.name), set.join(", "), place(table, known, dialect))
}

/// A condition that holds for one row with these values.
fn place(table: &Table, row: &StoredRow, dialect: Dialect) -> String {
    // Which number a row was given may differ from one database to the other: it only tells rows apart that are alike.
    let is_key = |column: &Column| table.primary_key.as_ref().is_some_and(|key| *key.columns == [column.id]);
    let counted = |column: &Column| match dialect {
        Dialect::Sqlite => column.ty == SqlType::Integer && is_key(column),
        _ => column.default.as_deref().is_some_and(|default| default.starts_with("nextval(")),
    };
    let known = table.columns.iter().zip(&row.cells).filter(|(column, _)| column.computed.is_none());
    let (counted, fixed): (Vec<_>, Vec<_>) = known.partition(|(column, _)| counted(column));
    let told = |known: Vec<(&Arc<Column>, &Datum)>| -> Vec<String> {
        known.into_iter().filter_map(|(column, datum)| same(column, datum, dialect)).collect()
    };
    let (fixed, counted) = (told(fixed), told(counted));
    let fixed = if fixed.is_empty() { "true".to_owned() } else { fixed.join(" AND ") };
    let first = if counted.is_empty() { String::new() } else { format!(" ORDER BY {} DESC", counted.join(" AND ")) };
    let key = if dialect == Dialect::PostgreSql { "ctid" } else { "rowid" };
    let name = table_name(&table.name);
    format!("{key} = (SELECT {key} FROM {name} WHERE {fixed}{first} LIMIT 1)")
}

fn same(column: &Column, datum: &Datum, dialect: Dialect) -> Option<String> {
    let literal = cell::literal(datum, dialect)?;
    let is_address = column.ty == SqlType::Builtin("INET".into());
    let is_number = matches!(column.ty, SqlType::Numeric(..));
    let column = cell::name(&column.name);
    Some(match dialect {
        Dialect::PostgreSql if *datum == Datum::Null => format!("{column} IS NULL"),
        Dialect::PostgreSql if is_address => format!("abbrev({column}) = {literal}"),
        Dialect::PostgreSql if is_number => format!("{column} = {literal}"),
        Dialect::PostgreSql => format!("{column}::text = {literal}"),
        _ => format!("{column} IS {literal}"),
    })
}

fn table_name(name: &QName) -> String {
    let schema = name.schema.as_ref().map(|schema| format!("{}.", cell::name(schema))).unwrap_or_default();
    format!("{schema}{}", cell::name(&name.name))
}
