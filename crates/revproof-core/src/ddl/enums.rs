//! Enum types, and columns that have a type by name.

use std::sync::Arc;

use super::changed::RowStep;
use super::failures::{self, refuse};
use super::work::{Work, with_column};
use crate::op::{Failure, FailureKind, Outcome};
use crate::schema::{Column, Dialect, EnumType, Name, ObjectKind, QName, SqlType, literal_value};

/// `CREATE TYPE … AS ENUM`.
pub(super) fn create(work: &mut Work, name: &QName, values: &[Name], if_not_exists: bool) -> Outcome<()> {
    if work.dialect != Dialect::PostgreSql {
        return Err(failures::unsupported("near \"TYPE\": syntax error"));
    }
    super::table::need_schema(work, name)?;
    if taken(work, name) {
        if if_not_exists {
            return Ok(());
        }
        let message = format!("type \"{}\" already exists", name.name);
        return Err(refuse(FailureKind::DuplicateObject, name, message));
    }
    for (at, value) in values.iter().enumerate() {
        if value.len() > 63 {
            let message = format!("invalid enum label \"{value}\": labels must be 63 bytes or less");
            return Err(Failure::new(FailureKind::InvalidStatement, message));
        }
        if values.iter().take(at).any(|other| other == value) {
            let message = format!("enum label \"{value}\" used more than once");
            return Err(Failure::new(FailureKind::InvalidStatement, message));
        }
    }
    let made = EnumType { name: name.clone(), values: values.to_vec() };
    work.catalog.enums.insert(name.clone(), Arc::new(made));
    Ok(())
}

/// Whether a type of that name exists; every table is one.
fn taken(work: &Work, name: &QName) -> bool {
    let object = |kind| work.catalog.objects.contains_key(&(kind, name.clone()));
    work.catalog.enums.contains_key(name)
        || object(ObjectKind::Domain)
        || object(ObjectKind::Type)
        || work.catalog.table(name).is_some_and(|table| !table.assumed)
}

fn no_type(name: &QName) -> Failure {
    refuse(FailureKind::UndefinedObject, name, format!("type \"{name}\" does not exist"))
}

/// `DROP TYPE`.
pub(super) fn drop(work: &mut Work, name: &QName, if_exists: bool, cascade: bool) -> Outcome<()> {
    if !work.catalog.enums.contains_key(name) {
        for kind in [ObjectKind::Type, ObjectKind::Domain] {
            if work.catalog.objects.contains_key(&(kind, name.clone())) {
                return super::objects::drop(work, kind, name, if_exists, cascade);
            }
        }
        return if if_exists { Ok(()) } else { Err(no_type(name)) };
    }
    let users = columns_of_type(work, name);
    if !users.is_empty() && !cascade {
        let dependents: Vec<String> =
            users.iter().map(|(table, column)| format!("column {} of table {table}", column.name)).collect();
        return Err(failures::depended_on(name, &format!("type {name}"), &dependents));
    }
    drop_columns_of(work, name)?;
    work.catalog.enums.remove(name);
    Ok(())
}

/// The columns of a type by name, arrays of it among them.
pub(super) fn columns_of_type(work: &Work, name: &QName) -> Vec<(QName, Arc<Column>)> {
    let mut out = Vec::new();
    for table in work.catalog.tables_using_type(name) {
        let Some(table) = work.catalog.table(&table) else { continue };
        let columns = table.columns.iter().filter(|column| crate::schema::named_type(&column.ty) == Some(name));
        out.extend(columns.map(|column| (table.name.clone(), column.clone())));
    }
    out
}

pub(super) fn drop_columns_of(work: &mut Work, name: &QName) -> Outcome<()> {
    for (table, column) in columns_of_type(work, name) {
        super::column::drop(work, &table, &column.name, true, true)?;
    }
    Ok(())
}

