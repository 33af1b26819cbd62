//! Constraints, as arguments of `sa.…Constraint()` within a table and of the directives that add them to one.

use super::text::{repr, reprs, without_parameters};
use crate::schema::{Check, ForeignKey, Name, PrimaryKey, QName, Table, Unique, bare};

/// `sa.PrimaryKeyConstraint(…)`.
pub(super) fn primary_key(key: &PrimaryKey, table: &Table, name: Option<String>) -> String {
    let mut arguments = vec![reprs(table.column_names(&key.columns))];
    arguments.extend(name.map(|name| format!("name={name}")));
    format!("sa.PrimaryKeyConstraint({})", arguments.join(", "))
}

/// `sa.UniqueConstraint(…)`.
pub(super) fn unique(unique: &Unique, table: &Table, name: Option<String>) -> String {
    let mut arguments = vec![reprs(table.column_names(&unique.columns))];
    let (plain, dialects): (Vec<_>, Vec<_>) =
        unique_options(unique).into_iter().partition(|o| !o.starts_with("postgresql"));
    arguments.extend(plain);
    arguments.extend(name.map(|name| format!("name={name}")));
    arguments.extend(dialects);
    format!("sa.UniqueConstraint({})", arguments.join(", "))
}

/// The options of a unique constraint.
pub(super) fn unique_options(unique: &Unique) -> Vec<String> {
    let mut options = Vec::new();
    if unique.deferrable == Some(true) {
        options.push("deferrable=True".to_owned());
    }
    if unique.initially_deferred == Some(true) {
        options.push("initially='DEFERRED'".to_owned());
    }
    if unique.nulls_not_distinct {
        options.push("postgresql_nulls_not_distinct=True".to_owned());
    }
    options
}

/// `sa.CheckConstraint(…)`.
pub(super) fn check(check: &Check, name: Option<String>) -> String {
    let mut arguments = vec![condition(check)];
    arguments.extend(name.map(|name| format!("name={name}")));
    format!("sa.CheckConstraint({})", arguments.join(", "))
}

/// A condition as a string of Python.
pub(super) fn condition(check: &Check) -> String {
    repr(&without_parameters(bare(&check.condition)))
}

/// `sa.ForeignKeyConstraint(…)`, with the comma that Alembic leaves where nothing follows.
pub(super) fn foreign_key(key: &ForeignKey, table: &Table, name: Option<String>) -> String {
    let referred = key.ref_columns.iter().map(|column| repr(&format!("{}.{column}", key.ref_table)));
    let referred: Vec<String> = referred.collect();
    let mut options: Vec<String> = name.map(|name| format!("name={name}")).into_iter().collect();
    options.extend(foreign_key_options(key));
    format!(
        "sa.ForeignKeyConstraint([{}], [{}], {})",
        reprs(table.column_names(&key.columns)),
        referred.join(", "),
        options.join(", ")
    )
}

/// The options of a foreign key.
pub(super) fn foreign_key_options(key: &ForeignKey) -> Vec<String> {
    let mut options = Vec::new();
    for (name, action) in [("onupdate", key.on_update), ("ondelete", key.on_delete)] {
        options.extend(action.said().map(|word| format!("{name}='{word}'")));
    }
    if key.initially_deferred == Some(true) {
        options.push("initially='DEFERRED'".to_owned());
    }
    if key.deferrable == Some(true) {
        options.push("deferrable=True".to_owned());
    }
    options.extend(key.match_type.as_ref().map(|kind: &Name| format!("match={}", repr(&kind.to_uppercase()))));
    options
}

/// `create_foreign_key`'s arguments behind the names of the two tables.
pub(super) fn foreign_key_columns(key: &ForeignKey, table: &Table) -> String {
    format!("[{}], [{}]", reprs(table.column_names(&key.columns)), reprs(&key.ref_columns))
}

/// `, schema='…'`, where the table is in one.
pub(super) fn schema_option(table: &QName, option: &str) -> Option<String> {
    table.schema.as_deref().map(|schema| format!("{option}={}", repr(schema)))
}
