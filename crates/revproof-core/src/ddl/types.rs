//! Column types against the catalog: which names of types there are, and which defaults a type takes.

use super::casts;
use super::failures::refuse;
use super::work::Work;
use crate::op::{FailureKind, Outcome};
use crate::schema::{BlobSize, Dialect, ObjectKind, QName, SqlType, TextSize, Token, TokenKind, literal_value, tokens};

/// The type as the catalog holds it, or the refusal of a type that does not exist.
pub(super) fn resolve(work: &mut Work, ty: &SqlType) -> Outcome<SqlType> {
    let ty = ty.canonical(work.dialect);
    if work.dialect != Dialect::PostgreSql {
        return Ok(ty);
    }
    match &ty {
        SqlType::Array(element) => Ok(SqlType::Array(Box::new(resolve(work, element)?))),
        SqlType::Enum(name) | SqlType::Named(name, _) => by_name(work, name, &ty),
        SqlType::TinyInt => missing("tinyint"),
        SqlType::MediumInt => missing("mediumint"),
        SqlType::Unsigned(_) => refused("syntax error at or near \"UNSIGNED\""),
        SqlType::Text(TextSize::Clob) => missing("clob"),
        SqlType::Text(TextSize::Tiny) => missing("tinytext"),
        SqlType::Text(TextSize::Medium) => missing("mediumtext"),
        SqlType::Text(TextSize::Long) => missing("longtext"),
        SqlType::Binary(_) => missing("binary"),
        SqlType::VarBinary(_) => missing("varbinary"),
        SqlType::Blob(BlobSize::Tiny) => missing("tinyblob"),
        SqlType::Blob(BlobSize::Plain) => missing("blob"),
        SqlType::Blob(BlobSize::Medium) => missing("mediumblob"),
        SqlType::Blob(BlobSize::Long) => missing("longblob"),
        SqlType::DateTime(_) => missing("datetime"),
        SqlType::Year => missing("year"),
        SqlType::Set(_) => missing("set"),
        SqlType::InlineEnum(_) => missing("enum"),
        SqlType::VarChar(Some(0)) => refused("length for type varchar must be at least 1"),
        _ => Ok(ty),
    }
}

fn missing(name: &str) -> Outcome<SqlType> {
    let name = QName::new(name);
    Err(refuse(FailureKind::UndefinedObject, &name, format!("type \"{name}\" does not exist")))
}

fn refused(message: &str) -> Outcome<SqlType> {
    Err(crate::op::Failure::new(FailureKind::InvalidStatement, message))
}

fn by_name(work: &mut Work, name: &QName, ty: &SqlType) -> Outcome<SqlType> {
    if work.catalog.enums.contains_key(name) {
        return Ok(SqlType::Enum(name.clone()));
    }
    let catalog = &work.catalog;
    let object = |kind| catalog.objects.contains_key(&(kind, name.clone()));
    if object(ObjectKind::Domain) || object(ObjectKind::Type) || catalog.tables.contains_key(name) {
        return Ok(named(name, ty));
    }
    let lower = name.name.to_ascii_lowercase();
    if name.schema.is_none() && BUILTIN.contains(&lower.as_str()) {
        return Ok(SqlType::Builtin(lower.to_uppercase().into()));
    }
    let extensions = || catalog.objects.keys().filter(|(kind, _)| *kind == ObjectKind::Extension);
    let bare = QName::new(lower.as_str());
    let known = TYPES_OF_EXTENSIONS.iter().find(|(ty, _)| *ty == lower);
    if known.is_some_and(|(_, from)| extensions().any(|(_, extension)| from.contains(&&*extension.name))) {
        return Ok(named(&bare, ty));
    }
    // An extension whose types are not known may have brought this one.
    let strange = extensions().any(|(_, extension)| !EXTENSIONS.contains(&&*extension.name));
    if known.is_none() && strange {
        let why = format!("type `{name}` is taken to come from an extension");
        let ty = named(name, ty);
        work.doubt(why);
        return Ok(ty);
    }
    Err(refuse(FailureKind::UndefinedObject, name, format!("type \"{name}\" does not exist")))
}

fn named(name: &QName, ty: &SqlType) -> SqlType {
    let arguments = if let SqlType::Named(_, arguments) = ty { arguments.clone() } else { Vec::new() };
    SqlType::Named(name.clone(), arguments)
}

