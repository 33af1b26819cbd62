//! `datetime`.

use std::fmt::Write;

use chrono::format::{Item, StrftimeItems};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use super::arbitrary;
use super::scalar::{Scalar, ScalarClass, offset_text, ordered};
use crate::python::object::method::BoundMethod;
use crate::python::object::native::{Native, Run};
use crate::python::value::{Args, Flow, Operator, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) fn member(_: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    Some(match name {
        "date" => Value::object(ScalarClass("date")),
        "time" => Value::object(ScalarClass("time")),
        "datetime" => Value::object(ScalarClass("datetime")),
        "timedelta" => Value::object(ScalarClass("timedelta")),
        "timezone" => Value::object(ScalarClass("timezone")),
        "UTC" => Scalar::Zone(0).value(),
        "MINYEAR" => Value::Int(1),
        "MAXYEAR" => Value::Int(9999),
        _ => return None,
    })
}

pub(super) fn construct(vm: &mut Vm<'_>, class: &str, args: &Args, span: Span) -> Flow<Value> {
    let made = match class {
        "timedelta" => delta(args).map(Scalar::Delta),
        "timezone" => match args.positional.first().and_then(Scalar::of) {
            Some(Scalar::Delta(offset)) => i32::try_from(offset.num_seconds()).ok().map(Scalar::Zone),
            _ => None,
        },
        "date" => date(args).map(Scalar::Date),
        "time" => Some((0, ["hour", "minute", "second", "microsecond"]))
            .and_then(|(at, names)| time(args, at, names).map(|time| Scalar::Time(time, zone(args, 4)))),
        _ => {
            let names = ["hour", "minute", "second", "microsecond"];
            match (date(args), time(args, 3, names)) {
                (Some(date), Some(time)) => Some(Scalar::DateTime(date.and_time(time), zone(args, 7))),
                _ => None,
            }
        }
    };
    match made {
        Some(scalar) => Ok(scalar.value()),
        None => Err(vm.raise("ValueError", &format!("the arguments make no {class}"), span)),
    }
}

fn integer(args: &Args, at: usize, name: &str) -> Option<i64> {
    match args.get(at, name) {
        Some(Value::Int(int)) => Some(*int),
        _ => None,
    }
}

fn date(args: &Args) -> Option<NaiveDate> {
    let part = |at, name| integer(args, at, name).and_then(|part| u32::try_from(part).ok());
    let year = integer(args, 0, "year").and_then(|year| i32::try_from(year).ok()).filter(|y| (1..=9999).contains(y))?;
    NaiveDate::from_ymd_opt(year, part(1, "month")?, part(2, "day")?)
}

fn time(args: &Args, first: usize, names: [&str; 4]) -> Option<NaiveTime> {
    let mut parts = [0_u32; 4];
    for ((at, name), part) in names.iter().enumerate().zip(&mut parts) {
        if args.get(first + at, name).is_some() {
            *part = integer(args, first + at, name).and_then(|part| u32::try_from(part).ok())?;
        }
    }
    let [hour, minute, second, micro] = parts;
    NaiveTime::from_hms_micro_opt(hour, minute, second, micro)
}

