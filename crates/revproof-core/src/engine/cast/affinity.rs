//! SQLite: a column has no type but an affinity, which a value takes on where it can.

use super::{CastError, Mode};
use crate::engine::decimal::Decimal;
use crate::engine::value::text;
use crate::op::Datum;
use crate::schema::SqlType;

/// What a column would like its values to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Affinity {
    /// Whole numbers.
    Integer,
    /// Text.
    Text,
    /// Nothing in particular.
    Blob,
    /// Floating-point numbers.
    Real,
    /// Numbers.
    Numeric,
}

/// The affinity of a type, by SQLite's rules on the spelling of its name.
pub(crate) fn affinity(ty: &SqlType) -> Affinity {
    match ty {
        SqlType::TinyInt
        | SqlType::SmallInt
        | SqlType::MediumInt
        | SqlType::Integer
        | SqlType::BigInt
        | SqlType::Unsigned(_)
        | SqlType::Interval { .. } => Affinity::Integer,
        SqlType::Char(_) | SqlType::VarChar(_) | SqlType::NChar(_) | SqlType::NVarChar(_) | SqlType::Text(_) => {
            Affinity::Text
        }
        SqlType::Blob(_) | SqlType::None => Affinity::Blob,
        SqlType::Float(_) | SqlType::Real | SqlType::Double => Affinity::Real,
        SqlType::Builtin(name) => by_name(name),
        SqlType::Named(name, _) => by_name(&name.name),
        _ => Affinity::Numeric,
    }
}

fn by_name(name: &str) -> Affinity {
    let name = name.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|w| name.contains(w));
    if has(&["INT"]) {
        Affinity::Integer
    } else if has(&["CHAR", "CLOB", "TEXT"]) {
        Affinity::Text
    } else if has(&["BLOB"]) {
        Affinity::Blob
    } else if has(&["REAL", "FLOA", "DOUB"]) {
        Affinity::Real
    } else {
        Affinity::Numeric
    }
}

/// The value as SQLite would store it in a column of that type, or as `CAST` gives it.
pub(super) fn cast(datum: &Datum, ty: &SqlType, mode: Mode) -> Result<Datum, CastError> {
    let plain = plain(datum);
    let affinity = affinity(ty);
    if mode == Mode::Explicit {
        return explicit(&plain, affinity);
    }
    Ok(store(&plain, affinity))
}

/// The value as a column of that affinity stores it.
pub(crate) fn store(datum: &Datum, affinity: Affinity) -> Datum {
    let plain = datum.clone();
    match affinity {
        Affinity::Blob => plain,
        Affinity::Text => match plain {
            Datum::Int(_) | Datum::Float(_) => Datum::Text(number_text(&plain).into()),
            other => other,
        },
        Affinity::Integer | Affinity::Numeric => match plain {
            Datum::Text(ref t) => number(t).unwrap_or(plain),
            Datum::Float(f) => whole(f),
            other => other,
        },
        Affinity::Real => match plain {
            Datum::Text(ref t) => number(t).map_or(plain, float),
            other => float(other),
        },
    }
}

/// The number that a value begins with, as arithmetic takes it.
pub(crate) fn number_prefix(datum: &Datum) -> Datum {
    let text = match datum {
        Datum::Text(t) => t.trim_start(),
        Datum::Bytes(_) => return Datum::Int(0),
        other => return plain(other),
    };
    let whole = text.strip_prefix(['-', '+']).unwrap_or(text).bytes().take_while(u8::is_ascii_digit).count();
    let longest = text.len().min(64);
    let numeral = (1..=longest)
        .rev()
        .filter_map(|end| text.get(..end))
        .find(|part| part.ends_with(|c: char| c.is_ascii_digit() || c == '.') && Decimal::parse(part).is_some());
    let Some(numeral) = numeral else { return Datum::Int(0) };
    let signed = text.starts_with(['-', '+']);
    if numeral.len() == whole + usize::from(signed)
        && let Ok(i) = numeral.parse::<i64>()
    {
        return Datum::Int(i);
    }
    numeral.parse().map_or(Datum::Int(0), Datum::Float)
}

