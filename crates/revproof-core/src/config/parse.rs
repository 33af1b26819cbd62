//! TOML text to [`Config`].

use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::KEYS;
use super::{Config, FailOn, Rows, nearest};
use crate::diagnostic::Severity;
use crate::python::Environ;
use crate::schema::{Dialect, Name};

/// What is wrong with a configuration, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what would be right, in one line.
    pub message: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for ConfigError {}

/// The configuration in the text of a `revproof.toml`.
pub fn parse(text: &str) -> Result<Config, ConfigError> {
    read_table(text, read(text)?.get_ref())
}

/// The configuration in `[tool.revproof]` of a `pyproject.toml`; `None` where it has no such table.
pub fn parse_pyproject(text: &str) -> Result<Option<Config>, ConfigError> {
    let document = read(text)?;
    let Some(tool) = document.get_ref().get("tool").and_then(|t| t.get_ref().as_table()) else { return Ok(None) };
    let Some(ours) = tool.get("revproof") else { return Ok(None) };
    read_table(text, table(text, ours, "tool.revproof")?).map(Some)
}

type Value<'a> = Spanned<DeValue<'a>>;
type Read<T> = Result<T, ConfigError>;

fn read(text: &str) -> Read<Spanned<DeTable<'_>>> {
    DeTable::parse(text).map_err(|e| error(text, e.span().unwrap_or_default(), e.message().replace('\n', ", ")))
}

fn read_table(text: &str, settings: &DeTable<'_>) -> Read<Config> {
    let mut config = Config::default();
    // In the order of the file, so that the first mistake is the one that is named.
    let mut settings: Vec<_> = settings.iter().collect();
    settings.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in settings {
        match &**key.get_ref() {
            "dialect" => config.dialect = Some(dialect(text, value)?),
            "rows" => config.rows = rows(string(text, value, "rows")?),
            "environ" => config.environ = environ(text, value)?,
            "select" => config.select = strings(text, value, "select")?,
            "ignore" => config.ignore = strings(text, value, "ignore")?,
            "severity" => config.severity = severities(text, value)?,
            "fail-on" => config.fail_on = fail_on(text, value)?,
            "page" => config.page = Some(page(text, value)?),
            "naming-convention" => config.naming_convention = naming(text, value)?,
            unknown => return Err(unknown_key(text, key.span(), unknown)),
        }
    }
    Ok(config)
}

fn unknown_key(text: &str, span: Range<usize>, key: &str) -> ConfigError {
    let names: Vec<&str> = KEYS.iter().map(|k| k.name).collect();
    let hint = match nearest(key, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the settings are {}", names.join(", ")),
    };
    error(text, span, format!("unknown setting `{key}`; {hint}"))
}

fn dialect(text: &str, value: &Value<'_>) -> Read<Dialect> {
    string(text, value, "dialect")?.parse().map_err(|e| error(text, value.span(), e))
}

fn rows(word: &str) -> Rows {
    match word {
        "seeded" => Rows::Seeded,
        "none" => Rows::None,
        path => Rows::File { path: path.to_owned(), sql: "".into() },
    }
}

fn severities(text: &str, value: &Value<'_>) -> Read<Vec<(String, Severity)>> {
    let mut severities = Vec::new();
    for (rule, level) in table(text, value, "severity")? {
        let severity = match string(text, level, "severity")? {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            "info" => Severity::Info,
            other => return Err(choice(text, level.span(), other, &["error", "warning", "info"])),
        };
        severities.push((rule.get_ref().to_string(), severity));
    }
    Ok(severities)
}

fn fail_on(text: &str, value: &Value<'_>) -> Read<FailOn> {
    match string(text, value, "fail-on")? {
        "error" => Ok(FailOn::Error),
        "warning" => Ok(FailOn::Warning),
        "never" => Ok(FailOn::Never),
        other => Err(choice(text, value.span(), other, &["error", "warning", "never"])),
    }
}

/// Whether a page is one that links can lead to, or why not.
pub fn check_page(url: &str) -> Result<(), String> {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let is_plain = |host: &str| {
        !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || c.is_control() || "#<>\"".contains(c))
    };
    if host.is_some_and(is_plain) {
        Ok(())
    } else {
        Err(format!("`{url}` is no address of a page, such as `https://example.org/revproof/`"))
    }
}

fn page(text: &str, value: &Value<'_>) -> Read<String> {
    let url = string(text, value, "page")?;
    check_page(url).map_err(|why| error(text, value.span(), why))?;
    Ok(url.to_owned())
}

fn naming(text: &str, value: &Value<'_>) -> Read<Vec<(Name, Name)>> {
    let kinds = ["ix", "uq", "ck", "fk", "pk"];
    let mut names = Vec::new();
    for (kind, template) in table(text, value, "naming-convention")? {
        if !kinds.contains(&&**kind.get_ref()) {
            return Err(choice(text, kind.span(), kind.get_ref(), &kinds));
        }
        names.push((Name::from(&**kind.get_ref()), Name::from(string(text, template, "naming-convention")?)));
    }
    Ok(names)
}

fn environ(text: &str, value: &Value<'_>) -> Read<Environ> {
    let mut environ = Environ::default();
    for (name, value) in table(text, value, "environ")? {
        Environ::check_name(name.get_ref()).map_err(|why| error(text, name.span(), why))?;
        let declared = match value.get_ref() {
            DeValue::String(value) => Some(value.to_string()),
            DeValue::Boolean(false) => None,
            _ => {
                let message = format!(
                    "the environment variable `{0}` takes a string, or `false` where it is not set: {0} = \"1\"",
                    name.get_ref()
                );
                return Err(error(text, value.span(), message));
            }
        };
        environ.declare(name.get_ref().to_string(), declared);
    }
    Ok(environ)
}

