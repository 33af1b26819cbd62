//! [`Spots`]: places as an editor counts them, in UTF-16 code units.

use revproof_core::source::{SourceFile, Sources, Span};
use revproof_core::workflow::Place;
use revproof_messages::Spot;

/// The files that places are in.
#[derive(Clone, Copy)]
pub(crate) struct Spots<'a>(pub(crate) &'a Sources);

impl Spots<'_> {
    /// The place of a span; `None` where its file is not known.
    pub(crate) fn of(self, span: Span) -> Option<Spot> {
        let file = self.0.get(span.file)?;
        Some(spot(file, span.start as usize, span.end.max(span.start) as usize))
    }

    /// The place of a step's note: from there to the end of its line.
    pub(crate) fn of_place(self, place: &Place) -> Option<Spot> {
        let file = self.0.by_path(&place.path).or_else(|| self.0.attached().find(|file| *file.path == *place.path))?;
        let line = file.line_range(place.line);
        let text = file.text.get(line.clone())?;
        let before = text.char_indices().nth(place.column.saturating_sub(1) as usize).map_or(text.len(), |(at, _)| at);
        Some(spot(file, line.start + before, line.end))
    }
}

fn spot(file: &SourceFile, start: usize, end: usize) -> Spot {
    let line = file.position(start as u32).line;
    let line_start = file.line_range(line).start;
    let from = units(&file.text, 0, line_start) + units(&file.text, line_start, start);
    let to = from + units(&file.text, start, end);
    Spot { file: file.path.to_string(), line, from: from as u32, to: to as u32 }
}

/// How many code units these bytes take.
fn units(text: &str, start: usize, end: usize) -> usize {
    let end = end.min(text.len());
    let part = text.get(start.min(end)..end).unwrap_or_default();
    if part.is_ascii() { part.len() } else { part.encode_utf16().count() }
}
