//! Sequences.

use std::sync::Arc;

use super::failures::{self, refuse};
use super::work::{Work, with_column};
use crate::op::{FailureKind, Outcome};
use crate::schema::{Column, Dialect, Name, QName, Sequence, nextval_sequence, nextval_text};

/// `CREATE SEQUENCE`.
pub(super) fn create(
    work: &mut Work,
    name: &QName,
    start: Option<i64>,
    increment: Option<i64>,
    if_not_exists: bool,
    owned_by: Option<&(QName, Name)>,
) -> Outcome<()> {
    if work.dialect != Dialect::PostgreSql {
        return Err(failures::unsupported("near \"SEQUENCE\": syntax error"));
    }
    super::table::need_schema(work, name)?;
    if let Some(by) = work.catalog.relation(name) {
        return if if_not_exists { Ok(()) } else { Err(failures::taken(work.dialect, name, by)) };
    }
    let sequence =
        Sequence { name: name.clone(), start: start.unwrap_or(1), increment: increment.unwrap_or(1), owner: None };
    work.catalog.sequences.insert(name.clone(), Arc::new(sequence));
    match owned_by {
        Some(owner) => own(work, name, Some(owner)),
        None => Ok(()),
    }
}

/// `DROP SEQUENCE`.
pub(super) fn drop(work: &mut Work, name: &QName, if_exists: bool, cascade: bool) -> Outcome<()> {
    if !work.catalog.sequences.contains_key(name) {
        if if_exists {
            return Ok(());
        }
        let message = format!("sequence \"{}\" does not exist", name.name);
        return Err(refuse(FailureKind::UndefinedObject, name, message));
    }
    let mut identity = None;
    let mut dependents = Vec::new();
    for (table, column) in users(work, name) {
        dependents.push(format!("default value for column {} of table {table}", column.name));
    }
    if let Some(owner) = work.catalog.sequences.get(name).and_then(|sequence| sequence.owner.clone())
        && let Some(table) = work.catalog.table(&owner)
    {
        identity = table
            .columns
            .iter()
            .find(|column| column.identity.is_some() && column.owned_sequence.as_ref() == Some(name))
            .map(|column| (owner.clone(), column.name.clone()));
    }
    if let Some((table, column)) = identity {
        let message = format!("cannot drop sequence {name} because column {column} of table {table} requires it");
        return Err(refuse(FailureKind::DependentObjects, name, message));
    }
    if !dependents.is_empty() && !cascade {
        return Err(failures::depended_on(name, &format!("sequence {name}"), &dependents));
    }
    remove(work, name)
}

/// Takes a sequence out with the defaults that draw on it.
pub(super) fn remove(work: &mut Work, name: &QName) -> Outcome<()> {
    let owner = work.catalog.sequences.remove(name).and_then(|sequence| sequence.owner.clone());
    for (user, column) in users(work, name) {
        let mut table = work.edit(&user)?;
        with_column(&mut table, column.id, |column| column.default = None);
        work.put(table);
    }
    let Some(owner) = owner else { return Ok(()) };
    let Some(table) = work.catalog.table(&owner) else { return Ok(()) };
    if table.columns.iter().any(|column| column.owned_sequence.as_ref() == Some(name)) {
        let mut table = work.edit(&owner)?;
        for column in &mut table.columns {
            if column.owned_sequence.as_ref() == Some(name) {
                Arc::make_mut(column).owned_sequence = None;
            }
        }
        work.put(table);
    }
    Ok(())
}

/// The columns whose default draws on a sequence, with their tables.
pub(super) fn users(work: &Work, name: &QName) -> Vec<(QName, Arc<Column>)> {
    let mut out = Vec::new();
    for user in work.catalog.tables_using_sequence(name) {
        let Some(table) = work.catalog.table(&user) else { continue };
        for column in &table.columns {
            if column.default.as_deref().and_then(nextval_sequence).as_ref() == Some(name) {
                out.push((user.clone(), column.clone()));
            }
        }
    }
    out
}

/// `ALTER SEQUENCE`.
pub(super) fn alter(
    work: &mut Work,
    name: &QName,
    to: Option<&Name>,
    owned_by: Option<&Option<(QName, Name)>>,
) -> Outcome<()> {
    if !work.catalog.sequences.contains_key(name) {
        let message = format!("relation \"{}\" does not exist", name.name);
        return Err(refuse(FailureKind::UndefinedObject, name, message));
    }
    if let Some(owner) = owned_by {
        own(work, name, owner.as_ref())?;
    }
    match to {
        Some(to) => rename(work, name, &name.sibling(to.clone())),
        None => Ok(()),
    }
}

fn own(work: &mut Work, name: &QName, owner: Option<&(QName, Name)>) -> Outcome<()> {
    let Some(old) = work.catalog.sequences.get(name).cloned() else { return Ok(()) };
    if let Some(before) = &old.owner
        && work.catalog.table(before).is_some()
    {
        let mut table = work.edit(before)?;
        for column in &mut table.columns {
            if column.owned_sequence.as_ref() == Some(name) {
                Arc::make_mut(column).owned_sequence = None;
            }
        }
        work.put(table);
    }
    let mut now = None;
    if let Some((table_name, column)) = owner {
        let mut table = work.edit(table_name)?;
        let dialect = work.dialect;
        let about = table.name.clone();
        let id = work.need(&mut table, column, || failures::no_column(dialect, &about, column))?;
        with_column(&mut table, id, |column| column.owned_sequence = Some(name.clone()));
        now = Some(table.name.clone());
        work.put(table);
    }
    work.catalog.sequences.insert(name.clone(), Arc::new(Sequence { owner: now, ..Sequence::clone(&old) }));
    Ok(())
}

fn rename(work: &mut Work, from: &QName, to: &QName) -> Outcome<()> {
    if let Some(by) = work.catalog.relation(to) {
        return Err(failures::taken(work.dialect, to, by));
    }
    let users = users(work, from);
    let Some(old) = work.catalog.sequences.remove(from) else { return Ok(()) };
    let owner = old.owner.clone();
    work.catalog.sequences.insert(to.clone(), Arc::new(Sequence { name: to.clone(), ..Sequence::clone(&old) }));
    for (user, column) in users {
        let mut table = work.edit(&user)?;
        with_column(&mut table, column.id, |column| column.default = Some(nextval_text(to)));
        work.put(table);
    }
    if let Some(owner) = owner
        && work.catalog.table(&owner).is_some()
    {
        let mut table = work.edit(&owner)?;
        for column in &mut table.columns {
            if column.owned_sequence.as_ref() == Some(from) {
                Arc::make_mut(column).owned_sequence = Some(to.clone());
            }
        }
        work.put(table);
    }
    Ok(())
}
