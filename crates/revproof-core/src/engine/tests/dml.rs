use super::{database, lite, pg, run, shown};
use crate::schema::Dialect;

const USERS: &str = "CREATE TABLE users (id serial PRIMARY KEY, name varchar(10) NOT NULL, email text UNIQUE, \
    age integer DEFAULT 18, score numeric(5,2), active boolean NOT NULL DEFAULT true)";

/// After the statements, the query gives the rows.
#[track_caller]
fn leaves(setup: &str, statement: &str, query: &str, expected: &str) {
    let mut db = database(Dialect::PostgreSql, setup);
    let answer = shown(run(&mut db, statement));
    assert_eq!(shown(run(&mut db, query)), expected, "{statement} gave {answer}");
}

#[test]
fn inserts_fill_in_what_is_not_given() {
    let insert = "INSERT INTO users (name, score) VALUES ('ann', 1.005), ('bob', DEFAULT) RETURNING id, score, active";
    pg(USERS, insert, "1|1.01|true\n2|NULL|true");
    leaves(USERS, "INSERT INTO users (name) VALUES ('x')", "SELECT * FROM users", "1|'x'|NULL|18|NULL|true");
    pg(
        USERS,
        "INSERT INTO users DEFAULT VALUES",
        "error NotNullViolation: null value in column \"name\" of relation \"users\" violates not-null constraint",
    );
    pg(
        USERS,
        "INSERT INTO users (name) VALUES ('12345678901')",
        "error InvalidValue: value too long for type character varying(10)",
    );
    pg(USERS, "INSERT INTO users (name, score) VALUES ('a', 1000)", "error InvalidValue: numeric field overflow");
    pg(USERS, "INSERT INTO users (name, age) VALUES ('a', 3000000000)", "error InvalidValue: integer out of range");
    pg(
        USERS,
        "INSERT INTO users (name, age) VALUES ('a', 'b')",
        "error InvalidValue: invalid input syntax for type integer: \"b\"",
    );
    pg(
        USERS,
        "INSERT INTO users (name, active) VALUES ('a', 1)",
        "error DatatypeMismatch: column \"active\" is of type boolean but expression is of type integer",
    );
    pg(
        USERS,
        "INSERT INTO users (name, nope) VALUES ('a', 1)",
        "error UndefinedObject: column \"nope\" of relation \"users\" does not exist",
    );
    pg(USERS, "INSERT INTO nope VALUES (1)", "error UndefinedObject: relation \"nope\" does not exist");
    pg(
        USERS,
        "INSERT INTO users (name) VALUES ('a', 'b')",
        "error InvalidStatement: INSERT has more expressions than target columns",
    );
    pg(
        USERS,
        "INSERT INTO users (id, name) VALUES (1, 'a'), (1, 'b')",
        "error UniqueViolation: duplicate key value violates unique constraint \"users_pkey\"",
    );
}

#[test]
fn insert_select_goes_by_the_column_list() {
    let setup = "CREATE TABLE a (x int, y text); CREATE TABLE b (p text DEFAULT 'd', q int, r text);
        INSERT INTO a VALUES (1, 'one'), (2, 'two')";
    leaves(setup, "INSERT INTO b (q, r) SELECT x, y FROM a", "SELECT * FROM b ORDER BY q", "'d'|1|'one'\n'd'|2|'two'");
    leaves(setup, "INSERT INTO b (r, q) SELECT y, x + 1 FROM a WHERE x > 1", "SELECT * FROM b", "'d'|3|'two'");
    pg(
        setup,
        "INSERT INTO b (q) SELECT y FROM a",
        "error DatatypeMismatch: column \"q\" is of type integer but expression is of type text",
    );
    pg(
        setup,
        "INSERT INTO b (q, nope) SELECT 1, 2",
        "error UndefinedObject: column \"nope\" of relation \"b\" does not exist",
    );
    leaves(setup, "INSERT INTO b (q, r) SELECT DISTINCT 5, 'lit' FROM a", "SELECT * FROM b", "'d'|5|'lit'");
}

