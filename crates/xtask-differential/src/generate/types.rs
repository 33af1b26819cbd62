//! [`Type`]: the column types, with values for each.

use revproof_core::schema::Dialect;

use super::world::{World, string};
use crate::random::Random;

/// A column type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Type {
    /// The type, in Python.
    pub(super) python: String,
    pub(super) kind: Kind,
}

/// What values a type takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Text(usize),
    Number,
    Float,
    Bool,
    Date,
    Time,
    Moment,
    Interval,
    Bytes,
    Json,
    Uuid,
    Enum(Vec<String>),
    Array,
    /// Types for which no values are written.
    Other,
}

const COMMON: &[(&str, Kind)] = &[
    ("sa.Integer()", Kind::Int),
    ("sa.Integer()", Kind::Int),
    ("sa.BigInteger()", Kind::Int),
    ("sa.SmallInteger()", Kind::Int),
    ("sa.String(length=50)", Kind::Text(50)),
    ("sa.String(length=20)", Kind::Text(20)),
    ("sa.String(length=255)", Kind::Text(255)),
    ("sa.String(8)", Kind::Text(8)),
    ("sa.String()", Kind::Text(300)),
    ("sa.Unicode(length=40)", Kind::Text(40)),
    ("sa.UnicodeText()", Kind::Text(300)),
    ("sa.VARCHAR(length=30)", Kind::Text(30)),
    ("sa.CHAR(length=3)", Kind::Text(3)),
    ("sa.Text()", Kind::Text(300)),
    ("sa.Boolean()", Kind::Bool),
    ("sa.Boolean()", Kind::Bool),
    ("sa.Float()", Kind::Float),
    ("sa.Float(precision=53)", Kind::Float),
    ("sa.Double()", Kind::Float),
    ("sa.REAL()", Kind::Float),
    ("sa.Numeric(precision=10, scale=2)", Kind::Number),
    ("sa.Numeric(8, 0)", Kind::Number),
    ("sa.Numeric()", Kind::Number),
    ("sa.DECIMAL(precision=6, scale=3)", Kind::Number),
    ("sa.DateTime()", Kind::Moment),
    ("sa.DateTime()", Kind::Moment),
    ("sa.DateTime(timezone=True)", Kind::Moment),
    ("sa.TIMESTAMP()", Kind::Moment),
    ("sa.Date()", Kind::Date),
    ("sa.Time()", Kind::Time),
    ("sa.Interval()", Kind::Interval),
    ("sa.LargeBinary()", Kind::Bytes),
    ("sa.JSON()", Kind::Json),
    ("sa.Uuid()", Kind::Uuid),
];

const POSTGRESQL: &[(&str, Kind)] = &[
    ("postgresql.JSONB(astext_type=sa.Text())", Kind::Json),
    ("postgresql.JSON(astext_type=sa.Text())", Kind::Json),
    ("postgresql.UUID(as_uuid=True)", Kind::Uuid),
    ("postgresql.ARRAY(sa.Integer())", Kind::Array),
    ("sa.ARRAY(sa.String(length=10))", Kind::Other),
    ("postgresql.ARRAY(sa.Text())", Kind::Other),
    ("postgresql.INET()", Kind::Other),
    ("postgresql.CIDR()", Kind::Other),
    ("postgresql.MACADDR()", Kind::Other),
    ("postgresql.MONEY()", Kind::Other),
    ("postgresql.BYTEA()", Kind::Bytes),
    ("postgresql.TIMESTAMP(timezone=True)", Kind::Moment),
    ("postgresql.TIMESTAMP(precision=3)", Kind::Moment),
    ("postgresql.TIME(precision=0)", Kind::Time),
    ("postgresql.INTERVAL()", Kind::Interval),
    ("postgresql.TSVECTOR()", Kind::Other),
    ("postgresql.INT4RANGE()", Kind::Other),
    ("postgresql.DATERANGE()", Kind::Other),
    ("postgresql.NUMRANGE()", Kind::Other),
    ("postgresql.BIT(4)", Kind::Other),
    ("postgresql.DOUBLE_PRECISION(precision=53)", Kind::Float),
    ("postgresql.REAL()", Kind::Float),
    ("postgresql.OID()", Kind::Other),
];

