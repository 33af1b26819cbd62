//! Scripts that read what they asked for: rows, catalogs, objects.

use std::sync::Arc;

use super::{Scripted, rows, run};
use crate::op::{Answer, Datum};
use crate::schema::{
    Catalog, Column, ColumnId, Dialect, ForeignKey, PrimaryKey, ReferentialAction, SqlType, Table, Unique,
};

fn text(text: &str) -> Datum {
    Datum::Text(text.into())
}

fn people() -> Vec<Scripted> {
    vec![
        Scripted { needle: "count(*)", answer: rows(&["count_1"], vec![vec![Datum::Int(2)]]) },
        Scripted {
            needle: "SELECT",
            answer: rows(&["id", "name"], vec![vec![Datum::Int(1), text("Ada")], vec![Datum::Int(2), text("Bob")]]),
        },
        Scripted { needle: "RETURNING", answer: rows(&["id"], vec![vec![Datum::Int(7)]]) },
    ]
}

fn column(id: u32, name: &str, ty: SqlType, nullable: bool) -> Column {
    Column {
        id: ColumnId(id),
        name: name.into(),
        ty,
        nullable,
        default: None,
        owned_sequence: None,
        identity: None,
        computed: None,
        autoincrement: false,
        never_rowid: false,
        collation: None,
        comment: None,
    }
}

fn table(name: &str, columns: Vec<Column>) -> Table {
    Table {
        name: name.into(),
        columns: columns.into_iter().map(Into::into).collect(),
        primary_key: Some(PrimaryKey { name: Some(format!("{name}_pkey").into()), columns: vec![ColumnId(0)] }),
        foreign_keys: Vec::new(),
        uniques: Vec::new(),
        checks: Vec::new(),
        exclusions: Vec::new(),
        indexes: Vec::new(),
        comment: None,
        next_column: 9,
        assumed: false,
    }
}

/// `users` and `posts`, which refer to them.
fn blog() -> Catalog {
    let mut catalog = Catalog::new(Dialect::PostgreSql);
    let mut users = table(
        "users",
        vec![column(0, "id", SqlType::Integer, false), column(1, "email", SqlType::VarChar(Some(64)), true)],
    );
    users.uniques.push(Unique {
        name: Some("users_email_key".into()),
        columns: vec![ColumnId(1)],
        nulls_not_distinct: false,
        deferrable: None,
        initially_deferred: None,
    });
    let mut posts =
        table("posts", vec![column(0, "id", SqlType::Integer, false), column(1, "user_id", SqlType::Integer, true)]);
    posts.foreign_keys.push(ForeignKey {
        name: Some("posts_user_id_fkey".into()),
        columns: vec![ColumnId(1)],
        ref_table: "users".into(),
        ref_columns: vec!["id".into()],
        on_delete: ReferentialAction::Cascade,
        on_update: ReferentialAction::NoAction,
        deferrable: None,
        initially_deferred: None,
        match_type: None,
        not_valid: false,
    });
    for table in [users, posts] {
        catalog.tables.insert(table.name.clone(), Arc::new(table));
    }
    catalog
}

/// Runs a script and compares `out` and what the host was told.
#[track_caller]
fn check(catalog: Catalog, answers: Vec<Scripted>, script: &str, out: &str, events: &[&str]) {
    let ran = run(catalog, answers, script);
    assert_eq!(ran.raised, None, "{script}");
    let found = ran.out.map(|value| format!("{value:?}"));
    assert_eq!(found.as_deref().unwrap_or("None"), out, "{script}");
    assert_eq!(ran.events, events, "{script}");
}

/// The value of `out` alone.
#[track_caller]
fn gives(script: &str, out: &str) {
    let ran = run(blog(), people(), script);
    assert_eq!(ran.raised, None, "{script}");
    let found = ran.out.map(|value| format!("{value:?}"));
    assert_eq!(found.as_deref().unwrap_or("None"), out, "{script}");
}

/// What the host was told alone.
#[track_caller]
fn tells(script: &str, events: &[&str]) {
    let ran = run(blog(), people(), script);
    assert_eq!(ran.raised, None, "{script}");
    assert_eq!(ran.events, events, "{script}");
}

