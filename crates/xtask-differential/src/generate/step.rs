//! [`Directive`] and [`Step`]: what a revision does, and what undoes it.

use super::world::{Table, string};
use crate::chain::Piece;

/// A part of a revision.
#[derive(Debug, Clone, Default)]
pub(super) struct Step {
    pub(super) up: Vec<Piece>,
    pub(super) down: Vec<Piece>,
}

impl Step {
    pub(super) fn new(up: impl Into<String>, down: impl Into<String>) -> Self {
        Self { up: vec![Piece::Line(up.into())], down: vec![Piece::Line(down.into())] }
    }

    /// Something that nothing undoes.
    pub(super) fn one_way(up: impl Into<String>) -> Self {
        Self { up: vec![Piece::Line(up.into())], down: Vec::new() }
    }
}

/// A directive about one table, which is written in one way on `op` and in another inside a batch block.
#[derive(Debug, Clone)]
pub(super) struct Directive {
    name: &'static str,
    /// The arguments before the table.
    first: Vec<String>,
    /// The arguments behind it.
    rest: Vec<String>,
    /// How the schema is named on `op`.
    schema: &'static str,
    /// How the table is named on `op`, where it has a keyword.
    table: &'static str,
}

/// A change of one table, and what undoes it.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) up: Vec<Directive>,
    pub(super) down: Vec<Directive>,
}

impl Directive {
    /// A directive whose first argument is the table.
    pub(super) fn new(name: &'static str, rest: Vec<String>) -> Self {
        Self { name, first: Vec::new(), rest, schema: "schema", table: "" }
    }

    /// A directive whose first argument is the name of something on the table.
    pub(super) fn named(name: &'static str, first: String, rest: Vec<String>) -> Self {
        Self { first: vec![first], ..Self::new(name, rest) }
    }

    /// The table is an argument with this keyword.
    pub(super) fn table_keyword(self, table: &'static str) -> Self {
        Self { table, ..self }
    }

    /// The schema is an argument with this keyword.
    pub(super) fn schema_keyword(self, schema: &'static str) -> Self {
        Self { schema, ..self }
    }

    /// As it is written on `op`.
    pub(super) fn on_op(&self, table: &Table) -> String {
        let mut arguments = self.first.clone();
        let equals = if self.table.is_empty() { "" } else { "=" };
        arguments.push(format!("{}{equals}{}", self.table, string(&table.name)));
        arguments.extend(self.rest.iter().cloned());
        arguments.extend(table.schema_argument(self.schema));
        format!("op.{}({})", self.name, arguments.join(", "))
    }

    /// As it is written in a batch block.
    pub(super) fn in_batch(&self) -> String {
        let foreign =
            |argument: &&String| !argument.starts_with("referent_schema") || self.name == "create_foreign_key";
        let arguments: Vec<String> = self.first.iter().chain(self.rest.iter().filter(foreign)).cloned().collect();
        format!("batch_op.{}({})", self.name, arguments.join(", "))
    }
}

impl Change {
    pub(super) fn new(up: Directive, down: Directive) -> Self {
        Self { up: vec![up], down: vec![down] }
    }

    /// On `op`: the table is as the directives of each direction know it.
    pub(super) fn on_op(&self, table: &Table) -> Step {
        let lines = |directives: &[Directive]| directives.iter().map(|d| Piece::Line(d.on_op(table))).collect();
        Step { up: lines(&self.up), down: lines(&self.down) }
    }
}
