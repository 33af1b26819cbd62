//! Column types, from SQL text to [`SqlType`].

use super::lexer::{Kind, lex};
use super::reader::Reader;
use crate::schema::{BlobSize, Dialect, Name, SqlType, TextSize};

/// A type as it stands in SQL, with what a column of it brings along.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ReadType {
    pub(super) ty: SqlType,
    /// `SERIAL` and its sizes.
    pub(super) serial: bool,
}

/// The type that a text spells in the dialect. A name that the dialect does not know is [`SqlType::Named`]: whether it
/// is an enum, a domain or an extension's type only the catalog knows.
pub fn read_type(text: &str, dialect: Dialect) -> SqlType {
    let tokens = lex(text, dialect);
    let mut reader = Reader::new(text, &tokens, dialect);
    match column_type(&mut reader) {
        Some(read) if reader.is_end() => read.ty,
        _ => SqlType::Unknown,
    }
}

/// The type that a parsed cast or column names.
pub fn sql_type(parsed: &sqlparser::ast::DataType, dialect: Dialect) -> SqlType {
    read_type(&parsed.to_string(), dialect)
}

/// Reads a type where one stands.
pub(super) fn column_type(reader: &mut Reader<'_>) -> Option<ReadType> {
    let mut read = base_type(reader)?;
    if reader.dialect == Dialect::PostgreSql {
        let mut array = false;
        while reader.eat_op("[") {
            reader.integer();
            reader.expect_op("]")?;
            array = true;
        }
        if reader.eat("ARRAY") {
            array = true;
            if reader.eat_op("[") {
                reader.integer();
                reader.expect_op("]")?;
            }
        }
        if array {
            read.ty = SqlType::Array(Box::new(read.ty));
        }
    } else {
        let unsigned = reader.eat("UNSIGNED");
        let zerofill = reader.eat_any(&["SIGNED", "ZEROFILL"]);
        if unsigned || (zerofill && reader.eat("UNSIGNED")) {
            read.ty = SqlType::Unsigned(Box::new(read.ty));
        }
        reader.eat("ZEROFILL");
    }
    Some(read)
}

fn base_type(reader: &mut Reader<'_>) -> Option<ReadType> {
    let plain = |ty| Some(ReadType { ty, serial: false });
    let serial = |ty| Some(ReadType { ty, serial: true });
    let pg = reader.dialect == Dialect::PostgreSql;
    let mysql = reader.dialect == Dialect::MySql;
    let start = reader.at;
    if reader.peek()?.kind != Kind::Word || reader.tokens.get(reader.at + 1).is_some_and(|t| reader.raw(*t) == ".") {
        if reader.eat("pg_catalog") {
            reader.expect_op(".")?;
            return base_type_of(reader, None);
        }
        let name = reader.qname()?;
        if name.schema.is_none() && reader.tokens.get(start).is_some_and(|t| t.kind == Kind::Quoted) {
            // A quoted name may be a plain type all the same: SQLite does not care, PostgreSQL knows `"char"`.
            if reader.dialect == Dialect::Sqlite {
                let args = arguments(reader)?;
                return plain(read_type(&spelled(&name.name, &args), reader.dialect));
            }
        }
        let args = arguments(reader)?;
        return plain(SqlType::Named(name, args));
    }
    let word = reader.raw_at(0).to_ascii_uppercase();
    if pg {
        match word.as_str() {
            "SERIAL" | "SERIAL4" => {
                reader.at += 1;
                return serial(SqlType::Integer);
            }
            "BIGSERIAL" | "SERIAL8" => {
                reader.at += 1;
                return serial(SqlType::BigInt);
            }
            "SMALLSERIAL" | "SERIAL2" => {
                reader.at += 1;
                return serial(SqlType::SmallInt);
            }
            _ => {}
        }
    } else if mysql && word == "SERIAL" {
        reader.at += 1;
        return serial(SqlType::Unsigned(Box::new(SqlType::BigInt)));
    }
    base_type_of(reader, Some(&word))
}

