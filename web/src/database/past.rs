//! The steps that led here, each of which can be gone back to.

use crate::dom::prelude::*;
use revproof_messages::{Ask, StepView};

use super::marks;
use crate::state::State;
use crate::words;

/// The list of steps.
#[component]
pub(super) fn Past() -> impl IntoNode {
    let state = expect_context::<State>();
    let count = move || state.database.with(|database| database.past.len());
    let steps = move || {
        state.database.with(|database| {
            let steps = database.past.iter().enumerate().rev();
            let last = database.past.len();
            steps.map(|(at, step)| one(state, step, at + 1, at + 1 == last)).collect_view()
        })
    };
    view! {
        <details class="past" hidden=move || count() == 0>
            <summary>{move || format!("History: {}", words::count(count(), "step"))}</summary>
            <ol>
                {steps}
                <li class="step">
                    <span class="number">"0"</span>
                    <span class="said">"The database was empty"</span>
                    <button type="button" class="link" on:click=move |_| state.send(Ask::Rewind(0))>"Start over"</button>
                </li>
            </ol>
        </details>
    }
}

fn one(state: State, step: &StepView, number: usize, last: bool) -> Node {
    let back = (!last).then(|| {
        let name = format!("Back to after step {number}: {}", step.line);
        view! {
            <button type="button" class="link" aria-label=name on:click=move |_| state.send(Ask::Rewind(number))>
                "Back to here"
            </button>
        }
    });
    view! {
        <li class="step" aria-current=last.then_some("step")>
            <span class="number">{number}</span>
            {marks::step(step).view()}
            <span class="said">{step.line.clone()}</span>
            {back}
        </li>
    }
}
