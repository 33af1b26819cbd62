//! Source text and places in it: [`SourceFile`], [`FileId`], [`Span`], and the door to the outside, [`FileTree`].
//!
//! Inside the core a place is always a byte range of one file. Lines and columns are made at the edge, where a
//! person or an editor reads them.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

/// The number of a file within one [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of UTF-8 bytes of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `file`.
    pub const fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// Whether `other` lies wholly inside this span.
    pub fn contains(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }
}

/// A place as people count: both numbers start at 1, the column counts characters (Unicode scalar values).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The character within the line, from 1.
    pub column: u32,
}

/// One file of the input.
#[derive(Clone)]
pub struct SourceFile {
    /// Its number.
    pub id: FileId,
    /// Its path as the user should see it, with `/` between the parts.
    pub path: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
    /// The byte offset at which each line starts; made when first asked for would need a lock, so it is made at once.
    lines: Arc<[u32]>,
}

impl fmt::Debug for SourceFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceFile").field("id", &self.id).field("path", &self.path).finish_non_exhaustive()
    }
}

impl SourceFile {
    pub(crate) fn new(id: FileId, path: Arc<str>, text: Arc<str>) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes());
        let mut lines = Vec::with_capacity(breaks.clone().count() + 1);
        lines.push(0);
        lines.extend(breaks.map(|at| at as u32 + 1));
        let lines = lines.into();
        Self { id, path, text, lines }
    }

    /// The line and column of a byte offset. An offset past the end is the end.
    pub fn position(&self, offset: u32) -> Position {
        let offset = (offset as usize).min(self.text.len());
        let line = self.lines.partition_point(|start| *start as usize <= offset);
        let start = line.checked_sub(1).and_then(|i| self.lines.get(i)).map_or(0, |s| *s as usize);
        let before = self.text.get(start..offset).unwrap_or_default();
        Position { line: line as u32, column: before.chars().count() as u32 + 1 }
    }

    /// The text of line `line` (from 1), without its line break; empty where there is no such line.
    pub fn line(&self, line: u32) -> &str {
        self.text.get(self.line_range(line)).unwrap_or_default()
    }

    /// The bytes of line `line` (from 1), without its line break; none, at the end, where there is no such line.
    pub fn line_range(&self, line: u32) -> Range<usize> {
        let end = self.text.len();
        let Some(start) = line.checked_sub(1).and_then(|i| self.lines.get(i as usize)) else { return end..end };
        let start = *start as usize;
        let next = self.lines.get(line as usize).map_or(end, |e| *e as usize);
        let text = self.text.get(start..next).unwrap_or_default();
        start..start + text.trim_end_matches(['\n', '\r']).len()
    }

    /// How many lines the file has; an empty file has one.
    pub fn line_count(&self) -> u32 {
        self.lines.len() as u32
    }

    /// The span of the whole file.
    pub fn span(&self) -> Span {
        Span::new(self.id, 0, self.text.len() as u32)
    }
}

/// All files that one analysis has looked at.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// In the order in which they were added.
    files: Vec<SourceFile>,
    /// The place in `files` of the file of each number.
    places: Vec<Option<u32>>,
    /// Files that were numbered elsewhere: helper modules, read while scripts run.
    attached: BTreeMap<FileId, SourceFile>,
}

impl Sources {
    /// Takes a file in and gives it its number.
    pub fn add(&mut self, path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId(self.places.len() as u32);
        self.insert(SourceFile::new(id, path.into(), text.into()));
        id
    }

    /// Takes a file in that has kept its number from an earlier analysis. Numbers then say nothing of the order.
    pub fn insert(&mut self, file: SourceFile) {
        let number = file.id.0 as usize;
        if self.places.len() <= number {
            self.places.resize(number + 1, None);
        }
        if let Some(place) = self.places.get_mut(number) {
            *place = Some(self.files.len() as u32);
        }
        self.files.push(file);
    }

    /// Takes a file in that has its number already, far from those that [`Sources::add`] gives.
    pub fn attach(&mut self, file: SourceFile) {
        self.attached.insert(file.id, file);
    }

    /// The file with that number.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.place(id).and_then(|place| self.files.get(place)).or_else(|| self.attached.get(&id))
    }

    /// What files are sorted by: those that were added in that order, then the others.
    pub fn rank(&self, id: FileId) -> (usize, FileId) {
        (self.place(id).unwrap_or(usize::MAX), id)
    }

    fn place(&self, id: FileId) -> Option<usize> {
        self.places.get(id.0 as usize).copied().flatten().map(|place| place as usize)
    }

    /// The file with that path.
    pub fn by_path(&self, path: &str) -> Option<&SourceFile> {
        self.files.iter().find(|f| &*f.path == path)
    }

    /// The files that were numbered elsewhere: modules that scripts import.
    pub fn attached(&self) -> impl Iterator<Item = &SourceFile> {
        self.attached.values()
    }

    /// All files that were added, in that order.
    pub fn iter(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter()
    }

    /// The text under a span; empty where the span lies outside its file.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).and_then(|f| f.text.get(span.start as usize..span.end as usize)).unwrap_or_default()
    }

    /// Where a span starts, as people count.
    pub fn position(&self, span: Span) -> Option<Position> {
        Some(self.get(span.file)?.position(span.start))
    }
}

/// What reading a path of a [`FileTree`] gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// Its text.
    Text(Arc<str>),
    /// There is no such file.
    Missing,
    /// There is one, but it can't be used; the sentence says why (`not UTF-8`, `51 MB, over the limit of 20 MB`).
    Unusable(String),
}

/// An entry of a folder of a [`FileTree`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its name, without the folder.
    pub name: String,
    /// Whether it is a folder.
    pub is_dir: bool,
}

/// The files of the project, as the core sees them. The CLI gives it a folder of the disk, the browser the open
/// tabs, a test a map. Paths are relative to the tree's root, with `/` between the parts, and never start with one;
/// the root itself is the empty string.
pub trait FileTree {
    /// The text of a file.
    fn read(&self, path: &str) -> Read;
    /// The texts of several files, in that order, for who can read some side by side.
    fn read_all(&self, paths: &[String]) -> Vec<Read> {
        paths.iter().map(|path| self.read(path)).collect()
    }
    /// The entries of a folder sorted by name; none where there is no such folder.
    fn list(&self, folder: &str) -> Vec<Entry>;
}

/// A file tree held in memory: path to text.
impl FileTree for BTreeMap<String, String> {
    fn read(&self, path: &str) -> Read {
        self.get(path).map_or(Read::Missing, |text| Read::Text(text.as_str().into()))
    }

    fn list(&self, folder: &str) -> Vec<Entry> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut entries: Vec<Entry> = self
            .keys()
            .filter_map(|path| path.strip_prefix(&prefix))
            .map(|rest| match rest.split_once('/') {
                Some((dir, _)) => Entry { name: dir.to_owned(), is_dir: true },
                None => Entry { name: rest.to_owned(), is_dir: false },
            })
            .collect();
        entries.sort();
        entries.dedup();
        entries
    }
}
