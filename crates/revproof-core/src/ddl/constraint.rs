//! Constraints that are added, to a new table or to one that exists.

use super::changed::Demand;
use super::failures::{self, refuse};
use super::naming;
use super::work::{Work, mentions, with_column};
use crate::op::{ConstraintKind, ConstraintSpec, Failure, FailureKind, Outcome};
use crate::schema::{
    Check, ColumnId, Dialect, Exclusion, IndexPart, Name, PrimaryKey, QName, Table, Unique, condition_text,
    unknown_column,
};

/// `ALTER TABLE … ADD CONSTRAINT`.
pub(super) fn alter_add(work: &mut Work, table: &QName, spec: &ConstraintSpec) -> Outcome<()> {
    if work.dialect == Dialect::Sqlite {
        return Err(failures::unsupported(NO_ALTER));
    }
    let mut table = work.edit(table)?;
    // PostgreSQL first makes the columns of a new primary key NOT NULL, and that step misses a column in its own words.
    if let (ConstraintKind::PrimaryKey { columns, .. }, Dialect::PostgreSql) = (&spec.kind, work.dialect)
        && let Some(missing) = columns.iter().find(|column| table.column(column).is_none())
        && table.primary_key.is_none()
        && !table.assumed
    {
        return Err(failures::no_column(work.dialect, &table.name, missing));
    }
    let demand = add(work, &mut table, spec, None)?;
    let name = table.name.clone();
    work.put(table);
    if !spec.not_valid {
        work.must_hold(&name, demand);
    }
    Ok(())
}

/// What Alembic says of constraints on SQLite, outside batch mode.
pub(super) const NO_ALTER: &str = "No support for ALTER of constraints in SQLite dialect. Please refer to the batch \
    mode feature which allows for SQLite migrations using a copy-and-move strategy.";

/// Adds a constraint to a table that is being made or changed, and says what existing rows must satisfy. A constraint
/// that stands at a column names none: it is about `column`.
pub(super) fn add(work: &mut Work, table: &mut Table, spec: &ConstraintSpec, column: Option<&Name>) -> Outcome<Demand> {
    let own = column.map(std::slice::from_ref).unwrap_or_default();
    let or_own = |columns: &[Name]| if columns.is_empty() { own.to_vec() } else { columns.to_vec() };
    match &spec.kind {
        ConstraintKind::PrimaryKey { columns, using_index } => {
            primary_key(work, table, spec, &or_own(columns), using_index.as_ref())
        }
        ConstraintKind::Unique { columns, nulls_not_distinct, using_index } => {
            unique(work, table, spec, &or_own(columns), *nulls_not_distinct, using_index.as_ref())
        }
        ConstraintKind::ForeignKey { columns, .. } => {
            super::foreign_key::add(work, table, spec, &or_own(columns)).map(Demand::ForeignKey)
        }
        ConstraintKind::Check { condition } => check(work, table, spec, condition),
        ConstraintKind::Exclude { definition, columns } => {
            let columns = excluded_columns(work, table, &or_own(columns));
            let name = if let Some(name) = &spec.name {
                explicit_index(work, table, name, None)?
            } else {
                let names = table.column_names(&columns);
                let joined = naming::joined(names.iter().map(|name| &**name));
                naming::free_relation(&work.catalog, table, Some(&joined), "excl")
            };
            let exclusion = Exclusion { name, definition: condition_text(definition, work.dialect), columns };
            table.exclusions.push(exclusion.clone());
            Ok(Demand::Exclusion(exclusion))
        }
    }
}

fn primary_key(
    work: &Work,
    table: &mut Table,
    spec: &ConstraintSpec,
    columns: &[Name],
    using_index: Option<&Name>,
) -> Outcome<Demand> {
    if table.primary_key.is_some() {
        return Err(failures::second_primary_key(work.dialect, &table.name));
    }
    let (columns, adopted) = match using_index {
        Some(index) => adopt_index(table, index)?,
        None => (key_columns(work, table, columns)?, None),
    };
    let name = match (work.dialect, spec.name.as_ref().or(adopted.as_ref())) {
        (Dialect::MySql, _) => Some(Name::from("PRIMARY")),
        (Dialect::Sqlite, name) => name.cloned(),
        (Dialect::PostgreSql, Some(name)) => Some(explicit_index(work, table, name, adopted.as_ref())?),
        (Dialect::PostgreSql, None) => Some(naming::free_relation(&work.catalog, table, None, "pkey")),
    };
    // SQLite lets NULL into a primary key unless the column says NOT NULL itself.
    if work.dialect != Dialect::Sqlite {
        for id in &columns {
            with_column(table, *id, |column| column.nullable = false);
        }
    }
    let key = PrimaryKey { name, columns };
    table.primary_key = Some(key.clone());
    Ok(Demand::PrimaryKey(key))
}

fn unique(
    work: &Work,
    table: &mut Table,
    spec: &ConstraintSpec,
    columns: &[Name],
    nulls_not_distinct: bool,
    using_index: Option<&Name>,
) -> Outcome<Demand> {
    let (columns, adopted) = match using_index {
        Some(index) => adopt_index(table, index)?,
        None => (key_columns(work, table, columns)?, None),
    };
    let name = match (work.dialect, spec.name.as_ref().or(adopted.as_ref())) {
        (Dialect::PostgreSql, Some(name)) => Some(explicit_index(work, table, name, adopted.as_ref())?),
        (Dialect::MySql, Some(name)) => {
            if super::index::mysql_has(table, name) {
                return Err(failures::duplicate_constraint(work.dialect, &table.name, name));
            }
            Some(name.clone())
        }
        (_, Some(name)) => Some(name.clone()),
        (_, None) => naming::unique(&work.catalog, table, &columns),
    };
    let unique = Unique {
        name,
        columns,
        nulls_not_distinct,
        deferrable: spec.deferrable.filter(|deferrable| *deferrable),
        initially_deferred: spec.initially_deferred.filter(|deferred| *deferred),
    };
    table.uniques.push(unique.clone());
    Ok(Demand::Unique(unique))
}

