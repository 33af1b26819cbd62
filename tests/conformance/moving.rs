//! `upgrade`, `downgrade`, `stamp` and `current`: what is logged, refused, and left in the version table, step by step.

use super::chain::Rev;
use super::{Chain, check, rev};

const T: (&str, &str) = ("op.create_table('t', sa.Column('id', sa.Integer()))", "op.drop_table('t')");

/// Runs the command lines, and after each of them `current`.
#[track_caller]
fn check_moves(case: &str, revisions: &[Rev], steps: &[&str]) {
    let steps: Vec<&str> = steps.iter().flat_map(|step| [*step, "current"]).collect();
    check(case, &Chain::alembic(revisions), &steps);
}

fn linear() -> [Rev; 4] {
    [
        rev("aaaa1111", &[]).does(T.0, T.1),
        rev("bbbb2222", &["aaaa1111"]).doc("two\nlines\n\nRevision ID: bbbb2222\n"),
        rev("cccc3333", &["bbbb2222"]).doc(""),
        rev("dddd4444", &["cccc3333"]),
    ]
}

#[test]
fn up_and_down_one_line() {
    let steps = [
        "upgrade +2",
        "current -v",
        "current -c",
        "upgrade head",
        "current --check-heads",
        "upgrade head",
        "downgrade -1",
        "downgrade head-2",
        "upgrade aaaa1111+1",
        "upgrade base",
        "upgrade aaaa1111",
        "downgrade base+1",
        "upgrade heads",
        "downgrade b",
        "upgrade dddd",
        "downgrade heads",
        "downgrade cccc3333-1",
        "downgrade -2",
        "upgrade head-1",
        "downgrade base",
        "upgrade base+1",
        "upgrade cccc@head",
        "downgrade dddd4444@-3",
        "upgrade bbbb2222@+1",
        "downgrade base",
        "downgrade base",
    ];
    check_moves("moving on one line", &linear(), &steps);
}

#[test]
fn what_is_refused_on_one_line() {
    let steps = [
        "upgrade +9",
        "upgrade +0",
        "upgrade -1",
        "upgrade zz",
        "upgrade foo@head",
        "upgrade aaaa1111:bbbb2222",
        "downgrade head",
        "downgrade -1",
        "downgrade cccc3333",
        "upgrade bbbb2222",
        "downgrade +1",
        "downgrade -9",
        "downgrade dddd4444-9",
        "downgrade zzzz",
        "downgrade base:head",
        "downgrade dddd4444",
        "upgrade heads+1",
        "upgrade aaaa1111-1",
        "upgrade aaaa1111-9",
        "upgrade current",
        "downgrade current",
        "upgrade head-9",
        "stamp zzzz",
        "stamp +1",
        "stamp head-1",
        "stamp aaaa1111:head",
        "current -c",
    ];
    check_moves("refused on one line", &linear(), &steps);
}

#[test]
fn stamps_on_one_line() {
    let steps = [
        "stamp head",
        "stamp bbbb",
        "stamp head",
        "stamp base",
        "stamp --purge aaaa1111",
        "stamp -1",
        "stamp -2",
        "stamp aaaa1111",
        "stamp --purge heads",
        "stamp base",
        "stamp aaaa1111 cccc3333",
        "stamp base",
        "upgrade head",
        "stamp --purge base",
    ];
    check_moves("stamps on one line", &linear(), &steps);
    check("two stamps below", &Chain::alembic(&linear()), &["stamp head", "stamp aaaa1111 cccc3333"]);
}

fn branched() -> [Rev; 6] {
    [
        rev("aaaa1111", &[]),
        rev("bbbb1111", &["aaaa1111"]).labels(&["left"]),
        rev("bbbb2222", &["bbbb1111"]),
        rev("cccc1111", &["aaaa1111"]).labels(&["right"]),
        rev("eeee1111", &["bbbb2222", "cccc1111"]),
        rev("ffff1111", &["eeee1111"]),
    ]
}

#[test]
fn branches() {
    let steps = [
        "upgrade head",
        "upgrade aaaa1111",
        "upgrade +1",
        "upgrade left@head",
        "upgrade right@+1",
        "upgrade +1",
        "downgrade -1",
        "upgrade heads",
        "current -v",
        "current -c",
        "downgrade left@-1",
        "downgrade left@base",
        "upgrade heads",
        "downgrade aaaa1111",
        "upgrade left@+1",
        "upgrade right@heads",
        "downgrade right@aaaa1111",
        "stamp heads",
        "stamp head",
        "stamp aaaa1111",
        "stamp left@head",
        "stamp right@head",
        "stamp base",
        "upgrade bbbb2222",
        "downgrade bbbb1111",
        "downgrade base",
    ];
    check_moves("branches", &branched()[..4], &steps);
}

#[test]
fn merges() {
    let steps = [
        "upgrade left@bbbb2222",
        "upgrade head",
        "downgrade -1",
        "downgrade -1",
        "downgrade bbbb2222",
        "upgrade heads",
        "downgrade cccc1111",
        "upgrade eeee1111",
        "downgrade aaaa1111",
        "upgrade cccc1111",
        "upgrade +1",
        "upgrade ffff1111",
        "stamp eeee1111",
        "stamp bbbb2222",
        "stamp head",
        "downgrade base",
    ];
    check_moves("merges", &branched(), &steps);
}

