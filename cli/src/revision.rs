//! `revproof revision`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use revproof_core::alembic::script_options;
use revproof_core::draft::{Draft, DraftError, Request, draft};

use crate::args::DirectoryArgs;
use crate::migrations::{self, Migrations};
use crate::refusal::Refusal;
use crate::{autogenerate, clock, files, listing};

/// The arguments of `revision`.
#[derive(Debug, Args)]
pub(crate) struct RevisionArgs {
    #[command(flatten)]
    directory: DirectoryArgs,
    /// What the revision is for: its message, and the second half of the file's name
    #[arg(long, short, value_name = "TEXT")]
    message: Option<String>,
    /// The revision to go on from, as `history` names it, or `base` for a new line [default: the head]
    #[arg(long, value_name = "REV", allow_hyphen_values = true)]
    head: Option<String>,
    /// Go on from a revision that others go on from already
    #[arg(long)]
    splice: bool,
    /// A label for the branch that begins here
    #[arg(long, value_name = "LABEL")]
    branch_label: Option<String>,
    /// The version folder, where there are several
    #[arg(long, value_name = "DIR")]
    version_path: Option<PathBuf>,
    /// The identifier of the revision [default: twelve random digits]
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    rev_id: Option<String>,
    /// A revision that must be applied before; may be given several times
    #[arg(long, value_name = "REV", allow_hyphen_values = true)]
    depends_on: Vec<String>,
    /// Fill the script with what leads from the simulated database to the schema of `--against`
    #[arg(long)]
    autogenerate: bool,
    /// The dump of a database with the schema that is wanted (`pg_dump --schema-only`, `sqlite3 .schema`, `mysqldump
    /// --no-data`)
    #[arg(long, value_name = "FILE", requires = "autogenerate")]
    against: Option<PathBuf>,
}

/// Writes a new script: empty, or generated.
pub(crate) fn run(args: RevisionArgs) -> Result<ExitCode> {
    let (generate, against) = (args.autogenerate, args.against);
    let RevisionArgs { directory, message, head, splice, branch_label, version_path, rev_id, depends_on, .. } = args;
    migrations::with(&directory, move |migrations| {
        listing::usable(migrations)?;
        let version_path = version_path.map(|typed| {
            let inside = migrations.place.inside(&typed);
            (typed.to_string_lossy().into_owned(), inside)
        });
        let request = Request {
            rev_id: rev_id.unwrap_or_else(clock::rev_id),
            message,
            heads: vec![head.unwrap_or_else(|| "head".to_owned())],
            splice,
            branch_label,
            depends_on,
            version_path,
            ..Request::default()
        };
        if !generate {
            return write(migrations, &drafted(migrations, &request)?);
        }
        match autogenerate::draft(migrations, request, against.as_deref())? {
            Some(draft) => write(migrations, &draft),
            None => Ok(()),
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The script that is asked for, or why there is none.
pub(crate) fn drafted(migrations: &Migrations<'_>, request: &Request) -> Result<Draft> {
    let directory = migrations.directory;
    let options = script_options(migrations.tree, &directory.project, &migrations.place.absolute(""));
    let Some(now) = clock::now(options.timezone.as_deref()) else {
        let name = options.timezone.unwrap_or_default();
        return Err(Refusal::error(
            format!("Can't locate timezone: {name}"),
            "name one as in `timezone = Europe/Berlin`, or leave the setting out for local time",
        ));
    };
    let made = draft(directory, migrations.tree, &options, request, now);
    made.map_err(|error| match error {
        DraftError::Symbol(error) => listing::unresolved(&error, migrations),
        DraftError::Refused { sentence, help } => Refusal::error(sentence, help),
        DraftError::Template { path, error } => {
            let path = migrations.place.shown(&path);
            let at = error.line.map_or_else(String::new, |line| format!(":{line}"));
            Refusal::error(
                format!("Template rendering failed: {path}{at}: {}", error.message),
                "nothing was written; write down plainly what the template reads, change that line of it, or make this \
                 script with Alembic or `flask db revision` itself",
            )
        }
    })
}

/// Writes the script, and says what Alembic would do on top.
pub(crate) fn write(migrations: &Migrations<'_>, draft: &Draft) -> Result<()> {
    let path = migrations.place.absolute(&draft.path);
    let path = Path::new(&path);
    if path.exists() {
        return Err(Refusal::error(
            format!("File {} already exists", path.display()),
            "give another message or `--rev-id`: a script that is there is never overwritten",
        ));
    }
    for folder in &draft.folders {
        files::folder(Path::new(&migrations.place.absolute(folder)))?;
    }
    files::create(path, &draft.text)?;
    for note in &draft.notes {
        _ = writeln!(io::stderr(), "note: {note}");
    }
    Ok(())
}