#[test]
fn on_conflict_skips_or_updates() {
    let setup = "CREATE TABLE t (id int PRIMARY KEY, n int, name text); INSERT INTO t VALUES (1, 10, 'one')";
    leaves(
        setup,
        "INSERT INTO t VALUES (1, 2, 'x'), (2, 3, 'y') ON CONFLICT DO NOTHING",
        "SELECT * FROM t ORDER BY id",
        "1|10|'one'\n2|3|'y'",
    );
    leaves(
        setup,
        "INSERT INTO t VALUES (1, 2, 'x') ON CONFLICT (id) DO UPDATE SET n = t.n + EXCLUDED.n, name = EXCLUDED.name",
        "SELECT * FROM t",
        "1|12|'x'",
    );
    leaves(
        setup,
        "INSERT INTO t VALUES (1, 2, 'x') ON CONFLICT (id) DO UPDATE SET n = 5 WHERE t.n > 100",
        "SELECT * FROM t",
        "1|10|'one'",
    );
    pg(
        setup,
        "INSERT INTO t VALUES (1, 2, 'x') ON CONFLICT (n) DO NOTHING",
        "error InvalidStatement: there is no unique or exclusion constraint matching the ON CONFLICT specification",
    );
    lite(setup, "INSERT OR REPLACE INTO t VALUES (1, 2, 'x'); SELECT * FROM t", "1|2|'x'");
    lite(setup, "REPLACE INTO t VALUES (1, 2, 'x'); SELECT * FROM t", "1|2|'x'");
    lite(setup, "INSERT OR IGNORE INTO t VALUES (1, 2, 'x'); SELECT * FROM t", "1|10|'one'");
}

const PAIR: &str = "CREATE TABLE a (id int PRIMARY KEY, name text, n int, f double precision); CREATE TABLE b (a_id int, v text);
    INSERT INTO a VALUES (1, 'one', 1, 1), (2, 'two', 2, 2), (3, NULL, NULL, NULL); INSERT INTO b VALUES (1, 'x'), (2, 'y')";

#[test]
fn updates_compute_from_the_old_row() {
    leaves(
        PAIR,
        "UPDATE a SET n = n + 1, f = n WHERE id < 3",
        "SELECT id, n, f FROM a ORDER BY id",
        "1|2|1\n2|3|2\n3|NULL|NULL",
    );
    leaves(PAIR, "UPDATE a SET id = id", "SELECT count(*) FROM a", "3");
    pg(
        PAIR,
        "UPDATE a SET id = id + 1",
        "error UniqueViolation: duplicate key value violates unique constraint \"a_pkey\"",
    );
    leaves(PAIR, "UPDATE a SET id = id + 10", "SELECT id FROM a ORDER BY id", "11\n12\n13");
    leaves(
        PAIR,
        "UPDATE a SET name = lower(coalesce(name, 'NONE')) || '!'",
        "SELECT name FROM a ORDER BY id",
        "'one!'\n'two!'\n'none!'",
    );
    leaves(
        PAIR,
        "UPDATE a SET name = b.v FROM b WHERE b.a_id = a.id",
        "SELECT name FROM a ORDER BY id",
        "'x'\n'y'\nNULL",
    );
    leaves(
        PAIR,
        "UPDATE a SET name = (SELECT v FROM b WHERE b.a_id = a.id)",
        "SELECT name FROM a ORDER BY id",
        "'x'\n'y'\nNULL",
    );
    leaves(PAIR, "UPDATE a AS q SET name = 'z' WHERE q.id = 2", "SELECT name FROM a ORDER BY id", "'one'\n'z'\nNULL");
    leaves(PAIR, "UPDATE a SET (name, n) = ('p', 9) WHERE id = 1", "SELECT name, n FROM a WHERE id = 1", "'p'|9");
    leaves(PAIR, "UPDATE a SET name = DEFAULT", "SELECT count(name) FROM a", "0");
    leaves(
        PAIR,
        "UPDATE a SET name = CASE WHEN n = 1 THEN 'uno' ELSE name END",
        "SELECT name FROM a ORDER BY id",
        "'uno'\n'two'\nNULL",
    );
    pg(PAIR, "UPDATE a SET nope = 1", "error UndefinedObject: column \"nope\" of relation \"a\" does not exist");
    pg(PAIR, "UPDATE a SET n = 1 WHERE nope = 1", "error UndefinedObject: column \"nope\" does not exist");
    pg(PAIR, "UPDATE a SET id = 1", "error UniqueViolation: duplicate key value violates unique constraint \"a_pkey\"");
    pg(
        PAIR,
        "UPDATE a SET n = name::int WHERE id = 1",
        "error InvalidValue: invalid input syntax for type integer: \"one\"",
    );
    leaves(
        PAIR,
        "UPDATE a SET name = NULL; UPDATE a SET n = name::int WHERE id = 1",
        "SELECT n FROM a WHERE id = 1",
        "NULL",
    );
}

