//! `revproof init`.

use std::env;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

use crate::output::{self, reason};
use crate::refusal::Refusal;
use crate::templates::{TEMPLATES, Template};
use crate::{files, place};

/// The arguments of `init`.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The folder to make
    #[arg(value_name = "DIR", default_value = "migrations", conflicts_with = "given")]
    folder: PathBuf,
    /// The folder to make, as `flask db` takes it
    #[arg(long = "directory", short = 'd', value_name = "DIR", id = "given")]
    given: Option<PathBuf>,
    /// What to put into it; `list-templates` lists them [default: flask]
    #[arg(long, short, value_name = "NAME")]
    template: Option<String>,
    /// Several databases: the same as `--template flask-multidb`
    #[arg(long, conflicts_with = "template")]
    multidb: bool,
    /// Write an empty `__init__.py` into both folders
    #[arg(long)]
    package: bool,
}

/// Makes a migrations folder.
pub(crate) fn run(args: &InitArgs) -> Result<ExitCode> {
    let named = args.template.as_deref().unwrap_or(if args.multidb { "flask-multidb" } else { "flask" });
    let folder = args.given.as_ref().unwrap_or(&args.folder);
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Refusal::error(
            format!("Directory {} already exists and is not empty", plain(folder)),
            "name a folder that is not there yet, as in `revproof init other`; nothing was overwritten",
        ));
    }
    let Some(template) = TEMPLATES.iter().find(|template| template.name == named) else {
        let known: Vec<&str> = TEMPLATES.iter().map(|template| template.name).collect();
        return Err(Refusal::error(format!("No such template {named}"), format!("there are {}", known.join(", "))));
    };
    let here = env::current_dir().context("cannot tell the working directory")?;
    let whole = here.join(plain(folder));
    files::folder(&whole)?;
    files::folder(&whole.join("versions"))?;
    files::create(&whole.join("script.py.mako"), template.script)?;
    files::create(&whole.join("README"), template.readme)?;
    files::create(&whole.join("env.py"), template.env)?;
    configure(template, &here, &whole, folder)?;
    if args.package {
        for file in [whole.join("__init__.py"), whole.join("versions/__init__.py")] {
            files::write_new(&file, "")?;
            output::print(&format!("Adding {} ...  done\n", file.display()))?;
        }
    }
    let ini = ini_file(template, &here, &whole);
    let ini = ini.display();
    let last = match template.toml {
        None => format!("Please edit configuration/connection/logging settings in {ini} before proceeding.\n"),
        Some(_) => format!(
            "Please edit configuration settings in {} and configuration/connection/logging settings in {ini} before \
             proceeding.\n",
            here.join("pyproject.toml").display()
        ),
    };
    output::print(&last)?;
    Ok(ExitCode::SUCCESS)
}

fn ini_file(template: &Template, here: &Path, whole: &Path) -> PathBuf {
    if template.is_flask { whole.join("alembic.ini") } else { here.join("alembic.ini") }
}

/// Writes the settings, or adds them to those that are there.
fn configure(template: &Template, here: &Path, whole: &Path, folder: &Path) -> Result<()> {
    let location = if folder.is_absolute() {
        place::slashed(folder)
    } else {
        format!("%(here)s/{}", place::slashed(Path::new(&plain(folder))))
    };
    let ini = ini_file(template, here, whole);
    if ini.exists() {
        output::print(&format!("File {} already exists, skipping\n", ini.display()))?;
    } else {
        files::create(&ini, &template.ini.replace("{script_location}", &location))?;
    }
    let Some(table) = template.toml else { return Ok(()) };
    let table = table.replace("{script_location}", &location);
    let file = here.join("pyproject.toml");
    if !file.exists() {
        return files::create(&file, &table);
    }
    let text = fs::read_to_string(&file)
        .map_err(|error| anyhow::anyhow!("cannot read `{}`: {}", file.display(), reason(&error)))?;
    if has_table(&text) {
        return output::print(&format!(
            "File {} already exists and already has a [tool.alembic] section, skipping\n",
            file.display()
        ));
    }
    output::write(&file, &format!("{text}\n\n{table}"))?;
    output::print(&format!("Appending to existing {} ...  done\n", file.display()))
}

/// Whether a `pyproject.toml` says something about Alembic.
fn has_table(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim().trim_start_matches('[');
        line.starts_with("tool.alembic]") || line.starts_with("tool.alembic.")
    })
}

/// The path as Python's `pathlib` writes it: without `.` and doubled slashes.
fn plain(path: &Path) -> String {
    let parts = path.components().filter(|part| !matches!(part, Component::CurDir));
    let plain: PathBuf = parts.collect();
    if plain.as_os_str().is_empty() { ".".to_owned() } else { plain.to_string_lossy().into_owned() }
}