fn check(work: &Work, table: &mut Table, spec: &ConstraintSpec, condition: &str) -> Outcome<Demand> {
    let dialect = work.dialect;
    let condition = condition_text(condition, dialect);
    if !table.assumed
        && let Some(column) = unknown_column(&condition, &super::work::column_names(table), dialect)
    {
        return Err(unknown_in_check(work, table, spec, &column));
    }
    let columns = mentions(table, &condition, dialect);
    let name = match &spec.name {
        Some(name) => {
            let name = naming::stored(name, dialect);
            if dialect != Dialect::Sqlite && naming::constraint_taken(table, &name) {
                return Err(failures::duplicate_constraint(dialect, &table.name, &name));
            }
            Some(name)
        }
        None => naming::check(&work.catalog, table, &columns),
    };
    let check = Check { name, condition, columns, not_valid: spec.not_valid };
    table.checks.push(check.clone());
    Ok(Demand::Check(check))
}

fn unknown_in_check(work: &Work, table: &Table, spec: &ConstraintSpec, column: &str) -> Failure {
    let message = match work.dialect {
        Dialect::PostgreSql => format!("column \"{column}\" does not exist"),
        Dialect::Sqlite => format!("no such column: {column}"),
        Dialect::MySql => {
            let name = spec.name.as_deref().unwrap_or_default();
            format!("Check constraint '{name}' refers to non-existing column '{column}'.")
        }
    };
    refuse(FailureKind::UndefinedObject, &table.name, message)
}

/// The columns that an exclusion constraint names, as far as they could be read.
fn excluded_columns(work: &Work, table: &Table, columns: &[Name]) -> Vec<ColumnId> {
    columns.iter().filter_map(|column| work.find(table, column)).map(|column| column.id).collect()
}

/// The columns of a key.
fn key_columns(work: &Work, table: &mut Table, columns: &[Name]) -> Outcome<Vec<ColumnId>> {
    if columns.is_empty() {
        return Err(Failure::new(FailureKind::InvalidStatement, "a key needs at least one column"));
    }
    let name = table.name.clone();
    let dialect = work.dialect;
    let mut out = Vec::with_capacity(columns.len());
    for column in columns {
        let id = work.need(table, column, || {
            let message = match dialect {
                Dialect::PostgreSql => format!("column \"{column}\" named in key does not exist"),
                Dialect::Sqlite => format!("no such column: {column}"),
                Dialect::MySql => format!("Key column '{column}' doesn't exist in table"),
            };
            refuse(FailureKind::UndefinedObject, &name, message)
        })?;
        if out.contains(&id) {
            let message = format!("column \"{column}\" appears twice in a key");
            return Err(Failure::new(FailureKind::InvalidStatement, message));
        }
        out.push(id);
    }
    if dialect == Dialect::PostgreSql {
        let part =
            |id: &ColumnId| IndexPart { column: Some(*id), expression: None, mentions: Vec::new(), suffix: None };
        let parts: Vec<IndexPart> = out.iter().map(part).collect();
        super::index::operator_classes(work, table, &parts, None)?;
    }
    Ok(out)
}

/// An explicit name of a constraint with an index behind it: free among relations and constraints.
fn explicit_index(work: &Work, table: &Table, name: &Name, adopted: Option<&Name>) -> Outcome<Name> {
    let name = naming::stored(name, work.dialect);
    if work.dialect == Dialect::PostgreSql {
        if adopted != Some(&name) && naming::relation_taken(&work.catalog, table, &name) {
            let by = crate::schema::Relation::Index;
            return Err(failures::taken(work.dialect, &table.name.sibling(name), by));
        }
        if naming::constraint_taken(table, &name) {
            return Err(failures::duplicate_constraint(work.dialect, &table.name, &name));
        }
    }
    Ok(name)
}

/// `USING INDEX`: the index becomes the constraint's. Returns its columns and its name.
fn adopt_index(table: &mut Table, name: &Name) -> Outcome<(Vec<ColumnId>, Option<Name>)> {
    let Some(at) = table.indexes.iter().position(|index| index.name == *name) else {
        let message = format!("index \"{name}\" does not exist");
        return Err(refuse(FailureKind::UndefinedObject, &table.name.sibling(name.clone()), message));
    };
    let index = table.indexes.remove(at);
    let columns: Option<Vec<ColumnId>> = index.parts.iter().map(|part| part.column).collect();
    let problem = match &columns {
        _ if !index.unique => Some("is not a unique index"),
        None => Some("contains expressions"),
        _ if index.predicate.is_some() => Some("is a partial index"),
        _ => None,
    };
    if let Some(problem) = problem {
        let message = if problem.starts_with("is ") {
            format!("\"{name}\" {problem}")
        } else {
            format!("index \"{name}\" {problem}")
        };
        return Err(refuse(FailureKind::InvalidStatement, &table.name, message));
    }
    Ok((columns.unwrap_or_default(), Some(index.name)))
}
