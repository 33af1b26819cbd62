//! The file name of a new script.

use super::{DraftError, Moment, Request};
use crate::alembic::{Modules, ScriptOptions, python_literal, render_template};
use crate::directory::ScriptDirectory;

const DEFAULT_TEMPLATE: &str = "%(rev)s_%(slug)s";
const DEFAULT_LENGTH: usize = 40;

/// The file name, which may have folders in it.
pub(super) fn file(
    directory: &ScriptDirectory<'_>,
    options: &ScriptOptions,
    request: &Request,
    now: Moment,
) -> Result<String, DraftError> {
    let length = match options.truncate_slug_length.as_deref().map(str::trim) {
        None => DEFAULT_LENGTH,
        Some(text) => match text.trim_matches('"').parse() {
            Ok(0) => DEFAULT_LENGTH,
            Ok(length) => length,
            Err(_) => {
                return DraftError::refused(
                    format!("`truncate_slug_length = {text}` is no number"),
                    "give it a number of characters, as in `truncate_slug_length = 40`",
                );
            }
        },
    };
    let slug = slug(request.message.as_deref().unwrap_or_default(), length);
    let template = options.file_template.as_deref().unwrap_or(DEFAULT_TEMPLATE);
    let file = fill(template, &request.rev_id, &slug, now, &directory.modules).map_err(|why| DraftError::Refused {
        sentence: format!("`file_template = {template}` makes no file name: {why}"),
        help:
            "it may hold %(rev)s, %(slug)s, %(epoch)s, %(year)d, %(month).2d, %(day).2d, %(hour).2d, %(minute).2d and \
               %(second).2d, each `%` of which is doubled in alembic.ini"
                .to_owned(),
    })?;
    let leads_out = file.starts_with('/') || file.split(['/', '\\']).any(|part| part == "..") || file.contains('\0');
    if leads_out {
        return DraftError::refused(
            format!("`file_template = {template}` makes {file}, which is outside of the version folder"),
            "let it name a file in the version folder",
        );
    }
    let folders = file.contains('/');
    if folders && !directory.project.recursive {
        return DraftError::refused(
            format!("`file_template = {template}` makes {file}, in a folder that Alembic would not look into"),
            "set `recursive_version_locations = true`",
        );
    }
    Ok(format!("{file}.py"))
}

/// The words of a message, in lower case, with `_` between them; a long one ends at a word, and with `_`.
pub(super) fn slug(message: &str, length: usize) -> String {
    // Python's `\w`: letters, numbers and `_`, no marks.
    let is_word = |c: char| c == '_' || c.is_numeric() || c.is_alphabetic() && !is_mark(c);
    let words: Vec<&str> = message.split(|c| !is_word(c)).filter(|word| !word.is_empty()).collect();
    let slug = words.join("_").to_lowercase();
    if slug.chars().count() <= length {
        return slug;
    }
    let cut: String = slug.chars().take(length).collect();
    let kept = cut.rsplit_once('_').map_or(cut.as_str(), |(kept, _)| kept);
    format!("{kept}_")
}

/// Whether a character that Unicode counts among the alphabetic ones is a mark, which is no letter for Python.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && unicode_normalization::char::is_combining_mark(c)
}

/// The template, filled in as Python's `%` does it.
fn fill(template: &str, rev: &str, slug: &str, now: Moment, modules: &Modules<'_>) -> Result<String, String> {
    let numbers = [
        ("epoch", now.epoch),
        ("year", i64::from(now.year)),
        ("month", i64::from(now.month)),
        ("day", i64::from(now.day)),
        ("hour", i64::from(now.hour)),
        ("minute", i64::from(now.minute)),
        ("second", i64::from(now.second)),
    ];
    let numbers: Vec<String> = numbers.iter().map(|(name, number)| format!("'{name}': {number}")).collect();
    let values =
        format!("{{'rev': {}, 'slug': {}, {}}}", python_literal(rev), python_literal(slug), numbers.join(", "));
    let names = [("template".to_owned(), python_literal(template)), ("values".to_owned(), values)];
    render_template("${template % values}", &names, modules).map_err(|error| error.message)
}
