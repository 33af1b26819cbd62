//! [`actions`]: what leads from one state of a table to another.

use std::sync::Arc;

use super::likeness::{of_check, of_foreign_key, of_index, of_unique};
use super::step::{Action, Part, Side};
use crate::schema::{Column, Dialect, Name, Table};

/// Two states of a table, and both with expressions reduced to what they mean.
pub(super) struct Pair {
    pub(super) old: Arc<Table>,
    pub(super) new: Arc<Table>,
    pub(super) loose_old: Arc<Table>,
    pub(super) loose_new: Arc<Table>,
    pub(super) dialect: Dialect,
}

/// The changes in Alembic's order. What has no name can be neither dropped nor added by itself, and is left out.
pub(super) fn actions(pair: &Pair) -> Vec<Action> {
    let (mut actions, dropped_columns) = columns(pair);
    let keys = foreign_keys(pair);
    let (drops, adds): (Vec<_>, Vec<_>) = keys.into_iter().partition(|action| matches!(action, Action::Drop(..)));
    // MySQL keeps an index as long as a foreign key needs it.
    let (early, late) = if pair.dialect == Dialect::MySql { (drops, Vec::new()) } else { (Vec::new(), drops) };
    actions.extend(early);
    actions.extend(indexes_and_uniques(pair));
    actions.extend(late);
    actions.extend(adds);
    actions.extend(checks(pair));
    if pair.old.comment != pair.new.comment {
        actions.push(Action::Comment { from: pair.old.comment.clone(), to: pair.new.comment.clone() });
    }
    actions.extend(dropped_columns);
    actions
}

impl Pair {
    fn old_side(&self) -> Side {
        Side { table: self.old.clone(), existing: true }
    }

    fn new_side(&self) -> Side {
        Side { table: self.new.clone(), existing: false }
    }
}

/// Columns that come or change, and those that go.
fn columns(pair: &Pair) -> (Vec<Action>, Vec<Action>) {
    let mut actions = Vec::new();
    for column in pair.new.columns.iter().filter(|column| pair.old.column(&column.name).is_none()) {
        actions.push(Action::Add(Part::Column(column.clone()), pair.new_side()));
    }
    for to in &pair.new.columns {
        let Some(from) = pair.old.columns.iter().find(|from| from.name == to.name) else { continue };
        let loose = (pair.loose_old.column(&to.name), pair.loose_new.column(&to.name));
        if let (Some(loose_from), Some(loose_to)) = loose
            && differs(loose_from, loose_to)
        {
            actions.push(Action::AlterColumn { from: from.clone(), to: to.clone() });
        }
    }
    let gone = pair.old.columns.iter().filter(|column| pair.new.column(&column.name).is_none());
    let gone = gone.map(|column| Action::Drop(Part::Column(column.clone()), pair.old_side()));
    (actions, gone.collect())
}

/// Whether `alter_column` has something to do.
fn differs(from: &Column, to: &Column) -> bool {
    from.ty != to.ty || from.nullable != to.nullable || default(from) != default(to) || from.comment != to.comment
}

/// The default that a script gives: the sequence behind a serial column is none.
pub(super) fn default(column: &Column) -> Option<&Name> {
    column.default.as_ref().filter(|_| column.owned_sequence.is_none())
}

/// A part under its name, with what it is made of.
type Named<L> = (Name, Part, L);

fn indexes_and_uniques(pair: &Pair) -> Vec<Action> {
    enum Like {
        Index(super::likeness::IndexLike),
        Unique(super::likeness::UniqueLike),
    }
    let parts = |table: &Table, loose: &Table| -> Vec<Named<Like>> {
        let keys = &table.foreign_keys;
        let of_key =
            |name: &Name| pair.dialect == Dialect::MySql && keys.iter().any(|key| key.name.as_ref() == Some(name));
        let indexes = table.indexes.iter().zip(&loose.indexes).filter(|(index, _)| !of_key(&index.name));
        let indexes = indexes.map(|(index, meant)| {
            (index.name.clone(), Part::Index(index.clone()), Like::Index(of_index(loose, meant)))
        });
        let uniques = table.uniques.iter().filter_map(|unique| {
            let name = unique.name.clone()?;
            Some((name, Part::Unique(unique.clone()), Like::Unique(of_unique(table, unique))))
        });
        indexes.chain(uniques).collect()
    };
    let same = |one: &Like, other: &Like| match (one, other) {
        (Like::Index(one), Like::Index(other)) => one == other,
        (Like::Unique(one), Like::Unique(other)) => one == other,
        _ => false,
    };
    changes(pair, parts(&pair.old, &pair.loose_old), parts(&pair.new, &pair.loose_new), same)
}

fn foreign_keys(pair: &Pair) -> Vec<Action> {
    let parts = |table: &Table| -> Vec<Named<_>> {
        let named = table
            .foreign_keys
            .iter()
            .filter_map(|key| Some((key.name.clone()?, Part::ForeignKey(key.clone()), of_foreign_key(table, key))));
        named.collect()
    };
    changes(pair, parts(&pair.old), parts(&pair.new), PartialEq::eq)
}

fn checks(pair: &Pair) -> Vec<Action> {
    let parts = |table: &Table, loose: &Table| -> Vec<Named<_>> {
        let both = table.checks.iter().zip(&loose.checks);
        both.filter_map(|(check, meant)| {
            Some((check.name.clone()?, Part::Check(check.clone()), of_check(loose, meant)))
        })
        .collect()
    };
    changes(pair, parts(&pair.old, &pair.loose_old), parts(&pair.new, &pair.loose_new), PartialEq::eq)
}

/// What goes, then what changes, then what comes, each by name.
fn changes<L>(
    pair: &Pair,
    mut old: Vec<Named<L>>,
    mut new: Vec<Named<L>>,
    same: impl Fn(&L, &L) -> bool,
) -> Vec<Action> {
    old.sort_by(|a, b| a.0.cmp(&b.0));
    new.sort_by(|a, b| a.0.cmp(&b.0));
    let twin = |list: &[Named<L>], name: &Name| list.iter().position(|(other, ..)| other == name);
    let drop = |part: &Part| Action::Drop(part.clone(), pair.old_side());
    let add = |part: &Part| Action::Add(part.clone(), pair.new_side());
    let mut actions = Vec::new();
    actions.extend(old.iter().filter(|(name, ..)| twin(&new, name).is_none()).map(|(_, part, _)| drop(part)));
    for (name, part, like) in &new {
        let Some((_, was, was_like)) = twin(&old, name).and_then(|at| old.get(at)) else { continue };
        if !same(was_like, like) {
            actions.extend([drop(was), add(part)]);
        }
    }
    actions.extend(new.iter().filter(|(name, ..)| twin(&old, name).is_none()).map(|(_, part, _)| add(part)));
    actions
}
