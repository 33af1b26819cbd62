//! [`load`]: all scripts of a project, in Alembic's order.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::code::Code;
use super::docstring::Docstring;
use super::{Direction, Script, header};
use crate::alembic::{Modules, Project, project};
use crate::diagnostic::Diagnostic;
use crate::python::{FunctionView, Module, parse, unbound_names};
use crate::schema::Name;
use crate::source::{FileTree, Read, SourceFile, Sources, Span};

/// How deep `recursive_version_locations` goes.
const DEPTH: u32 = 16;

/// How many scripts keep their syntax trees from here to their replay. Trees take ten times the memory of the text, and
/// go in another order than they come, so that what they leave is hard to use again. The scripts of a history that is
/// longer still are parsed once more when their turn comes.
const TREES: usize = 4_000;

/// What is kept of the scripts that were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Their code too, which will be run.
    Code,
    /// Their headers, for whoever only looks at the history; code that is asked for all the same is parsed once more.
    Headers,
}

/// Reads the scripts of a project: version folders in configuration order, files sorted by name in each. A file that
/// can't be used is a finding, and the others are read all the same.
pub fn load(
    tree: &dyn FileTree,
    project: &Project,
    sources: &mut Sources,
    keep: Keep,
) -> (Vec<Script>, Vec<Diagnostic>) {
    let mut paths = Vec::new();
    for folder in &project.version_locations {
        list(tree, folder, project.recursive, DEPTH, &mut paths);
    }
    // Version folders may lie inside each other.
    let mut met = FxHashSet::default();
    paths.retain(|path| met.insert(path.clone()));
    let modules = Modules::new(tree, project, 0);
    let mut scripts = Vec::with_capacity(paths.len());
    let mut findings = Vec::new();
    for path in paths {
        match read(tree, &path, project, &modules, sources) {
            Ok(script) => {
                if keep == Keep::Headers || scripts.len() >= TREES {
                    script.let_go_of_code();
                }
                scripts.push(script);
            }
            Err(finding) => findings.push(*finding),
        }
    }
    (scripts, findings)
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

fn read(
    tree: &dyn FileTree,
    path: &str,
    project: &Project,
    modules: &Modules<'_>,
    sources: &mut Sources,
) -> Result<Script, Box<Diagnostic>> {
    let text = match tree.read(path) {
        Read::Text(text) => text,
        Read::Missing => Arc::from(""),
        Read::Unusable(why) => {
            let file = sources.add(path, "");
            return Err(header::unreadable(&why, Span::new(file, 0, 0)).into());
        }
    };
    let file = sources.add(path, text.clone());
    let Some(source) = sources.get(file) else {
        return Err(header::unreadable("it can't be read", Span::new(file, 0, 0)).into());
    };
    read_script(source, project, modules)
}

/// Reads one script. The error is the finding that it is unreadable.
pub(crate) fn read_script(
    source: &SourceFile,
    project: &Project,
    modules: &Modules<'_>,
) -> Result<Script, Box<Diagnostic>> {
    let (path, file, text) = (&*source.path, source.id, &source.text);
    let (module, problems) = parse(source);
    if let Some(problem) = problems.first() {
        return Err(header::unreadable(&problem.message, problem.span).into());
    }
    let head = header::read(&module, path, modules, source.span())?;
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
        databases: databases(&module, &head.functions),
        upgrade_span: head.upgrade_span,
        downgrade_span: head.downgrade_span,
        empty_upgrade,
        empty_downgrade,
        unbound_names: unbound_names(&module),
        code: Code::new(file, text.clone(), module),
    })
}

/// The databases that a script has functions for, where it takes the name of one. The one without a name comes first.
fn databases(module: &Module, functions: &[Name]) -> Option<Vec<Name>> {
    let directions = [Direction::Upgrade, Direction::Downgrade];
    let takes_name =
        |direction: &Direction| module.function(direction.function()).is_some_and(FunctionView::needs_argument);
    if !directions.iter().any(takes_name) {
        return None;
    }
    let mut databases: Vec<Name> = Vec::new();
    for function in functions {
        let database = directions.iter().find_map(|d| function.strip_prefix(d.function())?.strip_prefix('_'));
        if let Some(database) = database.map(Name::from).filter(|name| !databases.contains(name)) {
            databases.push(database);
        }
    }
    databases.sort_by_key(|name| !name.is_empty());
    Some(databases)
}
