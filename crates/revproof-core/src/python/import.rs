//! `import`: libraries known by heart, the standard library, the project's own files, and what is none of them.

use std::cell::RefCell;
use std::rc::Rc;

use ruff_python_ast::name::Name;
use ruff_python_ast::{StmtImport, StmtImportFrom};

use super::eval::Frame;
use super::object::module::ModuleObject;
use super::parse::Module;
use super::scope::{Scope, ScopeKind};
use super::stdlib;
use super::value::{Flow, Raised, Unknown, Value};
use super::vm::Vm;
use crate::source::{FileId, Span};

/// Third-party packages that talk to people, not to databases: what is called there does nothing that matters.
const TALKATIVE: [&str; 9] =
    ["click", "tqdm", "rich", "loguru", "structlog", "termcolor", "colorama", "dotenv", "progressbar"];

/// About how many names a script has.
const MODULE_NAMES: usize = 16;

/// The scope of a module that is about to be evaluated.
pub(super) fn module_scope(vm: &mut Vm<'_>, module: &Module, name: Option<&str>) -> Rc<Scope> {
    let file = module.file();
    let scope = Scope::new(ScopeKind::Module, None);
    let own = name.map(Rc::from).or_else(|| vm.loader.name_of(file));
    let span = Span::new(file, 0, 0);
    let path = vm.unknown("the path of the file is read", span);
    let mut table = scope.table.borrow_mut();
    table.reserve(MODULE_NAMES);
    table.set(&Name::new_static("__name__"), Value::Str(own.unwrap_or_else(|| "__migration__".into())), span);
    table.set(&Name::new_static("__file__"), path, span);
    let doc = module.docstring().map_or(Value::None, |(text, _)| Value::str(text));
    table.set(&Name::new_static("__doc__"), doc, span);
    drop(table);
    scope
}

/// `import a.b, c as d`
pub(super) fn import(vm: &mut Vm<'_>, frame: &Frame<'_>, import: &StmtImport) -> Flow<()> {
    for alias in &import.names {
        let span = frame.span(alias);
        let name = alias.name.as_str();
        if let Some(asname) = &alias.asname {
            let value = dotted(vm, name, span)?;
            vm.bind(&frame.scope, &asname.id, value, span);
        } else {
            let top = name.split('.').next().unwrap_or(name);
            let value = module(vm, top, span)?;
            if top != name {
                dotted(vm, name, span)?;
            }
            vm.bind(&frame.scope, &Name::new(top), value, span);
        }
    }
    Ok(())
}

/// `from a.b import c as d`
pub(super) fn import_from(vm: &mut Vm<'_>, frame: &Frame<'_>, from: &StmtImportFrom) -> Flow<()> {
    let span = frame.span(from);
    let written = from.module.as_ref().map_or("", |module| module.as_str());
    let name = if from.level == 0 {
        written.to_owned()
    } else {
        match absolute(vm, frame.file, from.level, written) {
            Some(name) => name,
            None => {
                let why = format!("`{}{written}` is not found", ".".repeat(from.level.min(8) as usize));
                let unknown = vm.unknown_code(why, span);
                return bind_all(vm, frame, from, &unknown);
            }
        }
    };
    if name == "__future__" {
        return Ok(());
    }
    let value = dotted(vm, &name, span)?;
    if let Value::Unknown(_) = value {
        return bind_all(vm, frame, from, &value);
    }
    for alias in &from.names {
        let span = frame.span(alias);
        let member = alias.name.as_str();
        if member == "*" {
            star(vm, frame, &value, span);
            continue;
        }
        let bound = match &value {
            Value::Object(object) => match Rc::clone(object).attr(vm, member, span)? {
                Some(member) => member,
                None => match library_module(vm, &format!("{name}.{member}")) {
                    Some(module) => module,
                    None => {
                        let message = format!("cannot import name '{member}' from '{name}'");
                        return Err(vm.raise("ImportError", &message, span));
                    }
                },
            },
            other => vm.attr(other, member, span)?,
        };
        let asname = alias.asname.as_ref().unwrap_or(&alias.name);
        vm.bind(&frame.scope, &asname.id, bound, span);
    }
    Ok(())
}

