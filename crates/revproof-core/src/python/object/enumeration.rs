//! `enum.Enum` and its kin.

use std::rc::Rc;

use super::class::{Class, ClassKind};
use super::function::Function;
use super::instance::Instance;
use super::method::Wrapped;
use crate::python::value::{Args, Flow, Foreign, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// What `enum.auto()` gives until the class is made.
#[derive(Debug)]
pub(in crate::python) struct Auto;

impl Foreign for Auto {
    fn type_name(&self) -> Rc<str> {
        "auto".into()
    }

    super::method::any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, _: &str, _: Span) -> Flow<Option<Value>> {
        Ok(None)
    }
}

use std::any::Any;

/// The members of an enum class: name and value, aliases left out. `None` where the value is no enum class.
pub fn enum_members(vm: &mut Vm<'_>, class: &Value) -> Option<Vec<(Rc<str>, Value)>> {
    let class = class.downcast::<Class>().filter(|class| class.kind.get() == ClassKind::Enum)?;
    let _ = vm;
    Some(
        distinct(&class)
            .into_iter()
            .filter_map(|member| member.downcast::<Instance>())
            .map(|member| {
                let name = match member.get("_name_") {
                    Some(Value::Str(name)) => name,
                    _ => "".into(),
                };
                (name, member.get("_value_").unwrap_or(Value::None))
            })
            .collect(),
    )
}

/// The enum class that a value is a member of, with the member's name and value.
pub fn enum_member(value: &Value) -> Option<(Rc<str>, Value)> {
    let member = value.downcast::<Instance>().filter(|instance| instance.class.kind.get() == ClassKind::Enum)?;
    match (member.get("_name_"), member.get("_value_")) {
        (Some(Value::Str(name)), Some(value)) => Some((name, value)),
        _ => None,
    }
}

/// Whether a name of the class's body is set apart from the members: `__private`, `__special__` and `_sunder_` ones are.
fn is_no_member(name: &str) -> bool {
    name.starts_with("__") || name.len() > 2 && name.starts_with('_') && name.ends_with('_') && !name.ends_with("__")
}

/// Turns the constants of an enum's body into members.
pub(in crate::python) fn make_members(vm: &mut Vm<'_>, class: &Rc<Class>, span: Span) -> Flow<()> {
    let entries = class.table.borrow().entries().to_vec();
    let is_str = class.builtin == Some("str");
    let is_flag = class.ancestors.iter().any(|class| &*class.name == "Flag" || &*class.name == "IntFlag");
    let mut last = 0_i64;
    for entry in entries {
        let name = entry.name.as_str();
        if is_no_member(name)
            || entry.value.downcast::<Function>().is_some()
            || entry.value.downcast::<Wrapped>().is_some()
        {
            continue;
        }
        let mut value = entry.value.clone();
        if value.downcast::<Auto>().is_some() {
            value = if let Some(next) =
                class.find("_generate_next_value_").filter(|f| f.downcast::<Function>().is_some())
            {
                let count = i64::try_from(class.members.borrow().len()).unwrap_or(0);
                let values = Value::list(distinct(class).iter().filter_map(value_of).collect());
                let args = vec![Value::str(name), Value::Int(1), Value::Int(count), values];
                super::items::call_with(vm, &next, args, span)?
            } else if is_str {
                Value::Str(name.to_lowercase().into())
            } else {
                let next = if is_flag && last > 0 { last.saturating_mul(2) } else { last.saturating_add(1) };
                Value::Int(next)
            };
        }
        if let Value::Int(int) = value {
            last = int;
        }
        let mut alias = None;
        for known in distinct(class) {
            if let Some(other) = value_of(&known)
                && vm.equal(&other, &value, span) == Some(true)
            {
                alias = Some(known);
                break;
            }
        }
        let member = match alias {
            Some(member) => member,
            None => member(vm, class, name, &value, entry.span)?,
        };
        class.table.borrow_mut().remove(name);
        class.members.borrow_mut().push((name.into(), member));
    }
    Ok(())
}

fn member(vm: &mut Vm<'_>, class: &Rc<Class>, name: &str, value: &Value, span: Span) -> Flow<Value> {
    let instance = Rc::new(Instance::bare(class));
    let shared = Value::Object(Rc::clone(&instance) as Rc<dyn Foreign>);
    instance.set(vm, "_name_", Value::str(name), span);
    instance.set(vm, "name", Value::str(name), span);
    instance.set(vm, "_value_", value.clone(), span);
    instance.set(vm, "value", value.clone(), span);
    if class.builtin.is_some() {
        instance.payload.replace(Some(value.clone()));
    }
    if class.find("__init__").is_some() {
        let args = match value {
            Value::Tuple(items) => items.to_vec(),
            other => vec![other.clone()],
        };
        let init = vm.attr(&shared, "__init__", span)?;
        super::items::call_with(vm, &init, args, span)?;
    }
    Ok(shared)
}

