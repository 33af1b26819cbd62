//! Rows of a mapped class become objects: the same row gives the same object of a session.

use std::rc::Rc;

use super::instance::{Instance, State};
use super::model::Model;
use super::session::Session;
use crate::python::{Value, Vm};
use crate::source::Span;

/// The object of a row.
pub(super) fn object(vm: &mut Vm<'_>, session: &Rc<Session>, model: &Rc<Model>, row: Vec<Value>, span: Span) -> Value {
    let attributes = model.attributes();
    let keys = model.key_columns();
    let key: Vec<Value> = keys
        .iter()
        .filter_map(|(name, _)| {
            let at = attributes.iter().position(|(known, _)| known == name)?;
            row.get(at).cloned()
        })
        .collect();
    // The other side of an outer join.
    if !key.is_empty() && key.iter().all(|value| matches!(value, Value::None)) {
        return Value::None;
    }
    let identity = identity_of(model, &key);
    if let Some(known) = identity.as_ref().and_then(|identity| session.loaded(identity)) {
        known.refresh(vm, attributes.iter().map(|(name, _)| name.clone()).zip(row), span);
        return Value::Object(known);
    }
    let instance = Rc::new(Instance::new(model));
    instance.load(attributes.iter().map(|(name, _)| name.clone()).zip(row), key);
    instance.state.set(State::Persistent);
    *instance.session.borrow_mut() = Rc::downgrade(session);
    session.remember(identity, &instance);
    Value::Object(instance)
}

/// What tells the rows of a session apart; `None` where the key is not known.
pub(super) fn identity_of(model: &Model, key: &[Value]) -> Option<String> {
    let mut identity = model.table.name.to_string();
    if key.is_empty() {
        return None;
    }
    for value in key {
        match value {
            Value::Int(number) => identity.push_str(&format!("|{number}")),
            Value::Str(text) => identity.push_str(&format!("|{text:?}")),
            Value::Object(object) => identity.push_str(&format!("|{}", object.text()?)),
            _ => return None,
        }
    }
    Some(identity)
}
