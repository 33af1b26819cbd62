//! `bulk_insert`.

use std::rc::Rc;

use super::Site;
use crate::alembic::arguments::Signature;
use crate::alembic::items::TableObject;
use crate::alembic::{apply, core, known};
use crate::op::{Datum, OpKind, SqlText};
use crate::python::{Args, Flow, Value, Vm};
use crate::schema::{Name, quote, quote_qualified};
use crate::source::Span;

static SIGNATURE: Signature = Signature::new("bulk_insert", &["table", "rows"]).keywords(&["multiinsert"]).method();

/// `op.bulk_insert(table, rows, multiinsert=True)`.
pub(super) fn bulk_insert(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = SIGNATURE.bind(vm, args, span)?;
    let given = call.get("table").cloned().unwrap_or(Value::None);
    let Some(table) = given.downcast::<TableObject>() else {
        super::super::lower::opaque_rows(vm, "op.bulk_insert", Vec::new(), &known::unknown(&given, span), span)?;
        return Ok(Value::None);
    };
    let rows = match call.get("rows") {
        Some(Value::List(rows)) => rows.borrow().clone(),
        Some(other @ Value::Unknown(_)) => {
            let why = known::unknown(other, span);
            super::super::lower::opaque_rows(vm, "op.bulk_insert", vec![table.name.clone()], &why, span)?;
            return Ok(Value::None);
        }
        _ => return Err(vm.raise("TypeError", "List expected", span)),
    };
    if rows.first().is_some_and(|row| !matches!(row, Value::Dict(_) | Value::Unknown(_))) {
        return Err(vm.raise("TypeError", "List of dictionaries expected", span));
    }
    if vm.host.offline().is_some() {
        return print_rows(site, vm, &table, &rows, span);
    }
    let dialect = vm.host.catalog().dialect;
    let mut data = Vec::with_capacity(rows.len());
    for row in &rows {
        let entries = match known::entries(row, span) {
            Ok(entries) => entries,
            Err(why) => {
                super::super::lower::opaque_rows(vm, "op.bulk_insert", vec![table.name.clone()], &why, span)?;
                return Ok(Value::None);
            }
        };
        let mut values: Vec<(Name, Datum)> = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let column = table.column(&key);
            if column.is_none() && table.open.is_none() && !table.columns.borrow().is_empty() {
                let message = format!("Unconsumed column names: {key}");
                return Err(vm.raise("sqlalchemy.exc.CompileError", &message, span));
            }
            let name = column.as_ref().map_or_else(|| key.clone(), |column| column.name());
            let ty = column.as_ref().and_then(|column| column.ty.as_ref());
            values.push((Name::from(&*name), core::datum(&value, ty, dialect)));
        }
        add_defaults(&table, &mut values);
        data.push(values);
    }
    if !data.is_empty() {
        apply(vm, OpKind::BulkInsert { table: table.name.clone(), rows: data }, site.origin(), span)?;
    }
    Ok(Value::None)
}

/// Each row as a statement of its own, in offline mode.
fn print_rows(site: &Rc<Site>, vm: &mut Vm<'_>, table: &Rc<TableObject>, rows: &[Value], span: Span) -> Flow<Value> {
    let dialect = vm.host.catalog().dialect;
    let target = quote_qualified(&table.name, dialect);
    for row in rows {
        let entries = match known::entries(row, span) {
            Ok(entries) => entries,
            Err(why) => {
                super::super::lower::opaque_rows(vm, "op.bulk_insert", vec![table.name.clone()], &why, span)?;
                return Ok(Value::None);
            }
        };
        let mut values: Vec<(usize, String, String)> = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let columns = table.columns.borrow().clone();
            let Some(at) = columns.iter().position(|column| column.key() == key) else {
                return Err(vm.raise("KeyError", &format!("'{key}'"), span));
            };
            let Some(column) = columns.get(at) else { continue };
            let Some(text) = core::printed_value(vm, &value, column.ty.as_ref(), span)? else {
                let why = known::unknown(&value, span);
                super::super::lower::opaque_rows(vm, "op.bulk_insert", vec![table.name.clone()], &why, span)?;
                return Ok(Value::None);
            };
            values.push((at, quote(&column.name(), dialect).into_owned(), text));
        }
        values.sort_by_key(|(at, ..)| *at);
        let names: Vec<&str> = values.iter().map(|(_, name, _)| name.as_str()).collect();
        let literals: Vec<&str> = values.iter().map(|(_, _, text)| text.as_str()).collect();
        let text = format!("INSERT INTO {target} ({}) VALUES ({})", names.join(", "), literals.join(", "));
        let sql = SqlText { text: text.into(), params: Vec::new(), literal: None };
        apply(vm, OpKind::Sql(sql), site.origin(), span)?;
    }
    Ok(Value::None)
}

/// Columns with a Python-side default get a value that is not written in the script.
fn add_defaults(table: &TableObject, values: &mut Vec<(Name, Datum)>) {
    for column in table.columns.borrow().iter().filter(|column| column.has_default) {
        let name = column.name();
        if !values.iter().any(|(known, _)| **known == *name) {
            let why = format!("the Python default of the column {name} is not evaluated").into();
            values.push((Name::from(&*name), Datum::Unknown(why)));
        }
    }
}