fn zone(args: &Args, at: usize) -> Option<i32> {
    match args.get(at, "tzinfo").and_then(Scalar::of) {
        Some(Scalar::Zone(offset)) => Some(offset),
        _ => None,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a cast from a float saturates")]
fn delta(args: &Args) -> Option<TimeDelta> {
    const UNITS: [(&str, f64); 7] = [
        ("days", 86_400e6),
        ("seconds", 1e6),
        ("microseconds", 1.0),
        ("milliseconds", 1e3),
        ("minutes", 60e6),
        ("hours", 3600e6),
        ("weeks", 604_800e6),
    ];
    let mut micros = 0_i64;
    for (at, (name, unit)) in UNITS.iter().enumerate() {
        let part = match args.get(at, name) {
            None => continue,
            Some(Value::Int(int)) => int.checked_mul(*unit as i64)?,
            Some(Value::Float(float)) => (float * unit).round() as i64,
            Some(_) => return None,
        };
        micros = micros.checked_add(part)?;
    }
    Some(TimeDelta::microseconds(micros))
}

pub(super) fn class_attribute(vm: &mut Vm<'_>, class: &'static str, name: &str, span: Span) -> Option<Value> {
    let _ = (vm, span);
    Some(match (class, name) {
        ("datetime", "now") => Native::lenient("now", |_, args, _| {
            let zoned = !matches!(args.get(0, "tz"), None | Some(Value::None));
            Ok(arbitrary::now("datetime", zoned))
        }),
        ("datetime", "utcnow" | "today") => Native::lenient("now", |_, _, _| Ok(arbitrary::now("datetime", false))),
        ("date", "today") => Native::lenient("today", |_, _, _| Ok(arbitrary::now("date", false))),
        ("datetime" | "date", "fromtimestamp" | "utcfromtimestamp") => Native::strict("fromtimestamp", from_timestamp),
        ("datetime", "fromisoformat") => Native::strict("fromisoformat", |vm, args, span| {
            let text = args.positional.first().and_then(Value::as_str).unwrap_or_default();
            match parse_moment(text) {
                Some(scalar) => Ok(scalar.value()),
                None => Err(vm.raise("ValueError", &format!("Invalid isoformat string: '{text}'"), span)),
            }
        }),
        ("date", "fromisoformat") => Native::strict("fromisoformat", |vm, args, span| {
            let text = args.positional.first().and_then(Value::as_str).unwrap_or_default();
            match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
                Ok(date) => Ok(Scalar::Date(date).value()),
                Err(_) => Err(vm.raise("ValueError", &format!("Invalid isoformat string: '{text}'"), span)),
            }
        }),
        ("datetime", "strptime") => Native::strict("strptime", strptime),
        ("datetime", "combine") => Native::strict("combine", |vm, args, span| {
            match (args.get(0, "date").and_then(Scalar::of), args.get(1, "time").and_then(Scalar::of)) {
                (Some(Scalar::Date(date)), Some(Scalar::Time(time, offset))) => {
                    Ok(Scalar::DateTime(date.and_time(time), offset).value())
                }
                _ => Ok(vm.unknown("the moment is made in a way that is not simulated", span)),
            }
        }),
        ("datetime", "min") => {
            Scalar::DateTime(NaiveDate::from_ymd_opt(1, 1, 1)?.and_time(NaiveTime::MIN), None).value()
        }
        ("datetime", "max") => {
            let time = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999)?;
            Scalar::DateTime(NaiveDate::from_ymd_opt(9999, 12, 31)?.and_time(time), None).value()
        }
        ("date", "min") => Scalar::Date(NaiveDate::from_ymd_opt(1, 1, 1)?).value(),
        ("date", "max") => Scalar::Date(NaiveDate::from_ymd_opt(9999, 12, 31)?).value(),
        ("timezone", "utc") => Scalar::Zone(0).value(),
        _ => return None,
    })
}

fn from_timestamp(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    // Without a zone it is that of the machine.
    let moment = match (args.positional.first(), args.get(1, "tz").and_then(Scalar::of)) {
        (Some(Value::Int(seconds)), Some(Scalar::Zone(offset))) => {
            chrono::DateTime::from_timestamp(seconds.saturating_add(i64::from(offset)), 0)
                .map(|at| Scalar::DateTime(at.naive_utc(), Some(offset)))
        }
        _ => None,
    };
    Ok(match moment {
        Some(scalar) => scalar.value(),
        None => vm.unknown("the time zone of the machine is read", span),
    })
}

