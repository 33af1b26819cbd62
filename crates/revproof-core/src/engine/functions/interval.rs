//! Intervals as PostgreSQL keeps them: months, days and a time, which do not turn into one another.

use std::cmp::Ordering;

use chrono::{Datelike, Months, NaiveDateTime, TimeDelta};

use super::moment::{beyond, parse, print};
use crate::engine::stop::Evaluation;
use crate::engine::value::without_zeros;
use crate::op::Datum;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// An interval; the time is in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Span {
    months: i64,
    days: i64,
    micros: i64,
}

/// An interval as PostgreSQL prints it; `None` where it is written in a form that is not read here.
pub(in crate::engine) fn interval_text(text: &str) -> Option<String> {
    Span::parse(text).map(Span::print)
}

/// The time of day that an interval stands for: what goes beyond a day is left out, and what is below begins from its end.
pub(in crate::engine) fn interval_time(text: &str) -> Option<String> {
    let span = Span::parse(text)?;
    Some(Span { months: 0, days: 0, micros: span.micros.rem_euclid(DAY) }.print())
}

/// A moment moved by an interval.
pub(in crate::engine) fn add_interval(at: &str, interval: &str, minus: bool) -> Evaluation<Datum> {
    let moved = parse(at).zip(Span::parse(interval)).and_then(|((at, zone), span)| {
        let span = if minus { span.times(-1.0)? } else { span };
        let step = Months::new(u32::try_from(span.months.unsigned_abs()).ok()?);
        let at = if span.months < 0 { at.checked_sub_months(step)? } else { at.checked_add_months(step)? };
        let at = at.checked_add_signed(TimeDelta::try_days(span.days)?)?;
        Some(print(at.checked_add_signed(TimeDelta::microseconds(span.micros))?, zone))
    });
    moved.ok_or_else(|| beyond("this interval"))
}

/// Two intervals added, the second with its sign turned where `minus`.
pub(in crate::engine) fn add_intervals(a: &str, b: &str, minus: bool) -> Evaluation<Datum> {
    let sum = Span::parse(a).zip(Span::parse(b)).and_then(|(a, b)| {
        let b = if minus { b.times(-1.0)? } else { b };
        let (months, days) = (a.months.checked_add(b.months)?, a.days.checked_add(b.days)?);
        Some(Span { months, days, micros: a.micros.checked_add(b.micros)? })
    });
    sum.map(Span::datum).ok_or_else(|| beyond("this interval"))
}

/// An interval so many times.
pub(in crate::engine) fn multiply_interval(interval: &str, factor: f64) -> Evaluation<Datum> {
    Span::parse(interval).and_then(|span| span.times(factor)).map(Span::datum).ok_or_else(|| beyond("this interval"))
}

/// What lies between two moments, in days and a time.
pub(in crate::engine) fn time_between(from: &str, to: &str) -> Evaluation<Datum> {
    let span = parse(from).zip(parse(to)).and_then(|((from, _), (to, _))| {
        let micros = (to - from).num_microseconds()?;
        Some(Span { months: 0, days: micros / DAY, micros: micros % DAY })
    });
    span.map(Span::datum).ok_or_else(|| beyond("this moment"))
}

/// What lies between two moments, in years, months and days: `age`.
pub(in crate::engine) fn age(to: &str, from: &str) -> Evaluation<Datum> {
    let ((to, _), (from, _)) = parse(to).zip(parse(from)).ok_or_else(|| beyond("this moment"))?;
    let span = if to < from { symbolic(to, from).and_then(|span| span.times(-1.0)) } else { symbolic(from, to) };
    span.map(Span::datum).ok_or_else(|| beyond("this moment"))
}

/// From the earlier moment to the later one. Days that are missing are taken from the month of the earlier one.
fn symbolic(from: NaiveDateTime, to: NaiveDateTime) -> Option<Span> {
    let time = |at: NaiveDateTime| at.time().signed_duration_since(chrono::NaiveTime::MIN).num_microseconds();
    let mut micros = time(to)? - time(from)?;
    let mut days = i64::from(to.day()) - i64::from(from.day());
    let mut months = i64::from(to.year() - from.year()) * 12 + i64::from(to.month()) - i64::from(from.month());
    if micros < 0 {
        micros += DAY;
        days -= 1;
    }
    if days < 0 {
        let first = from.date().with_day(1)?;
        days += (first.checked_add_months(Months::new(1))? - first).num_days();
        months -= 1;
    }
    Some(Span { months, days, micros })
}

/// The order of two intervals: a month is thirty days there, a day twenty-four hours.
pub(in crate::engine) fn interval_order(a: &str, b: &str) -> Evaluation<Ordering> {
    let length = |text: &str| {
        Span::parse(text)
            .map(|span| i128::from(span.months * 30 + span.days) * i128::from(DAY) + i128::from(span.micros))
    };
    length(a).zip(length(b)).map(|(a, b)| a.cmp(&b)).ok_or_else(|| beyond("this interval"))
}