fn bind_all(vm: &mut Vm<'_>, frame: &Frame<'_>, from: &StmtImportFrom, value: &Value) -> Flow<()> {
    for alias in &from.names {
        let span = frame.span(alias);
        let name = alias.asname.as_ref().unwrap_or(&alias.name);
        vm.bind(&frame.scope, &name.id, value.clone(), span);
    }
    Ok(())
}

/// `from module import *`
fn star(vm: &mut Vm<'_>, frame: &Frame<'_>, value: &Value, span: Span) {
    if let Some(module) = value.downcast::<ModuleObject>() {
        let exported = match module.scope.get("__all__") {
            Some(Value::List(names)) => Some(names.borrow().clone()),
            Some(Value::Tuple(names)) => Some(names.to_vec()),
            _ => None,
        };
        let entries = module.scope.table.borrow().entries().to_vec();
        for entry in entries {
            let listed = match &exported {
                Some(names) => names.iter().any(|name| name.as_str() == Some(entry.name.as_str())),
                None => !entry.name.starts_with('_'),
            };
            if listed {
                vm.bind(&frame.scope, &entry.name, entry.value.clone(), span);
            }
        }
        if let Some(why) = &*module.opaque.borrow() {
            vm.bind(&frame.scope, &Name::new_static("*"), Value::Unknown(Rc::clone(why)), span);
        }
        return;
    }
    if let Value::Object(object) = value
        && let Ok(Some(names)) = Rc::clone(object).attr(vm, "__all__", span)
        && let Ok(names) = vm.items_with_rest(&names, span)
        && names.iter().all(|name| name.as_str().is_some())
    {
        for name in names {
            if let Some(name) = name.as_str()
                && let Ok(Some(member)) = Rc::clone(object).attr(vm, name, span)
            {
                vm.bind(&frame.scope, &Name::new(name), member, span);
            }
        }
        return;
    }
    let why = match value {
        Value::Unknown(unknown) => Value::Unknown(Rc::clone(unknown)),
        _ => vm.unknown_code("all names of a module are imported", span),
    };
    vm.bind(&frame.scope, &Name::new_static("*"), why, span);
}

/// The absolute name of a relative import.
fn absolute(vm: &Vm<'_>, file: FileId, level: u32, written: &str) -> Option<String> {
    let own = vm.loader.name_of(file)?;
    let mut parts: Vec<&str> = own.split('.').collect();
    if !vm.loader.is_package(&own) {
        parts.pop()?;
    }
    for _ in 1..level {
        parts.pop()?;
    }
    if !written.is_empty() {
        parts.push(written);
    }
    (!parts.is_empty()).then(|| parts.join("."))
}

