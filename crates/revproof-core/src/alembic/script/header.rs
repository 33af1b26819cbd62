//! [`Header`]: the variables at the top of a script.

use std::rc::Rc;

use crate::alembic::Modules;
use crate::alembic::known;
use crate::alembic::library::Alembic;
use crate::alembic::script::{Direction, Silent};
use crate::diagnostic::{Diagnostic, RuleId, Severity};
use crate::python::{FunctionView, Module, Scope, Value, Vm};
use crate::schema::{Dialect, Name};
use crate::source::Span;

/// The rule that unreadable scripts break.
pub(super) const UNREADABLE: RuleId = RuleId { code: "RP106", name: "unreadable-script" };

/// What is said of a script without a `revision`, a case in which Alembic has a sentence of its own.
const NO_REVISION: &str = "it has no `revision`";

/// How many steps the top level of a script may take.
const STEPS: u64 = 200_000;

/// The variables at the top of a script.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) revision: Name,
    pub(super) revision_span: Span,
    pub(super) down_revision: Vec<Name>,
    pub(super) down_revision_span: Option<Span>,
    pub(super) depends_on: Vec<Name>,
    pub(super) branch_labels: Vec<Name>,
    /// The databases that it has functions for, where it takes the name of one.
    pub(super) databases: Option<Vec<Name>>,
    pub(super) upgrade_span: Option<Span>,
    pub(super) downgrade_span: Option<Span>,
}

/// Evaluates the top level of a script and reads its header.
pub(super) fn read(module: &Module, path: &str, modules: &Modules<'_>, whole: Span) -> Result<Header, Box<Diagnostic>> {
    let mut host = Silent::new(Dialect::default());
    let library = Rc::new(Alembic::new(&[], &[]));
    let mut vm = Vm::new(&mut host, vec![library], modules, STEPS);
    let scope = match vm.run_module(module, Some(&module_name(path))) {
        Ok(scope) => scope,
        Err(raised) if raised.is_limit() => {
            return refuse(unreadable("its top level does not come to an end", raised.span));
        }
        Err(raised) => {
            let message = format!("loading it raises {}: {}", raised.class, raised.message);
            return refuse(unreadable(&message, raised.span)
                .help("a script's top level runs whenever Alembic reads the history: keep it to imports, constants and functions"));
        }
    };
    let start = Span::new(whole.file, whole.start, whole.start);
    let (revision, revision_span) = revision(&scope, path, start)?;
    let Some((down, down_revision_span)) = scope.get_with_span("down_revision") else {
        let message = "it has no `down_revision`, so Alembic can't place it in the history";
        return refuse(
            unreadable(message, revision_span).help("write `down_revision = None` where the revision is the first one"),
        );
    };
    let down_revision = names(&mut vm, &down, "down_revision", down_revision_span)?;
    let optional = |vm: &mut Vm<'_>, name: &str| match scope.get_with_span(name) {
        Some((value, span)) => names(vm, &value, name, span),
        None => Ok(Vec::new()),
    };
    Ok(Header {
        depends_on: optional(&mut vm, "depends_on")?,
        branch_labels: optional(&mut vm, "branch_labels")?,
        revision,
        revision_span,
        down_revision,
        down_revision_span: Some(down_revision_span),
        databases: databases(module, &scope),
        upgrade_span: scope.get_with_span("upgrade").map(|(_, span)| span),
        downgrade_span: scope.get_with_span("downgrade").map(|(_, span)| span),
    })
}

/// The name under which Alembic loads a script: its file's, with an underscore in place of all but letters and digits.
pub(super) fn module_name(path: &str) -> String {
    let file = path.rsplit_once('/').map_or(path, |(_, name)| name);
    file.replace(|c: char| !c.is_alphanumeric(), "_")
}

