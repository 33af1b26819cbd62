//! Methods with their receiver, and what wraps a function in a class body: `property`, `staticmethod`, `classmethod`.

use std::any::Any;
use std::cell::RefCell;
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
    pub(in crate::python) setter: RefCell<Option<Value>>,
    /// What a hybrid property answers on the class, where that is said apart.
    pub(in crate::python) expression: RefCell<Option<Value>>,
}

impl Wrapped {
    /// A function, wrapped.
    pub(in crate::python) fn value(kind: Wrapper, function: Value, setter: Option<Value>) -> Value {
        Value::object(Self { kind, function, setter: RefCell::new(setter), expression: RefCell::default() })
    }

    /// What the class is asked instead of an instance.
    pub(in crate::python) fn on_class(&self) -> Value {
        self.expression.borrow().clone().unwrap_or_else(|| self.function.clone())
    }
}

/// How.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::python) enum Wrapper {
    Property,
    /// SQLAlchemy's `hybrid_property`: one that the class answers too, with itself for the instance.
    Hybrid,
    Static,
    Class,
    /// A method that is known by heart: bound like a function.
    Method,
}

impl Wrapper {
    /// Whether reading the attribute calls the function.
    pub(in crate::python) fn is_property(self) -> bool {
        matches!(self, Self::Property | Self::Hybrid)
    }
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
            Wrapper::Hybrid => "hybrid_property",
            Wrapper::Static => "staticmethod",
            Wrapper::Class => "classmethod",
            Wrapper::Method => "method_descriptor",
        }
        .into()
    }

    any!();

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if self.kind.is_property() && is_part(self.kind, name) {
            return Ok(Some(Value::object(PropertyPart { property: self, part: name.into(), in_place: false })));
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

/// A property, as classes that are not evaluated as such need it.
pub(crate) struct PropertyView {
    /// What reads it.
    pub(crate) getter: Value,
    /// What sets it.
    pub(crate) setter: Option<Value>,
    /// What the class is asked with itself for the instance (`hybrid_property`).
    pub(crate) on_class: Option<Value>,
}

/// A class method or static method as its class gives it, for classes that are not evaluated as such.
pub(crate) fn bound_to_class(method: &Value, class: Value) -> Option<Value> {
    let wrapped = method.downcast::<Wrapped>()?;
    match wrapped.kind {
        Wrapper::Class => Some(BoundMethod::value(wrapped.function.clone(), class)),
        Wrapper::Static => Some(wrapped.function.clone()),
        Wrapper::Property | Wrapper::Hybrid | Wrapper::Method => None,
    }
}

/// The property that a value is.
pub(crate) fn property_of(value: &Value) -> Option<PropertyView> {
    let wrapped = value.downcast::<Wrapped>().filter(|wrapped| wrapped.kind.is_property())?;
    let on_class = (wrapped.kind == Wrapper::Hybrid).then(|| wrapped.on_class());
    Some(PropertyView { getter: wrapped.function.clone(), setter: wrapped.setter.borrow().clone(), on_class })
}

/// `@x.setter`, `@x.inplace.setter`
#[derive(Debug)]
struct PropertyPart {
    property: Rc<Wrapped>,
    part: Rc<str>,
    in_place: bool,
}

impl Foreign for PropertyPart {
    fn type_name(&self) -> Rc<str> {
        "builtin_function_or_method".into()
    }

    any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, name: &str, _: Span) -> Flow<Option<Value>> {
        let is_part = &*self.part == "inplace" && is_part(self.property.kind, name);
        let part = || PropertyPart { property: Rc::clone(&self.property), part: name.into(), in_place: true };
        Ok(is_part.then(|| Value::object(part())))
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        let given = args.positional.into_iter().next();
        let property = &self.property;
        let (mut function, mut setter) = (property.function.clone(), property.setter.borrow().clone());
        let mut expression = property.expression.borrow().clone();
        match &*self.part {
            "setter" => setter.clone_from(&given),
            "getter" => function = given.clone().unwrap_or(function),
            "expression" => expression.clone_from(&given),
            "comparator" | "update_expression" => {
                expression = Some(vm.unknown("the comparator of a hybrid property is not modelled", span));
            }
            _ => {}
        }
        if self.in_place {
            *property.setter.borrow_mut() = setter;
            *property.expression.borrow_mut() = expression;
            return Ok(given.unwrap_or(Value::None));
        }
        let (setter, expression) = (RefCell::new(setter), RefCell::new(expression));
        Ok(Value::object(Wrapped { kind: property.kind, function, setter, expression }))
    }
}

/// Whether a property of this kind has a decorator of that name.
fn is_part(kind: Wrapper, name: &str) -> bool {
    let of_hybrid = matches!(name, "expression" | "comparator" | "update_expression" | "inplace");
    matches!(name, "setter" | "getter" | "deleter") || (kind == Wrapper::Hybrid && of_hybrid)
}
