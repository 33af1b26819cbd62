//! Casts as PostgreSQL does them.

use std::sync::Arc;

use super::moment::{self, Reading};
use super::{CastError, Mode, type_name};
use crate::engine::decimal::Decimal;
use crate::engine::functions::{canonical, interval_text, interval_time, read_array};
use crate::engine::value::{number, text, time_text};
use crate::op::{Datum, FailureKind};
use crate::schema::{Catalog, SqlType};

/// The value, which is neither NULL nor unknown, as one of that type.
pub(super) fn cast(catalog: &Catalog, datum: &Datum, ty: &SqlType, mode: Mode) -> Result<Datum, CastError> {
    match ty {
        SqlType::Boolean => boolean(datum, mode),
        SqlType::TinyInt | SqlType::SmallInt => integer(datum, ty, mode, i64::from(i16::MIN), i64::from(i16::MAX)),
        SqlType::MediumInt | SqlType::Integer | SqlType::Year => {
            integer(datum, ty, mode, i64::from(i32::MIN), i64::from(i32::MAX))
        }
        SqlType::BigInt | SqlType::Unsigned(_) => integer(datum, ty, mode, i64::MIN, i64::MAX),
        SqlType::Numeric(precision, scale) | SqlType::Decimal(precision, scale) => {
            numeric(datum, ty, mode, *precision, *scale)
        }
        SqlType::Float(_) | SqlType::Real | SqlType::Double => float(datum, ty, mode),
        SqlType::Char(n) | SqlType::NChar(n) => {
            let Datum::Text(t) = sized(datum, ty, mode, Some(n.unwrap_or(1)))? else { return Ok(Datum::Null) };
            Ok(Datum::Text(Arc::from(t.trim_end_matches(' '))))
        }
        SqlType::VarChar(n) | SqlType::NVarChar(n) => sized(datum, ty, mode, *n),
        SqlType::Text(_) => sized(datum, ty, mode, None),
        SqlType::Binary(_) | SqlType::VarBinary(_) | SqlType::Blob(_) | SqlType::Bytea => bytea(datum, ty, mode),
        SqlType::Date => date(datum, ty, mode),
        SqlType::Time { tz: false, .. } => time(datum, ty, mode),
        SqlType::Timestamp { tz, precision } => timestamp(datum, ty, mode, *tz, *precision),
        SqlType::DateTime(precision) => timestamp(datum, ty, mode, false, *precision),
        SqlType::Uuid => uuid(datum, ty, mode),
        SqlType::Json | SqlType::Jsonb => json(datum, ty, mode),
        SqlType::Enum(name) => enumeration(catalog, datum, ty, mode, name),
        SqlType::Array(item) => array(catalog, datum, item, mode),
        SqlType::Interval { .. } => match datum {
            Datum::Interval(_) => Ok(datum.clone()),
            Datum::Time(t) => match interval_text(t) {
                Some(shown) => Ok(Datum::Interval(shown.into())),
                None => Err(CastError::unsupported(format!("the time {t} as an interval is not simulated"))),
            },
            Datum::Text(t) if is_input(mode) => match interval_text(t) {
                Some(shown) => Ok(Datum::Interval(shown.into())),
                None if is_no_interval(t) => Err(syntax(ty, t)),
                None => Err(CastError::unsupported(format!("the interval '{t}' is not simulated"))),
            },
            _ => Err(mismatch(datum)),
        },
        SqlType::Bit { length, varying } => bits(datum, mode, *length, *varying),
        SqlType::Builtin(name) => builtin(datum, ty, mode, name),
        SqlType::Time { tz: true, .. }
        | SqlType::InlineEnum(_)
        | SqlType::Set(_)
        | SqlType::Named(..)
        | SqlType::None
        | SqlType::Unknown => Ok(datum.clone()),
    }
}

