//! The Python that has the real Alembic, and the scripts that drive it.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::command::root;

/// The Python that has Alembic.
pub(crate) fn python() -> PathBuf {
    let python = root().join("target/alembic/bin/python");
    assert!(
        python.exists(),
        "the real Alembic, which these tests compare with, is not installed: run `cargo xtask alembic`"
    );
    python
}

/// What a script prints that is given this to read; the script is named by its path from the root of the project.
pub(crate) fn driven(script: &str, asked: String) -> String {
    let mut child = Command::new(python())
        .arg(root().join(script))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || stdin.write_all(asked.as_bytes()));
    let output = child.wait_with_output().expect("Python ends");
    writer.join().expect("the cases are written").expect("the driver reads the cases; why it did not stands above");
    String::from_utf8(output.stdout).expect("the driver answers with text")
}
