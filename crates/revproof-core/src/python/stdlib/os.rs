//! `os` and `os.path`: paths as text, and nothing of the machine.

use super::{function, lenient};
use crate::python::object::exception;
use crate::python::value::{Args, Flow, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) fn member(vm: &mut Vm<'_>, name: &str, span: Span) -> Option<Value> {
    Some(match name {
        "path" => return super::module("os.path"),
        "environ" => super::environ::environ(vm, span),
        "environb" => vm.unknown("an environment variable is read as bytes", span),
        "getenv" => return lenient("getenv", super::environ::getenv),
        "sep" => Value::str("/"),
        "linesep" => Value::str("\n"),
        "name" => Value::str("posix"),
        "curdir" => Value::str("."),
        "pardir" => Value::str(".."),
        "getcwd" | "getpid" | "cpu_count" | "urandom" | "uname" | "getlogin" => {
            return lenient("getcwd", |vm, _, span| Ok(vm.unknown("the machine is asked", span)));
        }
        "listdir" | "walk" | "scandir" | "stat" => {
            return lenient("listdir", |vm, _, span| Ok(vm.unknown("a folder is read", span)));
        }
        "fspath" => return super::identity("fspath"),
        "error" => return Some(Value::Object(exception::class(vm, "OSError", None))),
        "makedirs" | "mkdir" | "remove" | "unlink" | "rename" | "rmdir" | "chmod" | "putenv" => {
            return lenient("makedirs", |_, _, _| Ok(Value::None));
        }
        _ => return None,
    })
}

pub(super) fn path(_: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    match name {
        "sep" => Some(Value::str("/")),
        "join" => function("join", join),
        "dirname" => function("dirname", |vm, args, span| parts(vm, args, span, |path| split(path).0.to_owned())),
        "basename" => function("basename", |vm, args, span| parts(vm, args, span, |path| split(path).1.to_owned())),
        "normpath" => function("normpath", |vm, args, span| parts(vm, args, span, normal)),
        "split" => function("split", |vm, args, span| {
            let Some(path) = text(args) else { return Ok(vm.unknown("the path is not known", span)) };
            let (folder, name) = split(path);
            Ok(Value::tuple(vec![Value::str(folder), Value::str(name)]))
        }),
        "splitext" => function("splitext", |vm, args, span| {
            let Some(path) = text(args) else { return Ok(vm.unknown("the path is not known", span)) };
            let name = split(path).1;
            let dot = name.rfind('.').filter(|at| *at > 0).map_or(path.len(), |at| path.len() - name.len() + at);
            let (stem, extension) = path.split_at_checked(dot).unwrap_or((path, ""));
            Ok(Value::tuple(vec![Value::str(stem), Value::str(extension)]))
        }),
        "isabs" => function("isabs", |vm, args, span| {
            Ok(match text(args) {
                Some(path) => Value::Bool(path.starts_with('/')),
                None => vm.unknown("the path is not known", span),
            })
        }),
        "abspath" | "realpath" | "expanduser" | "exists" | "isfile" | "isdir" | "getsize" | "relpath" | "getmtime"
        | "expandvars" | "commonpath" | "islink" => {
            lenient("exists", |vm, _, span| Ok(vm.unknown("a file is looked for", span)))
        }
        _ => None,
    }
}

fn text(args: &Args) -> Option<&str> {
    args.positional.first().and_then(Value::as_str)
}

fn parts(vm: &mut Vm<'_>, args: &Args, span: Span, of: fn(&str) -> String) -> Flow<Value> {
    Ok(match text(args) {
        Some(path) => Value::Str(of(path).into()),
        None => vm.unknown("the path is not known", span),
    })
}

fn join(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let mut path = String::new();
    for part in &args.positional {
        let Some(part) = part.as_str() else { return Ok(vm.unknown("the path is not known", span)) };
        if part.starts_with('/') {
            path.clear();
        } else if !path.is_empty() && !path.ends_with('/') {
            path.push('/');
        }
        path.push_str(part);
    }
    Ok(Value::Str(path.into()))
}

fn split(path: &str) -> (&str, &str) {
    match path.rsplit_once('/') {
        Some(("", name)) => ("/", name),
        Some((folder, name)) => (folder, name),
        None => ("", path),
    }
}

fn normal(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (absolute, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}
