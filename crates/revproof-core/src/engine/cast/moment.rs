//! Dates, times and timestamps: the ISO forms are read, other forms are left alone, what is none at all is refused.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use crate::ddl::may_be_moment;
use crate::engine::value;

/// What a text is, read as a moment.
pub(super) enum Reading<T> {
    /// This.
    Value(T),
    /// A form that is not read here but that a server may.
    Beyond,
    /// A day or an hour that there is not.
    OutOfRange,
    /// Nothing of the kind.
    Nonsense,
}

/// A date: `2024-01-31`, with or without a time behind it.
pub(super) fn date(text: &str) -> Reading<NaiveDate> {
    match timestamp(text) {
        Reading::Value((moment, _)) => Reading::Value(moment.date()),
        Reading::Beyond => Reading::Beyond,
        Reading::OutOfRange => Reading::OutOfRange,
        Reading::Nonsense => Reading::Nonsense,
    }
}

/// A time of day: `23:59`, `23:59:59.5`.
pub(super) fn time(text: &str) -> Reading<NaiveTime> {
    let text = text.trim();
    let time = value::time(text).or_else(|| NaiveTime::parse_from_str(text, "%H:%M").ok());
    time.map_or_else(|| beyond_or_nonsense(text), Reading::Value)
}

/// A moment, with its offset from UTC in seconds where it has one.
pub(super) fn timestamp(text: &str) -> Reading<(NaiveDateTime, Option<i64>)> {
    let text = text.trim();
    let Some(date) = text.get(..10).and_then(value::date) else {
        let shape: String = text.chars().take(10).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        return if shape == "0000-00-00" { Reading::OutOfRange } else { beyond_or_nonsense(text) };
    };
    let rest = text.get(10..).unwrap_or_default();
    let rest = rest.strip_prefix(['T', 't', ' ']).unwrap_or(rest).trim();
    if rest.is_empty() {
        return Reading::Value((date.and_time(NaiveTime::MIN), None));
    }
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(end);
    let Reading::Value(clock) = time(clock) else { return Reading::Beyond };
    let at = date.and_time(clock);
    let zone = zone.trim();
    match offset(zone) {
        _ if zone.is_empty() => Reading::Value((at, None)),
        Some(offset) => Reading::Value((at, Some(offset))),
        None => Reading::Beyond,
    }
}

/// `Z`, `UTC`, `+02`, `+0200`, `-05:30`, in seconds.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") || zone.eq_ignore_ascii_case("utc") || zone.eq_ignore_ascii_case("gmt") {
        return Some(0);
    }
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let plain: String = digits.chars().filter(|c| *c != ':').collect();
    if !matches!(plain.len(), 2 | 4) || !plain.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let hours: i64 = plain.get(..2)?.parse().ok()?;
    let minutes: i64 = plain.get(2..).filter(|m| !m.is_empty()).map_or(Some(0), |m| m.parse().ok())?;
    Some(sign * (hours * 3600 + minutes * 60))
}

/// The moment in UTC.
pub(super) fn to_utc(moment: NaiveDateTime, offset: Option<i64>) -> NaiveDateTime {
    let shift = TimeDelta::try_seconds(offset.unwrap_or(0)).unwrap_or_default();
    moment.checked_sub_signed(shift).unwrap_or(moment)
}

/// The moment with fractions of a second as PostgreSQL prints them, none where there are none.
pub(super) fn print(moment: NaiveDateTime) -> String {
    value::moment_text(moment)
}

/// The moment's seconds rounded to that many digits behind the point.
pub(super) fn round(moment: NaiveDateTime, precision: Option<u32>) -> NaiveDateTime {
    let unit = 10_i64.pow(9 - precision.unwrap_or(6).min(6));
    let nanos = i64::from(moment.and_utc().timestamp_subsec_nanos());
    let rounded = (nanos + unit / 2) / unit * unit;
    moment.checked_add_signed(TimeDelta::nanoseconds(rounded - nanos)).unwrap_or(moment)
}

fn beyond_or_nonsense<T>(text: &str) -> Reading<T> {
    if may_be_moment(text) { Reading::Beyond } else { Reading::Nonsense }
}
