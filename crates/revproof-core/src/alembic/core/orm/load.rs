//! Rows of a mapped class become objects: the same row gives the same object of a session.

use std::fmt::Write;
use std::rc::Rc;

use super::instance::{Instance, State};
use super::model::Model;
use super::session::Session;
use crate::python::{Value, Vm};
use crate::source::Span;

/// How the rows of a mapped class are read.
#[derive(Debug)]
pub(super) struct Reading {
    /// The class.
    pub model: Rc<Model>,
    /// The attributes, in the order of the columns.
    pub attributes: Vec<Rc<str>>,
    /// The places of the primary key among them.
    pub key: Vec<usize>,
}

impl Reading {
    /// How the rows of this class are read.
    pub(super) fn of(model: &Rc<Model>) -> Self {
        let attributes: Vec<Rc<str>> = model.attributes().into_iter().map(|(name, _)| name).collect();
        let place = |name: &Rc<str>| attributes.iter().position(|known| known == name);
        let key = model.key_columns().iter().filter_map(|(name, _)| place(name)).collect();
        Self { model: Rc::clone(model), attributes, key }
    }
}

/// The object of a row.
pub(super) fn object(vm: &mut Vm<'_>, session: &Rc<Session>, reading: &Reading, row: Vec<Value>, span: Span) -> Value {
    let Reading { model, attributes, key } = reading;
    let key: Vec<Value> = key.iter().filter_map(|at| row.get(*at).cloned()).collect();
    // The other side of an outer join.
    if !key.is_empty() && key.iter().all(|value| matches!(value, Value::None)) {
        return Value::None;
    }
    let identity = identity_of(model, &key);
    if let Some(known) = identity.as_ref().and_then(|identity| session.loaded(identity)) {
        known.refresh(vm, attributes.iter().cloned().zip(row), span);
        return Value::Object(known);
    }
    let instance = Rc::new(Instance::new(model));
    instance.load(attributes.iter().cloned().zip(row), key);
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
            Value::Int(number) => {
                let _ = write!(identity, "|{number}");
            }
            Value::Str(text) => {
                let _ = write!(identity, "|{text:?}");
            }
            Value::Object(object) => {
                let _ = write!(identity, "|{}", object.text()?);
            }
            _ => return None,
        }
    }
    Some(identity)
}
