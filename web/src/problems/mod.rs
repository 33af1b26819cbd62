//! [`Problems`]: what was found, as a list, and what can be done about it.

mod difference;
mod groups;
mod item;
mod manual;
mod preview;

use crate::dom::prelude::*;
use revproof_messages::{Ask, Problem, Severity};

use crate::browser;
use crate::prose::prose;
use crate::state::State;
use groups::{Filter, Group, Grouping, group};
use item::Item;

pub(crate) use manual::Manual;
pub(crate) use preview::PreviewDialog;

/// So many problems are listed at once: more than anybody reads, and no more than a browser draws in no time.
const SHOWN: usize = 200;

/// The pane of the problems.
#[component]
pub(crate) fn Problems() -> impl IntoNode {
    let state = expect_context::<State>();
    let filter = RwSignal::new(Filter::default());
    let grouping = RwSignal::new(Grouping::default());
    let folded = RwSignal::new(false);
    let most = RwSignal::new(SHOWN);
    // With the problems themselves: another may have come to the place of one.
    let groups = Memo::new(move |_| {
        state.proof.with(|proof| {
            let groups = filter.with(|filter| group(&proof.problems, filter, grouping.get(), most.get()));
            groups.into_iter().map(|group| filled(group, &proof.problems)).collect::<Vec<_>>()
        })
    });
    let listed = move || groups.with(|groups| groups.iter().map(|(_, problems)| problems.len()).sum::<usize>());
    let left = move || {
        let all =
            state.proof.with(|proof| filter.with(|filter| proof.problems.iter().filter(|p| filter.takes(p)).count()));
        all.saturating_sub(listed())
    };
    effect(move || {
        if let Some(at) = state.problem.get() {
            request_animation_frame(move || {
                if let Some(item) = browser::element(&item::identifier(at)) {
                    browser::into_sight(&item);
                }
            });
        }
    });
    let more = move || {
        let left = left();
        (left > 0).then(|| {
            view! {
                <button type="button" class="more" on:click=move |_| most.update(|most| *most += SHOWN)>
                    {format!("Show more ({left} left)")}
                </button>
            }
        })
    };
    view! {
        <section id="problems" class="pane" aria-labelledby="problems-title" class:folded=move || folded.get()>
            <div class="pane-head">
                <h2 id="problems-title">"Problems"</h2>
                <Counts/>
                <Tools filter grouping folded/>
                <button
                    type="button"
                    class="icon fold"
                    aria-expanded=move || (!folded.get()).to_string()
                    aria-controls="problems-body"
                    aria-label="Show the problems"
                    on:click=move |_| folded.update(|folded| *folded = !*folded)
                >
                    {move || if folded.get() { "▴" } else { "▾" }}
                </button>
            </div>
            <div class="pane-body" id="problems-body" hidden=move || folded.get()>
                <Clean/>
                <GraphRepairs/>
                {move || groups.get().into_iter().map(|(title, problems)| view! { <GroupView title problems/> }).collect_view()}
                {more}
            </div>
        </section>
    }
}

/// How many there are of each severity.
#[component]
fn Counts() -> impl IntoNode {
    let state = expect_context::<State>();
    let counts = Memo::new(move |_| {
        let count = |severity| {
            state.proof.with(|proof| proof.problems.iter().filter(|problem| problem.severity == severity).count())
        };
        (count(Severity::Error), count(Severity::Warning), count(Severity::Info))
    });
    let count = |many: usize, mark: &'static str, what: &'static str, tone: &'static str| {
        let words = if many == 1 { format!("1 {what}") } else { format!("{many} {what}s") };
        (many > 0).then(
            || view! { <span class=format!("count is-{tone}")><span aria-hidden="true">{mark}" "</span>{words}</span> },
        )
    };
    let all = move || {
        let (errors, warnings, notes) = counts.get();
        view! { {count(errors, "✖", "error", "error")} {count(warnings, "⚠", "warning", "warning")} {count(notes, "ℹ", "note", "info")} }
    };
    view! { <p class="counts">{all}</p> }
}

