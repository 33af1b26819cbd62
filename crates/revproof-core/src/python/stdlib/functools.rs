//! `functools`.

use std::any::Any;
use std::rc::Rc;

use super::{identity, lenient};
use crate::python::builtins::required;
use crate::python::object::items::call_with;
use crate::python::object::method::{BoundMethod, any};
use crate::python::object::native::Native;
use crate::python::value::{Args, Flow, Foreign, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) fn member(vm: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    match name {
        "partial" | "partialmethod" => lenient("partial", |vm, args, span| {
            let function = required(vm, args, 0, "partial", span)?.clone();
            let given = Args { positional: args.positional.iter().skip(1).cloned().collect(), ..args.clone() };
            Ok(Value::object(Partial { function, given: Args { spans: Vec::new(), ..given } }))
        }),
        "reduce" => lenient("reduce", reduce),
        "wraps" | "update_wrapper" => lenient("wraps", |vm, args, span| {
            let wrapped = required(vm, args, 0, "wraps", span)?.clone();
            Ok(BoundMethod::value(Native::lenient("wraps", wrap), wrapped))
        }),
        "lru_cache" | "cache" => lenient("lru_cache", |_, args, _| {
            Ok(match args.positional.first() {
                Some(function @ Value::Object(_)) => function.clone(),
                // `@lru_cache(maxsize=None)`
                _ => Native::lenient("cache", |_, args, _| Ok(args.positional.first().cloned().unwrap_or(Value::None))),
            })
        }),
        "cached_property" => vm.builtin("property"),
        "total_ordering" | "singledispatch" => identity("total_ordering"),
        _ => None,
    }
}

fn wrap(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let [original, wrapper, ..] = args.positional.as_slice() else { return Ok(Value::None) };
    for name in ["__name__", "__doc__"] {
        if let (Ok(value), Value::Object(object)) = (vm.attr(original, name, span), wrapper) {
            // A wrapper that takes no attributes keeps its own name.
            let _ = Rc::clone(object).set_attr(vm, name, value, span);
        }
    }
    Ok(wrapper.clone())
}

fn reduce(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (function, iterable) = (required(vm, args, 0, "reduce", span)?, required(vm, args, 1, "reduce", span)?);
    let mut items = vm.items_with_rest(iterable, span)?.into_iter();
    let Some(mut total) = args.positional.get(2).cloned().or_else(|| items.next()) else {
        return Err(vm.raise("TypeError", "reduce() of empty iterable with no initial value", span));
    };
    for item in items {
        vm.charge(1, || span)?;
        if crate::python::join::is_rest(&item) {
            return Ok(Value::Unknown(vm.why(&item, span)));
        }
        total = call_with(vm, function, vec![total, item], span)?;
    }
    Ok(total)
}

/// `functools.partial(function, …)`
#[derive(Debug)]
pub(in crate::python) struct Partial {
    function: Value,
    given: Args,
}

impl Partial {
    /// The values that it keeps alive.
    pub(in crate::python) fn held(&self) -> Vec<Value> {
        let keyword = self.given.keyword.iter().map(|(_, value)| value);
        std::iter::once(&self.function).chain(&self.given.positional).chain(keyword).cloned().collect()
    }
}

impl Foreign for Partial {
    fn type_name(&self) -> Rc<str> {
        "partial".into()
    }

    any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, name: &str, _: Span) -> Flow<Option<Value>> {
        Ok(match name {
            "func" => Some(self.function.clone()),
            "args" => Some(Value::tuple(self.given.positional.clone())),
            _ => None,
        })
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        let mut all = self.given.clone();
        all.positional.extend(args.positional);
        for (name, value) in args.keyword {
            all.keyword.retain(|(known, _)| *known != name);
            all.keyword.push((name, value));
        }
        all.open = all.open.or(args.open);
        vm.call(&self.function, all, span)
    }

    fn reaches_database(&self) -> bool {
        matches!(&self.function, Value::Object(function) if function.reaches_database())
    }
}
