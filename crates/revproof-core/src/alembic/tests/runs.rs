use super::{Direction, PG, RunEnd, evaluate, evaluate_beside};

const HEAD: &str = "from alembic import op\nimport sqlalchemy as sa\nrevision = 'a1'\ndown_revision = None\n";

/// How the downgrade of a script ends, and what it did before.
#[track_caller]
fn check(script: &str, expected: &str) {
    let (lines, end) = evaluate(&format!("{HEAD}{script}"), Direction::Downgrade, PG, &[]);
    let end = match end {
        RunEnd::Refused { message, .. } => format!("refused: {message}"),
        RunEnd::Raised { failure, .. } => format!("raised: {}", failure.message),
        RunEnd::LimitReached { .. } => "limit".to_owned(),
        other => format!("{other:?}"),
    };
    let shown = lines.into_iter().chain([end]).collect::<Vec<_>>().join("\n");
    assert_eq!(shown, expected);
}

#[test]
fn runs_end_in_different_ways() {
    check("", "Missing");
    check("def downgrade():\n    pass\n", "Empty");
    check("def downgrade() -> None:\n    \"\"\"Nothing\n    to do.\"\"\"\n    # at all\n", "Empty");
    check("def downgrade():\n    pass\n    op.drop_table('x')\n", "DROP TABLE x\nCompleted");
    check("def downgrade():\n    raise NotImplementedError('one way')\n", "refused: one way");
    check("def downgrade():\n    raise NotImplementedError\n", "refused: NotImplementedError");
    check("def stop():\n    raise Exception('no')\ndef downgrade():\n    stop()\n", "refused: no");
    check(
        "def downgrade():\n    op.drop_table('t')\n    raise ValueError('late')\n",
        "DROP TABLE t\nraised: ValueError: late",
    );
    check("def downgrade():\n    missing()\n", "raised: NameError: name 'missing' is not defined");
    check("def downgrade():\n    while True:\n        pass\n", "limit");
    check("def _down():\n    op.drop_table('t')\ndowngrade = _down\n", "DROP TABLE t\nCompleted");
}

#[test]
fn a_function_that_takes_a_database_is_run_for_the_one_that_is_meant() {
    check(
        "def downgrade(engine_name):\n    globals()['downgrade_%s' % engine_name]()\ndef downgrade_():\n    op.drop_table('a')\ndef downgrade_users():\n    op.drop_table('b')\n",
        "DROP TABLE b\nCompleted",
    );
}

#[test]
fn directives_do_not_work_while_a_script_is_loaded() {
    check("f = op.f('x')\ndef downgrade():\n    op.drop_table(f)\n", "DROP TABLE x\nCompleted");
}

#[test]
fn a_script_is_loaded_under_the_name_of_its_file() {
    check("def downgrade():\n    op.drop_table(__name__)\n", "DROP TABLE a1_x_py\nCompleted");
}

#[test]
fn metadata_takes_every_attribute() {
    check(
        "def downgrade():\n    metadata = sa.MetaData()\n    metadata.bind = op.get_bind()\n    op.drop_table('t')\n",
        "DROP TABLE t\nCompleted",
    );
}

#[test]
fn entities_of_alembic_utils_are_written_as_sql() {
    let head = "from alembic_utils.pg_function import PGFunction\nfrom alembic_utils.pg_view import PGView\nfrom alembic_utils.pg_trigger import PGTrigger\nfrom alembic_utils.pg_extension import PGExtension\ndef downgrade():\n    f = PGFunction(schema='public', signature='up(a text, n int default 1)', definition='returns text as $$ select upper(a) $$ language SQL;')\n    v = PGView(schema='s', signature='v', definition='select 1 as a')\n    t = PGTrigger(schema='public', signature='t', on_entity='public.users', definition='BEFORE INSERT ON public.users FOR EACH ROW EXECUTE FUNCTION public.up()')\n    e = PGExtension(schema='public', signature='citext')\n";
    let check = |body: &str, expected: &str| check(&format!("{head}    {body}\n"), &format!("{expected}\nCompleted"));
    check(
        "op.create_entity(f); op.replace_entity(f); op.drop_entity(f)",
        "SQL CREATE FUNCTION \"public\".\"up\"(a text, n int default 1) returns text as $$ select upper(a) $$ language SQL\nSQL CREATE OR REPLACE FUNCTION \"public\".\"up\"(a text, n int default 1) returns text as $$ select upper(a) $$ language SQL\nSQL DROP FUNCTION \"public\".\"up\"(a text, n int)",
    );
    check(
        "op.create_entity(v); op.drop_entity(v, cascade=True)",
        "SQL CREATE VIEW \"s\".\"v\" AS select 1 as a\nSQL DROP VIEW \"s\".\"v\" cascade",
    );
    check(
        "op.create_entity(t); op.replace_entity(t)",
        "SQL CREATE TRIGGER \"t\" BEFORE INSERT ON public.users FOR EACH ROW EXECUTE FUNCTION public.up()\nSQL DROP TRIGGER IF EXISTS \"t\" ON public.users\nSQL CREATE TRIGGER \"t\" BEFORE INSERT ON public.users FOR EACH ROW EXECUTE FUNCTION public.up()",
    );
    check(
        "op.create_entity(e); op.drop_entity(e)",
        "SQL CREATE EXTENSION \"citext\" WITH SCHEMA \"public\"\nSQL DROP EXTENSION \"citext\"",
    );
}

