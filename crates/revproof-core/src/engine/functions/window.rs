//! Window functions on the rows of one partition, which are sorted.

use std::ops::Range;

use super::aggregate::aggregate;
use super::arithmetic::arithmetic;
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::{compare, count};
use crate::op::{Datum, FailureKind};
use crate::schema::{Dialect, SqlType};

/// The rows that a function looks at, as seen from one of them.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Frame {
    /// `ROWS`, else `RANGE`, where the peers of a row stand by it.
    pub(in crate::engine) by_rows: bool,
    /// The first row.
    pub(in crate::engine) start: Place,
    /// The last one.
    pub(in crate::engine) end: Place,
}

/// An end of a frame.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) enum Place {
    /// The first row of the partition.
    First,
    /// So many rows behind the current one; for `RANGE`, the value that is so much higher in the order.
    Row(i64),
    /// The last row of the partition.
    Last,
}

impl Frame {
    /// Whether values decide which rows belong to it, not only places.
    pub(in crate::engine) fn is_by_value(self) -> bool {
        let moved = |place: Place| matches!(place, Place::Row(offset) if offset != 0);
        !self.by_rows && (moved(self.start) || moved(self.end))
    }

    /// The places of the rows from each row; `peers` says where the rows begin that are alike to the order.
    pub(in crate::engine) fn ranges(self, peers: &[usize]) -> Vec<Range<usize>> {
        let ends = (0..peers.len()).map(|at| self.range(at, alike(peers, at), peers.len()));
        ends.collect()
    }

    /// The places of the rows from one row of so many, whose peers are these.
    fn range(self, at: usize, peers: (usize, usize), len: usize) -> Range<usize> {
        let moved = |offset: i64| usize::try_from(count(at).saturating_add(offset).max(0)).unwrap_or(usize::MAX);
        let start = match self.start {
            Place::First => 0,
            Place::Last => len,
            Place::Row(_) if !self.by_rows => peers.0,
            Place::Row(offset) => moved(offset),
        };
        let end = match self.end {
            Place::First => 0,
            Place::Last => len,
            Place::Row(_) if !self.by_rows => peers.1,
            Place::Row(offset) => moved(offset.saturating_add(1)),
        };
        start.min(len)..end.min(len).max(start.min(len))
    }
}

/// Where the rows begin and end that are alike to one row.
fn alike(peers: &[usize], at: usize) -> (usize, usize) {
    let first = peers.get(at).copied().unwrap_or(at);
    let end = peers.iter().skip(at).position(|peer| *peer != first).map_or(peers.len(), |more| at + more);
    (first, end)
}

/// The frames of `RANGE` with an offset: the rows whose numbers lie within it from that of each row, in the order, whose
/// direction is given, and whether NULLs come first in it. A row without a number has its peers.
pub(in crate::engine) fn ranges_by_value(
    frame: Frame,
    values: &[Datum],
    (descending, nulls_first): (bool, bool),
    peers: &[usize],
    dialect: Dialect,
) -> Evaluation<Vec<Range<usize>>> {
    let numbers = |datum: &Datum| matches!(datum, Datum::Null | Datum::Int(_) | Datum::Decimal(_) | Datum::Float(_));
    if !values.iter().all(numbers) {
        return Err(Stop::unsupported("RANGE with an offset from something other than a number is not supported"));
    }
    let mut ranges = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        let (first, end) = alike(peers, at);
        let bound = |place: Place, is_start: bool| {
            let offset = match place {
                Place::First => return Ok(0),
                Place::Last => return Ok(values.len()),
                Place::Row(offset) if offset == 0 || *value == Datum::Null => {
                    return Ok(if is_start { first } else { end });
                }
                Place::Row(offset) => Datum::Int(if descending { offset.saturating_neg() } else { offset }),
            };
            let ty = match value {
                Datum::Int(_) => SqlType::BigInt,
                Datum::Float(_) => SqlType::Double,
                _ => SqlType::Numeric(None, None),
            };
            let limit = arithmetic(dialect, '+', value, &offset, &ty)?;
            let before = |other: &Datum| {
                let order = compare(other, &limit);
                let order = if descending { order.reverse() } else { order };
                if *other == Datum::Null { nulls_first } else { order.is_lt() || !is_start && order.is_eq() }
            };
            Ok::<usize, Stop>(values.partition_point(before))
        };
        let start = bound(frame.start, true)?;
        ranges.push(start..bound(frame.end, false)?.max(start));
    }
    Ok(ranges)
}

