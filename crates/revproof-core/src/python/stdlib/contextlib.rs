//! `contextlib`.

use std::any::Any;
use std::rc::Rc;

use super::{identity, lenient};
use crate::python::builtins::required;
use crate::python::object::function::Function;
use crate::python::object::method::{BoundMethod, any};
use crate::python::object::native::Native;
use crate::python::value::{Args, Flow, Foreign, Raised, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) fn member(_: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    match name {
        "contextmanager" | "asynccontextmanager" => lenient("contextmanager", |vm, args, span| {
            let function = required(vm, args, 0, "contextmanager", span)?.clone();
            Ok(BoundMethod::value(Native::lenient("contextmanager", make), function))
        }),
        "suppress" => lenient("suppress", |_, args, _| {
            Ok(Value::object(Simple { entered: Value::None, suppressed: args.positional.clone() }))
        }),
        "nullcontext" | "closing" => lenient("nullcontext", |_, args, _| {
            let entered = args.positional.first().cloned().unwrap_or(Value::None);
            Ok(Value::object(Simple { entered, suppressed: Vec::new() }))
        }),
        "redirect_stdout" | "redirect_stderr" => Some(super::inert::inert(name)),
        "AbstractContextManager" | "ContextDecorator" => identity("ContextDecorator"),
        _ => None,
    }
}

/// A call of a function that `@contextmanager` decorates.
fn make(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let Some((function, rest)) = args.positional.split_first() else { return Ok(Value::None) };
    let given = Args { positional: rest.to_vec(), spans: Vec::new(), ..args.clone() };
    match function.downcast::<Function>().filter(|function| function.code.is_generator) {
        Some(function) => Ok(Value::object(GeneratorManager { function, args: given })),
        None => vm.call(function, given, span),
    }
}

/// A generator function as a context manager: `with` runs its body where it yields.
#[derive(Debug)]
pub(in crate::python) struct GeneratorManager {
    pub(in crate::python) function: Rc<Function>,
    pub(in crate::python) args: Args,
}

impl Foreign for GeneratorManager {
    fn type_name(&self) -> Rc<str> {
        "_GeneratorContextManager".into()
    }

    any!();

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(match name {
            "__enter__" | "__exit__" => Some(vm.unknown_database("a context manager is entered by hand", span)),
            _ => None,
        })
    }

    /// A `with` does not come here; what enters by other ways gets what is yielded first.
    fn enter(self: Rc<Self>, vm: &mut Vm<'_>, span: Span) -> Flow<Value> {
        vm.host.not_evaluated("a context manager is entered by hand".into(), span);
        let yielded = Rc::clone(&self.function).call(vm, self.args.clone(), span)?;
        let items = vm.items_with_rest(&yielded, span)?;
        let first = items.first().cloned().unwrap_or(Value::None);
        Ok(first)
    }
}

/// `suppress`, `nullcontext`, `closing`.
#[derive(Debug)]
struct Simple {
    entered: Value,
    suppressed: Vec<Value>,
}

impl Foreign for Simple {
    fn type_name(&self) -> Rc<str> {
        "context manager".into()
    }

    any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, _: &str, _: Span) -> Flow<Option<Value>> {
        Ok(None)
    }

    fn enter(self: Rc<Self>, _: &mut Vm<'_>, _: Span) -> Flow<Value> {
        Ok(self.entered.clone())
    }

    fn exit(self: Rc<Self>, vm: &mut Vm<'_>, raised: Option<&Raised>, _: Span) -> Flow<bool> {
        let Some(raised) = raised else { return Ok(false) };
        let classes = Value::tuple(self.suppressed.clone());
        Ok(vm.is_instance(&raised.exception, &classes) == Some(true))
    }
}