#[test]
fn changes_of_alembic_postgresql_enum_are_written_as_sql() {
    let head = "from alembic_postgresql_enum import ColumnType, TableReference\nfrom alembic_postgresql_enum.sql_commands.indexes import TableIndex\ndef downgrade():\n";
    let check = |body: &str, expected: &str| check(&format!("{head}    {body}\n"), &format!("{expected}\nCompleted"));
    check(
        "op.add_enum_value('public', 'mood', 'glad'); op.add_enum_value('s', 'mood', new_value='sad', before_value='glad')",
        "SQL ALTER TYPE \"public\".\"mood\" ADD VALUE 'glad'\nSQL ALTER TYPE \"s\".\"mood\" ADD VALUE 'sad' AFTER 'glad'",
    );
    check(
        "op.sync_enum_values('public', 'mood', ['sad', 'glad'], [('users', 'mood')], enum_values_to_rename=[])",
        "SQL ALTER TYPE \"public\".\"mood\" RENAME TO \"mood_old\"\nSQL CREATE TYPE \"public\".\"mood\" AS ENUM('sad', 'glad')\n\
         SQL ALTER TABLE \"public\".\"users\" ALTER COLUMN \"mood\" TYPE \"public\".\"mood\" USING \"mood\"::text::\"public\".\"mood\"\n\
         SQL DROP TYPE \"public\".\"mood_old\"",
    );
    check(
        "op.sync_enum_values(enum_schema='s', enum_name='mood', new_values=['glad'], affected_columns=[TableReference(table_schema='t', table_name='users', column_name='mood', existing_server_default=\"'ok'::s.mood\"), TableReference('users', 'moods', column_type=ColumnType.ARRAY)], enum_values_to_rename=[('ok', 'glad')], indexes_to_recreate=[TableIndex(name='t.ix', definition=\"CREATE INDEX ix ON t.users (mood) WHERE mood = 'ok'::s.mood\")])",
        "SQL ALTER TYPE \"s\".\"mood\" RENAME TO \"mood_old\"\nSQL CREATE TYPE \"s\".\"mood\" AS ENUM('glad')\n\
         SQL DROP INDEX IF EXISTS \"t\".\"ix\"\n\
         SQL ALTER TABLE \"t\".\"users\" ALTER COLUMN \"mood\" DROP DEFAULT\n\
         SQL ALTER TABLE \"t\".\"users\" ALTER COLUMN \"mood\" TYPE \"s\".\"mood\" USING CASE WHEN \"mood\"::text = 'ok' THEN 'glad'::\"s\".\"mood\" ELSE \"mood\"::text::\"s\".\"mood\" END\n\
         SQL ALTER TABLE \"t\".\"users\" ALTER COLUMN \"mood\" SET DEFAULT 'glad'::s.mood\n\
         SQL ALTER TABLE \"s\".\"users\" ALTER COLUMN \"moods\" TYPE \"s\".\"mood\"[] USING array_replace(\"moods\"::text[], 'ok', 'glad')::\"s\".\"mood\"[]\n\
         SQL DROP TYPE \"s\".\"mood_old\"\nSQL CREATE INDEX ix ON t.users (mood) WHERE mood = 'glad'::s.mood",
    );
    check(
        "op.sync_enum_values('s', 'mood', ['sad'], [TableReference(table_schema=None, table_name='users', column_name='mood')])",
        "SQL ALTER TYPE \"s\".\"mood\" RENAME TO \"mood_old\"\nSQL CREATE TYPE \"s\".\"mood\" AS ENUM('sad')\n\
         SQL ALTER TABLE \"users\" ALTER COLUMN \"mood\" TYPE \"s\".\"mood\" USING \"mood\"::text::\"s\".\"mood\"\n\
         SQL DROP TYPE \"s\".\"mood_old\"",
    );
    check(
        "import os; op.sync_enum_values(os.environ['X'], 'mood', [], [])",
        "OPAQUE op.sync_enum_values (op.sync_enum_values is not evaluated)",
    );
}

#[test]
fn extensions_of_op_are_not_evaluated() {
    check(
        "def downgrade():\n    op.replace_entity(1)\n",
        "OPAQUE op.replace_entity (op.replace_entity is not evaluated)\nCompleted",
    );
}

#[test]
fn what_an_imported_module_does_for_itself_is_no_doubt() {
    let db = "import acme\nimport sqlalchemy as sa\nacme.install(sa.create_engine('sqlite://'))\ndef clean(bind):\n    acme.clean(bind)\n";
    let evaluate = |body: &str| {
        let script = format!("{HEAD}from shop import db\ndef downgrade():\n    {body}\n");
        evaluate_beside(&script, &[("shop/db.py", db)], Direction::Downgrade, PG, &[]).0
    };
    assert_eq!(evaluate("op.drop_table('t')"), ["DROP TABLE t"]);
    assert_eq!(evaluate("db.clean(op.get_bind())"), ["? `acme` is a third-party package"]);
}