/// Whether a text can't be an interval: there is no number in it, or a date.
fn is_no_interval(text: &str) -> bool {
    let date = |word: &str| {
        let mut parts = word.split('-');
        word.matches('-').count() == 2 && parts.all(|part| part.parse::<u32>().is_ok())
    };
    let number = text.contains(|c: char| c.is_ascii_digit());
    !number && !text.to_ascii_lowercase().contains("infinity") || text.split([' ', 'T']).any(date)
}

/// Whether text is read as the type's input: for a literal, and for a cast that is asked for.
fn is_input(mode: Mode) -> bool {
    mode != Mode::Assignment
}

fn mismatch(datum: &Datum) -> CastError {
    CastError::Mismatch(String::from(match datum {
        Datum::Bool(_) => "boolean",
        Datum::Int(_) => "integer",
        Datum::Float(_) => "double precision",
        Datum::Decimal(_) => "numeric",
        Datum::Bytes(_) => "bytea",
        Datum::Date(_) => "date",
        Datum::Time(_) => "time without time zone",
        Datum::Timestamp(t) if t.ends_with("+00:00") => "timestamp with time zone",
        Datum::Timestamp(_) => "timestamp without time zone",
        Datum::Interval(_) => "interval",
        Datum::Uuid(_) => "uuid",
        Datum::Json(_) => "jsonb",
        Datum::List(_) => "text[]",
        Datum::Text(_) | Datum::Null | Datum::Unknown(_) => "text",
    }))
}

fn syntax(ty: &SqlType, text: &str) -> CastError {
    CastError::invalid(format!("invalid input syntax for type {}: \"{text}\"", type_name(ty)))
}

/// A string of bits, which must have the very length of a `bit` and no more than that of a `bit varying`.
fn bits(datum: &Datum, mode: Mode, length: Option<u32>, varying: bool) -> Result<Datum, CastError> {
    let Datum::Text(text) = datum else { return Err(mismatch(datum)) };
    if text.starts_with(['x', 'X', 'b', 'B']) || mode == Mode::Explicit {
        return Err(CastError::unsupported(format!("the bit string '{text}' is not simulated")));
    }
    if let Some(other) = text.chars().find(|c| !matches!(c, '0' | '1')) {
        return Err(CastError::invalid(format!("\"{other}\" is not a valid binary digit")));
    }
    let length = if varying { length } else { Some(length.unwrap_or(1)) };
    match length.map(|length| length as usize) {
        Some(length) if varying && text.len() > length => {
            Err(CastError::invalid(format!("bit string too long for type bit varying({length})")))
        }
        Some(length) if !varying && text.len() != length => {
            let own = text.len();
            Err(CastError::invalid(format!("bit string length {own} does not match type bit({length})")))
        }
        _ => Ok(datum.clone()),
    }
}

/// The number whose two's complement the bits are, as many as the type has of them.
pub(super) fn number_of_bits(bits: &str, to: &SqlType) -> Result<Datum, CastError> {
    let out_of_range = || CastError::invalid(format!("{} out of range", type_name(to)));
    let number = if bits.is_empty() { Ok(0) } else { u64::from_str_radix(bits, 2) }.map_err(|_| out_of_range())?;
    match u32::try_from(number) {
        Ok(small) if *to == SqlType::Integer && bits.len() <= 32 => Ok(Datum::Int(i64::from(small.cast_signed()))),
        _ if *to == SqlType::Integer => Err(out_of_range()),
        _ => Ok(Datum::Int(number.cast_signed())),
    }
}

fn boolean(datum: &Datum, mode: Mode) -> Result<Datum, CastError> {
    match datum {
        Datum::Bool(_) => Ok(datum.clone()),
        Datum::Int(i) if mode == Mode::Explicit => Ok(Datum::Bool(*i != 0)),
        Datum::Text(t) if is_input(mode) => {
            let word = t.trim().to_ascii_lowercase();
            let starts = |full: &str, least: usize| word.len() >= least && full.starts_with(&word);
            if starts("true", 1) || starts("yes", 1) || word == "on" || word == "1" {
                Ok(Datum::Bool(true))
            } else if starts("false", 1) || starts("no", 1) || starts("off", 2) || word == "0" {
                Ok(Datum::Bool(false))
            } else {
                Err(syntax(&SqlType::Boolean, t))
            }
        }
        _ => Err(mismatch(datum)),
    }
}

