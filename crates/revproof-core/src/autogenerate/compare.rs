//! [`steps`]: what leads from one schema to another.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::compare_table::{Pair, actions};
use super::order::{Turn, turns};
use super::step::{Action, Part, Side, Step};
use super::writable::writable;
use crate::schema::{
    Catalog, Dialect, EnumType, ForeignKey, Index, Object, ObjectKind, QName, Sequence, Table, loose, quote_qualified,
};

/// The steps in the order of Alembic: tables are made, tables are dropped, tables are changed. Before them comes what
/// they need, after them what they let go of.
pub(super) fn steps(before: &Catalog, wanted: &Catalog) -> Vec<Step> {
    let (old, new) = (writable(before), writable(wanted));
    let altered = altered(&old, &new);
    let mut steps = needed_objects(&old, &new);
    steps.extend(views(&old, &new).into_iter().rev().map(|(view, dialect)| undone(view_step(view, dialect))));
    steps.extend(created_tables(&old, &new));
    let (first, altered, last) = in_order(altered, &old, &new);
    steps.extend(first);
    steps.extend(dropped_tables(&old, &new));
    steps.extend(altered);
    steps.extend(last);
    steps.extend(views(&new, &old).into_iter().map(|(view, dialect)| view_step(view, dialect)));
    let gone = needed_objects(&new, &old);
    steps.extend(super::step::reversed(&gone));
    steps.retain(|step| !matches!(step, Step::Alter { actions, .. } if actions.is_empty()));
    steps
}

/// What only the second has and its tables may need: schemas, extensions, enum types, sequences of their own.
fn needed_objects(old: &Catalog, new: &Catalog) -> Vec<Step> {
    let mut steps = Vec::new();
    let dialect = new.dialect;
    for ((kind, name), object) in &new.objects {
        let word = match kind {
            ObjectKind::Schema => "SCHEMA",
            ObjectKind::Extension => "EXTENSION",
            _ => continue,
        };
        if !old.objects.contains_key(&(*kind, name.clone())) {
            let undo = format!("DROP {word} {}", quote_qualified(name, dialect));
            steps.push(Step::Execute { sql: statement(object), undo });
        }
    }
    let types = new.enums.iter().filter(|(name, _)| !old.enums.contains_key(*name));
    steps.extend(types.map(|(_, ty): (_, &Arc<EnumType>)| Step::CreateType(ty.clone())));
    let free = new.sequences.iter().filter(|(name, s)| s.owner.is_none() && !old.sequences.contains_key(*name));
    steps.extend(free.map(|(name, sequence)| {
        let name = quote_qualified(name, dialect);
        Step::Execute { sql: create_sequence(&name, sequence), undo: format!("DROP SEQUENCE {name}") }
    }));
    steps
}

fn create_sequence(name: &str, sequence: &Sequence) -> String {
    let option = |word: &str, number: i64| if number == 1 { String::new() } else { format!(" {word} {number}") };
    format!(
        "CREATE SEQUENCE {name}{}{}",
        option("START WITH", sequence.start),
        option("INCREMENT BY", sequence.increment)
    )
}

/// The views that the first has and the second has not, or not alike.
fn views<'a>(one: &'a Catalog, other: &Catalog) -> Vec<(&'a Object, Dialect)> {
    let is_view = |kind| matches!(kind, ObjectKind::View | ObjectKind::MaterializedView);
    let missing = |key: &(ObjectKind, QName), object: &Object| {
        other.objects.get(key).is_none_or(|twin| twin.definition != object.definition)
    };
    let views = one.objects.iter().filter(|(key, object)| is_view(key.0) && missing(key, object));
    views.map(|(_, object)| (&**object, one.dialect)).collect()
}

fn view_step(view: &Object, dialect: Dialect) -> Step {
    let word = if view.kind == ObjectKind::View { "VIEW" } else { "MATERIALIZED VIEW" };
    Step::Execute { sql: statement(view), undo: format!("DROP {word} {}", quote_qualified(&view.name, dialect)) }
}

fn undone(step: Step) -> Step {
    match step {
        Step::Execute { sql, undo } => Step::Execute { sql: undo, undo: sql },
        step => step,
    }
}

fn statement(object: &Object) -> String {
    object.definition.trim_end_matches(';').to_owned()
}

