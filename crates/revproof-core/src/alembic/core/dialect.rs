//! [`DialectObject`]: `bind.dialect`.

use std::rc::Rc;

use super::arguments::text;
use super::method::Method;
use crate::alembic::object;
use crate::python::{Flow, Foreign, Value, Vm};
use crate::schema::{Dialect, quote, quote_always};
use crate::source::Span;

/// `bind.dialect`.
#[derive(Debug)]
pub(super) struct DialectObject;

impl Foreign for DialectObject {
    object!("Dialect");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        let dialect = vm.host.catalog().dialect;
        Ok(Some(match name {
            "name" => Value::str(dialect.name()),
            "driver" => Value::str(driver(dialect)),
            "server_version_info" => {
                let version: &[i64] = match dialect {
                    Dialect::PostgreSql => &[15, 0],
                    Dialect::Sqlite => &[3, 40, 1],
                    Dialect::MySql => &[8, 0, 36],
                };
                Value::tuple(version.iter().map(|part| Value::Int(*part)).collect())
            }
            "default_schema_name" => dialect.default_schema().map_or(Value::None, Value::str),
            "max_identifier_length" => Value::Int(match dialect {
                Dialect::PostgreSql => 63,
                Dialect::Sqlite => 9999,
                Dialect::MySql => 255,
            }),
            "paramstyle" => Value::str(if dialect == Dialect::Sqlite { "qmark" } else { "pyformat" }),
            "supports_native_boolean" | "supports_native_enum" | "supports_sequences" | "supports_comments" => {
                Value::Bool(
                    dialect == Dialect::PostgreSql || (name == "supports_comments" && dialect == Dialect::MySql),
                )
            }
            "supports_alter" => Value::Bool(dialect != Dialect::Sqlite),
            "is_mariadb" => Value::Bool(false),
            "identifier_preparer" | "preparer" => Value::object(Preparer),
            "has_table" => Method::value(&self, |_, vm, args, span| {
                super::inspector::has_table(vm, args.get(1, "table_name"), args.get(2, "schema"), span)
            }),
            "get_table_names"
            | "get_columns"
            | "get_indexes"
            | "get_foreign_keys"
            | "get_unique_constraints"
            | "get_pk_constraint"
            | "get_view_names"
            | "has_sequence"
            | "get_check_constraints"
            | "get_enums" => {
                let inspector = super::inspector::value();
                let method = vm.attr(&inspector, name, span)?;
                Value::object(WithoutConnection { method })
            }
            _ if name.starts_with("__") => return Ok(None),
            _ => vm.unknown(format!("`.{name}` of a dialect is not modelled"), span),
        }))
    }

    fn text(&self) -> Option<Rc<str>> {
        None
    }
}

/// The driver that a dialect is taken to have.
pub(super) const fn driver(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::PostgreSql => "psycopg2",
        Dialect::Sqlite => "pysqlite",
        Dialect::MySql => "pymysql",
    }
}

/// `dialect.get_columns(connection, …)`: an inspector's method that is handed a connection first.
#[derive(Debug)]
struct WithoutConnection {
    method: Value,
}

impl Foreign for WithoutConnection {
    object!("method");

    fn attr(self: Rc<Self>, _vm: &mut Vm<'_>, _name: &str, _span: Span) -> Flow<Option<Value>> {
        Ok(None)
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, mut args: crate::python::Args, span: Span) -> Flow<Value> {
        if !args.positional.is_empty() {
            args.positional.remove(0);
        }
        args.keyword.retain(|(name, _)| &**name != "connection");
        vm.call(&self.method, args, span)
    }
}

/// `dialect.identifier_preparer`.
#[derive(Debug)]
struct Preparer;

impl Foreign for Preparer {
    object!("IdentifierPreparer");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(match name {
            "quote" | "quote_schema" | "format_table" | "format_column" => {
                Some(Method::value(&self, |_, vm, args, span| {
                    let dialect = vm.host.catalog().dialect;
                    Ok(match text(&args, 0, "ident") {
                        Some(name) => Value::str(&quote(&name, dialect)),
                        None => vm.unknown("the identifier is not known", span),
                    })
                }))
            }
            "quote_identifier" => Some(Method::value(&self, |_, vm, args, span| {
                let dialect = vm.host.catalog().dialect;
                Ok(match text(&args, 0, "value") {
                    Some(name) => Value::str(&quote_always(&name, dialect)),
                    None => vm.unknown("the identifier is not known", span),
                })
            })),
            _ if name.starts_with("__") => None,
            _ => Some(vm.unknown(format!("`.{name}` of an identifier preparer is not modelled"), span)),
        })
    }
}
