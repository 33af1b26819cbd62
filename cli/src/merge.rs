//! `revproof merge`.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use revproof_core::draft::Request;
use revproof_core::replay::{Subject, commute};

use crate::args::DirectoryArgs;
use crate::migrations::{self, Migrations};
use crate::{clock, listing, revision};

/// The arguments of `merge`.
#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    #[command(flatten)]
    directory: DirectoryArgs,
    /// The revisions to merge, or `heads` for all heads
    #[arg(value_name = "REV", default_value = "heads", allow_negative_numbers = true)]
    revisions: Vec<String>,
    /// What the revision is for: its message, and the second half of the file's name
    #[arg(long, short, value_name = "TEXT")]
    message: Option<String>,
    /// A label for the branch that begins here
    #[arg(long, value_name = "LABEL")]
    branch_label: Option<String>,
    /// The identifier of the revision [default: twelve random digits]
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    rev_id: Option<String>,
    /// Merge revisions that others go on from already
    #[arg(long)]
    splice: bool,
}

/// Says whether the branches commute, and writes a script that makes them one.
pub(crate) fn run(args: MergeArgs) -> Result<ExitCode> {
    let MergeArgs { directory, revisions, message, branch_label, rev_id, splice } = args;
    migrations::with(&directory, move |migrations| {
        listing::usable(migrations)?;
        let request = Request {
            rev_id: rev_id.unwrap_or_else(clock::rev_id),
            message,
            heads: revisions,
            splice,
            branch_label,
            is_merge: true,
            ..Request::default()
        };
        let draft = revision::drafted(migrations, &request)?;
        if let Some(said) = order(migrations, &request.heads) {
            _ = writeln!(io::stderr(), "{said}");
        }
        revision::write(migrations, &draft)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Whether it matters which branch is applied first; nothing where there is one only.
fn order(migrations: &Migrations<'_>, symbols: &[String]) -> Option<String> {
    let history = &migrations.directory.history;
    let ends: Vec<_> = symbols.iter().filter_map(|symbol| history.resolve(symbol).ok()).flatten().collect();
    if ends.len() < 2 {
        return None;
    }
    let subject = Subject::new(migrations.directory, migrations.sources, migrations.config);
    // What holds of all databases of the project: one of them is enough for a warning.
    let answers: Vec<_> = migrations.databases.iter().map(|on| commute(&subject.on(on), &ends)).collect();
    let weight = |answer: &&Option<(Option<bool>, Vec<String>)>| match answer {
        Some((Some(false), _)) => 3,
        Some((None, _)) => 2,
        None => 1,
        Some((Some(true), _)) => 0,
    };
    let answer = answers.iter().max_by_key(weight).cloned().flatten();
    Some(match answer {
        Some((Some(true), _)) => {
            "note: the branches commute: whichever is applied first, the schema is the same".to_owned()
        }
        Some((Some(false), differences)) => {
            format!("warning: the branches do not commute: {}", differences.join("; "))
        }
        Some((None, _)) => {
            "warning: whether the branches commute is not known: an upgrade of theirs is not proved, as \
                            `revproof check` explains"
                .to_owned()
        }
        None => "warning: whether the branches commute was not tried: they are long, or what they share does not come \
                 before both"
            .to_owned(),
    })
}
