//! Arguments, exit codes, files and streams.

use std::fs;
use std::io::Read;
use std::process::Stdio;

use crate::command::{Ran, command_in, revproof, revproof_in};
use crate::project::Project;

const CREATE: (&str, &str) = (
    "op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True, nullable=False))",
    "op.drop_table('users')",
);
const EMPTY: (&str, &str) = ("op.add_column('users', sa.Column('age', sa.Integer()))", "pass");

fn clean() -> Project {
    Project::of_chain(&[CREATE])
}

fn faulty() -> Project {
    Project::of_chain(&[CREATE, EMPTY])
}

#[test]
fn the_exit_code_says_whether_something_was_found() {
    revproof_in(clean().path(), "check").code(0);
    revproof_in(faulty().path(), "check").code(1);
    revproof_in(faulty().path(), "check --exit-zero").code(0);
    revproof_in(faulty().path(), "check --fail-on never").code(0);
    revproof_in(faulty().path(), "check --select RP101").code(0);
    revproof_in(faulty().path(), "check --select empty-downgrade").code(1);
}

#[test]
fn what_cannot_run_is_refused_in_one_line_that_says_what_would() {
    let check = |arguments: &str, said: &[&str]| revproof(arguments).refused(said);
    check("", &["no command given", "check", "--help"]);
    check("chek", &["unrecognized subcommand", "'check'"]);
    check("check --selct x", &["--selct", "--select"]);
    check("check --dialect oracle", &["oracle", "postgresql, sqlite, mysql"]);
    check("check --output-format xml", &["xml", "github"]);
    check("check no/such/folder", &["no/such/folder", "no such file"]);
    check("check --select drop-colum", &["drop-colum", "`drop-column`"]);
    check("check --ignore RP999", &["RP999"]);
    check("check --rows some", &["some", "seeded"]);
    check("check --rows no-such.sql", &["no-such.sql", "no such file"]);
    check("check --config no-such.toml", &["no-such.toml"]);
    check("check --quiet --verbose", &["--quiet", "--verbose"]);
    check("check migrations/shop --output-file no/such/folder/report", &["no/such/folder/report"]);
    check("check docs", &["no migrations found", "`docs`"]);
    check("schema docs", &["no migrations found"]);
    check("schema --at x --every", &["--at", "--every"]);
    check("schema migrations/shop --at 3c1f0a9be2dd", &["3c1f0a9be2dd", "`3c1f0a9be2d4`"]);
    check("rule drop-colum", &["drop-colum", "`drop-column`"]);
    check("rule RP999", &["RP999"]);
}

#[test]
fn help_and_version_are_answers() {
    revproof("--help").code(0).prints(&["Usage: revproof", "check", "schema", "rule"]);
    revproof("--version").code(0).prints(&[env!("CARGO_PKG_VERSION")]);
}

#[test]
fn a_setting_that_does_not_exist_names_its_line_and_the_right_one() {
    let project = clean();
    project.write("revproof.toml", b"dialect = 'sqlite'\nfail_on = 'error'\n");
    revproof_in(project.path(), "check").refused(&["revproof.toml:2", "`fail_on`", "`fail-on`"]);
}

#[test]
fn settings_are_found_above_the_chain_and_arguments_win() {
    let project = faulty();
    project.write("pyproject.toml", b"[project]\nname = 'x'\n[tool.revproof]\nfail-on = 'never'\ndialect = 'sqlite'\n");
    revproof_in(project.path(), "check").code(0).prints(&["sqlite"]);
    revproof_in(project.path(), "check --fail-on error --dialect mysql").code(1).prints(&["mysql"]);
    revproof_in(&project.path().join("migrations"), "check .").code(0);
}

