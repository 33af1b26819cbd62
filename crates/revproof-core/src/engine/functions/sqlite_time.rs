//! SQLite's functions on moments: a time value, and what its modifiers make of it.

use chrono::{Datelike, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use crate::engine::defaults::NOW;
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::text;
use crate::op::Datum;

/// Milliseconds from the beginning of the Julian days to 1970.
const JULIAN: i64 = 210_866_760_000_000;

/// `strftime` and its kin; `None` where there is no such function. What is no time gives NULL.
pub(in crate::engine) fn sqlite_time(name: &str, args: &[Datum]) -> Option<Evaluation<Datum>> {
    let (format, rest) = match (name, args) {
        ("strftime", [format, rest @ ..]) => (format, rest),
        ("date" | "datetime" | "time" | "julianday" | "unixepoch", rest) => (&Datum::Null, rest),
        _ => return None,
    };
    if args.contains(&Datum::Null) {
        return Some(Ok(Datum::Null));
    }
    let at = match moment(rest) {
        Ok(Some(at)) => at,
        Ok(None) => return Some(Ok(Datum::Null)),
        Err(stop) => return Some(Err(stop)),
    };
    let printed = |shown: &str| Ok(Datum::Text(at.format(shown).to_string().into()));
    Some(match name {
        "datetime" => printed("%Y-%m-%d %H:%M:%S"),
        "date" => printed("%Y-%m-%d"),
        "time" => printed("%H:%M:%S"),
        "unixepoch" => Ok(Datum::Int(at.and_utc().timestamp())),
        "julianday" => Ok(Datum::Float(julian(at))),
        _ => formatted(at, &text(format)),
    })
}

#[expect(clippy::cast_precision_loss, reason = "SQLite divides so as well")]
fn julian(at: NaiveDateTime) -> f64 {
    (at.and_utc().timestamp_millis() + JULIAN) as f64 / 86_400_000.0
}

fn formatted(at: NaiveDateTime, format: &str) -> Evaluation<Datum> {
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let shown = match chars.next() {
            Some('%') => String::from("%"),
            Some('f') => format!("{:02}.{:03}", at.second(), at.and_utc().timestamp_subsec_millis()),
            Some('s') => at.and_utc().timestamp().to_string(),
            Some(field @ ('d' | 'H' | 'j' | 'm' | 'M' | 'S' | 'w' | 'W' | 'Y')) => {
                at.format(&format!("%{field}")).to_string()
            }
            // It gives NULL, or what a later version of SQLite knows.
            _ => return Err(beyond("this format of strftime")),
        };
        out.push_str(&shown);
    }
    Ok(Datum::Text(out.into()))
}

fn beyond(what: &str) -> Stop {
    Stop::unsupported(format!("{what} is not supported"))
}

/// The moment that a time value and its modifiers say.
fn moment(args: &[Datum]) -> Evaluation<Option<NaiveDateTime>> {
    let Some((value, modifiers)) = args.split_first() else {
        return read(NOW);
    };
    let mut modifiers = modifiers.iter().map(|modifier| text(modifier).trim().to_ascii_lowercase()).peekable();
    let number = match value {
        Datum::Int(_) | Datum::Float(_) => text(value).parse().ok(),
        Datum::Text(text) => text.trim().parse::<f64>().ok(),
        _ => return Err(beyond("a moment of this type")),
    };
    let mut at = match number {
        Some(number) if modifiers.peek().is_some_and(|modifier| modifier == "unixepoch") => {
            modifiers.next();
            of_seconds(number)
        }
        Some(number) => of_julian(number),
        None => read(&text(value))?,
    };
    for modifier in modifiers {
        let Some(before) = at else { return Ok(None) };
        at = modified(before, &modifier)?;
    }
    Ok(at)
}

#[expect(clippy::cast_possible_truncation, reason = "it has been looked at")]
fn of_seconds(seconds: f64) -> Option<NaiveDateTime> {
    let millis = (seconds * 1000.0).round();
    (millis.abs() < 2e14).then(|| chrono::DateTime::from_timestamp_millis(millis as i64).map(|at| at.naive_utc()))?
}

fn of_julian(days: f64) -> Option<NaiveDateTime> {
    #[expect(clippy::cast_precision_loss, reason = "a constant")]
    let start = JULIAN as f64;
    (0.0..5_373_484.5)
        .contains(&days)
        .then(|| of_seconds((days * 86_400_000.0 + 0.5).floor() / 1000.0 - start / 1000.0))?
}

