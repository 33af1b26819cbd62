//! Garbage in: whatever the files hold, there is a report, in bounded time, without a panic.

use std::collections::BTreeMap;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::Config as Runs;
use revproof_core::analyse::{analyse, schema_states};
use revproof_core::config::{Config, parse, parse_pyproject};
use revproof_core::render::{Format, Options, render};
use revproof_core::report::Report;

use crate::command::{files, root};
use crate::project::script;

/// The longest that one small project may take; a debug build on a busy machine is slow.
const PATIENCE: Duration = Duration::from_mins(1);

/// The stack that the command runs the core on.
const STACK: usize = 64 << 20;

/// Proves these files as the command would, and shows the report in every format.
fn prove(files: BTreeMap<String, String>) -> Report {
    let start = Instant::now();
    let run = move || {
        let report = analyse(&files, "", &Config::default());
        for format in [Format::Text, Format::Concise, Format::Json, Format::Github] {
            _ = render(&report, format, Options { width: Some(60), ..Options::default() });
        }
        _ = schema_states(&files, "", &Config::default(), None);
        report
    };
    let thread = thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread starts");
    let report = thread.join().expect("the core does not panic");
    assert!(start.elapsed() < PATIENCE, "it took {:?}", start.elapsed());
    report
}

fn project(scripts: &[String]) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> =
        scripts.iter().enumerate().map(|(at, text)| (format!("versions/r{at}.py"), text.clone())).collect();
    files.insert("alembic.ini".to_owned(), "[alembic]\nscript_location = %(here)s\n".to_owned());
    files
}

fn samples() -> Vec<String> {
    let scripts = files(&root().join("migrations"), "py").into_iter().filter(|file| !file.ends_with("env.py"));
    scripts.map(|file| fs::read_to_string(file).expect("a sample can be read")).collect()
}

/// One change to a text: a cut, a copy, a swap of two pieces, or a foreign piece put in.
#[derive(Debug, Clone)]
enum Mutation {
    Cut(prop::sample::Index, usize),
    Copy(prop::sample::Index, prop::sample::Index, usize),
    Put(prop::sample::Index, String),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let piece = prop_oneof![
        "[ -~\\n]{0,12}",
        Just("(".repeat(40)),
        Just("\n    ".to_owned()),
        Just("None".to_owned()),
        Just("-1".to_owned()),
        Just("99999999999999999999".to_owned()),
        Just("op.get_bind()".to_owned()),
        Just("[x for x in range(10**9)]".to_owned()),
        Just("\u{1f980}é\u{0}".to_owned()),
    ];
    prop_oneof![
        (any::<prop::sample::Index>(), 1..40_usize).prop_map(|(at, n)| Mutation::Cut(at, n)),
        (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1..60_usize)
            .prop_map(|(from, to, n)| Mutation::Copy(from, to, n)),
        (any::<prop::sample::Index>(), piece).prop_map(|(at, text)| Mutation::Put(at, text)),
    ]
}

fn mutate(text: &str, mutations: &[Mutation]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for mutation in mutations {
        let length = chars.len().max(1);
        match mutation {
            Mutation::Cut(at, n) => {
                let at = at.index(length).min(chars.len());
                chars.drain(at..(at + n).min(chars.len()));
            }
            Mutation::Copy(from, to, n) => {
                let from = from.index(length).min(chars.len());
                let piece: Vec<char> = chars.iter().skip(from).take(*n).copied().collect();
                let to = to.index(length).min(chars.len());
                chars.splice(to..to, piece);
            }
            Mutation::Put(at, piece) => {
                let at = at.index(length).min(chars.len());
                chars.splice(at..at, piece.chars());
            }
        }
    }
    chars.into_iter().collect()
}

/// A directive with arguments that may or may not make sense where it stands.
fn directive() -> impl Strategy<Value = String> {
    let table = prop_oneof![Just("a"), Just("b"), Just("select"), Just("ä")];
    let column = prop_oneof![Just("id"), Just("x"), Just("y"), Just("order")];
    let ty = prop_oneof![
        Just("sa.Integer()"),
        Just("sa.String(3)"),
        Just("sa.Enum('p', 'q', name='e')"),
        Just("sa.Numeric(4, 2)"),
        Just("sa.DateTime(timezone=True)"),
        Just("sa.JSON()"),
        Just("Nothing()"),
    ];
    let kind = 0..14_u8;
    (kind, table, column, ty, any::<bool>()).prop_map(|(kind, table, column, ty, flag)| {
        let flag = if flag { "True" } else { "False" };
        match kind {
            0 => format!("op.create_table('{table}', sa.Column('id', sa.Integer(), primary_key={flag}), sa.Column('{column}x', {ty}))"),
            1 => format!("op.drop_table('{table}')"),
            2 => format!("op.add_column('{table}', sa.Column('{column}', {ty}, nullable={flag}))"),
            3 => format!("op.drop_column('{table}', '{column}')"),
            4 => format!("op.alter_column('{table}', '{column}', type_={ty}, nullable={flag})"),
            5 => format!("op.alter_column('{table}', '{column}', new_column_name='z')"),
            6 => format!("op.create_index('ix', '{table}', ['{column}'], unique={flag})"),
            7 => "op.drop_index('ix')".to_owned(),
            8 => format!("op.create_foreign_key('fk', '{table}', 'b', ['{column}'], ['id'])"),
            9 => format!("op.drop_constraint('fk', '{table}')"),
            10 => format!("op.execute('UPDATE {table} SET {column} = NULL')"),
            11 => format!("op.execute(\"INSERT INTO {table} ({column}) VALUES (1), ('x')\")"),
            12 => format!("op.rename_table('{table}', 'b')"),
            _ => format!("with op.batch_alter_table('{table}', recreate='always') as t:\n    t.alter_column('{column}', nullable={flag})"),
        }
    })
}

