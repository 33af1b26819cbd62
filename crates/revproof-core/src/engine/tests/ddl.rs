use super::{database, lite, pg, run, shown};
use crate::schema::Dialect;

const ROWS: &str = "CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b text); INSERT INTO t VALUES (1, '12', 'x'), (2, 'abc', NULL), (3, '12', 'longer')";

#[test]
fn new_columns_get_their_default() {
    pg(
        ROWS,
        "ALTER TABLE t ADD COLUMN c int NOT NULL",
        "error NotNullViolation: column \"c\" of relation \"t\" contains null values",
    );
    pg(ROWS, "ALTER TABLE t ADD COLUMN c int NOT NULL DEFAULT 7; SELECT c FROM t", "7\n7\n7");
    pg(ROWS, "ALTER TABLE t ADD COLUMN c boolean DEFAULT false; SELECT c FROM t WHERE id = 1", "false");
    pg(ROWS, "ALTER TABLE t ADD COLUMN c uuid DEFAULT gen_random_uuid(); SELECT count(DISTINCT c) FROM t", "3");
    pg(ROWS, "ALTER TABLE t ADD COLUMN c serial; SELECT c FROM t ORDER BY id", "1\n2\n3");
    pg(
        ROWS,
        "ALTER TABLE t ADD COLUMN c timestamptz DEFAULT now(); SELECT c FROM t WHERE id = 1",
        "2030-01-01 00:00:00+00",
    );
    pg(ROWS, "ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (id * 2) STORED; SELECT c FROM t", "2\n4\n6");
    pg("CREATE TABLE t (id int)", "ALTER TABLE t ADD COLUMN c int NOT NULL", "ok");
}

#[test]
fn constraints_are_asked_of_existing_rows() {
    pg(
        ROWS,
        "ALTER TABLE t ALTER COLUMN b SET NOT NULL",
        "error NotNullViolation: column \"b\" of relation \"t\" contains null values",
    );
    pg(
        ROWS,
        "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)",
        "error UniqueViolation: could not create unique index \"u\": key (a)=(12) is duplicated",
    );
    pg(ROWS, "ALTER TABLE t ADD CONSTRAINT u UNIQUE (b)", "ok");
    pg(
        ROWS,
        "CREATE UNIQUE INDEX ix ON t (lower(a))",
        "error UniqueViolation: could not create unique index \"ix\": key (a)=(12) is duplicated",
    );
    pg(ROWS, "CREATE UNIQUE INDEX ix ON t (a) WHERE b = 'x'", "ok");
    pg(
        ROWS,
        "ALTER TABLE t ADD CONSTRAINT c CHECK (id < 3)",
        "error CheckViolation: check constraint \"c\" of relation \"t\" is violated by some row",
    );
    pg(ROWS, "ALTER TABLE t ADD CONSTRAINT c CHECK (length(b) > 0)", "ok");
    pg(ROWS, "ALTER TABLE t ADD CONSTRAINT c CHECK (id < 3) NOT VALID", "ok");
    pg(
        ROWS,
        "ALTER TABLE t ADD CONSTRAINT c CHECK (id < 3) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c",
        "error CheckViolation: check constraint \"c\" of relation \"t\" is violated by some row",
    );
    let two = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1), (2), (NULL)";
    pg(
        two,
        "ALTER TABLE c ADD CONSTRAINT fk FOREIGN KEY (p_id) REFERENCES p (id)",
        "error ForeignKeyViolation: insert or update on table \"c\" violates foreign key constraint \"fk\"",
    );
}

