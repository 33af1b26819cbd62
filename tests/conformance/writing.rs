//! `revision`, `merge` and `init`: the same lines, the same refusals, and the same scripts, byte for byte.

use std::fs;

use super::chain::Rev;
use super::real::{self, Face};
use super::{Chain, check, rev, words};
use crate::command::{command_in, revproof_in};
use crate::project::Project;

const GENERIC: &str = include_str!("../../cli/src/templates/generic/script.py.mako");
const FLASK: &str = include_str!("../../cli/src/templates/flask/script.py.mako");
const MULTIDB: &str = include_str!("../../cli/src/templates/multidb/script.py.mako");

fn linear() -> [Rev; 3] {
    [rev("aaaa1111", &[]), rev("bbbb2222", &["aaaa1111"]).labels(&["lab"]), rev("cccc3333", &["bbbb2222"])]
}

fn branched() -> [Rev; 4] {
    [
        rev("aaaa1111", &[]),
        rev("bbbb2222", &["aaaa1111"]).labels(&["left"]),
        rev("cccc3333", &["aaaa1111"]).labels(&["right"]),
        rev("dddd4444", &[]),
    ]
}

fn alembic(revisions: &[Rev]) -> Chain {
    Chain::alembic(revisions).with("migrations/script.py.mako", GENERIC)
}

/// A chain with more lines in the section `[alembic]`.
fn configured(revisions: &[Rev], settings: &str) -> Chain {
    let ini = "[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = sqlite:///db.sqlite\n";
    alembic(revisions).with("alembic.ini", &format!("{ini}{settings}"))
}

#[test]
fn a_revision_on_the_head() {
    let steps = [
        "revision -m 'Add the  e-mail (again)!' --rev-id dddd4444",
        "revision --rev-id eeee5555",
        "revision -m 'a very long message that goes on and on, far over what fits' --rev-id ffff6666",
        "revision -m Ärger/Überfluß --rev-id ffff7777",
        "revision -m 'it''s' --rev-id ffff8888 --branch-label new",
        "history",
    ];
    check("revisions on the head", &alembic(&linear()), &steps);
    check("revisions on the head of nothing", &alembic(&[]), &steps);
    let flask = Chain::flask(&linear()).with("migrations/script.py.mako", FLASK);
    check("revisions on the head, with Flask", &flask, &steps);
}

#[test]
fn a_revision_elsewhere() {
    let steps = [
        "revision -m x --rev-id eeee5555 --head base",
        "revision -m x --rev-id eeee6666 --head eeee",
        "revision -m x --rev-id eeee7777 --head aaaa1111",
        "revision -m x --rev-id eeee7777 --head aaaa --splice",
        "revision -m x --rev-id eeee8888 --head lab@head",
        "revision -m x --rev-id eeee8888 --head nope",
        "revision -m x --rev-id eeee8888 --head cccc3333 --depends-on eeee6 --depends-on lab",
        "revision -m x --rev-id eeee9999 --head eeee8888 --depends-on aaaa1111",
        "revision -m x --rev-id ffff1111 --head eeee9999 --depends-on nope",
        "revision -m x --rev-id ffff1111",
        "revision -m x --rev-id ffff1111 --head heads",
        "revision -m x --rev-id a-b+c@d --head ffff1111",
        "revision -m x --rev-id ffff2222 --head -1",
        "history",
    ];
    check("revisions elsewhere", &alembic(&linear()), &steps);
}

#[test]
fn a_merge() {
    let steps = [
        "revision -m x --rev-id eeee5555",
        "merge bbbb2222 bbbb2222 -m twice --rev-id eeee5555",
        "merge bbbb2222 nope --rev-id eeee5555",
        "merge aaaa1111 dddd4444 --rev-id eeee5555",
        "merge left@head right -m 'join two' --rev-id eeee5555 --branch-label both",
        "merge heads -m all --rev-id ffff6666",
        "merge heads -m again --rev-id ffff7777",
        "history",
    ];
    check("merges", &alembic(&branched()), &steps);
    let flask = Chain::flask(&branched()).with("migrations/script.py.mako", FLASK);
    check("merges, with Flask", &flask, &steps);
    check("merge beside the heads", &alembic(&branched()), &["merge aaaa1111 dddd4444 --splice --rev-id eeee5555"]);
}

