//! [`discover`]: the projects at or under a path.

use super::settings::{MAIN_SECTION, Settings, dialect_of, read_ini, read_pyproject};
use super::{Project, naming, path};
use crate::source::{FileTree, Read};

/// How deep folders are searched.
const DEPTH: u32 = 8;

/// How many folders are looked into.
const FOLDERS: u32 = 5_000;

/// Folders that hold other people's code, or none.
const FOREIGN: [&str; 14] = [
    "node_modules",
    "venv",
    ".venv",
    "env",
    ".env",
    "virtualenv",
    "site-packages",
    "__pycache__",
    ".git",
    ".hg",
    ".tox",
    ".nox",
    "target",
    ".mypy_cache",
];

/// The projects at a path: a configuration file, an environment's folder, a version folder, a script, or any folder
/// above them. Sorted by root.
pub fn discover(tree: &dyn FileTree, path: &str) -> Vec<Project> {
    discover_section(tree, path, None)
}

/// [`discover`], by this section of ini files, where one is named: only what it configures counts, and it must say where
/// the scripts are.
pub fn discover_section(tree: &dyn FileTree, path: &str, section: Option<&str>) -> Vec<Project> {
    let given = path::clean(path);
    let finder = Finder { tree, section };
    let mut projects = match path::name(&given).rsplit_once('.').map(|(_, ending)| ending) {
        Some("ini" | "cfg") => finder.ini(&given).and_then(|s| finder.project(s)).into_iter().collect(),
        Some("toml") => finder.toml(&given).into_iter().collect(),
        Some("py") if matches!(tree.read(&given), Read::Text(_)) => {
            finder.at_folder(path::parent(&given), true).into_iter().collect()
        }
        _ => Vec::new(),
    };
    if projects.is_empty() {
        projects.extend(finder.at_folder(&given, true));
    }
    if projects.is_empty() {
        let mut budget = FOLDERS;
        finder.search(&given, DEPTH, &mut budget, &mut projects);
        // Files that only look like scripts count where nothing better is found: packages bring migrations along that
        // Alembic never sees.
        if projects.iter().any(|project| !is_loose(project)) {
            projects.retain(|project| !is_loose(project));
        }
    }
    projects.sort_by(|a, b| a.root.cmp(&b.root).then_with(|| a.version_locations.cmp(&b.version_locations)));
    projects.dedup_by(|a, b| a.version_locations == b.version_locations);
    for project in &mut projects {
        (project.naming, project.naming_unread) = naming::read(tree, project);
    }
    projects
}

/// Whether a project is nothing but a folder of scripts.
fn is_loose(project: &Project) -> bool {
    project.version_locations.contains(&project.root)
}

/// Finds projects.
struct Finder<'t> {
    tree: &'t dyn FileTree,
    /// The section that was named.
    section: Option<&'t str>,
}

