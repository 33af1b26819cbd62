//! The SQL of `revproof sql` against that of the real Alembic, to the character.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use revproof_core::config::Config;
use revproof_core::directory;
use revproof_core::offline::{self, Chunk, Settings};
use revproof_core::op::Paramstyle;
use revproof_core::schema::Dialect;
use serde_json::{Value, json};

use crate::python::driven;

const DIALECTS: [Dialect; 3] = [Dialect::PostgreSql, Dialect::Sqlite, Dialect::MySql];

/// What every script of a case begins with.
const HEAD: &str = "import datetime, decimal, enum, uuid\nimport sqlalchemy as sa\nfrom alembic import context, op\n\
    from sqlalchemy import Column as C, Computed, Identity, Integer as I, String as S, func, text\n\
    from sqlalchemy.dialects import mysql as my, postgresql as pg, sqlite as sl\n\n\
    revision = 'a1'\ndown_revision = None\n\n";

const NAMING: [(&str, &str); 5] = [
    ("ix", "ix_%(column_0_label)s"),
    ("uq", "uq_%(table_name)s_%(column_0_name)s"),
    ("ck", "ck_%(table_name)s_%(constraint_name)s"),
    ("fk", "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"),
    ("pk", "pk_%(table_name)s"),
];

/// A body of `upgrade()` and what it runs in.
struct Case {
    name: String,
    naming: bool,
    paramstyle: Option<&'static str>,
    literal_binds: bool,
    text: String,
}

/// What came of a case on one dialect.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    text: String,
    error: Option<(String, String)>,
}

#[test]
fn directives_are_written_as_alembic_writes_them() {
    let cases = read_cases(include_str!("cases.txt"));
    let theirs = real(&cases);
    let allowed = allowed();
    let mut report = String::new();
    let mut equal = [0_usize; 3];
    let mut differing = 0;
    let mut theirs = theirs.into_iter();
    for case in &cases {
        for (at, dialect) in DIALECTS.into_iter().enumerate() {
            let theirs = theirs.next().expect("one outcome per case and dialect");
            let ours = ours(case, dialect);
            let same = ours.text == theirs.text && same_error(ours.error.as_ref(), theirs.error.as_ref());
            let key = (case.name.clone(), dialect.to_string());
            match (same, allowed.contains_key(&key)) {
                (true, false) => equal[at] += 1,
                (false, true) => differing += 1,
                (true, true) => {
                    _ = writeln!(report, "## {} on {dialect}: equal, but listed as a difference\n", case.name);
                }
                (false, false) => {
                    _ = writeln!(
                        report,
                        "## {} on {dialect}\n--- theirs\n{}\n+++ ours\n{}",
                        case.name,
                        shown(&theirs),
                        shown(&ours)
                    );
                }
            }
        }
    }
    let total: usize = equal.iter().sum();
    eprintln!(
        "equal: {total} (postgresql {}, sqlite {}, mysql {}); different by design: {differing}",
        equal[0], equal[1], equal[2]
    );
    if let Ok(file) = std::env::var("REVPROOF_SQL_REPORT") {
        std::fs::write(file, &report).expect("the report is written");
    }
    assert!(report.is_empty(), "{}", report.chars().take(4000).collect::<String>());
}

fn same_error(ours: Option<&(String, String)>, theirs: Option<&(String, String)>) -> bool {
    ours.map(|(class, _)| class) == theirs.map(|(class, _)| class)
}

fn shown(outcome: &Outcome) -> String {
    let error = outcome.error.as_ref().map_or_else(String::new, |(class, message)| format!("!! {class}: {message}\n"));
    format!("{}{error}", outcome.text)
}

/// The cases of a text: a line `## name`, after which options may stand in brackets, and the body.
fn read_cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for block in text.split("\n## ").skip(1) {
        let (head, body) = block.split_once('\n').unwrap_or((block, ""));
        let (name, options) = head.trim_end_matches(']').split_once(" [").unwrap_or((head, ""));
        let option = |name: &str| options.split(' ').any(|option| option == name);
        if option("each") {
            cases.extend(body.lines().filter(|line| !line.is_empty()).map(of_type));
            continue;
        }
        let body = body.trim_end().lines().fold(String::new(), |body, line| {
            // Lines of a string over several lines stay as they are.
            if line.is_empty() { body + "\n" } else { body + "    " + line + "\n" }
        });
        cases.push(Case {
            name: name.to_owned(),
            naming: option("naming"),
            paramstyle: (!option("driver")).then_some("named"),
            literal_binds: !option("placeholders"),
            text: format!("{HEAD}def upgrade():\n{body}\n"),
        });
    }
    cases
}

