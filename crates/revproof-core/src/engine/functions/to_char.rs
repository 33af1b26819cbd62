//! `to_char`, `to_date` and `to_timestamp`: values by PostgreSQL's patterns.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::moment::{beyond, parse, print};
use crate::engine::decimal::Decimal;
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::text;
use crate::op::{Datum, FailureKind};

/// The fields, the longer ones first.
const FIELDS: [&str; 45] = [
    "HH24", "HH12", "IYYY", "YYYY", "MONTH", "Month", "month", "DAY", "Day", "day", "DDD", "MON", "Mon", "mon", "A.M.",
    "P.M.", "a.m.", "p.m.", "HH", "MI", "SS", "MS", "US", "YY", "MM", "DD", "DY", "Dy", "dy", "ID", "IW", "WW", "AM",
    "PM", "am", "pm", "TZ", "TM", "tm", "FM", "TH", "th", "D", "Q", "W",
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// A pattern that has been read.
pub(in crate::engine) struct Pattern<'p>(Vec<Part<'p>>);

/// What a pattern is made of.
enum Part<'p> {
    Field(&'static str),
    Text(&'p str),
}

impl<'p> Pattern<'p> {
    /// Reads a pattern.
    pub(in crate::engine) fn read(pattern: &'p str) -> Evaluation<Self> {
        let mut found = Vec::new();
        let mut rest = pattern;
        while let Some(first) = rest.chars().next() {
            if let Some(inner) = rest.strip_prefix('"') {
                let (quoted, after) = inner.split_once('"').unwrap_or((inner, ""));
                found.push(Part::Text(quoted));
                rest = after;
            } else if let Some(field) = FIELDS.iter().find(|field| starts(rest, field)) {
                found.push(Part::Field(field));
                rest = rest.get(field.len()..).unwrap_or_default();
            } else if first.is_ascii_alphabetic() || first == '\\' {
                return Err(beyond("this pattern"));
            } else {
                let (text, after) = rest.split_at(first.len_utf8());
                found.push(Part::Text(text));
                rest = after;
            }
        }
        Ok(Self(found))
    }
}

/// Names are written as they are to be printed, numbers in any case.
fn starts(rest: &str, field: &str) -> bool {
    let named = field.bytes().any(|letter| letter.is_ascii_lowercase())
        || matches!(field, "MONTH" | "MON" | "DAY" | "DY" | "AM" | "PM");
    let head = rest.get(..field.len());
    head.is_some_and(|head| if named { head == field } else { head.eq_ignore_ascii_case(field) })
}

/// `to_char` of a moment. Names in the language of the server (`TMMonth`) are taken to be English, as they are where
/// nothing else has been set.
pub(in crate::engine) fn moment_text(at: &str, pattern: &Pattern<'_>) -> Evaluation<Datum> {
    let (at, zone) = parse(at).ok_or_else(|| beyond("this moment"))?;
    let month = MONTHS.get(at.month0() as usize).copied().unwrap_or_default();
    let day = DAYS.get(at.weekday().num_days_from_sunday() as usize).copied().unwrap_or_default();
    let short = |name: &'static str| name.get(..3).unwrap_or_default();
    let mut out = String::new();
    let (mut fill, mut translated) = (true, false);
    for part in &pattern.0 {
        let field = match *part {
            Part::Text(text) => {
                out.push_str(text);
                (fill, translated) = (true, false);
                continue;
            }
            Part::Field("FM" | "TM" | "tm") if !fill || translated => return Err(beyond("this pattern")),
            Part::Field("FM") => {
                fill = false;
                continue;
            }
            Part::Field("TM" | "tm") => {
                translated = true;
                continue;
            }
            Part::Field(field) => field,
        };
        let hour = at.hour() % 12;
        let number = |n: u32, width: usize| if fill { format!("{n:0width$}") } else { n.to_string() };
        let year = |n: i32| u32::try_from(n).map_err(|_| beyond("this year"));
        let half = |[before, after]: [&str; 2]| String::from(if at.hour() < 12 { before } else { after });
        let padded = |name: String| if fill && !translated { format!("{name:<9}") } else { name };
        let shown = match field {
            "YYYY" => number(year(at.year())?, 4),
            "YY" => number(year(at.year())? % 100, 2),
            "IYYY" => number(year(at.iso_week().year())?, 4),
            "MM" => number(at.month(), 2),
            "DD" => number(at.day(), 2),
            "DDD" => number(at.ordinal(), 3),
            "D" => (at.weekday().num_days_from_sunday() + 1).to_string(),
            "ID" => at.weekday().number_from_monday().to_string(),
            "IW" => number(at.iso_week().week(), 2),
            "WW" => number(at.ordinal0() / 7 + 1, 2),
            "W" => (at.day0() / 7 + 1).to_string(),
            "Q" => (at.month0() / 3 + 1).to_string(),
            "HH24" => number(at.hour(), 2),
            "HH12" | "HH" => number(if hour == 0 { 12 } else { hour }, 2),
            "MI" => number(at.minute(), 2),
            "SS" => number(at.second(), 2),
            "MS" => format!("{:03}", at.and_utc().timestamp_subsec_millis()),
            "US" => format!("{:06}", at.and_utc().timestamp_subsec_micros()),
            "Mon" => short(month).to_owned(),
            "MON" => short(month).to_uppercase(),
            "mon" => short(month).to_lowercase(),
            "Month" => padded(month.to_owned()),
            "MONTH" => padded(month.to_uppercase()),
            "month" => padded(month.to_lowercase()),
            "Dy" => short(day).to_owned(),
            "DY" => short(day).to_uppercase(),
            "dy" => short(day).to_lowercase(),
            "Day" => padded(day.to_owned()),
            "DAY" => padded(day.to_uppercase()),
            "day" => padded(day.to_lowercase()),
            "AM" | "PM" => half(["AM", "PM"]),
            "am" | "pm" => half(["am", "pm"]),
            "A.M." | "P.M." => half(["A.M.", "P.M."]),
            "a.m." | "p.m." => half(["a.m.", "p.m."]),
            "TZ" if !zone.is_empty() => String::from("UTC"),
            _ => return Err(beyond("this pattern")),
        };
        out.push_str(&shown);
        (fill, translated) = (true, false);
    }
    Ok(Datum::Text(out.into()))
}

/// `to_date` and `to_timestamp`: a moment read by a pattern.
pub(in crate::engine) fn moment_by(text: &str, pattern: &str) -> Evaluation<NaiveDateTime> {
    let refused = || {
        let message = format!("invalid value for \"{pattern}\": \"{text}\"");
        Stop::fail(FailureKind::InvalidValue, message)
    };
    let (mut year, mut month, mut day) = (1_i32, 1_u32, 1_u32);
    let (mut hour, mut minute, mut second) = (0_u32, 0_u32, 0_u32);
    let mut rest = text.trim_start();
    for part in Pattern::read(pattern)?.0 {
        let width = match part {
            // What stands between two fields has to be no more than that.
            Part::Text(between) => match rest.strip_prefix(between) {
                Some(after) => {
                    rest = after;
                    continue;
                }
                None if rest.is_empty() => continue,
                None => return Err(beyond("a text that does not follow its pattern")),
            },
            Part::Field("YYYY") => 4,
            Part::Field("MM" | "DD" | "HH24" | "MI" | "SS") => 2,
            Part::Field(_) => return Err(beyond("this pattern")),
        };
        let Part::Field(field) = part else { continue };
        if rest.is_empty() {
            continue;
        }
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()).min(width);
        let (digits, after) = rest.split_at(end);
        let number: u32 = digits.parse().map_err(|_| refused())?;
        rest = after;
        match field {
            "YYYY" => year = i32::try_from(number).map_err(|_| refused())?,
            "MM" => month = number,
            "DD" => day = number,
            "HH24" => hour = number,
            "MI" => minute = number,
            _ => second = number,
        }
    }
    let out_of_range = || {
        let message = format!("date/time field value out of range: \"{text}\"");
        Stop::fail(FailureKind::InvalidValue, message)
    };
    let date = NaiveDate::from_ymd_opt(year, month, day).ok_or_else(out_of_range)?;
    Ok(date.and_time(NaiveTime::from_hms_opt(hour, minute, second).ok_or_else(out_of_range)?))
}

