//! [`type_name`]: a type as PostgreSQL's error messages name it.

use crate::schema::SqlType;

/// The type as `format_type` prints it.
pub(crate) fn type_name(ty: &SqlType) -> String {
    let sized = |name: &str, n: &Option<u32>| n.map_or_else(|| name.to_owned(), |n| format!("{name}({n})"));
    match ty {
        SqlType::Boolean => String::from("boolean"),
        SqlType::TinyInt | SqlType::SmallInt => String::from("smallint"),
        SqlType::MediumInt | SqlType::Integer | SqlType::Year => String::from("integer"),
        SqlType::BigInt => String::from("bigint"),
        SqlType::Unsigned(inner) => type_name(inner),
        SqlType::Numeric(..) | SqlType::Decimal(..) => String::from("numeric"),
        SqlType::Float(Some(p)) if *p < 25 => String::from("real"),
        SqlType::Real => String::from("real"),
        SqlType::Float(_) | SqlType::Double => String::from("double precision"),
        SqlType::Char(n) | SqlType::NChar(n) => format!("character({})", n.unwrap_or(1)),
        SqlType::VarChar(n) | SqlType::NVarChar(n) => sized("character varying", n),
        SqlType::Text(_) => String::from("text"),
        SqlType::Binary(_) | SqlType::VarBinary(_) | SqlType::Blob(_) | SqlType::Bytea => String::from("bytea"),
        SqlType::Bit { length, varying: false } => sized("bit", length),
        SqlType::Bit { length, varying: true } => sized("bit varying", length),
        SqlType::Date => String::from("date"),
        SqlType::Time { tz: false, .. } => String::from("time without time zone"),
        SqlType::Time { tz: true, .. } => String::from("time with time zone"),
        SqlType::Timestamp { tz: false, .. } | SqlType::DateTime(_) => String::from("timestamp without time zone"),
        SqlType::Timestamp { tz: true, .. } => String::from("timestamp with time zone"),
        SqlType::Interval { .. } => String::from("interval"),
        SqlType::Uuid => String::from("uuid"),
        SqlType::Json => String::from("json"),
        SqlType::Jsonb => String::from("jsonb"),
        SqlType::Enum(name) | SqlType::Named(name, _) => name.to_string(),
        SqlType::InlineEnum(_) => String::from("enum"),
        SqlType::Set(_) => String::from("set"),
        SqlType::Array(item) => format!("{}[]", type_name(item)),
        SqlType::Builtin(name) => name.to_lowercase(),
        SqlType::None | SqlType::Unknown => String::from("unknown"),
    }
}
