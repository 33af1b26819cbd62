//! `ALTER TABLE … ALTER COLUMN` and `RENAME COLUMN`.

use std::sync::Arc;

use super::casts;
use super::changed::{Demand, RowStep};
use super::column::{UNKNOWN, default_of};
use super::failures::{self, refuse};
use super::foreign_key;
use super::naming;
use super::types;
use super::work::{Work, with_column};
use crate::op::{ColumnChange, Failure, FailureKind, Outcome};
use crate::schema::{
    Column, ColumnId, Dialect, Identity, Name, QName, Sequence, SqlType, Table, TokenKind, condition_text, renamed,
    same, tokens,
};
use crate::sql::read_type;

/// Applies the changes of one column in order.
pub(super) fn column(work: &mut Work, name: &QName, column: &Name, changes: &[ColumnChange]) -> Outcome<()> {
    if work.dialect == Dialect::Sqlite
        && changes.iter().any(|change| !matches!(change, ColumnChange::Rename(_) | ColumnChange::Comment(_)))
    {
        // It reads no further than this word.
        return Err(failures::unsupported("near \"ALTER\": syntax error"));
    }
    let table = work.table(name)?.clone();
    let (dialect, about) = (work.dialect, table.name.clone());
    let only_rename = matches!(changes, [ColumnChange::Rename(_)]);
    let id = if let Some(id) = work.find(&table, column).map(|known| known.id) {
        work.touch(&about);
        id
    } else {
        let mut table = Table::clone(&table);
        let id = work.need(&mut table, column, || match dialect {
            Dialect::PostgreSql if only_rename => failures::no_column_named(dialect, &about, column),
            _ => failures::no_column(dialect, &about, column),
        })?;
        work.put(table);
        id
    };
    for change in changes {
        one(work, &about, id, change)?;
    }
    Ok(())
}

fn one(work: &mut Work, name: &QName, id: ColumnId, change: &ColumnChange) -> Outcome<()> {
    if let ColumnChange::Rename(to) = change {
        return rename(work, name, id, to);
    }
    if let ColumnChange::Comment(comment) = change {
        if work.dialect != Dialect::Sqlite {
            let comment = comment.clone().filter(|comment| !comment.is_empty());
            set(work, name, id, |column| column.comment = comment)?;
        }
        return Ok(());
    }
    match change {
        ColumnChange::Type { ty, using, collation, .. } => {
            retype(work, name, id, ty, using.as_ref(), collation.as_ref())
        }
        ColumnChange::Nullable(nullable) => nullability(work, name, id, *nullable),
        ColumnChange::Default(default) => {
            let column = get(work, name, id)?;
            let about = format!("column \"{}\" of relation \"{}\"", column.name, name.name);
            if column.identity.is_some() {
                return Err(refuse(FailureKind::InvalidStatement, name, format!("{about} is an identity column")));
            }
            if column.computed.is_some() && work.dialect == Dialect::PostgreSql {
                return Err(refuse(FailureKind::InvalidStatement, name, format!("{about} is a generated column")));
            }
            let default = match default {
                Some(default) => default_of(work, name, &column.name, &column.ty, default)?,
                None => None,
            };
            set(work, name, id, |column| column.default = default)
        }
        ColumnChange::Identity(identity) => set_identity(work, name, id, identity.as_ref()),
        ColumnChange::DropComputed => {
            let column = get(work, name, id)?;
            if column.computed.is_none() {
                let message = format!(
                    "column \"{}\" of relation \"{}\" is not a stored generated column",
                    column.name, name.name
                );
                return Err(refuse(FailureKind::InvalidStatement, name, message));
            }
            set(work, name, id, |column| column.computed = None)
        }
        ColumnChange::Autoincrement(on) => set(work, name, id, |column| column.autoincrement = *on),
        ColumnChange::Rename(_) | ColumnChange::Comment(_) | ColumnChange::Spelled(_) => Ok(()),
    }
}

fn get(work: &Work, name: &QName, id: ColumnId) -> Outcome<Column> {
    let table = work.table(name)?;
    table.column_by_id(id).cloned().ok_or_else(|| failures::no_column(work.dialect, name, "?"))
}

fn set(work: &mut Work, name: &QName, id: ColumnId, change: impl FnOnce(&mut Column)) -> Outcome<()> {
    let mut table = work.edit(name)?;
    with_column(&mut table, id, change);
    work.put(table);
    Ok(())
}

