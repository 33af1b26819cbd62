//! [`Native`]: a function that is known by heart; [`Type`]: a builtin type.

use std::any::Any;
use std::rc::Rc;

use crate::python::value::{Args, Flow, Foreign, Operator, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// What a [`Native`] does.
pub(in crate::python) type Run = fn(&mut Vm<'_>, &Args, Span) -> Flow<Value>;

/// A function that is known by heart.
#[derive(Debug)]
pub(in crate::python) struct Native {
    pub(in crate::python) name: &'static str,
    pub(in crate::python) run: Run,
    /// Whether an unknown argument makes the result unknown without a look at the others.
    pub(in crate::python) strict: bool,
}

impl Native {
    pub(in crate::python) fn strict(name: &'static str, run: Run) -> Value {
        Value::object(Self { name, run, strict: true })
    }

    pub(in crate::python) fn lenient(name: &'static str, run: Run) -> Value {
        Value::object(Self { name, run, strict: false })
    }
}

/// The first argument that is not known.
pub(in crate::python) fn first_unknown(args: &Args) -> Option<Value> {
    if let Some(open) = &args.open {
        return Some(Value::Unknown(Rc::clone(open)));
    }
    let mut values = args.positional.iter().chain(args.keyword.iter().map(|(_, value)| value));
    values.find(|value| matches!(value, Value::Unknown(_))).cloned()
}

impl Foreign for Native {
    fn type_name(&self) -> Rc<str> {
        "builtin_function_or_method".into()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn into_any(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, name: &str, _: Span) -> Flow<Option<Value>> {
        Ok(match name {
            "__name__" | "__qualname__" => Some(Value::str(self.name)),
            _ => None,
        })
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        if (self.strict || args.open.is_some())
            && let Some(unknown) = first_unknown(&args)
        {
            return Ok(Value::Unknown(vm.why(&unknown, span)));
        }
        (self.run)(vm, &args, span)
    }

    fn text(&self) -> Option<Rc<str>> {
        Some(format!("<built-in function {}>", self.name).into())
    }
}

/// A builtin type.
#[derive(Debug)]
pub(in crate::python) struct Type {
    pub(in crate::python) name: &'static str,
    /// Its name where it is not one of the known ones.
    pub(in crate::python) shown: Option<Rc<str>>,
}

/// The name of a type that is none of the known ones.
pub(in crate::python) const OTHER_TYPE: &str = "<other>";

/// The builtin types that have a name of their own among the builtins, and those that have none.
const TYPES: [&str; 22] = [
    "object",
    "type",
    "NoneType",
    "bool",
    "int",
    "float",
    "str",
    "bytes",
    "bytearray",
    "list",
    "tuple",
    "dict",
    "set",
    "frozenset",
    "function",
    "module",
    "range",
    "slice",
    "generator",
    "method",
    "ellipsis",
    "complex",
];

/// The static name of a builtin type.
pub(in crate::python) fn type_named(name: &str) -> Option<&'static str> {
    TYPES.iter().find(|known| **known == name).copied()
}

impl Type {
    pub(in crate::python) fn shown(&self) -> Rc<str> {
        self.shown.clone().unwrap_or_else(|| self.name.into())
    }
}

/// Whether both are the same builtin type or function.
pub(in crate::python) fn same(a: &dyn Foreign, b: &dyn Foreign) -> bool {
    if let (Some(a), Some(b)) = (a.as_any().downcast_ref::<Type>(), b.as_any().downcast_ref::<Type>()) {
        return a.name == b.name && a.shown == b.shown;
    }
    match (a.as_any().downcast_ref::<Native>(), b.as_any().downcast_ref::<Native>()) {
        (Some(a), Some(b)) => a.name == b.name && std::ptr::fn_addr_eq(a.run, b.run),
        _ => std::ptr::addr_eq(std::ptr::from_ref(a), std::ptr::from_ref(b)),
    }
}

/// `isinstance(value, builtin type)`.
pub(in crate::python) fn is_of_type(value: &Value, class: &Type) -> Option<bool> {
    let name = class.name;
    if name == "object" {
        return Some(true);
    }
    Some(match value {
        Value::Unknown(_) => return None,
        Value::None => name == "NoneType",
        Value::Bool(_) => matches!(name, "bool" | "int"),
        Value::Int(_) => name == "int",
        Value::Float(_) => name == "float",
        Value::Str(_) => name == "str",
        Value::Bytes(_) => name == "bytes",
        Value::List(_) => name == "list",
        Value::Tuple(_) => name == "tuple",
        Value::Dict(_) => name == "dict",
        Value::Set(_) => matches!(name, "set" | "frozenset"),
        Value::Object(object) => {
            if let Some(instance) = value.downcast::<super::instance::Instance>() {
                return match &*instance.payload.borrow() {
                    Some(payload) => is_of_type(payload, class),
                    None => Some(false),
                };
            }
            let shown = object.type_name();
            if name == "type" { is_class(value) } else { *shown == *class.shown() }
        }
    })
}

fn is_class(value: &Value) -> bool {
    value.downcast::<Type>().is_some() || value.downcast::<super::class::Class>().is_some()
}

impl Foreign for Type {
    fn type_name(&self) -> Rc<str> {
        "type".into()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn into_any(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, name: &str, _: Span) -> Flow<Option<Value>> {
        Ok(match (self.name, name) {
            (_, "__name__" | "__qualname__") => Some(Value::Str(self.shown())),
            (_, "__module__") => Some(Value::str("builtins")),
            ("dict", "fromkeys") => Some(Native::strict("fromkeys", crate::python::builtins::dict_fromkeys)),
            ("str", "maketrans") => Some(Native::strict("maketrans", crate::python::builtins::str_maketrans)),
            ("bytes", "fromhex") => Some(Native::strict("fromhex", crate::python::builtins::bytes_fromhex)),
            (_, "__new__" | "__init__") => None,
            ("str" | "list" | "dict" | "set" | "int" | "float" | "bytes" | "tuple", _) => {
                Some(Value::object(super::method::UnboundMethod { class: self.name, name: name.into() }))
            }
            _ => None,
        })
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        crate::python::builtins::construct(vm, &self, &args, span)
    }

    fn index(self: Rc<Self>, _: &mut Vm<'_>, _: &Value, _: Span) -> Flow<Value> {
        // `list[int]`
        Ok(Value::Object(self))
    }

    fn binary(
        self: Rc<Self>,
        _: &mut Vm<'_>,
        operator: Operator,
        other: &Value,
        _: bool,
        _: Span,
    ) -> Flow<Option<Value>> {
        Ok(match operator {
            // `str | None` is a type too; nothing asks which.
            Operator::BitOr => Some(Value::Object(self)),
            Operator::Eq | Operator::NotEq => {
                let other = other.downcast::<Type>();
                other.map(|other| Value::Bool(same(&*self, &*other) == (operator == Operator::Eq)))
            }
            _ => None,
        })
    }

    fn text(&self) -> Option<Rc<str>> {
        Some(format!("<class '{}'>", self.shown()).into())
    }
}
