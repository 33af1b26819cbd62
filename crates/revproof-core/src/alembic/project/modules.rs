//! [`Modules`]: the project files that scripts import.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Project, path};
use crate::python::{Module, ModuleLoader, parse};
use crate::source::{FileId, FileTree, Read, SourceFile};

/// Files of the project that are read while scripts run have numbers from here on, far from those of the scripts.
const FIRST_FILE: u32 = 1 << 30;

/// How many numbers each chain of an input has for its helper modules.
const FILES_PER_CHAIN: u32 = 1 << 16;

/// The modules of a project, read when a script first imports them.
pub struct Modules<'t> {
    tree: &'t dyn FileTree,
    roots: Vec<String>,
    /// The project's own folder. Every folder above it may be the package that scripts import.
    location: String,
    /// The number of the first file that is read.
    first: u32,
    read: RefCell<Loaded>,
    /// The texts of modules that count instead of those in the tree, by name.
    then: RefCell<BTreeMap<Arc<str>, Arc<str>>>,
    /// How many numbers have been drawn.
    drawn: Cell<u64>,
    /// Which names were asked for as packages, and whether they are any.
    packages: RefCell<FxHashMap<Rc<str>, bool>>,
}

/// How far the modules of a project have been used: a point of a replay that a later one may begin again from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    drawn: u64,
    files: usize,
}

impl Mark {
    /// Whether no module was read between this mark and a later one.
    pub fn reads_nothing_until(self, later: Self) -> bool {
        self.files == later.files
    }
}

/// What scripts were told of the modules of a project. As long as it holds, they would be told the same again.
#[derive(Clone, Default)]
pub struct Answers {
    roots: Vec<String>,
    location: String,
    first: u32,
    read: Loaded,
    packages: FxHashMap<Rc<str>, bool>,
    drawn: u64,
}

impl Answers {
    /// Where the modules stood when the last of them was given.
    pub fn end(&self) -> Mark {
        Mark { drawn: self.drawn, files: self.read.files.len() }
    }
}

#[derive(Clone, Default)]
struct Loaded {
    modules: FxHashMap<Rc<str>, Option<Module>>,
    names: FxHashMap<FileId, Rc<str>>,
    files: Vec<SourceFile>,
    /// Which file a name stands for.
    places: FxHashMap<Rc<str>, usize>,
    /// The names that were asked for and found since this was last asked.
    used: BTreeSet<Rc<str>>,
}

impl fmt::Debug for Modules<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Modules").field("roots", &self.roots).finish_non_exhaustive()
    }
}

impl<'t> Modules<'t> {
    /// The modules under the roots of a project, which is the `chain`-th (from 0) of its input.
    pub fn new(tree: &'t dyn FileTree, project: &Project, chain: usize) -> Self {
        Self {
            tree,
            roots: project.module_roots.clone(),
            location: project.root.clone(),
            first: FIRST_FILE.saturating_add((chain as u32).saturating_mul(FILES_PER_CHAIN)),
            read: RefCell::default(),
            then: RefCell::default(),
            drawn: Cell::new(0),
            packages: RefCell::default(),
        }
    }

    /// How far they have been used.
    pub fn mark(&self) -> Mark {
        Mark { drawn: self.drawn.get(), files: self.read.borrow().files.len() }
    }

    /// All that scripts have been told so far.
    pub fn answers(&self) -> Answers {
        Answers {
            roots: self.roots.clone(),
            location: self.location.clone(),
            first: self.first,
            read: self.read.borrow().clone(),
            packages: self.packages.borrow().clone(),
            drawn: self.drawn.get(),
        }
    }

    /// Whether each of these questions would be answered alike today: the modules that were found say what they said, and
    /// those that were not found are still not there.
    pub fn still_answers(&self, then: &Answers) -> bool {
        let same_place = (&self.roots, &self.location, self.first) == (&then.roots, &then.location, then.first);
        let same_module = |name: &Rc<str>| {
            let file = then.read.places.get(name).and_then(|at| then.read.files.get(*at));
            match (self.find(name), file) {
                (None, None) => true,
                (Some((path, text)), Some(file)) => *path == *file.path && text == file.text,
                (None, Some(_)) | (Some(_), None) => false,
            }
        };
        same_place
            && then.read.modules.keys().all(same_module)
            && then.packages.iter().all(|(name, is_package)| self.is_folder(name) == *is_package)
    }

    /// Goes to where the modules stood at a mark of an earlier replay whose answers still hold. That something was not
    /// found since then is not forgotten.
    pub fn resume(&self, then: &Answers, mark: Mark) {
        let Loaded { mut modules, mut names, mut files, mut places, .. } = then.read.clone();
        modules.retain(|name, _| places.get(name).is_none_or(|at| *at < mark.files));
        places.retain(|_, at| *at < mark.files);
        files.truncate(mark.files);
        names.retain(|_, name| places.contains_key(name));
        let mut read = self.read.borrow_mut();
        let missing = std::mem::take(&mut read.modules).into_iter().filter(|(name, _)| !read.places.contains_key(name));
        modules.extend(missing);
        *read = Loaded { modules, names, files, places, used: BTreeSet::new() };
        self.packages.borrow_mut().extend(then.packages.iter().map(|(name, is_package)| (name.clone(), *is_package)));
        self.skip_to(mark);
    }

    /// Draws as many numbers as had been drawn at a mark.
    pub fn skip_to(&self, mark: Mark) {
        self.drawn.set(mark.drawn);
    }

