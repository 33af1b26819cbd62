//! Graphs and scripts on which Alembic refuses to work, or dies.

use super::chain::Rev;
use super::{Chain, check, rev};

const ALL: [&str; 5] = ["history", "heads", "branches", "show head", "show aaaa1111"];

#[track_caller]
fn check_all(case: &str, revisions: &[Rev]) {
    check(case, &Chain::alembic(revisions), &ALL);
}

#[test]
fn a_parent_or_a_dependency_that_is_not_there() {
    check_all("missing parent", &[rev("aaaa1111", &[]), rev("bbbb1111", &["nope9999"])]);
    check_all("missing parent of a merge", &[rev("aaaa1111", &[]), rev("bbbb1111", &["aaaa1111", "nope9999"])]);
    check_all("part of a parent's name", &[rev("aaaa1111", &[]), rev("bbbb1111", &["aaaa"])]);
    check_all("a label as parent", &[rev("aaaa1111", &[]).labels(&["lab"]), rev("bbbb1111", &["lab"])]);
    check_all("missing dependency", &[rev("aaaa1111", &[]), rev("bbbb1111", &["aaaa1111"]).depends_on(&["nope9999"])]);
    check_all("part of a dependency's name", &[rev("aaaa1111", &[]), rev("bbbb1111", &[]).depends_on(&["aaaa"])]);
}

#[test]
fn circles() {
    check_all("self-loop", &[rev("aaaa1111", &["aaaa1111"])]);
    check_all("self-loop above a base", &[rev("aaaa1111", &[]), rev("bbbb1111", &["bbbb1111"])]);
    check_all("dependency on itself", &[rev("aaaa1111", &[]).depends_on(&["aaaa1111"])]);
    check_all("circle without a base", &[rev("aaaa1111", &["bbbb1111"]), rev("bbbb1111", &["aaaa1111"])]);
    check_all(
        "circle beside a base",
        &[rev("aaaa1111", &[]), rev("bbbb1111", &["cccc1111"]), rev("cccc1111", &["bbbb1111"])],
    );
    check_all(
        "circle below a head",
        &[
            rev("aaaa1111", &["cccc1111"]),
            rev("bbbb1111", &["aaaa1111"]),
            rev("cccc1111", &["bbbb1111"]),
            rev("dddd1111", &["cccc1111"]),
        ],
    );
    check_all(
        "circle between a base and a head",
        &[
            rev("aaaa1111", &[]),
            rev("bbbb1111", &["aaaa1111", "cccc1111"]),
            rev("cccc1111", &["bbbb1111"]),
            rev("dddd1111", &["cccc1111"]),
        ],
    );
    check_all(
        "circle of dependencies",
        &[rev("aaaa1111", &[]).depends_on(&["bbbb1111"]), rev("bbbb1111", &[]).depends_on(&["aaaa1111"])],
    );
    check_all(
        "circle of a dependency and a parent",
        &[rev("aaaa1111", &[]).depends_on(&["bbbb1111"]), rev("bbbb1111", &["aaaa1111"])],
    );
    check_all(
        "circle of dependencies beside a base",
        &[
            rev("aaaa1111", &[]),
            rev("bbbb1111", &[]).depends_on(&["dddd1111"]),
            rev("cccc1111", &["bbbb1111"]),
            rev("dddd1111", &["cccc1111"]),
        ],
    );
}

#[test]
fn names_that_cannot_be() {
    check_all("a sign in a name", &[rev("aaaa-111", &[])]);
    check_all("several signs in a name", &[rev("aa@a+1:1", &[])]);
    check_all(
        "a label that is a revision",
        &[rev("aaaa1111", &[]).labels(&["bbbb1111"]), rev("bbbb1111", &["aaaa1111"])],
    );
    let twice = Chain::alembic(&[rev("aaaa1111", &[]), rev("bbbb1111", &["aaaa1111"])])
        .with("migrations/versions/zzzz.py", "'again'\nrevision = 'bbbb1111'\ndown_revision = 'aaaa1111'\n");
    check("a name twice", &twice, &["history", "heads", "show bbbb1111", "branches"]);
}

#[test]
fn files_that_are_no_scripts() {
    for (case, file, text) in [
        ("no revision", "foo.py", "down_revision = None\n"),
        ("no down_revision", "abc123.py", "revision = 'aaaa1111'\n"),
        ("no Python", "abc123.py", "revision = 'a'\ndown_revision = None\ndef upgrade(:\n"),
        ("raises", "abc123.py", "revision = 'a'\ndown_revision = None\nraise RuntimeError('not today')\n"),
        ("a revision that is a number", "abc123.py", "revision = 12\ndown_revision = None\n"),
    ] {
        let chain = Chain::alembic(&[rev("cccc1111", &[])]).with(&format!("migrations/versions/{file}"), text);
        check(case, &chain, &["history", "heads", "show cccc1111"]);
    }
    let passed_by = Chain::alembic(&[rev("cccc1111", &[])])
        .with("migrations/versions/__init__.py", "")
        .with("migrations/versions/.#lock.py", "no Python at all (")
        .with("migrations/versions/notes.txt", "")
        .with("migrations/versions/deeper/dddd.py", "nor this (");
    check("files that are passed by", &passed_by, &["history", "heads"]);
}

#[test]
fn no_folder_of_scripts() {
    let nowhere = Chain::alembic(&[]).with("alembic.ini", "[alembic]\nscript_location = nope\n");
    check("no such folder", &nowhere, &["history", "heads", "branches", "show head"]);
    let nothing = Chain::alembic(&[]).with("alembic.ini", "[other]\nx = y\n");
    check("no script_location", &nothing, &["history", "heads", "branches", "show head"]);
}
