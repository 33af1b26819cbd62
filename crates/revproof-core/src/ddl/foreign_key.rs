//! Foreign keys: what they need of the referenced table, and who rests on whose key.

use std::sync::Arc;

use super::casts;
use super::failures::{self, refuse};
use super::naming;
use super::work::Work;
use crate::op::{ConstraintKind, ConstraintSpec, Failure, FailureKind, Outcome};
use crate::schema::{ColumnId, Dialect, ForeignKey, Index, IndexPart, Name, QName, SqlType, Table, same};

/// Adds a foreign key to a table that is being made or changed.
pub(super) fn add(work: &mut Work, table: &mut Table, spec: &ConstraintSpec, columns: &[Name]) -> Outcome<ForeignKey> {
    let ConstraintKind::ForeignKey { ref_table, ref_columns, on_delete, on_update, match_type, .. } = &spec.kind else {
        return Err(Failure::new(FailureKind::InvalidStatement, "not a foreign key"));
    };
    let dialect = work.dialect;
    let (parent, ref_columns) = referenced(work, table, ref_table, ref_columns)?;
    let ids = own_columns(work, table, columns)?;
    if ids.len() != ref_columns.len() {
        let message = match dialect {
            Dialect::PostgreSql => "number of referencing and referenced columns for foreign key disagree".to_owned(),
            Dialect::Sqlite => {
                "number of columns in foreign key does not match the number of columns in the referenced table"
                    .to_owned()
            }
            Dialect::MySql => format!(
                "Incorrect foreign key definition for '{}': Key reference and table reference don't match",
                spec.name.as_deref().unwrap_or("foreign key without name")
            ),
        };
        // Unnamed referenced columns of a table that SQLite has not seen yet are as many as needed.
        if !ref_columns.is_empty() || dialect != Dialect::Sqlite {
            return Err(refuse(FailureKind::InvalidStatement, ref_table, message));
        }
    }
    let name = name(work, table, spec, &ids)?;
    if let Some(parent) = &parent {
        let own = if parent.name == table.name { &*table } else { parent };
        if !own.assumed {
            check_key(work, table, own, &ids, &ref_columns, name.as_deref())?;
        }
    }
    let key = ForeignKey {
        name,
        columns: ids,
        ref_table: parent.map_or_else(|| ref_table.clone(), |parent| parent.name.clone()),
        ref_columns,
        on_delete: *on_delete,
        on_update: *on_update,
        deferrable: spec.deferrable.filter(|deferrable| *deferrable),
        initially_deferred: spec.initially_deferred.filter(|deferred| *deferred),
        match_type: match_type.clone().filter(|kind| !kind.eq_ignore_ascii_case("simple")),
        not_valid: spec.not_valid,
    };
    if dialect == Dialect::MySql {
        supporting_index(table, &key);
    }
    table.foreign_keys.push(key.clone());
    Ok(key)
}

/// The referenced table, where it must exist, and the referenced columns by name.
fn referenced(
    work: &mut Work,
    table: &Table,
    ref_table: &QName,
    ref_columns: &[Name],
) -> Outcome<(Option<Arc<Table>>, Vec<Name>)> {
    let itself = *ref_table == table.name
        || work.dialect == Dialect::Sqlite && same(&ref_table.name, &table.name.name, work.dialect);
    let parent = if itself { Some(Arc::new(table.clone())) } else { work.catalog.table(ref_table).cloned() };
    let Some(parent) = parent else {
        return match work.dialect {
            Dialect::Sqlite => Ok((None, ref_columns.to_vec())),
            Dialect::PostgreSql => Err(failures::no_table(work.dialect, ref_table)),
            Dialect::MySql => {
                let message = format!("Failed to open the referenced table '{}'", ref_table.name);
                Err(refuse(FailureKind::UndefinedObject, ref_table, message))
            }
        };
    };
    let columns = if ref_columns.is_empty() {
        match &parent.primary_key {
            Some(key) => parent.column_names(&key.columns),
            None if parent.assumed || work.dialect == Dialect::Sqlite => Vec::new(),
            None => {
                let message = format!("there is no primary key for referenced table \"{}\"", ref_table.name);
                return Err(refuse(FailureKind::UndefinedObject, ref_table, message));
            }
        }
    } else {
        ref_columns.to_vec()
    };
    if parent.assumed && !itself {
        super::open_world::assume(&mut work.catalog, &parent.name, &columns);
    }
    Ok((Some(parent), columns))
}