fn nullability(work: &mut Work, name: &QName, id: ColumnId, nullable: bool) -> Outcome<()> {
    let table = work.table(name)?.clone();
    let column = get(work, name, id)?;
    if !nullable {
        set(work, name, id, |column| column.nullable = false)?;
        if column.nullable {
            work.must_hold(&table.name, Demand::NotNull(id));
        }
        return Ok(());
    }
    if column.identity.is_some() {
        let message = format!("column \"{}\" of relation \"{}\" is an identity column", column.name, name.name);
        return Err(refuse(FailureKind::InvalidStatement, name, message));
    }
    if table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&id)) {
        if work.dialect == Dialect::MySql {
            let message = "All parts of a PRIMARY KEY must be NOT NULL; if you need NULL in a key, use UNIQUE instead";
            return Err(refuse(FailureKind::InvalidStatement, name, message));
        }
        let message = format!("column \"{}\" is in a primary key", column.name);
        return Err(refuse(FailureKind::InvalidStatement, name, message));
    }
    set(work, name, id, |column| column.nullable = true)
}

fn retype(
    work: &mut Work,
    name: &QName,
    id: ColumnId,
    ty: &SqlType,
    using: Option<&Arc<str>>,
    collation: Option<&Name>,
) -> Outcome<()> {
    let to = types::resolve(work, ty)?;
    let table = work.table(name)?.clone();
    let column = get(work, name, id)?;
    let from = column.ty.clone();
    let mut default = column.default.clone();
    if work.dialect == Dialect::PostgreSql {
        postgresql_cast(work, name, &column, &to, using)?;
        default = retyped_default(name, &column, &to)?;
        let views = super::objects::views_naming_column(work, &table, &column.name);
        if let Some(view) = views.first() {
            let message =
                format!("cannot alter type of a column used by a view or rule: view {} depends on it", view.name);
            return Err(refuse(FailureKind::DependentObjects, name, message));
        }
        let generated = table.columns.iter().any(|other| {
            other.computed.as_ref().is_some_and(|computed| {
                super::work::mentions(&table, &computed.expression, Dialect::PostgreSql).contains(&id)
            })
        });
        if generated {
            let message = "cannot alter type of a column used by a generated column";
            return Err(refuse(FailureKind::DependentObjects, name, message));
        }
        let check = !matches!(to, SqlType::SmallInt | SqlType::Integer | SqlType::BigInt);
        if column.identity.is_some() && check {
            return Err(refuse(
                FailureKind::InvalidStatement,
                name,
                "identity column type must be smallint, integer, or bigint",
            ));
        }
    }
    set(work, name, id, |column| {
        column.ty = to.clone();
        column.collation = collation.cloned();
        column.default = default;
    })?;
    foreign_keys_stand(work, &table, id, &to)?;
    if from != to || using.is_some() {
        let table = table.name.clone();
        work.step(RowStep::ColumnRetyped { table, column: id, from, to, using: using.cloned(), cast: false });
    }
    Ok(())
}

fn postgresql_cast(
    work: &mut Work,
    name: &QName,
    column: &Column,
    to: &SqlType,
    using: Option<&Arc<str>>,
) -> Outcome<()> {
    if let Some(cast) = using.and_then(|using| own_cast(using, &column.name)) {
        let (from, target) = (casts::type_name(&column.ty), casts::type_name(&cast));
        match (casts::explicit(&column.ty, &cast), casts::assignable(&cast, to)) {
            (Some(false), _) => {
                let message = format!("cannot cast type {from} to {target}");
                return Err(refuse(FailureKind::InvalidStatement, name, message));
            }
            (_, Some(false)) => {
                let message = format!(
                    "result of USING clause for column \"{}\" cannot be cast automatically to type {}",
                    column.name,
                    casts::type_name(to)
                );
                return Err(refuse(FailureKind::DatatypeMismatch, name, message));
            }
            (None, _) => work.doubt(format!("whether there is a cast of {from} to {target} is not known")),
            (Some(true), _) => {}
        }
    }
    if using.is_some() || column.ty == SqlType::Unknown || *to == SqlType::Unknown {
        return Ok(());
    }
    match casts::assignable(&column.ty, to) {
        Some(true) => Ok(()),
        Some(false) => {
            let to = casts::type_name(to);
            let message = format!("column \"{}\" cannot be cast automatically to type {to}", column.name);
            Err(refuse(FailureKind::DatatypeMismatch, name, message))
        }
        None => {
            work.doubt(format!(
                "whether {} turns into {} by itself is not known",
                column.ty.text(work.dialect),
                to.text(work.dialect)
            ));
            Ok(())
        }
    }
}