#[test]
fn a_rule_can_be_ignored_and_its_severity_changed() {
    let project = faulty();
    project.write("revproof.toml", b"[severity]\nRP2 = 'info'\n");
    let report = revproof_in(project.path(), "check --output-format json --select RP202").code(0).json();
    assert_eq!(report["summary"]["infos"], 1, "{report:#}");
    revproof_in(project.path(), "check --ignore RP202 --output-format concise").prints(&[]).code_without("RP202");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let mut child = command_in(crate::command::root(), "check --output-format json")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("revproof starts");
    let mut stdout = child.stdout.take().expect("stdout is piped");
    let mut first = [0_u8; 1];
    stdout.read_exact(&mut first).expect("it prints something");
    drop(stdout);
    let ran = Ran::from("check --output-format json", &child.wait_with_output().expect("it ends"));
    assert_eq!(ran.stderr, "");
    assert_eq!(ran.code, Some(1));
}

#[test]
fn output_goes_to_a_file_and_not_to_stdout() {
    let project = faulty();
    let ran = revproof_in(project.path(), "check --output-format json --output-file report.json").code(1);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    let report = fs::read_to_string(project.path().join("report.json")).expect("the report is written");
    assert!(serde_json::from_str::<serde_json::Value>(&report).is_ok(), "{report}");
    let names: Vec<_> = fs::read_dir(project.path()).unwrap().flatten().map(|e| e.file_name()).collect();
    assert_eq!(names.len(), 2, "nothing else is left behind: {names:?}");
}

#[test]
fn colours_come_when_asked_for_and_never_into_a_pipe() {
    let project = faulty();
    assert!(!revproof_in(project.path(), "check").stdout.contains('\u{1b}'));
    assert!(revproof_in(project.path(), "check --color always").stdout.contains('\u{1b}'));
}

#[test]
fn quiet_verbose_and_statistics_show_less_more_and_counts() {
    let project = faulty();
    let normal = revproof_in(project.path(), "check").stdout;
    assert!(normal.contains("2 revisions, 1 head: 1 reversible"), "{normal}");
    let quiet = revproof_in(project.path(), "check --quiet").stdout;
    assert!(quiet.contains("RP202") && !quiet.contains("1 head"), "{quiet}");
    let verbose = revproof_in(project.path(), "check --verbose").stdout;
    assert!(verbose.len() >= normal.len(), "{verbose}");
    revproof_in(project.path(), "check --statistics").prints(&["1  RP202  empty-downgrade"]);
}

#[test]
fn a_path_outside_the_working_directory_is_named_as_it_was_given() {
    let project = faulty();
    let elsewhere = Project::new(&[]);
    let given = project.path().canonicalize().unwrap().join("migrations");
    let arguments = format!("check {} --output-format concise", given.display());
    let shown = revproof_in(elsewhere.path(), &arguments).stdout;
    assert!(shown.contains(&format!("{}/versions/r1.py:", given.display())), "{shown}");
    let shown = revproof_in(&project.path().join("migrations/versions"), "check .. --output-format concise").stdout;
    assert!(shown.contains("../versions/r1.py:"), "{shown}");
}