/// The module `a.b.c`, reached through `a` where no one knows it by its whole name.
fn dotted(vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Value> {
    if !name.contains('.') {
        return module(vm, name, span);
    }
    if let Some(found) = known_module(vm, name, span) {
        return Ok(found);
    }
    let mut value = Value::None;
    let mut path = String::new();
    for (at, part) in name.split('.').enumerate() {
        if at > 0 {
            path.push('.');
        }
        path.push_str(part);
        value = match known_module(vm, &path, span) {
            Some(found) => found,
            None if at == 0 => module(vm, part, span)?,
            None => match &value {
                Value::Unknown(_) => return Ok(value),
                Value::Object(object) => match Rc::clone(object).attr(vm, part, span)? {
                    Some(found) => found,
                    None => {
                        let message = format!("No module named '{path}'");
                        return Err(vm.raise("ModuleNotFoundError", &message, span));
                    }
                },
                _ => return Ok(vm.unknown_code(format!("`{path}` is not found"), span)),
            },
        };
    }
    Ok(value)
}

/// A module by its whole name.
fn module(vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Value> {
    if let Some(found) = known_module(vm, name, span) {
        return Ok(found);
    }
    let top = name.split('.').next().unwrap_or(name);
    let value = if stdlib::is_standard(top) {
        vm.unknown_code(format!("`{top}` is not simulated"), span)
    } else if TALKATIVE.contains(&top) {
        vm.unknown(format!("`{top}` is a third-party package"), span)
    } else {
        vm.unknown_code(format!("`{top}` is a third-party package"), span)
    };
    vm.modules.insert(name.into(), value.clone());
    Ok(value)
}

fn known_module(vm: &mut Vm<'_>, name: &str, span: Span) -> Option<Value> {
    if let Some(module) = vm.modules.get(name) {
        return Some(module.clone());
    }
    let found = library_module(vm, name).or_else(|| stdlib::module(name)).or_else(|| project_module(vm, name, span))?;
    vm.modules.insert(name.into(), found.clone());
    Some(found)
}

fn library_module(vm: &mut Vm<'_>, name: &str) -> Option<Value> {
    let libraries = vm.libraries.clone();
    libraries.iter().find_map(|library| library.module(vm, name))
}

impl Vm<'_> {
    /// The names of a module of the project, with their values; none where there is no such module.
    pub fn project_names(&mut self, module: &str, span: Span) -> Vec<(Rc<str>, Value)> {
        let Some(module) = project_module(self, module, span) else { return Vec::new() };
        let Some(module) = module.downcast::<ModuleObject>() else { return Vec::new() };
        let table = module.scope.table.borrow();
        table.entries().iter().map(|entry| (entry.name.as_str().into(), entry.value.clone())).collect()
    }
}

/// A module of the project, evaluated when it is first asked for. What goes wrong in it makes its names unknown.
pub(super) fn project_module(vm: &mut Vm<'_>, name: &str, span: Span) -> Option<Value> {
    if let Some(module) = vm.modules.get(name) {
        return Some(module.clone());
    }
    let parsed = vm.loader.load(name);
    if parsed.is_none() && !vm.loader.is_package(name) {
        return None;
    }
    let (scope, parsed) = match parsed {
        Some(parsed) => (module_scope(vm, &parsed, Some(name)), Some(parsed)),
        None => (Scope::new(ScopeKind::Module, None), None),
    };
    let object = Rc::new(ModuleObject { name: name.into(), scope: Rc::clone(&scope), opaque: RefCell::default() });
    let value = Value::Object(Rc::clone(&object) as Rc<dyn super::Foreign>);
    // Known before it is evaluated, so that modules may import each other.
    vm.modules.insert(name.into(), value.clone());
    if let Some(parsed) = parsed {
        let not_yet = Unknown::data(format!("`{name}` imports itself in a circle"), span);
        object.opaque.replace(Some(not_yet));
        let base = vm.opened.len();
        vm.host.importing(true);
        let result = vm.on_steps_of_imports(|vm| vm.deeper(8, || span, |vm| vm.execute_module(&parsed, &scope)));
        vm.close_module(base);
        vm.host.importing(false);
        let opaque = result.err().map(|raised| why_opaque(name, &raised, span));
        object.opaque.replace(opaque);
    }
    Some(value)
}

impl Vm<'_> {
    /// Evaluates a module, and what it imports itself, on the steps that imported modules have.
    fn on_steps_of_imports<T>(&mut self, evaluate: impl FnOnce(&mut Self) -> T) -> T {
        if self.importing {
            return evaluate(self);
        }
        let own = std::mem::replace(&mut self.steps, self.import_steps);
        self.importing = true;
        let result = evaluate(self);
        self.importing = false;
        self.import_steps = std::mem::replace(&mut self.steps, own);
        result
    }
}

fn why_opaque(name: &str, raised: &Raised, span: Span) -> Rc<Unknown> {
    let why = if raised.is_limit() {
        format!("`{name}` takes more steps to evaluate than the limit allows")
    } else {
        format!("`{name}` could not be evaluated to its end: {}: {}", raised.class, raised.message)
    };
    Rc::new(Unknown { why: why.into(), span, reach: super::value::Reach::Code, rest: false, partial: None })
}
