//! [`Item`]: one problem in the list.

use crate::dom::prelude::*;
use revproof_messages::{Ask, Label, Problem, Severity};

use crate::prose::prose;
use crate::state::State;

/// The identifier of a problem's entry.
pub(super) fn identifier(at: usize) -> String {
    format!("problem-{at}")
}

/// A problem, with what can be done about it.
#[component]
pub(super) fn Item(at: usize, problem: Problem) -> impl IntoNode {
    let state = expect_context::<State>();
    let chosen = Memo::new(move |_| state.problem.get() == Some(at));
    let (mark, word, tone) = match problem.severity {
        Severity::Error => ("✖", "error", "error"),
        Severity::Warning => ("⚠", "warning", "warning"),
        Severity::Info => ("ℹ", "note", "info"),
    };
    let place = problem.spot.as_ref().map(|spot| {
        let name = spot.file.rsplit('/').next().unwrap_or(&spot.file);
        format!("{name}:{}", spot.line)
    });
    let details = problem.clone();
    view! {
        <li id=identifier(at) class=format!("problem is-{tone}") class:chosen=move || chosen.get()>
            <button
                type="button"
                class="problem-line"
                aria-current=move || chosen.get().then_some("true")
                on:click=move |_| state.select_problem(at)
            >
                <span class="mark" aria-hidden="true">{mark}</span>
                <span class="aside">{word}": "</span>
                <span class="problem-message">{prose(&problem.message)}</span>
                <code class="problem-rule">{problem.code}" "{problem.rule}</code>
                <span class="problem-place">{place}</span>
            </button>
            <Actions at problem=details.clone()/>
            {move || chosen.get().then(|| view! { <Details problem=details.clone()/> })}
        </li>
    }
}

/// The buttons of a problem.
#[component]
fn Actions(at: usize, problem: Problem) -> impl IntoNode {
    let state = expect_context::<State>();
    let rule = problem.rule.clone();
    let ignored = problem.rule;
    let fix = problem.fix.map(|fix| {
        let title = fix.title.clone();
        view! {
            <button type="button" class="fix" title=title on:click=move |_| state.preview(fix.title.clone(), Ask::Fix(at))>
                "Fix…"
            </button>
        }
    });
    let rows = (!problem.shown_by.is_empty()).then(|| {
        let title = if problem.about_rows { "Show rows" } else { "Show in database" };
        view! { <button type="button" on:click=move |_| state.show_rows(at)>{title}</button> }
    });
    let ignore = problem.spot.is_some().then(|| {
        let title = format!("Ignore {ignored}");
        view! {
            <button type="button" on:click=move |_| state.preview(title.clone(), Ask::Ignore(at))>"Ignore…"</button>
        }
    });
    view! {
        <div class="problem-actions">
            {fix}
            {rows}
            <button type="button" on:click=move |_| state.manual.set(Some(rule.clone()))>"Explain"</button>
            {ignore}
        </div>
    }
}

/// Why a problem matters, what to do, and the other places that explain it.
#[component]
fn Details(problem: Problem) -> impl IntoNode {
    let state = expect_context::<State>();
    let label = move |label: Label| {
        let name = label.spot.file.rsplit('/').next().unwrap_or(&label.spot.file).to_owned();
        let text = format!("{name}:{}", label.spot.line);
        let said = prose(&label.message);
        let spot = label.spot;
        view! {
            <li>
                <button type="button" class="link" on:click=move |_| state.reveal(&spot)>{text}</button>
                " "
                {said}
            </li>
        }
    };
    let labels = (!problem.labels.is_empty())
        .then(|| view! { <ul class="labels">{problem.labels.into_iter().map(label).collect_view()}</ul> });
    view! {
        <div class="problem-details">
            {problem.notes.into_iter().map(|note| view! { <p>{prose(&note)}</p> }).collect_view()}
            {problem.help.map(|help| view! { <p><strong>"What to do: "</strong>{prose(&help)}</p> })}
            {labels}
        </div>
    }
}