/// The type to which `USING` casts the column, where that is all it does.
fn own_cast(using: &str, column: &str) -> Option<SqlType> {
    let (source, target) = using.split_once("::")?;
    let plain = target.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '(' | ')' | ',' | '[' | ']'));
    (plain && source.trim().trim_matches('"') == column).then(|| read_type(target, Dialect::PostgreSql))
}

/// The default after a change of type: PostgreSQL casts it too, and needs an assignment cast even with `USING`.
fn retyped_default(name: &QName, column: &Column, to: &SqlType) -> Outcome<Option<Name>> {
    let Some(default) = &column.default else { return Ok(None) };
    if &**default == UNKNOWN || column.ty == SqlType::Unknown {
        return Ok(Some(default.clone()));
    }
    let of = default_type(default, &column.ty);
    if casts::assignable(&of, to) == Some(false) {
        let ty = casts::type_name(to);
        let message = format!("default for column \"{}\" cannot be cast automatically to type {ty}", column.name);
        return Err(refuse(FailureKind::DatatypeMismatch, name, message));
    }
    Ok(Some(default.clone()))
}

/// The type of a default's own expression, which may differ from its column's.
pub(super) fn default_type(default: &str, column: &SqlType) -> SqlType {
    if default.contains('.') && default.parse::<f64>().is_ok() {
        return SqlType::Numeric(None, None);
    }
    if default.parse::<i32>().is_ok() || default.ends_with("::integer") {
        return SqlType::Integer;
    }
    if default.ends_with("::bigint") || default.starts_with("nextval(") {
        return SqlType::BigInt;
    }
    match default {
        "true" | "false" => SqlType::Boolean,
        "now()" | "CURRENT_TIMESTAMP" => SqlType::Timestamp { precision: None, tz: true },
        _ => literal_type(default).unwrap_or_else(|| column.clone()),
    }
}

/// The type that PostgreSQL writes behind a literal, where it is one of its own.
fn literal_type(default: &str) -> Option<SqlType> {
    let all = tokens(default, Dialect::PostgreSql);
    let [literal, cast, ..] = all.as_slice() else { return None };
    let (_, ty) = default.rsplit_once("::").filter(|_| literal.kind == TokenKind::Text && cast.text == "::")?;
    let plain = ty.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '(' | ')' | ','));
    let ty = Some(read_type(ty, Dialect::PostgreSql)).filter(|_| plain)?;
    (!matches!(ty, SqlType::Named(..) | SqlType::Unknown | SqlType::None)).then_some(ty)
}

/// Foreign keys on both sides must still be possible.
fn foreign_keys_stand(work: &Work, table: &Table, id: ColumnId, to: &SqlType) -> Outcome<()> {
    let refused = |key: &crate::schema::ForeignKey, own: (&str, &SqlType), other: (&str, &SqlType)| {
        let key_name = key.name.as_deref().unwrap_or_default();
        let message = match work.dialect {
            Dialect::MySql => format!(
                "Referencing column '{}' and referenced column '{}' in foreign key constraint '{key_name}' are \
                 incompatible.",
                own.0, other.0
            ),
            _ => format!(
                "foreign key constraint \"{key_name}\" cannot be implemented: key columns \"{}\" and \"{}\" are of \
                 incompatible types: {} and {}",
                own.0,
                other.0,
                casts::type_name(own.1),
                casts::type_name(other.1)
            ),
        };
        Err(refuse(FailureKind::DatatypeMismatch, &table.name, message))
    };
    let Some(column) = table.column_by_id(id) else { return Ok(()) };
    for key in table.foreign_keys.iter().filter(|key| key.columns.contains(&id)) {
        let Some(parent) = work.catalog.table(&key.ref_table) else { continue };
        for (own, other) in key.columns.iter().zip(&key.ref_columns) {
            let Some(other) = work.find(parent, other) else { continue };
            let itself = parent.name == table.name && other.id == id;
            if *own == id && !itself && !foreign_key::compatible(to, &other.ty, work.dialect) {
                return refused(key, (&column.name, to), (&other.name, &other.ty));
            }
        }
    }
    for child in work.catalog.referencing(&table.name) {
        let Some(child) = work.catalog.table(&child) else { continue };
        for key in child.foreign_keys.iter().filter(|key| key.ref_table == table.name) {
            for (own, other) in key.columns.iter().zip(&key.ref_columns) {
                let Some(own) = child.column_by_id(*own) else { continue };
                let hit = same(other, &column.name, work.dialect);
                let itself = child.name == table.name && own.id == id;
                if hit && !itself && !foreign_key::compatible(&own.ty, to, work.dialect) {
                    return refused(key, (&own.name, &own.ty), (other, to));
                }
            }
        }
    }
    Ok(())
}

