//! What `alembic.ini` and `[tool.alembic]` of `pyproject.toml` say.

use super::ini::Ini;
use super::path;
use crate::schema::{Dialect, Name};
use crate::source::{FileTree, Read};

/// The settings of one environment, as written; folders are still relative.
#[derive(Debug, Default, Clone)]
pub(super) struct Settings {
    /// The file.
    pub file: String,
    /// The folder of the file.
    pub here: String,
    /// `script_location`.
    pub script_location: Option<String>,
    /// `version_locations`.
    pub version_locations: Vec<String>,
    /// `recursive_version_locations`.
    pub recursive: bool,
    /// `prepend_sys_path`.
    pub prepend_sys_path: Vec<String>,
    /// The dialect of `sqlalchemy.url`.
    pub dialect: Option<Dialect>,
    /// `databases`, each with the dialect of its own `sqlalchemy.url`.
    pub databases: Vec<(Name, Option<Dialect>)>,
}

/// The section that holds the settings unless another is named.
pub(super) const MAIN_SECTION: &str = "alembic";

/// Reads a section of an ini file; `None` where there is none.
pub(super) fn read_ini(tree: &dyn FileTree, file: &str, section: &str) -> Option<Settings> {
    let Read::Text(text) = tree.read(file) else { return None };
    let ini = Ini::parse(&text);
    if !ini.has_section(section) {
        return None;
    }
    let here = path::parent(file).to_owned();
    let get = |key: &str| ini.get(section, key, &here).filter(|value| !value.is_empty());
    let separator = get("path_separator").or_else(|| get("version_path_separator"));
    let url = |section: &str| ini.get(section, "sqlalchemy.url", &here).and_then(|url| dialect_of(&url));
    let names = get("databases").map(|text| split_list(&text, None)).unwrap_or_default();
    let databases: Vec<_> = names.iter().map(|name| (Name::from(name.as_str()), url(name))).collect();
    Some(Settings {
        file: file.to_owned(),
        script_location: script_location_of(&ini, section, &here),
        version_locations: get("version_locations").map(|t| split_list(&t, separator.as_deref())).unwrap_or_default(),
        recursive: get("recursive_version_locations").is_some_and(|text| text == "true"),
        prepend_sys_path: get("prepend_sys_path").map(|t| split_list(&t, separator.as_deref())).unwrap_or_default(),
        dialect: url(section).or_else(|| databases.first()?.1),
        databases,
        here,
    })
}

/// `script_location` of a section.
pub(super) fn script_location_of(ini: &Ini, section: &str, here: &str) -> Option<String> {
    ini.get(section, "script_location", here).filter(|value| !value.is_empty())
}

/// Reads `[tool.alembic]`; `None` where there is none.
pub(super) fn read_pyproject(tree: &dyn FileTree, file: &str) -> Option<Settings> {
    let Read::Text(text) = tree.read(file) else { return None };
    if !text.contains("tool.alembic") {
        return None;
    }
    let document: toml::Table = text.parse().ok()?;
    let table = document.get("tool")?.get("alembic")?.as_table()?;
    let here = path::parent(file).to_owned();
    let expand = |text: &str| {
        let here = if here.is_empty() { "." } else { &here };
        text.replace("%(here)s", here).replace("%%", "%")
    };
    let list = |key: &str| match table.get(key) {
        Some(toml::Value::Array(items)) => items.iter().filter_map(toml::Value::as_str).map(expand).collect(),
        Some(toml::Value::String(text)) => split_list(&expand(text), None),
        _ => Vec::new(),
    };
    Some(Settings {
        file: file.to_owned(),
        script_location: table.get("script_location").and_then(toml::Value::as_str).map(expand),
        version_locations: list("version_locations"),
        recursive: table.get("recursive_version_locations").and_then(toml::Value::as_bool).unwrap_or(false),
        prepend_sys_path: list("prepend_sys_path"),
        dialect: table.get("sqlalchemy.url").and_then(toml::Value::as_str).and_then(dialect_of),
        databases: Vec::new(),
        here: here.clone(),
    })
}

impl Settings {
    /// These settings, with what they leave open taken from others.
    pub(super) fn or(mut self, other: Settings) -> Self {
        if self.script_location.is_none() {
            self.script_location = other.script_location;
        }
        if self.version_locations.is_empty() {
            self.version_locations = other.version_locations;
        }
        if self.prepend_sys_path.is_empty() {
            self.prepend_sys_path = other.prepend_sys_path;
        }
        self.recursive |= other.recursive;
        self.dialect = self.dialect.or(other.dialect);
        self
    }
}

/// Splits a list of paths by the separator that the settings name.
fn split_list(text: &str, separator: Option<&str>) -> Vec<String> {
    // A comment behind the value is part of it for configparser; what is meant is its first word.
    let separator = separator.map(|separator| separator.split_whitespace().next().unwrap_or_default());
    let parts: Vec<&str> = match separator {
        Some(":" | "os") => text.split([':', '\n']).collect(),
        Some(";") => text.split([';', '\n']).collect(),
        Some("newline") => text.split('\n').collect(),
        _ => text.split([',', ' ', '\n', '\t']).collect(),
    };
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The dialect that a database URL names. The template's `driver://…` names none.
pub(super) fn dialect_of(url: &str) -> Option<Dialect> {
    let (scheme, _) = url.split_once("://")?;
    scheme.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{dialect_of, split_list};
    use crate::schema::Dialect;

    #[test]
    fn lists_are_split_by_the_configured_separator() {
        assert_eq!(split_list("a:b", Some("os  # comment")), ["a", "b"]);
        assert_eq!(split_list("a, b c", None), ["a", "b", "c"]);
        assert_eq!(split_list("a b\nc", Some("newline")), ["a b", "c"]);
    }

    #[test]
    fn a_url_names_its_dialect() {
        assert_eq!(dialect_of("mysql+pymysql://root:@localhost/x"), Some(Dialect::MySql));
        assert_eq!(dialect_of("driver://user:pass@localhost/dbname"), None);
    }
}