impl Type {
    pub(super) fn new(python: &str, kind: Kind) -> Self {
        Self { python: python.to_owned(), kind }
    }

    pub(super) fn integer() -> Self {
        Self::new("sa.Integer()", Kind::Int)
    }

    /// Any type of the dialect that makes no type of its own.
    pub(super) fn any(random: &mut Random, dialect: Dialect) -> Self {
        let own = dialect == Dialect::PostgreSql && random.percent(20);
        let (python, kind) =
            random.pick(if own { POSTGRESQL } else { COMMON }).cloned().unwrap_or(("sa.Text()", Kind::Text(9)));
        Self::new(python, kind)
    }

    /// An enum over a `VARCHAR`, with or without a check.
    pub(super) fn varchar_enum(random: &mut Random, world: &mut World) -> Self {
        let values: Vec<String> =
            random.some(&["new", "open", "done", "shut"], 3).iter().map(ToString::to_string).collect();
        let list: Vec<String> = values.iter().map(|value| string(value)).collect();
        let name = world.name("state");
        let check = if random.percent(40) { ", create_constraint=True" } else { "" };
        let python = format!("sa.Enum({}, name='{name}', native_enum=False{check})", list.join(", "));
        Self { python, kind: Kind::Enum(values) }
    }

    /// Whether a column of the type can be part of a key.
    pub(super) fn is_comparable(&self) -> bool {
        !matches!(self.kind, Kind::Json | Kind::Other | Kind::Array | Kind::Bytes)
    }

    /// A value of the type as a literal of SQL.
    pub(super) fn sql_value(&self, random: &mut Random, dialect: Dialect) -> Option<String> {
        let sqlite = dialect == Dialect::Sqlite;
        let n = random.between(1, 9);
        Some(match &self.kind {
            Kind::Int => format!("{}", n * 11),
            Kind::Text(length) => format!("'{}'", text(random, *length)),
            Kind::Number => format!("{n}.5"),
            Kind::Float => format!("{n}.25"),
            Kind::Bool if sqlite => format!("{}", n % 2),
            Kind::Bool => format!("{}", n.is_multiple_of(2)),
            Kind::Date => format!("'2021-03-0{n}'"),
            Kind::Time => format!("'0{n}:30:00'"),
            Kind::Moment if sqlite => format!("'2021-03-0{n} 10:00:00.000000'"),
            Kind::Moment => format!("'2021-03-0{n} 10:00:00'"),
            Kind::Uuid if sqlite => format!("'0000000000000000000000000000000{n}'"),
            Kind::Uuid => format!("'00000000-0000-0000-0000-00000000000{n}'"),
            Kind::Json => format!("'{{\"n\": {n}}}'"),
            Kind::Enum(values) => format!("'{}'", random.pick(values)?),
            Kind::Array => format!("'{{{n},2}}'"),
            Kind::Interval | Kind::Bytes | Kind::Other => return None,
        })
    }

    /// A value of the type, in Python.
    pub(super) fn python_value(&self, random: &mut Random) -> Option<String> {
        let n = random.between(1, 9);
        Some(match &self.kind {
            Kind::Int => format!("{}", n * 11),
            Kind::Text(length) => format!("'{}'", text(random, *length)),
            Kind::Number => format!("decimal.Decimal('{n}.5')"),
            Kind::Float => format!("{n}.25"),
            Kind::Bool => (if n.is_multiple_of(2) { "True" } else { "False" }).to_owned(),
            Kind::Date => format!("datetime.date(2021, 3, {n})"),
            Kind::Time => format!("datetime.time({n}, 30)"),
            Kind::Moment => format!("datetime.datetime(2021, 3, {n}, 10, 0)"),
            Kind::Interval => format!("datetime.timedelta(days={n})"),
            Kind::Bytes => format!("b'\\x0{n}'"),
            Kind::Json => format!("{{'n': {n}}}"),
            Kind::Uuid => format!("uuid.UUID(int={n})"),
            Kind::Enum(values) => string(random.pick(values)?),
            Kind::Array => format!("[{n}, 2]"),
            Kind::Other => return None,
        })
    }

