//! The command `revproof`: reads the arguments, proves, prints, and answers with an exit code.
//!
//! 0: done, with nothing at or over `--fail-on`. 1: findings, or a refusal in Alembic's words with what to type instead. 2: it
//! could not run, with one line on stderr that says why.

mod args;
mod autogenerate;
mod branches;
mod check;
mod clock;
mod current;
mod diff;
mod disk;
mod downgrade;
mod edit;
mod files;
mod graph;
mod heads;
mod history;
mod init;
mod list_templates;
mod listing;
mod merge;
mod migrations;
mod moves;
mod output;
mod parallel;
mod place;
mod progress;
mod prove;
mod query;
mod refusal;
mod reset;
mod revision;
mod rule;
mod schema;
mod settings;
mod share;
mod show;
mod sql;
mod stamp;
mod state;
mod templates;
mod upgrade;
mod watch;

use std::process::ExitCode;

use anyhow::Result;
use mimalloc::MiMalloc;

use args::Command;

/// A replay is made of many small allocations, on one thread that is not the first: here the system's allocator would
/// take a third of the time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let command = match args::read() {
        Ok(command) => command,
        Err(stop) => return stop.show(),
    };
    run(command).unwrap_or_else(|error| output::refuse(&error))
}

fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Check(args) => check::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Init(args) => init::run(&args),
        Command::ListTemplates => list_templates::run(),
        Command::Revision(args) => revision::run(args),
        Command::Merge(args) => merge::run(args),
        Command::Edit(args) => edit::run(args),
        Command::History(args) => history::run(&args),
        Command::Heads(args) => heads::run(&args),
        Command::Branches(args) => branches::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Graph(args) => graph::run(&args),
        Command::Sql(args) => sql::run(&args),
        Command::Share(args) => share::run(&args),
        Command::Rule(args) => rule::run(&args),
        Command::Upgrade(args) => upgrade::run(args),
        Command::Downgrade(args) => downgrade::run(args),
        Command::Stamp(args) => stamp::run(args),
        Command::Current(args) => current::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Query(args) => query::run(args),
        Command::Reset(args) => reset::run(&args),
    }
}
