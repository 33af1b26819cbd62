//! [`Header`]: the name of the page, and what concerns all of it: examples, dialect, rows, share, theme, help.

mod help;
mod share;
mod theme;

use crate::dom::prelude::*;
use revproof_messages::{Rows, Tab};

use crate::browser;
use crate::dialog::Menu;
use crate::examples::EXAMPLES;
use crate::state::{Engine, State};
use help::Help;
use share::Share;
pub(crate) use share::{copy_link, hand_over};
use theme::ThemeChoice;

/// The dialects by name, and what people call them.
const DIALECTS: [(&str, &str); 3] = [("postgresql", "PostgreSQL"), ("mysql", "MySQL"), ("sqlite", "SQLite")];

/// The bar at the top.
#[component]
pub(crate) fn Header() -> impl IntoNode {
    let state = expect_context::<State>();
    let busy = move || state.late.get() && state.engine.with(|engine| *engine == Engine::Ready);
    view! {
        <header class="bar">
            <h1>"revproof"</h1>
            <p class="claim">"Runs in your browser. Nothing is uploaded."</p>
            <Progress/>
            <div class="bar-tools">
                <Menu id="examples" title="Examples"><Examples/></Menu>
                <DialectChoice/>
                <RowsChoice/>
                <Share/>
                <ThemeChoice/>
                <Help/>
            </div>
            <div class="thin-bar" class:busy=busy aria-hidden="true"></div>
        </header>
    }
}

/// How far the worker is on its way.
#[component]
fn Progress() -> impl IntoNode {
    let state = expect_context::<State>();
    let words = move || match state.engine.get() {
        Engine::Loading(loaded, total) if total > 0.0 => {
            Some(format!("Loading analyser {} / {} MB", megabytes(loaded), megabytes(total)))
        }
        Engine::Loading(..) => Some("Loading analyser".to_owned()),
        _ => None,
    };
    move || words().map(|words| view! { <p class="loading">{words}</p> })
}

fn megabytes(bytes: f64) -> String {
    let tenths = browser::whole(bytes / 100_000.0);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The examples, as buttons with their stories.
#[component]
pub(crate) fn Examples() -> impl IntoNode {
    let state = expect_context::<State>();
    let card = move |example: &'static crate::examples::Example| {
        view! {
            <li>
                <button
                    type="button"
                    class="example"
                    data-example=example.slug
                    popovertarget="examples"
                    popovertargetaction="hide"
                    on:click=move |_| state.open_example(example)
                >
                    <strong>{example.title}</strong>
                    <span>{example.story}</span>
                </button>
            </li>
        }
    };
    view! { <ul class="examples">{EXAMPLES.iter().map(card).collect_view()}</ul> }
}

#[component]
fn DialectChoice() -> impl IntoNode {
    let state = expect_context::<State>();
    let chosen = move || state.workspace.with(|workspace| workspace.dialect.clone().unwrap_or_default());
    let choose = move |name: String| {
        let rows = state.workspace.with_untracked(|workspace| workspace.rows.clone());
        state.configure(Some(name).filter(|name| !name.is_empty()), rows);
    };
    // What the files say, by the name that people use.
    let from_files = move || {
        state.proof.with(|proof| {
            let chain = proof.chains.get(state.workspace.with(|workspace| workspace.chain))?;
            let own = state.workspace.with(|workspace| workspace.dialect.is_none());
            let name = DIALECTS.iter().find(|(name, _)| *name == chain.dialect).map(|(_, title)| *title)?;
            own.then(|| format!("from the files: {name}"))
        })
    };
    let from_files = move || from_files().unwrap_or_else(|| "from the files".to_owned());
    view! {
        <label class="choice">
            <span>"Dialect"</span>
            <select id="dialect" on:change:target=move |event| choose(event.target().value()) prop:value=chosen>
                <option value="">{from_files}</option>
                {DIALECTS.map(|(name, title)| view! { <option value=name>{title}</option> }).collect_view()}
            </select>
        </label>
    }
}

#[component]
fn RowsChoice() -> impl IntoNode {
    let state = expect_context::<State>();
    // What was written comes back after a look at the database without it.
    let written = StoredValue::new(String::new());
    let chosen = move || {
        state.workspace.with(|workspace| match &workspace.rows {
            Rows::Seeded => "seeded",
            Rows::None => "none",
            Rows::Own(text) => {
                written.set_value(text.clone());
                "own"
            }
        })
    };
    let choose = move |name: String| {
        let dialect = state.workspace.with_untracked(|workspace| workspace.dialect.clone());
        let rows = match name.as_str() {
            "none" => Rows::None,
            "own" => Rows::Own(written.get_value()),
            _ => Rows::Seeded,
        };
        if name == "own" {
            state.tab.set(Tab::Rows);
        }
        state.configure(dialect, rows);
    };
    view! {
        <label class="choice">
            <span>"Rows"</span>
            <select id="rows" on:change:target=move |event| choose(event.target().value()) prop:value=chosen>
                <option value="seeded">"made up"</option>
                <option value="none">"none"</option>
                <option value="own">"my own"</option>
            </select>
        </label>
    }
}