/// Types that widespread extensions bring.
const TYPES_OF_EXTENSIONS: [(&str, &[&str]); 22] = [
    ("citext", &["citext"]),
    ("hstore", &["hstore"]),
    ("ltree", &["ltree"]),
    ("lquery", &["ltree"]),
    ("ltxtquery", &["ltree"]),
    ("geometry", &["postgis"]),
    ("geography", &["postgis"]),
    ("box2d", &["postgis"]),
    ("box3d", &["postgis"]),
    ("raster", &["postgis", "postgis_raster"]),
    ("vector", &["vector"]),
    ("halfvec", &["vector"]),
    ("sparsevec", &["vector"]),
    ("cube", &["cube"]),
    ("seg", &["seg"]),
    ("isbn", &["isn"]),
    ("isbn13", &["isn"]),
    ("issn", &["isn"]),
    ("ean13", &["isn"]),
    ("upc", &["isn"]),
    ("semver", &["semver"]),
    ("query_int", &["intarray"]),
];

/// Extensions that bring no types but those above.
const EXTENSIONS: [&str; 26] = [
    "citext",
    "hstore",
    "ltree",
    "postgis",
    "postgis_raster",
    "postgis_topology",
    "vector",
    "cube",
    "seg",
    "isn",
    "semver",
    "intarray",
    "uuid-ossp",
    "pgcrypto",
    "pg_trgm",
    "unaccent",
    "btree_gin",
    "btree_gist",
    "plpgsql",
    "tablefunc",
    "fuzzystrmatch",
    "pg_stat_statements",
    "postgres_fdw",
    "dblink",
    "pgrowlocks",
    "earthdistance",
];

/// Names of the server's own types that may reach us as names.
const BUILTIN: [&str; 44] = [
    "xml",
    "inet",
    "cidr",
    "macaddr",
    "macaddr8",
    "tsvector",
    "tsquery",
    "money",
    "oid",
    "regclass",
    "regproc",
    "regtype",
    "name",
    "point",
    "line",
    "lseg",
    "box",
    "path",
    "polygon",
    "circle",
    "int4range",
    "int8range",
    "numrange",
    "tsrange",
    "tstzrange",
    "daterange",
    "int4multirange",
    "int8multirange",
    "nummultirange",
    "tsmultirange",
    "tstzmultirange",
    "datemultirange",
    "jsonpath",
    "pg_lsn",
    "txid_snapshot",
    "xid",
    "tid",
    "cid",
    "bpchar",
    "regconfig",
    "regnamespace",
    "regrole",
    "regoper",
    "refcursor",
];

/// Whether the column's type takes this default, as far as a literal shows it.
pub(super) fn check_default(work: &Work, table: &QName, column: &str, ty: &SqlType, sql: &str) -> Outcome<()> {
    let all = tokens(sql, work.dialect);
    match work.dialect {
        Dialect::PostgreSql => {
            let [only] = all.as_slice() else { return Ok(()) };
            postgresql_default(work, table, column, ty, only)
        }
        Dialect::MySql => mysql_default(table, column, ty, &all),
        Dialect::Sqlite => Ok(()),
    }
}

fn postgresql_default(work: &Work, table: &QName, column: &str, ty: &SqlType, only: &Token<'_>) -> Outcome<()> {
    let given = match only.kind {
        TokenKind::Text => return literal(work, ty, &literal_value(only.text).unwrap_or_default()),
        TokenKind::Number if only.text.contains(['.', 'e', 'E']) => SqlType::Numeric(None, None),
        TokenKind::Number => SqlType::Integer,
        TokenKind::Word if only.is_word("true") || only.is_word("false") => SqlType::Boolean,
        _ => return Ok(()),
    };
    if casts::assignable(&given, ty) != Some(false) {
        return Ok(());
    }
    let (is, given) = (casts::type_name(ty), casts::type_name(&given));
    let message = format!("column \"{column}\" is of type {is} but default expression is of type {given}");
    Err(refuse(FailureKind::DatatypeMismatch, table, message))
}