fn parse_moment(text: &str) -> Option<Scalar> {
    let plain = text.replacen('T', " ", 1);
    let (plain, offset) = match plain.strip_suffix('Z') {
        Some(rest) => (rest.to_owned(), Some(0)),
        None => match plain.rfind(['+', '-']).filter(|at| *at > 10).and_then(|at| plain.split_at_checked(at)) {
            Some((rest, zone)) => (rest.to_owned(), Some(parse_offset(zone)?)),
            None => (plain, None),
        },
    };
    for format in ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"] {
        if let Ok(at) = NaiveDateTime::parse_from_str(&plain, format) {
            return Some(Scalar::DateTime(at, offset));
        }
    }
    let date = NaiveDate::parse_from_str(&plain, "%Y-%m-%d").ok()?;
    Some(Scalar::DateTime(date.and_time(NaiveTime::MIN), None))
}

fn parse_offset(text: &str) -> Option<i32> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4).map_or(Some(0), |m| m.parse().ok())?;
    Some(sign * (hours * 3600 + minutes * 60))
}

fn strptime(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let (Some(text), Some(format)) =
        (args.positional.first().and_then(Value::as_str), args.positional.get(1).and_then(Value::as_str))
    else {
        return Ok(vm.unknown("the text of a moment is not known", span));
    };
    if format.contains("%z") || format.contains("%Z") {
        return Ok(vm.unknown("time zones are not parsed", span));
    }
    // In chrono `%f` takes nanoseconds, in Python the fraction of a second.
    let ours = format.replace(".%f", "%.f");
    let parsed = NaiveDateTime::parse_from_str(text, &ours)
        .or_else(|_| NaiveDate::parse_from_str(text, &ours).map(|date| date.and_time(NaiveTime::MIN)));
    match parsed {
        Ok(at) => Ok(Scalar::DateTime(at, None).value()),
        Err(_) => {
            let message = format!("time data '{text}' does not match format '{format}'");
            Err(vm.raise("ValueError", &message, span))
        }
    }
}

pub(super) fn attribute(_: &mut Vm<'_>, scalar: &Scalar, name: &str, _: Span) -> Option<Value> {
    let number = |number: u32| Some(Value::Int(i64::from(number)));
    let (date, time) = match scalar {
        Scalar::Date(date) => (Some(*date), None),
        Scalar::Time(time, _) => (None, Some(*time)),
        Scalar::DateTime(at, _) => (Some(at.date()), Some(at.time())),
        _ => (None, None),
    };
    match (name, date, time) {
        ("year", Some(date), _) => return Some(Value::Int(i64::from(date.year()))),
        ("month", Some(date), _) => return number(date.month()),
        ("day", Some(date), _) => return number(date.day()),
        ("hour", _, Some(time)) => return number(time.hour()),
        ("minute", _, Some(time)) => return number(time.minute()),
        ("second", _, Some(time)) => return number(time.second()),
        ("microsecond", _, Some(time)) => return number(time.nanosecond() / 1000),
        _ => {}
    }
    if let Scalar::Delta(delta) = scalar {
        let micros = delta.num_microseconds().unwrap_or(0);
        match name {
            "days" => return Some(Value::Int(micros.div_euclid(86_400_000_000))),
            "seconds" => return Some(Value::Int(micros.rem_euclid(86_400_000_000) / 1_000_000)),
            "microseconds" => return Some(Value::Int(micros.rem_euclid(1_000_000))),
            _ => {}
        }
    }
    if name == "tzinfo" {
        return Some(match scalar {
            Scalar::Time(_, Some(offset)) | Scalar::DateTime(_, Some(offset)) => Scalar::Zone(*offset).value(),
            _ => Value::None,
        });
    }
    let run: Run = match (name, scalar) {
        ("isoformat", _) => isoformat,
        ("strftime" | "__format__", Scalar::Date(_) | Scalar::Time(..) | Scalar::DateTime(..)) => strftime,
        ("replace", Scalar::Date(_) | Scalar::Time(..) | Scalar::DateTime(..)) => replace,
        ("date", Scalar::DateTime(..)) => |_, args, _| {
            Ok(match args.positional.first().and_then(Scalar::of) {
                Some(Scalar::DateTime(at, _)) => Scalar::Date(at.date()).value(),
                _ => Value::None,
            })
        },
        ("time", Scalar::DateTime(..)) => |_, args, _| {
            Ok(match args.positional.first().and_then(Scalar::of) {
                Some(Scalar::DateTime(at, _)) => Scalar::Time(at.time(), None).value(),
                _ => Value::None,
            })
        },
        ("weekday" | "isoweekday", Scalar::Date(_) | Scalar::DateTime(..)) => {
            if name == "weekday" {
                |_, args, _| Ok(Value::Int(weekday(args)))
            } else {
                |_, args, _| Ok(Value::Int(weekday(args) + 1))
            }
        }
        ("total_seconds", Scalar::Delta(_)) => |_, args, _| {
            #[expect(clippy::cast_precision_loss, reason = "so does Python")]
            Ok(match args.positional.first().and_then(Scalar::of) {
                Some(Scalar::Delta(delta)) => Value::Float(delta.num_microseconds().unwrap_or(0) as f64 / 1e6),
                _ => Value::None,
            })
        },
        (
            "astimezone" | "timestamp" | "timetuple" | "utcoffset" | "tzname" | "dst" | "isocalendar" | "toordinal"
            | "ctime",
            _,
        ) => |vm, _, span| Ok(vm.unknown("the time zone of the machine is read", span)),
        _ => return None,
    };
    Some(BoundMethod::value(Native::strict("method of a moment", run), scalar.clone().value()))
}

