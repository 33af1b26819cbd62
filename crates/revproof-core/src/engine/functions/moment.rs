//! Functions on moments.

use std::cmp::Ordering;

use chrono::{Datelike, Months, NaiveDate, NaiveDateTime, TimeDelta, Timelike};

use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::without_zeros;
use crate::op::Datum;

/// A moment and what stands behind it.
fn parse(text: &str) -> Option<(NaiveDateTime, &str)> {
    let (bare, zone) = match text.strip_suffix("+00:00") {
        Some(bare) => (bare, "+00:00"),
        None => (text, ""),
    };
    if let Ok(date) = NaiveDate::parse_from_str(bare, "%Y-%m-%d") {
        return Some((date.and_hms_opt(0, 0, 0)?, zone));
    }
    NaiveDateTime::parse_from_str(bare, "%Y-%m-%d %H:%M:%S%.f").ok().map(|at| (at, zone))
}

fn print(at: NaiveDateTime, zone: &str) -> Datum {
    let shown = at.format("%Y-%m-%d %H:%M:%S%.f").to_string();
    Datum::Timestamp(format!("{}{zone}", without_zeros(&shown)).into())
}

fn beyond(what: &str) -> Stop {
    Stop::unsupported(format!("{what} is not supported"))
}

/// A moment moved by an interval like `1 year 2 days 03:00:00`.
pub(in crate::engine) fn add_interval(at: &str, interval: &str, minus: bool) -> Evaluation<Datum> {
    let ((at, zone), (months, delta)) =
        parse(at).zip(read_interval(interval)).ok_or_else(|| beyond("this interval"))?;
    let back = (months < 0) != minus;
    let step = Months::new(u32::try_from(months.unsigned_abs()).unwrap_or(u32::MAX));
    let moved = if back { at.checked_sub_months(step) } else { at.checked_add_months(step) };
    let moved = moved.and_then(|at| if minus { at.checked_sub_signed(delta) } else { at.checked_add_signed(delta) });
    moved.map(|at| print(at, zone)).ok_or_else(|| beyond("this interval"))
}

/// A date so many days later.
pub(in crate::engine) fn add_days(at: &str, days: i64) -> Evaluation<Datum> {
    let moved = parse(at).zip(TimeDelta::try_days(days)).and_then(|((at, _), by)| at.checked_add_signed(by));
    moved.map(|at| Datum::Date(at.date().to_string().into())).ok_or_else(|| beyond("this date"))
}

/// How many days lie between two dates.
pub(in crate::engine) fn days_between(from: &str, to: &str) -> Evaluation<Datum> {
    let days = parse(from).zip(parse(to)).map(|((from, _), (to, _))| (to - from).num_days());
    days.map(Datum::Int).ok_or_else(|| beyond("this date"))
}

/// An interval as PostgreSQL prints it; `None` where it is written in a form that is not read here.
pub(in crate::engine) fn interval_text(text: &str) -> Option<String> {
    let (mut months, mut days, mut seconds) = (0_i64, 0_i64, 0_i64);
    let spread = text.replace('+', "").to_ascii_lowercase();
    let mut words = spread.split_whitespace();
    while let Some(word) = words.next() {
        if word.contains(':') {
            let (sign, clock) = word.strip_prefix('-').map_or((1, word), |rest| (-1, rest));
            let parts: Option<Vec<i64>> = clock.split(':').map(|part| part.parse().ok()).collect();
            seconds += match parts.as_deref()? {
                [hours, minutes] => sign * (hours * 3600 + minutes * 60),
                [hours, minutes, second] => sign * (hours * 3600 + minutes * 60 + second),
                _ => return None,
            };
            continue;
        }
        let split = word.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(word.len());
        let (count, unit) = word.split_at(split);
        let count: i64 = count.parse().ok().filter(|n: &i64| n.abs() < 1_000_000)?;
        let unit = if unit.is_empty() { words.next()? } else { unit };
        match unit.trim_end_matches('s') {
            "year" | "yr" | "y" => months += count * 12,
            "month" | "mon" => months += count,
            "week" | "w" => days += count * 7,
            "day" | "d" => days += count,
            "hour" | "h" | "hr" => seconds += count * 3600,
            "minute" | "min" | "m" => seconds += count * 60,
            "second" | "sec" => seconds += count,
            _ => return None,
        }
    }
    let mut parts = Vec::new();
    let mut add = |count: i64, unit: &str| {
        if count != 0 {
            parts.push(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }));
        }
    };
    add(months / 12, "year");
    add(months % 12, "mon");
    add(days, "day");
    if parts.iter().any(|part| part.starts_with('-')) && (seconds != 0 || parts.len() > 1) {
        return None;
    }
    if seconds != 0 || parts.is_empty() {
        let sign = if seconds < 0 { "-" } else { "" };
        let clock = seconds.abs();
        parts.push(format!("{sign}{:02}:{:02}:{:02}", clock / 3600, clock / 60 % 60, clock % 60));
    }
    Some(parts.join(" "))
}

