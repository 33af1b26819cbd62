//! [`spell`]: the text that SQLAlchemy's type compiler writes, whatever the server says of it.

use super::enums::{EnumSpec, Flavour};
use super::kind::Kind;
use super::{Params, SaType};
use crate::alembic::lower::quote_literal;
use crate::op::{Failure, FailureKind};
use crate::schema::{BlobSize, Dialect, QName, TextSize, quote, quote_qualified};

/// How deep types stand in types.
const DEPTH: u8 = 16;

/// The text of a type for a column of a table in `schema` (which enum types may inherit). An error is what SQLAlchemy
/// raises; `None` where the type can't be known.
pub(in crate::alembic) fn spell(
    ty: &SaType,
    dialect: Dialect,
    schema: Option<&str>,
) -> Result<Option<String>, Failure> {
    spell_in(ty, dialect, schema, 0)
}

fn spell_in(ty: &SaType, dialect: Dialect, schema: Option<&str>, depth: u8) -> Result<Option<String>, Failure> {
    let ty = ty.on(dialect);
    if ty.unknown.is_some() || depth > DEPTH {
        return Ok(None);
    }
    Ok(match &ty.kind {
        Kind::Unknown => None,
        Kind::Null => {
            let message = "Can't generate DDL for NullType(); did you forget to specify a type on this Column?";
            return Err(Failure::new(FailureKind::InvalidStatement, message));
        }
        Kind::Decorated(inner) => spell_in(inner, dialect, schema, depth + 1)?,
        Kind::Array(inner) if dialect == Dialect::PostgreSql => {
            let dimensions = ty.params.dimensions.unwrap_or(1) as usize;
            spell_in(inner, dialect, schema, depth + 1)?.map(|inner| {
                let (item, collation) = inner.find(" COLLATE").map_or((&*inner, ""), |at| inner.split_at(at));
                format!("{item}{}{collation}", "[]".repeat(dimensions.min(16)))
            })
        }
        Kind::Enum(spec) => enumeration(ty, spec, dialect, schema)?,
        _ => Some(plain(ty, dialect).ok_or_else(|| cannot_render(ty, dialect))??),
    })
}

/// A type that stands by itself; `None` where the dialect's compiler has no words for it.
fn plain(ty: &SaType, dialect: Dialect) -> Option<Result<String, Failure>> {
    let params = &ty.params;
    let (pg, lite, my) = (dialect == Dialect::PostgreSql, dialect == Dialect::Sqlite, dialect == Dialect::MySql);
    let string = |name: &str, length: Option<u32>| extended(sized(name, length.filter(|n| *n > 0 || my)), ty, dialect);
    Some(Ok(match &ty.kind {
        Kind::Integer => integer("INTEGER", params, my),
        Kind::BigInteger => integer("BIGINT", params, my),
        Kind::SmallInteger => integer("SMALLINT", params, my),
        Kind::TinyInt if my => integer("TINYINT", params, my),
        Kind::MediumInt if my => integer("MEDIUMINT", params, my),
        Kind::Year if my => "YEAR".to_owned(),
        Kind::VarChar if my && params.length.is_none() => return Some(Err(no_length("VARCHAR"))),
        Kind::NVarChar if my && params.length.is_none() => return Some(Err(no_length("NVARCHAR"))),
        Kind::VarChar => string("VARCHAR", params.length),
        Kind::Char => string("CHAR", params.length),
        Kind::NChar if my => string("NATIONAL CHAR", params.length),
        Kind::NChar => string("NCHAR", params.length),
        Kind::NVarChar if my => string("NATIONAL VARCHAR", params.length),
        Kind::NVarChar => string("NVARCHAR", params.length),
        Kind::Text(TextSize::Plain) => string("TEXT", params.length),
        Kind::Text(TextSize::Clob) => "CLOB".to_owned(),
        Kind::Text(TextSize::Tiny) if my => string("TINYTEXT", None),
        Kind::Text(TextSize::Medium) if my => string("MEDIUMTEXT", None),
        Kind::Text(TextSize::Long) if my => string("LONGTEXT", None),
        Kind::Numeric => number("NUMERIC", params, my),
        Kind::Decimal => number("DECIMAL", params, my),
        Kind::Float if lite => "FLOAT".to_owned(),
        Kind::Float if my && params.scale.is_some() => signed(digits("FLOAT", params), params, my),
        Kind::Float => signed(sized("FLOAT", params.precision), params, my),
        Kind::Real if my && params.scale.is_some() => signed(digits("REAL", params), params, my),
        Kind::Real => "REAL".to_owned(),
        Kind::Double if pg => "DOUBLE PRECISION".to_owned(),
        Kind::DoublePrecision => "DOUBLE PRECISION".to_owned(),
        Kind::Double | Kind::PlainDouble if my && params.precision.is_some() && params.scale.is_some() => {
            signed(digits("DOUBLE", params), params, my)
        }
        Kind::Double | Kind::PlainDouble => signed("DOUBLE".to_owned(), params, my),
        Kind::Date => "DATE".to_owned(),
        Kind::Time => moment("TIME", params, dialect),
        Kind::DateTime if pg => moment("TIMESTAMP", params, dialect),
        Kind::DateTime | Kind::PlainDateTime if my => moment("DATETIME", params, dialect),
        Kind::Timestamp => moment("TIMESTAMP", params, dialect),
        Kind::Interval | Kind::PlainInterval if pg => interval(params),
        Kind::DateTime | Kind::PlainDateTime | Kind::Interval => "DATETIME".to_owned(),
        Kind::Boolean if my => "BOOL".to_owned(),
        Kind::Boolean => "BOOLEAN".to_owned(),
        Kind::LargeBinary if pg => "BYTEA".to_owned(),
        Kind::Binary => sized("BINARY", params.length),
        Kind::VarBinary => sized("VARBINARY", params.length),
        Kind::LargeBinary | Kind::Blob(BlobSize::Plain) if my => sized("BLOB", params.length),
        Kind::LargeBinary | Kind::Blob(BlobSize::Plain) => "BLOB".to_owned(),
        Kind::Blob(BlobSize::Tiny) if my => "TINYBLOB".to_owned(),
        Kind::Blob(BlobSize::Medium) if my => "MEDIUMBLOB".to_owned(),
        Kind::Blob(BlobSize::Long) if my => "LONGBLOB".to_owned(),
        Kind::Json => "JSON".to_owned(),
        Kind::Jsonb if !my => "JSONB".to_owned(),
        Kind::Uuid if pg && !params.not_native => "UUID".to_owned(),
        Kind::Uuid => "CHAR(32)".to_owned(),
        Kind::PlainUuid => "UUID".to_owned(),
        Kind::Set(values) if my => {
            let values: Vec<String> = values.iter().map(|value| quote_literal(value, dialect)).collect();
            extended(format!("SET({})", values.join(",")), ty, dialect)
        }
        Kind::Bit if pg && params.varying => sized("BIT VARYING", params.length),
        Kind::Bit if !lite => sized("BIT", params.length),
        Kind::PostgreSqlOnly(name) if pg => (*name).to_owned(),
        Kind::Domain(name) if pg => quote(name, dialect).into_owned(),
        Kind::Named(name, arguments) if arguments.is_empty() => name.to_string(),
        Kind::Named(name, arguments) => format!("{name}({})", arguments.join(",")),
        Kind::Reflected(ty) => ty.text(dialect),
        _ => return None,
    }))
}

