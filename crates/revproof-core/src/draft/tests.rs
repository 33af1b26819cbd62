use std::collections::BTreeMap;

use super::name::slug;
use super::{Draft, DraftError, Moment, Request, draft};
use crate::alembic::script_options;
use crate::config::Config;
use crate::directory;

const NOW: Moment = Moment {
    year: 2026,
    month: 3,
    day: 4,
    hour: 5,
    minute: 6,
    second: 7,
    microsecond: 89,
    offset: None,
    epoch: 1_772_600_767,
};

const TEMPLATE: &str = "\"\"\"${message}\n\nRevises: ${down_revision | comma,n}\nCreate Date: ${create_date}\n\"\"\"\n\
    revision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\nbranch_labels = ${repr(branch_labels)}\n\
    depends_on = ${repr(depends_on)}\n";

/// A project of a → b, a → c (labelled `side`), with these settings.
fn project(settings: &str) -> BTreeMap<String, String> {
    let script = |name: &str, down: &str, label: &str| {
        let text = format!("revision = '{name}'\ndown_revision = {down}\nbranch_labels = {label}\n");
        (format!("m/versions/{name}.py"), text)
    };
    let files = [
        ("alembic.ini".to_owned(), format!("[alembic]\nscript_location = m\n{settings}")),
        ("m/env.py".to_owned(), String::new()),
        ("m/script.py.mako".to_owned(), TEMPLATE.to_owned()),
        script("aaaa1", "None", "None"),
        script("bbbb2", "'aaaa1'", "None"),
        script("cccc3", "'aaaa1'", "'side'"),
    ];
    files.into()
}

fn drafted(tree: &BTreeMap<String, String>, request: &Request, now: Moment) -> Result<Draft, DraftError> {
    let (directories, _) = directory::read(tree, "", &Config::default());
    let directory = directories.first().expect("a project");
    let options = script_options(tree, &directory.project, "/root");
    draft(directory, tree, &options, request, now)
}

fn request(head: &str) -> Request {
    Request { rev_id: "dddd4".to_owned(), heads: vec![head.to_owned()], ..Request::default() }
}

#[track_caller]
fn check(settings: &str, request: &Request, path: &str, text: &str) {
    let draft = drafted(&project(settings), request, NOW).expect("a draft");
    assert_eq!((draft.path.as_str(), draft.text.as_str()), (path, text));
}

#[track_caller]
fn check_refused(settings: &str, request: &Request, said: &str) {
    let sentence = match drafted(&project(settings), request, NOW) {
        Err(DraftError::Refused { sentence, help }) => {
            assert!(!help.is_empty());
            sentence
        }
        Err(DraftError::Symbol(error)) => error.to_string(),
        Err(DraftError::Template { path, error }) => format!("{path}: {error}"),
        Ok(draft) => format!("not refused: {draft:?}"),
    };
    assert_eq!(sentence, said);
}

#[test]
fn a_script_is_named_and_written_as_alembic_does_it() {
    let asked = Request {
        message: Some("Add the  e-mail".to_owned()),
        branch_label: Some("mail".to_owned()),
        depends_on: vec!["bbb".to_owned(), "side".to_owned()],
        ..request("side@head")
    };
    check(
        "",
        &asked,
        "m/versions/dddd4_add_the_e_mail.py",
        "\"\"\"Add the  e-mail\n\nRevises: cccc3\nCreate Date: 2026-03-04 05:06:07.000089\n\"\"\"\nrevision = 'dddd4'\n\
         down_revision = 'cccc3'\nbranch_labels = ('mail',)\ndepends_on = ['bbbb2', 'side']\n",
    );
    check(
        "file_template = %%(year)d_%%(month).2d_%%(slug)s_%%(rev)s_%%(epoch)s\n",
        &Request { heads: vec!["heads".to_owned()], ..request("") },
        "m/versions/2026_03__dddd4_1772600767.py",
        "\"\"\"empty message\n\nRevises: bbbb2, cccc3\nCreate Date: 2026-03-04 05:06:07.000089\n\"\"\"\nrevision = 'dddd4'\n\
         down_revision = ('bbbb2', 'cccc3')\nbranch_labels = None\ndepends_on = None\n",
    );
}

#[test]
fn a_date_in_a_zone_says_how_far_it_is_from_utc() {
    let now = Moment { offset: Some(-12_600), microsecond: 0, ..NOW };
    let draft = drafted(&project(""), &request("base"), now).expect("a draft");
    assert!(draft.text.contains("Revises: \nCreate Date: 2026-03-04 05:06:07-03:30\n"), "{}", draft.text);
}

