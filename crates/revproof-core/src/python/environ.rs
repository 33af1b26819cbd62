//! [`Environ`]: the environment variables that scripts are told of.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The environment variables that scripts run with, as far as they are declared. Nothing is read from the machine: a
/// variable that is not declared here is not known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Environ(Arc<BTreeMap<String, Option<String>>>);

impl Environ {
    /// Declares a variable: its value, or `None` for one that is not set.
    pub fn declare(&mut self, name: impl Into<String>, value: Option<String>) {
        Arc::make_mut(&mut self.0).insert(name.into(), value);
    }

    /// These, with those of `over` in place of those of the same name.
    #[must_use]
    pub fn with(&self, over: &Self) -> Self {
        let mut both = self.clone();
        for (name, value) in over.iter() {
            both.declare(name, value.map(str::to_owned));
        }
        both
    }

    /// The variables in order of their names; without a value those that are not set.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_deref()))
    }

    /// Whether none is declared.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Why a name is none of a variable, where it is none.
    pub fn check_name(name: &str) -> Result<(), String> {
        if name.is_empty() || name.contains(['=', '\0']) || name.trim() != name {
            return Err(format!("`{name}` is no name of an environment variable"));
        }
        Ok(())
    }
}
