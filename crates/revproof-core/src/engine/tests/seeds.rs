use super::{database, run, shown};
use crate::engine::Database;
use crate::op::Datum;
use crate::schema::{Dialect, QName};

/// Seeds what the SQL makes; says which tables got none.
fn seeded(sql: &str) -> (Database, Vec<String>) {
    let mut db = database(Dialect::PostgreSql, sql);
    let unseeded = db.seed(None);
    (db, unseeded.into_iter().map(|(name, why)| format!("{name}: {why}")).collect())
}

#[track_caller]
fn gives(sql: &str, query: &str, expected: &str) {
    let (mut db, unseeded) = seeded(sql);
    assert_eq!(unseeded, Vec::<String>::new(), "{sql}");
    assert_eq!(shown(run(&mut db, query)), expected, "{query}");
}

#[test]
fn rows_hold_a_null_and_a_duplicate_where_they_may() {
    let users = "CREATE TABLE users (id serial PRIMARY KEY, email varchar(64) NOT NULL UNIQUE, nick varchar(8), age int NOT NULL)";
    gives(
        users,
        "SELECT count(*), count(DISTINCT email), count(nick), count(DISTINCT nick), count(DISTINCT age), max(length(email)) FROM users",
        "3|3|2|1|2|64",
    );
    gives(users, "INSERT INTO users (email, age) VALUES ('a', 1) RETURNING id", "1");
}

#[test]
fn children_reference_parents() {
    let tables = "CREATE TABLE p (id uuid PRIMARY KEY); CREATE TABLE a (id serial PRIMARY KEY, p_id uuid NOT NULL REFERENCES p (id), up int REFERENCES a (id));
        CREATE TABLE link (a_id int REFERENCES a (id), p_id uuid REFERENCES p (id), PRIMARY KEY (a_id, p_id))";
    gives(tables, "SELECT count(*) FROM a JOIN p ON p.id = a.p_id", "3");
    gives(tables, "SELECT count(*), count(DISTINCT a_id) FROM link", "3|3");
    gives(
        "CREATE TABLE x (id int PRIMARY KEY, y_id int); CREATE TABLE y (id int PRIMARY KEY, x_id int NOT NULL REFERENCES x (id)); ALTER TABLE x ADD FOREIGN KEY (y_id) REFERENCES y (id)",
        "SELECT count(*) FROM y",
        "3",
    );
}

#[test]
fn checks_are_satisfied_by_the_constants_they_name() {
    gives(
        "CREATE TABLE t (id int PRIMARY KEY, s varchar(10) NOT NULL CHECK (s IN ('new', 'old')), n int CHECK (n > 0 AND n < 100))",
        "SELECT count(*), count(n), min(s) FROM t",
        "3|2|'new'",
    );
    let (_, unseeded) = seeded("CREATE TABLE t (a text NOT NULL CHECK (quote_literal(a) = 'z'))");
    assert_eq!(unseeded.len(), 1);
}

#[test]
fn new_columns_get_values_in_some_rows() {
    let (mut db, _) = seeded("CREATE TABLE t (id serial PRIMARY KEY, a text)");
    let before = db.clone();
    run(&mut db, "ALTER TABLE t ADD COLUMN b text; ALTER TABLE t ADD COLUMN c boolean NOT NULL DEFAULT false")
        .expect("columns");
    assert_eq!(db.seed(Some(&before)), Vec::new());
    assert_eq!(shown(run(&mut db, "SELECT count(b), count(*) FROM t")), "2|3");
    assert_eq!(shown(run(&mut db, "UPDATE t SET a = 'script'; SELECT count(*) FROM t WHERE a = 'script'")), "3");
}

#[test]
fn rows_of_scripts_are_left_alone() {
    let (db, unseeded) = seeded("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
    assert_eq!(unseeded, Vec::<String>::new());
    assert_eq!(db.rows(&QName::new("t")).rows, vec![vec![Datum::Int(1)]]);
    assert!(db.rows(&QName::new("alembic_version")).rows.is_empty());
}

#[test]
fn a_violation_says_whether_only_seeded_rows_are_at_fault() {
    let (mut db, _) = seeded("CREATE TABLE t (id serial PRIMARY KEY, a text, b text)");
    let failure = run(&mut db, "ALTER TABLE t ALTER COLUMN a SET NOT NULL").expect_err("a NULL is there");
    let violation = failure.violation.expect("rows at fault");
    assert!(violation.all_seeded);
    assert_eq!(violation.row_ids.len(), 1);
    assert_eq!(db.set_aside(&QName::new("t"), &violation.row_ids).len(), 1);
    assert_eq!(shown(run(&mut db, "ALTER TABLE t ALTER COLUMN a SET NOT NULL")), "ok");
    run(&mut db, "UPDATE t SET b = NULL").expect("an update");
    let failure = run(&mut db, "ALTER TABLE t ALTER COLUMN b SET NOT NULL").expect_err("the script wrote NULL");
    assert!(!failure.violation.expect("rows at fault").all_seeded);
}

#[test]
fn differences_are_matched_by_identity_then_by_value() {
    let (mut db, _) =
        seeded("CREATE TABLE t (id serial PRIMARY KEY, a text); CREATE TABLE u (x int); INSERT INTO u VALUES (1), (2)");
    let before = db.clone();
    assert_eq!(before.diff_rows(&db, &[]).tables, Vec::new());
    run(&mut db, "DELETE FROM u; INSERT INTO u VALUES (2), (1)").expect("the same rows again");
    run(&mut db, "ALTER TABLE t RENAME COLUMN a TO b; ALTER TABLE t RENAME COLUMN b TO a").expect("there and back");
    assert_eq!(before.diff_rows(&db, &[]).tables, Vec::new());
    run(&mut db, "ALTER TABLE t DROP COLUMN a; ALTER TABLE t ADD COLUMN a text").expect("values are lost");
    let diff = before.diff_rows(&db, &[]);
    assert_eq!(diff.tables.len(), 1);
    assert_eq!(diff.tables[0].values.len(), 2);
    run(&mut db, "DELETE FROM u WHERE x = 1").expect("a row is lost");
    assert_eq!(before.diff_rows(&db, &[]).tables[1].lost_rows, 1);
}
