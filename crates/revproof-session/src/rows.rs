//! The rows of a table, each value with what became of it.

use revproof_core::engine::StoredRow;
use revproof_core::op::Datum;
use revproof_core::render::datum_text;
use revproof_core::schema::{Column, Table};
use revproof_messages::{Cell, CellMark, Change, Mark, Row, RowsView};
use rustc_hash::FxHashMap;

use super::tables::TablePair;

/// How many rows of a table are shown.
const SHOWN: usize = 200;

/// Where a column is in the rows before and after.
struct Place {
    old: Option<usize>,
    new: Option<usize>,
}

/// The rows of a table in both states.
pub(crate) fn rows(table: &TablePair<'_>) -> RowsView {
    let pair = table.pair;
    let columns = table.columns();
    let of = |table: Option<&Table>, column: Option<&Column>| {
        let id = column?.id;
        table?.columns.iter().position(|column| column.id == id)
    };
    let places: Vec<Place> = columns
        .iter()
        .map(|(old, new)| Place {
            old: of(table.old.map(AsRef::as_ref), *old),
            new: of(table.new.map(AsRef::as_ref), *new),
        })
        .collect();
    let old = table.old.map(|table| pair.before.stored_rows(&table.name)).unwrap_or_default();
    let new = table.new.map(|table| pair.after.stored_rows(&table.name)).unwrap_or_default();
    let matched = matched(old, new, &places);
    let more = matched.len().saturating_sub(SHOWN) as u32;
    let heads = columns.iter().filter_map(|(old, new)| {
        let mark = match (old, new) {
            (None, _) => Mark::New,
            (_, None) => Mark::Gone,
            (Some(old), Some(new)) if old.name != new.name => Mark::Changed,
            _ => Mark::Same,
        };
        Some(Change { name: new.or(*old)?.name.to_string(), mark })
    });
    let doubt = table.new.and_then(|table| pair.after.row_doubt(&table.name));
    RowsView {
        columns: heads.collect(),
        rows: matched.iter().take(SHOWN).map(|(old, new)| show(old.as_ref(), new.as_ref(), &places)).collect(),
        more,
        why_none: doubt.map(|why| why.to_string()),
    }
}

/// The rows of both, matched by their numbers, then those that were taken away and put back alike; in order of the
/// numbers, those that are gone at their old place.
fn matched(old: Vec<StoredRow>, new: Vec<StoredRow>, places: &[Place]) -> Vec<(Option<StoredRow>, Option<StoredRow>)> {
    let mut before: FxHashMap<i64, StoredRow> = old.into_iter().map(|row| (row.number, row)).collect();
    let mut matched: Vec<(Option<StoredRow>, Option<StoredRow>)> =
        new.into_iter().map(|row| (before.remove(&row.number), Some(row))).collect();
    let mut gone: Vec<StoredRow> = before.into_values().collect();
    gone.sort_by_key(|row| row.number);
    for row in gone {
        let alike = |pair: &(Option<StoredRow>, Option<StoredRow>)| {
            pair.0.is_none() && pair.1.as_ref().is_some_and(|new| is_alike(&row, new, places))
        };
        match matched.iter_mut().find(|pair| alike(pair)) {
            Some(twin) => twin.0 = Some(row),
            None => matched.push((Some(row), None)),
        }
    }
    matched.sort_by_key(|(old, new)| old.as_ref().or(new.as_ref()).map(|row| row.number));
    matched
}

fn is_alike(old: &StoredRow, new: &StoredRow, places: &[Place]) -> bool {
    places.iter().all(|place| match (place.old, place.new) {
        (Some(before), Some(after)) => old.cells.get(before) == new.cells.get(after),
        _ => false,
    })
}

fn show(old: Option<&StoredRow>, new: Option<&StoredRow>, places: &[Place]) -> Row {
    let value = |row: Option<&StoredRow>, place: Option<usize>| row.and_then(|row| row.cells.get(place?)).cloned();
    let cells: Vec<Cell> = places
        .iter()
        .map(|place| cell(old.is_some(), value(old, place.old).as_ref(), new.is_some(), value(new, place.new).as_ref()))
        .collect();
    let mark = match (old, new) {
        (None, _) => Mark::New,
        (_, None) => Mark::Gone,
        _ if cells.iter().any(|cell| matches!(cell.mark, CellMark::Changed | CellMark::Lost)) => Mark::Changed,
        _ => Mark::Same,
    };
    Row { mark, seeded: new.or(old).is_some_and(|row| row.seeded), cells }
}

fn cell(was_there: bool, old: Option<&Datum>, is_there: bool, new: Option<&Datum>) -> Cell {
    let was = old.filter(|old| **old != Datum::Null);
    let was_text = || was.map(datum_text);
    match new {
        Some(new) if was_there && old == Some(new) => Cell { text: datum_text(new), mark: plain(new), was: None },
        Some(Datum::Unknown(_)) => Cell { text: "?".to_owned(), mark: CellMark::Unknown, was: was_text() },
        Some(Datum::Null) if was.is_some() => Cell { text: "NULL".to_owned(), mark: CellMark::Lost, was: was_text() },
        Some(Datum::Null) => Cell { text: "NULL".to_owned(), mark: CellMark::Null, was: None },
        Some(new) if was_there && old.is_some() => {
            Cell { text: datum_text(new), mark: CellMark::Changed, was: old.map(datum_text) }
        }
        Some(new) => Cell { text: datum_text(new), mark: CellMark::New, was: None },
        // The column is gone, or the row is.
        None if was.is_some() => Cell { text: String::new(), mark: CellMark::Lost, was: was_text() },
        None if is_there || was_there => Cell { text: String::new(), mark: CellMark::Null, was: None },
        None => Cell::default(),
    }
}

/// What a value that did not change is.
const fn plain(datum: &Datum) -> CellMark {
    match datum {
        Datum::Null => CellMark::Null,
        Datum::Unknown(_) => CellMark::Unknown,
        _ => CellMark::Same,
    }
}