fn set_identity(work: &mut Work, name: &QName, id: ColumnId, identity: Option<&Identity>) -> Outcome<()> {
    let column = get(work, name, id)?;
    let about = format!("column \"{}\" of relation \"{}\"", column.name, name.name);
    match (identity, &column.identity) {
        (None, None) => {
            return Err(refuse(FailureKind::InvalidStatement, name, format!("{about} is not an identity column")));
        }
        (None, Some(_)) => {
            if let Some(sequence) = &column.owned_sequence {
                super::sequence::remove(work, sequence)?;
            }
            return set(work, name, id, |column| column.identity = None);
        }
        (Some(_), None) => {
            if column.nullable {
                let message = format!("{about} must be declared NOT NULL before identity can be added");
                return Err(refuse(FailureKind::InvalidStatement, name, message));
            }
            if column.default.is_some() {
                let message = format!("{about} already has a default value");
                return Err(refuse(FailureKind::InvalidStatement, name, message));
            }
            let table = work.table(name)?.clone();
            let sequence = naming::sequence_name(&work.catalog, &table, &column.name);
            let made = Sequence::of_column(sequence.clone(), identity, &table.name);
            work.catalog.sequences.insert(sequence.clone(), Arc::new(made));
            set(work, name, id, |column| column.owned_sequence = Some(sequence))?;
        }
        (Some(_), Some(_)) => {}
    }
    set(work, name, id, |column| column.identity = identity.cloned())
}

fn rename(work: &mut Work, name: &QName, id: ColumnId, to: &Name) -> Outcome<()> {
    let mut table = work.edit(name)?;
    let from = table.column_name(id);
    let to = naming::stored(to, work.dialect);
    if from == to {
        return match work.dialect {
            Dialect::PostgreSql => Err(failures::duplicate_column(work.dialect, &table.name, &to)),
            _ => Ok(()),
        };
    }
    if work.find(&table, &to).is_some_and(|other| other.id != id) {
        return Err(match work.dialect {
            Dialect::Sqlite => Failure::new(
                FailureKind::DuplicateObject,
                format!("error in table {} after rename: duplicate column name: {to}", table.name),
            )
            .about(table.name.clone()),
            dialect => failures::duplicate_column(dialect, &table.name, &to),
        });
    }
    if work.dialect == Dialect::Sqlite {
        super::objects::sqlite_views_stand(work)?;
        super::index::sqlite_stand(work, FailureKind::UndefinedObject, "rename")?;
        super::objects::column_renamed(work, &table.name, &from, &to);
    }
    rename_in_table(&mut table, id, &to, work.dialect);
    let (about, dialect) = (table.name.clone(), work.dialect);
    work.put(table);
    for child in work.catalog.referencing(&about) {
        let mut child = work.edit(&child)?;
        for key in child.foreign_keys.iter_mut().filter(|key| key.ref_table == about) {
            for column in &mut key.ref_columns {
                if same(column, &from, dialect) {
                    *column = to.clone();
                }
            }
        }
        work.put(child);
    }
    Ok(())
}

/// Gives a column another name and mends the expressions of its table.
pub(super) fn rename_in_table(table: &mut Table, id: ColumnId, to: &Name, dialect: Dialect) {
    let from = table.column_name(id);
    with_column(table, id, |column| column.name = to.clone());
    let mend = |text: &mut Name| {
        let new = renamed(text, &from, to, dialect);
        if *new != **text {
            *text = condition_text(&new, dialect);
        }
    };
    for check in table.checks.iter_mut().filter(|check| check.columns.contains(&id)) {
        mend(&mut check.condition);
    }
    for index in &mut table.indexes {
        for part in index.parts.iter_mut().filter(|part| part.mentions.contains(&id)) {
            part.expression.as_mut().map(mend);
        }
        index.predicate.as_mut().map(mend);
    }
    for column in table.columns.iter_mut().filter(|column| column.computed.is_some()) {
        if let Some(computed) = &mut Arc::make_mut(column).computed {
            mend(&mut computed.expression);
        }
    }
    for exclusion in table.exclusions.iter_mut().filter(|exclusion| exclusion.columns.contains(&id)) {
        mend(&mut exclusion.definition);
    }
}