/// Whether a string literal is one of the type's values.
fn literal(work: &Work, ty: &SqlType, value: &str) -> Outcome<()> {
    let trimmed = value.trim();
    let (fits, name) = match ty {
        SqlType::Enum(name) => {
            let Some(known) = work.catalog.enums.get(name) else { return Ok(()) };
            if known.values.iter().any(|label| &**label == value) {
                return Ok(());
            }
            let message = format!("invalid input value for enum {name}: \"{value}\"");
            return Err(refuse(FailureKind::InvalidValue, name, message));
        }
        SqlType::SmallInt => (trimmed.parse::<i16>().is_ok(), "smallint"),
        SqlType::Integer => (trimmed.parse::<i32>().is_ok(), "integer"),
        SqlType::BigInt => (trimmed.parse::<i64>().is_ok(), "bigint"),
        SqlType::Numeric(..) => (trimmed.parse::<f64>().is_ok(), "numeric"),
        SqlType::Double => (trimmed.parse::<f64>().is_ok(), "double precision"),
        SqlType::Real => (trimmed.parse::<f64>().is_ok(), "real"),
        SqlType::Boolean => (is_boolean(trimmed), "boolean"),
        SqlType::Uuid => (is_uuid(trimmed), "uuid"),
        SqlType::Json | SqlType::Jsonb => (serde_json::from_str::<serde::de::IgnoredAny>(value).is_ok(), "json"),
        SqlType::Array(_) => (trimmed.starts_with(['{', '[']), "array"),
        SqlType::Date => (may_be_moment(trimmed), "date"),
        SqlType::Time { .. } => (may_be_moment(trimmed), "time"),
        SqlType::Timestamp { .. } => (may_be_moment(trimmed), "timestamp"),
        SqlType::Builtin(name) if name.ends_with("MULTIRANGE") => (trimmed.starts_with('{'), "multirange"),
        SqlType::Builtin(name) if name.ends_with("RANGE") => (is_range(trimmed), "range"),
        _ => return Ok(()),
    };
    if fits {
        return Ok(());
    }
    let message = match name {
        "array" | "range" | "multirange" => format!("malformed {name} literal: \"{value}\""),
        _ => format!("invalid input syntax for type {name}: \"{value}\""),
    };
    Err(crate::op::Failure::new(FailureKind::InvalidValue, message))
}

/// Whether a text has the shape of a range: `[a,b)`, or `empty`.
fn is_range(text: &str) -> bool {
    let bounded = text.starts_with(['[', '(']) && text.ends_with([']', ')']) && text.contains(',');
    bounded || text.eq_ignore_ascii_case("empty")
}

/// Whether a text may be a day, a time or both: one with digits in it, unless it is a short number, or with one of the words
/// that servers know. Marks around a word do not count, as PostgreSQL takes `'now()'` for `'now'`; but those that join the parts
/// of a date belong to it.
pub(crate) fn may_be_moment(text: &str) -> bool {
    const WORDS: [&str; 8] = ["now", "today", "tomorrow", "yesterday", "epoch", "infinity", "-infinity", "allballs"];
    let is_mark = |c: char| c.is_ascii_punctuation() && !matches!(c, '-' | '/' | '.');
    let mut words = text.split_whitespace().map(|word| word.trim_matches(is_mark));
    let short = text.len() < 4 && text.parse::<f64>().is_ok();
    words.any(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
        || !short && text.bytes().any(|b| b.is_ascii_digit())
}

fn is_boolean(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let word = |full: &str, least: usize| lower.len() >= least && full.starts_with(&lower);
    matches!(lower.as_str(), "0" | "1")
        || word("true", 1)
        || word("false", 1)
        || word("yes", 1)
        || word("no", 1)
        || word("on", 2)
        || word("off", 2)
}

fn is_uuid(text: &str) -> bool {
    let digits = text.trim_start_matches('{').trim_end_matches('}');
    digits.chars().filter(char::is_ascii_hexdigit).count() == 32
        && digits.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

fn mysql_default(table: &QName, column: &str, ty: &SqlType, all: &[Token<'_>]) -> Outcome<()> {
    let literal = match all {
        [only] => !only.is_word("null"),
        [sign, _] => matches!(sign.text, "-" | "+"),
        _ => false,
    };
    if literal && matches!(ty, SqlType::Text(_) | SqlType::Blob(_) | SqlType::Json) {
        let message = format!("BLOB, TEXT, GEOMETRY or JSON column '{column}' can't have a default value");
        return Err(refuse(FailureKind::InvalidStatement, table, message));
    }
    Ok(())
}

/// The types that an extension brings.
pub(super) fn types_of(extension: &str) -> impl Iterator<Item = &'static str> {
    TYPES_OF_EXTENSIONS.iter().filter(move |(_, from)| from.contains(&extension)).map(|(ty, _)| *ty)
}
