//! Values for seeded rows. Keys lie far from those that scripts give their rows by hand.

use std::sync::LazyLock;

use crate::engine::value::count;
use crate::op::Datum;
use crate::schema::{Catalog, Dialect, SqlType};

/// A text that says what it is, a thousand characters long.
static SAMPLE: LazyLock<String> =
    LazyLock::new(|| "sample text, made up to be as long as the column allows; ".chars().cycle().take(1000).collect());
/// How long a text is where the column sets no limit.
const LONG: usize = 300;

/// A value of a type; variants differ. A key is a number that scripts are unlikely to use. `None` where no value of
/// the type is known.
pub(super) fn value(catalog: &Catalog, ty: &SqlType, variant: usize, key: bool) -> Option<Datum> {
    let dialect = catalog.dialect;
    let n = count(variant);
    let byte = u8::try_from(variant).unwrap_or(u8::MAX);
    let loose = dialect == Dialect::Sqlite;
    let text = |t: String| Datum::Text(t.into());
    Some(match ty {
        SqlType::Boolean if dialect == Dialect::PostgreSql => Datum::Bool(variant == 0),
        SqlType::Boolean => Datum::Int(i64::from(variant == 0)),
        SqlType::TinyInt => Datum::Int(101 + n),
        SqlType::SmallInt => Datum::Int(10_001 + n),
        SqlType::BigInt if !key => Datum::Int(3_000_000_001 + n),
        // Unlike any key, so that a foreign key put on the column later meets rows without a parent.
        SqlType::Integer if !key => Datum::Int(2_000_001 + n),
        SqlType::MediumInt | SqlType::Integer | SqlType::BigInt | SqlType::None => Datum::Int(1_000_001 + n),
        SqlType::Unsigned(inner) => return value(catalog, inner, variant, key),
        SqlType::Year => Datum::Int(2020 + n),
        SqlType::Numeric(precision, scale) | SqlType::Decimal(precision, scale) => number(*precision, *scale, n, loose),
        #[expect(clippy::cast_precision_loss, reason = "there are three variants")]
        SqlType::Float(_) | SqlType::Real | SqlType::Double => Datum::Float(n as f64 + 1.5),
        SqlType::Char(length) | SqlType::NChar(length) => text(sample(length.unwrap_or(1) as usize, variant)),
        SqlType::VarChar(length) | SqlType::NVarChar(length) => {
            text(sample(length.map_or(LONG, |n| n as usize), variant))
        }
        SqlType::Text(size) => match size {
            crate::schema::TextSize::Tiny => text(sample(255, variant)),
            _ => text(sample(LONG, variant)),
        },
        SqlType::Binary(length) => Datum::Bytes(vec![byte; (length.unwrap_or(1) as usize).min(64)].into()),
        SqlType::VarBinary(_) | SqlType::Blob(_) | SqlType::Bytea => Datum::Bytes([0xca, 0xfe, byte].into()),
        SqlType::Date if loose => text(format!("2020-01-{:02}", 15 + n)),
        SqlType::Date => Datum::Date(format!("2020-01-{:02}", 15 + n).into()),
        SqlType::Time { tz: false, .. } if loose => text(format!("12:34:{:02}.000000", 56 + n)),
        SqlType::Time { tz: false, .. } => Datum::Time(format!("12:34:{:02}", 56 + n).into()),
        SqlType::Time { tz: true, .. } => Datum::Text(format!("12:34:{:02}+00", 56 + n).into()),
        SqlType::Timestamp { .. } | SqlType::DateTime(_) if loose => {
            text(format!("2020-01-{:02} 12:34:56.000000", 15 + n))
        }
        SqlType::Timestamp { tz: true, .. } if dialect == Dialect::PostgreSql => {
            Datum::Timestamp(format!("2020-01-{:02} 12:34:56+00:00", 15 + n).into())
        }
        SqlType::Timestamp { .. } | SqlType::DateTime(_) => {
            Datum::Timestamp(format!("2020-01-{:02} 12:34:56", 15 + n).into())
        }
        SqlType::Interval { .. } if loose => text(String::from("1970-01-02 00:00:00.000000")),
        SqlType::Interval { .. } => {
            Datum::Interval(if n == 0 { "1 day".into() } else { format!("{} days", n + 1).into() })
        }
        SqlType::Uuid if loose => text(format!("5eed000000004000a000{n:012x}")),
        SqlType::Uuid => Datum::Uuid(format!("5eed0000-0000-4000-a000-{n:012x}").into()),
        SqlType::Json | SqlType::Jsonb if loose => text(format!("{{\"sample\": {n}}}")),
        SqlType::Json | SqlType::Jsonb => Datum::Json(format!("{{\"sample\": {n}}}").into()),
        SqlType::Enum(name) => {
            let values = &catalog.enums.get(name)?.values;
            Datum::Text(values.get(variant.checked_rem(values.len())?)?.clone())
        }
        SqlType::InlineEnum(values) => Datum::Text(values.get(variant.checked_rem(values.len())?)?.clone()),
        SqlType::Set(values) => Datum::Text(values.first()?.clone()),
        SqlType::Array(item) => Datum::List(vec![value(catalog, item, variant, false)?]),
        SqlType::Bit { length, .. } => text("1".repeat((length.unwrap_or(1) as usize).min(64))),
        SqlType::Builtin(name) => builtin(name, n, key)?,
        SqlType::Named(name, _) if name.name.eq_ignore_ascii_case("citext") => text(sample(LONG, variant)),
        SqlType::Named(..) | SqlType::Unknown => return None,
    })
}

