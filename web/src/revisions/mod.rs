//! [`Revisions`]: the graph of revisions.

use leptos::prelude::*;

use crate::state::State;

/// The pane of the revisions.
#[component]
pub(crate) fn Revisions() -> impl IntoView {
    let state = expect_context::<State>();
    let current = move || state.revision.get();
    view! {
        <section id="revisions" class="pane" aria-labelledby="revisions-title">
            <div class="pane-head"><h2 id="revisions-title">"Revisions"</h2></div>
            <div class="pane-body">{current}</div>
        </section>
    }
}
