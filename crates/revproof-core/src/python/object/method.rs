//! Methods with their receiver, and what wraps a function in a class body: `property`, `staticmethod`, `classmethod`.

use std::any::Any;
use std::rc::Rc;

use crate::python::methods;
use crate::python::value::{Args, Flow, Foreign, Operator, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// A function with its first argument.
#[derive(Debug)]
pub(in crate::python) struct BoundMethod {
    pub(in crate::python) function: Value,
    pub(in crate::python) receiver: Value,
}

impl BoundMethod {
    pub(in crate::python) fn value(function: Value, receiver: Value) -> Value {
        Value::object(Self { function, receiver })
    }
}

/// A method of a builtin type with its receiver: `"a,b".split`.
#[derive(Debug)]
pub(in crate::python) struct BuiltinMethod {
    pub(in crate::python) receiver: Value,
    pub(in crate::python) name: Rc<str>,
}

/// A method of a builtin type without one: `str.lower`.
#[derive(Debug)]
pub(in crate::python) struct UnboundMethod {
    pub(in crate::python) class: &'static str,
    pub(in crate::python) name: Rc<str>,
}

/// What wraps a function in a class body.
#[derive(Debug)]
pub(in crate::python) struct Wrapped {
    pub(in crate::python) kind: Wrapper,
    pub(in crate::python) function: Value,
    /// The setter of a property.
    pub(in crate::python) setter: Option<Value>,
}

/// How.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::python) enum Wrapper {
    Property,
    Static,
    Class,
    /// A method that is known by heart: bound like a function.
    Method,
}

macro_rules! any {
    () => {
        fn as_any(&self) -> &dyn Any {
            self
        }

        fn into_any(self: Rc<Self>) -> Rc<dyn Any> {
            self
        }
    };
}
pub(in crate::python) use any;

/// The arguments with one more in front.
pub(in crate::python) fn with_receiver(mut args: Args, receiver: Value, span: Span) -> Args {
    args.positional.insert(0, receiver);
    args.spans.insert(0, span);
    args
}

impl Foreign for BoundMethod {
    fn type_name(&self) -> Rc<str> {
        "method".into()
    }

    any!();

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        match name {
            "__self__" => Ok(Some(self.receiver.clone())),
            "__func__" => Ok(Some(self.function.clone())),
            _ => match &self.function {
                Value::Object(function) => Rc::clone(function).attr(vm, name, span),
                _ => Ok(None),
            },
        }
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        let args = with_receiver(args, self.receiver.clone(), span);
        vm.call(&self.function, args, span)
    }

    fn binary(
        self: Rc<Self>,
        vm: &mut Vm<'_>,
        operator: Operator,
        other: &Value,
        _: bool,
        span: Span,
    ) -> Flow<Option<Value>> {
        let Some(other) = other.downcast::<Self>() else { return Ok(None) };
        Ok(match operator {
            Operator::Eq => {
                let same = vm.equal(&self.function, &other.function, span) == Some(true)
                    && crate::python::join::same(&self.receiver, &other.receiver);
                Some(Value::Bool(same))
            }
            _ => None,
        })
    }

    fn reaches_database(&self) -> bool {
        matches!(&self.receiver, Value::Object(receiver) if receiver.reaches_database())
    }
}

impl Foreign for BuiltinMethod {
    fn type_name(&self) -> Rc<str> {
        "builtin_function_or_method".into()
    }

    any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, name: &str, _: Span) -> Flow<Option<Value>> {
        Ok(matches!(name, "__name__" | "__qualname__").then(|| Value::Str(Rc::clone(&self.name))))
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        Ok(methods::call(vm, &self.receiver, &self.name, &args, span)?.unwrap_or(Value::None))
    }
}

impl Foreign for UnboundMethod {
    fn type_name(&self) -> Rc<str> {
        "method_descriptor".into()
    }

    any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, name: &str, _: Span) -> Flow<Option<Value>> {
        Ok(matches!(name, "__name__" | "__qualname__").then(|| Value::Str(Rc::clone(&self.name))))
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, mut args: Args, span: Span) -> Flow<Value> {
        if args.positional.is_empty() {
            let message = format!("unbound method {}.{}() needs an argument", self.class, self.name);
            return Err(vm.raise("TypeError", &message, span));
        }
        let receiver = args.positional.remove(0);
        if !args.spans.is_empty() {
            args.spans.remove(0);
        }
        if let Value::Unknown(_) = receiver {
            return Ok(receiver);
        }
        match methods::call(vm, &receiver, &self.name, &args, span)? {
            Some(value) => Ok(value),
            None => {
                let callee = vm.attr(&receiver, &self.name, span)?;
                vm.call(&callee, args, span)
            }
        }
    }
}

impl Foreign for Wrapped {
    fn type_name(&self) -> Rc<str> {
        match self.kind {
            Wrapper::Property => "property",
            Wrapper::Static => "staticmethod",
            Wrapper::Class => "classmethod",
            Wrapper::Method => "method_descriptor",
        }
        .into()
    }

    any!();

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if self.kind == Wrapper::Property && matches!(name, "setter" | "getter" | "deleter") {
            return Ok(Some(Value::object(PropertyPart { property: self, part: name.into() })));
        }
        match &self.function {
            Value::Object(function) => Rc::clone(function).attr(vm, name, span),
            _ => Ok(None),
        }
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        vm.call(&self.function, args, span)
    }
}

/// `@x.setter`
#[derive(Debug)]
struct PropertyPart {
    property: Rc<Wrapped>,
    part: Rc<str>,
}

impl Foreign for PropertyPart {
    fn type_name(&self) -> Rc<str> {
        "builtin_function_or_method".into()
    }

    any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, _: &str, _: Span) -> Flow<Option<Value>> {
        Ok(None)
    }

    fn call(self: Rc<Self>, _: &mut Vm<'_>, args: Args, _: Span) -> Flow<Value> {
        let given = args.positional.into_iter().next();
        let (function, setter) = match (&*self.part, given) {
            ("setter", given) => (self.property.function.clone(), given),
            ("getter", Some(getter)) => (getter, self.property.setter.clone()),
            _ => (self.property.function.clone(), self.property.setter.clone()),
        };
        Ok(Value::object(Wrapped { kind: Wrapper::Property, function, setter }))
    }
}