#[test]
fn what_alembic_refuses_is_refused() {
    let several = "Multiple heads are present; please specify the head revision on which the new revision should be based, or perform a merge.";
    check_refused("", &request("head"), several);
    check_refused("", &request("nope"), "Can't locate revision identified by 'nope'");
    let splice =
        "Revision aaaa1 is not a head revision; please specify --splice to create a new branch from this revision";
    check_refused("", &request("aaaa1"), splice);
    let twice = Request { heads: vec!["bbbb2".to_owned(), "bbb".to_owned()], ..request("") };
    check_refused("", &twice, "Duplicate head revisions specified");
    let illegal = Request { rev_id: "a-b@c".to_owned(), ..request("bbbb2") };
    check_refused("", &illegal, "Character(s) '-, @' not allowed in revision identifier 'a-b@c'");
    let label = Request { branch_label: Some("side".to_owned()), ..request("bbbb2") };
    check_refused("", &label, "Branch name 'side' in revision dddd4 already used by revision cccc3");
    let taken = Request { rev_id: "aaaa1".to_owned(), ..request("bbbb2") };
    check_refused("", &taken, "Revision aaaa1 is present more than once");
    let elsewhere = Request { version_path: Some(("x/y".to_owned(), Some("x/y".to_owned()))), ..request("bbbb2") };
    check_refused("", &elsewhere, "Path x/y is not represented in current version locations");
    check_refused(
        "version_locations = m/versions m/more\n",
        &request("base"),
        "Multiple version locations present, please specify --version-path",
    );
}

#[test]
fn what_alembic_would_fail_on_later_is_refused() {
    check_refused(
        "file_template = %%(year)d/%%(rev)s\n",
        &request("bbbb2"),
        "`file_template = %(year)d/%(rev)s` makes 2026/dddd4, in a folder that Alembic would not look into",
    );
    check_refused(
        "file_template = %%(yeer)d\n",
        &request("bbbb2"),
        "`file_template = %(yeer)d` makes no file name: KeyError: 'yeer'",
    );
    let quoted = Request { message: Some("say \"\"\" no".to_owned()), ..request("bbbb2") };
    let Err(DraftError::Refused { sentence, .. }) = drafted(&project(""), &quoted, NOW) else { panic!("not refused") };
    assert!(sentence.starts_with("what script.py.mako makes is no revision script: "), "{sentence}");
    let mut tree = project("");
    tree.insert("m/script.py.mako".to_owned(), "revision = 'x'\ndown_revision = None\n".to_owned());
    let label = Request { branch_label: Some("l".to_owned()), ..request("bbbb2") };
    let Err(DraftError::Refused { sentence, .. }) = drafted(&tree, &label, NOW) else { panic!("not refused") };
    assert!(sentence.starts_with("Version dddd4 specified branch_labels l, however the migration file "), "{sentence}");
}

#[test]
fn a_script_goes_where_its_parent_is() {
    let mut tree = project("version_locations = m/versions m/more\n");
    tree.insert("m/more/eeee5.py".to_owned(), "revision = 'eeee5'\ndown_revision = 'bbbb2'\n".to_owned());
    let draft = drafted(&tree, &request("eeee5"), NOW).expect("a draft");
    assert_eq!((draft.path.as_str(), draft.folders.as_slice()), ("m/more/dddd4_.py", ["m/more".to_owned()].as_slice()));
}

#[test]
fn a_slug_has_words_and_ends_at_one() {
    let check = |message: &str, length, expected: &str| assert_eq!(slug(message, length), expected);
    check("Add column", 40, "add_column");
    check("  'quoted' -- (x)!", 40, "quoted_x");
    check("new thing with punct & a very long message here", 40, "new_thing_with_punct_a_very_long_");
    check("abcdefghij", 5, "abcde_");
    check("ÄRGER Straße 2²", 40, "ärger_straße_2²");
    check("हिन्दी", 40, "ह_न_द");
    check("", 40, "");
}

#[test]
fn the_binds_of_the_application_are_read_from_its_configuration() {
    let template = "revision = ${repr(up_revision)}\ndown_revision = None\n<%\n    from flask import current_app\n    \
                    names = [''] + list(current_app.config['SQLALCHEMY_BINDS'].keys())\n%>\\\n% for name in names:\n\
                    def upgrade_${name}():\n    pass\n% endfor\n";
    let mut tree = project("");
    tree.insert("m/script.py.mako".to_owned(), template.to_owned());
    let refused = drafted(&tree, &request("base"), NOW);
    let Err(DraftError::Template { error, .. }) = refused else { panic!("not refused: {refused:?}") };
    assert_eq!(error.line, Some(7), "{error}");
    let config = "import os\nclass Config:\n    SQLALCHEMY_BINDS = {'users': os.environ['U'], 'logs': 'sqlite://'}\n\
                  class Testing(Config):\n    SQLALCHEMY_BINDS = {'users': 'sqlite://', 'logs': 'sqlite://'}\n";
    tree.insert("config.py".to_owned(), config.to_owned());
    let draft = drafted(&tree, &request("base"), NOW).expect("a draft");
    let functions = "def upgrade_():\n    pass\ndef upgrade_users():\n    pass\ndef upgrade_logs():\n    pass\n";
    assert!(draft.text.ends_with(functions), "{}", draft.text);
}
