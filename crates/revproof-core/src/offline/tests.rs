//! What frames the statements of the scripts: transactions, announcements, the version table. The texts are those of
//! the real Alembic.

use std::collections::BTreeMap;

use super::*;
use crate::config::Config;
use crate::directory;
use crate::op::Paramstyle;
use crate::schema::Dialect;

const FIRST: &str = "from alembic import op\nimport sqlalchemy as sa\nrevision = 'aaaa1111'\ndown_revision = None\n\n\
    def upgrade():\n    op.create_table('users', sa.Column('id', sa.Integer, primary_key=True))\n\n\
    def downgrade():\n    op.drop_table('users')\n";

const SECOND: &str = "from alembic import op\nimport sqlalchemy as sa\nrevision = 'bbbb2222'\ndown_revision = 'aaaa1111'\n\n\
    def upgrade():\n    op.add_column('users', sa.Column('n', sa.String(5)))\n    with op.get_context().autocommit_block():\n        \
    op.create_index('i', 'users', ['n'], postgresql_concurrently=True)\n\n\
    def downgrade():\n    op.drop_column('users', 'n')\n";

/// Where a run begins and where it goes.
enum Way {
    Up(&'static [&'static str], &'static str),
    Down(&'static [&'static str], &'static str),
    Stamp(&'static str),
}

#[track_caller]
fn check(dialect: Dialect, way: &Way, change: impl Fn(&mut Settings), expected: &str) {
    let mut files = BTreeMap::new();
    files.insert("m/env.py".to_owned(), String::new());
    files.insert("m/versions/a.py".to_owned(), FIRST.to_owned());
    files.insert("m/versions/b.py".to_owned(), SECOND.to_owned());
    let config = Config { dialect: Some(dialect), ..Config::default() };
    let (directories, _) = directory::read(&files, "m", &config);
    let directory = &directories[0];
    let history = &directory.history;
    let rows = |names: &[&str]| names.iter().map(|name| history.find(name).unwrap().id).collect::<Vec<_>>();
    let (rows, plan) = match way {
        Way::Up(from, to) => (rows(from), history.plan_upgrade(to, &rows(from))),
        Way::Down(from, to) => (rows(from), history.plan_downgrade(to, &rows(from))),
        Way::Stamp(to) => (Vec::new(), history.plan_stamp(&[to], &[])),
    };
    let mut settings = Settings::new(dialect);
    settings.offline.paramstyle = Paramstyle::Named;
    change(&mut settings);
    let chunks = script(directory, &directory.environment, &plan.unwrap(), &rows, &settings).unwrap();
    let lines = text(&chunks).lines().filter(|line| !line.is_empty()).map(str::trim).collect::<Vec<_>>().join("\n");
    assert_eq!(lines, expected);
}

const TABLE: &str = "CREATE TABLE alembic_version (\nversion_num VARCHAR(32) NOT NULL,\n\
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n);";

#[test]
fn an_upgrade_on_postgresql_is_one_transaction() {
    let expected = format!(
        "BEGIN;\n{TABLE}\n-- Running upgrade  -> aaaa1111\nCREATE TABLE users (\nid SERIAL NOT NULL,\nPRIMARY KEY (id)\n);\n\
         INSERT INTO alembic_version (version_num) VALUES ('aaaa1111') RETURNING alembic_version.version_num;\n\
         -- Running upgrade aaaa1111 -> bbbb2222\nALTER TABLE users ADD COLUMN n VARCHAR(5);\nCOMMIT;\n\
         CREATE INDEX CONCURRENTLY i ON users (n);\nBEGIN;\n\
         UPDATE alembic_version SET version_num='bbbb2222' WHERE alembic_version.version_num = 'aaaa1111';\nCOMMIT;"
    );
    check(Dialect::PostgreSql, &Way::Up(&[], "head"), |_| {}, &expected);
}

#[test]
fn a_part_of_the_way_makes_no_version_table() {
    check(
        Dialect::MySql,
        &Way::Up(&["aaaa1111"], "+1"),
        |_| {},
        "-- Running upgrade aaaa1111 -> bbbb2222\nALTER TABLE users ADD COLUMN n VARCHAR(5);\nCREATE INDEX i ON users (n);\n\
         UPDATE alembic_version SET version_num='bbbb2222' WHERE alembic_version.version_num = 'aaaa1111';",
    );
    check(Dialect::PostgreSql, &Way::Up(&["bbbb2222"], "head"), |_| {}, "BEGIN;\nCOMMIT;");
}

#[test]
fn a_downgrade_takes_the_rows_back() {
    check(
        Dialect::Sqlite,
        &Way::Down(&["bbbb2222"], "base"),
        |_| {},
        "-- Running downgrade bbbb2222 -> aaaa1111\nALTER TABLE users DROP COLUMN n;\n\
         UPDATE alembic_version SET version_num='aaaa1111' WHERE alembic_version.version_num = 'bbbb2222';\n\
         -- Running downgrade aaaa1111 ->\nDROP TABLE users;\n\
         DELETE FROM alembic_version WHERE alembic_version.version_num = 'aaaa1111';",
    );
}

#[test]
fn a_stamp_runs_no_script() {
    let insert = "INSERT INTO alembic_version (version_num) VALUES ('bbbb2222')";
    let head = format!("{TABLE}\n-- Running stamp_revision  -> bbbb2222\n{insert}");
    check(Dialect::Sqlite, &Way::Stamp("head"), |_| {}, &format!("{head} RETURNING version_num;"));
    check(Dialect::MySql, &Way::Stamp("head"), |_| {}, &format!("{head};"));
}

#[test]
fn what_env_py_says_of_the_version_table_and_of_transactions_is_done() {
    let change = |settings: &mut Settings| {
        settings.transaction_per_migration = true;
        settings.version_table = "Ver".into();
        settings.version_table_schema = Some("sc".into());
        settings.version_table_pk = false;
    };
    check(
        Dialect::PostgreSql,
        &Way::Up(&[], "aaaa1111"),
        change,
        "BEGIN;\nCREATE TABLE sc.\"Ver\" (\nversion_num VARCHAR(32) NOT NULL\n);\n-- Running upgrade  -> aaaa1111\n\
         CREATE TABLE users (\nid SERIAL NOT NULL,\nPRIMARY KEY (id)\n);\n\
         INSERT INTO sc.\"Ver\" (version_num) VALUES ('aaaa1111');\nCOMMIT;",
    );
    check(
        Dialect::PostgreSql,
        &Way::Down(&["bbbb2222"], "aaaa1111"),
        |settings| settings.transactional_ddl = Some(false),
        "-- Running downgrade bbbb2222 -> aaaa1111\nALTER TABLE users DROP COLUMN n;\n\
         UPDATE alembic_version SET version_num='aaaa1111' WHERE alembic_version.version_num = 'bbbb2222';",
    );
}
