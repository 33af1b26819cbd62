//! `typing`, `collections.abc` and `abc`: hints that can be subscripted and mean nothing at run time.

use std::any::Any;
use std::rc::Rc;

use super::{identity, known_class, lenient};
use crate::python::object::class::ClassKind;
use crate::python::object::method::any;
use crate::python::object::native::Type;
use crate::python::value::{Args, Flow, Foreign, Operator, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// `Union`, `Sequence`, `Any`, …
#[derive(Debug)]
struct Hint {
    name: Rc<str>,
}

pub(super) fn member(vm: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    Some(match name {
        "TYPE_CHECKING" => Value::Bool(false),
        "cast" => return lenient("cast", |_, args, _| Ok(args.positional.get(1).cloned().unwrap_or(Value::None))),
        "NamedTuple" => known_class(vm, "typing.NamedTuple", |_| Vec::new(), ClassKind::NamedTuple, |_, _| {}),
        "TypedDict" => {
            let bases = |vm: &mut Vm<'_>| vm.builtin("dict").into_iter().collect();
            known_class(vm, "typing.TypedDict", bases, ClassKind::Plain, |_, _| {})
        }
        "Generic" | "Protocol" => {
            known_class(vm, &format!("typing.{name}"), |_| Vec::new(), ClassKind::Plain, |_, _| {})
        }
        "overload" | "final" | "runtime_checkable" | "no_type_check" | "override" | "assert_type" | "reveal_type" => {
            return identity("final");
        }
        "get_type_hints" | "get_args" | "get_origin" => {
            return lenient("get_args", |vm, _, span| Ok(vm.unknown("type hints are read", span)));
        }
        _ => Value::object(Hint { name: name.into() }),
    })
}

pub(super) fn abc(vm: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    match name {
        "ABC" => Some(known_class(vm, "abc.ABC", |_| Vec::new(), ClassKind::Plain, |_, _| {})),
        "abstractmethod" | "abstractproperty" => identity("abstractmethod"),
        _ => Some(Value::object(Hint { name: name.into() })),
    }
}

/// `isinstance(value, Mapping)`; the outer `None` where the class is no hint.
#[expect(clippy::option_option, reason = "both absences mean something else")]
pub(in crate::python) fn is_instance_of_hint(value: &Value, class: &Value) -> Option<Option<bool>> {
    let hint = class.downcast::<Hint>()?;
    if let Value::Unknown(_) = value {
        return Some(None);
    }
    let is_object = matches!(value, Value::Object(_));
    let classes: &[&str] = match &*hint.name {
        "Mapping" | "MutableMapping" | "Dict" => &["dict"],
        "Sequence" => &["list", "tuple", "str", "bytes", "range"],
        "MutableSequence" | "List" => &["list"],
        "Tuple" => &["tuple"],
        "Set" | "MutableSet" | "AbstractSet" | "FrozenSet" => &["set", "frozenset"],
        "Iterable" | "Collection" | "Container" | "Sized" => {
            &["list", "tuple", "str", "bytes", "range", "dict", "set", "frozenset"]
        }
        "Text" => &["str"],
        "Hashable" => &["str", "int", "float", "bool", "NoneType", "tuple", "bytes"],
        "Callable" => &["function", "method", "builtin_function_or_method", "type"],
        _ => return Some(None),
    };
    let found = classes
        .iter()
        .any(|name| crate::python::object::native::is_of_type(value, &Type { name, shown: None }) == Some(true));
    Some(if !found && is_object { None } else { Some(found) })
}

impl Foreign for Hint {
    fn type_name(&self) -> Rc<str> {
        "typing hint".into()
    }

    any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, name: &str, _: Span) -> Flow<Option<Value>> {
        Ok(match name {
            "__name__" | "_name" => Some(Value::Str(Rc::clone(&self.name))),
            "args" | "kwargs" => Some(Value::Object(self)),
            _ => None,
        })
    }

    fn call(self: Rc<Self>, _: &mut Vm<'_>, args: Args, _: Span) -> Flow<Value> {
        // `NewType("Id", int)` and `TypeVar("T")`; a new type called gives its argument back.
        Ok(match args.positional.first() {
            Some(name @ Value::Str(_)) if args.positional.len() == 1 && &*self.name != "TypeVar" => name.clone(),
            Some(Value::Str(name)) => Value::object(Hint { name: Rc::clone(name) }),
            Some(other) => other.clone(),
            None => Value::Object(self),
        })
    }

    fn index(self: Rc<Self>, _: &mut Vm<'_>, _: &Value, _: Span) -> Flow<Value> {
        Ok(Value::Object(self))
    }

    fn binary(self: Rc<Self>, _: &mut Vm<'_>, operator: Operator, _: &Value, _: bool, _: Span) -> Flow<Option<Value>> {
        Ok((operator == Operator::BitOr).then(|| Value::Object(self)))
    }

    fn text(&self) -> Option<Rc<str>> {
        Some(format!("typing.{}", self.name).into())
    }
}
