//! [`Dialect`]: the database whose behaviour is simulated.

use std::fmt;
use std::str::FromStr;

/// A database whose behaviour revproof knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// PostgreSQL 15.
    #[default]
    PostgreSql,
    /// SQLite 3.40.
    Sqlite,
    /// MySQL 8.0 and MariaDB, where they agree.
    MySql,
}

impl Dialect {
    /// Its name, as SQLAlchemy spells it (`dialect.name`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::PostgreSql => "postgresql",
            Self::Sqlite => "sqlite",
            Self::MySql => "mysql",
        }
    }

    /// Whether DDL takes part in transactions, so that a failed upgrade leaves nothing behind. Alembic's SQLite
    /// implementation commits each statement too (`transactional_ddl = False`).
    pub const fn transactional_ddl(self) -> bool {
        matches!(self, Self::PostgreSql)
    }

    /// The longest identifier in bytes; a longer one is cut or refused.
    pub const fn max_identifier(self) -> usize {
        match self {
            Self::PostgreSql => 63,
            Self::Sqlite => 9999,
            Self::MySql => 64,
        }
    }

    /// The schema that an unqualified name means, where the dialect has one with a fixed name.
    pub const fn default_schema(self) -> Option<&'static str> {
        match self {
            Self::PostgreSql => Some("public"),
            Self::Sqlite => Some("main"),
            Self::MySql => None,
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Dialect {
    type Err = String;

    /// Reads a dialect name or the part of a database URL before `://`, driver and all (`postgresql+psycopg2`).
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let backend = s.split(['+', ':']).next().unwrap_or_default().to_ascii_lowercase();
        match backend.as_str() {
            "postgresql" | "postgres" => Ok(Self::PostgreSql),
            "sqlite" => Ok(Self::Sqlite),
            "mysql" | "mariadb" => Ok(Self::MySql),
            _ => Err(format!("unknown dialect `{s}`; known are postgresql, sqlite and mysql")),
        }
    }
}
