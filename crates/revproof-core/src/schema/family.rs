//! [`TypeFamily`]: which types SQLAlchemy holds for one in kind.

use super::name::Name;
use super::types::SqlType;

/// The class under which SQLAlchemy counts a type (`_type_affinity`). Between types of one class Alembic's batch mode
/// copies values as they are, between others with a cast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeFamily {
    /// Whole numbers.
    Integer,
    /// Exact numbers.
    Numeric,
    /// Floating-point numbers.
    Float,
    /// Text.
    String,
    /// Bytes.
    Binary,
    /// Booleans.
    Boolean,
    /// Days.
    Date,
    /// Times of a day.
    Time,
    /// Moments.
    DateTime,
    /// Spans of time.
    Interval,
    /// UUIDs.
    Uuid,
    /// JSON.
    Json,
    /// Arrays, of whatever.
    Array,
    /// Types of PostgreSQL that have a name, as its enums and domains.
    Named,
    /// Ranges, of whatever.
    Range,
    /// Multiranges.
    MultiRange,
    /// A class of its own.
    Own(Name),
    /// Nobody knows.
    Unknown,
}

impl SqlType {
    /// The class of the type that SQLAlchemy reflects. What a script calls `Uuid` may be a mere `CHAR` here.
    pub(crate) fn family(&self) -> TypeFamily {
        match self {
            Self::TinyInt | Self::SmallInt | Self::MediumInt | Self::Integer | Self::BigInt | Self::Year => {
                TypeFamily::Integer
            }
            Self::Unsigned(inner) => inner.family(),
            Self::Numeric(..) | Self::Decimal(..) => TypeFamily::Numeric,
            Self::Float(_) | Self::Real | Self::Double => TypeFamily::Float,
            Self::Char(_)
            | Self::VarChar(_)
            | Self::NChar(_)
            | Self::NVarChar(_)
            | Self::Text(_)
            | Self::InlineEnum(_)
            | Self::Set(_) => TypeFamily::String,
            Self::Binary(_) | Self::VarBinary(_) | Self::Blob(_) | Self::Bytea => TypeFamily::Binary,
            Self::Boolean => TypeFamily::Boolean,
            Self::Date => TypeFamily::Date,
            Self::Time { .. } => TypeFamily::Time,
            Self::Timestamp { .. } | Self::DateTime(_) => TypeFamily::DateTime,
            Self::Interval { .. } => TypeFamily::Interval,
            Self::Uuid => TypeFamily::Uuid,
            Self::Json | Self::Jsonb => TypeFamily::Json,
            Self::Array(_) => TypeFamily::Array,
            Self::Enum(_) => TypeFamily::Named,
            Self::Builtin(name) if name.ends_with("MULTIRANGE") => TypeFamily::MultiRange,
            Self::Builtin(name) if name.ends_with("RANGE") => TypeFamily::Range,
            Self::Builtin(name) => TypeFamily::Own(name.clone()),
            Self::Named(name, _) if &*name.name == "citext" => TypeFamily::String,
            Self::Named(name, _) => TypeFamily::Own(name.name.clone()),
            Self::Bit { .. } => TypeFamily::Own(Name::from("BIT")),
            Self::None => TypeFamily::Own(Name::from("NULL")),
            Self::Unknown => TypeFamily::Unknown,
        }
    }

    /// Whether it holds JSON.
    pub(crate) const fn is_json(&self) -> bool {
        matches!(self, Self::Json | Self::Jsonb)
    }
}
