//! Statements, as executed, beside what SQLAlchemy 2.1 sends: each row was printed by it.

use super::run;
use crate::schema::{Catalog, Dialect};

/// A statement, and what executing it sends to PostgreSQL, SQLite and MySQL.
#[rustfmt::skip]
const STATEMENTS: &[(&str, [&str; 3])] = &[
    ("sa.select(t.c.id, t.c.name)", ["SELECT t.id, t.name FROM t", "SELECT t.id, t.name FROM t", "SELECT t.id, t.name FROM t"]),
    ("sa.select(t)", [r#"SELECT t.id, t.name, t.flag, t.data, t.at, t."User" FROM t"#, r#"SELECT t.id, t.name, t.flag, t.data, t.at, t."User" FROM t"#, "SELECT t.id, t.name, t.flag, t.data, t.at, t.`User` FROM t"]),
    (r#"sa.select(t.c.id).where(t.c.name == "x").where(t.c.flag)"#, ["SELECT t.id FROM t WHERE t.name = 'x' AND t.flag", "SELECT t.id FROM t WHERE t.name = 'x' AND t.flag = 1", "SELECT t.id FROM t WHERE t.name = 'x' AND t.flag = 1"]),
    (r#"sa.select(t.c.id).where(t.c.name == "x", t.c.id > 3).order_by(t.c.id.desc(), t.c.name).limit(10).offset(5)"#, ["SELECT t.id FROM t WHERE t.name = 'x' AND t.id > 3 ORDER BY t.id DESC, t.name LIMIT 10 OFFSET 5", "SELECT t.id FROM t WHERE t.name = 'x' AND t.id > 3 ORDER BY t.id DESC, t.name LIMIT 10 OFFSET 5", "SELECT t.id FROM t WHERE t.name = 'x' AND t.id > 3 ORDER BY t.id DESC, t.name LIMIT 5, 10"]),
    ("sa.select(sa.func.count()).select_from(t)", ["SELECT count(*) AS count_1 FROM t", "SELECT count(*) AS count_1 FROM t", "SELECT count(*) AS count_1 FROM t"]),
    ("sa.select(sa.func.count(t.c.id))", ["SELECT count(t.id) AS count_1 FROM t", "SELECT count(t.id) AS count_1 FROM t", "SELECT count(t.id) AS count_1 FROM t"]),
    (r#"sa.select(sa.func.count(t.c.id).label("n"), t.c.name).group_by(t.c.name).having(sa.func.count(t.c.id) > 1)"#, ["SELECT count(t.id) AS n, t.name FROM t GROUP BY t.name HAVING count(t.id) > 1", "SELECT count(t.id) AS n, t.name FROM t GROUP BY t.name HAVING count(t.id) > 1", "SELECT count(t.id) AS n, t.name FROM t GROUP BY t.name HAVING count(t.id) > 1"]),
    ("sa.select(t.c.id, o.c.id)", ["SELECT t.id, o.id AS id_1 FROM t, o", "SELECT t.id, o.id AS id_1 FROM t, o", "SELECT t.id, o.id AS id_1 FROM t, o"]),
    ("sa.select(t.c.id, o.c.name).where(t.c.id == o.c.t_id)", ["SELECT t.id, o.name FROM t, o WHERE t.id = o.t_id", "SELECT t.id, o.name FROM t, o WHERE t.id = o.t_id", "SELECT t.id, o.name FROM t, o WHERE t.id = o.t_id"]),
    ("sa.select(t.c.id).join(o, t.c.id == o.c.t_id)", ["SELECT t.id FROM t JOIN o ON t.id = o.t_id", "SELECT t.id FROM t JOIN o ON t.id = o.t_id", "SELECT t.id FROM t INNER JOIN o ON t.id = o.t_id"]),
    ("sa.select(t.c.id, o.c.id).select_from(t.join(o, t.c.id == o.c.t_id))", ["SELECT t.id, o.id AS id_1 FROM t JOIN o ON t.id = o.t_id", "SELECT t.id, o.id AS id_1 FROM t JOIN o ON t.id = o.t_id", "SELECT t.id, o.id AS id_1 FROM t INNER JOIN o ON t.id = o.t_id"]),
    ("sa.select(t.c.id).select_from(t.outerjoin(o, t.c.id == o.c.t_id)).where(o.c.id.is_(None))", ["SELECT t.id FROM t LEFT OUTER JOIN o ON t.id = o.t_id WHERE o.id IS NULL", "SELECT t.id FROM t LEFT OUTER JOIN o ON t.id = o.t_id WHERE o.id IS NULL", "SELECT t.id FROM t LEFT OUTER JOIN o ON t.id = o.t_id WHERE o.id IS NULL"]),
    ("sa.select(t.c.id).outerjoin(o, sa.and_(t.c.id == o.c.t_id, o.c.n > 1))", ["SELECT t.id FROM t LEFT OUTER JOIN o ON t.id = o.t_id AND o.n > 1", "SELECT t.id FROM t LEFT OUTER JOIN o ON t.id = o.t_id AND o.n > 1", "SELECT t.id FROM t LEFT OUTER JOIN o ON t.id = o.t_id AND o.n > 1"]),
    ("sa.select(t.c.name).distinct()", ["SELECT DISTINCT t.name FROM t", "SELECT DISTINCT t.name FROM t", "SELECT DISTINCT t.name FROM t"]),
    ("sa.select(t.c.id).where(t.c.id.in_(sa.select(o.c.t_id).where(o.c.n > 1)))", ["SELECT t.id FROM t WHERE t.id IN (SELECT o.t_id FROM o WHERE o.n > 1)", "SELECT t.id FROM t WHERE t.id IN (SELECT o.t_id FROM o WHERE o.n > 1)", "SELECT t.id FROM t WHERE t.id IN (SELECT o.t_id FROM o WHERE o.n > 1)"]),
    (r#"sa.select(t.c.id, sa.select(sa.func.count()).where(o.c.t_id == t.c.id).scalar_subquery().label("n"))"#, ["SELECT t.id, (SELECT count(*) AS count_1 FROM o WHERE o.t_id = t.id) AS n FROM t", "SELECT t.id, (SELECT count(*) AS count_1 FROM o WHERE o.t_id = t.id) AS n FROM t", "SELECT t.id, (SELECT count(*) AS count_1 FROM o WHERE o.t_id = t.id) AS n FROM t"]),
    ("sa.select(t.c.id).where(sa.exists().where(o.c.t_id == t.c.id))", ["SELECT t.id FROM t WHERE EXISTS (SELECT * FROM o WHERE o.t_id = t.id)", "SELECT t.id FROM t WHERE EXISTS (SELECT * FROM o WHERE o.t_id = t.id)", "SELECT t.id FROM t WHERE EXISTS (SELECT * FROM o WHERE o.t_id = t.id)"]),
    ("sa.select(t.c.id).where(~sa.exists(sa.select(1).where(o.c.t_id == t.c.id)))", ["SELECT t.id FROM t WHERE NOT (EXISTS (SELECT 1 FROM o WHERE o.t_id = t.id))", "SELECT t.id FROM t WHERE NOT (EXISTS (SELECT 1 FROM o WHERE o.t_id = t.id))", "SELECT t.id FROM t WHERE NOT (EXISTS (SELECT 1 FROM o WHERE o.t_id = t.id))"]),
    ("sa.select(sa.literal(1))", ["SELECT 1 AS anon_1", "SELECT 1 AS anon_1", "SELECT 1 AS anon_1"]),
    (r#"sa.select(sa.text("1"))"#, ["SELECT 1", "SELECT 1", "SELECT 1"]),
    (r#"sa.select(sa.literal_column("1"))"#, ["SELECT 1", "SELECT 1", "SELECT 1"]),
    ("sa.select(t.c.id + 1)", ["SELECT t.id + 1 AS anon_1 FROM t", "SELECT t.id + 1 AS anon_1 FROM t", "SELECT t.id + 1 AS anon_1 FROM t"]),
    (r#"sa.select((t.c.id + 1).label("x")).order_by("x")"#, ["SELECT t.id + 1 AS x FROM t ORDER BY x", "SELECT t.id + 1 AS x FROM t ORDER BY x", "SELECT t.id + 1 AS x FROM t ORDER BY x"]),
    (r#"sa.select(t.c.id.label("x")).order_by(t.c.id.label("x").desc())"#, ["SELECT t.id AS x FROM t ORDER BY x DESC", "SELECT t.id AS x FROM t ORDER BY x DESC", "SELECT t.id AS x FROM t ORDER BY x DESC"]),
    ("sa.select(sa.func.now())", ["SELECT now() AS now_1", "SELECT CURRENT_TIMESTAMP AS now_1", "SELECT now() AS now_1"]),
    ("sa.select(t.c.id).union(sa.select(o.c.id))", ["SELECT t.id FROM t UNION SELECT o.id FROM o", "SELECT t.id FROM t UNION SELECT o.id FROM o", "SELECT t.id FROM t UNION SELECT o.id FROM o"]),
    (r#"sa.union_all(sa.select(t.c.id), sa.select(o.c.id)).order_by("id")"#, ["SELECT t.id FROM t UNION ALL SELECT o.id FROM o ORDER BY id", "SELECT t.id FROM t UNION ALL SELECT o.id FROM o ORDER BY id", "SELECT t.id FROM t UNION ALL SELECT o.id FROM o ORDER BY id"]),
    (r#"sa.select(t.alias("x").c.id)"#, ["SELECT x.id FROM t AS x", "SELECT x.id FROM t AS x", "SELECT x.id FROM t AS x"]),
    ("sa.select(t.alias().c.id)", ["SELECT t_1.id FROM t AS t_1", "SELECT t_1.id FROM t AS t_1", "SELECT t_1.id FROM t AS t_1"]),
    (r#"(lambda s: sa.select(s.c.id).where(s.c.n > 1))(sa.select(o.c.id, o.c.n).subquery("s"))"#, ["SELECT s.id FROM (SELECT o.id AS id, o.n AS n FROM o) AS s WHERE s.n > 1", "SELECT s.id FROM (SELECT o.id AS id, o.n AS n FROM o) AS s WHERE s.n > 1", "SELECT s.id FROM (SELECT o.id AS id, o.n AS n FROM o) AS s WHERE s.n > 1"]),
    ("(lambda s: sa.select(s.c.id))(sa.select(o.c.id, o.c.n).subquery())", ["SELECT anon_1.id FROM (SELECT o.id AS id, o.n AS n FROM o) AS anon_1", "SELECT anon_1.id FROM (SELECT o.id AS id, o.n AS n FROM o) AS anon_1", "SELECT anon_1.id FROM (SELECT o.id AS id, o.n AS n FROM o) AS anon_1"]),
    (r#"(lambda s: sa.select(s.c.id).where(s.c.n > 1))(sa.select(o.c.id, o.c.n).cte("s"))"#, ["WITH s AS (SELECT o.id AS id, o.n AS n FROM o) SELECT s.id FROM s WHERE s.n > 1", "WITH s AS (SELECT o.id AS id, o.n AS n FROM o) SELECT s.id FROM s WHERE s.n > 1", "WITH s AS (SELECT o.id AS id, o.n AS n FROM o) SELECT s.id FROM s WHERE s.n > 1"]),
    (r#"(lambda a: sa.select(t.c.id, a.c.id).where(a.c.id == t.c.id))(t.alias("a"))"#, ["SELECT t.id, a.id AS id_1 FROM t, t AS a WHERE a.id = t.id", "SELECT t.id, a.id AS id_1 FROM t, t AS a WHERE a.id = t.id", "SELECT t.id, a.id AS id_1 FROM t, t AS a WHERE a.id = t.id"]),
    ("sa.select(sa.cast(t.c.id, sa.String))", ["SELECT CAST(t.id AS VARCHAR) AS id FROM t", "SELECT CAST(t.id AS VARCHAR) AS id FROM t", "SELECT CAST(t.id AS CHAR) AS id FROM t"]),
    ("sa.select(t.c.User)", [r#"SELECT t."User" FROM t"#, r#"SELECT t."User" FROM t"#, "SELECT t.`User` FROM t"]),
    (r#"sa.select(sa.case((t.c.id > 1, "a"), else_="b").label("k")).select_from(t)"#, ["SELECT CASE WHEN (t.id > 1) THEN 'a' ELSE 'b' END AS k FROM t", "SELECT CASE WHEN (t.id > 1) THEN 'a' ELSE 'b' END AS k FROM t", "SELECT CASE WHEN (t.id > 1) THEN 'a' ELSE 'b' END AS k FROM t"]),
    ("sa.select(sa.func.max(t.c.id), sa.func.max(o.c.id))", ["SELECT max(t.id) AS max_1, max(o.id) AS max_2 FROM t, o", "SELECT max(t.id) AS max_1, max(o.id) AS max_2 FROM t, o", "SELECT max(t.id) AS max_1, max(o.id) AS max_2 FROM t, o"]),
    (r#"sa.select(sa.column("a"), sa.column("b")).select_from(sa.table("x"))"#, ["SELECT a, b FROM x", "SELECT a, b FROM x", "SELECT a, b FROM x"]),
    (r#"sa.select(sa.column("a")).select_from(sa.text("x"))"#, ["SELECT a FROM x", "SELECT a FROM x", "SELECT a FROM x"]),
    ("sa.select(t.c.id).where(t.c.id == 1).with_for_update()", ["SELECT t.id FROM t WHERE t.id = 1 FOR UPDATE", "SELECT t.id FROM t WHERE t.id = 1", "SELECT t.id FROM t WHERE t.id = 1 FOR UPDATE"]),
    ("t.select().where(t.c.id == 1)", [r#"SELECT t.id, t.name, t.flag, t.data, t.at, t."User" FROM t WHERE t.id = 1"#, r#"SELECT t.id, t.name, t.flag, t.data, t.at, t."User" FROM t WHERE t.id = 1"#, "SELECT t.id, t.name, t.flag, t.data, t.at, t.`User` FROM t WHERE t.id = 1"]),
    (r#"t.insert().values(id=1, name="x")"#, ["INSERT INTO t (id, name) VALUES (1, 'x')", "INSERT INTO t (id, name) VALUES (1, 'x')", "INSERT INTO t (id, name) VALUES (1, 'x')"]),
    (r#"t.insert().values({"id": 1, "name": None, "flag": True})"#, ["INSERT INTO t (id, name, flag) VALUES (1, NULL, true)", "INSERT INTO t (id, name, flag) VALUES (1, NULL, 1)", "INSERT INTO t (id, name, flag) VALUES (1, NULL, true)"]),
    (r#"t.insert().values([{"id": 1, "name": "a"}, {"id": 2, "name": "b"}])"#, ["INSERT INTO t (id, name) VALUES (1, 'a'), (2, 'b')", "INSERT INTO t (id, name) VALUES (1, 'a'), (2, 'b')", "INSERT INTO t (id, name) VALUES (1, 'a'), (2, 'b')"]),
    (r#"t.insert().values({t.c.id: 1, t.c.User: "it's"})"#, [r#"INSERT INTO t (id, "User") VALUES (1, 'it''s')"#, r#"INSERT INTO t (id, "User") VALUES (1, 'it''s')"#, "INSERT INTO t (id, `User`) VALUES (1, 'it''s')"]),
    (r#"sa.insert(t).values(id=sa.select(sa.func.max(o.c.id)).scalar_subquery(), name="x")"#, ["INSERT INTO t (id, name) VALUES ((SELECT max(o.id) AS max_1 FROM o), 'x')", "INSERT INTO t (id, name) VALUES ((SELECT max(o.id) AS max_1 FROM o), 'x')", "INSERT INTO t (id, name) VALUES ((SELECT max(o.id) AS max_1 FROM o), 'x')"]),
    (r#"sa.insert(t).from_select(["id", "name"], sa.select(o.c.id, o.c.name).where(o.c.n == 1))"#, ["INSERT INTO t (id, name) SELECT o.id, o.name FROM o WHERE o.n = 1", "INSERT INTO t (id, name) SELECT o.id, o.name FROM o WHERE o.n = 1", "INSERT INTO t (id, name) SELECT o.id, o.name FROM o WHERE o.n = 1"]),
    (r#"t.update().values(name="x")"#, ["UPDATE t SET name='x'", "UPDATE t SET name='x'", "UPDATE t SET name='x'"]),
    (r#"t.update().where(t.c.id == 5).values(name="x", flag=False)"#, ["UPDATE t SET name='x', flag=false WHERE t.id = 5", "UPDATE t SET name='x', flag=0 WHERE t.id = 5", "UPDATE t SET name='x', flag=false WHERE t.id = 5"]),
    (r#"t.update().values({t.c.name: t.c.name + "x"}).where(t.c.id.in_([1, 2]))"#, ["UPDATE t SET name=(t.name || 'x') WHERE t.id IN (1, 2)", "UPDATE t SET name=(t.name || 'x') WHERE t.id IN (1, 2)", "UPDATE t SET name=(concat(t.name, 'x')) WHERE t.id IN (1, 2)"]),
    ("sa.update(t).where(t.c.id == o.c.t_id).values(name=o.c.name)", ["UPDATE t SET name=o.name FROM o WHERE t.id = o.t_id", "UPDATE t SET name=o.name FROM o WHERE t.id = o.t_id", "UPDATE t, o SET t.name=o.name WHERE t.id = o.t_id"]),
    ("sa.update(t).values(name=sa.select(o.c.name).where(o.c.t_id == t.c.id).scalar_subquery())", ["UPDATE t SET name=(SELECT o.name FROM o WHERE o.t_id = t.id)", "UPDATE t SET name=(SELECT o.name FROM o WHERE o.t_id = t.id)", "UPDATE t SET name=(SELECT o.name FROM o WHERE o.t_id = t.id)"]),
    (r#"sa.update(t).values(name=sa.case((t.c.id == 1, "a"), else_=t.c.name))"#, ["UPDATE t SET name=CASE WHEN (t.id = 1) THEN 'a' ELSE t.name END", "UPDATE t SET name=CASE WHEN (t.id = 1) THEN 'a' ELSE t.name END", "UPDATE t SET name=CASE WHEN (t.id = 1) THEN 'a' ELSE t.name END"]),
    (r#"sa.update(t).values(name=None).where(t.c.name == "")"#, ["UPDATE t SET name=NULL WHERE t.name = ''", "UPDATE t SET name=NULL WHERE t.name = ''", "UPDATE t SET name=NULL WHERE t.name = ''"]),
    ("sa.update(t).values(name=sa.func.lower(t.c.name))", ["UPDATE t SET name=lower(t.name)", "UPDATE t SET name=lower(t.name)", "UPDATE t SET name=lower(t.name)"]),
    (r#"sa.update(t).values(name=sa.text("upper(name)"))"#, ["UPDATE t SET name=upper(name)", "UPDATE t SET name=upper(name)", "UPDATE t SET name=upper(name)"]),
    ("t.delete()", ["DELETE FROM t", "DELETE FROM t", "DELETE FROM t"]),
    ("t.delete().where(t.c.id == 5)", ["DELETE FROM t WHERE t.id = 5", "DELETE FROM t WHERE t.id = 5", "DELETE FROM t WHERE t.id = 5"]),
    ("sa.delete(t).where(t.c.id.in_(sa.select(o.c.t_id)))", ["DELETE FROM t WHERE t.id IN (SELECT o.t_id FROM o)", "DELETE FROM t WHERE t.id IN (SELECT o.t_id FROM o)", "DELETE FROM t WHERE t.id IN (SELECT o.t_id FROM o)"]),
    (r#"sa.delete(t).where(t.c.id == 1, t.c.name == "a")"#, ["DELETE FROM t WHERE t.id = 1 AND t.name = 'a'", "DELETE FROM t WHERE t.id = 1 AND t.name = 'a'", "DELETE FROM t WHERE t.id = 1 AND t.name = 'a'"]),
];

/// Statements that only PostgreSQL knows.
#[rustfmt::skip]
const POSTGRESQL: &[(&str, &str)] = &[
    (r#"sa.text("SELECT id FROM t WHERE id IN :ids AND name IN :names").bindparams(ids=(1, 2), names=("it's",))"#, "SELECT id FROM t WHERE id IN (1, 2) AND name IN ('it''s')"),
    (r#"postgresql.insert(t).values(id=1, name="x").on_conflict_do_nothing()"#, "INSERT INTO t (id, name) VALUES (1, 'x') ON CONFLICT DO NOTHING"),
    (r#"postgresql.insert(t).values(id=1, name="x").on_conflict_do_nothing(index_elements=["id"])"#, "INSERT INTO t (id, name) VALUES (1, 'x') ON CONFLICT (id) DO NOTHING"),
    (r#"postgresql.insert(t).values(id=1, name="x").on_conflict_do_update(index_elements=[t.c.id], set_={"name": "y"})"#, "INSERT INTO t (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = 'y'"),
    (r#"(lambda i: i.on_conflict_do_update(constraint="uq", set_={"name": i.excluded.name}, where=t.c.id > 1))(postgresql.insert(t).values(id=1, name="x"))"#, "INSERT INTO t (id, name) VALUES (1, 'x') ON CONFLICT ON CONSTRAINT uq DO UPDATE SET name = excluded.name WHERE t.id > 1"),
    ("sa.insert(t).values(id=1).returning(t.c.id, t.c.name)", "INSERT INTO t (id) VALUES (1) RETURNING t.id, t.name"),
    (r#"sa.update(t).values(name="x").returning(t.c.id)"#, "UPDATE t SET name='x' RETURNING t.id"),
    ("sa.delete(t).where(t.c.id == o.c.t_id)", "DELETE FROM t USING o WHERE t.id = o.t_id"),
    ("sa.select(t.c.id).distinct(t.c.name)", "SELECT DISTINCT ON (t.name) t.id FROM t"),
    (r#"sa.select(j.c.b["k"].astext.label("k"))"#, "SELECT j.b ->> 'k' AS k FROM j"),
    (r#"sa.select(sa.func.unnest(j.c.tags).label("tag"))"#, "SELECT unnest(j.tags) AS tag FROM j"),
    ("sa.select(t.c.id).with_for_update(skip_locked=True)", "SELECT t.id FROM t FOR UPDATE SKIP LOCKED"),
];

fn sent(dialect: Dialect, code: &str) -> String {
    let ran = run(Catalog::new(dialect), Vec::new(), &format!("conn.execute({code})\n"));
    match ran.raised {
        Some(raised) => raised,
        None => ran.events.join("; "),
    }
}

fn check(rows: impl Iterator<Item = (&'static str, Dialect, &'static str)>) {
    let mut wrong = Vec::new();
    for (code, dialect, expected) in rows {
        let text = sent(dialect, code);
        if text != expected {
            wrong.push(format!("{dialect}: {code}\n  is       {text}\n  expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn statements_are_written_as_sqlalchemy_writes_them() {
    let dialects = [Dialect::PostgreSql, Dialect::Sqlite, Dialect::MySql];
    check(
        STATEMENTS
            .iter()
            .flat_map(|(code, texts)| dialects.into_iter().zip(texts).map(|(dialect, text)| (*code, dialect, *text))),
    );
}

#[test]
fn statements_of_postgresql_are_written_as_its_dialect_writes_them() {
    check(POSTGRESQL.iter().map(|(code, text)| (*code, Dialect::PostgreSql, *text)));
}
