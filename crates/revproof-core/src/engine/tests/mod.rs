//! What the engine does, as SQL in and text out. The expectations were read off real servers.

mod catalog;
mod constraints;
mod ddl;
mod dml;
mod queries;
mod seeds;

use super::Database;
use super::value::text;
use crate::op::{Answer, Certainty, Datum, Failure, Operation, Origin};
use crate::schema::Dialect;
use crate::source::{FileId, Span};
use crate::sql::{Statement, split};

/// Runs SQL; the answer of the last statement.
fn run(db: &mut Database, sql: &str) -> Result<Answer, Failure> {
    let mut last = Answer::Done(crate::op::Effect::default());
    for part in split(sql, db.catalog.dialect) {
        last = match &part.statement {
            Statement::Ddl(kinds) => {
                let mut effect = crate::op::Effect::default();
                for kind in kinds {
                    let span = Span::new(FileId(0), 0, 0);
                    let operation =
                        Operation { kind: kind.clone(), span, certainty: Certainty::Certain, origin: Origin::Sql };
                    effect.doubts.extend(db.apply(&operation)?.doubts);
                }
                Answer::Done(effect)
            }
            data @ Statement::Data(_) => db.execute(data, &[])?,
            Statement::Unreadable { why, .. } => Answer::Unknown(why.clone()),
            other => panic!("not for the engine: {other:?}"),
        };
    }
    Ok(last)
}

/// An answer as text: rows as `a|b` lines, `?` and why where it is unknown.
fn shown(answer: Result<Answer, Failure>) -> String {
    let cell = |datum: &Datum| match datum {
        Datum::Text(t) => format!("'{t}'"),
        datum => text(datum).into_owned(),
    };
    match answer {
        Ok(Answer::Rows(set)) => {
            let rows = set.rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join("|"));
            rows.collect::<Vec<_>>().join("\n")
        }
        Ok(Answer::Done(effect)) => {
            let rows = effect.rows.map(|r| r.to_string()).unwrap_or_default();
            let doubts = effect.doubts.iter().flat_map(|doubt| [" ?", &**doubt]);
            ["ok ", &rows].into_iter().chain(doubts).collect::<String>().trim_end().to_owned()
        }
        Ok(Answer::Unknown(why)) => format!("? {why}"),
        Err(failure) => format!("error {:?}: {}", failure.kind, failure.message),
    }
}

fn database(dialect: Dialect, setup: &str) -> Database {
    let mut db = Database::new(dialect);
    if let Err(failure) = run(&mut db, setup) {
        panic!("{setup}: {failure:?}");
    }
    db
}

/// After `setup`, `statement` gives `expected`.
#[track_caller]
fn check(dialect: Dialect, setup: &str, statement: &str, expected: &str) {
    let mut db = database(dialect, setup);
    assert_eq!(shown(run(&mut db, statement)), expected, "{statement}");
}

/// On PostgreSQL.
#[track_caller]
fn pg(setup: &str, statement: &str, expected: &str) {
    check(Dialect::PostgreSql, setup, statement, expected);
}

/// On SQLite.
#[track_caller]
fn lite(setup: &str, statement: &str, expected: &str) {
    check(Dialect::Sqlite, setup, statement, expected);
}