/// What the list is narrowed to, and how it is grouped.
#[component]
fn Tools(filter: RwSignal<Filter>, grouping: RwSignal<Grouping>, folded: RwSignal<bool>) -> impl IntoNode {
    view! {
        <div class="problem-tools">
            <label>
                <span class="aside">"Filter problems"</span>
                <input
                    id="problem-filter"
                    type="search"
                    placeholder="Filter ( / )"
                    autocomplete="off"
                    spellcheck="false"
                    on:focus=move |_| folded.set(false)
                    on:input:target=move |event| filter.update(|filter| filter.text = browser::small(&event.target().value()))
                />
            </label>
            <label>
                <span class="aside">"Severity"</span>
                <select on:change:target=move |event| {
                    filter.update(|filter| filter.least = Filter::least(&event.target().value()));
                }>
                    <option value="all">"All severities"</option>
                    <option value="warning">"Errors and warnings"</option>
                    <option value="error">"Errors"</option>
                </select>
            </label>
            <label>
                <span class="aside">"Group"</span>
                <select on:change:target=move |event| {
                    let rule = event.target().value() == "rule";
                    grouping.set(if rule { Grouping::Rule } else { Grouping::Revision });
                }>
                    <option value="revision">"By revision"</option>
                    <option value="rule">"By rule"</option>
                </select>
            </label>
        </div>
    }
}

/// What is to be said where there is no problem, or where nothing was proved.
#[component]
fn Clean() -> impl IntoNode {
    let state = expect_context::<State>();
    move || {
        state.proof.with(|proof| {
            if let Some(error) = &proof.error {
                return Some(view! { <p class="wrong" role="alert">{error.clone()}</p> });
            }
            let clean = proof.problems.is_empty() && !proof.summary.is_empty();
            clean.then(|| {
                view! { <p class="clean"><span aria-hidden="true">"✓ "</span>{prose(&proof.summary)}</p> }
            })
        })
    }
}

/// The ways out of two heads.
#[component]
fn GraphRepairs() -> impl IntoNode {
    let state = expect_context::<State>();
    let heads = Memo::new(move |_| {
        let chain = state.workspace.with(|workspace| workspace.chain);
        state.proof.with(|proof| proof.chains.get(chain).map(|chain| chain.heads.clone()).unwrap_or_default())
    });
    let buttons = move || {
        let heads = heads.get();
        (heads.len() > 1).then(|| {
            let merge = move |_| {
                let ask = Ask::MergeHeads { message: "merge heads".to_owned() };
                state.preview("Create merge revision".to_owned(), ask);
            };
            // With two heads there are two ways; with more, each but the first goes on the first.
            let pairs: Vec<(String, String)> = match heads.as_slice() {
                [one, other] => vec![(one.clone(), other.clone()), (other.clone(), one.clone())],
                [first, rest @ ..] => rest.iter().map(|head| (head.clone(), first.clone())).collect(),
                [] => Vec::new(),
            };
            let reparent = move |(head, onto): (String, String)| {
                let title = format!("Put {head} on top of {onto}");
                let said = title.clone();
                let ask = move |_| {
                    state.preview(said.clone(), Ask::Reparent { head: head.clone(), onto: onto.clone() });
                };
                view! { <button type="button" on:click=ask>{title}</button> }
            };
            view! {
                <div class="repairs">
                    <p>{format!("There are {} heads. ", heads.len())}</p>
                    <button type="button" on:click=merge>"Create merge revision"</button>
                    {pairs.into_iter().map(reparent).collect_view()}
                </div>
            }
        })
    };
    view! { {buttons} }
}

#[component]
fn GroupView(title: String, problems: Vec<(usize, Problem)>) -> impl IntoNode {
    view! {
        <h3 class="group">{title} <span class="group-count">{format!(" ({})", problems.len())}</span></h3>
        <ul class="problems">
            {problems.into_iter().map(|(at, problem)| view! { <Item at problem/> }).collect_view()}
        </ul>
    }
}

/// A group's title and problems, each with its place in the proof.
fn filled(group: Group, problems: &[Problem]) -> (String, Vec<(usize, Problem)>) {
    let problem = |at: usize| Some((at, problems.get(at)?.clone()));
    (group.title, group.problems.into_iter().filter_map(problem).collect())
}
