//! [`Baseline`]: a database that was there before the first revision, from its dump.

use super::simulation::shorten;
use crate::engine::Database;
use crate::op::{Answer, Certainty, ConstraintKind, ConstraintSpec, OpKind, Operation, Origin};
use crate::schema::{Dialect, Name, QName, VERSION_TABLE};
use crate::source::{FileId, Span};
use crate::sql::{self, Statement};

/// A database from a dump.
#[derive(Debug, Clone)]
pub struct Baseline {
    /// Schema and rows.
    pub database: Database,
    /// The version rows that the dump brings, where it has data.
    pub versions: Vec<Name>,
    /// The statements that were not understood or failed, with the reason: what they make is missing.
    pub missing: Vec<String>,
}

impl Baseline {
    /// Reads what `pg_dump`, `sqlite3 .schema`, `sqlite3 .dump` or `mysqldump` wrote.
    pub fn read(dump: &str, dialect: Dialect) -> Self {
        let (text, mut versions) = without_copies(dump);
        let mut database = Database::new(dialect);
        let mut missing = Vec::new();
        let mut keys = Vec::new();
        // The dump makes the version table anew, perhaps in another way; it gives way to Alembic's own.
        let table = QName::new(VERSION_TABLE);
        let own = database.catalog.take_table(&table);
        for part in sql::split(&text, dialect) {
            let source = text.get(part.range.clone()).unwrap_or_default();
            let mut failed = |why: &str| missing.push(format!("{}: {why}", shorten(source)));
            match &part.statement {
                Statement::Ddl(kinds) => {
                    for kind in kinds.iter().cloned() {
                        let (now, later) = match dialect {
                            Dialect::MySql => without_foreign_keys(kind),
                            _ => (Some(kind), Vec::new()),
                        };
                        keys.extend(later.into_iter().map(|key| (shorten(source), key)));
                        if let Some(Err(why)) = now.map(|kind| apply(&mut database, &kind)) {
                            failed(&why);
                        }
                    }
                }
                Statement::Data(_) if is_query(source) => {}
                Statement::Data(_) => match database.execute(&part.statement, &[]) {
                    Ok(Answer::Unknown(why)) => failed(&why),
                    Ok(_) => {}
                    Err(failure) => failed(&failure.message),
                },
                Statement::Transaction(_) => {}
                Statement::Unreadable { why, .. } => failed(why),
            }
        }
        for (statement, key) in keys {
            if let Err(why) = apply(&mut database, &key) {
                missing.push(format!("{statement}: {why}"));
            }
        }
        for row in database.rows(&table).rows {
            versions.extend(row.first().and_then(|datum| match datum {
                crate::op::Datum::Text(text) => Some(text.clone()),
                _ => None,
            }));
        }
        for table in [table, QName::new("sqlite_sequence")] {
            if database.catalog.tables.contains_key(&table) {
                _ = apply(&mut database, &OpKind::DropTable { table, if_exists: true, cascade: true });
            }
        }
        if let Some(own) = own {
            database.catalog.put_table(own);
        }
        Self { database, versions, missing }
    }
}

/// A statement without its foreign keys, and these as statements of their own: a dump of MySQL is read with the checks
/// of foreign keys off, and its tables are in no order.
fn without_foreign_keys(kind: OpKind) -> (Option<OpKind>, Vec<OpKind>) {
    let is_key = |constraint: &ConstraintSpec| matches!(constraint.kind, ConstraintKind::ForeignKey { .. });
    match kind {
        OpKind::CreateTable { mut table, if_not_exists } => {
            let constraints = std::mem::take(&mut table.constraints);
            let (keys, others): (Vec<_>, Vec<_>) = constraints.into_iter().partition(is_key);
            table.constraints = others;
            let name = table.name.clone();
            let add = |constraint| OpKind::AddConstraint { table: name.clone(), constraint };
            (Some(OpKind::CreateTable { table, if_not_exists }), keys.into_iter().map(add).collect())
        }
        OpKind::AddConstraint { ref constraint, .. } if is_key(constraint) => (None, vec![kind]),
        other => (Some(other), Vec::new()),
    }
}

fn apply(database: &mut Database, kind: &OpKind) -> Result<(), String> {
    if let OpKind::Opaque { why, .. } = kind {
        return Err(why.to_string());
    }
    let span = Span::new(FileId(u32::MAX), 0, 0);
    let operation = Operation { kind: kind.clone(), span, certainty: Certainty::Certain, origin: Origin::Sql };
    database.apply(&operation).map(|_| ()).map_err(|failure| failure.message)
}

/// Dumps begin by setting what their session needs.
fn is_query(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    matches!(first.as_str(), "SELECT" | "PRAGMA" | "SHOW")
}

