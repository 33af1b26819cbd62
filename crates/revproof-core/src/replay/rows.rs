//! [`UserRows`]: rows that the user brings, inserted as soon as their tables exist.

use std::sync::Arc;

use crate::config::Rows;
use crate::engine::Database;
use crate::op::FailureKind;
use crate::schema::Dialect;
use crate::sql::{self, Part, Statement};

/// The statements that are still to run.
#[derive(Clone)]
pub(crate) struct UserRows {
    text: Arc<str>,
    waiting: Vec<Arc<Part>>,
    refused: Vec<String>,
}

impl UserRows {
    pub(crate) fn new(rows: &Rows, dialect: Dialect) -> Self {
        let text = match rows {
            Rows::File { sql, .. } => sql.clone(),
            Rows::Seeded | Rows::None => "".into(),
        };
        let waiting = sql::split(&text, dialect).into_iter().map(Arc::new).collect();
        Self { text, waiting, refused: Vec::new() }
    }

    /// Whether the same statements of the same text are still to run, and the same were refused.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let ranges = |rows: &Self| rows.waiting.iter().map(|part| part.range.clone()).collect::<Vec<_>>();
        self.text == other.text && self.refused == other.refused && ranges(self) == ranges(other)
    }

    /// Runs every waiting statement whose tables and columns exist by now.
    pub(crate) fn insert(&mut self, db: &mut Database) {
        let (text, refused) = (&self.text, &mut self.refused);
        self.waiting.retain(|part| {
            let source = || text.get(part.range.clone()).unwrap_or_default().trim().to_owned();
            let Statement::Data(_) = &part.statement else {
                refused.push(format!("`{}` is no INSERT, UPDATE or DELETE", source()));
                return false;
            };
            match db.execute(&part.statement, &[]) {
                Ok(crate::op::Answer::Unknown(why)) => {
                    refused.push(format!("`{}` is not understood: {why}", source()));
                    false
                }
                Ok(_) => false,
                Err(failure) if failure.kind == FailureKind::UndefinedObject => true,
                Err(failure) => {
                    refused.push(format!("`{}` is refused: {}", source(), failure.message));
                    false
                }
            }
        });
    }

    /// What was refused so far, and why, as sentences.
    pub(crate) fn refused(&self) -> &[String] {
        &self.refused
    }

    /// What was never inserted, and why, as sentences.
    pub(crate) fn remaining(&self) -> Vec<String> {
        let never = self.waiting.iter().map(|part| {
            let source = self.text.get(part.range.clone()).unwrap_or_default().trim();
            format!("`{source}` was never run: its table or a column of it exists at no revision")
        });
        self.refused.iter().cloned().chain(never).collect()
    }
}
