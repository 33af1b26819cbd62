//! How a column type is written in Python: as SQLAlchemy's `repr` of the type that it reflects.

use super::text::repr;
use crate::schema::{BlobSize, Catalog, Dialect, Name, QName, SqlType, TextSize};

/// The expression that makes the type, such as `sa.VARCHAR(length=50)` or `postgresql.JSONB(astext_type=sa.Text())`;
/// `None` where SQLAlchemy has no such type, or not by itself. Enum types take their values from the catalog.
pub(super) fn python(ty: &SqlType, dialect: Dialect, catalog: &Catalog) -> Option<String> {
    match dialect {
        Dialect::PostgreSql => postgresql(ty, catalog),
        Dialect::Sqlite => sqlite(ty),
        Dialect::MySql => mysql(ty),
    }
}

/// An enum type, which the script makes and drops by itself, so that no table does.
pub(super) fn enum_type(name: &QName, values: &[Name], options: &[&str]) -> String {
    let mut arguments: Vec<String> = values.iter().map(|value| repr(value)).collect();
    arguments.push(format!("name={}", repr(&name.name)));
    arguments.extend(name.schema.as_deref().map(|schema| format!("schema={}", repr(schema))));
    arguments.extend(options.iter().map(ToString::to_string));
    format!("postgresql.ENUM({})", arguments.join(", "))
}

fn postgresql(ty: &SqlType, catalog: &Catalog) -> Option<String> {
    let dialect = |name: &str, arguments: &[Option<String>]| call(&format!("postgresql.{name}"), arguments);
    Some(match ty {
        SqlType::Double => "sa.DOUBLE_PRECISION(precision=53)".to_owned(),
        SqlType::Uuid => "sa.UUID()".to_owned(),
        SqlType::Text(TextSize::Plain) => "sa.TEXT()".to_owned(),
        SqlType::Text(_) => return None,
        SqlType::Bytea => dialect("BYTEA", &[]),
        SqlType::Bit { length, varying } => {
            dialect("BIT", &[option("length", *length), varying.then(|| "varying=True".to_owned())])
        }
        SqlType::Time { precision, tz } => dialect("TIME", &moment(*precision, *tz)),
        SqlType::Timestamp { precision, tz } => dialect("TIMESTAMP", &moment(*precision, *tz)),
        SqlType::Interval { fields, precision } => {
            let fields = fields.as_deref().map(|fields| format!("fields={}", repr(fields)));
            dialect("INTERVAL", &[fields, option("precision", *precision)])
        }
        SqlType::Json => dialect("JSON", &[Some("astext_type=sa.Text()".to_owned())]),
        SqlType::Jsonb => dialect("JSONB", &[Some("astext_type=sa.Text()".to_owned())]),
        SqlType::Enum(name) => {
            enum_type(name, catalog.enums.get(name).map_or(&[], |ty| &ty.values), &["create_type=False"])
        }
        SqlType::Array(element) => dialect("ARRAY", &[Some(postgresql(element, catalog)?)]),
        SqlType::Builtin(name) if BUILTINS.contains(&&**name) => dialect(name, &[]),
        SqlType::Named(name, arguments) if arguments.is_empty() => match &*name.name {
            "citext" => dialect("CITEXT", &[]),
            "hstore" => dialect("HSTORE", &[Some("text_type=sa.Text()".to_owned())]),
            _ => return None,
        },
        other => return common(other),
    })
}

/// The types of PostgreSQL that SQLAlchemy has by name, without arguments.
const BUILTINS: [&str; 24] = [
    "CIDR",
    "INET",
    "MACADDR",
    "MACADDR8",
    "MONEY",
    "OID",
    "REGCLASS",
    "REGCONFIG",
    "TSQUERY",
    "TSVECTOR",
    "INT4RANGE",
    "INT8RANGE",
    "NUMRANGE",
    "DATERANGE",
    "TSRANGE",
    "TSTZRANGE",
    "INT4MULTIRANGE",
    "INT8MULTIRANGE",
    "NUMMULTIRANGE",
    "DATEMULTIRANGE",
    "TSMULTIRANGE",
    "TSTZMULTIRANGE",
    "CITEXT",
    "JSONPATH",
];

fn sqlite(ty: &SqlType) -> Option<String> {
    Some(match ty {
        SqlType::Json => "sqlite.JSON()".to_owned(),
        SqlType::Double => "sa.DOUBLE()".to_owned(),
        SqlType::DateTime(_) => "sa.DATETIME()".to_owned(),
        SqlType::Time { .. } => "sa.TIME()".to_owned(),
        SqlType::Timestamp { .. } => "sa.TIMESTAMP()".to_owned(),
        SqlType::Text(_) => "sa.TEXT()".to_owned(),
        SqlType::Blob(BlobSize::Plain) => "sa.BLOB()".to_owned(),
        other => return common(other),
    })
}

