//! [`Connection`]: what `op.get_bind()` gives, and engines, which are the same connection.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::arguments::required;
use super::dialect::DialectObject;
use super::execute;
use super::method::{Body, Method};
use crate::alembic::object;
use crate::alembic::objects::Class;
use crate::op::{OpKind, Origin};
use crate::python::{Args, Dict, Flow, Foreign, Raised, Value, Vm};
use crate::source::Span;

/// A connection or an engine. There is one database, so any two of them are the same door to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Connection {
    /// It is an engine.
    pub engine: bool,
}

impl Connection {
    /// A connection as a value.
    pub(super) fn value() -> Value {
        Value::object(Self { engine: false })
    }
}

impl Foreign for Connection {
    object!("Connection");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if vm.host.offline().is_some() {
            return mock(&self, vm, name, span);
        }
        if let Some(body) = method(name) {
            return Ok(Some(Method::value(&self, body)));
        }
        Ok(Some(match name {
            "dialect" => Value::object(DialectObject),
            "name" => Value::str(vm.host.catalog().dialect.name()),
            "engine" => Value::object(Self { engine: true }),
            "connection" | "dbapi_connection" | "driver_connection" => Value::object(super::cursor::RawConnection),
            "info" => Value::Dict(Rc::new(RefCell::new(Dict::default()))),
            "closed" | "invalidated" => Value::Bool(false),
            "default_isolation_level" => Value::str("READ COMMITTED"),
            "url" => Value::object(super::url::Url { dialect: vm.host.catalog().dialect }),
            _ if name.starts_with("__") => return Ok(None),
            _ => vm.unknown_database(format!("`.{name}` of a connection is not modelled"), span),
        }))
    }

    fn binary(
        self: Rc<Self>,
        _vm: &mut Vm<'_>,
        operator: crate::python::Operator,
        other: &Value,
        _reflected: bool,
        _span: Span,
    ) -> Flow<Option<Value>> {
        use crate::python::Operator;
        let same = other.downcast::<Self>().is_some_and(|other| other.engine == self.engine);
        Ok(match operator {
            Operator::Eq => Some(Value::Bool(same)),
            Operator::NotEq => Some(Value::Bool(!same)),
            _ => None,
        })
    }

    fn enter(self: Rc<Self>, vm: &mut Vm<'_>, span: Span) -> Flow<Value> {
        if vm.host.offline().is_some() {
            let message = "'MockConnection' object does not support the context manager protocol";
            return Err(vm.raise("TypeError", message, span));
        }
        Ok(Self::value())
    }

    fn is_instance(&self, class: &Value) -> Option<bool> {
        Some(Class::named(class, if self.engine { "Engine" } else { "Connection" }))
    }

    fn reaches_database(&self) -> bool {
        true
    }
}

/// What a `MockConnection` has, which is all that there is in offline mode: it prints what it is to execute.
fn mock(connection: &Rc<Connection>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
    let body: Body<Connection> = match name {
        "execute" => |_, vm, args, span| {
            let statement = required(vm, &args, 0, "obj", span)?;
            let text = match &statement {
                Value::Str(text) => super::printed_text(vm, text, span)?,
                Value::Object(object) if statement.downcast::<crate::alembic::items::DdlObject>().is_some() => {
                    let _ = object;
                    if let Some(ddl) = statement.downcast::<crate::alembic::items::DdlObject>() {
                        crate::alembic::lower::execute_now(&ddl, vm, span)?;
                    }
                    return Ok(Value::None);
                }
                other => super::statement(vm, other, span)?,
            };
            match text {
                Some(sql) => {
                    crate::alembic::apply(vm, OpKind::Sql(sql), Origin::Sql, span)?;
                }
                None => vm.host.not_evaluated("a statement that is executed can't be known".into(), span),
            }
            Ok(Value::None)
        },
        "connect" | "execution_options" => |connection, _, _, _| Ok(Value::Object(connection.clone())),
        "dialect" => return Ok(Some(Value::object(DialectObject))),
        "engine" => return Ok(Some(Value::Object(connection.clone()))),
        "name" => return Ok(Some(Value::str(vm.host.catalog().dialect.name()))),
        _ => {
            let message = format!("'MockConnection' object has no attribute '{name}'");
            return Err(vm.raise("AttributeError", &message, span));
        }
    };
    Ok(Some(Method::value(connection, body)))
}

