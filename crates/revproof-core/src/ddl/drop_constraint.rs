//! Constraints that are dropped, renamed or validated.

use super::changed::Demand;
use super::constraint::NO_ALTER;
use super::failures;
use super::foreign_key;
use super::index;
use super::naming;
use super::work::Work;
use crate::op::{ConstraintKindName, Failure, FailureKind, Outcome};
use crate::schema::{Dialect, Name, QName, Table, same};

/// `ALTER TABLE … DROP CONSTRAINT`.
pub(super) fn drop(
    work: &mut Work,
    name: &QName,
    constraint: Option<&Name>,
    kind: Option<ConstraintKindName>,
    if_exists: bool,
    cascade: bool,
) -> Outcome<()> {
    let Some(constraint) = constraint else {
        let message = "Can't emit DROP CONSTRAINT for constraint; it has no name";
        return Err(Failure::new(FailureKind::InvalidStatement, message));
    };
    if work.dialect == Dialect::Sqlite {
        return Err(failures::unsupported(NO_ALTER));
    }
    let mut table = work.edit(name)?;
    let keys = match work.dialect {
        Dialect::PostgreSql => foreign_key::resting_on(work, &table, constraint),
        _ => Vec::new(),
    };
    if work.dialect == Dialect::MySql {
        mysql_drop(work, &mut table, constraint, kind)?;
        work.put(table);
        return Ok(());
    }
    if !take(&mut table, constraint) {
        if if_exists || table.assumed {
            return Ok(());
        }
        return Err(failures::no_constraint(work.dialect, &table.name, constraint));
    }
    if !keys.is_empty() && !cascade {
        let dependents: Vec<String> = keys.iter().map(|(t, k)| foreign_key::described(t, k)).collect();
        let what = format!("constraint {constraint} on table {}", table.name);
        return Err(failures::depended_on(&table.name, &what, &dependents));
    }
    work.put(table);
    foreign_key::drop_all(work, &keys)
}

/// Takes the constraint of that name out; says whether there was one.
pub(super) fn take(table: &mut Table, name: &str) -> bool {
    let hit = |own: &Option<Name>| own.as_deref() == Some(name);
    if table.primary_key.as_ref().is_some_and(|key| hit(&key.name)) {
        table.primary_key = None;
        return true;
    }
    let before = count(table);
    table.uniques.retain(|unique| !hit(&unique.name));
    table.foreign_keys.retain(|key| !hit(&key.name));
    table.checks.retain(|check| !hit(&check.name));
    table.exclusions.retain(|exclusion| &*exclusion.name != name);
    count(table) < before
}

fn count(table: &Table) -> usize {
    table.uniques.len() + table.foreign_keys.len() + table.checks.len() + table.exclusions.len()
}

fn mysql_drop(work: &Work, table: &mut Table, name: &Name, kind: Option<ConstraintKindName>) -> Outcome<()> {
    let hit = |own: &Option<Name>| own.as_deref().is_some_and(|own| same(own, name, Dialect::MySql));
    let before = count(table) + table.indexes.len();
    match kind {
        Some(ConstraintKindName::PrimaryKey) => {
            return match table.primary_key.take() {
                Some(_) => Ok(()),
                None => Err(failures::no_constraint(Dialect::MySql, &table.name, "PRIMARY")),
            };
        }
        Some(ConstraintKindName::Unique) => {
            if index::mysql_has(table, name) {
                super::index::needed_by_mysql(work, table, name)?;
            }
            table.uniques.retain(|unique| !hit(&unique.name));
            table.indexes.retain(|index| !same(&index.name, name, Dialect::MySql));
        }
        Some(ConstraintKindName::ForeignKey) => table.foreign_keys.retain(|key| !hit(&key.name)),
        Some(ConstraintKindName::Check) => table.checks.retain(|check| !hit(&check.name)),
        Some(ConstraintKindName::Exclude) | None => {
            take(table, name);
        }
    }
    if count(table) + table.indexes.len() < before || table.assumed {
        return Ok(());
    }
    Err(failures::no_constraint(Dialect::MySql, &table.name, name))
}

/// `ALTER TABLE … RENAME CONSTRAINT`.
pub(super) fn rename(work: &mut Work, name: &QName, constraint: &Name, to: &Name) -> Outcome<()> {
    if work.dialect != Dialect::PostgreSql {
        return Err(failures::unsupported("near \"CONSTRAINT\": syntax error"));
    }
    let mut table = work.edit(name)?;
    let to = naming::stored(to, work.dialect);
    if naming::constraint_taken(&table, &to) {
        return Err(failures::duplicate_constraint(work.dialect, &table.name, &to));
    }
    let hit = |own: &Option<Name>| own.as_deref() == Some(&**constraint);
    if let Some(key) = table.foreign_keys.iter_mut().find(|key| hit(&key.name)) {
        key.name = Some(to);
    } else if let Some(check) = table.checks.iter_mut().find(|check| hit(&check.name)) {
        check.name = Some(to);
    } else if naming::constraint_taken(&table, constraint) {
        let qualified = table.name.sibling(to.clone());
        if let Some(by) = work.catalog.relation(&qualified) {
            return Err(failures::taken(work.dialect, &qualified, by));
        }
        index::rename_key(&mut table, constraint, &to);
    } else if !table.assumed {
        let message = format!("constraint \"{constraint}\" for table \"{}\" does not exist", table.name.name);
        return Err(failures::refuse(FailureKind::UndefinedObject, &table.name, message));
    }
    work.put(table);
    Ok(())
}

/// `ALTER TABLE … VALIDATE CONSTRAINT`.
pub(super) fn validate(work: &mut Work, name: &QName, constraint: &Name) -> Outcome<()> {
    let mut table = work.edit(name)?;
    let hit = |own: &Option<Name>| own.as_deref() == Some(&**constraint);
    let demand = if let Some(key) = table.foreign_keys.iter_mut().find(|key| hit(&key.name)) {
        std::mem::take(&mut key.not_valid).then(|| Demand::ForeignKey(key.clone()))
    } else if let Some(check) = table.checks.iter_mut().find(|check| hit(&check.name)) {
        std::mem::take(&mut check.not_valid).then(|| Demand::Check(check.clone()))
    } else if table.assumed {
        None
    } else {
        return Err(failures::no_constraint(work.dialect, &table.name, constraint));
    };
    let name = table.name.clone();
    work.put(table);
    if let Some(demand) = demand {
        work.must_hold(&name, demand);
    }
    Ok(())
}
