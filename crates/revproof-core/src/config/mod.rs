//! What a user can set: [`Config`], read from the text of `revproof.toml` or `pyproject.toml` by [`parse()`].
//!
//! A key that does not exist is a [`ConfigError`] that names the nearest one that does: a misspelt setting that is
//! silently ignored would look like a pass. [`KEYS`] is the manual of the settings.

mod keys;
mod parse;

pub use keys::{KEYS, Key};
pub use parse::{ConfigError, check_page, parse, parse_pyproject};

use std::sync::Arc;

use crate::diagnostic::Severity;
use crate::python::Environ;
use crate::schema::{Dialect, Name};

/// The settings of one analysis. Names of rules stand here as the user wrote them; `lint` resolves them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// The dialect, where one is set; else each chain's own is found out.
    pub dialect: Option<Dialect>,
    /// The rows that the replay runs on.
    pub rows: Rows,
    /// Rules to report, by name, code or prefix of a code; all where empty.
    pub select: Vec<String>,
    /// Rules not to report.
    pub ignore: Vec<String>,
    /// Severities that differ from the rules' own.
    pub severity: Vec<(String, Severity)>,
    /// What makes `check` exit with 1.
    pub fail_on: FailOn,
    /// The dump of the database that was there before the first revision, where there was one.
    pub baseline: Option<Arc<str>>,
    /// What scripts get from `context.get_x_argument()`, one text each: what the command was given with `-x`.
    pub x_arguments: Vec<String>,
    /// The environment variables that scripts run with.
    pub environ: Environ,
    /// The same, as the command was given them: they hold over those of the settings.
    pub environ_arguments: Environ,
    /// The section of the ini file that holds the settings; `None` for Alembic's own, `alembic`.
    pub ini_section: Option<String>,
    /// The page that opens links, where it is not the public one.
    pub page: Option<String>,
    /// The naming convention of the project's metadata, which overrides what is read from the project.
    pub naming_convention: Vec<(Name, Name)>,
}

/// The rows that a replay runs on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Rows {
    /// A few deterministic rows in every table.
    #[default]
    Seeded,
    /// No rows: only what the scripts themselves insert.
    None,
    /// Seeded rows give way to those of a file of INSERT statements, each run where its table first exists.
    File {
        /// The file, as the user named it.
        path: String,
        /// Its text; the core opens no file, so whoever made the configuration reads it.
        sql: Arc<str>,
    },
}

/// What makes `check` exit with 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailOn {
    /// An error.
    #[default]
    Error,
    /// A warning or an error.
    Warning,
    /// Nothing.
    Never,
}

impl FailOn {
    /// Whether a finding of that severity is one that fails the check.
    pub fn fails(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity >= Severity::Error,
            Self::Warning => severity >= Severity::Warning,
            Self::Never => false,
        }
    }
}

/// The candidate that `name` was most likely meant to be, where one is near enough.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = name.to_ascii_lowercase().replace('_', "-");
    let likeness = |candidate| strsim::normalized_damerau_levenshtein(&folded, candidate);
    let rated = candidates.into_iter().map(|candidate| (likeness(candidate), candidate));
    let near = rated.filter(|(likeness, _)| *likeness >= 0.6);
    near.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, candidate)| candidate)
}
