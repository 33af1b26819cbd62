//! [`Selection`]: which rules are asked, and how bad their findings are.

use std::fmt;

use super::likeness::nearest;
use super::rule::Rule;
use super::rules::rules;
use crate::config::Config;
use crate::diagnostic::{RuleId, Severity};

/// Which rules are asked, and how bad their findings are.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// The rules that are off.
    off: Vec<RuleId>,
    /// Severities that replace the rule's own.
    severities: Vec<(RuleId, Severity)>,
}

/// A selector that fits no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRule {
    /// What was given.
    pub given: String,
    /// The name or code that was probably meant.
    pub nearest: Option<&'static str>,
}

impl Selection {
    /// Resolves the selectors of the settings: a code (`RP302`), the start of codes (`RP3`), a name (`drop-column`) or
    /// `all`. No `select` means all rules; where `select` and `ignore` both fit a rule, the longer code decides, and a
    /// draw goes to `ignore`.
    pub fn of(config: &Config) -> Result<Self, UnknownRule> {
        let Config { select, ignore, severity: severities, .. } = config;
        for selector in select.iter().chain(ignore).chain(severities.iter().map(|(selector, _)| selector)) {
            check(selector)?;
        }
        let weight = |selectors: &[String], rule: &Rule| selectors.iter().filter_map(|s| fits(s, rule)).max();
        let is_off = |rule: &Rule| {
            let selected = if select.is_empty() { Some(0) } else { weight(select, rule) };
            selected.is_none() || weight(ignore, rule) >= selected && weight(ignore, rule).is_some()
        };
        let severity = |rule: &Rule| {
            let fitting = severities.iter().filter_map(|(s, severity)| Some((fits(s, rule)?, *severity)));
            fitting.max_by_key(|(weight, _)| *weight).map(|(_, severity)| severity)
        };
        Ok(Self {
            off: rules().iter().filter(|rule| is_off(rule)).map(|rule| rule.id).collect(),
            severities: rules().iter().filter_map(|rule| Some((rule.id, severity(rule)?))).collect(),
        })
    }

    /// Whether a rule is asked.
    pub fn is_on(&self, rule: RuleId) -> bool {
        !self.off.contains(&rule)
    }

    /// The severity that replaces the rule's own, where one does.
    pub fn severity(&self, rule: RuleId) -> Option<Severity> {
        self.severities.iter().find(|(id, _)| *id == rule).map(|(_, severity)| *severity)
    }
}

/// Refuses a selector that fits no rule.
pub(super) fn check(selector: &str) -> Result<(), UnknownRule> {
    if rules().iter().any(|rule| fits(selector, rule).is_some()) {
        return Ok(());
    }
    let looks_like_code = selector.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("rp"));
    let known = rules().iter().map(|rule| if looks_like_code { rule.id.code } else { rule.id.name });
    Err(UnknownRule { given: selector.to_owned(), nearest: nearest(selector, known) })
}

/// How closely a selector fits a rule: the length of the code that it gives, a name being as good as a whole code.
pub(super) fn fits(selector: &str, rule: &Rule) -> Option<usize> {
    let selector = selector.trim();
    if selector.eq_ignore_ascii_case("all") {
        return Some(1);
    }
    if selector.eq_ignore_ascii_case(rule.id.name) {
        return Some(rule.id.code.len());
    }
    let start = rule.id.code.get(..selector.len())?;
    (selector.len() >= 2 && start.eq_ignore_ascii_case(selector)).then_some(selector.len())
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown rule `{}`", self.given)?;
        match self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => f.write_str("; `revproof rule` lists all rules"),
        }
    }
}

impl std::error::Error for UnknownRule {}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(select: &[&str], ignore: &[&str]) -> Vec<&'static str> {
        let owned = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        let config = Config { select: owned(select), ignore: owned(ignore), ..Config::default() };
        let selection = Selection::of(&config).expect("known selectors");
        rules().iter().filter(|rule| selection.is_on(rule.id)).map(|rule| rule.id.code).collect()
    }

    #[test]
    fn no_selector_means_all_rules() {
        assert_eq!(on(&[], &[]).len(), rules().len());
        assert_eq!(on(&["all"], &[]).len(), rules().len());
    }

    #[test]
    fn codes_starts_of_codes_and_names_select() {
        assert_eq!(on(&["RP302"], &[]), ["RP302"]);
        assert_eq!(on(&["drop-column"], &[]), ["RP302"]);
        assert!(on(&["RP3"], &[]).iter().all(|code| code.starts_with("RP3")));
        assert!(!on(&[], &["drop-column"]).contains(&"RP302"));
    }

    #[test]
    fn the_longer_code_decides() {
        assert_eq!(on(&["RP302"], &["RP3"]), ["RP302"]);
        assert!(!on(&["RP3"], &["RP302"]).contains(&"RP302"));
        assert_eq!(on(&["RP302"], &["RP302"]), [""; 0]);
    }

    #[test]
    fn an_unknown_selector_names_the_nearest() {
        let error = |selector: &str| {
            let config = Config { select: vec![selector.to_owned()], ..Config::default() };
            Selection::of(&config).unwrap_err().to_string()
        };
        assert_eq!(error("drop-colum"), "unknown rule `drop-colum`; did you mean `drop-column`?");
        assert_eq!(error("RP392"), "unknown rule `RP392`; did you mean `RP302`?");
        assert_eq!(error("frobnicate"), "unknown rule `frobnicate`; `revproof rule` lists all rules");
    }
}
