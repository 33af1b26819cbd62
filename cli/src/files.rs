//! New files and folders, each with the line that Alembic prints about it. Nothing that is there is ever overwritten.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Result, anyhow, bail};

use crate::output::{self, reason};

/// Makes a folder and those above it, unless it is there.
pub(crate) fn folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(path).map_err(|error| anyhow!("cannot create `{}`: {}", path.display(), reason(&error)))?;
    output::print(&format!("Creating directory {} ...  done\n", path.display()))
}

/// Writes a new file whole or not at all.
pub(crate) fn create(path: &Path, text: &str) -> Result<()> {
    write_new(path, text)?;
    output::print(&format!("Generating {} ...  done\n", path.display()))
}

/// Writes a new file whole or not at all, and says nothing.
pub(crate) fn write_new(path: &Path, text: &str) -> Result<()> {
    let Some(name) = path.file_name() else { bail!("cannot write `{}`: it names no file", path.display()) };
    let mut hidden = std::ffi::OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}", std::process::id()));
    let temporary = path.with_file_name(hidden);
    let whole = fs::write(&temporary, text).and_then(|()| match fs::hard_link(&temporary, path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            // Some file systems have no links. What is written in place may be cut short, but takes nothing away.
            OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(path)
                .and_then(|mut file| file.write_all(text.as_bytes()))
        }
        linked => linked,
    });
    _ = fs::remove_file(&temporary);
    whole.map_err(|error| anyhow!("cannot write `{}`: {}", path.display(), reason(&error)))
}
