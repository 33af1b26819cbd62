//! Dataclasses and named tuples: classes whose fields make their `__init__`.

use std::rc::Rc;

use super::class::{Class, ClassKind};
use super::instance::Instance;
use super::native::Native;
use crate::python::value::{Args, Flow, Foreign, Operator, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// What `dataclasses.field(…)` gives until an instance is made.
#[derive(Debug)]
pub(in crate::python) struct Field {
    pub(in crate::python) default: Option<Value>,
    pub(in crate::python) factory: Option<Value>,
}

impl Foreign for Field {
    fn type_name(&self) -> Rc<str> {
        "Field".into()
    }

    super::method::any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, _: &str, _: Span) -> Flow<Option<Value>> {
        Ok(None)
    }
}

use std::any::Any;

/// The generated `__init__`.
pub(in crate::python) fn initialise(vm: &mut Vm<'_>, instance: &Rc<Instance>, args: &Args, span: Span) -> Flow<()> {
    let class = Rc::clone(&instance.class);
    let fields = class.fields.borrow().clone();
    if args.positional.len() > fields.len() {
        let message = format!(
            "{}.__init__() takes {} positional arguments but {} were given",
            class.name,
            fields.len() + 1,
            args.positional.len() + 1
        );
        return Err(vm.raise("TypeError", &message, span));
    }
    if let Some((name, _)) = args.keyword.iter().find(|(name, _)| !fields.iter().any(|f| f.as_str() == &**name)) {
        let message = format!("{}.__init__() got an unexpected keyword argument '{name}'", class.name);
        return Err(vm.raise("TypeError", &message, span));
    }
    for (at, field) in fields.iter().enumerate() {
        let value = match (args.get(at, field.as_str()), class.find(field.as_str())) {
            (Some(value), _) => value.clone(),
            (None, Some(default)) => match default.downcast::<Field>() {
                Some(field) => match (&field.default, &field.factory) {
                    (Some(default), _) => default.clone(),
                    (None, Some(factory)) => vm.call(factory, Args::default(), span)?,
                    (None, None) => return Err(missing(vm, &class, field_name(&fields, at), span)),
                },
                None => default,
            },
            (None, None) => match &args.open {
                Some(open) => Value::Unknown(Rc::clone(open)),
                None => return Err(missing(vm, &class, field.as_str(), span)),
            },
        };
        instance.set(vm, field.as_str(), value, span);
    }
    if class.find("__post_init__").is_some() {
        let receiver = Value::Object(Rc::clone(instance) as Rc<dyn Foreign>);
        let method = vm.attr(&receiver, "__post_init__", span)?;
        vm.call(&method, Args::default(), span)?;
    }
    Ok(())
}

fn field_name(fields: &[ruff_python_ast::name::Name], at: usize) -> &str {
    fields.get(at).map_or("", |name| name.as_str())
}

fn missing(vm: &mut Vm<'_>, class: &Class, field: &str, span: Span) -> crate::python::Raised {
    let message = format!("{}.__init__() missing 1 required positional argument: '{field}'", class.name);
    vm.raise("TypeError", &message, span)
}

/// `repr(instance)`.
pub(in crate::python) fn text(vm: &mut Vm<'_>, instance: &Instance) -> Option<Rc<str>> {
    let fields = instance.class.fields.borrow().clone();
    let mut shown = Vec::new();
    for field in &fields {
        let value = instance.get(field.as_str())?;
        shown.push(format!("{field}={}", vm.repr(&value)?));
    }
    Some(format!("{}({})", instance.class.name, shown.join(", ")).into())
}

/// The items of a named tuple.
pub(in crate::python) fn tuple_items(instance: &Instance) -> Option<Vec<Value>> {
    if instance.class.kind.get() != ClassKind::NamedTuple {
        return None;
    }
    let fields = instance.class.fields.borrow();
    fields.iter().map(|field| instance.get(field.as_str())).collect()
}

fn field_values(instance: &Instance) -> Vec<Value> {
    let fields = instance.class.fields.borrow();
    fields.iter().filter_map(|field| instance.get(field.as_str())).collect()
}

