//! From what was seen of a revision to what is proved of it.

use std::sync::Arc;

use super::trace::{Doubt, DoubtScope, Restores, RevisionTrace, Run, RunStatus, Verdict};
use crate::engine::{Database, RowDiff};
use crate::schema::{self, Dialect, Difference, DifferenceKind, QName};

/// Whether the downgrade brought back what was before the upgrade. `aside` are the seeded rows that were set aside on
/// the way: they are no difference.
pub(super) fn restores(before: &Database, upgrade: &Run, downgrade: &Run, aside: &[(QName, i64)]) -> Restores {
    let came_back = matches!(downgrade.status, RunStatus::Ok | RunStatus::Empty | RunStatus::Unknown);
    let Some(after) = downgrade.after.as_ref().filter(|_| came_back) else { return Restores::default() };
    // What was in doubt before and is there for certain now may have come back or not, and the other way round.
    let schema_known = !has_doubt(upgrade, DoubtScope::Schema)
        && !has_doubt(downgrade, DoubtScope::Schema)
        && before.catalog.uncertain == after.catalog.uncertain;
    let rows_known = upgrade.doubts.is_empty() && downgrade.doubts.is_empty();
    let mut schema_differences = schema::diff(&before.catalog, &after.catalog);
    // A server that takes expressions apart may have been given the same one in other words, as it prints them itself.
    let mut reworded = false;
    if !schema_differences.is_empty() && before.catalog.dialect != Dialect::Sqlite {
        let meant = schema::drift(&before.catalog, &after.catalog);
        reworded = meant.is_empty();
        schema_differences = meant;
    }
    let found = schema_differences.len();
    // What is in doubt now may not be there at all.
    let in_doubt = |object: &QName| after.catalog.uncertain.contains_key(object);
    schema_differences.retain(|difference| {
        let is_extra = difference.kind == DifferenceKind::Extra;
        !(is_extra && (in_doubt(&difference.object) || may_have_been_there(difference, before, upgrade)))
    });
    let schema_known = schema_known && !reworded && schema_differences.len() == found;
    let row_differences = before.diff_rows(after, aside);
    Restores {
        schema: schema_known.then_some(schema_differences.is_empty()),
        reworded,
        rows: rows_known.then_some(row_differences.tables.is_empty()),
        schema_differences,
        row_differences,
    }
}

/// Whether what a downgrade made may merely be back: of a table that is assumed not all is known, and what the upgrade has not
/// made it may have taken away.
fn may_have_been_there(difference: &Difference, before: &Database, upgrade: &Run) -> bool {
    let known = before.catalog.table(&difference.object);
    let is_assumed = match known {
        Some(table) => table.assumed,
        None => upgrade.assumed.iter().any(|assumed| assumed.name == difference.object),
    };
    let made_by_upgrade = |after: &Database| schema::diff(&before.catalog, &after.catalog).contains(difference);
    is_assumed && !upgrade.after.as_deref().is_some_and(made_by_upgrade)
}

fn has_doubt(run: &Run, scope: DoubtScope) -> bool {
    run.doubts.iter().any(|d| d.scope == scope)
}

/// Settles `verdict` and `because`. The order of the questions is the order of what can be certain: a downgrade that is
/// not there is not there whatever else could not be evaluated.
pub(super) fn judge(seen: &mut RevisionTrace) {
    let (verdict, because) = decide(seen);
    seen.verdict = verdict;
    seen.because = because;
}