fn mysql(ty: &SqlType) -> Option<String> {
    let dialect = |name: &str, arguments: &[Option<String>]| call(&format!("mysql.{name}"), arguments);
    let listed = |values: &[Name]| values.iter().map(|value| Some(repr(value))).collect::<Vec<_>>();
    let unsigned = || Some("unsigned=True".to_owned());
    Some(match ty {
        SqlType::Boolean => "mysql.TINYINT(display_width=1)".to_owned(),
        SqlType::TinyInt => dialect("TINYINT", &[]),
        SqlType::MediumInt => dialect("MEDIUMINT", &[]),
        SqlType::SmallInt | SqlType::Integer | SqlType::BigInt => return common(ty),
        SqlType::Unsigned(inner) => match &**inner {
            SqlType::TinyInt => dialect("TINYINT", &[unsigned()]),
            SqlType::SmallInt => dialect("SMALLINT", &[unsigned()]),
            SqlType::MediumInt => dialect("MEDIUMINT", &[unsigned()]),
            SqlType::Integer => dialect("INTEGER", &[unsigned()]),
            SqlType::BigInt => dialect("BIGINT", &[unsigned()]),
            _ => return None,
        },
        SqlType::Decimal(precision, scale) => {
            dialect("DECIMAL", &[option("precision", *precision), option("scale", *scale)])
        }
        SqlType::Float(None) => dialect("FLOAT", &[]),
        SqlType::Double => dialect("DOUBLE", &[Some("asdecimal=True".to_owned())]),
        SqlType::Char(length) => dialect("CHAR", &[option("length", *length)]),
        SqlType::VarChar(length) => dialect("VARCHAR", &[option("length", *length)]),
        SqlType::Text(size) => match size {
            TextSize::Tiny => dialect("TINYTEXT", &[]),
            TextSize::Plain | TextSize::Clob => dialect("TEXT", &[]),
            TextSize::Medium => dialect("MEDIUMTEXT", &[]),
            TextSize::Long => dialect("LONGTEXT", &[]),
        },
        SqlType::Blob(size) => match size {
            BlobSize::Tiny => dialect("TINYBLOB", &[]),
            BlobSize::Plain => "sa.BLOB()".to_owned(),
            BlobSize::Medium => dialect("MEDIUMBLOB", &[]),
            BlobSize::Long => dialect("LONGBLOB", &[]),
        },
        SqlType::Binary(length) => call("sa.BINARY", &[option("length", *length)]),
        SqlType::VarBinary(length) => call("sa.VARBINARY", &[option("length", *length)]),
        SqlType::Bit { length, .. } => dialect("BIT", &[option("length", *length)]),
        SqlType::Time { precision, .. } => dialect("TIME", &[option("fsp", *precision)]),
        SqlType::Timestamp { precision, .. } => dialect("TIMESTAMP", &[option("fsp", *precision)]),
        SqlType::DateTime(precision) => dialect("DATETIME", &[option("fsp", *precision)]),
        SqlType::Year => dialect("YEAR", &[]),
        SqlType::Json => dialect("JSON", &[]),
        SqlType::InlineEnum(values) => dialect("ENUM", &listed(values)),
        SqlType::Set(values) => dialect("SET", &listed(values)),
        other => return common(other),
    })
}

/// What all dialects write alike.
fn common(ty: &SqlType) -> Option<String> {
    let sized = |name: &str, length: Option<u32>| call(name, &[option("length", length)]);
    Some(match ty {
        SqlType::Boolean => "sa.BOOLEAN()".to_owned(),
        SqlType::SmallInt => "sa.SMALLINT()".to_owned(),
        SqlType::Integer => "sa.INTEGER()".to_owned(),
        SqlType::BigInt => "sa.BIGINT()".to_owned(),
        SqlType::Numeric(precision, scale) => {
            call("sa.NUMERIC", &[option("precision", *precision), option("scale", *scale)])
        }
        SqlType::Decimal(precision, scale) => {
            call("sa.DECIMAL", &[option("precision", *precision), option("scale", *scale)])
        }
        SqlType::Float(precision) => call("sa.FLOAT", &[option("precision", *precision)]),
        SqlType::Real => "sa.REAL()".to_owned(),
        SqlType::Char(length) => sized("sa.CHAR", *length),
        SqlType::VarChar(length) => sized("sa.VARCHAR", *length),
        SqlType::NChar(length) => sized("sa.NCHAR", *length),
        SqlType::NVarChar(length) => sized("sa.NVARCHAR", *length),
        SqlType::Date => "sa.DATE()".to_owned(),
        _ => return None,
    })
}

fn moment(precision: Option<u32>, tz: bool) -> [Option<String>; 2] {
    [tz.then(|| "timezone=True".to_owned()), option("precision", precision)]
}

fn option(name: &str, value: Option<impl std::fmt::Display>) -> Option<String> {
    value.map(|value| format!("{name}={value}"))
}

fn call(name: &str, arguments: &[Option<String>]) -> String {
    let given: Vec<&str> = arguments.iter().filter_map(Option::as_deref).collect();
    format!("{name}({})", given.join(", "))
}