impl Finder<'_> {
    /// Searches the folders below one.
    fn search(&self, folder: &str, depth: u32, budget: &mut u32, found: &mut Vec<Project>) {
        for entry in self.tree.list(folder) {
            if !entry.is_dir || FOREIGN.contains(&entry.name.as_str()) || *budget == 0 {
                continue;
            }
            *budget -= 1;
            let inner = path::child(folder, &entry.name);
            match self.at_folder(&inner, false) {
                Some(project) => found.push(project),
                None if depth > 0 => self.search(&inner, depth - 1, budget, found),
                None => {}
            }
        }
    }

    /// The project that a folder is: by its configuration, its `versions`, or the scripts in it.
    fn at_folder(&self, folder: &str, named_by_user: bool) -> Option<Project> {
        let tree = self.tree;
        let names: Vec<(String, bool)> =
            tree.list(folder).into_iter().map(|entry| (entry.name, entry.is_dir)).collect();
        let has = |name: &str, is_dir: bool| names.iter().any(|(known, dir)| known == name && *dir == is_dir);
        if let Some(project) = self.configured(folder) {
            return Some(project);
        }
        // The scripts may be elsewhere, and a folder without any yet is not in a repository.
        if (has("env.py", false) || has("versions", true))
            && let Some(project) = self.configured_above(folder)
        {
            return Some(project);
        }
        if has("versions", true) && (has("env.py", false) || holds_scripts(tree, &path::child(folder, "versions"))) {
            return self.bare(folder, &path::child(folder, "versions"));
        }
        let is_versions =
            path::name(folder) == "versions" || named_by_user || names.iter().any(|(name, _)| is_revision_name(name));
        if is_versions && holds_scripts(tree, folder) {
            return self.above(folder).or_else(|| self.bare(folder, folder));
        }
        None
    }

    /// The project that a configuration file in a folder describes.
    fn configured(&self, folder: &str) -> Option<Project> {
        let ini = self.ini(&path::child(folder, "alembic.ini"));
        let toml = read_pyproject(self.tree, &path::child(folder, "pyproject.toml"));
        let settings = match (ini, toml) {
            (Some(ini), Some(toml)) => Some(ini.or(toml)),
            (ini, toml) => ini.or(toml),
        };
        settings.and_then(|settings| self.project(settings))
    }

    /// The project of a folder without a configuration file of its own: that of the nearest file above it which says
    /// that its scripts are here.
    fn configured_above(&self, folder: &str) -> Option<Project> {
        let above = std::iter::successors(Some(folder), |folder| (!folder.is_empty()).then(|| path::parent(folder)));
        above.skip(1).find_map(|above| self.configured(above).filter(|p| p.script_location.as_deref() == Some(folder)))
    }

    /// The project that a version folder named by the user belongs to, where its parent is one.
    fn above(&self, versions: &str) -> Option<Project> {
        if path::name(versions) != "versions" {
            return None;
        }
        let parent = path::parent(versions);
        let here = self.configured(parent).or_else(|| self.configured_above(parent));
        let project = here.or_else(|| self.bare(parent, versions))?;
        project.version_locations.iter().any(|known| known == versions).then_some(project)
    }

    /// A project without a configuration file; none where a section of one was named.
    fn bare(&self, root: &str, versions: &str) -> Option<Project> {
        self.section.is_none().then(|| bare(self.tree, root, versions))
    }

    fn ini(&self, file: &str) -> Option<Settings> {
        read_ini(self.tree, file, self.section.unwrap_or(MAIN_SECTION))
    }

    fn toml(&self, file: &str) -> Option<Project> {
        read_pyproject(self.tree, file).and_then(|settings| self.project(settings))
    }

    /// The project that settings describe. A section that was named must say itself where the scripts are.
    fn project(&self, settings: Settings) -> Option<Project> {
        if self.section.is_some() && settings.script_location.is_none() {
            return None;
        }
        let project = project(self.tree, settings)?;
        Some(Project { ini_section: self.section.map(str::to_owned), ..project })
    }
}

/// A project without a configuration file.
fn bare(tree: &dyn FileTree, root: &str, versions: &str) -> Project {
    let mut project = Project {
        root: root.to_owned(),
        script_location: Some(root.to_owned()),
        version_locations: vec![versions.to_owned()],
        module_roots: roots([path::parent(root).to_owned(), root.to_owned()]),
        ..Project::default()
    };
    project.url_dialect = env_dialect(tree, root);
    project
}

/// The project that settings describe; `None` where no version folder of theirs exists.
fn project(tree: &dyn FileTree, settings: Settings) -> Option<Project> {
    let is_environment = |folder: &str| {
        tree.list(folder).iter().any(|entry| (entry.name == "versions" && entry.is_dir) || entry.name == "env.py")
    };
    let location = script_location(tree, &settings, &is_environment);
    let mut versions: Vec<String> = settings
        .version_locations
        .iter()
        .filter_map(|written| {
            let found = candidates(&settings, written).into_iter().find(|folder| !tree.list(folder).is_empty());
            found.or_else(|| candidates(&settings, written).into_iter().next())
        })
        .collect();
    if versions.is_empty() {
        versions = location.iter().map(|location| path::child(location, "versions")).collect();
    }
    if versions.iter().all(|folder| tree.list(folder).is_empty()) && location.is_none() {
        return None;
    }
    let root = location.clone().unwrap_or_else(|| settings.here.clone());
    let prepended = settings.prepend_sys_path.iter().filter_map(|written| path::join(&settings.here, written));
    let mut module_roots: Vec<String> = prepended.collect();
    module_roots.push(settings.here.clone());
    module_roots.push(path::parent(&root).to_owned());
    module_roots.push(root.clone());
    let url_dialect = settings
        .dialect
        .map(|dialect| (dialect, settings.file.clone()))
        .or_else(|| env_dialect(tree, location.as_deref()?));
    Some(Project {
        config_file: Some(settings.file),
        ini_section: None,
        script_location: location,
        version_locations: versions,
        recursive: settings.recursive,
        module_roots: roots(module_roots),
        url_dialect,
        naming: Vec::new(),
        naming_unread: false,
        databases: settings.databases,
        root,
    })
}

