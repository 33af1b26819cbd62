//! [`compile`]: what a dialect's type compiler writes for a type, and what its server says of that.

use super::SaType;
use super::kind::Kind;
use crate::op::{Failure, FailureKind};
use crate::schema::{BlobSize, Dialect, Name, QName, SqlType, TextSize};

/// What the dialect makes of a type. An error is what SQLAlchemy raises while it compiles the statement, or what the
/// server says of a type that it does not have.
pub(in crate::alembic) fn compile(ty: &SaType, dialect: Dialect) -> Result<SqlType, Failure> {
    compile_in(ty, dialect, None, 0)
}

/// As [`compile`], for a column of a table in `schema` (which enum types may inherit).
pub(in crate::alembic) fn compile_column(
    ty: &SaType,
    dialect: Dialect,
    schema: Option<&str>,
) -> Result<SqlType, Failure> {
    compile_in(ty, dialect, schema, 0)
}

fn compile_in(ty: &SaType, dialect: Dialect, schema: Option<&str>, depth: u8) -> Result<SqlType, Failure> {
    let ty = ty.on(dialect);
    if ty.unknown.is_some() || depth > 16 {
        return Ok(SqlType::Unknown);
    }
    match &ty.kind {
        Kind::Unknown => return Ok(SqlType::Unknown),
        Kind::Null => {
            let message = "Can't generate DDL for NullType(); did you forget to specify a type on this Column?";
            return Err(Failure::new(FailureKind::InvalidStatement, message));
        }
        Kind::Reflected(ty) => return Ok((**ty).clone()),
        Kind::Decorated(inner) => return compile_in(inner, dialect, schema, depth + 1),
        Kind::Named(name, arguments) => {
            let (schema, name) = name.split_once('.').map_or((None, &**name), |(schema, name)| (Some(schema), name));
            return Ok(SqlType::Named(QName::in_schema(schema, name), arguments.clone()));
        }
        _ => {}
    }
    match dialect {
        Dialect::PostgreSql => postgresql(ty, schema, depth),
        Dialect::Sqlite => sqlite(ty),
        Dialect::MySql => mysql(ty),
    }
}

fn postgresql(ty: &SaType, schema: Option<&str>, depth: u8) -> Result<SqlType, Failure> {
    let params = &ty.params;
    let missing = |name: &str| {
        let message = format!("type \"{name}\" does not exist");
        Err(Failure::new(FailureKind::UndefinedObject, message).about(name))
    };
    Ok(match &ty.kind {
        Kind::VarChar => SqlType::VarChar(params.length),
        Kind::Char | Kind::NChar => SqlType::Char(params.length),
        Kind::NVarChar => return missing("nvarchar"),
        Kind::Text(TextSize::Plain) if params.length.is_some() => {
            let message = "type modifier is not allowed for type \"text\"";
            return Err(Failure::new(FailureKind::InvalidStatement, message));
        }
        Kind::Text(TextSize::Plain) => SqlType::Text(TextSize::Plain),
        Kind::Text(TextSize::Clob) => return missing("clob"),
        Kind::Numeric | Kind::Decimal => SqlType::Numeric(params.precision, params.scale),
        Kind::Float => SqlType::Float(params.precision),
        Kind::Real => SqlType::Real,
        Kind::Double | Kind::DoublePrecision => SqlType::Double,
        Kind::PlainDouble => return missing("double"),
        Kind::PlainDateTime => return missing("datetime"),
        Kind::Time => SqlType::Time { precision: params.precision, tz: params.timezone },
        Kind::DateTime | Kind::Timestamp => SqlType::Timestamp { precision: params.precision, tz: params.timezone },
        Kind::Interval => SqlType::Interval { fields: None, precision: params.precision },
        Kind::PlainInterval => SqlType::Interval { fields: params.fields.clone(), precision: params.precision },
        Kind::LargeBinary | Kind::PostgreSqlOnly("BYTEA") => SqlType::Bytea,
        Kind::Binary => return missing("binary"),
        Kind::VarBinary => return missing("varbinary"),
        Kind::Blob(BlobSize::Plain) => return missing("blob"),
        Kind::Jsonb => SqlType::Jsonb,
        Kind::Uuid if params.not_native => SqlType::Char(Some(32)),
        Kind::Uuid | Kind::PlainUuid => SqlType::Uuid,
        Kind::Enum(spec) if spec.native => match spec.qname(Dialect::PostgreSql, schema) {
            Some(name) => SqlType::Enum(name),
            None if matches!(spec.name, crate::alembic::known::NameArg::Unknown(_)) => SqlType::Unknown,
            None => {
                let message = "PostgreSQL ENUM type requires a name.";
                return Err(Failure::new(FailureKind::InvalidStatement, message));
            }
        },
        Kind::Enum(spec) => SqlType::VarChar(spec.text_length()),
        Kind::Array(inner) => SqlType::Array(Box::new(compile_in(inner, Dialect::PostgreSql, schema, depth + 1)?)),
        Kind::Bit => SqlType::Bit { length: params.length, varying: params.varying },
        Kind::PostgreSqlOnly(name) if matches!(*name, "CITEXT" | "HSTORE" | "LTREE") => {
            SqlType::Named(QName::new(name.to_lowercase()), Vec::new())
        }
        Kind::PostgreSqlOnly(name) => SqlType::Builtin(Name::from(*name)),
        Kind::Domain(name) => SqlType::Named(QName::new(name.clone()), Vec::new()),
        _ => return common(ty, Dialect::PostgreSql),
    })
}

