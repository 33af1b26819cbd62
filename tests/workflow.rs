//! The workflow on a simulated database that keeps its state.

use std::fs;

use crate::command::{Ran, revproof_in};
use crate::project::{Project, script};

const USERS: (&str, &str) = (
    "op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('email', sa.String(80)))",
    "op.drop_table('users')",
);
const AGE: (&str, &str) = ("op.add_column('users', sa.Column('age', sa.Integer()))", "op.drop_column('users', 'age')");
const FAILING: (&str, &str) = ("op.add_column('users', sa.Column('x', sa.Text()))\nop.drop_table('nowhere')", "pass");
const COMMITTING: (&str, &str) = (
    "with op.get_context().autocommit_block():\n    op.execute('CREATE INDEX ix ON users (email)')\nop.drop_table('nowhere')",
    "pass",
);

impl Project {
    /// Runs a command in it that must do, and returns what it printed.
    #[track_caller]
    fn did(&self, command: &str) -> String {
        revproof_in(self.path(), command).code(0).stdout
    }

    /// Runs a command in it that must be refused in these words.
    #[track_caller]
    fn refuses(&self, command: &str, sentence: &str, help: &str) {
        let ran = revproof_in(self.path(), command).code(1);
        let mut lines = ran.stderr.lines();
        let (error, helps) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        assert!(error.starts_with("error: ") && error.contains(sentence), "{command}: {error:?} without {sentence:?}");
        assert!(helps.starts_with("help: ") && helps.contains(help), "{command}: {helps:?} without {help:?}");
        assert_eq!(lines.next(), None, "{command}");
    }

    #[track_caller]
    fn is_at(&self, expected: &str) {
        assert_eq!(self.did("current").trim_end(), expected);
    }

    fn journal(&self) -> std::path::PathBuf {
        self.path().join(".revproof/migrations/journal")
    }
}

