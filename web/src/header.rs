//! [`Header`]: the name of the page, and what concerns all of it: dialect, rows.

use leptos::prelude::*;
use revproof_messages::Rows;

use crate::state::State;

/// The dialects by name, and what people call them.
const DIALECTS: [(&str, &str); 3] = [("postgresql", "PostgreSQL"), ("mysql", "MySQL"), ("sqlite", "SQLite")];

/// The bar at the top.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <header class="bar">
            <h1>"revproof"</h1>
            <p class="claim">"Runs in your browser. Nothing is uploaded."</p>
            <DialectChoice/>
            <RowsChoice/>
            <span class="version">{move || state.proof.with(|proof| proof.version.clone())}</span>
        </header>
    }
}

#[component]
fn DialectChoice() -> impl IntoView {
    let state = expect_context::<State>();
    let chosen = move || state.workspace.with(|workspace| workspace.dialect.clone().unwrap_or_default());
    let choose = move |name: String| {
        let rows = state.workspace.with_untracked(|workspace| workspace.rows.clone());
        state.configure(Some(name).filter(|name| !name.is_empty()), rows);
    };
    view! {
        <label class="choice">
            "Dialect "
            <select on:change:target=move |event| choose(event.target().value()) prop:value=chosen>
                <option value="">"from the files"</option>
                {DIALECTS.map(|(name, title)| view! { <option value=name>{title}</option> }).collect_view()}
            </select>
        </label>
    }
}

#[component]
fn RowsChoice() -> impl IntoView {
    let state = expect_context::<State>();
    let chosen = move || {
        state.workspace.with(|workspace| match workspace.rows {
            Rows::Seeded => "seeded",
            Rows::None => "none",
            Rows::Own(_) => "own",
        })
    };
    let choose = move |name: String| {
        let dialect = state.workspace.with_untracked(|workspace| workspace.dialect.clone());
        let rows = match name.as_str() {
            "none" => Rows::None,
            "own" => Rows::Own(String::new()),
            _ => Rows::Seeded,
        };
        state.configure(dialect, rows);
    };
    view! {
        <label class="choice">
            "Rows "
            <select on:change:target=move |event| choose(event.target().value()) prop:value=chosen>
                <option value="seeded">"made up"</option>
                <option value="none">"none"</option>
                <option value="own">"my own"</option>
            </select>
        </label>
    }
}
