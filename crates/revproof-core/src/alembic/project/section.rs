//! [`explain_section`]: why the section of an ini file that was named leads to no scripts.

use super::ini::Ini;
use super::path;
use super::settings::{MAIN_SECTION, script_location_of};
use crate::source::{FileTree, Read};

/// Why a section leads to no folder of scripts. Files are paths of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoSection {
    /// There is no ini file.
    NoFile,
    /// The file has no section of that name.
    Missing {
        /// The file.
        file: String,
        /// Its sections that name a folder of scripts.
        sections: Vec<String>,
    },
    /// The section names no folder of scripts.
    NoLocation {
        /// The file.
        file: String,
    },
    /// The section names a folder that is no folder of scripts, or another one than the path.
    Elsewhere {
        /// The file.
        file: String,
        /// The folder, as written.
        location: String,
    },
}

/// Looks for the section in the ini file that a path is or lies under.
pub fn explain_section(tree: &dyn FileTree, path: &str, section: &str) -> NoSection {
    let given = path::clean(path);
    let folders = std::iter::successors(Some(given.as_str()), |f| (!f.is_empty()).then(|| path::parent(f)));
    let files = std::iter::once(given.clone()).chain(folders.map(|folder| path::child(folder, "alembic.ini")));
    let read = |file: String| match tree.read(&file) {
        Read::Text(text) => Some((Ini::parse(&text), file)),
        Read::Missing | Read::Unusable(_) => None,
    };
    let Some((ini, file)) = files.into_iter().find_map(read) else { return NoSection::NoFile };
    let location = |section: &str| script_location_of(&ini, section, path::parent(&file));
    if !ini.has_section(section) {
        let sections = ini.names().filter(|name| *name == MAIN_SECTION || location(name).is_some());
        return NoSection::Missing { sections: sections.map(str::to_owned).collect(), file };
    }
    match location(section) {
        Some(location) => NoSection::Elsewhere { file, location },
        None => NoSection::NoLocation { file },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::NoSection::{Elsewhere, Missing, NoFile, NoLocation};
    use super::*;

    #[test]
    fn what_is_wrong_with_the_section_is_told() {
        let ini = "[DEFAULT]\nbase = db\n[alembic]\n[one]\nscript_location = %(base)s/one\n[loggers]\nkeys = root\n";
        let tree: BTreeMap<String, String> =
            [("app/alembic.ini", ini), ("app/db/one/env.py", "")].map(|(p, t)| (p.to_owned(), t.to_owned())).into();
        let file = || "app/alembic.ini".to_owned();
        let check = |path: &str, section: &str, expected: NoSection| {
            assert_eq!(explain_section(&tree, path, section), expected, "{path} {section}");
        };
        let missing = || Missing { file: file(), sections: vec!["alembic".to_owned(), "one".to_owned()] };
        check("app", "two", missing());
        check("app", "DEFAULT", missing());
        check("app/alembic.ini", "two", missing());
        check("app/db", "loggers", NoLocation { file: file() });
        check("app/db", "one", Elsewhere { file: file(), location: "db/one".to_owned() });
        check("", "one", NoFile);
    }
}
