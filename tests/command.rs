//! Running the command in a test.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The root of the project.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is a folder of the workspace")
}

/// `revproof` with these arguments, run in the root of the project.
pub(crate) fn revproof(arguments: &str) -> Ran {
    revproof_in(root(), arguments)
}

/// `revproof` with these arguments, run in that folder.
pub(crate) fn revproof_in(folder: &Path, arguments: &str) -> Ran {
    let output = command_in(folder, arguments).output().expect("revproof starts");
    Ran::from(arguments, &output)
}

/// The command, to be changed or piped before it is run.
pub(crate) fn command_in(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_revproof"));
    command.args(arguments.split_whitespace()).current_dir(folder).stdin(Stdio::null());
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "GITHUB_ACTIONS"] {
        command.env_remove(variable);
    }
    command
}

/// What came of a run.
pub(crate) struct Ran {
    arguments: String,
    /// The exit code.
    pub(crate) code: Option<i32>,
    /// What it printed.
    pub(crate) stdout: String,
    /// What it said on stderr.
    pub(crate) stderr: String,
}

impl Ran {
    /// What came of a run that was waited for elsewhere.
    pub(crate) fn from(arguments: &str, output: &Output) -> Self {
        Self {
            arguments: arguments.to_owned(),
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout.clone()).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr.clone()).expect("stderr is UTF-8"),
        }
    }

    /// It ended with this exit code.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "revproof {}\n{}{}", self.arguments, self.stdout, self.stderr);
        self
    }

    /// It refused to run, with one line on stderr that says all of this, and printed nothing.
    #[track_caller]
    pub(crate) fn refused(self, said: &[&str]) {
        let this = self.code(2);
        assert_eq!(this.stdout, "", "revproof {}", this.arguments);
        assert_eq!(this.stderr.lines().count(), 1, "revproof {}: {}", this.arguments, this.stderr);
        for said in said {
            assert!(this.stderr.contains(said), "revproof {}: {said:?} is not in {:?}", this.arguments, this.stderr);
        }
    }

    /// It printed all of this.
    #[track_caller]
    pub(crate) fn prints(self, printed: &[&str]) -> Self {
        for printed in printed {
            assert!(
                self.stdout.contains(printed),
                "revproof {}: {printed:?} is not in\n{}{}",
                self.arguments,
                self.stdout,
                self.stderr
            );
        }
        self
    }

    /// What it printed, as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|e| panic!("revproof {}: {e}\n{}", self.arguments, self.stdout))
    }
}

/// The folders of `migrations/`, by name.
pub(crate) fn chains() -> Vec<String> {
    let entries = std::fs::read_dir(root().join("migrations")).expect("the sample chains are there").flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Every file under a folder of the project that has this extension.
pub(crate) fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.') && !path.ends_with(".ci");
        if path.is_dir() && !hidden && !path.ends_with("target") && !path.ends_with("node_modules") {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}