/// A field of an interval, as `extract` gives it.
pub(in crate::engine) fn interval_part(field: &str, interval: &str) -> Evaluation<Datum> {
    let span = Span::parse(interval).ok_or_else(|| beyond("this interval"))?;
    let whole = |number: i64| Ok(Datum::Decimal(number.to_string().into()));
    let exact = |micros: i128| {
        let million = i128::from(SECOND);
        let sign = if micros < 0 { "-" } else { "" };
        let shown = format!("{sign}{}.{:06}", (micros / million).abs(), (micros % million).abs());
        Ok(Datum::Decimal(shown.into()))
    };
    match field {
        "year" => whole(span.months / 12),
        "month" => whole(span.months % 12),
        "day" => whole(span.days),
        "hour" => whole(span.micros / (3600 * SECOND)),
        "minute" => whole(span.micros / (60 * SECOND) % 60),
        "second" => exact(i128::from(span.micros % (60 * SECOND))),
        // A year has 365.25 days there, a month thirty.
        "epoch" => {
            let seconds = span.months / 12 * 31_557_600 + span.months % 12 * 2_592_000 + span.days * 86_400;
            exact(i128::from(seconds) * i128::from(SECOND) + i128::from(span.micros))
        }
        _ => Err(beyond("this field of an interval")),
    }
}

impl Span {
    fn datum(self) -> Datum {
        Datum::Interval(self.print().into())
    }

    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "PostgreSQL computes so as well")]
    fn times(self, factor: f64) -> Option<Self> {
        let months = self.months as f64 * factor;
        let days = self.days as f64 * factor + (months.fract() * 30.0 * 1e6).round() / 1e6;
        let micros = (self.micros as f64 * factor + (days.fract() * 86_400.0 * 1e6).round()).round();
        let fits = [months, days, micros].iter().all(|n| n.is_finite() && n.abs() < 9e15);
        fits.then(|| Self { months: months.trunc() as i64, days: days.trunc() as i64, micros: micros as i64 })
    }

    fn parse(text: &str) -> Option<Self> {
        let spread = text.to_ascii_lowercase().replace('@', " ");
        let mut words = spread.split_whitespace().peekable();
        let (mut span, mut any) = (Self::default(), false);
        while let Some(word) = words.next() {
            if word == "ago" && any && words.peek().is_none() {
                return span.times(-1.0);
            }
            any = true;
            if word.contains(':') {
                span.micros = span.micros.checked_add(clock(word)?)?;
                continue;
            }
            let split = word.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(word.len());
            let (count, unit) = word.split_at(split);
            let count: f64 = count.parse().ok().filter(|n: &f64| n.abs() < 1e9)?;
            let unit = if unit.is_empty() { words.next()? } else { unit };
            span.add(count, unit)?;
        }
        any.then_some(span)
    }

    #[expect(clippy::cast_possible_truncation, reason = "numbers of this size")]
    fn add(&mut self, count: f64, unit: &str) -> Option<()> {
        let whole = count.fract() == 0.0;
        let (months, days, seconds) = match unit {
            "century" | "centuries" | "c" => (1200, 0, 0),
            "decade" | "decades" => (120, 0, 0),
            "year" | "years" | "yr" | "yrs" | "y" => (12, 0, 0),
            "month" | "months" | "mon" | "mons" => (1, 0, 0),
            "week" | "weeks" | "w" => (0, 7, 0),
            "day" | "days" | "d" => (0, 1, 0),
            "hour" | "hours" | "hr" | "hrs" | "h" => (0, 0, 3600),
            "minute" | "minutes" | "min" | "mins" | "m" => (0, 0, 60),
            "second" | "seconds" | "sec" | "secs" | "s" => (0, 0, 1),
            "millisecond" | "milliseconds" | "ms" => {
                self.micros += (count * 1000.0).round() as i64;
                return Some(());
            }
            _ => return None,
        };
        if months > 0 && !whole {
            return None;
        }
        let days_more = f64::from(days) * count;
        self.months = self.months.checked_add(i64::from(months) * count as i64)?;
        self.days = self.days.checked_add(days_more.trunc() as i64)?;
        let micros = f64::from(seconds) * count * 1e6 + days_more.fract() * 86_400.0 * 1e6;
        self.micros = self.micros.checked_add(micros.round() as i64)?;
        Some(())
    }

    fn print(self) -> String {
        let mut out = String::new();
        let mut before = false;
        for (count, unit) in [(self.months / 12, "year"), (self.months % 12, "mon"), (self.days, "day")] {
            if count == 0 {
                continue;
            }
            let blank = if out.is_empty() { "" } else { " " };
            let plus = if before && count > 0 { "+" } else { "" };
            let plural = if count == 1 { "" } else { "s" };
            out.extend([blank, plus, &count.to_string(), " ", unit, plural]);
            before = count < 0;
        }
        if self.micros != 0 || out.is_empty() {
            let blank = if out.is_empty() { "" } else { " " };
            let sign = match (self.micros < 0, before) {
                (true, _) => "-",
                (false, true) => "+",
                (false, false) => "",
            };
            let micros = self.micros.unsigned_abs();
            let seconds = micros / SECOND.unsigned_abs();
            let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
            let clock = format!("{hours:02}:{minutes:02}:{rest:02}.{:06}", micros % SECOND.unsigned_abs());
            let clock = without_zeros(&clock).trim_end_matches('.');
            out.extend([blank, sign, clock]);
        }
        out
    }
}

/// `HH:MM[:SS[.fff]]` in microseconds.
fn clock(word: &str) -> Option<i64> {
    let (sign, clock) = match word.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, word.strip_prefix('+').unwrap_or(word)),
    };
    let mut parts = clock.split(':');
    let hours: i64 = parts.next()?.parse().ok()?;
    let minutes: i64 = parts.next()?.parse().ok().filter(|minutes| *minutes < 60)?;
    let seconds = parts.next().unwrap_or("0");
    if parts.next().is_some() {
        return None;
    }
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let seconds: i64 = seconds.parse().ok().filter(|seconds| *seconds < 60)?;
    let micros: i64 = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
    Some(sign * (((hours * 60 + minutes) * 60 + seconds) * SECOND + micros))
}