fn choice(text: &str, span: Range<usize>, found: &str, choices: &[&str]) -> ConfigError {
    let hint =
        nearest(found, choices.iter().copied()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    error(text, span, format!("`{found}` is not one of {}{hint}", choices.join(", ")))
}

fn string<'a>(text: &str, value: &'a Value<'_>, key: &str) -> Read<&'a str> {
    value.get_ref().as_str().ok_or_else(|| error(text, value.span(), format!("`{key}` takes a string")))
}

fn strings(text: &str, value: &Value<'_>, key: &str) -> Read<Vec<String>> {
    let list = value.get_ref().as_array().ok_or_else(|| {
        error(text, value.span(), format!("`{key}` takes a list of strings: {key} = [\"drop-column\"]"))
    })?;
    list.iter().map(|item| string(text, item, key).map(str::to_owned)).collect()
}

fn table<'a, 'i>(text: &str, value: &'a Value<'i>, key: &str) -> Read<&'a DeTable<'i>> {
    value.get_ref().as_table().ok_or_else(|| error(text, value.span(), format!("`{key}` takes a table")))
}

fn error(text: &str, span: Range<usize>, message: impl Into<String>) -> ConfigError {
    let before = text.as_bytes().iter().take(span.start);
    ConfigError { line: before.filter(|b| **b == b'\n').count() + 1, message: message.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(parse(text).unwrap_err().to_string(), expected, "{text}");
    }

    fn environ() -> Environ {
        let mut environ = Environ::default();
        environ.declare("APP_ENV", Some("production".to_owned()));
        environ.declare("DEBUG", None);
        environ
    }

    #[test]
    fn every_setting_is_read() {
        let config = parse(
            r#"
            dialect = "mysql"
            rows = "fixtures/rows.sql"
            select = ["RP2", "drop-column"]
            ignore = ["RP404"]
            fail-on = "warning"
            page = "https://example.org/proofs/"
            environ = { APP_ENV = "production", DEBUG = false }
            [severity]
            drop-column = "error"
            [naming-convention]
            uq = "uq_%(table_name)s_%(column_0_name)s"
            "#,
        );
        let expected = Config {
            dialect: Some(Dialect::MySql),
            rows: Rows::File { path: "fixtures/rows.sql".to_owned(), sql: "".into() },
            select: vec!["RP2".to_owned(), "drop-column".to_owned()],
            ignore: vec!["RP404".to_owned()],
            severity: vec![("drop-column".to_owned(), Severity::Error)],
            fail_on: FailOn::Warning,
            page: Some("https://example.org/proofs/".to_owned()),
            baseline: None,
            x_arguments: Vec::new(),
            environ: environ(),
            environ_arguments: Environ::default(),
            ini_section: None,
            naming_convention: vec![("uq".into(), "uq_%(table_name)s_%(column_0_name)s".into())],
        };
        assert_eq!(config, Ok(expected));
    }

    #[test]
    fn a_wrong_setting_names_its_line_and_the_right_one() {
        check("\nfail_on = 'error'", "line 2: unknown setting `fail_on`; did you mean `fail-on`?");
        check("dilect = 'sqlite'", "line 1: unknown setting `dilect`; did you mean `dialect`?");
        check(
            "fail-on = 'warnings'",
            "line 1: `warnings` is not one of error, warning, never; did you mean `warning`?",
        );
        check("dialect = 'oracle'", "line 1: unknown dialect `oracle`; known are postgresql, sqlite and mysql");
        check("select = 'RP2'", "line 1: `select` takes a list of strings: select = [\"drop-column\"]");
        check(
            "page = 'example.org'",
            "line 1: `example.org` is no address of a page, such as `https://example.org/revproof/`",
        );
        check("\n\nrows = 3", "line 3: `rows` takes a string");
        check(
            "[environ]\nDEBUG = true",
            "line 2: the environment variable `DEBUG` takes a string, or `false` where it is not set: DEBUG = \"1\"",
        );
        check("[environ]\n\"A=B\" = 'x'", "line 2: `A=B` is no name of an environment variable");
        check("[naming-convention]\nuk = 'x'", "line 2: `uk` is not one of ix, uq, ck, fk, pk");
    }

    #[test]
    fn broken_toml_is_an_error_with_its_line() {
        let error = parse("dialect = \"sqlite\"\nrows = ").unwrap_err();
        assert_eq!(error.line, 2, "{error}");
    }

    #[test]
    fn the_examples_of_the_manual_are_read() {
        for key in KEYS {
            assert!(key.example.starts_with(key.name), "{}", key.name);
            assert_eq!(parse(key.example).map(|_| ()), Ok(()), "{}", key.name);
        }
    }

    #[test]
    fn a_pyproject_is_read_only_where_it_speaks_of_revproof() {
        assert_eq!(parse_pyproject("[tool.black]\nline-length = 100"), Ok(None));
        let config = parse_pyproject("[tool.black]\n[tool.revproof]\ndialect = 'sqlite'").unwrap().unwrap();
        assert_eq!(config.dialect, Some(Dialect::Sqlite));
        let error = parse_pyproject("[tool.revproof]\nrow = 'none'").unwrap_err();
        assert_eq!(error.to_string(), "line 2: unknown setting `row`; did you mean `rows`?");
    }
}
