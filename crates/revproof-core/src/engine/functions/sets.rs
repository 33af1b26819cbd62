//! Functions that give rows.

use super::arithmetic::arithmetic;
use super::interval::{add_interval, interval_order};
use super::json::json_rows;
use super::regex::regex_call;
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::{compare, count};
use crate::op::{Datum, FailureKind};
use crate::schema::{Dialect, SqlType};

/// How many rows one call may give.
const MAX_ROWS: usize = 20_000;

/// The rows of one call. Where an argument is NULL there are none, but for `unnest`, which takes several arrays.
pub(in crate::engine) fn set_rows(name: &str, args: &[Datum]) -> Evaluation<Vec<Vec<Datum>>> {
    let single = |values: Vec<Datum>| values.into_iter().map(|value| vec![value]).collect();
    if name == "unnest" {
        return unnest(args);
    }
    if args.contains(&Datum::Null) {
        return Ok(Vec::new());
    }
    match (name, args) {
        ("generate_series", [from, to]) => match from {
            Datum::Int(_) => series(from, to, &Datum::Int(1)).map(single),
            _ => series(from, to, &Datum::Decimal("1".into())).map(single),
        },
        ("generate_series", [from, to, step]) => series(from, to, step).map(single),
        ("generate_subscripts", [Datum::List(items), Datum::Int(1)]) => {
            Ok(single((1..=count(items.len())).map(Datum::Int).collect()))
        }
        ("string_to_table", [Datum::Text(text), Datum::Text(between)]) => {
            let whole = text.is_empty() || between.is_empty();
            let parts = if whole { vec![&**text] } else { text.split(&**between).collect() };
            let kept = parts.into_iter().filter(|_| !text.is_empty());
            Ok(single(kept.map(|part| Datum::Text(part.into())).collect()))
        }
        ("regexp_matches" | "regexp_split_to_table", _) => match regex_call(name, args) {
            Some(Ok(Datum::List(found))) => Ok(single(found)),
            Some(Err(stop)) => Err(stop),
            _ => Err(Stop::unsupported(format!("{name} of this is not supported"))),
        },
        (_, [Datum::Json(json)]) => json_rows(name, json),
        _ => Err(Stop::unsupported(format!("{name} of this is not supported"))),
    }
}

/// The rows of several arrays side by side; the shorter ones are filled up with NULL.
fn unnest(arrays: &[Datum]) -> Evaluation<Vec<Vec<Datum>>> {
    let mut lists: Vec<&[Datum]> = Vec::with_capacity(arrays.len());
    for array in arrays {
        lists.push(match array {
            Datum::List(items) if !items.iter().any(|item| matches!(item, Datum::List(_))) => items,
            Datum::Null => &[],
            _ => return Err(Stop::unsupported("unnest of this is not supported")),
        });
    }
    let length = lists.iter().map(|list| list.len()).max().unwrap_or(0);
    let row = |at: usize| lists.iter().map(|list| list.get(at).cloned().unwrap_or(Datum::Null)).collect();
    Ok((0..length).map(row).collect())
}

fn series(from: &Datum, to: &Datum, step: &Datum) -> Evaluation<Vec<Datum>> {
    let zero = match step {
        Datum::Int(_) => Datum::Int(0),
        Datum::Decimal(_) => Datum::Decimal("0".into()),
        _ => Datum::Null,
    };
    let direction = match step {
        Datum::Interval(step) => interval_order(step, "00:00:00")?,
        step => compare(step, &zero),
    };
    if direction.is_eq() {
        return Err(Stop::fail(FailureKind::InvalidValue, "step size cannot equal zero"));
    }
    let mut values = Vec::new();
    let mut next = from.clone();
    while compare(&next, to) != direction {
        if values.len() >= MAX_ROWS {
            return Err(Stop::unsupported("a series of so many values is not simulated"));
        }
        values.push(next.clone());
        next = match (&next, step) {
            (Datum::Timestamp(at), Datum::Interval(step)) => add_interval(at, step, false)?,
            (Datum::Int(at), Datum::Int(step)) => match at.checked_add(*step) {
                Some(next) => Datum::Int(next),
                None => break,
            },
            (at, step) => arithmetic(Dialect::PostgreSql, '+', at, step, &SqlType::Numeric(None, None))?,
        };
    }
    Ok(values)
}
