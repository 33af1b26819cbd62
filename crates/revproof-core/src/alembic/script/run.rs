//! [`run`]: one direction of one script, evaluated against a host.

use std::rc::Rc;

use super::silent::Watch;
use super::{Direction, Environment, RunEnd, Script};
use crate::alembic::Modules;
use crate::alembic::library::Alembic;
use crate::op::{Failure, FailureKind, Host};
use crate::python::{Args, Flow, Raised, Scope, Value, Vm};
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
    let (name, empty) = match direction {
        Direction::Upgrade => ("upgrade", script.empty_upgrade),
        Direction::Downgrade => ("downgrade", script.empty_downgrade),
    };
    if empty {
        return RunEnd::Empty;
    }
    let library = Rc::new(Alembic::new(&environment.naming, &environment.x_arguments));
    library.set_loading();
    let mut watch = Watch::new(host);
    let mut vm = Vm::new(&mut watch, vec![library.clone()], modules, environment.step_limit);
    let outcome = match vm.run_module(&script.code.module()) {
        Ok(scope) => {
            library.set_running(true);
            call(&mut vm, &scope, name, span)
        }
        Err(raised) => Err(raised),
    };
    drop(vm);
    match outcome {
        Ok(_) => RunEnd::Completed,
        Err(raised) => ended(script, &raised, watch.acted),
    }
}

/// Calls the function; one that takes the name of a database is called for each that the script knows.
fn call(vm: &mut Vm<'_>, scope: &Rc<Scope>, name: &str, span: Span) -> Flow<Value> {
    let Some(function) = scope.get(name) else { return Ok(Value::None) };
    let outcome = vm.call_function(scope, name, span).unwrap_or(Ok(Value::None));
    let wants_name = match &outcome {
        Err(raised) => {
            &*raised.class == "TypeError"
                && raised.message.starts_with(&format!("{name}() missing 1 required positional"))
        }
        Ok(_) => false,
    };
    if !wants_name {
        return outcome;
    }
    let engines = engines(scope, name);
    if engines.is_empty() {
        vm.host.not_evaluated(
            format!("{name}() takes the name of a database, and which there are is not known").into(),
            span,
        );
        return Ok(Value::None);
    }
    let several = engines.len() > 1;
    for engine in engines {
        let args = Args { positional: vec![Value::Str(engine)], ..Args::default() };
        vm.call(&function, args, span).map_err(|raised| if several { doubted(raised) } else { raised })?;
    }
    Ok(Value::None)
}

/// A refusal that may be owed to the simulation: the databases of a script live in one here, and what is in the way in one
/// of them, or missing, may be none of its business in another.
fn doubted(mut raised: Raised) -> Raised {
    if let Some(failure) = &mut raised.failure {
        failure.doubt.get_or_insert_with(|| "the databases of the project are simulated as one".into());
    }
    raised
}

/// The databases for which a script has functions: `upgrade_engine1`, `upgrade_` for the default one, which comes
/// first.
fn engines(scope: &Rc<Scope>, name: &str) -> Vec<Rc<str>> {
    let prefix = format!("{name}_");
    let mut engines: Vec<Rc<str>> =
        scope.names().iter().filter_map(|known| known.strip_prefix(&prefix).map(Into::into)).collect();
    engines.sort_by_key(|engine| !engine.is_empty());
    engines
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
