use super::{lite, pg};

const NUMBERS: &str = "CREATE TABLE n (id integer PRIMARY KEY, i integer, d numeric(10,2), f double precision, t text);
    INSERT INTO n VALUES (1, 2, 2, 2, 'two'), (2, -3, 0.5, 0.5, 'Minus'), (3, NULL, NULL, NULL, NULL)";

#[test]
fn numbers_of_different_types_compare_by_value() {
    pg(NUMBERS, "SELECT id FROM n WHERE i = 2.0", "1");
    pg(NUMBERS, "SELECT id FROM n WHERE i > 1.5", "1");
    pg(NUMBERS, "SELECT id FROM n WHERE i < 2.5 ORDER BY id", "1\n2");
    pg(NUMBERS, "SELECT id FROM n WHERE i BETWEEN 0.5 AND 2.5", "1");
    pg(NUMBERS, "SELECT id FROM n WHERE d = 2", "1");
    pg(NUMBERS, "SELECT id FROM n WHERE d <> 2", "2");
    pg(NUMBERS, "SELECT id FROM n WHERE d IN (2, 0.5) ORDER BY id", "1\n2");
    pg(NUMBERS, "SELECT id FROM n WHERE d = i", "1");
    pg(NUMBERS, "SELECT id FROM n WHERE d = f ORDER BY 1", "1\n2");
}

#[test]
fn arithmetic_takes_the_wider_type() {
    pg(NUMBERS, "SELECT i * 1.5 FROM n WHERE id = 1", "3.0");
    pg(NUMBERS, "SELECT i / 2.0 > 0.9 FROM n WHERE id = 1", "true");
    pg(NUMBERS, "SELECT i / 2 FROM n WHERE id = 2", "-1");
    pg(NUMBERS, "SELECT i + 0.5 FROM n WHERE id = 1", "2.5");
    pg(NUMBERS, "SELECT i * d FROM n WHERE id = 2", "-1.50");
    pg(NUMBERS, "SELECT i / 0 FROM n WHERE id = 2", "error InvalidValue: division by zero");
    pg(NUMBERS, "SELECT 1 + 2 * 3, 7 % 4, -(2)", "7|3|-2");
}

#[test]
fn literals_take_the_type_of_what_they_meet() {
    pg(NUMBERS, "SELECT id FROM n WHERE i = '2'", "1");
    pg(NUMBERS, "SELECT id FROM n WHERE i = 'x'", "error InvalidValue: invalid input syntax for type integer: \"x\"");
    pg(NUMBERS, "SELECT id FROM n WHERE t = 2", "error UndefinedObject: operator does not exist: text = integer");
    pg("CREATE TABLE b (x boolean); INSERT INTO b VALUES (true)", "SELECT 1 FROM b WHERE x = 'true'", "1");
    pg(
        "CREATE TABLE b (x boolean); INSERT INTO b VALUES (true)",
        "SELECT 1 FROM b WHERE x = 1",
        "error UndefinedObject: operator does not exist: boolean = integer",
    );
}

#[test]
fn null_has_three_valued_logic() {
    pg(NUMBERS, "SELECT id FROM n WHERE i NOT IN (1, NULL)", "");
    pg(NUMBERS, "SELECT id FROM n WHERE i NOT IN (2) ", "2");
    pg(NUMBERS, "SELECT id FROM n WHERE i IS NULL OR t = 'x'", "3");
    pg(NUMBERS, "SELECT id FROM n WHERE NOT (i IS NULL OR t = 'x') ORDER BY id", "1\n2");
    pg(NUMBERS, "SELECT i IS NULL OR t = 'x' FROM n ORDER BY id", "false\nfalse\ntrue");
    pg(NUMBERS, "SELECT t LIKE 't%' FROM n ORDER BY id", "true\nfalse\nNULL");
    pg(NUMBERS, "SELECT id FROM n WHERE t IS NOT NULL AND t LIKE 't%'", "1");
    pg(NUMBERS, "SELECT id FROM n WHERE t IS DISTINCT FROM 'two' ORDER BY id", "2\n3");
    pg(NUMBERS, "SELECT id FROM n WHERE (i = 2) IS NOT TRUE ORDER BY id", "2\n3");
    pg(NUMBERS, "SELECT NULL = NULL, NULL AND false, NULL OR true", "NULL|false|true");
    pg(NUMBERS, "SELECT id FROM n WHERE id IN (SELECT i FROM n)", "2");
    pg(NUMBERS, "SELECT id FROM n WHERE id NOT IN (SELECT i FROM n)", "");
    pg(
        NUMBERS,
        "SELECT coalesce(t, 'none'), nullif(i, 2), concat(t, i) FROM n ORDER BY id",
        "'two'|NULL|'two2'\n'Minus'|-3|'Minus-3'\n'none'|NULL|''",
    );
}