fn sqlite(ty: &SaType) -> Result<SqlType, Failure> {
    let params = &ty.params;
    Ok(match &ty.kind {
        Kind::VarChar => SqlType::VarChar(params.length),
        Kind::Float => SqlType::Float(None),
        Kind::Double | Kind::PlainDouble | Kind::DoublePrecision => SqlType::Double,
        Kind::Time => SqlType::Time { precision: None, tz: false },
        Kind::DateTime | Kind::PlainDateTime | Kind::Interval => SqlType::DateTime(None),
        Kind::Timestamp => SqlType::Timestamp { precision: None, tz: false },
        Kind::LargeBinary => SqlType::Blob(BlobSize::Plain),
        Kind::Jsonb => SqlType::Jsonb,
        Kind::Uuid => SqlType::Char(Some(32)),
        Kind::PlainUuid => SqlType::Uuid,
        Kind::Enum(spec) if spec.flavour != super::enums::Flavour::MySql => SqlType::VarChar(spec.text_length()),
        Kind::Bit => return Err(cannot_render(ty, Dialect::Sqlite)),
        _ => return common(ty, Dialect::Sqlite),
    })
}

fn mysql(ty: &SaType) -> Result<SqlType, Failure> {
    let params = &ty.params;
    let unsigned = |inner: SqlType| if params.unsigned { SqlType::Unsigned(Box::new(inner)) } else { inner };
    let sized = |name: &str| {
        let message = || format!("{name} requires a length on dialect mysql");
        params.length.map(Some).ok_or_else(|| Failure::new(FailureKind::InvalidStatement, message()))
    };
    Ok(match &ty.kind {
        Kind::VarChar => SqlType::VarChar(sized("VARCHAR")?),
        Kind::NVarChar => SqlType::NVarChar(sized("NVARCHAR")?),
        Kind::VarBinary => SqlType::VarBinary(sized("VARBINARY")?),
        Kind::Integer => unsigned(SqlType::Integer),
        Kind::BigInteger => unsigned(SqlType::BigInt),
        Kind::SmallInteger => unsigned(SqlType::SmallInt),
        Kind::TinyInt if params.length == Some(1) && !params.unsigned => SqlType::Boolean,
        Kind::TinyInt => unsigned(SqlType::TinyInt),
        Kind::MediumInt => unsigned(SqlType::MediumInt),
        Kind::Year => SqlType::Year,
        Kind::Text(size) => SqlType::Text(*size),
        Kind::Numeric => unsigned(SqlType::Numeric(params.precision, params.scale)),
        Kind::Decimal => unsigned(SqlType::Decimal(params.precision, params.scale)),
        Kind::Float => unsigned(SqlType::Float(params.precision)),
        Kind::Double | Kind::PlainDouble | Kind::DoublePrecision => unsigned(SqlType::Double),
        Kind::Time => SqlType::Time { precision: params.length, tz: false },
        Kind::DateTime | Kind::PlainDateTime => SqlType::DateTime(params.length),
        Kind::Interval => SqlType::DateTime(params.precision),
        Kind::Timestamp => SqlType::Timestamp { precision: params.length, tz: false },
        Kind::LargeBinary => SqlType::Blob(BlobSize::Plain),
        Kind::Blob(size) => SqlType::Blob(*size),
        Kind::Uuid => SqlType::Char(Some(32)),
        Kind::PlainUuid => SqlType::Uuid,
        Kind::Enum(spec) if spec.native => match spec.labels() {
            Ok(labels) => SqlType::InlineEnum(labels),
            Err(_) => SqlType::Unknown,
        },
        Kind::Enum(spec) => SqlType::VarChar(spec.text_length()),
        Kind::Set(values) => SqlType::Set(values.clone()),
        Kind::Bit => SqlType::Bit { length: params.length, varying: false },
        Kind::Jsonb => return Err(cannot_render(ty, Dialect::MySql)),
        _ => return common(ty, Dialect::MySql),
    })
}

/// What all dialects write alike; what is left is a type that the dialect's compiler does not know.
fn common(ty: &SaType, dialect: Dialect) -> Result<SqlType, Failure> {
    let params = &ty.params;
    Ok(match &ty.kind {
        Kind::Integer => SqlType::Integer,
        Kind::BigInteger => SqlType::BigInt,
        Kind::SmallInteger => SqlType::SmallInt,
        Kind::VarChar => SqlType::VarChar(params.length),
        Kind::Char => SqlType::Char(params.length),
        Kind::NChar => SqlType::NChar(params.length),
        Kind::NVarChar => SqlType::NVarChar(params.length),
        Kind::Text(size @ (TextSize::Plain | TextSize::Clob)) => SqlType::Text(*size),
        Kind::Numeric => SqlType::Numeric(params.precision, params.scale),
        Kind::Decimal => SqlType::Decimal(params.precision, params.scale),
        Kind::Real => SqlType::Real,
        Kind::Date => SqlType::Date,
        Kind::Boolean => SqlType::Boolean,
        Kind::Binary => SqlType::Binary(params.length),
        Kind::VarBinary => SqlType::VarBinary(params.length),
        Kind::Blob(BlobSize::Plain) => SqlType::Blob(BlobSize::Plain),
        Kind::Json => SqlType::Json,
        _ => return Err(cannot_render(ty, dialect)),
    })
}

fn cannot_render(ty: &SaType, dialect: Dialect) -> Failure {
    let message = format!("the {dialect} type compiler can't render a column of type {}", ty.class);
    Failure::new(FailureKind::Unsupported, message)
}
