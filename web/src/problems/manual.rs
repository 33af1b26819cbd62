//! [`Manual`]: the manual of a rule, beside the panes.

use crate::dom::prelude::*;
use leptos::task::spawn_local;
use revproof_messages::{Ask, Move, Reply, RuleManual, Selection, Workspace};

use crate::browser;
use crate::state::State;

/// The panel.
#[component]
pub(crate) fn Manual() -> impl IntoNode {
    let state = expect_context::<State>();
    let shown = RwSignal::new(None::<RuleManual>);
    effect(move || {
        let Some(rule) = state.manual.get() else { return shown.set(None) };
        spawn_local(async move {
            match state.ask(Ask::Rule(rule.clone())).await {
                Some(Reply::Rule(manual)) => {
                    state.say(format!("The manual of {}", manual.name));
                    shown.set(Some(manual));
                    request_animation_frame(|| _ = browser::focus("#manual h2"));
                }
                Some(other) => {
                    state.manual.set(None);
                    state.take(other);
                }
                // The text was changed meanwhile, which is nothing to the manual.
                None => state.manual.notify(),
            }
        });
    });
    move || shown.get().map(|manual| view! { <Panel manual/> })
}

#[component]
fn Panel(manual: RuleManual) -> impl IntoNode {
    let state = expect_context::<State>();
    // Back to where the visitor was.
    let before = StoredValue::new_local(document().active_element());
    let close = move || {
        state.manual.set(None);
        before.with_value(|before| {
            if let Some(before) = before.as_ref().and_then(browser::as_html) {
                // What is gone can't have the focus.
                _ = before.focus();
            }
        });
    };
    let example = manual.example;
    let open = (!example.is_empty()).then(|| {
        let open = move |_| {
            let moves = vec![Move::Upgrade("heads".to_owned())];
            state.open(Workspace { files: example.clone(), moves, ..Workspace::default() }, Selection::default());
        };
        view! { <button type="button" class="primary" on:click=open>"Open its example"</button> }
    });
    view! {
        <aside
            id="manual"
            aria-labelledby="manual-title"
            on:keydown=move |event| if event.key() == "Escape" { close() }
        >
            <header class="pane-head">
                <h2 id="manual-title" tabindex="-1">{format!("{} {}", manual.code, manual.name)}</h2>
                <button type="button" class="icon" aria-label="Close the manual" on:click=move |_| close()>"✕"</button>
            </header>
            <div class="manual-body" tabindex="0" role="region" aria-label="Manual" inner_html=manual.html></div>
            <footer>{open}</footer>
        </aside>
    }
}
