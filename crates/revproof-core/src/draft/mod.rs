//! [`draft()`]: a revision script that is to be written. Where it goes, what it is called and what it says, or why Alembic
//! would refuse it. Nothing is written here, and nothing is half done.

mod folder;
mod name;
mod place;
mod script;
#[cfg(test)]
mod tests;

use crate::alembic::{ScriptOptions, TemplateError};
use crate::autogenerate::Generated;
use crate::directory::ScriptDirectory;
use crate::history::ResolveError;
use crate::schema::Name;
use crate::source::FileTree;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The identifier of the new revision.
    pub rev_id: String,
    /// The message; without one the script says `empty message`.
    pub message: Option<String>,
    /// The revisions that it is based on, as symbols (`head`, `base`, `a1b2`).
    pub heads: Vec<String>,
    /// Whether a revision that is no head may be based on.
    pub splice: bool,
    /// Its branch label.
    pub branch_label: Option<String>,
    /// What it depends on, as symbols.
    pub depends_on: Vec<String>,
    /// The version folder: as it was typed, and as a path of the tree, where it is in the tree.
    pub version_path: Option<(String, Option<String>)>,
    /// Whether it is a merge, which Alembic makes without running `env.py` for its code.
    pub is_merge: bool,
    /// The database that the generated operations are for, where the project has several.
    pub database: Option<Name>,
    /// What its functions do, where that is generated.
    pub generated: Option<Generated>,
}

/// A moment of the clock, in the time zone that the settings name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The year.
    pub year: i16,
    /// The month, from 1.
    pub month: i8,
    /// The day, from 1.
    pub day: i8,
    /// The hour.
    pub hour: i8,
    /// The minute.
    pub minute: i8,
    /// The second.
    pub second: i8,
    /// The microsecond.
    pub microsecond: i32,
    /// The seconds between it and UTC, where the settings name a zone.
    pub offset: Option<i32>,
    /// The seconds since 1970 in UTC.
    pub epoch: i64,
}

/// A script that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its file, as a path of the tree.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The folders that must be there first, in order.
    pub folders: Vec<String>,
    /// What Alembic would do on top and is not done here, as sentences.
    pub notes: Vec<String>,
}

/// Why there is no script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftError {
    /// A symbol that names no revision, or several.
    Symbol(ResolveError),
    /// Alembic would refuse it, or write something that it can't use itself.
    Refused {
        /// Alembic's sentence, where it has one.
        sentence: String,
        /// What to type instead.
        help: String,
    },
    /// The template can't be rendered.
    Template {
        /// The template, as a path of the tree.
        path: String,
        /// Why.
        error: TemplateError,
    },
}

impl DraftError {
    fn refused<T>(sentence: impl Into<String>, help: impl Into<String>) -> Result<T, Self> {
        Err(Self::Refused { sentence: sentence.into(), help: help.into() })
    }
}

/// The script that is asked for.
pub fn draft(
    directory: &ScriptDirectory<'_>,
    tree: &dyn FileTree,
    options: &ScriptOptions,
    request: &Request,
    now: Moment,
) -> Result<Draft, DraftError> {
    let place = place::find(directory, request)?;
    let version = folder::choose(directory, request, &place)?;
    place::may_be_based_on(directory, request, &place)?;
    place::names_are_free(directory, request)?;
    if options.sourceless {
        return DraftError::refused(
            "`sourceless = true` lets Alembic load compiled scripts, which can't be read here, so a new one may not fit",
            "set `sourceless = false`, or write the script with Alembic itself",
        );
    }
    let file = name::file(directory, options, request, now)?;
    let path = crate::alembic::child(&version, &file);
    let text = script::write(directory, tree, options, request, &place, now)?;
    script::is_usable(directory, request, &path, &text)?;
    let mut folders = Vec::new();
    if options.lists_version_locations {
        folders.push(version);
    }
    folders.push(crate::alembic::parent(&path).to_owned());
    folders.dedup();
    Ok(Draft { path, text, folders, notes: notes(options, request) })
}

/// What Alembic runs around a new script.
fn notes(options: &ScriptOptions, request: &Request) -> Vec<String> {
    let mut notes = Vec::new();
    if options.revision_environment && !request.is_merge {
        notes.push(
            "`revision_environment` is set, but env.py is not run here: what its hooks would add is not in the script"
                .to_owned(),
        );
    }
    if !options.hooks.is_empty() {
        notes.push(format!("the hooks of the settings are not run: {}", options.hooks.join(", ")));
    }
    notes
}
