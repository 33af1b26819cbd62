//! Tests of the evaluator.

mod builtins;
mod conditions;
mod environ;
mod hostile;
mod imports;
mod inspect;
mod language;
mod stdlib;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::{Args, Environ, Foreign, Library, Module, ModuleLoader, Vm, parse};
use super::{Flow, Value};
use crate::op::{Answer, Effect, Host, Operation, Outcome, SqlText};
use crate::schema::{Catalog, Dialect, QName};
use crate::source::{FileId, Sources, Span};

/// A host that remembers what it was told.
pub(super) struct Recorder {
    catalog: Catalog,
    depth: usize,
    /// One line per event; `?` for each condition around it.
    events: Vec<String>,
}

impl Recorder {
    fn new() -> Self {
        Self { catalog: Catalog::new(Dialect::PostgreSql), depth: 0, events: Vec::new() }
    }

    fn event(&mut self, text: &str) {
        self.events.push(format!("{}{text}", "?".repeat(self.depth)));
    }
}

impl Host for Recorder {
    fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    fn apply(&mut self, _: Operation) -> Outcome<Effect> {
        Ok(Effect::default())
    }

    fn execute(&mut self, _: SqlText, _: Span) -> Outcome<Answer> {
        Ok(Answer::Done(Effect::default()))
    }

    fn not_evaluated(&mut self, why: Arc<str>, _: Span) {
        self.event(&format!("not evaluated: {why}"));
    }

    fn enter_conditional(&mut self, _: Arc<str>, _: Span) {
        self.depth += 1;
    }

    fn leave_conditional(&mut self) {
        self.depth -= 1;
    }

    fn savepoint(&mut self) {}

    fn end_savepoint(&mut self, _: bool) {}

    fn autocommit(&mut self, _: bool) {}

    fn enum_already_emitted(&mut self, _: &QName) -> bool {
        false
    }
}

/// `from lib import op, unknown`: `op.x("a")` is recorded as `x a`.
struct TestLibrary;

#[derive(Debug)]
struct Lib;

#[derive(Debug)]
struct Op {
    method: Option<Rc<str>>,
}

impl Library for TestLibrary {
    fn module(&self, _: &mut Vm<'_>, name: &str) -> Option<Value> {
        (name == "lib").then(|| Value::object(Lib))
    }
}

impl Foreign for Lib {
    fn type_name(&self) -> Rc<str> {
        "module".into()
    }

    super::object::method::any!();

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(match name {
            "op" => Some(Value::object(Op { method: None })),
            "unknown" => Some(vm.unknown("the test does not say", span)),
            "DatabaseError" => Some(vm.exception_class("lib.DatabaseError", "Exception")),
            _ => None,
        })
    }
}

use std::any::Any;

impl Foreign for Op {
    fn type_name(&self) -> Rc<str> {
        "op".into()
    }

    super::object::method::any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, name: &str, _: Span) -> Flow<Option<Value>> {
        Ok(Some(Value::object(Op { method: Some(name.into()) })))
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        let name = self.method.clone().unwrap_or_default();
        if &*name == "fail" {
            return Err(vm.raise("lib.DatabaseError", "it failed", span));
        }
        let mut shown: Vec<String> = args
            .positional
            .iter()
            .map(|arg| match vm.text(arg) {
                Some(text) => text.to_string(),
                None => format!("{arg:?}"),
            })
            .collect();
        if args.open.is_some() {
            shown.push("...".to_owned());
        }
        let text = format!("{name} {}", shown.join(" "));
        let depth = vm_depth(vm);
        vm.printed += &"?".repeat(depth);
        vm.printed += text.trim_end();
        vm.printed.push('\n');
        Ok(Value::None)
    }

    fn reaches_database(&self) -> bool {
        true
    }
}

/// How many conditions are open.
fn vm_depth(vm: &Vm<'_>) -> usize {
    vm.journal.depth()
}

/// The files of a test's project.
#[derive(Default)]
struct Files(BTreeMap<String, Module>);

impl ModuleLoader for Files {
    fn load(&self, name: &str) -> Option<Module> {
        self.0.get(name).cloned()
    }

    fn is_package(&self, name: &str) -> bool {
        self.0.keys().any(|known| known.starts_with(&format!("{name}.")))
    }
}

/// Runs a script, then its `upgrade()` if it has one; gives what it printed, what it did and how it ended.
pub(super) fn run_with(source: &str, files: &[(&str, &str)], steps: u64) -> String {
    run_in(&Environ::default(), source, files, steps)
}

/// [`run_with`], with these environment variables.
fn run_in(environ: &Environ, source: &str, files: &[(&str, &str)], steps: u64) -> String {
    let mut sources = Sources::default();
    let mut project = Files::default();
    for (name, text) in files {
        let id = sources.add(format!("{name}.py"), *text);
        let (module, problems) = parse(sources.get(id).expect("it was just added"));
        assert_eq!(problems, [], "{name}");
        project.0.insert((*name).to_owned(), module);
    }
    let id = sources.add("script.py", source);
    let (module, problems) = parse(sources.get(id).expect("it was just added"));
    assert_eq!(problems, []);
    let mut host = Recorder::new();
    let mut vm = Vm::new(&mut host, vec![Rc::new(TestLibrary)], &project, steps);
    vm.environ = environ.clone();
    let mut end = String::new();
    match vm.run_module(&module, None) {
        Err(raised) => end = format!("{}: {}\n", raised.class, raised.message),
        Ok(scope) => {
            let span = Span::new(FileId(0), 0, 0);
            if let Some(Err(raised)) = vm.call_function(&scope, "upgrade", span) {
                end = format!("{}: {}\n", raised.class, raised.message);
            }
        }
    }
    let mut out = std::mem::take(&mut vm.printed);
    assert!(vm.journal.is_idle(), "a condition was left open");
    drop(vm);
    assert_eq!(host.depth, 0, "a condition was not left");
    for event in host.events {
        out.push_str(&event);
        out.push('\n');
    }
    out + &end
}

/// What a script prints and does.
pub(super) fn run(source: &str) -> String {
    run_with(source, &[], 200_000)
}

/// Checks what a script prints and does.
#[track_caller]
pub(super) fn check(source: &str, expected: &str) {
    let source = dedent(source);
    let expected = dedent(expected);
    assert_eq!(run(&source).trim_end(), expected.trim_end(), "\n{source}");
}

/// Takes the common indentation away, so that tests can be indented as the code around them.
fn dedent(text: &str) -> String {
    let text = text.strip_prefix('\n').unwrap_or(text);
    let margin = text.lines().filter(|l| !l.trim().is_empty()).map(|l| l.len() - l.trim_start().len()).min();
    let margin = margin.unwrap_or(0);
    text.lines().map(|line| line.get(margin..).unwrap_or_default()).collect::<Vec<_>>().join("\n") + "\n"
}
