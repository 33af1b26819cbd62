//! [`Instance`]: an object of a mapped class.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use super::model::Model;
use super::relation::Relation;
use super::session::Session;
use crate::alembic::object;
use crate::python::{Args, Dict, Flow, Foreign, Unknown, Value, Vm, bound_to_class, property_of};
use crate::source::Span;

/// Where an object stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::alembic::core) enum State {
    /// No session knows it.
    Transient,
    /// Added, but not inserted yet.
    Pending,
    /// There is a row for it.
    Persistent,
    /// Its row is gone, or goes with the next flush.
    Deleted,
}

/// An object of a mapped class.
pub(in crate::alembic::core) struct Instance {
    /// Its class.
    pub model: Rc<Model>,
    /// Its attributes.
    pub values: Rc<RefCell<Dict>>,
    /// What its row held when it was loaded or written last.
    pub stored: RefCell<Vec<(Rc<str>, Value)>>,
    /// The primary key of its row.
    pub key: RefCell<Vec<Value>>,
    /// Where it stands.
    pub state: Cell<State>,
    /// Its session.
    pub session: RefCell<Weak<Session>>,
    /// Why it may have more values than these, if so.
    pub doubt: RefCell<Option<Rc<Unknown>>>,
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} {:?}>", self.model.name, Value::Dict(self.values.clone()))
    }
}

impl Instance {
    /// An object without values.
    pub(super) fn new(model: &Rc<Model>) -> Self {
        Self {
            model: Rc::clone(model),
            values: Rc::default(),
            stored: RefCell::default(),
            key: RefCell::default(),
            state: Cell::new(State::Transient),
            session: RefCell::default(),
            doubt: RefCell::default(),
        }
    }

    /// Its values may be others.
    pub(super) fn doubt(&self, why: &Rc<Unknown>) {
        self.doubt.borrow_mut().get_or_insert_with(|| Rc::clone(why));
    }

    /// The value of an attribute, where it has been set or loaded.
    pub(super) fn get(&self, name: &str) -> Option<Value> {
        let values = self.values.borrow();
        values.entries.iter().find(|(key, _)| key.as_str() == Some(name)).map(|(_, value)| value.clone())
    }

    /// Sets a value without thinking of it as a change.
    pub(super) fn put(&self, name: &Rc<str>, value: Value) {
        let mut values = self.values.borrow_mut();
        match values.entries.iter_mut().find(|(key, _)| key.as_str() == Some(name)) {
            Some(entry) => entry.1 = value,
            None => values.entries.push((Value::Str(name.clone()), value)),
        }
    }

    /// Takes the values of a row.
    pub(super) fn load(&self, row: impl Iterator<Item = (Rc<str>, Value)>, key: Vec<Value>) {
        for (name, value) in row {
            self.put(&name, value.clone());
            self.stored.borrow_mut().push((name, value));
        }
        *self.key.borrow_mut() = key;
    }

    /// Takes the values of its row anew; what the script has changed stays.
    pub(super) fn refresh(&self, vm: &mut Vm<'_>, row: impl Iterator<Item = (Rc<str>, Value)>, span: Span) {
        let changed: Vec<Rc<str>> = self.changes(vm, span).into_iter().map(|(name, _)| name).collect();
        for (name, value) in row {
            if changed.contains(&name) {
                continue;
            }
            self.put(&name, value.clone());
            let mut stored = self.stored.borrow_mut();
            match stored.iter_mut().find(|(known, _)| *known == name) {
                Some(slot) => slot.1 = value,
                None => stored.push((name, value)),
            }
        }
    }

    /// The values that differ from those of its row.
    pub(super) fn changes(&self, vm: &mut Vm<'_>, span: Span) -> Vec<(Rc<str>, Value)> {
        let stored = self.stored.borrow().clone();
        let values = self.values.borrow().entries.clone();
        let mut changes = Vec::new();
        for (key, value) in values {
            let Value::Str(name) = key else { continue };
            if self.model.column(&name).is_none() {
                continue;
            }
            let before = stored.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
            let same = match (before, &value) {
                (Some(Value::Unknown(before)), Value::Unknown(now)) => Rc::ptr_eq(before, now),
                (Some(Value::Unknown(_)) | None, _) => false,
                (Some(before), value) => {
                    let both_objects =
                        matches!((before, value), (Value::Object(a), Value::Object(b)) if Rc::ptr_eq(a, b));
                    both_objects
                        || (!is_mutable(value) && vm.equal(before, value, span) == Some(true))
                        || is_same_container(before, value)
                }
            };
            if !same {
                changes.push((name, value));
            }
        }
        changes
    }

    /// Its values are in its row now.
    pub(super) fn settle(&self) {
        let values = self.values.borrow();
        *self.stored.borrow_mut() =
            values.entries.iter().filter_map(|(key, value)| Some((Rc::from(key.as_str()?), value.clone()))).collect();
    }

    /// The same object for a function to work on: it shares the values.
    fn view(&self) -> Self {
        Self {
            model: Rc::clone(&self.model),
            values: Rc::clone(&self.values),
            stored: self.stored.clone(),
            key: self.key.clone(),
            state: self.state.clone(),
            session: self.session.clone(),
            doubt: self.doubt.clone(),
        }
    }