/// The databases that a script has functions for, where it takes the name of one. The one without a name comes first.
fn databases(module: &Module, scope: &Rc<Scope>) -> Option<Vec<Name>> {
    let directions = [Direction::Upgrade, Direction::Downgrade];
    let takes_name =
        |direction: &Direction| module.function(direction.function()).is_some_and(FunctionView::needs_argument);
    if !directions.iter().any(takes_name) {
        return None;
    }
    let mut databases: Vec<Name> = Vec::new();
    for function in functions(scope) {
        let database = directions.iter().find_map(|d| function.strip_prefix(d.function())?.strip_prefix('_'));
        if let Some(database) = database.map(Name::from).filter(|name| !databases.contains(name)) {
            databases.push(database);
        }
    }
    databases.sort_by_key(|name| !name.is_empty());
    Some(databases)
}

/// The names of its functions, in order.
fn functions(scope: &Rc<Scope>) -> Vec<Name> {
    let is_function =
        |name: &Rc<str>| matches!(scope.get(name), Some(Value::Object(object)) if &*object.type_name() == "function");
    scope.names().into_iter().filter(is_function).map(|name| Name::from(&*name)).collect()
}

/// `revision`, or the file's name where that is an old-style one.
fn revision(scope: &Rc<Scope>, path: &str, start: Span) -> Result<(Name, Span), Box<Diagnostic>> {
    let file = path.rsplit_once('/').map_or(path, |(_, name)| name);
    match scope.get_with_span("revision") {
        Some((Value::Str(text), span)) => Ok((Name::from(&*text), span)),
        Some((Value::Unknown(unknown), span)) => {
            refuse(unreadable("its `revision` can't be known", span).label(unknown.span, unknown.why.to_string()))
        }
        Some((other, span)) => refuse(unreadable(&format!("its `revision` is {other:?}, not a string"), span)),
        None => {
            let legacy = file.strip_suffix(".py").filter(|stem| {
                !stem.is_empty() && stem.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
            });
            if let Some(stem) = legacy {
                return Ok((Name::from(stem), start));
            }
            let message = format!("{NO_REVISION}, and its name {file} is none either");
            let help = "declare `revision` and `down_revision` in the script, or move a file that is no revision out of the folder";
            refuse(unreadable(&message, start).help(help))
        }
    }
}

/// A name, several names or none.
fn names(vm: &mut Vm<'_>, value: &Value, what: &str, span: Span) -> Result<Vec<Name>, Box<Diagnostic>> {
    let items = match value {
        Value::None => return Ok(Vec::new()),
        Value::Str(text) if text.is_empty() => return Ok(Vec::new()),
        Value::Str(text) => return Ok(vec![Name::from(&**text)]),
        Value::List(items) | Value::Set(items) => items.borrow().clone(),
        Value::Tuple(items) => items.to_vec(),
        Value::Unknown(unknown) => {
            return refuse(
                unreadable(&format!("its `{what}` can't be known"), span).label(unknown.span, unknown.why.to_string()),
            );
        }
        other => return refuse(unreadable(&format!("its `{what}` is {other:?}, not a revision"), span)),
    };
    items
        .iter()
        .map(|item| match known::text(vm, item) {
            Some(text) => Ok(Name::from(&*text)),
            None => refuse(unreadable(&format!("its `{what}` holds {item:?}, which is no revision"), span)),
        })
        .collect()
}

fn refuse<T>(finding: Diagnostic) -> Result<T, Box<Diagnostic>> {
    Err(Box::new(finding))
}

/// Whether a script can't be used because it names no revision.
pub fn lacks_revision(finding: &Diagnostic) -> bool {
    finding.rule == UNREADABLE && finding.message.contains(NO_REVISION)
}

/// A script that can't be used.
pub(super) fn unreadable(why: &str, span: Span) -> Diagnostic {
    Diagnostic::new(UNREADABLE, Severity::Error, format!("this script can't be used: {why}"))
        .at(span)
        .note("Alembic loads every file of the folder before it does anything, so one that fails stops every command")
}
