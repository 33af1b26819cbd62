//! [`Session`]: objects to be written, objects that were read.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::flush::flush;
use super::instance::{Instance, State};
use super::model::Model;
use super::query::Query;
use super::{bulk, load};
use crate::alembic::core::arguments::required;
use crate::alembic::core::bind::{Connection, Transaction};
use crate::alembic::core::execute;
use crate::alembic::core::method::{Body, Method};
use crate::alembic::object;
use crate::alembic::objects::Inert;
use crate::python::{Args, Flow, Foreign, Raised, Value, Vm};
use crate::source::Span;

/// A session.
#[derive(Debug, Default)]
pub(in crate::alembic::core) struct Session {
    /// What has been added and not inserted yet.
    pub added: Rc<RefCell<Vec<Value>>>,
    /// What is deleted with the next flush.
    pub removed: Rc<RefCell<Vec<Value>>>,
    /// The objects that have rows, in the order in which they came.
    pub persistent: RefCell<Vec<Rc<Instance>>>,
    known: RefCell<FxHashMap<String, Rc<Instance>>>,
}

impl Session {
    /// The object of that row, where it has been loaded before.
    pub(super) fn loaded(&self, identity: &str) -> Option<Rc<Instance>> {
        self.known.borrow().get(identity).cloned()
    }

    /// Remembers the object of a row.
    pub(super) fn remember(&self, identity: Option<String>, instance: &Rc<Instance>) {
        if let Some(identity) = identity {
            self.known.borrow_mut().insert(identity, Rc::clone(instance));
        }
        self.persistent.borrow_mut().push(Rc::clone(instance));
    }

    /// Rows have been changed behind its back: what it has loaded is asked for again.
    pub(super) fn forget(&self) {
        for instance in self.persistent.borrow().iter() {
            instance.values.borrow_mut().entries.clear();
            instance.stored.borrow_mut().clear();
        }
    }

    /// Adds an object.
    pub(super) fn add(self: &Rc<Self>, vm: &mut Vm<'_>, value: &Value, span: Span) -> Flow<()> {
        let Some(instance) = value.downcast::<Instance>() else {
            vm.host.not_evaluated(format!("{value:?} is added to a session, which is not modelled").into(), span);
            return Ok(());
        };
        *instance.session.borrow_mut() = Rc::downgrade(self);
        if instance.state.get() == State::Transient {
            instance.state.set(State::Pending);
            vm.touch(&Value::List(self.added.clone()));
            self.added.borrow_mut().push(value.clone());
            if vm.is_undecided() {
                // Under a condition that can't be decided the INSERT must be made there, to be marked as conditional.
                flush(vm, self, span)?;
            }
        } else if !self.persistent.borrow().iter().any(|known| Rc::ptr_eq(known, &instance)) {
            self.persistent.borrow_mut().push(instance);
        }
        Ok(())
    }

    /// The object of a class with that primary key.
    pub(super) fn get(self: &Rc<Self>, vm: &mut Vm<'_>, model: &Rc<Model>, key: &Value, span: Span) -> Flow<Value> {
        let key = match key {
            Value::Tuple(parts) => parts.to_vec(),
            other => vec![other.clone()],
        };
        if let Some(known) = load::identity_of(model, &key).and_then(|identity| self.loaded(&identity)) {
            return Ok(Value::Object(known));
        }
        Query::by_key(self, model, &key).only(vm, span)
    }
}

