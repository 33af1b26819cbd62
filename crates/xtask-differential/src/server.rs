//! [`Server`]: a PostgreSQL of our own, on a private socket in a temporary folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use xtask::shell::{command, install, output, run, succeeds};

/// A server that ends, and leaves nothing behind, when it is dropped.
pub(crate) struct Server {
    postmaster: Child,
    folder: TempDir,
}

/// What makes it quick: nothing of it is to outlive a crash.
const SETTINGS: &[&str] = &[
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "jit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_connections=10",
    "shared_buffers=64MB",
];

impl Server {
    /// Makes a database cluster and starts a server on it, installing PostgreSQL where it is missing.
    pub(crate) fn start() -> Result<Self> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("differential").tempdir().context("no temporary folder")?;
        let data = folder.path().join("data");
        fs::create_dir(&data)?;
        if is_root()? {
            // PostgreSQL refuses to run as root; its package makes a user for it.
            run(command("chown -R postgres").arg(folder.path())).context("there is no user `postgres`")?;
        }
        let mut initdb = as_user(&programs.join("initdb"), folder.path())?;
        initdb.args(["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", "--pgdata"]);
        run(initdb.arg(&data).stdout(Stdio::null()))?;
        let mut postgres = as_user(&programs.join("postgres"), folder.path())?;
        postgres.arg("-D").arg(&data).arg("-k").arg(folder.path());
        postgres.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
        let log = fs::File::create(folder.path().join("log"))?;
        let postmaster = postgres.stdout(Stdio::null()).stderr(log).spawn().context("PostgreSQL does not start")?;
        let mut server = Self { postmaster, folder };
        server.wait(&programs)?;
        Ok(server)
    }

    /// The URL of its database, as SQLAlchemy has it.
    pub(crate) fn url(&self) -> String {
        format!("postgresql+psycopg2://postgres@/postgres?host={}", self.folder.path().display())
    }

    /// Waits until it takes connections.
    fn wait(&mut self, programs: &Path) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(30) {
            let mut ready = Command::new(programs.join("pg_isready"));
            if succeeds(ready.arg("--quiet").arg("--host").arg(self.folder.path())) {
                return Ok(());
            }
            if self.postmaster.try_wait()?.is_some() {
                break;
            }
            sleep(Duration::from_millis(50));
        }
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        bail!("PostgreSQL does not come up:\n{log}")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A fast shutdown, which also gives back its shared memory.
        if !succeeds(command("kill -INT").arg(self.postmaster.id().to_string())) || self.postmaster.wait().is_err() {
            eprintln!("the PostgreSQL in {} could not be stopped", self.folder.path().display());
        }
    }
}

/// The folder with the programs of the newest PostgreSQL on the machine.
fn programs() -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    install(&["postgresql"]).context("PostgreSQL, which revproof is compared with, is missing: install its server")?;
    find().context("the package `postgresql` is installed, but has no initdb")
}

fn find() -> Option<PathBuf> {
    let of_path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&of_path).collect();
    // Debian keeps the programs of each release apart, out of the way of the users.
    let releases = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut releases: Vec<PathBuf> = releases.map(|entry| entry.path()).collect();
    releases.sort_by_key(|path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
    folders.extend(releases.into_iter().rev().map(|release| release.join("bin")));
    // A folder of links may hold some of the programs only.
    let real = |folder: PathBuf| Some(fs::canonicalize(folder.join("initdb")).ok()?.parent()?.to_owned());
    let whole = |folder: &PathBuf| ["postgres", "pg_isready"].iter().all(|program| folder.join(program).exists());
    folders.into_iter().filter_map(real).find(whole)
}

fn is_root() -> Result<bool> {
    Ok(output(&mut command("id -u"))? == "0")
}

/// A program, run as a user who is not root.
fn as_user(program: &Path, folder: &Path) -> Result<Command> {
    let mut line = if is_root()? {
        let mut line = command("setpriv --reuid=postgres --regid=postgres --clear-groups");
        line.arg(program);
        line
    } else {
        Command::new(program)
    };
    line.current_dir(folder);
    Ok(line)
}
