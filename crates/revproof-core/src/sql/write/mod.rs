//! [`write()`]: an operation as the dialect's SQL, in the layout of Alembic's offline mode.

mod alter;
mod index;
mod table;
mod value;

use std::fmt::Write as _;

use crate::op::OpKind;
use crate::schema::{Dialect, Name, ObjectKind, QName, SqlType, quote, quote_qualified};

pub use value::write_value;

/// The statements that carry out an operation, without semicolons. What has no statement of its own (an opaque or inert
/// statement) is a comment, and a batch block that rebuilds its table is shown as the changes that it makes.
pub fn write(op: &OpKind, dialect: Dialect) -> Vec<String> {
    let name = |name: &QName| quote_qualified(name, dialect);
    let ident = |name: &str| quote(name, dialect).into_owned();
    let text = |value: &str| literal(value, dialect);
    let one = match op {
        OpKind::CreateTable { table, if_not_exists } => return table::create_table(table, *if_not_exists, dialect),
        OpKind::DropTable { table, if_exists, cascade } => dropped("TABLE", &name(table), *if_exists, *cascade),
        OpKind::AlterColumn { table, column, changes } => return alter::alter_column(table, column, changes, dialect),
        OpKind::CreateIndex { index, if_not_exists, concurrently } => {
            index::create_index(index, *if_not_exists, *concurrently, dialect)
        }
        OpKind::DropIndex { index, table, if_exists, cascade, concurrently } => {
            index::drop_index(index, table.as_ref(), *if_exists, *cascade, *concurrently, dialect)
        }
        OpKind::RenameTable { .. }
        | OpKind::MoveTable { .. }
        | OpKind::CommentTable { .. }
        | OpKind::AddColumn { .. }
        | OpKind::DropColumn { .. }
        | OpKind::AddConstraint { .. }
        | OpKind::DropConstraint { .. }
        | OpKind::RenameConstraint { .. }
        | OpKind::ValidateConstraint { .. } => return alter::alter_table(op, dialect),
        OpKind::RenameIndex { index, to, if_exists } => {
            format!("ALTER INDEX {}{} RENAME TO {}", if_exists_words(*if_exists), name(index), ident(to))
        }
        OpKind::Rebuild(batch) => {
            return batch.changes.iter().flat_map(|change| write(&change.kind, dialect)).collect();
        }
        OpKind::CreateEnum { name: ty, values, .. } => {
            let values: Vec<String> = values.iter().map(|value| text(value)).collect();
            format!("CREATE TYPE {} AS ENUM ({})", name(ty), values.join(", "))
        }
        OpKind::DropType { name: ty, if_exists, cascade } => dropped("TYPE", &name(ty), *if_exists, *cascade),
        OpKind::AddEnumValue { name: ty, value, position, if_not_exists } => {
            let position = position.as_ref().map_or_else(String::new, |(before, other)| {
                format!(" {} {}", if *before { "BEFORE" } else { "AFTER" }, text(other))
            });
            let exists = if *if_not_exists { "IF NOT EXISTS " } else { "" };
            format!("ALTER TYPE {} ADD VALUE {exists}{}{position}", name(ty), text(value))
        }
        OpKind::RenameEnumValue { name: ty, value, to } => {
            format!("ALTER TYPE {} RENAME VALUE {} TO {}", name(ty), text(value), text(to))
        }
        OpKind::RenameType { name: ty, to } => format!("ALTER TYPE {} RENAME TO {}", name(ty), ident(to)),
        OpKind::CreateSequence { name: sequence, start, increment, if_not_exists, owned_by, spelled } => {
            let mut sql = format!("CREATE SEQUENCE {}{}", if_not_exists_words(*if_not_exists), name(sequence));
            if let Some(options) = spelled {
                let blank = if options.is_empty() { "" } else { " " };
                return vec![format!("{sql}{blank}{options}")];
            }
            if let Some(increment) = increment {
                let _ = write!(sql, " INCREMENT BY {increment}");
            }
            if let Some(start) = start {
                let _ = write!(sql, " START WITH {start}");
            }
            if let Some((table, column)) = owned_by {
                let _ = write!(sql, " OWNED BY {}.{}", name(table), ident(column));
            }
            sql
        }
        OpKind::DropSequence { name: sequence, if_exists, cascade } => {
            dropped("SEQUENCE", &name(sequence), *if_exists, *cascade)
        }
        OpKind::AlterSequence { name: sequence, to, owned_by, restart } => {
            return sequence_changes(&name(sequence), to.as_ref(), owned_by.as_ref(), restart.as_ref(), dialect);
        }
        OpKind::CreateObject { kind: ObjectKind::Schema, name: schema, definition, if_not_exists, .. }
            if definition.is_empty() =>
        {
            format!("CREATE SCHEMA {}{}", if_not_exists_words(*if_not_exists), name(schema))
        }
        OpKind::CreateObject { definition, .. } => definition.to_string(),
        OpKind::DropObject { kind, name: object, if_exists, cascade } => {
            let (object, table) = within(*kind, object);
            let on = table.map_or_else(String::new, |table| format!(" ON {}", name(&table)));
            dropped(kind_words(*kind), &format!("{}{on}", name(&object)), *if_exists, *cascade)
        }
        OpKind::RenameObject { kind, name: object, to } => {
            let (object, table) = within(*kind, object);
            let on = table.as_ref().map_or_else(String::new, |table| format!(" ON {}", name(table)));
            let to = if table.is_some() { to.rsplit_once('.').map_or(&**to, |(_, to)| to) } else { to };
            format!("ALTER {} {}{on} RENAME TO {}", kind_words(*kind), name(&object), ident(to))
        }
        OpKind::Refresh { view, concurrently, fills } => {
            let concurrently = if *concurrently { " CONCURRENTLY" } else { "" };
            let data = if *fills { "" } else { " WITH NO DATA" };
            format!("REFRESH MATERIALIZED VIEW{concurrently} {}{data}", name(view))
        }
        OpKind::Truncate { tables, restart, cascade } => {
            let tables: Vec<String> = tables.iter().map(name).collect();
            let restart = if *restart { " RESTART IDENTITY" } else { "" };
            format!("TRUNCATE TABLE {}{restart}{}", tables.join(", "), if *cascade { " CASCADE" } else { "" })
        }
        OpKind::BulkInsert { table, rows } => return rows.iter().map(|row| insert(table, row, dialect)).collect(),
        OpKind::Sql(sql) => sql.text.to_string(),
        OpKind::NoEffect { what } | OpKind::Opaque { what, .. } => format!("-- {what}"),
    };
    vec![one]
}

