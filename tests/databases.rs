//! Projects of several databases, as `init --template multidb` and `flask-multidb` make them.

use std::fmt::Write as _;
use std::fs;

use crate::command::{Ran, revproof_in};
use crate::project::Project;

const USERS: &str = "op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))";
const LOGS: &str = "op.create_table('logs', sa.Column('id', sa.Integer(), primary_key=True))";

/// A project with a revision per entry: what its functions do on `one`, and on `two`.
fn project(dialect: &str, revisions: &[[(&str, &str); 2]]) -> Project {
    let ini = format!(
        "[alembic]\nscript_location = migrations\ndatabases = one, two\n\
         [one]\nsqlalchemy.url = {dialect}://\n[two]\nsqlalchemy.url = {dialect}://\n"
    );
    let project = Project::new(&[("alembic.ini", ini.as_str()), ("migrations/env.py", "")]);
    for (number, bodies) in revisions.iter().enumerate() {
        let down = number.checked_sub(1).map_or_else(|| "None".to_owned(), |down| format!("'r{down}'"));
        let mut text = format!(
            "\"\"\"step {number}\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = 'r{number}'\n\
             down_revision = {down}\n\n\n\
             def upgrade(engine_name):\n    globals()[f'upgrade_{{engine_name}}']()\n\n\n\
             def downgrade(engine_name):\n    globals()[f'downgrade_{{engine_name}}']()\n"
        );
        for (name, (up, down)) in ["one", "two"].into_iter().zip(bodies) {
            _ = write!(text, "\n\ndef upgrade_{name}():\n    {up}\n\n\ndef downgrade_{name}():\n    {down}\n");
        }
        project.write(&format!("migrations/versions/r{number}.py"), text.as_bytes());
    }
    project
}

#[track_caller]
fn ran(project: &Project, command: &str, code: i32) -> Ran {
    revproof_in(project.path(), command).code(code)
}

const TABLES: [(&str, &str); 2] = [(USERS, "op.drop_table('users')"), (LOGS, "op.drop_table('logs')")];

#[test]
fn every_database_is_moved_and_shown_by_itself() {
    let project = project("postgresql", &[TABLES]);
    let shown = ran(&project, "upgrade --plan", 0).stdout;
    let expected = "Migrating database one\nWould run upgrade  -> r0, step 0\n\
                    Migrating database two\nWould run upgrade  -> r0, step 0\n";
    assert_eq!(shown, expected);
    let shown = ran(&project, "upgrade", 0).stdout;
    let expected = "Migrating database one\nRunning upgrade  -> r0, step 0\n  + table users\n  + sequence users_id_seq\n  \
                    rows made up: 3 in users\n\
                    Migrating database two\nRunning upgrade  -> r0, step 0\n  + table logs\n  + sequence logs_id_seq\n  \
                    rows made up: 3 in logs\n";
    assert_eq!(shown, expected);
    assert_eq!(ran(&project, "current -e two", 0).stdout, "r0 (head)\n");
    ran(&project, "downgrade -e one base", 0);
    let shown = ran(&project, "current", 0).stdout;
    assert_eq!(shown, "Migrating database one\nMigrating database two\nr0 (head)\n");
    assert_eq!(ran(&project, "current -c", 1).stdout, "");
    ran(&project, "query -e two SELECT/**/id/**/FROM/**/logs", 0).prints(&["(3 rows)"]);
    let refused = ran(&project, "query -e one SELECT/**/id/**/FROM/**/logs", 1);
    assert!(refused.stderr.contains("\"logs\" does not exist"), "{}", refused.stderr);
    let refused = ran(&project, "query SELECT/**/1", 1);
    assert!(refused.stderr.contains("help: say which one is meant, as in `--database one`"), "{}", refused.stderr);
    let refused = ran(&project, "heads -e three", 1);
    assert!(refused.stderr.contains("no database `three`\nhelp: it has one, two"), "{}", refused.stderr);
    let refused = ran(&project, "stamp --baseline dump.sql head", 1);
    assert!(refused.stderr.contains("several\nhelp: say which one it is of"), "{}", refused.stderr);
    ran(&project, "schema", 0)
        .prints(&["migrations, database one: postgresql", "migrations, database two: postgresql"]);
    let shown = ran(&project, "schema --database two --output-format json", 0).json();
    assert!(shown["tables"]["logs"].is_object() && shown["tables"]["users"].is_null(), "{shown}");
    assert_eq!(
        ran(&project, "diff", 0).stdout,
        "database one\n+ table users\n+ sequence users_id_seq\ndatabase two\n+ table logs\n+ sequence logs_id_seq\n"
    );
    let sql = ran(&project, "sql", 0).stdout;
    let (one, two) = sql.split_once("-- Migrating database two\n").expect("two parts");
    assert!(one.starts_with("-- Migrating database one\n") && one.contains("users") && !one.contains("logs"), "{sql}");
    assert_eq!(two.trim_start(), ran(&project, "upgrade --sql --database two", 0).stdout);
    ran(&project, "reset", 0);
    assert_eq!(ran(&project, "current -e two", 0).stdout, "");
}

