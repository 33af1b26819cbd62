//! Functions on numbers.

use crate::engine::decimal::Decimal;
use crate::op::Datum;

/// A function of one number that gives one of the same kind; `None` where there is no such function.
pub(in crate::engine) fn numeric(name: &str, value: &Datum) -> Option<Datum> {
    Some(match (name, value) {
        ("abs", Datum::Int(i)) => Datum::Int(i.checked_abs()?),
        ("abs", Datum::Float(f)) => Datum::Float(f.abs()),
        ("abs", Datum::Decimal(d)) => Datum::Decimal(d.strip_prefix('-').unwrap_or(d).into()),
        ("ceil" | "ceiling" | "floor" | "round" | "trunc", Datum::Int(_)) => value.clone(),
        ("ceil" | "ceiling", Datum::Float(f)) => Datum::Float(f.ceil()),
        ("floor", Datum::Float(f)) => Datum::Float(f.floor()),
        ("round", Datum::Float(f)) => Datum::Float(f.round_ties_even()),
        ("trunc", Datum::Float(f)) => Datum::Float(f.trunc()),
        ("ceil" | "ceiling" | "floor" | "trunc", Datum::Decimal(d)) => whole(name, d)?,
        ("round", Datum::Decimal(_)) => rounded(value, 0)?,
        ("sign", Datum::Int(i)) => Datum::Int(i.signum()),
        ("sqrt", Datum::Float(f)) if *f >= 0.0 => Datum::Float(f.sqrt()),
        _ => return None,
    })
}

/// A decimal number rounded to so many digits.
pub(in crate::engine) fn rounded(value: &Datum, digits: i64) -> Option<Datum> {
    let text = match value {
        Datum::Decimal(d) => d.as_ref().to_owned(),
        Datum::Int(i) => i.to_string(),
        _ => return None,
    };
    let mut decimal = Decimal::parse(&text)?;
    decimal.round(i32::try_from(digits).ok().filter(|d| d.abs() < 1000)?);
    Some(Datum::Decimal(decimal.to_string().into()))
}

fn whole(name: &str, digits: &str) -> Option<Datum> {
    let exact: f64 = digits.parse().ok()?;
    if exact.abs() > 9.0e15 {
        return None;
    }
    let (bare, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let truncated: i64 = bare.parse().unwrap_or(0);
    let has_fraction = fraction.bytes().any(|b| b != b'0');
    let negative = digits.starts_with('-');
    let shifted = match name {
        "floor" if has_fraction && negative => truncated - 1,
        "ceil" | "ceiling" if has_fraction && !negative => truncated + 1,
        _ => truncated,
    };
    Some(Datum::Decimal(shifted.to_string().into()))
}