/// Comparison of the fields.
pub(in crate::python) fn compare(
    vm: &mut Vm<'_>,
    instance: &Rc<Instance>,
    operator: Operator,
    other: &Value,
    span: Span,
) -> Flow<Option<Value>> {
    let kind = instance.class.kind.get();
    if !matches!(kind, ClassKind::Dataclass | ClassKind::NamedTuple) {
        return Ok(None);
    }
    let theirs = match other.downcast::<Instance>() {
        Some(other) if Rc::ptr_eq(&other.class, &instance.class) => field_values(&other),
        _ => match other {
            Value::Tuple(items) if kind == ClassKind::NamedTuple => items.to_vec(),
            _ => return Ok(None),
        },
    };
    let mine = Value::tuple(field_values(instance));
    let theirs = Value::tuple(theirs);
    match operator {
        Operator::Eq | Operator::NotEq | Operator::Lt | Operator::LtE | Operator::Gt | Operator::GtE => {
            vm.compare_values(&mine, operator, &theirs, span).map(Some)
        }
        _ if kind == ClassKind::NamedTuple => vm.binary(&mine, operator, &theirs, span).map(Some),
        _ => Ok(None),
    }
}

/// What a named tuple has besides its fields.
pub(in crate::python) fn instance_attribute(instance: &Rc<Instance>, name: &str) -> Option<Value> {
    if instance.class.kind.get() != ClassKind::NamedTuple {
        return None;
    }
    let method = match name {
        "_asdict" => Native::lenient("_asdict", as_dict),
        "_replace" => Native::lenient("_replace", replace),
        "count" | "index" => {
            return Some(Value::object(super::method::BuiltinMethod {
                receiver: Value::tuple(tuple_items(instance)?),
                name: name.into(),
            }));
        }
        _ => return class_attribute(&instance.class, name),
    };
    Some(super::method::BoundMethod::value(method, Value::Object(Rc::clone(instance) as Rc<dyn Foreign>)))
}

/// `_fields` and `_make` of a named tuple.
pub(in crate::python) fn class_attribute(class: &Rc<Class>, name: &str) -> Option<Value> {
    if class.kind.get() != ClassKind::NamedTuple {
        return None;
    }
    match name {
        "_fields" => Some(Value::tuple(class.fields.borrow().iter().map(|f| Value::str(f.as_str())).collect())),
        "_make" => Some(super::method::BoundMethod::value(
            Native::lenient("_make", |vm, args, span| {
                let [class, items, ..] = args.positional.as_slice() else { return Ok(Value::None) };
                let positional = vm.items_with_rest(items, span)?;
                vm.call(class, Args { positional, ..Args::default() }, span)
            }),
            Value::Object(Rc::clone(class) as Rc<dyn Foreign>),
        )),
        _ => None,
    }
}

/// `dataclasses.asdict(instance)`, `named_tuple._asdict()`.
pub(in crate::python) fn as_dict(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let Some(instance) = args.positional.first().and_then(Value::downcast::<Instance>) else {
        return Err(vm.raise("TypeError", "asdict() should be called on dataclass instances", span));
    };
    let fields = instance.class.fields.borrow().clone();
    let mut entries = Vec::new();
    for field in fields {
        let value = instance.get(field.as_str()).unwrap_or(Value::None);
        let nested = value.downcast::<Instance>().is_some_and(|inner| inner.class.kind.get() == ClassKind::Dataclass);
        let value = if nested {
            let args = Args { positional: vec![value], ..Args::default() };
            vm.deeper(2, || span, |vm| as_dict(vm, &args, span))?
        } else {
            value
        };
        entries.push((Value::str(field.as_str()), value));
    }
    Ok(Value::dict(crate::python::Dict { entries }))
}

/// `dataclasses.replace(instance, …)`, `named_tuple._replace(…)`.
pub(in crate::python) fn replace(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let Some(instance) = args.positional.first().and_then(Value::downcast::<Instance>) else {
        return Err(vm.raise("TypeError", "replace() should be called on dataclass instances", span));
    };
    let new = Instance::bare(&instance.class);
    *new.table.borrow_mut() = instance.table.borrow().clone();
    for (name, value) in &args.keyword {
        new.set(vm, name, value.clone(), span);
    }
    Ok(Value::object(new))
}
