//! [`Project`]: where a chain's scripts are and how they are configured. [`discover`] finds the projects under a path,
//! [`Modules`] reads the project files that scripts import.

mod environment;
mod ini;
mod locate;
mod modules;
mod naming;
mod options;
mod path;
mod section;
mod settings;

pub use environment::{Configured, commits_each, configured};
pub use locate::{discover, discover_section};
pub use modules::{Answers, Mark, Modules};
pub use options::{ScriptOptions, script_options};
pub(super) use path::is_python;
pub(crate) use path::{child, parent, relative};
pub use section::{NoSection, explain_section};

use crate::schema::{Dialect, Name};

/// One Alembic environment: its settings, as far as they bear on the scripts. Paths are those of the file tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Project {
    /// The folder that the user would name (`migrations`), the root of every path in the report.
    pub root: String,
    /// The ini or toml file that configures it, where there is one.
    pub config_file: Option<String>,
    /// The section of the ini file that was named; `None` for Alembic's own.
    pub ini_section: Option<String>,
    /// `script_location`: the folder of `env.py`.
    pub script_location: Option<String>,
    /// The version folders, in configuration order.
    pub version_locations: Vec<String>,
    /// `recursive_version_locations`.
    pub recursive: bool,
    /// The folders in which modules of the project are looked for (`prepend_sys_path`, the parent of the root).
    pub module_roots: Vec<String>,
    /// The dialect that `sqlalchemy.url` names, and where that stands.
    pub url_dialect: Option<(Dialect, String)>,
    /// The naming convention of the project's metadata, as read from env.py or the models: key and template.
    pub naming: Vec<(Name, Name)>,
    /// Whether the metadata has a naming convention that can't be told from the project's files.
    pub naming_unread: bool,
    /// The databases that the settings of a multi-database project list, in order, with the dialects of their URLs.
    pub databases: Vec<(Name, Option<Dialect>)>,
}
