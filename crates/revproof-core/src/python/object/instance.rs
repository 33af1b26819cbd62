//! [`Instance`]: an object of a class of a script.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use ruff_python_ast::name::Name;

use super::class::{Class, ClassKind, bind};
use super::items::call_with;
use super::method::{BuiltinMethod, Wrapped, any};
use super::native::Type;
use super::{dataclass, enumeration, exception};
use crate::python::journal::Place;
use crate::python::methods;
use crate::python::scope::Table;
use crate::python::value::{Args, Flow, Foreign, Operator, Raised, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// An object of a class of a script.
#[derive(Debug)]
pub(in crate::python) struct Instance {
    pub(in crate::python) class: Rc<Class>,
    pub(in crate::python) table: Rc<RefCell<Table>>,
    /// The builtin value inside, where the class derives from a builtin.
    pub(in crate::python) payload: RefCell<Option<Value>>,
}

impl Instance {
    /// One that no `__init__` has seen.
    pub(in crate::python) fn bare(class: &Rc<Class>) -> Self {
        Self { class: Rc::clone(class), table: Rc::default(), payload: RefCell::default() }
    }

    pub(in crate::python) fn get(&self, name: &str) -> Option<Value> {
        self.table.borrow().get(name).cloned()
    }

    pub(in crate::python) fn set(&self, vm: &mut Vm<'_>, name: &str, value: Value, span: Span) {
        vm.journal.touch(&Place::Table(Rc::clone(&self.table)));
        self.table.borrow_mut().set(&Name::new(name), value, span);
    }

    /// Calls a method such as `__str__`, where the class has it.
    fn special(self: &Rc<Self>, vm: &mut Vm<'_>, name: &str, args: Vec<Value>, span: Span) -> Flow<Option<Value>> {
        let Some(method) = self.class.find(name) else { return Ok(None) };
        let receiver = Value::Object(Rc::clone(self) as Rc<dyn Foreign>);
        let method = bind(vm, method, &receiver, &self.class, span)?;
        call_with(vm, &method, args, span).map(Some)
    }

    /// `bool(self)`, which may run code.
    pub(in crate::python) fn truth_in(self: &Rc<Self>, vm: &mut Vm<'_>) -> Option<bool> {
        let span = vm.nowhere();
        for name in ["__bool__", "__len__"] {
            match self.special(vm, name, Vec::new(), span) {
                Ok(Some(value)) => return vm.truth(&value),
                Ok(None) => {}
                Err(_) => return None,
            }
        }
        if self.class.kind.get() == ClassKind::Enum && self.class.builtin.is_none() {
            return Some(true);
        }
        let payload = self.payload.borrow().clone();
        match payload {
            Some(payload) => vm.truth(&payload),
            None if self.class.unknown_base.is_some() => None,
            None => Some(true),
        }
    }

    /// `str(self)`, which may run code; `None` where it can't be known.
    pub(in crate::python) fn text_in(self: &Rc<Self>, vm: &mut Vm<'_>, repr: bool) -> Option<Rc<str>> {
        let span = vm.nowhere();
        let names: &[&str] = if repr { &["__repr__"] } else { &["__str__", "__repr__"] };
        for name in names {
            match self.special(vm, name, Vec::new(), span) {
                Ok(Some(Value::Str(text))) => return Some(text),
                Ok(None) => {}
                Ok(Some(_)) | Err(_) => return None,
            }
            if self.class.is_exception() && *name == "__str__" {
                break;
            }
        }
        match self.class.kind.get() {
            ClassKind::Exception => exception::text(vm, self, repr),
            ClassKind::Enum => enumeration::text(vm, self, repr),
            ClassKind::Dataclass | ClassKind::NamedTuple => dataclass::text(vm, self),
            ClassKind::Plain => {
                let payload = self.payload.borrow().clone();
                match payload {
                    Some(payload) if repr => vm.repr(&payload),
                    Some(payload) => vm.text(&payload),
                    None if self.class.unknown_base.is_some() => None,
                    None => Some(format!("<__main__.{} object>", self.class.name).into()),
                }
            }
        }
    }
}

/// What `object.__repr__` gives.
pub(in crate::python) fn plain_text(value: &Value) -> Option<Rc<str>> {
    value.downcast::<Instance>().map(|instance| format!("<__main__.{} object>", instance.class.name).into())
}

/// `class(…)`.
pub(in crate::python) fn construct(vm: &mut Vm<'_>, class: &Rc<Class>, args: Args, span: Span) -> Flow<Value> {
    let class_value = Value::Object(Rc::clone(class) as Rc<dyn Foreign>);
    let instance = match class.find("__new__") {
        Some(new) => {
            let args = super::method::with_receiver(args.clone(), class_value, span);
            let new = match new.downcast::<Wrapped>() {
                Some(wrapped) => wrapped.function.clone(),
                None => new,
            };
            let made = vm.call(&new, args, span)?;
            match made.downcast::<Instance>() {
                Some(instance) => instance,
                None => return Ok(made),
            }
        }
        None => Rc::new(Instance::bare(class)),
    };
    let value = Value::Object(Rc::clone(&instance) as Rc<dyn Foreign>);
    if class.is_exception() {
        exception::set_args(&instance, &args.positional, span);
    }
    if matches!(class.kind.get(), ClassKind::Dataclass | ClassKind::NamedTuple) && class.find("__init__").is_none() {
        dataclass::initialise(vm, &instance, &args, span)?;
        return Ok(value);
    }
    if let Some(builtin) = class.builtin
        && instance.payload.borrow().is_none()
    {
        let payload = match (class.find("__init__"), builtin) {
            // What `__init__` takes is not what the builtin takes; an immutable one has its value by then all the same.
            (Some(_), "dict" | "list" | "set") => {
                crate::python::builtins::construct(vm, &Type { name: builtin, shown: None }, &Args::default(), span)?
            }
            _ => crate::python::builtins::construct(vm, &Type { name: builtin, shown: None }, &args, span)?,
        };
        instance.payload.replace(Some(payload));
    }
    match class.find("__init__") {
        Some(init) => {
            let init = bind(vm, init, &value, class, span)?;
            vm.call(&init, args, span)?;
        }
        None if class.unknown_base.is_some() || class.is_exception() || class.builtin.is_some() => {
            for (name, value) in args.keyword {
                if class.unknown_base.is_some() {
                    instance.set(vm, &name, value, span);
                }
            }
        }
        None if class.find("__new__").is_some() => {}
        None if !args.positional.is_empty() || !args.keyword.is_empty() => {
            if class.has_modelled_base() {
                return Ok(vm.unknown_database(format!("what {} inherits is not evaluated", class.name), span));
            }
            let message = format!("{}() takes no arguments", class.name);
            return Err(vm.raise("TypeError", &message, span));
        }
        None => {}
    }
    Ok(value)
}

impl Foreign for Instance {
    fn type_name(&self) -> Rc<str> {
        Rc::clone(&self.class.name)
    }

    any!();

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        let in_class = self.class.find(name);
        if let Some(value) = &in_class
            && value.downcast::<Wrapped>().is_some_and(|wrapped| wrapped.kind.is_property())
        {
            let receiver = Value::Object(Rc::clone(&self) as Rc<dyn Foreign>);
            return bind(vm, value.clone(), &receiver, &self.class, span).map(Some);
        }
        if let Some(value) = self.get(name) {
            return Ok(Some(value));
        }
        if let Some(value) = in_class {
            let receiver = Value::Object(Rc::clone(&self) as Rc<dyn Foreign>);
            return bind(vm, value, &receiver, &self.class, span).map(Some);
        }
        if name == "__class__" {
            return Ok(Some(Value::Object(Rc::clone(&self.class) as Rc<dyn Foreign>)));
        }
        if name == "__dict__" {
            let table = self.table.borrow();
            let entries = table.entries().iter().map(|e| (Value::str(e.name.as_str()), e.value.clone())).collect();
            return Ok(Some(Value::dict(crate::python::Dict { entries })));
        }
        if let Some(value) = dataclass::instance_attribute(&self, name).or_else(|| exception::attribute(&self, name)) {
            return Ok(Some(value));
        }
        let payload = self.payload.borrow().clone();
        if let Some(payload) = payload
            && methods::has(&payload, name)
        {
            return Ok(Some(Value::object(BuiltinMethod { receiver: payload, name: name.into() })));
        }
        if self.class.find("__getattr__").is_some() {
            return self.special(vm, "__getattr__", vec![Value::str(name)], span);
        }
        if let Some(unknown) = &self.class.unknown_base {
            return Ok(Some(Value::Unknown(Rc::clone(unknown))));
        }
        // A class that derives from an object of a library has what that has.
        for base in &self.class.bases {
            if let Value::Object(object) = base
                && base.downcast::<Class>().is_none()
                && base.downcast::<Type>().is_none()
                && let Some(value) = Rc::clone(object).attr(vm, name, span)?
            {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    fn set_attr(&self, vm: &mut Vm<'_>, name: &str, value: Value, span: Span) -> Flow<()> {
        if let Some(wrapped) = self.class.find(name).and_then(|value| value.downcast::<Wrapped>())
            && wrapped.kind.is_property()
        {
            return match wrapped.setter.borrow().clone() {
                Some(setter) => {
                    // The setter needs the shared object; an equal view of it does.
                    let view = Self {
                        class: Rc::clone(&self.class),
                        table: Rc::clone(&self.table),
                        payload: RefCell::new(self.payload.borrow().clone()),
                    };
                    call_with(vm, &setter, vec![Value::object(view), value], span).map(|_| ())
                }
                None => Err(vm.raise("AttributeError", &format!("can't set attribute '{name}'"), span)),
            };
        }
        self.set(vm, name, value, span);
        Ok(())
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        let receiver = Value::Object(Rc::clone(&self) as Rc<dyn Foreign>);
        match self.class.find("__call__") {
            Some(method) => {
                let method = bind(vm, method, &receiver, &self.class, span)?;
                vm.call(&method, args, span)
            }
            None => match &self.class.unknown_base {
                Some(unknown) => vm.call(&Value::Unknown(Rc::clone(unknown)), args, span),
                None => Err(vm.raise("TypeError", &format!("'{}' object is not callable", self.class.name), span)),
            },
        }
    }

    fn index(self: Rc<Self>, vm: &mut Vm<'_>, key: &Value, span: Span) -> Flow<Value> {
        if let Some(value) = self.special(vm, "__getitem__", vec![key.clone()], span)? {
            return Ok(value);
        }
        if let Some(fields) = dataclass::tuple_items(&self) {
            return vm.item(&Value::tuple(fields), key, span);
        }
        let payload = self.payload.borrow().clone();
        match payload {
            Some(payload) => match (vm.item(&payload, key, span), self.class.find("__missing__")) {
                (Err(raised), Some(_)) if &*raised.class == "KeyError" => {
                    Ok(self.special(vm, "__missing__", vec![key.clone()], span)?.unwrap_or(Value::None))
                }
                (result, _) => result,
            },
            None => match &self.class.unknown_base {
                Some(unknown) => Ok(Value::Unknown(Rc::clone(unknown))),
                None => Err(vm.raise("TypeError", &format!("'{}' object is not subscriptable", self.class.name), span)),
            },
        }
    }

    fn set_index(&self, vm: &mut Vm<'_>, key: &Value, value: Value, span: Span) -> Flow<()> {
        if let Some(method) = self.class.find("__setitem__") {
            let view = Value::object(Self {
                class: Rc::clone(&self.class),
                table: Rc::clone(&self.table),
                payload: RefCell::new(self.payload.borrow().clone()),
            });
            return call_with(vm, &method, vec![view, key.clone(), value], span).map(|_| ());
        }
        let payload = self.payload.borrow().clone();
        match payload {
            Some(payload) => vm.set_item(&payload, key, value, span),
            None if self.class.unknown_base.is_some() => Ok(()),
            None => {
                let message = format!("'{}' object does not support item assignment", self.class.name);
                Err(vm.raise("TypeError", &message, span))
            }
        }
    }

    fn iterate(self: Rc<Self>, vm: &mut Vm<'_>, span: Span) -> Flow<Option<Vec<Value>>> {
        if let Some(iterator) = self.special(vm, "__iter__", Vec::new(), span)? {
            if crate::python::join::same(&iterator, &Value::Object(Rc::clone(&self) as Rc<dyn Foreign>)) {
                return self.collect(vm, span).map(Some);
            }
            return vm.items_with_rest(&iterator, span).map(Some);
        }
        if let Some(items) = dataclass::tuple_items(&self) {
            return Ok(Some(items));
        }
        let payload = self.payload.borrow().clone();
        match payload {
            Some(payload) => vm.items_with_rest(&payload, span).map(Some),
            None if self.class.unknown_base.is_some() => Ok(None),
            None => Err(vm.raise("TypeError", &format!("'{}' object is not iterable", self.class.name), span)),
        }
    }

    fn binary(
        self: Rc<Self>,
        vm: &mut Vm<'_>,
        operator: Operator,
        other: &Value,
        reflected: bool,
        span: Span,
    ) -> Flow<Option<Value>> {
        let (name, reflected_name) = special_names(operator);
        let name = if reflected { reflected_name } else { name };
        if let Some(value) = self.special(vm, name, vec![other.clone()], span)? {
            return Ok(Some(value));
        }
        if operator == Operator::NotEq
            && let Some(equal) = self.special(vm, "__eq__", vec![other.clone()], span)?
        {
            return Ok(vm.truth(&equal).map(|equal| Value::Bool(!equal)));
        }
        if let Some(value) = dataclass::compare(vm, &self, operator, other, span)? {
            return Ok(Some(value));
        }
        let payload = self.payload.borrow().clone();
        let Some(payload) = payload else {
            return Ok(self.class.unknown_base.as_ref().map(|why| Value::Unknown(Rc::clone(why))));
        };
        if self.class.kind.get() == ClassKind::Enum && self.class.builtin.is_none() {
            return Ok(None);
        }
        let other = vm.payload(other).unwrap_or_else(|| other.clone());
        let (left, right) = if reflected { (&other, &payload) } else { (&payload, &other) };
        match operator {
            Operator::Eq | Operator::NotEq | Operator::Lt | Operator::LtE | Operator::Gt | Operator::GtE => {
                // The caller has mirrored the operator already.
                vm.compare_values(&payload, operator, &other, span).map(Some)
            }
            _ => vm.binary(left, operator, right, span).map(Some),
        }
    }

    fn unary(self: Rc<Self>, vm: &mut Vm<'_>, sign: char, span: Span) -> Flow<Option<Value>> {
        let name = match sign {
            '-' => "__neg__",
            '+' => "__pos__",
            _ => "__invert__",
        };
        self.special(vm, name, Vec::new(), span)
    }

    fn contains(self: Rc<Self>, vm: &mut Vm<'_>, item: &Value, span: Span) -> Flow<Option<Value>> {
        if let Some(value) = self.special(vm, "__contains__", vec![item.clone()], span)? {
            return Ok(Some(match vm.truth(&value) {
                Some(truth) => Value::Bool(truth),
                None => Value::Unknown(vm.why(&value, span)),
            }));
        }
        let payload = self.payload.borrow().clone();
        match payload {
            Some(payload) => vm.contains(&payload, item, span).map(Some),
            None => Ok(None),
        }
    }

    fn truth(&self) -> Option<bool> {
        None
    }

    fn len(&self) -> Option<usize> {
        None
    }

    fn enter(self: Rc<Self>, vm: &mut Vm<'_>, span: Span) -> Flow<Value> {
        match self.special(vm, "__enter__", Vec::new(), span)? {
            Some(value) => Ok(value),
            None => match &self.class.unknown_base {
                Some(unknown) => Ok(Value::Unknown(Rc::clone(unknown))),
                None => {
                    let message = format!("'{}' object does not support the context manager protocol", self.class.name);
                    Err(vm.raise("TypeError", &message, span))
                }
            },
        }
    }

    fn exit(self: Rc<Self>, vm: &mut Vm<'_>, raised: Option<&Raised>, span: Span) -> Flow<bool> {
        let args = match raised {
            Some(raised) => {
                vec![super::class_of(vm, &raised.exception), raised.exception.clone(), Value::None]
            }
            None => vec![Value::None, Value::None, Value::None],
        };
        match self.special(vm, "__exit__", args, span)? {
            Some(value) => Ok(vm.truth(&value).unwrap_or(false)),
            None => Ok(false),
        }
    }

    fn is_instance(&self, class: &Value) -> Option<bool> {
        match class.downcast::<Class>() {
            Some(class) => self.class.derives_from(&class),
            None if self.class.unknown_base.is_some() => None,
            None => {
                let bases = self.class.bases.iter().chain(self.class.ancestors.iter().flat_map(|a| a.bases.iter()));
                Some(bases.into_iter().any(|base| crate::python::join::same(base, class)))
            }
        }
    }
}

impl Instance {
    /// The items of an iterator of the script's own: `__next__` until `StopIteration`.
    fn collect(self: &Rc<Self>, vm: &mut Vm<'_>, span: Span) -> Flow<Vec<Value>> {
        let mut items = Vec::new();
        loop {
            vm.charge(1, || span)?;
            match self.special(vm, "__next__", Vec::new(), span) {
                Ok(Some(item)) => items.push(item),
                Ok(None) => return Ok(items),
                Err(raised) if &*raised.class == "StopIteration" => return Ok(items),
                Err(raised) => return Err(raised),
            }
        }
    }

    /// `len(self)`, which may run code.
    pub(in crate::python) fn len_in(self: &Rc<Self>, vm: &mut Vm<'_>, span: Span) -> Flow<Option<Value>> {
        if let Some(value) = self.special(vm, "__len__", Vec::new(), span)? {
            return Ok(Some(value));
        }
        if let Some(items) = dataclass::tuple_items(self) {
            return Ok(Some(Value::Int(i64::try_from(items.len()).unwrap_or(i64::MAX))));
        }
        let payload = self.payload.borrow().clone();
        match payload {
            Some(payload) => crate::python::builtins::length(vm, &payload, span).map(Some),
            None => Ok(self.class.unknown_base.as_ref().map(|why| Value::Unknown(Rc::clone(why)))),
        }
    }
}

fn special_names(operator: Operator) -> (&'static str, &'static str) {
    match operator {
        Operator::Add => ("__add__", "__radd__"),
        Operator::Sub => ("__sub__", "__rsub__"),
        Operator::Mul => ("__mul__", "__rmul__"),
        Operator::Div => ("__truediv__", "__rtruediv__"),
        Operator::FloorDiv => ("__floordiv__", "__rfloordiv__"),
        Operator::Mod => ("__mod__", "__rmod__"),
        Operator::Pow => ("__pow__", "__rpow__"),
        Operator::MatMul => ("__matmul__", "__rmatmul__"),
        Operator::LShift => ("__lshift__", "__rlshift__"),
        Operator::RShift => ("__rshift__", "__rrshift__"),
        Operator::BitOr => ("__or__", "__ror__"),
        Operator::BitAnd => ("__and__", "__rand__"),
        Operator::BitXor => ("__xor__", "__rxor__"),
        Operator::Eq => ("__eq__", "__eq__"),
        Operator::NotEq => ("__ne__", "__ne__"),
        Operator::Lt => ("__lt__", "__lt__"),
        Operator::LtE => ("__le__", "__le__"),
        Operator::Gt => ("__gt__", "__gt__"),
        Operator::GtE => ("__ge__", "__ge__"),
    }
}