fn weekday(args: &Args) -> i64 {
    let date = match args.positional.first().and_then(Scalar::of) {
        Some(Scalar::Date(date)) => date,
        Some(Scalar::DateTime(at, _)) => at.date(),
        _ => return 0,
    };
    i64::from(date.weekday().num_days_from_monday())
}

fn isoformat(_: &mut Vm<'_>, args: &Args, _: Span) -> Flow<Value> {
    let Some(scalar) = args.positional.first().and_then(Scalar::of) else { return Ok(Value::None) };
    let separator = args.positional.get(1).and_then(Value::as_str).unwrap_or("T");
    let text = scalar.text();
    Ok(Value::Str(match scalar {
        Scalar::DateTime(..) => text.replacen(' ', separator, 1).into(),
        _ => text.into(),
    }))
}

fn strftime(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let Some(scalar) = args.positional.first().and_then(Scalar::of) else { return Ok(Value::None) };
    let format = args.positional.get(1).and_then(Value::as_str).unwrap_or_default();
    if format.is_empty() {
        return Ok(Value::Str(scalar.text().into()));
    }
    let (at, offset) = match scalar {
        Scalar::Date(date) => (date.and_time(NaiveTime::MIN), None),
        Scalar::Time(time, offset) => (NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default().and_time(time), offset),
        Scalar::DateTime(at, offset) => (at, offset),
        _ => return Ok(Value::None),
    };
    let zone = offset.map(|offset| offset_text(offset).replace(':', "")).unwrap_or_default();
    let name = offset.map(|offset| Scalar::Zone(offset).text()).unwrap_or_default();
    // In chrono `%f` is nanoseconds, and zones are not asked of a moment that has none.
    let format = format.replace("%f", "%6f").replace("%z", &zone).replace("%Z", &name);
    let items: Vec<Item<'_>> = StrftimeItems::new(&format).collect();
    if items.iter().any(|item| matches!(item, Item::Error)) {
        return Ok(vm.unknown("the format of a moment is not simulated", span));
    }
    let mut text = String::new();
    if write!(text, "{}", at.format_with_items(items.into_iter())).is_err() {
        return Ok(vm.unknown("the format of a moment is not simulated", span));
    }
    Ok(Value::Str(text.into()))
}

