//! PostgreSQL's casts: which type turns into which without being asked.

use crate::schema::{QName, SqlType};

/// What a type is, as far as casts are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Class {
    Known(&'static str),
    Text(&'static str),
    Enum(QName),
    Array(Box<SqlType>),
    Builtin(String),
    Unknown,
}

fn class(ty: &SqlType) -> Class {
    match ty {
        SqlType::Boolean => Class::Known("boolean"),
        SqlType::SmallInt => Class::Known("smallint"),
        SqlType::Integer => Class::Known("integer"),
        SqlType::BigInt => Class::Known("bigint"),
        SqlType::Numeric(..) | SqlType::Decimal(..) => Class::Known("numeric"),
        SqlType::Real => Class::Known("real"),
        SqlType::Double | SqlType::Float(_) => Class::Known("double precision"),
        SqlType::Char(_) | SqlType::NChar(_) => Class::Text("character"),
        SqlType::VarChar(_) | SqlType::NVarChar(_) => Class::Text("character varying"),
        SqlType::Text(_) => Class::Text("text"),
        SqlType::Bytea => Class::Known("bytea"),
        SqlType::Bit { varying: false, .. } => Class::Known("bit"),
        SqlType::Bit { varying: true, .. } => Class::Known("bit varying"),
        SqlType::Date => Class::Known("date"),
        SqlType::Time { tz: false, .. } => Class::Known("time without time zone"),
        SqlType::Time { tz: true, .. } => Class::Known("time with time zone"),
        SqlType::Timestamp { tz: false, .. } => Class::Known("timestamp without time zone"),
        SqlType::Timestamp { tz: true, .. } => Class::Known("timestamp with time zone"),
        SqlType::Interval { .. } => Class::Known("interval"),
        SqlType::Uuid => Class::Known("uuid"),
        SqlType::Json => Class::Known("json"),
        SqlType::Jsonb => Class::Known("jsonb"),
        SqlType::Enum(name) => Class::Enum(name.clone()),
        SqlType::Array(element) => Class::Array(element.clone()),
        SqlType::Builtin(name) => Class::Builtin(name.to_lowercase()),
        _ => Class::Unknown,
    }
}

/// The type as messages name it: `character varying`, `integer[]`, `mood`.
pub(crate) fn type_name(ty: &SqlType) -> String {
    match class(ty) {
        Class::Known(name) | Class::Text(name) => name.to_owned(),
        Class::Enum(name) => name.to_string(),
        Class::Array(element) => format!("{}[]", type_name(&element)),
        Class::Builtin(name) => name,
        Class::Unknown => ty.text(crate::schema::Dialect::PostgreSql),
    }
}

/// Whether values of one type are assigned to another without an explicit cast; `None` where that is not known.
pub(crate) fn assignable(from: &SqlType, to: &SqlType) -> Option<bool> {
    castable(from, to, true)
}

/// Whether values of one type turn into another in an expression; `None` where that is not known.
pub(crate) fn implicit(from: &SqlType, to: &SqlType) -> Option<bool> {
    castable(from, to, false)
}

fn castable(from: &SqlType, to: &SqlType, assignment: bool) -> Option<bool> {
    let (from_class, to_class) = (class(from), class(to));
    if from_class == to_class && from_class != Class::Unknown {
        return Some(true);
    }
    match (&from_class, &to_class) {
        (Class::Text(_), Class::Text(_)) => Some(true),
        // Whatever has an output function goes into text by assignment.
        (_, Class::Text(_)) if assignment => Some(true),
        (Class::Unknown, _) | (_, Class::Unknown) => same_named(from, to),
        (Class::Array(from), Class::Array(to)) => castable(from, to, assignment),
        _ => {
            let (from, to) = (type_name(from), type_name(to));
            let listed = |list: &[(&str, &[&str])]| list.iter().any(|(a, b)| *a == from && b.contains(&to.as_str()));
            Some(listed(&IMPLICIT) || assignment && listed(&ASSIGNMENT))
        }
    }
}

/// Whether values of one type turn into another where `::` asks for it; `None` where that is not known.
pub(super) fn explicit(from: &SqlType, to: &SqlType) -> Option<bool> {
    match (class(from), class(to)) {
        // Text is read as whatever it is to be, and everything can be written as text.
        (Class::Text(_), _) | (_, Class::Text(_)) => Some(true),
        (Class::Unknown, _) | (_, Class::Unknown) => same_named(from, to),
        (Class::Array(from), Class::Array(to)) => explicit(&from, &to),
        _ => {
            let own = (type_name(from), type_name(to));
            let listed = EXPLICIT.iter().any(|(a, b)| *a == own.0 && b.contains(&own.1.as_str()));
            if listed { Some(true) } else { assignable(from, to) }
        }
    }
}

fn same_named(from: &SqlType, to: &SqlType) -> Option<bool> {
    match (from, to) {
        (SqlType::Named(a, _), SqlType::Named(b, _)) if a == b => Some(true),
        _ => None,
    }
}

const IMPLICIT: [(&str, &[&str]); 14] = [
    ("smallint", &["integer", "bigint", "real", "double precision", "numeric", "oid"]),
    ("integer", &["bigint", "real", "double precision", "numeric", "oid"]),
    ("bigint", &["real", "double precision", "numeric", "oid"]),
    ("numeric", &["real", "double precision"]),
    ("real", &["double precision"]),
    ("date", &["timestamp without time zone", "timestamp with time zone"]),
    ("time without time zone", &["interval", "time with time zone"]),
    ("timestamp without time zone", &["timestamp with time zone"]),
    ("bit", &["bit varying"]),
    ("bit varying", &["bit"]),
    ("cidr", &["inet"]),
    ("macaddr", &["macaddr8"]),
    ("macaddr8", &["macaddr"]),
    ("name", &["text"]),
];

const EXPLICIT: [(&str, &[&str]); 16] = [
    ("\"char\"", &["integer"]),
    ("bigint", &["bit"]),
    ("bit", &["bigint", "integer"]),
    ("boolean", &["integer"]),
    ("box", &["circle", "lseg", "point"]),
    ("circle", &["box", "point", "polygon"]),
    ("daterange", &["datemultirange"]),
    ("int4range", &["int4multirange"]),
    ("int8range", &["int8multirange"]),
    ("integer", &["\"char\"", "bit", "boolean"]),
    ("jsonb", &["bigint", "boolean", "double precision", "integer", "numeric", "real", "smallint"]),
    ("lseg", &["point"]),
    ("numrange", &["nummultirange"]),
    ("polygon", &["box", "circle", "point"]),
    ("tsrange", &["tsmultirange"]),
    ("tstzrange", &["tstzmultirange"]),
];

const ASSIGNMENT: [(&str, &[&str]); 19] = [
    ("box", &["polygon"]),
    ("path", &["polygon"]),
    ("point", &["box"]),
    ("polygon", &["path"]),
    ("bigint", &["smallint", "integer", "money"]),
    ("integer", &["smallint", "money"]),
    ("real", &["smallint", "integer", "bigint", "numeric"]),
    ("double precision", &["smallint", "integer", "bigint", "real", "numeric"]),
    ("numeric", &["smallint", "integer", "bigint", "money"]),
    ("money", &["numeric"]),
    ("oid", &["bigint", "integer"]),
    ("timestamp without time zone", &["date", "time without time zone"]),
    (
        "timestamp with time zone",
        &["date", "time without time zone", "timestamp without time zone", "time with time zone"],
    ),
    ("interval", &["time without time zone"]),
    ("time with time zone", &["time without time zone"]),
    ("inet", &["cidr"]),
    ("json", &["jsonb"]),
    ("jsonb", &["json"]),
    ("text", &["name"]),
];

/// Whether a foreign key from one type to another can be checked at all: there is an equality operator in the
/// referenced key's index, or the referencing type turns into the referenced one.
pub(crate) fn comparable(referencing: &SqlType, referenced: &SqlType) -> Option<bool> {
    let group = |ty: &SqlType| match class(ty) {
        Class::Known("smallint" | "integer" | "bigint") => 1,
        Class::Known("real" | "double precision") => 2,
        Class::Known("date" | "timestamp without time zone" | "timestamp with time zone") => 3,
        Class::Text(_) => 4,
        _ => 0,
    };
    if group(referencing) != 0 && group(referencing) == group(referenced) {
        return Some(true);
    }
    implicit(referencing, referenced)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::TextSize;

    fn check(from: &SqlType, to: &SqlType, assigned: Option<bool>, compared: Option<bool>) {
        assert_eq!((assignable(from, to), comparable(from, to)), (assigned, compared), "{from:?} to {to:?}");
    }

    #[test]
    fn casts_are_those_of_pg_cast() {
        let text = SqlType::Text(TextSize::Plain);
        let varchar = SqlType::VarChar(Some(10));
        let stamp = SqlType::Timestamp { precision: None, tz: false };
        check(&varchar, &SqlType::Integer, Some(false), Some(false));
        check(&SqlType::Integer, &varchar, Some(true), Some(false));
        check(&SqlType::Integer, &SqlType::BigInt, Some(true), Some(true));
        check(&SqlType::BigInt, &SqlType::Integer, Some(true), Some(true));
        check(&SqlType::Integer, &SqlType::Boolean, Some(false), Some(false));
        check(&SqlType::Boolean, &SqlType::Integer, Some(false), Some(false));
        check(&varchar, &text, Some(true), Some(true));
        check(&varchar, &SqlType::Uuid, Some(false), Some(false));
        check(&SqlType::Uuid, &varchar, Some(true), Some(false));
        check(&stamp, &SqlType::Date, Some(true), Some(true));
        check(&SqlType::Json, &SqlType::Jsonb, Some(true), Some(false));
        check(&text, &SqlType::Json, Some(false), Some(false));
        check(&SqlType::Enum("a".into()), &SqlType::Enum("b".into()), Some(false), Some(false));
        check(&SqlType::Enum("a".into()), &text, Some(true), Some(false));
        check(&SqlType::Named("geometry".into(), Vec::new()), &SqlType::Integer, None, None);
    }

    #[test]
    fn what_is_asked_for_is_as_in_pg_cast() {
        let builtin = |name: &str| SqlType::Builtin(name.into());
        let array = |element: SqlType| SqlType::Array(Box::new(element));
        let check =
            |from: SqlType, to: SqlType, wanted: Option<bool>| assert_eq!(explicit(&from, &to), wanted, "{from:?}");
        check(builtin("CIDR"), SqlType::Numeric(None, None), Some(false));
        check(SqlType::Jsonb, SqlType::Integer, Some(true));
        check(SqlType::Json, SqlType::Integer, Some(false));
        check(array(SqlType::Integer), SqlType::Boolean, Some(false));
        check(array(SqlType::Integer), array(SqlType::BigInt), Some(true));
        check(SqlType::VarChar(None), array(SqlType::Integer), Some(true));
        check(builtin("INET"), SqlType::VarChar(None), Some(true));
        check(SqlType::Named("geometry".into(), Vec::new()), SqlType::Integer, None);
    }
}
