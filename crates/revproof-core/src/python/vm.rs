//! [`Vm`]: the abstract evaluator.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::conditional::Opened;
use super::environ::Environ;
use super::journal::Journal;
use super::nesting::Heights;
use super::object::class::Class;
use super::parse::Module;
use super::scope::{Defining, Scope};
use super::value::{Args, Flow, Raised, Reach, Unknown, Value};
use crate::op::Host;
use crate::source::{FileId, Span};

/// A library that scripts import and that is known by heart instead of being read: Alembic, SQLAlchemy.
pub trait Library {
    /// The module of that dotted name; `None` where the library has none, so that the project's files and then the
    /// third-party packages are thought of.
    fn module(&self, vm: &mut Vm<'_>, name: &str) -> Option<Value>;

    /// The base of an exception class of the library: `sqlalchemy.exc.DBAPIError` for
    /// `sqlalchemy.exc.OperationalError`.
    fn exception_base(&self, name: &str) -> Option<&'static str> {
        let _ = name;
        None
    }
}

/// The modules of the project itself.
pub trait ModuleLoader {
    /// The parsed file of a module: `app.helpers` is `app/helpers.py` or `app/helpers/__init__.py`.
    fn load(&self, name: &str) -> Option<Module>;

    /// Whether there is a package or a namespace package (a folder) of that name.
    fn is_package(&self, name: &str) -> bool {
        let _ = name;
        false
    }

    /// The dotted name of a file, for its relative imports; `None` where it has none.
    fn name_of(&self, file: FileId) -> Option<Rc<str>> {
        let _ = file;
        None
    }

    /// A number that has not been given before, in any run: what scripts draw at random is made of it. `None` where
    /// no one counts.
    fn fresh(&self) -> Option<u64> {
        None
    }
}

/// A project of no files.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoModules;

impl ModuleLoader for NoModules {
    fn load(&self, _: &str) -> Option<Module> {
        None
    }
}

/// How many steps the top levels of all imported modules may take together.
const IMPORT_STEPS: u64 = 100_000;

/// The abstract evaluator: walks parsed modules, asks the host where the script asks the database.
pub struct Vm<'h> {
    /// The simulated database.
    pub host: &'h mut dyn Host,
    /// The environment variables that are declared.
    pub environ: Environ,
    /// Stands in `os.environ` for a variable that is declared as not set.
    pub(super) not_set: Rc<Unknown>,
    pub(super) libraries: Rc<[Rc<dyn Library>]>,
    pub(super) loader: &'h dyn ModuleLoader,
    pub(super) steps: u64,
    /// How many steps the top levels of imported modules may still take. They have their own, so that a script that
    /// imports a whole application is not cut short by it.
    pub(super) import_steps: u64,
    pub(super) importing: bool,
    pub(super) depth: u32,
    pub(super) modules: FxHashMap<Rc<str>, Value>,
    pub(super) builtins: FxHashMap<&'static str, Value>,
    pub(super) exceptions: FxHashMap<Rc<str>, Rc<Class>>,
    /// The exceptions that are being handled, innermost last: what a bare `raise` raises again.
    pub(super) handling: Vec<Raised>,
    /// The conditions that stay open until a function, a loop or a `try` ends.
    pub(super) opened: Vec<Opened>,
    pub(super) journal: Journal,
    /// The scopes that are being evaluated in.
    pub(super) scopes: Vec<Rc<Scope>>,
    pub(super) defining: Defining,
    /// How many links may have been added to chains of containers since they were measured.
    pub(super) nested: u32,
    /// Room for measuring them.
    pub(super) heights: Heights,
    /// The variables of the function that is ending, by their address, where nothing else holds them.
    pub(super) ending: usize,
    /// The functions that are being called, by their code, and how many conditions were open when they were.
    pub(super) active: Vec<(usize, usize)>,
    /// The statement that is being evaluated: the place of what is asked without one.
    pub(super) here: Span,
    /// What has been printed; for tests.
    pub(super) printed: String,
}

impl<'h> Vm<'h> {
    /// An evaluator of at most `steps` steps. Each statement, expression and round of a loop is one.
    pub fn new(
        host: &'h mut dyn Host,
        libraries: Vec<Rc<dyn Library>>,
        loader: &'h dyn ModuleLoader,
        steps: u64,
    ) -> Self {
        let nowhere = Span::new(FileId(0), 0, 0);
        Self {
            host,
            environ: Environ::default(),
            not_set: Unknown::data("the environment variable is declared as not set", nowhere),
            libraries: libraries.into(),
            loader,
            steps,
            import_steps: steps.min(IMPORT_STEPS),
            importing: false,
            depth: 0,
            modules: FxHashMap::default(),
            builtins: FxHashMap::default(),
            exceptions: FxHashMap::default(),
            handling: Vec::new(),
            opened: Vec::new(),
            journal: Journal::default(),
            scopes: Vec::new(),
            defining: Defining::default(),
            nested: 0,
            heights: Heights::default(),
            ending: 0,
            active: Vec::new(),
            here: nowhere,
            printed: String::new(),
        }
    }
}

impl Vm<'_> {
    /// Evaluates the top level of a module and gives its names. The module is not remembered: each call runs it anew. Its
    /// `__name__` is the name that is given, or the one that the project's files give it.
    pub fn run_module(&mut self, module: &Module, name: Option<&str>) -> Flow<Rc<Scope>> {
        let base = self.opened.len();
        let scope = super::import::module_scope(self, module, name);
        let ran = self.execute_module(module, &scope);
        let closed = self.close_module(base);
        self.tell_how_it_may_end(closed);
        ran.map(|()| scope)
    }

    /// Calls a function of a module without arguments, and closes every condition that it left open. `None` where the
    /// module has no such name.
    pub fn call_function(&mut self, scope: &Rc<Scope>, name: &str, span: Span) -> Option<Flow<Value>> {
        let function = scope.get(name)?;
        let base = self.opened.len();
        let result = self.call(&function, Args::default(), span);
        let closed = self.close(base);
        self.tell_how_it_may_end(closed);
        Some(result)
    }

    /// A value that can't be known.
    pub fn unknown(&self, why: impl Into<Arc<str>>, span: Span) -> Value {
        Value::Unknown(Rc::new(Unknown { why: why.into(), span, reach: Reach::Data, rest: false, partial: None }))
    }

    /// Something of code that was not read: called for its own sake it may do anything.
    pub fn unknown_code(&self, why: impl Into<Arc<str>>, span: Span) -> Value {
        Value::Unknown(Rc::new(Unknown { why: why.into(), span, reach: Reach::Code, rest: false, partial: None }))
    }

    /// Something that may be a door to the database: any call may do anything.
    pub fn unknown_database(&self, why: impl Into<Arc<str>>, span: Span) -> Value {
        Value::Unknown(Rc::new(Unknown { why: why.into(), span, reach: Reach::Database, rest: false, partial: None }))
    }

    /// The place of what is asked without one.
    pub(super) fn nowhere(&self) -> Span {
        self.here
    }

    /// Takes one step; an error where none is left.
    pub(super) fn tick(&mut self, span: impl FnOnce() -> Span) -> Flow<()> {
        self.charge(1, span)
    }

    /// Takes `steps` steps; an error where fewer are left.
    pub(super) fn charge(&mut self, steps: u64, span: impl FnOnce() -> Span) -> Flow<()> {
        match self.steps.checked_sub(steps) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => {
                self.steps = 0;
                Err(Raised::limit(span()))
            }
        }
    }
}
