//! Environment variables: declared, declared as not set, and not declared.

use super::{Environ, dedent, run_in};

#[track_caller]
fn check(source: &str, expected: &str) {
    let mut environ = Environ::default();
    environ.declare("APP_ENV", Some("test".to_owned()));
    environ.declare("DEBUG", None);
    let source = format!("import os\nfrom lib import op\n{}", dedent(source));
    assert_eq!(run_in(&environ, &source, &[], 10_000).trim_end(), dedent(expected).trim_end(), "{source}");
}

#[test]
fn a_declared_variable_has_its_value() {
    check("print(os.environ['APP_ENV'])", "test");
    check("print(os.environ.get('APP_ENV'))", "test");
    check("print(os.environ.get('APP_ENV', 'x'))", "test");
    check("print(os.getenv('APP_ENV'))", "test");
    check("from os import environ, getenv\nprint(environ['APP_ENV'], getenv(key='APP_ENV'))", "test test");
    check("print('APP_ENV' in os.environ, 'APP_ENV' not in os.environ)", "True False");
    check("print(os.environ.setdefault('APP_ENV', 'x'))", "test");
    check("print(dict(os.environ)['APP_ENV'])", "test");
}

#[test]
fn a_variable_that_is_not_set_is_absent() {
    check("print(os.environ.get('DEBUG'), os.environ.get('DEBUG', 'x'))", "None x");
    check("print(os.getenv('DEBUG'), os.getenv('DEBUG', default='x'))", "None x");
    check("print('DEBUG' in os.environ)", "False");
    check("os.environ['DEBUG']", "KeyError: 'DEBUG'");
    check("print(os.environ.setdefault('DEBUG', '1'), os.environ['DEBUG'], os.getenv('DEBUG'))", "1 1 1");
}

#[test]
fn an_undeclared_variable_is_not_known() {
    check("if os.environ.get('OTHER'):\n    op.x('perhaps')", "?x perhaps");
    check("op.x(os.environ.get('OTHER', 'x'))", "x <unknown: the environment variable OTHER is not declared>");
    check("op.x(os.environ['OTHER'])", "x <unknown: the environment variable OTHER is not declared>");
    check("op.x(os.getenv('OTHER'))", "x <unknown: the environment variable OTHER is not declared>");
    check("op.x('OTHER' in os.environ)", "x <unknown: the environment variable OTHER is not declared>");
    check("op.x(len(os.environ))", "x <unknown: which environment variables are set is not declared>");
}

#[test]
fn what_a_script_sets_and_deletes_is_seen() {
    check("os.environ['APP_ENV'] = 'b'\nprint(os.getenv('APP_ENV'))", "b");
    check("os.environ['OTHER'] = 'b'\nprint(os.getenv('OTHER'))", "b");
    check("os.environ['DEBUG'] = '1'\nprint('DEBUG' in os.environ)", "True");
    check("print(os.environ.pop('APP_ENV'), 'APP_ENV' in os.environ)", "test False");
    check("print(os.environ.pop('DEBUG', 'x'))", "x");
    check("os.environ.pop('DEBUG')", "KeyError: 'DEBUG'");
    check("del os.environ['APP_ENV']\nprint(os.environ.get('APP_ENV'))", "None");
    check("del os.environ['DEBUG']", "KeyError: 'DEBUG'");
}