fn base_type_of(reader: &mut Reader<'_>, word: Option<&str>) -> Option<ReadType> {
    let upper = match word {
        Some(word) => word.to_owned(),
        None => reader.raw_at(0).to_ascii_uppercase(),
    };
    let start = reader.at;
    reader.at += 1;
    let pg = reader.dialect == Dialect::PostgreSql;
    let mysql = reader.dialect == Dialect::MySql;
    let lite = reader.dialect == Dialect::Sqlite;
    let ty = match upper.as_str() {
        "BOOLEAN" | "BOOL" => SqlType::Boolean,
        "TINYINT" | "INT1" if !pg => {
            if length(reader)? == Some(1) && mysql {
                SqlType::Boolean
            } else {
                SqlType::TinyInt
            }
        }
        "SMALLINT" | "INT2" => sized(reader, SqlType::SmallInt)?,
        "MEDIUMINT" | "INT3" if !pg => sized(reader, SqlType::MediumInt)?,
        // On SQLite only `INTEGER PRIMARY KEY`, spelled so, is the row number by another name.
        "INT" if lite => sized(reader, SqlType::Builtin(Name::from("INT")))?,
        "INT" | "INTEGER" | "INT4" => sized(reader, SqlType::Integer)?,
        "BIGINT" | "INT8" => sized(reader, SqlType::BigInt)?,
        "NUMERIC" => {
            let (p, s) = precision_and_scale(reader)?;
            SqlType::Numeric(p, s)
        }
        "DECIMAL" | "DEC" => {
            let (p, s) = precision_and_scale(reader)?;
            SqlType::Decimal(p, s)
        }
        "FLOAT" => SqlType::Float(precision_and_scale(reader)?.0),
        "REAL" | "FLOAT4" => SqlType::Real,
        "FLOAT8" => SqlType::Double,
        "DOUBLE" => {
            reader.eat("PRECISION");
            precision_and_scale(reader)?;
            SqlType::Double
        }
        "CHAR" | "CHARACTER" | "NATIONAL" | "NCHAR" | "BPCHAR" => {
            let national = upper.starts_with('N') && !pg;
            if upper == "NATIONAL" {
                reader.eat_any(&["CHARACTER", "CHAR"]);
            }
            let varying = reader.eat("VARYING");
            let length = length(reader)?;
            match (varying, national) {
                (true, false) => SqlType::VarChar(length),
                (true, true) => SqlType::NVarChar(length),
                (false, true) => SqlType::NChar(length),
                (false, false) => SqlType::Char(length),
            }
        }
        "VARCHAR" => SqlType::VarChar(length(reader)?),
        "NVARCHAR" if !pg => SqlType::NVarChar(length(reader)?),
        "TEXT" => {
            length(reader)?;
            SqlType::Text(TextSize::Plain)
        }
        "TINYTEXT" if mysql => SqlType::Text(TextSize::Tiny),
        "MEDIUMTEXT" if mysql => SqlType::Text(TextSize::Medium),
        "LONGTEXT" if mysql => SqlType::Text(TextSize::Long),
        "CLOB" if !pg => SqlType::Text(TextSize::Clob),
        "BINARY" if !pg => SqlType::Binary(length(reader)?),
        "VARBINARY" if !pg => SqlType::VarBinary(length(reader)?),
        "BLOB" if !pg => {
            length(reader)?;
            SqlType::Blob(BlobSize::Plain)
        }
        "TINYBLOB" if mysql => SqlType::Blob(BlobSize::Tiny),
        "MEDIUMBLOB" if mysql => SqlType::Blob(BlobSize::Medium),
        "LONGBLOB" if mysql => SqlType::Blob(BlobSize::Long),
        "BYTEA" if pg => SqlType::Bytea,
        "BIT" if !lite => {
            let varying = reader.eat("VARYING");
            SqlType::Bit { length: length(reader)?, varying }
        }
        "VARBIT" if pg => SqlType::Bit { length: length(reader)?, varying: true },
        "DATE" => SqlType::Date,
        "TIME" | "TIMETZ" => {
            let (precision, tz) = time_options(reader, upper == "TIMETZ")?;
            SqlType::Time { precision, tz }
        }
        "TIMESTAMP" | "TIMESTAMPTZ" => {
            let (precision, tz) = time_options(reader, upper == "TIMESTAMPTZ")?;
            SqlType::Timestamp { precision, tz }
        }
        "DATETIME" if !pg => SqlType::DateTime(length(reader)?),
        "YEAR" if mysql => {
            length(reader)?;
            SqlType::Year
        }
        "INTERVAL" if pg => interval(reader)?,
        "UUID" if pg => SqlType::Uuid,
        "JSON" => SqlType::Json,
        "JSONB" if !mysql => SqlType::Jsonb,
        "ENUM" if mysql => SqlType::InlineEnum(values(reader)?),
        "SET" if mysql => SqlType::Set(values(reader)?),
        _ if pg && is_builtin(&upper) => SqlType::Builtin(Name::from(upper)),
        _ => {
            reader.at = start;
            let name = reader.qname()?;
            SqlType::Named(name, arguments(reader)?)
        }
    };
    if mysql && matches!(ty, SqlType::Char(_) | SqlType::VarChar(_) | SqlType::Text(_) | SqlType::InlineEnum(_)) {
        if reader.eat("CHARACTER SET") || reader.eat("CHARSET") {
            reader.name()?;
        }
        reader.eat("BINARY");
    }
    Some(ReadType { ty, serial: false })
}