    /// The value of a column that has been neither set nor loaded: its row is asked.
    fn fetch(&self, vm: &mut Vm<'_>, name: &Rc<str>, span: Span) -> Flow<Value> {
        let session = self.session.borrow().upgrade();
        let Some(session) = session else { return Ok(Value::None) };
        let value = super::flush::fetch(vm, &session, self, name, span)?;
        self.put(name, value.clone());
        self.stored.borrow_mut().push((name.clone(), value.clone()));
        Ok(value)
    }
}

fn is_mutable(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Dict(_) | Value::Set(_))
}

/// A list or dict that is still the one that was loaded: SQLAlchemy does not see changes inside it.
fn is_same_container(before: &Value, now: &Value) -> bool {
    match (before, now) {
        (Value::List(a), Value::List(b)) | (Value::Set(a), Value::Set(b)) => Rc::ptr_eq(a, b),
        (Value::Dict(a), Value::Dict(b)) => Rc::ptr_eq(a, b),
        _ => false,
    }
}

impl Foreign for Instance {
    fn type_name(&self) -> Rc<str> {
        self.model.name.clone()
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }

    fn into_any(self: Rc<Self>) -> Rc<dyn std::any::Any> {
        self
    }

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if let Some(value) = self.get(name) {
            return Ok(Some(value));
        }
        if self.model.column(name).is_some() {
            let name: Rc<str> = name.into();
            return match self.state.get() {
                State::Persistent => self.fetch(vm, &name, span).map(Some),
                _ => Ok(Some(Value::None)),
            };
        }
        if let Some(property) = self.model.own(name).and_then(property_of) {
            let receiver = Value::Object(self);
            return vm.call(&property.getter, Args { positional: vec![receiver], ..Args::default() }, span).map(Some);
        }
        Ok(Some(match name {
            "__class__" => Value::Object(self.model.clone()),
            "__dict__" => Value::Dict(self.values.clone()),
            "__table__" => Value::Object(self.model.table.clone()),
            "__tablename__" => Value::str(&self.model.table.name.name),
            _ => match self.model.own(name) {
                Some(value) if value.downcast::<Relation>().is_some() => {
                    Value::object(Relation { owner: RefCell::new(Some(name.into())) })
                }
                Some(value @ Value::Object(function)) => match &*function.type_name() {
                    "function" => Value::object(BoundFunction { function: value.clone(), receiver: self }),
                    _ if let Some(method) = bound_to_class(value, Value::Object(self.model.clone())) => method,
                    _ => vm.unknown(format!("`.{name}` of an object is not modelled"), span),
                },
                Some(value) => value.clone(),
                None => match &self.model.open {
                    Some(open) if !name.starts_with("__") => Value::Unknown(Rc::clone(open)),
                    _ => return Ok(None),
                },
            },
        }))
    }

    fn set_attr(&self, vm: &mut Vm<'_>, name: &str, value: Value, span: Span) -> Flow<()> {
        if self.model.own(name).is_some_and(|value| value.downcast::<Relation>().is_some()) {
            vm.host.not_evaluated(format!("the relationship `{name}` of an object is set").into(), span);
            return Ok(());
        }
        if let Some(property) = self.model.own(name).and_then(property_of) {
            let Some(setter) = property.setter else {
                let message = format!("property '{name}' of '{}' object has no setter", self.model.name);
                return Err(vm.raise("AttributeError", &message, span));
            };
            let positional = vec![Value::object(self.view()), value];
            return vm.call(&setter, Args { positional, ..Args::default() }, span).map(|_| ());
        }
        if self.model.column(name).is_none()
            && let Some(open) = &self.model.open
        {
            vm.host.not_evaluated(open.why.clone(), span);
        }
        // A value that is to be read later belongs to the row already: what it was is asked for first.
        vm.touch(&Value::Dict(self.values.clone()));
        self.put(&name.into(), value);
        Ok(())
    }

    fn is_instance(&self, class: &Value) -> Option<bool> {
        Some(class.downcast::<Model>().is_some_and(|class| Rc::ptr_eq(&class, &self.model)))
    }

    fn binary(
        self: Rc<Self>,
        _vm: &mut Vm<'_>,
        operator: crate::python::Operator,
        other: &Value,
        _reflected: bool,
        _span: Span,
    ) -> Flow<Option<Value>> {
        use crate::python::Operator;
        let same = other.downcast::<Self>().is_some_and(|other| Rc::ptr_eq(&other, &self));
        Ok(match operator {
            Operator::Eq => Some(Value::Bool(same)),
            Operator::NotEq => Some(Value::Bool(!same)),
            _ => None,
        })
    }

    fn reaches_database(&self) -> bool {
        true
    }
}

/// A method of a mapped class, bound to an object.
#[derive(Debug)]
struct BoundFunction {
    function: Value,
    receiver: Rc<Instance>,
}

impl Foreign for BoundFunction {
    object!("method");

    fn attr(self: Rc<Self>, _vm: &mut Vm<'_>, _name: &str, _span: Span) -> Flow<Option<Value>> {
        Ok(None)
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        let positional = std::iter::once(Value::Object(self.receiver.clone())).chain(args.positional).collect();
        vm.call(&self.function, Args { positional, ..args }, span)
    }
}