#[test]
fn enum_values_move_between_columns_of_their_type() {
    let setup = "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE other AS ENUM ('sad'); CREATE TABLE t (a mood, b mood, o other, s text);
        INSERT INTO t VALUES ('sad', 'ok'::mood, 'sad', 'ok')";
    leaves(setup, "UPDATE t SET a = b", "SELECT a FROM t", "'ok'");
    leaves(setup, "UPDATE t SET a = s::mood", "SELECT a FROM t", "'ok'");
    leaves(setup, "INSERT INTO t (a) SELECT b FROM t", "SELECT a FROM t WHERE b IS NULL", "'ok'");
    pg(
        setup,
        "UPDATE t SET a = s",
        "error DatatypeMismatch: column \"a\" is of type mood but expression is of type text",
    );
    pg(setup, "UPDATE t SET a = o::mood", "error DatatypeMismatch: cannot cast type other to mood");
    pg(setup, "UPDATE t SET a = s WHERE a = 'nope'", "error InvalidValue: invalid input value for enum mood: \"nope\"");
    pg(setup, "SELECT a = s FROM t", "error UndefinedObject: operator does not exist: mood = text");
}

#[test]
fn deletes_take_the_rows_that_match() {
    leaves(PAIR, "DELETE FROM a WHERE name IS NULL", "SELECT id FROM a ORDER BY id", "1\n2");
    leaves(PAIR, "DELETE FROM a USING b WHERE b.a_id = a.id AND b.v = 'x'", "SELECT id FROM a ORDER BY id", "2\n3");
    leaves(PAIR, "DELETE FROM a WHERE id IN (SELECT a_id FROM b)", "SELECT id FROM a", "3");
    pg(PAIR, "DELETE FROM a WHERE id = 1 RETURNING name, n * 2", "'one'|2");
    pg(PAIR, "DELETE FROM a", "ok 3");
    pg(PAIR, "TRUNCATE a; SELECT count(*) FROM a", "0");
}

#[test]
fn what_cannot_be_simulated_taints_what_it_writes() {
    let mut db = database(Dialect::PostgreSql, PAIR);
    let update = "UPDATE a SET name = normalize(name)";
    assert_eq!(shown(run(&mut db, update)), "? the function normalize is not supported");
    assert_eq!(shown(run(&mut db, "SELECT id FROM a ORDER BY id")), "1\n2\n3");
    assert_eq!(shown(run(&mut db, "SELECT name FROM a")), "? the function normalize is not supported");
    assert_eq!(
        shown(run(&mut db, "ALTER TABLE a ALTER COLUMN name SET NOT NULL")),
        "ok  ?the function normalize is not supported"
    );
    assert_eq!(shown(run(&mut db, "DELETE FROM b WHERE v ~ '(?i)x'")), "? this regular expression is not supported");
    assert_eq!(shown(run(&mut db, "SELECT count(*) FROM b")), "? this regular expression is not supported");
    assert_eq!(shown(run(&mut db, "SELECT count(*) FROM a")), "3");
}

#[test]
fn statements_over_empty_tables_do_nothing() {
    let setup = "CREATE TABLE t (id int, a text, b text)";
    pg(setup, "UPDATE t SET a = quote_literal(b)", "ok 0");
    pg(setup, "DELETE FROM t WHERE a ~ '(?i)x'", "ok 0");
    pg(setup, "UPDATE t SET nope = 1", "error UndefinedObject: column \"nope\" of relation \"t\" does not exist");
    pg(setup, "UPDATE t SET a = nope", "error UndefinedObject: column \"nope\" does not exist");
    pg(setup, "INSERT INTO t (id, a) SELECT id, quote_literal(b) FROM t", "ok 0");
    pg(setup, "INSERT INTO t (id) SELECT count(*) FROM t; SELECT id FROM t", "0");
}

#[test]
fn sequences_and_identifiers_count() {
    let setup = "CREATE TABLE t (id serial PRIMARY KEY, u uuid DEFAULT gen_random_uuid()); INSERT INTO t DEFAULT VALUES; INSERT INTO t DEFAULT VALUES";
    pg(setup, "SELECT count(DISTINCT u), max(id) FROM t", "2|2");
    pg(setup, "SELECT nextval('t_id_seq')", "3");
    pg(
        setup,
        "SELECT setval('t_id_seq', (SELECT max(id) FROM t) + 10); INSERT INTO t DEFAULT VALUES RETURNING id",
        "13",
    );
    pg(setup, "SELECT pg_get_serial_sequence('t', 'id')", "'public.t_id_seq'");
    leaves(setup, "UPDATE t SET u = uuid_in(md5(random()::text)::cstring)", "SELECT count(DISTINCT u) FROM t", "2");
    leaves(setup, "UPDATE t SET u = gen_random_uuid()", "SELECT count(DISTINCT u) FROM t", "2");
}