/// What a function gives for each row: `rows` are its arguments, `counted` says which rows its filter leaves, `peers`
/// where the rows begin that are alike to the order, `ranges` which rows the frame of each has.
pub(in crate::engine) fn over_rows(
    name: &str,
    rows: &[&[Datum]],
    counted: &[bool],
    (peers, ranges): (&[usize], &[Range<usize>]),
    ty: &SqlType,
    dialect: Dialect,
) -> Evaluation<Vec<Datum>> {
    let len = rows.len();
    let mut results: Vec<Datum> = Vec::with_capacity(len);
    let mut last: Option<(Range<usize>, Datum)> = None;
    let mut groups = 0;
    for (at, first) in peers.iter().copied().enumerate() {
        groups += i64::from(at == first);
        let (_, end) = alike(peers, at);
        let cell = |row: Option<usize>, place: usize| row.and_then(|row| rows.get(row)).and_then(|row| row.get(place));
        let own = |place: usize| cell(Some(at), place);
        let range = ranges.get(at).cloned().unwrap_or(0..0);
        #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
        let share = |part: usize, whole: usize| Datum::Float(if whole == 0 { 0.0 } else { part as f64 / whole as f64 });
        let value = match name {
            "row_number" => Datum::Int(count(at) + 1),
            "rank" => Datum::Int(count(first) + 1),
            "dense_rank" => Datum::Int(groups),
            "percent_rank" => share(first, len.saturating_sub(1)),
            "cume_dist" => share(end, len),
            "ntile" => tile(own(0), at, len)?,
            "lag" | "lead" => {
                let offset = match own(1) {
                    None => 1,
                    Some(Datum::Int(offset)) => *offset,
                    Some(_) => return Err(Stop::unsupported(format!("this offset of {name} is not supported"))),
                };
                let offset = if name == "lag" { offset.saturating_neg() } else { offset };
                let row = usize::try_from(count(at).saturating_add(offset)).ok().filter(|row| *row < len);
                let found = if row.is_some() { cell(row, 0) } else { own(2) };
                found.cloned().unwrap_or(Datum::Null)
            }
            "first_value" | "last_value" | "nth_value" => {
                let row = match (name, own(1)) {
                    ("first_value", _) => Some(range.start),
                    ("last_value", _) => range.end.checked_sub(1),
                    (_, Some(Datum::Int(n))) if *n > 0 => {
                        usize::try_from(*n - 1).ok().and_then(|n| range.start.checked_add(n))
                    }
                    _ => return Err(Stop::unsupported(format!("this argument of {name} is not supported"))),
                };
                cell(row.filter(|row| range.contains(row)), 0).cloned().unwrap_or(Datum::Null)
            }
            _ => match &last {
                Some((known, value)) if *known == range => value.clone(),
                _ => {
                    let seen = range.clone().filter(|row| counted.get(*row) == Some(&true));
                    let seen: Vec<&[Datum]> = seen.filter_map(|row| rows.get(row).copied()).collect();
                    let value = aggregate(name, &seen, false, ty, dialect)?;
                    last = Some((range, value.clone()));
                    value
                }
            },
        };
        results.push(value);
    }
    Ok(results)
}

/// Which of so many parts, as equal as can be, a row is in.
fn tile(parts: Option<&Datum>, at: usize, len: usize) -> Evaluation<Datum> {
    let parts = match parts {
        Some(Datum::Int(parts)) if *parts > 0 => usize::try_from(*parts).unwrap_or(usize::MAX),
        Some(Datum::Int(_)) => {
            return Err(Stop::fail(FailureKind::InvalidValue, "argument of ntile must be greater than zero"));
        }
        _ => return Err(Stop::unsupported("this argument of ntile is not supported")),
    };
    let (size, longer) = (len / parts, len % parts);
    let within = longer * (size + 1);
    let tile = if at < within { at / (size + 1) } else { longer + (at - within) / size.max(1) };
    Ok(Datum::Int(count(tile) + 1))
}