fn decide(seen: &RevisionTrace) -> (Verdict, String) {
    let says = |run: &Run| run.failure.as_ref().map(|f| f.message.clone()).unwrap_or_default();
    match seen.upgrade.status {
        RunStatus::Failed => return (Verdict::Broken, format!("the upgrade fails: {}", says(&seen.upgrade))),
        RunStatus::Refused => return (Verdict::Broken, format!("the upgrade refuses: {}", says(&seen.upgrade))),
        RunStatus::Missing => return (Verdict::Broken, "there is no upgrade".to_owned()),
        _ => {}
    }
    match seen.downgrade.status {
        RunStatus::Missing => return (Verdict::Irreversible, "there is no downgrade".to_owned()),
        RunStatus::Refused => {
            return (Verdict::Irreversible, format!("the downgrade refuses: {}", says(&seen.downgrade)));
        }
        RunStatus::Empty if seen.upgrade.changes_something() => {
            return (Verdict::Irreversible, "the downgrade is empty, but the upgrade changes something".to_owned());
        }
        _ => {}
    }
    if seen.upgrade.status == RunStatus::Unknown {
        return (Verdict::Unknown, doubt_of(&seen.upgrade, "upgrade"));
    }
    match seen.downgrade.status {
        RunStatus::Failed => return (Verdict::Broken, format!("the downgrade fails: {}", says(&seen.downgrade))),
        RunStatus::Unknown => return (Verdict::Unknown, doubt_of(&seen.downgrade, "downgrade")),
        _ => {}
    }
    if seen.restores.schema == Some(false) {
        let what = seen.restores.schema_differences.first().map_or_else(String::new, |d| d.sentence.clone());
        let more = match seen.restores.schema_differences.len() {
            0 | 1 => String::new(),
            n => format!(" (and {} more)", n - 1),
        };
        return (Verdict::Broken, format!("the downgrade does not restore the schema: {what}{more}"));
    }
    match seen.again.status {
        RunStatus::Failed => return (Verdict::Broken, format!("the second upgrade fails: {}", says(&seen.again))),
        RunStatus::Unknown => return (Verdict::Unknown, doubt_of(&seen.again, "second upgrade")),
        _ => {}
    }
    if let (Some(first), Some(second)) = (&seen.upgrade.after, &seen.again.after)
        && !Arc::ptr_eq(first, second)
    {
        let differences = schema::diff(&first.catalog, &second.catalog);
        if let Some(difference) = differences.first() {
            return (
                Verdict::Broken,
                format!("the second upgrade does not give the schema of the first: {}", difference.sentence),
            );
        }
    }
    if seen.restores.schema.is_none() {
        let why = if seen.restores.reworded {
            "whether an expression of the schema comes back is not known: it is written in other words"
        } else {
            "whether the schema comes back is not known: it changes what is assumed or in doubt"
        };
        return (Verdict::Unknown, why.to_owned());
    }
    match seen.restores.rows {
        Some(false) => (Verdict::Lossy, describe_rows(&seen.restores.row_differences)),
        Some(true) => (Verdict::Reversible, "schema and every value come back".to_owned()),
        None => (Verdict::Unknown, "whether every value comes back is not known".to_owned()),
    }
}

impl Run {
    /// Whether the run changed, or may have changed, anything.
    pub fn changes_something(&self) -> bool {
        // What may be in doubt of an operation that changes nothing is only whether it goes through.
        let of_inert = |doubt: &Doubt| {
            let mut there = self.steps.iter().filter(|step| step.operation.span == doubt.span).peekable();
            doubt.scope == DoubtScope::Rows
                && there.peek().is_some()
                && there.all(|step| step.operation.kind.is_inert())
        };
        self.doubts.iter().any(|doubt| !of_inert(doubt))
            || self.steps.iter().any(|step| match &step.result {
                Ok(effect) => !step.operation.kind.is_inert() && effect.rows != Some(0),
                Err(_) => false,
            })
    }
}

fn doubt_of(run: &Run, which: &str) -> String {
    let what = run.doubts.first().map_or("it could not be evaluated", |d| &*d.why);
    let more = match run.doubts.len() {
        0 | 1 => String::new(),
        n => format!(" (and {} more)", n - 1),
    };
    format!("the {which} is not fully known: {what}{more}")
}

/// What was lost, table by table, in one sentence.
fn describe_rows(diff: &RowDiff) -> String {
    let tables = diff.tables.iter().map(|change| {
        let table = change.table.as_ref().map_or_else(|| "a table".to_owned(), |t| format!("`{t}`"));
        let mut parts = Vec::new();
        if change.lost_rows > 0 {
            parts.push(format!("{} of {table} lost", count(change.lost_rows, "row")));
        }
        if change.new_rows > 0 {
            parts.push(format!("{} left behind in {table}", count(change.new_rows, "row")));
        }
        let mut columns: Vec<(&str, usize)> = Vec::new();
        for value in &change.values {
            match columns.iter_mut().find(|(name, _)| *name == &*value.column) {
                Some((_, n)) => *n += 1,
                None => columns.push((&value.column, 1)),
            }
        }
        parts.extend(columns.into_iter().map(|(column, n)| format!("{} of {table}.`{column}`", count(n, "value"))));
        parts.join(", ")
    });
    let all = tables.collect::<Vec<_>>().join("; ");
    format!("the schema comes back, but not the values: {all}")
}

fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
