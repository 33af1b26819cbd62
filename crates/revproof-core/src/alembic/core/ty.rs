//! [`Ty`]: the type of an expression, as far as it decides how values travel.

use std::rc::Rc;

use crate::alembic::types::{self, Kind, SaType};
use crate::python::Value;
use crate::schema::SqlType;

/// The type of an expression.
#[derive(Debug, Clone, Default)]
pub(super) enum Ty {
    /// None is known (`NullType`).
    #[default]
    Null,
    /// It follows from the operator or the Python value.
    Of(Family),
    /// The script gives it.
    Given(Rc<SaType>),
}

/// The kinds of types that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Boolean,
    Integer,
    Numeric,
    Float,
    Text,
    Binary,
    Date,
    Time,
    DateTime,
    Interval,
    Uuid,
    Json,
    Enum,
    Array,
    /// A class of the script's own, which may change values on their way.
    Decorated,
    Other,
}

impl Ty {
    /// The type that a value stands for, an instance or a class (`sa.Integer`).
    pub(super) fn of_value(value: &Value) -> Self {
        types::coerce(value).map_or(Self::Null, Self::Given)
    }

    /// The type of a column or an expression that the script gives none but a value for.
    pub(super) fn of_literal(value: &Value) -> Self {
        match value {
            Value::Bool(_) => Self::Of(Family::Boolean),
            Value::Int(_) => Self::Of(Family::Integer),
            Value::Float(_) => Self::Of(Family::Float),
            Value::Str(_) => Self::Of(Family::Text),
            Value::Bytes(_) => Self::Of(Family::Binary),
            _ => Self::Null,
        }
    }

    /// What kind it is.
    pub(super) fn family(&self) -> Family {
        match self {
            Self::Null => Family::Other,
            Self::Of(family) => *family,
            Self::Given(ty) => family_of(ty),
        }
    }

    /// The type of an array's items.
    pub(super) fn item(&self) -> Self {
        match self.given().map(|ty| &ty.kind) {
            Some(Kind::Array(item)) => Self::Given(item.clone()),
            _ => Self::Null,
        }
    }

    /// Whether it is none.
    pub(super) const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The type as the script gives it.
    pub(super) const fn given(&self) -> Option<&Rc<SaType>> {
        match self {
            Self::Given(ty) => Some(ty),
            _ => None,
        }
    }
}

fn family_of(ty: &SaType) -> Family {
    match &ty.kind {
        Kind::Boolean => Family::Boolean,
        Kind::Integer | Kind::BigInteger | Kind::SmallInteger | Kind::TinyInt | Kind::MediumInt | Kind::Year => {
            Family::Integer
        }
        Kind::Numeric | Kind::Decimal => Family::Numeric,
        Kind::Float | Kind::Real | Kind::Double | Kind::DoublePrecision | Kind::PlainDouble => Family::Float,
        Kind::VarChar | Kind::Char | Kind::NChar | Kind::NVarChar | Kind::Text(_) | Kind::Set(_) => Family::Text,
        Kind::Date => Family::Date,
        Kind::Time => Family::Time,
        Kind::DateTime | Kind::PlainDateTime | Kind::Timestamp => Family::DateTime,
        Kind::Interval | Kind::PlainInterval => Family::Interval,
        Kind::LargeBinary | Kind::Binary | Kind::VarBinary | Kind::Blob(_) => Family::Binary,
        Kind::Json | Kind::Jsonb => Family::Json,
        Kind::Uuid | Kind::PlainUuid => Family::Uuid,
        Kind::Enum(_) => Family::Enum,
        Kind::Array(_) => Family::Array,
        Kind::Decorated(_) => Family::Decorated,
        Kind::Reflected(ty) => reflected(ty),
        Kind::Bit | Kind::PostgreSqlOnly(_) | Kind::Domain(_) | Kind::Named(..) | Kind::Null | Kind::Unknown => {
            Family::Other
        }
    }
}

fn reflected(ty: &SqlType) -> Family {
    match ty {
        SqlType::Boolean => Family::Boolean,
        SqlType::TinyInt | SqlType::SmallInt | SqlType::MediumInt | SqlType::Integer | SqlType::BigInt => {
            Family::Integer
        }
        SqlType::Numeric(..) | SqlType::Decimal(..) => Family::Numeric,
        SqlType::Float(_) | SqlType::Real | SqlType::Double => Family::Float,
        SqlType::Char(_) | SqlType::VarChar(_) | SqlType::NChar(_) | SqlType::NVarChar(_) | SqlType::Text(_) => {
            Family::Text
        }
        SqlType::Date => Family::Date,
        SqlType::Time { .. } => Family::Time,
        SqlType::Timestamp { .. } | SqlType::DateTime(_) => Family::DateTime,
        SqlType::Interval { .. } => Family::Interval,
        SqlType::Uuid => Family::Uuid,
        SqlType::Json | SqlType::Jsonb => Family::Json,
        SqlType::Enum(_) | SqlType::InlineEnum(_) => Family::Enum,
        SqlType::Array(_) => Family::Array,
        _ => Family::Other,
    }
}
