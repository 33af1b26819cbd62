//! What is PostgreSQL's own when a batch block builds a table anew: Alembic drops the named constraints of the old table
//! first (`PostgresqlImpl.prep_table_for_batch`), copies values without a cast, and has columns count from new sequences.

use std::sync::Arc;

use super::alter::default_type;
use super::casts;
use super::column::UNKNOWN;
use super::failures::{self, refuse};
use super::foreign_key;
use super::naming;
use super::work::Work;
use crate::op::{ConstraintKind, ConstraintSpec, Failure, FailureKind, Outcome};
use crate::schema::{
    Column, ColumnId, Dialect, Name, QName, Relation, Sequence, SqlType, Table, nextval_sequence, nextval_text,
};

/// PostgreSQL makes the new table while the old one still has the names of its indexes. Those of its constraints are free:
/// Alembic drops what the new table has under the same name (`prep_table_for_batch`).
pub(super) fn names_are_free(old: &Table, table: &Table) -> Outcome<()> {
    let primary = table.primary_key.iter().filter_map(|key| key.name.clone());
    let uniques = table.uniques.iter().filter_map(|unique| unique.name.clone());
    for name in primary.chain(uniques) {
        if old.indexes.iter().any(|index| index.name == name) {
            return Err(failures::taken(Dialect::PostgreSql, &old.name.sibling(name), Relation::Index));
        }
    }
    Ok(())
}

/// The keys of the old table that are dropped first may go: nothing refers to them.
pub(super) fn keys_may_go(work: &Work, old: &Table, table: &Table, added: &[ConstraintSpec]) -> Outcome<()> {
    let children = work.catalog.referencing(&old.name).into_iter().filter(|child| *child != old.name);
    let children: Vec<_> = children.filter_map(|child| work.catalog.table(&child)).collect();
    let inbound = children.iter().flat_map(|child| &child.foreign_keys).filter(|key| key.ref_table == old.name);
    let inbound = inbound.map(|key| &key.ref_columns);
    let kept = table.foreign_keys.iter().filter(|key| key.ref_table == old.name).map(|key| &key.ref_columns);
    let added_keys = added.iter().filter_map(|added| match &added.kind {
        ConstraintKind::ForeignKey { ref_table, ref_columns, .. } if *ref_table == old.name => Some(ref_columns),
        _ => None,
    });
    let mut referring = inbound.chain(kept).chain(added_keys);
    let Some(name) = referring.find_map(|columns| dropped_key(old, table, columns, added)) else { return Ok(()) };
    let message =
        format!("cannot drop constraint {name} on table \"{}\" because other objects depend on it", old.name.name);
    Err(refuse(FailureKind::DependentObjects, &old.name, message))
}

/// The new table is created with the types of its columns, and those of reflected columns are there.
pub(super) fn types_are_new(old: &Table, table: &Table) -> Outcome<()> {
    for column in table.columns.iter().filter(|column| old.column_by_id(column.id).is_some()) {
        if let SqlType::Enum(name) = &column.ty {
            return Err(refuse(FailureKind::DuplicateObject, name, format!("type \"{}\" already exists", name.name)));
        }
    }
    Ok(())
}

/// The foreign keys of the new table find what they refer to, and its primary key has no NULLs.
pub(super) fn keys_stand(old: &Table, table: &mut Table) -> Outcome<()> {
    let primary: Vec<_> = table.primary_key.iter().flat_map(|key| key.columns.iter().copied()).collect();
    for column in table.columns.iter_mut().filter(|column| column.nullable && primary.contains(&column.id)) {
        Arc::make_mut(column).nullable = false;
    }
    merge_keys(table);
    for key in &table.foreign_keys {
        let to = &key.ref_table;
        if *to != old.name && old.name.schema.is_some() && to.schema != old.name.schema {
            // SQLAlchemy moves the target into the schema of the table and does not find it there.
            let column = table.column_names(&key.columns).first().cloned().unwrap_or_default();
            let target = old.name.sibling(to.name.clone());
            let message = format!(
                "Foreign key associated with column '_alembic_tmp_{}.{column}' could not find table '{target}' with \
                 which to generate a foreign key to target column '{}'",
                old.name.name,
                key.ref_columns.first().map_or("", |column| &**column)
            );
            return Err(Failure::new(FailureKind::Script, message));
        }
    }
    Ok(())
}

