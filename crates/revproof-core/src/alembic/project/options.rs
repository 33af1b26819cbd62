//! [`ScriptOptions`]: what the settings say about scripts that are yet to be written.

use super::ini::Ini;
use super::settings::MAIN_SECTION;
use super::{Project, path};
use crate::alembic::python_literal;
use crate::source::{FileTree, Read};

/// The options of `alembic.ini` and `[tool.alembic]` that bear on new scripts. Where both files have one, the ini's wins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScriptOptions {
    /// `file_template`: the name of a new file, with `%(rev)s` and the like.
    pub file_template: Option<String>,
    /// `truncate_slug_length`, as written.
    pub truncate_slug_length: Option<String>,
    /// `timezone`: the name of the zone that creation dates are in.
    pub timezone: Option<String>,
    /// `output_encoding`.
    pub output_encoding: Option<String>,
    /// `sourceless`: revisions may be compiled files without a source.
    pub sourceless: bool,
    /// `revision_environment`: `env.py` runs whenever a script is made.
    pub revision_environment: bool,
    /// Whether the version folders are listed, and not just `versions`.
    pub lists_version_locations: bool,
    /// The programs that would be run on a new script, by the names of their hooks.
    pub hooks: Vec<String>,
    /// The `config` that templates see, as a Python expression.
    pub config: String,
}

/// Reads the options of a project. `root` is where the tree stands on the disk, for `%(here)s`.
pub fn script_options(tree: &dyn FileTree, project: &Project, root: &str) -> ScriptOptions {
    let Some(file) = &project.config_file else {
        return ScriptOptions {
            config: "_Config(None, 'alembic', {'alembic': {}}, {})".to_owned(),
            ..Default::default()
        };
    };
    let folder = path::parent(file);
    let here = if folder.is_empty() { root.to_owned() } else { format!("{root}/{folder}") };
    let is_toml = path::name(file).rsplit_once('.').is_some_and(|(_, ending)| ending == "toml");
    let ini_file = if is_toml { path::child(folder, "alembic.ini") } else { file.clone() };
    let section = project.ini_section.as_deref().unwrap_or(MAIN_SECTION);
    let ini = match tree.read(&ini_file) {
        Read::Text(text) => Ini::parse(&text),
        Read::Missing | Read::Unusable(_) => Ini::default(),
    };
    let toml_file = if is_toml { file.clone() } else { path::child(folder, "pyproject.toml") };
    let table = toml_table(tree, &toml_file).unwrap_or_default();
    let from_toml = |key: &str| table.get(key).and_then(toml::Value::as_str).map(|text| expand(text, &here));
    let get = |key: &str| ini.get(section, key, &here).or_else(|| from_toml(key));
    let flag = |key: &str| match ini.get(section, key, &here) {
        Some(text) => text == "true",
        None => table.get(key).and_then(toml::Value::as_bool).unwrap_or(false),
    };
    let environment = ini.get(section, "revision_environment", &here).map(|text| as_bool(&text));
    let has = |key: &str| ini.get(section, key, &here).is_some_and(|text| !text.is_empty()) || table.contains_key(key);
    ScriptOptions {
        file_template: get("file_template"),
        truncate_slug_length: get("truncate_slug_length")
            .or_else(|| table.get("truncate_slug_length").map(ToString::to_string)),
        timezone: get("timezone"),
        output_encoding: get("output_encoding"),
        sourceless: flag("sourceless"),
        revision_environment: environment.unwrap_or_else(|| flag("revision_environment")),
        lists_version_locations: has("version_locations"),
        hooks: hooks(&ini, &table, &here),
        config: config(&ini, section, &table, &ini_file, &here),
    }
}

fn toml_table(tree: &dyn FileTree, file: &str) -> Option<toml::Table> {
    let Read::Text(text) = tree.read(file) else { return None };
    let document: toml::Table = text.parse().ok()?;
    document.get("tool")?.get("alembic")?.as_table().cloned()
}

fn expand(text: &str, here: &str) -> String {
    text.replace("%(here)s", here).replace("%%", "%")
}

/// Alembic's `asbool`.
fn as_bool(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "true" | "yes" | "on" | "y" | "t" | "1")
}

/// The names of the hooks, in order.
fn hooks(ini: &Ini, table: &toml::Table, here: &str) -> Vec<String> {
    if ini.has_section("post_write_hooks") {
        let names = ini.get("post_write_hooks", "hooks", here).unwrap_or_default();
        return names.split([',', ' ', '\n']).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    }
    let hooks = table.get("post_write_hooks").and_then(toml::Value::as_array);
    let names = hooks.into_iter().flatten().filter_map(|hook| hook.get("name").and_then(toml::Value::as_str));
    names.map(str::to_owned).collect()
}

/// The sections and the table as a Python expression.
fn config(ini: &Ini, section: &str, table: &toml::Table, file: &str, here: &str) -> String {
    let pair = |(key, value): (&str, String)| format!("{}: {}", python_literal(key), python_literal(&value));
    let sections: Vec<String> = ini
        .sections(here)
        .into_iter()
        .map(|(name, options)| {
            let options: Vec<String> = options.into_iter().map(pair).collect();
            format!("{}: {{{}}}", python_literal(name), options.join(", "))
        })
        .collect();
    let texts = table.iter().filter_map(|(key, value)| Some((key.as_str(), expand(value.as_str()?, here))));
    let texts: Vec<String> = texts.map(pair).collect();
    let (file, section) = (python_literal(file), python_literal(section));
    let (sections, texts) = (sections.join(", "), texts.join(", "));
    format!("_Config({file}, {section}, {{{sections}}}, {{{texts}}})")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::script_options;
    use crate::alembic::discover;

    #[test]
    fn options_come_from_both_files_and_the_ini_wins() {
        let files = [
            (
                "alembic.ini",
                "[alembic]\nscript_location = db\nfile_template = %%(year)d_%%(rev)s\ntimezone = UTC\nrevision_environment = Yes\n[post_write_hooks]\nhooks = black, ruff\n",
            ),
            (
                "pyproject.toml",
                "[tool.alembic]\nfile_template = \"%%(rev)s\"\ntruncate_slug_length = \"20\"\nsourceless = true\n",
            ),
            ("db/env.py", ""),
        ];
        let tree: BTreeMap<String, String> = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
        let projects = discover(&tree, "");
        let options = script_options(&tree, &projects[0], "/srv/app");
        assert_eq!(options.file_template.as_deref(), Some("%(year)d_%(rev)s"));
        assert_eq!(options.truncate_slug_length.as_deref(), Some("20"));
        assert_eq!(options.timezone.as_deref(), Some("UTC"));
        assert!(options.sourceless && options.revision_environment && !options.lists_version_locations);
        assert_eq!(options.hooks, ["black", "ruff"]);
        assert!(
            options.config.starts_with("_Config('alembic.ini', 'alembic', {'alembic': {'script_location': 'db', "),
            "{}",
            options.config
        );
    }
}