fn method(name: &str) -> Option<Body<Session>> {
    Some(match name {
        "add" => |session, vm, args, span| {
            let instance = required(vm, &args, 0, "instance", span)?;
            session.add(vm, &instance, span)?;
            Ok(Value::None)
        },
        "add_all" => |session, vm, args, span| {
            let instances = required(vm, &args, 0, "instances", span)?;
            let Some(items) = vm.iterate(&instances, span)? else {
                vm.host.not_evaluated("what is added to the session is not known".into(), span);
                return Ok(Value::None);
            };
            for item in &items {
                session.add(vm, item, span)?;
            }
            Ok(Value::None)
        },
        "delete" => |session, vm, args, span| {
            let instance = required(vm, &args, 0, "instance", span)?;
            if instance.downcast::<Instance>().is_none() {
                vm.host.not_evaluated(
                    format!("{instance:?} is deleted from a session, which is not modelled").into(),
                    span,
                );
                return Ok(Value::None);
            }
            vm.touch(&Value::List(session.removed.clone()));
            session.removed.borrow_mut().push(instance);
            if vm.is_undecided() {
                flush(vm, session, span)?;
            }
            Ok(Value::None)
        },
        "merge" => bulk::merge,
        "bulk_save_objects" => |session, vm, args, span| {
            let objects = required(vm, &args, 0, "objects", span)?;
            let Some(items) = vm.iterate(&objects, span)? else {
                vm.host.not_evaluated("what is saved is not known".into(), span);
                return Ok(Value::None);
            };
            for item in &items {
                session.add(vm, item, span)?;
            }
            flush(vm, session, span)?;
            Ok(Value::None)
        },
        "bulk_insert_mappings" => bulk::insert_mappings,
        "bulk_update_mappings" => bulk::update_mappings,
        "execute" => |session, vm, args, span| {
            flush(vm, session, span)?;
            execute::execute_in(vm, &args, Some(session), span)
        },
        "scalar" => |session, vm, args, span| {
            flush(vm, session, span)?;
            let result = execute::execute_in(vm, &args, Some(session), span)?;
            let scalar = vm.attr(&result, "scalar", span)?;
            vm.call(&scalar, Args::default(), span)
        },
        "scalars" => |session, vm, args, span| {
            flush(vm, session, span)?;
            let result = execute::execute_in(vm, &args, Some(session), span)?;
            let scalars = vm.attr(&result, "scalars", span)?;
            vm.call(&scalars, Args::default(), span)
        },
        "query" => |session, vm, args, span| Query::make(session, vm, &args, span),
        "get" | "get_one" => |session, vm, args, span| {
            let entity = required(vm, &args, 0, "entity", span)?;
            let key = required(vm, &args, 1, "ident", span)?;
            flush(vm, session, span)?;
            match entity.downcast::<Model>() {
                Some(model) => session.get(vm, &model, &key, span),
                None => Ok(vm.unknown("the class of `get` is not known", span)),
            }
        },
        "flush" | "commit" => |session, vm, _, span| {
            flush(vm, session, span)?;
            Ok(Value::None)
        },
        "rollback" => |session, vm, _, span| {
            session.added.borrow_mut().clear();
            session.removed.borrow_mut().clear();
            vm.host.not_evaluated("the transaction of the migration is rolled back".into(), span);
            Ok(Value::None)
        },
        "close" | "remove" | "expunge_all" | "reset" => |session, _, _, _| {
            // What has not been flushed is thrown away.
            session.added.borrow_mut().clear();
            session.removed.borrow_mut().clear();
            session.persistent.borrow_mut().clear();
            session.known.borrow_mut().clear();
            Ok(Value::None)
        },
        "expunge" => |session, _, args, _| {
            if let Some(instance) = args.get(0, "instance").and_then(Value::downcast::<Instance>) {
                session.persistent.borrow_mut().retain(|known| !Rc::ptr_eq(known, &instance));
                session.known.borrow_mut().retain(|_, known| !Rc::ptr_eq(known, &instance));
            }
            Ok(Value::None)
        },
        "refresh" | "expire" | "expire_all" => |session, vm, _, span| {
            flush(vm, session, span)?;
            session.forget();
            Ok(Value::None)
        },
        "begin" => {
            |session, _, _, _| Ok(Value::object(Block { session: Rc::clone(session), savepoint: false, commits: true }))
        }
        "begin_nested" => |session, vm, _, span| {
            flush(vm, session, span)?;
            vm.host.savepoint();
            Ok(Value::object(Block { session: Rc::clone(session), savepoint: true, commits: true }))
        },
        "connection" | "get_bind" => |_, _, _, _| Ok(Connection::value()),
        "in_transaction" => |_, _, _, _| Ok(Value::Bool(true)),
        _ => return None,
    })
}

impl Foreign for Session {
    object!("Session");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if let Some(body) = method(name) {
            return Ok(Some(Method::value(&self, body)));
        }
        Ok(Some(match name {
            "bind" => Connection::value(),
            "no_autoflush" => Value::object(Transaction::new(false)),
            "is_active" | "autoflush" => Value::Bool(true),
            "dirty" | "new" | "deleted" | "identity_map" => {
                vm.unknown(format!("`.{name}` of a session is not modelled"), span)
            }
            "info" => Inert::value("session.info"),
            _ if name.starts_with("__") => return Ok(None),
            _ => vm.unknown_database(format!("`.{name}` of a session is not modelled"), span),
        }))
    }

    fn call(self: Rc<Self>, _vm: &mut Vm<'_>, _args: Args, _span: Span) -> Flow<Value> {
        // A scoped session gives itself when it is called.
        Ok(Value::Object(self))
    }

    fn enter(self: Rc<Self>, _vm: &mut Vm<'_>, _span: Span) -> Flow<Value> {
        Ok(Value::Object(self))
    }

    fn exit(self: Rc<Self>, _vm: &mut Vm<'_>, _raised: Option<&Raised>, _span: Span) -> Flow<bool> {
        self.added.borrow_mut().clear();
        self.removed.borrow_mut().clear();
        Ok(false)
    }

    fn reaches_database(&self) -> bool {
        true
    }
}

/// `with session.begin():`, `with Session.begin() as session:`.
#[derive(Debug)]
pub(super) struct Block {
    /// The session.
    pub session: Rc<Session>,
    /// It is a savepoint.
    pub savepoint: bool,
    /// It commits at its end.
    pub commits: bool,
}

impl Foreign for Block {
    object!("SessionTransaction");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(match name {
            "commit" => Some(Method::value(&self, |block, vm, _, span| {
                flush(vm, &block.session, span)?;
                if block.savepoint {
                    vm.host.end_savepoint(true);
                }
                Ok(Value::None)
            })),
            "rollback" if self.savepoint => Some(Method::value(&self, |block, vm, _, _| {
                block.session.added.borrow_mut().clear();
                vm.host.end_savepoint(false);
                Ok(Value::None)
            })),
            _ if name.starts_with("__") => None,
            _ => {
                let session = Value::Object(self.session.clone());
                Some(vm.attr(&session, name, span)?)
            }
        })
    }

    fn enter(self: Rc<Self>, _vm: &mut Vm<'_>, _span: Span) -> Flow<Value> {
        Ok(Value::Object(self.session.clone()))
    }

    fn exit(self: Rc<Self>, vm: &mut Vm<'_>, raised: Option<&Raised>, span: Span) -> Flow<bool> {
        if raised.is_none() && self.commits {
            flush(vm, &self.session, span)?;
        }
        if self.savepoint {
            vm.host.end_savepoint(raised.is_none());
        }
        Ok(false)
    }

    fn reaches_database(&self) -> bool {
        true
    }
}
