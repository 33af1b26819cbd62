//! Stands in for `unicode_names2`: the real one, and in the browser one that knows no name.
//!
//! The names of all characters would be a fifth of what a visitor of the playground loads, for an escape (`\N{BULLET}`)
//! that migrations hardly ever hold. There every name is `UNNAMED`, which the evaluator takes for an unknown text.

#[cfg(not(target_arch = "wasm32"))]
pub use real::*;

/// What every name stands for in the browser: no character, and never part of a text.
#[cfg(target_arch = "wasm32")]
pub const UNNAMED: char = '\u{10FFFF}';

/// The character of a name, which nobody knows here.
#[cfg(target_arch = "wasm32")]
pub fn character(_: &str) -> Option<char> {
    Some(UNNAMED)
}
