//! What `history`, `heads`, `branches` and `show` share: the folder, its refusal, and the formats.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::Result;
use clap::ValueEnum;
use revproof_core::alembic::{Keep, Script};
use revproof_core::history::{Problem, ResolveError, RevisionId};
use revproof_core::listing::{Listing, Shape, docstring, refusal};
use serde_json::{Value, json};

use crate::args::DirectoryArgs;
use crate::migrations::{self, Migrations};
use crate::output;
use crate::refusal::Refusal;

/// A format of revisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ListFormat {
    /// As Alembic prints it
    #[default]
    Text,
    /// One object per line and revision
    Json,
}

/// The revisions that a command lists.
pub(crate) struct Listed {
    pub(crate) revisions: Vec<RevisionId>,
    /// The version rows, where they are to be marked.
    pub(crate) current: Vec<RevisionId>,
}

impl From<Vec<RevisionId>> for Listed {
    fn from(revisions: Vec<RevisionId>) -> Self {
        Self { revisions, current: Vec::new() }
    }
}

/// Prints the revisions that `choose` finds in the folder: as text of that shape, or as JSON.
pub(crate) fn run<C>(
    args: &DirectoryArgs,
    format: ListFormat,
    verbose: bool,
    choose: C,
    shape: Shape,
) -> Result<ExitCode>
where
    C: FnOnce(&Migrations<'_>) -> Result<Listed> + Send + 'static,
{
    let printed = migrations::with_keeping(Keep::Headers, args, move |migrations| {
        usable(migrations)?;
        let Listed { revisions, current } = choose(migrations)?;
        let path = |script: &Script| migrations.absolute(script);
        let listing = Listing { directory: migrations.directory, current: &current, path: &path, verbose };
        Ok(match format {
            ListFormat::Text => listing.text(shape, &revisions),
            ListFormat::Json => objects(migrations, &revisions, &current),
        })
    })?;
    output::print(&printed)?;
    Ok(ExitCode::SUCCESS)
}

/// Refuses to work on scripts on which Alembic would refuse every command; says what Alembic warns of.
pub(crate) fn usable(migrations: &Migrations<'_>) -> Result<()> {
    let directory = migrations.directory;
    if let Some(refused) = refusal(directory, migrations.sources) {
        return Err(Refusal::error(refused.sentence, refused.help));
    }
    for problem in &directory.problems {
        let Problem::Duplicate { kept, .. } = problem else { continue };
        let Some(script) = directory.scripts.get(*kept) else { continue };
        let (revision, file) = (&script.revision, migrations.shown(script));
        output::warn(&format!("Revision {revision} is present more than once; the one in {file} counts"));
    }
    Ok(())
}

/// A revision, a target or a range that can't be found, with what there is instead.
pub(crate) fn unresolved(error: &ResolveError, migrations: &Migrations<'_>) -> anyhow::Error {
    Refusal::error(error.to_string(), help(error, migrations))
}

fn help(error: &ResolveError, migrations: &Migrations<'_>) -> String {
    let history = &migrations.directory.history;
    match error {
        ResolveError::NotFound { candidates, .. } if !candidates.is_empty() => {
            format!("it is the beginning of {}: give more of one", candidates.join(", "))
        }
        ResolveError::NotFound { argument, .. } => {
            let names = || history.nodes.iter().flat_map(|node| node.labels.iter().chain([&node.name]).map(|n| &**n));
            match revproof_core::config::nearest(argument, names()) {
                Some(near) => format!("did you mean `{near}`? `revproof history` lists what there is"),
                None => "`revproof history` lists what there is".to_owned(),
            }
        }
        ResolveError::MultipleHeads { heads, .. } | ResolveError::MultipleStampHeads { heads } => {
            format!("say `heads` for all, or name one of {}; `revproof merge heads` makes them one", heads.join(", "))
        }
        ResolveError::Overlap { .. } => "name one of them only: the newer one brings the older one along".to_owned(),
        ResolveError::NotARange { .. } => {
            "give the older revision first, as in `-r OLDER:NEWER`, both on one branch; `revproof graph` shows the branches"
                .to_owned()
        }
        ResolveError::AmbiguousWalk | ResolveError::AmbiguousUpgrade => {
            "several ways lead there: name the revision, or the branch as in `LABEL@+1`".to_owned()
        }
        ResolveError::NotApplied { .. } => {
            "it is not among what is applied: `revproof current` says where the database is, `revproof upgrade` goes up"
                .to_owned()
        }
        ResolveError::NotOnBranch => {
            "that branch has nothing to take back: `revproof current` says what is applied".to_owned()
        }
        ResolveError::RelativeTooFar { .. } | ResolveError::WalkedTooFar | ResolveError::Assertion { .. } => {
            "the history ends before that, or goes the other way: upgrade takes `+N` or `head`, downgrade `-N` or \
             `base`; `revproof history` shows the steps"
                .to_owned()
        }
    }
}

/// Revisions as lines of JSON.
fn objects(migrations: &Migrations<'_>, revisions: &[RevisionId], current: &[RevisionId]) -> String {
    revisions.iter().filter_map(|id| object(migrations, *id, current)).fold(String::new(), |mut out, object| {
        _ = writeln!(out, "{object}");
        out
    })
}

/// A revision under the keys that a report uses too, with its place in the graph.
pub(crate) fn object(migrations: &Migrations<'_>, id: RevisionId, current: &[RevisionId]) -> Option<Value> {
    let directory = migrations.directory;
    let node = directory.history.get(id)?;
    let script = directory.scripts.get(id.0 as usize)?;
    let children: Vec<_> = node.children.iter().map(|id| directory.history.name(*id)).collect();
    let mut object = json!({
        "revision": script.revision,
        "down_revision": script.down_revision,
        "depends_on": script.depends_on,
        "branch_labels": script.branch_labels,
        "message": script.message,
        "doc": docstring(script),
        "create_date": script.create_date,
        "file": migrations.shown(script),
        "branches": node.branches,
        "children": children,
        "head": node.children.is_empty(),
        "branch_point": node.is_branch_point(),
        "merge_point": node.is_merge_point(),
    });
    if !current.is_empty() {
        object.as_object_mut()?.insert("current".to_owned(), json!(current.contains(&id)));
    }
    Some(object)
}
