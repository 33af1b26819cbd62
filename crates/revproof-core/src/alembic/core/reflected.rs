//! Types of the catalog as the inspector gives them: the classes that SQLAlchemy reflects.

use std::rc::Rc;

use crate::alembic::known::NameArg;
use crate::alembic::types::{EnumSpec, Flavour, Kind, SaType};
use crate::schema::{Catalog, Name, SqlType, TextSize};

/// The type as reflection gives it.
pub(super) fn reflected(ty: &SqlType, catalog: &Catalog) -> SaType {
    let plain = SaType::plain;
    let sized = |class: &str, kind: Kind, length: Option<u32>| {
        let mut ty = SaType::plain(class, kind);
        ty.params.length = length;
        ty
    };
    let number = |class: &str, kind: Kind, precision: Option<u32>, scale: Option<i32>| {
        let mut ty = SaType::plain(class, kind);
        ty.params.precision = precision;
        ty.params.scale = scale;
        ty
    };
    let moment = |class: &str, kind: Kind, precision: Option<u32>, timezone: bool| {
        let mut ty = SaType::plain(class, kind);
        ty.params.precision = precision;
        ty.params.timezone = timezone;
        ty
    };
    match ty {
        SqlType::Boolean => plain("BOOLEAN", Kind::Boolean),
        SqlType::SmallInt => plain("SMALLINT", Kind::SmallInteger),
        SqlType::Integer => plain("INTEGER", Kind::Integer),
        SqlType::BigInt => plain("BIGINT", Kind::BigInteger),
        SqlType::TinyInt => plain("TINYINT", Kind::TinyInt),
        SqlType::Numeric(precision, scale) => number("NUMERIC", Kind::Numeric, *precision, *scale),
        SqlType::Decimal(precision, scale) => number("DECIMAL", Kind::Decimal, *precision, *scale),
        SqlType::Float(precision) => number("FLOAT", Kind::Float, *precision, None),
        SqlType::Real => plain("REAL", Kind::Real),
        SqlType::Double => plain("DOUBLE_PRECISION", Kind::DoublePrecision),
        SqlType::Char(length) => sized("CHAR", Kind::Char, *length),
        SqlType::VarChar(length) => sized("VARCHAR", Kind::VarChar, *length),
        SqlType::Text(TextSize::Plain) => plain("TEXT", Kind::Text(TextSize::Plain)),
        SqlType::Date => plain("DATE", Kind::Date),
        SqlType::Time { precision, tz } => moment("TIME", Kind::Time, *precision, *tz),
        SqlType::Timestamp { precision, tz } => moment("TIMESTAMP", Kind::Timestamp, *precision, *tz),
        SqlType::DateTime(precision) => moment("DATETIME", Kind::PlainDateTime, *precision, false),
        SqlType::Uuid => plain("UUID", Kind::PlainUuid),
        SqlType::Json => plain("JSON", Kind::Json),
        SqlType::Jsonb => plain("JSONB", Kind::Jsonb),
        SqlType::Array(item) => plain("ARRAY", Kind::Array(Rc::new(reflected(item, catalog)))),
        SqlType::Enum(name) => {
            let values: Option<Vec<Rc<str>>> =
                catalog.enums.get(name).map(|ty| ty.values.iter().map(|value| Rc::from(&**value)).collect());
            let Some(values) = values else { return SaType::reflected(ty.clone()) };
            let spec = EnumSpec {
                values: Ok(values),
                name: NameArg::Plain(Rc::from(&*name.name)),
                schema: name.schema.as_deref().map(Rc::from),
                ..EnumSpec::nameless(Flavour::PostgreSql)
            };
            plain("ENUM", Kind::Enum(Rc::new(spec)))
        }
        SqlType::InlineEnum(values) => {
            let values = values.iter().map(|value: &Name| Rc::from(&**value)).collect();
            let spec = EnumSpec { values: Ok(values), ..EnumSpec::nameless(Flavour::MySql) };
            plain("ENUM", Kind::Enum(Rc::new(spec)))
        }
        other => SaType::reflected(other.clone()),
    }
}
