//! [`load`]: all scripts of a project, in Alembic's order.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::code::Code;
use super::docstring::Docstring;
use super::known::{KnownScripts, ReadOnce};
use super::{Script, header};
use crate::alembic::{Modules, Project, project};
use crate::diagnostic::Diagnostic;
use crate::python::{InTurn, Parsed, Parser, parse, unbound_names};
use crate::source::{FileTree, Read, SourceFile, Sources, Span};

/// How deep `recursive_version_locations` goes.
const DEPTH: u32 = 16;

/// How many scripts keep their syntax trees from here on. Trees take ten times the memory of the text, and go in another
/// order than they come, so that what they leave is hard to use again. In a history that is longer still each goes with its
/// replay, and the scripts beyond these are parsed once more when their turn comes.
pub(crate) const TREES: usize = 4_000;

/// What is kept of the scripts that were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Their code too, which will be run.
    Code,
    /// Their headers, for whoever only looks at the history; code that is asked for all the same is parsed once more.
    Headers,
}

/// How the scripts of a project are read. What comes of it is the same, however it is done.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// What is kept of them.
    pub keep: Keep,
    /// Who parses them.
    pub parser: &'a dyn Parser,
}

impl Reading<'_> {
    /// One after the other.
    pub const fn plain(keep: Keep) -> Self {
        Self { keep, parser: &InTurn }
    }
}

/// Reads the scripts of a project: version folders in configuration order, files sorted by name in each. A file that
/// can't be used is a finding, and the others are read all the same. Those that `known` has from an earlier reading are
/// taken from there.
pub fn load(
    tree: &dyn FileTree,
    project: &Project,
    sources: &mut Sources,
    reading: Reading<'_>,
    mut known: Option<&mut KnownScripts>,
) -> (Vec<Script>, Vec<Diagnostic>) {
    let modules = Modules::new(tree, project, 0);
    if let Some(known) = known.as_deref_mut() {
        known.begin(project, &modules);
    }
    let paths = paths(tree, project);
    let mut loading = Loading {
        project,
        modules,
        keep: reading.keep,
        scripts: Vec::with_capacity(paths.len()),
        findings: Vec::new(),
    };
    let texts = tree.read_all(&paths);
    let taken = paths.iter().zip(texts).map(|(path, read)| take_in(path, read, sources, known.as_deref_mut()));
    let taken: Vec<Taken> = taken.collect();
    let new = taken.iter().filter_map(Taken::to_parse).cloned().collect();
    let mut taken = taken.into_iter();
    reading.parser.parse(new, &mut |parsed| {
        let mut parsed = Some(parsed);
        while parsed.is_some() {
            let Some(next) = taken.next() else { return };
            let own = if next.to_parse().is_some() { parsed.take() } else { None };
            loading.add(next, own, known.as_deref_mut());
        }
    });
    taken.for_each(|rest| loading.add(rest, None, known.as_deref_mut()));
    if let Some(known) = known {
        known.end(&loading.modules);
    }
    (loading.scripts, loading.findings)
}

/// The scripts so far.
struct Loading<'a> {
    project: &'a Project,
    modules: Modules<'a>,
    keep: Keep,
    scripts: Vec<Script>,
    findings: Vec<Diagnostic>,
}

impl Loading<'_> {
    /// Adds a file, with what it was parsed to where it has been.
    fn add(&mut self, taken: Taken, parsed: Option<Parsed>, known: Option<&mut KnownScripts>) {
        let result = match taken {
            Taken::Known(script) => *script,
            Taken::Unusable(finding) => Err(finding),
            Taken::New(source) => {
                let own = parsed.filter(|(module, _)| module.file() == source.id);
                let own = own.unwrap_or_else(|| parse(&source));
                let script = interpret(&source, own, self.project, &self.modules);
                if let Some(known) = known {
                    known.keep(source, &script);
                }
                script
            }
        };
        match result {
            Ok(script) => {
                if self.keep == Keep::Headers || self.scripts.len() >= TREES {
                    script.let_go_of_code();
                }
                self.scripts.push(script);
            }
            Err(finding) => self.findings.push(*finding),
        }
    }
}

/// The paths of the scripts of a project.
fn paths(tree: &dyn FileTree, project: &Project) -> Vec<String> {
    let mut paths = Vec::new();
    for folder in &project.version_locations {
        list(tree, folder, project.recursive, DEPTH, &mut paths);
    }
    // Version folders may lie inside each other.
    let mut met = FxHashSet::default();
    paths.retain(|path| met.insert(path.clone()));
    paths
}

