//! What every value can be asked: its attributes, its items, its truth, its text.

use std::cell::RefCell;
use std::rc::Rc;

use super::join::{is_rest, rest};
use super::journal::Place;
use super::methods;
use super::object::class::Class;
use super::object::method::BuiltinMethod;
use super::object::native::Type;
use super::object::{exception, instance::Instance, type_name};
use super::value::{Dict, Flow, Raised, Value};
use super::vm::Vm;
use crate::op::{Failure, FailureKind};
use crate::source::Span;

impl Vm<'_> {
    /// An exception on its way up. `class` is a built-in's name or a library's: `sqlalchemy.exc.NoSuchTableError`.
    pub fn raise(&mut self, class: &str, message: &str, span: Span) -> Raised {
        exception::raise(self, class, message, span)
    }

    /// The exception that SQLAlchemy raises for a refusal of the database.
    pub fn raise_failure(&mut self, failure: Failure, span: Span) -> Raised {
        let class = match (self.host.offline(), failure.kind) {
            // Nothing is sent, so what refuses is SQLAlchemy's compiler.
            (Some(_), FailureKind::Unsupported) => "sqlalchemy.exc.UnsupportedCompilationError",
            (Some(_), FailureKind::InvalidStatement) => "sqlalchemy.exc.CompileError",
            _ => exception::class_of_failure(&failure, self.host.catalog().dialect),
        };
        let raised = self.raise(class, &failure.message, span);
        Raised { failure: Some(Box::new(failure)), ..raised }
    }

    /// The exception class of that name; made, with that base, where there is none yet.
    pub fn exception_class(&mut self, name: &str, base: &str) -> Value {
        Value::Object(exception::class(self, name, Some(base)))
    }

    /// `value.name`.
    pub fn attr(&mut self, value: &Value, name: &str, span: Span) -> Flow<Value> {
        match value {
            Value::Object(object) => match Rc::clone(object).attr(self, name, span)? {
                Some(value) => Ok(value),
                None => match name {
                    "__class__" => Ok(super::object::class_of(self, value)),
                    _ => Err(self.no_attribute(value, name, span)),
                },
            },
            Value::Unknown(_) => Ok(Value::Unknown(self.why(value, span))),
            _ if name == "__class__" => Ok(super::object::class_of(self, value)),
            _ if name == "__doc__" => Ok(Value::None),
            _ if methods::has(value, name) => {
                Ok(Value::object(BuiltinMethod { receiver: value.clone(), name: name.into() }))
            }
            Value::Int(int) if matches!(name, "real" | "numerator") => Ok(Value::Int(*int)),
            Value::Int(_) if matches!(name, "imag") => Ok(Value::Int(0)),
            Value::Int(_) if matches!(name, "denominator") => Ok(Value::Int(1)),
            Value::Float(float) if matches!(name, "real") => Ok(Value::Float(*float)),
            _ => Err(self.no_attribute(value, name, span)),
        }
    }

    pub(super) fn no_attribute(&mut self, value: &Value, name: &str, span: Span) -> Raised {
        let message = match value.downcast::<Class>() {
            Some(class) => format!("type object '{}' has no attribute '{name}'", class.name),
            None => match value.downcast::<super::object::module::ModuleObject>() {
                Some(module) => format!("module '{}' has no attribute '{name}'", module.name),
                None => format!("'{}' object has no attribute '{name}'", type_name(value)),
            },
        };
        self.raise("AttributeError", &message, span)
    }

    /// `value.name = new`.
    pub(super) fn set_attr(&mut self, value: &Value, name: &str, new: Value, span: Span) -> Flow<()> {
        match value {
            Value::Object(object) => Rc::clone(object).set_attr(self, name, new, span),
            Value::Unknown(_) => Ok(()),
            _ => Err(self.no_attribute(value, name, span)),
        }
    }

    /// `del value.name`.
    pub(super) fn delete_attr(&mut self, value: &Value, name: &str, span: Span) -> Flow<()> {
        let table = match (value.downcast::<Instance>(), value.downcast::<Class>()) {
            (Some(instance), _) => Rc::clone(&instance.table),
            (None, Some(class)) => Rc::clone(&class.table),
            (None, None) if matches!(value, Value::Unknown(_) | Value::Object(_)) => return Ok(()),
            (None, None) => return Err(self.no_attribute(value, name, span)),
        };
        self.journal.touch(&Place::Table(Rc::clone(&table)));
        let removed = table.borrow_mut().remove(name);
        match removed {
            Some(_) => Ok(()),
            None => Err(self.no_attribute(value, name, span)),
        }
    }

    /// The items of an iterable; `Ok(None)` where they can't be known.
    pub fn iterate(&mut self, value: &Value, span: Span) -> Flow<Option<Vec<Value>>> {
        let items = self.items_with_rest(value, span)?;
        Ok(if items.iter().any(is_rest) { None } else { Some(items) })
    }

    /// The items of an iterable; one that stands for any number where not all are known.
    pub(super) fn items_with_rest(&mut self, value: &Value, span: Span) -> Flow<Vec<Value>> {
        let items = match value {
            Value::List(items) | Value::Set(items) => items.borrow().clone(),
            Value::Tuple(items) => items.to_vec(),
            Value::Dict(dict) => dict.borrow().entries.iter().map(|(key, _)| key.clone()).collect(),
            Value::Str(text) => text.chars().map(|c| Value::Str(c.encode_utf8(&mut [0; 4]).into())).collect(),
            Value::Bytes(bytes) => bytes.iter().map(|byte| Value::Int(i64::from(*byte))).collect(),
            Value::Unknown(_) => vec![rest(&self.why(value, span))],
            Value::Object(object) => match Rc::clone(object).iterate(self, span)? {
                Some(items) => items,
                None => {
                    let why = super::value::Unknown::data(
                        format!("the items of the {} are not known", object.type_name()),
                        span,
                    );
                    vec![rest(&why)]
                }
            },
            other => {
                let message = format!("'{}' object is not iterable", type_name(other));
                return Err(self.raise("TypeError", &message, span));
            }
        };
        self.charge(items.len() as u64 / 8, || span)?;
        Ok(items)
    }

    /// `bool(value)`; `None` where it can't be known.
    pub fn truth(&mut self, value: &Value) -> Option<bool> {
        match value {
            Value::None => Some(false),
            Value::Bool(truth) => Some(*truth),
            Value::Int(int) => Some(*int != 0),
            Value::Float(float) => Some(*float != 0.0),
            Value::Str(text) => Some(!text.is_empty()),
            Value::Bytes(bytes) => Some(!bytes.is_empty()),
            Value::List(items) | Value::Set(items) => some_items(&items.borrow()),
            Value::Tuple(items) => some_items(items),
            Value::Dict(dict) => {
                let dict = dict.borrow();
                if dict.entries.iter().any(|(key, _)| !is_rest(key)) {
                    Some(true)
                } else if dict.entries.is_empty() {
                    Some(false)
                } else {
                    None
                }
            }
            Value::Object(object) => match value.downcast::<Instance>() {
                Some(instance) => instance.truth_in(self),
                None => object.truth(),
            },
            Value::Unknown(_) => None,
        }
    }

    /// `str(value)`; `None` where it can't be known.
    pub fn text(&mut self, value: &Value) -> Option<Rc<str>> {
        super::format::text(self, value)
    }

    /// `repr(value)`; `None` where it can't be known.
    pub fn repr(&mut self, value: &Value) -> Option<Rc<str>> {
        super::format::repr(self, value)
    }

    /// `isinstance(value, class)`; `None` where it can't be known.
    #[expect(clippy::self_only_used_in_recursion, reason = "asked like the other things that a value can be asked")]
    pub fn is_instance(&mut self, value: &Value, class: &Value) -> Option<bool> {
        if let Value::Tuple(classes) = class {
            let mut known = true;
            for class in classes.iter() {
                match self.is_instance(value, class) {
                    Some(true) => return Some(true),
                    Some(false) => {}
                    None => known = false,
                }
            }
            return known.then_some(false);
        }
        if let Some(class) = class.downcast::<Type>() {
            return super::object::native::is_of_type(value, &class);
        }
        if let Some(answer) = super::stdlib::is_instance_of_hint(value, class) {
            return answer;
        }
        match (value, class) {
            (Value::Unknown(_), _) | (_, Value::Unknown(_)) => None,
            (Value::Object(object), _) => object.is_instance(class),
            _ => Some(false),
        }
    }

    /// To be called before a library's object changes a list, set or dict that it keeps its state in: under a condition
    /// that can't be decided, the change is taken back for the other branch, and what differs after both is unknown.
    pub fn touch(&mut self, container: &Value) {
        match container {
            Value::List(items) => self.touch_list(items),
            Value::Set(items) => self.touch_set(items),
            Value::Dict(dict) => self.touch_dict(dict),
            _ => {}
        }
    }

    /// Whether what is evaluated now stands under a condition that can't be decided.
    pub fn is_undecided(&self) -> bool {
        !self.journal.is_idle() || !self.opened.is_empty()
    }

    pub(super) fn touch_list(&mut self, items: &Rc<RefCell<Vec<Value>>>) {
        if !self.journal.is_idle() {
            self.journal.touch(&Place::List(Rc::clone(items)));
        }
    }

    pub(super) fn touch_set(&mut self, items: &Rc<RefCell<Vec<Value>>>) {
        if !self.journal.is_idle() {
            self.journal.touch(&Place::Set(Rc::clone(items)));
        }
    }

    pub(super) fn touch_dict(&mut self, dict: &Rc<RefCell<Dict>>) {
        if !self.journal.is_idle() {
            self.journal.touch(&Place::Dict(Rc::clone(dict)));
        }
    }

    /// The builtin value inside an instance of a class that derives from a builtin: the `int` of an `IntEnum` member.
    #[expect(clippy::unused_self, reason = "asked like the other things that a value can be asked")]
    pub(super) fn payload(&self, value: &Value) -> Option<Value> {
        value.downcast::<Instance>().and_then(|instance| instance.payload.borrow().clone())
    }
}

fn some_items(items: &[Value]) -> Option<bool> {
    if items.iter().any(|item| !is_rest(item)) {
        Some(true)
    } else if items.is_empty() {
        Some(false)
    } else {
        None
    }
}
