//! What scripts bring along or other packages add: `invoke`, `register_operation`, `run_async`, `alembic_utils`,
//! `alembic_postgresql_enum`.

use std::rc::Rc;

use super::Site;
use super::context::UnreadCall;
use crate::alembic::entities::{Deed, Entity};
use crate::alembic::objects::Function;
use crate::alembic::{enum_values, known};
use crate::op::OpKind;
use crate::python::{Args, Flow, Value, Vm};
use crate::schema::Dialect;
use crate::source::Span;

/// Whether a package is known to add this directive to `op`.
pub(super) fn is_extension(name: &str) -> bool {
    matches!(
        name,
        "create_view"
            | "drop_view"
            | "replace_view"
            | "create_sp"
            | "drop_sp"
            | "replace_sp"
            | "create_geospatial_table"
            | "drop_geospatial_table"
            | "add_geospatial_column"
            | "drop_geospatial_column"
            | "create_geospatial_index"
            | "drop_geospatial_index"
            | "create_extension"
            | "drop_extension"
            | "create_function"
            | "drop_function"
            | "create_trigger"
            | "drop_trigger"
            | "create_sequence"
            | "drop_sequence"
            | "grant_table"
    )
}

/// A directive that a package adds.
pub(super) fn extension(name: &str) -> Value {
    Value::object(UnreadCall { what: format!("op.{name}").into() })
}

/// `op.create_entity(entity)`.
pub(super) fn create_entity(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    do_with_entity(site, vm, &args, "op.create_entity", Deed::Create, span)
}

/// `op.replace_entity(entity)`.
pub(super) fn replace_entity(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    do_with_entity(site, vm, &args, "op.replace_entity", Deed::Replace, span)
}

/// `op.drop_entity(entity, cascade=False)`.
pub(super) fn drop_entity(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    match known::flag(vm, args.get(1, "cascade"), false, span) {
        Ok(cascade) => do_with_entity(site, vm, &args, "op.drop_entity", Deed::Drop { cascade }, span),
        Err(_) => unread(site, vm, "op.drop_entity", span),
    }
}

fn do_with_entity(site: &Rc<Site>, vm: &mut Vm<'_>, args: &Args, what: &str, deed: Deed, span: Span) -> Flow<Value> {
    let Some(entity) = args.get(0, "target").and_then(Value::downcast::<Entity>) else {
        return unread(site, vm, what, span);
    };
    let Some(statements) = entity.statements(deed) else {
        return Err(vm.raise("NotImplementedError", "", span));
    };
    // No colon in them begins a bind.
    let escaped = statements.iter().map(|statement| statement.replace(':', "\\:")).collect();
    send_all(site, vm, escaped, span)
}

/// `op.add_enum_value(…)`.
pub(super) fn add_enum_value(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let statements = enum_values::added(vm, &args, span);
    change_enum(site, vm, "op.add_enum_value", statements, span)
}

/// `op.sync_enum_values(…)`.
pub(super) fn sync_enum_values(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let statements = enum_values::synced(vm, &args, span)?;
    change_enum(site, vm, "op.sync_enum_values", statements, span)
}

/// Elsewhere than on PostgreSQL the package does nothing but log a warning.
fn change_enum(
    site: &Rc<Site>,
    vm: &mut Vm<'_>,
    what: &str,
    statements: Option<Vec<String>>,
    span: Span,
) -> Flow<Value> {
    match statements {
        _ if vm.host.catalog().dialect != Dialect::PostgreSql => Ok(Value::None),
        Some(statements) => send_all(site, vm, statements, span),
        None => unread(site, vm, what, span),
    }
}

fn send_all(site: &Rc<Site>, vm: &mut Vm<'_>, statements: Vec<String>, span: Span) -> Flow<Value> {
    for statement in statements {
        let positional = vec![Value::str(&statement)];
        super::execute::execute(site, vm, Args { positional, ..Args::default() }, span)?;
    }
    Ok(Value::None)
}

/// `op.invoke(operation)`: the object's own directive, where it is known.
pub(super) fn invoke(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let Some(operation) = args.positional.first() else {
        let message = "Operations.invoke() missing 1 required positional argument: 'operation'";
        return Err(vm.raise("TypeError", message, span));
    };
    match operation.downcast::<DirectiveObject>() {
        Some(operation) => match super::directive(&operation.name, false) {
            Some(run) => run(site, vm, operation.args.clone(), span),
            None => unread(site, vm, "op.invoke", span),
        },
        None => unread(site, vm, "op.invoke", span),
    }
}

/// `op.run_async(function, *args)`.
pub(super) fn run_async(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let _ = args;
    unread(site, vm, "op.run_async", span)
}

fn unread(site: &Rc<Site>, vm: &mut Vm<'_>, what: &str, span: Span) -> Flow<Value> {
    let why: Rc<str> = format!("{what} is not evaluated").into();
    let kind = OpKind::Opaque { what: what.into(), why: (&*why).into(), touches: Vec::new(), rows_only: false };
    site.send(vm, kind, site.origin(), span)?;
    Ok(vm.unknown(&*why, span))
}

/// `@Operations.register_operation(…)` and `@Operations.implementation_for(…)`: decorators that give back what they
/// are put on. What they add to `op` is an unknown directive.
pub(super) fn register(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let _ = (site, vm, args, span);
    Ok(Function::value(|vm, args, span| {
        Ok(args.positional.first().cloned().unwrap_or_else(|| vm.unknown("nothing is decorated", span)))
    }))
}

/// An operation object of `alembic.operations.ops`: the directive of that name with its arguments.
#[derive(Debug)]
pub(in crate::alembic) struct DirectiveObject {
    /// The directive.
    pub(in crate::alembic) name: Rc<str>,
    /// Its arguments.
    pub(in crate::alembic) args: Args,
}

impl crate::python::Foreign for DirectiveObject {
    crate::alembic::object!("MigrateOperation");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(vm.unknown(format!("an operation object's {name} is not known"), span)))
    }
}
