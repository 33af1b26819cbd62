//! What can be asked of a [`Datum`]: equality as the servers see it, a key to sort and hash by, its text.

use std::borrow::Cow;
use std::cmp::Ordering;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use crate::op::Datum;
use crate::schema::Dialect;

/// A value in a form in which equal values are the same: what unique indexes compare.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Key {
    /// NULL, which unique indexes hold for unlike any other.
    Null,
    /// A number, without the zeros that say nothing.
    Number(String),
    /// A truth value.
    Bool(bool),
    /// Any text, the kind being told apart by the column.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An array.
    List(Vec<Key>),
}

/// The key of a value; `None` where the value is not known.
pub(crate) fn key(datum: &Datum, dialect: Dialect) -> Option<Key> {
    Some(match datum {
        Datum::Unknown(_) => return None,
        Datum::Null => Key::Null,
        Datum::Bool(b) if dialect == Dialect::PostgreSql => Key::Bool(*b),
        Datum::Bool(b) => Key::Number(i64::from(*b).to_string()),
        Datum::Int(i) => Key::Number(i.to_string()),
        Datum::Float(f) => Key::Number(normal_number(&f.to_string())),
        Datum::Decimal(d) => Key::Number(normal_number(d)),
        // MySQL's default collations compare without regard to case.
        Datum::Text(t) if dialect == Dialect::MySql => Key::Text(t.trim_end_matches(' ').to_lowercase()),
        Datum::Text(t)
        | Datum::Date(t)
        | Datum::Time(t)
        | Datum::Timestamp(t)
        | Datum::Interval(t)
        | Datum::Uuid(t)
        | Datum::Json(t) => Key::Text(t.as_ref().to_owned()),
        Datum::Bytes(b) => Key::Bytes(b.to_vec()),
        Datum::List(items) => Key::List(items.iter().map(|d| key(d, dialect)).collect::<Option<_>>()?),
    })
}

/// Whether two values are the same value; NULL is the same as NULL here, and what is not known is like nothing.
pub(crate) fn same(a: &Datum, b: &Datum, dialect: Dialect) -> bool {
    match (a, b) {
        (Datum::Null, Datum::Null) => true,
        (Datum::Null | Datum::Unknown(_), _) | (_, Datum::Null | Datum::Unknown(_)) => false,
        (Datum::Int(a), Datum::Int(b)) => a == b,
        (Datum::Text(a), Datum::Text(b)) if dialect != Dialect::MySql => a == b,
        _ => key(a, dialect) == key(b, dialect),
    }
}