/// A script file on its way in.
enum Taken {
    /// It is as it was.
    Known(Box<Result<Script, Box<Diagnostic>>>),
    /// It can't be used.
    Unusable(Box<Diagnostic>),
    /// It has to be read.
    New(SourceFile),
}

impl Taken {
    /// The file that has to be parsed.
    fn to_parse(&self) -> Option<&SourceFile> {
        match self {
            Self::New(source) => Some(source),
            Self::Known(_) | Self::Unusable(_) => None,
        }
    }
}

/// Gives a file its number, and looks whether it is as it was.
fn take_in(path: &str, read: Read, sources: &mut Sources, known: Option<&mut KnownScripts>) -> Taken {
    let (text, unusable) = match read {
        Read::Text(text) => (text, None),
        Read::Missing => (Arc::from(""), None),
        Read::Unusable(why) => (Arc::from(""), Some(why)),
    };
    let source = match known {
        None => {
            let id = sources.add(path, text);
            match sources.get(id) {
                Some(source) => source.clone(),
                None => return Taken::Unusable(header::unreadable("it can't be read", Span::new(id, 0, 0)).into()),
            }
        }
        Some(known) => {
            if let Some((source, script)) = known.find(path, &text).filter(|_| unusable.is_none()) {
                sources.insert(source);
                return Taken::Known(script.into());
            }
            let source = SourceFile::new(known.number(path), path.into(), text);
            sources.insert(source.clone());
            source
        }
    };
    match unusable {
        Some(why) => Taken::Unusable(header::unreadable(&why, Span::new(source.id, 0, 0)).into()),
        None => Taken::New(source),
    }
}

/// The script files of a folder.
fn list(tree: &dyn FileTree, folder: &str, recursive: bool, depth: u32, paths: &mut Vec<String>) {
    let mut entries = tree.list(folder);
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    for entry in entries.iter().filter(|entry| !entry.is_dir && is_script_name(&entry.name)) {
        paths.push(project::child(folder, &entry.name));
    }
    if recursive && depth > 0 {
        for entry in entries.iter().filter(|entry| entry.is_dir && entry.name != "__pycache__") {
            list(tree, &project::child(folder, &entry.name), true, depth - 1, paths);
        }
    }
}

/// Alembic's `(?!\.\#|__init__)(.*\.py)$`.
fn is_script_name(name: &str) -> bool {
    project::is_python(name) && !name.starts_with(".#") && !name.starts_with("__init__")
}

/// Reads one script. The error is the finding that it is unreadable.
pub(crate) fn read_script(
    source: &SourceFile,
    project: &Project,
    modules: &Modules<'_>,
) -> Result<Script, Box<Diagnostic>> {
    interpret(source, parse(source), project, modules)
}

fn interpret(
    source: &SourceFile,
    (module, problems): Parsed,
    project: &Project,
    modules: &Modules<'_>,
) -> Result<Script, Box<Diagnostic>> {
    let (path, file, text) = (&*source.path, source.id, &source.text);
    if let Some(problem) = problems.first() {
        return Err(header::unreadable(&problem.message, problem.span).into());
    }
    let head = header::read(&module, path, modules, source.span()).map_err(|finding| within(finding, source))?;
    let docstring = Docstring::read(text, file);
    let trivial = |name: &str, span: Option<Span>| {
        module.function(name).is_some_and(|function| function.is_trivial() && span == Some(function.name_span()))
    };
    let empty_upgrade = trivial("upgrade", head.upgrade_span);
    let empty_downgrade = trivial("downgrade", head.downgrade_span);
    Ok(Script {
        file,
        path: project::relative(path, &project.root).into(),
        revision: head.revision,
        revision_span: head.revision_span,
        down_revision: head.down_revision,
        down_revision_span: head.down_revision_span,
        depends_on: head.depends_on,
        branch_labels: head.branch_labels,
        doc: module.docstring().map(|(text, _)| text.into()).unwrap_or_default(),
        message: docstring.message,
        doc_revises: docstring.revises,
        create_date: docstring.create_date,
        databases: head.databases,
        upgrade_span: head.upgrade_span,
        downgrade_span: head.downgrade_span,
        empty_upgrade,
        empty_downgrade,
        unbound_names: unbound_names(&module),
        code: Code::new(file, text.clone(), module),
        read: ReadOnce::default(),
    })
}

/// A finding without what it says of modules that the script imports: nobody numbers their files while headers are read.
fn within(mut finding: Box<Diagnostic>, source: &SourceFile) -> Box<Diagnostic> {
    finding.labels.retain(|label| label.span.file == source.id);
    if finding.span.is_some_and(|span| span.file != source.id) {
        finding.span = Some(Span::new(source.id, 0, 0));
    }
    finding
}
