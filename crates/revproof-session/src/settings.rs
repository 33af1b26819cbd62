//! The settings of the workspace: those of its `revproof.toml` or `pyproject.toml`, and over them those of the page.

use std::collections::BTreeMap;
use std::sync::Arc;

use revproof_core::config::{self, Config, Rows};
use revproof_core::lint::Selection;
use revproof_core::schema::Dialect;
use revproof_messages::{Rows as PageRows, Workspace};

use super::input::{Files, parent};

/// The settings of a workspace, or what is wrong with them.
pub(crate) fn settings(workspace: &Workspace, files: &Files) -> Result<Config, String> {
    let (mut config, folder) = in_files(&files.0)?;
    if let Some(name) = &workspace.dialect {
        config.dialect = Some(name.parse::<Dialect>()?);
    }
    config.rows = match &workspace.rows {
        PageRows::None => Rows::None,
        PageRows::Own(sql) => Rows::File { path: "the rows of the page".to_owned(), sql: sql.as_str().into() },
        PageRows::Seeded => of_file(config.rows, &folder, files)?,
    };
    Selection::of(&config).map_err(|unknown| unknown.to_string())?;
    Ok(config)
}

/// The settings in the file that stands highest, and the folder of that.
fn in_files(files: &BTreeMap<String, Arc<str>>) -> Result<(Config, String), String> {
    let is_ours = |path: &str| matches!(name(path), "revproof.toml" | "pyproject.toml");
    let mut candidates: Vec<(&String, &Arc<str>)> = files.iter().filter(|(path, _)| is_ours(path)).collect();
    candidates.sort_by_key(|(path, _)| (path.matches('/').count(), parent(path), name(path) != "revproof.toml"));
    for (path, text) in candidates {
        let read = match name(path) {
            "revproof.toml" => config::parse(text).map(Some),
            _ => config::parse_pyproject(text),
        };
        match read {
            Ok(Some(config)) => return Ok((config, parent(path).to_owned())),
            Ok(None) => {}
            Err(error) => return Err(format!("{path}:{}: {}", error.line, error.message)),
        }
    }
    Ok((Config::default(), String::new()))
}

/// The rows with the text of their file, where they are those of one.
fn of_file(rows: Rows, folder: &str, files: &Files) -> Result<Rows, String> {
    let Rows::File { path, .. } = rows else { return Ok(rows) };
    let whole = if folder.is_empty() { path.clone() } else { format!("{folder}/{path}") };
    match files.0.get(&whole) {
        Some(sql) => Ok(Rows::File { sql: sql.clone(), path }),
        None => Err(format!(
            "`rows = \"{path}\"` names a file that is not among these: add `{whole}`, or say `seeded` or `none`"
        )),
    }
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