    /// A server default that suits the type, in Python.
    pub(super) fn default(&self, random: &mut Random, dialect: Dialect) -> Option<String> {
        let sqlite = dialect == Dialect::Sqlite;
        let choices: Vec<String> = match &self.kind {
            Kind::Int => vec!["'0'".into(), "sa.text('7')".into(), "'-1'".into()],
            Kind::Text(length) => {
                vec![format!("'{}'", text(random, *length)), "''".into(), "sa.text(\"'x'\")".into()]
            }
            Kind::Number => vec!["'0'".into(), "sa.text('1.5')".into()],
            Kind::Float => vec!["sa.text('0.5')".into(), "'2'".into()],
            Kind::Bool if sqlite => vec!["sa.text('0')".into(), "sa.false()".into(), "'1'".into(), "sa.true()".into()],
            Kind::Bool => {
                vec!["sa.text('false')".into(), "sa.false()".into(), "'true'".into(), "sa.text('true')".into()]
            }
            Kind::Date => vec!["'2020-01-01'".into(), "sa.text(\"'2020-01-01'\")".into()],
            Kind::Moment => vec!["'2020-01-01 00:00:00'".into(), "sa.text(\"'2020-01-01 00:00:00'\")".into()],
            Kind::Json => vec!["'{}'".into(), "sa.text(\"'[]'\")".into()],
            Kind::Enum(values) => vec![string(random.pick(values)?)],
            Kind::Array if !sqlite => vec!["'{}'".into()],
            _ => return None,
        };
        random.pick(&choices).cloned()
    }

    /// Another type that its values can become, or, now and then, can't.
    pub(super) fn changed(&self, random: &mut Random, dialect: Dialect) -> Self {
        let choices: &[(&str, Kind)] = match &self.kind {
            Kind::Int => &[
                ("sa.BigInteger()", Kind::Int),
                ("sa.SmallInteger()", Kind::Int),
                ("sa.Numeric(precision=12, scale=2)", Kind::Number),
                ("sa.String(length=20)", Kind::Text(20)),
                ("sa.Float()", Kind::Float),
            ],
            Kind::Text(_) => &[
                ("sa.String(length=100)", Kind::Text(100)),
                ("sa.String(length=12)", Kind::Text(12)),
                ("sa.Text()", Kind::Text(300)),
                ("sa.Integer()", Kind::Int),
            ],
            Kind::Number => &[("sa.Numeric(precision=14, scale=4)", Kind::Number), ("sa.Integer()", Kind::Int)],
            Kind::Float => &[("sa.Numeric(precision=10, scale=2)", Kind::Number), ("sa.Double()", Kind::Float)],
            Kind::Moment => &[("sa.Date()", Kind::Date), ("sa.DateTime(timezone=True)", Kind::Moment)],
            Kind::Date => &[("sa.DateTime()", Kind::Moment)],
            Kind::Bool => &[("sa.Integer()", Kind::Int), ("sa.String(length=5)", Kind::Text(5))],
            Kind::Uuid => &[("sa.String(length=36)", Kind::Text(36))],
            Kind::Json => &[("sa.Text()", Kind::Text(300))],
            Kind::Enum(_) => &[("sa.String(length=30)", Kind::Text(30))],
            _ => return Self::any(random, dialect),
        };
        if random.percent(8) {
            return Self::any(random, dialect);
        }
        let (python, kind) = random.pick(choices).cloned().unwrap_or(("sa.Text()", Kind::Text(300)));
        Self::new(python, kind)
    }
}

/// A word that is no longer than that.
fn text(random: &mut Random, length: usize) -> String {
    let word = random.of(&["alpha", "beta", "gamma", "d", "a longer text than the others", "42", "7", "Z"]);
    word.chars().take(length).collect()
}
