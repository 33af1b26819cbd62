//! [`migration_context`]: what `op.get_context()` and `context.get_context()` give.

use std::rc::Rc;

use super::OpContext;
use crate::alembic::environment_context::{EnvironmentContext, command_config};
use crate::alembic::objects::{Function, Inert, Method};
use crate::alembic::{core, object};
use crate::op::{OpKind, Origin};
use crate::python::{Args, Dict, Flow, Foreign, Raised, Value, Vm};
use crate::source::Span;

/// The migration context of a run.
pub(in crate::alembic) fn migration_context(context: &Rc<OpContext>) -> Value {
    Value::object(MigrationContext { context: context.clone() })
}

/// `op.impl`, of which scripts only ask the dialect.
pub(super) fn implementation() -> Value {
    Value::object(Implementation)
}

#[derive(Debug)]
struct MigrationContext {
    context: Rc<OpContext>,
}

impl Foreign for MigrationContext {
    object!("MigrationContext");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "dialect" => dialect(vm, span)?,
            "bind" | "connection" => {
                core::bind().unwrap_or_else(|| vm.unknown("the connection is not evaluated", span))
            }
            "as_sql" => Value::Bool(vm.host.offline().is_some()),
            "opts" => options(vm),
            "config" => command_config(&self.context),
            "impl" => implementation(),
            "environment_context" => EnvironmentContext::value(&self.context),
            "autocommit_block" => Function::value(|_, _, _| Ok(Value::object(AutocommitBlock))),
            "begin_transaction" => Function::value(|_, _, _| Ok(Value::object(NoBlock))),
            "execute" => {
                let site = super::Site::new(self.context.clone());
                Method::value(&site, super::execute::execute)
            }
            "get_current_revision" | "get_current_heads" => Inert::value("the current revision"),
            _ => vm.unknown(format!("the migration context's {name} is not known"), span),
        }))
    }
}

/// The dialect of the simulated database, as the connection has it.
fn dialect(vm: &mut Vm<'_>, span: Span) -> Flow<Value> {
    match core::bind() {
        Some(bind) => vm.attr(&bind, "dialect", span),
        None => Ok(Value::object(DialectName)),
    }
}

fn options(vm: &Vm<'_>) -> Value {
    let entries = vec![(Value::str("as_sql"), Value::Bool(vm.host.offline().is_some()))];
    Value::Dict(Rc::new(std::cell::RefCell::new(Dict { entries })))
}

#[derive(Debug)]
struct DialectName;

impl Foreign for DialectName {
    object!("Dialect");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "name" => Value::str(vm.host.catalog().dialect.name()),
            _ => vm.unknown(format!("dialect.{name} is not known"), span),
        }))
    }
}

#[derive(Debug)]
struct Implementation;

impl Foreign for Implementation {
    object!("DefaultImpl");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "dialect" => dialect(vm, span)?,
            "bind" | "connection" => {
                core::bind().unwrap_or_else(|| vm.unknown("the connection is not evaluated", span))
            }
            "as_sql" => Value::Bool(vm.host.offline().is_some()),
            "transactional_ddl" => Value::Bool(vm.host.catalog().dialect.transactional_ddl()),
            _ => Value::object(UnreadCall { what: format!("op.impl.{name}").into() }),
        }))
    }
}

/// A function whose call may change anything.
#[derive(Debug)]
pub(super) struct UnreadCall {
    /// What it is, for messages.
    pub(super) what: Rc<str>,
}

impl Foreign for UnreadCall {
    object!("function");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(vm.unknown(format!("{}.{name} is not known", self.what), span)))
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        let _ = args;
        let why = format!("{} is not evaluated", self.what);
        let kind = OpKind::Opaque {
            what: (&*self.what).into(),
            why: why.as_str().into(),
            touches: Vec::new(),
            rows_only: false,
        };
        crate::alembic::apply(vm, kind, Origin::Directive, span)?;
        Ok(vm.unknown(why, span))
    }
}

/// `with op.get_context().autocommit_block():`.
#[derive(Debug)]
struct AutocommitBlock;

impl Foreign for AutocommitBlock {
    object!("_GeneratorContextManager");

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, _: &str, _: Span) -> Flow<Option<Value>> {
        Ok(None)
    }

    fn enter(self: Rc<Self>, vm: &mut Vm<'_>, _: Span) -> Flow<Value> {
        vm.host.autocommit(true);
        Ok(Value::None)
    }

    fn exit(self: Rc<Self>, vm: &mut Vm<'_>, _: Option<&Raised>, _: Span) -> Flow<bool> {
        vm.host.autocommit(false);
        Ok(false)
    }
}

/// `with context.begin_transaction():`, inside the transaction that there is.
#[derive(Debug)]
struct NoBlock;

impl Foreign for NoBlock {
    object!("_GeneratorContextManager");

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, _: &str, _: Span) -> Flow<Option<Value>> {
        Ok(None)
    }

    fn enter(self: Rc<Self>, _: &mut Vm<'_>, _: Span) -> Flow<Value> {
        Ok(Value::None)
    }
}
