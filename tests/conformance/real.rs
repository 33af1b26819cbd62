//! The real Alembic and Flask-Migrate, behind `driver.py`: one process for all tests.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex};

use serde_json::{Value, json};

use super::own_file;
use crate::python::python;

/// Whose commands are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    /// `alembic`.
    Alembic,
    /// `flask db`.
    Flask,
}

/// What came of one command line; the fields are explained in `driver.py`.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) stdout: String,
    pub(super) log: Vec<String>,
    pub(super) exit: i64,
    pub(super) raised: Option<String>,
    pub(super) rows: Option<Vec<String>>,
}

/// Runs the command lines one after the other in that folder.
pub(super) fn run(folder: &Path, face: Face, steps: &[Vec<String>]) -> Vec<Answer> {
    let face = match face {
        Face::Alembic => "alembic",
        Face::Flask => "flask",
    };
    let request = json!({ "root": folder, "face": face, "steps": steps });
    // A test that failed while it held the driver has nothing to do with the next one.
    let mut driver = DRIVER.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let answer = driver.ask(&request);
    let answers: Vec<Answer> = answer.as_array().expect("a list").iter().map(read).collect();
    assert_eq!(answers.len(), steps.len(), "the driver answers every step");
    answers
}

static DRIVER: LazyLock<Mutex<Driver>> = LazyLock::new(|| Mutex::new(Driver::start()));

struct Driver {
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Driver {
    #[expect(clippy::zombie_processes, reason = "the driver ends with its stdin, and that with this process")]
    fn start() -> Self {
        let mut command = Command::new(python());
        // The order of Python's sets is that of hashes; so it is the same every time.
        command.arg(own_file("driver.py")).env("PYTHONHASHSEED", "0").env_remove("ALEMBIC_CONFIG");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the driver starts");
        let (stdin, stdout) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
        Self { stdin, stdout: BufReader::new(stdout) }
    }

    fn ask(&mut self, request: &Value) -> Value {
        writeln!(self.stdin, "{request}").expect("the driver listens");
        let mut answer = String::new();
        self.stdout.read_line(&mut answer).expect("the driver answers");
        serde_json::from_str(&answer).unwrap_or_else(|e| panic!("the driver died over {request}: {e}"))
    }
}

fn read(answer: &Value) -> Answer {
    let text = |key: &str| answer[key].as_str().map(str::to_owned);
    let list = |key: &str| -> Option<Vec<String>> {
        let items = answer[key].as_array()?;
        Some(items.iter().map(|item| item.as_str().unwrap_or_default().to_owned()).collect())
    };
    Answer {
        stdout: text("stdout").expect("text"),
        log: list("log").expect("a list"),
        exit: answer["exit"].as_i64().expect("a number"),
        raised: text("raised"),
        rows: list("rows"),
    }
}