/// A column of a type is added.
fn of_type(ty: &str) -> Case {
    let text = format!("{HEAD}def upgrade():\n    op.add_column('t', C('x', {ty}))\n");
    Case { name: format!("type {ty}"), naming: false, paramstyle: Some("named"), literal_binds: true, text }
}

/// The differences by design: case and dialect, and why.
fn allowed() -> BTreeMap<(String, String), String> {
    let mut allowed = BTreeMap::new();
    for line in include_str!("differences.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let parts: Vec<&str> = line.splitn(3, " | ").collect();
        let [name, dialects, why] = parts.as_slice() else { panic!("not `name | dialects | why`: {line}") };
        for dialect in dialects.split(' ') {
            allowed.insert(((*name).to_owned(), dialect.to_owned()), (*why).to_owned());
        }
    }
    allowed
}

fn real(cases: &[Case]) -> Vec<Outcome> {
    let asked = cases.iter().flat_map(|case| {
        DIALECTS.into_iter().map(|dialect| {
            let naming: BTreeMap<&str, &str> = if case.naming { NAMING.into_iter().collect() } else { BTreeMap::new() };
            json!({
                "name": case.name, "dialect": dialect.name(), "text": case.text, "naming_convention": naming,
                "paramstyle": case.paramstyle.filter(|_| dialect != Dialect::Sqlite), "literal_binds": case.literal_binds,
            })
        })
    });
    let asked = Value::Array(asked.collect()).to_string();
    let answers = driven("tests/offline/driver.py", asked);
    let answers: Value = serde_json::from_str(&answers).expect("the driver answers with JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let outcome = |answer: &Value| Outcome {
        text: text(&answer["text"]),
        error: answer["error"].as_object().map(|error| (text(&error["class"]), text(&error["message"]))),
    };
    answers.as_array().expect("a list").iter().map(outcome).collect()
}

fn ours(case: &Case, dialect: Dialect) -> Outcome {
    let mut files = BTreeMap::new();
    files.insert("alembic.ini".to_owned(), "[alembic]\nscript_location = m\n".to_owned());
    files.insert("m/env.py".to_owned(), String::new());
    files.insert("m/versions/a1.py".to_owned(), case.text.clone());
    let naming =
        if case.naming { NAMING.map(|(key, template)| (key.into(), template.into())).to_vec() } else { Vec::new() };
    let config = Config { dialect: Some(dialect), naming_convention: naming, ..Config::default() };
    let (directories, _) = directory::read(&files, "", &config);
    let directory = directories.first().expect("a folder of scripts");
    let mut settings = Settings::new(dialect);
    settings.offline.literal_binds = case.literal_binds;
    if let Some(style) = case.paramstyle.filter(|_| dialect != Dialect::Sqlite) {
        settings.offline.paramstyle = Paramstyle::parse(style).expect("a style");
    }
    let plan = directory.history.plan_upgrade("head", &[]).expect("a plan");
    match offline::script(directory, &directory.environment, &plan, &[], &settings) {
        Ok(chunks) => {
            let end = if dialect == Dialect::PostgreSql { 2 } else { 1 };
            let inside = inside(&chunks);
            Outcome { text: offline::text(&inside[..inside.len() - end]), error: None }
        }
        Err(refused) => {
            let class = refused.class.as_deref().unwrap_or("(not known)").to_owned();
            Outcome { text: offline::text(inside(&refused.before)), error: Some((class, refused.message.clone())) }
        }
    }
}

/// The chunks of the script itself, and what follows them.
fn inside(chunks: &[Chunk]) -> &[Chunk] {
    let at = chunks.iter().position(|chunk| chunk.text.starts_with("-- Running"));
    &chunks[at.expect("a step is announced") + 1..]
}
