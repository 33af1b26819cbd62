//! One folder of scripts, as the commands of the workflow work on: found, loaded, and handed to them.

use std::path::Path;

use anyhow::{Result, bail};
use revproof_core::alembic::{Environment, Keep, NoSection, ProjectDatabase, Script, explain_section};
use revproof_core::config::Config;
use revproof_core::directory::{self, ScriptDirectory};
use revproof_core::source::{FileTree, Sources};

use crate::args::DirectoryArgs;
use crate::check::nothing_found;
use crate::place::{DEFAULT, Place};
use crate::refusal::Refusal;
use crate::{prove, settings};

/// What a command is given to work on.
pub(crate) struct Migrations<'a> {
    /// The folder of scripts.
    pub(crate) directory: &'a ScriptDirectory<'a>,
    /// What its scripts are evaluated in: for the database that was named, or for each that the project has.
    pub(crate) databases: Vec<&'a Environment>,
    /// The files, read or not.
    pub(crate) tree: &'a dyn FileTree,
    /// All files that were read.
    pub(crate) sources: &'a Sources,
    /// The settings.
    pub(crate) config: &'a Config,
    /// How to speak of paths of the tree.
    pub(crate) place: &'a Place,
}

impl Migrations<'_> {
    /// The one database that the command is about, where it can be about one only: the only one, or the default one.
    pub(crate) fn one_database(&self) -> Result<&Environment> {
        let default = |environment: &&&Environment| environment.database.as_ref().is_some_and(|d| d.name.is_empty());
        match self.databases.as_slice() {
            [only] => Ok(only),
            several => several.iter().find(default).copied().ok_or_else(|| {
                let names: Vec<&str> = several.iter().filter_map(|environment| name_of(environment)).collect();
                Refusal::error(
                    format!("The project has {} databases: {}", names.len(), names.join(", ")),
                    format!("say which one is meant, as in `--database {}`", names.first().unwrap_or(&"NAME")),
                )
            }),
        }
    }

    /// The name of a database, where what is said of it must be told from what is said of another.
    pub(crate) fn heading<'e>(&self, environment: &'e Environment) -> Option<&'e str> {
        name_of(environment).filter(|_| self.databases.len() > 1)
    }

    /// The file of a script, from the root of the file system.
    pub(crate) fn absolute(&self, script: &Script) -> String {
        self.sources.get(script.file).map_or_else(String::new, |file| self.place.absolute(&file.path))
    }

    /// The file of a script, as the user would name it from where the command runs.
    pub(crate) fn shown(&self, script: &Script) -> String {
        self.sources.get(script.file).map_or_else(String::new, |file| self.place.shown(&file.path))
    }
}

/// What `work` makes of the one folder of scripts that the arguments name.
pub(crate) fn with<T, F>(args: &DirectoryArgs, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&Migrations<'_>) -> Result<T> + Send + 'static,
{
    with_keeping(Keep::Code, args, work)
}

/// [`with`], keeping so much of the scripts.
pub(crate) fn with_keeping<T, F>(keep: Keep, args: &DirectoryArgs, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&Migrations<'_>) -> Result<T> + Send + 'static,
{
    if let Some(missing) = args.directory.as_deref().filter(|folder| !folder.exists()) {
        return Err(no_folder(missing));
    }
    let section = args.environment.ini_section.clone();
    let place = Place::find(args.directory.as_deref(), section.as_deref())?;
    let config = settings::for_directory(args, &place)?;
    let database = args.database.clone();
    let (told, bare) = (place.clone(), args.directory.is_none());
    prove::on_disk(&place, move |tree, path, _| {
        let (directories, sources) = directory::read_keeping(keep, tree, path, &config);
        match directories.as_slice() {
            [directory] => {
                let databases = chosen(directory, database.as_deref())?;
                work(&Migrations { directory, databases, tree, sources: &sources, config: &config, place: &told })
            }
            [] if let Some(section) = &section => Err(no_section(tree, path, section, &told)),
            [] if bare && !told.target.ends_with(DEFAULT) => Err(no_folder(Path::new(DEFAULT))),
            [] => bail!("{}", nothing_found(&told, None)),
            several => bail!("{}", too_many(several, &told)),
        }
    })?
}

/// The name of a database, where the project has several.
pub(crate) fn name_of(environment: &Environment) -> Option<&str> {
    environment.database.as_ref().map(ProjectDatabase::shown)
}

/// The environments of the database of that name, or of all of them.
fn chosen<'d>(directory: &'d ScriptDirectory<'_>, name: Option<&str>) -> Result<Vec<&'d Environment>> {
    let all: Vec<&Environment> = directory.environments().collect();
    let Some(name) = name else { return Ok(all) };
    let find = |name: &str| {
        let is_it = |e: &&&Environment| e.database.as_ref().is_some_and(|database| *database.name == *name);
        all.iter().find(is_it).copied()
    };
    let default = || find("").filter(|_| matches!(name, "default" | "<default>"));
    if let Some(environment) = find(name).or_else(default) {
        return Ok(vec![environment]);
    }
    let known: Vec<&str> = all.iter().filter_map(|environment| name_of(environment)).collect();
    Err(Refusal::error(
        format!("The project has no database `{name}`"),
        match known.as_slice() {
            [] => "it has one database, as `upgrade()` takes no name of one: leave `--database` out".to_owned(),
            known => format!("it has {}", known.join(", ")),
        },
    ))
}

/// Alembic's words; they are Flask-Migrate's too.
fn no_folder(folder: &Path) -> anyhow::Error {
    let shown = folder.display();
    Refusal::error(
        format!("Path doesn't exist: {shown}.  Please use the 'init' command to create a new scripts folder."),
        format!("`revproof init {shown}` creates it; a folder of another name is given with `-d`"),
    )
}

/// Alembic's words, and what is wrong with the section that was named.
fn no_section(tree: &dyn FileTree, path: &str, section: &str, place: &Place) -> anyhow::Error {
    let help = match explain_section(tree, path, section) {
        NoSection::NoFile => "`-n` names a section of alembic.ini, and there is no such file here or above".to_owned(),
        NoSection::Missing { file, sections } => {
            let sections: Vec<String> = sections.iter().map(|name| format!("`-n {name}`")).collect();
            let known = if sections.is_empty() { "none of its sections does".to_owned() } else { sections.join(", ") };
            format!("{} has no section [{section}]; with a folder of scripts: {known}", place.shown(&file))
        }
        NoSection::NoLocation { file } => {
            format!("put `script_location = …` into the section [{section}] of {}", place.shown(&file))
        }
        NoSection::Elsewhere { file, location } => {
            let file = place.shown(&file);
            let location = location.trim_start_matches("./");
            return Refusal::error(
                format!("The section [{section}] of {file} has its scripts in `{location}`, and there are none here"),
                format!("leave `-d` out, or give `-d {file}`; `revproof init {location}` makes the folder anew"),
            );
        }
    };
    Refusal::error("No 'script_location' key found in configuration.", help)
}

fn too_many(directories: &[ScriptDirectory<'_>], place: &Place) -> String {
    let roots: Vec<String> = directories.iter().map(|d| place.shown(&d.project.root)).collect();
    let first = roots.first().map_or("", String::as_str);
    format!("{} migration folders here ({}): name one with `-d`, as in `-d {first}`", roots.len(), roots.join(", "))
}
