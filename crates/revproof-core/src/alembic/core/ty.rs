//! [`Ty`]: the type of an expression, as far as it decides how values travel.

use std::rc::Rc;

use crate::alembic::types::{self, SaType};
use crate::python::Value;

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
            Self::Given(ty) => family_of(&ty.class),
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

fn family_of(class: &str) -> Family {
    match class {
        "Boolean" | "BOOLEAN" | "BOOL" => Family::Boolean,
        "Integer" | "INTEGER" | "INT" | "BigInteger" | "BIGINT" | "SmallInteger" | "SMALLINT" | "TINYINT"
        | "MEDIUMINT" => Family::Integer,
        "Numeric" | "NUMERIC" | "DECIMAL" => Family::Numeric,
        "Float" | "FLOAT" | "Double" | "DOUBLE" | "DOUBLE_PRECISION" | "REAL" => Family::Float,
        "String" | "VARCHAR" | "CHAR" | "NVARCHAR" | "NCHAR" | "Text" | "TEXT" | "CLOB" | "Unicode"
        | "UnicodeText" | "AutoString" | "LONGTEXT" | "MEDIUMTEXT" | "TINYTEXT" | "CITEXT" => Family::Text,
        "LargeBinary" | "BYTEA" | "BLOB" | "BINARY" | "VARBINARY" | "LONGBLOB" => Family::Binary,
        "Date" | "DATE" => Family::Date,
        "Time" | "TIME" => Family::Time,
        "DateTime" | "DATETIME" | "TIMESTAMP" => Family::DateTime,
        "Interval" | "INTERVAL" => Family::Interval,
        "Uuid" | "UUID" | "UUIDType" | "GUID" => Family::Uuid,
        "JSON" | "JSONB" => Family::Json,
        "Enum" | "ENUM" => Family::Enum,
        "ARRAY" => Family::Array,
        _ => Family::Other,
    }
}
