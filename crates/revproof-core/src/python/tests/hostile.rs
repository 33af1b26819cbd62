//! Whatever the text, nothing panics and nothing is left open.

use proptest::prelude::*;

use crate::python::{NoModules, Vm, parse, unbound_names};
use crate::source::{FileId, Sources, Span};

/// Pieces that scripts are made of, to be put together at random.
const PIECES: [&str; 64] = [
    "from lib import op, unknown\n",
    "def f(x, *a, **k):\n",
    "    ",
    "\n",
    "if unknown:\n",
    "else:\n",
    "for i in unknown:\n",
    "while unknown:\n",
    "try:\n",
    "except Exception as e:\n",
    "finally:\n",
    "with op.x() as y:\n",
    "class A(B):\n",
    "return ",
    "yield ",
    "break\n",
    "continue\n",
    "raise ",
    "pass\n",
    "x = ",
    "x += ",
    "del x[0]\n",
    "x",
    "y",
    "unknown",
    "op",
    "f(x)",
    "f(*x, **y)",
    "[1, 2, 3]",
    "{'a': 1}",
    "{1, 2}",
    "(1, 2)",
    "'a%s{}'",
    "b'x'",
    "f'{x!r:>5}'",
    "1",
    "-1",
    "9223372036854775807",
    "1.5",
    "None",
    "lambda z: z",
    ".append(x)",
    ".format(x)",
    ".items()",
    "[::-1]",
    "[0]",
    "[unknown]",
    " + ",
    " * ",
    " % ",
    " == ",
    " in ",
    " and ",
    " or ",
    "not ",
    " if unknown else ",
    "(",
    ")",
    ", ",
    ": ",
    "match x:\n",
    "case [a, *b]:\n",
    "[i for i in x if i]",
    "global x\n",
];

fn survive(text: &str) {
    survive_steps(text, 20_000);
}

fn survive_steps(text: &str, steps: u64) {
    let mut sources = Sources::default();
    let id = sources.add("script.py", text);
    let Some(file) = sources.get(id) else { return };
    let (module, _) = parse(file);
    let _ = unbound_names(&module);
    let mut host = super::Recorder::new();
    let mut vm = Vm::new(&mut host, vec![std::rc::Rc::new(super::TestLibrary)], &NoModules, steps);
    if let Ok(scope) = vm.run_module(&module, None) {
        for name in scope.names() {
            let _ = vm.call_function(&scope, &name, Span::new(FileId(0), 0, 0));
        }
    }
    assert!(vm.journal.is_idle(), "a condition was left open");
    drop(vm);
    assert_eq!(host.depth, 0, "a condition was not left");
}

/// Statements that parse, one per line, so that evaluation gets far.
fn statement() -> impl Strategy<Value = String> {
    let atom = prop::sample::select(vec![
        "x",
        "y",
        "l",
        "d",
        "s",
        "unknown",
        "unknown.a",
        "1",
        "-3",
        "0",
        "2.5",
        "'ab'",
        "b'c'",
        "None",
        "True",
        "[1, 'a']",
        "(2,)",
        "{'k': 1}",
        "{3}",
        "[]",
        "{}",
        "''",
        "range(4)",
        "A()",
        "f",
        "len",
        "str",
        "op",
    ]);
    let operator = prop::sample::select(vec![
        "+", "-", "*", "/", "//", "%", "**", "<<", ">>", "|", "&", "^", "==", "<", ">=", "in", "not in", "is", "and",
        "or",
    ]);
    let method = prop::sample::select(vec![
        "append",
        "extend",
        "pop",
        "insert",
        "remove",
        "sort",
        "index",
        "get",
        "items",
        "update",
        "setdefault",
        "add",
        "discard",
        "union",
        "split",
        "join",
        "replace",
        "format",
        "strip",
        "zfill",
        "center",
        "find",
        "startswith",
        "encode",
        "decode",
        "nope",
        "keys",
        "copy",
        "count",
        "partition",
        "splitlines",
        "translate",
        "rsplit",
        "popitem",
        "intersection",
        "title",
        "expandtabs",
    ]);
    let function = prop::sample::select(vec![
        "len",
        "list",
        "dict",
        "set",
        "tuple",
        "str",
        "int",
        "float",
        "bool",
        "repr",
        "sorted",
        "reversed",
        "sum",
        "min",
        "max",
        "any",
        "all",
        "zip",
        "map",
        "filter",
        "enumerate",
        "range",
        "round",
        "abs",
        "chr",
        "ord",
        "divmod",
        "pow",
        "isinstance",
        "getattr",
        "iter",
        "next",
        "type",
        "vars",
        "format",
        "hash",
        "bytes",
        "slice",
        "print",
        "f",
        "A",
        "frozenset",
    ]);
    let expression = (atom.clone(), operator, atom.clone(), method, function, atom, 0..7_u8).prop_map(
        |(a, op, b, method, function, c, kind)| match kind {
            0 => format!("{a} {op} {b}"),
            1 => format!("{a}.{method}({b})"),
            2 => format!("{function}({a}, {b})"),
            3 => format!("{function}({a})"),
            4 => format!("{a}[{b}:{c}]"),
            5 => format!("{a}[{b}]"),
            _ => format!("f'{{{a}:{{{b}}}}}' % {c}"),
        },
    );
    (expression, 0..10_u8).prop_map(|(e, kind)| match kind {
        0 => format!("x = {e}"),
        1 => format!("y = {e}"),
        2 => format!("if unknown: x = {e}"),
        3 => format!("if {e}: l.append(x)"),
        4 => format!("for y in {e}: d[y] = x"),
        5 => format!("l = [i for i in {e} if i]"),
        6 => format!("d = {{i: x for i in {e}}}"),
        7 => format!("x, *y = {e}"),
        8 => format!("l[0:1] = {e}"),
        _ => e,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_text_is_survived(text in "\\PC{0,80}") {
        survive(&text);
    }

    #[test]
    fn random_pieces_are_survived(pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..60)) {
        survive(&pieces.concat());
    }

    #[test]
    fn random_statements_are_survived(statements in prop::collection::vec(statement(), 1..25)) {
        let mut text = String::from(
            "from lib import op, unknown\nx, y, l, d, s = 1, 2, [], {}, set()\nclass A: pass\ndef f(a=1, b=2): return a\n",
        );
        for statement in statements {
            text.push_str("try:\n    ");
            text.push_str(&statement);
            text.push_str("\nexcept Exception: pass\n");
        }
        survive(&text);
    }
}

#[test]
fn chains_of_containers_are_let_go_of_on_a_small_stack() {
    let chains = [
        "x = []\nfor i in range(200000): x = [x]\n",
        "x = ()\nfor i in range(200000): x = (x,)\n",
        "x = {}\nfor i in range(200000): x = {1: x}\nx = None\n",
        "class A: pass\nx = A()\nfor i in range(100000):\n    y = A()\n    y.x = x\n    x = y\n",
        "x = a = []\nfor i in range(200000):\n    b = []\n    a.append(b)\n    a = b\n",
        "f = None\ndef g(f): return lambda: f\nfor i in range(100000): f = g(f)\n",
        "f = None\nfor i in range(200000): f = lambda f=f: f\n",
        "from functools import partial\nf = len\nfor i in range(100000): f = partial(f)\n",
        "x = 1\nfor i in range(100000): x = iter([x])\n",
        "x = []\nfor i in range(100000): x = list(zip(x, x)) or [x]\n",
    ];
    let run = move || chains.iter().for_each(|text| survive_steps(text, 2_000_000));
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).expect("a thread").join().expect("no panic");
}
