//! [`Driver`]: the real Alembic on a real database, behind `driver.py`.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};
use revproof_core::schema::Dialect;
use serde_json::Value;
use xtask::shell::root;

use crate::request::Request;

/// A process that runs chains on one database, one after the other. It ends with its stdin.
pub(crate) struct Driver {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Driver {
    /// Starts it, and its PostgreSQL where it needs one.
    pub(crate) fn start(dialect: Dialect) -> Result<Self> {
        let python = root().join("target/alembic/bin/python");
        ensure!(
            python.exists(),
            "the real Alembic, which revproof is compared with, is not installed: run `cargo xtask alembic`"
        );
        let mut command = Command::new(python);
        command.arg(root().join("crates/xtask-differential/driver.py")).arg(dialect.name()).env("PYTHONHASHSEED", "0");
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("Python does not start")?;
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().context("the driver has no stdout")?);
        Ok(Self { child, stdin, stdout })
    }

    /// What the real thing did.
    pub(crate) fn ask(&mut self, request: &Request) -> Result<Value> {
        let request = serde_json::to_string(request)?;
        let stdin = self.stdin.as_mut().context("the driver has no stdin")?;
        writeln!(stdin, "{request}").context("the driver does not listen")?;
        let mut answer = String::new();
        self.stdout.read_line(&mut answer).context("the driver does not answer")?;
        serde_json::from_str(&answer).with_context(|| format!("the driver died over {request}"))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.stdin = None;
        if let Err(error) = self.child.wait() {
            eprintln!("the driver could not be waited for: {error}");
        }
    }
}
