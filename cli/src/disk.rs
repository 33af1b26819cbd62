//! [`Disk`]: a folder of the disk as a [`FileTree`]. Files are read when they are first asked for, and once.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use revproof_core::source::{Entry, FileTree, Read};

use crate::output::reason;
use crate::parallel;
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

/// How long a file must have been left alone for its time to tell that nothing has been written since: two changes within a
/// tick of the clock look like one.
const SETTLED: Duration = Duration::from_secs(2);

/// A folder of the disk.
pub(crate) struct Disk {
    root: PathBuf,
    files: RefCell<HashMap<String, Seen>>,
    /// What was read before, to be taken over where a file has been left alone since.
    before: HashMap<String, Seen>,
    folders: RefCell<HashMap<String, Vec<Entry>>>,
    counters: Arc<Counters>,
}

impl Disk {
    /// The tree under `root`, which counts the files that are read.
    pub(crate) fn new(root: PathBuf, counters: Arc<Counters>) -> Self {
        Self { root, files: RefCell::default(), before: HashMap::new(), folders: RefCell::default(), counters }
    }

    /// The same tree, to be looked at again.
    pub(crate) fn again(self) -> Self {
        Self { before: self.files.into_inner(), ..Self::new(self.root, self.counters) }
    }

    /// The files that were asked for and say something else than when they were last read, by path.
    pub(crate) fn changed(&self) -> Vec<String> {
        let files = self.files.borrow();
        let is_changed = |(path, seen): &(&String, &Seen)| self.before.get(*path).is_some_and(|b| b.read != seen.read);
        let missing = |seen: &Seen| seen.read == Read::Missing;
        let new = files.iter().filter(|(path, seen)| !self.before.contains_key(*path) && !missing(seen));
        let gone = self.before.iter().filter(|(path, seen)| !files.contains_key(*path) && !missing(seen));
        let mut changed: Vec<String> =
            files.iter().filter(is_changed).chain(new).chain(gone).map(|(path, _)| path.clone()).collect();
        changed.sort();
        changed
    }

    /// The folders of the disk in which something may change what was read or listed: those that there are, and above
    /// those that there are not the nearest one that there is.
    pub(crate) fn watched(&self) -> BTreeSet<PathBuf> {
        let files = self.files.borrow();
        let parents = files.keys().map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned());
        let folders: BTreeSet<String> = self.folders.borrow().keys().cloned().chain(parents).collect();
        let there = |folder: String| {
            let place = self.locate(&folder)?;
            place.ancestors().find(|folder| folder.is_dir()).map(Path::to_owned)
        };
        folders.into_iter().filter_map(there).collect()
    }

    fn look(&self, path: &str) -> Seen {
        Eye { root: &self.root, before: &self.before }.look(path)
    }

    fn locate(&self, path: &str) -> Option<PathBuf> {
        locate(&self.root, path)
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
            return known.read.clone();
        }
        let seen = self.look(path);
        let read = seen.read.clone();
        self.counters.read.fetch_add(1, Ordering::Relaxed);
        self.files.borrow_mut().insert(path.to_owned(), seen);
        read
    }

    fn read_all(&self, paths: &[String]) -> Vec<Read> {
        let known = self.files.borrow();
        let new: Vec<&String> = paths.iter().filter(|path| !known.contains_key(*path)).collect();
        drop(known);
        let eye = Eye { root: &self.root, before: &self.before };
        let seen = parallel::each(&new, |path| eye.look(path));
        self.counters.read.fetch_add(new.len(), Ordering::Relaxed);
        self.files.borrow_mut().extend(new.into_iter().cloned().zip(seen));
        paths.iter().map(|path| self.read(path)).collect()
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

/// What several threads may share of a [`Disk`].
struct Eye<'a> {
    root: &'a Path,
    before: &'a HashMap<String, Seen>,
}

impl Eye<'_> {
    /// A file as it is now, or as it was read before, where it has been left alone since.
    fn look(&self, path: &str) -> Seen {
        let Some(file) = locate(self.root, path) else { return Seen { stamp: None, read: Read::Missing } };
        let meta = fs::metadata(&file);
        let stamp = meta.as_ref().ok().and_then(Stamp::of);
        let known = self.before.get(path).filter(|known| stamp.is_some() && known.stamp == stamp);
        known.cloned().unwrap_or_else(|| Seen { stamp, read: read(&file, meta) })
    }
}

/// A file as it was read.
#[derive(Clone)]
struct Seen {
    /// `None` where it can't tell whether the file has been written since.
    stamp: Option<Stamp>,
    read: Read,
}

/// What changes when a file is written.
#[derive(Clone, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: SystemTime,
    /// Which file it is and when anything of it was changed, where the system tells.
    node: Option<(u64, i64, i64)>,
}

impl Stamp {
    /// That of a file which has been left alone for a while.
    fn of(meta: &Metadata) -> Option<Self> {
        let modified = meta.modified().ok()?;
        let age = SystemTime::now().duration_since(modified).ok()?;
        (age > SETTLED).then_some(Self { length: meta.len(), modified, node: node(meta) })
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "not every system tells")]
fn node(meta: &Metadata) -> Option<(u64, i64, i64)> {
    use std::os::unix::fs::MetadataExt;
    Some((meta.ino(), meta.ctime(), meta.ctime_nsec()))
}

#[cfg(not(unix))]
fn node(_: &Metadata) -> Option<(u64, i64, i64)> {
    None
}

/// The path on the disk; `None` where it leads out of the tree.
fn locate(root: &Path, path: &str) -> Option<PathBuf> {
    let leads_out = path.starts_with('/') || path.split('/').any(|part| part == ".." || part.contains('\0'));
    (!leads_out).then(|| root.join(path))
}

fn read(file: &Path, meta: io::Result<Metadata>) -> Read {
    let meta = match meta {
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