fn integer(datum: &Datum, ty: &SqlType, mode: Mode, min: i64, max: i64) -> Result<Datum, CastError> {
    let out_of_range = || CastError::invalid(format!("{} out of range", type_name(ty)));
    let whole = match datum {
        Datum::Int(i) => Some(*i),
        Datum::Float(f) if f.is_finite() && f.abs() < 9.0e18 => Some(f.round_ties_even() as i64),
        Datum::Decimal(d) => {
            let mut decimal = Decimal::parse(d).ok_or_else(out_of_range)?;
            decimal.round(0);
            decimal.to_string().parse().ok()
        }
        Datum::Float(_) => None,
        Datum::Bool(b) if mode == Mode::Explicit && *ty == SqlType::Integer => Some(i64::from(*b)),
        Datum::Text(t) if is_input(mode) => {
            let trimmed = t.trim();
            let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
            if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(syntax(ty, t));
            }
            let fits = trimmed.parse::<i64>().ok().filter(|i| (min..=max).contains(i));
            let message = || format!("value \"{t}\" is out of range for type {}", type_name(ty));
            return fits.map(Datum::Int).ok_or_else(|| CastError::invalid(message()));
        }
        Datum::Json(t) if mode == Mode::Explicit => {
            return Err(CastError::unsupported(format!("a cast of the JSON value {t} is not simulated")));
        }
        _ => return Err(mismatch(datum)),
    };
    whole.filter(|i| (min..=max).contains(i)).map(Datum::Int).ok_or_else(out_of_range)
}

fn numeric(
    datum: &Datum,
    ty: &SqlType,
    mode: Mode,
    precision: Option<u32>,
    scale: Option<i32>,
) -> Result<Datum, CastError> {
    let digits = match datum {
        Datum::Int(i) => i.to_string(),
        Datum::Decimal(d) => d.as_ref().to_owned(),
        Datum::Float(f) => f.to_string(),
        Datum::Text(t) if is_input(mode) => {
            if Decimal::parse(t.trim()).is_none() && !t.trim().eq_ignore_ascii_case("nan") {
                return Err(syntax(ty, t));
            }
            t.trim().to_owned()
        }
        _ => return Err(mismatch(datum)),
    };
    let Some(mut decimal) = Decimal::parse(&digits) else {
        return Err(CastError::unsupported(format!("the number {digits} is not simulated")));
    };
    if let Some(precision) = precision {
        let scale = scale.unwrap_or(0);
        decimal.round(scale);
        let room = i64::from(precision) - i64::from(scale);
        if i64::try_from(decimal.whole_digits()).unwrap_or(i64::MAX) > room {
            return Err(CastError::invalid("numeric field overflow"));
        }
    }
    Ok(Datum::Decimal(decimal.to_string().into()))
}

fn float(datum: &Datum, ty: &SqlType, mode: Mode) -> Result<Datum, CastError> {
    let single = matches!(ty, SqlType::Real) || matches!(ty, SqlType::Float(Some(p)) if *p < 25);
    let f = match datum {
        Datum::Text(t) if is_input(mode) => {
            let word = t.trim();
            let numeral = word.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
            let special = ["nan", "infinity", "-infinity", "inf", "-inf"];
            if !numeral && !special.iter().any(|s| word.eq_ignore_ascii_case(s)) {
                return Err(syntax(ty, t));
            }
            word.parse().map_err(|_| syntax(ty, t))?
        }
        Datum::Text(_) => return Err(mismatch(datum)),
        _ => number(datum).ok_or_else(|| mismatch(datum))?,
    };
    let spelled = matches!(datum, Datum::Text(t) if t.to_ascii_lowercase().contains("inf"));
    let too_large = if single { (f as f32).is_infinite() } else { f.is_infinite() };
    if too_large && !spelled && !matches!(datum, Datum::Float(f) if f.is_infinite()) {
        return Err(CastError::invalid(format!("\"{}\" is out of range for type {}", text(datum), type_name(ty))));
    }
    // The digits of a single-precision number are those that it prints, not those of its double.
    let f = if single { (f as f32).to_string().parse().unwrap_or(f) } else { f };
    Ok(Datum::Float(f))
}

