//! [`Kind`]: what a type is, before any dialect has looked at it.

use std::rc::Rc;

use super::SaType;
use super::enums::EnumSpec;
use crate::schema::{BlobSize, Name, SqlType, TextSize};

/// What a type is. Where SQLAlchemy has a generic type and an SQL type of one meaning (`DateTime`, `TIMESTAMP`), the
/// two are two kinds, since dialects write them differently.
#[derive(Debug, Clone)]
pub(in crate::alembic) enum Kind {
    /// `Integer` and its sizes.
    Integer,
    /// `BigInteger`.
    BigInteger,
    /// `SmallInteger`.
    SmallInteger,
    /// `mysql.TINYINT`.
    TinyInt,
    /// `mysql.MEDIUMINT`.
    MediumInt,
    /// `mysql.YEAR`.
    Year,
    /// `String`, `Unicode`, `VARCHAR`.
    VarChar,
    /// `CHAR`.
    Char,
    /// `NCHAR`.
    NChar,
    /// `NVARCHAR`.
    NVarChar,
    /// `Text`, `UnicodeText`, `TEXT`, and MySQL's sizes.
    Text(TextSize),
    /// `Numeric`.
    Numeric,
    /// `DECIMAL`.
    Decimal,
    /// `Float`, `FLOAT`.
    Float,
    /// `REAL`.
    Real,
    /// `Double`: `DOUBLE PRECISION` on PostgreSQL, `DOUBLE` elsewhere.
    Double,
    /// `DOUBLE_PRECISION`, as spelled.
    DoublePrecision,
    /// `DOUBLE`, as spelled.
    PlainDouble,
    /// `Date`.
    Date,
    /// `Time`, `TIME`.
    Time,
    /// `DateTime`.
    DateTime,
    /// `DATETIME`, as spelled.
    PlainDateTime,
    /// `TIMESTAMP`.
    Timestamp,
    /// `Interval`.
    Interval,
    /// `postgresql.INTERVAL`.
    PlainInterval,
    /// `Boolean`.
    Boolean,
    /// `LargeBinary`, `PickleType`.
    LargeBinary,
    /// `BINARY`.
    Binary,
    /// `VARBINARY`.
    VarBinary,
    /// `BLOB` and MySQL's sizes.
    Blob(BlobSize),
    /// `JSON`.
    Json,
    /// `postgresql.JSONB`.
    Jsonb,
    /// `Uuid`.
    Uuid,
    /// `UUID`, as spelled.
    PlainUuid,
    /// `Enum`, `postgresql.ENUM`, `mysql.ENUM`.
    Enum(Rc<EnumSpec>),
    /// `mysql.SET`.
    Set(Vec<Name>),
    /// `ARRAY`.
    Array(Rc<SaType>),
    /// `postgresql.BIT`, `mysql.BIT`.
    Bit,
    /// A type that only PostgreSQL has: `INET`, `TSVECTOR`.
    PostgreSqlOnly(&'static str),
    /// `postgresql.DOMAIN`, by its name.
    Domain(Name),
    /// A type known by name only, with its arguments as written.
    Named(Name, Vec<Name>),
    /// What the catalog holds.
    Reflected(Box<SqlType>),
    /// A class of the script's own over another type.
    Decorated(Rc<SaType>),
    /// `NullType`: no type was given.
    Null,
    /// A type that can't be known.
    Unknown,
}

/// What kind of values a type holds, as far as `autoincrement` asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::alembic) enum Affinity {
    /// Integers.
    Integer,
    /// Other numbers.
    Numeric,
    /// Anything else.
    Other,
    /// Not known.
    Unknown,
}

impl SaType {
    /// What kind of values it holds (`_type_affinity`).
    pub(in crate::alembic) fn affinity(&self) -> Affinity {
        match &self.kind {
            Kind::Integer | Kind::BigInteger | Kind::SmallInteger | Kind::TinyInt | Kind::MediumInt => {
                Affinity::Integer
            }
            Kind::Numeric
            | Kind::Decimal
            | Kind::Float
            | Kind::Real
            | Kind::Double
            | Kind::DoublePrecision
            | Kind::PlainDouble => Affinity::Numeric,
            Kind::Decorated(inner) => inner.affinity(),
            Kind::Reflected(ty) => match **ty {
                SqlType::TinyInt
                | SqlType::SmallInt
                | SqlType::MediumInt
                | SqlType::Integer
                | SqlType::BigInt
                | SqlType::Unsigned(_) => Affinity::Integer,
                SqlType::Numeric(..) | SqlType::Decimal(..) | SqlType::Float(_) | SqlType::Real | SqlType::Double => {
                    Affinity::Numeric
                }
                SqlType::Unknown => Affinity::Unknown,
                _ => Affinity::Other,
            },
            Kind::Unknown => Affinity::Unknown,
            _ => Affinity::Other,
        }
    }
}