fn method(name: &str) -> Option<Body<Connection>> {
    Some(match name {
        "execute" => |_, vm, args, span| execute::execute(vm, &args, span),
        "exec_driver_sql" => |_, vm, args, span| execute::driver(vm, &args, span),
        "scalar" => |_, vm, args, span| {
            let result = execute::execute(vm, &args, span)?;
            let scalar = vm.attr(&result, "scalar", span)?;
            vm.call(&scalar, Args::default(), span)
        },
        "scalars" => |_, vm, args, span| {
            let result = execute::execute(vm, &args, span)?;
            let scalars = vm.attr(&result, "scalars", span)?;
            vm.call(&scalars, Args::default(), span)
        },
        "begin" => |_, _, _, _| Ok(Value::object(Transaction::new(false))),
        "begin_nested" => |_, vm, _, _| {
            vm.host.savepoint();
            Ok(Value::object(Transaction::new(true)))
        },
        "get_transaction" => |_, _, _, _| Ok(Value::object(Transaction::new(false))),
        "get_nested_transaction" => |_, _, _, _| Ok(Value::None),
        "execution_options" => |_, vm, args, _| {
            let level = args.keyword("isolation_level").and_then(Value::as_str);
            if level.is_some_and(|level| level.eq_ignore_ascii_case("autocommit")) {
                vm.host.autocommit(true);
            }
            Ok(Connection::value())
        },
        "connect" | "contextual_connect" | "_contextual_connect" => |_, _, _, _| Ok(Connection::value()),
        "close" | "commit" | "dispose" | "invalidate" | "detach" => |_, _, _, _| Ok(Value::None),
        "rollback" => |_, vm, _, span| {
            vm.host.not_evaluated("the transaction of the migration is rolled back".into(), span);
            Ok(Value::None)
        },
        "in_transaction" => |_, _, _, _| Ok(Value::Bool(true)),
        "in_nested_transaction" => |_, _, _, _| Ok(Value::Bool(false)),
        "get_isolation_level" => |_, _, _, _| Ok(Value::str("READ COMMITTED")),
        "get_execution_options" => |_, _, _, _| Ok(Value::Dict(Rc::new(RefCell::new(Dict::default())))),
        "raw_connection" => |_, _, _, _| Ok(Value::object(super::cursor::RawConnection)),
        "has_table" => {
            |_, vm, args, span| super::inspector::has_table(vm, args.get(0, "table_name"), args.get(1, "schema"), span)
        }
        "table_names" => |_, vm, args, span| {
            let inspector = super::inspector::value();
            let names = vm.attr(&inspector, "get_table_names", span)?;
            vm.call(&names, args, span)
        },
        "transaction" | "run_callable" => |connection, vm, args, span| {
            let callable = required(vm, &args, 0, "callable_", span)?;
            let mut rest = args;
            rest.positional =
                std::iter::once(Value::Object(connection.clone())).chain(rest.positional.into_iter().skip(1)).collect();
            vm.call(&callable, rest, span)
        },
        "run_sync" => |connection, vm, args, span| {
            let callable = required(vm, &args, 0, "fn", span)?;
            let mut rest = args;
            rest.positional =
                std::iter::once(Value::Object(connection.clone())).chain(rest.positional.into_iter().skip(1)).collect();
            vm.call(&callable, rest, span)
        },
        _ => return None,
    })
}

/// A transaction: the migration's own, or a savepoint.
#[derive(Debug)]
pub(super) struct Transaction {
    savepoint: bool,
    ended: Cell<bool>,
}

impl Transaction {
    /// A transaction that has begun.
    pub(super) fn new(savepoint: bool) -> Self {
        Self { savepoint, ended: Cell::new(false) }
    }

    fn end(&self, vm: &mut Vm<'_>, keep: bool, span: Span) {
        if self.ended.replace(true) {
            return;
        }
        if self.savepoint {
            vm.host.end_savepoint(keep);
        } else if !keep {
            vm.host.not_evaluated("the transaction of the migration is rolled back".into(), span);
        }
    }
}

impl Foreign for Transaction {
    object!("Transaction");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(match name {
            "commit" => Some(Method::value(&self, |transaction, vm, _, span| {
                transaction.end(vm, true, span);
                Ok(Value::None)
            })),
            "rollback" | "close" => Some(Method::value(&self, |transaction, vm, _, span| {
                transaction.end(vm, false, span);
                Ok(Value::None)
            })),
            "is_active" => Some(Value::Bool(!self.ended.get())),
            "connection" => Some(Connection::value()),
            "session" => Some(vm.unknown("the session of a transaction is not modelled", span)),
            // `with engine.begin() as connection` and `with session.begin()` give what they were asked of; so does this.
            _ if name.starts_with("__") => None,
            _ => {
                let connection = Connection::value();
                Some(vm.attr(&connection, name, span)?)
            }
        })
    }

    fn enter(self: Rc<Self>, _vm: &mut Vm<'_>, _span: Span) -> Flow<Value> {
        Ok(Value::Object(self))
    }

    fn exit(self: Rc<Self>, vm: &mut Vm<'_>, raised: Option<&Raised>, span: Span) -> Flow<bool> {
        match raised {
            None => self.end(vm, true, span),
            Some(_) if self.savepoint => self.end(vm, false, span),
            // The exception goes on up and ends the migration, or the script catches it with its transaction aborted.
            Some(_) => self.ended.set(true),
        }
        Ok(false)
    }

    fn reaches_database(&self) -> bool {
        true
    }
}

/// `create_engine(…)`: which database it leads to is not known.
pub(super) fn create_engine(vm: &mut Vm<'_>, _args: Args, span: Span) -> Flow<Value> {
    vm.host.not_evaluated("the script opens a connection of its own".into(), span);
    Ok(vm.unknown("the script opens a connection of its own", span))
}