fn created_tables(old: &Catalog, new: &Catalog) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut later = Vec::new();
    for turn in turns(new).into_iter().filter(|turn| old.table(&turn.table.name).is_none()) {
        let table = turn.table.clone();
        let side = Side { table: table.clone(), existing: false };
        steps.push(Step::CreateTable(side.clone()));
        let indexes = own_indexes(&turn, new.dialect).map(|index| Action::Add(Part::Index(index), side.clone()));
        steps.push(Step::Alter { table: table.name.clone(), actions: indexes.collect() });
        let keys = turn.later.into_iter().map(|key| Action::Add(Part::ForeignKey(key), side.clone()));
        later.push(Step::Alter { table: table.name.clone(), actions: keys.collect() });
    }
    steps.extend(later);
    steps
}

fn dropped_tables(old: &Catalog, new: &Catalog) -> Vec<Step> {
    let mut first = Vec::new();
    let mut steps = Vec::new();
    for turn in turns(old).into_iter().rev().filter(|turn| new.table(&turn.table.name).is_none()) {
        let table = turn.table.clone();
        let side = Side { table: table.clone(), existing: true };
        let keys = turn.later.iter().cloned().map(|key| Action::Drop(Part::ForeignKey(key), side.clone()));
        first.push(Step::Alter { table: table.name.clone(), actions: keys.collect() });
        let indexes = own_indexes(&turn, old.dialect).map(|index| Action::Drop(Part::Index(index), side.clone()));
        steps.push(Step::Alter { table: table.name.clone(), actions: indexes.collect() });
        steps.push(Step::DropTable(side));
    }
    first.extend(steps);
    first
}

/// The indexes that no foreign key makes: MySQL makes one of the key's name for each.
fn own_indexes(turn: &Turn, dialect: Dialect) -> impl Iterator<Item = Index> {
    let table = turn.table.clone();
    let keys: Vec<_> = table.foreign_keys.iter().chain(&turn.later).filter_map(|key| key.name.clone()).collect();
    let mut indexes = table.indexes.clone();
    indexes.retain(|index| dialect != Dialect::MySql || !keys.contains(&index.name));
    indexes.sort_by(|a, b| a.name.cmp(&b.name));
    indexes.into_iter()
}

/// A changed table and what changes.
type Altered = Vec<(QName, Vec<Action>)>;

fn altered(old: &Catalog, new: &Catalog) -> Altered {
    let (loose_old, loose_new) = (loose(old), loose(new));
    let kept = new.own_tables().filter(|table| !table.assumed);
    let pair = |table: &Arc<Table>| {
        let pair = Pair {
            old: old.table(&table.name).filter(|old| !old.assumed)?.clone(),
            new: table.clone(),
            loose_old: loose_old.table(&table.name)?.clone(),
            loose_new: loose_new.table(&table.name)?.clone(),
            dialect: new.dialect,
        };
        Some((table.name.clone(), actions(&pair)))
    };
    kept.filter_map(pair).filter(|(_, actions)| !actions.is_empty()).collect()
}

/// The changes table by table, those of foreign keys set apart that another table's changes are in the way of: the keys
/// that go before anything else does, and those that come last.
fn in_order(altered: Altered, old: &Catalog, new: &Catalog) -> (Vec<Step>, Vec<Step>, Vec<Step>) {
    let changed: BTreeSet<QName> = altered.iter().map(|(name, _)| name.clone()).collect();
    let dropped: BTreeSet<QName> =
        old.own_tables().map(|table| table.name.clone()).filter(|name| new.table(name).is_none()).collect();
    let (mut first, mut middle, mut last) = (Vec::new(), Vec::new(), Vec::new());
    for (table, actions) in altered {
        let (mut before, mut own, mut after) = (Vec::new(), Vec::new(), Vec::new());
        for action in actions {
            let refers =
                |key: &ForeignKey, names: &BTreeSet<QName>| key.ref_table != table && names.contains(&key.ref_table);
            match &action {
                Action::Drop(Part::ForeignKey(key), _) if refers(key, &dropped) || refers(key, &changed) => {
                    before.push(action);
                }
                Action::Add(Part::ForeignKey(key), _) if refers(key, &changed) => after.push(action),
                _ => own.push(action),
            }
        }
        first.push(Step::Alter { table: table.clone(), actions: before });
        middle.push(Step::Alter { table: table.clone(), actions: own });
        last.push(Step::Alter { table, actions: after });
    }
    (first, middle, last)
}
