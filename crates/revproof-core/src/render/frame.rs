//! One finding, drawn around the code that it is about.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use super::Options;
use super::plain::{visible, wrap};
use crate::diagnostic::Severity;
use crate::report::path::join;
use crate::report::{ChainReport, DiagnosticReport, FixReport};
use crate::source::{FileId, SourceFile, Sources, Span};

/// The widest that a frame gets where the reader is no terminal: long lines of code are trimmed around their marks.
const WIDTH_OF_FILES: usize = 140;

/// Lines shown above and below a mark of several lines before its middle is left out.
const LINES_OF_A_MARK: u32 = 3;

/// The finding as text, with a line break at its end.
pub(super) fn render(chain: &ChainReport, finding: &DiagnosticReport, sources: &Sources, options: Options) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let id = format!("{} {}", finding.code, finding.rule);
    let title = level.clone().primary_title(visible(&finding.message).into_owned()).id(id);
    let notes = finding.notes.iter().map(|note| (Level::NOTE, note));
    let helps = finding.help.iter().map(|help| (Level::HELP, help));
    let mut group = Group::with_title(title).elements(snippets(chain, finding, sources));
    // `= note: ` and the margin of line numbers come before each line.
    let width = options.width.map(|w| w.saturating_sub(14));
    for (level, message) in notes.chain(helps) {
        group = group.element(level.message(wrap(&visible(message), width).join("\n")));
    }
    let mut groups = vec![group];
    groups.extend(finding.fix.as_ref().and_then(|fix| suggestion(chain, fix, sources)));
    let renderer = if options.color { Renderer::styled() } else { Renderer::plain() };
    let text = renderer.term_width(options.width.unwrap_or(WIDTH_OF_FILES).max(40)).render(&groups);
    // An empty line of a note is drawn as its margin, which is only spaces.
    text.lines().fold(String::new(), |shown, line| shown + line.trim_end() + "\n")
}

/// A marked place.
struct Mark<'a> {
    span: Span,
    kind: AnnotationKind,
    path: &'a str,
    label: &'a str,
}

/// The marked places, a snippet for each file, that of the finding itself first.
fn snippets<'a>(
    chain: &ChainReport,
    finding: &DiagnosticReport,
    sources: &'a Sources,
) -> Vec<Snippet<'a, Annotation<'a>>> {
    let primary = finding.span.zip(finding.file.as_deref()).map(|(span, path)| Mark {
        span,
        kind: AnnotationKind::Primary,
        path,
        label: "",
    });
    let context = finding.labels.iter().map(|label| Mark {
        span: label.place.span,
        kind: AnnotationKind::Context,
        path: &label.place.file,
        label: &label.message,
    });
    let mut files: Vec<(FileId, Vec<Mark<'_>>)> = Vec::new();
    for mark in primary.into_iter().chain(context) {
        match files.iter_mut().find(|(file, _)| *file == mark.span.file) {
            Some((_, marks)) => marks.push(mark),
            None => files.push((mark.span.file, vec![mark])),
        }
    }
    files.iter().filter_map(|(file, marks)| Some(snippet(chain, sources.get(*file)?, marks))).collect()
}

fn snippet<'a>(chain: &ChainReport, file: &'a SourceFile, marks: &[Mark<'_>]) -> Snippet<'a, Annotation<'a>> {
    let (window, first_line) = window(file, marks.iter().map(|mark| mark.span));
    let offset = window.start;
    let text = file.text.get(window).unwrap_or_default();
    let annotations = marks.iter().map(|mark| {
        let annotation = mark.kind.span(within(text, shortened(file, mark.span), offset));
        if mark.label.is_empty() { annotation } else { annotation.label(visible(mark.label).into_owned()) }
    });
    let path = marks.first().map(|mark| join(&chain.root, mark.path)).unwrap_or_default();
    Snippet::source(text).line_start(first_line).path(visible(&path).into_owned()).annotations(annotations)
}

/// The whole lines that the spans touch, and the number of the first: a frame needs no more of a long file.
fn window(file: &SourceFile, spans: impl Iterator<Item = Span>) -> (Range<usize>, usize) {
    let (start, end) = spans.fold((u32::MAX, 0), |(start, end), s| (start.min(s.start), end.max(s.end).max(s.start)));
    let (first, last) = (file.position(start).line, file.position(end).line);
    (file.line_range(first).start..file.line_range(last).end, first as usize)
}

/// A span of many lines is marked on its first line only: a `create_table` would else fill the screen.
fn shortened(file: &SourceFile, span: Span) -> Span {
    let (first, last) = (file.position(span.start).line, file.position(span.end).line);
    if last.saturating_sub(first) < LINES_OF_A_MARK {
        return span;
    }
    Span { end: file.line_range(first).end as u32, ..span }
}

/// The span as bytes of `text`, which starts at `offset` of the file: never past its end or inside a character.
fn within(text: &str, span: Span, offset: usize) -> Range<usize> {
    let clamp = |at: u32| text.floor_char_boundary((at as usize).saturating_sub(offset));
    let (start, end) = (clamp(span.start), clamp(span.end));
    start..end.max(start)
}

/// The fix, as changed lines.
fn suggestion<'a>(chain: &ChainReport, fix: &'a FixReport, sources: &'a Sources) -> Option<Group<'a>> {
    let first = fix.edits.first()?;
    let file = sources.get(first.place.span.file)?;
    let edits: Vec<_> = fix.edits.iter().filter(|e| e.place.span.file == file.id).collect();
    let (window, first_line) = window(file, edits.iter().map(|e| e.place.span));
    let offset = window.start;
    let text = file.text.get(window)?;
    let patches =
        edits.into_iter().map(|e| Patch::new(within(text, e.place.span, offset), visible(&e.text).into_owned()));
    let snippet = Snippet::source(text).line_start(first_line).path(join(&chain.root, &first.place.file));
    Some(Level::HELP.secondary_title(visible(&fix.title).into_owned()).element(snippet.patches(patches)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::sample::report_of;
    use super::super::{Format, Options, render};

    proptest! {
        /// Spans come from an evaluator that may be wrong; a frame shows the wrong place then, but it shows.
        #[test]
        fn any_text_and_any_places_can_be_drawn(
            text in "[a\\n\\r\\té漢🦀\u{200b}\u{1b}]{0,60}",
            places in proptest::collection::vec((0u32..70, 0u32..70), 1..4),
            width in proptest::option::of(0usize..100),
            color: bool,
        ) {
            let report = report_of(&text, &places);
            let shown = render(&report, Format::Text, Options { color, width, ..Options::default() });
            prop_assert!(shown.contains("RP302"));
        }
    }
}
