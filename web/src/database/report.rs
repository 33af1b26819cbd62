//! What the last step did: how it ended, its operations, what a server says, what is not known.

use crate::dom::prelude::*;
use revproof_messages::{Ask, DatabaseView, Doubt, End, Operation, StepView};

use super::past::Past;
use super::{marks, marks::place};
use crate::state::State;
use crate::words::Word;

/// The report of the last step.
#[component]
pub(super) fn Report() -> impl IntoNode {
    let state = expect_context::<State>();
    let refused = move || {
        state.database.with(|database| {
            database.refused.clone().map(|(why, help)| {
                let word = Word { sign: "⊘", text: "not moved", class: "is-failed" };
                view! { <div class="note is-failed" id="refused">{word.view()} {why} <p>{help}</p></div> }
            })
        })
    };
    let unsure = move || {
        state.database.with(|database| {
            let doubts = database.doubts.iter().map(|why| Doubt { why: why.clone(), spot: None });
            let doubts: Vec<Doubt> = doubts.collect();
            marks::doubts(state, marks::end(End::Unknown), "What is not known of this state:", &doubts)
        })
    };
    let step = move || state.database.with(|database| database.past.last().map(|step| report(state, database, step)));
    view! { <div class="report">{refused} {step} {unsure} <Past/></div> }
}

fn report(state: State, database: &DatabaseView, step: &StepView) -> Node {
    let failed = step.end == End::Failed;
    let failure = failed.then(|| failure(state, step));
    let not_known = Word { sign: "?", text: "not known:", class: "is-unknown" };
    let stopped = Word { sign: "⚠\u{fe0e}", text: "with rows like these", class: "is-warning" };
    view! {
        <p class="step-line">
            {marks::step(step).view()}
            <span class="said">{step.line.clone()}</span>
        </p>
        {failure}
        {marks::doubts(state, not_known, "", &step.doubts)}
        {marks::doubts(state, stopped, "a server would have stopped here:", &step.refused_rows)}
        {operations(state, database, step)}
        {lines("What became of rows", &step.rows)}
    }
}

/// What a server says of the failure, and what is left.
fn failure(state: State, step: &StepView) -> Node {
    let sqlstate = step.sqlstate.clone();
    let sqlstate = sqlstate.map(|code| view! { <code class="sqlstate">"SQLSTATE " {code}</code> });
    let left = step.left.clone().map(|left| view! { <p><strong>"What is left: "</strong> {left}</p> });
    view! {
        <div class="note is-failed" id="failure">
            {marks::end(End::Failed).view()}
            <span class="server">{step.failure.clone()}</span> " "
            {sqlstate} " "
            {place(state, step.spot.clone())}
            {left}
        </div>
    }
}

/// The operations of the step; each shows the schema as it was after it.
fn operations(state: State, database: &DatabaseView, step: &StepView) -> Node {
    if step.operations.is_empty() {
        return ().into_node();
    }
    let all = step.operations.len();
    let shown = database.within.unwrap_or(all);
    let start = view! {
        <li class="operation">
            <button
                type="button"
                class="quiet"
                aria-current=(shown == 0).then_some("step")
                on:click=move |_| state.send(Ask::Within(0))
            >
                <span class="number">"0"</span>
                "before the step"
            </button>
        </li>
    };
    let each = step.operations.iter().enumerate();
    let each = each.map(|(at, operation)| one(state, operation, at + 1, shown)).collect_view();
    view! {
        <details class="operations" open=true>
            <summary>{crate::words::count(all, "operation")}</summary>
            <ol>{start} {each}</ol>
        </details>
    }
}

fn one(state: State, operation: &Operation, number: usize, shown: usize) -> Node {
    let failed = operation.failure.is_some();
    let class = match (failed, number > shown) {
        (true, _) => "operation is-failed",
        (false, true) => "operation later",
        (false, false) => "operation",
    };
    let rows = operation.rows.filter(|rows| *rows > 0);
    let rows = rows.map(|rows| crate::words::count(usize::try_from(rows).unwrap_or(usize::MAX), "row"));
    let failure = operation.failure.clone().map(|why| {
        view! { <span class="why">{marks::end(End::Failed).view()} {why}</span> }
    });
    view! {
        <li class=class>
            <button
                type="button"
                class="quiet"
                aria-current=(number == shown).then_some("step")
                on:click=move |_| state.send(Ask::Within(number))
            >
                <span class="number">{number}</span>
                <code>{operation.text.clone()}</code>
            </button>
            {rows.map(|rows| view! { <span class="badge">{rows}</span> })}
            {place(state, operation.spot.clone())}
            {failure}
        </li>
    }
}

fn lines(title: &'static str, lines: &[String]) -> Node {
    let each = |line: &String| view! { <li>{line.clone()}</li> };
    (!lines.is_empty())
        .then(|| view! { <ul class="became" aria-label=title>{lines.iter().map(each).collect_view()}</ul> })
        .into_node()
}
