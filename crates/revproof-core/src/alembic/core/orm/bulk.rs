//! `merge`, `bulk_insert_mappings`, `bulk_update_mappings`.

use std::rc::Rc;

use super::flush::{by_key, flush};
use super::instance::{Instance, State};
use super::model::Model;
use super::session::Session;
use crate::alembic::core::arguments::{entries, required};
use crate::alembic::core::change::{Change, Verb};
use crate::alembic::core::execute;
use crate::alembic::core::source::Source;
use crate::alembic::core::statement::Statement;
use crate::python::{Args, Flow, Value, Vm};
use crate::source::Span;

/// `session.merge(instance)`: its values are given to the object of the same row, or to a new one.
pub(super) fn merge(session: &Rc<Session>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let value = required(vm, &args, 0, "instance", span)?;
    let Some(instance) = value.downcast::<Instance>() else {
        vm.host.not_evaluated(format!("{value:?} is merged into a session, which is not modelled").into(), span);
        return Ok(value);
    };
    if instance.state.get() != State::Transient {
        return Ok(value);
    }
    flush(vm, session, span)?;
    let keys = instance.model.key_columns();
    let key: Vec<Value> =
        keys.iter().filter_map(|(name, _)| instance.get(name).filter(|value| !matches!(value, Value::None))).collect();
    let known = if !keys.is_empty() && key.len() == keys.len() {
        session.get(vm, &instance.model, &Value::tuple(key), span)?
    } else {
        Value::None
    };
    let target = match (&known, known.downcast::<Instance>()) {
        (_, Some(target)) => target,
        (Value::Unknown(unknown), _) => {
            vm.host.not_evaluated(unknown.why.clone(), span);
            return Ok(known);
        }
        _ => {
            let fresh = Rc::new(Instance::new(&instance.model));
            session.add(vm, &Value::Object(fresh.clone()), span)?;
            fresh
        }
    };
    let values = instance.values.borrow().entries.clone();
    for (name, value) in values {
        if let Value::Str(name) = name {
            target.put(&name, value);
        }
    }
    Ok(Value::Object(target))
}

/// The values of one row, by the names of attributes or columns.
type Mapping = Vec<(Rc<str>, Value)>;

fn mappings(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Option<(Rc<Model>, Vec<Mapping>)>> {
    let mapper = required(vm, args, 0, "mapper", span)?;
    let mappings = required(vm, args, 1, "mappings", span)?;
    let items = vm.iterate(&mappings, span)?;
    let (Some(model), Some(items)) = (mapper.downcast::<Model>(), items) else {
        vm.host.not_evaluated("what is written in bulk is not known".into(), span);
        return Ok(None);
    };
    let rows: Option<Vec<Mapping>> = items.iter().map(entries).collect();
    if rows.is_none() {
        vm.host.not_evaluated("what is written in bulk is not known".into(), span);
    }
    Ok(rows.map(|rows| (model, rows)))
}

/// The values by the keys of the columns instead of the names of the attributes.
fn by_column(model: &Model, row: Vec<(Rc<str>, Value)>) -> Vec<(Rc<str>, Value)> {
    row.into_iter().map(|(name, value)| (model.column(&name).map_or(name, |column| column.key()), value)).collect()
}

/// `session.bulk_insert_mappings(Model, [{…}, …])`.
pub(super) fn insert_mappings(session: &Rc<Session>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    flush(vm, session, span)?;
    let Some((model, rows)) = mappings(vm, &args, span)? else { return Ok(Value::None) };
    let change = Change::new(Verb::Insert, Rc::new(Source::Table(model.table.clone())));
    let sets = rows.into_iter().map(|row| by_column(&model, row)).collect();
    execute::many(vm, &Statement::Change(Rc::new(change)), sets, span)?;
    Ok(Value::None)
}

/// `session.bulk_update_mappings(Model, [{…}, …])`: by the primary keys among the values.
pub(super) fn update_mappings(session: &Rc<Session>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    flush(vm, session, span)?;
    let Some((model, rows)) = mappings(vm, &args, span)? else { return Ok(Value::None) };
    let keys = model.key_columns();
    for row in rows {
        let key: Vec<Value> = keys
            .iter()
            .filter_map(|(name, _)| row.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
            .collect();
        let mut change = Change::new(Verb::Update, Rc::new(Source::Table(model.table.clone())));
        if key.len() != keys.len() || keys.is_empty() {
            change.doubt_because(vm, "the key of the row is not known", span);
        }
        change.wheres = by_key(&model, &key);
        let values: Vec<_> = row.into_iter().filter(|(name, _)| !keys.iter().any(|(key, _)| key == name)).collect();
        let assigned =
            by_column(&model, values).into_iter().map(|(key, value)| change.assignment(key, &value)).collect();
        change.rows.push(assigned);
        execute::run(vm, &Statement::Change(Rc::new(change)), &[], None, span)?;
    }
    Ok(Value::None)
}