/// Months, and the rest.
fn read_interval(text: &str) -> Option<(i64, TimeDelta)> {
    let (mut months, mut seconds) = (0_i64, 0_i64);
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        if word.contains(':') {
            let (sign, clock) = word.strip_prefix('-').map_or((1, word), |rest| (-1, rest));
            let mut parts = clock.split(':').map(|p| p.parse::<i64>().ok());
            let (hours, minutes) = (parts.next()??, parts.next()??);
            seconds += sign * (hours * 3600 + minutes * 60 + parts.next().unwrap_or(Some(0))?);
            continue;
        }
        let split = word.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(word.len());
        let (count, unit) = word.split_at(split);
        let count: i64 = count.parse().ok()?;
        let unit = if unit.is_empty() { words.next()? } else { unit };
        match unit.to_ascii_lowercase().trim_end_matches('s') {
            "year" | "yr" | "y" => months = months.checked_add(count.checked_mul(12)?)?,
            "month" | "mon" => months = months.checked_add(count)?,
            "week" | "w" => seconds = seconds.checked_add(count.checked_mul(604_800)?)?,
            "day" | "d" => seconds = seconds.checked_add(count.checked_mul(86_400)?)?,
            "hour" | "h" | "hr" => seconds = seconds.checked_add(count.checked_mul(3600)?)?,
            "minute" | "min" | "m" => seconds = seconds.checked_add(count.checked_mul(60)?)?,
            "second" | "sec" | "" => seconds = seconds.checked_add(count)?,
            _ => return None,
        }
    }
    Some((months, TimeDelta::try_seconds(seconds)?))
}

/// The order of two intervals: a month is thirty days there, a day twenty-four hours.
pub(in crate::engine) fn interval_order(a: &str, b: &str) -> Evaluation<Ordering> {
    let length = |text: &str| {
        let (months, rest) = read_interval(text)?;
        TimeDelta::try_days(months.checked_mul(30)?)?.checked_add(&rest)
    };
    length(a).zip(length(b)).map(|(a, b)| a.cmp(&b)).ok_or_else(|| beyond("this interval"))
}

/// `date_trunc`.
pub(in crate::engine) fn date_trunc(field: &str, at: &str) -> Evaluation<Datum> {
    let cut = |at: NaiveDateTime| {
        let date = at.date();
        let (date, hour, minute, second) = match field {
            "year" => (date.with_ordinal(1)?, 0, 0, 0),
            "month" => (date.with_day(1)?, 0, 0, 0),
            "day" => (date, 0, 0, 0),
            "hour" => (date, at.hour(), 0, 0),
            "minute" => (date, at.hour(), at.minute(), 0),
            "second" => (date, at.hour(), at.minute(), at.second()),
            _ => return None,
        };
        date.and_hms_opt(hour, minute, second)
    };
    let (at, zone) = parse(at).ok_or_else(|| beyond("this moment"))?;
    cut(at).map(|at| print(at, zone)).ok_or_else(|| beyond("this field of date_trunc"))
}

/// `date_part`, for the fields that are whole numbers.
pub(in crate::engine) fn date_part(field: &str, at: &str) -> Evaluation<Datum> {
    let (at, _) = parse(at).ok_or_else(|| beyond("this moment"))?;
    let part = match field {
        "year" => i64::from(at.year()),
        "month" => i64::from(at.month()),
        "day" => i64::from(at.day()),
        "hour" => i64::from(at.hour()),
        "minute" => i64::from(at.minute()),
        "dow" => i64::from(at.weekday().num_days_from_sunday()),
        "isodow" => i64::from(at.weekday().number_from_monday()),
        "doy" => i64::from(at.ordinal()),
        "quarter" => i64::from((at.month() - 1) / 3 + 1),
        "second" if at.nanosecond() == 0 => i64::from(at.second()),
        "epoch" if at.nanosecond() == 0 => at.and_utc().timestamp(),
        _ => return Err(beyond("this field of a moment")),
    };
    Ok(Datum::Decimal(part.to_string().into()))
}