#[test]
fn file_names_as_the_settings_want_them() {
    let steps = ["revision -m 'One more thing to do' --rev-id dddd4444", "revision --rev-id eeee5555", "history"];
    for (case, settings) in [
        ("name of the date", "file_template = %%(year)d-%%(month).2d-%%(day).2d_%%(slug)s_%%(rev)s\n"),
        ("short slug", "truncate_slug_length = 9\nfile_template = %%(slug)s%%(rev)10s\n"),
        ("slug of no length", "truncate_slug_length = 0\n"),
        ("name in a folder", "file_template = %%(year)d/%%(rev)s\nrecursive_version_locations = true\n"),
        ("name of another key", "kind = %%(slug)s\nfile_template = x_%(kind)s_%%(rev)s\n"),
        ("time zone", "timezone = utc\n"),
        ("time zone with an offset", "timezone = Asia/Kolkata\n"),
        ("no such time zone", "timezone = Nowhere/Atall\n"),
        ("encoding", "output_encoding = latin-1\n"),
    ] {
        check(case, &configured(&linear(), settings), &steps);
    }
}

#[test]
fn several_folders_of_scripts() {
    let settings = "version_locations = %(here)s/migrations/versions:%(here)s/more\npath_separator = :\n";
    let other = "revision = 'eeee5555'\ndown_revision = None\n";
    let chain = configured(&linear(), settings).with("more/eeee5555_x.py", other);
    let steps = [
        "revision -m x --rev-id ffff1111 --head base",
        "revision -m x --rev-id ffff1111 --head base --version-path more",
        "revision -m x --rev-id ffff2222 --head eeee5555",
        "revision -m x --rev-id ffff3333 --head cccc3333 --version-path ./more",
        "revision -m x --rev-id ffff4444 --head cccc3333 --splice --version-path elsewhere",
        "revision -m x --rev-id ffff4444 --head ffff3333",
        "heads",
    ];
    check("several folders", &chain, &steps);
    let fresh = configured(&[], "version_locations = %(here)s/new/one %(here)s/new/two\n");
    let steps = ["revision -m x --rev-id aaaa1111 --version-path new/two", "revision -m y --rev-id bbbb2222"];
    check("folders that are not there yet", &fresh, &steps);
}

#[test]
fn the_environment_that_runs_for_every_script() {
    let chain = configured(&linear(), "revision_environment = true\n");
    check("revision environment", &chain, &["revision -m x --rev-id dddd4444", "merge heads --rev-id eeee5555"]);
}

