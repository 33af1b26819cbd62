//! [`run`]: one direction of one script, evaluated against a host.

use std::rc::Rc;

use super::header::module_name;
use super::silent::Watch;
use super::{Direction, Environment, RunEnd, Script};
use crate::alembic::Modules;
use crate::alembic::library::Alembic;
use crate::op::{Failure, FailureKind, Host};
use crate::python::{Args, Flow, FunctionView, Raised, Scope, Value, Vm};
use crate::source::Span;

/// Evaluates a direction of a script. What it does goes to the host while it runs.
pub fn run(
    script: &Script,
    direction: Direction,
    environment: &Environment,
    host: &mut dyn Host,
    modules: &Modules<'_>,
) -> RunEnd {
    let Some(span) = script.span_of(direction) else { return RunEnd::Missing };
    let empty = match direction {
        Direction::Upgrade => script.empty_upgrade,
        Direction::Downgrade => script.empty_downgrade,
    };
    if empty {
        return RunEnd::Empty;
    }
    let library = Rc::new(Alembic::new(&environment.naming, &environment.x_arguments));
    library.set_loading();
    let mut watch = Watch::new(host);
    let mut vm = Vm::new(&mut watch, vec![library.clone()], modules, environment.step_limit);
    vm.environ = environment.environ.clone();
    let outcome = match vm.run_module(&script.code.module(), Some(&module_name(&script.path))) {
        Ok(scope) => {
            library.set_running(true);
            call(&mut vm, &scope, script, (direction, environment), span)
        }
        Err(raised) => Err(raised),
    };
    drop(vm);
    match outcome {
        Ok(_) if !watch.acted && is_empty_for(environment, script, direction) => RunEnd::Empty,
        Ok(_) => RunEnd::Completed,
        Err(raised) => ended(script, &raised, watch.acted),
    }
}

/// Calls the function, with the name of the database where it takes one.
fn call(
    vm: &mut Vm<'_>,
    scope: &Rc<Scope>,
    script: &Script,
    errand: (Direction, &Environment),
    span: Span,
) -> Flow<Value> {
    let (direction, environment) = errand;
    let name = direction.function();
    let doubt = match (&environment.database, &script.databases) {
        (None, None) => None,
        (None, Some(known)) if known.is_empty() => {
            Some(format!("{name}() takes what env.py hands to it, and what that is is not known"))
        }
        (None, Some(_)) => Some(format!("{name}() takes the name of a database, and which there are is not known")),
        (Some(_), None) => Some(format!(
            "{name}() takes no name of a database, as other scripts of the project do; which databases it is for is not \
             known"
        )),
        (Some(database), Some(known)) => {
            let missing = !database.listed && !known.is_empty() && !known.contains(&database.name);
            missing.then(|| {
                let (function, database) = (direction.function_for(&database.name), database.shown());
                format!("there is no {function}(); whether there was a database {database} by then is not known")
            })
        }
    };
    let plain = script.databases.is_none();
    if let Some(doubt) = &doubt {
        vm.host.not_evaluated(doubt.as_str().into(), span);
        let is_first = environment.database.as_ref().is_some_and(|database| database.first);
        if !(plain && is_first) {
            return Ok(Value::None);
        }
    }
    let database = environment.database.as_ref().filter(|_| !plain);
    let (Some(database), Some(function)) = (database, scope.get(name)) else {
        return vm.call_function(scope, name, span).unwrap_or(Ok(Value::None));
    };
    let positional = vec![Value::str(&database.name)];
    vm.call(&function, Args { positional, ..Args::default() }, span)
}

/// Whether the function for the database of the run holds nothing.
fn is_empty_for(environment: &Environment, script: &Script, direction: Direction) -> bool {
    let Some(database) = &environment.database else { return false };
    let module = script.code.module();
    module.function(&direction.function_for(&database.name)).is_some_and(FunctionView::is_trivial)
}

/// How an exception ends a run.
fn ended(script: &Script, raised: &Raised, acted: bool) -> RunEnd {
    let span = raised.span;
    if raised.is_limit() {
        return RunEnd::LimitReached { span };
    }
    let failure = raised.failure.as_deref().cloned().unwrap_or_else(|| {
        let colon = if raised.message.is_empty() { "" } else { ": " };
        Failure::new(FailureKind::Script, format!("{}{colon}{}", raised.class, raised.message))
    });
    let own = raised.failure.is_none() && span.file == script.file && is_raise(script.code.text(), span);
    if own && !acted {
        let message = if raised.message.is_empty() { raised.class.to_string() } else { raised.message.to_string() };
        return RunEnd::Refused { message: message.into(), class: (&*raised.class).into(), span };
    }
    RunEnd::Raised { failure, class: (&*raised.class).into(), span }
}

/// Whether a place is a `raise` statement, or what one raises.
fn is_raise(text: &str, span: Span) -> bool {
    let here = text.get(span.start as usize..).unwrap_or_default();
    let before = text.get(..span.start as usize).unwrap_or_default();
    here.starts_with("raise") || before.trim_end_matches([' ', '\t', '\\']).ends_with("raise")
}
