//! Exceptions: the classes by heart, instances, and what is on its way up.

use std::rc::Rc;

use ruff_python_ast::name::Name;

use super::class::{Class, ClassKind};
use super::instance::Instance;
use crate::op::{Failure, FailureKind};
use crate::python::value::{Args, Flow, Foreign, Raised, Value};
use crate::python::vm::Vm;
use crate::schema::Dialect;
use crate::source::Span;

/// The built-in exception classes and their bases.
const CLASSES: [(&str, &str); 60] = [
    ("BaseException", ""),
    ("Exception", "BaseException"),
    ("SystemExit", "BaseException"),
    ("KeyboardInterrupt", "BaseException"),
    ("GeneratorExit", "BaseException"),
    ("ArithmeticError", "Exception"),
    ("ZeroDivisionError", "ArithmeticError"),
    ("OverflowError", "ArithmeticError"),
    ("FloatingPointError", "ArithmeticError"),
    ("AssertionError", "Exception"),
    ("AttributeError", "Exception"),
    ("BufferError", "Exception"),
    ("EOFError", "Exception"),
    ("ImportError", "Exception"),
    ("ModuleNotFoundError", "ImportError"),
    ("LookupError", "Exception"),
    ("IndexError", "LookupError"),
    ("KeyError", "LookupError"),
    ("MemoryError", "Exception"),
    ("NameError", "Exception"),
    ("UnboundLocalError", "NameError"),
    ("OSError", "Exception"),
    ("FileNotFoundError", "OSError"),
    ("FileExistsError", "OSError"),
    ("PermissionError", "OSError"),
    ("ConnectionError", "OSError"),
    ("TimeoutError", "OSError"),
    ("NotADirectoryError", "OSError"),
    ("IsADirectoryError", "OSError"),
    ("ReferenceError", "Exception"),
    ("RuntimeError", "Exception"),
    ("NotImplementedError", "RuntimeError"),
    ("RecursionError", "RuntimeError"),
    ("StopIteration", "Exception"),
    ("StopAsyncIteration", "Exception"),
    ("SyntaxError", "Exception"),
    ("IndentationError", "SyntaxError"),
    ("SystemError", "Exception"),
    ("TypeError", "Exception"),
    ("ValueError", "Exception"),
    ("UnicodeError", "ValueError"),
    ("UnicodeDecodeError", "UnicodeError"),
    ("UnicodeEncodeError", "UnicodeError"),
    ("Warning", "Exception"),
    ("UserWarning", "Warning"),
    ("DeprecationWarning", "Warning"),
    ("PendingDeprecationWarning", "Warning"),
    ("RuntimeWarning", "Warning"),
    ("FutureWarning", "Warning"),
    ("SyntaxWarning", "Warning"),
    ("ImportWarning", "Warning"),
    ("ResourceWarning", "Warning"),
    ("BytesWarning", "Warning"),
    ("json.JSONDecodeError", "ValueError"),
    ("decimal.DecimalException", "ArithmeticError"),
    ("decimal.InvalidOperation", "decimal.DecimalException"),
    ("dataclasses.FrozenInstanceError", "AttributeError"),
    ("ExceptionGroup", "Exception"),
    ("BaseExceptionGroup", "BaseException"),
    ("EncodingWarning", "Warning"),
];

/// The exceptions in which SQLAlchemy wraps a refusal of the database. A [`crate::python::Library`] may know more.
const DATABASE_CLASSES: [(&str, &str); 9] = [
    ("sqlalchemy.exc.SQLAlchemyError", "Exception"),
    ("sqlalchemy.exc.StatementError", "sqlalchemy.exc.SQLAlchemyError"),
    ("sqlalchemy.exc.DBAPIError", "sqlalchemy.exc.StatementError"),
    ("sqlalchemy.exc.DatabaseError", "sqlalchemy.exc.DBAPIError"),
    ("sqlalchemy.exc.OperationalError", "sqlalchemy.exc.DatabaseError"),
    ("sqlalchemy.exc.ProgrammingError", "sqlalchemy.exc.DatabaseError"),
    ("sqlalchemy.exc.IntegrityError", "sqlalchemy.exc.DatabaseError"),
    ("sqlalchemy.exc.DataError", "sqlalchemy.exc.DatabaseError"),
    ("sqlalchemy.exc.InternalError", "sqlalchemy.exc.DatabaseError"),
];

/// Whether a built-in exception class has that name.
pub(in crate::python) fn is_builtin(name: &str) -> bool {
    !name.contains('.') && (CLASSES.iter().any(|(class, _)| *class == name) || alias(name) != name)
}

/// Old names of `OSError`.
fn alias(name: &str) -> &str {
    match name {
        "IOError" | "EnvironmentError" => "OSError",
        other => other,
    }
}

/// The exception class of that name, made where there is none yet: by `base`, by what is known by heart, by what a
/// library says, else as a plain `Exception`.
pub(in crate::python) fn class(vm: &mut Vm<'_>, name: &str, base: Option<&str>) -> Rc<Class> {
    class_within(vm, name, base, 0)
}

fn class_within(vm: &mut Vm<'_>, name: &str, base: Option<&str>, depth: u32) -> Rc<Class> {
    let name = alias(name);
    if let Some(class) = vm.exceptions.get(name) {
        return Rc::clone(class);
    }
    let known = CLASSES.iter().find(|(class, _)| *class == name).map(|(_, base)| *base);
    let base = base
        .or(known)
        .or_else(|| vm.libraries.iter().find_map(|library| library.exception_base(name)))
        .or_else(|| DATABASE_CLASSES.iter().find(|(class, _)| *class == name).map(|(_, base)| *base))
        .unwrap_or("Exception");
    let bases = if base.is_empty() || base == name || depth > 20 {
        Vec::new()
    } else {
        vec![Value::Object(class_within(vm, base, None, depth + 1))]
    };
    let class = Class::new(name, bases, ClassKind::Exception);
    vm.exceptions.insert(name.into(), Rc::clone(&class));
    class
}

