//! The arguments, as clap reads them.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use revproof_core::config::FailOn;
use revproof_core::schema::Dialect;

use crate::branches::BranchesArgs;
use crate::current::CurrentArgs;
use crate::diff::DiffArgs;
use crate::downgrade::DowngradeArgs;
use crate::edit::EditArgs;
use crate::graph::GraphArgs;
use crate::heads::HeadsArgs;
use crate::history::HistoryArgs;
use crate::init::InitArgs;
use crate::merge::MergeArgs;
use crate::output;
use crate::query::QueryArgs;
use crate::reset::ResetArgs;
use crate::revision::RevisionArgs;
use crate::share::ShareArgs;
use crate::show::ShowArgs;
use crate::sql::SqlArgs;
use crate::stamp::StampArgs;
use crate::upgrade::UpgradeArgs;

/// Proves Alembic and Flask-Migrate migrations before they reach a database.
///
/// Reads the revision scripts without running them, replays the chain up, down and up again on an in-memory database
/// that holds rows, and says of every revision what it proved.
#[derive(Debug, Parser)]
#[command(name = "revproof", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Alembic takes them before the command, Flask-Migrate behind it.
    #[command(flatten)]
    _environment: EnvironmentArgs,
}

/// How the environment of the scripts is set up, as `alembic` takes it.
#[derive(Debug, Clone, Args)]
pub(crate) struct EnvironmentArgs {
    /// What scripts get from `context.get_x_argument()`; may be given several times
    #[arg(short = 'x', value_name = "KEY=VALUE", global = true, allow_hyphen_values = true)]
    pub(crate) x_arguments: Vec<String>,
    /// An environment variable that the scripts run with; may be given several times. Those of this machine are not read
    #[arg(long, value_name = "NAME=VALUE", global = true)]
    pub(crate) environ: Vec<String>,
    /// An environment variable that is not set where the scripts run; may be given several times
    #[arg(long, value_name = "NAME", global = true)]
    pub(crate) unset_environ: Vec<String>,
    /// The section of alembic.ini to read [default: `alembic`]; the simulated database is one of its own
    #[arg(long = "name", short = 'n', value_name = "SECTION", global = true)]
    pub(crate) ini_section: Option<String>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Prove every revision: up, down and up again, on rows
    Check(CheckArgs),
    /// Show the schema that the revisions make
    Schema(SchemaArgs),
    /// Make a migrations folder that Flask-Migrate or Alembic runs as it is
    Init(InitArgs),
    /// List the templates that `init` takes
    ListTemplates,
    /// Write a new revision script
    Revision(RevisionArgs),
    /// Write a revision script that makes several branches one
    Merge(MergeArgs),
    /// Open the script of a revision in an editor
    Edit(EditArgs),
    /// List the revisions, newest first
    History(HistoryArgs),
    /// List the revisions that no other revises
    Heads(HeadsArgs),
    /// List the revisions that several others revise
    Branches(BranchesArgs),
    /// Show a revision in full
    Show(ShowArgs),
    /// Draw the revisions, with what was proved of each
    Graph(GraphArgs),
    /// Write the SQL that the revisions send, as `alembic upgrade --sql` does
    Sql(SqlArgs),
    /// Print a link that opens the scripts and what is found in them in the playground
    Share(ShareArgs),
    /// Explain a rule, or list all rules
    Rule(RuleArgs),
    /// Upgrade the simulated database
    Upgrade(UpgradeArgs),
    /// Downgrade the simulated database
    Downgrade(DowngradeArgs),
    /// Set the version of the simulated database without running anything
    Stamp(StampArgs),
    /// Show the revisions that the simulated database is at
    Current(CurrentArgs),
    /// Show how the schema at one revision differs from that at another, or from a real database
    Diff(DiffArgs),
    /// Run SQL on the rows of the simulated database
    Query(QueryArgs),
    /// Throw the simulated database away
    Reset(ResetArgs),
}

/// Where the chains are and how they are read.
#[derive(Debug, Args)]
pub(crate) struct InputArgs {
    /// A migrations folder, or any folder above some [default: `migrations`, or `.` if there is none]
    pub(crate) path: Option<PathBuf>,
    /// The database whose behaviour is followed [default: found out from each chain]
    #[arg(long, value_enum, value_name = "DIALECT")]
    pub(crate) dialect: Option<DialectName>,
    /// A configuration file [default: the nearest `revproof.toml`, or `pyproject.toml` with `[tool.revproof]`]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
}

/// The one folder of scripts that a command of the workflow works on.
#[derive(Debug, Clone, Args)]
pub(crate) struct DirectoryArgs {
    /// The migrations folder [default: `migrations`, or what is found from `.`]
    #[arg(long, short, value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,
    /// The database whose behaviour is followed [default: found out from the chain]
    #[arg(long, value_enum, value_name = "DIALECT")]
    pub(crate) dialect: Option<DialectName>,
    /// A configuration file [default: the nearest `revproof.toml`, or `pyproject.toml` with `[tool.revproof]`]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Of a project with several databases this one, by the name that `upgrade()` is called with; `default` for the one
    /// without a name [default: each of them]
    #[arg(long, short = 'e', value_name = "NAME")]
    pub(crate) database: Option<String>,
    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
}