    /// The names of the modules that have been read, in that order.
    pub fn names(&self) -> Vec<Rc<str>> {
        let read = self.read.borrow();
        read.files.iter().filter_map(|file| read.names.get(&file.id).cloned()).collect()
    }

    /// The files that have been read so far, for whoever shows a place in one.
    pub fn files(&self) -> Vec<SourceFile> {
        self.read.borrow().files.clone()
    }

    /// The modules that were imported since this was last asked, each with its name and its file.
    pub fn take_used(&self) -> Vec<(Rc<str>, SourceFile)> {
        let mut read = self.read.borrow_mut();
        let used = std::mem::take(&mut read.used);
        let file = |name: Rc<str>| {
            let file = read.places.get(&name).and_then(|at| read.files.get(*at))?;
            Some((name, file.clone()))
        };
        used.into_iter().filter_map(file).collect()
    }

    /// The text of a module as it is now.
    pub fn text_of(&self, name: &str) -> Option<Arc<str>> {
        self.find(name).map(|(_, text)| text)
    }

    /// Does some work with the modules as they were: with these texts, by name.
    pub fn as_they_were<T>(&self, texts: BTreeMap<Arc<str>, Arc<str>>, work: impl FnOnce() -> T) -> T {
        if texts.iter().all(|(name, text)| self.text_of(name).as_ref() == Some(text)) {
            return work();
        }
        let read = self.read.replace(Loaded::default());
        self.then.replace(texts);
        let done = work();
        self.then.take();
        self.read.replace(read);
        done
    }

    /// Where a module may be, without its ending: under the roots, and where migrations lie inside the package that
    /// they import, beside the folder above them that has its name.
    fn places(&self, name: &str) -> impl Iterator<Item = String> {
        let inner = name.replace('.', "/");
        let top = name.split('.').next().unwrap_or_default();
        let above = std::iter::successors(Some(self.location.as_str()), |folder| {
            (!folder.is_empty()).then(|| path::parent(folder))
        });
        let packages = above.filter(move |folder| path::name(folder) == top).map(path::parent);
        self.roots.iter().map(String::as_str).chain(packages).map(move |root| path::child(root, &inner))
    }

    fn is_folder(&self, name: &str) -> bool {
        self.places(name).any(|folder| !self.tree.list(&folder).is_empty())
    }

    fn find(&self, name: &str) -> Option<(String, Arc<str>)> {
        self.places(name).find_map(|base| {
            [format!("{base}.py"), format!("{base}/__init__.py")].into_iter().find_map(|file| {
                match self.tree.read(&file) {
                    Read::Text(text) => Some((file, text)),
                    Read::Missing | Read::Unusable(_) => None,
                }
            })
        })
    }
}

impl ModuleLoader for Modules<'_> {
    fn load(&self, name: &str) -> Option<Module> {
        let name: Rc<str> = name.into();
        {
            let mut read = self.read.borrow_mut();
            if read.places.contains_key(&name) {
                read.used.insert(name.clone());
            }
            if let Some(known) = read.modules.get(&name) {
                return known.clone();
            }
        }
        let then = self.then.borrow().get(&*name).cloned();
        let found = then.map(|text| (format!("{name}.py"), text)).or_else(|| self.find(&name));
        let module = found.and_then(|(path, text)| {
            let mut read = self.read.borrow_mut();
            let id = FileId(self.first.saturating_add(read.files.len() as u32));
            let file = SourceFile::new(id, path.into(), text);
            let (module, problems) = parse(&file);
            let at = read.files.len();
            read.places.insert(name.clone(), at);
            read.used.insert(name.clone());
            read.files.push(file);
            read.names.insert(id, name.clone());
            problems.is_empty().then_some(module)
        });
        self.read.borrow_mut().modules.insert(name, module.clone());
        module
    }

    fn is_package(&self, name: &str) -> bool {
        let known = self.packages.borrow().get(name).copied();
        known.unwrap_or_else(|| {
            let is_package = self.is_folder(name);
            self.packages.borrow_mut().insert(name.into(), is_package);
            is_package
        })
    }

    fn fresh(&self) -> Option<u64> {
        let number = self.drawn.get().wrapping_add(1);
        self.drawn.set(number);
        Some(number)
    }

    fn name_of(&self, file: FileId) -> Option<Rc<str>> {
        self.read.borrow().names.get(&file).cloned()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::{Modules, Project};
    use super::FIRST_FILE;
    use crate::python::ModuleLoader;
    use crate::source::Sources;

    #[test]
    fn scripts_are_numbered_from_nought() {
        let mut sources = Sources::default();
        assert!(sources.add("a.py", "").0 < FIRST_FILE);
    }

    #[test]
    fn migrations_inside_a_package_find_the_package() {
        let files = ["src/shop/internal/db.py", "src/shop/data/migrations/util.py", "other/shop.py"];
        let tree: BTreeMap<String, String> = files.iter().map(|f| ((*f).to_owned(), String::new())).collect();
        let root = "src/shop/data/migrations".to_owned();
        let modules = Modules::new(&tree, &Project { root, ..Project::default() }, 0);
        let found = ["shop.internal.db", "shop.data.migrations.util", "data.migrations.util", "internal.db", "other"];
        assert_eq!(found.map(|name| modules.load(name).is_some()), [true, true, true, false, false]);
        assert!(modules.is_package("shop.internal"));
    }
}