/// `to_timestamp` of the seconds since 1970.
pub(in crate::engine) fn moment_of_seconds(seconds: f64) -> Evaluation<Datum> {
    if seconds.abs() > 9e11 {
        return Err(beyond("this moment"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "it has been looked at")]
    let micros = (seconds * 1e6).round() as i64;
    let at = chrono::DateTime::from_timestamp_micros(micros).ok_or_else(|| beyond("this moment"))?;
    Ok(print(at.naive_utc(), "+00:00"))
}

/// `to_char` of a number, by a pattern of `9`, `0`, `.`, `,` and `FM`.
pub(in crate::engine) fn number_text(value: &Datum, pattern: &str) -> Evaluation<Datum> {
    let (bare, body) = match pattern.strip_prefix("FM") {
        Some(body) => (true, body),
        None => (false, pattern),
    };
    let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
    let plain = |part: &str, more: &str| part.chars().all(|c| c == '9' || c == '0' || more.contains(c));
    if !plain(whole, ",") || !plain(fraction, "") || whole.is_empty() {
        return Err(beyond("this pattern of a number"));
    }
    let mut decimal = Decimal::parse(&text(value)).ok_or_else(|| beyond("this number"))?;
    decimal.round(i32::try_from(fraction.len()).unwrap_or(0));
    let shown = decimal.to_string();
    let (negative, shown) = shown.strip_prefix('-').map_or((false, shown.as_str()), |rest| (true, rest));
    let (digits, decimals) = shown.split_once('.').unwrap_or((shown, ""));
    let digits = digits.trim_start_matches('0');
    let places = whole.chars().filter(|c| *c != ',').count();
    if digits.len() > places {
        return Err(beyond("a number that its pattern has no room for"));
    }
    let first_zero = whole.chars().filter(|c| *c != ',').position(|c| c == '0').unwrap_or(places);
    // Without a zero in the pattern a number below one has no digit before its point.
    let start = first_zero.min(places - digits.len());
    let mut digits = format!("{digits:0>places$}").chars().enumerate().collect::<Vec<_>>().into_iter();
    let mut out = String::new();
    for c in whole.chars() {
        if c == ',' {
            out.push(if out.trim().is_empty() { ' ' } else { ',' });
            continue;
        }
        let Some((at, digit)) = digits.next() else { break };
        out.push(if at < start { ' ' } else { digit });
    }
    if start >= places && fraction.is_empty() {
        out.pop();
        out.push('0');
    }
    let sign_at = out.len() - out.trim_start().len();
    let mark = if negative { '-' } else { ' ' };
    let (blanks, number) = out.split_at(sign_at);
    let mut out = format!("{blanks}{mark}{number}");
    if body.contains('.') {
        let width = fraction.len();
        out.push('.');
        let shown = format!("{decimals:0<width$}");
        out.push_str(&shown);
        if bare {
            let kept = out.len() - fraction.chars().rev().take_while(|c| *c == '9').count();
            while out.len() > kept && out.ends_with('0') {
                out.pop();
            }
        }
    }
    Ok(Datum::Text(if bare { out.trim().to_owned() } else { out }.into()))
}