#[test]
fn types_change_as_the_server_casts() {
    pg(
        ROWS,
        "ALTER TABLE t ALTER COLUMN a TYPE integer USING a::integer",
        "error InvalidValue: invalid input syntax for type integer: \"abc\"",
    );
    pg(
        ROWS,
        "ALTER TABLE t ALTER COLUMN b TYPE varchar(3)",
        "error InvalidValue: value too long for type character varying(3)",
    );
    pg(ROWS, "ALTER TABLE t ALTER COLUMN b TYPE varchar(6); SELECT b FROM t WHERE id = 3", "'longer'");
    pg(ROWS, "ALTER TABLE t ALTER COLUMN id TYPE text; SELECT id FROM t", "'1'\n'2'\n'3'");
    pg(ROWS, "ALTER TABLE t ALTER COLUMN a TYPE integer USING length(a); SELECT a FROM t", "2\n3\n2");
    pg(
        ROWS,
        "ALTER TABLE t ALTER COLUMN a TYPE integer USING CASE WHEN a = '12' THEN 1 ELSE 0 END; SELECT a FROM t",
        "1\n0\n1",
    );
    pg(ROWS, "ALTER TABLE t ALTER COLUMN id TYPE smallint; SELECT id FROM t", "1\n2\n3");
    pg(
        ROWS,
        "ALTER TABLE t ADD COLUMN f boolean DEFAULT true; ALTER TABLE t ALTER COLUMN f DROP DEFAULT; ALTER TABLE t ALTER COLUMN f TYPE integer USING f::text::integer",
        "error InvalidValue: invalid input syntax for type integer: \"true\"",
    );
    pg(
        ROWS,
        "ALTER TABLE t ADD COLUMN f boolean DEFAULT true; ALTER TABLE t ALTER COLUMN f DROP DEFAULT; ALTER TABLE t ALTER COLUMN f TYPE integer USING f::integer; SELECT f FROM t WHERE id = 1",
        "1",
    );
    let mood = "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE m (x mood); INSERT INTO m VALUES ('sad'), (NULL)";
    pg(mood, "INSERT INTO m VALUES ('glad')", "error InvalidValue: invalid input value for enum mood: \"glad\"");
    pg(
        mood,
        "CREATE TYPE mood2 AS ENUM ('ok'); ALTER TABLE m ALTER COLUMN x TYPE mood2 USING x::text::mood2",
        "error InvalidValue: invalid input value for enum mood2: \"sad\"",
    );
    pg(mood, "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'; SELECT x FROM m", "'blue'\nNULL");
}

#[test]
fn names_change_and_rows_stay() {
    pg(ROWS, "ALTER TABLE t RENAME COLUMN a TO z; ALTER TABLE t RENAME TO q; SELECT z FROM q WHERE id = 2", "'abc'");
    pg(ROWS, "ALTER TABLE t DROP COLUMN a; ALTER TABLE t ADD COLUMN a text; SELECT a FROM t", "NULL\nNULL\nNULL");
    pg(ROWS, "CREATE TABLE q AS SELECT id, b FROM t WHERE b IS NOT NULL; SELECT * FROM q", "1|'x'\n3|'longer'");
    pg(ROWS, "DROP TABLE t; CREATE TABLE t (id int); SELECT count(*) FROM t", "0");
}

#[test]
fn sqlite_wants_a_default() {
    lite(ROWS, "ALTER TABLE t ADD COLUMN c INTEGER NOT NULL DEFAULT 3; SELECT c FROM t", "3\n3\n3");
    lite(ROWS, "CREATE UNIQUE INDEX ix ON t (a)", "error UniqueViolation: UNIQUE constraint failed: t.a");
}

#[test]
fn a_failed_statement_changes_nothing() {
    let mut db = database(Dialect::PostgreSql, ROWS);
    let before = db.catalog.clone();
    assert!(shown(run(&mut db, "ALTER TABLE t ADD COLUMN c int NOT NULL")).starts_with("error"));
    assert_eq!(db.catalog, before);
    assert!(shown(run(&mut db, "INSERT INTO t VALUES (9, 'a', 'b'), (1, 'a', 'b')")).starts_with("error"));
    assert_eq!(shown(run(&mut db, "SELECT count(*) FROM t")), "3");
}
