//! The naming convention of a project's metadata, read from the text of its Python files.

use super::{Project, path};
use crate::schema::Name;
use crate::source::{FileTree, Read};

/// How many files are looked at.
const FILES: u32 = 600;

/// How deep folders are searched.
const DEPTH: u32 = 5;

/// What the files of a project show of naming conventions.
#[derive(Default)]
struct Found {
    /// Those that could be read.
    read: Vec<Vec<(Name, Name)>>,
    /// A metadata is given one that could not.
    unread: bool,
}

impl Found {
    fn look_at(&mut self, text: &str) {
        match convention(text) {
            Some(convention) => self.read.push(convention),
            None => self.unread |= gives_convention(text),
        }
    }
}

/// The naming convention, where the project's files show exactly one that can be read; and whether they show one that
/// can't be told.
pub(super) fn read(tree: &dyn FileTree, project: &Project) -> (Vec<(Name, Name)>, bool) {
    let mut found = Found::default();
    if let Some(location) = &project.script_location
        && let Read::Text(text) = tree.read(&path::child(location, "env.py"))
    {
        found.look_at(&text);
    }
    if found.read.is_empty() {
        let mut budget = FILES;
        // The root of the tree may be anything (a home folder); what is above the project's own folder is not searched.
        let mut roots: Vec<&String> = project.module_roots.iter().collect();
        roots.sort_by_key(|root| root.len());
        if let Some(root) = roots.first() {
            search(tree, root, project, DEPTH, &mut budget, &mut found);
        }
    }
    found.read.sort();
    found.read.dedup();
    match found.read.as_mut_slice() {
        [only] => (std::mem::take(only), false),
        several => (Vec::new(), found.unread || !several.is_empty()),
    }
}

fn search(tree: &dyn FileTree, folder: &str, project: &Project, depth: u32, budget: &mut u32, found: &mut Found) {
    if project.version_locations.iter().any(|versions| versions == folder) {
        return;
    }
    for entry in tree.list(folder) {
        let inner = path::child(folder, &entry.name);
        if entry.is_dir {
            let skipped = entry.name.starts_with(['.', '_'])
                || matches!(
                    entry.name.as_str(),
                    "node_modules" | "venv" | "env" | "site-packages" | "target" | "tests" | "test" | "versions"
                );
            if depth > 0 && !skipped {
                search(tree, &inner, project, depth - 1, budget, found);
            }
        } else if path::is_python(&entry.name) {
            let Some(left) = budget.checked_sub(1) else { return };
            *budget = left;
            if let Read::Text(text) = tree.read(&inner)
                && text.contains("naming_convention")
            {
                found.look_at(&text);
            }
        }
    }
}

/// The naming convention that a text gives to `MetaData(naming_convention=…)`: the first dict of string literals whose
/// keys are those of a convention.
pub(super) fn convention(text: &str) -> Option<Vec<(Name, Name)>> {
    if !text.contains("naming_convention") {
        return None;
    }
    text.match_indices('{').find_map(|(at, _)| {
        let inner = text.get(at + 1..)?;
        let pairs = pairs(inner)?;
        let is_convention = !pairs.is_empty() && pairs.iter().all(|(key, _)| is_key(key));
        is_convention.then_some(pairs)
    })
}

/// Whether a text gives a convention to a metadata: `MetaData(naming_convention=…)`, `metadata.naming_convention = …`.
fn gives_convention(text: &str) -> bool {
    text.match_indices("naming_convention").any(|(at, word)| {
        let before = text.get(..at).unwrap_or_default().trim_end().chars().next_back();
        let after = text.get(at + word.len()..).unwrap_or_default().trim_start();
        matches!(before, Some('(' | ',' | '.')) && after.starts_with('=') && !after.starts_with("==")
    })
}

fn is_key(key: &str) -> bool {
    matches!(key, "ix" | "uq" | "ck" | "fk" | "pk")
}

/// The pairs of a dict of string literals that goes up to its `}`; `None` where it holds anything else.
fn pairs(text: &str) -> Option<Vec<(Name, Name)>> {
    let mut pairs = Vec::new();
    let mut rest = skip(text);
    loop {
        if rest.starts_with('}') {
            return Some(pairs);
        }
        let (key, after) = literal(rest)?;
        if !is_key(&key) {
            return None;
        }
        rest = skip(skip(after).strip_prefix(':')?);
        let mut value = String::new();
        let in_parentheses = rest.starts_with('(');
        if in_parentheses {
            rest = skip(rest.get(1..)?);
        }
        while let Some((part, after)) = literal(rest) {
            value.push_str(&part);
            rest = skip(after);
        }
        if in_parentheses {
            rest = skip(rest.strip_prefix(')')?);
        }
        if value.is_empty() {
            return None;
        }
        pairs.push((Name::from(key), Name::from(value)));
        rest = skip(rest.strip_prefix(',').unwrap_or(rest));
    }
}

/// A string literal in simple quotes, and what follows it.
fn literal(text: &str) -> Option<(String, &str)> {
    let mark = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = text.get(1..)?;
    let (content, rest) = inner.split_once(mark)?;
    (!content.contains(['\n', '\\'])).then(|| (content.to_owned(), rest))
}

/// Past white space and comments.
fn skip(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some(comment) = rest.strip_prefix('#') {
        rest = comment.split_once('\n').map_or("", |(_, after)| after).trim_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::{convention, gives_convention};

    #[test]
    fn a_convention_is_read_from_the_models() {
        let text = r#"
options = {"ix": unknown}
convention = {
    "ix": "ix_%(column_0_label)s",  # indexes
    "fk": (
        "fk_%(table_name)s_"
        "%(column_0_name)s"
    ),
}
metadata = MetaData(naming_convention=convention)
"#;
        let found = convention(text).unwrap_or_default();
        let found: Vec<String> = found.iter().map(|(key, template)| format!("{key}={template}")).collect();
        assert_eq!(found, ["ix=ix_%(column_0_label)s", "fk=fk_%(table_name)s_%(column_0_name)s"]);
        assert_eq!(convention("metadata = MetaData()"), None);
    }

    #[test]
    fn a_convention_that_can_not_be_read_is_noticed() {
        assert!(gives_convention("metadata = MetaData(\n    naming_convention=make(),\n)"));
        assert!(gives_convention("db.metadata.naming_convention = names"));
        assert!(!gives_convention("names = metadata.naming_convention\nif a.naming_convention == names: pass"));
        assert!(!gives_convention("naming_convention = {}"));
    }
}
