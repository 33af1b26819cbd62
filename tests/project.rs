//! Small projects, written to a temporary folder.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A folder that is gone with the test.
pub(crate) struct Project(TempDir);

impl Project {
    /// A project of these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let project = Self(tempfile::tempdir().expect("a temporary folder"));
        for (path, text) in files {
            project.write(path, text.as_bytes());
        }
        project
    }

    /// A project of one chain in `migrations`, each revision a pair of the bodies of its functions.
    pub(crate) fn of_chain(revisions: &[(&str, &str)]) -> Self {
        let project = Self::new(&[
            ("migrations/env.py", ""),
            ("migrations/alembic.ini", "[alembic]\nscript_location = %(here)s\n"),
        ]);
        for (number, (upgrade, downgrade)) in revisions.iter().enumerate() {
            project.write(&format!("migrations/versions/r{number}.py"), script(number, upgrade, downgrade).as_bytes());
        }
        project
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file of it.
    pub(crate) fn write(&self, path: &str, bytes: &[u8]) -> PathBuf {
        let file = self.path().join(path);
        fs::create_dir_all(file.parent().expect("a file of the project")).expect("a folder can be made");
        fs::write(&file, bytes).expect("a file can be written");
        file
    }
}

/// A revision script, `r0`, `r1`, … on top of each other.
pub(crate) fn script(number: usize, upgrade: &str, downgrade: &str) -> String {
    let down = number.checked_sub(1).map_or_else(|| "None".to_owned(), |down| format!("'r{down}'"));
    let body = |text: &str| text.lines().fold(String::new(), |body, line| body + "    " + line + "\n");
    format!(
        "\"\"\"step {number}\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\n\
         revision = 'r{number}'\ndown_revision = {down}\nbranch_labels = None\ndepends_on = None\n\n\n\
         def upgrade():\n{}\n\ndef downgrade():\n{}",
        body(upgrade),
        body(downgrade)
    )
}
