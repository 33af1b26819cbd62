//! Dates, times, intervals, decimals and UUIDs: Python's objects and the database's values.

use std::fmt::Write;

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::ty::Family;
use crate::op::Datum;
use crate::python::{Decimal, Scalar, Value, Vm};
use crate::schema::Dialect;
use crate::source::Span;

/// The value of an object of the standard library as the database gets it.
pub(super) fn datum(scalar: &Scalar, family: Family, dialect: Dialect) -> Datum {
    let text = scalar.text();
    if dialect == Dialect::Sqlite
        && let Some(stored) = sqlite_text(scalar, family)
    {
        return Datum::Text(stored.into());
    }
    match scalar {
        Scalar::Date(_) => Datum::Date(text.into()),
        Scalar::DateTime(at, _) if family == Family::Date => {
            Datum::Date(at.date().format("%Y-%m-%d").to_string().into())
        }
        Scalar::DateTime(..) => Datum::Timestamp(trimmed(&text).into()),
        Scalar::Time(..) => Datum::Time(trimmed(&text).into()),
        Scalar::Delta(delta) if dialect == Dialect::PostgreSql => Datum::Interval(interval(*delta).into()),
        Scalar::Delta(delta) => match epoch().checked_add_signed(*delta) {
            // Databases without intervals hold the moment that lies so far behind the epoch.
            Some(at) => Datum::Timestamp(at.format("%Y-%m-%d %H:%M:%S%.f").to_string().into()),
            None => Datum::Unknown("the interval is out of range".into()),
        },
        Scalar::Uuid(_) if dialect == Dialect::PostgreSql => Datum::Uuid(text.into()),
        Scalar::Uuid(_) => Datum::Text(text.replace('-', "").into()),
        Scalar::Decimal(_) => Datum::Decimal(text.into()),
        Scalar::Zone(_) => Datum::Unknown("a time zone has no counterpart in SQL".into()),
    }
}

/// The text as which SQLAlchemy stores a moment in SQLite, in a column whose type says that it is one: always with
/// microseconds, and without a zone.
fn sqlite_text(scalar: &Scalar, family: Family) -> Option<String> {
    Some(match (scalar, family) {
        (Scalar::DateTime(at, _), Family::DateTime) => at.format("%Y-%m-%d %H:%M:%S%.6f").to_string(),
        (Scalar::Time(time, _), Family::Time) => time.format("%H:%M:%S%.6f").to_string(),
        (Scalar::Delta(delta), Family::Interval) => {
            epoch().checked_add_signed(*delta)?.format("%Y-%m-%d %H:%M:%S%.6f").to_string()
        }
        (Scalar::DateTime(at, _), Family::Date) => at.date().format("%Y-%m-%d").to_string(),
        (Scalar::Date(date), Family::Date | Family::Text) => date.format("%Y-%m-%d").to_string(),
        _ => return None,
    })
}

fn epoch() -> NaiveDateTime {
    NaiveDateTime::default()
}

/// Without the zeros at the end of the seconds' fraction.
fn trimmed(text: &str) -> String {
    let Some((seconds, rest)) = text.split_once('.') else { return text.to_owned() };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (fraction, zone) = (rest.get(..end).unwrap_or_default(), rest.get(end..).unwrap_or_default());
    match fraction.trim_end_matches('0') {
        "" => format!("{seconds}{zone}"),
        fraction => format!("{seconds}.{fraction}{zone}"),
    }
}

/// The duration as PostgreSQL prints it: `1 day 02:00:00`.
fn interval(delta: TimeDelta) -> String {
    let days = delta.num_days();
    let rest = delta - TimeDelta::days(days);
    let sign = if rest < TimeDelta::zero() { "-" } else { "" };
    let seconds = rest.num_seconds().unsigned_abs();
    let micros = rest.subsec_nanos().unsigned_abs() / 1000;
    let mut text = String::new();
    if days != 0 {
        text = format!("{days} day{}", if days.abs() == 1 { "" } else { "s" });
    }
    if seconds == 0 && micros == 0 && days != 0 {
        return text;
    }
    if days != 0 {
        text.push(' ');
    }
    let _ = write!(text, "{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if micros != 0 {
        text.push('.');
        text.push_str(format!("{micros:06}").trim_end_matches('0'));
    }
    text
}