fn sized(datum: &Datum, ty: &SqlType, mode: Mode, length: Option<u32>) -> Result<Datum, CastError> {
    let value = match datum {
        Datum::Text(t) => t.clone(),
        _ => Arc::from(text(datum)),
    };
    let Some(length) = length.map(|n| n as usize) else { return Ok(Datum::Text(value)) };
    if value.len() <= length || value.chars().count() <= length {
        return Ok(Datum::Text(value));
    }
    let kept: String = value.chars().take(length).collect();
    let rest_is_blank = value.get(kept.len()..).is_some_and(|rest| rest.bytes().all(|b| b == b' '));
    if mode == Mode::Explicit || rest_is_blank {
        return Ok(Datum::Text(kept.into()));
    }
    Err(CastError::invalid(format!("value too long for type {}", type_name(ty))))
}

fn bytea(datum: &Datum, ty: &SqlType, mode: Mode) -> Result<Datum, CastError> {
    match datum {
        Datum::Bytes(_) => Ok(datum.clone()),
        Datum::Text(t) if is_input(mode) => {
            let Some(hex) = t.strip_prefix("\\x") else {
                if t.contains('\\') {
                    return Err(CastError::unsupported("escapes in a bytea literal are not simulated"));
                }
                return Ok(Datum::Bytes(t.as_bytes().into()));
            };
            let digits: Vec<u8> = hex.chars().filter(|c| !c.is_whitespace()).map(|c| c as u32 as u8).collect();
            let nibble = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
            let bytes: Option<Vec<u8>> = digits
                .chunks(2)
                .map(|pair| match pair {
                    [high, low] => Some((nibble(*high)? << 4) | nibble(*low)?),
                    _ => None,
                })
                .collect();
            bytes.map(|b| Datum::Bytes(b.into())).ok_or_else(|| syntax(ty, t))
        }
        _ => Err(mismatch(datum)),
    }
}

fn date(datum: &Datum, ty: &SqlType, mode: Mode) -> Result<Datum, CastError> {
    match datum {
        Datum::Date(_) => Ok(datum.clone()),
        Datum::Timestamp(t) => Ok(Datum::Date(t.get(..10).unwrap_or(t).into())),
        Datum::Text(t) if is_input(mode) => match moment::date(t) {
            Reading::Value(date) => Ok(Datum::Date(date.to_string().into())),
            reading => Err(unread(&reading, ty, t)),
        },
        _ => Err(mismatch(datum)),
    }
}

fn time(datum: &Datum, ty: &SqlType, mode: Mode) -> Result<Datum, CastError> {
    match datum {
        Datum::Time(_) => Ok(datum.clone()),
        Datum::Interval(span) => match interval_time(span) {
            Some(time) => Ok(Datum::Time(time.into())),
            None => Err(CastError::unsupported(format!("the interval {span} as a time is not simulated"))),
        },
        Datum::Timestamp(t) => Ok(Datum::Time(t.get(11..).unwrap_or_default().trim_end_matches("+00:00").into())),
        Datum::Text(t) if is_input(mode) => match moment::time(t) {
            Reading::Value(time) => Ok(Datum::Time(time_text(time).into())),
            reading => Err(unread(&reading, ty, t)),
        },
        _ => Err(mismatch(datum)),
    }
}

