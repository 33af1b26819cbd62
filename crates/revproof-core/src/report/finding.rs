//! [`DiagnosticReport`]: one finding, with its places as people count them.

use serde::Serialize;

use super::path::relative;
use crate::diagnostic::{Diagnostic, Fix, Label, Severity};
use crate::source::{Position, Sources, Span};

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiagnosticReport {
    /// The rule's name, `drop-column`.
    pub rule: String,
    /// The rule's code, `RP302`.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// The revision, where it belongs to one.
    pub revision: Option<String>,
    /// The file, relative to the chain's root.
    pub file: Option<String>,
    /// The place in the file.
    pub range: Option<Range>,
    /// Other places that explain it.
    pub labels: Vec<LabelReport>,
    /// Why it matters.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// A change that settles it.
    pub fix: Option<FixReport>,
    /// The place in the report's sources.
    #[serde(skip)]
    pub span: Option<Span>,
}

/// A place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelReport {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// What is to be seen there; may be empty.
    pub message: String,
}

/// A change that settles a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FixReport {
    /// What it does.
    pub title: String,
    /// The edits.
    pub edits: Vec<EditReport>,
}

/// One replacement of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EditReport {
    /// What goes.
    #[serde(flatten)]
    pub place: Place,
    /// What comes.
    pub text: String,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file, relative to the chain's root.
    pub file: String,
    /// From where to where.
    pub range: Range,
    /// The place in the report's sources.
    #[serde(skip)]
    pub span: Span,
}

/// From where to where; lines and columns start at 1, and `end` is the first place that is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Range {
    /// The first character.
    pub start: Position,
    /// One past the last.
    pub end: Position,
}

impl Place {
    /// The place of a span, its file named from `root`; `None` where the sources have no such file.
    pub(super) fn of(span: Span, root: &str, sources: &Sources) -> Option<Self> {
        let file = sources.get(span.file)?;
        let range = Range { start: file.position(span.start), end: file.position(span.end.max(span.start)) };
        Some(Self { file: relative(&file.path, root), range, span })
    }
}

impl DiagnosticReport {
    /// The finding, its files named from `root`.
    pub(crate) fn of(diagnostic: &Diagnostic, root: &str, sources: &Sources) -> Self {
        let place = diagnostic.span.and_then(|span| Place::of(span, root, sources));
        Self {
            rule: diagnostic.rule.name.to_owned(),
            code: diagnostic.rule.code.to_owned(),
            severity: diagnostic.severity,
            message: diagnostic.message.clone(),
            revision: diagnostic.revision.clone(),
            file: place.as_ref().map(|p| p.file.clone()),
            range: place.as_ref().map(|p| p.range),
            labels: diagnostic.labels.iter().filter_map(|l| label(l, root, sources)).collect(),
            notes: diagnostic.notes.clone(),
            help: diagnostic.help.clone(),
            fix: diagnostic.fix.as_ref().map(|f| fix(f, root, sources)),
            span: place.map(|p| p.span),
        }
    }
}

fn label(label: &Label, root: &str, sources: &Sources) -> Option<LabelReport> {
    Some(LabelReport { place: Place::of(label.span, root, sources)?, message: label.message.clone() })
}

fn fix(fix: &Fix, root: &str, sources: &Sources) -> FixReport {
    let edits = fix
        .edits
        .iter()
        .filter_map(|edit| Some(EditReport { place: Place::of(edit.span, root, sources)?, text: edit.text.clone() }));
    FixReport { title: fix.title.clone(), edits: edits.collect() }
}