fn json_lines(ran: &Ran) -> Vec<serde_json::Value> {
    ran.stdout.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

#[test]
fn the_database_is_where_the_last_command_left_it() {
    let project = Project::of_chain(&[USERS, AGE]);
    project.is_at("");
    let shown = project.did("upgrade +1");
    assert_eq!(
        shown,
        "Running upgrade  -> r0, step 0\n  + table users\n  + sequence users_id_seq\n  rows made up: 3 in users\n"
    );
    project.is_at("r0");
    project.did("upgrade");
    project.is_at("r1 (head)");
    assert_eq!(project.did("upgrade"), "Nothing to do.\n");
    let shown = project.did("downgrade");
    assert_eq!(shown, "Running downgrade r1 -> r0, step 1\n  - column users.age\n  2 values of users.age lost\n");
    project.did("downgrade base");
    project.is_at("");
    project.did("stamp head");
    project.is_at("r1 (head)");
    assert_eq!(project.did("stamp r0"), "Running stamp_revision r1 -> r0\n");
    assert_eq!(project.did("stamp --purge r1"), "Running stamp_revision  -> r1\n");
    project.did("reset");
    project.is_at("");
    let ignored = fs::read_to_string(project.path().join(".revproof/.gitignore")).expect("it is there");
    assert!(ignored.lines().any(|line| line == "*"));
}

#[test]
fn what_is_renamed_is_not_told_as_gone() {
    const RENAMED: (&str, &str) = (
        "op.alter_column('users', 'email', new_column_name='mail')\nop.rename_table('users', 'people')",
        "op.rename_table('people', 'users')\nop.alter_column('users', 'mail', new_column_name='email')",
    );
    let project = Project::of_chain(&[USERS, RENAMED]);
    project.did("upgrade +1");
    assert_eq!(
        project.did("upgrade"),
        "Running upgrade r0 -> r1, step 1\n  ~ column users.mail was email\n  ~ table people was users\n"
    );
    let shown = project.did("downgrade --dialect postgresql");
    assert!(!shown.contains("lost") && !shown.contains("  - "), "{shown}");
}

#[test]
fn a_plan_changes_nothing() {
    let project = Project::of_chain(&[USERS, AGE]);
    assert_eq!(project.did("upgrade --plan"), "Would run upgrade  -> r0, step 0\nWould run upgrade r0 -> r1, step 1\n");
    assert!(!project.path().join(".revproof").exists());
    let plan = json_lines(&revproof_in(project.path(), "downgrade base --plan --from head --output-format json"));
    let expected = [
        serde_json::json!({"step": "downgrade", "revision": "r1", "log": "r1 -> r0", "rows": ["r0"]}),
        serde_json::json!({"step": "downgrade", "revision": "r0", "log": "r0 -> ", "rows": []}),
    ];
    assert_eq!(plan, expected);
}

#[test]
fn from_a_revision_runs_on_a_database_of_its_own() {
    let project = Project::of_chain(&[USERS, AGE]);
    project.did("stamp head");
    let shown = project.did("upgrade --from r0");
    assert!(shown.starts_with("Running upgrade r0 -> r1, step 1\n  + column users.age\n"), "{shown}");
    project.is_at("r1 (head)");
}

#[test]
fn what_fails_says_where_and_what_is_left() {
    let project = Project::of_chain(&[USERS, FAILING]);
    let failure = "The upgrade of r1 fails: table \"nowhere\" does not exist (migrations/versions/r1.py:13)";
    project.refuses("upgrade", failure, "PostgreSQL takes the whole run back: the database is still at no revision");
    project.is_at("");
    project.did("upgrade +1");
    project.refuses("upgrade", "r1 fails", "still at r0");

    let project = Project::of_chain(&[USERS, FAILING]);
    project.write(
        "migrations/env.py",
        b"from alembic import context\n\ncontext.configure(transaction_per_migration=True)\n",
    );
    project.refuses("upgrade", "r1 fails", "PostgreSQL keeps what was committed before: the database is at r0");
    project.is_at("r0");

    let project = Project::of_chain(&[USERS, COMMITTING]);
    let failed = revproof_in(project.path(), "upgrade --output-format json").code(1);
    assert!(failed.stderr.contains("keeps what was committed before: the database is at r0"), "{}", failed.stderr);
    assert_eq!(json_lines(&failed)[0]["kept"], true);

    let project = Project::of_chain(&[USERS, FAILING]);
    let failed = revproof_in(project.path(), "upgrade --dialect mysql --output-format json").code(1);
    assert!(failed.stderr.contains("MySQL keeps what was done before the failure: the database is at r0"));
    let steps = json_lines(&failed);
    assert_eq!((&steps[0]["status"], &steps[0]["kept"]), (&"done".into(), &true.into()));
    assert_eq!((&steps[1]["status"], &steps[1]["rows"]), (&"failed".into(), &serde_json::json!(["r0"])));
    assert_eq!(steps[1]["failure"]["place"]["line"], 13);
    // The column that the failed upgrade added is there, so that another try fails on it.
    let again = revproof_in(project.path(), "upgrade --dialect mysql").code(1);
    assert!(again.stderr.contains("Duplicate column name 'x'"), "{}", again.stderr);
    project.refuses("upgrade --dialect sqlite", "is one of mysql, and this is sqlite", "--dialect mysql");
}

#[test]
fn what_alembic_refuses_is_refused_in_its_words() {
    let project = Project::of_chain(&[USERS, AGE]);
    let check = |command: &str, sentence: &str, help: &str| project.refuses(command, sentence, help);
    check("upgrade r11", "Can't locate revision identified by 'r11'", "did you mean `r1`?");
    check("upgrade +3", "Relative revision +3 didn't produce 3 migrations", "history");
    check("downgrade -1", "Relative revision -1 didn't produce 1 migrations", "history");
    check("downgrade r1", "Destination r1 is not a valid downgrade target from current head(s)", "revproof current");
    check("upgrade r0:r1", "Range revision not allowed", "--from");
    check("current --check-heads", "Database is not on all head revisions", "revproof upgrade");
}

#[test]
fn a_damaged_journal_is_told_and_left_alone() {
    let project = Project::of_chain(&[USERS, AGE]);
    project.did("upgrade");
    let whole = fs::read_to_string(project.journal()).expect("a journal");
    let check = |text: &str, said: &str| {
        fs::write(project.journal(), text).expect("it can be written");
        project.refuses("upgrade", said, "revproof reset");
        project.refuses("current", said, "revproof reset");
        assert_eq!(fs::read_to_string(project.journal()).expect("it is there"), text);
    };
    check(&whole[..whole.len() / 2], "its end is missing");
    check("", "its end is missing");
    check(&whole.replace("'age'", "'eag'"), "changed by hand");
    check(&whole.replace("\"journal\":1", "\"journal\":9"), "written by a newer revproof");
    project.did("reset");
    project.did("upgrade");
}

#[test]
fn a_script_that_was_edited_or_taken_away_since_does_not_change_what_was_done() {
    let project = Project::of_chain(&[USERS, AGE]);
    project.did("upgrade");
    project.write("migrations/versions/r1.py", script(1, "pass", "op.drop_column('users', 'age')").as_bytes());
    assert!(project.did("downgrade").contains("- column users.age"));
    project.did("upgrade");
    fs::remove_file(project.path().join("migrations/versions/r1.py")).expect("it is there");
    project.refuses("current", "Can't locate revision identified by 'r1'", "revproof stamp --purge");
    project.did("stamp --purge r0");
    project.is_at("r0 (head)");
}

#[test]
fn queries_read_and_write_rows_that_stay() {
    let project = Project::of_chain(&[USERS, AGE]);
    project.write("revproof.toml", b"rows = 'none'\n");
    project.did("upgrade r0");
    let query = |sql: &str| {
        let output = crate::command::command_in(project.path(), "query").arg(sql).output().expect("revproof starts");
        Ran::from(sql, &output)
    };
    assert_eq!(query("INSERT INTO users (email) VALUES ('a@b.example'), (NULL)").code(0).stdout, "2 rows\n");
    project.did("upgrade");
    let shown = query("SELECT id, email, age FROM users ORDER BY id").code(0).stdout;
    assert_eq!(
        shown,
        "id  email        age\n--  -----------  ----\n1   a@b.example  NULL\n2   NULL         NULL\n(2 rows)\n"
    );
    assert_eq!(
        query("SELECT version_num FROM alembic_version").code(0).stdout,
        "version_num\n-----------\nr1\n(1 row)\n"
    );
    let refused = |sql: &str, said: &str| {
        let ran = query(sql).code(1);
        assert!(ran.stderr.contains(said) && ran.stderr.contains("nothing was changed"), "{}", ran.stderr);
    };
    refused("DELETE FROM users; SELECT * FROM nowhere", "nowhere");
    refused("DROP TABLE users", "that is what revisions do");
    refused("DELETE FROM alembic_version", "revproof stamp");
    assert!(query("SELECT count(*) FROM users").code(0).stdout.contains("\n2\n"));
    assert!(project.did("downgrade base").contains("2 rows of users lost"));
}

/// Kills commands at random moments: what the next one finds is what was before or after the killed one.
#[test]
fn a_kill_at_any_moment_loses_nothing() {
    let (project, twin) = (Project::of_chain(&[USERS, AGE]), Project::of_chain(&[USERS, AGE]));
    project.did("upgrade");
    twin.did("upgrade");
    let commands = ["downgrade -1", "query", "upgrade", "query", "downgrade base", "upgrade", "stamp r0", "stamp r1"];
    let run = |project: &Project, command: &str| {
        let mut run = crate::command::command_in(project.path(), command);
        if command == "query" {
            run.arg("INSERT INTO users (email) VALUES ('x')");
        }
        run.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        run
    };
    let journal = |project: &Project| fs::read_to_string(project.journal()).expect("there is a journal");
    // A linear congruential generator, so that the moments differ.
    let mut dice = 1_u64;
    let (mut killed, mut undone) = (0, 0);
    for round in 0..200 {
        let command = commands[round % commands.len()];
        let before = journal(&project);
        // The same command, left alone, on the same database.
        fs::write(twin.journal(), &before).expect("it can be written");
        run(&twin, command).status().expect("revproof starts");
        let mut child = run(&project, command).spawn().expect("revproof starts");
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(std::time::Duration::from_micros((dice >> 33) % 30_000));
        child.kill().expect("it can be killed, or has ended");
        killed += usize::from(child.wait().expect("it ends").code().is_none());
        let after = journal(&project);
        assert!(after == before || after == journal(&twin), "round {round}, {command}:\n{before}\n{after}");
        undone += usize::from(after == before);
        if round % 20 == 0 {
            project.did("current");
        }
    }
    assert!(killed > 20 && undone > 10, "{killed} of 200 were killed in time, {undone} changed nothing");
}

#[test]
fn who_holds_the_database_is_told() {
    let project = Project::of_chain(&[USERS]);
    project.did("upgrade");
    let lock = fs::File::options().write(true).open(project.path().join(".revproof/migrations/lock")).expect("a lock");
    lock.lock().expect("it is free");
    fs::write(project.path().join(".revproof/migrations/lock"), "4711 upgrade").expect("it can be written");
    project.refuses("downgrade", "in use by `revproof upgrade` (process 4711)", "nothing was changed");
    project.is_at("r0 (head)");
    drop(lock);
    project.did("downgrade");
}

#[cfg(unix)]
#[test]
fn a_folder_that_takes_no_files_is_told() {
    let project = Project::of_chain(&[USERS]);
    project.write(".revproof", b"a file where the folder should be");
    let ran = revproof_in(project.path(), "upgrade");
    ran.refused(&["cannot write the simulated database in `.revproof/migrations`"]);
}

#[test]
fn a_history_is_listed_though_the_database_is_at_a_revision_that_is_gone() {
    let project = Project::of_chain(&[USERS, AGE]);
    project.did("upgrade");
    fs::remove_file(project.path().join("migrations/versions/r1.py")).expect("the script is there");
    let listed = revproof_in(project.path(), "history -i").code(0);
    assert_eq!(listed.stdout, "<base> -> r0 (head), step 0\n");
    assert!(listed.stderr.starts_with("warning: Can't locate revision identified by 'r1'"), "{}", listed.stderr);
    project.refuses("history -r current:", "Can't locate revision identified by 'r1'", "revproof reset");
    let drawn = revproof_in(project.path(), "graph").code(0);
    assert!(
        drawn.stdout.starts_with("○  r0") && drawn.stderr.starts_with("warning: "),
        "{}{}",
        drawn.stdout,
        drawn.stderr
    );
}

#[test]
fn the_graph_shows_where_the_database_is() {
    let project = Project::of_chain(&[USERS, AGE, ("pass", "pass")]);
    project.did("upgrade +2");
    let drawn = project.did("graph --no-verdicts");
    assert_eq!(drawn, "○  r2  (head)  step 2\n◉  r1  (current)  step 1\n●  r0  step 0\n");
}

#[test]
fn an_edit_of_what_is_applied_is_reported() {
    let project = Project::of_chain(&[USERS, AGE]);
    project.did("upgrade r0");
    revproof_in(project.path(), "check --fail-on warning").code(0);
    let edited = script(0, &USERS.0.replace("80", "90"), USERS.1);
    project.write("migrations/versions/r0.py", edited.as_bytes());
    let ran = revproof_in(project.path(), "upgrade").code(0);
    assert!(ran.stderr.contains("migrations/versions/r0.py was edited after it was applied"), "{}", ran.stderr);
    revproof_in(project.path(), "check --fail-on warning")
        .code(1)
        .prints(&["RP110", "was edited after it was applied"]);
    project.did("downgrade base");
    let ran = revproof_in(project.path(), "upgrade").code(0);
    assert_eq!(ran.stderr, "");
    revproof_in(project.path(), "check --fail-on warning --select RP110").code(0);
}

const DUMP: &str = "SET client_encoding = 'UTF8';\nCREATE TABLE public.users (\n    id integer NOT NULL,\n    \
                    email character varying(80)\n);\nALTER TABLE ONLY public.users\n    ADD CONSTRAINT users_pkey \
                    PRIMARY KEY (id);\n";

#[test]
fn a_database_that_was_there_before_the_first_revision() {
    let project = Project::of_chain(&[AGE]);
    project.write("dump.sql", DUMP.as_bytes());
    assert!(project.did("upgrade --baseline dump.sql").contains("+ column users.age"));
    project.refuses(
        "upgrade --baseline dump.sql",
        "There is a simulated database already",
        "revproof reset --baseline",
    );
    project.did("reset --baseline dump.sql");
    project.did("stamp head");
    project.is_at("r0 (head)");
    revproof_in(project.path(), "check --baseline dump.sql --fail-on warning").code(0).prints(&["reversible"]);
    revproof_in(project.path(), "check").prints(&["unknown"]);
    revproof_in(project.path(), "reset --baseline nowhere.sql").refused(&["nowhere.sql", "no such file"]);
}

#[test]
fn two_revisions_and_a_real_database_are_compared() {
    let project = Project::of_chain(&[USERS, AGE]);
    assert_eq!(project.did("diff r0 r1"), "+ column users.age\n");
    assert_eq!(project.did("diff r1 r0"), "- column users.age\n");
    assert_eq!(project.did("diff r1 head"), "No differences.\n");
    assert!(project.did("diff r0 r1 --output-format sql").contains("ALTER TABLE users ADD COLUMN age INTEGER;"));
    assert!(project.did("diff --output-format mermaid").contains("        INTEGER age \"new\"\n"));
    assert!(project.did("schema --output-format mermaid").starts_with("erDiagram\n    \"users\" {\n"));
    let json = revproof_in(project.path(), "diff r0 --output-format json").code(0).json();
    assert_eq!(json["differences"][0]["kind"], "only-in-to", "{json:#}");
    project.refuses("diff r0 r9", "Can't locate revision identified by 'r9'", "revproof history");
    project.write("dump.sql", DUMP.as_bytes());
    let drift = revproof_in(project.path(), "diff --against dump.sql").code(1).stdout;
    assert!(drift.contains("- column users.age\n") && !drift.contains("email"), "{drift}");
    let whole = DUMP.replace("(80)\n", "(80),\n    age integer\n");
    let sequence = "CREATE SEQUENCE public.users_id_seq AS integer START WITH 1 INCREMENT BY 1 CACHE 1;\n\
                    ALTER SEQUENCE public.users_id_seq OWNED BY public.users.id;\n\
                    ALTER TABLE ONLY public.users ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);\n";
    project.write("dump.sql", format!("{whole}{sequence}").as_bytes());
    assert_eq!(project.did("diff --against dump.sql"), "No differences.\n");
}

#[test]
fn sql_is_printed_and_nothing_is_done() {
    let project = Project::of_chain(&[USERS, AGE]);
    let whole = project.did("upgrade --sql");
    assert!(whole.contains("-- Running upgrade  -> r0\n") && whole.contains("ADD COLUMN age INTEGER"), "{whole}");
    assert_eq!(whole, project.did("sql"));
    assert_eq!(project.did("downgrade --sql"), project.did("sql head:-1 --downgrade"));
    assert_eq!(
        project.did("stamp r0:r1 --sql --dialect sqlite"),
        "-- Running stamp_revision r0 -> r1\n\n\
         UPDATE alembic_version SET version_num='r1' WHERE alembic_version.version_num = 'r0';\n\n"
    );
    assert!(project.did("upgrade r0:r1 --sql --annotate").contains("migrations/versions/r1.py:"));
    project.refuses("downgrade r0 --sql", "downgrade with --sql requires <fromrev>:<torev>", "as in `head:base`");
    project.refuses("stamp --purge r0 --sql", "Can't use --purge with --sql mode", "from an empty database");
    project.refuses("upgrade r9 --sql", "Can't locate revision identified by 'r9'", "revproof history");
    project.is_at("");

    let asking = Project::of_chain(&[("op.get_bind().execute(sa.text('select 1')).fetchall()", "pass")]);
    asking.refuses("upgrade --sql", "migrations/versions/r0.py:12: AttributeError", "is_offline_mode()");
}

/// A revision whose table hangs on what the command is given with `-x`.
const ASKING: (&str, &str) = (
    "from alembic import context\nx = context.get_x_argument(as_dictionary=True)\n\
     if 'table' in x:\n    op.create_table(x['table'], sa.Column('id', sa.Integer(), primary_key=True))",
    "from alembic import context\nop.drop_table(context.get_x_argument(as_dictionary=True)['table'])",
);

#[test]
fn arguments_are_kept_with_the_step_that_was_given_them() {
    let project = Project::of_chain(&[ASKING, ASKING]);
    let first = project.did("upgrade +1 -x table=users");
    assert!(first.contains("+ table users\n"), "{first}");
    project.did("-x table=orders upgrade");
    // Later commands know nothing of them, and the database is still the one that they made.
    for table in ["users", "orders"] {
        assert!(project.did(&format!("query SELECT/**/id/**/FROM/**/{table}")).contains("(3 rows)"));
    }
    let down = project.did("downgrade -x table=orders");
    assert!(down.contains("- table orders\n"), "{down}");
    project.refuses("downgrade", "KeyError: 'table'", "mend the script");
    assert!(project.did("-x table=users downgrade").contains("- table users\n"));
    let journal = fs::read_to_string(project.journal()).expect("it is there");
    assert!(journal.contains(r#""x_arguments":["table=orders"]"#), "{journal}");
    // Without any, nothing is kept, as in journals that were written before there were arguments.
    let project = Project::of_chain(&[USERS]);
    project.did("upgrade");
    assert!(!fs::read_to_string(project.journal()).expect("it is there").contains("x_arguments"));
}

/// A revision whose table hangs on an environment variable.
const VARIABLE: (&str, &str) = (
    "import os\nif os.environ.get('TABLE'):\n    op.create_table(os.environ['TABLE'], \
     sa.Column('id', sa.Integer(), primary_key=True))",
    "import os\nif 'TABLE' in os.environ:\n    op.drop_table(os.getenv('TABLE'))",
);

#[test]
fn environment_variables_are_those_that_are_declared() {
    let project = Project::of_chain(&[VARIABLE, VARIABLE]);
    // Those of the machine are never looked at.
    let undeclared = revproof_in(project.path(), "check . --output-format json --exit-zero").code(0).stdout;
    assert!(undeclared.contains("the environment variable TABLE is not declared"), "{undeclared}");
    let settings = project.path().join("revproof.toml");
    fs::write(&settings, "environ = { TABLE = 'users' }\n").expect("it is written");
    assert!(project.did("upgrade +1").contains("+ table users\n"));
    assert!(project.did("upgrade +1 --environ TABLE=orders").contains("+ table orders\n"));
    // The database is still the one that they made, whatever is declared by now.
    fs::remove_file(&settings).expect("it is there");
    for table in ["users", "orders"] {
        assert!(project.did(&format!("query SELECT/**/id/**/FROM/**/{table}")).contains("(3 rows)"));
    }
    assert!(!project.did("downgrade --unset-environ TABLE").contains("- table"));
    for (arguments, expected) in [
        ("--environ TABLE", "`--environ TABLE` has no value: give `--environ TABLE=VALUE`, or `--unset-environ TABLE`"),
        ("--environ TABLE=1 --unset-environ TABLE", "the environment variable TABLE is both set and unset"),
    ] {
        let refused = revproof_in(project.path(), &format!("upgrade {arguments}")).code(2).stderr;
        assert!(refused.contains(expected), "{refused}");
    }
}

#[test]
fn every_section_of_the_ini_file_has_a_database_of_its_own() {
    let ini = "[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite://\n\
               [shop/eu]\nscript_location = migrations\nsqlalchemy.url = postgresql://\n";
    let project = Project::of_chain(&[USERS, AGE]);
    fs::write(project.path().join("alembic.ini"), ini).expect("it is written");
    project.did("upgrade +1");
    assert_eq!(project.did("-n shop/eu current"), "");
    project.did("-n shop/eu upgrade");
    project.is_at("r0");
    assert_eq!(project.did("-n shop/eu current"), "r1 (head)\n");
    let ran = revproof_in(project.path(), "check . -n shop/eu").code(0);
    assert!(ran.stdout.starts_with("migrations: postgresql, from the database URL in"), "{}", ran.stdout);
    project.refuses("heads -n shop", "No 'script_location' key found", "`-n alembic`, `-n shop/eu`");
    project.refuses("heads -n shop/eu -d elsewhere", "Path doesn't exist: elsewhere", "init");
    project.write("elsewhere/env.py", b"");
    project.refuses("heads -n shop/eu -d elsewhere", "has its scripts in `migrations`", "leave `-d` out");
    revproof_in(project.path(), "check . -n shop").refused(&["by `-n shop`", "has a section [shop]"]);
}

#[test]
fn a_module_that_was_edited_since_is_told_and_the_database_holds_what_it_did_then() {
    const IMPORTING: (&str, &str) =
        ("from helper import NAME\nop.create_table('t', sa.Column(NAME, sa.Integer()))", "op.drop_table('t')");
    let project = Project::of_chain(&[IMPORTING, USERS]);
    project.write("helper.py", b"NAME = 'n'\n");
    project.did("upgrade");
    let warned = |command: &str| revproof_in(project.path(), command).code(0).stderr;
    project.write("helper.py", b"# The name.\nNAME = \"n\"\n");
    assert_eq!(warned("current"), "");
    project.write("helper.py", b"NAME = 'other'\n");
    let said =
        "warning: the module helper was edited after r0 had been applied with it; the database holds what it did then";
    for command in ["current", "upgrade", "downgrade --plan", "history -i"] {
        let stderr = warned(command);
        assert_eq!(stderr.starts_with(said), command != "history -i", "{command}: {stderr}");
    }
    let asked = revproof_in(project.path(), "query -").code(0).stderr;
    assert!(asked.starts_with(said), "{asked}");
    let columns = crate::command::command_in(project.path(), "query").arg("SELECT n FROM t").output().expect("it runs");
    assert!(columns.status.success(), "{}", String::from_utf8_lossy(&columns.stderr));
    let found = revproof_in(project.path(), "check --output-format concise migrations");
    assert!(found.stdout.contains("the module helper was edited after `r0` (step 0) was applied"), "{}", found.stdout);
}

#[test]
fn an_edited_script_is_told_by_those_that_only_look() {
    let project = Project::of_chain(&[USERS]);
    project.did("upgrade");
    let edited = script(0, &USERS.0.replace("80", "90"), USERS.1);
    project.write("migrations/versions/r0.py", edited.as_bytes());
    for command in ["current", "query -"] {
        let stderr = revproof_in(project.path(), command).code(0).stderr;
        assert!(stderr.contains("r0.py was edited after it was applied"), "{command}: {stderr}");
    }
}

#[test]
fn a_journal_that_can_t_be_read_is_left_alone() {
    let project = Project::of_chain(&[USERS]);
    project.did("upgrade");
    let whole = fs::read(project.journal()).expect("it is there");
    fs::write(project.journal(), [0xff, 0xfe]).expect("it can be written");
    project.refuses("upgrade", "can't be used: its end is missing", "`revproof reset`");
    assert_eq!(fs::read(project.journal()).expect("it is there"), [0xff, 0xfe]);
    fs::remove_file(project.journal()).expect("it can be removed");
    fs::create_dir(project.journal()).expect("a folder in its place");
    fs::write(project.journal().join("kept"), &whole).expect("it can be written");
    for command in ["current", "upgrade", "downgrade base", "query -"] {
        let ran = revproof_in(project.path(), command).code(2);
        assert!(ran.stderr.contains("cannot read the simulated database `"), "{command}: {}", ran.stderr);
    }
    assert_eq!(fs::read(project.journal().join("kept")).expect("it is there"), whole);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_nothing() {
    let project = Project::of_chain(&[USERS, AGE]);
    project.did("upgrade +1");
    let whole = fs::read(project.journal()).expect("it is there");
    let new = project.journal().with_file_name("journal.new");
    let full = || std::os::unix::fs::symlink("/dev/full", &new).expect("a link");
    let folder = || fs::create_dir(&new).expect("a folder");
    let obstacles: [(&str, &dyn Fn()); 2] = [("o space left", &full), ("directory", &folder)];
    for (why, obstacle) in obstacles {
        for command in ["upgrade", "downgrade", "stamp r1"] {
            if !new.exists() {
                obstacle();
            }
            let ran = revproof_in(project.path(), command).code(2);
            assert!(ran.stderr.contains(why) && ran.stderr.contains("what was there is unchanged"), "{}", ran.stderr);
            assert_eq!(fs::read(project.journal()).expect("it is there"), whole, "{command}");
        }
    }
    fs::remove_dir(&new).expect("it is there");
    project.is_at("r0");
    project.did("upgrade");
    project.is_at("r1 (head)");
}

#[test]
fn what_of_a_dump_is_not_understood_is_in_the_json() {
    let project = Project::of_chain(&[AGE]);
    project.write("dump.sql", b"CREATE TABLE users (id int PRIMARY KEY);\nFROBNICATE users;\n");
    let steps = json_lines(&revproof_in(project.path(), "upgrade --baseline dump.sql --output-format json").code(0));
    let said = |list: &serde_json::Value| list[0].as_str().is_some_and(|why| why.starts_with("`FROBNICATE users`: "));
    assert!(said(&steps[0]["baseline_not_understood"]), "{steps:?}");
    let steps = json_lines(&revproof_in(project.path(), "downgrade --output-format json").code(0));
    assert!(said(&steps[0]["baseline_not_understood"]), "{steps:?}");
    let report = revproof_in(project.path(), "check --baseline dump.sql --output-format json migrations").json();
    assert!(said(&report["chains"][0]["baseline_not_understood"]), "{report}");
    let diff = revproof_in(project.path(), "diff --against dump.sql --output-format json").json();
    assert!(said(&diff["not_understood"]), "{diff}");
}
