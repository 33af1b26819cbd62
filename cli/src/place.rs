//! [`Place`]: the path that the user gave, as a folder of a file tree and a path in it.

use std::env;
use std::path::{Component, Path, PathBuf};

use anyhow::{Result, bail};

use crate::output::reason;

/// The folder that a bare command looks at first.
pub(crate) const DEFAULT: &str = "migrations";

/// Files that stand in the root folder of a project.
const MARKS: [&str; 5] = ["alembic.ini", "pyproject.toml", "revproof.toml", "setup.cfg", "setup.py"];

/// Where to look, and how to speak of it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The root of the file tree: the project's folder, so that scripts find the modules that they import.
    pub(crate) root: PathBuf,
    /// The path in it, with `/` between its parts.
    pub(crate) path: String,
    /// The same path on the disk.
    pub(crate) target: PathBuf,
    /// The working directory, where the user named the path from there.
    here: Option<PathBuf>,
}

impl Place {
    /// The place of the path given, or of the default one. A section of alembic.ini that is named says itself where the
    /// scripts are, so it is looked for from the working directory.
    pub(crate) fn find(given: Option<&Path>, section: Option<&str>) -> Result<Self> {
        let usual = section.is_none() && Path::new(DEFAULT).is_dir();
        let default = if usual { Path::new(DEFAULT) } else { Path::new(".") };
        let given = given.unwrap_or(default);
        let target = match given.canonicalize() {
            Ok(target) => target,
            Err(error) => bail!("cannot look into `{}`: {}", given.display(), reason(&error)),
        };
        let root = root(&target);
        let path = target.strip_prefix(&root).map(slashed).unwrap_or_default();
        let here = env::current_dir().and_then(|here| here.canonicalize()).ok().filter(|_| given.is_relative());
        Ok(Self { root, path, target, here })
    }

    /// A path of the tree, from the root of the file system.
    pub(crate) fn absolute(&self, path: &str) -> String {
        self.root.join(path).display().to_string()
    }

    /// A path that the user typed, as a path of the tree; `None` where it stands outside of it.
    pub(crate) fn inside(&self, typed: &Path) -> Option<String> {
        let whole = std::path::absolute(typed).ok()?;
        let mut plain = PathBuf::new();
        for part in whole.components() {
            match part {
                Component::ParentDir => _ = plain.pop(),
                part => plain.push(part),
            }
        }
        let plain = plain.canonicalize().unwrap_or(plain);
        plain.strip_prefix(&self.root).ok().map(slashed)
    }

    /// A path of the tree, as the user would name it; empty for the working directory.
    pub(crate) fn shown(&self, path: &str) -> String {
        let whole = if path.is_empty() { self.root.clone() } else { self.root.join(path) };
        self.here.as_ref().map_or_else(|| slashed(&whole), |here| seen_from(here, &whole))
    }
}

/// The project's folder: the one with `.git` above the target, else the highest that looks like a project's, else
/// the one above the target.
fn root(target: &Path) -> PathBuf {
    let folder = if target.is_dir() { target } else { target.parent().unwrap_or(target) };
    let above = || folder.ancestors().filter(|f| f.parent().is_some());
    let repository = above().find(|f| f.join(".git").exists());
    let project = || above().filter(|f| MARKS.iter().any(|mark| f.join(mark).is_file())).last();
    let parent = folder.parent().filter(|p| p.parent().is_some());
    let root = repository.map(Path::to_owned).or_else(|| {
        let project = project()?;
        // A migrations folder holds an alembic.ini of its own; its models are beside it.
        Some(if project == folder { parent.unwrap_or(folder).to_owned() } else { project.to_owned() })
    });
    let root = root.unwrap_or_else(|| parent.unwrap_or(folder).to_owned());
    // Scripts inside a package import it by its name, which only the folder above it knows.
    let outside = root.ancestors().find(|f| !f.join("__init__.py").is_file() && f.parent().is_some());
    outside.map_or_else(|| root.clone(), Path::to_owned)
}

/// The path as seen from the folder `here`.
fn seen_from(here: &Path, path: &Path) -> String {
    let shared = here.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = here.components().skip(shared).map(|_| "..".to_owned());
    let down = path.components().skip(shared).map(|c| c.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// A path with `/` between its parts.
pub(crate) fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().filter(|c| !matches!(c, Component::RootDir)).collect();
    let parts: Vec<_> = parts.iter().map(|c| c.as_os_str().to_string_lossy()).collect();
    let root = if path.has_root() && !cfg!(windows) { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}
