//! Primary keys, unique constraints and unique indexes.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::{Doubts, met_at, refusal};
use crate::engine::database::Database;
use crate::engine::expression::{evaluate_rows, matching_rows};
use crate::engine::rows::{Row, TableRows};
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::{Key, key, text};
use crate::op::{Failure, FailureKind, Outcome};
use crate::schema::{ColumnId, Dialect, Index, IndexPart, Name, PrimaryKey, Table, Unique};

/// How many rows are compared with those of which not all is known.
const MAX_COMPARED: usize = 2_000;

/// What must be unique.
#[derive(Debug, Clone)]
pub(in crate::engine) struct UniqueKey<'a> {
    /// The name of the constraint or index.
    pub(in crate::engine) name: Option<&'a Name>,
    /// The columns, where all parts are columns.
    pub(in crate::engine) columns: Cow<'a, [ColumnId]>,
    /// The parts, where some are expressions.
    parts: Option<&'a [IndexPart]>,
    /// The condition that rows must satisfy to be looked at.
    pub(in crate::engine) predicate: Option<&'a Name>,
    /// Whether NULL is like NULL.
    nulls_alike: bool,
    /// Whether it is the primary key.
    pub(in crate::engine) primary: bool,
}

impl<'a> UniqueKey<'a> {
    /// Of a primary key.
    pub(super) fn of_primary_key(key: &'a PrimaryKey) -> Self {
        let columns = Cow::Borrowed(key.columns.as_slice());
        Self { name: key.name.as_ref(), columns, parts: None, predicate: None, nulls_alike: false, primary: true }
    }

    /// Of a unique constraint.
    pub(super) fn of_unique(unique: &'a Unique) -> Self {
        Self {
            name: unique.name.as_ref(),
            columns: Cow::Borrowed(unique.columns.as_slice()),
            parts: None,
            predicate: None,
            nulls_alike: unique.nulls_not_distinct,
            primary: false,
        }
    }

    /// Of a unique index.
    pub(super) fn of_index(index: &'a Index) -> Self {
        let plain: Option<Vec<ColumnId>> = index.parts.iter().map(|p| p.column).collect();
        let parts = if plain.is_some() { None } else { Some(index.parts.as_slice()) };
        let mentioned = || index.parts.iter().flat_map(|p| p.column.iter().chain(&p.mentions)).copied().collect();
        Self {
            name: Some(&index.name),
            columns: Cow::Owned(plain.unwrap_or_else(mentioned)),
            parts,
            predicate: index.predicate.as_ref(),
            nulls_alike: index.nulls_not_distinct,
            primary: false,
        }
    }

    /// Whether it is about plain columns of all rows.
    pub(in crate::engine) fn is_plain(&self) -> bool {
        self.parts.is_none() && self.predicate.is_none()
    }
}

/// Everything that must be unique in a table.
pub(in crate::engine) fn unique_keys(table: &Table) -> impl Iterator<Item = UniqueKey<'_>> {
    let primary = table.primary_key.iter().map(UniqueKey::of_primary_key);
    let uniques = table.uniques.iter().map(UniqueKey::of_unique);
    let indexes = table.indexes.iter().filter(|i| i.unique).map(UniqueKey::of_index);
    primary.chain(uniques).chain(indexes)
}

/// Asks a new key of all rows.
pub(super) fn all(
    db: &Database,
    table: &Table,
    rows: &TableRows,
    unique: &UniqueKey<'_>,
    doubts: &mut Doubts,
) -> Outcome<()> {
    if rows.len() < 2 {
        return Ok(());
    }
    let mut groups: FxHashMap<Vec<Key>, Vec<i64>> = FxHashMap::default();
    for (number, key) in keys(db, table, rows, unique, doubts) {
        groups.entry(key).or_default().push(number);
    }
    let doubles = || groups.values().filter(|group| group.len() > 1);
    // It is met at the second row of the key.
    let second = |group: &Vec<i64>| {
        let mut numbers = group.clone();
        numbers.sort_unstable();
        numbers.get(1).copied()
    };
    let met = doubles().filter_map(second).min();
    let mut twice: Vec<i64> = doubles().flatten().copied().collect();
    if twice.is_empty() {
        return Ok(());
    }
    twice.sort_unstable();
    let message = match (db.catalog.dialect, unique.name) {
        (Dialect::PostgreSql, Some(name)) => {
            let detail = twice.first().and_then(|n| rows.get(*n)).map(|row| shown(table, unique, row));
            format!("could not create unique index \"{name}\": {} is duplicated", detail.unwrap_or_default())
        }
        _ => duplicate_message(db, table, unique, twice.first().and_then(|n| rows.get(*n)).map(AsRef::as_ref)),
    };
    let kind = FailureKind::UniqueViolation;
    Err(met_at(met, refusal(db, kind, message, table, unique.name, &unique.columns, &twice)))
}

