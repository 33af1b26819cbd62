//! The `op` object and the `batch_op` of a batch block: every directive, lowered to operations.
//!
//! [`Site`] is where a directive is called: on `op` it is sent at once, on `batch_op` it waits in a queue until the
//! block ends ([`batch`]). [`migration_context`] is what `op.get_context()` gives.

mod alter;
mod batch;
mod column_order;
mod columns;
mod constraints;
mod context;
mod execute;
mod geospatial;
mod indexes;
mod move_and_copy;
mod plugin;
mod rows;
mod send;
mod tables;

use std::cell::Cell;
use std::rc::Rc;

pub(super) use context::migration_context;
pub(super) use plugin::DirectiveObject;

use super::lower::Naming;
use super::{known, object};
use crate::python::{Args, Flow, Foreign, Value, Vm};
use crate::schema::{Dialect, Name, QName};
use crate::source::Span;

/// What holds during one run of a script.
#[derive(Debug)]
pub(in crate::alembic) struct OpContext {
    /// The naming convention of the project.
    pub naming: Naming,
    /// What was given with `-x`, one text each.
    pub x_arguments: Vec<String>,
    /// How far the run has come.
    pub phase: Cell<Phase>,
}

/// How far a run has come. Alembic loads scripts while `op` is at work, so a script that asks for the connection at its
/// top level gets it; a script that is loaded for its header has no database to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::alembic) enum Phase {
    /// The script is read for its header.
    Header,
    /// The top level of the script is evaluated before a direction.
    Load,
    /// A direction is being run.
    Run,
}

/// Where directives are called.
#[derive(Debug)]
pub(in crate::alembic) struct Site {
    /// What holds during the run.
    pub context: Rc<OpContext>,
    /// The batch block, where it is one.
    batch: Option<batch::BatchBlock>,
}

/// What a directive does.
type Directive = fn(&Rc<Site>, &mut Vm<'_>, Args, Span) -> Flow<Value>;

impl Site {
    /// The `op` of a run.
    pub(in crate::alembic) fn new(context: Rc<OpContext>) -> Rc<Self> {
        Rc::new(Self { context, batch: None })
    }

    fn naming(&self) -> &Naming {
        &self.context.naming
    }

    /// Whether a change of a column has the table built anew.
    fn would_rebuild(&self, dialect: Dialect) -> bool {
        self.batch.as_ref().is_some_and(|batch| match batch.recreate {
            batch::Recreate::Always => true,
            batch::Recreate::Auto => dialect == Dialect::Sqlite,
            batch::Recreate::Never => false,
        })
    }

    /// Whether it is a batch block that builds its table anew whatever the dialect.
    fn rebuilds(&self) -> bool {
        self.batch.as_ref().is_some_and(|batch| batch.recreate == batch::Recreate::Always)
    }
}

/// The directive of that name.
fn directive(name: &str, batch: bool) -> Option<Directive> {
    Some(match name {
        "add_column" => columns::add_column,
        "drop_column" => columns::drop_column,
        "alter_column" => alter::alter_column,
        "create_index" => indexes::create_index,
        "drop_index" => indexes::drop_index,
        "create_primary_key" => constraints::create_primary_key,
        "create_unique_constraint" => constraints::create_unique_constraint,
        "create_foreign_key" => constraints::create_foreign_key,
        "create_check_constraint" => constraints::create_check_constraint,
        "create_exclude_constraint" => constraints::create_exclude_constraint,
        "drop_constraint" => constraints::drop_constraint,
        "create_table_comment" => tables::create_table_comment,
        "drop_table_comment" => tables::drop_table_comment,
        "execute" => execute::execute,
        "f" => execute::conventional,
        "get_bind" => execute::get_bind,
        "get_context" => execute::get_context,
        "inline_literal" => execute::inline_literal,
        "invoke" => plugin::invoke,
        "run_async" => plugin::run_async,
        "add_enum_value" => plugin::add_enum_value,
        "sync_enum_values" => plugin::sync_enum_values,
        "create_entity" => plugin::create_entity,
        "replace_entity" => plugin::replace_entity,
        "drop_entity" => plugin::drop_entity,
        "bulk_insert" => rows::bulk_insert,
        "register_operation" | "implementation_for" => plugin::register,
        "create_table" if !batch => tables::create_table,
        "drop_table" if !batch => tables::drop_table,
        "rename_table" if !batch => tables::rename_table,
        "batch_alter_table" if !batch => batch::batch_alter_table,
        _ => return None,
    })
}

impl Foreign for Site {
    object!("Operations");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        let in_batch = self.batch.is_some();
        let added = || geospatial::directive(name, in_batch, vm.host.catalog().dialect);
        if let Some(run) = directive(name, in_batch).or_else(added) {
            return Ok(Some(Value::object(BoundDirective { site: self.clone(), name: name.into(), run })));
        }
        Ok(match name {
            "migration_context" => Some(migration_context(&self.context)),
            "impl" => Some(context::implementation()),
            "schema_obj" => Some(vm.unknown("op.schema_obj is not evaluated", span)),
            "batch" | "__name__" | "__file__" | "__doc__" | "__dict__" => None,
            name if plugin::is_extension(name) => Some(plugin::extension(name)),
            _ => None,
        })
    }
}

/// A directive as an attribute of `op`.
struct BoundDirective {
    site: Rc<Site>,
    name: Rc<str>,
    run: Directive,
}

impl std::fmt::Debug for BoundDirective {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "op.{}", self.name)
    }
}

impl Foreign for BoundDirective {
    object!("function");

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, _: &str, _: Span) -> Flow<Option<Value>> {
        Ok(None)
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        let asks =
            matches!(&*self.name, "f" | "get_bind" | "get_context" | "register_operation" | "implementation_for");
        let why = match self.site.context.phase.get() {
            Phase::Run => None,
            Phase::Load if asks => None,
            Phase::Header if asks && !self.name.starts_with("get_") => None,
            Phase::Header | Phase::Load => Some(format!("op.{} is called while the script is loaded", self.name)),
        };
        if let Some(why) = why {
            vm.host.not_evaluated(why.as_str().into(), span);
            return Ok(vm.unknown(why, span));
        }
        (self.run)(&self.site, vm, args, span)
    }

    fn reaches_database(&self) -> bool {
        true
    }
}

impl Site {
    /// The table of a directive: that of the block, or the arguments'. `Err` is why it can't be known.
    fn table(&self, vm: &mut Vm<'_>, call: &super::arguments::Call, name: &str, schema: &str) -> known::Known<QName> {
        if let Some(batch) = &self.batch {
            return Ok(batch.table.clone());
        }
        let table = known::name(vm, call.get(name), call.span)?;
        let schema = known::optional_text(vm, call.get(schema), call.span)?;
        Ok(known::spelled(vm, &table, schema.as_deref()))
    }
}

/// A name as operations hold it.
fn own(text: &str) -> Name {
    Name::from(text)
}
