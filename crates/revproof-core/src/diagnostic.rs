//! [`Diagnostic`]: one finding, as plain data. Rules make them, renderers show them; nothing here prints.

use crate::source::Span;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Likely to hurt.
    Warning,
    /// Will fail, or loses what can't be brought back.
    Error,
}

/// The identity of a rule: a stable code (`RP302`) and a name that reads well after "allow" (`drop-column`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId {
    /// The stable code.
    pub code: &'static str,
    /// The kebab-case name.
    pub name: &'static str,
}

/// A place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be seen there; may be empty.
    pub message: String,
}

/// One replacement of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes.
    pub text: String,
}

/// A change to the scripts that would settle the finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative.
    pub title: String,
    /// The edits; they don't overlap.
    pub edits: Vec<Edit>,
}

/// One finding. If only one thing can be shown it is `message`, at `span`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: RuleId,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence that starts lower-case and has no full stop.
    pub message: String,
    /// The revision it belongs to, where it belongs to one.
    pub revision: Option<String>,
    /// Where it is; `None` only where no file can be named.
    pub span: Option<Span>,
    /// Other places that explain it, in other revisions too.
    pub labels: Vec<Label>,
    /// Why it matters: facts that support the message (counterexample rows among them).
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// A change that settles it, where one is known.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A finding with just a message.
    pub fn new(rule: RuleId, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity,
            message: message.into(),
            revision: None,
            span: None,
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// At this place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// In this revision.
    #[must_use]
    pub fn in_revision(mut self, revision: impl Into<String>) -> Self {
        self.revision = Some(revision.into());
        self
    }

    /// With another place that explains it.
    #[must_use]
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// With a supporting fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// With what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With a change that settles it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}
