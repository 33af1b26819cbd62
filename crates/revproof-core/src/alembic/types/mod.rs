//! SQLAlchemy's types: [`SaType`] as a script builds it, [`TypeClass`] before it is called, [`compile()`] to what a
//! dialect makes of it.

mod build;
mod class;
mod compile;
mod decorator;
mod enums;
mod family;
mod kind;
mod methods;
mod spell;
mod third_party;

use std::rc::Rc;

pub(in crate::alembic) use class::{TypeClass, lookup};
pub(in crate::alembic) use compile::{compile, compile_column};
pub(in crate::alembic) use enums::{EnumSpec, Flavour, named_enum};
pub(in crate::alembic) use kind::{Affinity, Kind};
pub(in crate::alembic) use spell::spell;
pub(in crate::alembic) use third_party::is_package_module;

use crate::python::{Unknown, Value};
use crate::schema::{Name, SqlType};

/// An instance of a SQLAlchemy type.
#[derive(Debug, Clone)]
pub(in crate::alembic) struct SaType {
    /// The name of its class: `String`, `JSONB`.
    pub class: Rc<str>,
    /// What it is.
    pub kind: Kind,
    /// Its arguments.
    pub params: Params,
    /// What `with_variant` puts in its place on one dialect.
    pub variants: Vec<(Rc<str>, Rc<SaType>)>,
    /// Why one of its arguments can't be known, if one can't.
    pub unknown: Option<Rc<Unknown>>,
}

/// The arguments of a type, as far as they reach the database.
#[derive(Debug, Clone, Default)]
pub(in crate::alembic) struct Params {
    /// `length`; of MySQL's moments, `fsp`.
    pub length: Option<u32>,
    /// `precision`.
    pub precision: Option<u32>,
    /// `scale`.
    pub scale: Option<i32>,
    /// `timezone`.
    pub timezone: bool,
    /// `collation`.
    pub collation: Option<Name>,
    /// `charset` (MySQL).
    pub charset: Option<Name>,
    /// `unsigned` (MySQL).
    pub unsigned: bool,
    /// `zerofill` (MySQL).
    pub zerofill: bool,
    /// `dimensions`, of an array.
    pub dimensions: Option<u32>,
    /// `varying` (PostgreSQL's `BIT`).
    pub varying: bool,
    /// `fields` (PostgreSQL's `INTERVAL`).
    pub fields: Option<Name>,
    /// `native_uuid=False`, `native_enum=False`.
    pub not_native: bool,
    /// `create_constraint`.
    pub create_constraint: bool,
    /// `spatial_index` (`geoalchemy2`).
    pub spatial_index: bool,
    /// `name`, of the constraint of a `Boolean`.
    pub name: super::known::NameArg,
}

impl SaType {
    /// A type of that kind without arguments.
    pub(in crate::alembic) fn plain(class: &str, kind: Kind) -> Self {
        Self { class: class.into(), kind, params: Params::default(), variants: Vec::new(), unknown: None }
    }

    /// The type of a column that the catalog holds, as reflection would give it.
    pub(in crate::alembic) fn reflected(ty: SqlType) -> Self {
        Self::plain("TypeEngine", Kind::Reflected(Box::new(ty)))
    }

    /// The type that holds on a dialect: a variant, or itself.
    pub(in crate::alembic) fn on(&self, dialect: crate::schema::Dialect) -> &SaType {
        self.variants.iter().find(|(name, _)| &**name == dialect.name()).map_or(self, |(_, variant)| variant)
    }

    /// Whether values of this type travel as JSON, so that a dict or a list bound to it is JSON text.
    pub(in crate::alembic) fn is_json(&self) -> bool {
        match &self.kind {
            Kind::Json | Kind::Jsonb => true,
            Kind::Reflected(ty) => matches!(**ty, SqlType::Json | SqlType::Jsonb),
            Kind::Decorated(inner) => inner.is_json(),
            _ => false,
        }
    }

    /// The collation.
    pub(in crate::alembic) fn collation(&self) -> Option<Name> {
        self.params.collation.clone()
    }
}

/// The type that a value stands for: an instance, or a class that is not called (`sa.Integer`).
pub(in crate::alembic) fn coerce(value: &Value) -> Option<Rc<SaType>> {
    if let Some(ty) = value.downcast::<SaType>() {
        return Some(ty);
    }
    value.downcast::<TypeClass>().map(|class| class.bare())
}
