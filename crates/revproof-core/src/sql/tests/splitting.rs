use super::{PG, check};

#[test]
fn data_and_errors() {
    check(PG, "INSERT INTO t (a) VALUES (:a), (:b::int)", "data INSERT INTO t (a) VALUES (:a), (:b::INT)");
    check(
        PG,
        "SELECT a::int, '12:30' FROM t WHERE b = :b AND c = ANY(:c)",
        "data SELECT a::INT, '12:30' FROM t WHERE b = :b AND c = ANY(:c)",
    );
    check(
        PG,
        r"UPDATE t SET a\:\:text = 1",
        "perhaps this SQL can't be read: Expected: =, found: :: at Line: 1, Column: 15",
    );
    check(PG, r"SELECT a\:\:text, :x FROM t", "data SELECT a::TEXT, :x FROM t");
    check(PG, "CREATE TABEL t (a int)", r#"certainly syntax error at or near "TABEL""#);
    check(PG, "SELEKT 1", r#"certainly syntax error at or near "SELEKT""#);
    check(PG, "SELECT 'abc", r#"certainly unterminated quoted text or comment at or near "'abc""#);
    check(PG, "SELECT (1", "certainly syntax error at end of input");
    check(PG, "CREATE TABLE t (a int,, b int)", "perhaps the statement could not be read to its end");
}

#[test]
fn texts_are_split_where_a_server_would() {
    check(
        PG,
        r#"SELECT ';', $$a;b$$, "x;y" ; -- one; two
/* three; /* nested; */ */ COMMIT;;"#,
        r#"data SELECT ';', $$a;b$$, "x;y"
transaction COMMIT"#,
    );
    check(
        PG,
        r"BEGIN; UPDATE t SET a = E'it\'s; x'; END",
        r"transaction BEGIN
data UPDATE t SET a = E'it\'s; x'
transaction END",
    );
    check(PG, r#"SELECT 1 AS "a"#, r#"certainly unterminated quoted text or comment at or near ""a""#);
    check(PG, "SELECT 1 /* no end", r#"certainly unterminated quoted text or comment at or near "/* no end""#);
    check(PG, "SELECT 1)", r#"certainly syntax error at or near ")""#);
    check(PG, "-- nothing", "");
    check(PG, "(SELECT 1) UNION (SELECT 2)", "data (SELECT 1) UNION (SELECT 2)");
    check(PG, "WITH a AS (SELECT 1) DELETE FROM t USING a", "data WITH a AS (SELECT 1) DELETE FROM t USING a");
    check(
        PG,
        "SELECT a INTO b FROM c",
        r#"CreateTable { table: TableSpec { name: b, as_query: (SqlText { text: "SELECT a FROM c" }) } }"#,
    );
    check(
        PG,
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 3",
        r#"CreateObject { kind: Function, name: f, definition: "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END" }
data SELECT 3"#,
    );
    check(PG, "EXPLAIN SELECT 1", "perhaps what EXPLAIN tells is not simulated");
    check(PG, "VALUES (1, :x)", "data VALUES (1, :x)");
    check(
        PG,
        "ALTER TABLE t ALTER COLUMN a TYPE int USING (a::int), ALTER COLUMN b SET DEFAULT ARRAY[1, 2]::int[]",
        r#"AlterColumn { table: t, column: "a", [Type { ty: Integer, using: ("(a::int)") }] }; AlterColumn { table: t, column: "b", [Default((Sql("ARRAY[1, 2]::int[]")))] }"#,
    );
    check(
        PG,
        r#"CREATE TABLE t (a public.mood DEFAULT 'x'::public.mood, b "Mood"[] NOT NULL, c geometry(POINT,4326), d citext, e double precision, f interval day to second(3), g bit varying(5), h char, i float(30), j timestamptz(3), k integer ARRAY, l tsvector)"#,
        r#"CreateTable { table: TableSpec { name: t, columns: [ColumnSpec { name: "a", ty: Named(mood, []), nullable: true, default: (Sql("'x'::public.mood")) }, ColumnSpec { name: "b", ty: Array(Named(Mood, [])) }, ColumnSpec { name: "c", ty: Named(geometry, ["POINT", "4326"]), nullable: true }, ColumnSpec { name: "d", ty: Named(citext, []), nullable: true }, ColumnSpec { name: "e", ty: Double, nullable: true }, ColumnSpec { name: "f", ty: Interval { fields: ("DAY TO SECOND"), precision: (3) }, nullable: true }, ColumnSpec { name: "g", ty: Bit { length: (5), varying: true }, nullable: true }, ColumnSpec { name: "h", ty: Char(None), nullable: true }, ColumnSpec { name: "i", ty: Float((30)), nullable: true }, ColumnSpec { name: "j", ty: Timestamp { precision: (3), tz: true }, nullable: true }, ColumnSpec { name: "k", ty: Array(Integer), nullable: true }, ColumnSpec { name: "l", ty: Builtin("TSVECTOR"), nullable: true }] } }"#,
    );
    check(
        PG,
        "UPDATE t SET a = %(x)s",
        "perhaps this SQL can't be read: Expected: an expression, found: % at Line: 1, Column: 18",
    );
}
