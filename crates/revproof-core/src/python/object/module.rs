//! [`ModuleObject`]: a module of the project, or of the standard library.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use ruff_python_ast::name::Name;

use super::method::any;
use crate::python::journal::Place;
use crate::python::scope::Scope;
use crate::python::value::{Args, Flow, Foreign, Unknown, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// A module of the project.
#[derive(Debug)]
pub(in crate::python) struct ModuleObject {
    pub(in crate::python) name: Rc<str>,
    pub(in crate::python) scope: Rc<Scope>,
    /// Why a name that it lacks may be there all the same: it was not evaluated to its end.
    pub(in crate::python) opaque: RefCell<Option<Rc<Unknown>>>,
}

impl Foreign for ModuleObject {
    fn type_name(&self) -> Rc<str> {
        "module".into()
    }

    any!();

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if let Some(value) = self.scope.get(name) {
            return Ok(Some(value));
        }
        match name {
            "__name__" => return Ok(Some(Value::Str(Rc::clone(&self.name)))),
            "__dict__" => return Ok(Some(vm.unknown("the names of a module are read", span))),
            "__path__" | "__spec__" | "__loader__" => {
                return Ok(Some(vm.unknown("the place of a file is read", span)));
            }
            _ => {}
        }
        let full = format!("{}.{name}", self.name);
        if let Some(module) = crate::python::import::project_module(vm, &full, span) {
            return Ok(Some(module));
        }
        if let Some(Value::Unknown(star)) = self.scope.get("*") {
            return Ok(Some(Value::Unknown(star)));
        }
        if let Some(getter) = self.scope.get("__getattr__") {
            let args = Args { positional: vec![Value::str(name)], ..Args::default() };
            return vm.call(&getter, args, span).map(Some);
        }
        Ok(self.opaque.borrow().as_ref().map(|why| Value::Unknown(Rc::clone(why))))
    }

    fn set_attr(&self, vm: &mut Vm<'_>, name: &str, value: Value, span: Span) -> Flow<()> {
        vm.journal.touch(&Place::Table(Rc::clone(&self.scope.table)));
        self.scope.table.borrow_mut().set(&Name::new(name), value, span);
        Ok(())
    }

    fn text(&self) -> Option<Rc<str>> {
        Some(format!("<module '{}'>", self.name).into())
    }
}

/// A module of the standard library: what it holds is made when it is asked for.
#[derive(Debug)]
pub(in crate::python) struct StandardModule {
    pub(in crate::python) name: &'static str,
    pub(in crate::python) member: fn(&mut Vm<'_>, &str, Span) -> Option<Value>,
    pub(in crate::python) made: RefCell<Vec<(Rc<str>, Value)>>,
}

impl Foreign for StandardModule {
    fn type_name(&self) -> Rc<str> {
        "module".into()
    }

    any!();

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if let Some((_, value)) = self.made.borrow().iter().find(|(made, _)| &**made == name) {
            return Ok(Some(value.clone()));
        }
        let value = match (self.member)(vm, name, span) {
            Some(value) => value,
            None if name == "__name__" => Value::str(self.name),
            // The module has more than is known here.
            None => vm.unknown_code(format!("`{}.{name}` is not simulated", self.name), span),
        };
        self.made.borrow_mut().push((name.into(), value.clone()));
        Ok(Some(value))
    }

    fn set_attr(&self, _: &mut Vm<'_>, name: &str, value: Value, _: Span) -> Flow<()> {
        self.made.borrow_mut().retain(|(made, _)| &**made != name);
        self.made.borrow_mut().push((name.into(), value));
        Ok(())
    }

    fn text(&self) -> Option<Rc<str>> {
        Some(format!("<module '{}'>", self.name).into())
    }
}
