//! Expressions, written as SQLAlchemy 2.1 writes them: each row was printed by it.

use super::written;
use crate::schema::Dialect;

/// An expression, and its text for PostgreSQL, SQLite and MySQL.
#[rustfmt::skip]
const EXPRESSIONS: &[(&str, [&str; 3])] = &[
    ("t.c.id == 5", ["t.id = 5", "t.id = 5", "t.id = 5"]),
    ("t.c.id != None", ["t.id IS NOT NULL", "t.id IS NOT NULL", "t.id IS NOT NULL"]),
    ("t.c.name == None", ["t.name IS NULL", "t.name IS NULL", "t.name IS NULL"]),
    ("t.c.flag == True", ["t.flag = true", "t.flag = 1", "t.flag = true"]),
    ("t.c.flag.is_(True)", ["t.flag IS true", "t.flag IS 1", "t.flag IS true"]),
    ("t.c.flag.is_(None)", ["t.flag IS NULL", "t.flag IS NULL", "t.flag IS NULL"]),
    ("t.c.flag.isnot(None)", ["t.flag IS NOT NULL", "t.flag IS NOT NULL", "t.flag IS NOT NULL"]),
    ("~t.c.flag", ["NOT t.flag", "t.flag = 0", "t.flag = 0"]),
    ("~(t.c.id == 5)", ["t.id != 5", "t.id != 5", "t.id != 5"]),
    ("sa.not_(t.c.flag)", ["NOT t.flag", "t.flag = 0", "t.flag = 0"]),
    ("t.c.id.in_([1, 2, 3])", ["t.id IN (1, 2, 3)", "t.id IN (1, 2, 3)", "t.id IN (1, 2, 3)"]),
    ("t.c.id.notin_([1, 2])", ["t.id NOT IN (1, 2)", "t.id NOT IN (1, 2)", "t.id NOT IN (1, 2)"]),
    (r#"t.c.name.like("a%")"#, ["t.name LIKE 'a%'", "t.name LIKE 'a%'", "t.name LIKE 'a%'"]),
    (r#"t.c.name.notlike("a%")"#, ["t.name NOT LIKE 'a%'", "t.name NOT LIKE 'a%'", "t.name NOT LIKE 'a%'"]),
    (r#"t.c.name.ilike("a%")"#, ["t.name ILIKE 'a%'", "lower(t.name) LIKE lower('a%')", "lower(t.name) LIKE lower('a%')"]),
    (r#"t.c.name.startswith("x")"#, ["t.name LIKE 'x' || '%'", "t.name LIKE 'x' || '%'", "t.name LIKE concat('x', '%')"]),
    (r#"t.c.name.endswith("x")"#, ["t.name LIKE '%' || 'x'", "t.name LIKE '%' || 'x'", "t.name LIKE concat('%', 'x')"]),
    (r#"t.c.name.contains("x")"#, ["t.name LIKE '%' || 'x' || '%'", "t.name LIKE '%' || 'x' || '%'", "t.name LIKE concat('%', 'x', '%')"]),
    (r#"t.c.name.contains("5%", autoescape=True)"#, ["t.name LIKE '%' || '5/%' || '%' ESCAPE '/'", "t.name LIKE '%' || '5/%' || '%' ESCAPE '/'", "t.name LIKE concat('%', '5/%', '%') ESCAPE '/'"]),
    ("t.c.id.between(1, 5)", ["t.id BETWEEN 1 AND 5", "t.id BETWEEN 1 AND 5", "t.id BETWEEN 1 AND 5"]),
    ("~t.c.id.between(1, 5)", ["t.id NOT BETWEEN 1 AND 5", "t.id NOT BETWEEN 1 AND 5", "t.id NOT BETWEEN 1 AND 5"]),
    (r#"(t.c.id > 1) & (t.c.id <= 9) | (t.c.name == "x")"#, ["t.id > 1 AND t.id <= 9 OR t.name = 'x'", "t.id > 1 AND t.id <= 9 OR t.name = 'x'", "t.id > 1 AND t.id <= 9 OR t.name = 'x'"]),
    (r#"sa.and_(t.c.id > 1, sa.or_(t.c.name == "a", t.c.name == "b"))"#, ["t.id > 1 AND (t.name = 'a' OR t.name = 'b')", "t.id > 1 AND (t.name = 'a' OR t.name = 'b')", "t.id > 1 AND (t.name = 'a' OR t.name = 'b')"]),
    (r#"sa.or_(sa.and_(t.c.id > 1, t.c.flag), t.c.name == "a")"#, ["t.id > 1 AND t.flag OR t.name = 'a'", "t.id > 1 AND t.flag = 1 OR t.name = 'a'", "t.id > 1 AND t.flag = 1 OR t.name = 'a'"]),
    ("sa.and_(t.c.flag, t.c.id == 1)", ["t.flag AND t.id = 1", "t.flag = 1 AND t.id = 1", "t.flag = 1 AND t.id = 1"]),
    ("sa.or_(t.c.flag == False, t.c.flag.is_(None))", ["t.flag = false OR t.flag IS NULL", "t.flag = 0 OR t.flag IS NULL", "t.flag = false OR t.flag IS NULL"]),
    ("sa.not_(sa.or_(t.c.id == 1, t.c.id == 2))", ["NOT (t.id = 1 OR t.id = 2)", "NOT (t.id = 1 OR t.id = 2)", "NOT (t.id = 1 OR t.id = 2)"]),
    ("sa.and_(True, t.c.id == 1)", ["t.id = 1", "t.id = 1", "t.id = 1"]),
    ("t.c.id + 1 > 2", ["t.id + 1 > 2", "t.id + 1 > 2", "t.id + 1 > 2"]),
    ("(t.c.id + 1) * 2 - t.c.id / 3 == 0", ["(t.id + 1) * 2 - t.id / CAST(3 AS NUMERIC) = 0", "(t.id + 1) * 2 - t.id / (3 + 0.0) = 0", "(t.id + 1) * 2 - t.id / 3 = 0"]),
    ("t.c.id - (t.c.id - 1) == 1", ["t.id - (t.id - 1) = 1", "t.id - (t.id - 1) = 1", "t.id - (t.id - 1) = 1"]),
    ("-t.c.id < 0", ["-t.id < 0", "-t.id < 0", "-t.id < 0"]),
    ("t.c.id % 2 == 0", ["t.id % 2 = 0", "t.id % 2 = 0", "t.id % 2 = 0"]),
    (r#"t.c.name + "x" == "ax""#, ["(t.name || 'x') = 'ax'", "(t.name || 'x') = 'ax'", "(concat(t.name, 'x')) = 'ax'"]),
    (r#""x" + t.c.name == "xa""#, ["('x' || t.name) = 'xa'", "('x' || t.name) = 'xa'", "(concat('x', t.name)) = 'xa'"]),
    (r#"t.c.name + t.c.User + "z" == "ax""#, [r#"(t.name || t."User" || 'z') = 'ax'"#, r#"(t.name || t."User" || 'z') = 'ax'"#, "(concat(t.name, t.`User`, 'z')) = 'ax'"]),
    ("5 == t.c.id", ["t.id = 5", "t.id = 5", "t.id = 5"]),
    ("5 < t.c.id", ["t.id > 5", "t.id > 5", "t.id > 5"]),
    (r#"sa.func.lower(t.c.name) == "x""#, ["lower(t.name) = 'x'", "lower(t.name) = 'x'", "lower(t.name) = 'x'"]),
    ("sa.func.count() > 1", ["count(*) > 1", "count(*) > 1", "count(*) > 1"]),
    (r#"sa.func.coalesce(t.c.name, "x") != "y""#, ["coalesce(t.name, 'x') != 'y'", "coalesce(t.name, 'x') != 'y'", "coalesce(t.name, 'x') != 'y'"]),
    ("t.c.at < sa.func.now()", ["t.at < now()", "t.at < CURRENT_TIMESTAMP", "t.at < now()"]),
    ("t.c.at < sa.func.current_timestamp()", ["t.at < CURRENT_TIMESTAMP", "t.at < CURRENT_TIMESTAMP", "t.at < CURRENT_TIMESTAMP"]),
    ("sa.func.length(t.c.name) > 5", ["length(t.name) > 5", "length(t.name) > 5", "length(t.name) > 5"]),
    (r#"sa.text("a = 1 or b = 2")"#, ["a = 1 or b = 2", "a = 1 or b = 2", "a = 1 or b = 2"]),
    (r#"sa.and_(sa.text("a = 1"), t.c.id == 2)"#, ["a = 1 AND t.id = 2", "a = 1 AND t.id = 2", "a = 1 AND t.id = 2"]),
    (r#"sa.text("id = :x").bindparams(x=5)"#, ["id = 5", "id = 5", "id = 5"]),
    (r#"sa.case((t.c.id == 1, "one"), (t.c.id == 2, "two"), else_="many") == "one""#, ["CASE WHEN (t.id = 1) THEN 'one' WHEN (t.id = 2) THEN 'two' ELSE 'many' END = 'one'", "CASE WHEN (t.id = 1) THEN 'one' WHEN (t.id = 2) THEN 'two' ELSE 'many' END = 'one'", "CASE WHEN (t.id = 1) THEN 'one' WHEN (t.id = 2) THEN 'two' ELSE 'many' END = 'one'"]),
    (r#"sa.case({1: "one", 2: "two"}, value=t.c.id, else_="x") == "one""#, ["CASE t.id WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'x' END = 'one'", "CASE t.id WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'x' END = 'one'", "CASE t.id WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'x' END = 'one'"]),
    (r#"sa.cast(t.c.id, sa.String) == "5""#, ["CAST(t.id AS VARCHAR) = '5'", "CAST(t.id AS VARCHAR) = '5'", "CAST(t.id AS CHAR) = '5'"]),
    (r#"t.c.id.cast(sa.Text) == "5""#, ["CAST(t.id AS TEXT) = '5'", "CAST(t.id AS TEXT) = '5'", "CAST(t.id AS CHAR) = '5'"]),
    (r#"sa.extract("year", t.c.at) == 2020"#, ["EXTRACT(year FROM t.at) = 2020", "CAST(STRFTIME('%Y', t.at) AS INTEGER) = 2020", "EXTRACT(year FROM t.at) = 2020"]),
    (r#"t.c.id.op("%")(2) == 0"#, ["(t.id % 2) = 0", "(t.id % 2) = 0", "(t.id % 2) = 0"]),
    (r#"t.c.name.op("~")("^a")"#, ["t.name ~ '^a'", "t.name ~ '^a'", "t.name ~ '^a'"]),
    (r#"t.c.id.op("&")(4) == 4"#, ["(t.id & 4) = 4", "(t.id & 4) = 4", "(t.id & 4) = 4"]),
    (r#"sa.literal_column("1") == 1"#, ["1 = 1", "1 = 1", "1 = 1"]),
    (r#"sa.literal("x") == t.c.name"#, ["'x' = t.name", "'x' = t.name", "'x' = t.name"]),
    ("sa.null() == t.c.name", ["NULL = t.name", "NULL = t.name", "NULL = t.name"]),
    (r#"t.c.name.is_distinct_from("x")"#, ["t.name IS DISTINCT FROM 'x'", "t.name IS NOT 'x'", "NOT (t.name <=> 'x')"]),
    (r#"t.c.name.collate("C") == "x""#, [r#"(t.name COLLATE "C") = 'x'"#, r#"(t.name COLLATE "C") = 'x'"#, "(t.name COLLATE `C`) = 'x'"]),
    (r#"sa.tuple_(t.c.id, t.c.name) == sa.tuple_(1, "a")"#, ["(t.id, t.name) = (1, 'a')", "(t.id, t.name) = (1, 'a')", "(t.id, t.name) = (1, 'a')"]),
    (r#"sa.column("x") == 5"#, ["x = 5", "x = 5", "x = 5"]),
    (r#"sa.column("x").is_(None)"#, ["x IS NULL", "x IS NULL", "x IS NULL"]),
    (r#"t.c.User == "it's""#, [r#"t."User" = 'it''s'"#, r#"t."User" = 'it''s'"#, "t.`User` = 'it''s'"]),
    ("sa.exists().where(o.c.t_id == t.c.id)", ["EXISTS (SELECT * FROM o, t WHERE o.t_id = t.id)", "EXISTS (SELECT * FROM o, t WHERE o.t_id = t.id)", "EXISTS (SELECT * FROM o, t WHERE o.t_id = t.id)"]),
    ("~sa.exists().where(o.c.t_id == t.c.id)", ["NOT (EXISTS (SELECT * FROM o, t WHERE o.t_id = t.id))", "NOT (EXISTS (SELECT * FROM o, t WHERE o.t_id = t.id))", "NOT (EXISTS (SELECT * FROM o, t WHERE o.t_id = t.id))"]),
    ("sa.exists(sa.select(o.c.id).where(o.c.t_id == t.c.id))", ["EXISTS (SELECT o.id FROM o, t WHERE o.t_id = t.id)", "EXISTS (SELECT o.id FROM o, t WHERE o.t_id = t.id)", "EXISTS (SELECT o.id FROM o, t WHERE o.t_id = t.id)"]),
    ("t.c.id.in_(sa.select(o.c.t_id))", ["t.id IN (SELECT o.t_id FROM o)", "t.id IN (SELECT o.t_id FROM o)", "t.id IN (SELECT o.t_id FROM o)"]),
    ("t.c.id == sa.select(sa.func.max(o.c.t_id)).scalar_subquery()", ["t.id = (SELECT max(o.t_id) AS max_1 FROM o)", "t.id = (SELECT max(o.t_id) AS max_1 FROM o)", "t.id = (SELECT max(o.t_id) AS max_1 FROM o)"]),
    ("sa.true()", ["true", "1", "true"]),
    (r#"sa.and_(t.c.name != "", t.c.name.isnot(None), sa.func.trim(t.c.name) != "")"#, ["t.name != '' AND t.name IS NOT NULL AND trim(t.name) != ''", "t.name != '' AND t.name IS NOT NULL AND trim(t.name) != ''", "t.name != '' AND t.name IS NOT NULL AND trim(t.name) != ''"]),
    ("sa.func.char_length(t.c.name) == 3", ["char_length(t.name) = 3", "length(t.name) = 3", "char_length(t.name) = 3"]),
    (r#"sa.func.concat(t.c.name, "-", t.c.id) == "a-1""#, ["concat(t.name, '-', t.id) = 'a-1'", "concat(t.name, '-', t.id) = 'a-1'", "concat(t.name, '-', t.id) = 'a-1'"]),
    ("sa.not_(sa.and_(t.c.id == 1, t.c.flag))", ["NOT (t.id = 1 AND t.flag)", "NOT (t.id = 1 AND t.flag = 1)", "NOT (t.id = 1 AND t.flag = 1)"]),
    (r#"sa.func.date_trunc("day", t.c.at) == t.c.at"#, ["date_trunc('day', t.at) = t.at", "date_trunc('day', t.at) = t.at", "date_trunc('day', t.at) = t.at"]),
    ("sa.any_(sa.func.array(t.c.id)) == 5", ["5 = ANY (array(t.id))", "5 = ANY (array(t.id))", "5 = ANY (array(t.id))"]),
    ("sa.distinct(t.c.id)", ["DISTINCT t.id", "DISTINCT t.id", "DISTINCT t.id"]),
    ("t.c.id == 1.5", ["t.id = 1.5", "t.id = 1.5", "t.id = 1.5"]),
    ("sa.func.now()", ["now()", "CURRENT_TIMESTAMP", "now()"]),
    ("sa.func.random()", ["random()", "random()", "rand()"]),
    ("sa.func.my_schema.fn(t.c.id, 1) == 2", ["my_schema.fn(t.id, 1) = 2", "my_schema.fn(t.id, 1) = 2", "my_schema.fn(t.id, 1) = 2"]),
    ("(t.c.id == 1) == (t.c.id == 2)", ["(t.id = 1) = (t.id = 2)", "(t.id = 1) = (t.id = 2)", "(t.id = 1) = (t.id = 2)"]),
    ("t.c.id.desc()", ["t.id DESC", "t.id DESC", "t.id DESC"]),
    ("t.c.id.desc().nullslast()", ["t.id DESC NULLS LAST", "t.id DESC NULLS LAST", "t.id DESC NULLS LAST"]),
    (r#"sa.type_coerce(t.c.id, sa.String) == "x""#, ["t.id = 'x'", "t.id = 'x'", "t.id = 'x'"]),
    ("sa.func.count(sa.distinct(t.c.name)) > 1", ["count(DISTINCT t.name) > 1", "count(DISTINCT t.name) > 1", "count(DISTINCT t.name) > 1"]),
    ("sa.func.row_number().over(partition_by=t.c.name, order_by=t.c.id.desc()) == 1", ["row_number() OVER (PARTITION BY t.name ORDER BY t.id DESC) = 1", "row_number() OVER (PARTITION BY t.name ORDER BY t.id DESC) = 1", "row_number() OVER (PARTITION BY t.name ORDER BY t.id DESC) = 1"]),
    (r#"t.c.name.regexp_match("^a")"#, ["t.name ~ '^a'", "t.name REGEXP '^a'", "t.name REGEXP '^a'"]),
    ("t.c.id // 2 == 1", ["t.id / 2 = 1", "t.id / 2 = 1", "FLOOR(t.id / 2) = 1"]),
];

#[test]
fn expressions_are_written_as_sqlalchemy_writes_them() {
    let dialects = [Dialect::PostgreSql, Dialect::Sqlite, Dialect::MySql];
    let mut wrong = Vec::new();
    for (code, expected) in EXPRESSIONS {
        for (dialect, expected) in dialects.into_iter().zip(expected) {
            let text = written(dialect, code);
            if text != *expected {
                wrong.push(format!("{dialect}: {code}\n  is       {text}\n  expected {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
