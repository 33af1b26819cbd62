//! [`TypeClass`]: a type before it is called, and the table of all of them.

use std::rc::Rc;

use super::kind::Kind;
use super::{SaType, build, decorator, third_party};
use crate::alembic::object;
use crate::python::{Args, Flow, Foreign, Value, Vm};
use crate::schema::{BlobSize, TextSize};
use crate::source::Span;

/// A class of types.
#[derive(Debug, Clone)]
pub(in crate::alembic) struct TypeClass {
    /// Its name.
    pub name: Rc<str>,
    /// What its instances are.
    pub base: Base,
}

/// What the instances of a class are.
#[derive(Debug, Clone)]
pub(in crate::alembic) enum Base {
    /// One of SQLAlchemy's own, with the way in which it reads its arguments.
    Known(Kind, Reader),
    /// `Enum`, by the flavour of its class.
    Enum(super::enums::Flavour),
    /// A third-party package's.
    ThirdParty(third_party::Package),
    /// `TypeDecorator`, `UserDefinedType`: bases of the script's own classes.
    Abstract,
    /// A class of the script's own.
    Script(Rc<decorator::ScriptClass>),
}

/// The ways in which classes read their arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::alembic) enum Reader {
    /// None that matters.
    Nothing,
    /// `length`, `collation`.
    Length,
    /// `precision`, `scale`.
    Decimal,
    /// `precision`.
    Float,
    /// `timezone`, `precision`.
    Temporal,
    /// MySQL's `fsp`, or `timezone, fsp`.
    FractionalSeconds,
    /// `create_constraint`, `name`.
    Boolean,
    /// `native`, `second_precision`, `day_precision`.
    Interval,
    /// `precision`, `fields`.
    PlainInterval,
    /// `as_uuid`, `native_uuid`.
    Uuid,
    /// `item_type`.
    Array,
    /// `length`, `varying`.
    Bit,
    /// MySQL's numbers: `display_width` or `precision, scale`, `unsigned`.
    MySqlInteger,
    /// MySQL's `precision, scale, asdecimal, unsigned`.
    MySqlNumber,
    /// MySQL's `SET`.
    Set,
    /// `DOMAIN`.
    Domain,
}

/// The class of that name in a SQLAlchemy module; the module tells dialects' classes from the generic ones.
pub(in crate::alembic) fn lookup(module: &str, name: &str) -> Option<Value> {
    let base = if module.contains("dialects.postgresql") {
        postgresql(name).or_else(|| generic(name))
    } else if module.contains("dialects.mysql") || module.contains("dialects.mariadb") {
        mysql(name).or_else(|| generic(name))
    } else if module.contains("dialects.sqlite") && name == "DATETIME" {
        Some(Base::Known(Kind::DateTime, Reader::Nothing))
    } else if let Some(package) = third_party::package(module, name) {
        Some(Base::ThirdParty(package))
    } else if module.starts_with("sqlalchemy") && !module.starts_with("sqlalchemy_utils") {
        generic(name)
    } else {
        None
    }?;
    Some(Value::object(TypeClass { name: name.into(), base }))
}