/// The arguments of `check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// The rows to prove on: `seeded`, `none`, or a file of INSERT statements
    #[arg(long, value_name = "seeded|none|FILE.sql")]
    pub(crate) rows: Option<String>,
    /// Report these rules only: names, codes or starts of codes
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) select: Option<Vec<String>>,
    /// Do not report these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) ignore: Option<Vec<String>>,
    /// The dump of the database that was there before the first revision (`pg_dump --schema-only`, `sqlite3 .schema`,
    /// `mysqldump --no-data`)
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// The format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) output_format: CheckFormat,
    /// Write the output to a file
    #[arg(long, value_name = "FILE")]
    pub(crate) output_file: Option<PathBuf>,
    /// The lowest severity that makes the exit code 1 [default: error]
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) fail_on: Option<FailLevel>,
    /// Exit with 0 whatever is found
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Show how often each rule found something instead of the findings
    #[arg(long)]
    pub(crate) statistics: bool,
    /// Leave the link to the playground out of text and Markdown
    #[arg(long)]
    pub(crate) no_link: bool,
    /// Show the findings only
    #[arg(long, short, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Show every verdict with all its reasons
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) color: Color,
    /// Go on: prove again whenever a file changes, and show what that changes, until Ctrl-C
    #[arg(long)]
    pub(crate) watch: bool,
}

/// The arguments of `schema`.
#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// The schema at this revision [default: after all of them]
    #[arg(long, value_name = "REV", conflicts_with = "every")]
    pub(crate) at: Option<String>,
    /// Of a project with several databases this one [default: each of them]
    #[arg(long, short = 'e', value_name = "NAME")]
    pub(crate) database: Option<String>,
    /// What each revision changes, in order of application
    #[arg(long)]
    pub(crate) every: bool,
    /// The format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) output_format: SchemaFormat,
}

/// The arguments of `rule`.
#[derive(Debug, Args)]
pub(crate) struct RuleArgs {
    /// The name or code of a rule, or the start of codes
    pub(crate) rule: Option<String>,
    /// The format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) output_format: RuleFormat,
}

/// A dialect by name.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum DialectName {
    /// PostgreSQL 15
    Postgresql,
    /// SQLite 3.40
    Sqlite,
    /// MySQL 8.0 and MariaDB
    Mysql,
}

impl From<DialectName> for Dialect {
    fn from(name: DialectName) -> Self {
        match name {
            DialectName::Postgresql => Self::PostgreSql,
            DialectName::Sqlite => Self::Sqlite,
            DialectName::Mysql => Self::MySql,
        }
    }
}

/// A format of `check`.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum CheckFormat {
    /// Findings with their code, verdicts and a summary
    #[default]
    Text,
    /// One finding per line
    Concise,
    /// One object, its shape versioned and documented
    Json,
    /// For a comment of a pull request, an issue or the summary of a job
    Markdown,
    /// Annotations of a GitHub pull request
    Github,
}

/// A format of `schema`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum SchemaFormat {
    /// Tables, for reading
    #[default]
    Text,
    /// Tables under the keys of SQLAlchemy's Inspector; with `--every` one line per revision
    Json,
    /// The statements that make the schema
    Sql,
    /// An entity-relationship diagram
    Mermaid,
}

/// A format of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum FactFormat {
    /// For reading
    #[default]
    Text,
    /// One object per line
    Json,
}

/// A format of `rule`.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum RuleFormat {
    /// For reading
    #[default]
    Text,
    /// One object, or a list of them
    Json,
}

/// What makes the exit code 1.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum FailLevel {
    /// An error
    Error,
    /// A warning or an error
    Warning,
    /// Nothing
    Never,
}

impl From<FailLevel> for FailOn {
    fn from(level: FailLevel) -> Self {
        match level {
            FailLevel::Error => Self::Error,
            FailLevel::Warning => Self::Warning,
            FailLevel::Never => Self::Never,
        }
    }
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

/// Why there is nothing to do: help or version was asked for, or the arguments are wrong.
pub(crate) struct Stop(clap::Error);

/// Reads the arguments of this process.
pub(crate) fn read() -> Result<Command, Stop> {
    Arguments::try_parse().map(|arguments| arguments.command).map_err(Stop)
}

impl Stop {
    /// Shows the help or the version on stdout, or what is wrong as one line on stderr.
    pub(crate) fn show(self) -> ExitCode {
        match self.0.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                _ = self.0.print();
                ExitCode::SUCCESS
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => output::refuse_with(&no_command()),
            _ => output::refuse_with(&one_line(&self.0.render().to_string())),
        }
    }
}

fn no_command() -> String {
    let arguments = Arguments::command();
    let names: Vec<&str> = arguments.get_subcommands().map(clap::Command::get_name).collect();
    format!("no command given; the commands are {}, and `revproof --help` explains them", names.join(", "))
}

/// Clap explains over several lines; the first says what is wrong, the next what would be right.
fn one_line(text: &str) -> String {
    let said = text.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:"));
    let said: Vec<&str> = said.filter(|line| !line.is_empty() && !line.starts_with("For more")).collect();
    let said = said.join("; ");
    said.strip_prefix("error: ").unwrap_or(&said).replace(":; ", ": ")
}