fn own_columns(work: &Work, table: &mut Table, columns: &[Name]) -> Outcome<Vec<ColumnId>> {
    let (dialect, name) = (work.dialect, table.name.clone());
    columns
        .iter()
        .map(|column| {
            work.need(table, column, || {
                let message = match dialect {
                    Dialect::PostgreSql => {
                        format!("column \"{column}\" referenced in foreign key constraint does not exist")
                    }
                    Dialect::Sqlite => format!("unknown column \"{column}\" in foreign key definition"),
                    Dialect::MySql => format!("Key column '{column}' doesn't exist in table"),
                };
                refuse(FailureKind::UndefinedObject, &name, message)
            })
        })
        .collect()
}

fn name(work: &Work, table: &Table, spec: &ConstraintSpec, ids: &[ColumnId]) -> Outcome<Option<Name>> {
    let Some(name) = &spec.name else { return Ok(naming::foreign_key(&work.catalog, table, ids)) };
    let name = naming::stored(name, work.dialect);
    if work.dialect != Dialect::Sqlite && naming::constraint_taken(table, &name) {
        return Err(match work.dialect {
            Dialect::MySql => {
                let message = format!("Duplicate foreign key constraint name '{name}'");
                refuse(FailureKind::DuplicateObject, &table.name, message)
            }
            _ => failures::duplicate_constraint(work.dialect, &table.name, &name),
        });
    }
    Ok(Some(name))
}

/// The referenced columns exist, carry a unique key, and compare with the referencing ones.
fn check_key(
    work: &Work,
    table: &Table,
    parent: &Table,
    ids: &[ColumnId],
    ref_columns: &[Name],
    name: Option<&str>,
) -> Outcome<()> {
    if work.dialect == Dialect::Sqlite {
        return Ok(());
    }
    let mut ref_ids = Vec::with_capacity(ref_columns.len());
    for column in ref_columns {
        let Some(found) = work.find(parent, column) else {
            let message = match work.dialect {
                Dialect::MySql => format!(
                    "Failed to add the foreign key constraint. Missing column '{column}' for constraint '{}' in the \
                     referenced table '{}'",
                    name.unwrap_or_default(),
                    parent.name.name
                ),
                _ => format!("column \"{column}\" referenced in foreign key constraint does not exist"),
            };
            return Err(refuse(FailureKind::UndefinedObject, &parent.name, message));
        };
        ref_ids.push(found.id);
    }
    match keys_on(parent, &ref_ids, work.dialect).first() {
        Some(Key { deferrable: true, .. }) => {
            let message =
                format!("cannot use a deferrable unique constraint for referenced table \"{}\"", parent.name.name);
            return Err(refuse(FailureKind::InvalidStatement, &parent.name, message));
        }
        Some(_) => {}
        None => {
            let message = match work.dialect {
                Dialect::MySql => format!(
                    "Failed to add the foreign key constraint. Missing index for constraint '{}' in the referenced \
                     table '{}'",
                    name.unwrap_or_default(),
                    parent.name.name
                ),
                _ => {
                    format!(
                        "there is no unique constraint matching given keys for referenced table \"{}\"",
                        parent.name.name
                    )
                }
            };
            return Err(refuse(FailureKind::UndefinedObject, &parent.name, message));
        }
    }
    for (own, other) in ids.iter().zip(&ref_ids) {
        let (Some(own), Some(other)) = (table.column_by_id(*own), parent.column_by_id(*other)) else { continue };
        if compatible(&own.ty, &other.ty, work.dialect) {
            continue;
        }
        let message = match work.dialect {
            Dialect::MySql => format!(
                "Referencing column '{}' and referenced column '{}' in foreign key constraint '{}' are incompatible.",
                own.name,
                other.name,
                name.unwrap_or_default()
            ),
            _ => format!(
                "foreign key constraint \"{}\" cannot be implemented: key columns \"{}\" and \"{}\" are of \
                 incompatible types: {} and {}",
                name.unwrap_or_default(),
                own.name,
                other.name,
                casts::type_name(&own.ty),
                casts::type_name(&other.ty)
            ),
        };
        return Err(refuse(FailureKind::DatatypeMismatch, &table.name, message));
    }
    Ok(())
}

