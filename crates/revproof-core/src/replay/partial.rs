//! SQL text of which only some pieces are known ([`HOLE`]). What a statement may do is told from what is known of it:
//! one that is about rows leaves the schema alone, whatever the pieces are.

use std::sync::Arc;

use super::simulation::{Simulation, shorten};
use super::trace::DoubtScope;
use crate::engine::Database;
use crate::op::{Answer, Certainty, Datum, HOLE, OpKind, Operation, Origin, Outcome, SqlText};
use crate::schema::{Name, QName};
use crate::source::Span;
use crate::sql::Statement;

/// Why a piece of a text is not known, where one isn't.
pub(super) fn hole_in(params: &[(Name, Datum)]) -> Option<Arc<str>> {
    params.iter().find_map(|(name, value)| match value {
        Datum::Unknown(why) if name.starts_with(HOLE) => Some(why.clone()),
        _ => None,
    })
}

impl Simulation<'_> {
    /// Runs a statement whose unknown pieces are more than values in it; `None` where it can be run like any other.
    pub(super) fn run_partial(
        &mut self,
        statement: &Statement,
        source: &str,
        text: &SqlText,
        span: Span,
        origin: Origin,
    ) -> Outcome<Option<Answer>> {
        let in_source = text.params.iter().filter(|(name, _)| source.contains(&**name));
        let params: Vec<(Name, Datum)> = in_source.cloned().collect();
        // Where other values are not known either, the holes come without their reasons.
        let nameless = || source.contains(HOLE).then(|| Arc::from("a piece of the text is not known"));
        let Some(why) = hole_in(&params).or_else(nameless) else { return Ok(None) };
        let touches = match statement {
            Statement::Data(_) if holes_are_values(source) => return Ok(None),
            Statement::Transaction(_) => return Ok(None),
            Statement::Ddl(kinds) if kinds.iter().all(OpKind::is_inert) => return Ok(None),
            Statement::Data(_) | Statement::Unreadable { .. } if is_about_rows(source) => {
                self.doubt(format!("{} is not fully known: {why}", shorten(source)), span, DoubtScope::Rows);
                self.taint_written(statement, &why);
                return Ok(Some(Answer::Unknown(why)));
            }
            Statement::Ddl(kinds) => kinds.iter().flat_map(OpKind::touches).collect(),
            Statement::Data(_) | Statement::Unreadable { .. } => Vec::new(),
        };
        let apart = matches!(statement, Statement::Ddl(kinds) if kinds.iter().all(OpKind::is_apart));
        let known = apart || touches.iter().all(|name: &QName| !name.to_string().contains(HOLE));
        let touches = if known { touches } else { Vec::new() };
        let kind = OpKind::Opaque { what: shorten(source), why: why.clone(), touches, rows_only: false };
        self.apply_one(Operation { kind, span, certainty: Certainty::Certain, origin })?;
        Ok(Some(Answer::Unknown(why)))
    }

    /// The rows of the tables that a statement writes are not known from now on; those of all tables where it is not
    /// known which it writes.
    pub(super) fn taint_written(&mut self, statement: &Statement, why: &Arc<str>) {
        let written = Database::written_tables(statement, self.db.catalog.dialect);
        let known = !written.is_empty() && written.iter().all(|name| self.db.catalog.tables.contains_key(name));
        let tables: Vec<QName> = match (statement, known) {
            (_, true) => written,
            (Statement::Data(_), false) if written.is_empty() => Vec::new(),
            _ => self.db.catalog.tables.keys().cloned().collect(),
        };
        for table in tables {
            self.db_mut().taint_rows(&table, why);
        }
    }
}

/// Whether every unknown piece is a bound value.
fn holes_are_values(source: &str) -> bool {
    source.match_indices(HOLE).all(|(at, _)| source.get(..at).is_some_and(|before| before.ends_with(':')))
}

/// Whether a statement can change nothing but rows, by its first word.
pub(super) fn is_about_rows(source: &str) -> bool {
    let first = source.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    matches!(first.as_str(), "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "VALUES" | "WITH" | "MERGE")
}
