//! [`Database`]: the simulated database.

use leptos::prelude::*;
use revproof_messages::{Move, Tab};

use crate::state::State;

/// The pane of the database.
#[component]
pub(crate) fn Database() -> impl IntoView {
    let state = expect_context::<State>();
    let base = move |_| state.go(Move::Downgrade("base".to_owned()));
    let head = move |_| state.go(Move::Upgrade("head".to_owned()));
    let current = move || state.database.with(|database| database.current.join(", "));
    view! {
        <section id="database" class="pane" aria-labelledby="database-title">
            <div class="pane-head"><h2 id="database-title">"Database"</h2></div>
            <div class="pane-body" class:rows=move || state.tab.get() == Tab::Rows>
                <button type="button" on:click=base>"base"</button>
                {current}
                <button type="button" on:click=head>"head"</button>
            </div>
        </section>
    }
}
