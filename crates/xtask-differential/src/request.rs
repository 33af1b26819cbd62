//! [`Request`]: what the driver is asked to do with a chain. The fields are explained in `driver.py`.

use serde::Serialize;

/// A chain to be run.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Request {
    pub(crate) revisions: Vec<Step>,
}

/// One revision of it.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Step {
    pub(crate) id: String,
    pub(crate) text: String,
    /// Statements that give the tables the rows that revproof made up.
    pub(crate) seed: Vec<String>,
    pub(crate) aside: Aside,
}

/// Statements that take rows away that revproof set aside in a run.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Aside {
    pub(crate) up: Vec<String>,
    pub(crate) down: Vec<String>,
    pub(crate) again: Vec<String>,
}