fn replace(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let Some(scalar) = args.positional.first().and_then(Scalar::of) else { return Ok(Value::None) };
    let keyword = |name: &str| integer_keyword(args, name);
    let new_date = |date: NaiveDate| {
        let year = keyword("year").map_or(Some(date.year()), |year| i32::try_from(year).ok())?;
        let month = keyword("month").map_or(Some(date.month()), |month| u32::try_from(month).ok())?;
        let day = keyword("day").map_or(Some(date.day()), |day| u32::try_from(day).ok())?;
        NaiveDate::from_ymd_opt(year, month, day)
    };
    let new_time = |time: NaiveTime| {
        let part = |name: &str, old: u32| keyword(name).map_or(Some(old), |new| u32::try_from(new).ok());
        NaiveTime::from_hms_micro_opt(
            part("hour", time.hour())?,
            part("minute", time.minute())?,
            part("second", time.second())?,
            part("microsecond", time.nanosecond() / 1000)?,
        )
    };
    let new_zone = |offset: Option<i32>| match args.keyword("tzinfo") {
        Some(Value::None) => None,
        Some(zone) => match Scalar::of(zone) {
            Some(Scalar::Zone(offset)) => Some(offset),
            _ => offset,
        },
        None => offset,
    };
    let replaced = match scalar {
        Scalar::Date(date) => new_date(date).map(Scalar::Date),
        Scalar::Time(time, offset) => new_time(time).map(|time| Scalar::Time(time, new_zone(offset))),
        Scalar::DateTime(at, offset) => match (new_date(at.date()), new_time(at.time())) {
            (Some(date), Some(time)) => Some(Scalar::DateTime(date.and_time(time), new_zone(offset))),
            _ => None,
        },
        other => Some(other),
    };
    match replaced {
        Some(scalar) => Ok(scalar.value()),
        None => Err(vm.raise("ValueError", "the new parts make no moment", span)),
    }
}

fn integer_keyword(args: &Args, name: &str) -> Option<i64> {
    match args.keyword(name) {
        Some(Value::Int(int)) => Some(*int),
        _ => None,
    }
}

pub(super) fn binary(
    vm: &mut Vm<'_>,
    scalar: &Scalar,
    operator: Operator,
    other: &Value,
    reflected: bool,
    span: Span,
) -> Flow<Option<Value>> {
    if let (Scalar::Delta(delta), Operator::Mul | Operator::Div | Operator::FloorDiv, Value::Int(factor)) =
        (scalar, operator, other)
    {
        let micros = delta.num_microseconds().unwrap_or(0);
        let result = match operator {
            Operator::Mul => micros.checked_mul(*factor),
            _ => micros.checked_div(*factor),
        };
        return Ok(result.map(|micros| Scalar::Delta(TimeDelta::microseconds(micros)).value()));
    }
    let Some(other) = Scalar::of(other) else { return Ok(None) };
    let overflow = |vm: &mut Vm<'_>| vm.raise("OverflowError", "date value out of range", span);
    let (left, right) = if reflected { (&other, scalar) } else { (scalar, &other) };
    let made = match (operator, left, right) {
        (Operator::Add, Scalar::DateTime(at, offset), Scalar::Delta(delta))
        | (Operator::Add, Scalar::Delta(delta), Scalar::DateTime(at, offset)) => {
            at.checked_add_signed(*delta).map(|at| Scalar::DateTime(at, *offset))
        }
        (Operator::Sub, Scalar::DateTime(at, offset), Scalar::Delta(delta)) => {
            at.checked_sub_signed(*delta).map(|at| Scalar::DateTime(at, *offset))
        }
        (Operator::Add, Scalar::Date(date), Scalar::Delta(delta))
        | (Operator::Add, Scalar::Delta(delta), Scalar::Date(date)) => {
            date.checked_add_signed(TimeDelta::days(delta.num_days())).map(Scalar::Date)
        }
        (Operator::Sub, Scalar::Date(date), Scalar::Delta(delta)) => {
            date.checked_sub_signed(TimeDelta::days(delta.num_days())).map(Scalar::Date)
        }
        (Operator::Sub, Scalar::Date(a), Scalar::Date(b)) => Some(Scalar::Delta(a.signed_duration_since(*b))),
        (Operator::Sub, Scalar::DateTime(a, x), Scalar::DateTime(b, y)) => {
            Some(Scalar::Delta(utc(*a, *x).signed_duration_since(utc(*b, *y))))
        }
        (Operator::Add, Scalar::Delta(a), Scalar::Delta(b)) => a.checked_add(b).map(Scalar::Delta),
        (Operator::Sub, Scalar::Delta(a), Scalar::Delta(b)) => a.checked_sub(b).map(Scalar::Delta),
        _ => {
            return Ok(match (scalar, &other) {
                (Scalar::Date(a), Scalar::Date(b)) => ordered(operator, a, b),
                (Scalar::Time(a, _), Scalar::Time(b, _)) => ordered(operator, a, b),
                (Scalar::DateTime(a, x), Scalar::DateTime(b, y)) => ordered(operator, &utc(*a, *x), &utc(*b, *y)),
                (Scalar::Delta(a), Scalar::Delta(b)) => ordered(operator, a, b),
                (Scalar::Zone(a), Scalar::Zone(b)) => ordered(operator, a, b),
                _ => None,
            });
        }
    };
    match made {
        Some(scalar) => Ok(Some(scalar.value())),
        None => Err(overflow(vm)),
    }
}

