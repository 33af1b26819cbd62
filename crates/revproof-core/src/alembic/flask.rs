//! `flask.current_app` and its `config`, as far as a project says in plain words what is in it.

use std::cell::RefCell;
use std::rc::Rc;

use super::object;
use super::objects::Method;
use crate::python::{Args, Dict, Flow, Foreign, Value, Vm};
use crate::source::Span;

/// Where Flask projects keep the classes that `app.config.from_object` takes.
const PLACES: [&str; 6] = ["app.config", "config", "app.settings", "settings", "src.config", "project.config"];

/// A name of the module `flask`.
pub(in crate::alembic) fn attribute(vm: &mut Vm<'_>, name: &str, span: Span) -> Value {
    match name {
        "current_app" => Value::object(CurrentApp),
        _ => vm.unknown_code("`flask` is a third-party package", span),
    }
}

/// `flask.current_app`
#[derive(Debug)]
struct CurrentApp;

/// `current_app.config`
#[derive(Debug)]
struct AppConfig;

impl Foreign for CurrentApp {
    object!("Flask");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "config" => Value::object(AppConfig),
            "logger" => vm.unknown("the logger of the application is used", span),
            _ => vm.unknown_code(format!("`current_app.{name}` is of the running application"), span),
        }))
    }
}

impl Foreign for AppConfig {
    object!("Config");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "get" => Method::value(&self, get),
            _ => vm.unknown("the application's configuration is read", span),
        }))
    }

    fn index(self: Rc<Self>, vm: &mut Vm<'_>, key: &Value, span: Span) -> Flow<Value> {
        Ok(setting(vm, key, span))
    }

    fn set_index(&self, vm: &mut Vm<'_>, _: &Value, _: Value, span: Span) -> Flow<()> {
        vm.host.not_evaluated("the application's configuration is changed".into(), span);
        Ok(())
    }

    fn contains(self: Rc<Self>, vm: &mut Vm<'_>, _: &Value, span: Span) -> Flow<Option<Value>> {
        Ok(Some(vm.unknown("the application's configuration is read", span)))
    }
}

fn get(_: &Rc<AppConfig>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let key = args.positional.first().cloned().unwrap_or(Value::None);
    Ok(setting(vm, &key, span))
}

/// A setting that every class of the project's configuration that has it gives the same plain value. Where they
/// differ, it depends on where the application runs.
fn setting(vm: &mut Vm<'_>, key: &Value, span: Span) -> Value {
    let Some(key) = key.as_str() else { return vm.unknown("the application's configuration is read", span) };
    for place in PLACES {
        let mut found: Option<Value> = None;
        for (name, value) in vm.project_names(place, span) {
            let given = match value {
                value if &*name == key => value,
                Value::Object(object) if &*object.type_name() == "type" => match object.attr(vm, key, span) {
                    Ok(Some(value)) => value,
                    _ => continue,
                },
                _ => continue,
            };
            match &found {
                None => found = Some(given),
                Some(known) if same(known, &given) => {}
                Some(Value::Dict(known)) if same_keys(known, &given) => {
                    // Which keys there are is known, if not what stands under them: `SQLALCHEMY_BINDS`.
                    let unknown = vm.unknown(format!("the setting {key} is not the same in every configuration"), span);
                    let entries =
                        known.borrow().entries.iter().map(|(key, _)| (key.clone(), unknown.clone())).collect();
                    found = Some(Value::Dict(Rc::new(RefCell::new(Dict { entries }))));
                }
                Some(_) => {
                    return vm.unknown(format!("the setting {key} is not the same in every configuration"), span);
                }
            }
        }
        match found {
            Some(value @ (Value::Str(_) | Value::Int(_) | Value::Bool(_) | Value::Dict(_))) => return value,
            Some(_) => break,
            None => {}
        }
    }
    let why = format!(
        "the setting {key} of the application is not known, as no class of config.py, app/config.py or settings.py says \
         it as a plain value (`{key} = …`)"
    );
    vm.unknown(why, span)
}

/// Whether a value is a dict with these keys, all of them texts.
fn same_keys(known: &RefCell<Dict>, value: &Value) -> bool {
    let Value::Dict(other) = value else { return false };
    let keys = |dict: &RefCell<Dict>| -> Option<Vec<Rc<str>>> {
        dict.borrow().entries.iter().map(|(key, _)| key.as_str().map(Rc::from)).collect()
    };
    keys(known).is_some_and(|known| keys(other).is_some_and(|other| known == other))
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        _ => false,
    }
}