#[test]
fn rows_are_read_in_every_way() {
    let query = "result = conn.execute(sa.text('SELECT id, name FROM people'))\n";
    for (code, out) in [
        ("[row[0] for row in result]", "[1, 2]"),
        ("[row.name for row in result]", r#"["Ada", "Bob"]"#),
        ("[row['name'] for row in result]", r#"["Ada", "Bob"]"#),
        ("[id + 10 for id, name in result]", "[11, 12]"),
        ("[row._mapping['name'] for row in result.fetchall()]", r#"["Ada", "Bob"]"#),
        ("[m['id'] for m in result.mappings()]", "[1, 2]"),
        ("result.scalar()", "1"),
        ("result.first().name", r#""Ada""#),
        ("result.fetchone()[1] + result.fetchone()[1] + str(result.fetchone())", r#""AdaBobNone""#),
        ("result.scalars().all()", "[1, 2]"),
        ("result.rowcount", "2"),
        ("len(result.fetchall())", "2"),
        ("list(result.keys())", r#"["id", "name"]"#),
        ("result.fetchall()[0] == (1, 'Ada')", "True"),
        ("result.first()._asdict()", r#"{"id": 1, "name": "Ada"}"#),
        ("{row.id: row.name for row in result}", r#"{1: "Ada", 2: "Bob"}"#),
    ] {
        gives(&format!("{query}out = {code}\n"), out);
    }
}

#[test]
fn a_result_that_should_be_one_row_is_refused() {
    let ran = run(blog(), people(), "conn.execute(sa.text('SELECT 1')).one()\n");
    assert_eq!(
        ran.raised.as_deref(),
        Some("sqlalchemy.exc.MultipleResultsFound: Multiple rows were found when exactly one was required")
    );
}

#[test]
fn parameters_come_in_every_style() {
    for script in [
        "conn.execute(sa.text('UPDATE t SET a=:a WHERE id=:id'), {'a': 'x', 'id': 5})",
        "conn.execute(sa.text('UPDATE t SET a=:a WHERE id=:id'), dict(a='x', id=5))",
        "conn.execute(sa.text('UPDATE t SET a=:a WHERE id=:id'), a='x', id=5)",
        "conn.execute(sa.text('UPDATE t SET a=:a WHERE id=:id').bindparams(a='x', id=5))",
        "conn.execute(sa.text('UPDATE t SET a=:a WHERE id=:id'), [{'a': 'x', 'id': 5}])",
        "conn.exec_driver_sql('UPDATE t SET a=%s WHERE id=%s', ('x', 5))",
        "conn.exec_driver_sql('UPDATE t SET a=%(a)s WHERE id=%(id)s', {'a': 'x', 'id': 5})",
        "conn.execute('UPDATE t SET a=%s WHERE id=%s', ('x', 5))",
        "op.get_bind().connection.cursor().execute('UPDATE t SET a=%s WHERE id=%s', ('x', 5))",
        "orm.Session(bind=conn).execute(sa.text('UPDATE t SET a=:a WHERE id=:id'), {'a': 'x', 'id': 5})",
    ] {
        tells(&format!("{script}\n"), &["UPDATE t SET a='x' WHERE id=5"]);
    }
    tells("conn.exec_driver_sql(\"SELECT '12:30 :x', 5 % 2, '%'\")\n", &["SELECT '12:30 :x', 5 % 2, '%'"]);
}

#[test]
fn a_bind_without_a_value_is_refused() {
    let ran = run(blog(), people(), "conn.execute(sa.text('SELECT :x'))\n");
    assert_eq!(
        ran.raised.as_deref(),
        Some("sqlalchemy.exc.StatementError: A value is required for bind parameter 'x'")
    );
}

#[test]
fn many_rows_for_an_insert_are_one_operation() {
    tells(
        "conn.execute(t.insert(), [{'id': 1, 'name': 'a'}, {'id': 2, 'name': None}])\n",
        &["bulk t: id=1 name='a'; id=2 name=NULL"],
    );
    tells(
        "conn.execute(t.update().where(t.c.id == sa.bindparam('b_id')).values(name=sa.bindparam('n')),\n\
         [{'b_id': 1, 'n': 'a'}, {'b_id': 2, 'n': 'b'}])\n",
        &["UPDATE t SET name='a' WHERE t.id = 1", "UPDATE t SET name='b' WHERE t.id = 2"],
    );
}

#[test]
fn the_hash_of_a_password_is_like_any_other() {
    let hash = "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW";
    for made in [
        "import bcrypt\nh = bcrypt.hashpw(b'secret', bcrypt.gensalt()).decode()\n",
        "from flask_bcrypt import generate_password_hash\nh = generate_password_hash('x').decode('utf-8')\n",
        "from flask_bcrypt import Bcrypt\nh = Bcrypt().generate_password_hash('x').decode('utf-8')\n",
    ] {
        tells(
            &format!("{made}conn.execute(sa.text(f\"UPDATE t SET name = '{{h}}'\"))\n"),
            &[&format!("UPDATE t SET name = '{hash}'")],
        );
    }
    // A text of bytes is none of the database's: it has quotation marks in it.
    tells(
        "import bcrypt\nh = bcrypt.hashpw(b'secret', bcrypt.gensalt())\n\
         conn.execute(sa.text(f\"UPDATE t SET name = '{h}'\"))\n",
        &["UPDATE t SET name = (?)"],
    );
}

#[test]
fn a_text_clause_has_no_methods_of_texts() {
    let ran = run(blog(), people(), "sa.text('SELECT {}').format(1)\n");
    assert_eq!(ran.raised.as_deref(), Some("AttributeError: 'TextClause' object has no attribute 'format'"));
}

#[test]
fn what_is_not_known_is_told() {
    tells("import os\nconn.execute(t.update().values(name=os.environ['X']))\n", &["UPDATE t SET name=?"]);
    tells(
        "import os\nconn.execute(t.insert().values(**os.environ))\n",
        &["opaque an INSERT on t: which environment variables are set is not declared"],
    );
    let ran = run(blog(), people(), "conn.rollback()\n");
    assert_eq!(ran.events, ["not evaluated: the transaction of the migration is rolled back"]);
}

#[test]
fn answers_that_are_not_known_are_unknown() {
    let answers = vec![Scripted { needle: "SELECT", answer: Answer::Unknown("pg_stat is not simulated".into()) }];
    check(
        blog(),
        answers,
        "out = conn.execute(sa.text('SELECT 1')).scalar()\n",
        "<unknown: pg_stat is not simulated>",
        &["SELECT 1"],
    );
}

#[test]
fn savepoints_are_kept_or_thrown_away() {
    tells(
        "with conn.begin_nested():\n    conn.execute(sa.text('A'))\n\
         try:\n    with conn.begin_nested():\n        raise ValueError('x')\nexcept ValueError:\n    pass\n\
         s = conn.begin_nested()\ns.rollback()\n",
        &["savepoint", "A", "release", "savepoint", "rollback to savepoint", "savepoint", "rollback to savepoint"],
    );
}

#[test]
fn the_inspector_answers_from_the_catalog() {
    let inspector = "i = sa.inspect(conn)\n";
    for (code, out) in [
        ("i.has_table('users')", "True"),
        ("i.has_table('nothing')", "False"),
        ("i.get_table_names()", r#"["alembic_version", "posts", "users"]"#),
        ("[c['name'] for c in i.get_columns('users')]", r#"["id", "email"]"#),
        ("[str(c['type']) for c in i.get_columns('users')]", r#"["INTEGER", "VARCHAR(64)"]"#),
        ("i.get_columns('users')[1]['nullable']", "True"),
        ("i.get_pk_constraint('users')", r#"{"constrained_columns": ["id"], "name": "users_pkey", "comment": None}"#),
        (
            "i.get_unique_constraints('users')",
            r#"[{"name": "users_email_key", "column_names": ["email"], "comment": None}]"#,
        ),
        (
            "[(x['name'], x['duplicates_constraint']) for x in i.get_indexes('users')]",
            r#"[tuple["users_email_key", "users_email_key"]]"#,
        ),
        (
            "i.get_foreign_keys('posts')",
            r#"[{"name": "posts_user_id_fkey", "constrained_columns": ["user_id"], "referred_schema": None, "referred_table": "users", "referred_columns": ["id"], "options": {"ondelete": "CASCADE"}, "comment": None}]"#,
        ),
        ("conn.dialect.has_table(conn, 'users')", "True"),
        ("conn.dialect.name", r#""postgresql""#),
        ("conn.engine.dialect.name", r#""postgresql""#),
        ("'users' in i.get_table_names()", "True"),
    ] {
        gives(&format!("{inspector}out = {code}\n"), out);
    }
    let ran = run(blog(), people(), "sa.inspect(conn).get_columns('nothing')\n");
    assert_eq!(ran.raised.as_deref(), Some("sqlalchemy.exc.NoSuchTableError: nothing"));
}

#[test]
fn the_inspector_does_not_know_what_the_catalog_doubts() {
    let mut catalog = blog();
    catalog.uncertain.insert("users".into(), "a DO block touched it".into());
    check(catalog, Vec::new(), "out = sa.inspect(conn).has_table('users')\n", "<unknown: a DO block touched it>", &[]);
}

const MODEL: &str = "
from sqlalchemy.ext.declarative import declarative_base
Base = declarative_base()
class Person(Base):
    __tablename__ = 'people'
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(40), default='nobody')
    def shout(self):
        return self.name + '!'
session = orm.Session(bind=conn)
";

#[test]
fn objects_are_inserted_when_they_are_flushed() {
    tells(
        &format!("{MODEL}p = Person(name='Eve')\nsession.add(p)\np.name = 'Eva'\nsession.commit()\n"),
        &["INSERT INTO people (name) VALUES ('Eva') RETURNING people.id"],
    );
    tells(
        &format!("{MODEL}session.add(Person(id=3))\nsession.flush()\n"),
        &["INSERT INTO people (id, name) VALUES (3, 'nobody')"],
    );
    tells(&format!("{MODEL}session.add(Person(id=3))\n"), &[]);
    gives(&format!("{MODEL}p = Person(name='Eve')\nsession.add(p)\nsession.flush()\nout = p.id\n"), "7");
}

#[test]
fn objects_that_were_loaded_are_updated() {
    tells(
        &format!(
            "{MODEL}for p in session.query(Person).filter(Person.id > 0).all():\n    p.name = p.name.upper()\nsession.commit()\n"
        ),
        &[
            "SELECT people.id, people.name FROM people WHERE people.id > 0",
            "UPDATE people SET name='ADA' WHERE people.id = 1",
            "UPDATE people SET name='BOB' WHERE people.id = 2",
        ],
    );
    tells(
        &format!("{MODEL}p = session.query(Person).first()\np.name = 'Ada'\nsession.commit()\n"),
        &["SELECT people.id, people.name FROM people LIMIT 1"],
    );
    gives(&format!("{MODEL}out = [p.shout() for p in session.query(Person)]\n"), r#"["Ada!", "Bob!"]"#);
}

const HYBRID: &str = "
from sqlalchemy.ext.declarative import declarative_base
from sqlalchemy.ext.hybrid import hybrid_property
class Person(declarative_base()):
    __tablename__ = 'people'
    id = sa.Column(sa.Integer, primary_key=True)
    _name = sa.Column('name', sa.String(40))
    seen = sa.Column(sa.Integer)
    @hybrid_property
    def name(self):
        return self._name
    @name.setter
    def name(self, value):
        self._name = value.strip()
    @hybrid_property
    def is_new(self):
        return self.seen == 0
    @is_new.inplace.setter
    def _set_new(self, value):
        self.seen = 0 if value else 1
    @is_new.inplace.expression
    def _is_new(cls):
        return cls.seen < 1
session = orm.Session(bind=conn)
";

#[test]
fn a_hybrid_property_is_read_and_set_through_its_functions() {
    tells(
        &format!("{HYBRID}session.add(Person(id=1, name=' Eve ', is_new=True))\nsession.commit()\n"),
        &["INSERT INTO people (id, name, seen) VALUES (1, 'Eve', 0)"],
    );
    gives(&format!("{HYBRID}p = Person(name='Eve')\nout = (p.name, p._name)\n"), r#"tuple["Eve", "Eve"]"#);
    check(
        blog(),
        people(),
        &format!("{HYBRID}out = session.query(Person).filter(Person.name == 'x', Person.is_new).count()\n"),
        "2",
        &["SELECT count(*) AS count_1 FROM people WHERE people.name = 'x' AND people.seen < 1"],
    );
}

#[test]
fn queries_change_and_count_rows() {
    tells(
        &format!(
            "{MODEL}session.query(Person).filter_by(name='x').update({{Person.name: 'y'}})\nsession.query(Person).filter(Person.name == None).delete()\n"
        ),
        &["UPDATE people SET name='y' WHERE people.name = 'x'", "DELETE FROM people WHERE people.name IS NULL"],
    );
    check(
        blog(),
        people(),
        &format!("{MODEL}out = session.query(Person).filter(Person.id > 1).count()\n"),
        "2",
        &["SELECT count(*) AS count_1 FROM people WHERE people.id > 1"],
    );
    gives(&format!("{MODEL}out = session.query(Person.id, Person.name).all()[1].name\n"), r#""Bob""#);
    gives(&format!("{MODEL}out = [p.name for p in session.scalars(sa.select(Person))]\n"), r#"["Ada", "Bob"]"#);
    gives(&format!("{MODEL}out = session.execute(sa.select(Person)).first()[0].name\n"), r#""Ada""#);
}

#[test]
fn objects_are_deleted() {
    tells(
        &format!("{MODEL}p = session.get(Person, 1)\nsession.delete(p)\nsession.commit()\n"),
        &["SELECT people.id, people.name FROM people WHERE people.id = 1", "DELETE FROM people WHERE people.id = 1"],
    );
}

#[test]
fn flask_sqlalchemy_models_are_mapped() {
    tells(
        "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n\
         class UserRole(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n    n = db.Column(db.Integer)\n\
         conn.execute(UserRole.__table__.update().values(n=1))\n\
         orm.Session(bind=conn).query(UserRole).filter(UserRole.n.in_([1, 2])).delete(synchronize_session=False)\n",
        &["UPDATE user_role SET n=1", "DELETE FROM user_role WHERE user_role.n IN (1, 2)"],
    );
}

#[test]
fn what_may_have_been_written_is_conditional() {
    tells(
        &format!("{MODEL}import os\nif os.environ.get('X'):\n    session.add(Person(id=3))\nsession.commit()\n"),
        &["?INSERT INTO people (id, name) VALUES (3, 'nobody')"],
    );
    tells(
        &format!(
            "{MODEL}import os\np = session.query(Person).first()\nif os.environ.get('X'):\n    p.name = 'Z'\nsession.commit()\n"
        ),
        &["SELECT people.id, people.name FROM people LIMIT 1", "UPDATE people SET name=? WHERE people.id = 1"],
    );
}

#[test]
fn enum_members_travel_as_their_labels() {
    let script = "
import enum
class Status(enum.Enum):
    NEW = 'new'
    OLD = 'old'
class Word(str, enum.Enum):
    A = 'a'
by_name = sa.table('x', sa.column('s', sa.Enum(Status)))
by_value = sa.table('x', sa.column('s', sa.Enum(Status, values_callable=lambda e: [m.value for m in e])))
conn.execute(by_name.update().values(s=Status.NEW).where(by_name.c.s == Status.OLD))
conn.execute(by_value.update().values(s=Status.NEW))
conn.execute(sa.text('UPDATE x SET w = :w'), {'w': Word.A})
out = [row.s == Status.OLD for row in conn.execute(sa.select(by_name.c.s))]
";
    let answers = vec![Scripted { needle: "SELECT", answer: rows(&["s"], vec![vec![text("OLD")], vec![text("NEW")]]) }];
    check(
        blog(),
        answers,
        script,
        "[True, False]",
        &[
            "UPDATE x SET s='NEW' WHERE x.s = 'OLD'",
            "UPDATE x SET s='new'",
            "UPDATE x SET w = 'a'",
            "SELECT x.s FROM x",
        ],
    );
}

#[test]
fn dates_and_their_like_travel_both_ways() {
    let script = "
import datetime, uuid, decimal
x = sa.table('x', sa.column('at', sa.DateTime), sa.column('d', sa.Date), sa.column('u', sa.Uuid), sa.column('n', sa.Numeric))
conn.execute(x.update().values(
    at=datetime.datetime(2024, 1, 31, 23, 59, 59, 500000), d=datetime.date(2024, 1, 31),
    u=uuid.UUID('00000000-0000-0000-0000-00000000000a'), n=decimal.Decimal('1.50')))
conn.execute(sa.text('UPDATE x SET i = :i'), {'i': datetime.timedelta(days=1, hours=2)})
row = conn.execute(sa.text('SELECT x')).first()
out = [row.at.year, row.at.isoformat(), str(row.d), str(row.u), row.n + 1 == decimal.Decimal('2.5'), row.i.days]
";
    let moments = || {
        vec![Scripted {
            needle: "SELECT",
            answer: rows(
                &["at", "d", "u", "n", "i"],
                vec![vec![
                    Datum::Timestamp("2024-01-31 23:59:59.5".into()),
                    Datum::Date("2024-01-31".into()),
                    Datum::Uuid("00000000-0000-0000-0000-00000000000a".into()),
                    Datum::Decimal("1.50".into()),
                    Datum::Interval("1 day 02:00:00".into()),
                ]],
            ),
        }]
    };
    check(
        blog(),
        moments(),
        script,
        "[2024, \"2024-01-31T23:59:59.500000\", \"2024-01-31\", \"00000000-0000-0000-0000-00000000000a\", True, 1]",
        &[
            "UPDATE x SET at='2024-01-31 23:59:59.5', d='2024-01-31', u='00000000-0000-0000-0000-00000000000a', n=1.50",
            "UPDATE x SET i = '1 day 02:00:00'",
            "SELECT x",
        ],
    );
}

#[test]
fn the_address_tells_the_dialect() {
    gives("out = str(conn.engine.url).startswith('mysql')\n", "False");
    gives("out = conn.engine.url.drivername\n", "\"postgresql\"");
}

#[test]
fn a_mixin_lends_its_columns() {
    tells(
        "from sqlalchemy.orm import declarative_base\nBase = declarative_base()\n\
         class Mixin:\n    id = sa.Column(sa.Integer, primary_key=True)\n    n = sa.Column(sa.Integer, default=3)\n\
         class Thing(Base, Mixin):\n    __tablename__ = 'things'\n    name = sa.Column(sa.String)\n\
         s = orm.Session(conn)\ns.add(Thing(id=1, name='x'))\ns.commit()\n",
        &["INSERT INTO things (id, n, name) VALUES (1, 3, 'x')"],
    );
}

#[test]
fn a_tree_that_grows_without_end_is_not_known() {
    for script in [
        "e = t.c.id\nfor i in range(5000):\n    e = e + 1\nout = conn.execute(sa.select(e)).scalar()\n",
        "q = sa.select(t.c.id)\nfor i in range(5000):\n    q = sa.select(q.subquery())\nout = conn.execute(q).scalar()\n",
        "f = t\nfor i in range(5000):\n    f = f.alias()\nout = conn.execute(sa.select(f.c.id)).scalar()\n",
        "f = t\nfor i in range(5000):\n    f = f.join(o, o.c.t_id == t.c.id)\nout = conn.execute(sa.select(t.c.id).select_from(f)).scalar()\n",
    ] {
        let ran = run(blog(), Vec::new(), script);
        assert!(ran.events.iter().all(|event| event.len() < 20_000), "{script}");
    }
    let ran = run(
        blog(),
        people(),
        "c = t.c.id == 0\nfor i in range(2000):\n    c = sa.or_(c, t.c.id == i)\nconn.execute(t.delete().where(c))\n",
    );
    assert!(ran.events.iter().any(|event| event.ends_with("t.id = 1999")), "a long chain is no deep tree");
}
