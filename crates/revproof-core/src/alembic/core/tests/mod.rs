//! Tests of what scripts say to the database: whole scripts against a host that remembers what it is told.

mod expressions;
mod scripts;
mod statements;

use std::rc::Rc;
use std::sync::Arc;

use super::compiler::{Compiler, Style};
use super::{expression, inline, precedence, text};
use crate::alembic::library::Alembic;
use crate::op::{Answer, Datum, Effect, Host, OpKind, Operation, Outcome, RowSet, SqlText};
use crate::python::{Library, NoModules, Value, Vm, parse};
use crate::schema::{Catalog, Dialect, QName};
use crate::source::{Sources, Span};

/// What a statement that holds `needle` is answered with.
pub(super) struct Scripted {
    pub(super) needle: &'static str,
    pub(super) answer: Answer,
}

/// A host that remembers what it is told, and answers from a script.
pub(super) struct Recorder {
    catalog: Catalog,
    answers: Vec<Scripted>,
    pub(super) events: Vec<String>,
    depth: usize,
}

impl Recorder {
    fn event(&mut self, text: &str) {
        self.events.push(format!("{}{text}", "?".repeat(self.depth)));
    }
}

impl Host for Recorder {
    fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    fn apply(&mut self, operation: Operation) -> Outcome<Effect> {
        let text = match &operation.kind {
            OpKind::Sql(sql) => with_values(sql, self.catalog.dialect),
            OpKind::BulkInsert { table, rows } => {
                let rows: Vec<String> = rows
                    .iter()
                    .map(|row| {
                        let values: Vec<String> = row
                            .iter()
                            .map(|(name, value)| {
                                format!("{name}={}", inline::literal(value, self.catalog.dialect).unwrap_or("?".into()))
                            })
                            .collect();
                        values.join(" ")
                    })
                    .collect();
                format!("bulk {table}: {}", rows.join("; "))
            }
            OpKind::Opaque { what, why, touches, .. } => {
                let touches: Vec<String> = touches.iter().map(ToString::to_string).collect();
                format!("opaque {what} on {}: {why}", touches.join(", "))
            }
            other => format!("{other:?}"),
        };
        self.event(&text);
        Ok(Effect::default())
    }

    fn execute(&mut self, sql: SqlText, _: Span) -> Outcome<Answer> {
        let text = with_values(&sql, self.catalog.dialect);
        self.event(&text);
        let answer = self.answers.iter().find(|scripted| text.contains(scripted.needle));
        Ok(answer.map_or_else(
            || Answer::Done(Effect { rows: Some(1), doubts: Vec::new() }),
            |scripted| scripted.answer.clone(),
        ))
    }

    fn not_evaluated(&mut self, why: Arc<str>, _: Span) {
        self.event(&format!("not evaluated: {why}"));
    }

    fn enter_conditional(&mut self, _: Arc<str>, _: Span) {
        self.depth += 1;
    }

    fn leave_conditional(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    fn savepoint(&mut self) {
        self.event("savepoint");
    }

    fn end_savepoint(&mut self, keep: bool) {
        self.event(if keep { "release" } else { "rollback to savepoint" });
    }

    fn autocommit(&mut self, _: bool) {}

    fn enum_already_emitted(&mut self, _: &QName) -> bool {
        false
    }
}

/// The text with its values in the places of its binds; `?` for what is not known.
fn with_values(sql: &SqlText, dialect: Dialect) -> String {
    text::pieces(&sql.text)
        .into_iter()
        .map(|piece| match piece {
            text::Piece::Plain(plain) => plain.to_owned(),
            text::Piece::Colon => ":".to_owned(),
            text::Piece::Bind(name) => match sql.params.iter().find(|(known, _)| **known == *name) {
                Some((_, value)) => inline::literal(value, dialect).unwrap_or_else(|| "?".into()),
                None => format!(":{name}"),
            },
        })
        .collect()
}

const HEAD: &str = "
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql
from alembic import op
t = sa.table('t', sa.column('id', sa.Integer), sa.column('name', sa.String), sa.column('flag', sa.Boolean),
             sa.column('data', sa.JSON), sa.column('at', sa.DateTime), sa.column('User', sa.String))
o = sa.table('o', sa.column('id', sa.Integer), sa.column('t_id', sa.Integer), sa.column('name', sa.String),
             sa.column('n', sa.Integer))
j = sa.table('j', sa.column('id', sa.Integer), sa.column('b', postgresql.JSONB),
             sa.column('tags', postgresql.ARRAY(sa.Text)))
conn = op.get_bind()
";

/// What came of a script.
pub(super) struct Ran {
    /// What it calls `out`.
    pub(super) out: Option<Value>,
    pub(super) raised: Option<String>,
    pub(super) events: Vec<String>,
}

/// Runs a script at its top level.
pub(super) fn run(catalog: Catalog, answers: Vec<Scripted>, script: &str) -> Ran {
    let mut host = Recorder { catalog, answers, events: Vec::new(), depth: 0 };
    let mut sources = Sources::default();
    let file = sources.add("script.py", format!("{HEAD}{script}"));
    let (module, problems) = parse(sources.get(file).expect("the script was just added"));
    assert!(problems.is_empty(), "{problems:?}");
    let library = Rc::new(Alembic::new(&[], &[]));
    library.set_running(true);
    let libraries: Vec<Rc<dyn Library>> = vec![library];
    let (out, raised) = {
        let mut vm = Vm::new(&mut host, libraries, &NoModules, 100_000);
        match vm.run_module(&module, None) {
            Ok(scope) => (scope.get("out"), None),
            Err(raised) => (None, Some(format!("{}: {}", raised.class, raised.message))),
        }
    };
    Ran { out, raised, events: host.events }
}

/// The value of an expression.
pub(super) fn value(dialect: Dialect, code: &str) -> Value {
    let ran = run(Catalog::new(dialect), Vec::new(), &format!("out = {code}\n"));
    assert_eq!(ran.raised, None, "{code}");
    ran.out.unwrap_or(Value::None)
}

/// An expression, written for a dialect with its values inline.
pub(super) fn written(dialect: Dialect, code: &str) -> String {
    let value = value(dialect, code);
    let Some(node) = expression::as_node(&value) else { return format!("{value:?} is no expression") };
    let mut compiler = Compiler::new(dialect, Style::Inline, &[]);
    compiler.operand(&node, precedence::LOOSEST, false);
    match compiler.doubt {
        Some(doubt) => format!("doubt: {}", doubt.why()),
        None => compiler.text,
    }
}

/// Rows that answer a query.
pub(super) fn rows(columns: &[&str], rows: Vec<Vec<Datum>>) -> Answer {
    Answer::Rows(RowSet { columns: columns.iter().map(|column| Arc::from(*column)).collect(), rows })
}