/// A text of that length, or nearly so where the length is absurd.
fn sample(length: usize, variant: usize) -> String {
    let first = ["a ", "b ", "c "].get(variant % 3).copied().unwrap_or_default();
    let length = length.min(SAMPLE.len());
    match SAMPLE.get(..length.saturating_sub(first.len())) {
        Some(rest) if length >= first.len() => format!("{first}{rest}"),
        _ => first.chars().take(length).collect(),
    }
}

/// A number with digits on both sides of the point, as far as there is room for them.
fn number(precision: Option<u32>, scale: Option<i32>, n: i64, loose: bool) -> Datum {
    let scale = if precision.is_some() { scale.unwrap_or(0) } else { 2 };
    let whole = i64::from(precision.unwrap_or(10)) - i64::from(scale);
    let before = if whole >= 2 { 12 + n } else { n.min(whole.max(0) * 9) };
    let fraction: String = "3456789".chars().take(usize::try_from(scale).unwrap_or(0).min(7)).collect();
    let point = if fraction.is_empty() { "" } else { "." };
    let digits = format!("{before}{point}{fraction}");
    match digits.parse::<f64>() {
        Ok(f) if loose && f.fract() != 0.0 => Datum::Float(f),
        Ok(_) if loose => Datum::Int(before),
        _ => Datum::Decimal(digits.into()),
    }
}

/// A value of one of the server's own types, as text.
fn builtin(name: &str, n: i64, key: bool) -> Option<Datum> {
    let base = name.split('(').next().unwrap_or(name).trim();
    let text = match base {
        "INET" => format!("192.0.2.{}", n + 1),
        "CIDR" => format!("192.0.{}.0/24", n + 1),
        "MACADDR" => format!("08:00:2b:01:02:0{n}"),
        "MONEY" => format!("${}.50", n + 1),
        "XML" => format!("<sample>{n}</sample>"),
        "TSVECTOR" => String::from("'sample'"),
        "HSTORE" => format!("\"sample\"=>\"{n}\""),
        "INT4RANGE" | "INT8RANGE" | "NUMRANGE" => format!("[{},{})", n + 1, n + 5),
        "DATERANGE" => format!("[2020-01-{:02},2020-02-01)", n + 1),
        "TSRANGE" | "TSTZRANGE" => format!("[\"2020-01-{:02} 00:00:00\",\"2020-02-01 00:00:00\")", n + 1),
        "POINT" => format!("({n},1)"),
        "OID" => return Some(Datum::Int(n + 1)),
        // SQLite's, where `INT` and `INTEGER` are two things.
        "INT" | "INTEGER" => return Some(Datum::Int(if key { 1_000_001 } else { 2_000_001 } + n)),
        _ => return None,
    };
    Some(Datum::Text(text.into()))
}