fn enumeration(
    ty: &SaType,
    spec: &EnumSpec,
    dialect: Dialect,
    schema: Option<&str>,
) -> Result<Option<String>, Failure> {
    let length = || spec.text_length().map(|length| extended(sized("VARCHAR", Some(length)), ty, dialect));
    match dialect {
        Dialect::PostgreSql if spec.native => {
            let Some(name) = spec.name.text() else {
                let class = &ty.class;
                let message = format!("PostgreSQL {class} type requires a name.");
                return Err(Failure::new(FailureKind::InvalidStatement, message));
            };
            let schema = spec.schema.as_deref().or(if spec.inherit_schema { schema } else { None });
            let name = QName::in_schema(schema, &**name);
            Ok(Some(quote_qualified(&name, dialect)))
        }
        Dialect::MySql if spec.native => Ok(spec.values.as_ref().ok().map(|values| {
            let values: Vec<String> = values.iter().map(|value| quote_literal(value, dialect)).collect();
            extended(format!("ENUM({})", values.join(",")), ty, dialect)
        })),
        Dialect::Sqlite if spec.flavour == Flavour::MySql => Err(cannot_render(ty, dialect)),
        _ => Ok(length()),
    }
}

/// The character set and the collation behind a text type.
fn extended(mut text: String, ty: &SaType, dialect: Dialect) -> String {
    if let Some(charset) = ty.params.charset.as_ref().filter(|_| dialect == Dialect::MySql) {
        text = format!("{text} CHARACTER SET {charset}");
    }
    match &ty.params.collation {
        Some(collation) if dialect == Dialect::MySql => format!("{text} COLLATE {collation}"),
        Some(collation) => format!("{text} COLLATE {}", quote(collation, dialect)),
        None => text,
    }
}

fn sized(name: &str, length: Option<u32>) -> String {
    length.map_or_else(|| name.to_owned(), |length| format!("{name}({length})"))
}

fn digits(name: &str, params: &Params) -> String {
    match (params.precision, params.scale) {
        (Some(precision), Some(scale)) => format!("{name}({precision}, {scale})"),
        (precision, _) => sized(name, precision),
    }
}

fn integer(name: &str, params: &Params, my: bool) -> String {
    if my { signed(sized(name, params.length), params, my) } else { name.to_owned() }
}

fn number(name: &str, params: &Params, my: bool) -> String {
    signed(digits(name, params), params, my)
}

fn signed(mut text: String, params: &Params, my: bool) -> String {
    if my && params.unsigned {
        text += " UNSIGNED";
    }
    if my && params.zerofill {
        text += " ZEROFILL";
    }
    text
}

fn moment(name: &str, params: &Params, dialect: Dialect) -> String {
    match dialect {
        Dialect::PostgreSql => {
            let zone = if params.timezone { "WITH" } else { "WITHOUT" };
            format!("{} {zone} TIME ZONE", sized(name, params.precision))
        }
        Dialect::Sqlite => name.to_owned(),
        Dialect::MySql => sized(name, params.length.filter(|digits| *digits > 0)),
    }
}

fn interval(params: &Params) -> String {
    let fields = params.fields.as_ref().map_or_else(String::new, |fields| format!(" {fields}"));
    let precision = params.precision.map_or_else(String::new, |precision| format!(" ({precision})"));
    format!("INTERVAL{fields}{precision}")
}

fn no_length(name: &str) -> Failure {
    Failure::new(FailureKind::InvalidStatement, format!("{name} requires a length on dialect mysql"))
}

fn cannot_render(ty: &SaType, dialect: Dialect) -> Failure {
    let message = format!("the {dialect} type compiler can't render a column of type {}", ty.class);
    Failure::new(FailureKind::Unsupported, message)
}
