//! How types are spelled: [`SqlType::canonical`] and [`SqlType::text`].

use super::dialect::Dialect;
use super::name::Name;
use super::quote::quote_qualified;
use super::types::{BlobSize, SqlType, TextSize};

impl SqlType {
    /// The type under which the dialect knows this one: `DECIMAL` is `NUMERIC` on PostgreSQL. Catalogs hold only
    /// canonical types.
    #[must_use]
    pub fn canonical(&self, dialect: Dialect) -> Self {
        match dialect {
            Dialect::PostgreSql => postgresql(self),
            Dialect::Sqlite => sqlite(self),
            Dialect::MySql => mysql(self),
        }
    }

    /// The type as SQLAlchemy prints the reflected column: `VARCHAR(64)`, `TIMESTAMP WITHOUT TIME ZONE`.
    pub fn text(&self, dialect: Dialect) -> String {
        match self {
            Self::Boolean if dialect == Dialect::MySql => "TINYINT(1)".to_owned(),
            Self::Boolean => "BOOLEAN".to_owned(),
            Self::TinyInt => "TINYINT".to_owned(),
            Self::SmallInt => "SMALLINT".to_owned(),
            Self::MediumInt => "MEDIUMINT".to_owned(),
            Self::Integer => "INTEGER".to_owned(),
            Self::BigInt => "BIGINT".to_owned(),
            Self::Unsigned(inner) => format!("{} UNSIGNED", inner.text(dialect)),
            Self::Numeric(precision, scale) => digits("NUMERIC", *precision, *scale),
            Self::Decimal(precision, scale) => digits("DECIMAL", *precision, *scale),
            Self::Float(precision) => sized("FLOAT", *precision),
            Self::Real => "REAL".to_owned(),
            Self::Double if dialect == Dialect::PostgreSql => "DOUBLE PRECISION".to_owned(),
            Self::Double => "DOUBLE".to_owned(),
            Self::Char(length) => sized("CHAR", *length),
            Self::VarChar(length) => sized("VARCHAR", *length),
            Self::NChar(length) => sized("NCHAR", *length),
            Self::NVarChar(length) => sized("NVARCHAR", *length),
            Self::Text(size) => match size {
                TextSize::Tiny => "TINYTEXT",
                TextSize::Plain => "TEXT",
                TextSize::Medium => "MEDIUMTEXT",
                TextSize::Long => "LONGTEXT",
                TextSize::Clob => "CLOB",
            }
            .to_owned(),
            Self::Binary(length) => sized("BINARY", *length),
            Self::VarBinary(length) => sized("VARBINARY", *length),
            Self::Blob(size) => match size {
                BlobSize::Tiny => "TINYBLOB",
                BlobSize::Plain => "BLOB",
                BlobSize::Medium => "MEDIUMBLOB",
                BlobSize::Long => "LONGBLOB",
            }
            .to_owned(),
            Self::Bytea => "BYTEA".to_owned(),
            Self::Bit { length, varying } => sized(if *varying { "BIT VARYING" } else { "BIT" }, *length),
            Self::Date => "DATE".to_owned(),
            Self::Time { precision, tz } => moment("TIME", *precision, *tz, dialect),
            Self::Timestamp { precision, tz } => moment("TIMESTAMP", *precision, *tz, dialect),
            Self::DateTime(precision) => sized("DATETIME", *precision),
            Self::Year => "YEAR".to_owned(),
            Self::Interval { fields, precision } => {
                let fields = fields.as_ref().map_or_else(String::new, |fields| format!(" {fields}"));
                let precision = precision.map_or_else(String::new, |precision| format!(" ({precision})"));
                format!("INTERVAL{fields}{precision}")
            }
            Self::Uuid => "UUID".to_owned(),
            Self::Json => "JSON".to_owned(),
            Self::Jsonb => "JSONB".to_owned(),
            Self::Enum(name) => quote_qualified(name, dialect),
            Self::InlineEnum(values) => format!("ENUM({})", literals(values)),
            Self::Set(values) => format!("SET({})", literals(values)),
            Self::Array(element) => format!("{}[]", element.text(dialect)),
            Self::Builtin(name) => name.to_uppercase(),
            Self::Named(name, arguments) => named(&name.to_string(), arguments),
            Self::None => "NULL".to_owned(),
            Self::Unknown => "?".to_owned(),
        }
    }
}

fn sized(name: &str, length: Option<u32>) -> String {
    length.map_or_else(|| name.to_owned(), |length| format!("{name}({length})"))
}

fn digits(name: &str, precision: Option<u32>, scale: Option<i32>) -> String {
    match (precision, scale) {
        (Some(precision), Some(scale)) => format!("{name}({precision}, {scale})"),
        (precision, _) => sized(name, precision),
    }
}

fn moment(name: &str, precision: Option<u32>, tz: bool, dialect: Dialect) -> String {
    let sized = sized(name, precision);
    match dialect {
        Dialect::PostgreSql => format!("{sized} {} TIME ZONE", if tz { "WITH" } else { "WITHOUT" }),
        Dialect::Sqlite | Dialect::MySql => sized,
    }
}

fn literals(values: &[Name]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| format!("'{}'", value.replace('\'', "''"))).collect();
    quoted.join(",")
}

