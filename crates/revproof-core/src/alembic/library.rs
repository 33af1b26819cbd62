//! [`Alembic`]: the library of modules that scripts import and that are known by heart.

use std::cell::Cell;
use std::rc::Rc;

use super::directives::{DirectiveObject, OpContext, Phase, Site};
use super::environment_context::EnvironmentContext;
use super::items::MetaDataObject;
use super::lower::Naming;
use super::objects::{Class, Function};
use super::{core, entities, enum_values, items, object, passwords, types};
use crate::python::{Args, Flow, Foreign, Library, Value, Vm};
use crate::schema::Name;
use crate::source::Span;

/// Alembic, SQLAlchemy and their neighbours.
#[derive(Debug)]
pub(in crate::alembic) struct Alembic {
    context: Rc<OpContext>,
    site: Rc<Site>,
}

impl Alembic {
    /// The library for runs under a naming convention and with what was given with `-x`.
    pub(in crate::alembic) fn new(naming: &[(Name, Name)], x_arguments: &[String]) -> Self {
        let (naming, x_arguments) = (Naming::new(naming), x_arguments.to_vec());
        let context = Rc::new(OpContext { naming, x_arguments, phase: Cell::new(Phase::Header) });
        Self { site: Site::new(context.clone()), context }
    }

    /// The top level of the script is evaluated before a direction.
    pub(in crate::alembic) fn set_loading(&self) {
        self.context.phase.set(Phase::Load);
    }

    /// From now on a direction is run, or none is any more.
    pub(in crate::alembic) fn set_running(&self, running: bool) {
        self.context.phase.set(if running { Phase::Run } else { Phase::Header });
    }
}

impl Library for Alembic {
    fn module(&self, vm: &mut Vm<'_>, name: &str) -> Option<Value> {
        let _ = vm;
        let root = name.split('.').next().unwrap_or_default();
        if name == "alembic.op" {
            return Some(Value::Object(self.site.clone()));
        }
        let known = matches!(
            root,
            "alembic"
                | "sqlalchemy"
                | "flask"
                | "flask_sqlalchemy"
                | "sqlalchemy_utils"
                | "sqlmodel"
                | "geoalchemy2"
                | "pgvector"
                | entities::PACKAGE
                | enum_values::PACKAGE
        );
        if !known && !passwords::PACKAGES.contains(&root) {
            return None;
        }
        if name == "alembic.context" {
            return Some(EnvironmentContext::value(&self.context));
        }
        Some(Value::object(LibraryModule { name: name.into(), context: self.context.clone(), site: self.site.clone() }))
    }

    fn exception_base(&self, name: &str) -> Option<&'static str> {
        exception_base(name)
    }
}

/// A module of the library.
#[derive(Debug)]
struct LibraryModule {
    name: Rc<str>,
    context: Rc<OpContext>,
    site: Rc<Site>,
}

/// The submodules that are reached as attributes (`sa.dialects.postgresql.UUID`).
const SUBMODULES: [&str; 28] = [
    "sqlalchemy.dialects",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.dialects.postgresql.base",
    "sqlalchemy.dialects.postgresql.json",
    "sqlalchemy.dialects.mysql",
    "sqlalchemy.dialects.mysql.base",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.dialects.sqlite.base",
    "sqlalchemy.dialects.mssql",
    "sqlalchemy.dialects.oracle",
    "sqlalchemy.types",
    "sqlalchemy.sql",
    "sqlalchemy.sql.expression",
    "sqlalchemy.sql.sqltypes",
    "sqlalchemy.sql.schema",
    "sqlalchemy.sql.elements",
    "sqlalchemy.sql.functions",
    "sqlalchemy.schema",
    "sqlalchemy.exc",
    "sqlalchemy.orm",
    "sqlalchemy.orm.exc",
    "sqlalchemy.engine",
    "sqlalchemy.engine.reflection",
    "sqlalchemy.ext",
    "sqlalchemy.ext.declarative",
    "sqlalchemy.ext.mutable",
    "sqlalchemy.inspection",
    "sqlalchemy.event",
];