/// A time value: a date, a time of day, both, or `now`.
fn read(text: &str) -> Evaluation<Option<NaiveDateTime>> {
    let text = text.trim();
    let given = if text.eq_ignore_ascii_case("now") { NOW } else { text };
    match parts(given) {
        // SQLite prints such a day as it stands, until a modifier moves it.
        Some((date, day, _)) if date.month() != month_after(date, day) => {
            Err(beyond("a day that its month does not have"))
        }
        Some((date, day, time)) => Ok(date.with_day(day).map(|date| date.and_time(time))),
        None => Ok(None),
    }
}

/// The month of the day that is so many days into a month.
fn month_after(first: NaiveDate, day: u32) -> u32 {
    let days = TimeDelta::try_days(i64::from(day) - 1).unwrap_or_default();
    first.checked_add_signed(days).map_or(0, |date| date.month())
}

/// The first day of the month, the day and the time.
fn parts(text: &str) -> Option<(NaiveDate, u32, NaiveTime)> {
    let day = NaiveDate::from_ymd_opt(2000, 1, 1)?;
    if let Some(time) = clock(text) {
        return Some((day, 1, time));
    }
    let (date, rest) = text.split_at_checked(10)?;
    let rest = rest.strip_prefix(['T', ' ']).unwrap_or(rest).trim_start();
    let time = if rest.is_empty() { NaiveTime::MIN } else { clock(rest)? };
    let (year, month_day) = date.split_once('-')?;
    let (month, day) = month_day.split_once('-')?;
    let digits = |part: &str, width: usize| {
        let plain = part.len() == width && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse::<u32>().ok())?
    };
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    let first = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, 1)?;
    (1..=31).contains(&day).then_some((first, day, time))
}

/// `HH:MM`, `HH:MM:SS` or `HH:MM:SS.SSS`. A time zone is beyond us, and gives no moment at all.
fn clock(text: &str) -> Option<NaiveTime> {
    let forms = [("%H:%M", 5), ("%H:%M:%S", 8)];
    let plain = forms.iter().find(|(_, width)| text.len() == *width);
    match plain {
        Some((form, _)) => NaiveTime::parse_from_str(text, form).ok(),
        None if text.get(8..9) == Some(".") => NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok(),
        None => None,
    }
}

fn modified(at: NaiveDateTime, modifier: &str) -> Evaluation<Option<NaiveDateTime>> {
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN);
    Ok(match modifier {
        "start of day" => Some(midnight(at.date())),
        "start of month" => at.date().with_day(1).map(midnight),
        "start of year" => at.date().with_ordinal(1).map(midnight),
        "utc" | "localtime" | "auto" | "julianday" | "subsec" | "subsecond" | "ceiling" | "floor" => {
            return Err(beyond("this modifier of a moment"));
        }
        _ => {
            if let Some(wanted) = modifier.strip_prefix("weekday ") {
                let Ok(wanted) = wanted.trim().parse::<i64>() else { return Ok(None) };
                let today = i64::from(at.weekday().num_days_from_sunday());
                let days = (0..7).contains(&wanted).then(|| TimeDelta::try_days((wanted - today).rem_euclid(7)));
                return Ok(days.flatten().and_then(|days| at.checked_add_signed(days)));
            }
            let (count, unit) = modifier.split_once(' ').unwrap_or((modifier, ""));
            let Ok(count) = count.parse::<f64>() else {
                return if modifier.contains(':') { Err(beyond("this modifier of a moment")) } else { Ok(None) };
            };
            moved(at, count, unit.trim().trim_end_matches('s'))?
        }
    })
}

#[expect(clippy::cast_possible_truncation, reason = "numbers of this size")]
fn moved(at: NaiveDateTime, count: f64, unit: &str) -> Evaluation<Option<NaiveDateTime>> {
    if count.abs() > 1e9 {
        return Err(beyond("this modifier of a moment"));
    }
    let seconds = match unit {
        "second" => 1.0,
        "minute" => 60.0,
        "hour" => 3600.0,
        "day" => 86_400.0,
        "month" | "year" if count.fract() == 0.0 => {
            let months = count as i64 * if unit == "year" { 12 } else { 1 };
            let first = at.date().with_day(1);
            let step = Months::new(u32::try_from(months.unsigned_abs()).unwrap_or(u32::MAX));
            let first = first.and_then(|first| {
                if months < 0 { first.checked_sub_months(step) } else { first.checked_add_months(step) }
            });
            // The thirty-first of a month of thirty days is the first of the next.
            let days = TimeDelta::try_days(i64::from(at.day()) - 1).unwrap_or_default();
            return Ok(first.and_then(|first| first.checked_add_signed(days)).map(|date| date.and_time(at.time())));
        }
        "month" | "year" => return Err(beyond("this modifier of a moment")),
        _ => return Ok(None),
    };
    let millis = (count * seconds * 1000.0).round() as i64;
    Ok(TimeDelta::try_milliseconds(millis).and_then(|by| at.checked_add_signed(by)))
}
