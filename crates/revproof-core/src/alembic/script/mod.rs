//! [`Script`]: one revision script, its header read and its functions ready to be evaluated. [`load()`] reads all scripts
//! of a project, [`run()`] evaluates one direction of one of them.

mod code;
mod docstring;
mod header;
mod known;
mod load;
mod run;
mod silent;

use std::sync::Arc;

pub use header::lacks_revision;
pub use known::{KnownScripts, ReadOnce};
pub use load::{Keep, Reading, load};
pub(crate) use load::{TREES, read_script};
pub use run::run;
pub(super) use silent::Silent;

use self::code::Code;
use crate::op::Failure;
use crate::python::{Environ, FunctionView, Module};
use crate::schema::{Dialect, Name};
use crate::source::{FileId, SourceFile, Span};

/// One revision script.
#[derive(Debug, Clone)]
pub struct Script {
    /// The file.
    pub file: FileId,
    /// Its path, relative to the project's root.
    pub path: Arc<str>,
    /// `revision`.
    pub revision: Name,
    /// Where `revision` is assigned.
    pub revision_span: Span,
    /// `down_revision`, as a list in the order written.
    pub down_revision: Vec<Name>,
    /// Where `down_revision` is assigned.
    pub down_revision_span: Option<Span>,
    /// `depends_on`.
    pub depends_on: Vec<Name>,
    /// `branch_labels`.
    pub branch_labels: Vec<Name>,
    /// The docstring, as Python would have it but for line breaks, which are as they stand in the file.
    pub doc: Arc<str>,
    /// The first line of the docstring.
    pub message: Arc<str>,
    /// The docstring's `Revises:` line, and where it stands; never trusted.
    pub doc_revises: Option<(Vec<Name>, Span)>,
    /// The docstring's `Create Date:` line.
    pub create_date: Option<Arc<str>>,
    /// `def upgrade()`, its name's span.
    pub upgrade_span: Option<Span>,
    /// `def downgrade()`, its name's span.
    pub downgrade_span: Option<Span>,
    /// The databases that it has functions for (`upgrade_engine1`, `upgrade_` for the one without a name), in order, where
    /// its `upgrade()` or `downgrade()` takes the name of one.
    pub databases: Option<Vec<Name>>,
    /// The names that it uses and that nothing binds, each use, in order.
    pub unbound_names: Vec<(String, Span)>,
    /// Its code.
    code: Code,
    /// Which reading of the file it is.
    pub read: ReadOnce,
    /// Whether `upgrade()` does nothing at all.
    pub(super) empty_upgrade: bool,
    /// Whether `downgrade()` does nothing at all.
    pub(super) empty_downgrade: bool,
}

impl Script {
    /// Its text.
    pub fn text(&self) -> &Arc<str> {
        self.code.text()
    }

    /// Its code, for whoever asks what can be told without evaluating it.
    pub fn module(&self) -> Module {
        self.code.module()
    }

    /// Lets go of its code, which takes more memory than anything else of it, until it is asked for again.
    pub fn let_go_of_code(&self) {
        self.code.let_go();
    }

    /// Its file, where its code has been let go of.
    pub fn without_code(&self) -> Option<SourceFile> {
        self.code.to_parse()
    }

    /// Gives it its code back, which was parsed from [`Script::without_code`].
    pub fn take_back(&self, code: Module) {
        self.code.put(code);
    }

    /// Whether none of its functions for single databases does anything, in either direction.
    pub fn is_empty_for_all_databases(&self) -> bool {
        let module = self.module();
        let is_empty = |direction: Direction, name: &Name| {
            let function = module.function(&direction.function_for(name));
            function.is_none_or(FunctionView::is_trivial)
        };
        self.databases
            .iter()
            .flatten()
            .all(|name| is_empty(Direction::Upgrade, name) && is_empty(Direction::Downgrade, name))
    }

    /// The name's span of a direction's function, where there is one.
    pub fn span_of(&self, direction: Direction) -> Option<Span> {
        match direction {
            Direction::Upgrade => self.upgrade_span,
            Direction::Downgrade => self.downgrade_span,
        }
    }
}

/// The two directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `upgrade()`.
    Upgrade,
    /// `downgrade()`.
    Downgrade,
}

impl Direction {
    /// The name of its function.
    pub fn function(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
        }
    }

    /// The name of its function for one database of several.
    pub fn function_for(self, database: &Name) -> String {
        format!("{}_{database}", self.function())
    }
}

/// One database of a project that has several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectDatabase {
    /// Its name, which `upgrade(engine_name)` is called with. Flask-Migrate's default database has the empty one.
    pub name: Name,
    /// Whether the settings list it. Else it is known by the functions that scripts have for it.
    pub listed: bool,
    /// Whether it is the first one.
    pub first: bool,
}

impl ProjectDatabase {
    /// Its name, for messages.
    pub fn shown(&self) -> &str {
        if self.name.is_empty() { "<default>" } else { &self.name }
    }
}

/// What a script is evaluated in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// The database.
    pub dialect: Dialect,
    /// The naming convention: key (`uq`, `fk`, …) and template.
    pub naming: Vec<(Name, Name)>,
    /// Whether there is a naming convention that is not known.
    pub naming_unread: bool,
    /// What scripts get from `context.get_x_argument()`: the texts that were given with `-x`.
    pub x_arguments: Vec<String>,
    /// The environment variables that are declared.
    pub environ: Environ,
    /// Whether `env.py` sets its connection to commit each statement as it goes (`isolation_level="AUTOCOMMIT"`).
    pub commits_each: bool,
    /// The database, where the project has several.
    pub database: Option<ProjectDatabase>,
    /// How many steps of evaluation one run may take before it is stopped.
    pub step_limit: u64,
}

/// How a run of one direction ended.
#[derive(Debug, Clone, PartialEq)]
pub enum RunEnd {
    /// It came to its end (whatever of it was not evaluated has been told to the host).
    Completed,
    /// There is no such function.
    Missing,
    /// The function holds nothing but `pass`, a docstring, `...` or a bare return.
    Empty,
    /// It refuses on purpose: it raises `NotImplementedError` or another exception of its own, unconditionally and
    /// before any operation.
    Refused {
        /// What it says.
        message: Arc<str>,
        /// The class of the exception.
        class: Arc<str>,
        /// The `raise`.
        span: Span,
    },
    /// An exception ended it.
    Raised {
        /// The refusal of the database, or the exception as [`crate::op::FailureKind::Script`].
        failure: Failure,
        /// The class of the exception.
        class: Arc<str>,
        /// The line of the script.
        span: Span,
    },
    /// The step limit stopped it.
    LimitReached {
        /// Where.
        span: Span,
    },
}
