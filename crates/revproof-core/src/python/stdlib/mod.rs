//! The standard library by heart, one small file per module. What a module holds beyond that is unknown.

pub(super) mod arbitrary;
mod collections;
mod contextlib;
mod dataclasses;
pub(super) mod datetime;
mod decimal;
mod enums;
mod environ;
mod functools;
mod inert;
mod itertools;
mod json;
mod math;
mod misc;
mod operators;
mod os;
mod re;
pub(super) mod scalar;
mod textwrap;
mod typing;
mod uuid;

use std::cell::RefCell;
use std::rc::Rc;

pub(super) use self::contextlib::GeneratorManager;
pub(super) use self::functools::Partial;
pub(super) use self::typing::is_instance_of_hint;

use super::object::class::{Class, ClassKind};
use super::object::module::StandardModule;
use super::object::native::{Native, Run};
use super::value::{Foreign, Value};
use super::vm::Vm;
use crate::source::Span;

/// What makes a member of a module.
type Member = fn(&mut Vm<'_>, &str, Span) -> Option<Value>;

/// The modules that are known by heart.
const MODULES: [(&str, Member); 45] = [
    ("abc", typing::abc),
    ("base64", misc::encodings),
    ("collections", collections::member),
    ("collections.abc", typing::member),
    ("contextlib", contextlib::member),
    ("copy", misc::copy),
    ("csv", misc::files),
    ("dataclasses", dataclasses::member),
    ("datetime", datetime::member),
    ("decimal", decimal::member),
    ("enum", enums::member),
    ("functools", functools::member),
    ("glob", misc::files),
    ("hashlib", misc::hashes),
    ("hmac", misc::hashes),
    ("html", misc::encodings),
    ("io", misc::files),
    ("itertools", itertools::member),
    ("json", json::member),
    ("locale", misc::environment),
    ("logging", inert::logging),
    ("logging.config", inert::logging),
    ("math", math::member),
    ("operator", operators::member),
    ("os", os::member),
    ("os.path", os::path),
    ("pathlib", misc::files),
    ("platform", misc::environment),
    ("posixpath", os::path),
    ("pprint", inert::talk),
    ("random", misc::chance),
    ("re", re::member),
    ("secrets", misc::chance),
    ("socket", misc::environment),
    ("string", textwrap::string),
    ("sys", misc::sys),
    ("tempfile", misc::files),
    ("textwrap", textwrap::member),
    ("time", misc::time),
    ("traceback", inert::talk),
    ("types", misc::types),
    ("typing", typing::member),
    ("typing_extensions", typing::member),
    ("uuid", uuid::member),
    ("warnings", inert::talk),
];

/// The module of that name, if it is known by heart.
pub(super) fn module(name: &str) -> Option<Value> {
    let (name, member) = MODULES.iter().find(|(known, _)| *known == name)?;
    Some(Value::object(StandardModule { name, member: *member, made: RefCell::default() }))
}

/// Whether the standard library has a top-level module of that name.
pub(super) fn is_standard(name: &str) -> bool {
    const OTHERS: [&str; 52] = [
        "argparse",
        "array",
        "ast",
        "asyncio",
        "atexit",
        "binascii",
        "bisect",
        "builtins",
        "calendar",
        "codecs",
        "concurrent",
        "configparser",
        "cProfile",
        "ctypes",
        "difflib",
        "email",
        "errno",
        "fnmatch",
        "fractions",
        "gc",
        "getpass",
        "gzip",
        "heapq",
        "http",
        "imp",
        "importlib",
        "inspect",
        "ipaddress",
        "keyword",
        "multiprocessing",
        "numbers",
        "pickle",
        "pkgutil",
        "queue",
        "select",
        "shlex",
        "shutil",
        "signal",
        "sqlite3",
        "stat",
        "statistics",
        "struct",
        "subprocess",
        "tarfile",
        "threading",
        "timeit",
        "unicodedata",
        "unittest",
        "urllib",
        "weakref",
        "xml",
        "zoneinfo",
    ];
    OTHERS.contains(&name) || MODULES.iter().any(|(known, _)| *known == name)
}

/// A function of a module.
#[expect(clippy::unnecessary_wraps, reason = "it stands where a member is looked up")]
fn function(name: &'static str, run: Run) -> Option<Value> {
    Some(Native::strict(name, run))
}

/// A function of a module that looks at unknown arguments itself.
#[expect(clippy::unnecessary_wraps, reason = "it stands where a member is looked up")]
fn lenient(name: &'static str, run: Run) -> Option<Value> {
    Some(Native::lenient(name, run))
}

/// A function that gives back its argument: decorators that change nothing that is seen here.
#[expect(clippy::unnecessary_wraps, reason = "it stands where a member is looked up")]
fn identity(name: &'static str) -> Option<Value> {
    Some(Native::lenient(name, |_, args, _| Ok(args.positional.first().cloned().unwrap_or(Value::None))))
}

/// A class of the library, the same each time it is asked for.
fn known_class(
    vm: &mut Vm<'_>,
    full_name: &str,
    bases: impl FnOnce(&mut Vm<'_>) -> Vec<Value>,
    kind: ClassKind,
    fill: impl FnOnce(&Class, Span),
) -> Value {
    if let Some(class) = vm.exceptions.get(full_name) {
        return Value::Object(Rc::clone(class) as Rc<dyn Foreign>);
    }
    let bases = bases(vm);
    let class = Class::new(full_name, bases, kind);
    fill(&class, vm.nowhere());
    vm.exceptions.insert(full_name.into(), Rc::clone(&class));
    Value::Object(class)
}