/// The folder of `env.py`. A relative one is meant from where Alembic is started: most often the folder of the ini
/// file, or the one above it.
fn script_location(tree: &dyn FileTree, settings: &Settings, is_environment: &dyn Fn(&str) -> bool) -> Option<String> {
    let Some(written) = &settings.script_location else {
        return is_environment(&settings.here).then(|| settings.here.clone());
    };
    let found = candidates(settings, written).into_iter().find(|folder| is_environment(folder));
    let _ = tree;
    found.or_else(|| is_environment(&settings.here).then(|| settings.here.clone()))
}

/// Where a folder as written in the settings may be.
fn candidates(settings: &Settings, written: &str) -> Vec<String> {
    let is_resource = |package: &str| package.len() > 1 && !package.contains(['/', '\\']);
    let written = match written.split_once(':') {
        Some((package, folder)) if is_resource(package) => format!("{}/{folder}", package.replace('.', "/")),
        _ => written.to_owned(),
    };
    // `%(here)s` has put the folder of the file in front already; what was relative still is.
    let mut bases = vec![settings.here.as_str(), path::parent(&settings.here), ""];
    bases.dedup();
    let mut found: Vec<String> = bases.iter().filter_map(|base| path::join(base, &written)).collect();
    found.extend(bases.iter().filter_map(|base| path::join(&path::child(base, "src"), &written)));
    if let Some(direct) = path::join("", &written)
        && written.starts_with(settings.here.as_str())
    {
        found.insert(0, direct);
    }
    found
}

/// Whether a folder holds a revision script.
fn holds_scripts(tree: &dyn FileTree, folder: &str) -> bool {
    let entries = tree.list(folder);
    let scripts = entries.iter().filter(|e| !e.is_dir && path::is_python(&e.name) && !e.name.starts_with("__init__"));
    scripts.take(8).any(|entry| match tree.read(&path::child(folder, &entry.name)) {
        Read::Text(text) => is_script(&text),
        Read::Missing | Read::Unusable(_) => false,
    })
}

/// Whether a text looks like a revision script: `revision` and `down_revision` start a line.
fn is_script(text: &str) -> bool {
    let assigns = |name: &str| {
        text.lines().any(|line| line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with(['=', ':'])))
    };
    assigns("revision") && assigns("down_revision")
}

/// Whether a file is named as Alembic names revisions.
fn is_revision_name(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".py") else { return false };
    let (id, _) = stem.split_once('_').unwrap_or((stem, ""));
    id.len() >= 4 && id.chars().all(|c| c.is_ascii_hexdigit())
}

/// The one dialect that `env.py` spells out in a URL.
fn env_dialect(tree: &dyn FileTree, location: &str) -> Option<(crate::schema::Dialect, String)> {
    let file = path::child(location, "env.py");
    let Read::Text(text) = tree.read(&file) else { return None };
    let urls = text.split(['"', '\'']).skip(1).step_by(2);
    let mut dialects: Vec<_> = urls.filter_map(dialect_of).collect();
    dialects.dedup();
    match dialects.as_slice() {
        [dialect] => Some((*dialect, file)),
        _ => None,
    }
}