/// How often each property is tried: enough to find something, few enough for every commit.
fn runs(cases: u32) -> Runs {
    Runs { cases, failure_persistence: None, max_shrink_iters: 200, ..Runs::default() }
}

proptest! {
    #![proptest_config(runs(128))]

    #[test]
    fn any_bytes_are_a_script(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let report = prove(project(&[text]));
        prop_assert!(report.summary.reversible == 0);
    }

    #[test]
    fn real_scripts_survive_any_change(
        which in any::<prop::sample::Index>(),
        mutations in prop::collection::vec(mutation(), 1..6),
    ) {
        let samples = samples();
        let text = mutate(&samples[which.index(samples.len())], &mutations);
        prove(project(&[text]));
    }

    #[test]
    fn any_operations_in_any_order_have_a_verdict(
        revisions in prop::collection::vec(
            (prop::collection::vec(directive(), 1..5), prop::collection::vec(directive(), 1..4)),
            1..6,
        ),
    ) {
        let scripts: Vec<String> = revisions
            .iter()
            .enumerate()
            .map(|(at, (up, down))| script(at, &up.join("\n"), &down.join("\n")))
            .collect();
        let report = prove(project(&scripts));
        prop_assert_eq!(report.summary.revisions, scripts.len());
    }

    #[test]
    fn any_text_is_a_configuration_or_an_error(text in "[a-z\\[\\]='\",{} \\n0-9.-]{0,80}") {
        if let Err(error) = parse(&text) {
            prop_assert!(error.line >= 1 && !error.message.is_empty());
        }
        _ = parse_pyproject(&text);
    }

    #[test]
    fn any_text_is_an_alembic_ini(text in "[a-z_%()\\[\\]=:;#./ \\n]{0,120}") {
        let mut files = project(&[script(0, "pass", "pass")]);
        files.insert("alembic.ini".to_owned(), format!("[alembic]\n{text}"));
        prove(files);
    }
}

#[test]
fn scripts_that_nest_deep_are_reported_and_the_rest_is_proved() {
    let deep = |open: &str, close: &str| format!("x = {}1{}\n", open.repeat(10_000), close.repeat(10_000));
    let ifs: Vec<String> = (0..2_000).map(|depth| " ".repeat(depth) + "if x:").collect();
    let ifs = format!("x = 1\n{}\n{}pass\n", ifs.join("\n"), " ".repeat(2_000));
    let chained = format!("x = 1{}\n", " + 1".repeat(20_000));
    let calls = format!("x = str{}\n", "()".repeat(10_000));
    let attributes = format!("x = op{}\n", ".a".repeat(20_000));
    let strings = format!("x = {}'a'{}\n", "f'{".repeat(200), "}'".repeat(200));
    let texts = [
        deep("(", ")"),
        deep("[", "]"),
        deep("-", ""),
        deep("not ", ""),
        deep("lambda: ", ""),
        ifs,
        chained,
        calls,
        attributes,
        strings,
    ];
    for text in texts {
        let good =
            script(0, "op.create_table('a', sa.Column('id', sa.Integer(), primary_key=True))", "op.drop_table('a')");
        let bad = format!("{text}{}", script(1, &text, "pass"));
        let report = prove(project(&[good, bad]));
        let first = report.chains.iter().flat_map(|chain| &chain.revisions).find(|r| r.revision == "r0");
        assert!(first.is_some(), "the sound script beside `{}…` is not proved", &text[..40.min(text.len())]);
    }
}

#[test]
fn scripts_that_never_end_are_stopped() {
    for body in ["while True: pass", "def f(): f()\nf()", "x = 'a'\nwhile True: x = x + x"] {
        let report = prove(project(&[script(0, body, "pass")]));
        assert_eq!(report.summary.reversible, 0, "`{body}` must not look like a pass");
    }
}

/// Nothing in them bears on the database, so they may be proved; they must not fill the memory.
#[test]
fn values_of_any_size_cost_little() {
    for body in [
        "x = 10 ** 10 ** 10",
        "x = 'a' * 10 ** 12",
        "x = [0] * 10 ** 12",
        "x = list(range(10 ** 12))",
        "x = '%0999999999d' % 1",
        "x = f'{1:>999999999}'",
        "x = 1 << 10 ** 12",
        "x = ['a' * 1000] * 1000\nfor i in range(30): x = x + x",
    ] {
        let report = prove(project(&[script(0, body, "pass")]));
        assert_eq!(report.summary.revisions, 1, "`{body}`");
    }
}
