//! [`parse`]: text to a [`Module`].
//!
//! ruff's parser does the work and recovers from errors. Before it runs, a scan of the tokens refuses what is nested so
//! deeply that walking the tree would exhaust the stack; after it, the bodies of functions are moved out of the tree
//! into shared [`FunctionCode`]s, so that a function value can outlive the walk that made it.

mod depth;
mod hoist;
mod shallow;

use std::sync::Arc;

use ruff_python_ast::{Expr, ModModule, Parameters, Stmt, Suite};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::TextRange;

use crate::source::{FileId, SourceFile, Span};

/// The largest file that is read: 10 MB.
const MAX_SIZE: usize = 10 * 1024 * 1024;

/// A parsed file. Cheap to clone, and free to cross threads.
#[derive(Debug, Clone)]
pub struct Module {
    inner: Arc<ModuleCode>,
}

/// Something wrong with the text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseProblem {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// What a file was parsed to: what could be read of it, and what couldn't.
pub type Parsed = (Module, Vec<ParseProblem>);

/// Who parses files. They have nothing to do with each other, so that some may be parsed side by side.
pub trait Parser {
    /// Hands on [`parse`] of each file, in that order, as soon as it is there.
    fn parse(&self, files: Vec<SourceFile>, hand_on: &mut dyn FnMut(Parsed));

    /// [`parse_again`] of files, one each time that it is asked, in that order; `None` from one who would not be done with
    /// any before it is asked for.
    fn ahead(&self, files: Vec<SourceFile>) -> Option<Box<dyn Iterator<Item = Module>>> {
        drop(files);
        None
    }
}

/// Parses one file after the other.
#[derive(Debug, Clone, Copy, Default)]
pub struct InTurn;

impl Parser for InTurn {
    fn parse(&self, files: Vec<SourceFile>, hand_on: &mut dyn FnMut(Parsed)) {
        files.iter().map(parse).for_each(hand_on);
    }
}

/// The code of a module.
#[derive(Debug)]
pub(in crate::python) struct ModuleCode {
    pub(in crate::python) file: FileId,
    pub(in crate::python) body: Suite,
    pub(in crate::python) children: Vec<Arc<FunctionCode>>,
}

/// The code of a function or a lambda.
#[derive(Debug)]
pub(in crate::python) struct FunctionCode {
    pub(in crate::python) file: FileId,
    pub(in crate::python) name: Arc<str>,
    pub(in crate::python) name_span: Span,
    pub(in crate::python) parameters: Parameters,
    pub(in crate::python) body: Body,
    /// The functions and lambdas directly inside, by the node index of what is left of them in the tree.
    pub(in crate::python) children: Vec<Arc<FunctionCode>>,
    pub(in crate::python) is_generator: bool,
}

/// What a function does.
#[derive(Debug)]
pub(in crate::python) enum Body {
    /// The statements of a `def`.
    Block(Suite),
    /// The expression of a `lambda`.
    Expression(Expr),
}

impl FunctionCode {
    /// The statements; a lambda has none.
    pub(in crate::python) fn statements(&self) -> &[Stmt] {
        match &self.body {
            Body::Block(body) => body,
            Body::Expression(_) => &[],
        }
    }
}

impl Module {
    pub(in crate::python) fn code(&self) -> &Arc<ModuleCode> {
        &self.inner
    }

    /// The file that it was read from.
    pub fn file(&self) -> FileId {
        self.inner.file
    }
}

/// Parses a file. What could be read is in the module, what couldn't among the problems.
pub fn parse(file: &SourceFile) -> Parsed {
    let text = &*file.text;
    if text.len() > MAX_SIZE {
        let message = format!("the file has {} MB; files over 10 MB are not read", text.len() / (1024 * 1024));
        return refused(file, message, Span::new(file.id, 0, 0));
    }
    if depth::too_deep(text) {
        let message = "nested too deeply to be read".to_owned();
        return refused(file, message, Span::new(file.id, 0, 0));
    }
    parse_checked(file)
}

/// Parses a file once more that [`parse`] has found nothing wrong with.
pub fn parse_again(file: &SourceFile) -> Module {
    let (module, _) = parse_checked(file);
    module
}

/// Parses a file that is neither too large nor nested too deeply.
fn parse_checked(file: &SourceFile) -> (Module, Vec<ParseProblem>) {
    let parsed = parse_unchecked(&file.text, ParseOptions::from(Mode::Module));
    let Some(parsed) = parsed.try_into_module() else {
        return refused(file, "not a module".to_owned(), Span::new(file.id, 0, 0));
    };
    let problems = parsed
        .errors()
        .iter()
        .map(|error| ParseProblem {
            message: format!("invalid syntax: {}", lower_first(&error.error.to_string())),
            span: span(file.id, error.location),
        })
        .collect();
    let ModModule { body, .. } = parsed.into_syntax();
    let (body, children) = hoist::hoist(file.id, body);
    (Module { inner: Arc::new(ModuleCode { file: file.id, body, children }) }, problems)
}

/// The span of a range of that file.
pub(in crate::python) fn span(file: FileId, range: TextRange) -> Span {
    Span::new(file, range.start().to_u32(), range.end().to_u32())
}

fn refused(file: &SourceFile, message: String, span: Span) -> (Module, Vec<ParseProblem>) {
    let code = ModuleCode { file: file.id, body: Suite::new(), children: Vec::new() };
    (Module { inner: Arc::new(code) }, vec![ParseProblem { message, span }])
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return String::new() };
    let rest = chars.as_str();
    // `SyntaxError`, `EOF` and the like keep their capitals.
    if rest.chars().next().is_some_and(char::is_uppercase) {
        return text.to_owned();
    }
    first.to_lowercase().chain(rest.chars()).collect()
}