fn roots(folders: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut roots: Vec<String> = Vec::new();
    for folder in folders {
        if !roots.contains(&folder) {
            roots.push(folder);
        }
    }
    roots
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{discover, discover_section};
    use crate::schema::Dialect;

    const SCRIPT: &str = "revision = 'a1'\ndown_revision = None\n";

    /// The root, the version folders and the configuration file of each project found.
    fn check(files: &[(&str, &str)], path: &str, expected: &[&str]) {
        let tree: BTreeMap<String, String> = files.iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned())).collect();
        let projects = discover(&tree, path);
        let found: Vec<String> = projects
            .iter()
            .map(|p| {
                format!("{}: {} {}", p.root, p.version_locations.join(","), p.config_file.as_deref().unwrap_or("-"))
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_flask_migrate_folder_is_found_by_any_of_its_paths() {
        let files = [
            ("migrations/alembic.ini", "[alembic]\n"),
            ("migrations/env.py", ""),
            ("migrations/versions/a1.py", SCRIPT),
        ];
        let expected = ["migrations: migrations/versions migrations/alembic.ini"];
        for path in ["", ".", "migrations", "./migrations/", "migrations/versions", "migrations/alembic.ini"] {
            check(&files, path, &expected);
        }
    }

    #[test]
    fn a_script_location_may_be_relative_to_the_folder_above_the_ini() {
        let files = [
            ("api/migrations/alembic.ini", "[alembic]\nscript_location = migrations\n"),
            ("api/migrations/env.py", ""),
            ("api/migrations/versions/a1.py", SCRIPT),
        ];
        check(&files, "api", &["api/migrations: api/migrations/versions api/migrations/alembic.ini"]);
    }

    #[test]
    fn a_folder_of_scripts_is_configured_by_the_file_above_it_that_names_it() {
        let files = [
            ("alembic.ini", "[alembic]\nscript_location = db/migrations\nversion_locations = db/v\n"),
            ("db/migrations/env.py", ""),
            ("db/migrations/versions/a0.py", SCRIPT),
            ("db/v/a1.py", SCRIPT),
            ("db/other/env.py", ""),
            ("db/other/versions/a1.py", SCRIPT),
        ];
        check(&files, "db/migrations", &["db/migrations: db/v alembic.ini"]);
        check(&files, "db/other", &["db/other: db/other/versions -"]);
    }

    #[test]
    fn packages_and_here_are_resolved() {
        let files = [
            ("alembic.ini", "[alembic]\nscript_location = shop:db/alembic\n"),
            ("shop/db/alembic/env.py", ""),
            ("shop/db/alembic/versions/a1.py", SCRIPT),
            (
                "other/alembic.ini",
                "[alembic]\nscript_location = %(here)s/scripts\nversion_locations = %(here)s/a %(here)s/b\n",
            ),
            ("other/scripts/env.py", ""),
            ("other/a/a1.py", SCRIPT),
            ("other/b/b1.py", SCRIPT),
        ];
        check(&files, "", &["shop/db/alembic: shop/db/alembic/versions alembic.ini"]);
        check(&files, "other", &["other/scripts: other/a,other/b other/alembic.ini"]);
        check(&files, "other/scripts", &["other/scripts: other/a,other/b other/alembic.ini"]);
        check(&files, "shop/db/alembic", &["shop/db/alembic: shop/db/alembic/versions alembic.ini"]);
        check(&files, "shop/db/alembic/versions", &["shop/db/alembic: shop/db/alembic/versions alembic.ini"]);
    }

    #[test]
    fn a_section_is_read_in_place_of_alembics_own() {
        let ini = "[DEFAULT]\nhome = %(here)s/two\n[alembic]\nscript_location = one\nversion_locations = one/v\n\
                   [other]\nscript_location = %(home)s\nsqlalchemy.url = mysql://x\n[third]\nsqlalchemy.url = x\n";
        let files = [
            ("app/alembic.ini", ini),
            ("app/one/env.py", ""),
            ("app/one/v/a1.py", SCRIPT),
            ("app/two/env.py", ""),
            ("app/two/versions/b1.py", SCRIPT),
        ];
        let tree: BTreeMap<String, String> = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
        let check = |path: &str, section: &str, expected: &[&str]| {
            let projects = discover_section(&tree, path, Some(section));
            let found: Vec<_> = projects.iter().flat_map(|project| &project.version_locations).collect();
            assert_eq!(found, expected, "{path} {section}");
            projects
        };
        check("app", "alembic", &["app/one/v"]);
        check("app/alembic.ini", "other", &["app/two/versions"]);
        check("app/two", "other", &["app/two/versions"]);
        let other = check("", "other", &["app/two/versions"]);
        assert_eq!(other[0].url_dialect, Some((Dialect::MySql, "app/alembic.ini".to_owned())));
        assert_eq!(other[0].ini_section.as_deref(), Some("other"));
        for (path, section) in [("app/one", "other"), ("app", "third"), ("app", "nope"), ("app", "DEFAULT")] {
            check(path, section, &[]);
        }
    }

    #[test]
    fn pyproject_configures_too() {
        let files = [
            ("pyproject.toml", "[tool.alembic]\nscript_location = \"%(here)s/alembic\"\n"),
            ("alembic/env.py", ""),
            ("alembic/versions/a1.py", SCRIPT),
        ];
        check(&files, "", &["alembic: alembic/versions pyproject.toml"]);
        check(&files, "alembic", &["alembic: alembic/versions pyproject.toml"]);
    }

    #[test]
    fn several_chains_are_all_found_and_foreign_folders_are_not_entered() {
        let files = [
            ("migrations/two/env.py", ""),
            ("migrations/two/versions/a1.py", SCRIPT),
            ("migrations/one/versions/a1.py", SCRIPT),
            ("scripts/4f2a_x.py", SCRIPT),
            ("node_modules/x/versions/a1.py", SCRIPT),
            ("app/models.py", "revision = 1\n"),
        ];
        check(&files, "", &["migrations/one: migrations/one/versions -", "migrations/two: migrations/two/versions -"]);
        check(&files, "scripts", &["scripts: scripts -"]);
        check(&files, "app", &[]);
    }
}