#[test]
fn aggregates_count_what_they_should() {
    pg(NUMBERS, "SELECT count(*), count(i), sum(i), min(t), max(d) FROM n", "3|2|-1|'Minus'|2.00");
    pg(NUMBERS, "SELECT count(*) FROM n WHERE id > 10", "0");
    pg(NUMBERS, "SELECT max(i) FROM n WHERE id > 10", "NULL");
    pg(NUMBERS, "SELECT count(*) FILTER (WHERE i > 0) FROM n", "1");
    pg(NUMBERS, "SELECT i IS NULL, count(*) FROM n GROUP BY 1 ORDER BY 1", "false|2\ntrue|1");
    pg(NUMBERS, "SELECT t, count(*) FROM n GROUP BY t HAVING count(*) > 0 ORDER BY t", "'Minus'|1\n'two'|1\nNULL|1");
    pg(
        NUMBERS,
        "SELECT lower(t) AS t, count(*) FROM n WHERE t IS NOT NULL GROUP BY lower(t) HAVING count(*) > 0 ORDER BY lower(t)",
        "'minus'|1\n'two'|1",
    );
    pg(NUMBERS, "SELECT count(*) FROM n GROUP BY lower(t) ORDER BY lower(t)", "1\n1\n1");
    pg(NUMBERS, "SELECT count(DISTINCT t) FROM n", "2");
    pg(NUMBERS, "SELECT coalesce(max(id), 0) + 1 FROM n", "4");
    pg(
        NUMBERS,
        "SELECT i, count(*) FROM n",
        "error InvalidStatement: a column must appear in the GROUP BY clause or be used in an aggregate function",
    );
    pg(NUMBERS, "SELECT i FROM n WHERE random() < 0.5", "? the function random is not supported");
    pg(NUMBERS, "SELECT sum(i) OVER (PARTITION BY i) FROM n", "2\n-3\nNULL");
}

const TWO: &str = "CREATE TABLE a (id int, name text); CREATE TABLE b (id int, a_id int, v text);
    INSERT INTO a VALUES (1, 'one'), (2, 'two'); INSERT INTO b VALUES (10, 1, 'x'), (11, 1, 'y'), (12, NULL, 'z')";

#[test]
fn joins_of_all_kinds() {
    pg(TWO, "SELECT a.name, b.v FROM a JOIN b ON b.a_id = a.id ORDER BY b.id", "'one'|'x'\n'one'|'y'");
    pg(TWO, "SELECT a.name, b.v FROM a LEFT JOIN b ON b.a_id = a.id ORDER BY 1, 2", "'one'|'x'\n'one'|'y'\n'two'|NULL");
    pg(TWO, "SELECT a.name, b.v FROM a RIGHT JOIN b ON b.a_id = a.id ORDER BY 2", "'one'|'x'\n'one'|'y'\nNULL|'z'");
    pg(TWO, "SELECT count(*) FROM a, b", "6");
    pg(TWO, "SELECT count(*) FROM a CROSS JOIN b", "6");
    pg(
        TWO,
        "SELECT id, name FROM a JOIN (SELECT a_id AS id, count(*) AS c FROM b GROUP BY a_id) q USING (id)",
        "1|'one'",
    );
    pg(TWO, "SELECT id FROM a, b", "error InvalidStatement: column reference \"id\" is ambiguous");
    pg(TWO, "SELECT nope FROM a", "error UndefinedObject: column \"nope\" does not exist");
    pg(TWO, "SELECT 1 FROM nope", "error UndefinedObject: relation \"nope\" does not exist");
}

