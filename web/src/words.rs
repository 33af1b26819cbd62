//! Signs and words for what was found: no pane says by colour alone whether something holds.

use crate::dom::prelude::*;
use revproof_messages::{Mark, RunState, Verdict};

/// A sign, the word that goes with it, and the class that colours both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word {
    /// The sign.
    pub(crate) sign: &'static str,
    /// The word itself.
    pub(crate) text: &'static str,
    /// The class.
    pub(crate) class: &'static str,
}

impl Word {
    const fn new(sign: &'static str, text: &'static str, class: &'static str) -> Self {
        Self { sign, text, class }
    }

    /// Sign and word, to be seen.
    pub(crate) fn view(self) -> Node {
        view! {
            <span class=format!("mark {}", self.class)>
                <span class="sign" aria-hidden="true">{self.sign}</span>
                {self.text}
            </span>
        }
    }
}

/// A verdict, with the signs of the command's graph.
pub(crate) const fn verdict(verdict: Verdict) -> Word {
    match verdict {
        Verdict::Reversible => Word::new("✓", "reversible", "is-reversible"),
        Verdict::Lossy => Word::new("~", "lossy", "is-lossy"),
        Verdict::Irreversible => Word::new("⊘", "irreversible", "is-irreversible"),
        Verdict::Broken => Word::new("✗", "broken", "is-broken"),
        Verdict::Unknown => Word::new("?", "unknown", "is-unknown"),
    }
}

/// How a run ended.
pub(crate) const fn run(state: RunState) -> Word {
    match state {
        RunState::Ok => Word::new("✓", "ok", "is-ok"),
        RunState::Failed => Word::new("✗", "fails", "is-failed"),
        RunState::Missing => Word::new("⊘", "missing", "is-failed"),
        RunState::Empty => Word::new("~", "empty", "is-warning"),
        RunState::Refused => Word::new("⊘", "refuses", "is-failed"),
        RunState::Unknown => Word::new("?", "unknown", "is-unknown"),
        RunState::Skipped => Word::new("–", "not run", "is-skipped"),
    }
}

/// Whether something came back.
pub(crate) const fn restored(back: Option<bool>) -> Word {
    match back {
        Some(true) => Word::new("✓", "back", "is-ok"),
        Some(false) => Word::new("✗", "not back", "is-failed"),
        None => Word::new("?", "unknown", "is-unknown"),
    }
}

/// What became of an object of the schema; nothing for one that is as it was.
pub(crate) const fn mark(mark: Mark) -> Option<Word> {
    match mark {
        Mark::Same => None,
        Mark::New => Some(Word::new("+", "new", "is-new")),
        Mark::Changed => Some(Word::new("~", "changed", "is-changed")),
        Mark::Gone => Some(Word::new("−", "dropped", "is-gone")),
    }
}

/// The class of what became of something.
pub(crate) const fn class(found: Mark) -> &'static str {
    match mark(found) {
        Some(word) => word.class,
        None => "",
    }
}

/// `1 error`, `2 errors`.
pub(crate) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// A revision identifier as it is shown in narrow places: the first eight digits of one that Alembic made up.
pub(crate) fn short(id: &str) -> &str {
    let made_up = id.len() >= 12 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if made_up { id.get(..8).unwrap_or(id) } else { id }
}