/// The dump without what only `psql` reads: its commands, and the data behind `COPY … FROM stdin`. Version rows among
/// the data are kept.
fn without_copies(dump: &str) -> (String, Vec<Name>) {
    let mut text = String::with_capacity(dump.len());
    let mut versions = Vec::new();
    let mut copying: Option<bool> = None;
    for line in dump.split_inclusive('\n') {
        let trimmed = line.trim_end();
        if let Some(is_version) = copying {
            if trimmed == "\\." {
                copying = None;
            } else if is_version {
                versions.push(Name::from(trimmed));
            }
            continue;
        }
        let upper = trimmed.to_ascii_uppercase();
        if upper.starts_with("COPY ") && upper.ends_with("FROM STDIN;") {
            copying = Some(upper.contains(&VERSION_TABLE.to_ascii_uppercase()));
            continue;
        }
        if !line.starts_with('\\') {
            text.push_str(line);
        }
    }
    (text, versions)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(dump: &str, dialect: Dialect, tables: &[&str], versions: &[&str]) -> Baseline {
        let read = Baseline::read(dump, dialect);
        assert_eq!(read.missing, [""; 0]);
        let names = read.database.catalog.tables.keys().map(ToString::to_string);
        assert_eq!(names.filter(|name| name != VERSION_TABLE).collect::<Vec<_>>(), tables);
        assert_eq!(read.versions.iter().map(|v| &**v).collect::<Vec<_>>(), versions);
        read
    }

    #[test]
    fn a_dump_of_postgresql() {
        let dump = "\\restrict abc\nSET statement_timeout = 0;\nSET client_encoding = 'UTF8';\n\
            SELECT pg_catalog.set_config('search_path', '', false);\nSET default_table_access_method = heap;\n\n\
            CREATE TYPE public.mood AS ENUM (\n    'sad',\n    'ok'\n);\nALTER TYPE public.mood OWNER TO app;\n\
            CREATE TABLE public.alembic_version (\n    version_num character varying(32) NOT NULL\n);\n\
            ALTER TABLE public.alembic_version OWNER TO app;\n\
            CREATE TABLE public.users (\n    id integer NOT NULL,\n    email character varying(120),\n    \
            mood public.mood DEFAULT 'ok'::public.mood\n);\n\
            CREATE SEQUENCE public.users_id_seq\n    AS integer\n    START WITH 1\n    INCREMENT BY 1\n    NO MINVALUE\n    \
            NO MAXVALUE\n    CACHE 1;\nALTER SEQUENCE public.users_id_seq OWNED BY public.users.id;\n\
            ALTER TABLE ONLY public.users ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);\n\
            COPY public.alembic_version (version_num) FROM stdin;\n8d27e4f1c60b\n\\.\n\n\
            COPY public.users (id, email) FROM stdin;\n1\tx\n\\.\n\
            ALTER TABLE ONLY public.users\n    ADD CONSTRAINT users_pkey PRIMARY KEY (id);\n\
            CREATE UNIQUE INDEX ix_users_email ON public.users USING btree (email);\n\\unrestrict abc\n";
        let read = check(dump, Dialect::PostgreSql, &["users"], &["8d27e4f1c60b"]);
        let users = read.database.catalog.table(&QName::new("users")).unwrap();
        assert_eq!((users.columns.len(), users.indexes.len(), users.primary_key.is_some()), (3, 1, true));
    }

    #[test]
    fn a_dump_of_sqlite() {
        let dump = "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n\
            CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);\n\
            INSERT INTO alembic_version VALUES('abc');\n\
            CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, email VARCHAR(120));\n\
            CREATE TABLE sqlite_sequence(name,seq);\nCREATE INDEX ix ON users (email);\nCOMMIT;\n";
        check(dump, Dialect::Sqlite, &["users"], &["abc"]);
    }

    #[test]
    fn a_dump_of_mysql() {
        let dump = "-- MySQL dump 10.13\n/*!40101 SET NAMES utf8mb4 */;\nDROP TABLE IF EXISTS `users`;\n\
            /*!40101 SET @saved_cs_client     = @@character_set_client */;\n\
            CREATE TABLE `users` (\n  `id` int NOT NULL AUTO_INCREMENT,\n  `email` varchar(120) DEFAULT NULL,\n  \
            PRIMARY KEY (`id`),\n  UNIQUE KEY `email` (`email`)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 \
            COLLATE=utf8mb4_0900_ai_ci;\n/*!40101 SET character_set_client = @saved_cs_client */;\n\
            LOCK TABLES `users` WRITE;\nUNLOCK TABLES;\n";
        check(dump, Dialect::MySql, &["users"], &[]);
        let early = "CREATE TABLE `a` (\n  `id` int NOT NULL,\n  `z` int DEFAULT NULL,\n  PRIMARY KEY (`id`),\n  \
            KEY `fk` (`z`),\n  CONSTRAINT `fk` FOREIGN KEY (`z`) REFERENCES `z` (`id`)\n);\n\
            CREATE TABLE `z` (`id` int NOT NULL, PRIMARY KEY (`id`));\n";
        let read = check(early, Dialect::MySql, &["a", "z"], &[]);
        let a = read.database.catalog.table(&QName::new("a")).unwrap();
        assert_eq!((a.indexes.len(), a.foreign_keys.len()), (1, 1));
    }

    #[test]
    fn what_is_not_understood_is_told() {
        let read =
            Baseline::read("CREATE TABLE t (id int);\nFROBNICATE t;\nALTER TABLE x ADD y int;", Dialect::PostgreSql);
        assert_eq!(read.missing.len(), 2, "{:?}", read.missing);
        assert!(read.database.catalog.table(&QName::new("t")).is_some());
    }
}
