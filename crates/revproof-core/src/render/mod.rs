//! [`Report`] → text. One file per format, each with its snapshot.
//!
//! [`render`] takes a [`Format`] and the [`Options`] of whoever reads it: a format shows what the report says, and
//! decides nothing of its own.

mod concise;
mod diagram;
mod frame;
mod github;
mod graph;
mod html;
mod json;
mod markdown;
mod mermaid;
mod operation;
mod plain;
mod rows;
mod schema;
mod schema_sql;
mod statistics;
mod table;
mod text;
mod workflow;

#[cfg(test)]
mod sample;

use std::time::Duration;

use crate::report::Report;

pub use diagram::{schema_drawing, schema_svg};
pub use graph::{GraphFormat, Lane, LaneLine, lanes, render_graph};
pub use html::report_html;
pub use mermaid::{changes_mermaid, schema_mermaid};
pub use operation::operation_text;
pub use rows::{answer_json, answer_text, datum_text};
pub use schema::{TableLine, changes_text, schema_text, table_lines};
pub use schema_sql::schema_sql;
pub use text::summary_line;
pub use workflow::{plan_json, plan_text, step_json, step_text};

/// A format of the output of `check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Findings with the code that they are about, a table of verdicts, and a summary: for people.
    #[default]
    Text,
    /// One finding per line: for `grep` and editors.
    Concise,
    /// The report itself, as one JSON object.
    Json,
    /// For a comment of a pull request, an issue or a summary of a job.
    Markdown,
    /// Workflow commands of GitHub Actions, which show findings in a pull request.
    Github,
}

/// How a report is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// With the colours of a terminal.
    pub color: bool,
    /// The columns of the terminal; `None` where the reader is no terminal, so that nothing is cut or wrapped.
    pub width: Option<usize>,
    /// How much is shown.
    pub detail: Detail,
    /// Counts by rule instead of the findings.
    pub statistics: bool,
    /// How long the analysis took, where that is to be shown.
    pub elapsed: Option<Duration>,
}

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Detail {
    /// The findings only.
    Quiet,
    /// The findings, the verdicts, the summary.
    #[default]
    Normal,
    /// Every verdict with its reasons.
    Verbose,
}

/// The report in that format, with a line break at its end.
pub fn render(report: &Report, format: Format, options: Options) -> String {
    match format {
        Format::Text => text::render(report, options),
        Format::Concise if options.statistics => statistics::render(report),
        Format::Concise => concise::render(report),
        Format::Json => json::render(report),
        Format::Markdown => markdown::render(report),
        Format::Github => github::render(report),
    }
}