/// The order of two values of one type, NULL last.
pub(crate) fn compare(a: &Datum, b: &Datum) -> Ordering {
    match (a, b) {
        (Datum::Null, Datum::Null) => Ordering::Equal,
        (Datum::Null, _) => Ordering::Greater,
        (_, Datum::Null) => Ordering::Less,
        (Datum::Int(a), Datum::Int(b)) => a.cmp(b),
        (Datum::Bool(a), Datum::Bool(b)) => a.cmp(b),
        (Datum::Bytes(a), Datum::Bytes(b)) => a.cmp(b),
        // On SQLite any value may meet any other.
        (Datum::Bytes(_), _) => Ordering::Greater,
        (_, Datum::Bytes(_)) => Ordering::Less,
        _ => match (number(a), number(b)) {
            // Zero has two signs, which are alike.
            (Some(a), Some(b)) => a.partial_cmp(&b).unwrap_or_else(|| a.total_cmp(&b)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => text(a).cmp(&text(b)),
        },
    }
}

/// The value as a floating-point number, where it is a number.
pub(crate) fn number(datum: &Datum) -> Option<f64> {
    match datum {
        #[expect(clippy::cast_precision_loss, reason = "only compared with other floating-point numbers")]
        Datum::Int(i) => Some(*i as f64),
        Datum::Float(f) => Some(*f),
        Datum::Decimal(d) => d.parse().ok(),
        _ => None,
    }
}

/// The value as text, as PostgreSQL's casts to text print it.
pub(crate) fn text(datum: &Datum) -> Cow<'_, str> {
    match datum {
        Datum::Null => Cow::Borrowed("NULL"),
        Datum::Bool(b) => Cow::Borrowed(if *b { "true" } else { "false" }),
        Datum::Int(i) => Cow::Owned(i.to_string()),
        Datum::Float(f) => Cow::Owned(float_text(*f)),
        Datum::Decimal(t)
        | Datum::Text(t)
        | Datum::Date(t)
        | Datum::Time(t)
        | Datum::Interval(t)
        | Datum::Uuid(t)
        | Datum::Json(t) => Cow::Borrowed(t),
        Datum::Timestamp(t) => t.strip_suffix("+00:00").map_or(Cow::Borrowed(&**t), |t| Cow::Owned(format!("{t}+00"))),
        Datum::Bytes(bytes) => Cow::Owned(bytes.iter().fold(String::from("\\x"), |mut hex, byte| {
            hex.extend([byte >> 4, byte & 15].iter().filter_map(|n| char::from_digit(u32::from(*n), 16)));
            hex
        })),
        Datum::List(items) => Cow::Owned(array_text(items)),
        Datum::Unknown(_) => Cow::Borrowed("?"),
    }
}

/// A floating-point number as PostgreSQL prints it: the shortest digits that give it back.
fn float_text(f: f64) -> String {
    if f.is_nan() {
        return String::from("NaN");
    }
    if f.is_infinite() {
        return String::from(if f > 0.0 { "Infinity" } else { "-Infinity" });
    }
    let magnitude = f.abs();
    if magnitude != 0.0 && !(1e-4..1e15).contains(&magnitude) {
        let plain = format!("{f:e}");
        let Some((mantissa, exponent)) = plain.split_once('e') else { return plain };
        let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
        return format!("{mantissa}e{sign}{digits:0>2}");
    }
    f.to_string()
}

/// An array as PostgreSQL prints it: `{a,"b c",NULL}`.
fn array_text(items: &[Datum]) -> String {
    let mut out = String::from("{");
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        match item {
            Datum::Null => out.push_str("NULL"),
            Datum::Bool(b) => out.push(if *b { 't' } else { 'f' }),
            Datum::List(inner) => out.push_str(&array_text(inner)),
            _ => {
                let text = text(item);
                let quoted = text.is_empty()
                    || text.eq_ignore_ascii_case("null")
                    || text.contains(|c: char| c.is_whitespace() || "{},\"\\".contains(c));
                if quoted {
                    out.push('"');
                    for c in text.chars() {
                        if c == '"' || c == '\\' {
                            out.push('\\');
                        }
                        out.push(c);
                    }
                    out.push('"');
                } else {
                    out.push_str(&text);
                }
            }
        }
    }
    out.push('}');
    out
}

/// A time with a fraction of a second, as the servers print it: without the zeros at its end.
pub(crate) fn without_zeros(time: &str) -> &str {
    if time.contains('.') { time.trim_end_matches('0') } else { time }
}

/// The date that a text in the form of ISO 8601 says.
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    plain_date(text).or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
}

/// [`date`] of digits in their places, which tables of dates are full of: a tenth of what reading by a format costs.
fn plain_date(text: &str) -> Option<NaiveDate> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
    NaiveDate::from_ymd_opt(digits(&[y1, y2, y3, y4])?.cast_signed(), digits(&[m1, m2])?, digits(&[d1, d2])?)
}

/// The time of day that a text in the form of ISO 8601 says.
pub(crate) fn time(text: &str) -> Option<NaiveTime> {
    plain_time(text.as_bytes()).or_else(|| NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok())
}

/// The moment that a text in the form of ISO 8601 says, without a zone.
pub(crate) fn moment(text: &str) -> Option<NaiveDateTime> {
    plain_moment(text).or_else(|| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok())
}

