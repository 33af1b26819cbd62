//! [`Settings`]: what `env.py` says of the offline mode.

use crate::directory::ScriptDirectory;
use crate::op::{Offline, Paramstyle};
use crate::schema::{Dialect, Name};

/// How the SQL is written and framed: the arguments of `context.configure()`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Values and placeholders.
    pub offline: Offline,
    /// `transaction_per_migration`.
    pub transaction_per_migration: bool,
    /// `transactional_ddl`, where it is given.
    pub transactional_ddl: Option<bool>,
    /// `version_table`.
    pub version_table: Name,
    /// `version_table_schema`.
    pub version_table_schema: Option<Name>,
    /// `version_table_pk`.
    pub version_table_pk: bool,
    /// Whether each statement is told what it locks.
    pub annotate: bool,
}

impl Settings {
    /// What the project's `env.py` shows, over Alembic's defaults.
    pub fn of(directory: &ScriptDirectory<'_>) -> Self {
        Self::new(directory.environment.dialect)
    }

    /// Alembic's own defaults for a dialect, with the placeholders of its usual driver and values written as literals,
    /// as every template of `env.py` has it.
    pub fn new(dialect: Dialect) -> Self {
        let paramstyle = match dialect {
            Dialect::PostgreSql => Paramstyle::Pyformat,
            Dialect::Sqlite => Paramstyle::Qmark,
            Dialect::MySql => Paramstyle::Format,
        };
        Self {
            offline: Offline { literal_binds: true, paramstyle },
            transaction_per_migration: false,
            transactional_ddl: None,
            version_table: "alembic_version".into(),
            version_table_schema: None,
            version_table_pk: true,
            annotate: false,
        }
    }
}
