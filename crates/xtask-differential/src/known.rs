//! The disagreements that are known, with their reasons: `differences.toml`.

use anyhow::{Context, Result};
use regex_lite::Regex;
use revproof_core::schema::Dialect;
use serde::Deserialize;

use crate::compare::{Answer, Point};

/// All of them.
#[derive(Debug, Deserialize)]
pub(crate) struct Known {
    difference: Vec<Difference>,
}

#[derive(Debug, Deserialize)]
struct Difference {
    dialect: Dialect,
    signature: String,
    #[serde(default)]
    detail: String,
    reason: String,
}

impl Known {
    /// Reads the list.
    pub(crate) fn read() -> Result<Self> {
        toml::from_str(include_str!("../differences.toml")).context("differences.toml can't be read")
    }

    /// Why a disagreement is as it is, where that is known.
    pub(crate) fn reason(&self, dialect: Dialect, point: &Point) -> Option<&str> {
        let Answer::Differ { detail, .. } = &point.answer else { return None };
        let signature = point.signature()?;
        let fits = |known: &&Difference| {
            let alike = || Regex::new(&known.detail).is_ok_and(|pattern| pattern.is_match(detail));
            known.dialect == dialect && known.signature == signature && alike()
        };
        self.difference.iter().find(fits).map(|known| known.reason.as_str())
    }
}

#[cfg(test)]
mod tests {
    use regex_lite::Regex;

    use super::Known;

    #[test]
    fn every_known_difference_has_a_reason() {
        let known = Known::read().expect("the list is TOML");
        for difference in &known.difference {
            assert!(Regex::new(&difference.detail).is_ok(), "{}: what pattern is that?", difference.detail);
            assert!(difference.reason.split_whitespace().count() > 4, "{}: why?", difference.signature);
        }
    }
}
