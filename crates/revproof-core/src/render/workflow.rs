//! The steps of the workflow on a simulated database: what each did, for reading and for machines.

use std::fmt::Write;

use serde_json::{Value, json};

use super::plain::one_line;
use crate::history::{History, Step};
use crate::workflow::{Note, PlannedStep, StepDone, StepEnd};

/// A step that was done: what Alembic logs, and under it what changed. `shown` makes of a path of the file tree the one
/// that the user would name.
pub fn step_text(done: &StepDone, shown: &dyn Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut line = |text: String| _ = writeln!(out, "{}", one_line(&text).trim_end_matches('\n'));
    line(done.planned.line());
    for change in done.schema.iter().chain(&done.rows) {
        line(format!("  {change}"));
    }
    for doubt in &done.doubts {
        line(format!("  unknown: {}", with_place(doubt, shown)));
    }
    for refused in &done.refused_rows {
        line(format!("  rows like the made-up ones are refused, and were set aside: {}", with_place(refused, shown)));
    }
    if !done.made_up.is_empty() {
        let rows: Vec<String> = done.made_up.iter().map(|(table, n)| format!("{n} in {table}")).collect();
        line(format!("  rows made up: {}", rows.join(", ")));
    }
    if let StepEnd::Failed { failure } = &done.end {
        line(format!("  failed: {}", with_place(failure, shown)));
    }
    out
}

/// A step that would be done.
pub fn plan_text(step: &PlannedStep) -> String {
    format!("{}\n", one_line(&step.line()).replacen("Running", "Would run", 1))
}

/// A step that would be done, as the fields of a JSON object.
pub fn plan_json(step: &PlannedStep, history: &History) -> Value {
    let revision = step.revision().map(|id| history.name(id));
    json!({ "step": step.kind(), "revision": revision, "log": step.arrow(), "rows": history.names(&step.rows) })
}

/// A step that was done, as the fields of a JSON object, with what of the dump that the database began with was not
/// understood.
pub fn step_json(done: &StepDone, missing: &[String], history: &History) -> Value {
    let mut step = plan_json(&done.planned, history);
    let Some(fields) = step.as_object_mut() else { return step };
    if let Ok(Value::Object(end)) = serde_json::to_value(&done.end) {
        fields.extend(end);
    }
    if !missing.is_empty() {
        fields.insert("baseline_not_understood".to_owned(), json!(missing));
    }
    if matches!(done.planned.step, Step::Stamp(_)) {
        return step;
    }
    fields.insert("kept".to_owned(), json!(done.kept));
    fields.insert("schema".to_owned(), json!(done.schema));
    fields.insert("row_changes".to_owned(), json!(done.rows));
    fields.insert("unknown".to_owned(), json!(done.doubts));
    fields.insert("refused_rows".to_owned(), json!(done.refused_rows));
    let made_up: serde_json::Map<String, Value> =
        done.made_up.iter().map(|(table, n)| (table.clone(), json!(n))).collect();
    fields.insert("rows_made_up".to_owned(), Value::Object(made_up));
    step
}

/// `why (file:line)`.
fn with_place(note: &Note, shown: &dyn Fn(&str) -> String) -> String {
    match &note.place {
        Some(place) => format!("{} ({}:{})", note.message, shown(&place.path), place.line),
        None => note.message.clone(),
    }
}