fn generic(name: &str) -> Option<Base> {
    use super::enums::Flavour;
    let (kind, reader) = match name {
        "Integer" | "INTEGER" | "INT" => (Kind::Integer, Reader::Nothing),
        "BigInteger" | "BIGINT" => (Kind::BigInteger, Reader::Nothing),
        "SmallInteger" | "SMALLINT" => (Kind::SmallInteger, Reader::Nothing),
        "String" | "Unicode" | "VARCHAR" => (Kind::VarChar, Reader::Length),
        "CHAR" => (Kind::Char, Reader::Length),
        "NCHAR" => (Kind::NChar, Reader::Length),
        "NVARCHAR" => (Kind::NVarChar, Reader::Length),
        "Text" | "UnicodeText" | "TEXT" => (Kind::Text(TextSize::Plain), Reader::Length),
        "CLOB" => (Kind::Text(TextSize::Clob), Reader::Length),
        "Numeric" | "NUMERIC" => (Kind::Numeric, Reader::Decimal),
        "DECIMAL" => (Kind::Decimal, Reader::Decimal),
        "Float" | "FLOAT" => (Kind::Float, Reader::Float),
        "REAL" => (Kind::Real, Reader::Float),
        "Double" => (Kind::Double, Reader::Nothing),
        "DOUBLE_PRECISION" => (Kind::DoublePrecision, Reader::Nothing),
        "DOUBLE" => (Kind::PlainDouble, Reader::Nothing),
        "Date" | "DATE" => (Kind::Date, Reader::Nothing),
        "Time" | "TIME" => (Kind::Time, Reader::Temporal),
        "DateTime" => (Kind::DateTime, Reader::Temporal),
        "DATETIME" => (Kind::PlainDateTime, Reader::Temporal),
        "TIMESTAMP" => (Kind::Timestamp, Reader::Temporal),
        "Interval" => (Kind::Interval, Reader::Interval),
        "Boolean" | "BOOLEAN" | "MatchType" => (Kind::Boolean, Reader::Boolean),
        "LargeBinary" => (Kind::LargeBinary, Reader::Length),
        "PickleType" => (Kind::LargeBinary, Reader::Nothing),
        "BINARY" => (Kind::Binary, Reader::Length),
        "VARBINARY" => (Kind::VarBinary, Reader::Length),
        "BLOB" => (Kind::Blob(BlobSize::Plain), Reader::Length),
        "JSON" => (Kind::Json, Reader::Nothing),
        "Uuid" => (Kind::Uuid, Reader::Uuid),
        "UUID" => (Kind::PlainUuid, Reader::Nothing),
        "ARRAY" => (Kind::Null, Reader::Array),
        "NullType" | "NULLTYPE" => (Kind::Null, Reader::Nothing),
        "Enum" => return Some(Base::Enum(Flavour::Generic)),
        "TypeDecorator" | "UserDefinedType" | "TypeEngine" | "VariantType" => return Some(Base::Abstract),
        _ => return None,
    };
    Some(Base::Known(kind, reader))
}

fn postgresql(name: &str) -> Option<Base> {
    let (kind, reader) = match name {
        "JSONB" => (Kind::Jsonb, Reader::Nothing),
        "ENUM" => return Some(Base::Enum(super::enums::Flavour::PostgreSql)),
        "UUID" => (Kind::PlainUuid, Reader::Nothing),
        "BYTEA" => (Kind::PostgreSqlOnly("BYTEA"), Reader::Nothing),
        "BIT" => (Kind::Bit, Reader::Bit),
        "INTERVAL" => (Kind::PlainInterval, Reader::PlainInterval),
        "DOMAIN" => (Kind::Null, Reader::Domain),
        _ => (Kind::PostgreSqlOnly(postgresql_only(name)?), Reader::Nothing),
    };
    Some(Base::Known(kind, reader))
}

fn postgresql_only(name: &str) -> Option<&'static str> {
    const NAMES: [&str; 29] = [
        "INET",
        "CIDR",
        "MACADDR",
        "MACADDR8",
        "TSVECTOR",
        "TSQUERY",
        "MONEY",
        "OID",
        "REGCLASS",
        "REGCONFIG",
        "CITEXT",
        "HSTORE",
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
        "JSONPATH",
        "POINT",
        "LINE",
        "POLYGON",
        "XML",
    ];
    NAMES.iter().find(|known| **known == name).copied()
}

