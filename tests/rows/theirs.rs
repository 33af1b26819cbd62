//! The real servers, behind `driver.py`.

use std::collections::BTreeMap;

use revproof_core::sql::split;
use serde_json::{Value, json};

use super::cases::Case;
use crate::python::driven;

/// What came of a case.
#[derive(Debug)]
pub(super) struct Outcome {
    /// Why the set-up failed, if it did.
    pub(super) broken: Option<String>,
    /// What the statements gave, up to the first that failed.
    pub(super) steps: Vec<Step>,
    /// What the tables hold afterwards.
    pub(super) tables: BTreeMap<String, Rows>,
}

/// What a statement gave.
#[derive(Debug)]
pub(super) enum Step {
    Rows(Rows),
    Count(i64),
    /// The code of the error, where the server has one, and its sentence.
    Failed(String, String),
}

/// Rows: the names and types of the columns, and the values as text.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) columns: Vec<(String, String)>,
    pub(super) rows: Vec<Vec<Option<String>>>,
}

/// Executes all cases.
pub(super) fn ask(cases: &[Case]) -> Vec<Outcome> {
    let statements = |sql: &str, case: &Case| {
        let parts = split(sql, case.dialect);
        parts.iter().map(|part| sql[part.range.clone()].to_owned()).collect::<Vec<_>>()
    };
    let requests = cases.iter().map(|case| {
        json!({
            "dialect": case.dialect.name(),
            "setup": statements(&case.setup, case),
            "steps": statements(&case.sql, case),
        })
    });
    let asked = requests.map(|request| format!("{request}\n")).collect::<Vec<_>>().concat();
    let answers = driven("tests/rows/driver.py", asked);
    let outcomes: Vec<Outcome> =
        answers.lines().map(|line| outcome(&serde_json::from_str(line).expect("JSON"))).collect();
    assert_eq!(outcomes.len(), cases.len(), "the driver answers every case");
    outcomes
}

fn outcome(answer: &Value) -> Outcome {
    let steps = answer["steps"].as_array().into_iter().flatten().map(step).collect();
    let tables = answer["tables"].as_object().into_iter().flatten();
    Outcome {
        broken: answer["broken"].as_str().map(str::to_owned),
        steps,
        tables: tables.map(|(name, table)| (name.clone(), rows(table))).collect(),
    }
}

fn step(answer: &Value) -> Step {
    if let Some(error) = answer["error"].as_str() {
        return Step::Failed(text(&answer["state"]), error.to_owned());
    }
    match answer["count"].as_i64() {
        Some(count) => Step::Count(count),
        None => Step::Rows(rows(answer)),
    }
}

fn rows(answer: &Value) -> Rows {
    let columns = answer["columns"].as_array().expect("columns").iter();
    let cells =
        |row: &Value| row.as_array().expect("a row").iter().map(|cell| cell.as_str().map(str::to_owned)).collect();
    Rows {
        columns: columns.map(|column| (text(&column[0]), text(&column[1]))).collect(),
        rows: answer["rows"].as_array().expect("rows").iter().map(cells).collect(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
