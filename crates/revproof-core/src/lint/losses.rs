//! [`Loss`]: a table or column with data in it that an upgrade drops, and whether its data was saved before.

use super::context::{Context, Done, Revision, operations};
use super::made::walk;
use super::words::Words;
use crate::engine::Database;
use crate::op::{Datum, OpKind};
use crate::replay::Run;
use crate::schema::{Name, QName};

/// A table or column older than the revision that its upgrade drops.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Loss<'a> {
    /// The dropping operation.
    pub(crate) done: Done<'a>,
    /// The table.
    pub(crate) table: &'a QName,
    /// The column, unless the whole table goes.
    pub(crate) column: Option<&'a Name>,
    /// Its data was copied elsewhere in the same upgrade, before.
    pub(crate) copied: bool,
}

/// What the upgrade of a revision drops of what was there before it.
pub(crate) fn losses<'a>(cx: &Context<'a>, revision: Revision<'a>) -> Vec<Loss<'a>> {
    let mut losses = Vec::new();
    let run = &revision.trace.upgrade;
    walk(run, |done, made| {
        let (table, column) = match &done.operation.kind {
            OpKind::DropTable { table, .. } if !made.table(table) => (table, None),
            OpKind::DropColumn { table, column, .. } if !made.column(table, column) => (table, Some(column)),
            _ => return,
        };
        // `IF EXISTS` of what is not there drops nothing.
        let there = done.step.before.catalog.table(table);
        if there.is_none_or(|there| column.is_some_and(|column| there.column(column).is_none())) {
            return;
        }
        let copied = match column {
            Some(column) => column_copied(run, done, table, column),
            None => table_copied(run, done, table),
        };
        let copied = copied || cx.parents(revision).any(|parent| copied_in(&parent.trace.upgrade, table, column));
        losses.push(Loss { done, table, column, copied });
    });
    losses
}

/// The data statements of a run before an operation.
fn statements<'a>(run: &'a Run, end: Done<'a>) -> impl Iterator<Item = Words> {
    operations(run).take_while(move |done| !std::ptr::eq(done.step, end.step)).filter_map(statement)
}

fn statement(done: Done<'_>) -> Option<Words> {
    match &done.operation.kind {
        _ if !done.is_ok() => None,
        OpKind::Sql(sql) => Some(Words::of(&sql.text)),
        OpKind::CreateTable { table, .. } => {
            let query = table.as_query.as_ref()?;
            Some(Words::of(&format!("CREATE TABLE x AS {}", query.text)))
        }
        _ => None,
    }
}

/// Whether a run says anywhere that it copies a table or column: expand in one revision, contract in the next.
fn copied_in(run: &Run, table: &QName, column: Option<&Name>) -> bool {
    operations(run).filter_map(statement).any(|words| match column {
        Some(column) => words.copies_column(column) || words.copies_from(&table.name) && words.has_star(),
        None => words.copies_from(&table.name),
    })
}

/// Whether a statement before `end` copies the rows of a table.
pub(crate) fn table_copied(run: &Run, end: Done<'_>, table: &QName) -> bool {
    statements(run, end).any(|words| words.copies_from(&table.name)) || rows_live_on(run, end, table)
}

/// Whether a statement before `end` copies a column, or another column of the same rows holds its values by now.
pub(crate) fn column_copied(run: &Run, end: Done<'_>, table: &QName, column: &str) -> bool {
    let mut table_is_written = false;
    for words in statements(run, end) {
        if words.copies_column(column) || words.copies_from(&table.name) && words.has_star() {
            return true;
        }
        table_is_written |= words.starts_with("update") || words.starts_with("insert");
    }
    table_is_written |= operations(run).any(|done| matches!(done.operation.kind, OpKind::BulkInsert { .. }));
    table_is_written && values_live_on(run, end, table, column)
}

/// Whether, where `end` stands, a column or table that the run has made holds every value of this column: a script
/// may have carried them over one by one.
fn values_live_on(run: &Run, end: Done<'_>, table: &QName, column: &str) -> bool {
    let Some(wanted) = values(&end.step.before, table, column) else { return false };
    let mut found = false;
    walk(run, |done, _| {
        if found || !done_before(run, done, end) {
            return;
        }
        found = match &done.operation.kind {
            OpKind::AddColumn { table: other, column: new, .. } => holds(&end.step.before, other, &new.name, &wanted),
            OpKind::CreateTable { table: new, .. } => {
                new.columns.iter().any(|column| holds(&end.step.before, &new.name, &column.name, &wanted))
            }
            _ => false,
        };
    });
    found
}

/// Whether a table that the run has made holds a text of every row of this table.
fn rows_live_on(run: &Run, end: Done<'_>, table: &QName) -> bool {
    let Some(definition) = end.step.before.catalog.table(table) else { return false };
    let is_written =
        operations(run).any(|done| matches!(done.operation.kind, OpKind::BulkInsert { .. } | OpKind::Sql(_)));
    is_written && definition.columns.iter().any(|column| values_live_on(run, end, table, &column.name))
}

fn done_before(run: &Run, done: Done<'_>, end: Done<'_>) -> bool {
    let place = |step: &crate::replay::Step| run.steps.iter().position(|other| std::ptr::eq(other, step));
    place(done.step) < place(end.step)
}

/// The telling values of a column: texts and the like; zeros and ones are found everywhere.
fn values(db: &Database, table: &QName, column: &str) -> Option<Vec<Datum>> {
    let rows = db.rows(table);
    let at = rows.columns.iter().position(|name| &**name == column)?;
    let mut values: Vec<Datum> = Vec::new();
    for value in rows.rows.iter().filter_map(|row| row.get(at)) {
        let telling = !matches!(value, Datum::Null | Datum::Bool(_) | Datum::Int(-9..=9) | Datum::Unknown(_));
        if telling && !values.contains(value) {
            values.push(value.clone());
        }
    }
    (!values.is_empty()).then_some(values)
}

fn holds(db: &Database, table: &QName, column: &str, wanted: &[Datum]) -> bool {
    values(db, table, column).is_some_and(|values| wanted.iter().all(|value| values.contains(value)))
}