#[test]
fn subqueries_with_and_without_the_row() {
    pg(TWO, "SELECT name, (SELECT max(v) FROM b WHERE b.a_id = a.id) FROM a ORDER BY id", "'one'|'y'\n'two'|NULL");
    pg(TWO, "SELECT name FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.a_id = a.id)", "'one'");
    pg(TWO, "SELECT name FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.a_id = a.id)", "'two'");
    pg(TWO, "SELECT name FROM a WHERE id IN (SELECT a_id FROM b WHERE v <> name)", "'one'");
    pg(TWO, "SELECT name FROM a WHERE id IN (SELECT DISTINCT a_id FROM b WHERE b.v = 'x' AND a.name = 'one')", "'one'");
    pg(TWO, "SELECT name FROM a WHERE id NOT IN (SELECT a_id FROM b WHERE b.a_id = a.id)", "'two'");
    pg(TWO, "SELECT count(*) FROM a WHERE id NOT IN (SELECT a_id FROM b WHERE v <> name)", "0");
    pg(TWO, "SELECT name, id IN (SELECT a_id FROM b WHERE v <> name) FROM a ORDER BY id", "'one'|true\n'two'|NULL");
    pg(TWO, "SELECT NULL::int IN (SELECT a_id FROM b WHERE v = name) FROM a ORDER BY id", "false\nfalse");
    pg(TWO, "SELECT id NOT IN (SELECT b.id - 9 FROM b WHERE b.v <> a.name) FROM a ORDER BY id", "false\nfalse");
    pg(
        TWO,
        "SELECT name, (SELECT v FROM b WHERE b.a_id = a.id ORDER BY id DESC LIMIT 1) FROM a ORDER BY id",
        "'one'|'y'\n'two'|NULL",
    );
    pg(
        TWO,
        "SELECT (SELECT v FROM b WHERE b.a_id = a.id) FROM a",
        "error InvalidStatement: more than one row returned by a subquery used as an expression",
    );
    pg(
        TWO,
        "WITH q AS (SELECT a_id, count(*) AS c FROM b GROUP BY a_id) SELECT name, c FROM a JOIN q ON q.a_id = a.id",
        "'one'|2",
    );
    pg(TWO, "SELECT name FROM a UNION SELECT v FROM b ORDER BY 1", "'one'\n'two'\n'x'\n'y'\n'z'");
    pg(TWO, "SELECT DISTINCT a_id FROM b ORDER BY a_id", "1\nNULL");
    pg(TWO, "SELECT DISTINCT ON (a_id) a_id, v FROM b ORDER BY a_id, id DESC", "1|'y'\nNULL|'z'");
    pg(TWO, "SELECT id FROM b ORDER BY a_id DESC NULLS LAST, id LIMIT 2 OFFSET 1", "11\n12");
    pg(TWO, "SELECT * FROM a WHERE id = ANY(ARRAY[2, 3])", "2|'two'");
}

