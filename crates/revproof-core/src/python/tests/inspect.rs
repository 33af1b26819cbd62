//! What is told of a module without evaluating it.

use crate::python::{Module, parse, unbound_names};
use crate::source::Sources;

fn module(source: &str) -> (Sources, Module) {
    let mut sources = Sources::default();
    let id = sources.add("script.py", super::dedent(source));
    let (module, problems) = parse(sources.get(id).expect("it was just added"));
    assert_eq!(problems, []);
    (sources, module)
}

#[track_caller]
fn check_unbound(source: &str, expected: &[&str]) {
    let (sources, module) = module(source);
    let found: Vec<_> = unbound_names(&module);
    for (name, span) in &found {
        assert_eq!(sources.text(*span), name, "the span is that of the name");
    }
    let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, expected, "{source}");
}

#[test]
fn names_that_nothing_binds_are_found() {
    check_unbound("def upgrade():\n    op.add_column(sa.Column())\n", &["op", "sa"]);
    check_unbound("from alembic import op\nimport sqlalchemy as sa\ndef upgrade():\n    op.f(sa, db.X)\n", &["db"]);
    check_unbound("import sqlalchemy.dialects.mysql\nx = sqlalchemy\ny = dialects\n", &["dialects"]);
    check_unbound("def f(a, *b, c=d, **e):\n    return a, b, c, e, len\n", &["d"]);
}

#[test]
fn scopes_are_those_of_python() {
    check_unbound("x = [i for i in range(3)]\nprint(i)\n", &["i"]);
    check_unbound("class A:\n    y = 1\n    def f(self):\n        return y\n", &["y"]);
    check_unbound("def f():\n    if (n := 1):\n        pass\n    [m := 1 for _ in n]\n    return m, _\n", &["_"]);
    check_unbound("def f():\n    def g():\n        return later\n    later = 1\n    return g\n", &[]);
    check_unbound("def f():\n    global g\n    g = 1\ndef h():\n    return g\n", &[]);
    check_unbound("f = lambda a: a + b\n", &["b"]);
    check_unbound("def f():\n    try:\n        pass\n    except E as e:\n        print(e)\n", &["E"]);
    check_unbound("match x:\n    case [a, *b]:\n        print(a, b)\n", &["x"]);
}

#[test]
fn what_may_be_bound_is_not_reported() {
    check_unbound("from tools import *\ndef upgrade():\n    op.x()\n", &[]);
    check_unbound("try:\n    unicode\nexcept NameError:\n    unicode = str\n", &[]);
    check_unbound("try:\n    x()\nexcept ValueError:\n    pass\n", &["x"]);
    check_unbound("from __future__ import annotations\ndef f(a: Missing) -> Missing: pass\n", &[]);
    check_unbound("def f(a: Missing) -> None:\n    b: Other = 1\n", &["Missing"]);
    check_unbound("print(__name__, __file__, __doc__)\n", &[]);
}

#[test]
fn functions_that_do_nothing_are_told_from_others() {
    let trivial = |body: &str| {
        let (_, module) = module(&format!("def f():\n    {body}\n"));
        module.function("f").expect("it is there").is_trivial()
    };
    assert!(trivial("pass"));
    assert!(trivial("'''doc'''; ...; return"));
    assert!(trivial("return None"));
    assert!(!trivial("op.x()"));
    assert!(!trivial("return 1"));
    assert!(!trivial("raise ValueError"));
}

#[test]
fn refusals_are_told_from_other_raises() {
    let refusal = |body: &str| {
        let (_, module) = module(&format!("def f():\n    {body}\n"));
        let refusal = module.function("f").expect("it is there").unconditional_refusal();
        refusal.map(|refusal| format!("{} {:?}", refusal.class, refusal.message))
    };
    assert_eq!(
        refusal("raise NotImplementedError('no way back')").as_deref(),
        Some("NotImplementedError Some(\"no way back\")")
    );
    assert_eq!(refusal("'''doc'''; raise a.B").as_deref(), Some("a.B None"));
    assert_eq!(refusal("op.x(); raise ValueError()"), None);
    assert_eq!(refusal("if x: raise ValueError()"), None);
    assert_eq!(refusal("pass"), None);
}

#[test]
fn heads_are_read_without_evaluation() {
    let (sources, module) = module(
        "
        \"\"\"message\n\n        Revises: x\"\"\"
        from alembic import op
        import sqlalchemy as sa, os.path
        revision: str = 'a'
        down_revision = None  # revproof: ignore[x]
        if op:
            revision = 'b'
        ",
    );
    assert!(module.docstring().expect("it has one").0.starts_with("message"));
    let assignment = module.assignment("revision").expect("it is assigned");
    assert_eq!(sources.text(assignment.value), "'b'");
    assert_eq!(sources.text(assignment.statement), "revision = 'b'");
    let imports: Vec<_> = module.imports().into_iter().map(|import| import.module).collect();
    assert_eq!(imports, ["alembic", "sqlalchemy", "os.path"]);
}

/// Text nested in every way that the grammar has must be refused or read, never overflow a small stack.
#[test]
fn deep_nesting_is_refused() {
    let deep = 10_000;
    let nests: [(&str, &str, &str); 16] = [
        ("(", "1", ")"),
        ("[", "", "]"),
        ("{1:", "1", "}"),
        ("f(", "", ")"),
        ("not ", "x", ""),
        ("-", "1", ""),
        ("lambda: ", "1", ""),
        ("1 if x else ", "1", ""),
        ("a.", "b", ""),
        ("a + ", "b", ""),
        ("a ** ", "b", ""),
        ("a and ", "b", ""),
        ("await ", "b", ""),
        ("x[", "1", "]"),
        ("a < ", "b", ""),
        ("[x for x in ", "y", "]"),
    ];
    let run = move || {
        for (open, middle, close) in nests {
            let text = format!("{}{middle}{}\n", open.repeat(deep), close.repeat(deep));
            let mut sources = Sources::default();
            let id = sources.add("deep.py", text);
            let (_, problems) = parse(sources.get(id).expect("it was just added"));
            assert_eq!(problems.len(), 1, "{open}");
            assert_eq!(problems[0].message, "nested too deeply to be read", "{open}");
        }
        let indented: String = (0..deep).map(|at| format!("{}if x:\n", " ".repeat(at))).take(400).collect();
        let mut sources = Sources::default();
        let id = sources.add("deep.py", indented);
        let (_, problems) = parse(sources.get(id).expect("it was just added"));
        assert_eq!(problems[0].message, "nested too deeply to be read");
        // What is long but not deep is read.
        let long = format!("x = [{}]\n{}", "a.b(c) + 1, ".repeat(20_000), "if x:\n    y = f'{z}'\n".repeat(5000));
        let elifs = format!("if a:\n    b\n{}", "elif c:\n    d\n".repeat(5000));
        for text in [long, elifs] {
            let mut sources = Sources::default();
            let id = sources.add("long.py", text);
            assert_eq!(parse(sources.get(id).expect("it was just added")).1, []);
        }
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).expect("a thread").join().expect("no panic");
}
