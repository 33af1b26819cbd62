//! [`Rule`]: the identity, the manual and the check of a rule; [`Findings`]: where a check puts what it found.

use super::context::{Context, Revision};
use crate::diagnostic::{Diagnostic, RuleId, Severity};
use crate::source::Span;

/// A rule. All of it but the check is data, so that the manual, `revproof rule` and the report's schema read the same.
#[derive(Debug)]
pub struct Rule {
    /// Its code and name.
    pub id: RuleId,
    /// What it is about.
    pub group: Group,
    /// How bad its findings are, unless a finding or the user's settings say otherwise.
    pub severity: Severity,
    /// What it looks for, in one sentence that starts lower-case and has no full stop.
    pub summary: &'static str,
    /// The manual as the rule's doc comment holds it: Markdown, every line with the one space that follows `///`.
    pub manual: &'static str,
    /// What looks for it.
    pub(crate) check: fn(&Context<'_>, &mut Findings),
}

/// What a rule is about; the first digit of its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// `RP1xx`.
    Graph,
    /// `RP2xx`.
    Downgrade,
    /// `RP3xx`.
    Data,
    /// `RP4xx`.
    Intent,
    /// `RP5xx`.
    Rows,
    /// `RP7xx`.
    Proof,
}

impl Group {
    /// Its title in the manual.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Graph => "Scripts and the revision graph",
            Self::Downgrade => "The way back",
            Self::Data => "Lost data",
            Self::Intent => "What was probably meant",
            Self::Rows => "Rows that are already there",
            Self::Proof => "What fails, and what could not be proved",
        }
    }
}

impl Rule {
    /// A finding of this rule, about the chain or about a script that is not part of the graph.
    pub(super) fn finding(&self, span: Option<Span>, message: impl Into<String>) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(self.id, self.severity, message);
        diagnostic.span = span;
        diagnostic
    }

    /// A finding of this rule in a revision; without a span of its own it stands at the revision's identifier.
    pub(super) fn finding_in(
        &self,
        revision: Revision<'_>,
        span: Option<Span>,
        message: impl Into<String>,
    ) -> Diagnostic {
        self.finding(Some(span.unwrap_or(revision.script.revision_span)), message)
            .in_revision(&*revision.script.revision)
    }
}

/// What the checks have found so far.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(super) list: Vec<Finding>,
}

/// A finding, and the findings that it makes superfluous.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub(super) diagnostic: Diagnostic,
    pub(super) covers: Vec<Cover>,
}

/// Findings that say again what another one says better: those of a rule in the same revision, at a place if one is
/// given. Only findings that are shown cover others, so ignoring the better one brings the plain one back.
#[derive(Debug, Clone)]
pub(super) struct Cover {
    pub(super) rule: RuleId,
    pub(super) span: Option<Span>,
}

impl Findings {
    /// Takes a finding in.
    pub(super) fn push(&mut self, diagnostic: Diagnostic) -> &mut Finding {
        self.list.push_mut(Finding { diagnostic, covers: Vec::new() })
    }
}

impl Finding {
    /// Findings of `rule` in this revision say the same.
    pub(super) fn covers(&mut self, rule: &Rule) -> &mut Self {
        self.covers.push(Cover { rule: rule.id, span: None });
        self
    }

    /// A finding of `rule` at this place says the same.
    pub(super) fn covers_at(&mut self, rule: &Rule, span: Span) -> &mut Self {
        self.covers.push(Cover { rule: rule.id, span: Some(span) });
        self
    }
}

/// Declares the rule of a file: its doc comment is the manual, its `check` is the function of that name in the file.
///
/// ```ignore
/// declare_rule! {
///     /// ## What it does
///     /// Reports …
///     RP302 "drop-column" { group: Data, severity: Warning, summary: "an upgrade drops a column that holds data" }
/// }
/// ```
macro_rules! declare_rule {
    (
        $(#[doc = $doc:expr])+
        $code:ident $name:literal { group: $group:ident, severity: $severity:ident, summary: $summary:literal $(,)? }
    ) => {
        pub(in crate::lint) static RULE: $crate::lint::Rule = $crate::lint::Rule {
            id: $crate::diagnostic::RuleId { code: stringify!($code), name: $name },
            group: $crate::lint::Group::$group,
            severity: $crate::diagnostic::Severity::$severity,
            summary: $summary,
            manual: concat!($($doc, "\n"),+),
            check,
        };
    };
}

pub(crate) use declare_rule;