#[test]
fn text_and_moments_are_computed() {
    pg(
        "",
        "SELECT lower('AbC') || '-' || 5, upper('x'), substring('hello' from 2 for 3), length('äö')",
        "'abc-5'|'X'|'ell'|2",
    );
    pg(
        "",
        "SELECT split_part('a@b.c', '@', 2), replace('aXa', 'X', '-'), trim('  x '), left('hello', 2)",
        "'b.c'|'a-a'|'x'|'he'",
    );
    pg(
        "",
        "SELECT now() IS NOT NULL, date_trunc('month', timestamp '2024-05-17 10:11:12')",
        "true|2024-05-01 00:00:00",
    );
    pg("", "SELECT timestamp '2024-01-31 00:00:00' + interval '1 month'", "2024-02-29 00:00:00");
    pg(
        "",
        "SELECT '42'::int + 1, 3.7::int, 'true'::boolean, 12::text || 'x', '2024-02-30'::date",
        "error InvalidValue: date/time field value out of range: \"2024-02-30\"",
    );
    pg(
        "",
        "SELECT '42'::int + 1, 3.7::int, 'yes'::boolean, 12::text || 'x', 'abcdef'::varchar(3)",
        "43|4|true|'12x'|'abc'",
    );
    pg("", "SELECT 'abc'::int", "error InvalidValue: invalid input syntax for type integer: \"abc\"");
    pg("", "SELECT CASE WHEN 1 > 2 THEN 'a' WHEN 2 > 1 THEN 'b' END, greatest(1, 3, 2), round(2.345, 2)", "'b'|3|2.35");
    pg("", "SELECT '{\"a\": {\"b\": 1}}'::jsonb -> 'a' ->> 'b'", "'1'");
    pg("", "SELECT normalize('a')", "? the function normalize is not supported");
}

#[test]
fn char_is_filled_up_only_to_be_seen() {
    let setup = "CREATE TABLE c (x char(4), y text); INSERT INTO c VALUES ('ab', 'ab')";
    pg(setup, "SELECT x, length(x), x = 'ab', x = y, x || '!' FROM c", "'ab  '|2|true|true|'ab!'");
    pg(setup, "UPDATE c SET y = x; SELECT length(y) FROM c", "2");
}

#[test]
fn sqlite_is_loose() {
    let setup = "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, s VARCHAR(3), b BOOLEAN, d DATETIME);
        INSERT INTO t (n, s, b, d) VALUES ('12', 5, 1, '2024-01-01 00:00:00'), ('x', 'abcdef', 0, NULL)";
    lite(setup, "SELECT id, s, b FROM t ORDER BY id", "1|'5'|1\n2|'abcdef'|0");
    lite(setup, "SELECT id FROM t WHERE b", "1");
    lite(setup, "SELECT id FROM t WHERE b = true", "1");
    lite(setup, "SELECT id FROM t WHERE s = 5", "1");
    lite(setup, "SELECT id FROM t WHERE s LIKE 'ABC%'", "2");
    lite(setup, "SELECT id FROM t WHERE n > 3", "1\n2");
    lite(setup, "SELECT id FROM t WHERE \"s\" = \"abcdef\"", "2");
    lite(setup, "SELECT 7 / 2, 7 / 0, 1 = 1", "3|NULL|1");
    lite(setup, "SELECT id FROM t ORDER BY d", "2\n1");
}

#[test]
fn long_chains_are_answered_or_refused_but_never_overflow() {
    let chain = |item: &str, op: &str, times: usize| vec![item; times].join(op);
    pg("", &format!("SELECT length({})", chain("'x'", " || ", 60)), "60");
    pg("", &format!("SELECT length({})", chain("'x'", " || ", 150)), "? it is nested too deeply");
    pg(NUMBERS, &format!("SELECT count(*) FROM n WHERE {}", chain("i = 2", " OR ", 150)), "1");
    pg(NUMBERS, &format!("SELECT count({}) FROM n", chain("i = 2", " AND ", 150)), "2");
    let nested = format!("SELECT {}1{}", "(SELECT ".repeat(6), ")".repeat(6));
    pg("", &nested, "1");
    let alternating = format!("{}i = 2{}", "NOT (i IS NULL OR t = 'x' AND ".repeat(5), ")".repeat(5));
    pg(NUMBERS, &format!("SELECT count({alternating}) FROM n"), "3");
    pg(NUMBERS, &format!("SELECT count(*) FROM n WHERE {alternating}"), "2");
}