/// An integer type's display width says nothing.
fn sized(reader: &mut Reader<'_>, ty: SqlType) -> Option<SqlType> {
    length(reader)?;
    Some(ty)
}

#[expect(clippy::option_option, reason = "the outer one is a failure to read")]
fn length(reader: &mut Reader<'_>) -> Option<Option<u32>> {
    let Some(mut inner) = reader.parens() else { return Some(None) };
    let length = inner.integer()?;
    inner.eat_any(&["CHAR", "BYTE"]);
    inner.end()?;
    Some(u32::try_from(length).ok())
}

fn precision_and_scale(reader: &mut Reader<'_>) -> Option<(Option<u32>, Option<i32>)> {
    let Some(mut inner) = reader.parens() else { return Some((None, None)) };
    let precision = u32::try_from(inner.integer()?).ok();
    let scale = if inner.eat_op(",") { i32::try_from(inner.integer()?).ok() } else { None };
    inner.end()?;
    Some((precision, scale))
}

fn time_options(reader: &mut Reader<'_>, tz: bool) -> Option<(Option<u32>, bool)> {
    let precision = length(reader)?;
    let with = reader.eat("WITH TIME ZONE") || reader.eat("WITH LOCAL TIME ZONE");
    reader.eat("WITHOUT TIME ZONE");
    Some((precision, tz || with))
}

fn interval(reader: &mut Reader<'_>) -> Option<SqlType> {
    const FIELDS: &[&str] = &["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"];
    let mut fields = None;
    if reader.is_any(FIELDS) {
        let mut text = reader.raw_at(0).to_ascii_uppercase();
        reader.at += 1;
        if reader.is("TO") {
            text = format!("{text} TO {}", reader.raw_at(1).to_ascii_uppercase());
            reader.at += 2;
        }
        fields = Some(Name::from(text));
    }
    Some(SqlType::Interval { fields, precision: length(reader)? })
}

fn values(reader: &mut Reader<'_>) -> Option<Vec<Name>> {
    let mut inner = reader.parens()?;
    let mut values = Vec::new();
    while !inner.is_end() {
        values.push(inner.string()?);
        if !inner.eat_op(",") {
            break;
        }
    }
    inner.end()?;
    Some(values)
}

/// The arguments of a named type, as written.
fn arguments(reader: &mut Reader<'_>) -> Option<Vec<Name>> {
    let Some(mut inner) = reader.parens() else { return Some(Vec::new()) };
    let mut arguments = Vec::new();
    while !inner.is_end() {
        arguments.push(inner.expression(&[])?);
        if !inner.eat_op(",") {
            break;
        }
    }
    Some(arguments)
}

fn spelled(name: &str, arguments: &[Name]) -> String {
    if arguments.is_empty() { name.to_owned() } else { format!("{name}({})", arguments.join(",")) }
}

fn is_builtin(upper: &str) -> bool {
    const BUILTIN: &[&str] = &[
        "BOX",
        "CIDR",
        "CIRCLE",
        "DATEMULTIRANGE",
        "DATERANGE",
        "INET",
        "INT4MULTIRANGE",
        "INT4RANGE",
        "INT8MULTIRANGE",
        "INT8RANGE",
        "JSONPATH",
        "LINE",
        "LSEG",
        "MACADDR",
        "MACADDR8",
        "MONEY",
        "NAME",
        "NUMMULTIRANGE",
        "NUMRANGE",
        "OID",
        "PATH",
        "PG_LSN",
        "POINT",
        "POLYGON",
        "REGCLASS",
        "REGCONFIG",
        "REGPROC",
        "REGTYPE",
        "TSMULTIRANGE",
        "TSQUERY",
        "TSRANGE",
        "TSTZMULTIRANGE",
        "TSTZRANGE",
        "TSVECTOR",
        "XID",
        "XML",
    ];
    BUILTIN.binary_search(&upper).is_ok()
}
