//! [`Disk`]: a folder of the disk as a [`FileTree`]. Files are read when they are first asked for, and once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use revproof_core::source::{Entry, FileTree, Read};

use crate::output::reason;
use crate::progress::Counters;

/// The largest file that is read, in bytes.
const LIMIT: u64 = 20 * 1024 * 1024;

/// Folders that never hold revision scripts of a project, however many files they have.
const SKIPPED: [&str; 13] = [
    ".eggs",
    ".git",
    ".hg",
    ".mypy_cache",
    ".nox",
    ".pytest_cache",
    ".revproof",
    ".ruff_cache",
    ".tox",
    ".venv",
    "__pycache__",
    "node_modules",
    "venv",
];

/// A folder of the disk.
pub(crate) struct Disk {
    root: PathBuf,
    files: RefCell<HashMap<String, Read>>,
    folders: RefCell<HashMap<String, Vec<Entry>>>,
    counters: Arc<Counters>,
}

impl Disk {
    /// The tree under `root`, which counts the files that are read.
    pub(crate) fn new(root: PathBuf, counters: Arc<Counters>) -> Self {
        Self { root, files: RefCell::default(), folders: RefCell::default(), counters }
    }

    /// The path on the disk; `None` where it leads out of the tree.
    fn locate(&self, path: &str) -> Option<PathBuf> {
        let leads_out = path.starts_with('/') || path.split('/').any(|part| part == ".." || part.contains('\0'));
        (!leads_out).then(|| self.root.join(path))
    }

    /// Whether a link to a folder leads back to a folder that it is in.
    fn is_loop(&self, folder: &str, link: &Path) -> bool {
        let Ok(target) = link.canonicalize() else { return true };
        let above = folder.char_indices().filter(|(_, c)| *c == '/').map(|(at, _)| &folder[..at]);
        let mut above = above.chain(["", folder]);
        above.any(|f| self.root.join(f).canonicalize().is_ok_and(|f| f == target))
    }
}

impl FileTree for Disk {
    fn read(&self, path: &str) -> Read {
        if let Some(known) = self.files.borrow().get(path) {
            return known.clone();
        }
        let read = self.locate(path).map_or(Read::Missing, |file| read(&file));
        self.counters.read.fetch_add(1, Ordering::Relaxed);
        self.files.borrow_mut().insert(path.to_owned(), read.clone());
        read
    }

    fn list(&self, folder: &str) -> Vec<Entry> {
        if let Some(known) = self.folders.borrow().get(folder) {
            return known.clone();
        }
        let entries = self.locate(folder).and_then(|path| fs::read_dir(path).ok()).into_iter().flatten().flatten();
        let mut entries: Vec<Entry> = entries.filter_map(|entry| self.entry(folder, &entry)).collect();
        entries.sort();
        self.folders.borrow_mut().insert(folder.to_owned(), entries.clone());
        entries
    }
}

impl Disk {
    fn entry(&self, folder: &str, entry: &fs::DirEntry) -> Option<Entry> {
        // A name that is not UTF-8 can't be spoken of; no script of a project has one.
        let name = entry.file_name().into_string().ok()?;
        let kind = entry.file_type().ok()?;
        let path = entry.path();
        let is_dir = if kind.is_symlink() { fs::metadata(&path).is_ok_and(|m| m.is_dir()) } else { kind.is_dir() };
        let skipped = || SKIPPED.contains(&name.as_str()) || path.join("pyvenv.cfg").exists();
        if is_dir && (skipped() || kind.is_symlink() && self.is_loop(folder, &path)) {
            return None;
        }
        Some(Entry { name, is_dir })
    }
}

fn read(file: &Path) -> Read {
    let meta = match fs::metadata(file) {
        Ok(meta) => meta,
        Err(_) if fs::symlink_metadata(file).is_err() => return Read::Missing,
        Err(error) => return Read::Unusable(reason(&error)),
    };
    if meta.is_dir() {
        return Read::Missing;
    }
    // A pipe or a device would keep the reader waiting.
    if !meta.is_file() {
        return Read::Unusable("not a regular file".to_owned());
    }
    if meta.len() > LIMIT {
        return Read::Unusable(format!("{} MB, over the limit of {} MB", meta.len() >> 20, LIMIT >> 20));
    }
    match fs::read(file).map(String::from_utf8) {
        Ok(Ok(text)) => Read::Text(text.strip_prefix('\u{feff}').map_or_else(|| text.as_str().into(), Arc::from)),
        Ok(Err(error)) => Read::Unusable(not_utf8(error.as_bytes(), error.utf8_error().valid_up_to())),
        Err(error) => Read::Unusable(reason(&error)),
    }
}

fn not_utf8(bytes: &[u8], valid: usize) -> String {
    let line = bytes.iter().take(valid).filter(|b| **b == b'\n').count() + 1;
    format!("not UTF-8: line {line} holds a byte that is none")
}
