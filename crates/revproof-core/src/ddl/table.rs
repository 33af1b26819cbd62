//! Whole tables: made, dropped, renamed, moved, commented.

use std::borrow::Cow;
use std::sync::Arc;

use super::changed::RowStep;
use super::constraint;
use super::failures::{self, refuse};
use super::foreign_key;
use super::work::Work;
use crate::op::{ConstraintKind, ConstraintSpec, Failure, FailureKind, Outcome, TableSpec};
use crate::schema::{Dialect, ForeignKey, Name, ObjectKind, QName, Relation, Sequence, Table, nextval_text, same};

/// `CREATE TABLE`.
pub(super) fn create(work: &mut Work, spec: &TableSpec, if_not_exists: bool) -> Outcome<()> {
    let dialect = work.dialect;
    let name = spec.name.sibling(super::naming::stored(&spec.name.name, dialect));
    need_schema(work, &name)?;
    if let Some(by) = work.catalog.relation(&name) {
        if if_not_exists && (by == Relation::Table || dialect == Dialect::PostgreSql) {
            return Ok(());
        }
        if !work.catalog.table(&name).is_some_and(|table| table.assumed) {
            if dialect == Dialect::PostgreSql {
                // It looks for the types of the columns first.
                for column in &spec.columns {
                    super::types::resolve(work, &column.ty)?;
                }
            }
            return Err(failures::taken(dialect, &name, by));
        }
        // A table that was taken for granted is made after all: it can't have been there.
        work.catalog.take_table(&name);
    }
    if dialect == Dialect::PostgreSql && work.catalog.enums.contains_key(&name) {
        let message = format!("type \"{}\" already exists", name.name);
        return Err(refuse(FailureKind::DuplicateObject, &name, message));
    }
    let table = build(work, &name, spec)?;
    work.put(table);
    work.step(RowStep::TableCreated { table: name, query: spec.as_query.clone() });
    Ok(())
}

