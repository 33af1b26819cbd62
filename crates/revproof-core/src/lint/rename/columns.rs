//! [`column_renames`]: columns that were dropped and added instead of renamed.

use super::weigh::{ENOUGH, Weight, weigh};
use super::without_rivals;
use crate::lint::losses::{Loss, losses};
use crate::lint::made::walk;
use crate::lint::words::Words;
use crate::lint::{Context, Done, Revision};
use crate::op::{ColumnSpec, ConstraintKind, IndexPartSpec, OpKind};
use crate::schema::{Column, Name, QName, Table};

/// A dropped and an added column that are really one.
#[derive(Debug)]
pub(crate) struct ColumnRename<'a> {
    /// The revision that drops the old column.
    pub(crate) revision: Revision<'a>,
    /// The revision that adds the new one: the same or a neighbour.
    pub(crate) adding: Revision<'a>,
    /// The drop.
    pub(crate) drop: Done<'a>,
    /// The add.
    pub(crate) add: Done<'a>,
    /// The table.
    pub(crate) table: &'a QName,
    /// The old column.
    pub(crate) old: &'a Column,
    /// The new column.
    pub(crate) new: &'a ColumnSpec,
    /// What speaks for it, in half sentences.
    pub(crate) reasons: Vec<String>,
    /// The names are alike and the types fit; else it is only likely.
    pub(crate) is_sure: bool,
}

/// A column added to a table that is older than the revision.
struct Added<'a> {
    revision: Revision<'a>,
    done: Done<'a>,
    table: &'a QName,
    column: &'a ColumnSpec,
}

/// The columns that a chain drops and adds instead of renaming, within a revision or in two adjacent ones.
pub(crate) fn column_renames<'a>(cx: &Context<'a>) -> Vec<ColumnRename<'a>> {
    let mut renames = Vec::new();
    for revision in cx.revisions() {
        let dropped: Vec<Loss<'a>> = losses(cx, revision).into_iter().filter(|loss| loss.column.is_some()).collect();
        if dropped.is_empty() {
            continue;
        }
        let own = added(revision);
        let found = pairs(cx, revision, &dropped, &own);
        let settled: Vec<Done<'a>> = found.iter().map(|rename| rename.drop).collect();
        renames.extend(found);
        let left: Vec<Loss<'a>> = dropped
            .into_iter()
            .filter(|loss| !settled.iter().any(|done| std::ptr::eq(done.operation, loss.done.operation)))
            .collect();
        if left.is_empty() {
            continue;
        }
        let near: Vec<Added<'a>> = neighbours(cx, revision).into_iter().flat_map(added).collect();
        renames.extend(pairs(cx, revision, &left, &near).into_iter().filter(|rename| rename.is_sure));
    }
    renames
}

/// The parent and the child of a revision, where there is just one.
fn neighbours<'a>(cx: &Context<'a>, revision: Revision<'a>) -> Vec<Revision<'a>> {
    let Some(node) = cx.chain.history.get(revision.trace.revision) else { return Vec::new() };
    let only = |list: &[crate::history::RevisionId]| match list {
        [one] => cx.revision(*one),
        _ => None,
    };
    only(&node.down).into_iter().chain(only(&node.children)).collect()
}

fn added(revision: Revision<'_>) -> Vec<Added<'_>> {
    let mut added = Vec::new();
    walk(&revision.trace.upgrade, |done, made| {
        if let OpKind::AddColumn { table, column, .. } = &done.operation.kind
            && !made.table(table)
        {
            added.push(Added { revision, done, table, column });
        }
    });
    added
}

fn pairs<'a>(
    cx: &Context<'a>,
    revision: Revision<'a>,
    dropped: &[Loss<'a>],
    added: &[Added<'a>],
) -> Vec<ColumnRename<'a>> {
    let mut pairs = Vec::new();
    for (left, loss) in dropped.iter().enumerate() {
        for (right, new) in added.iter().enumerate().filter(|(_, new)| new.table == loss.table) {
            let Some(name) = loss.column else { continue };
            if loss.copied || is_filled(new) || *new.column.name == **name {
                continue;
            }
            let Some(table) = loss.done.step.before.catalog.table(loss.table) else { continue };
            let Some(old) = table.column(name) else { continue };
            let Some(mut weight) = weigh(old, new.column, cx.chain.dialect) else { continue };
            let alone = |count: usize| count == 1;
            if alone(dropped.iter().filter(|other| other.table == loss.table).count())
                && alone(added.iter().filter(|other| other.table == loss.table).count())
            {
                weight.add(10, format!("it is the only drop and the only add in `{}`", loss.table));
            }
            moved_along(revision, new, name, &mut weight);
            if weight.sum < ENOUGH {
                continue;
            }
            let rename = ColumnRename {
                revision,
                adding: new.revision,
                drop: loss.done,
                add: new.done,
                table: loss.table,
                old,
                new: new.column,
                reasons: weight.reasons,
                is_sure: weight.is_sure,
            };
            pairs.push((left, right, weight.sum, rename));
        }
    }
    without_rivals(pairs, |(left, right, weight, _)| (*left, *right, *weight))
        .into_iter()
        .map(|(.., rename)| rename)
        .collect()
}

/// Whether the upgrade that adds a column also fills it, row by row or from other columns.
fn is_filled(new: &Added<'_>) -> bool {
    new.revision.upgraded().filter(|done| done.is_ok()).any(|done| match &done.operation.kind {
        OpKind::Sql(sql) => Words::of(&sql.text).binds_column(&new.column.name),
        _ => false,
    })
}

/// Indexes and constraints of the old column that the upgrade makes anew on the new one.
fn moved_along(revision: Revision<'_>, new: &Added<'_>, old: &Name, weight: &mut Weight) {
    let Some(table) = revision.trace.before.catalog.table(new.table) else { return };
    let Some(id) = table.column(old).map(|column| column.id) else { return };
    let is_new = |names: &[Name]| names.contains(&new.column.name);
    for done in new.revision.upgraded().filter(|done| done.is_ok()) {
        match &done.operation.kind {
            OpKind::CreateIndex { index, .. } if index.table == *new.table => {
                let of_new =
                    index.parts.iter().any(|part| matches!(part, IndexPartSpec::Column(c, _) if *c == new.column.name));
                let was = table.indexes.iter().find(|was| was.parts.iter().any(|part| part.column == Some(id)));
                if let Some(was) = was.filter(|was| of_new && was.unique == index.unique) {
                    weight.add(20, format!("the index `{}` moves along", was.name));
                }
            }
            OpKind::AddConstraint { table: on, constraint } if on == new.table => match &constraint.kind {
                ConstraintKind::Unique { columns, .. } if is_new(columns) && is_unique(table, id) => {
                    weight.add(20, "the unique constraint moves along".to_owned());
                }
                ConstraintKind::ForeignKey { columns, ref_table, .. } if is_new(columns) => {
                    let mut same = table.foreign_keys.iter().filter(|key| key.columns.contains(&id));
                    if same.any(|key| key.ref_table == *ref_table) {
                        weight.add(20, format!("the foreign key to `{ref_table}` moves along"));
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
}

fn is_unique(table: &Table, id: crate::schema::ColumnId) -> bool {
    table.uniques.iter().any(|unique| unique.columns.contains(&id))
}
