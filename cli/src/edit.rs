//! `revproof edit`.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::Result;
use clap::Args;
use revproof_core::history::RevisionId;

use crate::args::DirectoryArgs;
use crate::listing;
use crate::migrations::{self, Migrations};
use crate::moves::position;
use crate::output::reason;
use crate::refusal::Refusal;

/// Editors that are looked for where neither variable names one, as Alembic does.
const USUAL: [&str; 5] = ["sensible-editor", "editor", "nano", "vim", "code"];

/// The arguments of `edit`.
#[derive(Debug, Args)]
pub(crate) struct EditArgs {
    #[command(flatten)]
    directory: DirectoryArgs,
    /// The revision: `heads` for several, `current` for what the simulated database is at
    #[arg(value_name = "REV", default_value = "head", allow_negative_numbers = true)]
    revision: String,
}

/// Opens the scripts of a revision in an editor, one after the other.
pub(crate) fn run(args: EditArgs) -> Result<ExitCode> {
    let EditArgs { directory, revision } = args;
    let scripts = migrations::with(&directory, move |migrations| {
        listing::usable(migrations)?;
        let found = chosen(migrations, &revision)?;
        let scripts = found.iter().filter_map(|id| migrations.directory.scripts.get(id.0 as usize));
        Ok(scripts.map(|script| PathBuf::from(migrations.absolute(script))).collect::<Vec<_>>())
    })?;
    for script in scripts {
        open(&script)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The revisions that a symbol names; `current` are those that the simulated database is at.
fn chosen(migrations: &Migrations<'_>, symbol: &str) -> Result<Vec<RevisionId>> {
    let directory = migrations.directory;
    if symbol == "current" {
        let rows = position(migrations)?.unwrap_or_default();
        if rows.is_empty() {
            return Err(Refusal::error(
                "No current revisions",
                "`revproof upgrade` makes some, in a simulated database",
            ));
        }
        return Ok(rows);
    }
    let found = directory.history.resolve(symbol).map_err(|error| listing::unresolved(&error, migrations))?;
    if found.is_empty() {
        return Err(Refusal::error(
            format!("No revision files indicated by symbol '{symbol}'"),
            "name a revision: `revproof history` lists what there is",
        ));
    }
    Ok(found)
}

fn open(script: &Path) -> Result<()> {
    let help = "set EDITOR or VISUAL to an editor that can be started";
    let failed = |why: String| Refusal::error(format!("Error executing editor ({why})"), help);
    let Some((editor, arguments)) = editor() else {
        let why = "No suitable editor found. Please set the \"EDITOR\" or \"VISUAL\" environment variables";
        return Err(failed(why.to_owned()));
    };
    let ended = Command::new(&editor).args(&arguments).arg(script).status();
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => {
            let how = status.code().map_or_else(|| "was stopped".to_owned(), |code| format!("ended with {code}"));
            Err(failed(format!("`{} {}` {how}", editor.display(), script.display())))
        }
        Err(error) => Err(failed(format!("`{}`: {}", editor.display(), reason(&error)))),
    }
}

/// The editor and its arguments: what `EDITOR` names, then `VISUAL`, then the usual ones.
fn editor() -> Option<(PathBuf, Vec<String>)> {
    let chosen = ["EDITOR", "VISUAL"].into_iter().filter_map(|name| env::var(name).ok());
    let chosen = chosen.filter_map(|text| found(&text));
    let mut usual = USUAL.iter().filter_map(|name| found(name));
    chosen.chain(std::iter::from_fn(|| usual.next())).next()
}

/// The program of a command line, which may be a path with spaces in it, and its arguments.
fn found(text: &str) -> Option<(PathBuf, Vec<String>)> {
    if let Some(program) = on_path(text) {
        return Some((program, Vec::new()));
    }
    let mut words = text.split_whitespace().map(str::to_owned);
    let program = on_path(&words.next()?)?;
    Some((program, words.collect()))
}

fn on_path(name: &str) -> Option<PathBuf> {
    if name.is_empty() {
        return None;
    }
    let path = Path::new(name);
    if path.components().count() > 1 || path.exists() {
        return path.exists().then(|| path.to_owned());
    }
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(name)).find(|program| program.is_file())
}
