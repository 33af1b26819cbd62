//! [`table_renames`]: tables that were dropped and created instead of renamed.

use super::without_rivals;
use crate::lint::likeness::{Likeness, likeness};
use crate::lint::losses::losses;
use crate::lint::words::Words;
use crate::lint::{Context, Done, Revision};
use crate::op::{OpKind, TableSpec};
use crate::schema::{Dialect, Table};

/// A dropped and a created table that are really one.
#[derive(Debug)]
pub(crate) struct TableRename<'a> {
    /// The revision of both.
    pub(crate) revision: Revision<'a>,
    /// The drop.
    pub(crate) drop: Done<'a>,
    /// The creation.
    pub(crate) create: Done<'a>,
    /// The old table.
    pub(crate) old: &'a Table,
    /// The new table.
    pub(crate) new: &'a TableSpec,
    /// What speaks for it, in half sentences.
    pub(crate) reasons: Vec<String>,
}

/// The tables that a chain drops and creates instead of renaming, within a revision.
pub(crate) fn table_renames<'a>(cx: &Context<'a>) -> Vec<TableRename<'a>> {
    cx.revisions().flat_map(|revision| pairs(cx, revision)).collect()
}

fn pairs<'a>(cx: &Context<'a>, revision: Revision<'a>) -> Vec<TableRename<'a>> {
    let dropped: Vec<_> =
        losses(cx, revision).into_iter().filter(|loss| loss.column.is_none() && !loss.copied).collect();
    if dropped.is_empty() {
        return Vec::new();
    }
    let created = revision.upgraded().filter(|done| done.is_ok()).filter_map(|done| match &done.operation.kind {
        OpKind::CreateTable { table, .. } if table.as_query.is_none() => Some((done, table)),
        _ => None,
    });
    let created: Vec<_> = created.filter(|(_, new)| !is_filled(revision, new)).collect();
    let mut pairs = Vec::new();
    for (left, loss) in dropped.iter().enumerate() {
        let Some(old) = loss.done.step.before.catalog.table(loss.table) else { continue };
        for (right, (create, new)) in created.iter().enumerate().filter(|(_, (_, new))| new.name != *loss.table) {
            let Some((weight, reasons)) = weigh(old, new, cx.chain.dialect) else { continue };
            let rename = TableRename { revision, drop: loss.done, create: *create, old, new, reasons };
            pairs.push((left, right, weight, rename));
        }
    }
    without_rivals(pairs, |(left, right, weight, _)| (*left, *right, *weight))
        .into_iter()
        .map(|(.., rename)| rename)
        .collect()
}

/// Whether the upgrade that creates a table also fills it.
fn is_filled(revision: Revision<'_>, new: &TableSpec) -> bool {
    revision.upgraded().any(|done| match &done.operation.kind {
        OpKind::BulkInsert { table, .. } => *table == new.name,
        OpKind::Sql(sql) => {
            let words = Words::of(&sql.text);
            words.has("insert") && words.has(&new.name.name)
        }
        _ => false,
    })
}

/// How many per cent of the columns agree in name and type, and what else speaks for a rename. Two columns must agree
/// beside an `id`, which every table has.
fn weigh(old: &Table, new: &TableSpec, dialect: Dialect) -> Option<(i32, Vec<String>)> {
    let same = |column: &&crate::op::ColumnSpec| {
        old.column(&column.name).is_some_and(|other| other.ty == column.ty.canonical(dialect))
    };
    let shared = new.columns.iter().filter(same).count();
    let telling = new.columns.iter().filter(same).filter(|column| &*column.name != "id").count();
    let all = old.columns.len().max(new.columns.len()).max(1);
    let per_cent = i32::try_from(shared * 100 / all).unwrap_or(0);
    let alike = likeness(&old.name.name, &new.name.name);
    let needed = match alike {
        Likeness::Alike => 60,
        Likeness::Related => 70,
        Likeness::Unlike => 90,
    };
    if telling < 2 || per_cent < needed || (alike == Likeness::Unlike && telling < 3) {
        return None;
    }
    let mut reasons = vec![format!("{shared} of {all} columns agree in name and type")];
    if alike != Likeness::Unlike {
        reasons.push(format!("the names `{}` and `{}` are alike", old.name, new.name));
    }
    Some((per_cent + if alike == Likeness::Unlike { 0 } else { 20 }, reasons))
}
