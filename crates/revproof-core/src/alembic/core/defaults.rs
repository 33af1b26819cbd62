//! Python-side defaults: what SQLAlchemy adds to an INSERT (`default=`) or an UPDATE (`onupdate=`).

use std::rc::Rc;

use super::change::{Change, Verb};
use super::expression::{Expression, as_node};
use super::select::Selected;
use super::source::Source;
use super::statement::fill;
use super::ty::Ty;
use crate::alembic::items::{Autoincrement, ColumnObject};
use crate::python::{Args, Flow, Value, Vm};
use crate::schema::Dialect;
use crate::source::Span;

/// The change with the values that come with the execution and the defaults of the columns that have got none.
pub(super) fn apply(vm: &mut Vm<'_>, change: &Rc<Change>, given: &[(Rc<str>, Value)], span: Span) -> Flow<Change> {
    let mut filled = fill(change, given);
    let Source::Table(table) = &*change.table else { return Ok(filled) };
    if filled.verb == Verb::Delete || filled.query.is_some() {
        return Ok(filled);
    }
    if filled.verb == Verb::Insert && filled.rows.is_empty() {
        filled.rows.push(Vec::new());
    }
    let columns = table.columns.borrow().clone();
    for column in &columns {
        let default = if filled.verb == Verb::Insert { &column.default } else { &column.on_update };
        let Some(default) = default else { continue };
        let key = column.key();
        for row in 0..filled.rows.len() {
            if filled.rows.get(row).is_none_or(|row| row.iter().any(|(known, _)| *known == key)) {
                continue;
            }
            let node = if let Some(node) = as_node(default) {
                node
            } else {
                let value = of(vm, default, span)?;
                let ty = column.ty.clone().map_or(Ty::Null, Ty::Given);
                Expression::bind(&key, value, ty)
            };
            if let Some(row) = filled.rows.get_mut(row) {
                row.push((key.clone(), node));
            }
        }
    }
    if filled.verb == Verb::Insert {
        return_key(vm, &mut filled, &columns);
    }
    Ok(filled)
}

/// The value of a default: a callable is called, without arguments or with a context that can't be known.
pub(super) fn of(vm: &mut Vm<'_>, default: &Value, span: Span) -> Flow<Value> {
    match default {
        Value::Object(_) if is_plain(default) => Ok(default.clone()),
        Value::Object(_) => match vm.call(default, Args::default(), span) {
            Ok(value) => Ok(value),
            Err(raised) if &*raised.class == "TypeError" => {
                let context = vm.unknown("the context of a default is not modelled", span);
                vm.call(default, Args { positional: vec![context], ..Args::default() }, span)
            }
            Err(raised) => Err(raised),
        },
        other => Ok(other.clone()),
    }
}

/// Whether an object is a value (a date, an enum member), not something to be called.
fn is_plain(value: &Value) -> bool {
    super::adapt::is_value(value)
}

/// A single row whose key the database chooses: PostgreSQL's dialect asks for the key in the same statement.
fn return_key(vm: &Vm<'_>, change: &mut Change, columns: &[Rc<ColumnObject>]) {
    if vm.host.catalog().dialect != Dialect::PostgreSql || !change.returning.is_empty() || change.conflict.is_some() {
        return;
    }
    let [row] = change.rows.as_slice() else { return };
    let keys: Vec<&Rc<ColumnObject>> = columns.iter().filter(|column| column.primary_key).collect();
    let chosen = keys.iter().any(|column| {
        let key = column.key();
        column.autoincrement != Autoincrement::Off && !row.iter().any(|(known, _)| *known == key)
    });
    if !chosen {
        return;
    }
    change.returning = keys.iter().map(|column| Selected::Node(Expression::column(column))).collect();
    change.implicit_returning = true;
}
