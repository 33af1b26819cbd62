//! [`Listing`]: revisions as Alembic prints them, a line or a block each. [`log_line`] is what it logs while it works,
//! [`refusal`] why it would do nothing at all.

mod entry;
mod line;
mod lists;
mod refused;

pub use line::log_line;
pub use lists::{Listing, Shape};
pub use refused::{Refused, refusal};

use crate::alembic::Script;

/// The first paragraph of a script's docstring, which Alembic calls its message; it may have several lines.
pub fn message(script: &Script) -> String {
    let text = whole(script);
    harmless(text.trim().split("\n\n").next().unwrap_or_default())
}

/// The docstring of a script, without white space around it.
pub fn docstring(script: &Script) -> String {
    harmless(whole(script).trim())
}

/// The lines of a docstring, as Python splits it.
fn lines(script: &Script) -> Vec<String> {
    let is_break = |c: char| {
        matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
    };
    let text = whole(script);
    let text = text.trim();
    if text.is_empty() { Vec::new() } else { text.split(is_break).map(harmless).collect() }
}

/// Python reads every line break as `\n` before it looks at strings.
fn whole(script: &Script) -> String {
    script.doc.replace("\r\n", "\n")
}

/// The text without what would steer a terminal.
fn harmless(text: &str) -> String {
    let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}