/// The columns of the new table's foreign keys go with those that they refer to, whatever the block has made of their types.
pub(super) fn references_fit(work: &Work, old: &Table, table: &Table) -> Outcome<()> {
    for key in &table.foreign_keys {
        let parent =
            if key.ref_table == old.name { Some(old) } else { work.catalog.table(&key.ref_table).map(AsRef::as_ref) };
        for (own, other) in key.columns.iter().zip(&key.ref_columns) {
            let other = parent.and_then(|parent| parent.column(other));
            let (Some(own), Some(other)) = (table.column_by_id(*own), other) else { continue };
            if !foreign_key::compatible(&own.ty, &other.ty, Dialect::PostgreSql) {
                let name = key.name.as_deref().unwrap_or_default();
                let message = format!("foreign key constraint \"{name}\" cannot be implemented");
                return Err(refuse(FailureKind::DatatypeMismatch, &old.name, message));
            }
        }
    }
    Ok(())
}

/// Of keys over the same columns in one `CREATE TABLE` PostgreSQL makes the first, and the primary key before all.
fn merge_keys(table: &mut Table) {
    let mut seen: Vec<Vec<ColumnId>> = table.primary_key.iter().map(|key| key.columns.clone()).collect();
    table.uniques.retain(|unique| {
        let plain = !unique.nulls_not_distinct && unique.deferrable.is_none() && unique.initially_deferred.is_none();
        let again = plain && seen.contains(&unique.columns);
        if plain && !again {
            seen.push(unique.columns.clone());
        }
        !again
    });
}

/// Defaults that draw on a sequence come back as text, and SQLAlchemy writes the schema of the table before a sequence that
/// is named without one, wherever that is.
pub(super) fn sequences_stand(work: &Work, old: &Table, table: &mut Table) -> Outcome<()> {
    if old.name.schema.is_none() {
        return Ok(());
    }
    for column in &mut table.columns {
        let Some(before) = old.column_by_id(column.id) else { continue };
        let drawn = column.default.as_deref().filter(|_| before.default == column.default && is_whole(&before.ty));
        let Some(sequence) = drawn.and_then(nextval_sequence).filter(|sequence| sequence.schema.is_none()) else {
            continue;
        };
        let moved = old.name.sibling(sequence.name.clone());
        if !work.catalog.sequences.contains_key(&moved) {
            let message = format!("relation \"{moved}\" does not exist");
            return Err(refuse(FailureKind::UndefinedObject, &moved, message));
        }
        Arc::make_mut(column).default = Some(nextval_text(&moved));
    }
    Ok(())
}

/// Whether PostgreSQL lets the values of all columns be given.
pub(super) fn may_insert(old: &Table, table: &Table) -> Outcome<()> {
    let copied = table.columns.iter().filter(|column| old.column_by_id(column.id).is_some());
    let always = |column: &&Arc<Column>| column.identity.as_ref().is_some_and(|identity| identity.always);
    copied.into_iter().find(always).map_or(Ok(()), |column| {
        let message = format!("cannot insert a non-DEFAULT value into column \"{}\"", column.name);
        Err(refuse(FailureKind::InvalidStatement, &old.name, message))
    })
}

/// The key of the old table over these columns, where it is dropped because the new table has one of the same name.
fn dropped_key(old: &Table, table: &Table, columns: &[Name], added: &[ConstraintSpec]) -> Option<Name> {
    let names = |table: &Table| -> Vec<Name> {
        let primary = table.primary_key.iter().filter_map(|key| key.name.clone());
        primary.chain(table.uniques.iter().filter_map(|unique| unique.name.clone())).collect()
    };
    let primary = old.primary_key.iter().map(|key| (&key.name, &key.columns));
    let mut keys = primary.chain(old.uniques.iter().map(|unique| (&unique.name, &unique.columns)));
    let (name, _) = keys.find(|(_, own)| old.column_names(own) == columns)?;
    let is_added = |name: &Name| added.iter().any(|added| added.name.as_ref() == Some(name));
    name.clone().filter(|name| names(table).contains(name) || is_added(name))
}

