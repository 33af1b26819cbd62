//! [`SqlType`]: a column type as one dialect knows it.

use super::name::{Name, QName};

/// A column type. The same type may be spelled in several ways; `SqlType::canonical` settles on the one that the
/// dialect reflects, and catalogs hold only that one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SqlType {
    /// `BOOLEAN`.
    Boolean,
    /// `TINYINT`, 8 bits (MySQL; SQLite as spelled). MySQL's boolean is `TINYINT(1)`, which is [`SqlType::Boolean`].
    TinyInt,
    /// `SMALLINT`, 16 bits.
    SmallInt,
    /// `MEDIUMINT`, 24 bits (MySQL).
    MediumInt,
    /// `INTEGER`, 32 bits (SQLite: 64).
    Integer,
    /// `BIGINT`, 64 bits.
    BigInt,
    /// An integer type with `UNSIGNED` (MySQL).
    Unsigned(Box<SqlType>),
    /// `NUMERIC`, `NUMERIC(p)`, `NUMERIC(p, s)`.
    Numeric(Option<u32>, Option<i32>),
    /// `DECIMAL`, which PostgreSQL calls `NUMERIC` and SQLite keeps as spelled.
    Decimal(Option<u32>, Option<i32>),
    /// `FLOAT`, `FLOAT(p)`.
    Float(Option<u32>),
    /// `REAL`.
    Real,
    /// `DOUBLE PRECISION` (PostgreSQL) or `DOUBLE` (MySQL, SQLite).
    Double,
    /// `CHAR(n)`.
    Char(Option<u32>),
    /// `VARCHAR(n)`; without a length where that is allowed.
    VarChar(Option<u32>),
    /// `NCHAR(n)`.
    NChar(Option<u32>),
    /// `NVARCHAR(n)`.
    NVarChar(Option<u32>),
    /// `TEXT` and its sizes.
    Text(TextSize),
    /// `BINARY(n)`.
    Binary(Option<u32>),
    /// `VARBINARY(n)`.
    VarBinary(Option<u32>),
    /// `BLOB` and its sizes.
    Blob(BlobSize),
    /// `BYTEA` (PostgreSQL).
    Bytea,
    /// `BIT(n)`, `BIT VARYING(n)`.
    Bit {
        /// The length in bits.
        length: Option<u32>,
        /// Whether it is `BIT VARYING`.
        varying: bool,
    },
    /// `DATE`.
    Date,
    /// `TIME`.
    Time {
        /// Digits of the seconds' fraction.
        precision: Option<u32>,
        /// With time zone.
        tz: bool,
    },
    /// `TIMESTAMP`.
    Timestamp {
        /// Digits of the seconds' fraction.
        precision: Option<u32>,
        /// With time zone.
        tz: bool,
    },
    /// `DATETIME` (SQLite, MySQL), with digits of the seconds' fraction.
    DateTime(Option<u32>),
    /// `YEAR` (MySQL).
    Year,
    /// `INTERVAL`.
    Interval {
        /// `DAY TO SECOND` and such.
        fields: Option<Name>,
        /// Digits of the seconds' fraction.
        precision: Option<u32>,
    },
    /// `UUID`.
    Uuid,
    /// `JSON`.
    Json,
    /// `JSONB`.
    Jsonb,
    /// A named enum type (PostgreSQL); its values stand in the catalog.
    Enum(QName),
    /// `ENUM('a', 'b')` written at the column (MySQL).
    InlineEnum(Vec<Name>),
    /// `SET('a', 'b')` (MySQL).
    Set(Vec<Name>),
    /// An array (PostgreSQL). PostgreSQL does not remember the number of dimensions, nor do we.
    Array(Box<SqlType>),
    /// A type of the server that has no parameters worth knowing: `INET`, `TSVECTOR`, `MONEY`, `INT4RANGE`, …, in
    /// upper case.
    Builtin(Name),
    /// A type known by name only, from an extension or a third-party package, with its arguments as written:
    /// `geometry(POINT,4326)`, `vector(3)`, `citext`.
    Named(QName, Vec<Name>),
    /// No type at all (SQLite allows it).
    None,
    /// The script gives a type, but which one is not known.
    Unknown,
}

/// The size classes of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextSize {
    /// `TINYTEXT`.
    Tiny,
    /// `TEXT`.
    Plain,
    /// `MEDIUMTEXT`.
    Medium,
    /// `LONGTEXT`.
    Long,
    /// `CLOB`.
    Clob,
}

/// The size classes of blobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlobSize {
    /// `TINYBLOB`.
    Tiny,
    /// `BLOB`.
    Plain,
    /// `MEDIUMBLOB`.
    Medium,
    /// `LONGBLOB`.
    Long,
}