/// The Python object of such a value of the database; text where the dialect's driver gives text.
pub(super) fn value(vm: &Vm<'_>, datum: &Datum, family: Family, dialect: Dialect, span: Span) -> Value {
    let scalar = match datum {
        Datum::Decimal(digits) => {
            let binary = family == Family::Float || (dialect == Dialect::Sqlite && family != Family::Numeric);
            if binary {
                return digits.parse().map_or_else(|_| vm.unknown("the number can't be read", span), Value::Float);
            }
            decimal(digits).map(Scalar::Decimal)
        }
        // SQLite keeps moments as text; only a column that says so is read as one.
        Datum::Date(text) if dialect == Dialect::Sqlite && family != Family::Date => return Value::str(text),
        Datum::Time(text) if dialect == Dialect::Sqlite && family != Family::Time => return Value::str(text),
        Datum::Timestamp(text)
            if dialect == Dialect::Sqlite && !matches!(family, Family::DateTime | Family::Interval) =>
        {
            return Value::str(text);
        }
        Datum::Uuid(text) if dialect != Dialect::PostgreSql && family != Family::Uuid => return Value::str(text),
        Datum::Date(text) => date(text).map(Scalar::Date),
        Datum::Time(text) => {
            let (text, offset) = zoned(text);
            time(text).map(|time| Scalar::Time(time, offset))
        }
        Datum::Timestamp(text) => timestamp(text),
        Datum::Interval(text) => delta(text).map(Scalar::Delta),
        Datum::Uuid(text) => uuid(text),
        _ => None,
    };
    scalar.map_or_else(|| vm.unknown("a value of the database can't be read", span), Scalar::value)
}

/// A UUID, dashes or not.
pub(super) fn uuid(text: &str) -> Option<Scalar> {
    let hex: String = text.chars().filter(|c| *c != '-').collect();
    (hex.len() == 32).then(|| u128::from_str_radix(&hex, 16).ok()).flatten().map(Scalar::Uuid)
}

/// A moment, with or without a zone.
pub(super) fn timestamp(text: &str) -> Option<Scalar> {
    let (day, clock) = match text.split_once([' ', 'T']) {
        Some((day, clock)) => (day, clock),
        None => (text, "00:00:00"),
    };
    let (clock, offset) = zoned(clock);
    Some(Scalar::DateTime(date(day)?.and_time(time(clock)?), offset))
}

/// A date.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

fn time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok()
}

/// A time of day and the seconds of the offset behind it: `10:00:00+01:30`.
fn zoned(text: &str) -> (&str, Option<i32>) {
    let Some(at) = text.rfind(['+', '-']) else { return (text, None) };
    let (clock, zone) = text.split_at(at);
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let mut parts = zone.trim_start_matches(['+', '-']).split(':').map(str::parse::<i32>);
    let (Some(Ok(hours)), minutes) = (parts.next(), parts.next()) else { return (text, None) };
    let minutes = minutes.and_then(Result::ok).unwrap_or_default();
    (clock, Some(sign * (hours * 3600 + minutes * 60)))
}

/// A duration as PostgreSQL prints it, as far as it is days and hours.
fn delta(text: &str) -> Option<TimeDelta> {
    let mut total = TimeDelta::zero();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        if word.contains(':') {
            let negative = word.starts_with('-');
            let at = time(word.trim_start_matches(['-', '+']))?.signed_duration_since(NaiveTime::MIN);
            total = total.checked_add(&if negative { -at } else { at })?;
            continue;
        }
        let days: i64 = word.parse().ok()?;
        match words.next()? {
            "day" | "days" => total = total.checked_add(&TimeDelta::try_days(days)?)?,
            _ => return None,
        }
    }
    // Out of the range of dates is out of the range of Python's durations as well.
    NaiveDate::MIN.checked_add_days(Days::new(total.num_days().unsigned_abs()))?;
    Some(total)
}

fn decimal(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    Some(Decimal { digits, scale: u32::try_from(fraction.len()).ok()? })
}