impl Foreign for LibraryModule {
    object!("module");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if name == "__name__" {
            return Ok(Some(Value::Str(self.name.clone())));
        }
        if name == "__version__" {
            return Ok(Some(Value::str("2.0.44")));
        }
        let root = self.name.split('.').next().unwrap_or_default();
        Ok(match root {
            "alembic" => self.alembic(vm, name, span),
            "flask" => Some(super::flask::attribute(vm, name, span)),
            entities::PACKAGE => entities::class(name)
                .or_else(|| Some(vm.unknown(format!("`{}.{name}` is of a third-party package", self.name), span))),
            enum_values::PACKAGE => Some(enum_values::attribute(vm, name, span)),
            package if passwords::PACKAGES.contains(&package) => Some(passwords::attribute(vm, package, name, span)),
            "flask_sqlalchemy" => match name {
                "SQLAlchemy" => Some(Class::value("SQLAlchemy", |_, args, span| flask_sqlalchemy(&args, span))),
                _ => Some(vm.unknown(format!("flask_sqlalchemy.{name} is not known"), span)),
            },
            "sqlalchemy" => self.sqlalchemy(vm, name, span),
            _ => types::lookup(&self.name, name)
                .or_else(|| self.submodule(name))
                .or_else(|| if root == "sqlmodel" { self.sqlalchemy(vm, name, span) } else { None })
                .or_else(|| Some(vm.unknown(format!("{}.{name} is of a third-party package", self.name), span))),
        })
    }
}

impl LibraryModule {
    fn child(&self, name: String) -> Value {
        Value::object(Self { name: name.into(), context: self.context.clone(), site: self.site.clone() })
    }

    fn submodule(&self, name: &str) -> Option<Value> {
        let full = format!("{}.{name}", self.name);
        (SUBMODULES.contains(&full.as_str()) || types::is_package_module(&full)).then(|| self.child(full))
    }

    fn sqlalchemy(&self, vm: &mut Vm<'_>, name: &str, span: Span) -> Option<Value> {
        if let Some(value) = types::lookup(&self.name, name) {
            return Some(value);
        }
        if let Some(value) = items::attribute(name) {
            return Some(value);
        }
        if let Some(value) = core::attribute(&self.name, name) {
            return Some(value);
        }
        if let Some(value) = self.submodule(name) {
            return Some(value);
        }
        if matches!(&*self.name, "sqlalchemy.exc" | "sqlalchemy.orm.exc")
            && let Some(class) = exception(vm, &self.name, name)
        {
            return Some(class);
        }
        if &*self.name == "sqlalchemy" && name.chars().all(|c| c.is_ascii_lowercase() || c == '_') && is_missing(name) {
            return None;
        }
        Some(vm.unknown(format!("{}.{name} is not evaluated", self.name), span))
    }

    fn alembic(&self, vm: &mut Vm<'_>, name: &str, span: Span) -> Option<Value> {
        match (&*self.name, name) {
            ("alembic", "op") | ("alembic.operations", "Operations") => Some(Value::Object(self.site.clone())),
            ("alembic", "context") => Some(EnvironmentContext::value(&self.context)),
            ("alembic", "operations" | "util" | "config" | "migration" | "runtime" | "script" | "ddl") => {
                Some(self.child(format!("alembic.{name}")))
            }
            ("alembic.operations", "ops") => Some(self.child("alembic.operations.ops".to_owned())),
            ("alembic.operations.ops", _) => operation_class(name),
            ("alembic.util" | "alembic.util.exc", "CommandError") => exception(vm, "alembic.util", name),
            _ => Some(vm.unknown(format!("{}.{name} is not evaluated", self.name), span)),
        }
    }
}

/// Names that scripts misspell or that SQLAlchemy 2 has no more: asking for one is an error.
fn is_missing(name: &str) -> bool {
    matches!(name, "op" | "dialect" | "datatypes" | "columns" | "strings")
}

/// `alembic.operations.ops.CreateTableOp`, ….
fn operation_class(name: &str) -> Option<Value> {
    let directive = match name {
        "AddColumnOp" => "add_column",
        "DropColumnOp" => "drop_column",
        "DropTableOp" => "drop_table",
        "DropIndexOp" => "drop_index",
        "CreateIndexOp" => "create_index",
        "AlterColumnOp" => "alter_column",
        "ExecuteSQLOp" => "execute",
        "DropConstraintOp" => "drop_constraint",
        "BulkInsertOp" => "bulk_insert",
        "RenameTableOp" => "rename_table",
        "MigrateOperation" => {
            return Some(Class::value("MigrateOperation", |vm, _, span| {
                Ok(vm.unknown("an operation of the script's own is not evaluated", span))
            }));
        }
        _ => return None,
    };
    Some(Value::object(OperationClass(directive)))
}

/// A class of operation objects.
#[derive(Debug)]
struct OperationClass(&'static str);

impl Foreign for OperationClass {
    object!("type");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(vm.unknown(format!("{name} of an operation class is not known"), span)))
    }

    fn call(self: Rc<Self>, _: &mut Vm<'_>, args: Args, _: Span) -> Flow<Value> {
        Ok(Value::object(DirectiveObject { name: self.0.into(), args }))
    }
}