/// A type as a column definition spells it.
pub fn write_type(ty: &SqlType, dialect: Dialect) -> String {
    match ty {
        SqlType::Named(name, arguments) => {
            let name = if dialect == Dialect::PostgreSql { quote_qualified(name, dialect) } else { name.to_string() };
            if arguments.is_empty() { name } else { format!("{name}({})", arguments.join(",")) }
        }
        SqlType::Array(element) => format!("{}[]", write_type(element, dialect)),
        SqlType::Boolean if dialect == Dialect::MySql => "BOOL".to_owned(),
        SqlType::None => String::new(),
        other => other.text(dialect),
    }
}

/// A text as a string literal.
pub(super) fn literal(value: &str, dialect: Dialect) -> String {
    let value = value.replace('\'', "''");
    match dialect {
        Dialect::MySql => format!("'{}'", value.replace('\\', "\\\\")),
        Dialect::PostgreSql | Dialect::Sqlite => format!("'{value}'"),
    }
}

fn dropped(kind: &str, name: &str, if_exists: bool, cascade: bool) -> String {
    format!("DROP {kind} {}{name}{}", if_exists_words(if_exists), if cascade { " CASCADE" } else { "" })
}

fn if_exists_words(if_exists: bool) -> &'static str {
    if if_exists { "IF EXISTS " } else { "" }
}

fn if_not_exists_words(if_not_exists: bool) -> &'static str {
    if if_not_exists { "IF NOT EXISTS " } else { "" }
}

fn names(columns: &[Name], dialect: Dialect) -> String {
    columns.iter().map(|column| quote(column, dialect)).collect::<Vec<_>>().join(", ")
}

fn insert(table: &QName, row: &[(Name, crate::op::Datum)], dialect: Dialect) -> String {
    let columns: Vec<Name> = row.iter().map(|(column, _)| column.clone()).collect();
    let values: Vec<String> = row.iter().map(|(_, value)| write_value(value, dialect)).collect();
    let table = quote_qualified(table, dialect);
    format!("INSERT INTO {table} ({}) VALUES ({})", names(&columns, dialect), values.join(", "))
}

fn sequence_changes(
    sequence: &str,
    to: Option<&Name>,
    owned_by: Option<&Option<(QName, Name)>>,
    restart: Option<&Option<i64>>,
    dialect: Dialect,
) -> Vec<String> {
    let owner = owned_by.map(|owner| match owner {
        Some((table, column)) => format!("{}.{}", quote_qualified(table, dialect), quote(column, dialect)),
        None => "NONE".to_owned(),
    });
    let owner = owner.map(|owner| format!("ALTER SEQUENCE {sequence} OWNED BY {owner}"));
    let to = to.map(|to| format!("ALTER SEQUENCE {sequence} RENAME TO {}", quote(to, dialect)));
    let restart = restart.map(|with| {
        let with = with.map_or_else(String::new, |with| format!(" WITH {with}"));
        format!("ALTER SEQUENCE {sequence} RESTART{with}")
    });
    owner.into_iter().chain(restart).chain(to).collect()
}

/// Takes the table out of a trigger's name.
fn within(kind: ObjectKind, object: &QName) -> (QName, Option<QName>) {
    let split = object.name.rsplit_once('.').filter(|_| matches!(kind, ObjectKind::Trigger | ObjectKind::Other));
    match split {
        Some((table, name)) => (QName::new(name), Some(object.sibling(table))),
        None => (object.clone(), None),
    }
}

fn kind_words(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Schema => "SCHEMA",
        ObjectKind::View => "VIEW",
        ObjectKind::MaterializedView => "MATERIALIZED VIEW",
        ObjectKind::Function => "FUNCTION",
        ObjectKind::Procedure => "PROCEDURE",
        ObjectKind::Trigger => "TRIGGER",
        ObjectKind::Extension => "EXTENSION",
        ObjectKind::Domain => "DOMAIN",
        ObjectKind::Type => "TYPE",
        ObjectKind::Other => "POLICY",
    }
}
