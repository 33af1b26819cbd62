//! Flushing: what a session holds becomes INSERT, UPDATE and DELETE.

use std::rc::Rc;

use super::instance::{Instance, State};
use super::load::identity_of;
use super::model::Model;
use super::session::Session;
use crate::alembic::core::change::{Change, Verb};
use crate::alembic::core::execute;
use crate::alembic::core::expression::{Expression, Node};
use crate::alembic::core::operator::Op;
use crate::alembic::core::operators::{compare, operand};
use crate::alembic::core::select::Select;
use crate::alembic::core::source::Source;
use crate::alembic::core::statement::Statement;
use crate::alembic::items::ColumnObject;
use crate::python::{Args, Flow, Value, Vm};
use crate::source::Span;

/// Sends everything that has been added, changed and deleted.
pub(super) fn flush(vm: &mut Vm<'_>, session: &Rc<Session>, span: Span) -> Flow<()> {
    let added = std::mem::take(&mut *session.added.borrow_mut());
    let mut pending = Vec::with_capacity(added.len());
    for value in added {
        match value.downcast::<Instance>() {
            Some(instance) if instance.state.get() == State::Pending => pending.push(instance),
            Some(_) => {}
            None => vm.host.not_evaluated("what was added to the session is not known".into(), span),
        }
    }
    for instance in in_order(vm, pending) {
        insert(vm, session, &instance, span)?;
    }
    let persistent = session.persistent.borrow().clone();
    for instance in &persistent {
        if instance.state.get() == State::Persistent {
            update(vm, instance, span)?;
        }
    }
    let removed = std::mem::take(&mut *session.removed.borrow_mut());
    for value in removed {
        match value.downcast::<Instance>() {
            Some(instance) if instance.state.get() == State::Persistent => delete(vm, &instance, span)?,
            Some(_) => {}
            None => vm.host.not_evaluated("what was deleted from the session is not known".into(), span),
        }
    }
    Ok(())
}

/// Rows of a table that others refer to go first.
fn in_order(vm: &Vm<'_>, mut pending: Vec<Rc<Instance>>) -> Vec<Rc<Instance>> {
    let catalog = vm.host.catalog();
    let mut ordered = Vec::with_capacity(pending.len());
    while !pending.is_empty() {
        let waits = |instance: &Rc<Instance>| {
            let Some(table) = catalog.table(&instance.model.table.name) else { return false };
            table.foreign_keys.iter().any(|key| {
                key.ref_table != instance.model.table.name
                    && pending.iter().any(|other| other.model.table.name == key.ref_table)
            })
        };
        let (later, now): (Vec<_>, Vec<_>) = pending.iter().cloned().partition(waits);
        if now.is_empty() {
            ordered.extend(later);
            break;
        }
        ordered.extend(now);
        pending = later;
    }
    ordered
}

fn source(model: &Model) -> Rc<Source> {
    Rc::new(Source::Table(model.table.clone()))
}

fn insert(vm: &mut Vm<'_>, session: &Rc<Session>, instance: &Rc<Instance>, span: Span) -> Flow<()> {
    let mut change = Change::new(Verb::Insert, source(&instance.model));
    let mut row = Vec::new();
    let attributes = instance.model.attributes();
    for (name, column) in &attributes {
        // `None` counts as not given, but for JSON, where it is a value.
        let is_json = column.ty.as_ref().is_some_and(|ty| ty.is_json());
        let value = instance.get(name).filter(|value| is_json || !matches!(value, Value::None));
        if let Some(value) = value {
            row.push(change.assignment(column.key(), &value));
        } else if column.default.is_none() && column.server_default.is_none() && is_plain(column) && !is_json {
            // SQLAlchemy names every column that neither it nor the database fills in.
            row.push(change.assignment(column.key(), &Value::None));
        }
    }
    change.rows.push(row);
    if let Some(doubt) = &*instance.doubt.borrow() {
        change.doubt = Some(Rc::clone(doubt));
    }
    if let Some(open) = &instance.model.open {
        // Columns that are not known may have values by default.
        vm.host.not_evaluated(open.why.clone(), span);
    }
    let filled = crate::alembic::core::defaults::apply(vm, &Rc::new(change), &[], span)?;
    for (name, column) in &attributes {
        if let Some((_, node)) = filled.rows.first().and_then(|row| row.iter().find(|(key, _)| *key == column.key())) {
            let value = match &node.kind {
                crate::alembic::core::expression::Kind::Bind(bind) => bind.value.clone(),
                _ => None,
            };
            if let Some(value) = value {
                instance.put(name, value);
            }
        }
    }
    let result = execute::run(vm, &Statement::Change(Rc::new(filled)), &[], None, span)?;
    instance.state.set(State::Persistent);
    take_key(vm, instance, &result, span)?;
    instance.settle();
    let identity = identity_of(&instance.model, &instance.key.borrow());
    session.remember(identity, instance);
    Ok(())
}

