use super::super::{Statement, split, write};
use super::{LITE, MY, PG};
use crate::schema::Dialect;

/// What is read is written again, in the layout of Alembic.
#[track_caller]
fn check(dialect: Dialect, sql: &str, expected: &str) {
    let mut written = Vec::new();
    for part in split(sql, dialect) {
        let Statement::Ddl(ops) = part.statement else { panic!("{sql} is no DDL") };
        written.extend(ops.iter().flat_map(|op| write(op, dialect)));
    }
    assert_eq!(written.join(";\n"), expected, "{sql}");
}

#[track_caller]
fn same(dialect: Dialect, sql: &str) {
    check(dialect, sql, sql);
}

#[test]
fn tables_are_written_as_alembic_writes_them() {
    same(
        PG,
        "CREATE TABLE users (\n    id SERIAL NOT NULL, \n    \"user\" VARCHAR(255) DEFAULT 'x' NOT NULL, \n    \
         at TIMESTAMP WITH TIME ZONE DEFAULT now(), \n    tags VARCHAR(9)[], \n    n BIGINT GENERATED ALWAYS AS \
         IDENTITY (START WITH 3), \n    \
         PRIMARY KEY (id), \n    CONSTRAINT fk FOREIGN KEY(id, n) REFERENCES sales.x (a, b) MATCH FULL ON DELETE \
         RESTRICT DEFERRABLE INITIALLY DEFERRED, \n    CHECK (n > 0)\n)",
    );
    check(
        MY,
        "CREATE TABLE t (id int auto_increment not null comment 'the id', `Key` int default 5, primary key (id)) comment='x'",
        "CREATE TABLE t (\n    id INTEGER NOT NULL COMMENT 'the id' AUTO_INCREMENT, \n    `Key` INTEGER DEFAULT 5, \n    \
         PRIMARY KEY (id)\n)COMMENT='x'",
    );
    same(
        LITE,
        "CREATE TABLE IF NOT EXISTS t (\n    id INTEGER PRIMARY KEY AUTOINCREMENT, \n    a, \n    UNIQUE (a)\n)",
    );
    same(PG, "CREATE TABLE t AS SELECT 1");
}

#[test]
fn changes_are_written_as_alembic_writes_them() {
    for sql in [
        "ALTER TABLE t ADD COLUMN IF NOT EXISTS x INTEGER DEFAULT '0' NOT NULL",
        "ALTER TABLE sc.t DROP COLUMN IF EXISTS x",
        "ALTER TABLE t ALTER COLUMN x TYPE INTEGER USING x::integer;\nALTER TABLE t ALTER COLUMN x SET NOT NULL",
        "ALTER TABLE t ALTER COLUMN x DROP DEFAULT",
        "ALTER TABLE t RENAME x TO y",
        "ALTER TABLE sc.a RENAME TO b",
        "ALTER TABLE t ADD CONSTRAINT uq UNIQUE (a, b)",
        "ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT ck",
        "ALTER TABLE t DROP CONSTRAINT IF EXISTS uq CASCADE",
        "ALTER TABLE t RENAME CONSTRAINT a TO b",
        "ALTER TABLE t SET SCHEMA public",
        "COMMENT ON COLUMN sc.t.x IS 'it''s'",
        "COMMENT ON TABLE t IS NULL",
        "CREATE UNIQUE INDEX ix ON sc.t (a, lower(b), (a || b) DESC) NULLS NOT DISTINCT",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON t USING gin (a gin_trgm_ops) INCLUDE (z) WHERE x = 'y'",
        "DROP INDEX CONCURRENTLY IF EXISTS sc.ix",
        "ALTER INDEX ix RENAME TO iy",
        "CREATE TYPE mood AS ENUM ('a', 'it''s');\nALTER TYPE mood ADD VALUE IF NOT EXISTS 'c' BEFORE 'a'",
        "ALTER TYPE mood RENAME VALUE 'a' TO 'b';\nALTER TYPE mood RENAME TO m;\nDROP TYPE IF EXISTS m CASCADE",
        "CREATE SEQUENCE s INCREMENT BY 2 START WITH 5 OWNED BY t.id;\nALTER SEQUENCE s OWNED BY NONE",
        "CREATE VIEW v AS SELECT 1;\nDROP VIEW v",
        "DROP TRIGGER IF EXISTS tr ON sc.t;\nALTER TRIGGER a ON t RENAME TO b",
        "TRUNCATE TABLE a, b CASCADE",
        "DROP TABLE IF EXISTS sc.t CASCADE",
    ] {
        same(PG, sql);
    }
}

#[test]
fn other_dialects_have_other_words() {
    same(LITE, "ALTER TABLE t RENAME COLUMN a TO b");
    same(LITE, "CREATE UNIQUE INDEX sc.ix ON t (a)");
    same(MY, "ALTER TABLE sc.a RENAME TO sc.b");
    same(MY, "DROP INDEX ix ON t");
    same(MY, "CREATE FULLTEXT INDEX ix ON t (a(10))");
    same(MY, "ALTER TABLE t DROP FOREIGN KEY fk");
    same(MY, "ALTER TABLE t MODIFY x VARCHAR(50) NOT NULL");
    same(MY, "ALTER TABLE t CHANGE x y VARCHAR(9) NOT NULL DEFAULT 'q' COMMENT 'c'");
}