fn timestamp(datum: &Datum, ty: &SqlType, mode: Mode, tz: bool, precision: Option<u32>) -> Result<Datum, CastError> {
    let source = match datum {
        Datum::Timestamp(t) | Datum::Date(t) => t,
        Datum::Text(t) if is_input(mode) => t,
        _ => return Err(mismatch(datum)),
    };
    let (at, offset) = match moment::timestamp(source) {
        Reading::Value(value) => value,
        reading => return Err(unread(&reading, ty, source)),
    };
    // A zone written in a literal for a column without one is ignored; the session is taken to be in UTC.
    let in_place = !tz && matches!(datum, Datum::Text(_));
    let at = moment::round(if in_place { at } else { moment::to_utc(at, offset) }, precision);
    let mut printed = moment::print(at);
    if tz {
        printed.push_str("+00:00");
    }
    Ok(Datum::Timestamp(printed.into()))
}

fn unread<T>(reading: &Reading<T>, ty: &SqlType, text: &str) -> CastError {
    match reading {
        Reading::Nonsense => syntax(ty, text),
        Reading::OutOfRange => CastError::invalid(format!("date/time field value out of range: \"{text}\"")),
        _ => CastError::unsupported(format!("the moment '{text}' is written in a form that is not simulated")),
    }
}

fn uuid(datum: &Datum, ty: &SqlType, mode: Mode) -> Result<Datum, CastError> {
    match datum {
        Datum::Uuid(_) => Ok(datum.clone()),
        Datum::Text(t) if is_input(mode) => {
            let digits: String = t.chars().filter(|c| !matches!(c, '-' | '{' | '}')).collect();
            if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(syntax(ty, t));
            }
            let digits = digits.to_ascii_lowercase();
            let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
            let parts = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)];
            Ok(Datum::Uuid(parts.join("-").into()))
        }
        _ => Err(mismatch(datum)),
    }
}

fn json(datum: &Datum, ty: &SqlType, mode: Mode) -> Result<Datum, CastError> {
    match datum {
        Datum::Json(t) if *ty == SqlType::Jsonb => Ok(Datum::Json(binary(t))),
        Datum::Json(_) => Ok(datum.clone()),
        Datum::Text(t) if is_input(mode) => {
            if serde_json::from_str::<serde::de::IgnoredAny>(t).is_err() {
                return Err(CastError::invalid(format!("invalid input syntax for type {}", type_name(ty))));
            }
            Ok(Datum::Json(if *ty == SqlType::Jsonb { binary(t) } else { t.clone() }))
        }
        _ => Err(mismatch(datum)),
    }
}