fn is_plain(column: &ColumnObject) -> bool {
    !column.primary_key && column.computed.is_none() && column.identity.is_none()
}

/// The primary key of a row that has just been inserted: given, or chosen by the database.
fn take_key(vm: &mut Vm<'_>, instance: &Rc<Instance>, result: &Value, span: Span) -> Flow<()> {
    let keys = instance.model.key_columns();
    let mut key = Vec::with_capacity(keys.len());
    for (at, (name, _)) in keys.iter().enumerate() {
        if let Some(value) = instance.get(name).filter(|value| !matches!(value, Value::None)) {
            key.push(value);
            continue;
        }
        let chosen = vm.attr(result, "inserted_primary_key", span)?;
        let value = match &chosen {
            Value::Tuple(parts) => parts.get(at).cloned(),
            _ => None,
        };
        let value = value.unwrap_or_else(|| vm.unknown("the key of the inserted row is not known", span));
        instance.put(name, value.clone());
        key.push(value);
    }
    *instance.key.borrow_mut() = key;
    Ok(())
}

/// The condition that finds the row of an object.
pub(super) fn by_key(model: &Model, key: &[Value]) -> Vec<Node> {
    model
        .key_columns()
        .iter()
        .zip(key)
        .map(|((_, column), value)| {
            let column = Expression::column(column);
            let value = operand(&column, value);
            compare(Op::Eq, column, value)
        })
        .collect()
}

fn update(vm: &mut Vm<'_>, instance: &Rc<Instance>, span: Span) -> Flow<()> {
    let changes = instance.changes(vm, span);
    if changes.is_empty() {
        return Ok(());
    }
    let mut change = Change::new(Verb::Update, source(&instance.model));
    let mut row = Vec::new();
    for (name, value) in changes {
        if let Some(column) = instance.model.column(&name) {
            row.push(change.assignment(column.key(), &value));
        }
    }
    change.rows.push(row);
    change.wheres = by_key(&instance.model, &instance.key.borrow());
    if change.wheres.is_empty() {
        change.doubt_because(vm, "the class has no primary key", span);
    }
    execute::run(vm, &Statement::Change(Rc::new(change)), &[], None, span)?;
    instance.settle();
    Ok(())
}

fn delete(vm: &mut Vm<'_>, instance: &Rc<Instance>, span: Span) -> Flow<()> {
    let mut change = Change::new(Verb::Delete, source(&instance.model));
    change.wheres = by_key(&instance.model, &instance.key.borrow());
    if change.wheres.is_empty() {
        change.doubt_because(vm, "the class has no primary key", span);
    }
    instance.state.set(State::Deleted);
    execute::run(vm, &Statement::Change(Rc::new(change)), &[], None, span)?;
    Ok(())
}

/// The value of one column of an object's row.
pub(super) fn fetch(
    vm: &mut Vm<'_>,
    session: &Rc<Session>,
    instance: &Instance,
    name: &Rc<str>,
    span: Span,
) -> Flow<Value> {
    let _ = session;
    let Some(column) = instance.model.column(name) else { return Ok(Value::None) };
    let node = Expression::column(&column);
    let mut select = Select::of(vec![node]);
    select.wheres = by_key(&instance.model, &instance.key.borrow());
    if select.wheres.is_empty() {
        return Ok(vm.unknown("the class has no primary key", span));
    }
    let result = execute::run(vm, &Statement::Select(Rc::new(select)), &[], None, span)?;
    let scalar = vm.attr(&result, "scalar", span)?;
    vm.call(&scalar, Args::default(), span)
}