/// A retyped column is copied with a cast where the types differ in kind for SQLAlchemy, else as it is
/// (`cast_for_batch_migrate`).
pub(super) fn copies_over(work: &mut Work, old: &Table, column: &Column, to: &SqlType, cast: bool) -> Outcome<()> {
    let (from, target) = (casts::type_name(&column.ty), casts::type_name(to));
    let fits = if cast { casts::explicit(&column.ty, to) } else { casts::assignable(&column.ty, to) };
    match fits {
        Some(true) => {}
        Some(false) if cast => {
            let message = format!("cannot cast type {from} to {target}");
            return Err(refuse(FailureKind::InvalidStatement, &old.name, message));
        }
        Some(false) => {
            let name = &column.name;
            let message = format!("column \"{name}\" is of type {target} but expression is of type {from}");
            return Err(refuse(FailureKind::DatatypeMismatch, &old.name, message));
        }
        None => work.doubt(format!("whether {from} turns into {target} is not known")),
    }
    Ok(())
}

/// The default comes back from the reflected table as an expression of the old type.
pub(super) fn default_fits(old: &Table, column: &Column, to: &SqlType) -> Outcome<()> {
    let Some(default) = column.default.as_deref().filter(|default| *default != UNKNOWN) else { return Ok(()) };
    let of = default_type(default, &column.ty);
    if casts::assignable(&of, to) != Some(false) {
        return Ok(());
    }
    let (from, to) = (casts::type_name(&of), casts::type_name(to));
    let message = format!("column \"{}\" is of type {to} but default expression is of type {from}", column.name);
    Err(refuse(FailureKind::DatatypeMismatch, &old.name, message))
}

/// Alembic takes a number that draws on a sequence of its own column for a `SERIAL`, and leaves its default out
/// (`autogen_column_reflect`). It does not look at small numbers.
pub(super) fn leave_out_serials(table: &mut Table) {
    for column in &mut table.columns {
        let own = || column.owned_sequence.is_some() && draws_on(column) == column.owned_sequence;
        if matches!(column.ty, SqlType::Integer | SqlType::BigInt) && own() {
            Arc::make_mut(column).default = None;
        }
    }
}

fn draws_on(column: &Column) -> Option<QName> {
    column.default.as_deref().and_then(nextval_sequence)
}

/// A key that counts counts anew, from a sequence that has its name from the temporary table; whatever else draws on a
/// sequence of the old table keeps that from being dropped.
///
/// Where the table is reflected, a whole number that drew on a sequence counts whatever the block makes of its default.
pub(super) fn count_anew(
    work: &mut Work,
    old: &Table,
    table: &mut Table,
    temporary: &QName,
    given: bool,
) -> Outcome<()> {
    let under_temporary_name = Table { name: temporary.clone(), ..table.clone() };
    for column in &mut table.columns {
        let Some(before) = old.column_by_id(column.id) else { continue };
        let drawn = draws_on(column);
        let drew = draws_on(before).filter(|_| !given && is_whole(&before.ty));
        let in_key = table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.id));
        let counts = (drawn.is_some() || drew.is_some()) && in_key && is_whole(&column.ty);
        if drew.is_some() && in_key && !may_count(&column.ty) {
            // SQLAlchemy has reflected that it counts, and holds its new type to that.
            let ty = crate::sql::write_type(&column.ty, work.dialect);
            let message = format!(
                "Column type {ty} on column '{temporary}.{}' is not compatible with autoincrement=True",
                column.name
            );
            return Err(Failure::new(FailureKind::InvalidStatement, message));
        }
        if !counts && column.identity.is_none() {
            if drawn.is_some() && drawn == before.owned_sequence {
                let dependent = format!("default value for column {} of table {temporary}", column.name);
                return Err(failures::depended_on(&old.name, &format!("table {}", old.name), &[dependent]));
            }
            continue;
        }
        let name = naming::sequence_name(&work.catalog, &under_temporary_name, &column.name);
        let made = Sequence::of_column(name.clone(), column.identity.as_ref(), &old.name);
        work.catalog.sequences.insert(name.clone(), Arc::new(made));
        let column = Arc::make_mut(column);
        if counts {
            column.default = Some(nextval_text(&name));
        }
        column.owned_sequence = Some(name);
    }
    for sequence in old.columns.iter().filter_map(|column| column.owned_sequence.as_ref()) {
        work.catalog.sequences.remove(sequence);
    }
    Ok(())
}

/// Whether SQLAlchemy lets a key of that type count by itself where that is asked for.
fn may_count(ty: &SqlType) -> bool {
    match ty {
        SqlType::Numeric(_, scale) => scale.is_none_or(|scale| scale == 0),
        SqlType::Unknown => true,
        ty => is_whole(ty),
    }
}

fn is_whole(ty: &SqlType) -> bool {
    matches!(ty, SqlType::SmallInt | SqlType::Integer | SqlType::BigInt)
}