#[test]
fn a_failure_on_one_takes_the_others_back_as_their_dialect_can() {
    let fails = ("op.drop_table('nowhere')", "pass");
    let check = |dialect: &str, one: &str, tables: &str, table: &str| {
        let project =
            project(dialect, &[TABLES, [("op.create_table('x', sa.Column('id', sa.Integer()))", "pass"), fails]]);
        let failed = ran(&project, "upgrade", 1);
        let said =
            format!("Another database fails, so this one is rolled back: it is {one}.\nMigrating database two\n");
        assert!(failed.stdout.contains(&said), "{dialect}: {}", failed.stdout);
        assert!(failed.stderr.contains("error: The upgrade of r1 fails on the database two: "), "{}", failed.stderr);
        let shown = ran(&project, "current -e one --output-format json", 0).stdout;
        assert_eq!(shown.contains("r0"), one == "at r0", "{dialect}: {shown}");
        let query = |table: &str| {
            revproof_in(project.path(), &format!("query -e one SELECT/**/id/**/FROM/**/{table}")).code == Some(0)
        };
        assert!(tables.is_empty() || query(tables), "{dialect}");
        assert!(!query(table), "{dialect}");
    };
    check("postgresql", "at no revision", "", "users");
    check("sqlite", "at no revision", "users", "x");
    check("mysql", "at r0", "x", "y");
}

#[test]
fn the_report_has_a_chain_for_each() {
    let project = project("postgresql", &[TABLES, [("pass", "pass"), ("op.drop_table('users')", "pass")]]);
    let report = ran(&project, "check --output-format json", 1).json();
    let seen = report["chains"].as_array().expect("chains").iter().map(|chain| {
        (
            chain["database"].as_str(),
            chain["revisions"][1]["verdict"].as_str(),
            chain["diagnostics"][0]["rule"].as_str(),
        )
    });
    let seen: Vec<_> = seen.collect();
    let (one, two) = ((Some("one"), Some("reversible"), None), (Some("two"), Some("broken"), Some("unknown-object")));
    assert_eq!(seen, [one, two]);
    ran(&project, "graph", 0).prints(&["r1", "broken"]);
}

#[test]
fn what_the_template_needs_to_know_is_told() {
    let project = Project::new(&[("app.py", "")]);
    ran(&project, "init --multidb", 0);
    let refused = ran(&project, "revision -m one", 1);
    for said in ["SQLALCHEMY_BINDS of the application is not known", "config.py", "`flask db revision`"] {
        assert!(refused.stderr.contains(said), "{}", refused.stderr);
    }
    project.write("config.py", b"class Config:\n    SQLALCHEMY_BINDS = {'users': 'sqlite:///users.db'}\n");
    ran(&project, "revision -m one --rev-id aaaa", 0);
    let text = fs::read_to_string(project.path().join("migrations/versions/aaaa_one.py")).expect("it is there");
    assert!(text.contains("def upgrade_():") && text.contains("def upgrade_users():"), "{text}");
    assert_eq!(
        ran(&project, "upgrade", 0).stdout,
        "Migrating database <default>\nRunning upgrade  -> aaaa, one\n\
         Migrating database users\nRunning upgrade  -> aaaa, one\n"
    );
    assert_eq!(ran(&project, "current --database default", 0).stdout, "aaaa (head)\n");
}

#[test]
fn what_is_generated_is_for_one_database() {
    let project = Project::new(&[("config.py", "class Config:\n    SQLALCHEMY_BINDS = {'users': 'sqlite:///u.db'}\n")]);
    ran(&project, "init --multidb", 0);
    ran(&project, "revision -m one --rev-id aaaa --dialect sqlite", 0);
    ran(&project, "upgrade --dialect sqlite", 0);
    project.write("dump.sql", b"CREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY);\n");
    ran(&project, "revision -m two --rev-id bbbb --dialect sqlite --autogenerate --against dump.sql -e users", 0);
    let text = fs::read_to_string(project.path().join("migrations/versions/bbbb_two.py")).expect("it is there");
    let (default, users) = text.split_once("def upgrade_users():").expect("both functions");
    assert!(!default.contains("people") && users.contains("op.create_table('people'"), "{text}");
    ran(&project, "upgrade --dialect sqlite", 0);
    let text = ran(&project, "schema -e users --dialect sqlite", 0).stdout;
    assert!(text.contains("people"), "{text}");
}
