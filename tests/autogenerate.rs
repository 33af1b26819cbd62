//! `revproof revision --autogenerate`: the script leads to the dump and back.

use std::fs;

use crate::command::revproof_in;
use crate::project::Project;

const USERS: (&str, &str) = (
    "op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('email', sa.String(80)))",
    "op.drop_table('users')",
);
const TEMPLATE: &str = "\"\"\"${message}\n\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n${imports or ''}\n\n\
    revision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n\n\ndef upgrade():\n    \
    ${upgrades or 'pass'}\n\n\ndef downgrade():\n    ${downgrades or 'pass'}\n";
const WANTED: &str = "CREATE TYPE hue AS ENUM ('red', 'blue');
    CREATE TABLE shelves (id serial PRIMARY KEY, colour hue DEFAULT 'red' NOT NULL, CONSTRAINT named UNIQUE (colour));
    CREATE TABLE users (id serial PRIMARY KEY, email varchar(120) NOT NULL, shelf_id integer REFERENCES shelves (id));
    CREATE INDEX ix_email ON users (lower(email)) WHERE shelf_id > 0;";

fn project(dump: &str) -> Project {
    let project = Project::of_chain(&[USERS]);
    project.write("migrations/script.py.mako", TEMPLATE.as_bytes());
    project.write("wanted.sql", dump.as_bytes());
    project
}

fn new_script(project: &Project) -> Option<String> {
    fs::read_to_string(project.path().join("migrations/versions/r1_.py")).ok()
}

/// The command is refused in these words, and nothing is written.
#[track_caller]
fn refused(project: &Project, arguments: &str, sentence: &str, help: &str) {
    let ran = revproof_in(project.path(), &format!("revision --autogenerate --rev-id r1 {arguments}")).code(1);
    let (error, helps) = (format!("error: {sentence}"), format!("help: {help}"));
    assert!(ran.stderr.lines().any(|line| line.starts_with(&error)), "{}", ran.stderr);
    assert!(ran.stderr.lines().any(|line| line.starts_with(&helps)), "{}", ran.stderr);
    assert_eq!(new_script(project), None);
}

#[test]
fn a_database_that_is_behind_comes_first() {
    let project = project(WANTED);
    for arguments in ["", "--against wanted.sql"] {
        refused(&project, arguments, "Target database is not up to date.", "run `revproof upgrade` first");
    }
    revproof_in(project.path(), "upgrade").code(0);
    refused(&project, "", "revproof does not read models", "give the schema that is wanted: `--against dump.sql`");
    revproof_in(project.path(), "revision --against wanted.sql").refused(&["--autogenerate"]);
}

#[test]
fn the_script_leads_to_the_dump_and_back() {
    for (dialect, dump) in [
        ("postgresql", WANTED),
        (
            "sqlite",
            "CREATE TABLE shelves (id INTEGER PRIMARY KEY, colour TEXT DEFAULT 'red' NOT NULL);
             CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, email VARCHAR(120) DEFAULT 'x' NOT NULL, shelf_id INTEGER,
             CONSTRAINT fk FOREIGN KEY (shelf_id) REFERENCES shelves (id)); CREATE INDEX ix ON users (lower(email));",
        ),
        (
            "mysql",
            "CREATE TABLE shelves (id int NOT NULL AUTO_INCREMENT, PRIMARY KEY (id));
             CREATE TABLE users (id int NOT NULL AUTO_INCREMENT, email varchar(120) NOT NULL DEFAULT 'x', shelf_id int,
             PRIMARY KEY (id), KEY fk (shelf_id), CONSTRAINT fk FOREIGN KEY (shelf_id) REFERENCES shelves (id));",
        ),
    ] {
        let project = project(dump);
        let run = |command: &str| revproof_in(project.path(), &format!("{command} --dialect {dialect}"));
        run("upgrade").code(0);
        let before = run("schema").code(0).stdout;
        run("revision --autogenerate --against wanted.sql --rev-id r1").code(0);
        let script = new_script(&project).expect("it is written");
        assert!(!script.contains("not rendered") && !script.contains("fails"), "{dialect}: {script}");
        let drift = run("diff --against wanted.sql").code(0);
        assert_eq!(drift.stdout, "No differences.\n", "{dialect}: {script}");
        run("upgrade").code(0);
        run("downgrade r0").code(0);
        let same = run("diff r0 heads").code(0).stdout;
        assert_ne!(same, "No differences.\n");
        assert_eq!(run("schema --at r0").code(0).stdout, before, "{dialect}");
    }
}

#[test]
fn what_can_t_be_rendered_is_said_in_the_script_and_on_stderr() {
    let dump = "CREATE EXTENSION postgis; CREATE TABLE users (id serial PRIMARY KEY, email varchar(80), at geometry(POINT,4326));
                CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';";
    let project = project(dump);
    revproof_in(project.path(), "upgrade").code(0);
    let ran = revproof_in(project.path(), "revision --autogenerate --against wanted.sql --rev-id r1").code(0);
    let script = new_script(&project).expect("it is written");
    for missing in ["+ column users.at", "+ function f"] {
        let remark = format!("not rendered, to be added by hand: {missing}");
        assert!(script.contains(&format!("    # {remark}")), "{script}");
        assert!(ran.stderr.contains(&format!("warning: upgrade(): {remark}")), "{}", ran.stderr);
    }
}

#[test]
fn a_dump_that_is_not_understood_would_drop_what_is_there() {
    let project = project("FROBNICATE users;");
    revproof_in(project.path(), "upgrade").code(0);
    refused(
        &project,
        "--against wanted.sql",
        "wanted.sql is not understood in full, and what is not would be dropped by the new script",
        "take those statements out of the dump",
    );
}

#[test]
fn nothing_to_do_writes_nothing() {
    let project = project("CREATE TABLE users (id serial PRIMARY KEY, email varchar(80));");
    revproof_in(project.path(), "upgrade").code(0);
    let ran = revproof_in(project.path(), "revision --autogenerate --against wanted.sql --rev-id r1").code(0);
    assert_eq!(ran.stdout, "No changes in schema detected.\n");
    assert_eq!(new_script(&project), None);
}

#[test]
fn a_template_without_a_place_for_operations_is_refused() {
    let project = project(WANTED);
    let template = TEMPLATE.replace("${upgrades or 'pass'}", "pass");
    project.write("migrations/script.py.mako", template.as_bytes());
    revproof_in(project.path(), "upgrade").code(0);
    let (sentence, help) = ("script.py.mako has no place for generated operations", "put `${upgrades if upgrades");
    refused(&project, "--against wanted.sql", sentence, help);
}
