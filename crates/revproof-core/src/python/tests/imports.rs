//! Modules of the project.

use super::{dedent, run_with};

#[track_caller]
fn check(files: &[(&str, &str)], script: &str, expected: &str) {
    let files: Vec<(&str, String)> = files.iter().map(|(name, text)| (*name, dedent(text))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let out = run_with(&dedent(script), &files, 100_000);
    assert_eq!(out.trim_end(), dedent(expected).trim_end());
}

#[test]
fn helpers_are_evaluated_once() {
    check(
        &[("app.helpers", "print('evaluated')\nSIZE = 5\ndef double(x):\n    return x * 2\n_private = 1\n")],
        "
        from app.helpers import double, SIZE as S
        import app.helpers
        from app import helpers as h
        import app.helpers as g
        from app.helpers import *
        print(double(S), app.helpers.SIZE, h.double(1), g.SIZE, SIZE)
        try:
            print(_private)
        except NameError as e:
            print(e)
        ",
        "
        evaluated
        10 5 2 5 5
        name '_private' is not defined
        ",
    );
}

#[test]
fn circles_are_tolerated_and_failures_leave_unknown_names() {
    check(
        &[
            ("a", "import b\nX = 1\n"),
            ("b", "import a\nfrom a import Y\nZ = a\n"),
            ("broken", "GOOD = 1\n1 / 0\nBAD = 2\n"),
        ],
        "
        import a, b
        print(a.X, b.Z.X)
        import broken
        print(broken.GOOD, broken.BAD)
        from broken import BAD, GOOD
        print(BAD, GOOD)
        ",
        "
        1 1
        1 <unknown: `broken` could not be evaluated to its end: ZeroDivisionError: division by zero>
        <unknown: `broken` could not be evaluated to its end: ZeroDivisionError: division by zero> 1
        ",
    );
}

#[test]
fn what_is_missing_is_missed() {
    check(
        &[("app.models", "class User:\n    name = 'u'\n")],
        "
        from app.models import User
        print(User.name)
        try:
            from app.models import Nope
        except ImportError as e:
            print(e)
        import thirdparty.deep
        from thirdparty import x
        print(thirdparty.deep.y(1), x)
        import subprocess
        print(subprocess.run)
        from somewhere import *
        print(anything)
        ",
        "
        u
        cannot import name 'Nope' from 'app.models'
        <unknown: `thirdparty` is a third-party package> <unknown: `thirdparty` is a third-party package>
        <unknown: `subprocess` is not simulated>
        <unknown: `somewhere` is a third-party package>
        ",
    );
}

#[test]
fn whoever_sees_a_module_sees_it_as_it_is_where_it_did_not_raise() {
    check(
        &[("settings", "from lib import unknown\nif unknown:\n    raise ValueError('no mode')\nMODE = 1\n")],
        "
        from settings import MODE
        print(MODE)
        ",
        "1",
    );
}

#[test]
fn a_module_that_never_ends_leaves_the_script_its_steps() {
    check(
        &[("app", "import app.models\nX = 1\n"), ("app.models", "Y = 1\nwhile True:\n    pass\n")],
        "
        from app.models import Y
        import app
        print(Y, app.X)
        print(sum(range(10)))
        ",
        "1 <unknown: `app` takes more steps to evaluate than the limit allows>\n45",
    );
}
