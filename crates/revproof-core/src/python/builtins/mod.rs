//! The builtin functions and types.

mod construct;
mod functions;
mod iteration;

use std::rc::Rc;

pub(super) use self::construct::{bytes_fromhex, construct, dict_fromkeys, str_maketrans};
pub(crate) use self::functions::hybrid_property;
pub(super) use self::functions::{copy, length};
pub(super) use self::iteration::{iter, next, sort};

use super::object::exception;
use super::object::native::{Native, Run, Type};
use super::value::{Args, Foreign, Value};
use super::vm::Vm;
use crate::source::Span;

/// A builtin of that name.
type Entry = (&'static str, Run, bool);

/// The functions, and whether an unknown argument makes their result unknown.
const FUNCTIONS: [Entry; 44] = [
    ("len", functions::len, true),
    ("print", functions::print, false),
    ("repr", functions::repr, true),
    ("ascii", functions::ascii, true),
    ("isinstance", functions::isinstance, false),
    ("issubclass", functions::issubclass, true),
    ("getattr", functions::getattr, false),
    ("setattr", functions::setattr, false),
    ("hasattr", functions::hasattr, true),
    ("delattr", functions::delattr, false),
    ("callable", functions::callable, true),
    ("abs", functions::abs, true),
    ("round", functions::round, true),
    ("ord", functions::ord, true),
    ("chr", functions::chr, true),
    ("divmod", functions::divmod, true),
    ("pow", functions::pow, true),
    ("hex", functions::hex, true),
    ("oct", functions::oct, true),
    ("bin", functions::bin, true),
    ("format", functions::format, true),
    ("id", functions::id, false),
    ("hash", functions::id, false),
    ("vars", functions::vars, true),
    ("dir", functions::dir, true),
    ("open", functions::open, false),
    ("input", functions::input, false),
    ("eval", functions::eval, false),
    ("exec", functions::eval, false),
    ("compile", functions::eval, false),
    ("__import__", functions::eval, false),
    ("globals", functions::eval, false),
    ("locals", functions::eval, false),
    ("enumerate", iteration::enumerate, false),
    ("zip", iteration::zip, false),
    ("map", iteration::map, false),
    ("filter", iteration::filter, false),
    ("sorted", iteration::sorted, false),
    ("reversed", iteration::reversed, false),
    ("sum", iteration::sum, false),
    ("min", iteration::min, false),
    ("max", iteration::max, false),
    ("any", iteration::any, false),
    ("all", iteration::all, false),
];

/// The types that can be called by name.
const TYPES: [&str; 16] = [
    "object",
    "type",
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
    "range",
    "slice",
    "complex",
];

/// The names of all builtins, for who asks whether a name is bound.
pub(super) fn is_builtin(name: &str) -> bool {
    const OTHERS: [&str; 22] = [
        "None",
        "True",
        "False",
        "Ellipsis",
        "NotImplemented",
        "__name__",
        "__file__",
        "__doc__",
        "__builtins__",
        "__debug__",
        "__spec__",
        "__package__",
        "super",
        "property",
        "staticmethod",
        "classmethod",
        "memoryview",
        "breakpoint",
        "exit",
        "quit",
        "help",
        "iter",
    ];
    FUNCTIONS.iter().any(|(known, _, _)| *known == name)
        || TYPES.contains(&name)
        || OTHERS.contains(&name)
        || exception::is_builtin(name)
        || matches!(name, "next" | "aiter" | "anext" | "copyright" | "credits" | "license" | "reveal_type")
}

impl Vm<'_> {
    /// The builtin of that name, always the same object.
    pub(super) fn builtin(&mut self, name: &str) -> Option<Value> {
        if let Some(value) = self.builtins.get(name) {
            return Some(value.clone());
        }
        let (name, value) = if let Some((name, run, strict)) = FUNCTIONS.iter().find(|(known, _, _)| *known == name) {
            (*name, if *strict { Native::strict(name, *run) } else { Native::lenient(name, *run) })
        } else if let Some(name) = super::object::native::type_named(name) {
            (name, Value::object(Type { name, shown: None }))
        } else {
            match name {
                "iter" => ("iter", Native::lenient("iter", iter)),
                "next" => ("next", Native::lenient("next", next)),
                "property" => ("property", Native::lenient("property", functions::property)),
                "staticmethod" => ("staticmethod", Native::lenient("staticmethod", functions::staticmethod)),
                "classmethod" => ("classmethod", Native::lenient("classmethod", functions::classmethod)),
                "super" => ("super", Native::lenient("super", functions::superclass)),
                "Ellipsis" => ("Ellipsis", Value::object(Constant { name: "Ellipsis" })),
                "NotImplemented" => ("NotImplemented", Value::object(Constant { name: "NotImplemented" })),
                "__debug__" => ("__debug__", Value::Bool(true)),
                "exit" | "quit" => ("exit", Native::lenient("exit", functions::exit)),
                "breakpoint" | "help" => ("help", Native::lenient("help", |_, _, _| Ok(Value::None))),
                _ if exception::is_builtin(name) => {
                    return Some(Value::Object(exception::class(self, name, None) as Rc<dyn Foreign>));
                }
                _ => return None,
            }
        };
        self.builtins.insert(name, value.clone());
        Some(value)
    }
}

/// `...` and `NotImplemented`.
#[derive(Debug)]
struct Constant {
    name: &'static str,
}

impl Foreign for Constant {
    fn type_name(&self) -> Rc<str> {
        if self.name == "Ellipsis" { "ellipsis" } else { "NotImplementedType" }.into()
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }

    fn into_any(self: Rc<Self>) -> Rc<dyn std::any::Any> {
        self
    }

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, _: &str, _: Span) -> super::Flow<Option<Value>> {
        Ok(None)
    }

    fn text(&self) -> Option<Rc<str>> {
        Some(self.name.into())
    }
}

/// The argument at `position`, or the error that it is missing.
pub(super) fn required<'a>(
    vm: &mut Vm<'_>,
    args: &'a Args,
    position: usize,
    function: &str,
    span: Span,
) -> super::Flow<&'a Value> {
    match args.positional.get(position) {
        Some(value) => Ok(value),
        None => {
            let message = format!("{function}() missing required argument (pos {})", position + 1);
            Err(vm.raise("TypeError", &message, span))
        }
    }
}