#[test]
fn templates_of_every_kind() {
    let head = "\"\"\"${message}\"\"\"\nrevision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n";
    let step = ["revision -m 'a <b> & c' --rev-id dddd4444 --head cccc3333"];
    for (case, template) in [
        (
            "filters",
            "# ${message | h} ${message | x} ${' a ' | trim} ${down_revision | comma,n} ${message | n,str.upper}\n",
        ),
        (
            "conditions",
            "% if down_revision:\n# based\\\n% elif up_revision:\n# not\n% else:\n# never\n% endif\n % done\n"
                .trim_end_matches(" % done\n"),
        ),
        (
            "loops",
            "% for i, c in list(enumerate('abc')):\n# ${i} ${c} ${loop.index} ${loop.first} ${loop.last} ${loop.cycle('x', 'y')}\n% endfor\n",
        ),
        (
            "nested loops",
            "% for a in [1, 2]:\n% for b in [3]:\n# ${a}${b} ${loop.parent.index}\n% endfor\n% endfor\n# end\n",
        ),
        (
            "code",
            "<%!\n    import re\n    def shout(text):\n        return text.upper()\n%>\n<%\n    words = message.split()\n    n = len(words)\n%>\n# ${shout(message)} ${n} ${re.split(r'\\s+', message)}\n",
        ),
        (
            "functions",
            "<%def name=\"line(text, mark='-')\">\n# ${mark} ${text}\n</%def>\n${line('a')}${line(message, mark='*')}",
        ),
        (
            "text and comments",
            "## gone\n<%doc>\n gone\n</%doc>\n<%text>\n# ${kept} % kept\n</%text>\n  %% literal = 1\n"
                .trim_end_matches("  %% literal = 1\n"),
        ),
        ("undefined names", "# ${imports if imports else ''}|${upgrades or 'pass'}|${context.get('nothing', 'x')}\n"),
        (
            "the configuration",
            "# ${config.get_main_option('sqlalchemy.url')} ${config.get_main_option('none', 'x')} ${config.get_section_option('alembic', 'no')} ${config.config_ini_section}\n",
        ),
        ("dates", "# ${create_date.tzinfo} ${create_date.strftime('%Y')}\n"),
        ("escaped ends of lines", "# a \\\n  b \\\\\n# c\n"),
        ("windows", "# a\r\n# ${message}\r\n% if True:\r\n# b\r\n% endif\r\n"),
        (
            "try and while",
            "% try:\n# ${1 // 0}\n% except ZeroDivisionError:\n# none\n% endtry\n<% n = 2 %>\n% while n:\n# ${n}<% n -= 1 %>\n% endwhile\n",
        ),
        (
            "capture",
            "<%def name=\"inner()\">x ${message}</%def>\n# ${capture(inner).upper()}\n<%block name=\"b\"># block\n</%block>\n",
        ),
    ] {
        let chain = alembic(&linear()).with("migrations/script.py.mako", &format!("{head}{template}"));
        check(&format!("template with {case}"), &chain, &step);
    }
}

#[test]
fn templates_that_fail() {
    let head = "revision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n";
    for (case, template) in [
        ("an undefined name", "# ${missing}\n"),
        ("an error", "# ${1 // 0}\n"),
        ("bad syntax", "# ${1 +}\n"),
        ("an open loop", "% for x in 'a':\n"),
    ] {
        let chain = alembic(&linear()).with("migrations/script.py.mako", &format!("{head}{template}"));
        let ours = chain.write();
        let ran = revproof_in(ours.path(), "revision -m x --rev-id dddd4444").code(1);
        assert!(ran.stderr.contains("migrations/script.py.mako:3: "), "{case}: {}", ran.stderr);
        let theirs = chain.write();
        let answers = real::run(theirs.path(), Face::Alembic, &[words("revision -m x --rev-id dddd4444")]);
        assert!(answers[0].exit != 0 || answers[0].raised.is_some(), "{case}: the real one makes a script of it");
        assert!(!ours.path().join("migrations/versions/dddd4444_x.py").exists(), "{case}: half a script is left");
    }
}

#[test]
fn several_databases() {
    let settings = "databases = engine1, engine2,engine3\n[engine1]\nsqlalchemy.url = sqlite:///db.sqlite\n";
    let chain = configured(&[], settings).with("migrations/script.py.mako", MULTIDB);
    check("several databases", &chain, &["revision -m x --rev-id aaaa1111", "revision -m y --rev-id bbbb2222"]);
}

/// What the real one prints over `init`, sorted: it takes files as the disk has them.
fn lines(text: &str, folder: &Project) -> Vec<String> {
    let place = folder.path().canonicalize().expect("it is there").display().to_string();
    let mut lines: Vec<String> = text.lines().map(|line| line.replace(&place, "<PROJ>")).collect();
    lines.sort();
    lines
}

