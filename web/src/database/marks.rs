//! What became of things, in signs and words beside them.

use crate::dom::prelude::*;
use leptos::task::spawn_local;
use revproof_messages::{Doubt, End, Mark, Spot, StepView};

use crate::header::hand_over;
use crate::state::State;
use crate::words::{self, Word};

/// The sign and word of a mark, in a cell of its own; empty where nothing became of it.
pub(super) fn cell(mark: Mark) -> Node {
    view! { <td class="of">{words::mark(mark).map(Word::view)}</td> }
}

/// What something was before.
pub(super) fn was(was: Option<String>) -> Node {
    let shown = |was: String| view! { <span class="was">"was " <del>{was}</del></span> };
    was.map(shown).into_node()
}

/// How a step ended.
pub(super) const fn end(end: End) -> Word {
    match end {
        End::Done => Word { sign: "✓", text: "done", class: "is-ok" },
        End::Unknown => Word { sign: "?", text: "unknown", class: "is-unknown" },
        End::Failed => Word { sign: "✗", text: "failed", class: "is-failed" },
    }
}

/// How a step ended, rows that a server would have stopped at included: going on without them is no pass.
pub(super) const fn step(step: &StepView) -> Word {
    match step.end {
        End::Done if !step.refused_rows.is_empty() => {
            Word { sign: "⚠\u{fe0e}", text: "rows refused", class: "is-warning" }
        }
        ended => end(ended),
    }
}

/// A button that shows a place in the editor.
pub(super) fn place(state: State, spot: Option<Spot>) -> Node {
    spot.map(|spot| {
        let text = format!("line {}", spot.line);
        let name = format!("Show line {} of {}", spot.line, spot.file);
        view! {
            <button type="button" class="link" aria-label=name on:click=move |_| state.reveal(&spot)>{text}</button>
        }
    })
    .into_node()
}

/// A box of doubts. Never looks like a pass.
pub(super) fn doubts(state: State, word: Word, title: &'static str, doubts: &[Doubt]) -> Node {
    let doubt = |doubt: &Doubt| view! { <li>{doubt.why.clone()} " " {place(state, doubt.spot.clone())}</li> };
    (!doubts.is_empty())
        .then(|| {
            view! {
                <div class=format!("note {}", word.class)>
                    {word.view()} {title}
                    <ul>{doubts.iter().map(doubt).collect_view()}</ul>
                </div>
            }
        })
        .into_node()
}

/// A button that puts a text on the clipboard.
pub(super) fn copy(state: State, name: &'static str, text: impl Fn() -> String + Copy + 'static) -> Node {
    let copy = move |_| {
        let text = text();
        spawn_local(async move {
            if hand_over(state, text).await {
                state.say("Copied");
            }
        });
    };
    view! { <button type="button" class="copy" aria-label=name on:click=copy>"Copy"</button> }
}
