//! [`Configured`]: what `env.py` tells `context.configure()` in offline mode, as far as its text shows it.

use super::{Project, path};
use crate::python::{Plain, parse};
use crate::source::{FileTree, Read, SourceFile, Sources};

/// The keyword arguments of `context.configure()`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Configured {
    /// Whether a call was found that the offline mode makes.
    pub found: bool,
    /// Its keyword arguments.
    pub keywords: Vec<(String, Plain)>,
    /// It may have more (`**kw`).
    pub open: bool,
}

impl Configured {
    /// The argument of that name.
    pub fn get(&self, name: &str) -> Option<&Plain> {
        self.keywords.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

/// Whether the `env.py` of a project sets its connection to commit each statement as it goes.
pub fn commits_each(tree: &dyn FileTree, project: &Project) -> bool {
    let Some(location) = &project.script_location else { return false };
    match tree.read(&path::child(location, "env.py")) {
        Read::Text(text) => text.lines().any(|line| {
            let code = line.split('#').next().unwrap_or_default();
            code.contains("\"AUTOCOMMIT\"") || code.contains("'AUTOCOMMIT'")
        }),
        _ => false,
    }
}

/// Reads the `env.py` of a project: the call in a function that has "offline" in its name, or the only one.
pub fn configured(tree: &dyn FileTree, project: &Project) -> Configured {
    let Some(location) = &project.script_location else { return Configured::default() };
    let file = path::child(location, "env.py");
    let Read::Text(text) = tree.read(&file) else { return Configured::default() };
    let mut sources = Sources::default();
    let id = sources.add(file.as_str(), text);
    let Some((module, _)) = sources.get(id).map(|file: &SourceFile| parse(file)) else { return Configured::default() };
    let mut calls = module.calls("configure");
    let offline = calls.iter().position(|call| call.within.as_deref().is_some_and(|name| name.contains("offline")));
    let at = match (offline, calls.len()) {
        (Some(at), _) => at,
        (None, 1) => 0,
        _ => return Configured::default(),
    };
    let call = calls.swap_remove(at);
    let keywords = call.keywords.into_iter().map(|(name, value, _)| (name, value)).collect();
    Configured { found: true, keywords, open: call.open }
}