#[track_caller]
fn check_init(face: Face, theirs: &str, ours: &str, then: &[&str]) {
    let (theirs_at, ours_at) = (Project::new(&[]), Project::new(&[]));
    let answers = real::run(theirs_at.path(), face, &[words(theirs)]);
    let ran = revproof_in(ours_at.path(), ours).code(0);
    assert_eq!(lines(&answers[0].stdout, &theirs_at), lines(&ran.stdout, &ours_at));
    let ini = ours_at.path().join("alembic.ini");
    if let Ok(text) = fs::read_to_string(&ini) {
        let text = text.replace("driver://user:pass@localhost/dbname", "sqlite:///db.sqlite");
        fs::write(ini, text).expect("it can be written");
    }
    revproof_in(ours_at.path(), "revision -m first --rev-id aaaa1111").code(0);
    let then: Vec<Vec<String>> = then.iter().map(|step| words(step)).collect();
    for (answer, step) in real::run(ours_at.path(), face, &then).iter().zip(&then) {
        assert!(answer.exit == 0 && answer.raised.is_none(), "{step:?} on what we made: {answer:?}");
    }
    let seen = revproof_in(ours_at.path(), "history").code(0);
    assert!(seen.stdout.contains("aaaa1111 -> bbbb2222 (head), second"), "{}", seen.stdout);
}

#[test]
fn the_real_ones_run_what_init_makes() {
    let then = ["revision -m second --rev-id bbbb2222", "upgrade head", "upgrade head --sql", "downgrade base"];
    check_init(Face::Alembic, "init db", "init db --template generic", &then);
    check_init(Face::Alembic, "init ./a/b/ -t pyproject", "init ./a/b/ -t pyproject", &then);
    check_init(Face::Alembic, "init db -t multidb --package", "init db -t multidb --package", &then);
    let then = [then.as_slice(), &["migrate -m nothing", "check"]].concat();
    let then: Vec<&str> = then.into_iter().filter(|step| *step != "downgrade base").collect();
    check_init(Face::Flask, "init", "init", &then);
    let there: Vec<String> = then.iter().map(|step| format!("{step} -d db")).collect();
    let there: Vec<&str> = there.iter().map(String::as_str).collect();
    check_init(Face::Flask, "init -d db", "init -d db", &there);
}

#[test]
fn init_overwrites_nothing() {
    let chain = alembic(&linear());
    check("init where something is", &chain, &["init migrations"]);
    let flask = Chain::flask(&linear());
    check("init where something is, with Flask", &flask, &["init", "init -d migrations"]);
    let project = Project::new(&[("alembic.ini", "mine"), ("pyproject.toml", "[project]\nname = 'x'\n")]);
    let ran = revproof_in(project.path(), "init db -t pyproject").code(0);
    assert!(ran.stdout.contains("alembic.ini already exists, skipping\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Appending to existing "), "{}", ran.stdout);
    assert_eq!(fs::read_to_string(project.path().join("alembic.ini")).expect("it is there"), "mine");
    let toml = fs::read_to_string(project.path().join("pyproject.toml")).expect("it is there");
    assert!(toml.starts_with("[project]\nname = 'x'\n\n\n[tool.alembic]\n"), "{toml}");
    revproof_in(project.path(), "init x -t nope").code(1);
}

#[test]
fn a_script_that_is_there_stays_as_it_is() {
    let taken = "revision = 'zzzz9999'\ndown_revision = 'cccc3333'\n";
    let project = alembic(&linear()).with("migrations/versions/dddd4444_x.py", taken).write();
    let ran = revproof_in(project.path(), "revision -m x --rev-id dddd4444").code(1);
    assert!(ran.stderr.contains("already exists"), "{}", ran.stderr);
    let file = project.path().join("migrations/versions/dddd4444_x.py");
    assert_eq!(fs::read_to_string(file).expect("it is there"), taken);
}

