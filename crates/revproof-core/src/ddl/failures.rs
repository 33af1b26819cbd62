//! What the servers say when they refuse.

use crate::op::{Failure, FailureKind};
use crate::schema::{Dialect, QName, Relation};

/// What PostgreSQL says of a relation that is of another kind than the statement is about.
pub(super) fn no_such_kind(name: &QName, kind: &str) -> Failure {
    refuse(FailureKind::InvalidStatement, name, format!("\"{}\" is not {kind}", name.name))
}

/// A refusal that rests on the state of the catalog, and so is in doubt where that state is.
pub(super) fn refuse(kind: FailureKind, about: &QName, message: impl Into<String>) -> Failure {
    Failure::new(kind, message).about(about.clone())
}

pub(super) fn unsupported(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::Unsupported, message)
}

/// A statement on a table that does not exist.
pub(super) fn no_table(dialect: Dialect, table: &QName) -> Failure {
    let message = match dialect {
        Dialect::PostgreSql => format!("relation \"{table}\" does not exist"),
        Dialect::Sqlite => format!("no such table: {table}"),
        Dialect::MySql => format!("Table '{table}' doesn't exist"),
    };
    refuse(FailureKind::UndefinedObject, table, message)
}

/// `DROP TABLE` of a table that does not exist.
pub(super) fn no_table_to_drop(dialect: Dialect, table: &QName) -> Failure {
    let message = match dialect {
        Dialect::PostgreSql => format!("table \"{table}\" does not exist"),
        Dialect::Sqlite => format!("no such table: {table}"),
        Dialect::MySql => format!("Unknown table '{table}'"),
    };
    refuse(FailureKind::UndefinedObject, table, message)
}

/// A column that its table does not have.
pub(super) fn no_column(dialect: Dialect, table: &QName, column: &str) -> Failure {
    let message = match dialect {
        Dialect::PostgreSql => format!("column \"{column}\" of relation \"{}\" does not exist", table.name),
        Dialect::Sqlite => format!("no such column: \"{column}\""),
        Dialect::MySql => format!("Unknown column '{column}' in '{}'", table.name),
    };
    refuse(FailureKind::UndefinedObject, table, message)
}

/// A column that an expression, an index or a rename names and that its table does not have.
pub(super) fn no_column_named(dialect: Dialect, table: &QName, column: &str) -> Failure {
    let message = match dialect {
        Dialect::PostgreSql => format!("column \"{column}\" does not exist"),
        Dialect::Sqlite => format!("no such column: {column}"),
        Dialect::MySql => format!("Key column '{column}' doesn't exist in table"),
    };
    refuse(FailureKind::UndefinedObject, table, message)
}

/// A name that is taken among tables, indexes, sequences and views.
pub(super) fn taken(dialect: Dialect, name: &QName, by: Relation) -> Failure {
    let message = match (dialect, by) {
        (Dialect::PostgreSql, _) => format!("relation \"{}\" already exists", name.name),
        (Dialect::Sqlite, Relation::Table) => format!("table {} already exists", name.name),
        (Dialect::Sqlite, Relation::View) => format!("view {} already exists", name.name),
        (Dialect::Sqlite, _) => format!("there is already an index named {}", name.name),
        (Dialect::MySql, _) => format!("Table '{}' already exists", name.name),
    };
    refuse(FailureKind::DuplicateObject, name, message)
}

pub(super) fn duplicate_column(dialect: Dialect, table: &QName, column: &str) -> Failure {
    let message = match dialect {
        Dialect::PostgreSql => format!("column \"{column}\" of relation \"{}\" already exists", table.name),
        Dialect::Sqlite => format!("duplicate column name: {column}"),
        Dialect::MySql => format!("Duplicate column name '{column}'"),
    };
    refuse(FailureKind::DuplicateObject, table, message)
}

pub(super) fn no_constraint(dialect: Dialect, table: &QName, name: &str) -> Failure {
    let message = match dialect {
        Dialect::PostgreSql => format!("constraint \"{name}\" of relation \"{}\" does not exist", table.name),
        Dialect::Sqlite => format!("no such constraint: {name}"),
        Dialect::MySql => format!("Can't DROP '{name}'; check that column/key exists"),
    };
    refuse(FailureKind::UndefinedObject, table, message)
}

pub(super) fn duplicate_constraint(dialect: Dialect, table: &QName, name: &str) -> Failure {
    let message = match dialect {
        Dialect::PostgreSql => format!("constraint \"{name}\" for relation \"{}\" already exists", table.name),
        Dialect::Sqlite => format!("duplicate constraint name: {name}"),
        Dialect::MySql => format!("Duplicate key name '{name}'"),
    };
    refuse(FailureKind::DuplicateObject, table, message)
}

pub(super) fn second_primary_key(dialect: Dialect, table: &QName) -> Failure {
    let message = match dialect {
        Dialect::PostgreSql => format!("multiple primary keys for table \"{}\" are not allowed", table.name),
        Dialect::Sqlite => format!("table \"{}\" has more than one primary key", table.name),
        Dialect::MySql => "Multiple primary key defined".to_owned(),
    };
    refuse(FailureKind::InvalidStatement, table, message)
}

/// Other objects depend on it: `what` is `table users`, the dependents are said as PostgreSQL's DETAIL says them.
pub(super) fn depended_on(about: &QName, what: &str, dependents: &[String]) -> Failure {
    let detail = if dependents.is_empty() { String::new() } else { format!(": {}", dependents.join(", ")) };
    let message = format!("cannot drop {what} because other objects depend on it{detail}");
    refuse(FailureKind::DependentObjects, about, message)
}
