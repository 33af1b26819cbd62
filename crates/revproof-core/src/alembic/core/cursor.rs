//! [`RawConnection`] and [`Cursor`]: the driver's own connection, for scripts that go below SQLAlchemy.

use std::cell::RefCell;
use std::rc::Rc;

use super::execute;
use super::method::Method;
use crate::alembic::object;
use crate::python::{Args, Flow, Foreign, Raised, Value, Vm};
use crate::source::Span;

/// `connection.connection`, `engine.raw_connection()`.
#[derive(Debug)]
pub(super) struct RawConnection;

impl Foreign for RawConnection {
    object!("connection");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "cursor" => Method::value(&self, |_, _, _, _| Ok(Value::object(Cursor::default()))),
            "commit" | "close" => Method::value(&self, |_, _, _, _| Ok(Value::None)),
            "set_isolation_level" | "set_session" | "set_autocommit" => Method::value(&self, |_, vm, args, _| {
                let level = args.get(0, "isolation_level").is_some_and(|level| matches!(level, Value::Int(0)));
                let flag = args.get(0, "autocommit").is_some_and(|flag| matches!(flag, Value::Bool(true)));
                if level || flag {
                    vm.host.autocommit(true);
                }
                Ok(Value::None)
            }),
            "connection" | "dbapi_connection" | "driver_connection" => Value::Object(self),
            "execute" => Method::value(&self, |_, vm, args, span| execute::driver(vm, &args, span)),
            "rollback" => Method::value(&self, |_, vm, _, span| {
                vm.host.not_evaluated("the transaction of the migration is rolled back".into(), span);
                Ok(Value::None)
            }),
            _ if name.starts_with("__") => return Ok(None),
            _ => vm.unknown_database(format!("`.{name}` of the driver's connection is not modelled"), span),
        }))
    }

    fn set_attr(&self, vm: &mut Vm<'_>, name: &str, value: Value, _span: Span) -> Flow<()> {
        if name == "autocommit" && matches!(value, Value::Bool(true)) {
            vm.host.autocommit(true);
        }
        Ok(())
    }

    fn enter(self: Rc<Self>, _vm: &mut Vm<'_>, _span: Span) -> Flow<Value> {
        Ok(Value::Object(self))
    }

    fn reaches_database(&self) -> bool {
        true
    }
}

/// A cursor of the driver.
#[derive(Debug, Default)]
struct Cursor {
    result: RefCell<Option<Value>>,
}

impl Foreign for Cursor {
    object!("cursor");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        let result = self.result.borrow().clone();
        Ok(Some(match name {
            "execute" => Method::value(&self, |cursor, vm, args, span| {
                let result = execute::driver(vm, &args, span)?;
                *cursor.result.borrow_mut() = Some(result);
                Ok(Value::None)
            }),
            "executemany" => Method::value(&self, |cursor, vm, args, span| {
                let sets = match args.positional.get(1) {
                    Some(sets) => vm.iterate(sets, span)?,
                    None => None,
                };
                let Some(sets) = sets else {
                    vm.host.not_evaluated("the values of `executemany` are not known".into(), span);
                    return Ok(Value::None);
                };
                for set in sets {
                    let positional = args.positional.first().cloned().into_iter().chain([set]).collect();
                    let result = execute::driver(vm, &Args { positional, ..Args::default() }, span)?;
                    *cursor.result.borrow_mut() = Some(result);
                }
                Ok(Value::None)
            }),
            "fetchall" | "fetchone" | "fetchmany" | "rowcount" | "lastrowid" => match result {
                Some(result) => vm.attr(&result, name, span)?,
                None => vm.unknown("nothing has been executed", span),
            },
            "close" => Method::value(&self, |_, _, _, _| Ok(Value::None)),
            "connection" => Value::object(RawConnection),
            _ if name.starts_with("__") => return Ok(None),
            _ => vm.unknown_database(format!("`.{name}` of a driver's cursor is not modelled"), span),
        }))
    }

    fn iterate(self: Rc<Self>, vm: &mut Vm<'_>, span: Span) -> Flow<Option<Vec<Value>>> {
        let result = self.result.borrow().clone();
        match result {
            Some(result) => vm.iterate(&result, span),
            None => Ok(None),
        }
    }

    fn enter(self: Rc<Self>, _vm: &mut Vm<'_>, _span: Span) -> Flow<Value> {
        Ok(Value::Object(self))
    }

    fn exit(self: Rc<Self>, _vm: &mut Vm<'_>, _raised: Option<&Raised>, _span: Span) -> Flow<bool> {
        Ok(false)
    }

    fn reaches_database(&self) -> bool {
        true
    }
}