#[cfg(unix)]
#[test]
fn edit_opens_each_script() {
    let project = alembic(&branched()).write();
    let edit = |revision: &str, editor: &str| {
        let mut command = command_in(project.path(), &format!("edit {revision}"));
        command.env("EDITOR", editor).env_remove("VISUAL");
        crate::command::Ran::from("edit", &command.output().expect("it starts"))
    };
    let shown = edit("bbbb", "cat").code(0).stdout;
    assert!(shown.contains("revision = 'bbbb2222'"), "{shown}");
    let shown = edit("heads", "cat -A").code(0).stdout;
    assert_eq!(shown.matches("revision = '").count() - shown.matches("down_revision = '").count(), 3, "{shown}");
    assert!(edit("base", "cat").code(1).stderr.contains("No revision files indicated by symbol 'base'"));
    assert!(edit("current", "cat").code(1).stderr.contains("No current revisions"));
    assert!(edit("bbbb2222", "false").code(1).stderr.contains("Error executing editor ("));
}

#[test]
fn a_merge_says_whether_its_branches_commute() {
    let said = |left: &str, right: &str| {
        let table = "op.create_table('t', sa.Column('id', sa.Integer()), sa.Column('n', sa.Integer()))";
        let revisions = [
            rev("aaaa1111", &[]).does(table, "op.drop_table('t')"),
            rev("bbbb2222", &["aaaa1111"]).does(left, "pass"),
            rev("cccc3333", &["aaaa1111"]).does(right, "pass"),
        ];
        let project = alembic(&revisions).write();
        let ran = revproof_in(project.path(), "merge heads -m m --rev-id dddd4444").code(0);
        assert!(project.path().join("migrations/versions/dddd4444_m.py").exists());
        ran.stderr
    };
    let add = |name: &str| format!("op.add_column('t', sa.Column('{name}', sa.Integer()))");
    let one = said(&add("x"), &add("y"));
    assert!(one.starts_with("note: the branches commute"), "{one}");
    let other = said("op.rename_table('t', 'u')", &add("x"));
    assert!(other.starts_with("warning: the branches do not commute: "), "{other}");
    let unknown = said("import os\nop.drop_column('t', os.environ['X'])", &add("y"));
    assert!(unknown.starts_with("warning: whether the branches commute is not known"), "{unknown}");
}

#[test]
fn a_database_that_is_behind_is_told() {
    let steps = ["revision --autogenerate -m x", "upgrade bbbb2222", "revision --autogenerate -m x"];
    check("a database that is behind", &alembic(&linear()), &steps);
}

#[test]
fn the_real_one_runs_what_is_generated() {
    let table = "op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('n', sa.String(9)))";
    let chain = alembic(&[rev("aaaa1111", &[]).does(table, "op.drop_table('t')")]);
    let project = chain.write();
    let wanted = "CREATE TABLE u (id INTEGER NOT NULL PRIMARY KEY, k VARCHAR(5) DEFAULT 'a:b' NOT NULL, CHECK (k <> ':c'));
        CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, n VARCHAR(20) DEFAULT 'x' NOT NULL, u_id INTEGER, at TIMESTAMP DEFAULT
        CURRENT_TIMESTAMP, CONSTRAINT fk FOREIGN KEY (u_id) REFERENCES u (id), CONSTRAINT uq UNIQUE (n));
        CREATE INDEX ix ON t (lower(n)); CREATE INDEX iy ON t (u_id) WHERE u_id > 0;";
    project.write("wanted.sql", wanted.as_bytes());
    for line in ["upgrade", "revision --autogenerate --against wanted.sql --rev-id bbbb2222"] {
        revproof_in(project.path(), line).code(0);
    }
    let lines = ["upgrade head", "downgrade aaaa1111", "upgrade head"].map(words);
    for answer in real::run(project.path(), chain.face, &lines) {
        assert_eq!((answer.exit, answer.raised.as_deref()), (0, None), "{answer:?}");
    }
}
