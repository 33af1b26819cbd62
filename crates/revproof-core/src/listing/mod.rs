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
    let text = docstring(script);
    text.split("\n\n").next().unwrap_or_default().to_owned()
}

/// The docstring of a script, without white space around it. What would steer a terminal is replaced.
pub fn docstring(script: &Script) -> String {
    let Some((text, _)) = script.module().docstring() else { return String::new() };
    // Python reads every line break as `\n` before it looks at strings.
    let text = text.replace("\r\n", "\n");
    let steers = |c: char| c.is_control() && c != '\n' && c != '\t' && c != '\r';
    text.trim().chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}
