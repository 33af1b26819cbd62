//! Our engine.

use std::collections::BTreeMap;

use revproof_core::engine::Database;
use revproof_core::op::{Answer, Certainty, Datum, Effect, Failure, FailureKind, Operation, Origin, RowSet};
use revproof_core::source::{FileId, Span};
use revproof_core::sql::{Part, Statement, split};

use super::cases::Case;

/// What came of a case.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What the statements gave, up to the first that failed.
    pub(super) steps: Vec<Step>,
    /// What the tables hold afterwards; `None` where that is not known.
    pub(super) tables: BTreeMap<String, Option<RowSet>>,
    /// What is not known, of statements and of rows.
    doubts: Vec<String>,
    /// A statement was not understood at all.
    lost: bool,
}

/// What a statement gave.
#[derive(Debug)]
pub(super) enum Step {
    Rows(RowSet),
    Count(Option<u64>),
    Failed(FailureKind, String),
    Unknown,
}

impl Outcome {
    /// What is not known, if anything.
    pub(super) fn unknown(&self) -> Option<String> {
        (!self.doubts.is_empty()).then(|| self.doubts.join("; "))
    }
}

/// Executes the set-up, which must succeed, and the case.
pub(super) fn execute(case: &Case) -> Result<Outcome, String> {
    let mut db = Database::new(case.dialect);
    for part in split(&case.setup, case.dialect) {
        let text = &case.setup[part.range.clone()];
        match run(&mut db, &part) {
            Ok(Answer::Unknown(why)) => return Err(format!("{text}: {why}")),
            Ok(Answer::Done(effect)) if !effect.doubts.is_empty() => return Err(format!("{text}: {effect:?}")),
            Ok(_) => {}
            Err(failure) => return Err(format!("{text}: {}", failure.message)),
        }
    }
    let mut outcome = Outcome::default();
    for part in split(&case.sql, case.dialect) {
        let step = match run(&mut db, &part) {
            Ok(Answer::Rows(rows)) => {
                note(&mut outcome.doubts, &rows);
                Step::Rows(rows)
            }
            Ok(Answer::Unknown(why)) => {
                outcome.doubts.push(why.to_string());
                outcome.lost |= matches!(part.statement, Statement::Unreadable { .. });
                Step::Unknown
            }
            Ok(Answer::Done(effect)) => {
                outcome.doubts.extend(effect.doubts.iter().map(ToString::to_string));
                Step::Count(effect.rows)
            }
            Err(failure) => {
                outcome.doubts.extend(failure.doubt.iter().map(ToString::to_string));
                let step = Step::Failed(failure.kind, failure.message);
                outcome.steps.push(if failure.doubt.is_some() { Step::Unknown } else { step });
                break;
            }
        };
        outcome.steps.push(step);
    }
    // Alembic's own table is there from the start.
    for name in db.catalog.tables.keys().filter(|name| &*name.name != "alembic_version") {
        let rows = db.rows(name);
        note(&mut outcome.doubts, &rows);
        let doubt = db.row_doubt(name);
        outcome.doubts.extend(doubt.iter().map(ToString::to_string));
        let known = doubt.is_none() && !outcome.lost;
        outcome.tables.insert(name.name.to_string(), known.then_some(rows));
    }
    Ok(outcome)
}

fn run(db: &mut Database, part: &Part) -> Result<Answer, Failure> {
    match &part.statement {
        Statement::Ddl(kinds) => {
            let mut effect = Effect::default();
            for kind in kinds {
                let span = Span::new(FileId(0), 0, 0);
                let operation =
                    Operation { kind: kind.clone(), span, certainty: Certainty::Certain, origin: Origin::Sql };
                effect.doubts.extend(db.apply(&operation)?.doubts);
            }
            Ok(Answer::Done(effect))
        }
        data @ Statement::Data(_) => db.execute(data, &[]),
        Statement::Unreadable { why, certain: true } => {
            Err(Failure::new(FailureKind::InvalidStatement, why.to_string()))
        }
        Statement::Unreadable { why, certain: false } => Ok(Answer::Unknown(why.clone())),
        Statement::Transaction(_) => Ok(Answer::Done(Effect::default())),
    }
}

fn note(doubts: &mut Vec<String>, rows: &RowSet) {
    for cell in rows.rows.iter().flatten() {
        if let Datum::Unknown(why) = cell {
            doubts.push(why.to_string());
        }
    }
}