fn named(name: &str, arguments: &[Name]) -> String {
    let known = matches!(name, "citext" | "hstore" | "ltree" | "lquery" | "ltxtquery");
    let name = if known { name.to_uppercase() } else { name.to_owned() };
    if arguments.is_empty() { name } else { format!("{name}({})", arguments.join(",")) }
}

fn postgresql(ty: &SqlType) -> SqlType {
    match ty {
        SqlType::Numeric(precision, scale) | SqlType::Decimal(precision, scale) => {
            SqlType::Numeric(*precision, precision.map(|_| scale.unwrap_or(0)))
        }
        SqlType::Float(Some(1..=24)) => SqlType::Real,
        SqlType::Float(_) => SqlType::Double,
        SqlType::Char(length) | SqlType::NChar(length) => SqlType::Char(Some(length.unwrap_or(1))),
        SqlType::NVarChar(length) => SqlType::VarChar(*length),
        SqlType::Bit { length, varying: false } => SqlType::Bit { length: Some(length.unwrap_or(1)), varying: false },
        SqlType::Interval { fields, precision } => SqlType::Interval {
            fields: fields.as_ref().map(|fields| Name::from(fields.to_lowercase())),
            precision: *precision,
        },
        SqlType::Array(element) => match postgresql(element) {
            array @ SqlType::Array(_) => array,
            element => SqlType::Array(Box::new(element)),
        },
        SqlType::Builtin(name) => SqlType::Builtin(Name::from(name.to_uppercase())),
        other => other.clone(),
    }
}

/// SQLite keeps a type as it is written; SQLAlchemy reads that text back by its own list, and by affinity where the
/// list has no such name.
fn sqlite(ty: &SqlType) -> SqlType {
    match ty {
        SqlType::TinyInt | SqlType::MediumInt | SqlType::Unsigned(_) | SqlType::Interval { .. } => SqlType::Integer,
        SqlType::Float(_) => SqlType::Float(None),
        SqlType::Text(_) => SqlType::Text(TextSize::Plain),
        SqlType::Binary(length) | SqlType::VarBinary(length) | SqlType::Bit { length, .. } => {
            SqlType::Numeric(*length, None)
        }
        SqlType::Blob(BlobSize::Plain) => SqlType::Blob(BlobSize::Plain),
        SqlType::Blob(_) => SqlType::None,
        SqlType::Bytea | SqlType::Year | SqlType::Uuid | SqlType::InlineEnum(_) | SqlType::Set(_) => {
            SqlType::Numeric(None, None)
        }
        SqlType::Time { .. } => SqlType::Time { precision: None, tz: false },
        SqlType::Timestamp { .. } => SqlType::Timestamp { precision: None, tz: false },
        SqlType::DateTime(_) => SqlType::DateTime(None),
        SqlType::Array(element) => sqlite(element),
        SqlType::Builtin(name) => affinity(name),
        SqlType::Enum(name) | SqlType::Named(name, _) => affinity(&name.name),
        other => other.clone(),
    }
}

fn affinity(name: &str) -> SqlType {
    let name = name.to_ascii_uppercase();
    let has = |part: &str| name.contains(part);
    if has("INT") {
        SqlType::Integer
    } else if has("CHAR") || has("CLOB") || has("TEXT") {
        SqlType::Text(TextSize::Plain)
    } else if has("BLOB") || name.is_empty() {
        SqlType::None
    } else if has("REAL") || has("FLOA") || has("DOUB") {
        SqlType::Real
    } else {
        SqlType::Numeric(None, None)
    }
}

fn mysql(ty: &SqlType) -> SqlType {
    match ty {
        SqlType::Numeric(precision, scale) | SqlType::Decimal(precision, scale) => {
            SqlType::Decimal(Some(precision.unwrap_or(10)), Some(scale.unwrap_or(0)))
        }
        SqlType::Float(Some(25..)) | SqlType::Real => SqlType::Double,
        SqlType::Float(_) => SqlType::Float(None),
        SqlType::Char(length) | SqlType::NChar(length) => SqlType::Char(Some(length.unwrap_or(1))),
        SqlType::NVarChar(length) => SqlType::VarChar(*length),
        SqlType::Text(TextSize::Clob) => SqlType::Text(TextSize::Plain),
        SqlType::Unsigned(inner) => SqlType::Unsigned(Box::new(mysql(inner))),
        SqlType::Time { precision, .. } => SqlType::Time { precision: nonzero(*precision), tz: false },
        SqlType::Timestamp { precision, .. } => SqlType::Timestamp { precision: nonzero(*precision), tz: false },
        SqlType::DateTime(precision) => SqlType::DateTime(nonzero(*precision)),
        SqlType::Bit { length, .. } => SqlType::Bit { length: Some(length.unwrap_or(1)), varying: false },
        SqlType::Binary(length) => SqlType::Binary(Some(length.unwrap_or(1))),
        SqlType::Jsonb => SqlType::Json,
        SqlType::Builtin(name) => SqlType::Builtin(Name::from(name.to_uppercase())),
        other => other.clone(),
    }
}

fn nonzero(precision: Option<u32>) -> Option<u32> {
    precision.filter(|precision| *precision > 0)
}
