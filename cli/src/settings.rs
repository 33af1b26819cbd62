//! The settings: what the configuration file says, and what the arguments say over it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use revproof_core::config::{self, Config, Rows};
use revproof_core::python::Environ;

use crate::args::{CheckArgs, DialectName, DirectoryArgs, EnvironmentArgs, InputArgs};
use crate::output::reason;
use crate::place::Place;

const OWN: &str = "revproof.toml";
const SHARED: &str = "pyproject.toml";

/// The settings for `check`.
pub(crate) fn for_check(args: &CheckArgs, place: &Place) -> Result<Config> {
    let (mut config, folder) = read(args.input.config.as_deref(), args.input.dialect, &args.input.environment, place)?;
    match args.rows.as_deref() {
        None => config.rows = load_rows(config.rows, &folder)?,
        Some("seeded") => config.rows = Rows::Seeded,
        Some("none") => config.rows = Rows::None,
        Some(file) => config.rows = load_rows(Rows::File { path: file.to_owned(), sql: "".into() }, Path::new(""))?,
    }
    if let Some(file) = &args.baseline {
        config.baseline = Some(read_text(file, "baseline")?.into());
    }
    if let Some(select) = &args.select {
        config.select.clone_from(select);
    }
    if let Some(ignore) = &args.ignore {
        config.ignore.clone_from(ignore);
    }
    if let Some(level) = args.fail_on {
        config.fail_on = level.into();
    }
    if args.exit_zero {
        config.fail_on = config::FailOn::Never;
    }
    revproof_core::lint::Selection::of(&config)?;
    Ok(config)
}

/// The settings for `schema`, which needs no rows.
pub(crate) fn for_schema(args: &InputArgs, place: &Place) -> Result<Config> {
    let (config, _) = read(args.config.as_deref(), args.dialect, &args.environment, place)?;
    Ok(Config { rows: Rows::None, ..config })
}

/// The settings for `share`.
pub(crate) fn for_share(args: &InputArgs, place: &Place) -> Result<Config> {
    let (config, folder) = read(args.config.as_deref(), args.dialect, &args.environment, place)?;
    Ok(Config { rows: load_rows(config.rows, &folder)?, ..config })
}

/// The settings for a command that works on one folder of scripts.
pub(crate) fn for_directory(args: &DirectoryArgs, place: &Place) -> Result<Config> {
    let (config, folder) = read(args.config.as_deref(), args.dialect, &args.environment, place)?;
    Ok(Config { rows: load_rows(config.rows, &folder)?, ..config })
}

/// The configuration, with the dialect of the arguments, and the folder that its paths are relative to.
fn read(
    file: Option<&Path>,
    dialect: Option<DialectName>,
    environment: &EnvironmentArgs,
    place: &Place,
) -> Result<(Config, PathBuf)> {
    let (mut config, folder) = match file {
        Some(file) => (read_file(file)?.unwrap_or_default(), parent(file)),
        None => discover(&place.target)?,
    };
    if let Some(dialect) = dialect {
        config.dialect = Some(dialect.into());
    }
    config.environ_arguments = environ(environment)?;
    config.x_arguments.clone_from(&environment.x_arguments);
    config.ini_section.clone_from(&environment.ini_section);
    Ok((config, folder))
}

/// The environment variables of the arguments.
fn environ(arguments: &EnvironmentArgs) -> Result<Environ> {
    let mut environ = Environ::default();
    for argument in &arguments.environ {
        let Some((name, value)) = argument.split_once('=') else {
            bail!(
                "`--environ {argument}` has no value: give `--environ {argument}=VALUE`, or `--unset-environ {argument}`"
            );
        };
        Environ::check_name(name).map_err(|why| anyhow!("{why}: give `--environ NAME=VALUE`"))?;
        environ.declare(name, Some(value.to_owned()));
    }
    for name in &arguments.unset_environ {
        Environ::check_name(name).map_err(|why| anyhow!("{why}: give `--unset-environ NAME`"))?;
        if arguments.environ.iter().any(|set| set.split_once('=').is_some_and(|(set, _)| set == name)) {
            bail!("the environment variable {name} is both set and unset: leave out `--environ` or `--unset-environ`");
        }
        environ.declare(name, None);
    }
    Ok(environ)
}

/// Where a file of settings may stand: the one that is named, or all at or above the path.
pub(crate) fn places(named: Option<&Path>, place: &Place) -> Vec<PathBuf> {
    if let Some(named) = named {
        return vec![named.to_owned()];
    }
    place.target.ancestors().flat_map(|folder| [OWN, SHARED].map(|name| folder.join(name))).collect()
}

/// The nearest configuration at or above the path.
fn discover(target: &Path) -> Result<(Config, PathBuf)> {
    for folder in target.ancestors() {
        for name in [OWN, SHARED] {
            let file = folder.join(name);
            if !file.is_file() {
                continue;
            }
            if let Some(config) = read_file(&file)? {
                return Ok((config, folder.to_owned()));
            }
        }
    }
    Ok((Config::default(), PathBuf::new()))
}

/// The configuration of a file; `None` for a `pyproject.toml` that says nothing of revproof.
fn read_file(file: &Path) -> Result<Option<Config>> {
    let text = read_text(file, "configuration")?;
    let read = if file.file_name().is_some_and(|name| name == SHARED) {
        config::parse_pyproject(&text)
    } else {
        config::parse(&text).map(Some)
    };
    read.map_err(|error| anyhow!("{}:{}: {}", file.display(), error.line, error.message))
}

fn load_rows(rows: Rows, folder: &Path) -> Result<Rows> {
    let Rows::File { path, .. } = rows else { return Ok(rows) };
    let file = folder.join(&path);
    let is_sql = file.extension().is_some_and(|e| e.eq_ignore_ascii_case("sql"));
    if !is_sql && !file.exists() {
        bail!("`{path}` are no rows: give `seeded`, `none`, or a file of INSERT statements");
    }
    Ok(Rows::File { sql: read_text(&file, "rows")?.into(), path })
}

/// The text of a file that is `what`.
pub(crate) fn read_text(file: &Path, what: &str) -> Result<String> {
    fs::read_to_string(file).map_err(|error| anyhow!("cannot read the {what} `{}`: {}", file.display(), reason(&error)))
}

fn parent(file: &Path) -> PathBuf {
    file.parent().map(Path::to_owned).unwrap_or_default()
}
