//! Play: up by a revision at a time, slow enough to be followed.

use std::time::Duration;

use crate::dom::prelude::*;
use revproof_messages::{End, Move};

use crate::state::State;

/// How long each revision is to be seen.
const PAUSE: Duration = Duration::from_millis(300);

/// The button that plays. It is not there for those who want no motion.
#[component]
pub(super) fn Play() -> impl IntoNode {
    let state = expect_context::<State>();
    let playing = RwSignal::new(false);
    // Each answer of the worker sets off the next step.
    effect(move || {
        state.database.track();
        if playing.get() {
            set_timeout(move || step(state, playing), PAUSE);
        }
    });
    let press = move |_| {
        let start = !playing.get_untracked();
        playing.set(start);
        // At the end it plays from the start, as players do.
        if start && state.database.with_untracked(|database| database.up.is_empty()) {
            state.go(Move::Downgrade("base".to_owned()));
        }
    };
    let still = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    let still = still.is_some_and(|query| query.matches());
    (!still).then(|| {
        let name = move || if playing.get() { "Pause" } else { "Play" };
        view! {
            <button id="step-play" type="button" on:click=press>{name}</button>
        }
    })
}

/// A step up, where there is one way up and nothing has gone wrong.
fn step(state: State, playing: RwSignal<bool>) {
    if !playing.get_untracked() {
        return;
    }
    let next = state.database.with_untracked(|database| {
        let failed = database.past.last().is_some_and(|step| step.end == End::Failed);
        match database.up.as_slice() {
            [one] if !failed && database.refused.is_none() => Some(one.clone()),
            _ => None,
        }
    });
    match next {
        Some(id) => state.go(Move::Upgrade(id)),
        None => playing.set(false),
    }
}
