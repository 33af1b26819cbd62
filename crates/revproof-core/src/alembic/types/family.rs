//! The class under which SQLAlchemy counts a type that a script gives.

use super::enums::Flavour;
use super::kind::Kind;
use super::{SaType, compile};
use crate::schema::{Dialect, SqlType, TypeFamily};

impl SaType {
    /// Its class, variants aside: several are stored as something of another.
    pub(in crate::alembic) fn family(&self, dialect: Dialect) -> TypeFamily {
        match &self.kind {
            Kind::Uuid | Kind::PlainUuid => TypeFamily::Uuid,
            Kind::Interval | Kind::PlainInterval => TypeFamily::Interval,
            Kind::Enum(spec) if spec.flavour == Flavour::PostgreSql => TypeFamily::Named,
            Kind::Enum(_) => TypeFamily::String,
            Kind::Domain(_) => TypeFamily::Named,
            Kind::Decorated(inner) => inner.family(dialect),
            _ => {
                let plain = Self { variants: Vec::new(), ..self.clone() };
                compile(&plain, dialect).unwrap_or(SqlType::Unknown).family()
            }
        }
    }
}