/// `ALTER TYPE … ADD VALUE`.
pub(super) fn add_value(
    work: &mut Work,
    name: &QName,
    value: &Name,
    position: Option<&(bool, Name)>,
    if_not_exists: bool,
) -> Outcome<()> {
    let mut ty = edit(work, name)?;
    if ty.values.contains(value) {
        if if_not_exists {
            return Ok(());
        }
        let message = format!("enum label \"{value}\" already exists");
        return Err(refuse(FailureKind::DuplicateObject, name, message));
    }
    let at = match position {
        None => ty.values.len(),
        Some((before, other)) => {
            let Some(at) = ty.values.iter().position(|own| own == other) else {
                return Err(no_label(name, other));
            };
            if *before { at } else { at + 1 }
        }
    };
    ty.values.insert(at, value.clone());
    work.catalog.enums.insert(name.clone(), Arc::new(ty));
    Ok(())
}

fn edit(work: &Work, name: &QName) -> Outcome<EnumType> {
    work.catalog.enums.get(name).map(|ty| EnumType::clone(ty)).ok_or_else(|| no_type(name))
}

fn no_label(name: &QName, value: &str) -> Failure {
    refuse(FailureKind::UndefinedObject, name, format!("\"{value}\" is not an existing enum label"))
}

/// `ALTER TYPE … RENAME VALUE`.
pub(super) fn rename_value(work: &mut Work, name: &QName, value: &Name, to: &Name) -> Outcome<()> {
    let mut ty = edit(work, name)?;
    let exists = ty.values.contains(to);
    let Some(own) = ty.values.iter_mut().find(|own| *own == value) else { return Err(no_label(name, value)) };
    if exists {
        let message = format!("enum label \"{to}\" already exists");
        return Err(refuse(FailureKind::DuplicateObject, name, message));
    }
    *own = to.clone();
    work.catalog.enums.insert(name.clone(), Arc::new(ty));
    for (table, column) in columns_of_type(work, name) {
        let old = column.default.as_deref().filter(|text| text.starts_with('\''));
        let literal =
            old.and_then(|text| text.split_once("'::")).and_then(|(text, _)| literal_value(&format!("{text}'")));
        if literal.as_deref() == Some(&**value) {
            let mut table = work.edit(&table)?;
            let ty = column.ty.text(work.dialect);
            let text = Name::from(format!("'{}'::{ty}", to.replace('\'', "''")));
            with_column(&mut table, column.id, |column| column.default = Some(text));
            work.put(table);
        }
    }
    work.step(RowStep::EnumValueRenamed { name: name.clone(), from: value.clone(), to: to.clone() });
    Ok(())
}

/// `ALTER TYPE … RENAME TO`.
pub(super) fn rename(work: &mut Work, name: &QName, to: &Name) -> Outcome<()> {
    let to = name.sibling(to.clone());
    let Some(old) = work.catalog.enums.get(name).cloned() else {
        for kind in [ObjectKind::Type, ObjectKind::Domain] {
            if work.catalog.objects.contains_key(&(kind, name.clone())) {
                super::objects::rename(work, kind, name, &to.name)?;
                return rename_in_columns(work, name, &to);
            }
        }
        return Err(no_type(name));
    };
    if taken(work, &to) {
        let message = format!("type \"{}\" already exists", to.name);
        return Err(refuse(FailureKind::DuplicateObject, &to, message));
    }
    work.catalog.enums.remove(name);
    work.catalog.enums.insert(to.clone(), Arc::new(EnumType { name: to.clone(), values: old.values.clone() }));
    rename_in_columns(work, name, &to)
}

fn rename_in_columns(work: &mut Work, from: &QName, to: &QName) -> Outcome<()> {
    for (table, column) in columns_of_type(work, from) {
        let mut table = work.edit(&table)?;
        let old = column.ty.text(work.dialect);
        with_column(&mut table, column.id, |column| {
            column.ty = retyped(&column.ty, to);
            let new = column.ty.text(Dialect::PostgreSql);
            if let Some(literal) = column.default.as_deref().and_then(|text| text.strip_suffix(&format!("::{old}"))) {
                column.default = Some(Name::from(format!("{literal}::{new}")));
            }
        });
        work.put(table);
    }
    Ok(())
}

fn retyped(ty: &SqlType, to: &QName) -> SqlType {
    match ty {
        SqlType::Array(element) => SqlType::Array(Box::new(retyped(element, to))),
        SqlType::Named(_, arguments) => SqlType::Named(to.clone(), arguments.clone()),
        _ => SqlType::Enum(to.clone()),
    }
}
