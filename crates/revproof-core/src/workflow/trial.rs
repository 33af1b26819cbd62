//! [`Trial`]: what a script would do that is not written yet.

use super::database::Simulated;
use crate::alembic::{Direction, Script};
use crate::replay::{Run, RunStatus};
use crate::schema::{Catalog, drift};

/// A script, tried on a simulated database that is not changed by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// The way up, held against the schema that it should lead to.
    pub upgrade: Tried,
    /// The way down from there, held against the schema before.
    pub downgrade: Tried,
}

/// What came of one direction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tried {
    /// What stops it.
    pub failure: Option<String>,
    /// What is not known of it.
    pub doubts: Vec<String>,
    /// What the made-up rows refuse: a server with rows like these would have stopped there.
    pub refused_rows: Vec<String>,
    /// What is still to be done to come to the schema that it should lead to: `+ table users`.
    pub left: Vec<String>,
}

impl Simulated<'_> {
    /// Tries a script, of that path and text, that should lead to this schema and back. Refused where the text can't be
    /// read as a script.
    pub fn try_script(&self, path: &str, text: &str, wanted: &Catalog) -> Result<Trial, String> {
        let script = self.read_script(path, text)?;
        let before = self.shared();
        let (up, _) = self.walk().run_script(&script, Direction::Upgrade, before.clone());
        let after = up.after.clone().unwrap_or_else(|| before.clone());
        let (down, _) = self.walk().run_script(&script, Direction::Downgrade, after.clone());
        let end = down.after.clone().unwrap_or_else(|| after.clone());
        Ok(Trial {
            upgrade: tried(&script, &up, &after.catalog, wanted),
            downgrade: tried(&script, &down, &end.catalog, &before.catalog),
        })
    }
}

fn tried(script: &Script, run: &Run, reached: &Catalog, wanted: &Catalog) -> Tried {
    let failure = run.failure.as_ref().map(|failure| failure.message.clone());
    let missing = || format!("{} lacks the function", script.path);
    Tried {
        failure: if run.status == RunStatus::Missing { Some(missing()) } else { failure },
        doubts: run.doubts.iter().map(|doubt| doubt.why.to_string()).collect(),
        refused_rows: run.seed_findings.iter().map(|finding| finding.failure.message.clone()).collect(),
        left: drift(reached, wanted).iter().map(crate::schema::Difference::as_change).collect(),
    }
}