#[test]
fn several_bases_and_labels() {
    let revisions = [
        rev("aaaa1111", &[]).labels(&["core"]),
        rev("aaaa2222", &["aaaa1111"]),
        rev("ffff1111", &[]).labels(&["feat"]),
        rev("ffff2222", &["ffff1111"]),
    ];
    let steps = [
        "upgrade head",
        "upgrade core@head",
        "upgrade feat@+1",
        "upgrade feat@head",
        "current -v",
        "downgrade feat@-1",
        "downgrade feat@base",
        "downgrade core@base",
        "upgrade heads",
        "downgrade feat@ffff1111",
        "downgrade base",
        "stamp core@head",
        "stamp feat@head",
        "stamp core@base",
        "stamp heads",
        "downgrade base",
    ];
    check_moves("several bases", &revisions, &steps);
}

#[test]
fn dependencies() {
    let revisions = [
        rev("aaaa1111", &[]).labels(&["core"]),
        rev("aaaa2222", &["aaaa1111"]),
        rev("ffff1111", &[]).labels(&["feat"]),
        rev("ffff2222", &["ffff1111"]).depends_on(&["aaaa1111"]),
        rev("ffff3333", &["ffff2222"]).depends_on(&["aaaa2222"]),
        rev("aaaa3333", &["aaaa2222"]),
    ];
    let steps = [
        "upgrade ffff2222",
        "upgrade aaaa2222",
        "upgrade ffff3333",
        "current -c",
        "upgrade heads",
        "downgrade core@-1",
        "downgrade ffff2222",
        "downgrade core@base",
        "upgrade feat@head",
        "current -v",
        "downgrade feat@-1",
        "downgrade base",
        "stamp ffff3333",
        "stamp aaaa3333",
        "downgrade base",
    ];
    check_moves("dependencies", &revisions, &steps);
}

#[test]
fn what_fails_leaves_what_sqlite_leaves() {
    let revisions = [
        rev("aaaa1111", &[]).does(T.0, "raise NotImplementedError('one way only')"),
        rev("bbbb2222", &["aaaa1111"]).does("op.drop_table('nowhere')", "pass"),
        rev("cccc3333", &["bbbb2222"]),
    ];
    let steps =
        ["upgrade head", "stamp bbbb2222", "upgrade head", "downgrade bbbb2222", "downgrade base", "upgrade head"];
    check_moves("failures", &revisions, &steps);
}

#[test]
fn flask_moves_alike() {
    let chain = Chain::flask(&linear());
    check("flask moves", &chain, &["upgrade", "current", "downgrade", "current", "stamp", "current", "downgrade base"]);
}

#[test]
fn sql_instead_of_moves() {
    let steps = [
        "upgrade head --sql",
        "upgrade base:cccc3333 --sql",
        "upgrade aaaa1111:cccc3333 --sql",
        "upgrade bbbb2222:+1 --sql",
        "downgrade head:base --sql",
        "downgrade cccc3333:aaaa1111 --sql",
        "downgrade head:-2 --sql",
        "downgrade base --sql",
        "downgrade aaaa1111:head --sql",
        "stamp head --sql",
        "stamp aaaa1111:bbbb2222 --sql",
        "stamp bbbb2222:base --sql",
        "stamp --purge head --sql",
        "upgrade aaaa1111:zzzz --sql",
        "upgrade zzzz:head --sql",
    ];
    check_moves("sql instead of moves", &linear(), &steps);
}

/// What these scripts do hangs on what the command is given with `-x`.
fn asking() -> [Rev; 2] {
    let asks = "from alembic import context\n\
        x = context.get_x_argument(as_dictionary=True)\n\
        for key in sorted(x):\n    op.create_table(key, sa.Column(x[key] or 'nothing', sa.Integer()))\n\
        for text in op.get_context().environment_context.get_x_argument():\n    op.execute(\"SELECT '%s'\" % text)\n\
        if x.get('stop'):\n    raise Exception('stopped')";
    [rev("aaaa1111", &[]), rev("bbbb2222", &["aaaa1111"]).does(asks, "pass")]
}

#[test]
fn arguments_reach_the_scripts() {
    let steps = [
        "upgrade head --sql",
        "-x t=id upgrade head --sql",
        "-x t=id -x t=other -x u -x v=a=b upgrade aaaa1111:head --sql",
        "-x t=id upgrade head",
        "-x anything current",
        "-x t=id downgrade base",
        "-x u=id -x w=id upgrade head",
        "-x",
        "heads -x t=id --nonsense",
    ];
    check("arguments of Alembic's", &Chain::alembic(&asking()), &steps);
    let steps = [
        "upgrade -x t=id --sql",
        "upgrade --sql -x t=id -x u=key aaaa1111:head",
        "-x t=other upgrade --sql",
        "-x t=id upgrade",
        "downgrade -x t=id base",
        "upgrade -x u=id -x w=id",
    ];
    check("arguments of Flask-Migrate's", &Chain::flask(&asking()), &steps);
}

#[test]
fn sections_of_the_ini_file() {
    let ini = "[DEFAULT]\nfolder = migrations\n\
        [alembic]\nscript_location = %(here)s/nowhere\nsqlalchemy.url = sqlite:///nowhere.sqlite\n\
        [other]\nscript_location = %(here)s/%(folder)s\nsqlalchemy.url = sqlite:///db.sqlite\n\
        version_locations = %(here)s/%(folder)s/versions\n\
        [bare]\nsqlalchemy.url = sqlite:///db.sqlite\n";
    let chain = Chain::alembic(&linear()).with("alembic.ini", ini);
    let steps = [
        "-n other upgrade +2",
        "-n other current",
        "--name other heads",
        "-n other history",
        "-n other downgrade -1",
        "-n other current -v",
        "-n other upgrade head --sql",
        "-n other stamp head",
        "-n other revision -m five --rev-id eeee5555",
        "-n other upgrade head",
        "-n other heads",
        "-n missing heads",
        "-n missing upgrade head",
        "-n bare upgrade head",
        "-n bare revision -m six",
        "-n DEFAULT heads",
        "-n",
    ];
    check("sections", &chain, &steps);
}
