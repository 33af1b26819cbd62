//! The version folder of a new script.

use super::place::Place;
use super::{DraftError, Request};
use crate::alembic;
use crate::directory::ScriptDirectory;

/// The folder: the one that was asked for, the only one, or that of the first parent.
pub(super) fn choose(directory: &ScriptDirectory<'_>, request: &Request, place: &Place) -> Result<String, DraftError> {
    let known = &directory.project.version_locations;
    let (typed, path) = if let Some(asked) = &request.version_path {
        asked.clone()
    } else {
        let folder = usual(directory, place)?;
        (folder.clone(), Some(folder))
    };
    match path.filter(|path| known.contains(path)) {
        Some(path) => Ok(path),
        None => DraftError::refused(
            format!("Path {typed} is not represented in current version locations"),
            format!("give `--version-path` one of {}, or add the folder to `version_locations`", listed(known)),
        ),
    }
}

/// The folder where none was asked for.
fn usual(directory: &ScriptDirectory<'_>, place: &Place) -> Result<String, DraftError> {
    let known = &directory.project.version_locations;
    if let [only] = known.as_slice() {
        return Ok(only.clone());
    }
    let Some(parent) = place.down.first().and_then(|id| directory.scripts.get(id.0 as usize)) else {
        return DraftError::refused(
            "Multiple version locations present, please specify --version-path",
            format!("give `--version-path` one of {}", listed(known)),
        );
    };
    // A script's path is told from the project's root where it stands there.
    let inside = alembic::child(&directory.project.root, &parent.path);
    let folders = [alembic::parent(&inside), alembic::parent(&parent.path)];
    let found = folders.iter().find(|folder| known.iter().any(|known| known == **folder));
    Ok(found.unwrap_or(&folders[0]).to_string())
}

fn listed(folders: &[String]) -> String {
    folders.iter().map(|folder| format!("`{folder}`")).collect::<Vec<_>>().join(", ")
}
