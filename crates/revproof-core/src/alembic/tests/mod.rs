//! Scripts against the operations that they become.

mod batch;
mod changes;
mod constraints;
mod header;
mod rows;
mod runs;
mod show;
mod tables;
mod types;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Direction, Environment, Keep, Modules, Project, ProjectDatabase, Reading, RunEnd, load, run};
use crate::op::{Answer, Effect, Host, Operation, Outcome, SqlText};
use crate::python::Environ;
use crate::schema::{Catalog, Dialect, Name, QName};
use crate::source::{Sources, Span};

pub(super) const PG: Dialect = Dialect::PostgreSql;
pub(super) const SQLITE: Dialect = Dialect::Sqlite;
pub(super) const MYSQL: Dialect = Dialect::MySql;

/// A host that writes down what it is told.
pub(super) struct Recorder {
    catalog: Catalog,
    lines: Vec<String>,
    enums: Vec<QName>,
}

impl Host for Recorder {
    fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    fn apply(&mut self, operation: Operation) -> Outcome<Effect> {
        self.lines.push(show::operation(&operation));
        Ok(Effect::default())
    }

    fn execute(&mut self, sql: SqlText, _: Span) -> Outcome<Answer> {
        self.lines.push(format!("QUERY {}", sql.text));
        Ok(Answer::Unknown("no rows are recorded".into()))
    }

    fn not_evaluated(&mut self, why: Arc<str>, _: Span) {
        self.lines.push(format!("? {why}"));
    }

    fn enter_conditional(&mut self, why: Arc<str>, _: Span) {
        self.lines.push(format!("IF {why}"));
    }

    fn leave_conditional(&mut self) {
        self.lines.push("END IF".to_owned());
    }

    fn savepoint(&mut self) {
        self.lines.push("SAVEPOINT".to_owned());
    }

    fn end_savepoint(&mut self, keep: bool) {
        self.lines.push(if keep { "RELEASE".to_owned() } else { "ROLLBACK TO".to_owned() });
    }

    fn autocommit(&mut self, on: bool) {
        self.lines.push(if on { "COMMIT".to_owned() } else { "BEGIN".to_owned() });
    }

    fn enum_already_emitted(&mut self, name: &QName) -> bool {
        let known = self.enums.contains(name);
        if !known {
            self.enums.push(name.clone());
        }
        known
    }
}

/// Loads a script and runs a direction of it; gives what the host was told and how it ended.
pub(super) fn evaluate(
    script: &str,
    direction: Direction,
    dialect: Dialect,
    naming: &[(&str, &str)],
) -> (Vec<String>, RunEnd) {
    evaluate_beside(script, &[], direction, dialect, naming)
}

/// As [`evaluate`], beside other files of the project.
pub(super) fn evaluate_beside(
    script: &str,
    others: &[(&str, &str)],
    direction: Direction,
    dialect: Dialect,
    naming: &[(&str, &str)],
) -> (Vec<String>, RunEnd) {
    let others = others.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let tree: BTreeMap<String, String> =
        std::iter::once(("migrations/versions/a1_x.py".to_owned(), script.to_owned())).chain(others).collect();
    let project = Project {
        root: "migrations".to_owned(),
        version_locations: vec!["migrations/versions".to_owned()],
        module_roots: vec![String::new()],
        ..Project::default()
    };
    let mut sources = Sources::default();
    let (scripts, findings) = load(&tree, &project, &mut sources, Reading::plain(Keep::Code), None);
    let Some(script) = scripts.first() else { panic!("not loaded: {findings:?}") };
    let naming = naming.iter().map(|(key, template)| (Name::from(*key), Name::from(*template))).collect();
    let database = script.databases.as_ref().and_then(|names| names.last()).map(|name| ProjectDatabase {
        name: name.clone(),
        listed: false,
        first: false,
    });
    let environment = Environment {
        dialect,
        naming,
        naming_unread: false,
        x_arguments: Vec::new(),
        environ: Environ::default(),
        commits_each: false,
        database,
        step_limit: 100_000,
    };
    let mut recorder = Recorder { catalog: Catalog::new(dialect), lines: Vec::new(), enums: Vec::new() };
    let end = run(script, direction, &environment, &mut recorder, &Modules::new(&tree, &project, 0));
    (recorder.lines, end)
}

/// A script whose `upgrade()` has this body.
pub(super) fn script(body: &str) -> String {
    let indented = format!("    {}\n", body.lines().collect::<Vec<_>>().join("\n    "));
    format!(
        "from alembic import op\nimport sqlalchemy as sa\nfrom sqlalchemy.dialects import postgresql, mysql, sqlite\n\
         import enum, datetime, decimal, uuid\n\nrevision = 'a1'\ndown_revision = None\n\n\ndef upgrade():\n{indented}\n"
    )
}

/// Evaluates the body of an `upgrade()` and compares what it does, line by line, with what is expected. An exception
/// that ends it is the last line, after `!!`.
#[track_caller]
pub(super) fn check(body: &str, dialect: Dialect, expected: &str) {
    check_named(body, dialect, &[], expected);
}

/// [`check`] under a naming convention.
#[track_caller]
pub(super) fn check_named(body: &str, dialect: Dialect, naming: &[(&str, &str)], expected: &str) {
    let (mut lines, end) = evaluate(&script(body), Direction::Upgrade, dialect, naming);
    match end {
        RunEnd::Completed => {}
        RunEnd::Raised { failure, .. } => lines.push(format!("!! {:?}: {}", failure.kind, failure.message)),
        other => lines.push(format!("!! {other:?}")),
    }
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, expected, "\n{body}\n on {dialect}:\n{}\n", lines.join("\n"));
}

/// The same on all dialects.
#[track_caller]
pub(super) fn check_all(body: &str, expected: &str) {
    for dialect in [PG, SQLITE, MYSQL] {
        check(body, dialect, expected);
    }
}

/// The naming convention of the reference's cases.
pub(super) const CONVENTION: [(&str, &str); 5] = [
    ("ix", "ix_%(column_0_label)s"),
    ("uq", "uq_%(table_name)s_%(column_0_name)s"),
    ("ck", "ck_%(table_name)s_%(constraint_name)s"),
    ("fk", "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"),
    ("pk", "pk_%(table_name)s"),
];