/// Asks a key of rows that a statement wrote.
pub(super) fn written(
    db: &Database,
    table: &Table,
    rows: &TableRows,
    unique: &UniqueKey<'_>,
    numbers: &[i64],
    doubts: &mut Doubts,
) -> Outcome<()> {
    let pairs = conflicts(db, table, rows, unique, numbers, doubts);
    if pairs.is_empty() {
        return Ok(());
    }
    // The rows at fault are those that were there before, where there are such: a seeded row that stands in the way
    // of a script's is ours to take away.
    let mut at_fault: Vec<i64> = pairs.iter().map(|(_, other)| *other).filter(|n| !numbers.contains(n)).collect();
    if at_fault.is_empty() {
        at_fault = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
    }
    at_fault.sort_unstable();
    at_fault.dedup();
    let example = pairs.first().and_then(|(n, _)| rows.get(*n)).map(AsRef::as_ref);
    let message = duplicate_message(db, table, unique, example);
    let failure = refusal(db, FailureKind::UniqueViolation, message, table, unique.name, &unique.columns, &at_fault);
    Err(met_at(pairs.iter().map(|(number, _)| *number).min(), failure))
}

/// What a server says of a key that is double only until the statement ends, if it meets it.
pub(in crate::engine) fn met_on_the_way(db: &Database, table: &Table, unique: &UniqueKey<'_>, row: &Row) -> Failure {
    let message = duplicate_message(db, table, unique, Some(row));
    let mut failure = refusal(db, FailureKind::UniqueViolation, message, table, unique.name, &unique.columns, &[]);
    failure.violation = None;
    failure.doubt = Some("whether a key is double on the way depends on the order of the rows".into());
    failure
}

/// Pairs of a written row and another row with the same key.
pub(in crate::engine) fn conflicts(
    db: &Database,
    table: &Table,
    rows: &TableRows,
    unique: &UniqueKey<'_>,
    numbers: &[i64],
    doubts: &mut Doubts,
) -> Vec<(i64, i64)> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    let is_written = |n: i64| sorted.binary_search(&n).is_ok();
    let mut first: FxHashMap<Vec<Key>, i64> = FxHashMap::default();
    let mut pairs = Vec::new();
    let keyed: Vec<(i64, Vec<Key>)> = keys(db, table, rows, unique, doubts).collect();
    // Rows that the statement did not write come first, so that they are the ones found in the way.
    let (new, old): (Vec<_>, Vec<_>) = keyed.into_iter().partition(|(n, _)| is_written(*n));
    for (number, key) in old {
        first.entry(key).or_insert(number);
    }
    for (number, key) in new {
        match first.get(&key) {
            Some(other) => pairs.push((number, *other)),
            None => {
                first.insert(key, number);
            }
        }
    }
    pairs
}

/// The keys of the rows that have one: rows outside the predicate and rows with NULL have none.
fn keys<'r>(
    db: &'r Database,
    table: &'r Table,
    rows: &'r TableRows,
    unique: &'r UniqueKey<'r>,
    doubts: &mut Doubts,
) -> Box<dyn Iterator<Item = (i64, Vec<Key>)> + 'r> {
    let dialect = db.catalog.dialect;
    if unique.is_plain() {
        if rows.has_unknown(&unique.columns) && may_clash(rows, unique, dialect) {
            doubts.push(format!("whether {} holds rests on values that are not known", label(unique)).into());
        }
        return Box::new(rows.iter().filter_map(move |(number, row)| {
            let key = unique.columns.iter().map(|id| key(row.get(*id), dialect)).collect::<Option<Vec<_>>>()?;
            (unique.nulls_alike || !key.contains(&Key::Null)).then_some((number, key))
        }));
    }
    match computed_keys(db, table, rows, unique) {
        Ok(keys) => Box::new(keys.into_iter()),
        Err(why) => {
            doubts.push(format!("whether {} holds is not simulated: {why}", label(unique)).into());
            Box::new(std::iter::empty())
        }
    }
}