/// The exception class of that name in a library's module.
fn exception(vm: &mut Vm<'_>, module: &str, name: &str) -> Option<Value> {
    if !name.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    // The ORM raises what the engine's modules define.
    let module = if module == "sqlalchemy.orm.exc" { "sqlalchemy.exc" } else { module };
    let full = format!("{module}.{name}");
    let base = exception_base(&full).unwrap_or("sqlalchemy.exc.SQLAlchemyError");
    Some(vm.exception_class(&full, base))
}

/// The base of an exception class.
fn exception_base(name: &str) -> Option<&'static str> {
    Some(match name {
        "sqlalchemy.exc.SQLAlchemyError" | "alembic.util.CommandError" => "Exception",
        "sqlalchemy.exc.NoSuchColumnError"
        | "sqlalchemy.exc.NoSuchTableError"
        | "sqlalchemy.exc.NoResultFound"
        | "sqlalchemy.exc.MultipleResultsFound"
        | "sqlalchemy.exc.NoInspectionAvailable"
        | "sqlalchemy.exc.NoReferenceError"
        | "sqlalchemy.exc.PendingRollbackError"
        | "sqlalchemy.exc.ResourceClosedError" => "sqlalchemy.exc.InvalidRequestError",
        "sqlalchemy.exc.ConstraintColumnNotFoundError" | "sqlalchemy.exc.NoSuchModuleError" => {
            "sqlalchemy.exc.ArgumentError"
        }
        "sqlalchemy.exc.UnsupportedCompilationError" => "sqlalchemy.exc.CompileError",
        "sqlalchemy.exc.StatementError"
        | "sqlalchemy.exc.ArgumentError"
        | "sqlalchemy.exc.CompileError"
        | "sqlalchemy.exc.IdentifierError"
        | "sqlalchemy.exc.InvalidRequestError"
        | "sqlalchemy.exc.UnboundExecutionError"
        | "sqlalchemy.exc.TimeoutError" => "sqlalchemy.exc.SQLAlchemyError",
        "sqlalchemy.exc.DBAPIError" => "sqlalchemy.exc.StatementError",
        "sqlalchemy.exc.InterfaceError" | "sqlalchemy.exc.DatabaseError" => "sqlalchemy.exc.DBAPIError",
        "sqlalchemy.exc.NotSupportedError" => "sqlalchemy.exc.DatabaseError",
        _ => return None,
    })
}

/// `SQLAlchemy(…)` of Flask-SQLAlchemy: the handle through which models reach everything.
fn flask_sqlalchemy(args: &Args, span: Span) -> Flow<Value> {
    let _ = span;
    let metadata = args.keyword("metadata").filter(|value| value.downcast::<MetaDataObject>().is_some()).cloned();
    let metadata = metadata.unwrap_or_else(|| Value::object(MetaDataObject::empty()));
    Ok(Value::object(Handle { metadata }))
}

/// A Flask-SQLAlchemy handle.
#[derive(Debug)]
struct Handle {
    metadata: Value,
}

impl Foreign for Handle {
    object!("SQLAlchemy");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "metadata" => self.metadata.clone(),
            "Model" | "session" | "engine" | "relationship" | "backref" => {
                match core::attribute("flask_sqlalchemy.SQLAlchemy", name)
                    .or_else(|| core::attribute("sqlalchemy.orm", name))
                {
                    Some(value) => value,
                    None => vm.unknown(format!("db.{name} is not evaluated"), span),
                }
            }
            "init_app" | "create_all" | "drop_all" => Function::value(|_, _, _| Ok(Value::None)),
            "Table" => Value::object(HandleTable { metadata: self.metadata.clone() }),
            _ => match types::lookup("sqlalchemy", name)
                .or_else(|| items::attribute(name))
                .or_else(|| core::attribute("sqlalchemy", name))
                .or_else(|| core::attribute("sqlalchemy.orm", name))
            {
                Some(value) => value,
                None => vm.unknown(format!("db.{name} is not evaluated"), span),
            },
        }))
    }
}

/// `db.Table(name, *columns)`, which needs no metadata.
#[derive(Debug)]
struct HandleTable {
    metadata: Value,
}

impl Foreign for HandleTable {
    object!("type");

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, _: &str, _: Span) -> Flow<Option<Value>> {
        Ok(None)
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, mut args: Args, span: Span) -> Flow<Value> {
        let has_metadata = args.positional.get(1).is_some_and(|value| value.downcast::<MetaDataObject>().is_some());
        if !has_metadata && !args.positional.is_empty() {
            args.positional.insert(1, self.metadata.clone());
        }
        let Some(table) = items::attribute("Table") else { return Ok(vm.unknown("Table is not known", span)) };
        vm.call(&table, args, span)
    }
}