/// A value of one of the server's own types, of which only the text is kept: whether it can be one.
fn builtin(datum: &Datum, ty: &SqlType, mode: Mode, name: &str) -> Result<Datum, CastError> {
    let Datum::Text(t) = datum else {
        // Behind object identifiers and amounts there are numbers, behind the others there are none.
        let takes = name.starts_with("REG") || matches!(name, "OID" | "XID" | "CID" | "MONEY");
        let fraction = matches!(datum, Datum::Float(_) | Datum::Decimal(_));
        let number = fraction || matches!(datum, Datum::Int(_));
        let amount = || money(&text(datum)).ok_or_else(|| CastError::unsupported("so much money is not simulated"));
        return match number {
            true if !takes || fraction && name != "MONEY" => Err(mismatch(datum)),
            true if name == "MONEY" => amount(),
            _ => Ok(datum.clone()),
        };
    };
    if !is_input(mode) {
        return Ok(datum.clone());
    }
    let word = t.trim();
    let (address, width) = word.split_once('/').map_or((word, None), |(address, width)| (address, Some(width)));
    let fits = |most: u8| width.is_none_or(|width| width.parse::<u8>().is_ok_and(|width| width <= most));
    let valid = match name {
        "INET" => match address.parse::<core::net::IpAddr>() {
            Ok(core::net::IpAddr::V4(_)) => fits(32),
            Ok(core::net::IpAddr::V6(_)) => fits(128),
            Err(_) => false,
        },
        "MACADDR" | "MACADDR8" => {
            let digits = word.bytes().filter(u8::is_ascii_hexdigit).count();
            let rest = word.bytes().all(|b| b.is_ascii_hexdigit() || b":-.".contains(&b));
            rest && (digits == 12 || name == "MACADDR8" && digits == 16)
        }
        "MONEY" => {
            word.bytes().any(|b| b.is_ascii_digit())
                && word.bytes().all(|b| b.is_ascii_digit() || b"$,.-+() ".contains(&b))
        }
        "OID" => word.bytes().all(|b| b.is_ascii_digit() || b == b'-') && !word.is_empty(),
        _ => true,
    };
    match name {
        _ if !valid => Err(syntax(ty, t)),
        // The length of a network is printed where it is not that of the whole address.
        "INET" if width == Some(if address.contains(':') { "128" } else { "32" }) => Ok(Datum::Text(address.into())),
        "MONEY" => money(word).ok_or_else(|| CastError::unsupported(format!("the amount '{t}' is not simulated"))),
        _ => Ok(datum.clone()),
    }
}

/// The number behind an amount as PostgreSQL prints it.
pub(super) fn number_of_money(text: &str) -> Datum {
    Datum::Text(text.chars().filter(|c| !matches!(c, '$' | ',')).collect::<String>().into())
}

/// An amount as PostgreSQL prints it: `$1,234.50`.
fn money(text: &str) -> Option<Datum> {
    let digits: String = text.chars().filter(|c| !matches!(c, '$' | ',')).collect();
    let mut amount = Decimal::parse(&digits)?;
    amount.round(2);
    let shown = amount.to_string();
    let (sign, shown) = shown.strip_prefix('-').map_or(("", shown.as_str()), |rest| ("-", rest));
    let (whole, cents) = shown.split_once('.').unwrap_or((shown, "0"));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    Some(Datum::Text(format!("{sign}${grouped}.{cents:0<2}").into()))
}

/// JSON as `jsonb` prints it.
fn binary(json: &str) -> Arc<str> {
    canonical(json).unwrap_or_else(|| json.to_owned()).into()
}

fn enumeration(
    catalog: &Catalog,
    datum: &Datum,
    ty: &SqlType,
    mode: Mode,
    name: &crate::schema::QName,
) -> Result<Datum, CastError> {
    let Datum::Text(t) = datum else { return Err(mismatch(datum)) };
    if mode == Mode::Assignment {
        return Err(mismatch(datum));
    }
    let Some(known) = catalog.enums.get(name) else { return Ok(datum.clone()) };
    if known.values.iter().any(|value| value == t) {
        return Ok(datum.clone());
    }
    let message = format!("invalid input value for enum {}: \"{t}\"", type_name(ty));
    Err(CastError::Refused(FailureKind::InvalidValue, message))
}

fn array(catalog: &Catalog, datum: &Datum, item: &SqlType, mode: Mode) -> Result<Datum, CastError> {
    match datum {
        Datum::List(items) => {
            // Members of an array literal are cast one by one, so text members are literals where the array is one.
            let inner = if mode == Mode::Assignment { Mode::Literal } else { mode };
            let cast_item = |d: &Datum| match d {
                Datum::Null => Ok(Datum::Null),
                Datum::List(_) => array(catalog, d, item, mode),
                _ => cast(catalog, d, item, inner),
            };
            items.iter().map(cast_item).collect::<Result<_, _>>().map(Datum::List)
        }
        Datum::Text(t) if is_input(mode) => {
            read_array(t, &mut |member| cast(catalog, &Datum::Text(member.into()), item, Mode::Literal))
        }
        _ => Err(mismatch(datum)),
    }
}
