//! The names of `sqlalchemy.orm` and of Flask-SQLAlchemy's handle.

use std::rc::Rc;

use super::base::{Base, relationship, shared_session};
use super::session::{Block, Session};
use crate::alembic::core::bind::Connection;
use crate::alembic::core::method::{Function, Method};
use crate::alembic::items;
use crate::alembic::object;
use crate::alembic::objects::{Class, Inert};
use crate::python::{Args, Flow, Foreign, Value, Vm};
use crate::source::Span;

/// What `sqlalchemy.orm` and its neighbours have under that name.
pub(in crate::alembic::core) fn named(name: &str) -> Option<Value> {
    Some(match name {
        "Session" => Class::value("Session", |_, _, _| Ok(Value::object(Session::default()))),
        "sessionmaker" => Class::value("sessionmaker", |_, _, _| Ok(Value::object(SessionMaker))),
        "scoped_session" | "create_session" => Function::value(|_, _, _| Ok(Value::object(Session::default()))),
        "declarative_base" => Function::value(|_, args, _| Ok(Base::value(args.keyword("metadata").cloned(), false))),
        "automap_base" => Function::value(|vm, _, span| Ok(vm.unknown("what automap_base() maps is not known", span))),
        "DeclarativeBase" | "DeclarativeBaseNoMeta" => Base::value(None, false),
        "mapped_column" | "MappedColumn" => return items::attribute("Column"),
        "relationship" | "relation" | "backref" | "dynamic_loader" | "synonym" | "column_property" | "composite" => {
            Function::value(relationship)
        }
        "deferred" | "undeferred" => Function::value(|vm, args, span| {
            Ok(args.positional.first().cloned().unwrap_or_else(|| vm.unknown("nothing is deferred", span)))
        }),
        "joinedload" | "subqueryload" | "selectinload" | "lazyload" | "noload" | "raiseload" | "load_only"
        | "defer" | "contains_eager" | "undefer" => Inert::value("a loader option"),
        _ => return None,
    })
}

/// What a Flask-SQLAlchemy handle has under that name.
pub(in crate::alembic::core) fn of_handle(name: &str) -> Option<Value> {
    Some(match name {
        "Model" => Base::value(None, true),
        "session" => shared_session(),
        "engine" => Value::object(Connection { engine: true }),
        _ => return named(name),
    })
}

/// `sessionmaker(bind=…)`.
#[derive(Debug)]
struct SessionMaker;

impl Foreign for SessionMaker {
    object!("sessionmaker");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(match name {
            "configure" => Some(Method::value(&self, |_, _, _, _| Ok(Value::None))),
            "begin" => Some(Method::value(&self, |_, _, _, _| {
                Ok(Value::object(Block { session: Rc::default(), savepoint: false, commits: true }))
            })),
            _ if name.starts_with("__") => None,
            _ => Some(vm.unknown(format!("`.{name}` of a sessionmaker is not modelled"), span)),
        })
    }

    fn call(self: Rc<Self>, _vm: &mut Vm<'_>, _args: Args, _span: Span) -> Flow<Value> {
        Ok(Value::object(Session::default()))
    }

    fn reaches_database(&self) -> bool {
        true
    }
}
