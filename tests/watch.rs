//! `revproof check --watch`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::command::{command_in, revproof_in};
use crate::project::{Project, script};

/// How long something may take that happens in no time: other tests keep the machine busy.
const PATIENCE: Duration = Duration::from_mins(1);

/// A command that watches a folder.
struct Watching {
    project: Project,
    child: Child,
    lines: Receiver<String>,
    said: String,
}

impl Watching {
    fn start(arguments: &str) -> Self {
        let project = Project::of_chain(&[(USERS, DROP)]);
        let mut command = command_in(project.path(), &format!("check --watch {arguments} migrations"));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (tell, lines) = channel();
        thread::spawn(move || stdout.lines().map_while(Result::ok).for_each(|line| _ = tell.send(line)));
        let mut watching = Self { project, child, lines, said: String::new() };
        watching.says("watching; Ctrl-C ends it");
        watching
    }

    fn path(&self, path: &str) -> PathBuf {
        self.project.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        self.project.write(path, text.as_bytes());
    }

    /// Writes the n-th script.
    fn script(&self, number: usize, upgrade: &str, downgrade: &str) {
        self.write(&format!("migrations/versions/r{number}.py"), &script(number, upgrade, downgrade));
    }

    /// Waits until it has said this since it was last waited for.
    #[track_caller]
    fn says(&mut self, wanted: &str) {
        let start = Instant::now();
        let mut said = String::new();
        while !said.contains(wanted) {
            let left = PATIENCE.saturating_sub(start.elapsed());
            let Ok(line) = self.lines.recv_timeout(left) else {
                panic!("{wanted:?} is not in {said:?} after {:?}", self.said)
            };
            said = said + &line + "\n";
        }
        self.said += &said;
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

const USERS: &str = "op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))";
const DROP: &str = "op.drop_table('users')";

#[test]
fn what_an_edit_changes_is_told() {
    let mut watching = Watching::start("");
    watching.script(0, USERS, "pass");
    watching.says("1 of 1 proved again");
    watching.says("error[RP202 empty-downgrade]");
    watching.says("r0 is irreversible now, not reversible: the downgrade is empty");
    watching.says("0 of 1 revision reversible");
    // A new revision leaves the first as it was.
    watching.script(1, "op.add_column('users', sa.Column('mail', sa.Text()))", "op.drop_column('users', 'mail')");
    watching.says("migrations/versions/r1.py; 1 of 2 proved again");
    watching.says("r1 is new, reversible");
    watching.script(0, USERS, DROP);
    watching.says("settled: RP202 empty-downgrade");
    watching.says("r0 is reversible now, not irreversible");
    fs::remove_file(watching.path("migrations/versions/r1.py")).unwrap();
    watching.says("r1 is gone");
}

#[test]
fn half_written_files_and_folders_that_are_gone_are_survived() {
    let mut watching = Watching::start("--output-format concise");
    watching.write("migrations/versions/r0.py", "revision = 'r0'\ndef upgrade(:\n");
    watching.says("RP106");
    watching.script(0, USERS, DROP);
    watching.says("settled: RP106");
    watching.write("revproof.toml", "rows = [");
    watching.says("revproof.toml:1:");
    watching.write("revproof.toml", "ignore = ['RP4']\n");
    watching.says("nothing changes: 1 of 1 revision reversible");
    fs::rename(watching.path("migrations"), watching.path("away")).unwrap();
    watching.says("no migrations found in `migrations`");
    fs::rename(watching.path("away"), watching.path("migrations")).unwrap();
    watching.says("1 of 1 revision reversible");
    fs::remove_dir_all(watching.path("migrations/versions")).unwrap();
    watching.says("r0 is gone");
    fs::create_dir(watching.path("migrations/versions")).unwrap();
    watching.script(0, USERS, "pass");
    watching.says("r0 is new, irreversible");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_without_a_word() {
    let mut watching = Watching::start("--quiet --no-link");
    let pid = watching.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let status = watching.child.wait().unwrap();
    assert_eq!(status.code(), Some(0));
    let mut stderr = String::new();
    std::io::Read::read_to_string(&mut watching.child.stderr.take().unwrap(), &mut stderr).unwrap();
    assert_eq!(stderr, "");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let check = |arguments: &str, said: &[&str]| {
        revproof_in(Path::new("."), &format!("check --watch {arguments} .")).refused(said);
    };
    for format in ["json", "markdown", "github"] {
        check(&format!("--output-format {format}"), &["--watch", format, "text", "concise"]);
    }
    check("--output-file report.txt", &["--watch", "--output-file", "leave one of them out"]);
    check("--statistics", &["--watch", "--statistics", "leave one of them out"]);
}