/// An exception on its way up.
pub(in crate::python) fn raise(vm: &mut Vm<'_>, name: &str, message: &str, span: Span) -> Raised {
    let class = class(vm, name, None);
    let instance = Rc::new(Instance::bare(&class));
    let text: Rc<str> = message.into();
    set_args(&instance, &[Value::Str(Rc::clone(&text))], span);
    Raised {
        exception: Value::Object(instance),
        class: Rc::clone(&class.full_name),
        message: text,
        span,
        failure: None,
    }
}

/// `KeyError(key)` on its way up.
pub(in crate::python) fn key_error(vm: &mut Vm<'_>, key: &Value, span: Span) -> Raised {
    let class = class(vm, "KeyError", None);
    let instance = Rc::new(Instance::bare(&class));
    set_args(&instance, std::slice::from_ref(key), span);
    let message = vm.repr(key).unwrap_or_default();
    Raised { exception: Value::Object(instance), class: Rc::clone(&class.full_name), message, span, failure: None }
}

/// `raise value`.
pub(in crate::python) fn raised(vm: &mut Vm<'_>, value: Value, span: Span) -> Raised {
    let Some(instance) = value.downcast::<Instance>().filter(|instance| instance.class.is_exception()) else {
        if let Value::Object(object) = &value
            && value.downcast::<Instance>().is_none_or(|instance| instance.class.unknown_base.is_some())
        {
            // An exception of a library, or of a class that is not known.
            let class = object.type_name();
            let message = vm.text(&value).unwrap_or_default();
            return Raised { exception: value, class, message, span, failure: None };
        }
        return raise(vm, "TypeError", "exceptions must derive from BaseException", span);
    };
    let message = vm.text(&value).unwrap_or_default();
    let class = Rc::clone(&instance.class.full_name);
    Raised { exception: value, class, message, span, failure: None }
}

/// Remembers what an exception was made with. A new exception is no part of what was before a condition.
pub(in crate::python) fn set_args(instance: &Instance, args: &[Value], span: Span) {
    instance.table.borrow_mut().set(&Name::new_static("args"), Value::tuple(args.to_vec()), span);
}

/// `Exception.__init__(self, …)`.
pub(in crate::python) fn init(_: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    if let Some((receiver, rest)) = args.positional.split_first()
        && let Some(instance) = receiver.downcast::<Instance>()
    {
        set_args(&instance, rest, span);
    }
    Ok(Value::None)
}

/// What every exception has besides its own attributes.
pub(in crate::python) fn attribute(instance: &Rc<Instance>, name: &str) -> Option<Value> {
    if !instance.class.is_exception() {
        return None;
    }
    match name {
        "__cause__" | "__context__" | "__traceback__" | "orig" | "statement" | "params" => Some(Value::None),
        "with_traceback" | "add_note" => Some(super::method::BoundMethod::value(
            super::native::Native::lenient("with_traceback", |_, args, _| {
                Ok(args.positional.first().cloned().unwrap_or(Value::None))
            }),
            Value::Object(Rc::clone(instance) as Rc<dyn Foreign>),
        )),
        "code" => match instance.get("args") {
            Some(Value::Tuple(args)) => Some(args.first().cloned().unwrap_or(Value::None)),
            _ => None,
        },
        _ => None,
    }
}

/// `str(exception)` and `repr(exception)`.
pub(in crate::python) fn text(vm: &mut Vm<'_>, instance: &Instance, repr: bool) -> Option<Rc<str>> {
    let args = match instance.get("args") {
        Some(Value::Tuple(args)) => args,
        Some(_) => return None,
        None => Rc::from([]),
    };
    if repr {
        let shown: Option<Vec<_>> = args.iter().map(|arg| vm.repr(arg)).collect();
        return Some(format!("{}({})", instance.class.name, shown?.join(", ")).into());
    }
    match &*args {
        [] => Some("".into()),
        [one] if &*instance.class.name == "KeyError" => vm.repr(one),
        [one] => vm.text(one),
        _ => vm.repr(&Value::Tuple(Rc::clone(&args))),
    }
}

/// The class in which SQLAlchemy raises a refusal of that database.
pub(in crate::python) fn class_of_failure(failure: &Failure, dialect: Dialect) -> &'static str {
    match failure.kind {
        FailureKind::NotNullViolation
        | FailureKind::UniqueViolation
        | FailureKind::ForeignKeyViolation
        | FailureKind::CheckViolation => "sqlalchemy.exc.IntegrityError",
        FailureKind::InvalidValue => "sqlalchemy.exc.DataError",
        FailureKind::InFailedTransaction | FailureKind::InTransactionBlock => "sqlalchemy.exc.InternalError",
        FailureKind::Unsupported => "NotImplementedError",
        FailureKind::Script => "RuntimeError",
        FailureKind::DependentObjects if dialect == Dialect::PostgreSql => "sqlalchemy.exc.InternalError",
        FailureKind::UndefinedObject
        | FailureKind::DuplicateObject
        | FailureKind::DependentObjects
        | FailureKind::InvalidStatement
        | FailureKind::DatatypeMismatch => match dialect {
            Dialect::PostgreSql => "sqlalchemy.exc.ProgrammingError",
            _ => "sqlalchemy.exc.OperationalError",
        },
    }
}