/// Makes the table that a specification describes, not yet in the catalog.
pub(super) fn build(work: &mut Work, name: &QName, spec: &TableSpec) -> Outcome<Table> {
    let dialect = work.dialect;
    let mut table = Table::new(name.clone());
    if spec.columns.is_empty() && dialect != Dialect::PostgreSql && spec.as_query.is_none() {
        let message = match dialect {
            Dialect::MySql => "A table must have at least 1 column",
            _ => "near \")\": syntax error",
        };
        return Err(Failure::new(FailureKind::InvalidStatement, message));
    }
    let mut constraints: Vec<(Cow<'_, ConstraintSpec>, Option<Name>)> = Vec::new();
    for column in &spec.columns {
        if work.find(&table, &column.name).is_some() {
            return Err(match dialect {
                Dialect::PostgreSql => Failure::new(
                    FailureKind::DuplicateObject,
                    format!("column \"{}\" specified more than once", column.name),
                ),
                _ => failures::duplicate_column(dialect, name, &column.name),
            });
        }
        super::column::make(work, &mut table, column)?;
        let own = column.constraints.iter();
        constraints.extend(own.map(|constraint| (Cow::Borrowed(constraint), Some(column.name.clone()))));
    }
    if dialect == Dialect::PostgreSql {
        for column in &spec.columns {
            super::column::computed_stands(&table, column)?;
        }
    }
    constraints.extend(spec.constraints.iter().map(|constraint| (Cow::Borrowed(constraint), None)));
    // PostgreSQL makes checks first, then the primary key, then the other keys, and foreign keys last; that is the
    // order in which names are given.
    if dialect == Dialect::PostgreSql {
        constraints.sort_by_key(|(constraint, _)| match constraint.kind {
            ConstraintKind::Check { .. } => 0,
            ConstraintKind::PrimaryKey { .. } => 1,
            ConstraintKind::Unique { .. } | ConstraintKind::Exclude { .. } => 2,
            ConstraintKind::ForeignKey { .. } => 3,
        });
    }
    if dialect == Dialect::PostgreSql {
        merge_keys(&mut constraints);
    }
    for (constraint, column) in constraints {
        constraint::add(work, &mut table, &constraint, column.as_ref())?;
    }
    table.comment = spec.comment.clone().filter(|comment| !comment.is_empty());
    if spec.as_query.is_some() && spec.columns.is_empty() {
        table.assumed = true;
        work.doubt(format!("the columns of `{name}` come from a query"));
    }
    Ok(table)
}

/// PostgreSQL makes one index of the keys of one `CREATE TABLE` that are over the same columns: the first stays, the
/// primary key before all, and where it has no name it takes that of the first that goes.
fn merge_keys(constraints: &mut Vec<(Cow<'_, ConstraintSpec>, Option<Name>)>) {
    let mut at = 0;
    while let Some((spec, column)) = constraints.get(at) {
        let before = constraints.iter().take(at);
        let same_key = key_columns(spec, column.as_ref()).filter(|_| is_unique(spec)).and_then(|key| {
            before.clone().position(|(other, column)| {
                key_columns(other, column.as_ref()).is_some_and(|columns| columns == key) && same_checks(other, spec)
            })
        });
        let Some(first) = same_key else {
            at += 1;
            continue;
        };
        let name = spec.name.clone();
        constraints.remove(at);
        if let Some((kept, _)) = constraints.get_mut(first)
            && kept.name.is_none()
            && name.is_some()
        {
            kept.to_mut().name = name;
        }
    }
}

fn is_unique(spec: &ConstraintSpec) -> bool {
    matches!(spec.kind, ConstraintKind::Unique { .. })
}

/// The columns of a key whose NULLs are distinct.
fn key_columns<'a>(spec: &'a ConstraintSpec, column: Option<&'a Name>) -> Option<Vec<&'a Name>> {
    let (ConstraintKind::PrimaryKey { columns, .. }
    | ConstraintKind::Unique { columns, nulls_not_distinct: false, .. }) = &spec.kind
    else {
        return None;
    };
    Some(match column {
        Some(column) if columns.is_empty() => vec![column],
        _ => columns.iter().collect(),
    })
}

/// Whether two keys are looked into at the same moment.
fn same_checks(a: &ConstraintSpec, b: &ConstraintSpec) -> bool {
    let moment = |spec: &ConstraintSpec| {
        let deferred = spec.initially_deferred == Some(true);
        (spec.deferrable == Some(true) || deferred, deferred)
    };
    moment(a) == moment(b)
}

/// `DROP TABLE`.
pub(super) fn drop(work: &mut Work, name: &QName, if_exists: bool, cascade: bool) -> Outcome<()> {
    let Some(table) = work.catalog.table(name).cloned() else {
        super::view::is_no_view(work, name)?;
        return if if_exists { Ok(()) } else { Err(failures::no_table_to_drop(work.dialect, name)) };
    };
    let keys: Vec<(QName, ForeignKey)> = work
        .catalog
        .referencing(&table.name)
        .into_iter()
        .filter(|child| *child != table.name)
        .filter_map(|child| work.catalog.table(&child).cloned())
        .flat_map(|child| {
            let keys = child.foreign_keys.iter().filter(|key| key.ref_table == table.name);
            keys.map(|key| (child.name.clone(), key.clone())).collect::<Vec<_>>()
        })
        .collect();
    match work.dialect {
        Dialect::PostgreSql => {
            let views = super::objects::views_on(work, &table.name);
            let defaults = foreign_defaults(work, &table);
            let mut dependents: Vec<String> =
                keys.iter().map(|(child, key)| foreign_key::described(child, key)).collect();
            dependents.extend(views.iter().map(|view| format!("view {}", view.name)));
            dependents.extend(defaults);
            if !dependents.is_empty() && !cascade {
                return Err(failures::depended_on(&table.name, &format!("table {name}"), &dependents));
            }
            foreign_key::drop_all(work, &keys)?;
            for view in views {
                super::objects::drop_cascade(work, &view);
            }
            for column in &table.columns {
                if let Some(sequence) = &column.owned_sequence {
                    super::sequence::remove(work, sequence)?;
                }
            }
        }
        Dialect::MySql => {
            if let Some((child, key)) = keys.first() {
                let message = format!(
                    "Cannot drop table '{}' referenced by a foreign key constraint '{}' on table '{}'.",
                    name.name,
                    key.name.as_deref().unwrap_or("?"),
                    child.name
                );
                return Err(refuse(FailureKind::DependentObjects, &table.name, message));
            }
        }
        Dialect::Sqlite => {}
    }
    super::objects::drop_of_table(work, &table.name);
    work.catalog.take_table(&table.name);
    work.touch(&table.name);
    work.step(RowStep::TableDropped(table.name.clone()));
    Ok(())
}

/// Defaults of other tables that draw on a sequence that a table owns.
fn foreign_defaults(work: &Work, table: &Table) -> Vec<String> {
    let sequences = table.columns.iter().filter_map(|column| column.owned_sequence.as_ref());
    sequences
        .flat_map(|sequence| super::sequence::users(work, sequence))
        .filter(|(user, _)| *user != table.name)
        .map(|(user, column)| format!("default value for column {} of table {user}", column.name))
        .collect()
}

/// `ALTER TABLE … RENAME TO`.
pub(super) fn rename(work: &mut Work, name: &QName, to: &Name, if_exists: bool) -> Outcome<()> {
    let to = name.sibling(super::naming::stored(to, work.dialect));
    if work.catalog.table(name).is_none() {
        if work.dialect == Dialect::PostgreSql
            && let Some(view) = work.catalog.view(name)
        {
            let kind = view.kind;
            return super::objects::rename(work, kind, name, &to.name);
        }
        return if if_exists { Ok(()) } else { Err(failures::no_table(work.dialect, name)) };
    }
    let only_case = work.dialect == Dialect::Sqlite && same(&name.name, &to.name, Dialect::Sqlite);
    if let Some(by) = work.catalog.relation(&to)
        && !only_case
    {
        return Err(match work.dialect {
            Dialect::Sqlite => {
                let message = format!("there is already another table or index with this name: {}", to.name);
                refuse(FailureKind::DuplicateObject, &to, message)
            }
            dialect => failures::taken(dialect, &to, by),
        });
    }
    if work.dialect == Dialect::Sqlite && !work.catalog.renames_alone {
        super::objects::sqlite_views_stand(work)?;
    }
    move_to(work, name, &to)
}

/// `ALTER TABLE … SET SCHEMA`.
pub(super) fn set_schema(work: &mut Work, name: &QName, schema: Option<&Name>) -> Outcome<()> {
    let to = QName::in_schema(schema.cloned(), name.name.clone());
    work.table(name)?;
    need_schema(work, &to)?;
    if to == *name {
        return Ok(());
    }
    if let Some(by) = work.catalog.relation(&to) {
        return Err(failures::taken(work.dialect, &to, by));
    }
    move_to(work, name, &to)
}

/// Gives a table another name, and mends what refers to it.
fn move_to(work: &mut Work, name: &QName, to: &QName) -> Outcome<()> {
    let mut table = work.edit(name)?;
    let from = table.name.clone();
    let alone = work.catalog.renames_alone;
    let children = if alone { Vec::new() } else { work.catalog.referencing(&from) };
    work.catalog.take_table(&from);
    table.name = to.clone();
    let moved = from.schema != to.schema;
    if work.dialect == Dialect::MySql {
        rename_made_up(&mut table, &from.name);
    }
    for column in &mut table.columns {
        let Some(sequence) = column.owned_sequence.clone() else { continue };
        let Some(old) = work.catalog.sequences.remove(&sequence) else { continue };
        let column = Arc::make_mut(column);
        let name = if moved { to.sibling(sequence.name.clone()) } else { sequence.clone() };
        if moved {
            if column.default.as_ref() == Some(&nextval_text(&sequence)) {
                column.default = Some(nextval_text(&name));
            }
            column.owned_sequence = Some(name.clone());
        }
        let sequence = Sequence { name: name.clone(), owner: Some(to.clone()), ..Sequence::clone(&old) };
        work.catalog.sequences.insert(name, Arc::new(sequence));
    }
    for key in &mut table.foreign_keys {
        if key.ref_table == from && !alone {
            key.ref_table = to.clone();
        }
    }
    work.touch(&from);
    work.put(table);
    for child in children.into_iter().filter(|child| *child != from) {
        let mut child = work.edit(&child)?;
        for key in &mut child.foreign_keys {
            if key.ref_table == from {
                key.ref_table = to.clone();
            }
        }
        work.put(child);
    }
    super::objects::table_renamed(work, &from, to);
    if let Some(why) = work.catalog.uncertain.remove(&from) {
        work.catalog.uncertain.insert(to.clone(), why);
    }
    work.step(RowStep::TableRenamed { from, to: to.clone() });
    Ok(())
}

/// `InnoDB` renames the constraint names that it made up from the table's name.
fn rename_made_up(table: &mut Table, from: &str) {
    let to = table.name.name.clone();
    for (label, name) in table
        .foreign_keys
        .iter_mut()
        .map(|key| ("ibfk", &mut key.name))
        .chain(table.checks.iter_mut().map(|check| ("chk", &mut check.name)))
    {
        let number = name.as_deref().and_then(|name| name.strip_prefix(&format!("{from}_{label}_")).map(str::to_owned));
        if let Some(number) = number {
            *name = Some(Name::from(format!("{to}_{label}_{number}")));
        }
    }
}

/// `COMMENT ON TABLE`.
pub(super) fn comment(work: &mut Work, name: &QName, comment: Option<&Name>) -> Outcome<()> {
    if work.dialect == Dialect::Sqlite {
        return Ok(());
    }
    let mut table = work.edit(name)?;
    table.comment = comment.cloned().filter(|comment| !comment.is_empty());
    work.put(table);
    Ok(())
}

/// The schema of a new name exists.
pub(super) fn need_schema(work: &Work, name: &QName) -> Outcome<()> {
    let Some(schema) = &name.schema else { return Ok(()) };
    let object = QName::new(schema.clone());
    let known = match work.dialect {
        Dialect::PostgreSql => matches!(&**schema, "pg_catalog" | "information_schema" | "pg_temp"),
        Dialect::Sqlite => &**schema == "temp",
        Dialect::MySql => matches!(&**schema, "mysql" | "information_schema"),
    };
    if known || work.catalog.objects.contains_key(&(ObjectKind::Schema, object.clone())) {
        return Ok(());
    }
    let message = match work.dialect {
        Dialect::PostgreSql => format!("schema \"{schema}\" does not exist"),
        Dialect::Sqlite => format!("unknown database {schema}"),
        Dialect::MySql => format!("Unknown database '{schema}'"),
    };
    Err(refuse(FailureKind::UndefinedObject, &object, message))
}

/// `TRUNCATE`.
pub(super) fn truncate(work: &mut Work, tables: &[QName], restart: bool, cascade: bool) -> Outcome<()> {
    let mut all: Vec<QName> = Vec::new();
    for name in tables {
        let name = work.table(name)?.name.clone();
        if !all.contains(&name) {
            all.push(name);
        }
    }
    let mut at = 0;
    while let Some(name) = all.get(at).cloned() {
        at += 1;
        for child in work.catalog.referencing(&name) {
            if all.contains(&child) {
                continue;
            }
            if !cascade {
                let message = match work.dialect {
                    Dialect::MySql => {
                        format!("Cannot truncate a table referenced in a foreign key constraint (table '{child}')")
                    }
                    _ => format!(
                        "cannot truncate a table referenced in a foreign key constraint: table \"{child}\" references \"{name}\""
                    ),
                };
                return Err(refuse(FailureKind::DependentObjects, &name, message));
            }
            all.push(child);
        }
    }
    for name in all {
        work.step(RowStep::Truncated { table: name, restart });
    }
    Ok(())
}
