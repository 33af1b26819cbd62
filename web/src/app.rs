//! The page as a whole.

use leptos::prelude::*;

use crate::state::State;

/// The page.
#[component]
pub(crate) fn App() -> impl IntoView {
    let state = State::new();
    provide_context(state);
    view! {
        <main>
            <p role="status">{move || state.proof.with(|proof| proof.summary.clone())}</p>
        </main>
    }
}
