//! [`Operations`]: what leads from one schema to another and back, in the text that Alembic's autogenerate renders.
//!
//! The other side is a schema, not a model: types and names are those that SQLAlchemy would reflect from a database. What
//! has no directive is left out here; whoever uses the text runs it and says what is missing.

mod column;
mod compare;
mod compare_table;
mod constraint;
mod index;
mod likeness;
mod order;
mod step;
#[cfg(test)]
mod tests;
mod text;
mod types;
mod writable;
mod write;

use step::{Step, reversed};
use write::Writer;

use crate::schema::{Catalog, Dialect};

/// What leads from one schema to another.
#[derive(Debug, Clone)]
pub struct Operations {
    steps: Vec<Step>,
    dialect: Dialect,
    batch: bool,
    /// The enum types of both.
    enums: Catalog,
}

/// The parts of a script that are generated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Generated {
    /// The body of `upgrade()`.
    pub upgrades: String,
    /// The body of `downgrade()`.
    pub downgrades: String,
    /// What they import.
    pub imports: String,
}

impl Operations {
    /// What leads from `before` to `wanted`. SQLite gets batch blocks, as it can hardly alter a table; the others where
    /// `env.py` asks for them.
    pub fn between(before: &Catalog, wanted: &Catalog, batch: bool) -> Self {
        let dialect = wanted.dialect;
        let mut enums = before.clone();
        enums.enums.extend(wanted.enums.iter().map(|(name, ty)| (name.clone(), ty.clone())));
        Self { steps: compare::steps(before, wanted), dialect, batch: batch || dialect == Dialect::Sqlite, enums }
    }

    /// Whether there is nothing to do that a directive could do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The text, with remarks at the head of the way up and of the way down.
    pub fn render(&self, remarks_up: &[String], remarks_down: &[String]) -> Generated {
        let writer = Writer { dialect: self.dialect, batch: self.batch, enums: &self.enums };
        let upgrades = writer.body(&self.steps, remarks_up);
        let downgrades = writer.body(&reversed(&self.steps), remarks_down);
        let package = self.dialect.name();
        let uses = [&upgrades, &downgrades].iter().any(|body| body.contains(&format!("{package}.")));
        let imports = if uses { format!("from sqlalchemy.dialects import {package}") } else { String::new() };
        Generated { upgrades, downgrades, imports }
    }
}