/// The value in one of SQLite's five storage classes, as SQLAlchemy's types send it.
fn plain(datum: &Datum) -> Datum {
    match datum {
        Datum::Bool(b) => Datum::Int(i64::from(*b)),
        Datum::Decimal(d) => number(d).unwrap_or_else(|| Datum::Text(d.clone())),
        Datum::Date(t)
        | Datum::Time(t)
        | Datum::Timestamp(t)
        | Datum::Interval(t)
        | Datum::Uuid(t)
        | Datum::Json(t) => Datum::Text(t.clone()),
        Datum::List(_) => Datum::Text(text(datum).into()),
        _ => datum.clone(),
    }
}

/// A `CAST`, which never fails: text is read as far as it looks like a number.
fn explicit(datum: &Datum, affinity: Affinity) -> Result<Datum, CastError> {
    Ok(match (affinity, datum) {
        (Affinity::Text, Datum::Int(_) | Datum::Float(_)) => Datum::Text(number_text(datum).into()),
        (Affinity::Blob, Datum::Text(t)) => Datum::Bytes(t.as_bytes().into()),
        (Affinity::Blob, Datum::Int(_) | Datum::Float(_)) => Datum::Bytes(number_text(datum).as_bytes().into()),
        (Affinity::Text, Datum::Text(_))
        | (Affinity::Blob, Datum::Bytes(_))
        | (Affinity::Integer | Affinity::Numeric, Datum::Int(_)) => datum.clone(),
        (Affinity::Integer, Datum::Text(t)) => Datum::Int(whole_prefix(t)),
        #[expect(clippy::cast_possible_truncation, reason = "SQLite clamps as this cast does")]
        (Affinity::Integer, Datum::Float(f)) => Datum::Int(*f as i64),
        (Affinity::Real, Datum::Int(_) | Datum::Float(_)) => float(datum.clone()),
        (Affinity::Real, Datum::Text(_)) => float(number_prefix(datum)),
        (Affinity::Numeric, Datum::Float(f)) => whole(*f),
        (Affinity::Numeric, Datum::Text(_)) => match number_prefix(datum) {
            Datum::Float(f) => whole(f),
            other => other,
        },
        _ => return Err(CastError::unsupported("a CAST of bytes is not simulated")),
    })
}

fn whole_prefix(text: &str) -> i64 {
    let text = text.trim_start();
    let signed = text.strip_prefix(['-', '+']).map_or(0, |_| 1);
    let digits = text.bytes().skip(signed).take_while(u8::is_ascii_digit).count();
    text.get(..signed + digits).and_then(|t| t.parse().ok()).unwrap_or(0)
}

/// Text that is a number through and through.
fn number(text: &str) -> Option<Datum> {
    let text = text.trim();
    if let Ok(i) = text.parse::<i64>() {
        return Some(Datum::Int(i));
    }
    Decimal::parse(text)?;
    text.parse::<f64>().ok().map(whole)
}

/// A floating-point number that is whole is stored as an integer where the affinity is a number's.
fn whole(f: f64) -> Datum {
    #[expect(clippy::cast_possible_truncation, reason = "the range has been checked")]
    if f.fract() == 0.0 && f.abs() < 9.0e15 { Datum::Int(f as i64) } else { Datum::Float(f) }
}

fn float(datum: Datum) -> Datum {
    #[expect(clippy::cast_precision_loss, reason = "SQLite loses it too")]
    match datum {
        Datum::Int(i) => Datum::Float(i as f64),
        other => other,
    }
}

/// A number as SQLite prints it: a floating-point number always has a point.
fn number_text(datum: &Datum) -> String {
    let Datum::Float(f) = datum else { return text(datum).into_owned() };
    // Fifteen digits are printed, and at least one of them behind the point.
    let rounded = Datum::Float(format!("{f:.14e}").parse().unwrap_or(*f));
    let shown = text(&rounded);
    match shown.split_once('e') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.0e{exponent}"),
        None if shown.bytes().all(|b| b.is_ascii_digit() || b == b'-') => format!("{shown}.0"),
        _ => shown.into_owned(),
    }
}
