//! Types of well-known packages: `sqlalchemy_utils`, `sqlmodel`, `geoalchemy2`, `pgvector`, `flask_sqlalchemy` helpers.
//!
//! Where a package's type is certain to become one of SQLAlchemy's own, that one is taken; otherwise it stays a name.

use std::rc::Rc;

use super::kind::Kind;
use super::{Params, SaType, coerce};
use crate::alembic::known;
use crate::python::{Args, Value, Vm};
use crate::schema::{Name, TextSize};
use crate::source::Span;

/// What a package's class becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::alembic) enum Package {
    /// A text of at most so many characters, where the script does not say `length=`, at that position.
    Text(u32, usize),
    /// A text without limit.
    LongText,
    /// A text whose limit is the script's `length=`, if it gives one.
    OpenText,
    /// A binary value without limit.
    Bytes,
    /// A day.
    Date,
    /// A moment.
    DateTime,
    /// `UUIDType(binary=True, native=True)`.
    Uuid,
    /// `ChoiceType(choices, impl=None)`.
    Choice,
    /// `JSONType`.
    Json,
    /// `sqlmodel`'s `AutoString`.
    AutoString,
    /// A type that only PostgreSQL has.
    PostgreSql(&'static str),
    /// A range: PostgreSQL has the type, elsewhere it is text.
    Range(&'static str),
    /// `geoalchemy2`'s `Geometry`, `Geography`, `Raster`.
    Geo(&'static str),
    /// `pgvector`'s types, with their dimension.
    Vector(&'static str),
    /// A class whose length hangs on what is installed.
    Unknown,
}

/// Whether a package that is known here has a module of that name, as far as it has types in it.
pub(in crate::alembic) fn is_package_module(name: &str) -> bool {
    const UTILS: [&str; 26] = [
        "arrow",
        "bit",
        "choice",
        "color",
        "country",
        "currency",
        "email",
        "encrypted",
        "encrypted.encrypted_type",
        "enriched_datetime",
        "enriched_datetime.enriched_date_type",
        "enriched_datetime.enriched_datetime_type",
        "ip_address",
        "json",
        "locale",
        "ltree",
        "password",
        "pg_composite",
        "phone_number",
        "range",
        "scalar_list",
        "timezone",
        "ts_vector",
        "url",
        "uuid",
        "weekdays",
    ];
    match name.strip_prefix("sqlalchemy_utils.types") {
        Some("") => true,
        Some(rest) => rest.strip_prefix('.').is_some_and(|rest| UTILS.contains(&rest)),
        None => {
            matches!(name, "sqlmodel.sql" | "sqlmodel.sql.sqltypes" | "geoalchemy2.types" | "pgvector.sqlalchemy")
        }
    }
}

/// The class of that name in a package's module.
pub(super) fn package(module: &str, name: &str) -> Option<Package> {
    let root = module.split('.').next().unwrap_or_default();
    match root {
        "sqlalchemy_utils" => utils(name),
        "sqlmodel" if name == "AutoString" => Some(Package::AutoString),
        "geoalchemy2" => match name {
            "Geometry" => Some(Package::Geo("geometry")),
            "Geography" => Some(Package::Geo("geography")),
            "Raster" => Some(Package::Geo("raster")),
            _ => None,
        },
        "pgvector" => match name {
            "Vector" | "VECTOR" => Some(Package::Vector("vector")),
            "HALFVEC" => Some(Package::Vector("halfvec")),
            "SPARSEVEC" => Some(Package::Vector("sparsevec")),
            "BIT" => Some(Package::Vector("bit")),
            _ => None,
        },
        _ => None,
    }
}

fn utils(name: &str) -> Option<Package> {
    Some(match name {
        "UUIDType" => Package::Uuid,
        "EmailType" => Package::Text(255, 0),
        "ChoiceType" => Package::Choice,
        "URLType" | "ScalarListType" => Package::LongText,
        "PhoneNumberType" => Package::Text(20, 1),
        "CountryType" => Package::Text(2, usize::MAX),
        "CurrencyType" => Package::Text(3, usize::MAX),
        "LocaleType" => Package::Text(10, usize::MAX),
        "IPAddressType" => Package::Text(50, 0),
        "ColorType" => Package::Text(20, 0),
        "TimezoneType" => Package::Text(50, usize::MAX),
        "EnrichedDateType" => Package::Date,
        "ArrowType" | "EnrichedDateTimeType" => Package::DateTime,
        "JSONType" => Package::Json,
        "EncryptedType" => Package::Bytes,
        "StringEncryptedType" => Package::OpenText,
        "TSVectorType" => Package::PostgreSql("TSVECTOR"),
        "LtreeType" => Package::PostgreSql("LTREE"),
        "DateRangeType" => Package::Range("DATERANGE"),
        "DateTimeRangeType" => Package::Range("TSRANGE"),
        "IntRangeType" => Package::Range("INT4RANGE"),
        "Int8RangeType" => Package::Range("INT8RANGE"),
        "NumericRangeType" => Package::Range("NUMRANGE"),
        "PasswordType" | "WeekDaysType" | "CompositeType" => Package::Unknown,
        _ => return None,
    })
}

impl Package {
    /// An instance without arguments.
    pub(super) fn bare(self, class: &str) -> SaType {
        match self {
            Self::Text(length, _) => text(class, Some(length)),
            Self::LongText => SaType::plain(class, Kind::Text(TextSize::Plain)),
            Self::Bytes => SaType::plain(class, Kind::LargeBinary),
            Self::OpenText => text(class, None),
            Self::Date => SaType::plain(class, Kind::Date),
            Self::DateTime => SaType::plain(class, Kind::DateTime),
            Self::Range(name) => range(class, name),
            Self::Uuid => uuid(class, true, true),
            Self::Choice => text(class, Some(255)),
            Self::Json => json(class),
            Self::AutoString => auto_string(class, None),
            Self::PostgreSql(name) => SaType::plain(class, Kind::PostgreSqlOnly(name)),
            Self::Geo(name) | Self::Vector(name) => SaType::plain(class, Kind::Named(name.into(), Vec::new())),
            Self::Unknown => SaType::plain(class, Kind::Unknown),
        }
    }

    /// `class(…)`.
    pub(super) fn build(self, class: &str, vm: &mut Vm<'_>, args: &Args, span: Span) -> SaType {
        let length = |at: usize, name: &str| match known::number(args.get(at, name), span) {
            Ok(length) => Ok(length.and_then(|length| u32::try_from(length).ok())),
            Err(why) => Err(why),
        };
        let mut ty = match self {
            Self::Text(default, at) => {
                let name = if class == "PhoneNumberType" || class == "IPAddressType" || class == "ColorType" {
                    "max_length"
                } else {
                    "length"
                };
                match length(at, name) {
                    Ok(given) => text(class, given.or(Some(default))),
                    Err(why) => SaType { unknown: Some(why), ..text(class, None) },
                }
            }
            Self::OpenText => match length(usize::MAX, "length") {
                Ok(given) => text(class, given),
                Err(why) => SaType { unknown: Some(why), ..text(class, None) },
            },
            Self::AutoString => match length(0, "length") {
                Ok(given) => auto_string(class, given),
                Err(why) => SaType { unknown: Some(why), ..auto_string(class, None) },
            },
            Self::Uuid => {
                let binary = known::flag(vm, args.get(0, "binary"), true, span);
                let native = known::flag(vm, args.get(1, "native"), true, span);
                match (binary, native) {
                    (Ok(binary), Ok(native)) => uuid(class, binary, native),
                    (Err(why), _) | (_, Err(why)) => SaType { unknown: Some(why), ..uuid(class, true, true) },
                }
            }
            Self::Choice => match args.get(1, "impl") {
                None | Some(Value::None) => text(class, Some(255)),
                Some(given) => match coerce(given) {
                    Some(inner) => SaType::plain(class, Kind::Decorated(inner)),
                    None => SaType { unknown: Some(known::unknown(given, span)), ..text(class, None) },
                },
            },
            Self::Geo(name) => geo(class, name, vm, args, span),
            Self::Vector(name) => match args.get(0, "dim") {
                Some(Value::Int(dimension)) => {
                    SaType::plain(class, Kind::Named(name.into(), vec![Name::from(dimension.to_string())]))
                }
                Some(Value::None) | None => self.bare(class),
                Some(other) => SaType { unknown: Some(known::unknown(other, span)), ..self.bare(class) },
            },
            _ => self.bare(class),
        };
        if let Some(open) = &args.open {
            ty.unknown = Some(open.clone());
        }
        ty
    }
}

fn text(class: &str, length: Option<u32>) -> SaType {
    SaType { params: Params { length, ..Params::default() }, ..SaType::plain(class, Kind::VarChar) }
}

/// `sqlmodel`'s string: MySQL, which wants a length, gets 255.
fn auto_string(class: &str, length: Option<u32>) -> SaType {
    let mut ty = text(class, length);
    if length.is_none() {
        ty.variants.push(("mysql".into(), Rc::new(text(class, Some(255)))));
    }
    ty
}

/// `UUIDType`: PostgreSQL's own type where it may be used, else 16 bytes or 32 characters.
fn uuid(class: &str, binary: bool, native: bool) -> SaType {
    let kind = if binary { Kind::Binary } else { Kind::Char };
    let mut ty = SaType::plain(class, kind);
    ty.params.length = Some(if binary { 16 } else { 32 });
    if native {
        ty.variants.push(("postgresql".into(), Rc::new(SaType::plain(class, Kind::PlainUuid))));
    }
    ty
}

fn range(class: &str, name: &'static str) -> SaType {
    let mut ty = text(class, Some(255));
    ty.variants.push(("postgresql".into(), Rc::new(SaType::plain(class, Kind::PostgreSqlOnly(name)))));
    ty
}

fn json(class: &str) -> SaType {
    let mut ty = SaType::plain(class, Kind::Text(TextSize::Plain));
    ty.variants.push(("postgresql".into(), Rc::new(SaType::plain(class, Kind::Json))));
    ty
}

/// `Geometry(geometry_type="GEOMETRY", srid=-1, …)`, which is written `geometry(POINT,4326)`.
fn geo(class: &str, name: &str, vm: &mut Vm<'_>, args: &Args, span: Span) -> SaType {
    let shape = known::optional_text(vm, args.get(0, "geometry_type"), span);
    let srid = known::number(args.get(1, "srid"), span);
    let (shape, srid) = match (shape, srid) {
        (Ok(shape), Ok(srid)) => (shape, srid),
        (Err(why), _) | (_, Err(why)) => {
            return SaType { unknown: Some(why), ..SaType::plain(class, Kind::Named(name.into(), Vec::new())) };
        }
    };
    if name == "raster" {
        return SaType::plain(class, Kind::Named(name.into(), Vec::new()));
    }
    let shape = shape.map_or_else(|| Name::from("GEOMETRY"), |shape| Name::from(shape.to_uppercase()));
    let srid = Name::from(srid.unwrap_or(-1).to_string());
    let ty = SaType::plain(class, Kind::Named(name.into(), vec![shape, srid]));
    match known::flag(vm, args.get(3, "spatial_index"), true, span) {
        Ok(spatial_index) => SaType { params: Params { spatial_index, ..Params::default() }, ..ty },
        Err(why) => SaType { unknown: Some(why), ..ty },
    }
}