fn utc(at: NaiveDateTime, offset: Option<i32>) -> NaiveDateTime {
    at.checked_sub_signed(TimeDelta::seconds(i64::from(offset.unwrap_or(0)))).unwrap_or(at)
}

pub(super) fn delta_text(delta: TimeDelta) -> String {
    let micros = delta.num_microseconds().unwrap_or(0);
    let days = micros.div_euclid(86_400_000_000);
    let rest = micros.rem_euclid(86_400_000_000);
    let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000);
    let mut text = match days {
        0 => String::new(),
        1 | -1 => format!("{days} day, "),
        _ => format!("{days} days, "),
    };
    // Writing to a string does not fail.
    let _ = write!(text, "{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction != 0 {
        let _ = write!(text, ".{fraction:06}");
    }
    text
}

pub(super) fn repr(scalar: &Scalar) -> String {
    let zone = |offset: &Option<i32>| match offset {
        Some(0) => ", tzinfo=datetime.timezone.utc".to_owned(),
        Some(offset) => {
            format!(", tzinfo=datetime.timezone(datetime.timedelta(seconds={offset}))")
        }
        None => String::new(),
    };
    let clock = |time: NaiveTime| {
        let micro = time.nanosecond() / 1000;
        let mut text = format!("{}, {}", time.hour(), time.minute());
        if time.second() != 0 || micro != 0 {
            let _ = write!(text, ", {}", time.second());
        }
        if micro != 0 {
            let _ = write!(text, ", {micro}");
        }
        text
    };
    match scalar {
        Scalar::Date(date) => format!("datetime.date({}, {}, {})", date.year(), date.month(), date.day()),
        Scalar::Time(time, offset) => format!("datetime.time({}{})", clock(*time), zone(offset)),
        Scalar::DateTime(at, offset) => format!(
            "datetime.datetime({}, {}, {}, {}{})",
            at.year(),
            at.month(),
            at.day(),
            clock(at.time()),
            zone(offset)
        ),
        Scalar::Delta(delta) => {
            let micros = delta.num_microseconds().unwrap_or(0);
            let parts = [
                ("days", micros.div_euclid(86_400_000_000)),
                ("seconds", micros.rem_euclid(86_400_000_000) / 1_000_000),
                ("microseconds", micros.rem_euclid(1_000_000)),
            ];
            let shown: Vec<_> =
                parts.iter().filter(|(_, part)| *part != 0).map(|(name, part)| format!("{name}={part}")).collect();
            if shown.is_empty() {
                "datetime.timedelta(0)".to_owned()
            } else {
                format!("datetime.timedelta({})", shown.join(", "))
            }
        }
        Scalar::Zone(0) => "datetime.timezone.utc".to_owned(),
        other => other.text(),
    }
}