fn plain_moment(text: &str) -> Option<NaiveDateTime> {
    let (date, clock) = text.split_at_checked(10)?;
    Some(plain_date(date)?.and_time(plain_time(clock.strip_prefix(' ')?.as_bytes())?))
}

fn plain_time(text: &[u8]) -> Option<NaiveTime> {
    let &[h1, h2, b':', m1, m2, b':', s1, s2] = text else { return None };
    NaiveTime::from_hms_opt(digits(&[h1, h2])?, digits(&[m1, m2])?, digits(&[s1, s2])?)
}

fn digits(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

/// A date in the form of ISO 8601.
pub(crate) fn date_text(date: NaiveDate) -> String {
    let Some(year) = u32::try_from(date.year()).ok().filter(|year| *year <= 9999) else { return date.to_string() };
    let ([century, years], [month, day]) = ([year / 100, year % 100].map(pair), [date.month(), date.day()].map(pair));
    [century, years, ['-', month[0]], [month[1], '-'], day].as_flattened().iter().collect()
}

/// A time of day in the form of ISO 8601, with the fraction of a second that it has.
pub(crate) fn time_text(time: NaiveTime) -> String {
    if time.nanosecond() != 0 {
        return without_zeros(&time.format("%H:%M:%S%.f").to_string()).to_owned();
    }
    let [hour, minute, second] = [time.hour(), time.minute(), time.second()].map(pair);
    [hour, [':', minute[0]], [minute[1], ':'], second].as_flattened().iter().collect()
}

/// A moment in the form of ISO 8601, with the fraction of a second that it has.
pub(crate) fn moment_text(moment: NaiveDateTime) -> String {
    let mut text = date_text(moment.date());
    text.push(' ');
    text.push_str(&time_text(moment.time()));
    text
}

/// A number below a hundred as two digits.
fn pair(number: u32) -> [char; 2] {
    [number / 10, number].map(|number| char::from_digit(number % 10, 10).unwrap_or('0'))
}

/// Decimal digits without the zeros that say nothing.
fn normal_number(digits: &str) -> String {
    let trimmed = if digits.contains('.') && !digits.contains(['e', 'E']) {
        digits.trim_end_matches('0').trim_end_matches('.')
    } else {
        digits
    };
    if matches!(trimmed, "-0" | "" | "-") { String::from("0") } else { trimmed.to_owned() }
}

/// A count as a value holds it.
pub(crate) fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{date, date_text, moment, moment_text, time, time_text};

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(date(text).map(date_text).as_deref(), expected, "{text}");
    }

    #[test]
    fn dates_are_read_and_written() {
        for text in ["2024-02-29", "0001-12-31", "9999-10-01", "+12345-06-07"] {
            check(text, Some(text));
        }
        check("2024-1-5", Some("2024-01-05"));
        for text in ["2023-02-29", "2024-13-01", "2024-02-2x", "2024-02-29 10:00", "20240229", ""] {
            check(text, None);
        }
    }
    #[test]
    fn moments_are_read_and_written() {
        for text in
            ["2024-02-29 00:00:00", "0001-12-31 23:59:59", "9999-10-01 12:34:56.5", "2024-01-01 00:00:00.000001"]
        {
            assert_eq!(moment(text).map(moment_text).as_deref(), Some(text));
        }
        assert_eq!(moment("2024-1-5 1:2:3.50").map(moment_text).as_deref(), Some("2024-01-05 01:02:03.5"));
        for text in ["2024-02-30 00:00:00", "2024-02-29 24:00:00", "2024-02-29T00:00:00", "2024-02-29"] {
            assert_eq!(moment(text), None, "{text}");
        }
        assert_eq!(time("07:08:09").map(time_text).as_deref(), Some("07:08:09"));
        assert_eq!(time("07:08"), None);
    }
}