/// Whether a row of which not all of the key is known may have the key of another: what is known of both is the same.
fn may_clash(rows: &TableRows, unique: &UniqueKey<'_>, dialect: Dialect) -> bool {
    let keys: Vec<Vec<Option<Key>>> =
        rows.iter().map(|(_, row)| unique.columns.iter().map(|id| key(row.get(*id), dialect)).collect()).collect();
    let alike = |(a, b): (&Option<Key>, &Option<Key>)| match (a, b) {
        (Some(Key::Null), _) | (_, Some(Key::Null)) if !unique.nulls_alike => false,
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    let open = keys.iter().enumerate().filter(|(_, key)| key.contains(&None));
    keys.len() > MAX_COMPARED
        || open.into_iter().any(|(at, key)| {
            let mut others = keys.iter().enumerate().filter(|(other, _)| *other != at);
            others.any(|(_, other)| key.iter().zip(other).all(alike))
        })
}

/// The keys where expressions or a predicate have to be evaluated.
fn computed_keys(
    db: &Database,
    table: &Table,
    rows: &TableRows,
    unique: &UniqueKey<'_>,
) -> Evaluation<Vec<(i64, Vec<Key>)>> {
    let dialect = db.catalog.dialect;
    let looked_at = match unique.predicate {
        Some(predicate) => matching_rows(db, table, rows, predicate)?,
        None => vec![true; rows.len()],
    };
    let mut keys: Vec<Vec<Key>> = vec![Vec::new(); rows.len()];
    let unknown = || Stop::unsupported("it rests on values that are not known");
    let by_column = unique.columns.iter().map(|id| (Some(*id), None));
    let parts: Vec<(Option<ColumnId>, Option<&Name>)> = match unique.parts {
        Some(parts) => parts.iter().map(|p| (p.column, p.expression.as_ref())).collect(),
        None => by_column.collect(),
    };
    for part in parts {
        match part {
            (Some(id), _) => {
                for ((_, row), out) in rows.iter().zip(&mut keys) {
                    out.push(key(row.get(id), dialect).ok_or_else(unknown)?);
                }
            }
            (None, Some(expression)) => {
                for (value, out) in evaluate_rows(db, table, rows, expression)?.iter().zip(&mut keys) {
                    out.push(key(value, dialect).ok_or_else(unknown)?);
                }
            }
            (None, None) => return Err(Stop::unsupported("a part of the index was not understood")),
        }
    }
    let numbered = rows.iter().map(|(n, _)| n).zip(keys).zip(looked_at);
    Ok(numbered
        .filter(|((_, key), look)| *look && (unique.nulls_alike || !key.contains(&Key::Null)))
        .map(|(numbered, _)| numbered)
        .collect())
}

fn label(unique: &UniqueKey<'_>) -> String {
    match unique.name {
        Some(name) => format!("the uniqueness of {name}"),
        None => String::from("a unique constraint"),
    }
}

/// `Key (a, b)=(1, 2)`.
fn shown(table: &Table, unique: &UniqueKey<'_>, row: &std::sync::Arc<Row>) -> String {
    let names: Vec<_> = table.column_names(&unique.columns).iter().map(ToString::to_string).collect();
    let values: Vec<_> = unique.columns.iter().map(|id| text(row.get(*id)).into_owned()).collect();
    format!("key ({})=({})", names.join(", "), values.join(", "))
}

fn duplicate_message(db: &Database, table: &Table, unique: &UniqueKey<'_>, row: Option<&Row>) -> String {
    let names = || {
        let qualified = |name: &Name| format!("{}.{name}", table.name.name);
        table.column_names(&unique.columns).iter().map(qualified).collect::<Vec<_>>().join(", ")
    };
    match (db.catalog.dialect, unique.name) {
        (Dialect::PostgreSql, name) => {
            let name = name.map_or("", |n| &**n);
            format!("duplicate key value violates unique constraint \"{name}\"")
        }
        (Dialect::Sqlite, _) if unique.parts.is_some() => {
            format!("UNIQUE constraint failed: index '{}'", unique.name.map_or("", |n| &**n))
        }
        (Dialect::Sqlite, _) => format!("UNIQUE constraint failed: {}", names()),
        (Dialect::MySql, name) => {
            let name = if unique.primary { "PRIMARY" } else { name.map_or("", |n| &**n) };
            let value = |row: &Row| {
                unique.columns.iter().map(|id| text(row.get(*id)).into_owned()).collect::<Vec<_>>().join("-")
            };
            let value = row.map(value).unwrap_or_default();
            format!("Duplicate entry '{value}' for key '{}.{name}'", table.name.name)
        }
    }
}