fn value_of(member: &Value) -> Option<Value> {
    member.downcast::<Instance>().and_then(|instance| instance.get("_value_"))
}

/// The members, aliases left out.
pub(in crate::python) fn distinct(class: &Class) -> Vec<Value> {
    let members = class.members.borrow();
    let own = members.iter().filter(|(name, member)| {
        let member_name = member.downcast::<Instance>().and_then(|instance| instance.get("_name_"));
        matches!(member_name, Some(Value::Str(own)) if own == *name)
    });
    own.map(|(_, member)| member.clone()).collect()
}

/// `Enum('Color', ['RED', 'GREEN'])`: the names may come with values.
pub(in crate::python) fn functional(vm: &mut Vm<'_>, base: &Rc<Class>, args: &Args, span: Span) -> Flow<Value> {
    let name = args.get(0, "value").and_then(Value::as_str).unwrap_or("Enum").to_owned();
    let names = match args.get(1, "names") {
        Some(Value::Str(text)) => text.replace(',', " ").split_whitespace().map(Value::str).collect(),
        Some(Value::Dict(dict)) => {
            let dict = dict.borrow();
            dict.entries.iter().map(|(key, value)| Value::tuple(vec![key.clone(), value.clone()])).collect()
        }
        Some(other) => vm.items_with_rest(other, span)?,
        None => Vec::new(),
    };
    let class = Class::new(&name, vec![Value::Object(Rc::clone(base) as Rc<dyn Foreign>)], ClassKind::Enum);
    for item in names {
        match &item {
            Value::Str(name) => class.set(name, Value::object(Auto), span),
            Value::Tuple(pair) => {
                if let [Value::Str(name), value] = &**pair {
                    class.set(name, value.clone(), span);
                }
            }
            unknown => return Ok(Value::Unknown(vm.why(unknown, span))),
        }
    }
    make_members(vm, &class, span)?;
    Ok(Value::Object(class))
}

/// `Color('red')`.
pub(in crate::python) fn by_value(vm: &mut Vm<'_>, class: &Rc<Class>, args: &Args, span: Span) -> Flow<Value> {
    let Some(wanted) = args.positional.first() else {
        return Err(vm.raise("TypeError", "an enum needs a value", span));
    };
    if let Value::Unknown(_) = wanted {
        return Ok(wanted.clone());
    }
    for member in distinct(class) {
        if crate::python::join::same(&member, wanted) {
            return Ok(member);
        }
        if let Some(value) = value_of(&member)
            && vm.equal(&value, wanted, span) == Some(true)
        {
            return Ok(member);
        }
    }
    if let Some(missing) = class.find("_missing_") {
        let class_value = Value::Object(Rc::clone(class) as Rc<dyn Foreign>);
        let missing = super::class::bind(vm, missing, &class_value, class, span)?;
        let found = super::items::call_with(vm, &missing, vec![wanted.clone()], span)?;
        if !matches!(found, Value::None) {
            return Ok(found);
        }
    }
    let shown = vm.repr(wanted).unwrap_or_default();
    Err(vm.raise("ValueError", &format!("{shown} is not a valid {}", class.name), span))
}

/// `Color['RED']`.
pub(in crate::python) fn by_name(vm: &mut Vm<'_>, class: &Rc<Class>, key: &Value, span: Span) -> Flow<Value> {
    if let Value::Unknown(_) = key {
        return Ok(key.clone());
    }
    let found = match key {
        Value::Str(key) => {
            class.members.borrow().iter().find(|(name, _)| name == key).map(|(_, member)| member.clone())
        }
        _ => None,
    };
    match found {
        Some(member) => Ok(member),
        None => Err(crate::python::object::exception::key_error(vm, key, span)),
    }
}

/// `str(member)` and `repr(member)`.
pub(in crate::python) fn text(vm: &mut Vm<'_>, member: &Instance, repr: bool) -> Option<Rc<str>> {
    let (Some(Value::Str(name)), Some(value)) = (member.get("_name_"), member.get("_value_")) else { return None };
    if repr {
        let value = vm.repr(&value)?;
        return Some(format!("<{}.{name}: {value}>", member.class.name).into());
    }
    // `IntEnum` and `StrEnum` show their value, an enum mixed with a type by hand its name.
    if member.class.ancestors.iter().any(|class| matches!(&*class.name, "IntEnum" | "StrEnum" | "IntFlag")) {
        return vm.text(&value);
    }
    Some(format!("{}.{name}", member.class.name).into())
}