fn mysql(name: &str) -> Option<Base> {
    let (kind, reader) = match name {
        "INTEGER" => (Kind::Integer, Reader::MySqlInteger),
        "BIGINT" => (Kind::BigInteger, Reader::MySqlInteger),
        "SMALLINT" => (Kind::SmallInteger, Reader::MySqlInteger),
        "TINYINT" => (Kind::TinyInt, Reader::MySqlInteger),
        "MEDIUMINT" => (Kind::MediumInt, Reader::MySqlInteger),
        "YEAR" => (Kind::Year, Reader::Nothing),
        "DOUBLE" => (Kind::PlainDouble, Reader::MySqlNumber),
        "FLOAT" => (Kind::Float, Reader::MySqlNumber),
        "REAL" => (Kind::Real, Reader::MySqlNumber),
        "NUMERIC" => (Kind::Numeric, Reader::MySqlNumber),
        "DECIMAL" => (Kind::Decimal, Reader::MySqlNumber),
        "DATETIME" => (Kind::PlainDateTime, Reader::FractionalSeconds),
        "TIMESTAMP" => (Kind::Timestamp, Reader::FractionalSeconds),
        "TIME" => (Kind::Time, Reader::FractionalSeconds),
        "TINYTEXT" => (Kind::Text(TextSize::Tiny), Reader::Length),
        "MEDIUMTEXT" => (Kind::Text(TextSize::Medium), Reader::Length),
        "LONGTEXT" => (Kind::Text(TextSize::Long), Reader::Length),
        "TINYBLOB" => (Kind::Blob(BlobSize::Tiny), Reader::Nothing),
        "MEDIUMBLOB" => (Kind::Blob(BlobSize::Medium), Reader::Nothing),
        "LONGBLOB" => (Kind::Blob(BlobSize::Long), Reader::Nothing),
        "BIT" => (Kind::Bit, Reader::Length),
        "SET" => (Kind::Null, Reader::Set),
        "ENUM" => return Some(Base::Enum(super::enums::Flavour::MySql)),
        _ => return None,
    };
    Some(Base::Known(kind, reader))
}

impl TypeClass {
    /// An instance without arguments.
    pub(in crate::alembic) fn bare(&self) -> Rc<SaType> {
        let kind = match &self.base {
            Base::Known(_, Reader::Array | Reader::Set | Reader::Domain) | Base::Abstract => Kind::Null,
            Base::Known(kind, _) => kind.clone(),
            Base::Enum(flavour) => Kind::Enum(Rc::new(super::EnumSpec::nameless(*flavour))),
            Base::ThirdParty(package) => return Rc::new(package.bare(&self.name)),
            Base::Script(class) => match &class.bare {
                Some(inner) => Kind::Decorated(inner.clone()),
                None => Kind::Unknown,
            },
        };
        Rc::new(SaType::plain(&self.name, kind))
    }
}

impl Foreign for TypeClass {
    object!("type");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if matches!(name, "__name__" | "__visit_name__" | "__qualname__") {
            return Ok(Some(Value::Str(self.name.clone())));
        }
        if let Base::Script(class) = &self.base
            && let Some((_, value)) = class.namespace.iter().find(|(key, _)| &**key == name)
        {
            return Ok(Some(value.clone()));
        }
        // Methods of an instance are reached from the class as well: `sa.Integer.with_variant` never is, but
        // `sa.JSON.NULL` and `sa.DateTime.python_type` are.
        Ok(Some(vm.unknown(format!("{}.{name} is not known", self.name), span)))
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        build::instance(&self, vm, args, span)
    }

    fn subclass(
        self: Rc<Self>,
        vm: &mut Vm<'_>,
        name: &Rc<str>,
        namespace: &[(Rc<str>, Value)],
        keywords: &[(Rc<str>, Value)],
        span: Span,
    ) -> Flow<Option<Value>> {
        let _ = keywords;
        decorator::subclass(&self, vm, name, namespace, span).map(Some)
    }

    fn is_instance(&self, class: &Value) -> Option<bool> {
        Some(class.downcast::<Self>().is_some_and(|class| class.name == self.name))
    }
}
