//! [`Revisions`]: the graph of revisions: a list that says everything in words, with lanes drawn beside it.

mod export;
mod lanes;
mod list;
mod row;

use crate::dom::prelude::*;
use revproof_messages::{Ask, Chain};

use crate::state::{Engine, State};
use crate::words;
pub(crate) use list::with_chain;

/// The pane of the revisions.
#[component]
pub(crate) fn Revisions() -> impl IntoNode {
    let state = expect_context::<State>();
    let search = RwSignal::new(String::new());
    let many = Memo::new(move |_| with_chain(state, |chain| chain.revisions.len()));
    let heads = move || with_chain(state, |chain| chain.heads.len());
    let size = move || (many.get() > 0).then(|| format!("{}, {}", many.get(), words::count(heads(), "head")));
    view! {
        <section id="revisions" class="pane" aria-labelledby="revisions-title">
            <div class="pane-head">
                <h2 id="revisions-title">"Revisions"</h2>
                <span class="size">{size}</span>
                <export::GraphMenu/>
            </div>
            <div class="pane-tools" hidden=move || many.get() == 0>
                <Chains/>
                <input
                    id="revision-search"
                    type="search"
                    placeholder="Search"
                    aria-label="Search the revisions"
                    on:input:target=move |event| search.set(event.target().value())
                />
                <label class="check">
                    <input type="checkbox" prop:checked=state.follow on:change:target=move |event| state.follow.set(event.target().checked())/>
                    "Database follows"
                </label>
            </div>
            <p id="graph-keys" class="aside">
                "Arrow up and down: rows. Left and right: parent and child. Enter: move the database there. Space: open the file."
            </p>
            {move || if many.get() == 0 { nothing(state) } else { view! { <list::List search/> } }}
        </section>
    }
}

/// The choice of the chain, where there are several.
#[component]
fn Chains() -> impl IntoNode {
    let state = expect_context::<State>();
    let titles = Memo::new(move |_| {
        state.proof.with(|proof| {
            let title = |chain: &Chain| {
                let folder = if chain.root.is_empty() { "This folder" } else { &chain.root };
                chain.database.as_ref().map_or_else(|| folder.to_owned(), |name| format!("{folder} on {name}"))
            };
            proof.chains.iter().map(title).collect::<Vec<_>>()
        })
    });
    let chosen = move || state.database.with(|database| database.chain.to_string());
    let choose = move |at: String| {
        if let Ok(at) = at.parse() {
            state.send(Ask::Chain(at));
        }
    };
    let choice = move || {
        let options = move || {
            let titles = titles.get().into_iter().enumerate();
            titles.map(|(at, title)| view! { <option value=at.to_string()>{title}</option> }).collect_view()
        };
        view! {
            <select
                aria-label="Chain"
                prop:value=chosen
                on:change:target=move |event| choose(event.target().value())
            >
                {options}
            </select>
        }
    };
    move || (titles.with(Vec::len) > 1).then(choice)
}

/// Instead of the list, where there is none.
fn nothing(state: State) -> Node {
    let why = move || match (state.engine.get(), state.stale.get()) {
        (Engine::Loading(..), _) => "Loading the analyser…",
        (Engine::Unreachable(_), _) => "The analyser could not be loaded.",
        (_, true) if !state.workspace.with(|workspace| workspace.files.is_empty()) => "Proving…",
        _ => "No revisions yet. Paste or drop the files of your versions folder.",
    };
    view! { <div class="pane-body"><p class="nothing">{why}</p></div> }
}
