//! `revproof query`.

use std::io::Read;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use revproof_core::alembic::Environment;
use revproof_core::op::Answer;
use revproof_core::render::{answer_json, answer_text};
use revproof_core::replay::Subject;
use revproof_core::workflow::{Journal, Simulated};

use crate::args::{DirectoryArgs, FactFormat};
use crate::listing::usable;
use crate::migrations::{self, Migrations};
use crate::moves::warn_of_edits;
use crate::output;
use crate::refusal::Refusal;
use crate::state::State;

/// The arguments of `query`.
#[derive(Debug, Clone, Args)]
pub(crate) struct QueryArgs {
    /// INSERT, UPDATE, DELETE or SELECT, or several with semicolons between them; `-` reads them from stdin
    sql: String,
    #[command(flatten)]
    directory: DirectoryArgs,
    /// The format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    output_format: FactFormat,
}

/// Runs SQL on the simulated database.
pub(crate) fn run(mut args: QueryArgs) -> Result<ExitCode> {
    if args.sql == "-" {
        args.sql.clear();
        std::io::stdin().read_to_string(&mut args.sql).context("cannot read SQL from stdin")?;
    }
    let directory = args.directory.clone();
    let text = migrations::with(&directory, move |migrations| ask(migrations, &args))?;
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn ask(migrations: &Migrations<'_>, args: &QueryArgs) -> Result<String> {
    usable(migrations)?;
    let directory = migrations.directory;
    let environment = migrations.one_database()?;
    let state = State::of(migrations, environment);
    let dialect = environment.dialect;
    let lock = state.lock()?;
    let journal = state.read(dialect)?;
    if let Some(journal) = &journal {
        warn_of_edits(journal, migrations);
    }
    let journal = journal.unwrap_or_else(|| Journal::new(dialect, &migrations.config.rows, None));
    let before = journal.entries.len();
    let subject = Subject::new(directory, migrations.sources, migrations.config).on(environment);
    let mut database = Simulated::open(&subject, &directory.project, journal);
    let mut text = String::new();
    for asked in database.query(&args.sql) {
        match &asked.answer {
            Err(why) => return Err(Refusal::error(why, nothing_changed(migrations, environment))),
            Ok(Answer::Unknown(why)) => {
                let help = "nothing was changed, and what a server would answer is not known";
                return Err(Refusal::error(format!("This can't be simulated: {why}"), help));
            }
            Ok(answer) if args.output_format == FactFormat::Json => {
                text.push_str(&answer_json(&asked.statement, answer).to_string());
                text.push('\n');
            }
            Ok(answer) => text.push_str(&answer_text(answer)),
        }
    }
    if database.journal().entries.len() > before {
        state.write(&lock, database.journal())?;
    }
    Ok(text)
}

/// What to do about a statement that is refused.
fn nothing_changed(migrations: &Migrations<'_>, environment: &Environment) -> String {
    let asked = "nothing was changed; `revproof schema` shows what there is";
    match migrations.heading(environment) {
        Some(name) => format!("{asked}; this was asked of the database {name}, and `--database` names another"),
        None => asked.to_owned(),
    }
}
