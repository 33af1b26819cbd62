//! [`EnvironmentContext`]: the module `alembic.context`, through which scripts and `env.py` learn how the command was
//! called.

use std::cell::RefCell;
use std::rc::Rc;

use super::directives::{OpContext, migration_context};
use super::objects::{Function, Inert, Method};
use super::{core, object};
use crate::python::{Args, Dict, Flow, Foreign, Value, Vm};
use crate::source::Span;

/// `alembic.context`, which is `op.get_context().environment_context` too.
#[derive(Debug)]
pub(in crate::alembic) struct EnvironmentContext {
    context: Rc<OpContext>,
}

impl EnvironmentContext {
    /// As a value.
    pub(in crate::alembic) fn value(context: &Rc<OpContext>) -> Value {
        Value::object(Self { context: context.clone() })
    }
}

impl Foreign for EnvironmentContext {
    object!("EnvironmentContext");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "__name__" => Value::str("alembic.context"),
            "is_offline_mode" => Function::value(|vm, _, _| Ok(Value::Bool(vm.host.offline().is_some()))),
            "is_transactional_ddl" => {
                Function::value(|vm, _, _| Ok(Value::Bool(vm.host.catalog().dialect.transactional_ddl())))
            }
            "get_x_argument" => Method::value(&self.context, get_x_argument),
            "get_context" => Method::value(&self.context, |context, _, _, _| Ok(migration_context(context))),
            "get_bind" => Function::value(|vm, _, span| {
                Ok(core::bind().unwrap_or_else(|| vm.unknown("the connection is not evaluated", span)))
            }),
            "config" => command_config(&self.context),
            _ => vm.unknown(format!("alembic.context.{name} is not evaluated"), span),
        }))
    }
}

/// `context.get_x_argument(as_dictionary=False)`: what was given with `-x`. What has no `=` is a key with an empty value,
/// and of a key that is given twice the last one counts.
fn get_x_argument(context: &Rc<OpContext>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    match args.get(0, "as_dictionary").map_or(Some(false), |form| vm.truth(form)) {
        Some(true) => {}
        Some(false) => return Ok(x_list(context)),
        None => return Ok(vm.unknown("the form in which -x is asked for is not known", span)),
    }
    let mut entries: Vec<(Value, Value)> = Vec::new();
    for (key, value) in context.x_arguments.iter().map(|text| text.split_once('=').unwrap_or((text, ""))) {
        match entries.iter_mut().find(|(known, _)| known.as_str() == Some(key)) {
            Some((_, known)) => *known = Value::str(value),
            None => entries.push((Value::str(key), Value::str(value))),
        }
    }
    Ok(Value::Dict(Rc::new(RefCell::new(Dict { entries }))))
}

fn x_list(context: &OpContext) -> Value {
    Value::list(context.x_arguments.iter().map(|text| Value::str(text)).collect())
}

/// `context.config`: the options of the command, and settings that only the running Alembic has.
pub(in crate::alembic) fn command_config(context: &Rc<OpContext>) -> Value {
    Value::object(CommandConfig { context: context.clone() })
}

#[derive(Debug)]
struct CommandConfig {
    context: Rc<OpContext>,
}

impl Foreign for CommandConfig {
    object!("Config");

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, name: &str, _: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "cmd_opts" => Value::object(CommandOptions { context: self.context.clone() }),
            _ => Inert::value(&format!("alembic.context.config.{name}")),
        }))
    }
}

/// `context.config.cmd_opts`
#[derive(Debug)]
struct CommandOptions {
    context: Rc<OpContext>,
}

impl Foreign for CommandOptions {
    object!("Namespace");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            // Without any, argparse leaves it at None.
            "x" if self.context.x_arguments.is_empty() => Value::None,
            "x" => x_list(&self.context),
            _ => vm.unknown(format!("the option {name} of the command is not known"), span),
        }))
    }
}