#[test]
fn a_file_that_cannot_be_read_hides_no_other() {
    let project = faulty();
    project.write("migrations/versions/latin.py", b"\"\"\"caf\xe9\"\"\"\nrevision = 'latin'\n");
    project.write("migrations/versions/broken.py", b"revision = 'x'\ndef upgrade(:\n");
    project.write("migrations/versions/nul.py", b"revision = 'y'\0\n");
    project.write("migrations/versions/large.py", &vec![b'#'; 21 << 20]);
    let report = revproof_in(project.path(), "check --output-format json").code(1).json();
    let unreadable: Vec<&str> = report["chains"][0]["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|d| d["code"] == "RP106")
        .filter_map(|d| d["message"].as_str())
        .collect();
    assert!(unreadable.len() >= 3, "{unreadable:#?}");
    assert!(unreadable.iter().any(|m| m.contains("UTF-8")), "{unreadable:#?}");
    assert!(unreadable.iter().any(|m| m.contains("20 MB")), "{unreadable:#?}");
    assert_eq!(report["summary"]["revisions"], 2);
}

#[cfg(unix)]
#[test]
fn links_that_go_round_and_pipes_that_never_end_are_passed_by() {
    let project = faulty();
    std::os::unix::fs::symlink(project.path(), project.path().join("migrations/versions/loop")).unwrap();
    std::os::unix::fs::symlink("nowhere", project.path().join("migrations/versions/dangling.py")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(project.path().join("migrations/versions/pipe.py")).status();
    assert!(made.is_ok_and(|status| status.success()));
    revproof_in(project.path(), "check").code(1).prints(&["2 revisions"]);
    revproof_in(project.path(), "check .").code(1).prints(&["2 revisions"]);
}

#[test]
fn a_virtual_environment_beside_the_chain_is_not_looked_into() {
    let project = faulty();
    let foreign = "revision = 'foreign'\ndown_revision = None\ndef upgrade():\n    pass\n";
    for folder in ["venv", ".venv", "node_modules/x"] {
        project.write(&format!("{folder}/migrations/versions/foreign.py"), foreign.as_bytes());
        project.write(&format!("{folder}/migrations/alembic.ini"), b"[alembic]\nscript_location = %(here)s\n");
    }
    project.write("env/pyvenv.cfg", b"");
    project.write("env/migrations/versions/foreign.py", foreign.as_bytes());
    let shown = revproof_in(project.path(), "check .").stdout;
    assert!(!shown.contains("foreign"), "{shown}");
}

#[test]
fn the_rows_of_a_file_are_proved_on() {
    let project = Project::of_chain(&[
        CREATE,
        ("op.add_column('users', sa.Column('age', sa.Integer(), nullable=False))", "op.drop_column('users', 'age')"),
    ]);
    project.write("rows.sql", b"INSERT INTO users (id) VALUES (7);\n");
    let report = revproof_in(project.path(), "check --rows rows.sql --output-format json").code(1).json();
    assert_eq!(report["chains"][0]["revisions"][1]["upgrade"]["status"], "failed", "{report:#}");
    let report = revproof_in(project.path(), "check --rows none --output-format json").json();
    assert_eq!(report["chains"][0]["revisions"][1]["upgrade"]["status"], "ok", "{report:#}");
}

#[test]
fn the_schema_is_shown_in_every_format() {
    let project = faulty();
    revproof_in(project.path(), "schema").code(0).prints(&["users\n", "age", "INTEGER"]);
    revproof_in(project.path(), "schema --output-format sql").code(0).prints(&["CREATE TABLE users ("]);
    let at = revproof_in(project.path(), "schema --at r0 --output-format json").code(0).json();
    assert_eq!(at["tables"]["users"]["columns"].as_array().map(Vec::len), Some(1), "{at:#}");
    let every = revproof_in(project.path(), "schema --every --output-format json").code(0).stdout;
    let steps: Vec<serde_json::Value> = every.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(steps.len(), 2);
    assert_eq!(steps[1]["revision"], "r1");
    assert_eq!(steps[1]["changed"]["users"]["columns"][1]["name"], "age");
}

#[test]
fn a_rule_is_explained_by_name_by_code_and_all_are_listed() {
    revproof("rule drop-column").code(0).prints(&["RP302", "## Why it matters"]);
    revproof("rule rp302").code(0).prints(&["drop-column"]);
    revproof("rule").code(0).prints(&["RP101", "RP705"]);
    let rules = revproof("rule --output-format json").code(0).json();
    assert!(rules.as_array().is_some_and(|rules| rules.len() > 30 && rules.iter().all(|r| r["code"].is_string())));
}

impl Ran {
    /// It printed nothing of this.
    #[track_caller]
    fn code_without(&self, unwanted: &str) {
        assert!(!self.stdout.contains(unwanted), "{}", self.stdout);
    }
}
