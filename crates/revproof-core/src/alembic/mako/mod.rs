//! [`render_template`]: templates of revision scripts (`script.py.mako`), rendered without Python.
//!
//! A template becomes a Python module that writes its output, as Mako itself does it, and our evaluator walks that
//! module. What it can't know is a [`TemplateError`] with the line of the template: half a script is none.

mod code;
mod compile;
mod host;
mod lexer;
mod scan;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fmt::Write;
use std::rc::Rc;

use self::code::{Writer, literal};
use self::host::Strict;
use super::Modules;
use super::library::Alembic;
use crate::python::{Scope, Value, Vm, parse, unbound_names};
use crate::source::{FileId, SourceFile, Span};

pub use self::code::literal as python_literal;

/// What a template finds around it.
const RUNTIME: &str = include_str!("runtime.py");

/// What is written for a name that is not defined.
const UNDEFINED: &str = "\0undefined\0";

/// The number of the module that a template becomes: no file of a project has it.
const FILE: FileId = FileId(u32::MAX);

/// The largest template that is read, in bytes. Scripts' templates have one or two thousand.
const LARGEST: usize = 64 * 1024;

/// How many steps of evaluation a template may take.
const STEPS: u64 = 1_000_000;

/// Why a template can't be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// The line of the template, from 1, where it is known.
    pub line: Option<u32>,
    /// What is wrong, as half a sentence.
    pub message: String,
}

impl TemplateError {
    fn at(line: u32, message: impl Into<String>) -> Self {
        Self { line: Some(line).filter(|line| *line > 0), message: message.into() }
    }

    fn nowhere(message: impl Into<String>) -> Self {
        Self { line: None, message: message.into() }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// Renders a template with names that are bound to Python expressions (`("message", "'first'")`), each of which may use
/// what `runtime.py` has and import what it needs.
pub fn render_template(
    template: &str,
    names: &[(String, String)],
    modules: &Modules<'_>,
) -> Result<String, TemplateError> {
    if template.len() > LARGEST {
        return Err(TemplateError::nowhere("the template is larger than 64 KB"));
    }
    let nodes = lexer::parse(template)?;
    let mut body = Writer::default();
    compile::compile(&nodes, &mut body)?;
    let undefined = undefined(names, &body);
    let mut whole = Writer::default();
    whole.block(RUNTIME.trim_end(), 0);
    whole.lines.fill(0);
    bind(names, &undefined, &mut whole);
    whole.text.push_str(&body.text);
    whole.lines.extend(&body.lines);
    evaluate(&whole, modules)
}

/// The names that the template uses and nothing binds: Mako takes them for undefined, which is false in a condition.
fn undefined(names: &[(String, String)], body: &Writer) -> Vec<String> {
    let mut text = format!("{RUNTIME}\ncontext = None\n");
    for (name, _) in names {
        _ = writeln!(text, "{name} = None");
    }
    text.push_str(&body.text);
    let (module, _) = parse(&SourceFile::new(FILE, "template".into(), text.into()));
    let mut undefined: Vec<String> = unbound_names(&module).into_iter().map(|(name, _)| name).collect();
    undefined.sort();
    undefined.dedup();
    undefined
}

/// Writes what binds the names.
fn bind(names: &[(String, String)], undefined: &[String], out: &mut Writer) {
    let mut text = String::new();
    for (name, value) in names {
        _ = writeln!(text, "{name} = {value}");
    }
    let data: Vec<String> = names.iter().map(|(name, _)| format!("{}: {name}", literal(name))).collect();
    _ = writeln!(text, "context = _Context({{{}}})", data.join(", "));
    for name in undefined {
        _ = writeln!(text, "{name} = UNDEFINED");
    }
    out.lines.extend(text.lines().map(|_| 0));
    out.text.push_str(&text);
}

fn evaluate(code: &Writer, modules: &Modules<'_>) -> Result<String, TemplateError> {
    let file = SourceFile::new(FILE, "template".into(), code.text.as_str().into());
    let line = |span: Span| {
        let generated = if span.file == FILE { file.position(span.start).line } else { 0 };
        let index = (generated as usize).checked_sub(1);
        index.and_then(|index| code.lines.get(index).copied()).unwrap_or_default()
    };
    let (module, problems) = parse(&file);
    if let Some(problem) = problems.first() {
        return Err(TemplateError::at(line(problem.span), problem.message.clone()));
    }
    let mut host = Strict::default();
    let library = Rc::new(Alembic::new(&[], &[]));
    let mut vm = Vm::new(&mut host, vec![library], modules, STEPS);
    // The scope is let go of with the evaluator, so it is read before.
    let ran = vm.run_module(&module, None).map(|scope| output(&scope, &line));
    drop(vm);
    if let Some((why, span)) = host.doubt {
        return Err(TemplateError::at(line(span), format!("what it writes can't be known: {why}")));
    }
    match ran {
        Ok(output) => output,
        Err(raised) if raised.is_limit() => Err(TemplateError::at(line(raised.span), "it does not come to an end")),
        Err(raised) => {
            let colon = if raised.message.is_empty() { "" } else { ": " };
            Err(TemplateError::at(line(raised.span), format!("{}{colon}{}", raised.class, raised.message)))
        }
    }
}

/// The pieces that were written, as one text.
fn output(scope: &Rc<Scope>, line: &dyn Fn(Span) -> u32) -> Result<String, TemplateError> {
    let mut text = String::new();
    let lost = || TemplateError::nowhere("what it writes can't be known");
    let Some(Value::List(buffers)) = scope.get("_M_buffers") else { return Err(lost()) };
    let Some(Value::List(pieces)) = buffers.borrow().first().cloned() else { return Err(lost()) };
    for entry in pieces.borrow().iter() {
        let Value::Tuple(entry) = entry else { return Err(lost()) };
        let [piece, Value::Int(written)] = &entry[..] else { return Err(lost()) };
        let written = u32::try_from(*written).unwrap_or_default();
        match piece {
            Value::Str(piece) if piece.contains(UNDEFINED) => {
                return Err(TemplateError::at(written, "NameError: Undefined"));
            }
            Value::Str(piece) => text.push_str(piece),
            Value::Unknown(unknown) => {
                let at = Some(line(unknown.span)).filter(|line| *line > 0).unwrap_or(written);
                return Err(TemplateError::at(at, format!("what it writes can't be known: {}", unknown.why)));
            }
            other => return Err(TemplateError::at(written, format!("it writes {other:?}, which is no text"))),
        }
    }
    Ok(text)
}