/// Whether a foreign key can be made between columns of these types.
pub(super) fn compatible(referencing: &SqlType, referenced: &SqlType, dialect: Dialect) -> bool {
    match dialect {
        Dialect::PostgreSql => casts::comparable(referencing, referenced).unwrap_or(true),
        Dialect::Sqlite => true,
        Dialect::MySql => {
            let text = |ty: &SqlType| matches!(ty, SqlType::Char(_) | SqlType::VarChar(_));
            referencing == referenced
                || text(referencing) && text(referenced)
                || matches!((referencing, referenced), (SqlType::Unknown, _) | (_, SqlType::Unknown))
        }
    }
}

/// A key that a foreign key may rest on.
pub(super) struct Key<'t> {
    /// The name of the constraint or index.
    pub(super) name: Option<&'t Name>,
    deferrable: bool,
}

/// The keys over exactly these columns, in any order; the first is the one that a foreign key rests on.
pub(super) fn keys_on<'t>(table: &'t Table, columns: &[ColumnId], dialect: Dialect) -> Vec<Key<'t>> {
    let matches = |own: &[ColumnId]| match dialect {
        // InnoDB is content with the columns being the first ones of an index.
        Dialect::MySql => own.starts_with(columns),
        _ => own.len() == columns.len() && columns.iter().all(|id| own.contains(id)),
    };
    let primary = table.primary_key.iter().filter(|key| matches(&key.columns));
    let primary = primary.map(|key| Key { name: key.name.as_ref(), deferrable: false });
    let uniques = table.uniques.iter().filter(|unique| matches(&unique.columns));
    let uniques = uniques.map(|unique| Key { name: unique.name.as_ref(), deferrable: unique.deferrable == Some(true) });
    let indexes = table.indexes.iter().filter(|index| {
        let plain: Option<Vec<ColumnId>> = index.parts.iter().map(|part| part.column).collect();
        (index.unique || dialect == Dialect::MySql)
            && index.predicate.is_none()
            && plain.is_some_and(|plain| matches(&plain))
    });
    let indexes = indexes.map(|index| Key { name: Some(&index.name), deferrable: false });
    primary.chain(uniques).chain(indexes).collect()
}

/// The foreign keys, by table, that rest on the key of that name: those for which no other key would do.
pub(super) fn resting_on(work: &Work, table: &Table, key: &str) -> Vec<(QName, ForeignKey)> {
    let mut out = Vec::new();
    for name in work.catalog.referencing(&table.name) {
        let Some(child) = work.catalog.table(&name) else { continue };
        for foreign_key in child.foreign_keys.iter().filter(|fk| fk.ref_table == table.name) {
            let ids: Vec<ColumnId> =
                foreign_key.ref_columns.iter().filter_map(|column| work.find(table, column)).map(|c| c.id).collect();
            let keys = keys_on(table, &ids, work.dialect);
            let first = keys.first().and_then(|first| first.name);
            let alone = work.dialect != Dialect::MySql || keys.len() == 1;
            if first.is_some_and(|first| &**first == key) && alone {
                out.push((name.clone(), foreign_key.clone()));
            }
        }
    }
    out
}

/// A foreign key as PostgreSQL's DETAIL names it.
pub(super) fn described(table: &QName, key: &ForeignKey) -> String {
    format!("constraint {} on table {table}", key.name.as_deref().unwrap_or("?"))
}

/// Takes foreign keys out of their tables.
pub(super) fn drop_all(work: &mut Work, keys: &[(QName, ForeignKey)]) -> Outcome<()> {
    for (name, key) in keys {
        let mut table = work.edit(name)?;
        table.foreign_keys.retain(|own| own != key);
        work.put(table);
    }
    Ok(())
}

/// MySQL makes an index for a foreign key that has none, named after the constraint, or after its first column where
/// the name was made up.
fn supporting_index(table: &mut Table, key: &ForeignKey) {
    if !keys_on(table, &key.columns, Dialect::MySql).is_empty() {
        return;
    }
    let Some(first) = key.columns.first() else { return };
    let made_up = format!("{}_ibfk_", table.name.name);
    let name = match &key.name {
        Some(name) if !name.starts_with(&made_up) => name.clone(),
        _ => {
            let column = table.column_name(*first);
            naming::mysql_key(table, &column)
        }
    };
    let part = |id: &ColumnId| IndexPart { column: Some(*id), expression: None, mentions: Vec::new(), suffix: None };
    table.indexes.push(Index {
        name,
        parts: key.columns.iter().map(part).collect(),
        unique: false,
        using: None,
        predicate: None,
        include: Vec::new(),
        nulls_not_distinct: false,
    });
}
