//! [`State`]: where the simulated database of a folder of scripts is kept, and how it is read and written.
//!
//! `.revproof/NAME/journal` lies beside the folder NAME of `env.py`, so that no two chains share one. Writers hold
//! `lock`; a journal is written beside the old one and takes its place, so that a kill at any moment leaves the one or
//! the other.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use revproof_core::alembic::Environment;
use revproof_core::schema::Dialect;
use revproof_core::workflow::{Journal, JournalError, journal_file, state_folder};

use crate::migrations::Migrations;
use crate::output::reason;
use crate::refusal::Refusal;

/// The folder that holds the simulated databases.
const FOLDER: &str = ".revproof";
/// How long a command waits for another one.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it looks meanwhile.
const PAUSE: Duration = Duration::from_millis(20);

/// Where a simulated database is kept.
pub(crate) struct State {
    folder: PathBuf,
    /// The name of the journal in it; that of each further database of a project is another one.
    file: String,
    /// The folder as the user would name it.
    shown: String,
}

/// The right to write. It goes with the process, however that ends.
pub(crate) struct Lock {
    _file: File,
}

impl State {
    /// Where the simulated database of these migrations is kept that an environment is about.
    pub(crate) fn of(migrations: &Migrations<'_>, environment: &Environment) -> Self {
        let folder = state_folder(&migrations.directory.project);
        let (shown, file) = (migrations.place.shown(&folder), journal_file(environment));
        Self { folder: migrations.place.root.join(&folder), shown, file }
    }

    /// What was done so far; `None` where there is no simulated database yet. Refused where it was made in another
    /// dialect.
    pub(crate) fn read(&self, dialect: Dialect) -> Result<Option<Journal>> {
        let text = match fs::read(self.journal()) {
            Ok(bytes) => String::from_utf8(bytes).unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                bail!("cannot read the simulated database `{}/{}`: {}", self.shown, self.file, reason(&error))
            }
        };
        let journal = Journal::read(&text).map_err(|error| self.unusable(&error))?;
        if *journal.start.dialect != *dialect.name() {
            let (was, is) = (&journal.start.dialect, dialect.name());
            return Err(Refusal::error(
                format!("The simulated database is one of {was}, and this is {is}"),
                format!("go on with `--dialect {was}`, or start over with `revproof reset`"),
            ));
        }
        Ok(Some(journal))
    }

    fn unusable(&self, error: &JournalError) -> anyhow::Error {
        let update = matches!(error, JournalError::Version(_));
        let or = if update { "update revproof, or start" } else { "bring it back from a copy, or start" };
        Refusal::error(
            format!("The simulated database `{}/{}` can't be used: {error}", self.shown, self.file),
            format!("{or} over with `revproof reset`; the scripts and real databases have nothing to do with it"),
        )
    }

    /// Waits a while for the right to write.
    pub(crate) fn lock(&self) -> Result<Lock> {
        self.make_folder()?;
        let path = self.folder.join("lock");
        let open = File::options().create(true).truncate(false).read(true).write(true).open(&path);
        let mut file = open.map_err(|error| self.unwritable(&error))?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => return Err(self.held(&mut file)),
                Err(TryLockError::Error(error)) => return Err(self.unwritable(&error)),
            }
        }
        // Who holds it is told to those who wait in vain; that they can't be told is no reason to stop.
        let name = format!("{} {}", std::process::id(), std::env::args().nth(1).unwrap_or_default());
        _ = file.set_len(0).and_then(|()| file.write_all(name.as_bytes()));
        Ok(Lock { _file: file })
    }

    fn held(&self, file: &mut File) -> anyhow::Error {
        let mut who = String::new();
        _ = file.read_to_string(&mut who);
        let holder = match who.split_once(' ') {
            Some((process, command)) => format!("`revproof {command}` (process {process})"),
            None => "another revproof".to_owned(),
        };
        Refusal::error(
            format!("The simulated database in `{}` is in use by {holder}", self.shown),
            "try again when it is done, or end it; nothing was changed",
        )
    }

    /// Puts a journal in the place of the one that is there.
    pub(crate) fn write(&self, _lock: &Lock, journal: &Journal) -> Result<()> {
        let temporary = self.folder.join(format!("{}.new", self.file));
        let write = || {
            let mut file = File::create(&temporary)?;
            file.write_all(journal.write().as_bytes())?;
            file.sync_all()?;
            fs::rename(&temporary, self.journal())?;
            sync_folder(&self.folder)
        };
        write().map_err(|error| {
            _ = fs::remove_file(&temporary);
            self.unwritable(&error)
        })
    }

    /// Takes the simulated database away. Whether there was one.
    pub(crate) fn remove(&self, _lock: &Lock) -> Result<bool> {
        match fs::remove_file(self.journal()).and_then(|()| sync_folder(&self.folder)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(self.unwritable(&error)),
        }
    }

    fn journal(&self) -> PathBuf {
        self.folder.join(&self.file)
    }

    fn make_folder(&self) -> Result<()> {
        fs::create_dir_all(&self.folder).map_err(|error| self.unwritable(&error))?;
        let root = self.folder.ancestors().find(|folder| folder.ends_with(FOLDER)).unwrap_or(&self.folder);
        let ignore = root.join(".gitignore");
        if !ignore.exists() {
            fs::write(&ignore, "# Made by revproof: simulated databases are nobody else's.\n*\n")
                .map_err(|error| self.unwritable(&error))?;
        }
        Ok(())
    }

    fn unwritable(&self, error: &io::Error) -> anyhow::Error {
        anyhow!(
            "cannot write the simulated database in `{}`: {}; what was there is unchanged",
            self.shown,
            reason(error)
        )
    }
}

/// Makes a rename or a removal last: on Unix a folder is a file to be synced, elsewhere it can't be opened as one.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
