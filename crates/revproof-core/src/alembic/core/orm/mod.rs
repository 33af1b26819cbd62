//! The ORM, as far as migrations use it: declarative classes ([`Model`]), their objects (`Instance`), sessions
//! ([`Session`]) and their queries ([`Query`]).
//!
//! A session collects what is added, changed and deleted and sends it when it is flushed, as SQLAlchemy does; rows that
//! it loads become objects.

mod base;
mod bulk;
mod entity;
mod flush;
mod instance;
mod load;
mod maker;
mod model;
mod query;
mod relation;
mod session;

pub(super) use entity::{entity, fold};
pub(super) use maker::{named, of_handle};
pub(super) use model::Model;
pub(super) use query::Query;
pub(super) use session::Session;
