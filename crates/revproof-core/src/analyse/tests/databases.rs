//! Projects of several databases: each has its own schema, rows and verdicts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::analyse::analyse;
use crate::config::Config;

/// A script of several databases: what it does to each, up and down.
fn several(revision: &str, down: Option<&str>, databases: &[(&str, &str, &str)]) -> (String, String) {
    let down = down.map_or_else(|| "None".to_owned(), |down| format!("'{down}'"));
    let mut text = format!(
        "from alembic import op\nimport sqlalchemy as sa\n\nrevision = '{revision}'\ndown_revision = {down}\n\n\
         def upgrade(engine_name):\n    globals()['upgrade_' + engine_name]()\n\n\
         def downgrade(engine_name):\n    globals()['downgrade_' + engine_name]()\n\n"
    );
    for (name, up, down) in databases {
        _ = write!(text, "def upgrade_{name}():\n    {up}\n\ndef downgrade_{name}():\n    {down}\n\n");
    }
    (format!("migrations/versions/{revision}.py"), text)
}

/// What is proved of the revisions on each database of a project, and the findings.
fn on_databases(files: &[(String, String)]) -> String {
    let tree: BTreeMap<String, String> = files.iter().cloned().collect();
    let report = analyse(&tree, "", &Config::default());
    let mut lines = String::new();
    for chain in &report.chains {
        _ = writeln!(lines, "{} {}", chain.database.as_deref().unwrap_or("-"), chain.dialect);
        for seen in &chain.revisions {
            _ = writeln!(lines, "  {} {:?}: {}", seen.revision, seen.verdict, seen.because);
        }
        for finding in &chain.diagnostics {
            _ = writeln!(lines, "  {} {}", finding.rule, finding.range.map_or(0, |range| range.start.line));
        }
    }
    lines
}

const MAKES: &str = "op.create_table('users', sa.Column('id', sa.Integer()))";
const DROPS: &str = "op.drop_table('users')";

#[test]
fn every_database_of_a_project_is_one_of_its_own() {
    let both = [("two", MAKES, DROPS), ("", MAKES, DROPS)];
    let seen = on_databases(&[
        several("a1", None, &both),
        several(
            "b2",
            Some("a1"),
            &[
                ("", "op.add_column('users', sa.Column('x', sa.Text()))", "op.drop_column('users', 'x')"),
                ("two", "pass", "pass"),
            ],
        ),
        several("c3", Some("b2"), &[("", "pass", "pass"), ("two", "op.drop_column('users', 'x')", "pass")]),
    ]);
    let expected = "<default> postgresql\n\
         \x20\x20a1 Reversible: schema and every value come back\n\
         \x20\x20b2 Reversible: schema and every value come back\n\
         \x20\x20c3 Reversible: schema and every value come back\n\
         two postgresql\n\
         \x20\x20a1 Reversible: schema and every value come back\n\
         \x20\x20b2 Reversible: schema and every value come back\n\
         \x20\x20c3 Broken: the upgrade fails: column \"x\" of relation \"users\" does not exist\n\
         \x20\x20unknown-object 20\n";
    assert_eq!(seen, expected, "{seen}");
}

#[test]
fn what_is_not_known_of_a_database_is_not_proved() {
    let plain = "revision = 'b2'\ndown_revision = 'a1'\nfrom alembic import op\nimport sqlalchemy as sa\n\
                 def upgrade():\n    op.create_table('t', sa.Column('id', sa.Integer()))\n\
                 def downgrade():\n    op.drop_table('t')\n";
    let seen = on_databases(&[
        several("a1", None, &[("one", MAKES, DROPS)]),
        ("migrations/versions/b2.py".to_owned(), plain.to_owned()),
        several("c3", Some("b2"), &[("one", "op.drop_table('t')", "pass"), ("two", MAKES, DROPS)]),
    ]);
    let expected = "one postgresql\n\
         \x20\x20a1 Reversible: schema and every value come back\n\
         \x20\x20b2 Unknown: the upgrade is not fully known: upgrade() takes no name of a database, as other scripts of the project do; which databases it is for is not known\n\
         \x20\x20c3 Irreversible: the downgrade is empty, but the upgrade changes something\n\
         \x20\x20not-evaluated 5\n\
         \x20\x20empty-downgrade 10\n\
         \x20\x20drop-table 14\n\
         two postgresql\n\
         \x20\x20a1 Unknown: the upgrade is not fully known: there is no upgrade_two(); whether there was a database two by then is not known\n\
         \x20\x20b2 Unknown: the upgrade is not fully known: upgrade() takes no name of a database, as other scripts of the project do; which databases it is for is not known\n\
         \x20\x20c3 Reversible: schema and every value come back\n\
         \x20\x20not-evaluated 7\n";
    assert_eq!(seen, expected, "{seen}");
}

#[test]
fn the_databases_of_the_settings_are_those_that_count() {
    let ini = "[alembic]\nscript_location = migrations\ndatabases = one, two\n\
               [one]\nsqlalchemy.url = postgresql://\n[two]\nsqlalchemy.url = sqlite://\n";
    let seen = on_databases(&[
        several("a1", None, &[("one", MAKES, DROPS), ("old", MAKES, DROPS)]),
        ("alembic.ini".to_owned(), ini.to_owned()),
    ]);
    let expected = "one postgresql\n\
         \x20\x20a1 Reversible: schema and every value come back\n\
         two sqlite\n\
         \x20\x20a1 Broken: the upgrade fails: KeyError: 'upgrade_two'\n\
         \x20\x20failing-upgrade 8\n";
    assert_eq!(seen, expected, "{seen}");
}

#[test]
fn a_comment_that_hides_something_on_one_database_is_used() {
    let drops = "op.drop_table('users')  # revproof: ignore[drop-table] they moved";
    let seen = on_databases(&[
        several("a1", None, &[("one", "pass", "pass"), ("two", MAKES, DROPS)]),
        several("b2", Some("a1"), &[("one", "pass", "pass"), ("two", drops, MAKES)]),
    ]);
    assert!(!seen.contains("unused-suppression") && !seen.contains("drop-table"), "{seen}");
    assert!(seen.contains("b2"), "{seen}");
}
