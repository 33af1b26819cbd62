//! Functions on moments.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike};

use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::{date, date_text, moment, moment_text};
use crate::op::{Datum, FailureKind};

/// A moment and what stands behind it.
pub(super) fn parse(text: &str) -> Option<(NaiveDateTime, &str)> {
    let (bare, zone) = match text.strip_suffix("+00:00") {
        Some(bare) => (bare, "+00:00"),
        None => (text, ""),
    };
    if let Some(date) = date(bare) {
        return Some((date.and_hms_opt(0, 0, 0)?, zone));
    }
    moment(bare).map(|at| (at, zone))
}

pub(super) fn print(at: NaiveDateTime, zone: &str) -> Datum {
    Datum::Timestamp((moment_text(at) + zone).into())
}

pub(super) fn beyond(what: &str) -> Stop {
    Stop::unsupported(format!("{what} is not supported"))
}

/// A date so many days later.
pub(in crate::engine) fn add_days(at: &str, days: i64) -> Evaluation<Datum> {
    let moved = parse(at).zip(TimeDelta::try_days(days)).and_then(|((at, _), by)| at.checked_add_signed(by));
    moved.map(|at| Datum::Date(date_text(at.date()).into())).ok_or_else(|| beyond("this date"))
}

/// How many days lie between two dates.
pub(in crate::engine) fn days_between(from: &str, to: &str) -> Evaluation<Datum> {
    let days = parse(from).zip(parse(to)).map(|((from, _), (to, _))| (to - from).num_days());
    days.map(Datum::Int).ok_or_else(|| beyond("this date"))
}

/// `date_trunc`.
pub(in crate::engine) fn date_trunc(field: &str, at: &str) -> Evaluation<Datum> {
    let cut = |at: NaiveDateTime| {
        let date = at.date();
        let (date, hour, minute, second) = match field {
            "year" => (date.with_ordinal(1)?, 0, 0, 0),
            "century" => (NaiveDate::from_ymd_opt((date.year() - 1) / 100 * 100 + 1, 1, 1)?, 0, 0, 0),
            "decade" => (NaiveDate::from_ymd_opt(date.year() / 10 * 10, 1, 1)?, 0, 0, 0),
            "quarter" => (date.with_day(1)?.with_month0(date.month0() / 3 * 3)?, 0, 0, 0),
            "month" => (date.with_day(1)?, 0, 0, 0),
            "week" => (date.week(chrono::Weekday::Mon).first_day(), 0, 0, 0),
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

/// A field of a moment, as `extract` gives it; a date has no time.
pub(in crate::engine) fn date_part(field: &str, at: &str) -> Evaluation<Datum> {
    let is_date = at.len() <= 10;
    let (at, _) = parse(at).ok_or_else(|| beyond("this moment"))?;
    let micros = i64::from(at.and_utc().timestamp_subsec_micros());
    let decimal = |shown: String| Ok(Datum::Decimal(shown.into()));
    let part = match field {
        "century" => i64::from((at.year() + 99) / 100),
        "decade" => i64::from(at.year() / 10),
        "year" => i64::from(at.year()),
        "isoyear" => i64::from(at.iso_week().year()),
        "quarter" => i64::from(at.month0() / 3 + 1),
        "month" => i64::from(at.month()),
        "week" => i64::from(at.iso_week().week()),
        "day" => i64::from(at.day()),
        "dow" => i64::from(at.weekday().num_days_from_sunday()),
        "isodow" => i64::from(at.weekday().number_from_monday()),
        "doy" => i64::from(at.ordinal()),
        "epoch" if is_date => at.and_utc().timestamp(),
        "hour" | "minute" | "second" | "milliseconds" | "microseconds" if is_date => {
            let message = format!("unit \"{field}\" not supported for type date");
            return Err(Stop::fail(FailureKind::Unsupported, message));
        }
        "hour" => i64::from(at.hour()),
        "minute" => i64::from(at.minute()),
        "second" => return decimal(format!("{}.{micros:06}", at.second())),
        "epoch" if at.and_utc().timestamp() >= 0 => {
            return decimal(format!("{}.{micros:06}", at.and_utc().timestamp()));
        }
        _ => return Err(beyond("this field of a moment")),
    };
    Ok(Datum::Decimal(part.to_string().into()))
}
