//! [`Settings`]: what `env.py` says of the offline mode.

use crate::alembic::Configured;
use crate::directory::ScriptDirectory;
use crate::op::{Offline, Paramstyle};
use crate::python::Plain;
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
    /// An argument of `context.configure()` that decides about the text and can't be told from `env.py`.
    pub untold: Option<String>,
    /// Whether each statement is told what it locks.
    pub annotate: bool,
}

impl Settings {
    /// What the project's `env.py` shows for a database of that dialect, over Alembic's defaults.
    pub fn of(directory: &ScriptDirectory<'_>, dialect: Dialect) -> Self {
        Self::configured(dialect, &directory.configured)
    }

    fn configured(dialect: Dialect, configured: &Configured) -> Self {
        let mut settings = Self::new(dialect);
        if !configured.found {
            // Without an env.py that shows it, the one that `alembic init` writes.
            settings.offline.paramstyle = Paramstyle::Named;
            return settings;
        }
        let mut read = Reader { configured, untold: None };
        settings.offline.literal_binds = read.flag("literal_binds").unwrap_or(false);
        settings.transaction_per_migration = read.flag("transaction_per_migration").unwrap_or(false);
        settings.transactional_ddl = read.flag("transactional_ddl");
        settings.version_table_pk = read.flag("version_table_pk").unwrap_or(true);
        if let Some(table) = read.text("version_table") {
            settings.version_table = table;
        }
        settings.version_table_schema = read.text("version_table_schema");
        match configured.get("dialect_opts") {
            Some(Plain::Dict(options)) => {
                for (_, style) in options.iter().filter(|(name, _)| name == "paramstyle") {
                    match style {
                        Plain::Str(style) => match Paramstyle::parse(style) {
                            Some(style) => settings.offline.paramstyle = style,
                            None => read.missing("dialect_opts"),
                        },
                        _ => read.missing("dialect_opts"),
                    }
                }
            }
            Some(Plain::Other) => read.missing("dialect_opts"),
            _ => {}
        }
        settings.untold = read.untold;
        settings
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
            untold: None,
            annotate: false,
        }
    }
}

/// Reads arguments, and remembers one that can't be told.
struct Reader<'a> {
    configured: &'a Configured,
    untold: Option<String>,
}

impl Reader<'_> {
    fn missing(&mut self, name: &str) {
        self.untold.get_or_insert_with(|| name.to_owned());
    }

    fn flag(&mut self, name: &str) -> Option<bool> {
        match self.configured.get(name)? {
            Plain::Bool(flag) => Some(*flag),
            Plain::None => None,
            _ => {
                self.missing(name);
                None
            }
        }
    }

    fn text(&mut self, name: &str) -> Option<Name> {
        match self.configured.get(name)? {
            Plain::Str(text) => Some(text.as_str().into()),
            Plain::None => None,
            _ => {
                self.missing(name);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::Config;
    use crate::directory;

    fn read(env: &str) -> Settings {
        let mut files = BTreeMap::new();
        files.insert("m/env.py".to_owned(), env.to_owned());
        files.insert("m/versions/a.py".to_owned(), "revision = 'a'\ndown_revision = None\n".to_owned());
        let config = Config { dialect: Some(Dialect::PostgreSql), ..Config::default() };
        let (directories, _) = directory::read(&files, "m", &config);
        Settings::of(&directories[0], Dialect::PostgreSql)
    }

    #[test]
    fn the_arguments_of_the_offline_mode_are_read() {
        let plain = "def run_migrations_offline():\n    context.configure(url=url, literal_binds=True, \
                     dialect_opts={'paramstyle': 'named'})\n\ndef run_migrations_online():\n    context.configure(connection=c)\n";
        let settings = read(plain);
        assert_eq!(settings.offline, Offline { literal_binds: true, paramstyle: Paramstyle::Named });
        assert_eq!(settings.untold, None);

        let flask =
            "def run_migrations_offline():\n    context.configure(url=url, target_metadata=m(), literal_binds=True)\n";
        assert_eq!(read(flask).offline.paramstyle, Paramstyle::Pyformat);

        let rich = "TABLE = 'Ver'\ndef run():\n    context.configure(url=url, version_table=TABLE, \
                    version_table_schema='sc', version_table_pk=False, transaction_per_migration=True)\n";
        let settings = read(rich);
        assert_eq!((&*settings.version_table, settings.version_table_schema.as_deref()), ("Ver", Some("sc")));
        assert!(!settings.version_table_pk && settings.transaction_per_migration && !settings.offline.literal_binds);
    }

    #[test]
    fn what_can_not_be_told_is_said() {
        let env =
            "def run_migrations_offline():\n    context.configure(url=url, version_table_schema=settings.schema())\n";
        assert_eq!(read(env).untold.as_deref(), Some("version_table_schema"));
    }

    #[test]
    fn without_an_env_it_is_the_one_of_the_template() {
        assert_eq!(read("").offline, Offline::default());
    }
}
