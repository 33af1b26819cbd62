//! [`Problems`]: what was found.

use leptos::prelude::*;

use crate::state::State;

/// The pane of the problems.
#[component]
pub(crate) fn Problems() -> impl IntoView {
    let state = expect_context::<State>();
    let rows = move || {
        state.proof.with(|proof| {
            let problems = proof.problems.iter().enumerate();
            let row = |(at, problem): (usize, &revproof_messages::Problem)| {
                let text = format!("{} {}: {}", problem.code, problem.rule, problem.message);
                view! { <li><button type="button" on:click=move |_| state.problem.set(Some(at))>{text}</button></li> }
            };
            problems.map(row).collect_view()
        })
    };
    let chosen = move || state.problem.get().is_some();
    view! {
        <section id="problems" class="pane" aria-labelledby="problems-title">
            <div class="pane-head"><h2 id="problems-title">"Problems"</h2></div>
            <div class="pane-body" class:chosen=chosen><ul>{rows}</ul></div>
        </section>
    }
}
