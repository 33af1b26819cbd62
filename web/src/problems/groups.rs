//! [`group`]: the problems as they are listed: narrowed, and together with those that they belong to.

use crate::browser;
use revproof_messages::{Problem, Severity};

/// Which problems are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filter {
    /// What is in them, in small letters.
    pub(super) text: String,
    /// How bad they are at least.
    pub(super) least: Severity,
}

impl Default for Filter {
    fn default() -> Self {
        Self { text: String::new(), least: Severity::Info }
    }
}

impl Filter {
    /// The severity that a choice stands for.
    pub(super) fn least(choice: &str) -> Severity {
        match choice {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            _ => Severity::Info,
        }
    }

    /// Whether a problem is listed: every word is somewhere in it.
    pub(super) fn takes(&self, problem: &Problem) -> bool {
        let file = problem.spot.as_ref().map(|spot| spot.file.as_str());
        let texts = [
            Some(problem.message.as_str()),
            Some(&problem.rule),
            Some(&problem.code),
            problem.revision.as_deref(),
            file,
        ];
        let all = || texts.iter().flatten().map(|text| browser::small(text)).collect::<Vec<_>>();
        let has = |word: &str, all: &[String]| all.iter().any(|text| text.contains(word));
        problem.severity <= self.least
            && (self.text.trim().is_empty() || {
                let all = all();
                self.text.split_whitespace().all(|word| has(word, &all))
            })
    }
}

/// What puts problems together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Grouping {
    /// Their revision.
    #[default]
    Revision,
    /// Their rule.
    Rule,
}

/// Problems that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    /// To what.
    pub(super) title: String,
    /// The problems, by their places in the proof.
    pub(super) problems: Vec<usize>,
}

/// Groups the problems that a filter takes, at most so many of them, in order of the first of each group.
pub(super) fn group(problems: &[Problem], filter: &Filter, grouping: Grouping, most: usize) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let taken = problems.iter().enumerate().filter(|(_, problem)| filter.takes(problem)).take(most);
    for (at, problem) in taken {
        let title = match grouping {
            Grouping::Rule => format!("{} {}", problem.code, problem.rule),
            Grouping::Revision => match (&problem.revision, &problem.spot) {
                (Some(revision), _) => revision.clone(),
                (None, Some(spot)) => spot.file.clone(),
                (None, None) => "The graph as a whole".to_owned(),
            },
        };
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.problems.push(at),
            None => groups.push(Group { title, problems: vec![at] }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(code: &str, revision: Option<&str>, message: &str, severity: Severity) -> Problem {
        let revision = revision.map(ToOwned::to_owned);
        let (code, rule) = (code.to_owned(), format!("rule-{code}"));
        Problem { code, rule, revision, message: message.to_owned(), severity, ..Problem::default() }
    }

    #[track_caller]
    fn check(text: &str, least: Severity, grouping: Grouping, most: usize, want: &[(&str, &[usize])]) {
        let problems = [
            problem("RP1", Some("aa"), "Drops users.phone", Severity::Error),
            problem("RP2", Some("bb"), "Leaves the type", Severity::Warning),
            problem("RP1", Some("bb"), "Drops users.name", Severity::Error),
            problem("RP3", None, "Two heads", Severity::Info),
        ];
        let groups = group(&problems, &Filter { text: text.to_owned(), least }, grouping, most);
        let got: Vec<(&str, &[usize])> =
            groups.iter().map(|group| (group.title.as_str(), group.problems.as_slice())).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn problems_stand_with_their_revision_or_their_rule() {
        let all = Severity::Info;
        check("", all, Grouping::Revision, 9, &[("aa", &[0]), ("bb", &[1, 2]), ("The graph as a whole", &[3])]);
        check("", all, Grouping::Rule, 9, &[("RP1 rule-RP1", &[0, 2]), ("RP2 rule-RP2", &[1]), ("RP3 rule-RP3", &[3])]);
    }

    #[test]
    fn a_filter_takes_what_has_every_word() {
        check("drops users", Severity::Info, Grouping::Revision, 9, &[("aa", &[0]), ("bb", &[2])]);
        check("bb drops", Severity::Info, Grouping::Revision, 9, &[("bb", &[2])]);
        check("rp3", Severity::Warning, Grouping::Revision, 9, &[]);
        check("", Severity::Warning, Grouping::Revision, 9, &[("aa", &[0]), ("bb", &[1, 2])]);
        check("", Severity::Error, Grouping::Revision, 1, &[("aa", &[0])]);
    }
}
